"""What a note says as a whole, in one of its sections, or in its plan of one thing: quoted, never told in other words."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, number, on, words
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.quotes import Quote, bounds, quoted, text_of
from services.bots.rag_pipeline.selecting import documents
from services.bots.rag_pipeline.windows import entry_end, window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import family
from services.index.features import stems
from services.index.text.sections import sections
from services.knowledge.lexicon import lexicon
from services.knowledge.sentences import sentences

_NOTE = r"(?:note|letter|discharge summary|consult(?:ation)?(?: note| letter)?|document|write-?up|h&p)s?"
_SAYS = re.compile(
    rf"^\W*what (?:does|did|do) (?:the |her |his )?[\w' -]*\b{_NOTE} (?:of [\w ]+ )?(?:say|state|read|contain|conclude)\W*$"
    rf"|^\W*what (?:is|was) (?:written|said|in) (?:in )?(?:the |her |his )?[\w' -]*\b{_NOTE}\W*$"
    rf"|^\W*(?:show|read|give)(?: me)? (?:the )?(?:text|content)s? of (?:the |her |his )?[\w' -]*\b{_NOTE}\W*$",
    re.IGNORECASE,
)
_SECTIONS = {
    "plan": r"(?:assessment (?:and|&) )?plan|recommendations?|a/?p",
    "assessment": r"assessment(?: (?:and|&) plan)?|impression|a/?p",
    "impression": r"impression|assessment(?: (?:and|&) plan)?",
    "subjective": r"subjective|history of present illness|hpi",
    "objective": r"objective|physical exam(?:ination)?|exam",
    "history of present illness": r"history of present illness|hpi|subjective",
    "hpi": r"history of present illness|hpi|subjective",
    "physical exam": r"(?:physical )?exam(?:ination)?|objective",
    "review of systems": r"review of systems|ros",
    "recommendations": r"recommendations?|(?:assessment (?:and|&) )?plan",
    "hospital course": r"hospital course|course in (?:the )?hospital",
    "chief complaint": r"chief complaint|reason for visit",
}
_SECTION = re.compile(
    rf"^\W*(?:what (?:is|was|were|are) |show (?:me )?|give (?:me )?|read (?:me )?)?(?:the )?(?P<s>{'|'.join(sorted(_SECTIONS, key=len, reverse=True))})s?"
    rf" (?:section )?(?:from|of|in|on|at|per) (?:the |her |his )?[\w' -]*\b{_NOTE}(?: of [\w ,-]+)?\W*$",
    re.IGNORECASE,
)
_PLAN_OF = re.compile(
    r"^\W*what(?: is| was|'s) (?:the |her |his )?(?:current |latest |treatment |management |care )*plan (?:for|regarding|about|with) (?:the |her |his )?[\w' ./%-]{1,60}\W*$",
    re.IGNORECASE,
)
_AT_VISIT = re.compile(
    r"^\W*what (?:(?:was|were|got|has been) (?:discussed|decided|changed|planned|agreed|arranged|advised|recommended)|changed"
    r"|did (?:we|you|they|the doctor) (?:discuss|decide|change|plan|agree(?: on)?|arrange|advise|recommend|do))"
    r"(?: (?:at|during|in|on))? (?:(?:the|her|his) )?(?:last|latest|most recent) (?:\w+ )?(?:visit|appointment|consultation|encounter|time)\W*$",
    re.IGNORECASE,
)
PLANS = re.compile(rf"\W*(?:{_SECTIONS['recommendations']}|{_SECTIONS['plan']}|assessment)\W*", re.IGNORECASE)
_LETTER = re.compile(r"\b(?:the |her |his |an? )?(?P<of>[a-z-]{3,20} )?letter\b", re.IGNORECASE)
MOST = 900
"""Characters of a note that an answer quotes; the whole is behind its citation."""


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for something else than the words of a note."""
    text = plan.question.text
    if _MENTIONING.search(text) and plan.ask == "count":
        return _mentioning(chart, plan)
    if _AT_VISIT.match(text):
        return _of_the_visit(chart)
    if _PLAN_OF.match(text) and plan.target.concepts and plan.target.kinds != ("plan",):
        return _plan_of(chart, plan.target)
    part = _SECTION.match(text)
    if not part and not _SAYS.match(text):
        return None
    (since, until), steps, found = window(chart, plan)
    every = [e for e in documents(chart, plan.target.concepts) if e.within(since, until)]
    if letter := _LETTER.search(text):  # a letter is none of the notes, unless one speaks of it
        every = [e for e in every if "letter" in e.name.lower() or (set(stems(letter["of"] or "")) | {"letter"}) <= set(stems(text_of(chart, e)))]
    told = [e for e in every if text_of(chart, e).strip()] if found else []
    if part:
        wanted = re.compile(rf"\W*(?:{_SECTIONS[part['s'].lower()]})\W*", re.IGNORECASE)
        having = [(e, s) for e in told if (s := section(text_of(chart, e), wanted))]
    else:
        having = [(e, (0, len(text_of(chart, e)))) for e in told]
    steps.append(f"{len(having)} of {len(every)} documents have it")
    if not having:
        what = f"no {part['s'].lower()}" if part else "no such text"
        return absent(f"Not found in the record: {what} in {len(every)} documents.", steps)
    entry, span = having[0 if plan.pick == "earliest" else -1]
    return _quoted(chart, entry, span, steps)


def _mentioning(chart: Chart, plan: Plan) -> Answer | None:
    """How many documents speak of a thing, whatever they say of it."""
    (since, until), steps, found = window(chart, plan)
    wanted = {c for concept in plan.target.concepts for c in family(concept)}
    words_of = set(plan.target.words or (() if wanted else stems(plan.target.label)))
    if not found or not (wanted or words_of):
        return None
    every = [e for e in with_text(chart) if e.within(since, until)]
    told: list[Quote] = []
    for entry in every:
        text = text_of(chart, entry)
        places = [m.start for m in lexicon().find(text, query=False) if m.concept in wanted]
        spans = [(a, b) for a, b in bounds(entry) if any(a <= p < b for p in places) or (words_of and words_of <= set(stems(text[a:b])))]
        if spans:
            told.append(Quote(entry, " ".join(text[spans[0][0] : spans[0][1]].split()), spans[0]))
    lead = f"{len(told)} of {len(every)} documents"
    statements = [Statement(f"{lead}{':' if told else ' speak of it.'}"), *(Statement(quoted(q), (q.source(),)) for q in told)]
    return Answer(statements, number(len(told)), kind="quoted", steps=[*steps, f"{len(every)} documents looked through"])


_MENTIONING = re.compile(r"\bhow many (?:of (?:the |her |his )?)?(?:notes|documents|letters|reports) (?:mention|speak of|talk (?:about|of)|refer to|say something (?:about|of)|contain)\b", re.IGNORECASE)


def _of_the_visit(chart: Chart) -> Answer:
    """The plan that the note of the last visit ends with."""
    visits = [e for e in chart.entries("encounter") if e.first and e.status not in ("cancelled", "entered-in-error", "planned")]
    if not visits:
        return absent("Not found in the record: no visit.")
    last = visits[-1]
    name = f"{last.name} {on(last)}"
    kept = [e for e in with_text(chart) if e.first and last.first and last.first <= e.first <= (entry_end(last) or last.first)]
    for entry in reversed(kept):
        if span := section(text_of(chart, entry), PLANS):
            return _quoted(chart, entry, span, [f"the note of {name}"])
    return absent(f"Not found in the record: no plan in a note of the last visit ({name}).", [f"{len(kept)} notes of {name}"])


def _plan_of(chart: Chart, target: Target) -> Answer:
    """The lines of the latest plan that speak of it."""
    known = lexicon()
    problems = [r for c in target.concepts if c in known for r in known.related(c) if r.startswith("problem:") and not c.startswith("problem:")]
    wanted = {c for concept in (*target.concepts, *problems) for c in family(concept)}
    kept = with_text(chart)
    for entry in reversed(kept):
        text = text_of(chart, entry)
        span = section(text, PLANS)
        if span is None:
            continue
        lines = [m.span() for m in _ITEM.finditer(text) if span[0] <= m.start() < span[1]]
        named = [m for m in known.find(text, query=False) if m.concept in wanted]
        told = [Quote(entry, text[a:b].strip(), (a, b)) for a, b in lines if any(a <= m.start < b for m in named)]
        if told:
            statements = [Statement(quoted(q), (q.source(),)) for q in told]
            return Answer(statements, words(" ".join(q.text for q in told)), kind="quoted", steps=[f"the plan of {entry.name} {on(entry)}"], certainty=0.8)
    for entry in reversed(kept):  # a note without such a section: the sentences that say what is to be done
        text = text_of(chart, entry)
        named = [m for m in known.find(text, query=False) if m.concept in wanted]
        told = [Quote(entry, text[a:b].strip(), (a, b)) for a, b in bounds(entry) if any(a <= m.start < b for m in named) and _TO_DO.search(text[a:b])]
        if told:
            statements = [Statement(quoted(q), (q.source(),)) for q in told[:3]]
            return Answer(statements, words(" ".join(q.text for q in told[:3])), kind="quoted", steps=[f"what {entry.name} {on(entry)} says is to be done"], certainty=0.7)
    return absent(f"Not found in the record: no plan for {target.label} in {len(kept)} documents.")


_TO_DO = re.compile(r"\b(?:repeat|follow.?up|recommend\w*|plan(?:ned)?|refer\w*|book(?:ed)?|schedul\w*|recheck|to be|will|in \d+(?:\s?[-–]\s?\d+)? (?:days|weeks|months))\b", re.IGNORECASE)


_ITEM = re.compile(r"\S[^\n]*(?:\n(?!\s*(?:\d{1,2}[.)]|[-*•#])|\s*\n|[A-Z /&]{4,}:)[^\n]+)*")
"""A paragraph, or a numbered or marked item, with the lines that it goes on for."""


def with_text(chart: Chart) -> list[Entry]:
    """The documents that say something, oldest first."""
    return [e for e in documents(chart) if text_of(chart, e).strip()]


def section(text: str, wanted: re.Pattern[str]) -> tuple[int, int] | None:
    """Where the text below the first heading that is `wanted` stands."""
    for section in sections(text):
        if section.title and wanted.fullmatch(section.title) and text[section.heading_end : section.end].strip():
            return section.heading_end, section.end
    return None


def _quoted(chart: Chart, entry: Entry, span: tuple[int, int], steps: list[str]) -> Answer:
    """As many whole sentences as fit, each a statement with its own span."""
    text = text_of(chart, entry)
    clipped = [(max(a, span[0]), min(b, span[1])) for a, b in sentences(text)]
    inside = [(a, b) for a, b in clipped if a < b and text[a:b].strip()] or [span]
    shown, length = [], 0
    for start, end in inside:
        length += end - start
        if shown and length > MOST:
            break
        shown.append(Quote(entry, " ".join(text[start:end].split()), (start, end)))
    more = f" It goes on: {len(inside) - len(shown)} further sentences." if len(shown) < len(inside) else ""
    statements = [Statement(f"{quoted(q)}{more if q is shown[-1] else ''}", (q.source(),)) for q in shown]
    told = words(" ".join(q.text for q in shown))
    return Answer(statements, told, kind="quoted", steps=[*steps, f"{entry.name}, {on(entry)}"])
