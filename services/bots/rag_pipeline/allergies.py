"""Questions about allergies and intolerances."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.condition_told import UNSURE
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import matching
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.naming import identify


def source(entry: Entry) -> Source:
    return Source(entry, allergy_said(entry), "code")


def allergy_said(entry: Entry) -> str:
    reaction, severity = entry.extra.get("reaction"), entry.extra.get("severity")
    parts = [
        f"reaction {reaction}" if reaction else "",
        severity or "",
        entry.extra.get("verified") if entry.extra.get("verified") in (*UNSURE, "refuted") else "",
    ]
    parts.append("criticality high" if entry.extra.get("criticality") == "high" else "")
    parts.append(entry.status if entry.status not in ("active", "none-known") else "")
    detail = ", ".join(filter(None, parts))
    return f"{entry.name}{f' ({detail})' if detail else ''}"


def allergies(chart: Chart, plan: Plan) -> Answer | None:
    every = chart.entries("allergy")
    steps = [f"{len(every)} allergy entries looked through"]
    known = [e for e in every if e.status not in ("none-known", "refuted")]
    none = [e for e in every if e.status == "none-known"]
    active = [e for e in known if e.status in ("active", "unconfirmed", "")]
    text = plan.question.text
    if plan.target.concepts or plan.target.words:
        found = [e for e in matching(chart, plan.target, ("allergy",)) if e.status != "none-known"]
        found = found or _by_class(plan, known)
        if not found:
            if none and not known and plan.ask in ("reaction", "reason"):
                told = f"No allergy or reaction is recorded: {none[-1].name} (recorded {shown(none[-1].date)}). Whether to give it the record can't answer."
                return absent(told, steps, [source(none[-1])])
            if none and not known:
                return Answer(
                    [
                        Statement(
                            f"No: {none[-1].name} (recorded {shown(none[-1].date)}).", (source(none[-1]),)
                        )
                    ],
                    truth(False),
                    steps=steps,
                )
            if (told := _conflicting(plan, active, steps)) is not None:
                return told
            if plan.ask == "exists" and cues.OF_RECORD.search(text):
                others = joined([e.name for e in known]) if known else ""
                told = f"recorded are {others}" if others else "the record holds no list of allergies"
                text = f"No allergy to {plan.target.label} is recorded; {told}."
                return Answer(
                    [Statement(text, tuple(map(source, known)))], truth(False), steps=steps, certainty=0.8
                )
            return None
        live = [e for e in found if e.status not in ("refuted", "resolved", "inactive")]
        if plan.ask == "exists" or (plan.ask == "list" and plan.yes_no):
            chosen = live or found
            return Answer(
                [
                    Statement(
                        f"{'Yes' if live else 'No'}: {joined([allergy_said(e) for e in chosen])}.",
                        tuple(map(source, chosen)),
                    )
                ],
                truth(bool(live)),
                steps=steps,
            )
        return _allergy_detail(plan, live or found, steps)
    if not every or (not known and not none):
        return absent("Allergies are not recorded.", steps)
    if cues.re.search(r"\b(?:drug|medication|medicine|med)\b", text, cues.re.IGNORECASE) and known:
        drug = [
            e
            for e in active
            if "medication" in (e.extra.get("category") or "")
            or any(c.startswith("drug") for c in e.own | e.named)
        ]
        active = drug
    elif cues.re.search(r"\bfood\b", text, cues.re.IGNORECASE) and known:
        active = [e for e in active if "food" in (e.extra.get("category") or "")]
    if plan.ask == "count":
        told = f": {joined([allergy_said(e) for e in active])}" if active else ""
        statement = Statement(f"{len(active)}{told}.", tuple(map(source, active or none)))
        return Answer([statement], number(len(active)), steps=steps)
    if plan.ask in ("reaction", "when", "who", "reason") and active:
        return _allergy_detail(plan, active, steps)
    if plan.ask == "exists":
        chosen = active or none
        lead = "Yes" if active else "No"
        if not chosen:
            return Answer(
                [
                    Statement(
                        f"No: none of that kind among {joined([allergy_said(e) for e in known])}.",
                        tuple(map(source, known)),
                    )
                ],
                truth(False),
                steps=steps,
            )
        return Answer(
            [Statement(f"{lead}: {joined([allergy_said(e) for e in chosen])}.", tuple(map(source, chosen)))],
            truth(bool(active)),
            steps=steps,
        )
    if not active:
        return Answer(
            [Statement(f"{e.name} (recorded {shown(e.date)}).", (source(e),)) for e in none or known],
            listing([]),
            steps=steps,
        )
    return Answer(
        [Statement(f"{allergy_said(e)}.", (source(e),)) for e in active], listing(active), steps=steps
    )


def _by_class(plan: Plan, known: list[Entry]) -> list[Entry]:
    """An allergy to a class answers for its members: asked of amoxicillin, recorded is penicillins."""
    found = []
    for entry in known:
        for concept in plan.target.concepts:
            if concept.startswith("drug") and (entry.own | entry.named) & set(lexicon().closure(concept)):
                found.append(entry)
                break
    return found


def _conflicting(plan: Plan, active: list[Entry], steps: list[str]) -> Answer | None:
    """An allergy that speaks against the drug asked about by its group (asked of amoxicillin, recorded is penicillin): that
    is a yes. One that may only cross-react is told, and is none."""
    names = [lexicon().get(c).name for c in plan.target.concepts if c.startswith("drug:") and c in lexicon()]
    found = []
    for entry in active:
        told = (values.objs(values.obj(entry.resource.get("code")).get("coding")), entry.name)
        found += [(entry, c) for n in names for c in allergy_conflicts(identify((), n), [told])]
    if not found:
        return None
    same = [(e, c) for e, c in found if c.relation != "cross-reactive"]
    chosen = same or found
    against = f"An allergy speaks against {plan.target.label}"
    lead = ("Yes" if plan.ask == "exists" else against) if same else f"{plan.target.label} itself is not listed, but there is an allergy beside it"
    text = f"{lead}: {joined([f'{allergy_said(e)}: {c.note.rstrip(chr(46))} ({c.source})' for e, c in chosen])}."
    sources = tuple(source(e) for e, _ in chosen)
    steps = [*steps, f"what the allergies listed mean for {plan.target.label}, by the table of groups and cross-reactions"]
    if not same:
        return absent(text, steps, sources)
    result = truth(True) if plan.ask == "exists" else listing([e for e, _ in chosen])
    return Answer([Statement(text, sources)], result, steps=steps)


def _allergy_detail(plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    text = plan.question.text.lower()
    if plan.ask == "when":
        dated = [e for e in found if e.date]
        if dated:
            return Answer(
                [
                    Statement(
                        f"{allergy_said(dated[-1])}, recorded {shown(dated[-1].date)}.", (source(dated[-1]),)
                    )
                ],
                date(dated[-1].date),
                steps=steps,
            )
    field = (
        "severity"
        if cues.re.search(r"\b(?:sever\w+|serious|how bad)\b", text)
        else "criticality"
        if "critical" in text
        else "reaction"
    )
    if plan.ask in ("reaction", "reason") or cues.re.search(r"\breaction|react|sever|serious", text):
        having = [e for e in found if e.extra.get(field)]
        if not having:
            return absent(
                f"The record gives no {field} for {joined([e.name for e in found])}.",
                steps,
                list(map(source, found)),
            )
        return Answer(
            [Statement(f"{allergy_said(e)}.", (source(e),)) for e in having],
            words("; ".join(e.extra[field] for e in having)),
            steps=steps,
        )
    return Answer(
        [Statement(f"{allergy_said(e)}.", (source(e),)) for e in found], listing(found), steps=steps
    )
