"""Questions that this patient's record can answer, to start from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from services.accounts.roles import Principal
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.errors import Gone, NotFound, PatientNotFound
from services.knowledge.lexicon import lexicon
from services.runtime.system import system

MOST = 6
_HBA1C = "4548-4"  # LOINC: Hemoglobin A1c/Hemoglobin.total in Blood
_OVER = frozenset({"inactive", "resolved", "remission", "refuted", "none-known"})


def suggestions(principal: Principal, patient_id: str) -> list[str]:
    """At most six, the most telling first. Raises PatientNotFound, Unauthorized."""
    principal.require("search")
    context = system().context(principal)
    try:
        chart = context.charts.open(context.repository, patient_id, dt.datetime.now(dt.UTC).date())
    except (NotFound, Gone) as error:
        raise PatientNotFound("There is no such patient, or you may not see them.") from error
    results = [e for e in chart.entries("result") if e.measure]
    found = [f"How has {name} changed?" for name in _changing(results)]
    if any(_outside(e) for e in {e.name: e for e in results}.values()):
        found.append("Which latest results are out of range?")
    found += _of_the_rest(chart)
    return found[:MOST]


def _of_the_rest(chart: Chart) -> list[str]:
    asked = {
        "Summarise the last visit": any(e.status == "finished" for e in chart.entries("encounter")),
        "What are the current medications?": any(e.status == "active" for e in chart.entries("medication")),
        "What are the active problems?": any(e.status not in _OVER for e in chart.entries("condition")),
        "What allergies are recorded?": bool(chart.entries("allergy")),
        "Which vaccines were given?": any(e.status == "completed" for e in chart.entries("immunization")),
    }
    return [question for question, known in asked.items() if known]


def _changing(results: list[Entry]) -> list[str]:
    """HbA1c where it was measured twice, and the result that is most out of range, by count of its values."""
    series: dict[str, list[Entry]] = defaultdict(list)
    for entry in results:
        if entry.measure and entry.measure.amount is not None and entry.date:
            series[_name(entry)].append(entry)
    several = {name: entries for name, entries in series.items() if len(entries) > 1}
    long_term = [name for name, entries in several.items() if _codes(entries[-1]) == _HBA1C]
    off = {n: sum(map(_outside, es)) for n, es in several.items() if n not in long_term and _outside(es[-1])}
    worst = sorted(off, key=lambda n: (-off[n], n))[:1]
    return [*long_term[:1], *worst]


def _name(entry: Entry) -> str:
    """What a person calls it: the concept's name where it is known, since a record may give it a whole LOINC name."""
    known = lexicon()
    names = sorted(known.get(c).name for c in entry.own if c in known)
    return names[0] if len(names) == 1 else entry.name


def _codes(entry: Entry) -> str:
    coding = (entry.resource.get("code") or {}).get("coding") or []
    return next((c["code"] for c in coding if isinstance(c, dict) and c.get("code") == _HBA1C), "")


def _outside(entry: Entry) -> bool:
    measure = entry.measure
    if measure is None or measure.amount is None:
        return False
    return (measure.high is not None and measure.amount > measure.high) or (
        measure.low is not None and measure.amount < measure.low
    )
