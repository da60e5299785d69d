"""Numbers in a text with what they are: a value and its unit, how often, how long, a grade, a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.grounding.rates import find_rates
from services.grounding.units import ANY_UNIT, TIMES, unit_name
from services.grounding.words import NUMBER_WORDS, TENS

_ORDINALS = {
    w: i
    for i, w in enumerate(
        ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 2
    )
}

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text."""

    value: float
    start: int
    end: int
    text: str
    """The number and its unit, as written."""
    kind: str = "value"
    """value, duration, age, rate (times a day), grade, ordinal, clock (minutes of the day), name ("21-gene score")."""
    unit: str | None = None
    """In its canonical spelling (UCUM where it has one); of a grade, its scale."""
    decimals: int = 0
    op: str = ""
    """">", ">=", "<", "<=" where the number bounds a value rather than being one."""
    about: bool = False
    limit: bool = False
    """Whether it is the end of a reference range, a goal, a cut-off."""
    pair: int = 0
    """1 or 2 for the halves of "120/80"."""
    ranged: bool = False
    """Whether it is an end of "3.5–5.1" or "3.5 to 5.1"."""
    label: str = ""
    """Of a grade: "3b"."""


_UNIT = rf"(?:[ \u00a0]?-?(?P<unit>{ANY_UNIT})(?![A-Za-z0-9]|-[A-Za-z]{{4,}}(?<!-old)))"

_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"

_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))

_NUMBER = re.compile(
    rf"(?:(?<![\w.,/])|(?<=[\s(,/])|(?<=[\s(][x×])|(?<=[≈~<>≥≤=:(/+–—]))(?P<sign>(?<![\w\d)%][-–−])(?<![\d)%])[-−](?=\d))?"
    rf"(?P<number>{_PLAIN})(?P<plus>\+?)(?:{_UNIT}|(?P<decade>['’]?s\b)|(?=[FM]\b)|(?P<nd>st|nd|rd|th)\b|(?P<name>-[a-z]{{4,}})|(?![A-Za-z\d]))",
    re.IGNORECASE,
)

_WORD_NUMBER = re.compile(
    rf"(?<![\w-])(?P<number>(?:{'|'.join(TENS)})[- ](?:one|two|three|four|five|six|seven|eight|nine)|{_WORDS})(?![\w])"
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

_GRADE = re.compile(
    r"\b(?P<scale>NYHA(?: (?:functional )?class)?|stage|grade|class|type|category|GOLD(?: stage)?|CKD(?: stage)?|KDIGO)"
    r"\s+(?P<label>(?:IV|V?I{1,3}|\d)[abc]?)\b(?![./%]?\d)(?!\s?(?:mg|%|/))",
    re.IGNORECASE,
)

_ORDINAL = re.compile(
    rf"\b(?:{'|'.join(_ORDINALS)})\b(?!\s+(?:opinion|hand|degree))|(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)

_ALIASES = re.compile(r"(?<![A-Za-z])[A-Za-z]+-$")

_OPS = {
    ">=": r">=|=>|≥|at or (?:above|over)|at least|no less than|not less than|not below|a minimum of",
    "<=": r"<=|=<|≤|at or (?:below|under)|at most|no more than|not more than|not above|up to|a maximum of|or under",
    ">": r">|(?<!just )over|above|more than|greater than|higher than|exceeding|exceeds|exceeded|in excess of|beyond",
    "<": r"<|under|below|less than|lower than|fewer than|beneath",
}

_OP = re.compile(
    "(?:" + "|".join(f"(?P<o{i}>{body})" for i, body in enumerate(_OPS.values())) + r")\s*(?:an?\s)?\s*$",
    re.IGNORECASE,
)

_OP_AFTER = {
    ">=": re.compile(
        r"\s*(?:or (?:higher|above|more|greater|over)|and (?:above|higher|over|up))\b", re.IGNORECASE
    ),
    "<=": re.compile(r"\s*(?:or (?:lower|below|less|under|fewer)|and (?:below|under))\b", re.IGNORECASE),
}

_ABOUT = re.compile(
    r"(?:\babout|\baround|\bapproximately|\bapprox\.?|\broughly|\bnearly|\balmost|~|≈|\bcirca|\bclose to|\bca\.?)\s*(?:a|an|the)?\s*$",
    re.IGNORECASE,
)

_LIMIT = re.compile(
    r"(?:(?<!in )(?<!below )(?<!above )\brange(?:\s+(?:is|was|of|from|being))?[\s:(≥≤<>]*"
    r"|(?<!above )(?<!below )(?<!at )(?<!near )\b(?:goal|target|dry weight|cut-?off|threshold|limit(?= of| is| was|:))\b(?:[ \t:,(-]+[A-Za-z]\w*){0,4}[ \t:(≥≤<>]*)$",
    re.IGNORECASE,
)

_LIMIT_AFTER = re.compile(r"^\s?(?:goal|target|cut-?off|threshold|upper limit|lower limit)\b", re.IGNORECASE)

_LINK = re.compile(
    r"^\s?(?:-|–|—|/|over|to|and|or|from|,|then|,? then|versus|vs\.?|→|->|through)\s?(?:to\s)?$",
    re.IGNORECASE,
)


def find_figures(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """The numbers of the text in order. `taken`: places where digits are no number (dates, names)."""
    used = bytearray(len(text))
    for start, end in taken:
        used[start:end] = b"\1" * (end - start)
    found: list[Figure] = []
    for reader in (_rates, _clocks, _grades, _halves, _numbers, _words):
        for figure in reader(text):
            if not any(used[figure.start : figure.end]):
                used[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
                found.append(figure)
    found.sort(key=lambda f: f.start)
    return _with_context(text, found)


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


def _grades(text: str) -> Iterator[Figure]:
    for match in _GRADE.finditer(text):
        label = match["label"].lower()
        stem = label.rstrip("abc")
        label = _ROMAN.get(stem, stem) + label[len(stem) :]
        scale = match["scale"].lower().split()[0]
        yield Figure(0.0, match.start(), match.end(), match.group(), "grade", scale, label=label)
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


def _words(text: str) -> Iterator[Figure]:
    for match in _WORD_NUMBER.finditer(text):
        words = re.split(r"[- ]", match["number"].lower())
        if words == ["one"] and not match["unit"] and not _ONE.match(text, match.end()):
            continue
        unit = unit_name(match["unit"])
        kind = "duration" if unit in TIMES else "value"
        if kind == "duration" and re.match(r"[- ]old| of age", text[match.end() : match.end() + 8].lower()):
            kind = "age"
        yield Figure(
            sum(NUMBER_WORDS[w] for w in words), match.start(), match.end(), match.group(), kind, unit
        )


def _halves(text: str) -> Iterator[Figure]:
    for match in _HALF.finditer(text):
        yield Figure(0.5, match.start(), match.end(), match.group(), "value", None, 1)


def _with_context(text: str, figures: list[Figure]) -> list[Figure]:
    """Comparators, roundings, limits, pairs and shared units, from the words around each number."""
    found: list[Figure] = []
    for place, figure in enumerate(figures):
        if figure.kind in ("value", "duration", "age"):
            before = text[max(0, figure.start - 60) : figure.start]
            line = before.rpartition("\n")[2]
            op = _operator(line, text[figure.end : figure.end + 16])
            if figure.kind != "value" and op == ">" and re.search(r"(?i)over\s*(?:a|an|the)?\s*$", line):
                op = ""  # "over three months" is a time, "over 7 %" a bound
            figure = replace(
                figure,
                op=op,
                about=bool(_ABOUT.search(line)),
                limit=bool(_LIMIT.search(line) or _LIMIT_AFTER.match(text[figure.end : figure.end + 16])),
            )
            last = found[-1] if found else None
            if last is not None and last.kind in ("value", "duration", "age"):
                gap = text[last.end : figure.start]
                if _LINK.match(gap) and place:
                    if (
                        last.unit is None
                        and figure.unit is not None
                        and not (gap.strip() in (",", "and") and figure.kind != "value")
                    ):
                        last = found[-1] = replace(last, unit=figure.unit, kind=figure.kind)
                    if gap.strip() in ("/", "over") and not last.pair:
                        found[-1] = replace(last, pair=1)
                        figure = replace(figure, pair=2, op="")
                    if gap.strip() in ("-", "–", "—", "to"):
                        found[-1] = replace(found[-1], ranged=True)
                        figure = replace(figure, ranged=True)
                    if figure.limit and gap.strip() in ("-", "–", "—") and not last.limit:
                        found[-1] = replace(found[-1], limit=True)
                    if last.limit and gap.strip() in ("-", "–", "—", "to", "and"):
                        figure = replace(figure, limit=True)
                    if last.about and gap.strip() in ("-", "–", "to", "or"):
                        figure = replace(figure, about=True)
        found.append(figure)
    return found


def _operator(before: str, after: str) -> str:
    match = _OP.search(before)
    if match:
        return next(op for i, op in enumerate(_OPS) if match[f"o{i}"])
    return next((op for op, pattern in _OP_AFTER.items() if pattern.match(after)), "")
