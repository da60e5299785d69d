"""Drafts and signed notes as the page lists them, and what a new one can be made for."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.bots.documentation_assistant.followed import visit_line
from services.bots.documentation_assistant.kinds import KINDS
from services.bots.documentation_assistant.visit import open_visit
from services.console.dates import show_date, show_moment
from services.console.patients import PatientLine, patient_line
from services.drafts.note import State, is_ours, state_of, title_of
from services.errors import FabricError, NotFound
from services.fhir.indexing import fold
from services.fhir.origin import origins
from services.fhir.repository import Repository, Resource, Stored
from services.index.text import values
from services.runtime.system import system

STATES: dict[str, str] = {"draft": "Not signed", "signed": "Signed", "discarded": "Discarded"}
TYPES: dict[str, tuple[str, str]] = {
    **{key: (kind.title, kind.loinc) for key, kind in KINDS.items()},
    "summary": ("Summary", "34133-9"),
}
"""What a note is called, and its LOINC code."""
MADE = tuple(KINDS)
"""The types that can be made here."""
FIRST = 100
"""Notes that the list shows."""
_LOOKED = 5_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; "" for any. `type` is a key of TYPES."""

    words: str = ""
    state: str = "draft"
    type: str = ""
    patient: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A note in the list. `unsaved`: this person has text in it that is not saved as a version."""

    id: str
    title: str
    patient: PatientLine
    state: State
    when: str
    age: str
    author: str
    encounter: str
    unsaved: bool


@dataclass(frozen=True, slots=True)
class Visitable:
    """An encounter that a note can be written for."""

    id: str
    label: str


def listed(principal: Principal, filters: Filters) -> tuple[list[Line], bool]:
    """The newest first, and whether there are more. Words are looked for in text, type and patient."""
    principal.require("search")
    parts = system()
    repository = parts.repository_for(principal)
    wanted = fold(filters.words).split()
    reader = Reader(repository, principal)
    lines: list[Line] = []
    code = TYPES[filters.type][1] if filters.type in TYPES else ""
    working = parts.drafts.working(principal.reference)
    for note_id in parts.drafts.listed(filters.state, code, filters.patient)[:_LOOKED]:
        stored = repository.find(f"DocumentReference/{note_id}")
        if stored is None or not is_ours(resource := stored.resource):
            continue
        author = reader.author(stored)
        if filters.mine and author != principal.reference and note_id not in working:
            continue
        person = reader.patient(resource)
        if person is None:
            continue
        if wanted:
            held = f"{parts.drafts.words(note_id)} {fold(f'{person.name} {person.identifier} {title_of(resource)}')}"
            if not all(word in held for word in wanted):
                continue
        if len(lines) == FIRST:
            return lines, True
        lines.append(reader.line(stored, resource, person, author, note_id in working))
    return lines, False


class Reader:
    """Puts notes into lines; each name is looked up once."""

    def __init__(self, repository: Repository, principal: Principal) -> None:
        self._repository = repository
        self._people: dict[str, PatientLine | None] = {}
        self._members: dict[str, str] = {principal.reference: principal.name}
        self._zone = system().settings.timezone

    def name(self, reference: str) -> str:
        """A member's name, from the resource that stands for them."""
        if reference not in self._members:
            found = system().repository.find(reference)
            named = values.objs(found.resource.get("name")) if found else []
            given = " ".join(str(g) for n in named[:1] for g in n.get("given") or [])
            told = next((str(n["text"]) for n in named if n.get("text")), "") or " ".join(
                filter(None, (given, *(str(n.get("family") or "") for n in named[:1])))
            )
            self._members[reference] = told or ("The console" if reference.startswith("System/") else "Not Known")
        return self._members[reference]

    def author(self, stored: Stored) -> str:
        """Who wrote its first version."""
        return system().repository.created_by(stored) or ""

    def patient(self, resource: Resource) -> PatientLine | None:
        reference = str(values.obj(resource.get("subject")).get("reference") or "")
        if reference not in self._people:
            found = self._repository.find(reference)
            self._people[reference] = patient_line(found.resource) if found else None
        return self._people[reference]

    def line(self, stored: Stored, resource: Resource, person: PatientLine, author: str, unsaved: bool) -> Line:
        return Line(
            stored.id, str(resource.get("description") or "").removesuffix(", draft") or title_of(resource), person,
            state_of(resource), show_moment(stored.updated, self._zone), ago(stored.updated), self.name(author),
            self.encounter(resource), unsaved,
        )  # fmt: skip

    def encounter(self, resource: Resource) -> str:
        linked = values.objs(values.obj(resource.get("context")).get("encounter"))
        found = self._repository.find(str(linked[0].get("reference") or "")) if linked else None
        return encounter_told(found.resource) if found else ""


def encounter_told(encounter: Resource) -> str:
    """Date, class and reason of an Encounter in a line."""
    start = values.obj(encounter.get("period")).get("start")
    kind = values.concepts(encounter.get("type")) or values.string(values.obj(encounter.get("class")).get("display"))
    kind = kind or values.string(values.obj(encounter.get("class")).get("code"))
    reason = values.concepts(encounter.get("reasonCode"))
    return " · ".join(filter(None, (show_date(start) if isinstance(start, str) else "", kind, reason)))


def encounters(principal: Principal, patient_id: str) -> list[Visitable]:
    """The patient's encounters, the newest first. Raises NotFound where there is no such patient."""
    parts = system()
    chart = parts.charts.open(parts.repository_for(principal), patient_id, dt.datetime.now(dt.UTC).date())
    found = sorted(chart.entries("encounter"), key=lambda e: e.order, reverse=True)
    return [Visitable(e.id, encounter_told(e.resource) or e.name) for e in found]


def encounter_line(principal: Principal, patient_id: str, encounter_id: str) -> str:
    """The encounter as a note tells it; "" where it is not there."""
    parts = system()
    try:
        chart = parts.charts.open(parts.repository_for(principal), patient_id, dt.datetime.now(dt.UTC).date())
        return visit_line(open_visit(chart, encounter_id, False)).text
    except FabricError:
        return ""


def authors(stored: list[Stored]) -> list[str]:
    """Who wrote each version: references."""
    known = origins(system().database, stored)
    return [(o.author if (o := known.get((s.type, s.id, s.version))) else "") or "" for s in stored]


def model_told() -> str:
    """Whether a chat model words parts of a note."""
    if system().router.chat_available():
        return "A chat model words parts of the history; each of its sentences is checked against the record."
    return "Put together from the record; no chat model is set up, and none is needed."


def ago(moment: str, now: dt.datetime | None = None) -> str:
    """How long ago a FHIR instant was, in its largest unit."""
    seconds = ((now or dt.datetime.now(dt.UTC)) - dt.datetime.fromisoformat(moment)).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count:,} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def clock(moment: str) -> str:
    """The time of day in the clinic's zone, with the day where it is not today's."""
    zone = zoneinfo.ZoneInfo(system().settings.timezone)
    at = dt.datetime.fromisoformat(moment).astimezone(zone)
    return f"{at:%H:%M}" if at.date() == dt.datetime.now(zone).date() else show_moment(moment, str(zone))


def find(repository: Repository, note_id: str) -> Stored:
    """Raises NotFound in words for a person."""
    stored = repository.find(f"DocumentReference/{note_id}")
    if stored is None:
        raise NotFound("There is no such draft, or you may not see it.")
    return stored
