"""Events told by their whole name: "after undergoing Continuous invasive mechanical ventilation …", "since having been diagnosed with …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.plan import Anchor, Target
from services.index.features import stems
from services.knowledge.lexicon import Mention

_RELATIONS = {"on the day of": "at", "on the date of": "at", "after": "after", "following": "after", "since": "since", "before": "before", "until": "until"}
_KINDS = {"diagnos": ("condition",), "prescri": ("medication",), "given": ("medication",), "tak": ("medication",)}
_EVENT = re.compile(
    r"(?P<same>\bin the same (?:month|stay) )?\b(?P<rel>on the day of|on the date of|after|following|since|before|until) "
    r"(?P<verb>(?:having |being )?(?:been )?(?:diagnosed with|diagnosis of|prescribed|given|receiv(?:ing|ed)|undergo(?:ing|ne)|underwent|getting|got|taking))"
    r" (?:the |an? )?(?P<name>[^?;]{3,120}?)"
    r"(?= (?:since|until|till|during|in|on|within|for the) (?:the |her |his |their |this )?(?:\d|(?:19|2[0-2])\d\d|first|last|latest|current|previous|second|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|same|hospital)|\W*$)",
    re.IGNORECASE,
)
_DROPPED = frozenset(stems("the a an of for and or with in on to by first last time"))


def find_named(text: str, mentions: Sequence[Mention]) -> tuple[list[Anchor], list[tuple[int, int]]]:
    """The events told by name, and their spans. One whose name is a concept's and no more is left to the concepts."""
    anchors: list[Anchor] = []
    spans: list[tuple[int, int]] = []
    for found in _EVENT.finditer(text):
        name = found["name"]
        start, end = found.span("name")
        inside = [m for m in mentions if start <= m.start and m.end <= end]
        named = tuple(s for s in stems(name.replace("-", " ").replace("/", " ")) if s not in _DROPPED)
        same = (found["same"] or "").split()
        if not named or (not same and inside and _covers(name, start, inside)):
            continue
        verb = found["verb"].lower()
        kinds = next((kinds for head, kinds in _KINDS.items() if head in verb), ("procedure", "report"))
        target = Target(tuple(dict.fromkeys(m.concept for m in inside))[:1], kinds, label=name)
        anchors.append(
            Anchor(_RELATIONS[found["rel"].lower()], target, pick="latest" if kinds[0] == "procedure" else "earliest", text=found[0], named=named, same=same[-1] if same else "")
        )
        spans.append(found.span())
    return anchors, spans


def _covers(name: str, start: int, mentions: Sequence[Mention]) -> bool:
    rest = list(name)
    for mention in mentions:
        rest[mention.start - start : mention.end - start] = " " * (mention.end - mention.start)
    return not [s for s in stems("".join(rest)) if s not in _DROPPED]

