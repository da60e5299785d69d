"""An encounter with all that belongs to it."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Set
from typing import Any

from services.bots.billing_code_suggester.model import Support, support
from services.chart.chart import Chart
from services.chart.entry import Entry, days, died_by
from services.index.text import values
from services.index.text.rendering import document_text

HOSPITAL = frozenset(["IMP", "ACUTE", "NONAC", "OBSENC", "SS"])
_MATERNITY = re.compile(r"\b(?:pre|ante|post)-?(?:natal|partum)\b|\bobstetric", re.IGNORECASE)
_PREVENTIVE = re.compile(
    r"\bcheck[ -]?up\b|\bwell[ -](?:child|baby|woman|man)\b|\b(?:annual|periodic|preventive|wellness|general) "
    r"(?:medical |health |physical |wellness )?(?:exam|visit|physical|check)|\bwellness visit\b",
    re.IGNORECASE,
)
_NO_VISIT = re.compile(
    r"\bcertification\b|\btelephone\b|\boutpatient procedure\b|\bimmuni[sz]ation only\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\bnurs(?:e|ing)\b|\bdieti[ct]ian|\bnutrition|\b(?:physical|occupational|speech|respiratory) therap|\bsocial work|\bcase manag"
    r"|\bpharmac(?:y|ist)\b|\bmedical assistant\b|\btechnician\b|\bchaplain",
    re.IGNORECASE,
)
_PRACTITIONER = re.compile(r"\bnurse (?:practitioner|midwife|an(?:a)?esthetist)|\bclinical nurse specialist", re.IGNORECASE)
_POSTPARTUM = re.compile(r"\bpost-?(?:natal|partum)\b", re.IGNORECASE)
_CONSULT = re.compile(r"\bconsult", re.IGNORECASE)
_INACTIVE = frozenset(
    ["entered-in-error", "cancelled", "not-done", "preparation", "in-progress", "on-hold", "draft"]
)


def refers(resource: dict[str, Any], reference: str) -> bool | None:
    """Whether a resource says that it is of this encounter; None where it names no encounter at all."""
    context = resource.get("context")
    links = [resource.get("encounter")]
    if context is not None:
        links += values.many(context)
        links += values.many(context.get("encounter")) if isinstance(context, dict) else ()
    found = None
    for link in links:
        named = link.get("reference") if isinstance(link, dict) else None
        if isinstance(named, str) and named.startswith("Encounter/"):
            if named == reference:
                return True
            found = False
    return found


def codes(concepts: Any) -> Iterator[tuple[str, str]]:
    """(system, code) of the codings, for the many results of an encounter: as `values.codings`, without its care for order."""
    for concept in concepts if isinstance(concepts, list) else (concepts,):
        for coding in (concept.get("coding") or ()) if isinstance(concept, dict) else ():
            if isinstance(coding, dict) and isinstance(coding.get("code"), str):
                yield str(coding.get("system") or ""), coding["code"]


def loinc(entry: Entry) -> str:
    for system, code in codes(entry.resource.get("code")):
        if system.endswith("loinc.org"):
            return code
    return ""


class Visit:
    """One encounter of the chart. Made for one question, in one thread."""

    def __init__(self, chart: Chart, entry: Entry) -> None:
        self.chart, self.entry, self.resource = chart, entry, entry.resource
        self._known: dict[tuple[str, ...], tuple[list[Entry], list[Entry]]] = {}
        self.start = entry.first or chart.as_of
        covered = days(entry.end)
        self.end = max(covered[1] if covered else self.start, self.start)
        self.kind = str(entry.extra.get("class") or "")
        self.type = " ".join(
            filter(None, (values.concepts(self.resource.get("type")), str(entry.extra.get("reason") or "")))
        )

    @property
    def inpatient(self) -> bool:
        return self.kind in HOSPITAL

    @property
    def died(self) -> bool:
        """Whether the patient had died by the end of the encounter, as far as the record tells."""
        return died_by(self.chart.patient.resource, self.end)

    @property
    def family(self) -> str:
        """office, hospital, emergency, preventive, consultation, maternity or none."""
        if _NO_VISIT.search(self.type):
            return "none"
        if self.inpatient:
            return "consultation-hospital" if _CONSULT.search(self.type) and self._requested() else "hospital"
        if self.kind == "EMER":
            return "emergency"
        if self.kind not in ("AMB", "VR", ""):
            return "none"
        if _MATERNITY.search(self.type):
            return "maternity"
        if _PREVENTIVE.search(values.concepts(self.resource.get("type"))) or any(
            c.startswith("Z00") for _, c in values.codings(self.resource.get("reasonCode"))
        ):
            return "preventive"
        return "consultation" if _CONSULT.search(self.type) and self._requested() else "office"

    @property
    def postpartum(self) -> bool:
        return self.family == "maternity" and bool(_POSTPARTUM.search(self.type))

    def _requested(self) -> bool:
        """A consultation is asked for by another professional, and reported back: order and note."""
        return bool(values.objs(self.resource.get("basedOn"))) and bool(self.notes)

    def of(self, *kinds: str) -> list[Entry]:
        """Entries of these kinds that say they belong to the encounter."""
        return self._belonging(kinds)[0]

    def near(self, *kinds: str) -> list[Entry]:
        """Entries that name no encounter and are of its one day, where the patient had no other that day."""
        if self.start != self.end or self._others_that_day:
            return []
        return [e for e in self._belonging(kinds)[1] if e.first == e.last == self.start]

    def _belonging(self, kinds: tuple[str, ...]) -> tuple[list[Entry], list[Entry]]:
        """Entries of the encounter, and of none."""
        if kinds not in self._known:
            of: list[Entry] = []
            loose: list[Entry] = []
            for entry in self.chart.entries(*kinds):
                belongs = refers(entry.resource, self.entry.reference)
                if entry.status not in _INACTIVE and belongs is not False:
                    (of if belongs else loose).append(entry)
            self._known[kinds] = of, loose
        return self._known[kinds]

    @functools.cached_property
    def _others_that_day(self) -> bool:
        return any(
            e.first == self.start and e.reference != self.entry.reference
            for e in self.chart.entries("encounter")
        )

    @functools.cached_property
    def notes(self) -> list[tuple[Entry, str]]:
        """(document, its text) of the encounter's notes by who may diagnose and bill: a nurse's note codes nothing (ICD-10-CM
        Official Guidelines FY 2026, I.B.14: the provider's documentation)."""
        found = []
        for entry in self.of("document"):
            ours = not _OTHERS.search(entry.name) or _PRACTITIONER.search(entry.name)
            if ours and values.code(entry.resource.get("status")) != "superseded":
                text = document_text(entry.resource, self.chart.resolve)
                if text:
                    found.append((entry, text))
        return found

    @functools.cached_property
    def results(self) -> list[Entry]:
        """Results of the encounter, one for each Observation (not its components)."""
        return [e for e in self.of("result") if not e.part]

    def of_loinc(self, wanted: Set[str]) -> Iterator[tuple[str, Entry]]:
        """(LOINC code, result) of the encounter's results under one of these codes."""
        for entry in self.results:
            if not entry.codes.isdisjoint(wanted) and (code := loinc(entry)) in wanted:
                yield code, entry

    @functools.cached_property
    def parts(self) -> list[Entry]:
        """Results and components of the encounter."""
        return self.of("result")

    def last_number(self, concept: str) -> Entry | None:
        """The encounter's latest result or component of a concept that is a number, and not zero."""
        of_it = (e for e in reversed(self.parts) if concept in e.own)
        return next((e for e in of_it if e.measure and e.measure.amount), None)

    @functools.cached_property
    def orders(self) -> list[Entry]:
        """Prescriptions that were written in the encounter, what was stopped since included."""
        return [
            e for e in self.of("medication")
            if e.type == "MedicationRequest" and e.status in ("active", "completed", "stopped") and e.extra.get("given") is not True
        ]  # fmt: skip

    @functools.cached_property
    def reference(self) -> Support:
        return support(self.entry, self.type)

    @functools.cached_property
    def people(self) -> frozenset[str]:
        """References of those who took part."""
        return people(self.resource)

    @functools.cached_property
    def medicare(self) -> bool:
        """Whether Medicare is the payer on record: of a coverage that holds on the day, else, where no coverage is recorded,
        of the latest claim till then."""
        held = [e for e in self.chart.entries("coverage") if e.status in ("active", "") and self._holds(e)]
        if not held:
            claims = self.chart.entries("claim")
            held = [e for e in claims if e.status == "active" and e.first and e.first <= self.start][-1:]
        return any("medicare" in e.name.lower() for e in held)

    def _holds(self, coverage: Entry) -> bool:
        """Whether a coverage's period, where it has one, holds the day of the visit."""
        ended = days(coverage.end)
        begun = coverage.first
        return not ((begun and begun > self.start) or (ended and ended[1] < self.start))


def people(resource: dict[str, Any]) -> frozenset[str]:
    """References of the participants of an Encounter."""
    return frozenset(
        str(link["reference"])
        for p in values.objs(resource.get("participant"))
        if (link := values.obj(p.get("individual") or p.get("actor"))).get("reference")
    )


def within_years(earlier: dt.date, later: dt.date, years: int) -> bool:
    """Whether the earlier day lies less than so many years before the later one."""
    try:
        limit = later.replace(year=later.year - years)
    except ValueError:  # 29 February
        limit = later.replace(year=later.year - years, day=28)
    return limit < earlier <= later
