"""The ends of a length of time, and what is set in order, each told by a few words: "the discharge", "starting insulin"."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.anchors import find_anchors
from services.bots.rag_pipeline.limits import bounds_apart
from services.bots.rag_pipeline.mentions import mentions_in
from services.bots.rag_pipeline.plain_words import GENERIC
from services.bots.rag_pipeline.plan import Anchor, Target
from services.bots.rag_pipeline.stay_words import find_stays
from services.bots.rag_pipeline.targets import PREFERRED, find_targets
from services.index.features import stems

_YEAR = re.compile(r"(?:19|2[0-2])\d\d")
_FOLLOWING = re.compile(r"\b(?:next|following|subsequent|ensuing) ", re.IGNORECASE)


def end_of(words: str, as_of: dt.date) -> Anchor | None:
    """The event that the words name; None where they name none."""
    if following := _FOLLOWING.search(words):
        plain = end_of(words[: following.start()] + words[following.end() :], as_of)
        return dataclasses.replace(plain, pick="next") if plain else None
    stays, spans = find_stays(f"of {words}", mentions_in(f"of {words}"))
    if stays and (done := [m for m in mentions_in(words) if m.concept.startswith(("procedure:", "drug:", "vaccine:")) and not any(a <= m.start + 3 < b for a, b in spans)]):
        # "The paracentesis of the last stay": the paracentesis, as the stay tells which.
        bare = find_targets(words, words, done[:1], as_of)[0]
        return Anchor("since", dataclasses.replace(bare, words=(), loose=()), "end" if cues.STOPPED.search(words) else "start", "latest" if stays[0].nth < 0 else "earliest", words)
    if stays:
        moment = "end" if re.search(r"\b(?:discharge|end)\b", words, re.IGNORECASE) else "start"
        return dataclasses.replace(stays[0], moment=moment)
    anchors, _ = find_anchors(f"since {words}", mentions_in(f"since {words}"))
    if anchors:
        first = re.search(r"\b(?:first|initial|earliest)\b", words, re.IGNORECASE)
        return dataclasses.replace(anchors[0], pick="earliest") if first else anchors[0]
    mentions = [m for m in mentions_in(words) if m.concept.partition(":")[0] in PREFERRED]
    if not mentions:  # what has no concept, by its words: "the endarterectomy"
        told = [w.lower() for w in re.findall(r"[A-Za-z]{4,}", words) if w.lower() not in GENERIC]
        named = tuple(dict.fromkeys(s for w in told for s in stems(w)))
        first = re.search(r"\b(?:first|initial|earliest)\b", words, re.IGNORECASE)
        return Anchor("since", Target(kinds=("procedure", "condition", "report", "immunization", "encounter")), "start", "earliest" if first else "latest", words, named=named) if named else None
    target, _ = find_targets(words, words, mentions[:1], as_of)
    moment = "end" if cues.STOPPED.search(words) else "start"
    pick = "latest" if re.search(r"\b(?:last|latest|most recent)\b", words, re.IGNORECASE) else "earliest"
    if year := _YEAR.search(words):  # "the 2012 colonoscopy"
        target = dataclasses.replace(target, words=(year[0],), loose=())
    return Anchor("since", target, moment, pick, words, bounds=tuple(bounds_apart(words, mentions)) if target.kinds[:1] == ("result",) else ())
