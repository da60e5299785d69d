"""The form in which a drug is given, as a question asks for it: by mouth, inhaled, on the skin; and how many a day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import Answer, Statement, number
from services.bots.rag_pipeline.courses import Course
from services.bots.rag_pipeline.drugs import described, ordered, source, state
from services.bots.rag_pipeline.plan import Plan
from services.chart.entry import Entry
from services.index.text import values

_INHALED = r"inhal\w*|nebuli[sz]\w*|nebs?\b|puffs?|hfa|diskus|respimat|ellipta|turbuhaler|respiclick"
_NASAL = r"nasal\w*|intranasal\w*|nostrils?|sprays? in"
_SKIN = r"topical\w*|creams?|ointments?|lotions?|gels?|patch\w*|transdermal\w*|to the skin|shampoo"
_EYE = r"ophthalmic|eye\b|eyes|ear|ears|otic|drops?"
_INJECTED = r"inject\w*|intraven\w*|iv\b|intramusc\w*|im\b|subcut\w*|sc\b|sq\b|infus\w*|vials?|pen\b|syringe"
_RECTAL = r"rectal\w*|suppositor\w*|enema|vaginal\w*"
_ORAL = r"oral\w*|by mouth|po\b|tablets?|tabs?|capsules?|caps?|pills?|chewable|syrup|solution by mouth|swallow\w*"
_FORMS = {
    "oral": _ORAL, "inhaled": _INHALED, "nasal": _NASAL, "topical": _SKIN, "injected": _INJECTED, "eye": _EYE, "rectal": _RECTAL,
}  # fmt: skip
_ASKED = re.compile(
    r"\b(?:(?P<oral>oral|by mouth)|(?P<systemic>systemic)|(?P<inhaled>inhaled|nebuli[sz]ed)|(?P<nasal>nasal|intranasal)|(?P<topical>topical)"
    r"|(?P<injected>injectable|injected|intravenous|iv)|(?P<eye>ophthalmic|eye)) (?=(?P<what>[a-z]+))",
    re.IGNORECASE,
)


def of_the_form(plan: Plan, entries: Sequence[Entry]) -> list[Entry]:
    """Without those of a class that are recorded as given in another form than the one that is asked for.

    What tells no form stays: nothing says that it is another.
    """
    asked = {name for m in _ASKED.finditer(plan.question.text) for name, found in m.groupdict().items() if found and (name in _FORMS or name == "systemic")}
    if len(asked) != 1 or not any(c.startswith(("drugclass:", "drug:")) for c in plan.target.concepts):
        return list(entries)
    name = asked.pop()
    wanted = {"oral", "injected", "rectal"} if name == "systemic" else {name}
    return [e for e in entries if not (forms := _forms(e)) or wanted & forms]


def _forms(entry: Entry) -> set[str]:
    told = " ".join((entry.name, str(entry.extra.get("dose") or ""), str(entry.extra.get("route") or ""))).lower()
    local = {name for name, words in _FORMS.items() if name != "oral" and re.search(rf"\b(?:{words})", told)}
    if re.search(rf"\b(?:{_ORAL})", told) and not local & {"inhaled", "nasal", "topical", "eye", "rectal"}:
        local.add("oral")
    return local or ({"oral"} if re.search(r"\btake \d|\btake one\b", told) else set())


def of_the_strength(plan: Plan, entries: Sequence[Entry]) -> list[Entry]:
    """Of a drug that is named with a strength ("metformin 500", "10 mg oxycodone") the orders of that strength, where there are some."""
    label = re.escape(plan.target.label)
    if plan.ask not in ("duration", "exists", "reason", "who", "status") or not plan.target.concepts or not label:
        return list(entries)
    found = re.search(rf"\b{label} (?P<a>\d+(?:\.\d+)?)(?! ?(?:times|days?|weeks?|months?|years?|/|%))\b|\b(?P<b>\d+(?:\.\d+)?) ?(?:mg|mcg|g|units?) (?:of )?{label}", plan.question.text, re.IGNORECASE)
    if found is None:
        return list(entries)
    strength = re.compile(rf"(?<![\d.,]){re.escape(found['a'] or found['b'])}(?![\d.])")
    named = [e for e in entries if strength.search(e.name.replace(",", ""))]
    return named or list(entries)


# How many a day

_A_DAY = re.compile(
    r"\bhow (?:many|much) (?:[a-z-]+ ){0,2}?(?P<u>tablets?|tabs?|pills?|capsules?|caps|puffs?|inhalations?|sprays?|drops?|units|mg|milligrams|mcg|micrograms|grams|ml)\b.*"
    r"\b(?:a|per|each|every|in a|one) (?P<p>day|week)\b|\bhow much (?!of\b)[^?]{2,40}\b(?:a|per|each|every) (?P<p2>day|week)\b|\b(?:total )?daily dos(?:e|age)\b",
    re.IGNORECASE,
)
_FORM = {"tab": "tablet", "pill": "tablet", "cap": "capsule", "inhalation": "puff", "milligram": "mg", "microgram": "mcg", "gram": "g"}
_STRENGTH = re.compile(r"(?<![\d./-])(?P<n>\d[\d,]*(?:\.\d+)?) ?(?P<u>mg|mcg|g|units?)\b(?!/)", re.IGNORECASE)
_DAY = {"h": 1 / 24, "d": 1.0, "wk": 7.0}


def in_a_day(plan: Plan, found: list[Course]) -> Answer | None:
    """How much of a drug its order says for a day or a week, from its coded timing; None where it is not asked or not told.

    A drug that is taken as needed has no such number, nor has one whose order has several lines.
    """
    asked = _A_DAY.search(plan.question.text)
    current = [e for c in found for e in c.current]
    if asked is None or len(current) != 1 or plan.since or plan.until or plan.anchors:
        return None
    entry = current[0]
    lines = values.objs(entry.resource.get("dosageInstruction") or entry.resource.get("dosage"))
    if len(lines) != 1 or values.true(lines[0].get("asNeededBoolean")) or lines[0].get("asNeededCodeableConcept"):
        return None
    repeat = values.obj(values.obj(lines[0].get("timing")).get("repeat"))
    times, period, unit = values.amount(repeat.get("frequency")), values.amount(repeat.get("period")), _DAY.get(values.string(repeat.get("periodUnit")))
    amounts = entry.extra.get("amounts") or ()
    if not times or not period or not unit or len(amounts) != 1 or repeat.get("frequencyMax") or repeat.get("periodMax"):
        return None
    span = 7.0 if (asked["p"] or asked["p2"] or "").lower() == "week" else 1.0
    daily = times * span / (period * unit)
    each = _each(entry, amounts[0], _singular(asked["u"] or ""))
    if each is None:
        return None
    amount, named = each
    total = round(amount * daily, 3)
    result = number(total, named)
    told = f"{result['value']:,} {named}{'s' if named in ('tablet', 'capsule', 'puff') and total != 1 else ''} a {'week' if span > 1 else 'day'}"
    text = f"{told}: {described(entry)} ({state(entry)}, {ordered(entry)})."
    return Answer([Statement(text, (source(entry),))], result, steps=[f"{amount:g} {named} × {daily:g} a {'week' if span > 1 else 'day'}"])


def _singular(word: str) -> str:
    plain = word.lower() if word.lower() in ("units", "mg", "mcg", "ml") else word.lower().rstrip("s")
    return _FORM.get(plain, plain)


def _each(entry: Entry, amount: tuple[float, str], asked: str) -> tuple[float, str] | None:
    """One dose in the unit asked for: as ordered, or tablets by the strength that the name tells."""
    value, unit = amount
    unit = _singular(unit.strip("{}[] ") or "")
    unit = "units" if unit in ("unit", "iu", "u") else unit
    if unit == asked or (not asked and unit not in ("tablet", "capsule")):
        return value, unit
    strengths = list(_STRENGTH.finditer(entry.name))
    if len(strengths) != 1:
        return None
    strength = float(strengths[0]["n"].replace(",", ""))
    measured = _singular(strengths[0]["u"])
    if unit in ("tablet", "capsule") and asked in ("", measured):
        return value * strength, measured
    if asked in ("tablet", "capsule") and unit == measured and strength and (value / strength) in (0.5, 1.0, 1.5, 2.0, 3.0, 4.0) and re.search(r"\btab|\bcap", entry.name, re.IGNORECASE):
        return value / strength, asked
    return None
