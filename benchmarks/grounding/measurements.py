"""Facts about measurements of the demo record, as pieces of sentences."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator

from benchmarks.grounding.world import Entry, of, slugs

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
