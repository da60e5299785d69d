"""What reports and procedures say: conclusion, results, outcome; else what there is as a list."""

from __future__ import annotations

from collections.abc import Sequence

from services.bots.rag_pipeline import cues, series
from services.bots.rag_pipeline.answer import Answer, Source, Statement, listing, on, words
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import values as fhir


def everything(entries: Sequence[Entry], steps: list[str]) -> Answer:
    shown_entries = list(reversed(entries))
    return Answer(
        [Statement(f"{said(e)}.", (source(e),)) for e in shown_entries], listing(shown_entries), steps=steps
    )


def contents(chart: Chart, plan: Plan, chosen: list[Entry], steps: list[str]) -> Answer:
    """What reports and documents say; a list of anything else."""
    text = plan.question.text.lower()
    several = cues.re.match(
        r"\W*(?:what|which) (?:\w+ )?(?:procedures|operations|surgeries|interventions|studies|tests|scans|reports)\b",
        text,
    )
    asks_content = not (several and not plan.target.concepts) and (
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
    return everything(chosen, steps)


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
