"""Whether the patient is to be resuscitated: the latest code status or order that the record holds, by its own words."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, on, truth, words
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry

_STATUS, _NOT = "finding:full-code", "finding:do-not-resuscitate"
_AGAINST = re.compile(
    r"\b(?:dnr|dni|dnar|dnacpr)\b|\bdo not (?:attempt )?(?:resuscitat|intubat)|\bnot for (?:resuscitation|cpr|attempted)"
    r"|\bno (?:cpr|code|resuscitation)\b|\bcomfort (?:care|measures)|\ballow natural death",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\bfull (?:code|resuscitation)|^\W*(?:is )?for (?:full )?(?:resuscitation|cpr)|\battempt (?:resuscitation|cpr)",
    re.IGNORECASE,
)
_ENDED = ("refuted", "resolved", "inactive", "remission", "none-known", "revoked", "cancelled", "completed")


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question is about something else, or the record holds no status."""
    asked = set(plan.target.concepts) & {_STATUS, _NOT}
    found = [e for e in (*chart.entries("result"), *chart.entries("condition"), *chart.entries("order")) if (e.own | e.named) & {_STATUS, _NOT}]
    found = sorted((e for e in found if e.kind == "result" or e.status not in _ENDED), key=lambda e: e.order)
    if not asked or not found or plan.ask in ("when", "count", "who", "trend"):
        return None
    (since, until), steps, known = window(chart, plan)
    if not known:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    then = [e for e in found if e.within(since, until)] or [e for e in found if until and e.last and e.last <= until]
    if not then:
        return absent("The record tells no code status of what was asked about.", steps, [_source(found[-1])])
    entry = then[-1]
    said = _said(entry)
    source = _source(entry)
    line = source.text
    steps += [f"{len(found)} statements of the code status; the latest {'of then ' if since or until else ''}counts"]
    if plan.ask != "exists" or not plan.yes_no:
        return Answer([Statement(f"{line}.", (source,))], words(said), steps=steps)
    against, wanted = bool(_AGAINST.search(said)), bool(_FOR.search(_AGAINST.sub(" ", said)))
    if against == wanted:  # neither, or "full code, but no intubation"
        return absent(f"The record does not say it plainly: {line}.", steps, [source])
    true = against if _NOT in asked else not against
    return Answer([Statement(f"{'Yes' if true else 'No'}: {line}.", (source,))], truth(true), steps=steps, certainty=0.9)


def _source(entry: Entry) -> Source:
    line = f"{entry.name}{f': {entry.measure.text}' if entry.measure else ''}, {on(entry)}"
    return Source(entry, line, entry.measure.element if entry.measure else "code")


def _said(entry: Entry) -> str:
    return entry.measure.text if entry.measure else entry.name
