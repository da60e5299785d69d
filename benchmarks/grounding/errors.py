"""Errors made from true sentences, each shown to be one by means that have nothing to do with the check.

A replaced number, date, drug or finding must be nowhere in the cited evidence, by plain comparison of strings;
an exchanged word must mean the opposite. Where that can't be shown, no error is made.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.grounding.opposites import DRUGS, FINDINGS, NEGATIONS, OPPOSITES, STATES, SUBJECTS, UNITS
from benchmarks.grounding.templates import Case
from benchmarks.grounding.world import Entry, of

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

_MONTH = "|".join(_MONTHS) + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"

_DATES = re.compile(
    rf"\b(?P<d>\d{{1,2}})[ -](?P<m>{_MONTH})[ -](?P<y>\d{{4}})\b|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}), (?P<y2>\d{{4}})\b"
    rf"|\b(?P<m3>{_MONTH}) (?P<y3>\d{{4}})\b|\b(?P<y4>20\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|\b(?P<m5>\d\d)/(?P<d5>\d\d)/(?P<y5>20\d\d)\b|\b(?P<y6>20[012]\d)\b(?!-)"
)

_CITATION = re.compile(r"\[[\d, -]+\]")

_FIGURE = re.compile(r"(?<![\w.,/-])\d{1,4}(?:,\d{3})?(?:\.\d+)?(?![\w/]|\.\d|,\d|-\w)")

_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


def _texts(case: Case) -> str:
    return "\n".join(f"{e.date or ''}\n{e.title}\n{e.text}" for e in case.evidence)


def _numbers(text: str) -> set[float]:
    return {float(n.replace(",", "")) for n in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)} | {
        float(v) for w, v in _WORDS.items() if re.search(rf"\b{w}\b", text, re.IGNORECASE)
    }


def _body(case: Case) -> str:
    """The sentence with blanks for its citations and dates."""
    text = _CITATION.sub(lambda m: "#" * len(m.group()), case.text)
    return _DATES.sub(lambda m: "#" * len(m.group()), text)


def numbers(case: Case, rng: random.Random) -> Iterator[Case]:
    """One number changed: a digit, a decimal point, or by a tenth and more."""
    if re.search(r"\b(?:above|below|more than|less than|under|over)\b", case.text):
        return
    there = _numbers(_texts(case))
    derived = {round(abs(a - b), 2) for a in there for b in there} | {
        round(100 * abs(a - b) / a, k) for a in there for b in there if a for k in (0, 1)
    }
    for match in _FIGURE.finditer(_body(case)):
        old = match.group()
        changed = [_digit(old, rng), _shift(old), _other(old, rng)]
        rng.shuffle(changed)
        for new in changed:
            value = float(new.replace(",", ""))
            near = re.search(r"\b(?:by|change)\b", case.text) is not None
            if value in there or new == old or not value or (near and round(value, 2) in derived):
                continue
            if case.kind == "converted" and abs(value / float(old) - 1) < 0.05:
                continue
            yield replace(case, text=case.text[: match.start()] + new + case.text[match.end() :])
            break
    for word, value in _WORDS.items():
        for match in re.finditer(rf"\b{word}\b", case.text, re.IGNORECASE):
            free = (
                w
                for w, v in sorted(_WORDS.items(), key=lambda _: rng.random())
                if v != value and v not in there and v != len(case.evidence)
            )
            if (new := next(free, None)) is None:
                continue
            yield replace(
                case,
                text=case.text[: match.start()]
                + (new.capitalize() if match.group()[0].isupper() else new)
                + case.text[match.end() :],
            )


def _digit(old: str, rng: random.Random) -> str:
    places = [i for i, c in enumerate(old) if c.isdigit()]
    at = rng.choice(places)
    new = rng.choice([d for d in "123456789" if d != old[at]])
    return old[:at] + new + old[at + 1 :]


def _shift(old: str) -> str:
    plain = old.replace(",", "")
    return (
        plain.replace(".", "")
        if "." in plain
        else f"{plain[:-1]}.{plain[-1]}"
        if len(plain) > 1
        else f"{plain}0"
    )


def _other(old: str, rng: random.Random) -> str:
    value = float(old.replace(",", ""))
    decimals = len(old.partition(".")[2])
    return f"{value * rng.choice((0.7, 0.85, 1.2, 1.4)) + (0 if decimals else 1):.{decimals}f}"


def swaps(case: Case, rng: random.Random) -> Iterator[Case]:
    """The values of two measurements exchanged."""
    pieces = case.pieces
    if case.kind == "pair" and pieces["number"] != pieces["number2"]:
        a, b = pieces["number"], pieces["number2"]
        body, at = case.text, _body(case)
        i = at.find(f" {a}") + 1
        j = at.find(f" {b}", i + len(a)) + 1
        if 0 < i < j:
            yield replace(case, text=body[:i] + b + body[i + len(a) : j] + a + body[j + len(b) :])


def units(case: Case, rng: random.Random) -> Iterator[Case]:
    """A unit exchanged for one of another scale."""
    if case.kind == "threshold":
        return  # in the other unit the bound may hold as well
    for unit, other in UNITS.items():
        match = re.search(rf"(?<=\d) ?{re.escape(unit)}(?![\w/])", case.text)
        if match and other not in _texts(case) and not re.search(r"\bby \d[\d.]* %", case.text):
            yield replace(case, text=f"{case.text[: match.start()]} {other}{case.text[match.end() :]}")
            return


def dates(case: Case, rng: random.Random) -> Iterator[Case]:
    """A date moved to one that the evidence doesn't have, at the precision said."""
    there = _dates_in(_texts(case))
    for match in _DATES.finditer(case.text):
        groups = {re.sub(r"\d$", "", k): v for k, v in match.groupdict().items() if v}
        year = int(groups["y"])
        month = groups.get("m")
        number = int(month) if month and month.isdigit() else _month(month) if month else None
        for _ in range(20):
            new_year, new_month, new_day = year, number, int(groups["d"]) if "d" in groups else None
            which = rng.choice(("year", "month", "day"))
            if which == "year" or new_month is None:
                new_year += rng.choice((-2, -1, 1))
            elif which == "month" or new_day is None:
                new_month = (new_month + rng.choice((1, 3, 5))) % 12 + 1
            else:
                new_day = (new_day + rng.choice((3, 9, 14))) % 27 + 1
            if _holds(there, new_year, new_month, new_day) or (
                "/" in match.group() and _holds(there, new_year, new_day, new_month)
            ):
                continue
            yield replace(
                case,
                text=case.text[: match.start()]
                + _written(match.group(), new_year, new_month, new_day)
                + case.text[match.end() :],
            )
            break


def _month(name: str) -> int:
    return next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name[:3]))


def _dates_in(text: str) -> set[dt.date]:
    found = set()
    for d, m, y in re.findall(rf"(\d{{1,2}})[ -]({_MONTH})[ -](\d{{4}})", text):
        found.add(dt.date(int(y), _month(m), int(d)))
    for y, m, d in re.findall(r"(\d{4})-(\d\d)-(\d\d)", text):
        found.add(dt.date(int(y), int(m), int(d)))
    return found


def _holds(there: set[dt.date], year: int, month: int | None, day: int | None) -> bool:
    return any(
        d.year == year and (month is None or d.month == month) and (day is None or d.day == day)
        for d in there
    )


def _written(old: str, year: int, month: int | None, day: int | None) -> str:
    """The new date in the form of the old one."""
    lead = " " if old.startswith(" ") else ""
    old = old.strip()
    if month is None:
        return f"{lead}{year}"
    name = _MONTHS[month - 1]
    if day is None:
        return f"{name} {year}"
    if "/" in old:
        return f"{month:02d}/{day:02d}/{year}"
    if re.match(r"\d{4}-", old):
        return f"{year}-{month:02d}-{day:02d}"
    if "-" in old:
        return f"{day:02d}-{name[:3]}-{year}"
    return f"{name} {day}, {year}" if "," in old else f"{day} {name} {year}"


def drugs(case: Case, rng: random.Random) -> Iterator[Case]:
    """A drug exchanged for one that the evidence doesn't name."""
    there = _texts(case).lower()
    for name, brand in DRUGS.items():
        match = re.search(rf"\b(?:{name}|{brand})\b", case.text, re.IGNORECASE)
        if match:
            others = [n for n, b in DRUGS.items() if n not in there and b not in there and n != name]
            new = rng.choice(others)
            new = new.capitalize() if match.group()[0].isupper() else new
            yield replace(case, text=case.text[: match.start()] + new + case.text[match.end() :])
            return


def findings(case: Case, rng: random.Random) -> Iterator[Case]:
    """A problem exchanged for, or joined by, one that the evidence doesn't name."""
    there = _texts(case).lower()
    short = {
        "atrial fibrillation": "AF",
        "heart failure": "HF",
        "epilepsy": "seizure",
        "pneumonia": "CAP",
        "migraine": "headache",
    }
    others = [
        f for f in FINDINGS if f.lower() not in there and not re.search(rf"\b{short.get(f, f)}", _texts(case))
    ]
    new = rng.choice(others)
    old = case.pieces.get("finding") or case.pieces.get("reason") or case.pieces.get("why")
    at = case.text.lower().find(old.lower()) if old else -1
    if old and at >= 0:
        yield replace(
            case,
            text=case.text[:at]
            + (new.capitalize() if at == 0 and new.islower() else new)
            + case.text[at + len(old) :],
        )
    elif case.kind == "written" and (match := re.search(r" ?\.? ?\[[\d, -]+\]\.?$", case.text)):
        yield replace(case, text=f"{case.text[: match.start()]}, and has {new}{case.text[match.start() :]}")


def _exchanged(case: Case, table: list[tuple[str, str]]) -> Iterator[Case]:
    for pattern, new in table:
        if re.search(pattern, case.text):
            text = re.sub(pattern, new, case.text, count=1)
            yield replace(case, text=text[0].upper() + text[1:])
            return


def negations(case: Case, rng: random.Random) -> Iterator[Case]:
    """What is said denied, or what is denied said."""
    if case.kind != "conclusion" or re.search(r"\b(?:found|showed:?) [Nn]o\b", case.text):
        yield from _exchanged(case, NEGATIONS)


def sides(case: Case, rng: random.Random) -> Iterator[Case]:
    """Left for right."""
    flip = {
        "left": "right",
        "right": "left",
        "LEFT": "RIGHT",
        "RIGHT": "LEFT",
        "Left": "Right",
        "Right": "Left",
    }
    match = re.search(r"\b(?:left|right|LEFT|RIGHT|Left|Right)\b", case.text)
    if match:
        yield replace(case, text=case.text[: match.start()] + flip[match.group()] + case.text[match.end() :])


def directions(case: Case, rng: random.Random) -> Iterator[Case]:
    """A course turned round: by its word, or by its two values."""
    for a, b in OPPOSITES:
        for old, new in ((a, b), (b, a)):
            if (
                old
                and new
                and re.search(rf"\b{old}\b", case.text)
                and not re.search(r"\bfell (?:at|on|down)\b|\blower (?:lobe|quadrant)", case.text)
            ):
                yield replace(case, text=re.sub(rf"\b{old}\b", new, case.text, count=1))
                return


def comparisons(case: Case, rng: random.Random) -> Iterator[Case]:
    """ "Above" for "below", "high" for "normal"."""
    flips = [
        ("above", "below"),
        ("more than", "less than"),
        (" high ", " low "),
        ("normal", "high"),
        (" low ", " high "),
    ]
    if case.kind in ("threshold", "flagged"):
        for a, b in flips:
            for old, new in ((a, b), (b, a)):
                if re.search(rf"\b{old.strip()}\b", case.text):
                    yield replace(case, text=re.sub(rf"\b{old.strip()}\b", new.strip(), case.text, count=1))
                    return


def states(case: Case, rng: random.Random) -> Iterator[Case]:
    """Stopped for active, active for resolved."""
    if case.kind in ("active drug", "stopped drug", "problem", "resolved") or "cancelled" in case.text:
        yield from _exchanged(case, STATES)


def subjects(case: Case, rng: random.Random) -> Iterator[Case]:
    """A relative's finding as the patient's, the patient's as a relative's, or of another relative."""
    yield from _exchanged(case, SUBJECTS)


def citations(case: Case, rng: random.Random) -> Iterator[tuple[str, Case]]:
    """A citation of something else of the same patient, of the same measurement on another day, or of nothing."""
    more = len(case.evidence) + 1
    if not _CITATION.search(case.text):
        return
    text = re.sub(r"\[[\d, -]+\](?:\[\d+\])*", f"[{more}]", case.text)
    yield "unknown", replace(case, text=text)
    said = {float(n.replace(",", "")) for n in _FIGURE.findall(_body(case))}
    words = set(re.findall(r"[a-z]{5,}", _body(case).lower()))
    others: list[Entry] = [e for kind in ("O", "C", "M", "I") for e in of(case.slug, kind)]
    rng.shuffle(others)
    title = case.evidence[0].title
    for entry in others if case.kind != "threshold" else ():
        other = entry.evidence(more)
        whole = f"{other.title} {other.text}".lower()
        if (
            len(words & set(re.findall(r"[a-z]{5,}", whole))) * 4 <= len(words)
            and not said & _numbers(whole)
            and words
        ):
            yield "other", replace(case, text=text, evidence=(*case.evidence, other))
            break
    for entry in others:
        same = re.sub(r"[\d./]+.*", "", entry.title)
        other = entry.evidence(more)
        if (
            same
            and title.startswith(same)
            and entry.title != title
            and len(case.evidence) == 1
            and said
            and case.kind in ("single", "pressure", "flagged")
        ) and not said & _numbers(re.sub(r"Reference range.*", "", other.text)):
            yield "same kind", replace(case, text=text, evidence=(*case.evidence, other))
            break


def instructions(case: Case, rng: random.Random) -> Iterator[Case]:
    """Advice that nobody recorded."""
    there = _texts(case).lower()
    if re.search(r"\b(?:should|start|stop|increase|recheck|repeat|consider|reduce|plan|hold|avoid)", there):
        return
    drug, name = case.pieces.get("drug"), case.pieces.get("name")
    orders = []
    if drug:
        orders += [f"{drug.capitalize()} should be stopped [1].", f"Increase {drug} to twice the dose [1].", f"Consider reducing {drug} [1].",
                   f"I would recommend continuing {drug} for another year [1].", f"It is important to monitor {drug} levels [1]."]  # fmt: skip
    if name:
        orders += [f"Recheck {name} in two weeks [1].", f"{name} needs to be repeated [1].", f"Treatment for {name} should be started [1].",
                   f"Please repeat the {name} [1].", f"We recommend monitoring {name} closely [1]."]  # fmt: skip
    if orders:
        half = orders[::2] if case.half == "dev" else orders[1::2]
        yield replace(case, text=rng.choice(half))


def made(cases: list[Case], seed: int = 5) -> list[tuple[str, Case]]:
    """All errors of the cases, by kind."""
    rng = random.Random(seed)
    found: list[tuple[str, Case]] = []
    makers = {
        "number": numbers, "number of another": swaps, "unit": units, "date": dates, "drug": drugs, "finding": findings, "negation": negations,
        "laterality": sides, "direction": directions, "comparison": comparisons, "status": states, "subject": subjects, "instruction": instructions,
    }  # fmt: skip
    for case in cases:
        for kind, make in makers.items():
            found += [(kind, wrong) for wrong in make(case, rng) if wrong.text != case.text]
        found += [(f"citation: {kind}", wrong) for kind, wrong in citations(case, rng)]
    return found
