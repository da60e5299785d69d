"""Questions about what happened: visits, procedures, vaccines, reports, documents, orders, appointments."""

from __future__ import annotations

import dataclasses

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    clock,
    date,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.event_groups import (
    ACTIVITIES,
    OFTENEST,
    REPEATED,
    activities,
    attribute,
    grouped,
    oftenest_reason,
    ongoing,
)
from services.bots.rag_pipeline.event_presence import exists
from services.bots.rag_pipeline.event_told import NAMES, said, source
from services.bots.rag_pipeline.lengths import age_at, event_duration
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.report_told import contents, everything, report
from services.bots.rag_pipeline.selecting import happened, matching, still_to_come
from services.bots.rag_pipeline.vaccine_kinds import another, asked_kind, of_the_kind
from services.bots.rag_pipeline.windows import by_the_clock, stay_of, window
from services.chart.chart import Chart
from services.chart.entry import Entry


def found_in(chart: Chart, plan: Plan) -> tuple[list[Entry], list[Entry], list[str], bool]:
    """(in the period, all that happened, steps, anchors found)."""
    if plan.stay is not None:
        stay = stay_of(chart, plan.stay)
        found = [stay.main] if stay else []
        return (
            found,
            found or matching(chart, plan.target),
            [f"the stay asked about: {said(s) if (s := stay and stay.main) else 'none'}"],
            True,
        )
    (since, until), steps, anchored = window(chart, plan)
    text = plan.question.text.lower()
    if plan.target.kinds == ("appointment",) and _MISSED.search(text):
        plan.target = dataclasses.replace(plan.target, words=())
    if plan.target.kinds == ("order",) and {"cancel", "revok"} & set(plan.target.words):  # a state, and no word of an order
        plan.target = dataclasses.replace(plan.target, words=tuple(w for w in plan.target.words if w not in ("cancel", "revok")))
    entries = matching(chart, plan.target)
    if plan.target.kinds == ("order",):
        if cues.re.search(r"\b(?:open|pending|outstanding|active|still|due)\b", text):
            entries = [e for e in entries if e.status in ("active", "draft", "on-hold")]
        elif "cancel" in text or "revoked" in text:
            entries = [e for e in entries if e.status in ("revoked", "cancelled", "entered-in-error")]
        elif "completed" in text:
            entries = [e for e in entries if e.status == "completed"]
    if plan.target.kinds == ("appointment",) and _MISSED.search(text):
        entries = [e for e in entries if e.status == "noshow"]
    elif plan.target.kinds == ("appointment",):
        entries = still_to_come(chart, entries) or entries
    elif plan.target.kinds[:1] == ("plan",):
        if cues.re.search(
            r"\b(?:current|active|ongoing|now|still|present|at the moment|under)\b", text
        ) and plan.ask not in ("exists", "when", "status"):
            entries = [e for e in entries if ongoing(e, chart)]
        elif plan.ask == "list" and cues.re.search(
            r"\b(?:completed|past|ended|finished|previous|over|closed|old)\b", text
        ):
            entries = [e for e in entries if not ongoing(e, chart)]
    elif plan.target.kinds[:1] == ("immunization",) and _WITHHELD.search(text):
        entries = [e for e in entries if not happened(e)]
    elif plan.target.kinds[:1] not in (("order",), ("plan",), ("goal",)):
        entries = [e for e in entries if happened(e)]
    inside = by_the_clock(chart, plan, entries, [e for e in entries if e.within(since, until)])
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


_DID_SHOW = cues.re.compile(r"\bwhat (?:did|does) .{2,60}\b(?:show|record|find|reveal|say|demonstrate)\b", cues.re.IGNORECASE)
_HOW_MUCH = cues.re.compile(r"\bhow much\b|\bwhat (?:volume|amount)\b|\btotal (?:volume|amount)\b", cues.re.IGNORECASE)
_MISSED = cues.re.compile(r"\bmiss(?:ed|ing)?\b|\bdid(?: not|n't) (?:come|show|turn up|attend)\b|\bfailed to (?:come|attend|show)\b")
_OFF = cues.re.compile(
    r"\b(?:taken|came|come|weaned|off) off\b|\bweaned from\b|\b(?:end|stop|finish|cease)(?:ped|ed|d)?\b",
    cues.re.IGNORECASE,
)
_WITHHELD = cues.re.compile(r"\brefus|\bdeclin|\bnot (?:given|done|administered)\b|\bwithheld\b|\bskipped\b")


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the record holds nothing of the kind at all, so that other ways may be tried."""
    inside, every, steps, anchored = found_in(chart, plan)
    steps = [*plan.steps, *steps]
    if asked_kind(plan):
        every, others = of_the_kind(plan, every)
        inside, _ = of_the_kind(plan, inside)
        if others and not every:
            return another(plan, others, steps)
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
    if plan.ask in ("exists", "flag") and inside and inside[-1].kind == "report" and _SOUND.search(text):
        statements, result = report(chart, inside[0] if plan.pick == "earliest" else inside[-1])
        if statements:
            return Answer(statements, result, steps=steps, kind="quoted")
    if plan.ask == "exists" and inside and inside[-1].kind == "report" and (yields := _YIELDS.search(text)):
        return _yielded(chart, inside[0] if plan.pick == "earliest" else inside[-1], yields, steps)
    if plan.ask == "age_at" and inside:
        last = plan.pick == "latest" or cues.re.search(r"\b(?:last|latest|most recent)\b", plan.question.text, cues.re.IGNORECASE)
        return age_at(chart, inside[-1] if last else inside[0], steps)
    if (
        plan.target.kinds[:1] in (("immunization",), ("procedure",), ("report",))
        and (
            (plan.ask == "when" and cues.re.search(r"\bnext\b|\bdue\b", text, cues.re.IGNORECASE))
            or (plan.ask == "exists" and cues.DUE.search(text))
            or (plan.ask == "list" and cues.re.match(r"\W*(?:the |her |his )?next\b", text, cues.re.IGNORECASE))
        )
    ):
        last = [source(every[-1])] if every else []
        named = "vaccination" if plan.target.kinds[0] == "immunization" else plan.target.label or "one"
        told = f" The latest is {said(every[-1])}." if every else ""
        return absent(f"The record does not say when the next {named} is due.{told}", steps, last)
    if plan.ask == "exists":
        return exists(chart, plan, inside, every, steps)
    if not inside and not every and plan.target.kinds == ("appointment",) and plan.target.words:
        booked = still_to_come(chart, chart.entries("appointment"))
        told = f"booked {'is' if len(booked) == 1 else 'are'} {joined([said(e) for e in booked])}" if booked else "none is booked"
        return absent(f"Not found in the record: no such appointment; {told}.", steps, list(map(source, booked)))
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
    if plan.ask == "reason" and OFTENEST.search(text) and plan.target.kinds == ("encounter",) and (told := oftenest_reason(inside, steps)):
        return told
    if (REPEATED.search(text) or OFTENEST.search(text)) and plan.ask in ("list", "who", "exists"):
        return grouped(plan, inside, steps)
    if plan.ask == "list" and inside[-1].kind == "order" and _DID_SHOW.search(text):
        return absent(f"Not found in the record: no result; it is only ordered: {said(inside[-1])}.", steps, [source(inside[-1])])
    chosen = _chosen(plan, inside)
    if not chosen:
        return absent(
            f"The record holds only {len(inside)}: {joined([said(e) for e in inside])}.",
            steps,
            list(map(source, inside)),
        )
    if plan.target.kinds == ("plan",) and ACTIVITIES.search(text):
        return activities(chosen, steps)
    if plan.ask == "when":
        entry = chosen[-1] if plan.pick != "earliest" else chosen[0]
        if entry.kind == "order" and entry.extra.get("due") and "order" not in text.lower():
            return Answer(
                [Statement(f"{said(entry)}.", (source(entry),))], date(entry.extra["due"]), steps=steps
            )
        if (
            entry.kind == "procedure"
            and _OFF.search(text)
            and (entry.end or "")[:10] in ("", (entry.date or "")[:10])
        ):
            return absent(f"The record does not say when it ended: {said(entry)}.", steps, [source(entry)])
        if entry.kind == "procedure" and _OFF.search(text):
            return Answer(
                [Statement(f"{said(entry)}.", (source(entry),))], date(entry.end, plan.timed), steps=steps
            )
        if _LEAVING.search(text) and entry.kind == "encounter":
            if not entry.end:
                return absent(f"No discharge is recorded: {said(entry)}.", steps, [source(entry)])
            return Answer(
                [Statement(f"{said(entry)}.", (source(entry),))], date(entry.end, plan.timed), steps=steps
            )
        dates = [e for e in chosen if e is not entry]
        if "dates" in plan.question.text.lower() or ("when were" in plan.question.text.lower() and dates):
            return everything(chosen, steps)
        at = clock(entry) if plan.timed else ""
        return Answer(
            [Statement(f"{said(entry)}{at}.", (source(entry),))], date(entry.date, plan.timed), steps=steps
        )
    if plan.ask in ("reason", "who", "where"):
        return attribute(plan, chosen, steps)
    if plan.ask == "duration":
        return event_duration(chart, plan, chosen, steps)
    if plan.ask == "dose" or (plan.ask == "list" and _HOW_MUCH.search(text) and chosen[-1].kind == "procedure"):
        if chosen[-1].kind == "procedure":
            return absent(
                f"The record gives no amount: {joined([said(e) for e in chosen[-3:]])}.",
                steps,
                list(map(source, chosen[-3:])),
            )
        return everything(chosen, steps)
    return contents(chart, plan, chosen, steps)


_LEAVING = cues.re.compile(
    r"discharge|\b(?:left|leave|leaving) (?:the )?hospital|\b(?:go|went|going|sent) home|\blet (?:out|go)\b|\breleased\b",
    cues.re.IGNORECASE,
)


# How a report reads is told in its own words: no report says "normal" in so many.
_YIELDS = cues.re.compile(r"\b(?P<grow>grow|grew|growth|grown)\b|\b(?:show|find|found|reveal|pick up|turn up|come up with)\b.{0,12}\b(?:anything|something)\b", cues.re.IGNORECASE)
_STERILE = cues.re.compile(r"\bno (?:\w+ ){0,2}growth\b|\bsterile\b|\bnegative\b|\bno organisms?\b", cues.re.IGNORECASE)


def _yielded(chart: Chart, entry: Entry, asked: cues.re.Match[str], steps: list[str]) -> Answer:
    """What it showed: that it was done is no yes to whether it grew anything."""
    statements, result = report(chart, entry)
    if not statements:
        return absent(f"Not found in the record: {said(entry)}, without what it showed.", steps, [source(entry)])
    told = " ".join(s.text for s in statements)
    if asked["grow"] and _STERILE.search(told):
        statements = [Statement(f"No: {statements[0].text}", statements[0].sources), *statements[1:]]
        result = truth(False)
    return Answer(statements, result, steps=steps, kind="quoted")


_SOUND = cues.re.compile(
    r"\b(?:clear|normal|abnormal|unremarkable|negative|positive|clean|fine|okay|ok|bad)\b", cues.re.IGNORECASE
)


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
    if plan.nth > 0:
        return inside[plan.nth - 1 : plan.nth]
    if plan.count:
        return inside[: plan.count] if plan.pick == "earliest" else inside[-plan.count :]
    if plan.pick == "earliest":
        return inside[:1]
    if plan.pick == "latest":
        return inside[-1:]
    if plan.pick == "previous":
        return inside[-2:-1] or inside[-1:]
    return inside


def _count(chart: Chart, plan: Plan, inside: list[Entry], steps: list[str]) -> Answer | None:
    name = plan.target.label or NAMES.get((plan.target.kinds or ("",))[0], "entry")
    unique = {e.reference: e for e in inside}
    inside = list(unique.values())
    if inside and cues.re.search(
        r"\b(?:distinct|different|unique|kinds of|types of)\b", plan.question.text.lower()
    ):
        inside = list({e.name.casefold(): e for e in inside}.values())
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
