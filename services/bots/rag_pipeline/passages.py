"""What only a note or a report tells, in words of its own: the sentence that meets every word of the question.

Looked for where nothing else answered. A word may be met by the sentence, by the heading, name and other sentences of its
document, or by what the question asks for: "which side" by "left", "how long" by "14 months". A sentence is quoted, never
told in other words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Statement, number, truth, words
from services.bots.rag_pipeline.demands import no_growth
from services.bots.rag_pipeline.family_history import relatives_in
from services.bots.rag_pipeline.leftover import is_generic
from services.bots.rag_pipeline.notes import PLANNED
from services.bots.rag_pipeline.plain_words import GENERIC, PASSING
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import Quote, quoted, text_of, with_first_line
from services.bots.rag_pipeline.spans import within
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import family
from services.index.features import stems
from services.index.text.sections import sections
from services.knowledge.assertion import assess
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.periods import find_period
from services.knowledge.sentences import sentences
from services.knowledge.spoken import spoken
from services.knowledge.terms import TOKEN
from services.knowledge.time_words import MONTHS

_NOT_TOLD = ("medication", "allergy", "immunization", "order", "appointment", "plan", "goal", "encounter")
"""Kinds that are recorded as such: what a note says of one of them in passing is no order, allergy or visit."""
_NUMBER = r"(?<![\w.])-?\d{1,4}+(?:[.,]\d++)?+"
_COUNT = rf"{_NUMBER}|\b(?:{'|'.join(cues.NUMBERS)})"
"""In figures or in a word."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked for besides the words: how a question says it, and what a sentence must hold for it."""

    said: re.Pattern[str]
    met: re.Pattern[str]
    unit: str = ""  # of the number that is the answer; "?" for the one that the sentence names, "" for no number


def _ask(said: str, met: str, unit: str = "") -> _Ask:
    return _Ask(re.compile(said, re.IGNORECASE), re.compile(met, re.IGNORECASE), unit)


_WHY = _ask(r"\bwhy\b|\b(?:set off|caused|triggered|precipitated|brought on|led to)\b|\b(?:trigger|reason|cause) (?:of|for)\b",
            r"\b(?:because|due to|secondary|precipitat\w+|trigger\w*|caus\w+|after|given|lowers|raises|to avoid|interact\w*)\b")  # fmt: skip
_ASKS = (
    _ask(r"\b(?:which|what) side\b|\b(?:left|l) or (?:right|r)\b|\b(?:right|r) or (?:left|l)\b", r"\b(?:left|right|bilateral(?:ly)?|both)\b"),
    _ask(r"\b(?:size|sized|how (?:big|large|wide|thick|deep|long is)|dimensions?|diameter)\b", rf"({_NUMBER})\s?(mm|cm)\b", "?"),
    _ask(r"\b(?:at )?(?:what|which) age\b|\bhow old\b|\bage (?:at|of|when)\b", r"\b(?:at|from|aged?|since|of|age) (?:age )?(\d{1,2})\b(?!\s?(?:mg|kg|%|mm))", "a"),
    _ask(r"\bhow long\b|\bduration\b|\b(?:how many )?(?:minutes|hours|days|weeks|months|years) (?:since|ago|did|had|has|was)\b|\bhow many (?:minutes|hours|days|weeks|months|years)\b",
         rf"({_COUNT})\s?(min(?:ute)?s?|h|hours?|days?|weeks?|months?|years?|yrs?)\b", "?"),
    _ask(r"\bhow (?:severe|bad|tight|serious|advanced)\b|\bseverity\b", r"\b(?:mild|moderate|severe|critical|trivial|trace)\w*\b|\d ?%"),
    _WHY,
    _ask(r"%|\b(?:percent\w*|what share)\b", rf"({_NUMBER})\s?(%)", "?"),
    _ask(r"\b(?:how much|how many|number of|volume|loss|score)\b", rf"({_COUNT})(?:\s?(%|m[lL]|L|cc|points?)\b)?(?![A-Za-z])", "?"),
    _ask(r"\b(?:class|grade|stage)\b", r"\b(?:[iv]{1,3}|[0-4][abc]?)\b"),
)  # fmt: skip
_TIMES = re.compile(r"\b(?:when|(?<!up to )dates? (?:of|for)|what (?:date|day|year|month)|which (?:date|day|year|month)|since when|how often|how many times)\b", re.IGNORECASE)
_PART = re.compile(r"(?<!\d)[,;:.](?!\d)|[,;:(] ?")
_ITEM = re.compile(r"^\W*\d{1,2}[.)] ")
_BOUND = re.compile(r"\b(?:below|above|over|under|(?:less|more|greater|lower|higher) than|at (?:least|most))\s+-?\d", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:how many|count|number of|versus|vs)\b", re.IGNORECASE)
_PLANS = re.compile(r"\b(?:plan\w*|schedul\w*|next|recommend\w*|order\w*|refer\w*|pending|follow.?up|want\w*|declin\w*|refus\w*|repeat\w*|again)\b", re.IGNORECASE)
_UNITS = {"min": "min", "minute": "min", "h": "h", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a", "yr": "a", "ml": "mL", "l": "L"}
_EITHER = re.compile(r"\b[\w-]+,? or (?:in |at |on |by |the |a |an )*[\w-]+", re.IGNORECASE)  # of which one is met
_NO_WHETHER = re.compile(rf"{_EITHER.pattern}|\bstatus\b", re.IGNORECASE)
_WH = re.compile(r"\b(?:what|which|where|who|whose|how|why)\b", re.IGNORECASE)
_IRREGULAR = {
    "bit": "bite", "bitten": "bite", "broke": "break", "broken": "break", "fell": "fall", "fallen": "fall", "woke": "wake", "woken": "wake",
    "drank": "drink", "drunk": "drink", "drove": "drive", "driven": "drive", "ate": "eat", "eaten": "eat", "felt": "feel", "lost": "loss",
    "lose": "loss", "slept": "sleep", "torn": "tear", "tore": "tear", "burnt": "burn", "swollen": "swell", "worn": "wear", "wore": "wear",
    "taught": "teach", "sought": "seek", "stuck": "stick", "hurt": "hurts", "forgot": "forget", "forgotten": "forget", "bled": "bleed",
    "recall": "repeat", "rescope": "repeat", "bleeding": "bleed", "grew": "grow", "grown": "grow", "spoke": "speak", "spoken": "speak", "held": "hold", "kept": "keep",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or name of the question. `soft`: one that carries little of its own, and only chooses among sentences."""

    stems: frozenset[str]
    concepts: frozenset[str] = frozenset()
    soft: bool = False

    def met(self, place: _Place) -> bool:
        return bool(self.stems and self.stems <= place.stems) or bool(self.concepts & place.concepts)


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence or more, as what its words are."""

    stems: frozenset[str]
    concepts: frozenset[str]


def asks_why(text: str) -> bool:
    return bool(_WHY.said.search(text))


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """The best sentence's quote; None where none meets every word, or where the question asks for something recorded."""
    text = plan.question.text
    recorded = plan.target.kinds[:1] and plan.target.kinds[0] in _NOT_TOLD
    measured = plan.target.kinds[:1] == ("result",) and plan.target.concepts
    if _BOUND.search(text):
        return None  # a bound is reckoned with, not quoted
    reckoned = plan.bounds or plan.count or plan.ask in ("count", "compare", "trend") or _COUNTED.search(text)
    if (recorded and not asks_why(text)) or _TIMES.search(text) or (measured and reckoned):
        return None
    asks = _asks_of(text)
    wanted = _wanted(_without(text, asks), chart)
    hard = [w for w in wanted if not w.soft]
    if not hard or len(wanted) + len(asks) < 2:
        return None
    (since, until), steps, held = window(chart, plan)
    if not held:
        return None
    best: tuple[int, Quote] | None = None
    for entry in reversed(chart.entries("document", "report")):
        if entry.status in ("superseded", "entered-in-error") or not entry.within(since, until):
            continue
        for score, quote in _found(chart, entry, wanted, asks, relatives_in(text), bool(_PLANS.search(text))):
            if measured and not _named(quote, plan.target.concepts[0]):
                continue  # a level is told where it is named
            if best is None or score > best[0]:
                best = (score, quote)
    if best is None or no_growth(text, best[1].text):
        return None
    return _told(plan, best[1], asks, wanted, [*steps, "the sentence of the notes that meets every word of the question"])


def _named(quote: Quote, measured: str) -> bool:
    """Whether the sentence names what is measured, as a concept or by a word of its name."""
    here = _place(quote.text)
    return bool(family(measured) & here.concepts or _name_stems(measured) & here.stems)


@functools.cache
def _name_stems(concept: str) -> frozenset[str]:
    known = lexicon()
    terms = (known.get(concept).name, *known.get(concept).synonyms) if concept in known else ()
    return frozenset(s for w in TOKEN.findall(" ".join(terms).lower()) if w not in GENERIC for s in _stems(w))


def _asks_of(text: str) -> list[_Ask]:
    """What is asked for besides the words; of "how many years" not that it asks how many as well."""
    found = [(ask, m.span()) for ask in _ASKS if (m := ask.said.search(text))]
    return [ask for ask, span in found if not any(within(*span, [other]) and other != span for _, other in found)]


def _without(text: str, asks: Sequence[_Ask]) -> str:
    for ask in asks:
        text = ask.said.sub(lambda m: " " * len(m[0]) if "loss" not in m[0].lower() else m[0], text)
    return text


def _wanted(text: str, chart: Chart) -> list[_Word]:
    mentions = spoken().find(text, query=True)
    taken = [(m.start, m.end) for m in mentions]
    _, dated = find_period(text, chart.as_of)
    kin = relatives_in(text)
    choices = [m.span() for m in _EITHER.finditer(text)]
    found = [_Word(frozenset(_stems(m.surface)), frozenset(family(m.concept))) for m in mentions]
    for token in TOKEN.finditer(text):
        word = token.group().lower().removesuffix("'s")
        own = frozenset(_stems(word))
        if not own or within(*token.span(), [*taken, *dated]) or word in MONTHS or word.isdigit() or relatives_in(word) & kin:
            continue
        soft = word in GENERIC or is_generic(word) or bool(own & _passing()) or within(*token.span(), choices)
        found.append(_Word(own, soft=soft))
    return found


@functools.cache
def _passing() -> frozenset[str]:
    return frozenset(s for word in PASSING for s in stems(word))


def _stems(text: str) -> list[str]:
    plain = re.sub(r"(?<=[a-z])-(?=\d)", "", text.lower())  # "Ki-67" is Ki67
    return stems(re.sub(r"[a-z]+", lambda m: _IRREGULAR.get(m[0], m[0]), plain))


def _found(
    chart: Chart, entry: Entry, wanted: Sequence[_Word], asks: Sequence[_Ask], kin: set[str], plans: bool
) -> Iterator[tuple[int, Quote]]:
    """Sentences of a document that meet every hard word, with how many words the sentence itself meets."""
    text = text_of(chart, entry)
    if not text:
        return
    whole, about, places = _places(entry, text)
    hard = [w for w in wanted if not w.soft]
    if not all(w.met(whole) or w.met(about) for w in hard):
        return
    for (start, end), place in places:
        own = [w for w in wanted if w.met(place)]
        firm = [w for w in own if not w.soft]
        rest = [w for w in hard if w not in firm]
        # What the sentence doesn't hold is the document's subject; a sentence that holds little of it is about something else.
        subject = [w for w in rest if w.met(about)]
        again = bool(subject and asks and any("repeat" in w.stems for w in own))  # "Repeat in 10 years", in the report of it
        if (len(subject) < len(rest) and sum(len(w.stems) for w in own) < 2) or not (firm or len(own) > 1 or again) or len(own) + len(subject) + len(asks) < 2:
            continue
        said = " ".join(text[start:end].split())
        if not all(_meets(said, ask, firm or own) for ask in asks) or not _of_whom(said, kin, firm or own):
            continue
        if PLANNED.search(said) and not plans:
            continue
        if said.endswith(":"):
            end = with_first_line(entry, text, end)
            said = " ".join(text[start:end].split())
        yield 3 * len(firm) + len(own), Quote(entry, said, (start, end))


def _of_whom(said: str, kin: set[str], own: Sequence[_Word]) -> bool:
    """Whether the part of the sentence that speaks of it is about whom the question is about."""
    named = relatives_in(said)
    if not named or kin:
        return bool(named & kin) or not kin
    return not any(relatives_in(part) for part in _PART.split(said) if any(w.met(_place(part)) for w in own))


def _meets(said: str, ask: _Ask, own: Sequence[_Word]) -> bool:
    """A number has to stand in the same part of the sentence as a word that is asked about."""
    return bool(_parts(said, ask, own) if ask.unit else ask.met.search(said))


def _parts(said: str, ask: _Ask, own: Sequence[_Word]) -> list[str]:
    said = _ITEM.sub("", said)  # the number of an item is no count
    return [part for part in _PART.split(said) if ask.met.search(part) and any(w.met(_place(part)) for w in own)]


def _place(text: str) -> _Place:
    return _Place(frozenset(_stems(text)), frozenset(m.concept for m in lexicon().find(text, query=False)))


def _places(entry: Entry, text: str) -> tuple[_Place, _Place, list[tuple[tuple[int, int], _Place]]]:
    """The whole document, its name with its headings, and each of its sentences; kept with the entry."""
    if "_places" not in entry.extra:
        mentions = lexicon().find(text, query=False)
        heads = " ".join(s.title or "" for s in sections(text))
        about = f"{entry.name} {entry.about} {heads}"
        named = frozenset(m.concept for m in lexicon().find(about, query=False)) | entry.own
        each = []
        for start, end in sentences(text):
            concepts = frozenset(m.concept for m in mentions if start <= m.start < end)
            each.append(((start, end), _Place(frozenset(_stems(text[start:end])), concepts)))
        whole = _Place(frozenset().union(*(p.stems for _, p in each)), frozenset(m.concept for m in mentions))
        entry.extra["_places"] = (whole, _Place(frozenset(_stems(about)), named), each)
    return entry.extra["_places"]


def _told(plan: Plan, quote: Quote, asks: Sequence[_Ask], wanted: Sequence[_Word], steps: list[str]) -> Answer:
    result, here = words(quote.text), _place(quote.text)
    own = [w for w in wanted if w.met(here)]
    firm = [w for w in own if not w.soft]
    counted = next((ask for ask in asks if ask.unit), None)
    if counted:
        near = " ; ".join(_parts(quote.text, counted, firm or own))
        amounts = {(str(cues.NUMBERS.get(m[1].lower(), m[1])).replace(",", ""), (m[2] if counted.unit == "?" else counted.unit) or "") for m in counted.met.finditer(near) if not _NAME.match(near, m.end(1))}
        if len(amounts) == 1:
            ((amount, unit),) = amounts
            result = number(float(amount), _UNITS.get(unit.lower().rstrip("s"), unit) or None)
    said = quoted(quote)
    asked = plan.question.text.strip()
    if not asks and not _NO_WHETHER.search(asked) and (plan.yes_no or (asked.endswith("?") and not _WH.search(asked))):
        polarity = _as_a_test(asked, quote.text) or _polarity(quote, firm or own)
        if _SIDE.search(asked) and not any(all(w.met(_place(part)) for w in firm) for part in _PART.split(quote.text)):
            polarity = "unsure"  # "right breast only, left mastectomy" puts no operation on the right
        if polarity == "absent" and plan.ever and not _ALWAYS.search(quote.text):
            polarity = "unsure"  # that it is not so now says nothing of whether it ever was
        if polarity == "absent":
            result, said = truth(False), f"No: {said}"
        elif polarity == "present":
            result, said = truth(True), f"Yes: {said}"
    return Answer([Statement(said, (quote.source(),))], result, steps=steps, kind="quoted", certainty=0.5)


_NAME = re.compile(r"-(?!year|month|week|day|point|item)[a-z]{3,}", re.IGNORECASE)  # "21-gene"
_ALWAYS = re.compile(r"\b(?:ever|never|always|for (?:\w+ )?years|lifelong|no (?:prior|previous|history|past))\b", re.IGNORECASE)
_POSITIVE = re.compile(r"\b(?:positive|reactive|abnormal|elevated|detected|detectable|present)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:negative|non-?reactive|not (?:reactive|detected|detectable|seen|present)|undetect\w+|normal|absent|unremarkable)\b", re.IGNORECASE)


def _as_a_test(asked: str, said: str) -> str:
    """Asked whether a test is positive or negative, by what the sentence calls it; "" where it says neither or both."""
    positive, negative = bool(_POSITIVE.search(_NEGATIVE.sub(" ", asked))), bool(_NEGATIVE.search(asked))
    told = (bool(_POSITIVE.search(_NEGATIVE.sub(" ", said))), bool(_NEGATIVE.search(said)))
    if positive == negative or told[0] == told[1]:
        return ""
    return "present" if (positive and told[0]) or (negative and told[1]) else "absent"


def _polarity(quote: Quote, hard: Sequence[_Word]) -> str:
    """What the sentence says of the question's words: of the one that it negates, if it negates any."""
    held = {s for w in hard for s in w.stems}
    places = [
        Mention("", m.start(), m.end(), m.group()) for m in TOKEN.finditer(quote.text) if set(_stems(m.group())) & held
    ] or [
        m for m in lexicon().find(quote.text, query=False) if any(m.concept in w.concepts for w in hard)
    ]  # fmt: skip
    said = {a.polarity for a in assess(quote.text, places)}
    return "absent" if "absent" in said else "present" if said == {"present"} else "unsure"

