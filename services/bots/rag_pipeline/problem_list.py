"""The problem list as a whole, and problems named in other words."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    truth,
)
from services.bots.rag_pipeline.condition_told import UNSURE, is_active, said, source
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import split_stems
from services.bots.rag_pipeline.windows import entry_end
from services.chart.chart import Chart
from services.chart.entry import Entry


def worded(chart: Chart, plan: Plan) -> list[Entry]:
    """Conditions that are named by the words asked with, where the lexicon reads them as another thing."""
    wanted = {*split_stems(plan.target.label), *plan.target.words}
    return [
        e
        for e in chart.entries("condition")
        if wanted and wanted <= set(split_stems(e.name)) and e.status != "none-known"
    ]


_HELD = cues.re.compile(r"\b(?:active|ongoing|unresolved)\b|\b(?:current|open) (?:problem|diagnos|condition|illness|disease)", cues.re.IGNORECASE)


def problem_list(
    chart: Chart, plan: Plan, found: list[Entry], since, until, steps: list[str]
) -> Answer | None:
    text = plan.question.text
    resolved = cues.re.search(
        r"\b(?:resolved|inactive|past|previous|old|remission)\b", text, cues.re.IGNORECASE
    )
    if plan.ask == "age_at" or not found:
        return absent(
            "Not found in the record: no problem is recorded."
            if not found
            else "Which diagnosis is meant? The question names none.",
            steps,
        )
    if (since or until) and _HELD.search(text):
        held = [e for e in found if e.first and not (until and e.first > until) and e.status not in ("refuted", *UNSURE)]
        chosen = [e for e in held if not since or (entry_end(e) or (since if is_active(e, chart) else e.first)) >= since]
    elif since or until:
        chosen = [e for e in found if e.within(since, until) and e.status not in ("refuted", *UNSURE)]
    elif resolved and "medical history" not in text.lower():
        chosen = [e for e in found if not is_active(e, chart) and e.status not in ("refuted", *UNSURE)]
    elif cues.re.search(r"(?<!at )\ball\b|\b(?:ever|history|pmh\w?)\b", text, cues.re.IGNORECASE):
        chosen = [e for e in found if e.status not in ("refuted", *UNSURE)]
    else:
        chosen = [e for e in found if is_active(e, chart)]
    unique = {}
    for entry in chosen:
        unique.setdefault(entry.name.casefold(), entry)
    chosen = list(unique.values()) if plan.ask == "count" else chosen
    if plan.pick == "earliest":
        dated = sorted(
            (e for e in (chosen if since or until else found) if e.date and e.status not in ("refuted", *UNSURE)), key=lambda e: e.order
        )
        chosen = [e for e in dated if (e.date or "")[:10] == (dated[0].date or "")[:10]]
    if plan.pick == "latest" and cues.re.search(
        r"\b(?:latest|newest|most recent(?:ly)?|last)\b", text, cues.re.IGNORECASE
    ):
        chosen = sorted(chosen, key=lambda e: e.order)[-1:]
    steps.append(f"{len(chosen)} of {len(found)} chosen by status and period")
    if plan.ask == "count":
        return Answer(
            [Statement(f"{len(chosen)}: {joined([e.name for e in chosen])}.", tuple(map(source, chosen)))],
            number(len(chosen)),
            steps=steps,
        )
    if plan.ask == "exists":
        lead = f"Yes: {joined([said(e) for e in chosen])}." if chosen else "No such problem is recorded."
        told = tuple(map(source, chosen or found[-3:]))
        return Answer([Statement(lead, told)], truth(bool(chosen)), steps=steps, certainty=0.9)
    if plan.ask == "when" and chosen:
        entry = chosen[-1]
        return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.date), steps=steps)
    if not chosen:
        return Answer(
            [Statement("No such problem is recorded.", tuple(map(source, found[-3:])))],
            listing([]),
            steps=steps,
            certainty=0.9,
        )
    return Answer([Statement(f"{said(e)}.", (source(e),)) for e in chosen], listing(chosen), steps=steps)
