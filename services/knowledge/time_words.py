"""Times as people write them in haste or in full, put into forms that `periods` reads: "2y", "the third of May"."""

from __future__ import annotations

import calendar
import datetime as dt
import re

MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3]: i for name, i in MONTHS.items() if name != "may"} | {"sept": 9}

_SHORT_SPAN = re.compile(
    r"(?<![\w.])(?:x |for |over |last |past )?(\d{1,2}) ?(y|yrs?|years?|m|mos?|months?|w|wks?|weeks?|d|days?)(?=\W*$)",
    re.IGNORECASE,
)
_ORDINALS = [
    *[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
    ],
    *["fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"],
    *(
        f"twenty-{n}"
        for n in ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
    ),
    "thirtieth",
    "thirty-first",
]
_UNITS = {"y": "years", "m": "months", "w": "weeks", "d": "days"}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|2[0-2])\d\d)(?![\d/])")
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|2[0-2])\d\d)(?![\d/])")
_WRITTEN = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),? (?P<y>(?:19|2[0-2])\d\d)\b",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})\b(?!,? ?(?:19|2[0-2])\d\d)|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?(?:19|2[0-2])\d\d|\d)",
    re.IGNORECASE,
)
_DAY_IN_WORDS = re.compile(
    rf"\b(?:the )?(?P<day>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?: day)? of (?={_MONTH}\b)"
    rf"|\b(?P<month>{_MONTH}) the (?P<after>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_VALUES_FROM = re.compile(
    rf"\b(values?|results?|readings?|levels?|labs?|notes?|those|numbers?|measurements?|tests?) (?:from|of) (?=(?:(?:{_MONTH}) )?(?:19|2[0-2])\d\d\b(?! (?:to|until|through|onwards?|-)))",
    re.IGNORECASE,
)


_SEASON = re.compile(
    r"\s(?:in |for |during )?(?:the )?(2[0-2]\d\d)(?:\s?[/-]\s?(?:20)?\d\d)? (?:flu )?season\b", re.IGNORECASE
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


def _season(name: str, as_of: dt.date) -> str:
    """The last such season that is over or has begun, as a period (meteorological seasons of the north)."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[name]
    year = as_of.year if as_of.month > first else as_of.year - 1
    start = dt.date(year, first, 1)
    end = start + dt.timedelta(days=91)
    return f"between {start.isoformat()} and {end.isoformat()}"


def _in_figures(match: re.Match[str]) -> str:
    day = _ORDINALS.index((match["day"] or match["after"]).lower()) + 1
    return f"{day} of " if match["day"] else f"{day} {match['month']}"


def spelled_out(text: str, as_of: dt.date) -> str:
    """Times in shorthand as the period reader knows them: "2y", "15 June", "values from 2025"."""
    text = _DAY_IN_WORDS.sub(_in_figures, text)
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
        lambda m: _day(int(m["y"]), MONTHS[(m["m"] or m["m2"]).lower()], int(m["d"] or m["d2"])) or m.group(),
        text,
    )

    def dated(match: re.Match[str]) -> str:
        day, month = int(match["d"] or match["d2"]), MONTHS[(match["m"] or match["m2"]).lower()]
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
