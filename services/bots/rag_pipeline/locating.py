"""Where a record holds what is asked about: a colonoscopy is a Procedure here, a report there."""

from __future__ import annotations

import dataclasses

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.selecting import of_kind, split_stems
from services.bots.rag_pipeline.targets import TESTS
from services.chart.chart import Chart


def located(chart: Chart, plan: Plan) -> Target:
    """The target at the kind where the record holds it: a colonoscopy is a Procedure here, a report there."""
    target = plan.target
    if target.kinds[:1] == ("result",) and _AS_A_PROBLEM.search(plan.question.text) and _listed(chart, target):
        return dataclasses.replace(target, concepts=(), kinds=("condition",), words=tuple(split_stems(target.label)))
    if not target.concepts and not target.words and (target.kinds or _of_nothing(plan)):
        return target
    if target.kinds == TESTS:
        found = next((kind for kind in TESTS if of_kind(chart, target, kind)), "")
        return dataclasses.replace(target, kinds=(found,)) if found else target
    order = target.kinds or ()
    if target.kinds in (
        ("medication",),
        ("allergy",),
        ("family",),
        ("encounter",),
        ("appointment",),
        ("order",),
        ("plan",),
        ("goal",),
    ):
        return target
    if target.kinds == ("document",):
        told = () if of_kind(chart, target, "document") else _told_by(target)
        named = dataclasses.replace(target, concepts=(), kinds=("report",), words=told)
        return named if told and of_kind(chart, named, "report") else target
    others: tuple[str, ...] = ()
    prefix = target.concepts[0].partition(":")[0] if target.concepts else ""
    if target.kinds[:1] == ("procedure",) and _VISITS.search(plan.question.text):
        # "Prenatal visits" are encounters where the record has such.
        seen = dataclasses.replace(target, kinds=("encounter",))
        if of_kind(chart, seen, "encounter"):
            return seen
    text = plan.question.text
    ordered = cues.ORDERED.search(text) and not cues.re.search(r"\blast\b|\bdone\b", text)
    content = cues.CONTENT.search(text)
    if target.kinds == ("device",):
        others = ("device", "procedure")
    elif prefix in ("procedure", "device"):
        others = ("procedure", "report") if content else ("procedure", "report", "order", "encounter")
        if plan.ask in ("exists", "when", "who", "where", "count", "duration") or plan.ever:
            others = ("procedure", "report")
        if ordered:
            order, others = (), ("order", "appointment", "procedure", "report")
    elif prefix in ("lab", "vital"):
        others = ("result", "report", *(("procedure",) if plan.ask in ("when", "exists", "count") or plan.pick in ("latest", "earliest") else ()))
    elif prefix in ("problem", "symptom", "finding"):
        others = (
            ("condition", *(("result",) if prefix == "finding" else ()))
            if not order or order == ("condition",)
            else ()
        )
    elif prefix == "social":
        others = ("result", "condition")
    elif prefix in ("vaccine",):
        others = ("immunization",)
    if (
        ordered
        and not target.concepts
        and order in ((), ("appointment",), ("order",), ("result", "report"), ("result",))
    ):
        order, others = (), ("appointment", "order") if not cues.re.search(r"order", text) else ("order",)
    elif not target.concepts and order[:1] == ("procedure",):
        others = ("report",)  # "epilepsy surgery": what was done, not what is taken for it
    elif not target.concepts:
        others = (
            "result",
            "medication",
            "condition",
            "procedure",
            "report",
            "immunization",
            "allergy",
            "encounter",
            "order",
        )
        if plan.ask in ("count", "when", "duration"):  # of exacerbations not the drugs that were given for them
            others = ("result", "condition", "procedure", "report", "encounter", "immunization", "allergy", "medication", "order")
        if content:
            others = ("result", "report", "procedure")
    for kind in dict.fromkeys((*order, *others)):
        if of_kind(chart, target, kind):
            return dataclasses.replace(target, kinds=(kind,))
    if prefix == "procedure" and any(
        _DONE_BEFORE.search(e.name) for e in of_kind(chart, target, "condition")
    ):
        return dataclasses.replace(target, kinds=("condition",))
    if target.concepts == (
        _BEDSIDE,
    ):  # no result says where it was taken: the glucose is told by its own name
        return dataclasses.replace(target, concepts=("lab:glucose",), kinds=("result",))
    return target


def _listed(chart: Chart, target: Target) -> bool:
    """Whether a problem has the very words: "albuminuria" is a result that is high, and a diagnosis where one is made."""
    words = set(split_stems(target.label))
    return bool(words) and any(words <= set(split_stems(e.name)) for e in chart.entries("condition"))


_AS_A_PROBLEM = cues.cue(r"diagnos\w*|coded|problem list|condition")
_DONE_BEFORE = cues.re.compile(
    r"\bhistory of|\bh/o\b|\bs/p\b|\bstatus post|\bprevious|\bprior|\babsence of|\bpast\b", cues.re.IGNORECASE
)
"""A problem that tells of an operation: "History of appendectomy"."""
_BEDSIDE = "lab:fingerstick-glucose"
_VISITS = cues.cue(r"visits?|encounters?|appointments?|consultations?")


def _told_by(target: Target) -> tuple[str, ...]:
    """The stems that tell one document from others: "pathology" of "the pathology report"."""
    return tuple(
        s for s in split_stems(target.label) if s not in ("report", "note", "document", "letter", "result")
    )


def _of_nothing(plan: Plan) -> bool:
    """Whether nothing was understood of what is asked about: all results are no answer to that."""
    text = plan.question.text
    asks = plan.ask in ("list", "exists", "duration", "value", "dose", "when", "who", "where", "reason", "count", "status")
    return asks and not cues.UNUSUAL.search(text) and not cues.CONTENT.search(text)
