"""Rules about drugs: controlled ones, doses, duplicates, allergies, interactions, pregnancy, and which drug it is at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.chart.holding import Medicine
from services.commands.rules.model import Rule, Said
from services.commands.rules.texts import all_texts, displays
from services.commands.schemas import SuggestMedicationChange
from services.commands.situation import Situation
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.allergy_words import changes_allergies, is_allergy_code
from services.knowledge.medicines.controlled import Controlled, controlled_identified, controlled_in
from services.knowledge.medicines.doses import beyond, doses_in
from services.knowledge.medicines.interactions import interactions_with
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.ordering import ordered_in
from services.knowledge.medicines.pregnancy import pregnancy_risk

_TAKING = frozenset(["start", "increase", "decrease", "change"])
_LONG = re.compile(r"(?<![\w-])[A-Za-z]{7,20}(?![\w-])")
_BREAK = re.compile(r"(?<=[A-Za-z])[-\u2010\u00ad]\s*\n\s*(?=[a-z])")
_MIXED = re.compile(
    r"\b(?=\w*[A-Za-z])(?=\w*\d)(?!\d+(?:mg|mcg|ug|ml|g|h|hr|x|d|th|st|nd|rd)\b)\w{2,}\b", re.IGNORECASE
)
_AS_LETTERS = str.maketrans("013457", "oieast")
_DISGUISED = frozenset(["look-alike", "spaced"])


def _change(s: Situation) -> SuggestMedicationChange | None:
    return s.command if isinstance(s.command, SuggestMedicationChange) else None


def _taken(s: Situation) -> SuggestMedicationChange | None:
    """The change, where the drug would be taken after it."""
    change = _change(s)
    return change if change and change.action in _TAKING else None


def _others(s: Situation) -> list[Medicine]:
    """What else is taken: not the order that would be changed."""
    change = _change(s)
    changed = f"MedicationRequest/{change.medication_request_id}" if change else ""
    return [m for m in s.medicines if m.reference != changed]


# Controlled substances


def _controlled(s: Situation) -> Iterator[Said]:
    change = _change(s)
    if change:
        by_name = [c for i in s.drug.ingredients for c in controlled_in(i)] if s.drug else []
        for found in controlled_identified(change.medication.codings(), change.medication.display) or by_name:
            if change.action == "stop":
                yield Said(
                    "queue", f"{found.substance} is a controlled substance (schedule {found.schedule})."
                )
            else:
                yield _blocked("medication", found)
    short = {field for field, _ in displays(s.command)}
    for field, text in all_texts(s.command):
        if field == "medication.display" or field.startswith("evidence."):
            continue
        if field in short:
            for found in controlled_in(text):
                yield (
                    _blocked(field, found)
                    if field == "route" or found.how in _DISGUISED
                    else Said("warn", f"{field} names {found.substance}, a controlled substance.")
                )
            continue
        yield from _in_prose(s, field, text)


def _in_prose(s: Situation, field: str, text: str) -> Iterator[Said]:
    meant = _corrected(text)
    for found in [
        *ordered_in(text),
        *(o for o in ordered_in(meant) if meant != text and o.intent == "ordered"),
    ]:
        if found.controlled is None:
            continue
        on_it = [m.reference for m in s.medicines if found.controlled.substance in m.drug.ingredients]
        if found.controlled.how in _DISGUISED:
            yield Said(
                "block", f"{field} names {found.controlled.substance}, a controlled substance, in disguise."
            )
        elif found.intent == "ordered" or (found.intent == "continued" and not on_it):
            yield _blocked(field, found.controlled)
        elif found.intent == "continued":
            yield Said(
                "queue",
                f"{field} continues {found.controlled.substance}, a controlled substance.",
                tuple(on_it),
            )
        else:
            yield Said("warn", f"{field} mentions {found.controlled.substance}, a controlled substance.")


def _corrected(text: str) -> str:
    """The text with names that a line break or digits take apart joined, and mistyped ones of controlled drugs put right.
    What makes another word of it ("concrete") is a slip only where it is ordered."""

    def right(match: re.Match[str]) -> str:
        found = identify([], match.group())
        name = found.ingredients[0] if found.certain and len(found.ingredients) == 1 else ""
        return name if name and controlled_in(name) and not controlled_in(match.group()) else match.group()

    whole = _BREAK.sub("", text)
    return _LONG.sub(right, _MIXED.sub(lambda m: m.group().translate(_AS_LETTERS), whole))


def _blocked(field: str, found: Controlled) -> Said:
    return Said(
        "block", f"{field} orders {found.substance}, a controlled substance (schedule {found.schedule})."
    )


# Allergies


def _allergy_list(s: Situation) -> Iterator[Said]:
    for field, text in all_texts(s.command):
        if not field.startswith("evidence.") and changes_allergies(text):
            yield Said("block", f"{field} asks for a change of the allergy list.")
    condition = getattr(s.command, "condition", None)
    if condition is not None and (
        is_allergy_code(condition.system, condition.code) or _allergy_name(condition.display)
    ):
        yield Said("block", "condition is an allergy: allergies are kept by people only.")


def _allergy_name(display: str) -> bool:
    words = display.casefold()
    return any(
        w in words
        for w in ("allergy to", "allergic to", "drug allergy", "allergy status", "no known allerg", "nkda")
    ) or words.strip().endswith(" allergy")


def _known_allergy(s: Situation) -> Iterator[Said]:
    if not (_taken(s) and s.drug):
        return
    for allergy in s.allergies:
        for conflict in allergy_conflicts(s.drug, [(allergy.codings, allergy.text)]):
            if conflict.relation == "cross-reactive" and allergy.intolerance:
                continue
            said = f"Known allergy to {conflict.allergen}: {conflict.note}"
            verdict = "queue" if conflict.relation == "cross-reactive" else "block"
            yield Said(verdict, said, (allergy.entry.reference,))


# The drug itself


def _unidentified(s: Situation) -> Iterator[Said]:
    if _change(s) and s.drug and not s.drug.certain:
        yield Said("block", "It can't be told which drug this is, so nothing about it could be checked.")


def _dose(s: Situation) -> Iterator[Said]:
    change = _taken(s)
    if change and change.dose and s.drug:
        per_day = change.dose.value * change.dose.times_per_day if change.dose.times_per_day else None
        if wrong := beyond(s.drug, change.dose.value, change.dose.unit, per_day):
            yield Said("block", f"dose: {wrong}")
    for field, text in _dosing_texts(s):
        for found in doses_in(text):
            if wrong := beyond(found.drug, found.amount, found.unit, found.per_day):
                yield Said("block", f"{field}: {wrong}")


def _dosing_texts(s: Situation) -> Iterator[tuple[str, str]]:
    """Texts with a dose in them; a dosage is of the drug that is named beside it."""
    for field, text in all_texts(s.command):
        if field == "dosage" and (change := _change(s)):
            named = (
                "-".join(s.drug.ingredients) if s.drug and s.drug.ingredients else change.medication.display
            )
            yield field, f"{named} {text}"
        elif not field.startswith("evidence."):
            yield field, text


def _duplicate(s: Situation) -> Iterator[Said]:
    change = _taken(s)
    if not (change and s.drug and change.action == "start"):
        return
    for other in _others(s):
        same = set(s.drug.ingredients) & set(other.drug.ingredients)
        if same and s.drug.route == other.drug.route:
            yield Said("block", f"{', '.join(sorted(same))} is ordered already.", (other.reference,))


def _interaction(s: Situation) -> Iterator[Said]:
    if not (_taken(s) and s.drug):
        return
    for other in _others(s):
        for found in interactions_with(s.drug, [other.drug]):
            told = f"{found.severity.capitalize()} interaction with {other.entry.name}: {found.mechanism}"
            serious = found.severity in ("major", "contraindicated")
            yield Said("block" if serious else "warn", told, (other.reference,))


def _pregnancy(s: Situation) -> Iterator[Said]:
    if not (_taken(s) and s.drug):
        return
    pregnant = tuple(e.reference for e in s.pregnancy)
    for risk in pregnancy_risk(s.drug) if pregnant else ():
        verdict = "warn" if risk.risk == "caution" else "block"
        yield Said(verdict, f"The patient is pregnant; {risk.drug}: {risk.note}", pregnant)


RULES = (
    Rule("controlled-substance", "Controlled substance", "block",
         "No order of a substance of DEA schedules I to V under any name, salt, brand or spelling, as a command or inside a "
         "text. Stopping one, and text that only tells of one, goes to a person.", _controlled,
         "21 CFR 1308.11-1308.15"),
    Rule("allergy-change", "Allergies", "block",
         "Nothing that would change the allergy list: codes of allergies, and text that asks for such a change.", _allergy_list),
    Rule("known-allergy", "Known allergy", "block",
         "The drug or its class is among the patient's allergies; one that may cross-react goes to a person.", _known_allergy),
    Rule("unidentified-drug", "Unknown drug", "block", "A drug that neither its code nor its name identifies.", _unidentified),
    Rule("dose-beyond", "Dose", "block", "More than ten times the usual maximum, or a unit of another kind.", _dose),
    Rule("duplicate-order", "Duplicate", "block", "An active order holds the same ingredient by the same route.", _duplicate),
    Rule("interaction", "Interaction", "block",
         "Major and contraindicated interactions with what is taken are refused, lesser ones told.", _interaction),
    Rule("pregnancy", "Pregnancy", "block",
         "A drug that is contraindicated or to be avoided in pregnancy, for a patient who is pregnant.", _pregnancy),
)  # fmt: skip
