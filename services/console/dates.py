"""Dates and ages as a clinician's screen has them: 14-Jul-1945, whatever the locale (NHS CUI, date display)."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PARTS = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def show_date(value: str | None) -> str:
    """A FHIR date or dateTime as dd-Mmm-yyyy, with the precision given; "Not Known" where there is none."""
    match = _PARTS.match(value or "")
    if not match:
        return "Not Known"
    year, month, day = match.groups()
    name = _MONTHS[int(month) - 1] if month and 1 <= int(month) <= 12 else None
    return "-".join(p for p in (day if name else None, name, year) if p)


def show_moment(value: str | None, zone: str = "UTC") -> str:
    """As `show_date`, with the time in the clinic's zone where the value has one: 21-Nov-2026 15:30."""
    if not value or "T" not in value:
        return show_date(value)
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return show_date(value)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return f"{show_date(moment.date().isoformat())} {moment:%H:%M}"


def age(born: str | None, at: dt.date) -> str:
    """Age as 81y, 14m (under two years) or 12d (under a month); "" where the birth date isn't a full date."""
    try:
        birth = dt.date.fromisoformat((born or "")[:10])
    except ValueError:
        return ""
    if birth > at:
        return ""
    years = at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))
    if years >= 2:
        return f"{years}y"
    months = (at.year - birth.year) * 12 + at.month - birth.month - (at.day < birth.day)
    return f"{months}m" if months >= 1 else f"{(at - birth).days}d"
