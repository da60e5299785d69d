"""What was claimed of a payer: single claims, their number and their total (FHIR R4 Claim.total)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, date, number, on
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.features import stems
from services.index.text import values

_CLAIMS = re.compile(r"\b(?:claims?|claimed|billed|bill(?:ing)?s?|charged|charges|invoiced?)\b(?! (?:that|to have|he|she|they|the patient)\b)", re.IGNORECASE)
_MONEY = re.compile(r"\b(?:totals?|amount\w*|sum\w*|how much|costs?|price|worth|value|dollars|usd|expensive|charged?|charges|billed)\b", re.IGNORECASE)
_ALL = re.compile(r"\bclaims\b|\bbills\b|\bcharges\b|\b(?:in|al)together\b|\boverall\b|\bin total\b", re.IGNORECASE)
_EDGES = (("highest", re.compile(r"\b(?:highest|largest|biggest|most expensive|costliest|dearest)\b", re.IGNORECASE)),
          ("lowest", re.compile(r"\b(?:lowest|smallest|cheapest|least expensive)\b", re.IGNORECASE)))  # fmt: skip
_PASSING = frozenset(stems("claim claims claimed billed bill charged charge total amount sum much cost price worth submit submitted value made sent file filed "
                           "patient insurance insurer payer dollars usd come came highest largest lowest last first latest date number many"))  # fmt: skip


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question is not about claims, or the record has none."""
    text = plan.question.text
    every = [e for e in chart.entries("claim") if e.type == "Claim" and e.status not in ("cancelled", "draft", "entered-in-error")]
    if not every or not _CLAIMS.search(text) or plan.ask not in ("list", "value", "count", "when", "exists", "dose"):
        return None
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    inside = _named([e for e in every if e.within(since, until)], plan)
    steps = [f"{len(every)} claims, {len(inside)} of them asked about", *steps]
    if plan.ask == "count":
        return Answer([Statement(f"{len(inside)} claims.", tuple(map(_source, inside)))], number(len(inside)), steps=steps)
    if not inside:
        return absent(f"Not found in the record: no such claim among {len(every)}.", steps)
    edge = next((name for name, cue in _EDGES if cue.search(text)), plan.pick)
    totals = [(e, t) for e in inside if (t := _total(e))]
    if not totals:
        return absent("The record gives no total of these claims.", steps, list(map(_source, inside[-3:])))
    chosen = totals
    if edge in ("highest", "lowest"):
        chosen = [(max if edge == "highest" else min)(totals, key=lambda p: p[1][0])]
    elif edge in ("latest", "earliest"):
        chosen = [totals[-1 if edge == "latest" else 0]]
    if plan.ask == "when" and len(chosen) == 1:
        return Answer([_said(*chosen[0])], date(chosen[0][0].date), steps=steps)
    if not _MONEY.search(text):
        return None
    if len(chosen) > 1 and not _ALL.search(text):
        return absent(f"{len(chosen)} claims fit what was asked: {' '.join(_said(e, t).text for e, t in chosen[:6])}", steps, [_source(e) for e, _ in chosen])
    units = {unit for _, (_, unit) in chosen}
    if len(units) > 1:
        return absent("The claims are in several currencies, which are not added up.", steps, [_source(e) for e, _ in chosen])
    amount = round(sum(value for _, (value, _) in chosen), 2)
    statements = [_said(e, t) for e, t in chosen[:20]]
    if len(chosen) > 1:
        text = f"{amount:,.2f} {units.copy().pop()} in all: the totals of {len(chosen)} claims, {on(chosen[0][0])} to {on(chosen[-1][0]).removeprefix('on ')}."
        statements = [Statement(text, tuple(_source(e) for e, _ in chosen))]
    return Answer(statements, number(amount, units.pop()), steps=steps)


def _named(entries: Sequence[Entry], plan: Plan) -> list[Entry]:
    """Those whose lines have the question's own words ("for the hospital admission"), where any has."""
    wanted = {s for s in stems(plan.question.text) if s not in _PASSING and not s.isdigit()}
    fits = [len(wanted & set(stems(_lines(e)))) for e in entries]
    best = max(fits, default=0)
    return [e for e, fit in zip(entries, fits, strict=True) if fit == best]


def _lines(entry: Entry) -> str:
    items = values.objs(entry.resource.get("item"))
    return " ".join([values.concepts(entry.resource.get("type")), *(values.concept(i.get("productOrService")) for i in items)])


def _total(entry: Entry) -> tuple[float, str] | None:
    money = values.obj(entry.resource.get("total"))
    amount = values.amount(money.get("value"))
    return None if amount is None else (amount, values.string(money.get("currency")))


def _said(entry: Entry, total: tuple[float, str]) -> Statement:
    first = next((values.concept(i.get("productOrService")) for i in values.objs(entry.resource.get("item"))), "")
    return Statement(f"Claim {on(entry)}{f', {first}' if first else ''}: {total[0]:,.2f} {total[1]}.".replace(" .", "."), (_source(entry),))


def _source(entry: Entry) -> Source:
    total = _total(entry)
    return Source(entry, f"Claim {on(entry)}{f': {total[0]:,.2f} {total[1]}' if total else ''}", "total")
