"""CDA's data types as FHIR's: II, TS, IVL, PQ, CD, EN, AD, TEL. Each gives None where there is nothing to give."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any
from xml.etree.ElementTree import Element

from services.errors import InvalidInput
from services.fhir.importing.cda import codes
from services.fhir.importing.cda.narrative import Narrative, plain
from services.fhir.importing.cda.tree import child, children, is_null, xsi_type

_TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d+)?)?)?)?)?)?([+-]\d{4})?\Z"
)
_OID = re.compile(r"[0-2](\.\d+)+\Z")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_UCUM = re.compile(r"[!-~]+\Z")
_UNIT = frozenset(("h", "d", "wk", "mo", "a", "min", "s"))
Json = dict[str, Any]


class Reader:
    """Reads the types within one document: references lead into its narrative, and a time without a zone has that of
    the document (mapping guidance, "CDA ↔ FHIR Time/Dates")."""

    def __init__(self, narrative: Narrative, zone: str = "") -> None:
        self.narrative, self.zone = narrative, zone

    def moment(self, element: Element | None) -> str | None:
        """TS as a dateTime, as precise as it was written: to the day where a zone is known neither to it nor to the
        document. Raises InvalidInput where it is no date."""
        if element is None or not (value := element.get("value", "").strip()):
            return None
        found = _TIME.match(value)
        if not found:
            raise InvalidInput(f"has the date '{value[:30]}', which is not written as CDA does")
        year, month, day, hour, minute, second, zone = found.groups()
        try:
            dt.datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0))
        except ValueError:
            raise InvalidInput(f"has the date '{value[:30]}', which there isn't") from None
        written = "-".join(part for part in (year, month, day) if part)
        zone = zone or self.zone
        if minute is None or not zone:
            return written
        hours = int(zone[1:3]) * 60 + int(zone[3:5])
        if hours > 14 * 60:
            raise InvalidInput(f"has the date '{value[:30]}', whose time zone there isn't")
        return f"{written}T{hour}:{minute}:{second or '00'}{zone[:3]}:{zone[3:]}"

    def first(self, element: Element | None) -> str | None:
        """The value, or where an interval begins; its middle or end where that is all there is."""
        return next(
            filter(None, (self.moment(part) for part in (element, *(child(element, p) for p in ("low", "center", "high"))))),
            None,
        )

    def period(self, element: Element | None) -> Json | None:
        """IVL_TS with a beginning or an end."""
        found = {"start": self.moment(child(element, "low")), "end": self.moment(child(element, "high"))}
        return {key: value for key, value in found.items() if value} or None

    def put_time(self, resource: Json, name: str, element: Element | None) -> None:
        """`<name>DateTime` or `<name>Period`, whichever it is."""
        period = self.period(element)
        if period and len(period) == 2 and period["start"] == period["end"]:
            period = {"start": period["start"]}
        if period and "end" in period:
            resource[f"{name}Period"] = period
        elif moment := self.first(element):
            resource[f"{name}DateTime"] = moment

    def concept(self, element: Element | None, fallback: Element | None = None) -> Json | None:
        """CD, CE, CV, CO and CS: the code, its translations, and the words; those of `fallback` where it has none."""
        if element is None:
            return None
        codings = [c for c in (_coding(e) for e in (element, *children(element, "translation"))) if c]
        words = self.narrative.said(child(element, "originalText"))
        words = words or next((c["display"] for c in codings if "display" in c), "") or self.narrative.said(fallback)
        made: Json = {}
        if codings:
            made["coding"] = codings
        if words:
            made["text"] = words
        return made or None

    def quantity(self, element: Element | None) -> Json | None:
        """PQ. A unit that is none of UCUM's by its letters (it has spaces) stays as the words that it is."""
        if element is None:
            return None
        if element.get("value") is None:
            other = child(element, "translation")
            if other is None or other.get("value") is None:
                return None
            made: Json = {"value": number(other.get("value", ""))}
            words = self.narrative.said(child(other, "originalText")) or other.get("displayName") or other.get("code")
            return {**made, "unit": words} if words else made
        made = {"value": number(element.get("value", ""))}
        unit = element.get("unit", "").strip()
        if unit and unit != "1":
            made["unit"] = unit
        if unit and _UCUM.match(unit):
            made |= {"system": codes.UCUM, "code": unit}
        return made

    def interval(self, element: Element) -> tuple[str, Json] | None:
        """IVL_PQ as ("Range", …) or, with one end, ("Quantity", …) with a comparator."""
        low, high = child(element, "low"), child(element, "high")
        least, most = self.quantity(low), self.quantity(high)
        if least and most and least["value"]:
            return "Range", {"low": least, "high": most}
        end, kept, signs = (high, most, ("<=", "<")) if most else (low, least, (">=", ">"))
        if end is None or kept is None:
            found = self.quantity(element) or self.quantity(child(element, "center"))
            return ("Quantity", found) if found else None
        return "Quantity", {**kept, "comparator": signs[end.get("inclusive") == "false"]}

    def value(self, element: Element) -> tuple[str, Any] | None:
        """An observation's value as (the type that FHIR puts behind `value`, the value).

        Raises InvalidInput for a type that isn't known here.
        """
        kind = xsi_type(element)
        if kind == "PQ":
            return _named("Quantity", self.quantity(element))
        if kind == "IVL_PQ":
            return self.interval(element)
        if kind in ("CD", "CE", "CV", "CO", "CS"):
            return _named("CodeableConcept", self.concept(element))
        if kind == "INT":
            written = element.get("value")
            return None if written is None else ("Integer", whole(written))
        if kind == "REAL":
            written = element.get("value")
            return None if written is None else ("Quantity", {"value": number(written)})
        if kind in ("ST", "ED", "SC"):
            return _named("String", self.narrative.said(element))
        if kind == "TS":
            return _named("DateTime", self.moment(element))
        if kind == "IVL_TS":
            return _named("Period", self.period(element))
        if kind == "BL":
            return ("Boolean", element.get("value") == "true") if element.get("value") in ("true", "false") else None
        if kind in ("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY"):
            parts = {p: self.quantity(child(element, p)) for p in ("numerator", "denominator")}
            return ("Ratio", parts) if all(parts.values()) else None
        if kind == "" and is_null(element):
            return None
        raise InvalidInput(f"has a value of the type {kind[:20] or 'unknown'}, which is not read")

    def timing(self, element: Element) -> Json:
        """PIVL_TS and EIVL_TS as `Timing.repeat`. Raises InvalidInput for what can't be told in FHIR."""
        if xsi_type(element) == "EIVL_TS":
            event, offset = child(element, "event"), self.quantity(child(element, "offset"))
            if event is None or not event.get("code"):
                raise InvalidInput("is taken at an event that is not named")
            repeat: Json = {"when": [event.get("code")]}
            if offset and offset["value"]:
                minutes = {"min": 1, "h": 60}.get(str(offset.get("code")))
                if minutes is None:
                    raise InvalidInput("has a time before or after an event in a unit that is not read")
                repeat["offset"] = int(offset["value"] * minutes)
            return repeat
        period = child(element, "period")
        low, high = child(period, "low"), child(period, "high")
        least = self.quantity(low if low is not None else period)
        if not least or least.get("code") not in _UNIT or not least["value"]:
            raise InvalidInput("has a frequency that is not read")
        if element.get("institutionSpecified") == "true" and high is None and least["code"] == "h":
            times = 24 / least["value"]
            if times >= 1 and times == int(times):  # "every 8 hours" that the ward decides on means three times a day
                return {"frequency": int(times), "period": 1, "periodUnit": "d"}
        repeat = {"frequency": 1, "period": least["value"], "periodUnit": least["code"]}
        most = self.quantity(high)
        return {**repeat, "periodMax": most["value"]} if most else repeat


def identifier(element: Element) -> Json | None:
    """II, by the cases of the mapping guidance, "CDA id ↔ FHIR identifier"."""
    root, extension = element.get("root", "").strip(), element.get("extension", "").strip()
    if element.get("nullFlavor") or not (root or extension):
        return None
    if not root:
        return {"value": extension}
    known = codes.IDENTIFIERS.get(root)
    if known:
        return {"system": known, "value": extension} if extension else None
    if _UUID.match(root):
        uri = f"urn:uuid:{root.lower()}"
    elif _OID.match(root):
        uri = f"urn:oid:{root}"
    else:
        return {"value": extension} if extension else None
    return {"system": uri, "value": extension} if extension else {"system": "urn:ietf:rfc:3986", "value": uri}


def identifiers(element: Element | None, path: str = "id") -> list[Json]:
    return [made for made in (identifier(e) for e in children(element, path)) if made]


def key_of(element: Element) -> str:
    """An II as one word: the same for the same id, whatever the letters of a UUID; "" for none."""
    made = identifier(element)
    return f"{made.get('system', '')}|{made['value']}" if made else ""


def number(written: str) -> int | float:
    """Raises InvalidInput where it is none."""
    try:
        value = float(written)
    except ValueError:
        raise InvalidInput(f"has '{written[:20]}' where a number is expected") from None
    if not math.isfinite(value):
        raise InvalidInput("has a number that is not finite")
    return int(value) if re.fullmatch(r"[+-]?\d{1,15}", written.strip()) else value


def whole(written: str) -> int:
    value = number(written)
    if not isinstance(value, int) or abs(value) > 2**31 - 1:
        raise InvalidInput(f"has '{written[:20]}' where a whole number is expected")
    return value


def human_name(element: Element) -> Json | None:
    if element.get("nullFlavor"):
        return None
    made: Json = {}
    if use := codes.NAME_USE.get(element.get("use", "").split(" ")[0]):
        made["use"] = use
    family = " ".join(filter(None, (plain(e) for e in children(element, "family"))))
    if family:
        made["family"] = family
    for name in ("given", "prefix", "suffix"):
        if said := [word for e in children(element, name) if (word := plain(e))]:
            made[name] = said
    if not family and "given" not in made:
        if not (text := plain(element)):
            return None
        made["text"] = text
    return made


def address(element: Element) -> Json | None:
    if element.get("nullFlavor"):
        return None
    made: Json = {}
    if use := codes.ADDRESS_USE.get(element.get("use", "").split(" ")[0]):
        made["use"] = use
    if lines := [said for e in children(element, "streetAddressLine") if (said := plain(e))]:
        made["line"] = lines
    for name, target in (("city", "city"), ("county", "district"), ("state", "state"), ("postalCode", "postalCode"), ("country", "country")):  # fmt: skip
        found = child(element, name)
        if found is not None and (said := plain(found)):
            made[target] = said
    if not set(made) - {"use"}:
        text = plain(element)
        return {**made, "text": text} if text else None
    return made


def telecom(element: Element) -> Json | None:
    value = element.get("value", "").strip()
    if not value or element.get("nullFlavor"):
        return None
    scheme, separator, rest = value.partition(":")
    kind = codes.TELECOM_KIND.get(scheme.lower()) if separator else None
    made: Json = {"system": kind or "other", "value": value if kind in (None, "url") else rest}
    if not made["value"]:
        return None
    if use := codes.TELECOM_USE.get(element.get("use", "").split(" ")[0]):
        made["use"] = use
    return made


def person(element: Element | None) -> str:
    """The name of a person or an organization, in the order in which it is said."""
    name = child(element, "name")
    if name is None:
        return ""
    made = human_name(name) or {}
    parts = [*made.get("prefix", ()), *made.get("given", ()), made.get("family", ""), *made.get("suffix", ())]
    return " ".join(filter(None, parts)) or made.get("text", "")


def _coding(element: Element) -> Json | None:
    code = element.get("code", "").strip()
    if not code:
        return None
    made: Json = {}
    if found := codes.system(element.get("codeSystem", "").strip()):
        made["system"] = found
    made["code"] = re.sub(r"\s+", " ", code)
    if display := element.get("displayName", "").strip():
        made["display"] = display
    return made


def _named(kind: str, value: Any) -> tuple[str, Any] | None:
    return (kind, value) if value else None
