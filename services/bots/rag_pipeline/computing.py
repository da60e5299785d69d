"""From a plan to an answer: which way of computing fits, and what to try where it finds nothing."""

from __future__ import annotations

from services.bots.rag_pipeline import (
    admission,
    allergies,
    by_how_much,
    claims,
    code_status,
    comparing,
    cues,
    drug_times,
    encounter_told,
    events,
    family_history,
    goals,
    imaging,
    lengths,
    medication,
    microbiology,
    note_told,
    notes,
    organs,
    panel_told,
    panels,
    pending,
    per_time,
    person,
    presence,
    ratios,
    returning,
    sequence,
    series,
    shares,
    states,
    statistic,
    summary,
    sums,
    units_asked,
    values,
    vital_states,
)
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    words,
)
from services.bots.rag_pipeline.locating import located
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry

_VALUE_ASKS = {
    "value": values.value, "exists": presence.exists, "flag": values.flag, "range": values.reference_range, "when": values.when,
    "count": values.count, "value_on": values.value_on, "trend": comparing.trend, "compare": comparing.compare,
}  # fmt: skip
_EVENTS = (
    "procedure",
    "immunization",
    "encounter",
    "report",
    "document",
    "order",
    "appointment",
    "plan",
    "goal",
    "device",
    "specimen",
)


def compute(chart: Chart, plan: Plan) -> Answer:
    """The answer, or one that says what was looked for and not found. Never raises on account of the record."""
    if plan.ask == "advice":
        return absent(
            "The record can't answer this: it asks for advice or for what is to come. What is recorded can be asked for.",
            ["asks for advice or the future"],
        )
    if plan.ask == "stranger":
        return absent(
            "The question names somebody other than this patient, whose record is the only one looked at here.",
            ["asks about somebody else"],
        )
    if plan.ask == "cohort":
        return absent("The question asks about patients in general; only this patient's record is looked at here. The Search page finds patients.", ["asks about all patients"])
    if plan.ask == "write":
        return absent("This answers questions from the record and writes nothing. Notes, orders and changes are drafted on their own pages and signed there.", ["asks to write, not to read"])
    if plan.ask == "demographic":
        return person.answer(chart, plan)
    if plan.ask == "summary":
        return summary.answer(chart, plan)
    if plan.ask == "interval":
        return lengths.interval(chart, plan)
    if plan.ask == "med_changes":
        return drug_times.changes(chart, plan)
    if plan.ask in encounter_told.ATTRIBUTES:
        return encounter_told.attribute(chart, plan)
    if plan.unit and (told := encounter_told.where(chart, plan)) is not None:
        return told
    for stays_told in (encounter_told.times_sent, encounter_told.longest):
        if (told := stays_told(chart, plan)) is not None:
            return told
    for reckoned in (sequence, by_how_much, shares, ratios, per_time):
        if (told := reckoned.answer(chart, plan)) is not None:
            return told
    if (told := sums.balance(chart, plan)) is not None:
        return told
    if plan.sums and (told := sums.answer(chart, plan)) is not None:
        return told
    for special in (admission, claims, code_status, goals, organs, returning, note_told, pending, imaging, microbiology):
        if (told := special.answer(chart, plan)) is not None:
            return told
    tested = plan.target.kinds[:1] == ("result",)
    plan.target = located(chart, plan)
    kind = plan.target.kinds[:1]
    if tested and kind == ("procedure",) and plan.ask == "value":
        plan.ask = "when"  # a test that is recorded as done, and without a result
    if kind == ("result",):
        found = _results(chart, plan)
        found = units_asked.converted(plan, found) if found else None
    elif kind == ("medication",):
        found = medication.answer(chart, plan)
    elif kind == ("condition",):
        found = states.conditions(chart, plan)
    elif kind == ("allergy",):
        found = allergies.allergies(chart, plan)
    elif kind == ("family",):
        found = family_history.family(chart, plan)
    elif kind and kind[0] in _EVENTS:
        found = events.answer(chart, plan)
    else:
        found = None
    if kind == ("order",) and found is not None and (found.result or {}).get("value") is False and plan.ask == "exists":
        told = notes.answer(chart, plan)  # what was arranged may stand in a note alone
        return told or found
    if found is not None and (found.answered or not _worth_reading(plan)):
        return found
    quoted = notes.answer(chart, plan) if plan.target and _worth_reading(plan) else None
    if quoted is not None:
        return quoted
    return vital_states.answer(chart, plan) or found or missing(chart, plan)


def _worth_reading(plan: Plan) -> bool:
    """Whether notes may say what the coded record doesn't: not where a date, dose or count was asked of it."""
    if plan.target.kinds[:1] == ("allergy",) and plan.ask != "reason":
        return False
    if plan.target.kinds == ("appointment",):
        return False
    if plan.target.kinds[:1] == ("immunization",) and plan.ask == "list" and not plan.target.concepts:
        return False  # which are missing, or due, is told by no sentence that has the word
    if plan.target.kinds[:1] in (("procedure",), ("report",)) and plan.ask == "exists" and cues.DUE.search(plan.question.text):
        return False  # that it was done, or spoken of, does not make it due
    if plan.target.kinds[:1] == ("result",) and series.wanted_state(plan):
        return False  # a sentence that names the potassium says nothing of a low one
    if (
        plan.target.kinds[:1] == ("medication",)
        and plan.ask == "reason"
        and cues.STOPPED.search(plan.question.text)
    ):
        return False
    return (
        plan.ask
        in (
            "exists",
            "list",
            "reason",
            "who",
            "where",
            "value",
            "count",
            "age_at",
            "duration",
            "status",
            "range",
            "reaction",
        )
        and not plan.bounds
    )


def missing(chart: Chart, plan: Plan) -> Answer:
    """Not in the record: what was looked for, and where."""
    label = plan.target.label or (f"any {plan.target.kinds[0]}" if plan.target.kinds else "what was asked about")
    looked = [
        f"{len(chart.entries(k))} {k} entries"
        for k in (plan.target.kinds or ("condition", "result"))
        if chart.entries(k)
    ]
    looked.append(f"{len(list(chart.entries('document')))} documents")
    return absent(f"Not found in the record: {label} (looked through {', '.join(looked)}).", looked)


_WHAT_IS = cues.re.compile(r"\W*what(?:'s| is| was)\b", cues.re.IGNORECASE)


def _results(chart: Chart, plan: Plan) -> Answer | None:
    if not plan.target.concepts and not plan.target.words:
        return panels.panel(chart, plan)
    if (told := panel_told.answer(chart, plan)) is not None:
        return told
    if plan.ask in ("reason", "who", "where"):
        return None
    if plan.ask == "list" and not plan.target.concepts and _WHAT_IS.match(plan.question.text):
        plan.ask = "value"  # "What was the size of the polyp": a number, by its own words
    if plan.ask in ("status", "list", "dose", "age_at", "duration", "reaction"):
        entries = series.series(chart, plan.target)
        if not entries:
            return None
        if plan.ask == "status":
            return _result_status(entries)
        if plan.ask == "age_at":
            return _age_then(chart, plan)
        if plan.ask == "duration" and _UNTIL.search(plan.question.text):
            return absent("Not answered: the question does not say from when; “how many hours after the admission …” does.", [], [series.source(entries[-1])])
        return events.answer(chart, plan) if plan.ask == "duration" else values.value(chart, plan)
    open_world = plan.ask == "exists" and not plan.bounds and not (plan.closed and plan.target.concepts)
    if open_world and not series.series(chart, plan.target):
        return None
    return _VALUE_ASKS.get(plan.ask, values.value)(chart, plan)


_UNTIL = cues.re.compile(r"\b(?:until|till|did it take|to (?:normali[sz]e|recover|clear|fall|rise|drop))\b", cues.re.IGNORECASE)


def _age_then(chart: Chart, plan: Plan) -> Answer:
    """How old the patient was when something was measured: for the first time, where nothing else is said."""
    entries, steps, anchored = series.inside(chart, plan)
    if not entries or not anchored:
        return series.nothing(chart, plan, steps)
    return lengths.age_at(chart, entries[-1] if plan.pick == "latest" else statistic.picked(entries, plan.pick) if plan.pick in ("highest", "lowest") else entries[0], steps)


def _result_status(entries: list[Entry]) -> Answer:
    entry = entries[-1]
    return Answer(
        [
            Statement(
                f"{series.said(entry)}: {entry.status or 'status not recorded'}.", (series.source(entry),)
            )
        ],
        words(entry.status),
    )
