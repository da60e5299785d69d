"""Questions about the person: age, sex, contact, whom they see."""

from __future__ import annotations

import datetime as dt
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
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import window
from services.chart.chart import Chart
from services.chart.entry import days
from services.index.text import values
from services.index.text.context import person_name


def answer(chart: Chart, plan: Plan) -> Answer:
    patient = chart.patient.resource
    person = chart.entries("patient")[0]
    asked = plan.attribute

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
    text = _text(chart, patient, asked)
    if not text:
        return absent(f"The record does not say: no {_NAMES.get(asked, asked)}.", [f"Patient.{asked}"])
    return told(f"{_NAMES.get(asked, asked).capitalize()}: {text}.", words(text), _ELEMENTS.get(asked, asked))


_NAMES = {
    "birthDate": "birth date", "gender": "gender", "identifier": "identifier", "phone": "telephone", "email": "e-mail", "address": "address",
    "maritalStatus": "marital status", "language": "language", "generalPractitioner": "primary care provider", "name": "name", "race": "race or ethnicity",
}  # fmt: skip
_ELEMENTS = {"phone": "telecom", "email": "telecom", "language": "communication", "race": "extension"}


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
    if asked == "identifier":
        found = []
        for item in values.objs(patient.get("identifier")):
            kind = values.concept(item.get("type"))
            found.append(f"{kind + ' ' if kind else ''}{values.string(item.get('value'))}")
        return "; ".join(found)
    if asked == "language":
        return ", ".join(
            filter(
                None, (values.concept(c.get("language")) for c in values.objs(patient.get("communication")))
            )
        )
    if asked == "generalPractitioner":
        names = []
        for item in values.objs(patient.get("generalPractitioner")):
            found = chart.resolve(values.string(item.get("reference"))) if item.get("reference") else None
            names.append(
                values.string(item.get("display"))
                or (person_name(found.get("name")) if found and isinstance(found.get("name"), list) else "")
            )
        return ", ".join(filter(None, names))
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
    value = patient.get(asked)
    return values.concept(value) if isinstance(value, dict) else values.string(value)
