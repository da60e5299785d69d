// What both checks share: where the server and the packages are, and how a check is told.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}; README.md names what the checks need.`);
  return value;
}

export const modules = needed("FABRIC_TEST_NODE_MODULES");
export const baseUrl = needed("FABRIC_TEST_URL").replace(/\/*$/, "/");
export const email = needed("FABRIC_TEST_EMAIL");
export const password = needed("FABRIC_TEST_PASSWORD");
export const clientId = needed("FABRIC_TEST_CLIENT_ID");
export const clientSecret = needed("FABRIC_TEST_CLIENT_SECRET");
export const load = createRequire(join(modules, "package.json"));
export { assert };

const failed = [];

export async function check(name, work) {
  try {
    await work();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed.push(name);
    console.log(`FAIL  ${name}: ${error?.message ?? error}`);
  }
}

export function finish() {
  console.log(failed.length ? `${failed.length} failed` : "all passed");
  process.exitCode = failed.length ? 1 : 0;
}

/** The OperationOutcome that a call is refused with. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    if (error.outcome) return error.outcome;
    throw error;
  }
  throw new Error("it was not refused");
}
