// A bot's medplum. Each method is one call to the host, which makes the request and knows the rules.

import { OperationOutcomeError } from "./outcomes.js";

// Answered by the host under these names; what it doesn't have, it refuses by name.
const REMOTE = `createAttachment createBinary createComment createResource createResourceIfNoneExist delete
  deleteResource executeBatch executeBot get patch patchResource post put readHistory readPatientEverything
  readReference readResource readVersion search searchOne sendEmail updateResource upsertResource validateResource
  valueSetExpand bulkExport createDocumentReference createMedia createPdf graphql invite pushToAgent
  readPatientSummary readResourceGraph startAsyncRequest uploadMedia`.split(/\s+/);

/** An argument as JSON can say it; bytes as `{base64}`. */
async function sayable(value) {
  if (value instanceof URL) {
    return value.href;
  }
  if (value instanceof URLSearchParams) {
    return [...value];
  }
  if (value instanceof Blob) {
    value = await value.arrayBuffer();
  }
  if (value instanceof ArrayBuffer) {
    value = new Uint8Array(value);
  }
  if (ArrayBuffer.isView(value)) {
    return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
  }
  if (value && typeof value === "object" && "data" in value && typeof value.data === "object") {
    return { ...value, data: await sayable(value.data) };
  }
  return typeof value === "object" && typeof value?.segments === "object" ? String(value) : value;
}

function list(bundle) {
  const resources = (bundle.entry ?? []).map((entry) => entry.resource).filter((resource) => resource !== undefined);
  return Object.assign(resources, { bundle });
}

/** @param ask sends (method, arguments) to the host and gives its answer, or rejects with an outcome's error */
export function medplumFor(ask, { base, profile, project }) {
  const call = async (method, ...given) => {
    const here = new Error();
    try {
      return await ask(method, await Promise.all(given.map(sayable)));
    } catch (error) {
      // The answer came from elsewhere; where it was asked for is what helps.
      throw Object.assign(error, { stack: here.stack.replace(/^Error/, () => String(error)) });
    }
  };
  const fhir = (...path) => new URL("fhir/R4/" + path.join("/"), base);
  const nothing = () => undefined;
  const medplum = {
    async searchResources(type, query) {
      return list(await call("search", type, query));
    },
    async *searchResourcePages(type, query) {
      let bundle = await call("search", type, query);
      for (;;) {
        const page = list(bundle);
        if (page.length) {
          yield page;
        }
        const next = bundle.link?.find((link) => link.relation === "next")?.url;
        if (!next) {
          return;
        }
        bundle = await call("get", next);
      }
    },
    async download(url) {
      const content = await call("download", url);
      return new Blob([typeof content === "string" ? content : Buffer.from(content.base64, "base64")]);
    },
    fhirUrl: fhir,
    fhirSearchUrl(type, query) {
      const url = fhir(type);
      url.search = new URLSearchParams(query ?? "").toString();
      return url;
    },
    getBaseUrl: () => base,
    getProfile: () => profile ?? undefined,
    getProfileAsync: async () => profile ?? undefined,
    getProject: () => project ?? undefined,
    getProjectMembership: nothing,
    getAccessPolicy: nothing,
    getAccessToken: nothing,
    getCached: nothing,
    getCachedReference: nothing,
    getDefaultHeaders: () => ({}),
    invalidateAll: nothing,
    invalidateSearches: nothing,
    invalidateUrl: nothing,
    isLoading: () => false,
    isAuthenticated: () => true,
  };
  for (const name of REMOTE) {
    medplum[name] = (...given) => call(name, ...given);
  }
  return medplum;
}

export const refusal = (outcome) => new OperationOutcomeError(outcome);
