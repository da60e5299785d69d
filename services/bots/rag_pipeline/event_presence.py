"""Did it happen: yes or no of visits, procedures, vaccines, reports, orders and plans."""

from __future__ import annotations

import dataclasses

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Statement, absent, joined, truth
from services.bots.rag_pipeline.event_groups import ongoing
from services.bots.rag_pipeline.event_told import NAMES, said, source
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import entry_stems, happened, matching, split_stems
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.knowledge.lexicon import lexicon

_VISITS: dict[tuple[str, ...], str] = {
    ("IMP",): "hospital admission",
    ("EMER",): "emergency visit",
    ("AMB",): "outpatient visit",
    ("VR",): "telehealth visit",
    ("HH",): "home visit",
}


def _only_ordered(chart: Chart, plan: Plan, inside: list[Entry]) -> list[Entry]:
    """Orders that fit the words asked with where nothing done does: a video EEG ordered, and a plain one done."""
    if plan.target.kinds[:1] not in (("procedure",), ("report",)):
        return []
    wanted = set(plan.target.loose)
    if any(wanted & entry_stems(e) for e in inside):
        return []
    orders = matching(chart, dataclasses.replace(plan.target, kinds=("order",)))
    return [
        e for e in orders if wanted & entry_stems(e) and e.status in ("active", "draft", "on-hold", "revoked")
    ]


_ASKED_FOR = cues.cue(r"orders?|referrals?|sent|requests?|refer|asked for|schedul\w*|appointments?")


def _noun(plan: Plan) -> str:
    """What is asked about, as a thing: "intubation" where the question says "intubated"."""
    label, known = plan.target.label, lexicon()
    verb = label.endswith("ed") and " " not in label and plan.target.concepts and plan.target.concepts[0] in known
    return known.get(plan.target.concepts[0]).name if verb else label


def _measured_of(chart: Chart, plan: Plan) -> Entry | None:
    """The last result that bears the name of a device that nobody recorded: what the Foley drained."""
    wanted = set(split_stems(plan.target.label))
    if not wanted or not any(c.startswith("device:") for c in plan.target.concepts):
        return None
    return next((e for e in reversed(chart.entries("result")) if wanted <= entry_stems(e)), None)


def exists(
    chart: Chart, plan: Plan, inside: list[Entry], every: list[Entry], steps: list[str]
) -> Answer | None:
    name = _noun(plan) or _VISITS.get(plan.target.classes[:1]) or NAMES.get((plan.target.kinds or ("",))[0], "entry")
    if plan.target.kinds == ("order",) and inside and not cues.ORDERED.search(plan.question.text) and not _ASKED_FOR.search(plan.question.text):
        told = f"Only ordered, and not recorded as done or there: {joined([said(e) for e in inside[-3:]])}."
        return absent(told, steps, list(map(source, inside[-3:])))
    if plan.target.kinds == ("order",):
        held = [e for e in inside if e.status not in ("revoked", "cancelled")]
        if inside and not held:
            last = inside[-1]
            return Answer([Statement(f"No: {said(last)}.", (source(last),))], truth(False), steps=steps)
        inside = held
    if (
        plan.target.kinds == ("plan",)
        and inside
        and cues.re.search(
            r"\b(?:still|active|current|ongoing|now)\b", plan.question.text, cues.re.IGNORECASE
        )
    ):
        going = [e for e in inside if ongoing(e, chart)]
        chosen = going or inside
        lead = "Yes" if going else "No"
        return Answer(
            [Statement(f"{lead}: {joined([said(e) for e in chosen])}.", tuple(map(source, chosen)))],
            truth(bool(going)),
            steps=steps,
        )
    if inside and plan.target.loose and (ordered := _only_ordered(chart, plan, inside)):
        text = f"Not as asked: recorded is {said(inside[-1])}; {joined([said(e) for e in ordered])}."
        return Answer(
            [Statement(text, (source(inside[-1]), *map(source, ordered)))],
            truth(False),
            steps=steps,
            certainty=0.8,
        )
    if inside and cues.AGAIN.search(plan.question.text):
        again = len({e.date for e in inside}) > 1
        lead = f"{'Yes' if again else 'No, there is one'}: {joined([said(e) for e in inside[-5:]])}."
        return Answer([Statement(lead, tuple(map(source, inside)))], truth(again), steps=steps)
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
    if kinds[0] == "device":
        kinds = ("procedure", "device")
    looked = len(chart.entries(*kinds))
    if kinds[0] in ("encounter", "immunization", "procedure") and plan.target.concepts and looked:
        pass
    elif not looked or (plan.target.words and not plan.target.concepts):
        return None
    if beside := _measured_of(chart, plan):
        return absent(f"No {name} is recorded as placed or removed; of it there is {said(beside)}.", steps, [source(beside)])
    return Answer(
        [Statement(f"No {name} is recorded ({looked} entries were looked through).")],
        truth(False),
        steps=steps,
        certainty=0.85,
    )
