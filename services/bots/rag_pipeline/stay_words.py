"""Stays in hospital as a question names them: by their place in the row, their date, or what they were for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.plan import Anchor, Target
from services.chart.stays import INPATIENT
from services.knowledge.lexicon import Mention
from services.knowledge.time_words import MONTHS

SEASONS = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "fall": (9, 10, 11),
    "winter": (12, 1, 2),
}
ORDINALS = {
    "first": 1, "1st": 1, "initial": 1, "index": 1, "earliest": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "last": -1, "latest": -1, "most recent": -1, "newest": -1, "final": -1, "current": -1, "present": -1, "ongoing": -1, "this": -1,
    "second to last": -2, "second-to-last": -2, "penultimate": -2, "previous": -2, "prior": -2, "preceding": -2, "last but one": -2,
}  # fmt: skip
_ORDINAL = "|".join(sorted(map(re.escape, ORDINALS), key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|2[0-2])\d\d"
_WARD = r"intensive care(?: unit)?|critical care|icu|micu|sicu|ccu|cvicu"
_ED = r"emergency(?: room| department)?|ed|er|a&e"
_NOUN = (
    rf"(?:(?P<icu>(?:{_WARD}) (?:stay|visit|admission|encounter))|(?P<ed>(?:{_ED}) (?:stay|visit|admission|encounter|attendance))"
    r"|(?:hospital|in-?patient)(?:'s)? (?:stay|visit|admission|encounter|episode)|hospitali[sz]ation|admission|stay|(?P<one>one)|(?P<visit>visit)|(?P<out>discharge))(?!s)"
)
_EDGE = r"(?:(?:at |by |on |over |during |from |towards? )?the )?(?P<edge>(?P<day>(?:first|second|third|fourth|fifth|last|final|1st|2nd|3rd) (?:hospital )?day|(?:hospital )?day \d{1,2})|end|close|discharge|finish|start|beginning|outset|(?P<own>first|last|earliest|latest) (?:one|value|measurement|reading|result)) (?:of|from|in|during|on) "
_RELATION = r"(?P<rel>since|after|before|prior to|until|following) "
_STAY = re.compile(
    rf"(?<![\w-])(?:{_EDGE}|{_RELATION})?(?:(?:during|throughout|over|in|on|at|for|of|from|within|while on) )?"
    rf"(?:(?:the|her|his|their|that|(?:the )?(?:patient|pt)'s|patient(?=\s)) )?"
    rf"(?:(?P<nth>{_ORDINAL}) )?(?:(?P<season>{'|'.join(SEASONS)}) )?(?:(?P<month>{_MONTH})\.? )?(?:(?P<year>{_YEAR}) )?(?P<reason>\x02 )?"
    rf"{_NOUN}(?![\w-])(?: (?:in|of|from|during) (?:(?P<month2>{_MONTH}) ?)?(?P<year2>{_YEAR})?(?![\w-]))?",
    re.IGNORECASE,
)
_FOR = re.compile(r" (?:for|with|because of|due to) (?:the |her |his |an? |acute )*$", re.IGNORECASE)


def find_stays(text: str, mentions: Sequence[Mention]) -> tuple[list[Anchor], list[tuple[int, int]]]:
    """The stays of a question and where it names them.

    Only what tells one stay from another counts: an ordinal, "this", a date, a season, or its reason. "The admission"
    alone is read elsewhere.
    """
    found: list[Anchor] = []
    spans: list[tuple[int, int]] = []
    marked, shift = _marked(text, mentions)
    hospital = re.search(r"\bhospital|\binpatient|\bstay(?:ed)?\b", text, re.IGNORECASE)
    for match in _STAY.finditer(marked):
        if re.match(
            r" (?:note|summar|date|orders?|diagnos|weight|labs?|medic|report|list)",
            marked[match.end() :],
            re.IGNORECASE,
        ):
            continue
        if (match["visit"] and not hospital) or (match["one"] and not (found and match["nth"])):
            continue
        # "of" stays with what it belongs to: "duration of", "length of".
        if match["out"] and not match["nth"]:
            continue
        start, end = (
            shift(match.start() + (3 if match[0].lower().startswith("of ") else 0)),
            shift(match.end()),
        )
        reason = mentions_at(mentions, shift(match.start("reason"))) if match["reason"] else None
        tail, told = _reason_after(text, end, mentions)
        years = [y for y in (match["year"], match["year2"]) if y]
        months = [str(m).lower() for m in (match["month"], match["month2"]) if m]
        words = [*months, *years, *([match["season"].lower()] if match["season"] else [])]
        nth = ORDINALS.get((match["nth"] or "").lower(), 0)
        reason = reason or told
        if not (nth or words or reason):
            continue
        classes = ("ICU",) if match["icu"] else ("EMER",) if match["ed"] else INPATIENT
        if match["one"]:
            classes = found[-1].target.classes
        target = Target(
            kinds=("encounter",), classes=classes, words=tuple(words), label=text[start:end].strip(),
            purpose=(reason.concept,) if reason else (),
        )  # fmt: skip
        edge = (match["edge"] or "").lower()
        if match["day"]:
            number = re.search(r"\d+", edge) if edge.startswith(("day", "hospital")) else None
            place = int(number[0]) if number else ORDINALS.get(edge.split()[0], 1)
            edge = f"day {place}"
        elif (
            not nth
            and re.match(r"(?:up)?on |at ", match[0], re.IGNORECASE)
            and match[0].lower().split()[1] == "admission"
        ):
            edge = "start"
        else:
            edge = (
                "end"
                if re.match(r"end|close|discharge|finish|last|latest", edge)
                else "start"
                if edge
                else ""
            )
        relation = {"prior to": "before", "following": "after"}.get(
            (match["rel"] or "").lower(), (match["rel"] or "during").lower()
        )
        moment = "end" if relation in ("since", "after") else "start"
        edge = "end" if match["out"] else edge
        end = tail if told else end
        found.append(
            Anchor(
                relation,
                target,
                moment,
                "earliest" if nth == 1 else "latest",
                text[start:end],
                nth,
                edge=edge,
            )
        )
        spans.append((start, end))
    found, spans = _elliptical(text, found, spans)
    return found, spans


def _elliptical(
    text: str, found: list[Anchor], spans: list[tuple[int, int]]
) -> tuple[list[Anchor], list[tuple[int, int]]]:
    """ "… at the last stay than at the first?": the noun is said once."""
    if not found:
        return found, spans
    more = re.compile(
        rf"(?:than|to|with|and|vs\.?|versus) (?P<what>(?:at|on|in|during|of|for) the (?P<nth>{_ORDINAL}))(?= one\b|\W*$)",
        re.IGNORECASE,
    ).search(text, spans[-1][1])
    if more is None:
        return found, spans
    last = found[-1]
    nth = ORDINALS[more["nth"].lower()]
    target = Target(kinds=last.target.kinds, classes=last.target.classes, label=more["what"])
    anchor = Anchor(
        "during", target, "start", "earliest" if nth == 1 else "latest", more["what"], nth, edge=last.edge
    )
    return [*found, anchor], [*spans, more.span("what")]


def mentions_at(mentions: Sequence[Mention], place: int) -> Mention | None:
    return next((m for m in mentions if m.start == place), None)


def _marked(text: str, mentions: Sequence[Mention]):
    """The text with every problem or symptom as one sign, and the way back from its places."""
    parts, back, at = [], [], 0
    for mention in mentions:
        if mention.start < at or not mention.concept.startswith(("problem:", "symptom:", "finding:")):
            continue
        parts.append(text[at : mention.start])
        back += range(at, mention.start)
        parts.append("\x02")
        back.append(mention.start)
        at = mention.end
    parts.append(text[at:])
    back += range(at, len(text) + 1)
    return "".join(parts), lambda place: back[place]


def _reason_after(text: str, end: int, mentions: Sequence[Mention]) -> tuple[int, Mention | None]:
    for mention in mentions:
        if mention.start >= end and mention.concept.startswith(("problem:", "symptom:", "finding:")):
            return (mention.end, mention) if _FOR.fullmatch(text[end : mention.start]) else (end, None)
    return end, None
