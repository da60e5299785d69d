"""Events taken together or by one of their attributes: what came several times, what a care plan holds, by whom and where."""

from __future__ import annotations

from collections.abc import Callable

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, joined, listing, shown, words
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry, days

REPEATED = cues.re.compile(
    r"\b(?:two|2|three|3) or more\b|\b(?:at least|more than) (?:two|2|twice|once|one)\b|\btwice or more\b|\b(?:prescribed|ordered|given|received?|performed|done|undergo|undergone|underwent|had|have|got|get) (?:exactly )?(?:two times|twice)\b|\brepeated(?:ly)?\b|\bmultiple times\b|\bseveral times\b",
    cues.re.IGNORECASE,
)
OFTENEST = cues.re.compile(r"\bmost (?:often|frequent(?:ly)?|common(?:ly)?)\b", cues.re.IGNORECASE)


def ongoing(entry: Entry, chart: Chart) -> bool:
    end = days(entry.end)
    return entry.status in ("active", "") and not (end and end[1] < chart.as_of)


def grouped(
    plan: Plan, inside: list[Entry], steps: list[str], source: Callable[[Entry], Source] = source
) -> Answer:
    """Which of them came several times, or most often: by name. Of "the three most frequent" also those that came as often."""
    groups: dict[str, list[Entry]] = {}
    for entry in inside:
        groups.setdefault(entry.name.casefold(), []).append(entry)
    often = sorted((len(g) for g in groups.values()), reverse=True)
    most = often[min(plan.top or 1, len(often)) - 1] if often else 0
    least = (
        most
        if OFTENEST.search(plan.question.text)
        else 3
        if cues.re.search(r"\b(?:three|3) or more|more than (?:two|2|twice)", plan.question.text)
        else 2
    )
    chosen = [g for g in groups.values() if len(g) >= max(least, 1)]
    if not chosen:
        return Answer(
            [Statement("None came that often.", tuple(map(source, inside[-3:])))], listing([]), steps=steps
        )
    chosen.sort(key=len, reverse=True)
    statements = [
        Statement(
            f"{g[-1].name}: {len(g)} {'times' if len(g) > 1 else 'time'}, {shown(g[0].date)} to {shown(g[-1].date)}.", tuple(map(source, g))
        )
        for g in chosen
    ]
    return Answer(statements, listing([g[-1] for g in chosen]), steps=steps)


ACTIVITIES = cues.re.compile(
    r"\b(?:tell|told|ask|asked|instruct\w*|advise[sd]?|want) (?:her|him|them|the patient) to\b|\bactivit\w*|\bpart of\b|\binclud\w*|\bconsist\w*|\binterventions?\b|\bcontain\w*|\bcomponents?\b|\bwhat (?:is|are) in\b",
    cues.re.IGNORECASE,
)


def activities(chosen: list[Entry], steps: list[str]) -> Answer:
    having = [e for e in chosen if e.extra.get("activities")]
    if not having:
        return absent("The record gives no activities for it.", steps, list(map(source, chosen[-2:])))
    statements = [Statement(f"{e.name}: {joined(e.extra['activities'])}.", (source(e),)) for e in having]
    return Answer(statements, words("; ".join(a for e in having for a in e.extra["activities"])), steps=steps)


def oftenest_reason(inside: list[Entry], steps: list[str]) -> Answer | None:
    """For what the patient came most often: by the reasons of the visits; None where none gives one."""
    groups: dict[str, list[Entry]] = {}
    for entry in inside:
        if why := entry.extra.get("reason"):
            groups.setdefault(str(why), []).append(entry)
    if not groups:
        return None
    most = max(map(len, groups.values()))
    chosen = {why: found for why, found in groups.items() if len(found) == most}
    steps = [*steps, f"{sum(map(len, groups.values()))} of {len(inside)} visits give a reason"]
    statements = [Statement(f"{why}: {most} {'times' if most > 1 else 'time'}, {shown(found[0].date)} to {shown(found[-1].date)}.", tuple(map(source, found))) for why, found in chosen.items()]
    return Answer(statements, words("; ".join(chosen)), steps=steps)


def attribute(plan: Plan, chosen: list[Entry], steps: list[str]) -> Answer:
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
    entry, told = having[0], having[0].extra[plan.ask]
    line = said(entry)
    return Answer(
        [Statement(f"{line}." if told in line else f"{line}: {label} {told}.", (source(entry),))],
        words(told),
        steps=steps,
    )
