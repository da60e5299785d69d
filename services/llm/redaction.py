"""Identifiers stay in the clinic: text for a model elsewhere carries placeholders, and its answer gets them back.

`[PATIENT]` is the patient, `[PERSON_2]` somebody else. A number behind a slash ("[PATIENT/3]") is another way in
which the same thing was written, so that a quotation put back is the source's, letter by letter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.llm.redaction_collecting import birthdays, collect
from services.llm.redaction_dates import LONGEST, Written, find_dates
from services.llm.redaction_folding import Folded, fold, folded
from services.llm.redaction_identifiers import WORD, Identifiers
from services.llm.redaction_literals import Literals, bare
from services.llm.redaction_names import Names, stands_alone
from services.llm.redaction_patterns import patterns

__all__ = ["EXPLANATION", "Redactor", "Restorer"]

EXPLANATION = (
    "Names and numbers of people are replaced by marks such as [PATIENT], [PERSON_2] or [DATE_1]. A number behind a "
    "slash, as in [PATIENT/2], is another way of writing the same. [AGE_OVER_89_1] is an age of 90 or more. Copy marks "
    "exactly as they stand, brackets included, and make no new ones."
)
_KINDS = ("PERSON", "ID", "PHONE", "EMAIL", "ADDRESS", "DATE", "URL", "AGE_OVER_89", "TEXT")
_MARK = re.compile(
    rf"\[\s*(?:(PATIENT)|({'|'.join(_KINDS)})[ _-]?(\d{{1,5}}))\s*(?:/\s*(\d{{1,5}})\s*)?\]", re.IGNORECASE
)
_LONGEST_MARK = 40


@dataclass(slots=True)
class _Entity:
    """One thing that is hidden; `forms` are the ways in which it was written, the record's own first."""

    kind: str
    forms: list[str]
    label: str = ""


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    entity: _Entity | None  # None: a date that is moved
    date: Written | None = None


@dataclass
class Redactor:
    """What is hidden and how it comes back. One for each conversation, and not shared between threads.

    `counts`: how often each kind was replaced, without any value.
    """

    shift_days: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._entities: dict[tuple[str, str], _Entity] = {}
        self._labels: dict[str, _Entity] = {}
        self._given: Counter[str] = Counter()  # labels by kind
        self._people: list[_Entity] = []
        self._met: dict[tuple[str, ...], int] = {}  # people that only a text introduced
        self._names, self._literals = Names(), Literals()
        self._births: dict[dt.date, _Entity] = {}
        self._moved: dict[str, str] = {}  # date as sent → as written
        self._sent: dict[str, str] = {}

    @classmethod
    def from_resources(cls, resources: Iterable[dict[str, Any]], *, shift_days: int = 0) -> Redactor:
        """For everybody and everything that these FHIR resources name. `shift_days`: all absolute dates are sent so
        many days later, and put back; years alone and durations stay."""
        redactor = cls(shift_days)
        redactor._learn(collect(resources))
        return redactor

    def redact(self, text: str) -> str:
        """The text with placeholders. `restore` gives back the same text."""
        sent, tally = self._replaced(text, move=True)
        if self.shift_days and self.restore(sent) != text:
            # Moved, two dates read as another one together; hidden, they can't.
            sent, tally = self._replaced(text, move=False)
        self.counts.update(tally)
        return sent

    def restore(self, text: str) -> str:
        """An answer with what the placeholders stand for, and with its dates moved back. A placeholder that was never
        given out stays."""
        spans = [(*found.span(), self._meant(found)) for found in _MARK.finditer(text)]
        if self.shift_days:
            places = fold(text)
            for date in find_dates(places.cased):
                sent = places.original(date.start, date.end)
                back = self._moved.get(sent) or date.shifted(places.cased, -self.shift_days) or sent
                spans.append((places.place(date.start), places.place(date.end), back))
        pieces: list[str] = []
        at = 0
        for start, end, meant in sorted(spans):
            if start >= at:
                pieces += (text[at:start], meant)
                at = end
        return "".join((*pieces, text[at:]))

    def redact_messages(self, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Chat messages of the OpenAI API with every text in them redacted, but for roles and kinds of parts."""
        return [{key: self._walked(value, key) for key, value in message.items()} for message in messages]

    def restorer(self) -> Restorer:
        """For an answer that arrives in pieces."""
        return Restorer(self)

    def _walked(self, node: Any, key: str) -> Any:
        if isinstance(node, str):
            return node if key in ("role", "type") else self.redact(node)
        if isinstance(node, list):
            return [self._walked(item, key) for item in node]
        if isinstance(node, dict):
            return {name: self._walked(value, name) for name, value in node.items()}
        return node

    def _learn(self, found: Identifiers) -> None:
        for number, person in enumerate(found.people):
            self._people.append(_Entity("PATIENT" if person.patient else "PERSON", [person.written]))
            for given, family in person.names:
                self._names.add(number, given, family)
        for born, written in birthdays(found.births):
            self._births[born] = self._entity("DATE", written)
        for kind, value in found.values:
            self._literals.value(value, self._entity(kind, value))
        for number in found.phones:
            self._literals.phone(number, self._entity("PHONE", number))
        for place in found.places:
            self._literals.place(place, self._entity("ADDRESS", place))
        for kind, ident in found.resources:
            self._literals.resource(kind, ident, self._entity("ID", ident))

    def _entity(self, kind: str, value: str) -> _Entity:
        # The same number in another grouping is the same number.
        key = bare(folded(value)) if kind in ("ID", "PHONE") else ""
        return self._entities.setdefault(
            (kind, key or " ".join(folded(value).split())), _Entity(kind, [value])
        )

    def _seen(self, kind: str, value: str) -> _Entity:
        """What looks like an identifier; the record's own where it is one of those."""
        return self._literals.entities.get(bare(folded(value))) or self._entity(kind, value)

    def _spans(self, text: Folded) -> Iterable[_Span]:
        # A text may hold what looks like a placeholder; it is hidden as well, and so never taken for one of ours.
        for mark in _MARK.finditer(text.cased):
            yield _Span(*mark.span(), self._entity("TEXT", text.original(*mark.span())))
        for start, end, key in self._literals.find(text.low):
            if key not in self._literals.weak or stands_alone(text, start, end):
                yield _Span(start, end, self._literals.entities[key])
        spans = [word.span() for word in WORD.finditer(text.low)]
        words = [text.low[start:end] for start, end in spans]
        for start, end, kind in patterns(text, words, spans, dt.date.today()):
            if kind == "PERSON":
                entity = self._introduced(text, start, end)
            else:
                entity = self._seen(kind, text.original(start, end))
            yield _Span(start, end, entity)
        if self._births or self.shift_days:
            for date in find_dates(text.cased):
                born = next((entity for day, entity in self._births.items() if date.is_of(day)), None)
                if born or self.shift_days:
                    yield _Span(date.start, date.end, born, date)
        for start, end, person in self._names.find(text, words, spans):
            yield _Span(start, end, self._people[person])

    def _replaced(self, text: str, *, move: bool) -> tuple[str, Counter[str]]:
        """The text as it is sent, and how often each kind was replaced. `move`: dates are moved, else hidden."""
        found = fold(text)
        tally: Counter[str] = Counter()
        pieces: list[str] = []
        at = done = 0  # in the folded text, and in the text
        # What begins first wins, then what is longer; what is left of the other is hidden too.
        for span in sorted(self._spans(found), key=lambda span: (span.start, -span.end)):
            start, end = found.place(max(span.start, at)), found.place(span.end)
            if span.end <= at or start >= end:
                continue
            written, moved = text[start:end], None
            # What is left of a date is no date.
            if span.date and not span.entity and move and span.start >= at:
                moved = self._move(span.date, written, found)
            if moved is None:
                entity = span.entity or self._entity("DATE", written)
                tally[entity.kind] += 1
                moved = self._mark(entity, written)
            else:
                tally["SHIFTED_DATE"] += moved != written
            pieces += (text[done:start], moved)
            at, done = span.end, end
        sent = "".join((*pieces, text[done:]))
        if self.shift_days:
            # What reads like a date only now, beside a placeholder, was not moved and is not to be moved back.
            places = fold(sent)
            for date in find_dates(places.cased):
                self._moved.setdefault(written := places.original(date.start, date.end), written)
        return sent, tally

    def _introduced(self, text: Folded, start: int, end: int) -> _Entity:
        """The person that "Dr. Smith" or "her son Tom" is; from now on the name is known wherever it stands."""
        words = tuple(WORD.findall(text.low[start:end]))
        number = self._met.get(words, self._names.whose(words))
        if number is None:
            number = self._met[words] = len(self._people)
            self._people.append(_Entity("PERSON", [text.original(start, end)]))
            self._names.add(number, words[:-1], words[-1:], learned=True)
        return self._people[number]

    def _move(self, date: Written, written: str, text: Folded) -> str | None:
        """The date so many days later, itself where it can't be moved; None where it would read like another."""
        moved = self._sent.get(written) or date.shifted(text.cased, self.shift_days)
        if moved is None:
            return written
        if self._moved.setdefault(moved, written) != written:
            return None
        self._sent[written] = moved
        return moved

    def _mark(self, entity: _Entity, written: str) -> str:
        if not entity.label:
            self._given[entity.kind] += 1
            number = f"_{self._given[entity.kind]}" if entity.kind != "PATIENT" else ""
            entity.label = entity.kind + number
            self._labels[entity.label] = entity
        if written not in entity.forms:
            entity.forms.append(written)
        form = entity.forms.index(written)
        return f"[{entity.label}/{form + 1}]" if form else f"[{entity.label}]"

    def _meant(self, mark: re.Match[str]) -> str:
        entity = self._labels.get("PATIENT" if mark[1] else f"{mark[2].upper()}_{mark[3]}")
        if entity is None:
            return mark[0]
        form = int(mark[4] or 1) - 1
        return entity.forms[form if 0 <= form < len(entity.forms) else 0]


class Restorer:
    """Restores an answer that arrives in pieces; no part of a placeholder or of a moved date is let out early."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor, self._held = redactor, ""

    def feed(self, delta: str) -> str:
        """What can be shown by now."""
        self._held += delta
        cut = self._cut()
        ready, self._held = self._held[:cut], self._held[cut:]
        return self._redactor.restore(ready)

    def flush(self) -> str:
        """The rest, at the end of the answer."""
        rest, self._held = self._held, ""
        return self._redactor.restore(rest)

    def _cut(self) -> int:
        held = self._held
        opened = held.rfind("[")
        cut = (
            opened
            if opened >= 0 and "]" not in held[opened:] and len(held) - opened < _LONGEST_MARK
            else len(held)
        )
        if self._redactor.shift_days:
            # A date may go on with the next piece: stop at a blank before which none can begin.
            places = fold(held)
            whole = [(places.place(date.start), places.place(date.end)) for date in find_dates(places.cased)]
            whole += [mark.span() for mark in _MARK.finditer(held)]
            cut = min(cut, max(0, len(held) - LONGEST))
            while cut and not held[cut - 1].isspace():
                cut -= 1
            for start, end in sorted(whole, reverse=True):
                if start < cut < end:
                    cut = start
        return cut
