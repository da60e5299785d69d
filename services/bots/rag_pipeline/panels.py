"""Labs or vitals as a whole: at a draw, abnormal ones, the latest."""

from __future__ import annotations

from collections.abc import Sequence

from services.bots.rag_pipeline import series
from services.bots.rag_pipeline.answer import Answer, Statement, absent, date, listing, number, shown, truth
from services.bots.rag_pipeline.event_groups import OFTENEST, grouped
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.ranges import range_state
from services.bots.rag_pipeline.selecting import of_kind
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry


def panel(chart: Chart, plan: Plan) -> Answer | None:
    """None where there is no such result at all, or no such event to reckon from."""
    (since, until), steps, found = window(chart, plan)
    entries = [e for e in of_kind(chart, plan.target, "result") if e.measure]
    if not entries or not found:
        return None
    inside = [e for e in entries if e.within(since, until)]
    text = plan.question.text.lower()
    if OFTENEST.search(text) and inside and plan.ask == "list":
        return grouped(plan, inside, steps, series.source)
    wanted = _wanted(text, plan)
    if plan.pick == "latest" and inside and not plan.anchors and wanted:
        inside = [*{e.name: e for e in inside}.values()]
        steps.append("the latest of each")
    elif plan.pick == "latest" and inside and not plan.anchors:
        day = (inside[-1].date or "")[:10]
        inside = [e for e in inside if (e.date or "")[:10] == day]
        steps.append(f"the latest, {day}")
    elif plan.pick == "earliest" and inside and not wanted:
        day = (inside[0].date or "")[:10]
        inside = [e for e in inside if (e.date or "")[:10] == day]
        steps.append(f"the first, {day}")
    judged = 0
    unjudged: list[Entry] = []
    if wanted:
        states = [(e, range_state(e.measure)) for e in inside if e.measure]
        unjudged = [e for e, state in states if state is None]
        judged = len(inside) - len(unjudged)
        inside = [e for e, state in states if state in wanted]
        steps.append(f"{len(inside)} are {' or '.join(wanted)}")
        if not since and not until and plan.pick != "latest" and "ever" not in text:
            newest: dict[str, Entry] = {}
            for entry in of_kind(chart, plan.target, "result"):
                newest[entry.name] = entry
            inside = [e for e in inside if newest.get(e.name) is e]
    if unjudged and not inside:
        return _untold(wanted, unjudged, judged)
    if unjudged:
        steps.append(f"{len(unjudged)} have neither a reference range nor a mark, and were passed over")
    if plan.ask == "count":
        return Answer(
            [Statement(f"{len(inside)} results.", tuple(map(series.source, inside)))],
            number(len(inside)),
            steps=steps,
        )
    if plan.ask == "exists":
        sources = tuple(map(series.source, inside[-8:]))
        lines = "; ".join(series.said(e) for e in inside[-8:])
        return Answer(
            [Statement(f"Yes: {lines}." if inside else "No, none.", sources)],
            truth(bool(inside)),
            steps=steps,
            certainty=0.9,
        )
    if plan.ask == "when" and inside:
        entry = inside[0] if plan.pick == "earliest" else inside[-1]
        return Answer(
            [Statement(f"{series.said(entry)}.", (series.source(entry),))], date(entry.date), steps=steps
        )
    if not inside:
        return Answer(
            [
                Statement(
                    f"None in what was asked about (the latest results are of {shown(entries[-1].date)}).",
                    (series.source(entries[-1]),),
                )
            ],
            listing([]),
            steps=steps,
        )
    if not (since or until or wanted or plan.pick):
        day = (inside[-1].date or "")[:10]
        inside = [e for e in inside if (e.date or "")[:10] == day]
    inside = list(reversed(inside))[:40]
    return Answer(
        [Statement(f"{series.said(e)}.", (series.source(e),)) for e in inside], listing(inside), steps=steps
    )


def _untold(wanted: Sequence[str], unjudged: list[Entry], judged: int) -> Answer:
    """Nothing is known to be so; what has neither a mark nor a range may well be."""
    what = "outside its range" if len(wanted) > 1 else wanted[0]
    known = (
        f"None of the {judged} results that can be judged is {what}, but"
        if judged
        else "The record does not tell:"
    )
    others = "others" if judged else "results"
    return absent(
        f"{known} {len(unjudged)} {others} have neither a reference range nor the laboratory's mark; "
        f"the latest of them is {series.said(unjudged[-1])}.",
        [f"{judged} judged, {len(unjudged)} without a range or mark"],
        (series.source(unjudged[-1]),),
    )


def _wanted(text: str, plan: Plan) -> tuple[str, ...]:
    if "critical" in text:
        return ("high", "low", "abnormal")
    if (
        "abnormal" in text
        or "out of range" in text
        or "flagged" in text
        or "deranged" in text
        or "outside" in text
        or " off" in text
    ):
        return ("high", "low", "abnormal")
    if "high" in plan.question.qualifiers or "elevated" in text:
        return ("high",)
    if "low" in plan.question.qualifiers:
        return ("low",)
    return ()
