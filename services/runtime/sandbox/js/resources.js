// Resources: references, identifiers, codes, extensions, answers, ages.

import { formatHumanName } from "./format.js";
import { badRequest, OperationOutcomeError } from "./outcomes.js";
import { isObject } from "./values.js";

export const isReference = (value, type) =>
  isObject(value) &&
  typeof value.reference === "string" &&
  (type === undefined || value.reference.startsWith(type + "/"));
export const isResource = (value, type) =>
  isObject(value) && typeof value.resourceType === "string" && (type === undefined || value.resourceType === type);
export const isResourceWithId = (value, type) => isResource(value, type) && typeof value.id === "string";

export function getReferenceString(value) {
  if (isReference(value)) {
    return value.reference;
  }
  return isResource(value) && value.id ? `${value.resourceType}/${value.id}` : undefined;
}

export function createReference(resource) {
  const reference = { reference: getReferenceString(resource) };
  const display = getDisplayString(resource);
  return display && display !== reference.reference ? { ...reference, display } : reference;
}

export function getDisplayString(resource) {
  const { name, code, resourceType } = resource;
  if (Array.isArray(name) && name.length) {
    return typeof name[0] === "string" ? name[0] : formatHumanName(name[0]);
  }
  if (typeof name === "string" && name) {
    return name;
  }
  if (resourceType === "Device" && resource.deviceName?.[0]?.name) {
    return resource.deviceName[0].name;
  }
  if (resourceType === "User" && resource.email) {
    return resource.email;
  }
  const concept = resourceType === "MedicationRequest" ? resource.medicationCodeableConcept : code;
  return concept?.text ?? concept?.coding?.[0]?.display ?? getReferenceString(resource) ?? "";
}

export function resolveId(value) {
  if (isReference(value)) {
    return value.reference.split("/")[1];
  }
  return isResource(value) ? value.id : undefined;
}

export function parseReference(reference) {
  const parts = reference?.reference?.split("/") ?? [];
  if (parts.length < 2 || !parts[0] || !parts[1]) {
    throw new OperationOutcomeError(badRequest("Invalid reference"));
  }
  return [parts[0], parts[1]];
}

export const isCodeableConcept = (value) => isObject(value) && Array.isArray(value.coding);
export const isCoding = (value) => isObject(value) && typeof value.code === "string";
export const isQuantity = (value) => isObject(value) && typeof value.value === "number";
export const isProfileResource = (value) =>
  isResource(value) && ["Patient", "Practitioner", "RelatedPerson"].includes(value.resourceType);

export const getCodeBySystem = (concept, system) =>
  concept?.coding?.find((coding) => coding.system === system)?.code;

export function setCodeBySystem(concept, system, code) {
  concept.coding ??= [];
  const coding = concept.coding.find((one) => one.system === system);
  if (coding) {
    coding.code = code;
  } else {
    concept.coding.push({ system, code });
  }
}

export const findCodeBySystem = (concepts, system) =>
  concepts?.map((concept) => getCodeBySystem(concept, system)).find((code) => code !== undefined);

export function findResourceByCode(resources, code, system) {
  const wanted = typeof code === "string" ? code : getCodeBySystem(code, system);
  return resources.find((resource) => getCodeBySystem(resource.code, system) === wanted);
}

export const findResourceInBundle = (bundle, type, id) =>
  bundle.entry?.find(({ resource }) => resource?.resourceType === type && resource.id === id)?.resource;

const identifiers = (resource) =>
  Array.isArray(resource.identifier) ? resource.identifier : resource.identifier ? [resource.identifier] : [];

export const getIdentifier = (resource, system) =>
  identifiers(resource).find((identifier) => identifier.system === system)?.value;

export function setIdentifier(resource, system, value) {
  const found = identifiers(resource).find((identifier) => identifier.system === system);
  if (found) {
    found.value = value;
  } else if (Array.isArray(resource.identifier)) {
    resource.identifier.push({ system, value });
  } else {
    resource.identifier = [{ system, value }];
  }
}

/** The extension at the end of a path of urls. */
export const getExtension = (resource, ...urls) =>
  urls.reduce((at, url) => at?.extension?.find((extension) => extension.url === url), resource);

export function getExtensionValue(resource, ...urls) {
  const extension = getExtension(resource, ...urls);
  const key = Object.keys(extension ?? {}).find((name) => name.startsWith("value"));
  return key && extension[key];
}

function* answered(items) {
  for (const item of items ?? []) {
    if (item.linkId && item.answer?.length) {
      yield [item.linkId, item.answer];
    }
    yield* answered(item.item);
    for (const answer of item.answer ?? []) {
      yield* answered(answer.item);
    }
  }
}

/** Each item's first answer by linkId. */
export function getQuestionnaireAnswers(response) {
  const found = {};
  for (const [linkId, answers] of answered(response.item)) {
    found[linkId] ??= answers[0];
  }
  return found;
}

/** All of each item's answers by linkId; items that repeat are joined. */
export function getAllQuestionnaireAnswers(response) {
  const found = {};
  for (const [linkId, answers] of answered(response.item)) {
    found[linkId] = [...(found[linkId] ?? []), ...answers];
  }
  return found;
}

export function calculateAge(birthDate, endDate) {
  const start = new Date(birthDate);
  const end = endDate ? new Date(endDate) : new Date();
  let months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth();
  if (end.getUTCDate() < start.getUTCDate()) {
    months -= 1;
  }
  const midnight = (date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return {
    years: Math.floor(months / 12),
    months,
    days: Math.floor((midnight(end) - midnight(start)) / 86_400_000),
  };
}

/** Years from two on, months from one on, days before, as three digits and a letter. */
export function calculateAgeString(birthDate, endDate) {
  const { years, months, days } = calculateAge(birthDate, endDate);
  if (Number.isNaN(days)) {
    return undefined;
  }
  const [amount, unit] = years >= 2 ? [years, "Y"] : months >= 1 ? [months, "M"] : [days, "D"];
  return String(amount).padStart(3, "0") + unit;
}
