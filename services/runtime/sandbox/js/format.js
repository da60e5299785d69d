// FHIR datatypes as text for people.

const joined = (parts, separator = " ") =>
  parts.filter((part) => part !== undefined && part !== null && part !== "").join(separator);

export function formatHumanName(name, options) {
  const all = options?.all;
  const parts = [
    ...(options?.prefix !== false ? (name?.prefix ?? []) : []),
    ...(name?.given ?? []),
    name?.family,
    ...(options?.suffix !== false ? (name?.suffix ?? []) : []),
    (all || options?.use) && name?.use ? `[${name.use}]` : undefined,
  ];
  return joined(parts).trim() || name?.text || "";
}

export const formatGivenName = (name) => joined(name?.given ?? []);
export const formatFamilyName = (name) => name?.family ?? "";

export function formatAddress(address, options) {
  const parts = [
    ...(address?.line ?? []),
    address?.city,
    address?.state,
    address?.postalCode,
    options?.all || options?.use ? address?.use && `[${address.use}]` : undefined,
  ];
  return joined(parts, options?.lineSeparator ?? ", ") || address?.text || "";
}

const valid = (text) => text && !Number.isNaN(new Date(text).getTime());

/** A date is a day wherever it is read, hence UTC. */
export function formatDate(date, locales, options) {
  return valid(date) ? new Date(date).toLocaleDateString(locales, { timeZone: "UTC", ...options }) : "";
}

export function formatTime(time, locales, options) {
  const date = `2000-01-01T${time}Z`;
  return valid(date) ? new Date(date).toLocaleTimeString(locales, options) : "";
}

export function formatDateTime(dateTime, locales, options) {
  return valid(dateTime) ? new Date(dateTime).toLocaleString(locales, options) : "";
}

export function formatPeriod(period, locales, options) {
  if (!period?.start && !period?.end) {
    return "";
  }
  return `${formatDateTime(period.start, locales, options)} - ${formatDateTime(period.end, locales, options)}`;
}

export const formatCoding = (coding, includeCode) =>
  includeCode ? joined([coding?.display, coding?.code && `(${coding.code})`]) : (coding?.display ?? coding?.code ?? "");

export function formatCodeableConcept(concept) {
  return concept?.text ?? joined((concept?.coding ?? []).map((coding) => formatCoding(coding)), ", ");
}

export function formatQuantity(quantity, precision) {
  if (quantity?.value === undefined) {
    return joined([quantity?.comparator, quantity?.unit]);
  }
  const value = precision === undefined ? String(quantity.value) : quantity.value.toFixed(precision);
  const unit = quantity.unit ?? "";
  return joined([quantity.comparator, unit === "%" ? value + unit : joined([value, unit])]);
}

export function formatRange(range, precision) {
  const low = range?.low?.value !== undefined && formatQuantity({ ...range.low, comparator: undefined }, precision);
  const high = range?.high?.value !== undefined && formatQuantity({ ...range.high, comparator: undefined }, precision);
  if (low && high) {
    const bare = range.low.unit === range.high.unit ? formatQuantity({ value: range.low.value }, precision) : low;
    return `${bare} - ${high}`;
  }
  return low ? `>= ${low}` : high ? `<= ${high}` : "";
}

export function formatObservationValue(observation) {
  if (!observation) {
    return "";
  }
  if (observation.component) {
    return observation.component.map(formatObservationValue).join(" / ");
  }
  if (observation.valueQuantity) {
    return formatQuantity(observation.valueQuantity);
  }
  if (observation.valueCodeableConcept) {
    return formatCodeableConcept(observation.valueCodeableConcept);
  }
  const plain = observation.valueString ?? observation.valueInteger ?? observation.valueBoolean;
  return plain === undefined ? formatDateTime(observation.valueDateTime) : String(plain);
}

export const formatReferenceString = (reference) => reference?.display ?? reference?.reference ?? "";

export function formatHl7DateTime(date) {
  const iso = (date instanceof Date ? date : new Date(date)).toISOString();
  return iso.replaceAll(/[-:TZ]|\.\d+/g, "");
}

/** HL7's YYYYMMDD[HHMM[SS[.S…]]][±ZZZZ] as an ISO dateTime; without an offset it is UTC. */
export function parseHl7DateTime(text, options) {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?(\.\d+)?([+-]\d{4})?$/.exec(text ?? "");
  if (!match) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction, written] = match;
  const offset = written ?? options?.tzOffset;
  const time = `${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}${(fraction ?? "").slice(0, 4)}`;
  const zone = offset && offset !== "Z" ? offset.replace(/(\d{2}):?(\d{2})$/, "$1:$2") : "Z";
  const date = new Date(`${year}-${month}-${day}T${time}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
