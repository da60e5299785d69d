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
    r"\s(?:in |for |during )?(?:the )?(?:(?P<y>2[0-2]\d\d)(?:\s?[/-]\s?(?:20)?\d\d)?|(?P<yy>\d\d)\s?[/-]\s?\d\d) (?:flu |winter )?season\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\bup to and incl(?:uding|usive of|\.)?,? (?=\w)", re.IGNORECASE)
_YEAR = r"(?:19|2[0-2])\d\d"
_PART_OF_YEAR = re.compile(
    rf"\b(?:(?:in|during|over|for|of) )?(?:the )?(?:(?P<which>first|1st|second|2nd|third|3rd|fourth|4th|latter|last) (?P<part>half|quarter) of (?P<y>{_YEAR})"
    rf"|(?P<short>h[12]|q[1-4])[ /-]?(?P<y2>{_YEAR}))\b",
    re.IGNORECASE,
)
_MONTHS_OF_YEAR = re.compile(  # "apr/may 2025", "June to August 2024"
    rf"\b(?:(?:in|from|during) )?(?P<a>{_MONTH})\.? ?(?:/|-|–|to|through) ?(?P<b>{_MONTH})\.?,? (?P<y>{_YEAR})\b", re.IGNORECASE
)
_DAYS_OF_MONTH = re.compile(  # "22 to 24 May 2171", "May 22-24, 2171"
    rf"\b(?:(?:from|during) )?(?:(?P<a>\d{{1,2}})(?:st|nd|rd|th)? ?(?:to|-|–|through) ?(?P<b>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})\.?"
    rf"|(?P<m2>{_MONTH})\.? (?P<a2>\d{{1,2}})(?:st|nd|rd|th)? ?(?:to|-|–|through) ?(?P<b2>\d{{1,2}})(?:st|nd|rd|th)?),? (?P<y>{_YEAR})\b",
    re.IGNORECASE,
)
_DAY_SHORT_YEAR = re.compile(rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th)? (?P<m>{_MONTH})\.?,? ['’]?(?P<y>[0-3]\d)(?![\d/.:%]|st|nd|rd|th)\b(?! ?(?:mg|mcg|g|kg|ml|mm|am|pm|h|hours?|units?|days?|weeks?)\b)", re.IGNORECASE)
_SHORT_YEAR = re.compile(  # "in sept 25" is of 2025, as "sept '25"; "on sept 25" is a day
    rf"(?P<before>\b(?:on|the|of|since|before|after|by|until|till|from|between|and|to) )?\b(?P<in>(?:in|during) )?(?P<m>{_MONTH})\.? ?(?P<mark>['’])?(?P<y>[0-3]\d)(?!\d|[:/.,]\d|st|nd|rd|th|,? {_YEAR})\b",
    re.IGNORECASE,
)


def _part_of_year(match: re.Match[str]) -> str:
    year, short, which = match["y"] or match["y2"], (match["short"] or "").lower(), (match["which"] or "").lower()
    months = 6 if short.startswith("h") or (match["part"] or "").lower() == "half" else 3
    last = 12 // months
    place = int(short[1]) if short else {"l": last, "f": 4 if which.startswith("fo") else 1, "s": 2, "t": 3}.get(which[0]) or int(which[0])
    if not 1 <= place <= last:
        return match.group()
    end = place * months
    return f"between {year}-{end - months + 1:02}-01 and {year}-{end:02}-{calendar.monthrange(int(year), end)[1]}"


def _days_of_month(match: re.Match[str]) -> str:
    year, month = int(match["y"]), MONTHS[(match["m"] or match["m2"]).lower()]
    first, last = (_day(year, month, int(match[n] or match[n + "2"])) for n in ("a", "b"))
    return f"between {first} and {last}" if first and last and first <= last else match.group()


def _of_short_year(match: re.Match[str], as_of: dt.date) -> str:
    """The month of a year told by two figures, where the words can't mean a day, or mean one of that very month."""
    year = as_of.year // 100 * 100 + int(match["y"])
    month = MONTHS[match["m"].lower()]
    told = bool(match["mark"] or match["in"]) and year <= as_of.year
    near = not match["before"] and year == as_of.year - (1 if month > as_of.month else 0)
    if not (told or near):
        return match.group()
    return f"{match['before'] or ''}{match['in'] or ('' if match['before'] else 'in ')}{calendar.month_name[month]} {year}"


_OF_LAST_YEAR = re.compile(r"(?<![\d/])(?:(?P<m>0?[1-9]|1[0-2])/)(?:(?P<d>\d{1,2})/)?(?P<which>this|last) year\b", re.IGNORECASE)
_OF_LAST_MONTH = re.compile(r"\b(?P<which>this|last) month/(?P<d>\d{1,2})(?![\d/])", re.IGNORECASE)
_MONTH_DAY = re.compile(
    r"(?P<on>\b(?:on|since|from|after|before|until|till|by|through|between|and|to|as of) )(?P<m>0?[1-9]|1[0-2])/(?P<d>\d{1,2})(?![\d/.])(?!\s?(?:tab|mg|m[lL]|dose|cup|strength|hour|inch|normal|pack))",
    re.IGNORECASE,
)


def _reckoned(text: str, as_of: dt.date) -> str:
    """Days told by this year, last year or a month before: "06/15/last year", "last month/30", "on 1/29"."""

    def of_year(match: re.Match[str]) -> str:
        year, month = as_of.year - (match["which"].lower() == "last"), int(match["m"])
        return (_day(year, month, int(match["d"])) or match.group()) if match["d"] else f"{calendar.month_name[month]} {year}"

    def of_month(match: re.Match[str]) -> str:
        first = as_of.replace(day=1)
        first = (first - dt.timedelta(days=1)).replace(day=1) if match["which"].lower() == "last" else first
        return _day(first.year, first.month, int(match["d"])) or match.group()

    def of_late(match: re.Match[str]) -> str:
        month, day = int(match["m"]), int(match["d"])
        found = _day(as_of.year - ((month, day) > (as_of.month, as_of.day)), month, day)
        return f"{match['on']}{found}" if found else match.group()

    return _MONTH_DAY.sub(of_late, _OF_LAST_MONTH.sub(of_month, _OF_LAST_YEAR.sub(of_year, text)))


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


def inclusive(text: str) -> str:
    """"Up to and including", "on or after" in one word: what joins in them joins nothing."""
    text = re.sub(r"\bon (?:or|and|/) ?after\b", "since", text, flags=re.IGNORECASE)
    text = re.sub(r"\bon (?:or|and|/) ?before\b", "until", text, flags=re.IGNORECASE)
    return _UP_TO.sub("until ", text)


def spelled_out(text: str, as_of: dt.date) -> str:
    """Times in shorthand as the period reader knows them: "2y", "15 June", "values from 2025"."""
    text = _DAY_IN_WORDS.sub(_in_figures, text)
    text = _VALUES_FROM.sub(r"\1 in ", text)
    text = _SEASON.sub(lambda m: f" between {(y := int(m['y'] or '20' + m['yy']))}-07-01 and {y + 1}-06-30", text)
    text = inclusive(text)
    text = _PART_OF_YEAR.sub(_part_of_year, text)
    text = _DAYS_OF_MONTH.sub(_days_of_month, text)
    text = _MONTHS_OF_YEAR.sub(lambda m: f"between {m['a']} {m['y']} and {m['b']} {m['y']}", text)
    text = _DAY_SHORT_YEAR.sub(lambda m: _day(as_of.year // 100 * 100 + int(m["y"]), MONTHS[m["m"].lower()], int(m["d"])) or m.group(), text)
    text = _SHORT_YEAR.sub(lambda m: _of_short_year(m, as_of), text)
    text = re.sub(
        r"\b(?:in |during )?last (autumn|fall|spring|summer|winter)\b",
        lambda m: _season(m[1].lower(), as_of),
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:a|one) year back\b", "a year ago", text, flags=re.IGNORECASE)
    text = _reckoned(_NUMERIC.sub(_iso, text), as_of)
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
