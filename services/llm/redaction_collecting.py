"""Which identifiers a record holds: people, numbers, addresses, dates of birth, from FHIR JSON of any shape."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from services.llm.redaction_folding import folded
from services.llm.redaction_identifiers import Identifiers
from services.llm.redaction_words import ORGANISATION, word_set

Json = dict[str, Any]

_PEOPLE = frozenset(("Patient", "Practitioner", "RelatedPerson", "Person"))
_TARGET = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/\S*)?$")
# Where a reference that names no type, or a plain string, still means somebody.
_ROLES = word_set(
    """
    actor agent assertedby asserter attester author authorstring beneficiary careprovider collector dispenser
    enterer evaluator generalpractitioner individual informant informationsource interpreter member onbehalfof
    operator owner participant party patient payee performer policyholder prescriber provider receiver
    recipient recorder requester responsible resultsinterpreter sender source subject subscriber transcriber
    verifier who witness
    """
)
_NUMBERS = word_set(
    """
    subscriberid policynumber memberid serialnumber deviceidentifier carrierhrf carrieraidc distinctidentifier
    uid accession accessionnumber preauthref claimnumber accountnumber
    """
)


def collect(resources: Iterable[Json]) -> Identifiers:
    """Every identifier within these resources. What is malformed is passed over."""
    all_of_them = [resource for resource in resources if isinstance(resource, dict)]
    first = next((r for r in all_of_them if r.get("resourceType") == "Patient"), None)
    found = Identifiers()
    patient = _ident(first) if first else next(filter(None, map(_subject, all_of_them)), None)
    # Patients first: of two people of one family name, a bare one means the patient.
    ordered = sorted(all_of_them, key=lambda r: (r is not first, r.get("resourceType") not in _PEOPLE))
    collector = _Collector(found, patient)
    for resource in ordered:
        collector.walk(resource, "", None)
    for text, reference, is_patient in collector.displays:
        found.display(text, reference, is_patient)
    return found


class _Collector:
    def __init__(self, found: Identifiers, patient: str | None) -> None:
        self.found, self._patient = found, patient
        self.displays: list[tuple[str, str | None, bool]] = []

    def walk(self, node: Any, key: str, holder: str | None) -> None:
        """`holder`: the reference of the person that the node is a part of."""
        if isinstance(node, list):
            for item in node:
                self.walk(item, key, holder)
        elif isinstance(node, dict):
            self._object(node, key, holder)
        elif isinstance(node, str) and node.strip():
            self._string(node, key)

    def _object(self, node: Json, key: str, holder: str | None) -> None:
        kind, ident = node.get("resourceType"), node.get("id")
        if isinstance(kind, str):
            if isinstance(ident, str):
                self.found.resources[kind, ident] = None
            holder = f"{kind}/{_ident(node)}" if kind in _PEOPLE else None
            if kind == "FamilyMemberHistory" and isinstance(node.get("name"), str):
                self.displays.append((node["name"], None, False))
        if "family" in node or "given" in node:
            self._human_name(node, holder)
        elif key == "name" and isinstance(node.get("text"), str):
            self.displays.append((node["text"], holder, self._is_patient(holder)))
        self._reference(node, key)
        self._value(node, key)
        if any(isinstance(node.get(part), str) for part in ("city", "postalCode", "line")) or "line" in node:
            self._address(node)
        if str(node.get("url", "")).lower().endswith("maidenname") and isinstance(
            node.get("valueString"), str
        ):
            self.displays.append((node["valueString"], None, False))
        if key in ("photo", "image") and isinstance(node.get("url"), str):
            self.found.values["URL", node["url"]] = None
        for name, value in node.items():
            # A contact's name is not that of the person whose contact it is.
            self.walk(value, name, None if name in ("contact", "contained", "qualification") else holder)

    def _string(self, value: str, key: str) -> None:
        low = key.lower()
        if low == "birthdate" or low == "borndate":
            self.found.births[value[:10]] = None
        elif low in _NUMBERS:
            self.found.values["ID", value] = None
        elif low == "authorstring":
            self.displays.append((value, None, False))

    def _human_name(self, node: Json, holder: str | None) -> None:
        given = [part for part in _list(node.get("given")) if isinstance(part, str)]
        family = node.get("family") if isinstance(node.get("family"), str) else ""
        text = node.get("text") if isinstance(node.get("text"), str) else ""
        written = " ".join((*given, family or "")).strip() or text or ""
        self.found.name(written, given, family or "", holder, self._is_patient(holder))
        if text:
            self.displays.append((text, holder, self._is_patient(holder)))

    def _reference(self, node: Json, key: str) -> None:
        reference, display = node.get("reference"), node.get("display")
        kind = node.get("type")
        somebody = None
        if isinstance(reference, str) and (target := _TARGET.match(reference)):
            kind = target[1]
            self.found.resources[kind, target[2]] = None
            somebody = f"{kind}/{target[2]}" if kind in _PEOPLE else None
        if not isinstance(display, str) or "code" in node or "system" in node:
            return
        role = kind in (None, "PractitionerRole") and key.lower() in _ROLES
        if kind in _PEOPLE or (role and not ORGANISATION.search(folded(display))):
            self.displays.append((display, somebody, self._is_patient(somebody)))

    def _value(self, node: Json, key: str) -> None:
        value = node.get("value")
        if not isinstance(value, str) or not value.strip():
            return
        system, low = node.get("system"), key.lower()
        if low.endswith("identifier") or low == "requisition":
            self.found.values["ID", value] = None
        elif system in ("phone", "fax", "sms", "pager"):
            self.found.phones[value] = None
        elif low == "telecom" or low.endswith("contactpoint"):
            kind = "EMAIL" if "@" in value else "URL" if system == "url" else "ID"
            self.found.values[kind, value] = None

    def _address(self, node: Json) -> None:
        parts = {key: node.get(key) for key in ("city", "district", "postalCode", "text")}
        plain = {
            key: value.strip() for key, value in parts.items() if isinstance(value, str) and value.strip()
        }
        lines = [line.strip() for line in _list(node.get("line")) if isinstance(line, str) and line.strip()]
        for place in (*lines, *(plain[key] for key in ("city", "district") if key in plain)):
            self.found.places[place] = None
        for line in plain.get("text", "").splitlines():
            self.found.places[line.strip(" ,")] = None
        if code := plain.get("postalCode"):
            # Four figures alone could be any number.
            short = len(code) < 5
            for town in filter(None, (plain.get("city"), node.get("state"))) if short else ():
                self.found.places |= {f"{code} {town}": None, f"{town} {code}": None}
            if not short:
                self.found.places |= {code: None, code.split("-")[0]: None}

    def _is_patient(self, holder: str | None) -> bool:
        return bool(holder) and holder == f"Patient/{self._patient}"


def birthdays(values: Iterable[str]) -> Iterator[tuple[dt.date, str]]:
    """Each whole date of birth, and how the record writes it."""
    for value in values:
        try:
            yield dt.date.fromisoformat(value), value
        except ValueError:
            continue


def _ident(resource: Json) -> str:
    """The resource's id; somebody without one is still somebody of their own."""
    ident = resource.get("id")
    return ident if isinstance(ident, str) else f"#{id(resource)}"


def _subject(resource: Json) -> str | None:
    for key in ("subject", "patient", "beneficiary"):
        reference = resource.get(key)
        reference = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(reference, str) and (found := re.search(r"Patient/([A-Za-z0-9.\-]{1,64})", reference)):
            return found[1]
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
