"""Questions about drugs: what is taken, since when, how much, why, what changed."""

from __future__ import annotations

import dataclasses

from services.bots.rag_pipeline import cues, refills, replaced
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    joined,
    listing,
    number,
    truth,
    words,
)
from services.bots.rag_pipeline.courses import Course, courses
from services.bots.rag_pipeline.drug_doses import count, dose, route
from services.bots.rag_pipeline.drug_forms import in_a_day, of_the_form, of_the_strength
from services.bots.rag_pipeline.drug_frequency import frequency
from services.bots.rag_pipeline.drug_lists import list_drugs, none_of
from services.bots.rag_pipeline.drug_times import dose_history, duration, when
from services.bots.rag_pipeline.drugs import (
    described,
    during,
    kind_of_entry,
    ordered,
    related_drugs,
    source,
    state,
)
from services.bots.rag_pipeline.event_groups import OFTENEST, REPEATED, grouped
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import matching
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.index.features import stems
from services.knowledge.lexicon import lexicon

# The ways in which a route is written, each by its beginning.
_ROUTES = (
    ("po/ng",), ("iv drip",), ("iv", "intravenous"), ("po", "oral", "by mouth", "orally"), ("sc", "subcutaneous", "sq", "subq"), ("im", "intramuscular"),
    ("inhaled", "inhalation", "nebulized", "ih", "neb", "respiratory"), ("topical", "tp"), ("rectal", "pr"), ("sl", "sublingual"),
)  # fmt: skip
_ROUTE_STEMS = frozenset(stems(" ".join(w for ways in _ROUTES for w in ways)) + stems("route routes via"))
_ROUTED = cues.re.compile(rf"\b(?:{'|'.join(w for ways in _ROUTES for w in ways)})\b", cues.re.IGNORECASE)


def answer(chart: Chart, plan: Plan) -> Answer:
    """Dispatch by what is asked of the drugs."""
    every = chart.entries("medication")
    route = _ROUTED.search(plan.question.text)
    if route and plan.target.words and set(plan.target.words) <= _ROUTE_STEMS:
        plan.target = dataclasses.replace(plan.target, words=())  # "via iv route" is no part of a name
    if aside := {"system", "hold"} & set(plan.target.words):  # a form (see `of_the_form`) or a state, and no part of a name
        plan.target = dataclasses.replace(plan.target, words=tuple(w for w in plan.target.words if w not in aside), label=plan.target.label.replace("hold", "").strip())
    if plan.ask == "dose" and len(plan.target.concepts) > 1 and (one := _dose_of(plan.question.text)) in plan.target.concepts:
        plan.target = dataclasses.replace(plan.target, concepts=(one,))  # of one drug, though it names another that goes with it
    often = frequency(plan)
    every_form = kind_of_entry(plan, matching(chart, plan.target, ("medication",)))
    found = of_the_strength(plan, of_the_form(plan, every_form))
    if every_form and not found and any(c.startswith("drug:") for c in plan.target.concepts):
        told = joined([f"{described(e)} ({state(e)}, {ordered(e)})" for e in every_form[-3:]])
        return absent(f"Not recorded in the form asked for; recorded is {told}.", [f"{len(every_form)} entries, in another form"], list(map(source, every_form[-3:])))
    if not found and plan.target.purpose:
        if plan.target.concepts:  # a drug that is named is itself, recorded for that or not; another one for the same is none
            named = dataclasses.replace(plan.target, purpose=())
            found = kind_of_entry(plan, matching(chart, named, ("medication",)))
        else:  # "does she take calcium": calcium carbonate
            asked = set(stems(plan.target.label))
            found = kind_of_entry(plan, [e for e in every if asked and asked <= set(stems(e.name))]) or related_drugs(chart, plan)
    if (
        plan.ask in ("list", "route", "count", "when")
        and route
        and not plan.target.concepts
        and not plan.target.words
    ):
        ways = next(w for w in _ROUTES if route[0].lower() in w)
        found = [e for e in found if any(e.extra.get("route", "").lower().startswith(w) for w in ways)]
        plan.ask = "list" if plan.ask == "route" else plan.ask
        plan.target = dataclasses.replace(plan.target, label=route[0])
    if often and found:
        fitting = [e for e in found if often[1](e)]
        if not fitting:
            text = f"None of the {len(found)} medication entries is recorded as taken {often[0]}."
            return Answer([Statement(text, tuple(map(source, found[-3:])))], listing([]) if plan.ask == "list" else truth(False) if plan.ask == "exists" else number(0), steps=[f"{len(found)} looked through"], certainty=0.85)
        found = fitting
    label = plan.target.label or "medication"
    if (
        plan.ask == "list"
        and found
        and (OFTENEST.search(plan.question.text) or REPEATED.search(plan.question.text))
    ):
        (since, until), steps, _ = window(chart, plan)
        return grouped(plan, [e for e in found if e.within(since, until)], steps, source)
    if plan.ask == "when" and cues.DOSES.search(plan.question.text) and not plan.pick:
        plan.pick = "latest"
    if not found:
        return none_of(chart, plan, every, label)
    if (told := refills.answer(plan, found)) is not None:
        return told
    taken = courses(found, chart.as_of)
    if plan.ask in ("dose", "count", "value", "list") and (told := in_a_day(plan, taken)) is not None:
        return told
    if (told := replaced.answer(chart, plan, taken)) is not None:
        return told
    return _ASKS.get(plan.ask, list_drugs)(chart, plan, taken)


def _dose_of(text: str) -> str:
    """The drug that stands right behind "dose of"; "" where none does, or more than one."""
    found = cues.re.search(r"\bdos(?:e|age) of (?:the |her |his )?(?P<x>[\w-]+)(?! (?:and|or)\b)", text, cues.re.IGNORECASE)
    named = [m.concept for m in lexicon().find(found["x"], query=True)] if found else []
    return named[0] if len(named) == 1 else ""


_NEWLY = cues.cue(r"new|newly|started|added|begun|introduced")
_THEN = cues.re.compile(r"\W*(?:was|were|did|had)\b", cues.re.IGNORECASE)


def _exists(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    text = plan.question.text
    now = cues.re.search(
        r"\b(?:now|currently|being|at present|still|today|these days|at the moment|presently)\b",
        text,
        cues.re.IGNORECASE,
    )
    past = not now and (
        plan.ever or plan.closed or since or until or _THEN.match(text) or cues.STARTED.search(text) or cues.GIVEN.search(text)
    )
    asks_stop = bool(cues.STOPPED.search(text)) and "still" not in text.lower()
    current = [e for c in found for e in c.current]
    if asks_stop and not plan.ever and not since:
        stopped = [c for c in found if not c.current and c.given]
        if stopped:
            last = stopped[-1].given[-1]
            return Answer(
                [Statement(f"Yes: {last.name} is {state(last)} ({ordered(last)}).", (source(last),))],
                truth(True),
                steps=steps,
            )
        return Answer(
            [Statement(f"No: {joined([described(e) for e in current])}.", tuple(map(source, current)))],
            truth(False),
            steps=steps,
        )
    if past and not (cues.CURRENT.search(text) and "still" in text.lower()):
        given = [e for c in found for e in c.given if during(e, since, until)]
        if (since or until) and _NEWLY.search(text):
            given = [c.given[0] for c in found if c.given and c.given[0].within(since, until)]
        if given and anchored:
            return Answer(
                [
                    Statement(
                        f"Yes: {joined([f'{e.name}, {ordered(e)} ({state(e)})' for e in given[-4:]])}.",
                        tuple(map(source, given)),
                    )
                ],
                truth(True),
                steps=steps,
            )
        rest = [e for c in found for e in c.entries]
        return Answer(
            [
                Statement(
                    f"No, not in what was asked about; recorded is {joined([f'{e.name}, {ordered(e)} ({state(e)})' for e in rest[-3:]])}.",
                    tuple(map(source, rest[-3:])),
                )
            ],
            truth(False),
            steps=steps,
        )
    held = [e for c in found for e in c.held]
    if current or held:
        if held and not current:
            return Answer(
                [
                    Statement(
                        f"No, on hold at present: {joined([described(e) for e in held])}.",
                        tuple(map(source, held)),
                    )
                ],
                truth(False),
                steps=steps,
            )
        return Answer(
            [
                Statement(
                    f"Yes: {joined([f'{described(e)} ({ordered(e)})' for e in current])}.",
                    tuple(map(source, current)),
                )
            ],
            truth(True),
            steps=steps,
        )
    rest = [e for c in found for e in c.entries]
    return Answer(
        [
            Statement(
                f"No: {joined([f'{e.name}, {ordered(e)}, is {state(e)}' for e in rest[-3:]])}.",
                tuple(map(source, rest[-3:])),
            )
        ],
        truth(False),
        steps=steps,
    )


def _status(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    entries = [(c.current or c.entries)[-1] for c in found]
    return Answer(
        [Statement(f"{e.name}: {state(e)} ({ordered(e)}).", (source(e),)) for e in entries],
        words("; ".join(state(e) for e in entries)),
    )


def _attribute(name: str, label: str):
    def ask(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
        entries = [e for c in found for e in (c.current or c.entries[-1:])]
        stopping = name == "reason" and bool(
            cues.STOPPED.search(plan.question.text)
            or cues.re.search(
                r"\bon hold\b|\bheld\b|cancel|avoid|not (?:given|taken|started)",
                plan.question.text,
                cues.re.IGNORECASE,
            )
        )
        field = "why_status" if stopping else name
        if stopping:
            entries = [e for c in found if not c.current for e in c.entries]
            if not entries:
                held = [c.current[-1] for c in found if c.current]
                return absent(
                    f"{joined([e.name for e in held]) or 'It'} is not recorded as stopped.",
                    ["no stopped entry"],
                    list(map(source, held)),
                )
        elif cues.CHANGED.search(plan.question.text) and name == "reason":
            field, entries = "why_status", [e for c in found for e in c.entries]
        elif cues.STARTED.search(plan.question.text) and name == "who":
            entries = (
                [c.given[0] for c in found if c.given]
                if "first" in plan.question.text.lower() or "start" in plan.question.text.lower()
                else entries
            )
        having = [e for e in entries if e.extra.get(field)]
        if not having:
            return absent(
                f"The record gives no {label} for {joined(list(dict.fromkeys(e.name for e in entries)))}.",
                [f"looked at {field}"],
                list(map(source, entries[-3:])),
            )
        chosen = having if len(found) > 1 and not stopping else having[-1:]
        texts = [f"{e.name} ({state(e)}, {ordered(e)}): {label} {e.extra[field]}" for e in chosen]
        return Answer(
            [Statement(f"{t}.", (source(e),)) for t, e in zip(texts, chosen, strict=True)],
            words("; ".join(dict.fromkeys(e.extra[field] for e in chosen))),
        )

    return ask


_ASKS = {
    "exists": _exists, "status": _status, "when": when, "dose": dose, "dose_history": dose_history, "duration": duration, "count": count,
    "route": route, "reason": _attribute("reason", "reason"), "who": _attribute("who", "by"), "list": list_drugs,
}  # fmt: skip
