// Plain values: comparing, copying, testing, encoding.

export const isString = (value) => typeof value === "string";
export const isObject = (value) => typeof value === "object" && value !== null;
export const isStringArray = (value) => value.every(isString);
export const isUUID = (value) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);

export function isEmpty(value) {
  if (value === undefined || value === null) {
    return true;
  }
  if (typeof value === "string" || Array.isArray(value)) {
    return value.length === 0;
  }
  return typeof value === "object" && Object.keys(value).length === 0;
}

export const isPopulated = (value) => !isEmpty(value);
export const arrayify = (value) => (value === undefined || Array.isArray(value) ? value : [value]);
export const append = (array, value) => (array ? (array.push(value), array) : [value]);
export const capitalize = (word) => word.charAt(0).toUpperCase() + word.substring(1);
export const deepClone = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Equal as JSON; of two resources, what the server writes into meta is left out. */
export function deepEquals(left, right, path) {
  if (left === right || (isEmpty(left) && isEmpty(right))) {
    return true;
  }
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) {
    return false;
  }
  if (Array.isArray(left)) {
    return left.length === right.length && left.every((one, i) => deepEquals(one, right[i]));
  }
  const written = path === "meta" ? ["versionId", "lastUpdated", "author"] : [];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => {
    const below = key === "meta" && left.resourceType ? "meta" : undefined;
    return written.includes(key) || deepEquals(left[key], right[key], below);
  });
}

export const sortStringArray = (array) => array.sort((a, b) => a.localeCompare(b));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const generateId = () => crypto.randomUUID();
export const createUuid = generateId;

export function encodeBase64(text) {
  return Buffer.from(text, "utf8").toString("base64");
}

export function decodeBase64(text) {
  return Buffer.from(text, "base64").toString("utf8");
}

export const encodeBase64Url = (text) => Buffer.from(text, "utf8").toString("base64url");
export const decodeBase64Url = (text) => Buffer.from(text, "base64url").toString("utf8");

function bytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

export const arrayBufferToBase64 = (buffer) => Buffer.from(bytes(buffer)).toString("base64");
export const arrayBufferToHex = (buffer) => Buffer.from(bytes(buffer)).toString("hex");
export const encryptSHA256 = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

export async function streamToBuffer(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  }
  return Buffer.concat(chunks);
}

export function getQueryString(query) {
  if (query === undefined || query === null) {
    return "";
  }
  if (typeof query === "object" && !Array.isArray(query) && !(query instanceof URLSearchParams)) {
    query = Object.entries(query).filter(([, value]) => value !== undefined);
  }
  const text = new URLSearchParams(query).toString();
  return text ? "?" + text : "";
}

export const ensureTrailingSlash = (url) => (url.endsWith("/") ? url : url + "/");
export const ensureNoLeadingSlash = (url) => url.replace(/^\/+/, "");
export const concatUrls = (base, path) =>
  new URL(ensureNoLeadingSlash(path), ensureTrailingSlash(String(base))).toString();
