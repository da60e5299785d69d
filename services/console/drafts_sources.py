"""From a sentence of a note to its sources, and to the place in one of them that it tells of."""

from __future__ import annotations

import dataclasses
import re

from services.accounts.roles import Principal
from services.bots.context import read_input
from services.bots.documentation_assistant.body import Body
from services.bots.documentation_assistant.model import Ref
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.bots.documentation_assistant.transcript import turns_of
from services.console.citing import KINDS, address_of, open_citation, said_in
from services.console.resources import Opened
from services.errors import NotFound
from services.index.highlight import Span

_VALUE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{4,}")
_TURN = "transcript/"


def numbered(body: Body) -> dict[Ref, int]:
    """Every source of the note with its number, in the order in which they are cited."""
    found: dict[Ref, int] = {}
    for line in (*body.header, *(x for s in body.sections for x in s.lines)):
        for ref in line.sources:
            found.setdefault(ref, len(found) + 1)
    return found


def address(ref: Ref) -> str:
    return ref[0] if ref[0].startswith(_TURN) else address_of(ref[0], ref[1], None, None)


def kind(ref: Ref) -> str:
    """What one source is called."""
    name = ref[0].partition("/")[0]
    return "Transcript" if name == "transcript" else KINDS.get(name, name)


def sentence_at(body: Body, place: str) -> str:
    """The sentence that `key.number` names; "" where there is none."""
    key, _, number = place.rpartition(".")
    if key == "header":
        lines = list(body.header)
    else:
        section = body.section(key)
        lines = section.lines if section else []
    return lines[int(number)].text if number.isdecimal() and int(number) < len(lines) else ""


def open_source(principal: Principal, patient_id: str, body: Body, where: str, place: str) -> tuple[Opened, bool]:
    """The source with the line that the sentence tells of as its passage, its words and values marked; and whether it
    is still the version that was cited.

    Raises NotFound where it is not there, or not this person's to see.
    """
    sentence = sentence_at(body, place)
    if where.startswith(_TURN):
        return _turn(body, where, sentence), True
    opened, same = open_citation(principal, patient_id, where)
    if not sentence or not opened.text:
        return opened, same
    if opened.is_document:
        passage = said_in(opened.text, sentence)
        start, end = passage or (0, 0)
    else:  # a few lines, of which a sentence tells several
        passage, start, end = opened.passage, 0, len(opened.text)
    wanted = {_bare(w) for w in _VALUE.findall(sentence)}
    found = _VALUE.finditer(opened.text, start, end)
    marks: list[Span] = [(m.start(), m.end(), "match") for m in found if _bare(m.group()) in wanted]
    return dataclasses.replace(opened, passage=passage, marks=marks), same


def _bare(word: str) -> str:
    """6.0 is 6, and 1,250 is 1250: a note writes numbers as ISMP wants them."""
    try:
        return f"{float(word.replace(',', '')):g}"
    except ValueError:
        return word.casefold()


def _turn(body: Body, where: str, sentence: str) -> Opened:
    """A turn of the transcript that the note was made with."""
    if body.asked is None:
        raise NotFound("The transcript is not kept with this note.")
    turns = turns_of(read_input(DocAssistantInput, body.asked).transcript)
    number = where.removeprefix(_TURN)
    if not number.isdecimal() or not 1 <= int(number) <= len(turns):
        raise NotFound("The transcript has no such turn.")
    turn = turns[int(number) - 1]
    text = f"{turn.speaker or 'Speaker not known'}: {turn.text}"
    quoted = re.search(r"“(.+)”", sentence)
    at = text.find(quoted[1]) if quoted else -1
    passage = (at, at + len(quoted[1])) if quoted and at >= 0 else None
    return Opened(
        reference=where, patient_id=None, kind="Transcript", title=f"Transcript, turn {number}", date="Not Known", status=None,
        version="", updated="with the draft", text=text, is_document=True, passage=passage, cut=False, json="{}",
    )  # fmt: skip
