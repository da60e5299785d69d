"""Dates in running text: every usual way to write one, what it may mean, and the same way for another day."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 40  # characters of a date, line breaks included
_NAMES = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_MONTHS: dict[str, tuple[str, bool, int]] = {}  # written → language, short, month
for _language, _names in _NAMES.items():
    for _number, _name in enumerate(_names.split(), 1):
        _MONTHS.setdefault(_name, (_language, False, _number))
        _MONTHS.setdefault(_name[:3], (_language, True, _number))
_MONTHS["sept"] = ("en", True, 9)
_MONTH = r"(?i:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-zA-Z])"
_YEAR = r"(?:1[89]|2[01])\d\d"
_GAP = r"[\s.,/'-]{0,4}"
_FORMS = (
    rf"(?<!\d)(?<!\d[-/.])(?P<y>{_YEAR})(?P<s>[-/. ])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)",
    rf"(?<!\d)(?<!\d[-/.])(?P<a>\d{{1,2}})(?P<s>\s?[-/.]\s?| )(?P<b>\d{{1,2}})(?P=s)(?P<y>{_YEAR}|\d\d)(?![\d/-]|[.,]\d)",
    rf"(?<!\d)(?P<d>\d{{1,2}})(?P<o>st|nd|rd|th)?(?:\s+(?:of|de)\b)?{_GAP}(?P<n>{_MONTH})(?:\s+de\b)?(?:{_GAP}(?P<y>{_YEAR}|'?\b\d\d)(?!\d))?",
    rf"(?<![a-zA-Z])(?P<n>{_MONTH}){_GAP}(?P<d>\d{{1,2}})(?!\d|[.,]\d)(?P<o>st|nd|rd|th)?(?:[\s.,/'-]{{1,4}}(?P<y>{_YEAR})(?!\d))?",
    rf"(?<!\d)(?P<y>{_YEAR}){_GAP}(?P<n>{_MONTH}){_GAP}(?P<d>\d{{1,2}})(?!\d)",
    rf"(?<![a-zA-Z])(?P<n>{_MONTH}){_GAP}(?P<y>{_YEAR})(?!\d)",
    rf"(?<!\d)(?<!\d[-/.])(?P<y>{_YEAR})-(?P<m>\d\d)(?![\d-])",
    rf"(?<!\d)(?<!\d[-/.])(?P<m>\d{{1,2}})/(?P<y>{_YEAR})(?![\d/])",
    rf"(?<!\d)(?P<y>{_YEAR})(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
)
# Where a date may begin: at a figure, or at a word that is a month. The forms are tried there in turn.
_START = re.compile(r"(?<!\d)\d|(?<![a-zA-Z])[a-zA-Z]{3,}")
_TRIED = tuple(re.compile(form) for form in _FORMS)
_ENGLISH_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


@dataclass(frozen=True, slots=True)
class Written:
    """A date in a folded text. `readings`: (year, month, day) as it may be meant, the likeliest first; a year or a day
    that is not written is None. Years of two digits are read as 0 to 99."""

    start: int
    end: int
    readings: tuple[tuple[int | None, int, int | None], ...]
    parts: dict[str, str]
    spans: dict[str, tuple[int, int]]
    separator: str | None

    def is_of(self, day: dt.date) -> bool:
        """Whether it may mean this day, or its month where no day is written. One without a year does not."""
        return any(
            month == day.month and wanted in (None, day.day) and _same_year(year, day.year)
            for year, month, wanted in self.readings
        )

    def shifted(self, text: str, days: int) -> str | None:
        """The text of this date for a day so many days later, written the same way. A month moves by as many whole
        months as come nearest. None where it can't be moved."""
        year, month, day = self.readings[0]
        if self.separator == " " or (self.separator == "." and len(self.parts["y"]) == 2):
            return None  # "10 12 20", "1.2.34": more often something else than a date
        short = year is not None and year < 100
        whole = year if year is not None and not short else (2000 if year is None else _century(year))
        if day is None:
            count = whole * 12 + month - 1 + round(days / 30.4375)
            moved = (count // 12, count % 12 + 1, 1)
        else:
            try:
                other = dt.date(whole, month, day) + dt.timedelta(
                    days=days if year is not None else days % 366
                )
            except (ValueError, OverflowError):
                return None
            moved = (other.year, other.month, other.day)
        if not 1800 <= moved[0] < 2200:
            return None
        new = self._rendered(*moved, first_is_day=self._first_is_day())
        pieces, at = [], self.start
        for name, (start, end) in sorted(self.spans.items(), key=lambda item: item[1]):
            pieces += (text[at:start], new[name])
            at = end
        return "".join((*pieces, text[at : self.end]))

    def _first_is_day(self) -> bool:
        return "a" in self.parts and self.readings[0][2] == int(self.parts["a"]) != self.readings[0][1]

    def _rendered(self, year: int, month: int, day: int, *, first_is_day: bool) -> dict[str, str]:
        first, second = (day, month) if first_is_day else (month, day)
        figures = [self.parts[name] for name in "mdab" if name in self.parts]
        padded = any(figure[0] == "0" for figure in figures)
        if not padded and "o" not in self.parts and (name := self.parts.get("n", "Jan")):
            padded = _MONTHS[name.lower()][1] and all(len(figure) == 2 for figure in figures)
        new = {}
        for name, old in self.parts.items():
            if name == "y":
                new[name] = old[:-2] + f"{year % 100:02d}" if len(old) < 4 else f"{year:04d}"
            elif name == "n":
                new[name] = _named(old, month)
            elif name == "o":
                new[name] = _ENGLISH_ORDINALS.get(day, "th")
            else:
                value = {"m": month, "d": day, "a": first, "b": second}[name]
                new[name] = f"{value:0{2 if padded else 1}d}"
        return new


def find_dates(text: str) -> Iterator[Written]:
    """Every absolute date of a folded text (case kept), in order and without overlaps. Years alone are none."""
    at = 0
    for start in _START.finditer(text):
        word = start.group()
        if start.start() < at or (len(word) > 1 and word.lower() not in _MONTHS):
            continue
        for form in _TRIED:
            found = form.match(text, start.start())
            if found and (written := _read(found)):
                yield written
                at = written.end
                break


def _read(found: re.Match[str]) -> Written | None:
    groups = {name: value for name, value in found.groupdict().items() if value and name != "s"}
    year = int(groups["y"].strip("'")) if "y" in groups else None
    if "a" in groups:
        pairs = [(int(groups["a"]), int(groups["b"])), (int(groups["b"]), int(groups["a"]))]
    elif "n" in groups:
        written = groups["n"]
        if year is None and not written[0].isupper():
            return None  # "may 5": a verb
        pairs = [(_MONTHS[written.lower()][2], int(groups["d"]) if "d" in groups else None)]
    else:
        pairs = [(int(groups["m"]), int(groups["d"]) if "d" in groups else None)]
    readings = tuple(dict.fromkeys((year, month, day) for month, day in pairs if _real(year, month, day)))
    if not readings:
        return None
    return Written(
        found.start(),
        found.end(),
        readings,
        groups,
        {name: found.span(name) for name in groups},
        found.groupdict().get("s"),
    )


def _real(year: int | None, month: int, day: int | None) -> bool:
    if not 1 <= month <= 12:
        return False
    whole = 2000 if year is None else year if year > 99 else _century(year)
    return day is None or 1 <= day <= calendar.monthrange(whole, month)[1]


def _same_year(written: int | None, year: int) -> bool:
    return written is not None and (written == year or (written < 100 and written == year % 100))


def _century(year: int) -> int:
    return year + (2000 if year < 50 else 1900)


def _named(old: str, month: int) -> str:
    language, short, _ = _MONTHS[old.lower()]
    name = _NAMES[language].split()[month - 1]
    name = name[:3] if short else name
    return name.upper() if old.isupper() else name.capitalize() if old[0].isupper() else name
