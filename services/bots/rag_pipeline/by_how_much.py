"""Whether a value changed by more than so much: "did her weight change by more than 2 kg over the past year"."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, truth
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.series import inside, nothing, said, source
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.knowledge.quantities import Comparison
from services.knowledge.units import convert, normalise_unit

_ASKED = re.compile(
    r"\b(?P<verb>chang|var(?:y|i)|differ|ris|rose|increas|gain|climb|go(?:ne)? up|went up|f[ae]ll|drop|decreas|declin|los[et]|shed|come down|came down|go(?:ne)? down|went down)\w*\b"
    r"[^?]{0,25}?\b(?:by )?(?P<op>more than|at least|over|greater than|less than|under|no more than|within) (?P<n>\d+(?:\.\d+)?) ?(?P<unit>%|percent|kg|kilos?|kilograms?|lbs?|pounds?|mg/dl|mmol/l|g/dl|points?|mm ?hg)?",
    re.IGNORECASE,
)
_UP = re.compile(r"ris|rose|increas|gain|climb|go(?:ne)? up|went up", re.IGNORECASE)
_ANY = re.compile(r"chang|var|differ", re.IGNORECASE)
_BELOW = ("less than", "under", "no more than", "within")


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where no such change is asked about. From the first to the last value of the time asked about."""
    asked = _ASKED.search(plan.question.text)
    if asked is None or not plan.yes_no or plan.target.kinds[:1] != ("result",) or not plan.target.concepts:
        return None
    if not re.search(r"\bby\b|\b(?:gain|los[et]|shed)", asked[0], re.IGNORECASE):
        return None  # "did it rise over 5.5" bounds the value
    plan.ask, plan.bounds, plan.pick = "exists", (), ""
    entries, steps, anchored = inside(chart, plan)
    entries = [e for e in entries if e.measure and e.measure.amount is not None]
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    plan.bounds = (Comparison(plan.target.concepts[0], ">", float(asked["n"])),)  # the bound is met, as one of the change
    if len(entries) < 2:
        return None
    net = _change(asked, entries[0], entries[-1])
    if net is None:
        return None
    yes = _meets(asked, net[0])
    told = [_told("Yes" if yes else "No", net[1], entries[0], entries[-1])]
    if not yes and (between := _largest(asked, entries)):
        told.append(_told("In between", *between))
    return Answer(told, truth(yes), steps=[*steps, f"change from the first to the last of {len(entries)} values"], series=entries)


def _told(lead: str, change: str, first: Entry, last: Entry) -> Statement:
    return Statement(f"{lead}: {change}, from {said(first)} to {said(last)}.", (source(first), source(last)))


def _change(asked: re.Match[str], first: Entry, last: Entry) -> tuple[float, str] | None:
    """(the change in the unit asked for, the same in words); None where it can't be told in that unit."""
    before, after = first.measure, last.measure
    if before is None or after is None or before.amount is None or after.amount is None or before.code != after.code:
        return None
    change, unit = after.amount - before.amount, (asked["unit"] or "").lower()
    if unit in ("%", "percent") and before.code != "%":
        share = 100 * change / before.amount if before.amount else 0.0
        return share, f"{share:+.3g} %"
    told = normalise_unit(unit) if unit and not unit.startswith("point") else None
    converted = convert(change, before.code, told) if told and before.code and told != before.code else change
    return None if converted is None else (converted, f"{converted:+.4g} {asked['unit'] or before.unit or ''}".strip())


def _meets(asked: re.Match[str], change: float) -> bool:
    limit, op = float(asked["n"]), asked["op"].lower()
    size = abs(change) if _ANY.match(asked["verb"]) else change if _UP.match(asked["verb"]) else -change
    if op in _BELOW:
        return size < limit if op in ("less than", "under") else size <= limit
    return size >= limit if op == "at least" else size > limit


def _largest(asked: re.Match[str], entries: list[Entry]) -> tuple[str, Entry, Entry] | None:
    """A change between two values in their order that is as large as asked, the largest of them."""
    if asked["op"].lower() in _BELOW:
        return None
    pairs = [(change, a, b) for i, a in enumerate(entries) for b in entries[i + 1 :] if (change := _change(asked, a, b)) and _meets(asked, change[0])]
    if not pairs:
        return None
    change, first, last = max(pairs, key=lambda p: abs(p[0][0]))
    return change[1], first, last
