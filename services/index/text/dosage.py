"""Dosage in words: the instruction as written, or put together from dose, route, timing and limits."""

from __future__ import annotations

import re
from typing import Any

from services.index.text import units, values

_CODES = {
    "BID": "twice daily",
    "TID": "three times daily",
    "QID": "four times daily",
    "QD": "once daily",
    "QOD": "every other day",
    "Q1H": "every hour",
    "Q2H": "every 2 hours",
    "Q3H": "every 3 hours",
    "Q4H": "every 4 hours",
    "Q6H": "every 6 hours",
    "Q8H": "every 8 hours",
    "AM": "every morning",
    "PM": "every afternoon",
    "BED": "at bedtime",
    "WK": "once weekly",
    "MO": "once monthly",
}
_WHEN = {
    "MORN": "in the morning",
    "MORN.early": "in the early morning",
    "MORN.late": "in the late morning",
    "NOON": "at noon",
    "AFT": "in the afternoon",
    "EVE": "in the evening",
    "NIGHT": "at night",
    "PHS": "after sleep",
    "HS": "at bedtime",
    "WAKE": "on waking",
    "C": "with meals",
    "CM": "with breakfast",
    "CD": "with lunch",
    "CV": "with dinner",
    "AC": "before meals",
    "ACM": "before breakfast",
    "ACD": "before lunch",
    "ACV": "before dinner",
    "PC": "after meals",
    "PCM": "after breakfast",
    "PCD": "after lunch",
    "PCV": "after dinner",
}
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"}
_DAYS |= {"sat": "Saturday", "sun": "Sunday"}
_TIMES = {"1": "once", "2": "twice", "3": "three times", "4": "four times"}
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_TRAILING = re.compile(r"(\d)\.0+(?![\d.])")  # "5.0 mg" is misread as 50 mg (ISMP)
_AMOUNT = re.compile(r"[\d.,]+\s*[^\W\d]+(?:/[^\W\d]+)*", re.UNICODE)  # a dose, and not how often
_HOW_OFTEN = re.compile(
    r"(?i)daily|\bdays?\b|\bonce\b|twice|thrice|times|every|each|\bq\.?\s?[\dahdowsn]|\b[btq]\.?i\.?d\b|\bod\b|\bon\b|week|month|hour"
    r"|hrs?\b|night|morning|bedtime|evening|noon|\bam\b|\bpm\b|meal|breakfast|dinner|prn|needed|required|stat\b|continuous|now\b|\bx\b|\d\s?x"
)


def dosage_lines(dosages: Any, product: str) -> list[str]:
    """Each Dosage in words, in order of its sequence where one is given. `product`: the medication's name."""
    ordered = sorted(values.objs(dosages), key=lambda item: values.amount(item.get("sequence")) or 0)
    return [text for item in ordered if (text := dosage(item, product))]


def dosage(item: dict[str, Any], product: str = "") -> str:
    """One Dosage. Where its coded dose has numbers that neither its text nor the product's strength has, both
    are said: they may disagree."""
    text = values.string(item.get("text"))
    coded = _TRAILING.sub(r"\1", _assembled(item))
    extra = [
        values.concepts(item.get("additionalInstruction")),
        values.string(item.get("patientInstruction")),
    ]
    told = _figures(coded)
    if not text or (_AMOUNT.fullmatch(text) and _figures(text) <= told):
        shown = coded
    elif told - _figures(f"{text} {product}") - {1}:
        shown = f"{text} (coded as: {coded})"
    else:
        shown = text
        often = timing(item.get("timing"))
        if often and not _HOW_OFTEN.search(text):
            shown += f" ({often})"
        needed = _as_needed(item)
        if needed and not re.search(r"(?i)\b(?:as needed|as required|prn|if needed|when needed)\b", text):
            shown += f" ({needed})"
    extra = [part for part in extra if part and part.casefold() not in shown.casefold()]
    return "; ".join(filter(None, (shown, *extra)))


def _figures(text: str) -> set[float]:
    return {float(figure) for figure in _FIGURES.findall(text.replace(",", "").replace("/m2", ""))}


def _assembled(item: dict[str, Any]) -> str:
    parts = [", or ".join(filter(None, map(_dose, values.objs(item.get("doseAndRate"))))) or _dose(item)]
    route, site = values.concept(item.get("route")), values.concept(item.get("site"))
    parts += [
        values.concept(item.get("method")),
        f"route {route}" if route else "",
        f"to {site}" if site else "",
    ]
    parts += [timing(item.get("timing")), _as_needed(item)]
    shown = " ".join(filter(None, parts))
    limits = [values.ratio(limit) for limit in values.objs(item.get("maxDosePerPeriod"))]
    limits += [
        f"{values.quantity(item.get(key))} {label}"
        for key, label in (("maxDosePerAdministration", "per dose"), ("maxDosePerLifetime", "in a lifetime"))
        if values.quantity(item.get(key))
    ]
    return ", ".join(filter(None, (shown, *(f"at most {limit}" for limit in limits if limit))))


def _dose(item: dict[str, Any]) -> str:
    kind, dose = values.choice(item, "dose")
    shown = values.range_(dose) if kind == "Range" else values.quantity(dose)
    kind, rate = values.choice(item, "rate")
    speed = {"Ratio": values.ratio, "Range": values.range_}.get(kind, values.quantity)(rate)
    return " ".join(filter(None, (shown, f"at {speed}" if speed else "")))


def _as_needed(item: dict[str, Any]) -> str:
    kind, value = values.choice(item, "asNeeded")
    reason = values.concepts(item.get("asNeededFor"))
    if kind == "CodeableConcept" or reason:
        reason = reason or values.concept(value)
        return f"as needed for {reason}" if reason else "as needed"
    return "as needed" if value is True else ""


def timing(value: Any) -> str:
    """A Timing in words: "twice daily at bedtime for 7 days"."""
    value = values.obj(value)
    repeat = values.obj(value.get("repeat"))
    parts = [_frequency(repeat)]
    coded = value.get("code")
    symbol = values.code(coded)
    if not parts[0]:
        text = values.string(values.obj(coded).get("text"))
        parts[0] = text or _CODES.get(symbol.upper(), "") or values.concept(coded)
    days = [_DAYS.get(day, day) for day in values.many(repeat.get("dayOfWeek")) if isinstance(day, str)]
    parts.append(f"on {', '.join(days)}" if days else "")
    times = [time[:5] for time in values.many(repeat.get("timeOfDay")) if isinstance(time, str)]
    parts.append(f"at {', '.join(times)}" if times else "")
    moments = [_WHEN.get(when, when) for when in values.many(repeat.get("when")) if isinstance(when, str)]
    offset = values.number(repeat.get("offset"))
    parts.append(
        (f"{offset} minutes " if offset and offset != "0" else "") + ", ".join(moments) if moments else ""
    )
    parts.append(_span(repeat, "duration", "over"))
    if (count := values.number(repeat.get("count"))) is not None:
        most = values.number(repeat.get("countMax"))
        parts.append(f"for {count}{f'–{most}' if most else ''} {units.plural(most or count, 'dose')} in all")
    parts.append(_bounds(repeat))
    events = [values.date(event, time=True) for event in values.many(value.get("event"))]
    parts.append(f"on {', '.join(filter(None, events))}" if any(events) else "")
    return " ".join(filter(None, parts))


def _frequency(repeat: dict[str, Any]) -> str:
    often, most = values.number(repeat.get("frequency")), values.number(repeat.get("frequencyMax"))
    length, longest = values.number(repeat.get("period")), values.number(repeat.get("periodMax"))
    unit = units.time_word(repeat.get("periodUnit"))
    if length is None or not unit:
        return f"{often} {units.plural(often, 'time')}" if often and often != "1" else ""
    length = length.removesuffix(".0")
    often = often or "1"
    many = f"{often}–{most} times" if most and most != often else _TIMES.get(often, f"{often} times")
    if length == "1" and not longest:
        adverb = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}.get(unit)
        return (
            f"{many} {adverb}"
            if adverb
            else ("every hour" if (many, unit) == ("once", "hour") else f"{many} every {unit}")
        )
    if length == "2" and unit == "day" and many == "once" and not longest:
        return "every other day"
    span = f"{length}–{longest}" if longest else length
    each = f"every {span} {units.plural(longest or length, unit)}"
    return each if many == "once" else f"{many} {each}"


def _span(repeat: dict[str, Any], key: str, word: str) -> str:
    figure = values.number(repeat.get(key))
    if figure is None:
        return ""
    most = values.number(repeat.get(f"{key}Max"))
    unit = units.time_word(repeat.get(f"{key}Unit"))
    shown = f"{figure}–{most}" if most else figure
    return f"{word} {shown} {units.plural(most or figure, unit)}" if unit else f"{word} {shown}"


def _bounds(repeat: dict[str, Any]) -> str:
    kind, value = values.choice(repeat, "bounds")
    if kind == "Period":
        shown = values.period(value)
        return f"from {shown}" if shown and not shown.startswith(("since", "until")) else shown
    shown = values.range_(value) if kind == "Range" else values.age(value)
    return f"for {shown}" if shown else ""
