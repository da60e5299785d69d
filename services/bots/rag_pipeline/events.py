"""Questions about what happened: visits, procedures, vaccines, reports, documents, orders, appointments."""

from __future__ import annotations

from collections.abc import Sequence

from services.bots.rag_pipeline import cues, series
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    on,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.event_told import NAMES, said, source
from services.bots.rag_pipeline.lengths import event_duration
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import happened, matching, window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import values as fhir


def found_in(chart: Chart, plan: Plan) -> tuple[list[Entry], list[Entry], list[str], bool]:
    """(in the period, all that happened, steps, anchors found)."""
    (since, until), steps, anchored = window(chart, plan)
    entries = matching(chart, plan.target)
    text = plan.question.text.lower()
    if plan.target.kinds == ("order",):
        if cues.re.search(r"\b(?:open|pending|outstanding|active|still|due)\b", text):
            entries = [e for e in entries if e.status in ("active", "draft", "on-hold")]
        elif "cancel" in text or "revoked" in text:
            entries = [e for e in entries if e.status in ("revoked", "cancelled", "entered-in-error")]
        elif "completed" in text:
            entries = [e for e in entries if e.status == "completed"]
    if plan.target.kinds == ("appointment",):
        entries = [
            e
            for e in entries
            if e.first and e.first >= chart.as_of and e.status not in ("cancelled", "noshow")
        ] or entries
    elif plan.target.kinds[:1] not in (("order",), ("plan",), ("goal",)):
        entries = [e for e in entries if happened(e)]
    inside = [e for e in entries if e.within(since, until)]
    if plan.month:
        inside = [e for e in inside if e.first and e.first.month == plan.month]
        years = {e.first.year for e in inside if e.first}
        if years and plan.ask not in ("count", "list"):
            inside = [e for e in inside if e.first and e.first.year == max(years)]
    steps = [
        f"{len(entries)} entries for {plan.target.label or 'what was asked'}",
        f"{len(inside)} in the period asked about",
        *steps,
    ]
    return inside, entries, steps, anchored


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the record holds nothing of the kind at all, so that other ways may be tried."""
    inside, every, steps, anchored = found_in(chart, plan)
    steps = [*plan.steps, *steps]
    text = plan.question.text
    if (
        anchored
        and plan.ask in ("status", "reason")
        and (
            plan.ask == "status"
            or not inside
            or cues.re.search(
                r"\bnot (?:done|given|performed)|cancel|declin|refus|defer", text, cues.re.IGNORECASE
            )
        )
    ):
        told = _state(plan, matching(chart, plan.target), steps)
        if told is not None:
            return told
    if not anchored:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    if plan.ask == "count":
        return _count(chart, plan, inside, steps)
    if plan.ask == "exists":
        return _exists(chart, plan, inside, every, steps)
    if not inside:
        if every:
            last = every[-1]
            if plan.ask == "list" and not cues.CONTENT.search(text):
                return Answer(
                    [
                        Statement(
                            f"None in the period asked about; the latest is {said(last)}.", (source(last),)
                        )
                    ],
                    listing([]),
                    steps=steps,
                    certainty=0.9,
                )
            return absent(
                f"Not found in the record for the period asked about; the latest is {said(last)}.",
                steps,
                [source(last)],
            )
        return None
    chosen = _chosen(plan, inside)
    if plan.ask in ("when", "age_at"):
        entry = chosen[-1] if plan.pick != "earliest" else chosen[0]
        if entry.kind == "order" and entry.extra.get("due") and "order" not in text.lower():
            return Answer(
                [Statement(f"{said(entry)}.", (source(entry),))], date(entry.extra["due"]), steps=steps
            )
        if "discharge" in plan.question.text.lower() and entry.end and entry.kind == "encounter":
            return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.end), steps=steps)
        dates = [e for e in chosen if e is not entry]
        if "dates" in plan.question.text.lower() or ("when were" in plan.question.text.lower() and dates):
            return _all(chosen, steps)
        return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.date), steps=steps)
    if plan.ask == "where" and cues.re.search(r"discharged? to", text, cues.re.IGNORECASE):
        entry = chosen[-1]
        place = entry.extra.get("disposition")
        if not place:
            return absent(f"The record does not say where to: {said(entry)}.", steps, [source(entry)])
        return Answer(
            [Statement(f"{said(entry)}: discharged to {place}.", (source(entry),))], words(place), steps=steps
        )
    if plan.ask in ("reason", "who", "where"):
        return _attribute(plan, chosen, steps)
    if plan.ask == "duration":
        return event_duration(chart, plan, chosen, steps)
    if plan.ask == "dose":
        return _all(chosen, steps)
    return _contents(chart, plan, chosen, steps)


def _state(plan: Plan, entries: list[Entry], steps: list[str]) -> Answer | None:
    """The status of what was ordered, done or not done, with its reason."""
    undone = [e for e in entries if not happened(e)] if plan.ask == "reason" else entries
    if not undone:
        return None
    entry = undone[-1]
    why = entry.extra.get("why_status")
    if plan.ask == "reason" and not why:
        return absent(f"The record gives no reason: {said(entry)}.", steps, [source(entry)])
    status = entry.status or "not recorded"
    return Answer(
        [Statement(f"{said(entry)}: {why if plan.ask == 'reason' else status}.", (source(entry),))],
        words(str(why) if plan.ask == "reason" else f"{status}{f': {why}' if why else ''}"),
        steps=steps,
    )


def _chosen(plan: Plan, inside: list[Entry]) -> list[Entry]:
    if plan.count:
        return inside[: plan.count] if plan.pick == "earliest" else inside[-plan.count :]
    if plan.pick == "earliest":
        return inside[:1]
    if plan.pick == "latest":
        return inside[-1:]
    if plan.pick == "previous":
        return inside[-2:-1] or inside[-1:]
    return inside


def _all(entries: Sequence[Entry], steps: list[str]) -> Answer:
    shown_entries = list(reversed(entries))
    return Answer(
        [Statement(f"{said(e)}.", (source(e),)) for e in shown_entries], listing(shown_entries), steps=steps
    )


def _count(chart: Chart, plan: Plan, inside: list[Entry], steps: list[str]) -> Answer | None:
    name = plan.target.label or NAMES.get((plan.target.kinds or ("",))[0], "entry")
    unique = {e.reference: e for e in inside}
    inside = list(unique.values())
    if not inside:
        kinds = plan.target.kinds or ("encounter",)
        looked = len(chart.entries(*kinds))
        if plan.target.words and not plan.target.concepts:
            return None
        return Answer(
            [
                Statement(
                    f"None: no {name} is recorded in what was asked about ({looked} entries were looked through)."
                )
            ],
            number(0),
            steps=steps,
            certainty=0.9,
        )
    listed = (
        f": {joined([said(e) for e in inside])}"
        if len(inside) <= 6
        else f", from {shown(inside[0].date)} to {shown(inside[-1].date)}"
    )
    return Answer(
        [Statement(f"{len(inside)}{listed}.", tuple(map(source, inside)))], number(len(inside)), steps=steps
    )


def _exists(
    chart: Chart, plan: Plan, inside: list[Entry], every: list[Entry], steps: list[str]
) -> Answer | None:
    name = plan.target.label or NAMES.get((plan.target.kinds or ("",))[0], "entry")
    if plan.target.kinds == ("order",):
        held = [e for e in inside if e.status not in ("revoked", "cancelled")]
        if inside and not held:
            last = inside[-1]
            return Answer([Statement(f"No: {said(last)}.", (source(last),))], truth(False), steps=steps)
        inside = held
    if inside:
        last = inside[-1]
        more = f" ({len(inside)} in all)" if len(inside) > 1 else ""
        return Answer(
            [Statement(f"Yes: {said(last)}{more}.", tuple(source(e) for e in reversed(inside)))],
            truth(True),
            steps=steps,
        )
    undone = [e for e in matching(chart, plan.target) if not happened(e)]
    if undone:
        last = undone[-1]
        return Answer([Statement(f"No: {said(last)}.", (source(last),))], truth(False), steps=steps)
    if every:
        last = every[-1]
        return Answer(
            [Statement(f"No, not in the period asked about; the latest is {said(last)}.", (source(last),))],
            truth(False),
            steps=steps,
        )
    kinds = plan.target.kinds or ("procedure", "report")
    looked = len(chart.entries(*kinds))
    if kinds[0] in ("encounter", "immunization", "procedure") and plan.target.concepts and looked:
        pass
    elif not looked or (plan.target.words and not plan.target.concepts):
        return None
    return Answer(
        [Statement(f"No {name} is recorded ({looked} entries were looked through).")],
        truth(False),
        steps=steps,
        certainty=0.85,
    )


def _attribute(plan: Plan, chosen: list[Entry], steps: list[str]) -> Answer:
    label = {"reason": "reason", "who": "by", "where": "at"}[plan.ask]
    entries = chosen if plan.pick in ("earliest",) else list(reversed(chosen))
    having = [e for e in entries if e.extra.get(plan.ask)]
    if not having:
        entry = entries[0]
        if plan.ask == "reason" and entry.kind == "encounter" and entry.extra.get("diagnoses"):
            text = joined(entry.extra["diagnoses"])
            return Answer(
                [Statement(f"{said(entry)}: diagnoses {text}.", (source(entry),))],
                words(text),
                steps=steps,
                certainty=0.8,
            )
        return absent(
            f"The record does not say: {said(entry)} gives no {'reason' if plan.ask == 'reason' else 'person' if plan.ask == 'who' else 'place'}.",
            steps,
            [source(entry)],
        )
    entry = having[0]
    return Answer(
        [Statement(f"{said(entry)}: {label} {entry.extra[plan.ask]}.", (source(entry),))],
        words(entry.extra[plan.ask]),
        steps=steps,
    )


def _contents(chart: Chart, plan: Plan, chosen: list[Entry], steps: list[str]) -> Answer:
    """What reports and documents say; a list of anything else."""
    text = plan.question.text.lower()
    asks_content = (
        cues.CONTENT.search(text)
        or cues.re.search(r"\bwhat (?:was|were|did|does|is)\b", text)
        or ((text.rstrip().endswith("?") or len(text.split()) <= 3) and not text.rstrip(" ?").endswith("s"))
    )
    if (
        asks_content
        and chosen
        and chosen[-1].kind in ("report", "procedure")
        and len({e.name for e in chosen}) <= 2
    ):
        entry = chosen[0] if plan.pick == "earliest" else chosen[-1]
        statements, result = report(chart, entry)
        if statements:
            return Answer(statements, result, steps=steps, kind="quoted")
    return _all(chosen, steps)


def report(chart: Chart, entry: Entry) -> tuple[list[Statement], dict | None]:
    """A report's conclusion and results; a procedure's outcome, or the report of the same day."""

    statements: list[Statement] = []
    said_words = ""
    conclusion = entry.extra.get("conclusion") or entry.extra.get("outcome")
    if conclusion:
        said_words = conclusion
        statements.append(
            Statement(f"{entry.name} {on(entry)}: {conclusion}", (Source(entry, conclusion, "conclusion"),))
        )
    results = [chart.entry(fhir.string(r)) for r in entry.extra.get("results") or []]
    statements += [
        Statement(f"{series.said(r)}.", (series.source(r),)) for r in filter(None, results) if r.measure
    ]
    if not statements and entry.kind == "procedure":
        same = [
            e
            for e in chart.entries("report")
            if e.extra.get("conclusion")
            and (e.date or "")[:10] == (entry.date or "")[:10]
            and (e.own & entry.own or set(entry.name.lower().split()) & set(e.name.lower().split()))
        ]
        for other in same:
            return report(chart, other)
    return statements, words(said_words) if said_words else None
