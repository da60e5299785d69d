"""One number of a text with what it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text."""

    value: float
    start: int
    end: int
    text: str
    """The number and its unit, as written."""
    kind: str = "value"
    """value, duration, age, rate (times a day), grade, ordinal, clock (minutes of the day), name ("21-gene score")."""
    unit: str | None = None
    """In its canonical spelling (UCUM where it has one); of a grade, its scale."""
    decimals: int = 0
    op: str = ""
    """">", ">=", "<", "<=" where the number bounds a value rather than being one."""
    about: bool = False
    limit: bool = False
    """Whether it is the end of a reference range, a goal, a cut-off."""
    pair: int = 0
    """1 or 2 for the halves of "120/80"."""
    ranged: bool = False
    """Whether it is an end of "3.5–5.1" or "3.5 to 5.1"."""
    label: str = ""
    """Of a grade: "3b"."""
    before: str = ""
    """The words before it in its line, sixty characters at most."""
    condition: bool = False
    """Whether it is a bound on which something is to be done: "once vitamin D is above 30"."""
