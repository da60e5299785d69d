"""Times in the words of a question: the moments of a comparison."""

from __future__ import annotations

import datetime as dt
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.plan import Anchor, Moment, Target
from services.bots.rag_pipeline.spans import blank
from services.knowledge.periods import find_period
from services.knowledge.time_words import MONTHS, spelled_out

__all__ = ["ENDS_AT", "find_moments", "spelled_out", "written_out"]

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|2[0-2])\d\d"
# "Between August and October 2025": the year is said once.
_YEAR_ONCE = re.compile(
    rf"\b(?P<from>between|from) (?P<a>{_MONTH})\.? (?P<to>and|to|until|through|till) (?P<b>{_MONTH})\.? (?P<y>{_YEAR})\b",
    re.IGNORECASE,
)
_DAYS_OF_YEAR = re.compile(  # "between May 25 and May 30, 2171", "from 25 to 30 May 2171"
    rf"\b(?P<from>between|from) (?:(?P<ma>{_MONTH})\.? (?P<da>\d{{1,2}})(?:st|nd|rd|th)?|(?P<da2>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<ma2>{_MONTH}))?)"
    rf" (?:and|to|until|through|till) (?:(?P<mb>{_MONTH})\.? )?(?P<db>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<mb2>{_MONTH}))?,? (?P<y>{_YEAR})\b",
    re.IGNORECASE,
)
_TWO_YEARS = re.compile(
    rf"\b(?:over|across|throughout|during|(?<=readings )in|(?<=values )in|(?<=visits )in|(?<=times )in|(?<=\d )in) (?P<a>{_YEAR}) (?:and|&|to|through) (?P<b>{_YEAR})\b",
    re.IGNORECASE,
)
# "In 2020 than eight years earlier".
_EARLIER = re.compile(
    rf"\b(?P<y>{_YEAR})(?P<x>\b.{{0,30}}?\b)(?P<n>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten) years? (?:earlier|before(?: that)?|previously|prior)\b",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"\b(?:(?:in|during|over|throughout|of|from) )?the (?:early |late )?(?P<d>(?:19|2[0-2])\d)0'?s\b",
    re.IGNORECASE,
)
_EDGE_OF_YEAR = re.compile(rf"\b(?:the )?(?P<edge>beginning|start|end) of (?P<y>{_YEAR})\b", re.IGNORECASE)


def _both_days(match: re.Match[str]) -> str:
    last = match["mb"] or match["mb2"] or match["ma"]
    first = match["ma"] or match["ma2"] or last
    if not (first and last):
        return match[0]
    year, since, until = match["y"], match["da"] or match["da2"], match["db"]
    return f"between {first} {since} {year} and {last} {until} {year}"


def written_out(text: str) -> str:
    """Times that lean on each other, each in full."""
    text = _DAYS_OF_YEAR.sub(_both_days, text)
    text = _YEAR_ONCE.sub(lambda m: f"{m['from']} {m['a']} {m['y']} {m['to']} {m['b']} {m['y']}", text)
    text = _EARLIER.sub(
        lambda m: (
            f"{m['y']}{m['x']}in {int(m['y']) - (int(m['n']) if m['n'].isdigit() else cues.NUMBERS[m['n'].lower()])}"
        ),
        text,
    )
    text = _TWO_YEARS.sub(lambda m: f"between {m['a']} and {m['b']}", text)
    text = _DECADE.sub(lambda m: f"between {m['d']}0 and {m['d']}9", text)
    return _EDGE_OF_YEAR.sub(lambda m: f"{m['y']}-{'12-31' if m['edge'].lower() == 'end' else '01-01'}", text)


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
    bare = blank(
        text,
        [
            (at, at + len(a.text))
            for a in anchors
            if (a.nth or a.target.words) and (at := text.find(a.text)) >= 0
        ],
    )
    _, spans = find_period(bare, as_of)
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
                # "Today's first lactate": the first of that day.
                first = re.match(r"(?:'s)? (?:very )?first\b", text[end:], re.IGNORECASE)
                pick = "earliest" if first else ""
                found.append((start + words.find(piece), Moment(since, until, pick=pick)))
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
    named = [at for at, _ in found]
    stays = [(text.find(a.text), text.find(a.text) + len(a.text)) for a in anchors]
    found += [
        (m.start(), Moment(now=True))
        for m in _NOW.finditer(text)
        if m.start() not in named and not any(a <= m.start() < b for a, b in stays)
    ][:1]
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
    r"\b(?:to|until|till|through|and|up to)\s+(?:the\s+)?(?:end of\s+)?(?:(?:19|2[0-2])\d\d|(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b)",
    re.IGNORECASE,
)
