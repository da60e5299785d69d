"""Questions about the person: age, sex, contact, whom they see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.categories import DEMOGRAPHICS
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.index.text import values
from services.index.text.context import person_name


def answer(chart: Chart, plan: Plan) -> Answer:
    """What is asked of the person, and what else in the same breath."""
    asked = _several(plan)
    if len(asked) < 2:
        return _one(chart, plan, plan.attribute)
    each = [_one(chart, plan, name) for name in asked]
    told = [statement for one in each for statement in one.statements]
    found = [str((one.result or {}).get("value")) for one in each if one.answered]
    if not found:
        return absent(" ".join(s.text for s in told), ["Patient"])
    return Answer(told, words("; ".join(found)), steps=[s for one in each for s in one.steps])


def _one(chart: Chart, plan: Plan, asked: str) -> Answer:
    patient = chart.patient.resource
    person = chart.entries("patient")[0]

    def told(text: str, result: dict, element: str) -> Answer:
        return Answer(
            [Statement(text, (Source(person, text, element),))], result, steps=[f"Patient.{element}"]
        )

    if asked == "age":
        born = days(patient.get("birthDate"))
        if born is None:
            return absent("The record gives no birth date.", ["Patient.birthDate"])
        (_, until), _, _ = window(chart, plan)
        at = _last_day(patient, until or chart.as_of)
        years = at.year - born[0].year - ((at.month, at.day) < (born[0].month, born[0].day))
        died = " at death" if at != (until or chart.as_of) else ""
        if years < 2:
            months = (at.year - born[0].year) * 12 + at.month - born[0].month - (at.day < born[0].day)
            return told(
                f"{months} months (born {shown(patient['birthDate'])}){died}.",
                number(months, "mo"),
                "birthDate",
            )
        return told(
            f"{years} years (born {shown(patient['birthDate'])}){died}.", number(years, "a"), "birthDate"
        )
    if asked == "insurance":
        return insurance(chart, plan)
    if asked == "maritalStatus" and plan.yes_no:
        return _married(patient, plan, told)
    if asked == "birthDate" and patient.get("birthDate"):
        return told(f"Born {shown(patient['birthDate'])}.", date(patient["birthDate"]), "birthDate")
    if asked == "deceased":
        kind, value = values.choice(patient, "deceased")
        if kind == "DateTime":
            if (
                plan.ask == "when"
                or "when" in plan.question.text.lower()
                or "date" in plan.question.text.lower()
            ):
                return told(f"Died {shown(value)}.", date(value), "deceasedDateTime")
            return told(
                f"Died {shown(value)}.", truth("alive" not in plan.question.text.lower()), "deceasedDateTime"
            )
        if value is True:
            return told(
                "Recorded as deceased; the record gives no date.",
                truth("alive" not in plan.question.text.lower()),
                "deceasedBoolean",
            )
        if value is False:
            return told(
                "Recorded as not deceased.", truth("alive" in plan.question.text.lower()), "deceasedBoolean"
            )
        return absent("The record does not say that the patient died.", ["Patient.deceased[x]"])
    text = _numbers(patient, plan.question.text) if asked == "identifier" else _text(chart, patient, asked)
    if not text:
        return absent(f"The record does not say: no {_NAMES.get(asked, asked)}.", [f"Patient.{asked}"])
    return told(f"{_NAMES.get(asked, asked).capitalize()}: {text}.", words(text), _ELEMENTS.get(asked, asked))


# HL7 v2 table 0203, as Identifier.type has it: the code, and words of its display.
_KINDS_OF_NUMBER = (
    (
        re.compile(r"\bmrns?\b|medical record|record number|hospital number", re.IGNORECASE),
        "MR",
        "medical record",
    ),
    (re.compile(r"\bssn\b|social security", re.IGNORECASE), "SS", "social security"),
    (re.compile(r"\bdriver", re.IGNORECASE), "DL", "driver"),
    (re.compile(r"\bpassport", re.IGNORECASE), "PPN", "passport"),
    (re.compile(r"\bnhs\b", re.IGNORECASE), "NH", "nhs"),
)


def _numbers(patient: dict[str, Any], text: str) -> str:
    """The identifiers of the kind that is asked for; all of them where none is of it, or no kind is named."""
    every = values.objs(patient.get("identifier"))
    for cue, code, said in _KINDS_OF_NUMBER:
        if cue.search(text):
            kind = [
                i
                for i in every
                if code in {c for _, c in values.codings(i.get("type"))}
                or said in values.concept(i.get("type")).lower()
            ]
            if kind:
                return "; ".join(dict.fromkeys(values.string(i.get("value")) for i in kind))
    told = ((values.concept(i.get("type")), values.string(i.get("value"))) for i in every)
    return "; ".join(f"{kind + ' ' if kind else ''}{value}" for kind, value in told)


_TOGETHER = frozenset(
    ["birthDate", "gender", "identifier", "phone", "email", "address", "maritalStatus", "language", "race"]
)


def _several(plan: Plan) -> list[str]:
    """What else of the person is asked in the same breath: "phone number and address"."""
    text = re.sub(r"e-?mail address", "e-mail", plan.question.text, flags=re.IGNORECASE)
    if plan.attribute not in _TOGETHER or not re.search(r"\band\b|,|&", text):
        return []
    return [name for name, cue in DEMOGRAPHICS if name in _TOGETHER and cue.search(text)]


_NAMES = {
    "birthDate": "birth date", "gender": "gender", "identifier": "identifier", "phone": "telephone", "email": "e-mail", "address": "address",
    "maritalStatus": "marital status", "language": "language", "generalPractitioner": "primary care provider", "name": "name", "maiden": "maiden name", "race": "race or ethnicity", "contact": "next of kin or contact person",
}  # fmt: skip
_ELEMENTS = {"phone": "telecom", "email": "telecom", "language": "communication", "race": "extension"}


# HL7 v3 MaritalStatus (terminology.hl7.org/CodeSystem/v3-MaritalStatus) and v3 NullFlavor.
_MARITAL = {
    "A": "annulled", "D": "divorced", "I": "interlocutory decree", "L": "legally separated", "M": "married", "C": "common law", "P": "polygamous",
    "S": "never married", "T": "domestic partner", "U": "unmarried", "W": "widowed", "UNK": "unknown",
}  # fmt: skip


# IANA language subtag registry (BCP 47): the languages most spoken in the United States.
_LANGUAGES = {
    "en": "English", "es": "Spanish", "zh": "Chinese", "tl": "Tagalog", "vi": "Vietnamese", "ar": "Arabic", "fr": "French", "ko": "Korean",
    "ru": "Russian", "de": "German", "hi": "Hindi", "pt": "Portuguese", "it": "Italian", "pl": "Polish", "ja": "Japanese", "ht": "Haitian",
    "fa": "Persian", "bn": "Bengali", "el": "Modern Greek", "so": "Somali", "am": "Amharic", "km": "Khmer", "uk": "Ukrainian",
}  # fmt: skip


def _marital(patient: dict[str, Any]) -> str:
    told = values.concept(patient.get("maritalStatus"))
    return _MARITAL.get(told, told) or _MARITAL.get(values.code(patient.get("maritalStatus")), "")


def _married(patient: dict[str, Any], plan: Plan, told: Callable[[str, dict, str], Answer]) -> Answer:
    """Is the patient married, single, divorced, widowed?"""
    status = _marital(patient)
    if not status or status == "unknown":
        return absent("The record does not say: no marital status.", ["Patient.maritalStatus"])
    asked = re.search(r"\b(?:un)?married|single|divorced|widow|separated", plan.question.text, re.IGNORECASE)
    if asked is None:
        return told(f"Marital status: {status}.", words(status), "maritalStatus")
    word = asked[0].lower()
    now = status.lower()
    yes = {
        "married": now.startswith(("married", "common law", "polygamous")),
        "unmarried": now.startswith(("unmarried", "never", "single")),
        "single": now.startswith(("never", "single", "unmarried")),
    }.get(word, now.startswith(word[:5]) or word in now)
    return told(f"{'Yes' if yes else 'No'}: marital status {status}.", truth(yes), "maritalStatus")


def insurance(chart: Chart, plan: Plan) -> Answer:
    """By the coverage that holds, or held in the time asked about; else by the claims."""
    (since, until), steps, _ = window(chart, plan)
    first, last = since or chart.as_of, until or chart.as_of
    every = chart.entries("coverage")
    held = [e for e in every if _held(e, first, last)]
    current = [e for e in held if e.status in ("active", "")] or held
    claims = [e for e in chart.entries("claim") if e.within(since, until)]
    claimed = [e for e in claims if e.name != "Payer not named"]
    chosen = (claimed[-1:] if since or until else []) or current or every[-1:] or claimed[-1:]
    if not chosen:
        return absent(
            "The record does not say: no coverage and no claim.",
            [*steps, "Coverage, Claim, ExplanationOfBenefit"],
        )
    named = _PAYERS.search(plan.question.text)
    if plan.yes_no:
        yes = named is None or any(named[0].lower() in e.name.lower() for e in chosen)
        lines = "; ".join(e.name for e in chosen)
        return Answer(
            [Statement(f"{'Yes' if yes else 'No'}: {lines}.", tuple(Source(e, e.name) for e in chosen))],
            truth(yes),
            steps=steps,
        )
    statements = [
        Statement(f"Insurance: {e.name}{f', from {shown(e.date)}' if e.date else ''}{f' to {shown(e.end)}' if e.end else ''}.", (Source(e, e.name),))
        for e in chosen
    ]  # fmt: skip
    return Answer(statements, words("; ".join(dict.fromkeys(e.name for e in chosen))), steps=steps)


_PAYERS = re.compile(
    r"\b(?:medicare|medicaid|tricare|humana|aetna|cigna|kaiser|anthem|united ?health\w*|blue cross\w*|private|commercial|employer)\b",
    re.IGNORECASE,
)


def _held(entry: Entry, first: dt.date, last: dt.date) -> bool:
    end = days(entry.end)
    return not (entry.first and entry.first > last) and not (end and end[1] < first)


def _last_day(patient: dict[str, Any], day: dt.date) -> dt.date:
    died = days(patient.get("deceasedDateTime"))
    return min(died[0], day) if died else day


def _text(chart: Chart, patient: dict[str, Any], asked: str) -> str:
    if asked in ("phone", "email"):
        found = [
            values.string(t.get("value"))
            for t in values.objs(patient.get("telecom"))
            if values.code(t.get("system")) == asked
        ]
        return ", ".join(filter(None, found))
    if asked == "address":
        shown_addresses = []
        for item in values.objs(patient.get("address")):
            parts = [
                *map(values.string, values.many(item.get("line"))),
                *(values.string(item.get(k)) for k in ("city", "state", "postalCode", "country")),
            ]
            shown_addresses.append(values.string(item.get("text")) or ", ".join(filter(None, parts)))
        return "; ".join(filter(None, shown_addresses))
    if asked == "language":
        told = (values.concept(c.get("language")) for c in values.objs(patient.get("communication")))
        return ", ".join(_LANGUAGES.get(t.lower().partition("-")[0], t) for t in told if t)
    if asked == "generalPractitioner":
        names = []
        for item in values.objs(patient.get("generalPractitioner")):
            found = chart.resolve(values.string(item.get("reference"))) if item.get("reference") else None
            names.append(
                values.string(item.get("display"))
                or (person_name(found.get("name")) if found and isinstance(found.get("name"), list) else "")
            )
        return ", ".join(filter(None, names))
    if asked == "maiden":
        born = [n for n in values.objs(patient.get("name")) if n.get("use") == "maiden"]
        return values.string(born[-1].get("family")) or person_name(born) if born else ""
    if asked == "name":
        return person_name(patient.get("name"))
    if asked == "race":
        found = []
        for extension in values.objs(patient.get("extension")):
            if values.string(extension.get("url")).rsplit("/", 1)[-1] in (
                "us-core-race",
                "us-core-ethnicity",
            ):
                found += [
                    values.string(e.get("valueString"))
                    for e in values.objs(extension.get("extension"))
                    if e.get("url") == "text"
                ]
        return ", ".join(filter(None, found))
    if asked == "contact":
        return "; ".join(
            f"{person_name([c['name']]) if c.get('name') else 'name not recorded'}"
            f"{f' ({told})' if (told := values.concepts(c.get('relationship'))) else ''}"
            for c in values.objs(patient.get("contact"))
        )
    if asked == "maritalStatus":
        return _marital(patient)
    value = patient.get(asked)
    return values.concept(value) if isinstance(value, dict) else values.string(value)
