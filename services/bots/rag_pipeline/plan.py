"""What a question asks to be computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from services.index.question import Question
from services.knowledge.quantities import Comparison

Day = dt.date


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked about. `kinds`: where it may be recorded, best first; empty means anywhere.

    `words` are stems that no concept covers: an entry has to have them in its own words.
    """

    concepts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # of encounters (EMER, IMP, …) or categories of results
    purpose: tuple[str, ...] = ()  # what a drug is for
    label: str = ""  # as asked
    loose: tuple[str, ...] = ()  # stems further off: they choose among entries, but none has to have them

    def __bool__(self) -> bool:
        return bool(self.concepts or self.kinds or self.words)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that a question reckons from: "since starting lisinopril", "before the discharge"."""

    relation: str  # since, after, before, until, during, at
    target: Target
    moment: str = "start"  # start, end, or change of what the target names
    pick: str = "latest"
    text: str = ""
    nth: int = 0  # of stays: 1 is the first, -1 the last, 0 says nothing of the order
    limit: int = 0  # days: "within two days after the operation"
    visits: int = 0  # of "the last three visits"
    named: tuple[str, ...] = ()  # stems of an event told by its whole name
    dated: tuple[Day | None, Day | None] = (None, None)  # of "the thoracentesis of 26 May"
    same: str = ""  # "month" or "stay": no further than that of the event
    bounds: tuple[Comparison, ...] = ()  # of "when the lactate fell below 2"
    edge: str = ""  # "start", "end", "day 2", "day -1": which part of a stay is asked about; "" all of it


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that a comparison names: a period, an event, or now; and which value of it."""

    since: Day | None = None
    until: Day | None = None
    anchor: Anchor | None = None
    now: bool = False
    pick: str = ""


@dataclass(slots=True)
class Plan:
    """`ask` is what is wanted of the target; `pick` which of several entries."""

    question: Question
    ask: str
    target: Target
    pick: str = ""
    count: int = 0  # of "the last three readings"
    nth: int = 0  # of "the second measured value"
    top: int = 0  # of "the three most frequent"
    since: Day | None = None
    until: Day | None = None
    month: int = 0  # "the March admission"
    anchors: list[Anchor] = field(default_factory=list)
    second: Target | None = None
    others: tuple[Target, ...] = ()  # "LDL and HDL"
    moments: list[Moment] = field(default_factory=list)
    bounds: tuple[Comparison, ...] = ()
    attribute: str = ""
    closed: bool = False  # asks about events or the record itself: what is not there did not happen
    ever: bool = False
    yes_no: bool = False
    stay: Anchor | None = None  # where the stay itself is what is asked about
    unit: bool = False  # asks of units and wards
    sums: bool = False  # asks for a total
    hours: int = 0  # of "the past 24 hours"
    lost: str = ""  # words of a time whose event was not understood: "within 30 days after …"
    timed: bool = False  # asks for the time of day too
    kind: Literal["factual", "trend", "summary", "comparison"] = "factual"
    steps: list[str] = field(default_factory=list)
