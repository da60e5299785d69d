// The sandbox's inside: waits for one bot, runs it once, and tells the host what it did.
//
// Lines of JSON, both ways. The first line in brings the bot and a token; every line out starts with that token,
// which the bot's code can't read. All that reaches the outside is taken into this module's scope, and taken off
// globalThis, before the bot's code is read.

import buffer from "node:buffer";
import crypto from "node:crypto";
import events from "node:events";
import path from "node:path";
import querystring from "node:querystring";
import string_decoder from "node:string_decoder";
import timers from "node:timers/promises";
import url from "node:url";

import * as core from "@medplum/core";
import * as types from "@medplum/fhirtypes";
import { confine, consoleTo } from "./globals.js";
import { medplumFor, refusal } from "./medplum.js";

const stdin = Deno.stdin;
const stdout = Deno.stdout;
const { parse, stringify } = JSON;
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
const { hasOwn } = Object;
const clock = performance.now.bind(performance);
const later = setTimeout;
const load = (url) => import(url);

const TYPES = { ".ts": "application/typescript", ".tsx": "text/tsx" };
// What a bot may import. Loaded by now: the engine needs for it what is about to be taken away.
const MODULES = {
  "@medplum/core": core,
  "@medplum/fhirtypes": types,
  buffer,
  crypto,
  events,
  path,
  querystring,
  string_decoder,
  "timers/promises": timers,
  url,
};
const HL7 = "x-application/hl7-v2+er7";
const DIRECT_LOG = 1 << 20; // characters that are told at once; from then on, at most ten times a second
const PAUSE = 100;

let token = "";
let filename = "bot.js";
let home = ""; // the address that the engine knows the bot's code by

const tell = (message) => tellSaid(stringify(message));

function tellSaid(text) {
  let left = encode(`${token} ${text}\n`);
  while (left.length) {
    left = left.subarray(stdout.writeSync(left));
  }
}

// Stacks name the bot's own file and nothing else. Set for good: a bot that could read frames could read paths.
Object.defineProperty(Error, "prepareStackTrace", {
  value(error, frames) {
    const lines = [];
    for (const frame of frames) {
      const place = frame.getFileName() ?? frame.getScriptNameOrSourceURL();
      if (place && (place === home || place === filename)) {
        const name = frame.getFunctionName();
        const at = `${filename}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
        lines.push(`\n    at ${name ? `${name} (${at})` : at}`);
      }
    }
    let said = "Error";
    try {
      said = String(error);
    } catch {
      // An error whose own text can't be had.
    }
    return said + lines.join("");
  },
});

const own = (text) => (home ? text.replaceAll(home, filename) : text);

function reason(text) {
  const named =
    /^Import "([^"]+)" not a dependency/.exec(text) ??
    /^Blocked by null entry for "+([^"]+)"+/.exec(text) ??
    /remote specifier was requested: "([^"]+)"/.exec(text) ??
    /^Requires read access to "([^"]+)"/.exec(text);
  if (named || /^npm specifiers were requested/.test(text)) {
    return `Bots can't import ${named ? named[1] : "npm packages"}: only ${Object.keys(MODULES).join(", ")}`;
  }
  return text;
}

function described(error) {
  try {
    const outcome = error?.resourceType === "OperationOutcome" ? error : error?.outcome;
    const whole = outcome?.resourceType === "OperationOutcome" ? outcome : undefined;
    const message = whole ? core.operationOutcomeToString(whole) : core.normalizeErrorString(error);
    const text = own(reason(String(message)));
    const name = typeof error?.name === "string" && error instanceof Error ? `${error.name}: ` : "";
    const frames = String(error?.stack ?? "").match(/^ {4}at .*$/gm) ?? [];
    return { message: text, stack: frames.length ? own(`${name}${text}\n${frames.join("\n")}`) : "", outcome: whole };
  } catch {
    return { message: "The bot threw something that can't be shown", stack: "" };
  }
}

// The log: each line at once while there is little, the end of it now and then once there is much.

let logBytes = 0;
let direct = 0;
let held = "";
let last = 0;
let waiting = false;

function flush() {
  waiting = false;
  if (held) {
    tell({ log: held.slice(-logBytes) });
    held = "";
    last = clock();
  }
}

function write(line) {
  held = held.length + line.length > 2 * logBytes ? (held + line.slice(-logBytes)).slice(-logBytes) : held + line;
  direct += line.length;
  if (direct < DIRECT_LOG || clock() - last > PAUSE) {
    flush();
  } else if (!waiting) {
    waiting = true;
    later(flush, PAUSE);
  }
}

// Calls to the host, and its answers.

const asked = Object.create(null);
let number = 0;

function ask(method, given) {
  return new Promise((resolve, reject) => {
    number += 1;
    tell({ call: number, method, arguments: given });
    asked[number] = { resolve, reject };
  });
}

function answered(answer) {
  const call = asked[answer.id];
  delete asked[answer.id];
  if (hasOwn(answer, "outcome")) {
    call.reject(refusal(answer.outcome));
  } else {
    call.resolve(answer.value === null ? undefined : answer.value);
  }
}

// The bot

const addressOf = (code, suffix) =>
  URL.createObjectURL(new Blob([code], { type: TYPES[suffix] ?? "text/javascript" }));

/** The bot's handler, or undefined. CommonJS where the code reads as a script, else an ES module. */
async function handlerOf(code, suffix) {
  if (suffix === ".cjs" || (suffix === ".js" && isScript(code))) {
    const require = (name) => {
      const found = MODULES[String(name).replace(/^node:/, "")];
      if (!found) {
        throw new Error(reason(`Import "${name}" not a dependency`));
      }
      return found;
    };
    const module = { exports: {} };
    const header = "(function (exports, require, module, __filename, __dirname) {";
    const wrapped = (0, eval)(`${header}${code}\n})\n//# sourceURL=${filename}`);
    wrapped.call(module.exports, module.exports, require, module, filename, "");
    return module.exports?.handler ?? module.exports?.default?.handler;
  }
  home = addressOf(code, suffix);
  return (await load(home)).handler;
}

/** The result's message; `{}` where there is none. */
function resultOf(value) {
  try {
    return stringify({ done: value });
  } catch (error) {
    throw new Error(`The bot's result can't be written as JSON: ${error?.message}`);
  }
}

function isScript(code) {
  try {
    new Function("exports", "require", "module", code);
    return true;
  } catch {
    return false;
  }
}

function inputOf(event) {
  const hl7 = event.contentType === HL7 && typeof event.input === "string";
  return hl7 ? { ...event, input: core.Hl7Message.parse(event.input) } : event;
}

async function work(task) {
  try {
    const handler = await handlerOf(task.code, task.suffix);
    if (typeof handler !== "function") {
      throw new Error("The bot has no handler: export async function handler(medplum, event) { … }");
    }
    let value;
    if (task.event) {
      value = await handler(medplumFor(ask, task), inputOf(task.event));
    }
    if (value instanceof core.Hl7Message) {
      value = value.toString();
    }
    flush();
    const said = resultOf(value);
    if (said.length > task.messageBytes) {
      throw new Error(`The bot's result is larger than ${task.messageBytes / 2 ** 20} MiB`);
    }
    tellSaid(said === "{}" ? '{"nothing":true}' : said);
  } catch (error) {
    flush();
    tell({ failed: described(error) });
  }
}

function uncaught(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  flush();
  tell({ failed: described(event.reason ?? event.error) });
}

async function main() {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1 << 16);
  const read = stdin.read.bind(stdin);
  let pieces = [];
  for (;;) {
    const count = await read(chunk);
    if (count === null) {
      return;
    }
    const lines = decoder.decode(chunk.subarray(0, count), { stream: true }).split("\n");
    while (lines.length > 1) {
      const message = parse(pieces.join("") + lines.shift());
      pieces = [];
      if (token) {
        answered(message);
      } else {
        ({ token, filename, logBytes } = message);
        work(message);
      }
    }
    pieces.push(lines[0]);
  }
}

addEventListener("unhandledrejection", uncaught);
addEventListener("error", uncaught);
confine(consoleTo(write));
main();
// The engine finds that it can't keep translated TypeScript the first time it has some, and waits a while over it. A
// process that isn't needed at once has that behind it when it is.
later(() => token || load(addressOf("", ".ts")), PAUSE);
