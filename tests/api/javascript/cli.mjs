// The round of a person at a terminal who uses the `medplum` command.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { assert, baseUrl, check, clientId, clientSecret, finish, load } from "./setting.mjs";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "medplum-cli-"));
const command = join(dirname(load.resolve("@medplum/cli")), "index.cjs");

async function medplum(...words) {
  const env = { ...process.env, HOME: folder, USERPROFILE: folder };
  const { stdout } = await run(process.execPath, [command, ...words], { cwd: folder, env });
  return stdout;
}
const json = async (...words) => JSON.parse(await medplum(...words));
const failing = (...words) =>
  medplum(...words).then(
    () => assert.fail("it did not fail"),
    (error) => String(error.stderr) + String(error.stdout),
  );

const mark = `cli-${Date.now()}`;
let patient, bot, project;

await check("login with client credentials, by token and by Basic", async () => {
  const named = ["--base-url", baseUrl, "--client-id", clientId, "--client-secret", clientSecret];
  await medplum("login", "--auth-type", "basic", ...named);
  assert.match(await medplum("get", "Patient?_count=1"), /searchset/);
  await medplum("login", "--auth-type", "client-credentials", ...named);
});

await check("whoami, token, project", async () => {
  const told = await medplum("whoami");
  assert.ok(told.includes(`ClientApplication/${clientId}`), told);
  project = /\(Project\/([^)]+)\)/.exec(told)[1];
  assert.match(await medplum("token"), /^eyJ/);
  assert.ok((await medplum("project", "current")).includes(project));
  assert.ok((await medplum("project", "list")).includes(project));
});

await check("post, get, patch, put, delete", async () => {
  patient = await json("post", "Patient", JSON.stringify({ resourceType: "Patient", name: [{ family: mark }] }));
  assert.equal((await json("get", `Patient/${patient.id}`)).id, patient.id);
  const patch = JSON.stringify([{ op: "add", path: "/gender", value: "other" }]);
  patient = await json("patch", `Patient/${patient.id}`, patch);
  assert.equal(patient.gender, "other");
  patient = await json("put", `Patient/${patient.id}`, JSON.stringify({ ...patient, gender: "male" }));
  assert.equal(patient.gender, "male");
  assert.equal((await json("get", `Patient/${patient.id}/_history`)).entry.length, 3);
  const bundle = await json("get", "--as-transaction", `Patient?name=${mark}`);
  assert.deepEqual([bundle.type, bundle.entry.length], ["transaction", 1]);
  assert.equal((await json("delete", `Patient/${patient.id}`)).id, "ok");
  assert.match(await failing("get", `Patient/${patient.id}`), /deleted/);
});

await check("bot create, save, deploy", async () => {
  writeFileSync(join(folder, "hello.ts"), "export async function handler(medplum: any, event: any) { return 1; }\n");
  const made = await medplum("bot", "create", mark, project, "hello.ts", "hello.ts", "--runtime-version", "vmcontext");
  assert.match(made, /Deploy result: All OK/);
  bot = JSON.parse(readFileSync(join(folder, "medplum.config.json"), "utf8")).bots[0];
  assert.match(await medplum("bot", "save", mark), /Number of bots saved: 1/);
  writeFileSync(join(folder, "hello.ts"), 'export async function handler() { return { said: "hello" }; }\n');
  assert.match(await medplum("bot", "deploy", mark), /Number of bots deployed: 1\nNumber of errors: 0/);
  assert.deepEqual(await json("post", `Bot/${bot.id}/$execute`, "{}"), { said: "hello" });
  const stored = await json("get", `Bot/${bot.id}`);
  assert.match(stored.sourceCode.url, /^Binary\//);
});

await check("an execution that is not waited for", async () => {
  const accepted = await json("post", "--prefer-async", `Bot/${bot.id}/$execute`, "{}");
  const job = accepted.issue[0].diagnostics.split("/fhir/R4/")[1];
  assert.match(job, /^job\/[^/]+\/status$/);
  assert.equal((await json("get", job)).resourceType, "AsyncJob");
});

await check("bulk import", async () => {
  const lines = [1, 2, 3].map((n) => JSON.stringify({ resourceType: "Patient", name: [{ family: `${mark}-bulk` }], id: `b${n}` }));
  writeFileSync(join(folder, "patients.ndjson"), lines.join("\n") + "\n");
  await medplum("bulk", "import", "patients.ndjson", "--num-resources-per-request", "2");
  assert.equal((await json("get", `Patient?name=${mark}-bulk&_summary=count`)).total, 3);
});

await check("what is not there says so", async () => {
  assert.match(await failing("bulk", "export", "-e", "Patient"), /not supported/);
  assert.match(await failing("project", "invite", "A", "B", "a@b.test"), /nothing at this address/);
});

rmSync(folder, { recursive: true });
finish();
