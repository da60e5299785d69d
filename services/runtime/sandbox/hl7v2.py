"""HL7 v2 messages for Python bots: python-hl7 behind the names that `event.input` has in JavaScript."""

from __future__ import annotations

from typing import Any

import hl7
from pydantic_monty import ClassInstance, ClassType


def parse(text: str) -> Hl7Message:
    """Reads ER7 text; lines may end with CR, LF or both. ValueError where it is no HL7 v2 message."""
    lines = [line.strip() for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r")]
    kept = [line for line in lines if line]
    if not kept or not kept[0].startswith("MSH") or len(kept[0]) < 8:
        raise ValueError("This is not an HL7 v2 message: it does not start with an MSH segment")
    try:
        return Hl7Message(hl7.parse("\r".join(kept)))
    except (hl7.HL7Exception, IndexError, KeyError) as error:
        raise ValueError(f"This is not an HL7 v2 message: {error}") from None


class Hl7Segment:
    """One segment. Fields and components are numbered as in the standard, from 1; subcomponents and repetitions
    from 0, as in JavaScript."""

    def __init__(self, segment: Any) -> None:
        self._segment = segment
        self.name = str(segment[0])

    def get_field(self, index: int) -> str:
        """A field's text with its separators; "" where there is none."""
        return str(self._segment[index]) if 0 <= index < len(self._segment) else ""

    def get_component(
        self, field: int, component: int, subcomponent: int | None = None, repetition: int = 0
    ) -> str:
        """A component's text, or one of its subcomponents; "" where there is none."""
        if self.name == "MSH" and field in (1, 2):
            return self.get_field(field) if component == 1 else ""
        separators = self._segment.separators  # segment, field, repetition, component, subcomponent
        part = self.get_field(field)
        for separator, place in zip(separators[2:5], (repetition, component - 1, subcomponent), strict=True):
            if place is not None:
                pieces = part.split(separator)
                part = pieces[place] if 0 <= place < len(pieces) else ""
        return part

    def to_string(self) -> str:
        return str(self._segment)


class Hl7Message:
    """A message and its segments in order."""

    def __init__(self, message: Any) -> None:
        self._message = message

    def _named(self, name: str) -> list[Hl7Segment]:
        return [Hl7Segment(segment) for segment in self._message if str(segment[0]) == name]

    def get_segment(self, which: str | int) -> Hl7Segment | None:
        """The first segment of a name, or the one at an index from 0."""
        if isinstance(which, int):
            return Hl7Segment(self._message[which]) if 0 <= which < len(self._message) else None
        return next(iter(self._named(which)), None)

    def get_all_segments(self, name: str) -> list[Hl7Segment]:
        return self._named(name)

    def build_ack(self, code: str = "AA") -> Hl7Message:
        """The acknowledgement: MSH turned round, and MSA with the code and the message's control id."""
        return Hl7Message(self._message.create_ack(code))

    def to_string(self) -> str:
        return "\r".join(str(segment) for segment in self._message)


METHODS = {
    Hl7Message: ("get_segment", "get_all_segments", "build_ack", "to_string"),
    Hl7Segment: ("get_field", "get_component", "to_string"),
}


class _Wrapped(ClassInstance):
    """Passes every message or segment that a method returns on under the same policy."""

    def convert_value(self, /, name: str, value: Any) -> Any:
        return wrap(value)


def wrap(value: Any) -> Any:
    """The value as Python bots may hold it."""
    if isinstance(value, list):
        return [wrap(one) for one in value]
    if type(value) not in METHODS:
        return value
    attributes = ("name",) if isinstance(value, Hl7Segment) else ()
    return _Wrapped(
        value, eager_attrs=attributes, allowed_methods=METHODS[type(value)], class_type=ClassType(type(value))
    )


def plain(value: Any) -> Any:
    """A message that a bot gives back, as text; anything else as it is."""
    return value.to_string() if isinstance(value, Hl7Message | Hl7Segment) else value
