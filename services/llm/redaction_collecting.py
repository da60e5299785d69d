"""Which identifiers a record holds: people, numbers, addresses, dates of birth, from FHIR JSON of any shape."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from services.llm.redaction_folding import folded
from services.llm.redaction_words import CREDENTIALS, ORGANISATION, PARTICLES, RELATIONS, TITLES

Json = dict[str, Any]

WORD = re.compile(r"[^\W\d_]+")
_PEOPLE = frozenset(("Patient", "Practitioner", "RelatedPerson", "Person"))
_TARGET = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/\S*)?$")
# Where a reference that names no type, or a plain string, still means somebody.
_ROLES = frozenset(
    [
        "actor",
        "agent",
        "assertedby",
        "asserter",
        "attester",
        "author",
        "authorstring",
        "beneficiary",
        "careprovider",
        "collector",
        "dispenser",
        "enterer",
        "evaluator",
        "generalpractitioner",
        "individual",
        "informant",
        "informationsource",
        "interpreter",
        "member",
        "onbehalfof",
        "operator",
        "owner",
        "participant",
        "party",
        "patient",
        "payee",
        "performer",
        "policyholder",
        "prescriber",
        "provider",
        "receiver",
        "recipient",
        "recorder",
        "requester",
        "responsible",
        "resultsinterpreter",
        "sender",
        "source",
        "subject",
        "subscriber",
        "transcriber",
        "verifier",
        "who",
        "witness",
    ]
)
_NUMBERS = frozenset(
    [
        "subscriberid",
        "policynumber",
        "memberid",
        "serialnumber",
        "deviceidentifier",
        "carrierhrf",
        "carrieraidc",
        "distinctidentifier",
        "uid",
        "accession",
        "accessionnumber",
        "preauthref",
        "claimnumber",
        "accountnumber",
    ]
)

# As names are spelt where a keyboard has no umlauts.
_SPELT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "å": "aa",
        "ø": "oe",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Å": "Aa",
        "Ø": "Oe",
    }
)


@dataclass
class Person:
    """One person and each written name, as given and family parts in folded words."""

    patient: bool
    written: str
    names: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)


@dataclass
class Identifiers:
    """What was found. `values` are (kind, value as written); `places` are lines, towns and postal codes."""

    people: list[Person] = field(default_factory=list)
    values: dict[tuple[str, str], None] = field(default_factory=dict)
    phones: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    births: dict[str, None] = field(default_factory=dict)
    resources: dict[tuple[str, str], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_reference: dict[str, Person] = {}
        self._by_words: dict[frozenset[str], Person] = {}

    def name(
        self, written: str, given: Iterable[str], family: str, reference: str | None, patient: bool
    ) -> None:
        """Somebody's name; the same reference or the same words mean the same person."""
        given = " ".join(given)
        split = (_words(given), _words(family))
        words = frozenset(itertools.chain(*split))
        if not words or words <= RELATIONS or not any(len(word) > 1 for word in words):
            return
        person = self._by_reference.get(reference) if reference else None
        person = person or (self._by_reference.get("the patient") if patient else self._by_words.get(words))
        if person is None:
            person = Person(patient, written)
            self.people.append(person)
        if reference:
            self._by_reference.setdefault(reference, person)
        if patient:
            self._by_reference["the patient"] = person
        self._by_words.setdefault(words, person)
        for name in (split, (_words(given.translate(_SPELT)), _words(family.translate(_SPELT)))):
            if name not in person.names:
                person.names.append(name)

    def display(self, text: str, reference: str | None, patient: bool) -> None:
        """A name in one string, in either order, with titles and degrees."""
        given, family = parse_name(text)
        if given or family:
            self.name(plain_name(text), given, family, reference, patient)


def collect(resources: Iterable[Json]) -> Identifiers:
    """Every identifier within these resources. What is malformed is passed over."""
    all_of_them = [resource for resource in resources if isinstance(resource, dict)]
    first = next((r for r in all_of_them if r.get("resourceType") == "Patient"), None)
    found = Identifiers()
    patient = first.get("id") if first else next(filter(None, map(_subject, all_of_them)), None)
    # Patients first: of two people of one family name, a bare one means the patient.
    ordered = sorted(all_of_them, key=lambda r: (r is not first, r.get("resourceType") not in _PEOPLE))
    collector = _Collector(found, patient if isinstance(patient, str) else None)
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
            # Somebody without an id is still somebody of their own.
            holder = f"{kind}/{ident or f'#{id(node)}'}" if kind in _PEOPLE else None
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


def plain_name(text: str) -> str:
    """The name without titles, degrees and remarks in brackets."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)
    kept = [word for word in re.split(r"\s+", text) if not _is_title(word)]
    return " ".join(kept).strip(" ,")


def parse_name(text: str) -> tuple[list[str], str]:
    """Given names and the family name, of "Dr. Ann Lee, MD" as of "Lee, Ann"."""
    head, comma, tail = plain_name(text).partition(",")
    tail = tail.replace(",", " ").strip()
    if comma and tail:
        return tail.split(), head
    words = head.split()
    if not words:
        return [], ""
    # "Anna van der Berg": particles belong to the family name.
    at = next(
        (i for i, word in enumerate(words) if 0 < i < len(words) - 1 and folded(word) in PARTICLES),
        len(words) - 1,
    )
    return words[:at], " ".join(words[at:])


def birthdays(values: Iterable[str]) -> Iterator[tuple[dt.date, str]]:
    """Each whole date of birth, and how the record writes it."""
    for value in values:
        try:
            yield dt.date.fromisoformat(value), value
        except ValueError:
            continue


def _is_title(word: str) -> bool:
    bare = re.sub(r"[^a-z]", "", folded(word))
    if bare in ("jr", "sr", "phd", "pharmd") or bare in TITLES:
        return True
    return bare in CREDENTIALS and (word.isupper() or not word[-1:].isalpha())  # "Do" and "Ma" are names


def _subject(resource: Json) -> str | None:
    for key in ("subject", "patient", "beneficiary"):
        reference = resource.get(key)
        reference = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(reference, str) and (found := re.search(r"Patient/([A-Za-z0-9.\-]{1,64})", reference)):
            return found[1]
    return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(folded(text)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
