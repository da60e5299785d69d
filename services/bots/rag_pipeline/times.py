"""Times in the words of a question: shorthand spelled out, the moments of a comparison."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.plan import Anchor, Moment, Target
from services.knowledge.periods import find_period

_SHORT_SPAN = re.compile(
    r"(?<![\w.])(?:x |for |over |last |past )?(\d{1,2}) ?(y|yrs?|years?|m|mos?|months?|w|wks?|weeks?|d|days?)(?=\W*$)",
    re.IGNORECASE,
)
_UNITS = {"y": "years", "m": "months", "w": "weeks", "d": "days"}
_MONTH = "|".join(sorted(cues.MONTHS, key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)\d\d)(?![\d/])")
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\d/])")
_WRITTEN = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),? (?P<y>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})\b(?!,? ?(?:19|20)\d\d)|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?(?:19|20)\d\d|\d)",
    re.IGNORECASE,
)
_VALUES_FROM = re.compile(
    rf"\b(values?|results?|readings?|levels?|labs?|notes?|those|numbers?|measurements?|tests?) (?:from|of) (?=(?:(?:{_MONTH}) )?(?:19|20)\d\d\b(?! (?:to|until|through|onwards?|-)))",
    re.IGNORECASE,
)


def _iso(match: re.Match[str]) -> str:
    """A date in figures: month first, unless that can't be."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    return _day(year, a, b) or _day(year, b, a) or match.group()


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


_SEASON = re.compile(
    r"\s(?:in |for |during )?(?:the )?(20\d\d)(?:\s?[/-]\s?(?:20)?\d\d)? (?:flu )?season\b", re.IGNORECASE
)


def _season(name: str, as_of: dt.date) -> str:
    """The last such season that is over or has begun, as a period (meteorological seasons of the north)."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[name]
    year = as_of.year if as_of.month > first else as_of.year - 1
    start = dt.date(year, first, 1)
    end = start + dt.timedelta(days=91)
    return f"between {start.isoformat()} and {end.isoformat()}"


def spelled_out(text: str, as_of: dt.date) -> str:
    """Times in shorthand as the period reader knows them: "2y", "15 June", "values from 2025"."""
    text = _VALUES_FROM.sub(r"\1 in ", text)
    text = _SEASON.sub(lambda m: f" between {m[1]}-07-01 and {int(m[1]) + 1}-06-30", text)
    text = re.sub(
        r"\b(?:in |during )?last (autumn|fall|spring|summer|winter)\b",
        lambda m: _season(m[1].lower(), as_of),
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:a|one) year back\b", "a year ago", text, flags=re.IGNORECASE)
    text = _NUMERIC.sub(_iso, text)
    text = _MONTH_YEAR.sub(lambda m: f"{calendar.month_name[int(m['m'])]} {m['y']}", text)
    text = _WRITTEN.sub(
        lambda m: (
            _day(int(m["y"]), cues.MONTHS[(m["m"] or m["m2"]).lower()], int(m["d"] or m["d2"])) or m.group()
        ),
        text,
    )

    def dated(match: re.Match[str]) -> str:
        day, month = int(match["d"] or match["d2"]), cues.MONTHS[(match["m"] or match["m2"]).lower()]
        try:
            found = dt.date(as_of.year, month, day)
        except ValueError:
            return match.group()
        if found > as_of:
            found = found.replace(year=as_of.year - 1) if (month, day) != (2, 29) else found
        return found.isoformat()

    text = _DAY_MONTH.sub(dated, text)
    span = _SHORT_SPAN.search(text)
    if (
        span
        and not re.search(r"\b(?:old|ago|age|between|every|weighs?)\b", text, re.IGNORECASE)
        and not re.match(r"(?:last|past) ", span.group(), re.IGNORECASE)
    ):
        text = f"{text[: span.start()]}past {span[1]} {_UNITS[span[2][0].lower()]}{text[span.end() :]}"
    return text


_NOW = re.compile(
    r"\b(?:now|today|current(?:ly)?|latest|most recent|present|last value|newest)\b", re.IGNORECASE
)
_STAGES = re.compile(
    r"\b(?P<in>admission|arrival|presentation)\b|\b(?P<out>discharge)\b|\b(?P<ed>er|ed|emergency (?:room|department))\b|\b(?P<fu>follow[- ]?up)(?: visit)?\b",
    re.IGNORECASE,
)


def _stage(match: re.Match[str]) -> Anchor:
    """The part of a course that one word names: admission, discharge, the emergency room, the follow-up."""
    stay = ("IMP", "ACUTE", "NONAC")
    if match["in"] or match["out"]:
        return Anchor(
            "at-end" if match["out"] else "at-start",
            Target(kinds=("encounter",), classes=stay),
            "end" if match["out"] else "start",
            "latest",
            match[0],
        )
    classes = ("EMER",) if match["ed"] else ("AMB",)
    return Anchor("during", Target(kinds=("encounter",), classes=classes), "start", "latest", match[0])


def find_moments(text: str, as_of: dt.date, anchors: list[Anchor]) -> list[Moment]:
    """The separate times that a comparison names, in their order: dates, events, "now"."""
    found: list[tuple[int, Moment]] = []
    _, spans = find_period(text, as_of)
    for start, end in spans:
        words = text[start:end]
        pieces = (
            re.split(r"\b(?:and|to|until|through)\b|(?<=\d)-(?=\d{4})", words)
            if re.match(r"(?:from|between)\b|.*\d (?:to|until|through) ", words, re.IGNORECASE)
            else [words]
        )
        for piece in pieces:
            piece = re.sub(
                r"^(?:from|between|since|before|after|until|compared (?:to|with))\s+",
                "",
                piece.strip(),
                flags=re.IGNORECASE,
            )
            (since, until), _ = find_period(
                piece
                if re.match(
                    r"(?:last|past|this|previous|\w+ (?:years?|months?|weeks?|days?) ago)",
                    piece,
                    re.IGNORECASE,
                )
                else f"in {piece}",
                as_of,
            )
            rolling = re.match(
                r"(?:(?:over|in|within|during|for) )?(?:the )?(?:last|past|previous) (?:\d|two|three|four|five|six|few|couple|twelve)",
                piece,
                re.IGNORECASE,
            )
            if (since or until) and not rolling:
                found.append((start + words.find(piece), Moment(since, until)))
    found += [
        (text.find(anchor.text), Moment(anchor=anchor))
        for anchor in anchors
        if anchor.relation in ("during", "at-start", "at-end")
    ]
    if cues.COMPARE.search(text) and len(found) < 2:
        taken = [text.find(m.anchor.text) for _, m in found if m.anchor]
        found += [
            (match.start(), Moment(anchor=_stage(match)))
            for match in _STAGES.finditer(text)
            if not any(at <= match.start() < at + 40 for at in taken)
        ]
    found += [(m.start(), Moment(now=True)) for m in _NOW.finditer(text)][:1]
    ordered = sorted(found, key=lambda p: p[0])
    kept: list[Moment] = []
    for place, (at, moment) in enumerate(ordered):
        # "At diagnosis in July 2022" is one time, told twice: the date is the exact one.
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        if moment.anchor and following and following[1].anchor is None and not following[1].now:
            between = text[at + len(moment.anchor.text) : following[0]]
            if re.fullmatch(r"\s*(?:in|of|on|,)?\s*", between, re.IGNORECASE):
                continue
        kept.append(moment)
    return kept


ENDS_AT = re.compile(
    r"\b(?:to|until|till|through|and|up to)\s+(?:the\s+)?(?:end of\s+)?(?:(?:19|20)\d\d|(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b)",
    re.IGNORECASE,
)
