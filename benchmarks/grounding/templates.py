"""True sentences made of the record's own values: many kinds of fact, each in several wordings.

The first wordings of a kind are the development half, the last ones the held half. In a wording, `{…}` is a
piece of the fact; which pieces may be made wrong, and how, is for `errors`.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.grounding.world import Entry, of, slugs
from services.grounding import Evidence

PER_WORDING = 3
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Case:
    """A true sentence, its evidence in order of number, and the pieces that it is made of."""

    half: str
    kind: str
    slug: str
    text: str
    evidence: tuple[Evidence, ...]
    pieces: dict[str, str] = field(default_factory=dict)


Fact = tuple[tuple[Entry, ...], dict[str, str]]


def day(entry: Entry, style: int = 0) -> str:
    """The entry's date in words."""
    when = dt.date.fromisoformat(entry.date)
    month = _MONTHS[when.month - 1]
    return (
        f"{when.day} {month} {when.year}",
        f"{month} {when.day}, {when.year}",
        f"{month} {when.year}",
        when.strftime("%d-%b-%Y"),
        when.strftime("%m/%d/%Y"),
        when.isoformat(),
    )[style % 6]


def _labs(slug: str) -> dict[str, list[Entry]]:
    """Numeric observations by name, in order of time, one a day."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in of(slug, "O"):
        facts = entry.rendered.facts
        if len(facts) == 1 and not facts[0].comparator and _value(entry):
            found.setdefault(facts[0].name, {})[entry.date] = entry
    return {name: sorted(by_day.values(), key=lambda e: e.date) for name, by_day in found.items()}


def _value(entry: Entry) -> tuple[str, str, str] | None:
    """(name, number, unit) as the record writes them, or None."""
    quantity = entry.resource.get("valueQuantity") or {}
    name = entry.rendered.facts[0].name
    rest = entry.title.removeprefix(name).strip()
    match = re.match(r"(\d+(?:\.\d+)?)\s*([^()]*)", rest)
    if not quantity or not match or rest == entry.title:
        return None
    return name.split(" (")[0], match[1], match[2].strip()


def _flag(entry: Entry) -> str:
    match = re.search(r"\((high|low|normal)\)$", entry.title)
    return match[1] if match else ""


def single(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for series in _labs(slug).values():
            entry = rng.choice(series)
            name, number, unit = _value(entry) or ("", "", "")
            if unit:
                yield (
                    (entry,),
                    {
                        "name": name.lower() if name[1:2].islower() else name,
                        "number": number,
                        "unit": unit,
                        "date": day(entry, rng.randrange(6)),
                    },
                )


def flagged(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for series in _labs(slug).values():
            entry = rng.choice(series)
            if flag := _flag(entry):
                name, number, unit = _value(entry) or ("", "", "")
                yield (entry,), {"name": name, "number": number, "unit": unit, "level": flag}


def pair(rng: random.Random) -> Iterator[Fact]:
    """Two measurements of one day."""
    for slug in slugs():
        labs = _labs(slug)
        by_day: dict[str, list[Entry]] = {}
        for series in labs.values():
            for entry in series:
                by_day.setdefault(entry.date, []).append(entry)
        for entries in by_day.values():
            if len(entries) > 3 and rng.random() < 0.3:
                a, b = rng.sample(entries, 2)
                (n1, v1, u1), (n2, v2, u2) = _value(a) or ("", "", ""), _value(b) or ("", "", "")
                if v1 != v2 and n1 != n2:
                    yield (
                        (a, b),
                        {
                            "name": n1,
                            "number": v1,
                            "unit": u1,
                            "name2": n2,
                            "number2": v2,
                            "unit2": u2,
                            "date": day(a, 2),
                        },
                    )


def trend(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for series in _labs(slug).values():
            if len(series) < 2:
                continue
            i, j = sorted(rng.sample(range(len(series)), 2))
            a, b = series[i], series[j]
            (name, v1, unit), (_, v2, _) = _value(a) or ("", "", ""), _value(b) or ("", "", "")
            change = float(v2) - float(v1)
            if abs(change) < 0.05 * float(v1) or dt.date.fromisoformat(b.date) - dt.date.fromisoformat(
                a.date
            ) < dt.timedelta(40):
                continue
            decimals = max(len(v.partition(".")[2]) for v in (v1, v2))
            yield (a, b), {
                "name": name, "number": v1, "number2": v2, "unit": unit, "date": day(a, 2), "date2": day(b, 2),
                "fell": "fell" if change < 0 else "rose", "decreased": "decreased" if change < 0 else "increased",
                "lower": "lower" if change < 0 else "higher", "down": "down" if change < 0 else "up",
                "by": f"{abs(change):.{decimals}f}", "percent": f"{abs(100 * change / float(v1)):.0f}",
            }  # fmt: skip


def pressure(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        found = [e for e in of(slug, "O") if re.match(r"Blood pressure \d", e.title)]
        if found:
            entry = rng.choice(found)
            match = re.search(r"(\d+)/(\d+)", entry.title)
            assert match
            yield (entry,), {"number": match[1], "number2": match[2], "date": day(entry, rng.randrange(6))}


def _drug(entry: Entry) -> dict[str, str] | None:
    title = re.sub(r"^(Stopped|Cancelled|On hold): ", "", entry.title)
    match = re.match(r"([A-Z][A-Za-z -]+?) (\d[\d.,/]*) (mg|mcg|unit|units)\b(?!/)", title)
    brand = re.search(r"\(([A-Z][A-Za-z ]+)\)$", title)
    dose = re.search(r"Dose: (.*)", entry.rendered.chunks[0].text)
    often = (
        re.search(
            r"(once|twice|three times|four times)?\s*(?:daily|a day)|every (?:night|morning)|nightly|at bedtime",
            dose[1],
        )
        if dose
        else None
    )
    if not match or not often or dose is None:
        return None
    return {
        "drug": match[1].lower(), "brand": brand[1] if brand else match[1], "number": match[2], "unit": match[3],
        "often": often.group().strip(), "status": entry.rendered.status or "", "date": day(entry, 2), "day": day(entry, 0),
        "reason": (re.search(r"Reason: (.*)", entry.rendered.chunks[0].text) or ["", ""])[1],
    }  # fmt: skip


def active_drug(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "M"):
            fact = _drug(entry)
            if fact and fact["status"] == "active" and "/" not in fact["number"]:
                yield (entry,), fact


def stopped_drug(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "M"):
            fact = _drug(entry)
            if fact and fact["status"] == "stopped":
                yield (entry,), fact


def reason(rng: random.Random) -> Iterator[Fact]:
    return (f for f in active_drug(rng) if f[1]["reason"])


def problem(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "C"):
            if entry.rendered.status == "active, confirmed":
                name = entry.title[0].lower() + entry.title[1:] if entry.title[1].islower() else entry.title
                onset = re.search(r"Onset: (\S+)", entry.rendered.chunks[0].text)
                if onset:
                    yield (
                        (entry,),
                        {"finding": name, "date": day(entry, rng.choice((0, 2, 3))), "year": entry.date[:4]},
                    )


def resolved(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "C"):
            if "resolved" in (entry.rendered.status or ""):
                name = entry.title.removesuffix(" (resolved)")
                yield (
                    (entry,),
                    {
                        "finding": name[0].lower() + name[1:] if name[1].islower() else name,
                        "year": entry.date[:4],
                    },
                )


def allergy(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "A"):
            match = re.match(r"Allergy: (.*)", entry.title)
            reaction = re.search(r"Reaction: ([A-Za-z ]+)", entry.rendered.chunks[0].text)
            if match and reaction:
                yield (entry,), {"agent": match[1].lower(), "reaction": reaction[1].strip().lower()}


def vaccine(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        found = [e for e in of(slug, "I") if e.rendered.status == "completed"]
        for entry in rng.sample(found, min(2, len(found))):
            name = entry.title.split(",")[0].split(" (")[0]
            yield (
                (entry,),
                {
                    "vaccine": name[0].lower() + name[1:] if name[1].islower() else name,
                    "date": day(entry, rng.randrange(6)),
                },
            )


def procedure(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "P"):
            yield (
                (entry,),
                {
                    "procedure": entry.title.lower(),
                    "date": day(entry, rng.randrange(6)),
                    "year": entry.date[:4],
                },
            )


def conclusion(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "R"):
            match = re.search(r"Conclusion: ([^.]*(?:\.\d[^.]*)*)\.", entry.rendered.chunks[0].text)
            if match:
                said = match[1]
                yield (
                    (entry,),
                    {
                        "title": entry.title,
                        "said": said[0].lower() + said[1:] if said[1].islower() else said,
                        "date": day(entry, 0),
                    },
                )


def count(rng: random.Random) -> Iterator[Fact]:
    words = {2: "two", 3: "three", 4: "four"}
    for slug in slugs():
        for series in _labs(slug).values():
            size = rng.choice((2, 3, 4))
            if len(series) >= size:
                chosen = tuple(rng.sample(series, size))
                name = (_value(chosen[0]) or ("",))[0]
                yield chosen, {"name": name, "count": words[size], "Count": words[size].capitalize()}


def threshold(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for series in _labs(slug).values():
            entry = rng.choice(series)
            name, number, unit = _value(entry) or ("", "", "")
            value = float(number or 0)
            if value > 3:
                bound = int(value) - 1 if rng.random() < 0.5 else int(value) + 2
                yield (
                    (entry,),
                    {
                        "name": name,
                        "above": "above" if value > bound else "below",
                        "more": "more than" if value > bound else "less than",
                        "bound": str(bound),
                        "unit": unit,
                        "actual": number,
                    },
                )


def converted(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for name, series in _labs(slug).items():
            entry = rng.choice(series)
            _, number, unit = _value(entry) or ("", "", "")
            if name.startswith("Body weight") and unit == "kg":
                yield (
                    (entry,),
                    {"name": "body weight", "number": f"{float(number) / 0.45359237:.0f}", "unit": "lb"},
                )
            if name == "Glucose" and unit == "mg/dL":
                yield (
                    (entry,),
                    {"name": "glucose", "number": f"{float(number) / 18.0156:.1f}", "unit": "mmol/L"},
                )
            if name == "Creatinine" and unit == "mg/dL":
                yield (
                    (entry,),
                    {"name": "creatinine", "number": f"{float(number) * 88.42:.0f}", "unit": "µmol/L"},
                )
            if name.startswith("Hemoglobin A1c"):
                yield (
                    (entry,),
                    {
                        "name": "HbA1c",
                        "number": f"{(float(number) - 2.152) / 0.09148:.0f}",
                        "unit": "mmol/mol",
                    },
                )


def visit(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        found = [e for e in of(slug, "E") if ": " in e.title]
        if found:
            entry = rng.choice(found)
            kind, _, why = entry.title.partition(": ")
            if kind != "Planned":
                yield (
                    (entry,),
                    {
                        "visit": kind.lower(),
                        "why": why.lower() if why[1:2].islower() else why,
                        "date": day(entry, rng.choice((0, 1, 3, 5))),
                    },
                )


Maker = Callable[[random.Random], Iterator[Fact]]
# Development wordings, then held ones.
KINDS: dict[str, tuple[Maker, list[str], list[str]]] = {
    "single": (single, [
        "{name} was {number} {unit} on {date} [1].",
        "On {date}, the {name} was measured at {number} {unit} [1].",
        "The {name} of {number} {unit} was recorded on {date}.[1]",
        "A {name} result of {number} {unit} is on file for {date} [1].",
        "{date}: {name} {number} {unit} [1].",
        "{name} came back at {number} {unit} on {date}. [1]",
        "According to the record, {name} stood at {number} {unit} ({date}) [1].",
        "A value of {number} {unit} for {name} dates from {date} [1].",
        "The {date} {name} value was {number} {unit} [1].",
        "{name}: {number} {unit}, measured {date} [1].",
        "Measured on {date}, {name} amounted to {number} {unit} [1].",
        "We have a {name} of {number} {unit} from {date} [1].",
    ], [
        "On {date} there was a {name} of {number} {unit} [1].",
        "{name} equalled {number} {unit} (dated {date}) [1].",
        "The laboratory gave {number} {unit} as the {name} on {date} [1].",
        "The patient's {name}, taken on {date}, is {number} {unit}. [1]",
    ]),
    "flagged": (flagged, [
        "{name} was {level} at {number} {unit} [1].",
        "The {name} result ({number} {unit}) was {level} [1].",
        "At {number} {unit}, {name} is {level} [1].",
        "A {level} {name} of {number} {unit} was reported [1].",
        "{name} is reported as {level} ({number} {unit}) [1].",
        "With {number} {unit}, the {name} was {level} [1].",
        "{name} {number} {unit} – {level} [1].",
    ], [
        "{name} is {level}: {number} {unit} [1].",
        "The patient has a {level} {name} ({number} {unit}) [1].",
        "{name}, at {number} {unit}, counts as {level} [1].",
    ]),
    "pair": (pair, [
        "{name} was {number} {unit} [1] and {name2} was {number2} {unit2} [2].",
        "In {date} {name} was {number} and {name2} {number2} [1, 2].",
        "{name} and {name2} were {number} and {number2}, respectively [1][2].",
        "The {date} results include {name} {number} {unit} and {name2} {number2} {unit2} [1][2].",
        "{name} measured {number} {unit}, with {name2} at {number2} {unit2} [1-2].",
        "Values were {number} {unit} for {name} [1] and {number2} {unit2} for {name2} [2].",
        "{name} {number} {unit} [1]; {name2} {number2} {unit2} [2].",
        "On the same day {name} came to {number} {unit} and {name2} to {number2} {unit2} [1][2].",
        "Both {name} ({number} {unit}) and {name2} ({number2} {unit2}) were measured in {date} [1][2].",
    ], [
        "{name}: {number} {unit}; {name2}: {number2} {unit2} [1][2].",
        "Labs of {date} show a {name} of {number} {unit} [1] along with a {name2} of {number2} {unit2} [2].",
        "The patient had {name} {number} {unit} and {name2} {number2} {unit2} in {date} [1, 2].",
    ]),
    "trend": (trend, [
        "{name} {fell} from {number} {unit} in {date} to {number2} {unit} in {date2} [1][2].",
        "Between {date} and {date2}, {name} {decreased} from {number} to {number2} {unit} [1, 2].",
        "{name} was {number2} {unit} in {date2}, {down} from {number} {unit} in {date} [1][2].",
        "{name} {decreased} by {by} between {date} and {date2} [1][2].",
        "{name} was {lower} in {date2} ({number2}) than in {date} ({number}) [1][2].",
        "From {date} to {date2} the {name} {fell} from {number} to {number2} {unit} [1][2].",
        "{name} has {decreased} to {number2} {unit} from {number} {unit} [1-2].",
        "The {name} in {date2} was {lower} than in {date} [1][2].",
        "{name} {decreased} by {percent} % from {date} to {date2} [1][2].",
        "There was a change in {name} of {by} {unit}, from {number} to {number2} [1][2].",
        "{name} went from {number} {unit} in {date} to {number2} {unit} in {date2}, so it {decreased} [1][2].",
        "After {number} {unit} in {date}, the {name} {fell} to {number2} {unit} in {date2} [1][2].",
        "Compared with {date}, {name} in {date2} is {lower}: {number2} versus {number} {unit} [1][2].",
        "{name} ({number} {unit} in {date} [1], {number2} {unit} in {date2} [2]) has {decreased}.",
        "The {date2} {name} of {number2} {unit} is {by} {unit} {lower} than the {date} value [1][2].",
    ], [
        "Over time {name} {fell}: {number} {unit} in {date}, {number2} {unit} in {date2} [1][2].",
        "{name} stood at {number} in {date} and has since {decreased} to {number2} {unit} [1][2].",
        "The value for {name} was {number2} {unit} in {date2}, which is {lower} than the {number} {unit} of {date} [1][2].",
        "Between {date} and {date2} the {name} changed by {by} {unit} [1][2].",
        "{name} is {down} from {number} to {number2} {unit} [1][2].",
    ]),
    "pressure": (pressure, [
        "Blood pressure was {number}/{number2} mmHg on {date} [1].",
        "BP {number}/{number2} on {date} [1].",
        "On {date} the systolic pressure was {number} and the diastolic {number2} [1].",
        "The blood pressure reading of {date} was {number}/{number2}. [1]",
        "A BP of {number}/{number2} mmHg was taken on {date} [1].",
        "Systolic {number}, diastolic {number2} mmHg ({date}) [1].",
    ], [
        "Blood pressure on {date}: {number}/{number2} mmHg [1].",
        "The patient's pressure measured {number} over {number2} on {date} [1].",
    ]),
    "active drug": (active_drug, [
        "The patient takes {drug} {number} {unit} {often} [1].",
        "{drug} {number} {unit} is an active prescription, ordered in {date} [1].",
        "Current medications include {brand} {number} {unit}, {often} [1].",
        "She was prescribed {number} {unit} of {drug} on {day} [1].",
        "{brand} {number} {unit} {often} is currently prescribed [1].",
        "He is on {drug} at a dose of {number} {unit} [1].",
        "{drug} ({number} {unit}) was ordered on {day} and remains active [1].",
        "There is an ongoing order for {number} {unit} {drug}, taken {often} [1].",
        "There is an active order for {drug} {number} {unit} since {date} [1].",
        "{brand} {number} {unit} is being taken {often} [1].",
        "Ongoing medication: {drug} {number} {unit} {often} [1].",
        "{drug} was ordered on {day}: {number} {unit}, {often} [1].",
    ], [
        "The patient has been on {drug} {number} {unit} since {date} [1].",
        "Medication list: {drug} {number} {unit}, {often} (active) [1].",
        "At present {brand} {number} {unit} is taken {often} [1].",
        "{number} {unit} {drug} {often} is part of the current regimen [1].",
    ]),
    "stopped drug": (stopped_drug, [
        "{drug} {number} {unit} was stopped [1].",
        "The patient no longer takes {drug} {number} {unit} [1].",
        "{brand} was discontinued; it had been ordered in {date} [1].",
        "The order for {drug} {number} {unit} has been discontinued [1].",
        "{brand} {number} {unit}, ordered on {day}, is now stopped [1].",
        "He used to take {drug}, which has since been stopped [1].",
        "{drug} {number} {unit} is not active any more; it was stopped [1].",
        "Treatment with {brand} was discontinued [1].",
        "A previous prescription of {drug} {number} {unit} from {date} has been stopped [1].",
    ], [
        "{drug} has been stopped and is not current [1].",
        "{brand} {number} {unit} (ordered {day}) was later discontinued [1].",
        "The patient came off {drug} {number} {unit} [1].",
    ]),
    "reason": (reason, [
        "{drug} is prescribed for {reason} [1].",
        "The reason recorded for {drug} is {reason} [1].",
        "{reason} is treated with {drug} {number} {unit} [1].",
        "{drug} was given for {reason} in {date} [1].",
        "{drug} {number} {unit} treats {reason} [1].",
        "For {reason}, {brand} was prescribed [1].",
    ], [
        "{drug} was started because of {reason} [1].",
        "Indication for {drug} {number} {unit}: {reason} [1].",
    ]),
    "problem": (problem, [
        "The patient has {finding}, with onset on {date} [1].",
        "{finding} has been on the problem list since {year} [1].",
        "{finding} was diagnosed in {year} and is active [1].",
        "Active problems include {finding} (onset {date}) [1].",
        "There is a diagnosis of {finding} dating back to {year} [1].",
        "{finding} began on {date} and is still active [1].",
        "Since {date} the patient has had {finding} [1].",
        "{finding} is an active problem [1].",
        "History is notable for {finding}, onset {year} [1].",
    ], [
        "The problem list includes {finding}, active since {year} [1].",
        "{finding} dates from {year} and has not resolved [1].",
        "Diagnosis: {finding} (onset {date}) [1].",
    ]),
    "resolved": (resolved, [
        "{finding} from {year} is recorded as resolved [1].",
        "The patient's {finding} has resolved [1].",
        "{finding} ({year}) is no longer active and is listed as resolved [1].",
        "There was an episode of {finding} in {year}, since resolved [1].",
        "{finding} of {year} is marked resolved [1].",
        "Past problem, now resolved: {finding} [1].",
    ], [
        "{finding} occurred in {year} and has resolved [1].",
        "The chart lists {finding} as a resolved problem [1].",
    ]),
    "allergy": (allergy, [
        "The patient is allergic to {agent} ({reaction}) [1].",
        "An allergy to {agent} is recorded, with {reaction} as the reaction [1].",
        "{agent} allergy: {reaction} [1].",
        "There is a documented allergy to {agent} that caused {reaction} [1].",
        "{agent} is listed as an allergen; the reaction was {reaction} [1].",
        "Reaction to {agent}: {reaction} [1].",
    ], [
        "Allergy list: {agent} (reaction: {reaction}) [1].",
        "The patient reacted to {agent} with {reaction} [1].",
    ]),
    "vaccine": (vaccine, [
        "The {vaccine} was given on {date} [1].",
        "The patient received the {vaccine} on {date} [1].",
        "{vaccine} administered on {date} [1].",
        "On {date} a dose of the {vaccine} was given [1].",
        "{vaccine}: given {date} [1].",
        "Vaccinated with the {vaccine} on {date} [1].",
    ], [
        "A {vaccine} is recorded for {date} [1].",
        "The {vaccine} was administered to the patient on {date} [1].",
    ]),
    "procedure": (procedure, [
        "{procedure} was performed on {date} [1].",
        "The patient underwent {procedure} in {year} [1].",
        "A {procedure} took place on {date} [1].",
        "{procedure} has been done, in {year} [1].",
        "On {date} the patient had a {procedure} [1].",
        "{procedure} ({year}) is documented as completed [1].",
    ], [
        "{procedure}, performed on {date} [1].",
        "In {year} a {procedure} was carried out [1].",
    ]),
    "conclusion": (conclusion, [
        "The {title} of {date} showed: {said} [1].",
        "{title} found {said} [1].",
        "On {date}, {title} was reported as follows: {said} [1].",
        "{said}, per the {title} of {date} [1].",
        "{title} ({date}): {said} [1].",
        "The conclusion of the {title} was {said} [1].",
    ], [
        "According to the {title} of {date}: {said} [1].",
        "The {title} concluded {said} [1].",
    ]),
    "count": (count, [
        "{Count} {name} results are recorded {all}.",
        "There are {count} {name} values on file {all}.",
        "The record holds {count} measurements of {name} {all}.",
        "{name} was measured on {count} occasions {all}.",
        "{Count} results for {name} were found {all}.",
        "In total there are {count} {name} readings {all}.",
    ], [
        "{Count} separate {name} measurements were made {all}.",
        "The {name} was checked {count} times {all}.",
    ]),
    "threshold": (threshold, [
        "{name} was {above} {bound} {unit} [1].",
        "The {name} is {more} {bound} [1].",
        "{name} remains {above} {bound} {unit} at {actual} [1].",
        "A {name} {above} {bound} {unit} was found [1].",
        "{name} lies {above} {bound} {unit} [1].",
        "At {actual} {unit}, {name} is {above} {bound} [1].",
    ], [
        "The patient's {name} was {more} {bound} {unit} [1].",
        "{name} stayed {above} {bound} [1].",
    ]),
    "converted": (converted, [
        "The {name} corresponds to {number} {unit} [1].",
        "{name} was {number} {unit} [1].",
        "Expressed in {unit}, {name} was {number} {unit} [1].",
    ], [
        "That is a {name} of {number} {unit} [1].",
    ]),
    "visit": (visit, [
        "The patient was seen for {why} on {date} [1].",
        "A {visit} for {why} took place on {date} [1].",
        "{visit} on {date} for {why} [1].",
    ], [
        "{why} was the reason for the {visit} of {date} [1].",
    ]),
}  # fmt: skip


def cases(half: str, seed: int = 11) -> list[Case]:
    """The true sentences of one half."""
    found: list[Case] = []
    for kind, (make, dev, held) in KINDS.items():
        rng = random.Random(f"{seed} {kind} {half}")
        facts = list(make(rng))
        rng.shuffle(facts)
        place = 0
        for wording in dev if half == "dev" else held:
            for entries, pieces in facts[place : place + PER_WORDING]:
                marks = "".join(f"[{i}]" for i in range(1, len(entries) + 1))
                text = wording.format(**pieces, all=marks)
                text = text[0].upper() + text[1:]
                used = {k: v for k, v in pieces.items() if "{" + k + "}" in wording}
                evidence = tuple(e.evidence(i + 1) for i, e in enumerate(entries))
                found.append(Case(half, kind, entries[0].slug, text, evidence, used))
            place += PER_WORDING
    return found
