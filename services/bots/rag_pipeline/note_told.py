"""What a note says as a whole, or in one of its sections: quoted, never told in other words."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, on, words
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.quotes import Quote, quoted, text_of
from services.bots.rag_pipeline.selecting import of_kind
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text.sections import sections
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
MOST = 900
"""Characters of a note that an answer quotes; the whole is behind its citation."""


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for something else than the words of a note."""
    text = plan.question.text
    part = _SECTION.match(text)
    if not part and not _SAYS.match(text):
        return None
    (since, until), steps, found = window(chart, plan)
    target = plan.target if plan.target.concepts else Target(kinds=("document",))
    every = [e for e in of_kind(chart, target, "document") if e.within(since, until) and e.status not in ("superseded", "entered-in-error")]
    told = [e for e in every if text_of(chart, e).strip()] if found else []
    if part:
        wanted = re.compile(rf"\W*(?:{_SECTIONS[part['s'].lower()]})\W*", re.IGNORECASE)
        having = [(e, s) for e in told if (s := _section(text_of(chart, e), wanted))]
    else:
        having = [(e, (0, len(text_of(chart, e)))) for e in told]
    steps.append(f"{len(having)} of {len(every)} documents have it")
    if not having:
        what = f"no {part['s'].lower()}" if part else "no such text"
        return absent(f"Not found in the record: {what} in {len(every)} documents.", steps)
    entry, span = having[0 if plan.pick == "earliest" else -1]
    return _quoted(chart, entry, span, steps)


def _section(text: str, wanted: re.Pattern[str]) -> tuple[int, int] | None:
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
