"""Numbers in a text with what they are: a value and its unit, how often, how long, a grade, a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.knowledge.units import normalise_unit

NUMBER_WORDS: dict[str, float] = {
    w: float(i)
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen twenty".split()
    )
}
_TENS = {w: 10.0 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
NUMBER_WORDS |= _TENS
_ORDINALS = {w: i for i, w in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)}
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
    """value, duration, age, rate (times a day), grade, ordinal, clock (minutes of the day)."""
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


_SPELLED = {
    "mg": "mg|mgs|milligrams?",
    "ug": "mcg|mcgs|[uµμ]g|micrograms?",
    "g": "g|gm|gms|grams?",
    "kg": "kgs?|kilograms?|kilos?",
    "[lb_av]": "lbs?|pounds?",
    "mL": "mls?|millilit(?:er|re)s?|cc",
    "L": "L|lit(?:er|re)s?",
    "iu": "units?|iu|international units?",
    "tablet": "tablets?|tabs?|pills?",
    "capsule": "capsules?|caps?",
    "puff": "puffs?|inhalations?",
    "drop": "drops?|gtts?",
    "spray": "sprays?",
    "patch": "patch|patches",
    "dose": "doses?",
    "pack-year": "pack[- ]?years?",
    "mm[Hg]": "mm ?hg|millimet(?:er|re)s of mercury",
    "/min": "bpm|beats(?:/| per )min(?:ute)?|breaths(?:/| per )min(?:ute)?|/min|per minute",
    "%": "%|percent|per cent|pct|percentage points?",
    "cm": "cms?|centimet(?:er|re)s?",
    "mm": "mm|millimet(?:er|re)s?",
    "m": "met(?:er|re)s?",
    "km": "kms?|kilomet(?:er|re)s?",
    "mile": "miles?",
    "[in_i]": "inch|inches",
    "[ft_i]": "ft|feet",
    "Cel": "° ?C|degrees? C(?:elsius)?|deg ?C|celsius",
    "[degF]": "° ?F|degrees? F(?:ahrenheit)?|deg ?F|fahrenheit",
    "fL": "fl",
    "pg": "pg",
    "mL/min/{1.73_m2}": r"ml/min(?:ute)?(?: ?/ ?| per )1\.73 ?m(?:2|²|\^2)?|ml per minute per 1\.73 ?m(?:2|²)",
    "mL/min": "ml/min(?:ute)?|ml per minute",
    "kg/m2": "kg ?/ ?m(?:2|²|\\^2)|kg per m2",
    "10*3/uL": r"[×x]? ?10(?:\^|\*)3 ?/ ?[uµμ]l|k/[uµμ]l|k/mm3",
    "10*9/L": r"[×x]? ?10(?:\^|\*)9 ?/ ?l",
    "10*6/uL": r"[×x]? ?10(?:\^|\*)6 ?/ ?[uµμ]l|m/[uµμ]l",
    "10*12/L": r"[×x]? ?10(?:\^|\*)12 ?/ ?l",
    "m[IU]/L": r"m(?:illi-?)?(?:iu|international units|u)/l",
    "u[IU]/mL": r"[uµμ](?:iu|u)/ml|micro-?international units/ml",
    "[IU]/mL": r"international units/ml|iu/ml",
    "U/L": r"u/l|units?(?:/| per )l(?:iter|itre)?|international units/l|iu/l",
    "U/mL": r"u/ml",
    "copies/mL": r"copies(?: ?/ ?| per )ml",
    "/uL": r"(?:cells)?/[uµμ]l|cells/mm3",
    "mm/h": "mm/hr?|mm per hour",
    "kPa": "kpa",
    "cm[H2O]": "cm ?h2o",
    "mosm/kg": "mosm ?/ ?kg",
    "mEq": "meq",
}
_TIMES = {
    "s": "seconds?|secs?",
    "min": "minutes?|mins?",
    "h": "hours?|hrs?|h",
    "d": "days?|d|nights?",
    "wk": "weeks?|wks?",
    "mo": "months?|mos?",
    "a": "years?|yrs?|y",
}
_RATIO = (
    r"(?:[mµμunpk]?mol|m?eq|[kmunpµμ]?g|mcg|[mu]?iu|[mk]?u|units|mosm)(?: ?/ ?| per )"
    r"(?:deciliter|decilitre|milliliter|millilitre|liter|litre|d?l|m[lg]|[uµμ]l|kg|g|mmol|mol)"
)
# Any other "word/word" right behind a number is a unit too, if one that nobody knows.
_OTHER = r"(?!and/|or/|w/|n/|his/|he/|y/)[a-zµμ]{1,6}/[a-zµμ]{1,5}"
_UNIT_OF = {
    name: re.compile(rf"(?:{body})(?![A-Za-z0-9])", re.IGNORECASE) for name, body in {**_SPELLED, **_TIMES}.items()
}
_ANY_UNIT = "|".join(
    f"(?:{body})"
    for body in [*sorted([*_SPELLED.values(), *_TIMES.values(), _RATIO], key=lambda b: ("/" not in b, -len(b))), _OTHER]
)
_UNIT = rf"(?:[ \u00a0]?-?(?P<unit>{_ANY_UNIT})(?![A-Za-z0-9]|-[A-Za-z]{{4,}}(?<!-old)))"
_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?<![\w.,/])|(?<=[\s(,/])|(?<=[\s(][x×])|(?<=[≈~<>≥≤=:(/+–—]))(?P<sign>(?<![\w\d)%][-–−])(?<![\d)%])[-−](?=\d))?"
    rf"(?P<number>{_PLAIN})(?P<plus>\+?)(?:{_UNIT}|(?P<decade>['’]?s\b)|(?=[FM]\b)|(?P<nd>st|nd|rd|th)\b|(?![A-Za-z\d]|-[A-Za-z]{{4,}}))",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    rf"(?<![\w-])(?P<number>(?:{'|'.join(_TENS)})[- ](?:one|two|three|four|five|six|seven|eight|nine)|{_WORDS})(?![\w])"
    rf"(?:[ -](?P<unit>{_ANY_UNIT})(?![A-Za-z0-9]))?",
    re.IGNORECASE,
)
# "One" is mostly no number: only before what is counted or measured.
_ONE = re.compile(
    r"\s+(?:of|out of|tablets?|pills?|doses?|puffs?|episodes?|readings?|results?|values?|visits?|falls?|flares?|nodes?"
    r"|exacerbations?|events?|drains?|admissions?|occasions?|notes?|drugs?|times?|attacks?|seizures?|pack)\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"\b(?:one[- ])?half(?=\s+(?:a|an|of a|the|tablets?|tabs?|pills?|doses?)\b)|½", re.IGNORECASE)
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
    rf"\b(?:{'|'.join(_ORDINALS)})\b(?!\s+(?:opinion|hand|degree))|(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)\b", re.IGNORECASE
)
_ALIASES = re.compile(r"(?<![A-Za-z])[A-Za-z]+-$")

_EVERY = r"(?:a|an|per|each|every|/)\s?"
_PERIODS = {"day": 1.0, "night": 1.0, "morning": 1.0, "evening": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_TIMES_WORD = rf"(?:(?P<n>once|twice|thrice)|(?P<k>\d{{1,2}}|{_WORDS})\s?(?:times?|x|×))"
_RATES: tuple[tuple[re.Pattern[str], float | None], ...] = tuple(
    (re.compile(body, re.IGNORECASE), value)
    for body, value in (
        (rf"(?<![\w.]){_TIMES_WORD}[ -]?(?:{_EVERY}(?P<u>day|night|week|month|year)|(?P<a>daily|nightly|weekly|monthly|yearly))\b(?! (?:ago|before|later|earlier|after|prior)\b)", None),
        (r"\bq\.?\s?(?P<e>\d{1,2})\s?(?P<g>h|d|hours?|days?)\b\.?|\bevery (?P<o>other|second)\s(?P<w>day|week|month|year)s?\b", None),
        (rf"\bevery (?P<i>\d{{1,2}}|{_WORDS})[ -](?P<v>hour|hr|h|day|week|month|year)s?\b", None),
        (r"\bb\.?i\.?d\b\.?", 2.0),
        (r"\bt\.?i\.?d\b\.?", 3.0),
        (r"\bq\.?i\.?d\b\.?", 4.0),
        (r"\bq\.?o\.?d\b\.?|\balternate days\b", 0.5),
        (r"\bppd\b|\bq\.?(?:d|hs|am|pm)\b\.?|\bonce[- ]daily\b|\bdaily\b|\bnightly\b|\beach (?:day|night|morning|evening)\b", 1.0),
        (r"\bevery (?:day|night|morning|evening|bedtime)\b|\bat bedtime\b|\bat night\b|(?:\ba|\bper|/)\s?day\b(?! (?:ago|before|later|earlier|after|prior))", 1.0),
        (r"\bonce[- ]weekly\b|\bweekly\b|\bq\.?week\b|(?:\ba|\bper|\beach|\bevery|/)\s?week\b(?! (?:ago|before|later|earlier|after|prior))", 1 / 7),
        (r"\bmonthly\b|(?:\ba|\bper|\beach|\bevery|/)\s?month\b(?! (?:ago|before|later|earlier|after|prior))", 1 / 30),
        (r"\byearly\b|\bannually\b|(?:\ba|\bper|\beach|\bevery|/)\s?year\b(?! (?:ago|before|later|earlier|after|prior))", 1 / 365),
        (r"\bevery hour\b|\bhourly\b", 24.0),
    )
)
_OPS = {
    ">=": r">=|=>|≥|at least|no less than|not less than|not below|a minimum of",
    "<=": r"<=|=<|≤|at most|no more than|not more than|not above|up to|a maximum of|or under",
    ">": r">|(?<!just )over|above|more than|greater than|higher than|exceeding|exceeds|exceeded|in excess of|beyond",
    "<": r"<|under|below|less than|lower than|fewer than|beneath",
}
_OP = re.compile(
    "(?:" + "|".join(f"(?P<o{i}>{body})" for i, body in enumerate(_OPS.values())) + r")\s*(?:an?\s)?\s*$", re.IGNORECASE
)
_OP_AFTER = {
    ">=": re.compile(r"\s*(?:or (?:higher|above|more|greater|over)|and (?:above|higher|over|up))\b", re.IGNORECASE),
    "<=": re.compile(r"\s*(?:or (?:lower|below|less|under|fewer)|and (?:below|under))\b", re.IGNORECASE),
}
_ABOUT = re.compile(
    r"(?:\babout|\baround|\bapproximately|\bapprox\.?|\broughly|\bnearly|\balmost|~|≈|\bcirca|\bclose to|\bca\.?)\s*(?:a|an|the)?\s*$",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:(?<!in )(?<!below )(?<!above )\brange(?:\s+(?:is|was|of|from|being))?[\s:(≥≤<>]*"
    r"|(?<!above )(?<!below )(?<!at )(?<!near )\b(?:goal|target|cut-?off|threshold|limit(?= of| is| was|:))\b(?:[ \t:,(-]+[A-Za-z]\w*){0,4}[ \t:(≥≤<>]*)$",
    re.IGNORECASE,
)
_LIMIT_AFTER = re.compile(r"^\s?(?:goal|target|cut-?off|threshold|upper limit|lower limit)\b", re.IGNORECASE)
_LINK = re.compile(r"^\s?(?:-|–|—|/|to|and|or|from|,|then|,? then|versus|vs\.?|→|->|through)\s?(?:to\s)?$", re.IGNORECASE)


def find_figures(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """The numbers of the text in order. `taken`: places where digits are no number (dates, names)."""
    used = bytearray(len(text))
    for start, end in taken:
        used[start:end] = b"\1" * (end - start)
    found: list[Figure] = []
    for reader in (_rates, _clocks, _grades, _numbers, _words):
        for figure in reader(text):
            if not any(used[figure.start : figure.end]):
                used[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
                found.append(figure)
    found.sort(key=lambda f: f.start)
    return _with_context(text, found)


def _rates(text: str) -> Iterator[Figure]:
    for pattern, fixed in _RATES:
        for match in pattern.finditer(text):
            value = _rate(match) if fixed is None else fixed
            if value:
                yield Figure(value, match.start(), match.end(), match.group(), "rate", "1/d")


def _rate(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    if groups.get("n") or groups.get("k"):
        count = _count(groups["k"]) if groups["k"] else {"once": 1.0, "twice": 2.0, "thrice": 3.0}[groups["n"].lower()]
        adverb = {"daily": 1.0, "nightly": 1.0, "weekly": 7.0, "monthly": 30.0, "yearly": 365.0}
        period = _PERIODS[groups["u"].lower()] if groups["u"] else adverb[groups["a"].lower()]
        return count / period
    if groups.get("o"):
        return 1 / (2 * _PERIODS[groups["w"].lower()])
    if groups.get("e"):
        return (24 if groups["g"].lower().startswith("h") else 1) / (float(groups["e"]) or 1)
    every, unit = _count(groups["i"]), groups["v"].lower()
    return 24 / every if unit[0] == "h" else 1 / (every * _PERIODS[unit]) if every else None


def _count(text: str) -> float:
    return float(text) if text.isdecimal() else NUMBER_WORDS[text.lower()]


def _clocks(text: str) -> Iterator[Figure]:
    for match in _CLOCK.finditer(text):
        hour = int(match["h"] or match["hour"])
        half = (match["half"] or match["part"] or "").lower()
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        yield Figure(hour * 60.0 + int(match["m"] or 0), match.start(), match.end(), match.group(), "clock", "min")


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
        kind = "duration" if unit in _TIMES else "value"
        tail = text[match.end() : match.end() + 6].lower()
        if kind == "duration" and re.match(r"[- ]old|/o\b", tail):
            kind = "age"
        elif unit is None and re.match(r"[fm]\b|\s?y/?o\b", text[match.end("number") : match.end() + 5].lower()):
            kind, unit = "age", "a"
        decimals = len(plain.partition(".")[2])
        yield Figure(value, start, match.end(), text[start : match.end()].strip(), kind, unit, decimals)


def _words(text: str) -> Iterator[Figure]:
    for match in _WORD_NUMBER.finditer(text):
        words = re.split(r"[- ]", match["number"].lower())
        if words == ["one"] and not match["unit"] and not _ONE.match(text, match.end()):
            continue
        unit = unit_name(match["unit"])
        kind = "duration" if unit in _TIMES else "value"
        if kind == "duration" and re.match(r"[- ]old", text[match.end() : match.end() + 6].lower()):
            kind = "age"
        yield Figure(sum(NUMBER_WORDS[w] for w in words), match.start(), match.end(), match.group(), kind, unit)
    for match in _HALF.finditer(text):
        yield Figure(0.5, match.start(), match.end(), match.group(), "value", None, 1)


def unit_name(text: str | None) -> str | None:
    """The canonical spelling of a unit as written; an unknown one in lower case."""
    if not text:
        return None
    plain = " ".join(text.split())
    for name, pattern in _UNIT_OF.items():
        if pattern.fullmatch(plain) and (name not in ("g", "L", "d", "h") or plain != plain.upper() or name == "L"):
            return name
    short = re.sub(r" ?/ ?| per ", "/", plain)
    for word, symbol in (("deciliter", "dL"), ("decilitre", "dL"), ("milliliter", "mL"), ("liter", "L"), ("litre", "L")):
        short = re.sub(word, symbol, short, flags=re.IGNORECASE)
    return normalise_unit(short) or short.lower()


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
            figure = replace(figure, op=op, about=bool(_ABOUT.search(line)), limit=bool(_LIMIT.search(line) or _LIMIT_AFTER.match(text[figure.end : figure.end + 16])))
            last = found[-1] if found else None
            if last is not None and last.kind in ("value", "duration", "age"):
                gap = text[last.end : figure.start]
                if _LINK.match(gap) and place:
                    if last.unit is None and figure.unit is not None and not (gap.strip() in (",", "and") and figure.kind != "value"):
                        last = found[-1] = replace(last, unit=figure.unit, kind=figure.kind)
                    if gap.strip() == "/" and not last.pair:
                        found[-1] = replace(last, pair=1)
                        figure = replace(figure, pair=2)
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
