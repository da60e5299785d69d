// What a bot finds on globalThis. Everything that the engine adds and that is not named here is taken away before
// the bot's code is read, so that a new engine can't bring new powers with it.

const KEPT = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis
  JSON Math Intl Temporal ArrayBuffer DataView Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array
  Uint8ClampedArray BigUint64Array BigInt64Array Float16Array Float32Array Float64Array Map Set WeakMap WeakSet
  WeakRef FinalizationRegistry BigInt Iterator Proxy Reflect DisposableStack AsyncDisposableStack decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN AbortController AbortSignal
  Blob File FormData Headers Request Response URL URLPattern URLSearchParams TextDecoder TextEncoder
  TextDecoderStream TextEncoderStream ReadableStream WritableStream TransformStream ReadableStreamDefaultReader
  CompressionStream DecompressionStream DOMException Event EventTarget CustomEvent atob btoa crypto Crypto CryptoKey
  SubtleCrypto performance queueMicrotask setTimeout clearTimeout setInterval clearInterval setImmediate
  clearImmediate structuredClone Buffer global self`.split(/\s+/),
);

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Takes away what bots don't get, and puts `console`, `process` and a `fetch` that says no in its place. */
export function confine(console) {
  // Symbols stay: the engine keeps the list of event listeners behind one.
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!KEPT.has(name) && !Reflect.deleteProperty(globalThis, name)) {
      throw new Error(`${name} can't be taken away`);
    }
  }
  define("console", console);
  define("fetch", () =>
    Promise.reject(new Error("Bots have no network: use medplum, or send what you need as input")),
  );
  define("process", {
    env: {},
    argv: [],
    platform: "sandbox",
    version: "",
    versions: {},
    nextTick: (callback, ...rest) => queueMicrotask(() => callback(...rest)),
  });
}

/** A console whose calls become lines of the log. Objects are written as JSON. */
export function consoleTo(write) {
  const shown = (value) => {
    if (typeof value === "string") {
      return value;
    }
    if (value instanceof Error) {
      return value.stack ?? String(value);
    }
    if (typeof value !== "object" || value === null) {
      return String(value);
    }
    const above = [];
    const said = JSON.stringify(value, function (_key, inner) {
      if (typeof inner === "bigint") {
        return String(inner);
      }
      if (typeof inner !== "object" || inner === null) {
        return inner;
      }
      while (above.length && above.at(-1) !== this) {
        above.pop();
      }
      if (above.includes(inner)) {
        return "[Circular]";
      }
      above.push(inner);
      return inner;
    });
    return said ?? String(value);
  };
  const log = (...values) => {
    let line;
    try {
      line = values.map(shown).join(" ");
    } catch (error) {
      line = `(this could not be shown: ${error?.message})`;
    }
    write(line + "\n");
  };
  const quiet = () => undefined;
  const counts = {};
  return {
    log,
    info: log,
    warn: log,
    error: log,
    debug: log,
    trace: log,
    dir: (value) => log(value),
    table: (value) => log(value),
    assert: (condition, ...values) => condition || log("Assertion failed:", ...values),
    count: (label = "default") => log(`${label}: ${(counts[label] = (counts[label] ?? 0) + 1)}`),
    group: (...values) => values.length && log(...values),
    groupEnd: quiet,
    time: quiet,
    timeEnd: quiet,
    timeLog: quiet,
  };
}
