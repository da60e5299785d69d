"""Numbers in a text with what they are: a value and its unit, how often, how long, a grade, a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.grounding.compounds import find_compounds
from services.grounding.contexts import with_context
from services.grounding.figure import Figure
from services.grounding.rates import find_rates
from services.grounding.shorthand import CHEMO
from services.grounding.units import ANY_UNIT, TIMES, unit_name
from services.grounding.words import NUMBER_WORDS, TENS

_ORDINALS = {
    w: i
    for i, w in enumerate(
        ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 2
    )
}

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_ROMAN |= {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


_UNIT = rf"(?:[ \u00a0]?-?(?P<unit>{ANY_UNIT})(?![A-Za-z0-9]|-[A-Za-z]{{4,}}(?<!-old)))"

_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))

_NUMBER = re.compile(
    rf"(?:(?<![\w.,/])|(?<=[\s(,/])|(?<=[\s(][x×])|(?<=[≈~<>≥≤=:(/+–—]))(?P<sign>(?<![\w\d)%][-–−])(?<![\d)%])[-−](?=\d))?"
    rf"(?P<number>{_PLAIN})(?P<plus>\+?)(?:{_UNIT}|(?P<decade>['’]?s\b)|(?=[FM]\b)|(?=y/?o\b)|(?P<nd>st|nd|rd|th)\b|(?P<name>-[a-z]{{4,}})|(?![A-Za-z\d]))",
    re.IGNORECASE,
)

_DIGITS = "zero|one|two|three|four|five|six|seven|eight|nine"

_WORD_NUMBER = re.compile(
    rf"(?<![\w-])(?P<number>(?:{'|'.join(TENS)})[- ](?:one|two|three|four|five|six|seven|eight|nine)|{_WORDS})(?![\w])"
    rf"(?: point (?P<decimal>{_DIGITS})(?![\w]))?"
    rf"(?:[ -](?P<unit>{ANY_UNIT})(?![A-Za-z0-9]))?",
    re.IGNORECASE,
)

# "One" is mostly no number: only before what is counted or measured.
_ONE = re.compile(
    r"\s+(?:of|out of|tablets?|pills?|doses?|puffs?|episodes?|readings?|results?|values?|visits?|falls?|flares?|nodes?"
    r"|exacerbations?|events?|drains?|admissions?|occasions?|notes?|drugs?|times?|attacks?|seizures?|pack)\b",
    re.IGNORECASE,
)

_HALF = re.compile(
    r"\b(?:one[- ])?half(?=\s+(?:a|an|of a|the|tablets?|tabs?|pills?|doses?)\b)|½"
    r"|(?<![\w/.])1/2(?=\s?(?:-|a|an|of a|the|tablets?|tabs?|pills?|doses?|ppd|packs?)\b)",
    re.IGNORECASE,
)

_CLOCK = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?m\b\.?)?(?!\d)"
    r"|(?<![\w:.])(?P<hour>1[0-2]|[1-9])\s?(?P<part>[ap])\.?m\b",
    re.IGNORECASE,
)

_CLOCK_WORDS = re.compile(
    rf"(?<=\b(?:at|by) )(?:(?P<n>1[0-2]|[1-9]|{_WORDS})(?:\s(?:o['’]clock)(?:\s(?:in the|at)\s(?P<a>morning|afternoon|evening|night))?|\s(?:in the|at)\s(?P<b>morning|afternoon|evening|night))"
    r"|(?P<noon>noon|midday|midnight))\b",
    re.IGNORECASE,
)

_GRADE = re.compile(
    r"\b(?P<scale>NYHA(?: (?:functional )?class)?|stage|grade|class|type|category|GOLD(?: stage)?|CKD(?: stage)?|KDIGO)"
    r"\s+(?P<label>(?:IV|V?I{1,3}|\d|one|two|three|four|five)[abc]?)\b(?![./%]?\d)(?!\s?(?:mg|%|/))",
    re.IGNORECASE,
)

_CYCLE = re.compile(rf"\bcycle\s(?:number\s|no\.?\s|#\s?)?(?P<n>\d{{1,2}}|{_WORDS})\b(?!\s?%)", re.IGNORECASE)

# "C8" is a cycle beside chemotherapy, and a nerve root elsewhere; "G2" a grade before what it grades.
_SHORT_CYCLE = re.compile(r"(?<![\w-])C(?P<n>\d{1,2})(?:(?=D\d)|(?![\w-]))")
_SHORT_GRADE = re.compile(r"(?<![\w-])(?<!CKD )G(?P<n>[1-5])(?=\s[a-z]{4})")

_ORDINAL = re.compile(
    rf"\b(?:{'|'.join(_ORDINALS)})\b(?!\s+(?:opinion|hand|degree))|(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)

_ALIASES = re.compile(r"(?<![A-Za-z])[A-Za-z]+-$")


def find_figures(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """The numbers of the text in order. `taken`: places where digits are no number (dates, names)."""
    used = bytearray(len(text))
    for start, end in taken:
        used[start:end] = b"\1" * (end - start)
    found: list[Figure] = []
    for reader in (_compounds, _clock_words, _rates, _clocks, _grades, _halves, _attached, _numbers, _words):
        for figure in reader(text):
            if not any(used[figure.start : figure.end]):
                used[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
                found.append(figure)
    found.sort(key=lambda f: f.start)
    return with_context(text, found)


def _compounds(text: str) -> Iterator[Figure]:
    for found in find_compounds(text):
        yield Figure(
            found.value,
            found.start,
            found.end,
            text[found.start : found.end],
            found.kind,
            found.unit,
            about=found.about,
        )


def _rates(text: str) -> Iterator[Figure]:
    for value, start, end in find_rates(text):
        yield Figure(value, start, end, text[start:end], "rate", "1/d")


def _clocks(text: str) -> Iterator[Figure]:
    for match in _CLOCK.finditer(text):
        hour = int(match["h"] or match["hour"])
        half = (match["half"] or match["part"] or "").lower()
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        yield Figure(
            hour * 60.0 + int(match["m"] or 0), match.start(), match.end(), match.group(), "clock", "min"
        )


def _clock_words(text: str) -> Iterator[Figure]:
    """ "At six in the morning", "by noon"."""
    for match in _CLOCK_WORDS.finditer(text):
        if match["noon"]:
            hour = 0.0 if match["noon"].lower() == "midnight" else 12.0
        else:
            word = match["n"].lower()
            hour = float(word) if word.isdigit() else NUMBER_WORDS[word]
            part = (match["a"] or match["b"] or "").lower()
            if part in ("afternoon", "evening") or (part == "night" and hour >= 6):
                hour = hour % 12 + 12
        yield Figure(hour * 60, match.start(), match.end(), match.group(), "clock", "min")


def _grades(text: str) -> Iterator[Figure]:
    for match in _GRADE.finditer(text):
        label = match["label"].lower()
        stem = label if label in _ROMAN else label.rstrip("abc")
        label = _ROMAN.get(stem, stem) + label[len(stem) :]
        scale = match["scale"].lower().split()[0]
        yield Figure(0.0, match.start(), match.end(), match.group(), "grade", scale, label=label)
    for pattern in (_CYCLE, _SHORT_CYCLE) if CHEMO.search(text) else (_CYCLE,):
        for match in pattern.finditer(text):
            word = match["n"].lower()
            label = word if word.isdigit() else f"{NUMBER_WORDS[word]:.0f}"
            yield Figure(0.0, match.start(), match.end(), match.group(), "grade", "cycle", label=label)
    for match in _SHORT_GRADE.finditer(text):
        yield Figure(0.0, match.start(), match.end(), match.group(), "grade", "grade", label=match["n"])
    for match in _ORDINAL.finditer(text):
        word = match.group().lower()
        value = _ORDINALS.get(word) or int(re.sub(r"\D", "", word))
        yield Figure(float(value), match.start(), match.end(), match.group(), "ordinal")


def _numbers(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        if match["nd"] or _ALIASES.search(text[max(0, match.start() - 24) : match.start("number")]):
            continue
        plain = match["number"].replace(",", "")
        value = float(plain)
        start = match.start("number")
        if match["sign"] and not re.search(r"\d\s?%?$", text[max(0, start - 4) : start - 1]):
            value, start = -value, start - 1
        unit = unit_name(match["unit"])
        kind = "duration" if unit in TIMES else "value"
        if kind == "duration" and re.match(
            r"[- ]old|/o\b| of age", text[match.end() : match.end() + 8].lower()
        ):
            kind = "age"
        elif unit is None and re.match(
            r"[fm]\b|\s?y/?o\b", text[match.end("number") : match.end() + 5].lower()
        ):
            kind, unit = "age", "a"
        if match["name"]:
            yield Figure(value, start, match.end("number"), text[start : match.end()], "name")
            continue
        decimals = len(plain.partition(".")[2])
        yield Figure(value, start, match.end(), text[start : match.end()].strip(), kind, unit, decimals)


_ATTACHED = re.compile(r"\b(?:POD|HD|DOL|PPD)#?(?P<n>\d{1,2})\b")


def _attached(text: str) -> Iterator[Figure]:
    """The day of "POD1" and "HD3"."""
    for match in _ATTACHED.finditer(text):
        yield Figure(float(match["n"]), match.start("n"), match.end("n"), match["n"])


def _words(text: str) -> Iterator[Figure]:
    for match in _WORD_NUMBER.finditer(text):
        words = re.split(r"[- ]", match["number"].lower())
        tenth = NUMBER_WORDS[match["decimal"].lower()] / 10 if match["decimal"] else 0.0
        if words == ["one"] and not match["unit"] and not tenth and not _ONE.match(text, match.end()):
            continue
        unit = unit_name(match["unit"])
        kind = "duration" if unit in TIMES else "value"
        if kind == "duration" and re.match(r"[- ]old| of age", text[match.end() : match.end() + 8].lower()):
            kind = "age"
        yield Figure(
            round(sum(NUMBER_WORDS[w] for w in words) + tenth, 1),
            match.start(),
            match.end(),
            match.group(),
            kind,
            unit,
            1 if tenth else 0,
        )


def _halves(text: str) -> Iterator[Figure]:
    for match in _HALF.finditer(text):
        yield Figure(0.5, match.start(), match.end(), match.group(), "value", None, 1)
