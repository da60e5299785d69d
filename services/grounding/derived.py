"""Numbers that are not written in the evidence but follow from it: differences, shares, counts, times, means."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.figure import Figure
from services.grounding.matching import satisfies
from services.grounding.reckoned import close, difference, from_limit, from_own
from services.grounding.sources import Source, Value, relation
from services.grounding.terms import given, measured

_CHANGE = re.compile(
    r"\b(?:by|change|changed|difference|drop|dropped|rise|rose|fall|fell|decrease[ds]?|increase[ds]?|reduction|gain(?:ed)?|lost|loss|down|up"
    r"|declined?|higher|lower|delta|improve(?:d|ment)|more|less)\b",
    re.IGNORECASE,
)
_A_VALUE = re.compile(
    r"\b(?:from|to|at|was|were|is|than|with|against|versus)\s+(?:about\s+)?$", re.IGNORECASE
)
_DIFFERENCE = re.compile(
    r"\b(?:difference|change|gap) (?:between|in|of)\b[^.;]*\b(?:is|was|of|amounts? to)\s+(?:about\s+)?$",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:average[ds]?|averaging|mean)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"^\s*(?:\w+[ -]){0,5}?(?:results?|readings?|measurements?|values?|visits?|encounters?|notes?|medications?|drugs?|medicines|allergies"
    r"|conditions?|diagnos[ei]s|problems?|times|occasions?|entries|reports?|documents?|orders?|prescriptions?|vaccin\w+|doses?|immuni[sz]ations?"
    r"|procedures?|tests?|agents?|observations?|panels?|episodes?|checks?|intolerances?|reactions?|scans?|studies|letters?|pillars?|components?|classes)\b",
    re.IGNORECASE,
)
_SPAN_BEFORE = re.compile(
    r"\b(?:over|after|the (?:past|last)|span of|period of|lasted|took|spent|(?:stayed|admitted|hospitali[sz]ed|in (?:the )?hospital) for)\s+(?:(?:about|around|roughly|approximately|nearly|almost|just|only|some|the|a total of|more than|just over|just under)\s)*(?:\w+\s)?$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\bfor\s+(?:(?:about|around|almost|nearly|over|more than|some|the past|the last)\s)*$", re.IGNORECASE
)
_HAS = re.compile(
    r"\b(?:has|have|had)\s+(?:\w+\s)?(?:been|had|taken|used|lived|suffered|a|chronic|\w+ed)\b", re.IGNORECASE
)
_WITHIN = re.compile(r"\bwithin\s+(?:the\s)?$", re.IGNORECASE)
_IN = re.compile(r"\bin\s+(?:(?:about|just|only|the|just over|just under|under|some)\s)*$", re.IGNORECASE)
_SPAN_AFTER = re.compile(
    r"^\s*(?:later|after|earlier|ago|before|apart|between|prior|afterwards?|since|period|interval|(?:hospital |inpatient )?stay|admission|hospitali[sz]ation)\b",
    re.IGNORECASE,
)
# Told from one thing of the record to another, so that today is no end of it.
_APART = re.compile(
    r"^\s*(?:later|after|earlier|before|apart|between|prior|afterwards?|stay)\b", re.IGNORECASE
)
_STAY = re.compile(r"^\s*(?:(?:hospital |inpatient )?stay|admission|hospitali[sz]ation)\b", re.IGNORECASE)
_DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 365.25 / 12, "a": 365.25}


def derive(case: Case, amount: Amount, values: Sequence[Value]) -> str:
    """How the number follows from the evidence, or ""."""
    figure = amount.figure
    if figure.kind in ("duration", "age"):
        return _duration(case, figure)
    if figure.kind == "rate":
        return _often(case, figure)
    if figure.kind != "value":
        return ""
    near = case.text[max(0, figure.start - 40) : figure.end + 24]
    mine = _own(amount, values, case)
    if (
        figure.unit in (None, "dose")
        and figure.value.is_integer()
        and not figure.decimals
        and (how := _counted(case, figure) or _listed(case, figure))
    ):
        return how
    if _MEAN.search(near) and len(mine) > 1 and close(figure, fmean(v.figure.value for v in mine)):
        return "mean of " + ", ".join(v.figure.text for v in mine)
    before = case.text[max(0, figure.start - 16) : figure.start]
    compared = re.match(
        r"\s*(?:points?\s)?(?:higher|lower|more|less)\b", case.text[figure.end :], re.IGNORECASE
    )
    difference = _DIFFERENCE.search(case.text[: figure.start])
    told = difference or (_CHANGE.search(near) and (compared or not _A_VALUE.search(before)))
    if told and (how := _changed(figure, mine)):
        return how
    return from_own(case, amount, values) or from_limit(case, amount, values)


_PART_OF_DAY = re.compile(r"morning|evening|night|bedtime|noon|breakfast|dinner|lunch", re.IGNORECASE)


def _often(case: Case, figure: Figure) -> str:
    """ "Every evening" of what is taken "in the evening", "three times a night" of "x3"."""
    part = _PART_OF_DAY.search(figure.text)
    for source in case.everything:
        text = source.reading.text
        if part and figure.value == 1 and re.search(rf"\bin the {part.group()}", text, re.IGNORECASE):
            return f"taken in the {part.group().lower()}"
        if re.search(rf"(?<![A-Za-z])[x×]\s?{figure.value:.0f}(?![\d.])", text) and re.search(
            r"times", figure.text
        ):
            return f"x{figure.value:.0f}"
    return ""


def _own(amount: Amount, values: Sequence[Value], case: Case) -> list[Value]:
    """The values of the thing that the number is about, each once; of the sentence's only topic where it isn't said."""
    topics = amount.topics or frozenset(
        s.concept for s in case.reading.seen if measured(s.concept) or given(s.concept)
    )
    if not topics and amount.figure.unit in ("kg", "[lb_av]"):
        topics = frozenset({"vital:body-weight"})
    found: dict[tuple[float, dt.date | None], Value] = {}
    for v in values:
        if (
            v.figure.kind == "value"
            and not v.figure.limit
            and not v.figure.op
            and any(relation(topics, t) for t in v.topics)
        ):
            found.setdefault((v.figure.value, v.day), v)
    return list(found.values())


def _changed(figure: Figure, mine: Sequence[Value]) -> str:
    for a, b in itertools.combinations(mine, 2):
        first, second = (a, b) if (a.day or dt.date.min) <= (b.day or dt.date.max) else (b, a)
        if first.topics != second.topics or (a.source is b.source and a.earlier == b.earlier):
            continue
        if how := difference(figure, first.figure, second.figure, first.topics):
            return how
    return ""


def _counted(case: Case, figure: Figure) -> str:
    near = [s for s in case.reading.seen if 0 < s.start - figure.end <= 12 and _countable(s.concept)]
    what = near if figure.value > 1 else []
    noun = _COUNTED.match(case.text[figure.end : figure.end + 60])
    if not what and not noun:
        return ""
    named = {s.concept for s in what or case.reading.seen if figure.end <= s.start < figure.end + 60}
    counted = [
        s for s in case.sources if not named or any(relation(named, x.concept) for x in s.reading.seen)
    ]
    if len(counted) != figure.value and noun and (_THESE.search(case.text[: figure.start]) or _apart(case)):
        # "These two readings", "two reactions: … [1] and … [2]": of what is cited, whatever else is named behind.
        counted = [] if any(s.end <= figure.end + noun.end() for s in what) else list(case.sources)
    return f"count of {len(counted)} cited entries" if len(counted) == figure.value else ""


_THESE = re.compile(r"\b(?:these|those|the|both|between|all)\s+$", re.IGNORECASE)


def _apart(case: Case) -> bool:
    """Whether its citations stand behind things of their own: "… [1] and … [2]"."""
    return any(any(map(str.isalpha, case.text[a[1] : b[0]])) for a, b in itertools.pairwise(case.marks))


def _countable(concept: str) -> bool:
    """Whether entries of it can be counted: what is given, measured or done."""
    return given(concept) or measured(concept) or concept.startswith("procedure:")


_VACCINES = re.compile(
    r"\s+(?:\w+\s)?(?:vaccines?|drugs|medications|medicines|allergies|problems|operations|procedures|tests)\b[^.;]*:",
    re.IGNORECASE,
)


def _listed(case: Case, figure: Figure) -> str:
    """ "Two statins: atorvastatin and rosuvastatin": the members of a class that the sentence itself names."""
    seen = case.reading.seen
    if _VACCINES.match(case.text, figure.end) and ":" in case.text[figure.end :]:
        colon = case.text.index(":", figure.end)
        parts = re.split(r",\s*(?:and\s)?|\s+and\s+", case.text[colon + 1 :].split(";")[0].strip(" ."))
        if len([p for p in parts if p.strip()]) == figure.value:
            return f"count of {len(parts)} named"
    for kind in (s for s in seen if 0 <= s.start - figure.end <= 12 and s.concept.startswith("drugclass:")):
        members = {s.concept for s in seen if s.start > kind.end and relation([kind.concept], s.concept)}
        if len(members) == figure.value:
            return f"count of {len(members)} named"
    return ""


def _duration(case: Case, figure: Figure) -> str:
    """Whether the time lies between two dates of the evidence, or a date and now, at the precision said."""
    near = case.text[max(0, figure.start - 24) : figure.start], case.text[figure.end : figure.end + 24]
    near = case.text[max(0, figure.start - 40) : figure.start], near[1]
    changed = _IN.search(near[0]) and _CHANGE.search(case.text[: figure.start])
    since = _FOR.search(near[0]) and _HAS.search(case.text[: figure.start]) and figure.unit in ("mo", "a")
    told = (
        since
        or _SPAN_BEFORE.search(near[0])
        or _SPAN_AFTER.match(near[1])
        or _WITHIN.search(near[0])
        or changed
    )
    if figure.kind == "duration" and not told and not (figure.op and _IN_BOUND.search(near[0])):
        return ""
    unit = _DAYS.get(figure.unit or "a", 365.25)
    if unit < 1:
        return ""
    if figure.kind == "duration" and _WITHIN.search(near[0]):
        spans = [s.day for s in case.sources if s.day and s.day[0] == s.day[1]]
        spans += [
            d for s in case.sources if s.entry for w in s.reading.dates for d in w.readings if d[0] == d[1]
        ]
        lengths = [abs((a[0] - b[0]).days) / unit for a, b in itertools.combinations(spans, 2)]
        return "between the dates cited" if any(figure.value - 1 < n <= figure.value for n in lengths) else ""
    if figure.kind == "duration" and figure.op and _CHANGE.search(case.text[: figure.start]):
        return _bounded(case, figure, unit)
    days = sorted(set(_days(case.everything)))
    named = [d for when in case.reading.dates for d, last in when.readings if d == last]
    if _STAY.match(near[1]) and len(named) == 2:
        days = sorted(named)  # "the five-day stay (17 to 22 May)"
    if case.as_of is not None and not _APART.match(near[1]):
        days.append(case.as_of)
    for first, last in itertools.combinations(days, 2):
        if last < first:
            continue
        length = (last - first).days / unit
        slack = 0.5 if unit > 7 else (0.5 if unit == 7 else 0.0)
        if figure.kind == "age":
            if math.floor(length + 1e-9) == figure.value:
                return f"from {first} to {last}"
        elif abs(length - figure.value) <= slack + (0.15 * figure.value if figure.about else 0):
            return f"from {first} to {last}"
    return ""


_IN_BOUND = re.compile(
    r"\b(?:in|within|over|after)\s+(?:just\s)?(?:less than|under|fewer than|at most|more than|over|at least)\s+$",
    re.IGNORECASE,
)


def _bounded(case: Case, figure: Figure, unit: float) -> str:
    """ "In less than two weeks": the days that the sentence names, or those cited, lie that far apart, by less than one."""
    named = [d for when in case.reading.dates for d, last in when.readings if d == last]
    days = named if len(named) == 2 else [s.day[0] for s in case.sources if s.day and s.day[0] == s.day[1]]
    if len(days) < 2:
        return ""
    length = (max(days) - min(days)).days / unit
    if satisfies(figure.op, length, figure.value) and abs(length - figure.value) <= 1:
        return f"from {min(days)} to {max(days)}"
    return ""


def _days(sources: Iterable[Source]) -> Iterator[dt.date]:
    """The days that the evidence names; "tomorrow" and "12 days ago" are told from one of them."""
    for source in sources:
        named = (span for when in source.reading.dates if not when.relative for span in when.readings)
        yield from (
            first for first, last in (*((source.day,) if source.day else ()), *named) if first == last
        )
