"""The billing work list: finished encounters, by whether they are still to be coded, wait for approval, or have a claim."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.accounts.roles import Principal
from services.bots.billing_code_suggester.schemas import BillingOutput
from services.console.billing_codes import Chosen, ask, display, is_visit
from services.console.billing_held import claimed, held_set, proposed, whole
from services.console.dates import show_date
from services.console.patients import PatientLine, patient_line
from services.errors import FabricError
from services.fhir.indexing import index_rows
from services.fhir.repository import Resource, Stored
from services.index.text import values
from services.index.text.care import ENCOUNTER_CLASSES

STATES = ("open", "waiting", "coded")
CLASSES = {
    code: ENCOUNTER_CLASSES[code].capitalize()
    for code in ("AMB", "VR", "EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "SS", "HH")
}
DAYS = 90
"""How far back the list reaches where no first day is asked for."""
MOST = 1_000
SIZE = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. "" is any; `since` and `until` are ISO days."""

    state: str = "open"
    patient: str = ""
    since: str = ""
    until: str = ""
    clinician: str = ""
    kind: str = ""
    page: int = 1

    def first_day(self) -> dt.date:
        """From which day on; without being asked, so many days back, or of one patient everything."""
        if self.since:
            return dt.date.fromisoformat(self.since)
        return dt.date(1900, 1, 1) if self.patient else _today() - dt.timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Row:
    """One encounter. `primary`, `level`: code and words of what is suggested, "" where there is none; `codes` and `gaps`
    are counts; `held`: the Task that waits or the Claim that is there, as a reference."""

    encounter: str
    patient: PatientLine
    date: str
    what: str
    kind: str
    clinician: str
    held: str
    primary: str = ""
    primary_title: str = ""
    level: str = ""
    level_title: str = ""
    codes: int = 0
    gaps: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """`counts` per state under the other filters; `clinicians`: reference → name, of all that is listed; `cut`: there
    are more than could be looked through."""

    rows: tuple[Row, ...]
    counts: dict[str, int]
    pages: int
    clinicians: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An encounter of the list, and what is held of it already."""

    stored: Stored
    resource: Resource
    state: str
    held: str


def listed(principal: Principal, filters: Filters) -> Listing:
    """One page of the list, newest first. Raises Forbidden where parts of the record may not be seen."""
    found, clinicians, cut = matching(principal, filters)
    counts = Counter(f.state for f in found)
    wanted = [f for f in found if f.state == filters.state]
    pages = max(1, -(-len(wanted) // SIZE))
    page = min(max(1, filters.page), pages)
    rows = rows_of(principal, wanted[(page - 1) * SIZE : page * SIZE])
    return Listing(tuple(rows), {s: counts[s] for s in STATES}, pages, clinicians, cut)


def matching(principal: Principal, filters: Filters) -> tuple[list[Found], dict[str, str], bool]:
    """(the encounters under all filters but the state, clinicians of the others, whether there are more)."""
    repository = whole(principal)
    params = [("status", "finished"), ("_sort", "-date"), ("_count", str(MOST)), ("date", f"ge{filters.first_day()}")]
    if filters.until:
        params.append(("date", f"le{filters.until}"))
    if filters.patient:
        params.append(("patient", f"Patient/{filters.patient}"))
    page = repository.search("Encounter", params)
    waiting = proposed(repository)
    pairs = [(stored, stored.resource) for stored in page.matches]
    clinicians = dict(sorted({c for _, r in pairs for c in _clinicians(r)}, key=lambda item: item[1]))
    kept = [
        (s, r) for s, r in pairs
        if (not filters.kind or _class(r) == filters.kind) and (not filters.clinician or filters.clinician in dict(_clinicians(r)))
    ]  # fmt: skip
    claims = claimed(repository, [s.reference for s, _ in kept])
    found = []
    for stored, resource in kept:
        if claim := claims.get(stored.reference):
            found.append(Found(stored, resource, "coded", claim))
        elif task := waiting.get(stored.id):
            found.append(Found(stored, resource, "waiting", task))
        else:
            found.append(Found(stored, resource, "open", ""))
    return found, clinicians, page.has_next


def next_open(principal: Principal, encounter: str) -> tuple[str, str] | None:
    """(patient, encounter) of what is to be coded after this one in the list as it is without filters; else the first."""
    found = matching(principal, Filters())[0]
    place = next((n for n, f in enumerate(found) if f.stored.id == encounter), -1)
    for each in (*found[place + 1 :], *found):
        patients = sorted(index_rows(each.resource).patients)
        if each.state == "open" and each.stored.id != encounter and len(patients) == 1:
            return patients[0], each.stored.id
    return None


def rows_of(principal: Principal, found: Sequence[Found]) -> list[Row]:
    """The encounters with what is suggested for each; without those whose patient isn't there."""
    repository = whole(principal)
    people: dict[str, PatientLine | None] = {}
    rows = []
    for each in found:
        patients = sorted(index_rows(each.resource).patients)
        if len(patients) != 1:
            continue
        if patients[0] not in people:
            stored = repository.find(f"Patient/{patients[0]}")
            people[patients[0]] = patient_line(stored.resource) if stored else None
        if person := people[patients[0]]:
            rows.append(_row(principal, each, person))
    return rows


def _row(principal: Principal, found: Found, person: PatientLine) -> Row:
    about = {
        "encounter": found.stored.id, "patient": person, "date": show_date(_start(found.resource)[:10]), "what": title(found.resource),
        "kind": _class(found.resource), "clinician": ", ".join(name for _, name in _clinicians(found.resource)), "held": found.held,
    }  # fmt: skip
    if found.held:
        return Row(**about, **_of_held(held_set(whole(principal), found.held)))
    try:
        output = ask(principal, person.id, found.stored.id)[1]
    except FabricError as error:
        return Row(**about, problem=error.message)
    return Row(**about, **_told(output))


def _of_held(codes: Chosen) -> dict:
    """What waits or was claimed, in place of a suggestion."""
    first = next(iter(codes.diagnoses), "")
    visit = next((s.code for s in codes.services if is_visit(s.code)), "")
    return {
        "primary": first, "primary_title": display(first) if first else "", "level": visit, "level_title": display(visit) if visit else "",
        "codes": len(codes.diagnoses) + len(codes.services),
    }  # fmt: skip


def _told(output: BillingOutput) -> dict:
    first = next((d for d in output.icd10_codes if d.is_primary), None)
    level = output.visit_level
    visit = next((c for c in output.cpt_codes if level and c.code == level.code), None) or next(
        (c for c in output.cpt_codes if is_visit(c.code)), None
    )
    return {
        "primary": first.code if first else "", "primary_title": first.display if first else "",
        "level": visit.code if visit else "", "level_title": visit.display if visit else "",
        "codes": len(output.icd10_codes) + len(output.cpt_codes), "gaps": len(output.documentation_gaps or ()),
    }  # fmt: skip


def title(encounter: Resource) -> str:
    """What kind of encounter, in its own words."""
    reasons = [values.concept(c) for c in values.objs(encounter.get("reasonCode"))]
    kind = values.concepts(encounter.get("type")) or CLASSES.get(_class(encounter), "Encounter")
    return ": ".join(filter(None, (kind, "; ".join(filter(None, reasons)))))


def _class(encounter: Resource) -> str:
    return values.code(values.obj(encounter.get("class")).get("code")) or ""


def _start(encounter: Resource) -> str:
    return values.string(values.obj(encounter.get("period")).get("start"))


def _clinicians(encounter: Resource) -> list[tuple[str, str]]:
    """(reference, name) of those who took part."""
    links = [values.obj(p.get("individual")) for p in values.objs(encounter.get("participant"))]
    return [(values.string(i.get("reference")), values.string(i.get("display")) or values.string(i.get("reference")))
            for i in links if values.string(i.get("reference"))]  # fmt: skip


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
