"""Finding a patient, and the banner that says who it is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from rapidfuzz import fuzz

from services.accounts.roles import Principal
from services.console.dates import age, show_date
from services.errors import FabricError, PatientNotFound
from services.fhir.indexing import fold
from services.fhir.repository import Repository, Resource
from services.runtime.system import system

AllergyState = Literal[
    "Known allergies", "No known allergies", "Allergies not recorded", "Allergies unavailable"
]
_NO_KNOWN = frozenset({"716186003", "409137002", "428607008", "429625007"})
"""SNOMED CT: no known allergy; no known drug, environmental and food allergy."""


LIMIT = 50
"""How many patients a list shows."""


@dataclass(frozen=True, slots=True)
class PatientLine:
    """One patient in a list."""

    id: str
    name: str
    born: str
    age: str
    gender: str
    identifier: str
    deceased: str | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands on top of every page about a patient."""

    patient: PatientLine
    allergy_state: AllergyState
    allergies: tuple[str, ...] = field(default_factory=tuple)


def find_patients(principal: Principal, text: str = "", limit: int = LIMIT) -> tuple[list[PatientLine], int]:
    """Patients by name (typing errors forgiven), birth date or identifier; the newest where nothing is asked.

    Returns (lines, number of all patients).
    """
    principal.require("search")
    repository = system().repository_for(principal)
    total = repository.search("Patient", [("_summary", "count")]).total or 0
    text = text.strip()
    if not text:
        page = repository.search("Patient", [("_count", str(limit)), ("_sort", "family")])
        return [patient_line(m.resource) for m in page.matches], total
    found: dict[str, Resource] = {}
    for params in _exact(text):
        for match in repository.search("Patient", [*params, ("_count", str(limit))]).matches:
            found[match.id] = match.resource
    if len(found) < 5 and len(text) >= 3:
        for resource in _similar(repository, text, limit):
            found.setdefault(resource["id"], resource)
    return [patient_line(r) for r in list(found.values())[:limit]], total


def _exact(text: str) -> list[list[tuple[str, str]]]:
    born = _birth_date(text)
    if born:
        return [[("birthdate", born)]]
    asked = [[("identifier", text)]]
    if re.fullmatch(r"\d[\d ]*\d", text) and " " in text:  # in groups, as the banner shows it
        asked.append([("identifier", text.replace(" ", ""))])
    words = [w for w in re.split(r"[\s,]+", text) if w]
    asked.append([("name", w) for w in words])
    return asked


def _similar(repository: Repository, text: str, limit: int) -> list[Resource]:
    """Names within a typing error or two. Over very many patients only those that share a beginning are held."""
    wanted = fold(text)
    scored = []
    candidates: dict[str, Resource] = {}
    starts = {w[:n] for w in wanted.split() for n in (1,)}
    for start in starts:
        for name in ("family", "given"):
            for match in repository.search("Patient", [(name, start), ("_count", "1000")]).matches:
                candidates[match.id] = match.resource
    for resource in candidates.values():
        name = fold(display_name(resource)).replace(",", " ")
        score = fuzz.token_sort_ratio(wanted, name)
        partial = max((fuzz.ratio(w, p) for w in wanted.split() for p in name.split()), default=0)
        if score >= 75 or partial >= 80:
            scored.append((max(score, partial), resource))
    scored.sort(key=lambda item: -item[0])
    return [r for _, r in scored[:limit]]


def surely(text: str, line: PatientLine) -> bool:
    """Whether all that was typed begins a part of the patient's name, or is a number or date: no typing error was forgiven."""
    parts = fold(line.name).replace(",", " ").split()
    words = fold(text).replace(",", " ").split()
    return all(any(c.isdigit() for c in word) or any(p.startswith(word) for p in parts) for word in words)


def _birth_date(text: str) -> str | None:
    for pattern in ("%Y-%m-%d", "%d-%b-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date().isoformat()
        except ValueError:
            continue
    return None


def line_of(principal: Principal, patient_id: str) -> PatientLine | None:
    """Who a resource belongs to; None where that isn't in the record."""
    stored = system().repository_for(principal).find(f"Patient/{patient_id}")
    return patient_line(stored.resource) if stored else None


def banner(principal: Principal, patient_id: str) -> Banner:
    """Raises PatientNotFound. A failure to read allergies is said, never shown as "none"."""
    repository = system().repository_for(principal)
    try:
        resource = repository.read("Patient", patient_id).resource
    except FabricError as error:
        raise PatientNotFound("There is no such patient, or you may not see them.") from error
    try:
        state, names = _allergies(repository, patient_id)
    except FabricError:
        state, names = "Allergies unavailable", ()
    return Banner(patient_line(resource), state, names)


def _allergies(repository: Repository, patient_id: str) -> tuple[AllergyState, tuple[str, ...]]:
    page = repository.search("AllergyIntolerance", [("patient", f"Patient/{patient_id}"), ("_count", "200")])
    names, none_known = [], False
    for match in page.matches:
        resource = match.resource
        if _codes(resource.get("verificationStatus")) & {"entered-in-error", "refuted"}:
            continue
        if _codes(resource.get("clinicalStatus")) & {"inactive", "resolved"}:
            continue
        if _codes(resource.get("code")) & _NO_KNOWN:
            none_known = True
            continue
        name = text_of(resource.get("code")) or "Unnamed substance"
        reactions = [text_of(m) for r in resource.get("reaction") or [] for m in r.get("manifestation") or []]
        high = " (high risk)" if resource.get("criticality") == "high" else ""
        names.append(f"{name}{high}{': ' + ', '.join(filter(None, reactions)) if any(reactions) else ''}")
    if names:
        return "Known allergies", tuple(sorted(names))
    return ("No known allergies" if none_known else "Allergies not recorded"), ()


def patient_line(resource: Resource, today: dt.date | None = None) -> PatientLine:
    today = today or dt.datetime.now(dt.UTC).date()
    died = resource.get("deceasedDateTime")
    at = today
    if isinstance(died, str):
        try:
            at = dt.date.fromisoformat(died[:10])
        except ValueError:
            at = today
    deceased = show_date(died) if died else "Yes" if resource.get("deceasedBoolean") is True else None
    return PatientLine(
        id=resource["id"],
        name=display_name(resource),
        born=show_date(resource.get("birthDate")),
        age=age(resource.get("birthDate"), at),
        gender=_gender(resource.get("gender")),
        identifier=_identifier(resource),
        deceased=deceased,
    )


def display_name(resource: Resource) -> str:
    """FAMILY, Given: the order in which lists are read. "Not Known" where no name is recorded."""
    names = [n for n in resource.get("name") or [] if isinstance(n, dict)]
    name = next((n for n in names if n.get("use") == "official"), names[0] if names else {})
    family = name.get("family") if isinstance(name.get("family"), str) else ""
    given = " ".join(g for g in name.get("given") or [] if isinstance(g, str))
    if family or given:
        return ", ".join(p for p in (family.upper() if family else "", given) if p)
    text = name.get("text")
    return text if isinstance(text, str) and text.strip() else "Not Known"


def _gender(value: Any) -> str:
    return value.capitalize() if isinstance(value, str) and value and value != "unknown" else "Not Known"


def _identifier(resource: Resource) -> str:
    found = [
        i for i in resource.get("identifier") or [] if isinstance(i, dict) and isinstance(i.get("value"), str)
    ]
    record = next((i for i in found if "MR" in _codes(i.get("type"))), found[0] if found else None)
    if record is None:
        return "Not Known"
    value = record["value"]
    if value.isdigit() and len(value) > 4:  # digits in groups are read without slips
        return " ".join(value[max(0, i - 3) : i] for i in range(len(value) % 3 or 3, len(value) + 1, 3))
    return value


def _codes(concept: Any) -> set[str]:
    if not isinstance(concept, dict):
        return set()
    return {c["code"] for c in concept.get("coding") or [] if isinstance(c, dict) and c.get("code")}


def text_of(concept: Any) -> str:
    """The words of a CodeableConcept."""
    if not isinstance(concept, dict):
        return ""
    if isinstance(concept.get("text"), str) and concept["text"]:
        return concept["text"]
    codings = [c for c in concept.get("coding") or [] if isinstance(c, dict)]
    return next((c["display"] for c in codings if isinstance(c.get("display"), str)), "")
