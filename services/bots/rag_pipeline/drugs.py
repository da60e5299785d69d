"""How orders and statements of drugs are told and grouped."""

from __future__ import annotations

import datetime as dt

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Source,
    on,
    shown,
)
from services.bots.rag_pipeline.courses import drug_key, is_current
from services.bots.rag_pipeline.event_groups import OFTENEST
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import family
from services.knowledge.lexicon import lexicon

_STATES = {"on-hold": "on hold", "stopped": "stopped", "completed": "completed", "cancelled": "cancelled, never given",
           "proposed": "proposed, not ordered", "draft": "draft, not ordered", "do-not-give": "must not be given", "not-taken": "not taken"}  # fmt: skip


def source(entry: Entry) -> Source:
    text = f"{entry.name}: {entry.extra.get('dose') or 'no dose recorded'} ({state(entry)})"
    return Source(entry, text, "dosageInstruction" if entry.type == "MedicationRequest" else "dosage")


def state(entry: Entry) -> str:
    word = _STATES.get(entry.status, entry.status or "status not recorded")
    why = entry.extra.get("why_status")
    return f"{word}: {why}" if why and entry.status != "active" else word


def described(entry: Entry) -> str:
    dose = entry.extra.get("dose")
    return f"{entry.name}{f', {dose[0].lower() + dose[1:]}' if dose else ''}"


def ordered(entry: Entry) -> str:
    verb = "given" if entry.extra.get("given") else "stated" if entry.extra.get("statement") else "ordered"
    over = days(entry.extra.get("stay_ended")) if entry.status == "active" else None
    return f"{verb} {on(entry)}{f' for a hospital stay that ended on {shown(over[1].isoformat())}' if over else ''}"


def doses(entries: list[Entry]) -> list[Entry]:
    """Single doses that were given."""
    return [e for e in entries if e.extra.get("given") and e.status in ("completed", "in-progress", "")]


def without_doses(entries: list[Entry]) -> list[Entry]:
    """Orders and statements; single doses only of drugs that nothing else is recorded of."""
    known = {drug_key(e) for e in entries if not e.extra.get("given")}
    return [e for e in entries if not e.extra.get("given") or drug_key(e) not in known]


_GIVEN = cues.re.compile(r"\b(?:administered|given|received|infused|got)\b")


def kind_of_entry(plan: Plan, entries: list[Entry]) -> list[Entry]:
    """Orders only, or statements only, where the question says so."""
    text = plan.question.text.lower()
    if plan.target.concepts or plan.target.words or plan.stay or plan.anchors:
        given = doses(entries) if cues.DOSES.search(text) else []
        if given:
            return given
    elif OFTENEST.search(text) and _GIVEN.search(text) and (given := doses(entries)):
        return given
    entries = without_doses(entries)
    if cues.re.search(r"\bprescriptions?\b|\bprescribed\b|\border(?:s|ed)?\b", text):
        return [e for e in entries if not e.extra.get("statement") and not e.extra.get("given")] or entries
    if cues.re.search(
        r"\botc\b|over[- ]the[- ]counter|without (?:a )?prescription|supplements?|herbals?|non-?prescription",
        text,
    ):
        return [e for e in entries if e.extra.get("statement")]
    return entries


def related_drugs(chart: Chart, plan: Plan) -> list[Entry]:
    """Drugs that are used for what was asked about, where no order names its reason."""
    known = lexicon()
    wide = {m for c in plan.target.purpose for m in (c, *family(c))}
    return [
        e
        for e in chart.entries("medication")
        if not e.extra.get("reason") and any(set(known.related(d)) & wide for d in e.own if d in known)
    ]


def during(entry: Entry, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether a drug was taken in the period, as far as the record tells."""
    if since is None and until is None:
        return True
    first = entry.first
    if first is None or (until and first > until):
        return False
    end = days(entry.end)
    if entry.within(since, until):
        return True
    return is_current(entry, until or first) if not end else not (since and end[1] < since)
