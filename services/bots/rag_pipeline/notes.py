"""What notes and reports say in words: sentences found by concept or by the question's own words, quoted."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Statement, absent, on, truth, words
from services.bots.rag_pipeline.family_history import relatives_in, unrelated
from services.bots.rag_pipeline.note_figures import figure_told
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import Quote, bounds, quoted, text_of, trimmed
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import family
from services.index.features import stems
from services.knowledge.assertion import assess
from services.knowledge.lexicon import lexicon

MOST = 4


@functools.lru_cache(maxsize=512)
def _names(concept: str) -> re.Pattern[str] | None:
    """Any name of the concept or of a narrower one: a quick look before the careful one."""
    known = lexicon()
    terms: set[str] = set()
    for member in family(concept):
        if member in known:
            found = known.get(member)
            terms.update((found.name, *found.synonyms, *found.abbreviations))
    heads = sorted({re.escape(t.split()[0][:5].lower()) for t in terms if t})
    return re.compile(rf"(?<![a-z])(?:{'|'.join(heads)})", re.IGNORECASE) if heads else None


def by_concept(chart: Chart, plan: Plan, concepts: Sequence[str]) -> list[Quote]:
    """Sentences that speak of the patient's own: newest document first."""
    (since, until), _, _ = window(chart, plan)
    patterns = [p for c in concepts if (p := _names(c))]
    wanted = {c for concept in concepts for c in family(concept)}
    found: list[Quote] = []
    for entry in reversed(chart.entries("document", "report")):
        if not entry.within(since, until) or entry.status in ("superseded",):
            continue
        text = text_of(chart, entry)
        if not text or not any(p.search(text) for p in patterns):
            continue
        key = "_mentions"
        if key not in entry.extra:
            mentions = lexicon().find(text, query=False)
            entry.extra[key] = list(zip(mentions, assess(text, mentions), strict=True))
        for mention, assertion in entry.extra[key]:
            if mention.concept not in wanted:
                continue
            if assertion.polarity == "absent" and mention.concept not in concepts:
                continue  # "no pneumonia" denies no other infection
            if assertion.polarity == "absent" and _NOTHING_NEW.search(text[: mention.start]) and not _NEW.search(plan.question.text):
                continue  # "denies new weakness" says nothing of the old one
            span = next(
                ((a, b) for a, b in bounds(entry) if a <= mention.start < b), (mention.start, mention.end)
            )
            asked = assertion.polarity == "present" and text[mention.end : mention.end + 1] == "?"
            quote = trimmed(entry, text, span, "possible" if asked else assertion.polarity)
            if quote and not any(q.span == quote.span and q.entry is entry for q in found):
                found.append(quote)
    return found


_SENT = re.compile(r"\b(?:refer\w*|order\w*|book\w*|schedul\w*|request\w*|arrang\w*|sent to|consult\w*|plan\w*)\b", re.IGNORECASE)
_NEW = re.compile(r"\b(?:new|worsen\w*|worse|further|additional|recurrent|again|another)\b", re.IGNORECASE)
_NOTHING_NEW = re.compile(r"\b(?:new|worsening|worsened|further|additional|recurrent) (?:or \w+ )?$", re.IGNORECASE)


def by_words(chart: Chart, plan: Plan, wanted: Sequence[str]) -> list[Quote]:
    """Sentences that hold every content word of the question, within a sentence and the one beside it."""
    (since, until), _, _ = window(chart, plan)
    need = set(wanted)
    if not need:
        return []
    found: list[Quote] = []
    for entry in reversed(chart.entries("document", "report")):
        if not entry.within(since, until) or entry.status == "superseded":
            continue
        text = text_of(chart, entry)
        if not text:
            continue
        if "_stem_sets" not in entry.extra:
            entry.extra["_stem_sets"] = [frozenset(stems(text[a:b])) for a, b in bounds(entry)]
        if not need <= frozenset().union(*entry.extra["_stem_sets"]):
            continue
        for span, held in zip(bounds(entry), entry.extra["_stem_sets"], strict=True):
            if need <= held:
                quote = trimmed(entry, text, span, "present")
                if quote:
                    found.append(quote)
    return found


_GIST = re.compile(
    r"^[ \t]*(?:[A-Z &/-]*(?:HOSPITAL COURSE|ASSESSMENT|IMPRESSION|COURSE|SUMMARY|PLAN|DIAGNOS[EI]S)[A-Z &/-]*)(?::|$)",
    re.MULTILINE | re.IGNORECASE,
)


def gist(chart: Chart, entry: Entry, most: int = 6) -> list[Quote]:
    """The sentences of a note's course or assessment; its first ones where it has no such heading."""
    text = text_of(chart, entry)
    head = _GIST.search(text)
    start = head.end() if head else 0
    found = (
        [trimmed(entry, text, span, "present") for span in bounds(entry) if span[0] >= start]
        if text
        else []
    )
    return [q for q in found if q and len(q.text) > 12][:most]


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """The quoted sentences that answer; None where no note speaks of it."""
    concepts = [c for c in plan.target.concepts if not c.startswith(("document:", "encounter:"))]
    quotes = by_concept(chart, plan, concepts) if concepts else []
    if plan.target.words:
        need = set(plan.target.words)
        if concepts:
            quotes = [q for q in quotes if need <= set(stems(q.text))]
        else:
            quotes = by_words(chart, plan, plan.target.words)
    if len(concepts) > 1 and not _EITHER.search(plan.question.text):  # "the biopsy of the nodule": a document of both
        quotes = [q for q in quotes if all(_speaks_of(q.entry, c) for c in concepts)]
    steps = [f"{len(quotes)} sentences of notes speak of {plan.target.label or 'it'}"]
    about_family = plan.target.kinds[:1] == ("family",)
    own = [q for q in quotes if (q.polarity == "family") == about_family and q.polarity != "hypothetical"]
    if about_family:
        asked = relatives_in(plan.question.text)
        own = [
            Quote(q.entry, q.text, q.span, _of_relatives(q.text, concepts))
            for q in own
            if not asked or asked & relatives_in(q.text)
        ]
    if (
        cues.CONTENT.search(plan.question.text)
        and plan.target.kinds[:1] in (("procedure",), ("report",))
        and plan.ask == "list"
        and not plan.anchors
    ):
        own = [q for q in own if q.entry.kind == "report"]  # that it is to be done is no result
    if plan.target.kinds[:1] == ("order",) and plan.ask == "exists":
        spoken, own = own, [q for q in own if _SENT.search(q.text)]
        if spoken and not own:  # that it is spoken of is no order, and no proof that there is none
            return absent(f"Not recorded as ordered; a note speaks of it: {quoted(spoken[0])}", steps, [spoken[0].source()])
    if not own:
        return None
    positive = [q for q in own if q.polarity == "present"]
    negative = [q for q in own if q.polarity == "absent"]
    past = [q for q in own if q.polarity == "historical"]
    if concepts and (plan.ask == "exists" or (plan.yes_no and plan.ask in ("list", "flag"))):
        latest = own[0]
        if latest.polarity == "absent":
            chosen = [q for q in negative if q.entry is latest.entry][:2] or negative[:1]
            said = f"No, as of {on(latest.entry)[3:] if on(latest.entry).startswith('on ') else on(latest.entry)}: {quoted(chosen[0])}"
            statements = [Statement(said, (chosen[0].source(),))]
            if positive and positive[0].entry is not latest.entry:
                statements.append(
                    Statement(f"Earlier it was recorded: {quoted(positive[0])}", (positive[0].source(),))
                )
            return Answer(statements, truth(False), steps=steps, kind="quoted", certainty=0.8)
        if latest.polarity == "possible":
            return Answer(
                [Statement(f"Not settled: {quoted(latest)}", (latest.source(),))],
                words("possible"),
                steps=steps,
                kind="quoted",
                certainty=0.6,
            )
        if latest.polarity == "historical" and not plan.ever:
            return Answer(
                [Statement(f"In the past: {quoted(latest)}", (latest.source(),))],
                truth(True),
                steps=steps,
                kind="quoted",
                certainty=0.6,
            )
        chosen = (positive or past)[:2]
        if _of_long_ago(chart, plan, chosen[0], concepts):
            told = " ".join(quoted(q) for q in chosen)
            return absent(f"Not in what was written since; last {on(chosen[0].entry)}: {told}", steps, [q.source() for q in chosen])
        return Answer(
            [
                Statement(f"{'Yes: ' if n == 0 else 'Also: '}{quoted(q)}", (q.source(),))
                for n, q in enumerate(chosen)
            ],
            truth(True),
            steps=steps,
            kind="quoted",
            certainty=0.8,
        )
    if plan.ask == "who" and not about_family:
        own = [q for q in own if _PERSON.search(q.text)]
        if not own:
            return None
    if cues.CONTENT.search(plan.question.text) or plan.ask in ("value", "range"):
        own = [q for q in own if not PLANNED.search(q.text)]
        if not own:
            return None
    figure = figure_told(plan, own)
    if figure is not None:
        return figure
    if plan.ask in ("count", "duration", "dose", "age_at", "when", "range") or (
        plan.ask == "value" and concepts
    ):
        return None
    chosen = (own if not plan.pick or plan.pick == "latest" else list(reversed(own)))[:MOST]
    statements = [Statement(quoted(q), (q.source(),)) for q in chosen]
    return Answer(
        statements, words(" ".join(q.text for q in chosen)), steps=steps, kind="quoted", certainty=0.6
    )


_NOW = re.compile(r"^\W*(?:is|are|does|do)\b|\b(?:now|currently|still|today|at present|these days)\b", re.IGNORECASE)
_RECENT = dt.timedelta(days=60)


def _of_long_ago(chart: Chart, plan: Plan, quote: Quote, concepts: Sequence[str]) -> bool:
    """Whether a symptom that is asked about as of now is told by an old note only, and by none of those since."""
    if plan.ever or plan.since or plan.until or plan.anchors or not _NOW.search(plan.question.text):
        return False
    if not all(c.startswith("symptom:") for c in concepts):
        return False
    last = max((e.first for e in chart.entries("document") if e.first and text_of(chart, e).strip()), default=None)
    return bool(last and quote.entry.first and quote.entry.first < last - _RECENT)


def _of_relatives(text: str, concepts: Sequence[str]) -> str:
    """Whether a sentence about relatives says that they had it: "father and brothers without cancer"."""
    plain = unrelated(text)
    wanted = {c for concept in concepts for c in family(concept)}
    mentions = [m for m in lexicon().find(plain, query=False) if m.concept in wanted]
    return "absent" if any(a.polarity == "absent" for a in assess(plain, mentions)) else "present"


_EITHER = re.compile(r"\b(?:and|or|nor)\b|[,/&+]", re.IGNORECASE)


def _speaks_of(entry: Entry, concept: str) -> bool:
    held = entry.own | entry.named | {mention.concept for mention, _ in entry.extra.get("_mentions", ())}
    return bool(held & family(concept))


# What is to be done, or was not, is no result.
PLANNED = re.compile(
    r"\b(?:order(?:ed)?|referr(?:al|ed)|sent|due|deferred|not yet|pending|discuss(?:ed)?|recommend\w*|plan(?:ned)?|schedul\w+|book(?:ed)?|next (?:labs|visit)|recheck|repeat|declin\w+|overdue|never had|to be)\b",
    re.IGNORECASE,
)
# Somebody who did something: a title, a degree, a role, or "by" and a name.
_PERSON = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof)\b\.?|\b(?:md|do|np|pa-?c?|rn|pharmd)\b|\b[Bb]y (?:the )?[A-Z]|\b(?:surgeon|physician|nurse|cardiologist|oncologist|doctor|pcp|specialist|therapist|\w+ologist|wife|husband|daughter|son|mother|father|sister|brother)\b",
    re.IGNORECASE,
)
