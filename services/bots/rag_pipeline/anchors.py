"""Events that a question reckons from, and the days that they stand for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from services.bots.rag_pipeline.cues import NUMBERS
from services.bots.rag_pipeline.named_events import find_named
from services.bots.rag_pipeline.plan import Anchor, Target
from services.knowledge.lexicon import Mention
from services.knowledge.periods import find_period

_RELATIONS = {
    "prior to": "before", "before": "before", "preceding": "before", "leading up to": "before", "pre": "before",
    "after": "after", "following": "after", "post": "after", "since": "since", "from": "since",
    "until": "until", "till": "until", "up to": "until", "during": "during", "throughout": "during", "while": "during", "when": "at-start", "whilst": "during", "between": "since", "with": "during",
    "on the day of": "at", "on the day that": "at", "on the day when": "at", "on the day": "at", "the day of": "at", "on the date of": "at", "at the time of": "at",
    "at": "during", "on": "during", "in": "during", "around": "during", "for": "during",
}  # fmt: skip
_REL = "|".join(sorted(map(re.escape, _RELATIONS), key=len, reverse=True))
_FILL = (
    r"(?:(?:the|her|his|their|this|that|a|an|she|he|they|patient|pt|was|were|we|being|been|got|had|has|having|most|recent|recently|last|latest"
    r"|first|initial|previous|prior|current|hospital|time|of|to|on|with|use|course|taking|put|placed|new|chronic|acute|severe|mild|moderate|recurrent|primary|secondary|essential|left|right|bilateral)\s+)*"
)
_START = r"(?:(?:start(?:ed|ing)?(?: of)?|begin(?:ning)?|began|begun|initiat(?:ion|ing|ed)(?: of)?|commenc(?:ing|ed|ement)(?: of)?|adding|addition of|added|introduc(?:ing|tion of)|prescribing|going on|went on|diagnosis(?: of)?|diagnosed(?: with)?|onset(?: of)?|getting|receiving|undergoing)\s+)"
_STOP = r"(?:(?:stopp?(?:ed|ing)?|discontinu(?:ing|ation|ed)(?: of)?|coming off|came off|cessation of|ending|end of|resolution of)\s+)"
_CHANGE = r"(?:(?:increas(?:e|es|ing)|rais(?:e|ing)|reduc(?:tion|ing)|decreas(?:e|ing)|lowering|chang(?:e|ing)|doubling|halving|up-?titrat(?:ion|ing)|titrat(?:ion|ing)|adjust(?:ment|ing))(?: of| in| to)?(?: the)?(?: dose of| dose for)?\s+)"
_LEAD = re.compile(
    rf"(?<![\w-])(?P<rel>{_REL})\s+{_FILL}(?:(?P<start>{_START})|(?P<stop>{_STOP})|(?P<change>{_CHANGE}))?{_FILL}$", re.IGNORECASE
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
# Events that have no concept of their own: the visit, the admission, the discharge, the operation.
_EVENT = re.compile(
    rf"(?<![\w-])(?P<rel>{_REL})\s+(?:the|her|his|their|this|that|a|an|patient's)?\s*"
    r"(?P<which>(?:most recent|last|latest|first|previous|prior|initial|index|recent|current)\s+)?"
    rf"(?P<month>{_MONTH}\s+)?(?P<year>(?:19|2[0-2])\d\d\s+)?(?:hospital\s+)?"
    r"(?P<what>discharged?|(?:being )?admi(?:ssion|tted)|hospitali[sz]ation|hospital stay|hospital|inpatient stay|stay|(?:ed|er|emergency(?: department| room)?) visit"
    r"|(?:the )?(?:ed|er|emergency (?:department|room))|(?:clinic |office |follow[- ]?up )?visit|follow[- ]?up|appointment|encounter|surgery|operation|procedure|blood draw|draw|leaving (?:the )?hospital|(?:(?:he|she|they) )?left (?:the )?hospital|(?:he|she|they) (?:came in|were brought in|was brought in|presented|arrived)(?! (?:with|for|to)\b)|(?:he|she|they) (?:was|were) (?:admitted|discharged|in (?:the )?hospital|an inpatient|hospitali[sz]ed)|going home|admitted|an inpatient|inpatient|labs?(?: draw)?|check-?up|diagnosis|presentation|arrival)(?![\w-])(?! (?:of|with) \w)(?! summar)",
    re.IGNORECASE,
)
_CLASSES = {
    "discharg": ("IMP", "ACUTE", "NONAC"), "admi": ("IMP", "ACUTE", "NONAC"), "being": ("IMP", "ACUTE", "NONAC"),
    "hospital": ("IMP", "ACUTE", "NONAC"), "stay": ("IMP", "ACUTE", "NONAC"), "inpatient": ("IMP", "ACUTE", "NONAC"), "ed": ("EMER",), "er": ("EMER",), "emerg": ("EMER",),
}  # fmt: skip
_KINDS = {"drug": ("medication",), "drugclass": ("medication",), "problem": ("condition",), "procedure": ("procedure", "report"),
          "vaccine": ("immunization",), "symptom": ("condition",), "encounter": ("encounter",)}  # fmt: skip
_BEFORE_AFTER = re.compile(
    r"\b(?:before|pre|prior to)\b.{0,60}?\b(?:after(?:wards?)?|post|following|since)\b", re.IGNORECASE
)


_VISITS = re.compile(
    r"\b(?:over|across|at|on|in|from|for|during|throughout) (?:the |her |his |their )?(?:last|past|previous|most recent|recent|latest)"
    rf" (?P<n>\d{{1,2}}|{'|'.join(w for w, n in NUMBERS.items() if n > 1)}) (?:clinic |office |outpatient |gp )?(?:visits|appointments|check-?ups|encounters)\b",
    re.IGNORECASE,
)
_TRAIL = re.compile(
    r"\s+(?:(?:was|were|had been|got|has been|being)\s+)?(?:(?P<stop>stopped|discontinued|ceased|withdrawn|taken off)|(?P<start>started|begun|added|initiated|commenced|introduced|prescribed)|(?P<change>(?:dose |dosage )?(?:was |had been )?(?:increased?|raised|reduced|lowered|decreased?|changed?|doubled|halved|up-?titrated|adjusted|adjustment|reduction)))\b",
    re.IGNORECASE,
)


_FIRST = re.compile(r"\b(?:first|initial|earliest)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|latest|most recent)\b(?! (?:started|time))", re.IGNORECASE)
_FOUND = re.compile(
    r" (?:was|got|were) (?:first )?(?:found|diagnosed|discovered|detected|picked up|noted)\b", re.IGNORECASE
)


_DATED = re.compile(r" (?:of|on|in|from|dated|(?:was |were )?(?:done|performed|placed|given|started|begun|diagnosed) (?:on|in)) (?=\S)", re.IGNORECASE)


def with_their_days(text: str, anchors: Sequence[Anchor], as_of: dt.date) -> tuple[list[Anchor], list[tuple[int, int]]]:
    """The anchors with the day that tells which event is meant, and where it stands: "after the thoracentesis of 26 May 2171".

    That day bounds nothing else. A visit or a stay tells its day in its own way (see `stay_words`); an attack of what is
    listed once has no entry of that day.
    """
    found, spans = [], []
    for anchor in anchors:
        at = text.find(anchor.text)
        end = at + len(anchor.text)
        lead = _DATED.match(text, end) if at >= 0 and anchor.relation in ("after", "since", "before", "until", "both") else None
        told: tuple[dt.date | None, dt.date | None] = (None, None)
        if lead and anchor.target.kinds[0] in ("procedure", "medication", "immunization"):
            rest = f"in {text[lead.end() :]}"
            _, places = find_period(rest, as_of)
            if first := next((b for a, b in sorted(places) if a <= 3), 0):
                told = find_period(rest[:first], as_of)[0]
                spans += [(end, lead.end() + first - 3)] if all(told) else []
        found.append(dataclasses.replace(anchor, dated=told) if all(told) else anchor)
    return found, spans


def find_anchors(
    text: str, mentions: Sequence[Mention], taken: Sequence[tuple[int, int]] = ()
) -> tuple[list[Anchor], list[tuple[int, int]]]:
    """The anchors of a question and the spans that they take (a mention used as an anchor is no target).

    `taken`: what is read as something else already.
    """
    anchors: list[Anchor] = []
    spans: list[tuple[int, int]] = []
    if several := _VISITS.search(text):
        count = int(several["n"]) if several["n"].isdigit() else NUMBERS[several["n"].lower()]
        anchors.append(Anchor("since", Target(kinds=("encounter",)), text=several[0], visits=count))
        spans.append(several.span())
    named, told = find_named(text, mentions)
    anchors += named
    spans += told
    both = _BEFORE_AFTER.search(text)
    for match in _EVENT.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in (*spans, *taken)):
            continue
        what = match["what"].lower()
        what = re.sub(r"^(?:(?:he|she|they) (?:was|were) )", "", what)
        if re.search(r"came in|brought in|presented|arrived", what):
            what = "arrival"
        elif re.search(r"leaving|left|going home", what):
            what = "discharge"
        elif re.search(r"inpatient|in (?:the )?hospital", what):
            what = "hospital"
        relation = _RELATIONS[match["rel"].lower()]
        if match["rel"].lower() == "for" or (match["rel"].lower() == "when" and not match.start()):
            continue
        classes = next((c for stem, c in _CLASSES.items() if what.startswith(stem)), ())
        if what in ("presentation", "arrival"):
            classes = ("EMER", "IMP", "ACUTE", "NONAC")
        if what.startswith("check"):
            classes = ("CHECKUP",)
        kinds = ("procedure",) if what in ("surgery", "operation", "procedure") else ("encounter",)
        if what == "diagnosis":
            kinds = ("condition",)
        if "draw" in what or "lab" in what:
            kinds = ("result",)
        over = re.match(r" (?:was )?(?:ended|over|finished)\b", text[match.end() :], re.IGNORECASE)
        moment = "end" if over or what.startswith("discharg") else "start"
        pick = (
            "earliest"
            if (match["which"] or "").strip().lower() in ("first", "initial", "index")
            else "latest"
        )
        if (match["which"] or "").strip().lower() in ("previous", "prior"):
            pick = "previous"
        words = tuple(w.strip().lower() for w in (match["month"], match["year"]) if w)
        point = match["rel"].lower() in ("at", "on") and what.startswith(
            ("admi", "being", "presentation", "arrival", "discharg")
        )
        if point:
            relation = "at-end" if moment == "end" else "at-start"
        target = Target(
            kinds=kinds, classes=classes, words=words, label=match[0][match.start("what") - match.start() :]
        )
        anchors.append(Anchor("both" if both else relation, target, moment, pick, match[0]))
        spans.append(match.span())
    for mention in mentions:
        kind = mention.concept.partition(":")[0]
        if kind not in _KINDS or any(a < mention.end and mention.start < b for a, b in (*spans, *taken)):
            continue
        lead = _LEAD.search(text[: mention.start])
        if lead is None:
            continue
        rel = lead["rel"].lower()
        found_then = kind == "problem" and _FOUND.match(text, mention.end)
        begun = kind in ("drug", "drugclass") and _TRAIL.match(text, mention.end)
        if rel == "when" and (not lead.start() or not (kind == "encounter" or found_then or begun)):
            continue
        events = lead["start"] or lead["stop"] or lead["change"]
        # "on metformin", "in diabetes", "for pain" are no events unless the words say so.
        if (
            rel in ("on", "in", "at", "for", "from", "around", "while", "during")
            and not events
            and kind not in ("procedure", "encounter")
        ):
            continue
        if rel == "with" and kind in ("drug", "drugclass", "procedure") and not events:
            continue
        if (
            lead["start"]
            and re.search(r"diagnos|onset", lead["start"], re.IGNORECASE)
            and re.search(r"\b(?:how old|age)\b", text, re.IGNORECASE)
        ):
            continue  # "age at diagnosis of breast cancer" asks of the cancer
        if rel in ("in", "on", "for", "from", "at") and not events:
            continue
        if kind == "encounter" and mention.concept == "encounter:discharge":
            target = Target(kinds=("encounter",), classes=("IMP", "ACUTE", "NONAC"), label=mention.surface)
            anchors.append(Anchor(_RELATIONS[rel], target, "end", "latest", text[lead.start() : mention.end]))
        else:
            target = Target((mention.concept,), _KINDS[kind], label=mention.surface)
            trail = _TRAIL.match(text, mention.end)
            moment = "end" if lead["stop"] or (trail and trail["stop"]) else "start"
            if kind in ("drug", "drugclass") and (lead["change"] or (trail and trail["change"])):
                moment = "change"
            relation = "both" if both else "at" if rel == "when" else _RELATIONS[rel]
            anchors.append(
                Anchor(
                    relation,
                    target,
                    moment,
                    "earliest" if (kind in ("drug", "drugclass", "problem") and not _LAST.search(lead[0])) or _FIRST.search(lead[0]) else "latest",
                    text[lead.start() : mention.end],
                )
            )
        tail = _TRAIL.match(text, mention.end)
        spans.append((both.start() if both else lead.start(), tail.end() if tail else mention.end))
    return anchors, spans
