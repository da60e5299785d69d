// The round of a program that uses @medplum/core: sign-in, records, files, bots.
import { assert, baseUrl, check, clientId, clientSecret, email, finish, load, password, refused } from "./setting.mjs";

const { ClientStorage, MedplumClient, MemoryStorage, getReferenceString, isOk } = load("@medplum/core");

// In the browser the code verifier is kept here between startLogin and processCode.
const session = new Map();
globalThis.sessionStorage = {
  getItem: (key) => session.get(key) ?? null,
  setItem: (key, value) => session.set(key, String(value)),
  removeItem: (key) => session.delete(key),
  clear: () => session.clear(),
};

globalThis.window = globalThis; // what hashes the verifier is asked for there
globalThis.location = new URL(baseUrl);

const connect = (more = {}) => new MedplumClient({ baseUrl, storage: new ClientStorage(new MemoryStorage()), cacheTime: 0, ...more });
const medplum = connect();
const mark = `js-${Date.now()}`;
let patient, bot, project;

await check("sign in by e-mail with S256", async () => {
  const login = await medplum.startLogin({ email, password, remember: true });
  assert.ok(login.login && login.code);
  const profile = await medplum.processCode(login.code);
  assert.equal(profile.resourceType, "Practitioner");
  assert.ok(medplum.isAuthenticated());
  assert.equal(medplum.getActiveLogin().profile.reference, getReferenceString(profile));
  project = medplum.getProject();
  assert.equal(medplum.getActiveLogin().project.reference, `Project/${project.id}`);
  assert.equal(medplum.isProjectAdmin(), true);
  assert.equal(medplum.isSuperAdmin(), false);
  assert.equal(medplum.getUserConfiguration().resourceType, "UserConfiguration");
  assert.equal(medplum.getProjectMembership().profile.reference, getReferenceString(profile));
});

await check("a code is good once, a verifier has to fit", async () => {
  const login = await medplum.startLogin({ email, password });
  session.set("codeVerifier", "another");
  assert.match(JSON.stringify(await refused(connect().processCode(login.code))), /fetch tokens|not valid|secret is wrong/);
  assert.match(JSON.stringify(await refused(connect().processCode(login.code))), /fetch tokens|not valid|secret is wrong/);
  assert.match(JSON.stringify(await refused(connect().startLogin({ email, password: "wrong" }))), /wrong/);
});

await check("a remembered sign-in is refreshed", async () => {
  const before = medplum.getAccessToken();
  await medplum.refreshIfExpired(24 * 3600 * 1000);
  assert.notEqual(medplum.getAccessToken(), before);
  assert.equal((await medplum.get("auth/me")).user.email, email);
});

await check("sign in through a client application", async () => {
  const through = connect({ clientId });
  const login = await through.startLogin({ email, password });
  assert.equal((await through.processCode(login.code)).resourceType, "Practitioner");
  assert.match(
    JSON.stringify(await refused(connect({ clientId: "nobody" }).startLogin({ email, password }))),
    /clientId/,
  );
});

await check("sign in by client credentials, by body and by Basic", async () => {
  for (const credentialsInHeader of [false, true]) {
    const program = connect({ authCredentialsMethod: credentialsInHeader ? "header" : "body" });
    const profile = await program.startClientLogin(clientId, clientSecret);
    assert.equal(getReferenceString(profile), `ClientApplication/${clientId}`);
  }
  const basic = connect();
  basic.setBasicAuth(clientId, clientSecret);
  await basic.startClientLogin(clientId, clientSecret);
  assert.equal(basic.getProfile().resourceType, "ClientApplication");
  assert.match(JSON.stringify(await refused(connect().startClientLogin(clientId, "no"))), /fetch tokens|not valid|secret is wrong/);
});

await check("userinfo names the profile", async () => {
  const info = await medplum.get("oauth2/userinfo");
  assert.equal(info.profile, getReferenceString(medplum.getProfile()));
});

await check("create, read, update, unchanged update", async () => {
  patient = await medplum.createResource({
    resourceType: "Patient",
    identifier: [{ system: "urn:mrn", value: mark }],
    name: [{ given: ["Ada"], family: mark }],
    birthDate: "1970-02-03",
  });
  assert.equal(patient.meta.author.reference, getReferenceString(medplum.getProfile()));
  assert.equal(patient.meta.project, project.id);
  assert.ok(patient.meta.compartment.some((c) => c.reference === `Patient/${patient.id}`));
  const read = await medplum.readResource("Patient", patient.id);
  assert.deepEqual(read, patient);
  const changed = await medplum.updateResource({ ...read, gender: "female" });
  assert.notEqual(changed.meta.versionId, patient.meta.versionId);
  const same = await medplum.updateResource(changed);
  assert.equal(same.meta.versionId, changed.meta.versionId);
  patient = same;
});

await check("without extended mode nothing of the origin is shown", async () => {
  const plain = connect({ extendedMode: false });
  await plain.startClientLogin(clientId, clientSecret);
  const read = await plain.readResource("Patient", patient.id);
  assert.deepEqual(Object.keys(read.meta).sort(), ["lastUpdated", "versionId"]);
});

await check("patch, history, version, If-Match", async () => {
  const old = patient.meta.versionId;
  patient = await medplum.patchResource("Patient", patient.id, [
    { op: "test", path: "/meta/versionId", value: old },
    { op: "add", path: "/active", value: true },
  ]);
  assert.equal(patient.active, true);
  const history = await medplum.readHistory("Patient", patient.id);
  assert.equal(history.type, "history");
  assert.equal(history.entry.length, 3);
  assert.equal((await medplum.readVersion("Patient", patient.id, old)).active, undefined);
  const stale = medplum.updateResource({ ...patient, active: false }, { headers: { "If-Match": `W/"${old}"` } });
  assert.equal((await refused(stale)).id, "precondition-failed");
});

await check("conditional create and upsert", async () => {
  const sent = { resourceType: "Patient", identifier: [{ system: "urn:mrn", value: mark }] };
  const found = await medplum.createResourceIfNoneExist(sent, `identifier=urn:mrn|${mark}`);
  assert.equal(found.id, patient.id);
  const upserted = await medplum.upsertResource({ ...patient, active: false }, `identifier=urn:mrn|${mark}`);
  assert.deepEqual([upserted.id, upserted.active], [patient.id, false]);
  patient = upserted;
});

await check("search, pages by next, _include, _elements", async () => {
  for (let day = 1; day <= 5; day++) {
    await medplum.createResource({
      resourceType: "Observation",
      status: "final",
      code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
      category: [{ coding: [{ code: "vital-signs" }] }],
      subject: { reference: `Patient/${patient.id}` },
      effectiveDateTime: `2024-03-0${day}`,
      valueQuantity: { value: 60 + day, unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
    });
  }
  const seen = [];
  for await (const page of medplum.searchResourcePages("Observation", {
    subject: `Patient/${patient.id}`,
    _count: 2,
    _sort: "date",
  })) {
    seen.push(...page.map((o) => o.valueQuantity.value));
  }
  assert.deepEqual(seen, [61, 62, 63, 64, 65]);
  const bundle = await medplum.search("Observation", `subject=Patient/${patient.id}&_include=Observation:subject&_total=accurate`);
  assert.equal(bundle.total, 5);
  assert.equal(bundle.entry.filter((e) => e.search.mode === "include").length, 1);
  assert.equal((await medplum.searchOne("Patient", `name=${mark}`)).id, patient.id);
  const fields = await medplum.searchResources("Patient", `name=${mark}&_fields=name`);
  assert.equal(fields[0].birthDate, undefined);
  assert.match(JSON.stringify(await refused(medplum.search("Patient", "nonsense=1"))), /no search parameter/);
});

await check("batch, transaction, requests gathered into a batch", async () => {
  const urn = "urn:uuid:6f6c8a3e-8d2f-4f1c-9d0a-000000000001";
  const bundle = await medplum.executeBatch({
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      { fullUrl: urn, request: { method: "POST", url: "Patient" }, resource: { resourceType: "Patient" } },
      {
        request: { method: "POST", url: "Condition" },
        resource: { resourceType: "Condition", subject: { reference: urn }, code: { text: "Gout" } },
      },
    ],
  });
  assert.deepEqual(bundle.entry.map((e) => e.response.status), ["201", "201"]);
  assert.equal(bundle.entry[1].resource.subject.reference, getReferenceString(bundle.entry[0].resource));
  const mixed = await medplum.executeBatch({
    resourceType: "Bundle",
    type: "batch",
    entry: [
      { request: { method: "GET", url: `Patient/${patient.id}` } },
      { request: { method: "GET", url: "Patient/00000000-0000-0000-0000-000000000000" } },
    ],
  });
  assert.deepEqual(mixed.entry.map((e) => e.response.status), ["200", "404"]);
  const gathering = connect({ autoBatchTime: 20 });
  await gathering.startClientLogin(clientId, clientSecret);
  const [one, versions, found] = await Promise.all([
    gathering.readResource("Patient", patient.id),
    gathering.readHistory("Patient", patient.id),
    gathering.searchResources("Patient", `name=${mark}`),
  ]);
  assert.equal(one.id, patient.id);
  assert.ok(versions.entry.length > 2);
  assert.equal(found[0].id, patient.id);
});

await check("$everything, $summary, $validate", async () => {
  const all = await medplum.readPatientEverything(patient.id);
  assert.ok(all.entry.some((e) => e.resource.resourceType === "Observation"));
  const summary = await medplum.readPatientSummary(patient.id);
  assert.equal(summary.type, "document");
  assert.equal(summary.entry[0].resource.resourceType, "Composition");
  assert.ok(isOk(await medplum.validateResource({ resourceType: "Patient", gender: "male" })));
  const wrong = await refused(medplum.validateResource({ resourceType: "Patient", birthDate: "never", marmalade: 1 }));
  assert.equal(wrong.issue.length, 2);
});

await check("binaries of any type, attachments, downloads", async () => {
  const bytes = new Uint8Array([0, 255, 1, 254]);
  const binary = await medplum.createBinary({ data: bytes, filename: "scan.png", contentType: "image/png" });
  assert.equal(binary.resourceType, "Binary");
  assert.deepEqual(new Uint8Array(await (await medplum.download(binary.url)).arrayBuffer()), bytes);
  const whole = await medplum.download(medplum.fhirUrl("Binary", binary.id));
  assert.equal(whole.type, "image/png");
  for (const [data, contentType] of [['{"a":1}', "application/json"], ["<a/>", "text/xml"], ["hé", "text/plain"]]) {
    const attachment = await medplum.createAttachment({
      data, contentType, filename: "x", securityContext: { reference: `Patient/${patient.id}` },
    });
    assert.equal(await (await medplum.download(attachment.url)).text(), data);
  }
  const document = await medplum.createDocumentReference({
    data: "A note", contentType: "text/plain", filename: "note.txt",
    additionalFields: { subject: { reference: `Patient/${patient.id}` } },
  });
  assert.equal(await (await medplum.download(document.content[0].attachment.url)).text(), "A note");
  const again = await medplum.readResource("Binary", binary.id);
  assert.equal(again.contentType, "image/png");
  assert.equal((await medplum.updateResource(again)).meta.versionId, again.meta.versionId);
});

await check("bots: made, saved, deployed, executed by id and identifier", async () => {
  bot = await medplum.post(`admin/projects/${project.id}/bot`, { name: mark, description: "A check" });
  bot = await medplum.readResource("Bot", bot.id);
  const code = `export async function handler(medplum, event) {
    if (event.contentType === "x-application/hl7-v2+er7") return event.input.getSegment("MSH").getField(10).toString();
    if (typeof event.input === "string") return event.input.toUpperCase();
    if (event.input.fail) throw new Error("as asked");
    const patient = await medplum.readResource("Patient", event.input.patient);
    return { family: patient.name[0].family };
  }`;
  const undeployed = await refused(medplum.executeBot(bot.id, {}));
  assert.match(JSON.stringify(undeployed), /No executable code/);
  const sourceCode = await medplum.createAttachment({ data: code, filename: "index.js", contentType: "text/javascript" });
  bot = await medplum.updateResource({ ...bot, sourceCode, identifier: [{ system: "urn:bot", value: mark }] });
  const deployed = await medplum.post(medplum.fhirUrl("Bot", bot.id, "$deploy"), { code, filename: "index.js" });
  assert.equal(deployed.issue[0].details.text, "All OK");
  assert.deepEqual(await medplum.executeBot(bot.id, { patient: patient.id }), { family: mark });
  const named = { system: "urn:bot", value: mark };
  assert.deepEqual(await medplum.executeBot(named, { patient: patient.id }), { family: mark });
  assert.equal(await medplum.executeBot(bot.id, "loud", "text/plain"), "LOUD");
  const hl7 = "MSH|^~\\&|A|B|C|D|20240101||ADT^A01|MSG-7|P|2.5\rPID|1||1";
  assert.equal(await medplum.executeBot(bot.id, hl7, "x-application/hl7-v2+er7"), "MSG-7");
  const failed = await refused(medplum.executeBot(bot.id, { fail: true }));
  assert.equal(failed.issue[0].details.text, "as asked");
  const nobody = await refused(medplum.executeBot("00000000-0000-0000-0000-000000000000", {}));
  assert.equal(nobody.id, "not-found");
});

await check("an execution that is not waited for, polled to its end", async () => {
  const job = await medplum.executeBot(bot.id, { patient: patient.id }, "application/json", {
    headers: { Prefer: "respond-async" }, pollStatusOnAccepted: true, pollStatusPeriod: 100,
  });
  assert.equal(job.resourceType, "AsyncJob");
  assert.equal(job.status, "completed");
});

await check("the contract's own bots", async () => {
  const answer = await medplum.executeBot("e8d04e1d-7309-463b-ba7b-86dda61e3bbe", { query: "gout", limit: 3 });
  assert.equal(answer.success, true);
});

await check("what is not there says so", async () => {
  assert.equal((await refused(medplum.readResource("Patient", "00000000-0000-0000-0000-000000000000"))).id, "not-found");
  const graphql = await refused(medplum.graphql("{ PatientList { id } }"));
  assert.equal(graphql.issue[0].code, "not-supported");
  assert.equal((await refused(medplum.bulkExport("Patient"))).issue[0].code, "not-supported");
  const invite = medplum.invite(project.id, { resourceType: "Practitioner", firstName: "A", lastName: "B", email: "a@b.test" });
  assert.equal((await refused(invite)).id, "not-found");
});

await check("delete, and a deleted one is gone", async () => {
  const made = await medplum.createResource({ resourceType: "Patient" });
  assert.ok(isOk(await medplum.deleteResource("Patient", made.id)));
  assert.equal((await refused(medplum.readResource("Patient", made.id, { cache: "reload" }))).id, "gone");
});

await check("sign out ends the token and what would renew it", async () => {
  const leaving = connect();
  const login = await leaving.startLogin({ email, password, remember: true });
  await leaving.processCode(login.code);
  const { accessToken, refreshToken } = leaving.getActiveLogin();
  await leaving.signOut();
  const left = connect();
  left.setAccessToken(accessToken, refreshToken);
  assert.match(JSON.stringify(await refused(left.get("auth/me"))), /Failed to fetch tokens|Unauthenticated|ended/i);
});

finish();
