"""What the notes of the visit say under their own headings, quoted with who wrote it and when."""

from __future__ import annotations

import re

from services.bots.documentation_assistant.body import BODY, Body, of_document
from services.bots.documentation_assistant.model import Line, Ref, day, quote
from services.bots.documentation_assistant.visit import Visit
from services.bots.rag_pipeline.quotes import text_of
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.commands.writing.model import AI_ASSERTED
from services.index.text import values
from services.index.text.sections import sections
from services.knowledge.sentences import sentences

HEADINGS = {
    "history": r"(?:history of (?:the )?present(?:ing)? (?:illness|complaint)|hpi|interval history|subjective|history)",
    "review": r"(?:review of systems|ros)",
    "exam": r"(?:physical exam(?:ination)?|examination|exam|pe|mental status exam(?:ination)?)",
    "assessment": r"(?:assessment|impression|assessment ?(?:and|&|/) ?plan|a ?[/&] ?p|clinical impression)",
    "course": r"(?:(?:brief )?hospital course|(?:clinical |emergency department )?course)",
    "condition": r"(?:condition (?:at|on) discharge|discharge condition)",
    "follow-up": r"(?:follow[- ]?up.*|discharge instructions|(?:patient )?instructions)",
}
"""What is looked for → headings of notes that hold it."""
_PATTERNS = {key: re.compile(rf"{pattern}\W*", re.IGNORECASE) for key, pattern in HEADINGS.items()}
MOST = 1_500
"""Characters of one quotation; a longer text is cut at the end of a sentence, and that is said."""


def quoted(visit: Visit, key: str) -> list[Line]:
    """The text under the headings of `key` in the notes of this visit, oldest first."""
    lines = []
    for entry in visit.of("document"):
        if is_draft(entry) or entry.status == "superseded":
            continue
        body = of_document(entry.resource)
        for text in _own(body, key) if body else _under(text_of(visit.chart, entry), key):
            by = f" by {entry.extra['who']}" if entry.extra.get("who") else ""
            source: Ref = (entry.reference, entry.version)
            lines.append(quote(f"{entry.name}, {day(entry.date)}{by}", _cut(text), source))
    return lines


def _own(body: Body, key: str) -> list[str]:
    """Of a note made here only what people wrote into it: the rest is of the record, or quoted already."""
    found = []
    for section in body.sections:
        words = " ".join(line.text for line in section.lines if line.own)
        if words and _PATTERNS[key].fullmatch(section.title):
            found.append(words)
    return found


def _under(text: str, key: str) -> list[str]:
    found = []
    for section in sections(text) if text else ():
        if section.title and _PATTERNS[key].fullmatch(section.title.strip()):
            body = " ".join(text[section.heading_end : section.end].lstrip(" :.\n").split())
            if body:
                found.append(body)
    return found


def _cut(text: str) -> str:
    if len(text) <= MOST:
        return text
    end = max((b for _, b in sentences(text) if b <= MOST), default=MOST)
    return f"{text[:end]} […]"


def is_draft(entry: Entry) -> bool:
    """Whether a document was drafted here and signed by nobody: never a source of another draft."""
    labels = values.codings(values.objs(values.obj(entry.resource.get("meta")).get("security")))
    drafted = any(code == AI_ASSERTED["code"] for _, code in labels)
    drafted = drafted or any(e.get("url") == BODY for e in values.objs(entry.resource.get("extension")))
    return drafted and values.code(entry.resource.get("docStatus")) == "preliminary"


def earlier_notes(chart: Chart, visit: Visit) -> list[Entry]:
    """Signed notes from before the visit."""
    return [e for e in chart.entries("document") if visit.before(e) and not is_draft(e)]
