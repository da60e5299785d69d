"""The account of a question: every word of content, number and demand in it has to be met by what was computed.

What leaves one open is not given as an answer. What was found is told beside it, with the words that nothing was made
of: a clinician reads that rather than a statement about something else than was asked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import functools
import re

from services.bots.rag_pipeline import categories
from services.bots.rag_pipeline.answer import Answer, Statement
from services.bots.rag_pipeline.circumstances import strings, unlike
from services.bots.rag_pipeline.demands import unmet
from services.bots.rag_pipeline.plain_words import GENERIC, PASSING, as_typed
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.spans import spans_of, within
from services.bots.rag_pipeline.stay_words import ORDINALS
from services.bots.rag_pipeline.targets import NOT_SUBJECTS
from services.bots.rag_pipeline.units_asked import UNIT_WORDS, asked_for
from services.chart.chart import Chart
from services.index.features import stems
from services.knowledge.lexicon import lexicon
from services.knowledge.periods import find_period
from services.knowledge.spoken import sayings
from services.knowledge.time_words import MONTHS

BESIDE = " What it has beside:"
_SKIPPED = ("advice", "stranger", "cohort", "write", "summary")


def accounted(chart: Chart, plan: Plan, answer: Answer) -> Answer:
    """The answer as it is, or, where something of the question is not met by it, as what the record has beside."""
    if not answer.answered or plan.ask in _SKIPPED:
        return answer
    told = _told(answer)
    missed = [
        *_unread(plan, answer, told),
        *_unmentioned(plan, answer, told),
        *_numbers(plan, told, chart.as_of),
        *unmet(plan, answer),
        *unlike(plan, answer),
    ]
    return unanswered(answer, as_typed(plan.question.text, missed)) if missed else answer


def unanswered(answer: Answer, missed: list[str]) -> Answer:
    """What was found, told as no answer. `missed`: the words of the question that it does not meet."""
    named = ", ".join(f"“{m}”" for m in dict.fromkeys(missed))
    first = Statement(f"Not answered: nothing in the record could be matched to {named}.{BESIDE}")
    return dataclasses.replace(
        answer,
        statements=[first, *answer.statements],
        result=None,
        answered=False,
        kind="absent",
        steps=[*answer.steps, f"not accounted for: {named}"],
    )


def _told(answer: Answer) -> str:
    """All words of what is said and of the entries that it rests on."""
    parts = [s.text for s in answer.statements]
    for statement in answer.statements:
        for source in statement.sources:
            parts += [source.text, source.entry.name, source.entry.about]
            parts += strings(source.entry.resource)
    return " ".join(parts)


@functools.cache
def _passing() -> frozenset[str]:
    return frozenset(s for word in PASSING for s in (*stems(word), word))


def _unread(plan: Plan, answer: Answer, told: str) -> list[str]:
    """Stems of words of content that no part of the plan took up, and that what was found doesn't speak of."""
    units = _UNITS | (UNIT_WORDS if asked_for(plan.question.text) else frozenset())
    loose = [w for w in plan.target.loose if w not in _passing() and w not in units and not _met(w, plan)]
    if not loose:
        return []
    said = set(stems(told)) | _names(plan, answer)
    said |= {long for long, short in _ROUTES if said & short}
    if plan.ask == "exists" and plan.target.kinds[:1] in (("report",), ("procedure",)) and answer.kind == "computed":
        # "Anything drainable on the CT": that there was a CT, whose report speaks of it, is no yes.
        said = _names(plan, answer) | {s for st in answer.statements for source in st.sources for s in stems(source.entry.name)}
    missed = [w for w in loose if w not in said and not _slip(w, said)]
    if (answer.result or {}).get("value") is True and len(missed) == 1 and _either(missed[0], plan.question.text):
        answer.statements.append(Statement(f"Nothing is recorded that could be matched to “{as_typed(plan.question.text, missed)[0]}”."))
        return []
    return missed


def _either(word: str, text: str) -> bool:
    """Whether the word is one of two of which one was found: "retinopathy or neuropathy"."""
    start = re.escape(word[:-1] if len(word) > 4 else word)  # a stem may end unlike its word: "retinopathi"
    return bool(re.search(rf"\b{start}\w* or \w|\bor (?:an? |any )?{start}", text, re.IGNORECASE))


_UNITS = frozenset("mg dl ml kg cm mm mmol umol mcg ug ng pg l iu meq percent mmhg lb lbs g u hr min".split())  # noqa: SIM905


_ROUTES = (("intraven", {"iv"}), ("oral", {"po", "mouth"}), ("subcutan", {"sc", "sq", "subq", "skin"}), ("intramuscular", {"im"}))
_CHANGE = frozenset(["lose", "lost", "loss", "gain", "gained", "grow", "grew", "grown", "rise", "rose", "fell", "fall", "drop", "shed", "climb"])


def _met(word: str, plan: Plan) -> bool:
    """Whether the word is an order or a superlative that the plan has by another name."""
    if plan.ask in ("compare", "trend") and word in _CHANGE:
        return True
    return bool((plan.nth and ORDINALS.get(word) == plan.nth) or (plan.pick and word.endswith("est")))


def _names(plan: Plan, answer: Answer) -> set[str]:
    """The stems of every name of what is asked about and of what was found: "forced expiratory volume in one second"."""
    known = lexicon()
    concepts = {c for t in (plan.target, *plan.others) for c in (*t.concepts, *t.purpose)}
    for statement in answer.statements:
        for source in statement.sources:
            concepts |= source.entry.own
    return {s for c in concepts for b in known.closure(c) for s in _sayings().get(b, ())}


@functools.cache
def _sayings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for concept, words in sayings():
        found.setdefault(concept, set()).update((*stems(words), words.lower()))
    return {c: frozenset(s) for c, s in found.items()}


def load() -> None:
    """What the first account would wait for."""
    _sayings()


def _slip(word: str, said: set[str]) -> bool:
    """Whether it is an inflection or a slip of the pen of a word that was understood."""
    if len(word) < 5:
        return False
    shared = max(5, round(0.7 * len(word)))
    if any(len(s) >= 5 and s[:shared] == word[:shared] for s in said):
        return True
    return bool(difflib.get_close_matches(word, [*said, *MONTHS, *GENERIC], 1, 0.84))


_KINDS = ("lab", "vital", "drug", "drugclass", "problem", "procedure", "vaccine", "device", "organism")


def _unmentioned(plan: Plan, answer: Answer, told: str) -> list[str]:
    """Names of things in the question that are neither what was looked for nor near what was found."""
    known = lexicon()
    text = plan.question.text
    named = [
        m
        for m in known.find(text, query=True)
        if m.concept.partition(":")[0] in _KINDS and m.concept not in NOT_SUBJECTS and not _plain(m.surface)
    ]
    if len(named) < (1 if answer.kind == "quoted" else 2):
        return []
    quoted = answer.kind == "quoted"
    sought = {m.concept for m in known.find(told, query=False)} if quoted else set()
    if not quoted:  # what was computed was looked for; a sentence of a note may speak of one thing only
        sought = {c for t in _targets(plan) for c in (*t.concepts, *t.purpose)}
    for statement in answer.statements:
        for source in statement.sources:
            sought |= source.entry.own | source.entry.named
    near = {b for c in sought for b in (*known.closure(c), *known.related(c))} | sought
    said = set(stems(told)) | (set() if quoted else _names(plan, answer))
    return [
        m.surface
        for m in named
        if m.concept not in near
        and not near & set(known.closure(m.concept))
        and not near & set(known.related(m.concept))
        and not set(stems(m.surface)) <= said
    ]


def _plain(surface: str) -> bool:
    """Whether the words are those of any question: "operation", "check-up", "allergic", "vs"."""
    told = re.findall(r"\w+", surface.lower())
    return (
        all(w in GENERIC or w in categories.spoken() for w in told) or "allergic" in told or len(surface) < 3
    )


def _targets(plan: Plan) -> list[Target]:
    """All that the plan looks for or reckons from."""
    anchors = [*plan.anchors, *filter(None, (plan.stay, *(m.anchor for m in plan.moments)))]
    return [plan.target, *plan.others, *filter(None, (plan.second,)), *(a.target for a in anchors)]


_NUMBER = re.compile(
    r"(?:(?<![\w./:,-])|(?<=\s-))(?P<n>\d++(?:\.\d++)?)(?!-\d{3})(?=[-/–]?\d*(?:st|nd|rd|th|[^\w]|$|[a-zµ%]))"
)


def _numbers(plan: Plan, told: str, as_of: dt.date) -> list[str]:
    """Numbers of the question that bound, date or count nothing, and are not in what was found."""
    text = plan.question.text
    found = list(_NUMBER.finditer(text))
    if not found:
        return []
    _, dated = find_period(text, as_of)
    taken = [*dated, *spans_of(lexicon().find(text, query=True))]
    used = _used(plan)
    said = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", told.replace(",", ""))}
    aged = bool(plan.since or plan.until) and _AGE.search(text)
    if aged:
        used.add(float(aged["n"]))
    return [
        m["n"]
        for m in found
        if not within(*m.span("n"), taken) and float(m["n"]) not in used and float(m["n"]) not in said
    ]


_AGE = re.compile(r"\b(?:turned|aged?|age of|was) (?P<n>\d{1,3})\b", re.IGNORECASE)
_BOUNDED = ("exists", "count", "when", "list", "flag", "value", "duration", "age_at", "status")


def _used(plan: Plan) -> set[float]:
    numbers: set[float] = {float(plan.count), float(plan.nth), float(plan.hours), float(plan.month)}
    if plan.ask in (*_BOUNDED, "value_on"):
        numbers |= {abs(x) for b in plan.bounds for x in (b.value, b.high) if x is not None}
    days = [plan.since, plan.until, *(d for m in plan.moments for d in (m.since, m.until))]
    numbers |= {float(x) for d in days if d for x in (d.year, d.month, d.day)}
    anchors = [*plan.anchors, *filter(None, (plan.stay, *(m.anchor for m in plan.moments)))]
    for anchor in anchors:
        numbers |= {float(anchor.limit), float(anchor.nth)}
        numbers |= {float(n) for n in re.findall(r"\d+(?:\.\d+)?", anchor.text)}
        numbers |= {float(w) for w in anchor.target.words if w.isdigit()}
    for word in plan.target.words:
        numbers |= {float(n) for n in re.findall(r"\d+", word)}
    return numbers
