"""Orders and statements of one drug as a course: started, changed, ended."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from services.chart.entry import Entry, days
from services.index.features import stems

ACTIVE = frozenset(["active", "on-hold", "intended", "unknown", ""])
_GIVEN = frozenset(["active", "on-hold", "completed", "stopped", "unknown", "", "ended"])


@dataclass(slots=True)
class Course:
    """All orders and statements of one drug, oldest first."""

    key: frozenset[str]
    entries: list[Entry]
    as_of: dt.date

    @property
    def name(self) -> str:
        return self.entries[-1].name

    @property
    def given(self) -> list[Entry]:
        """Without what was only planned, cancelled or forbidden."""
        return [e for e in self.entries if e.status in _GIVEN]

    @property
    def current(self) -> list[Entry]:
        """Active on the day; of several orders of one product the newest, since it replaces the others."""
        found = [e for e in self.entries if is_current(e, self.as_of)]
        last = self.entries[-1]
        if last.extra.get("statement") and last.status in ("stopped", "not-taken", "completed"):
            return []  # whoever ordered it: the patient says that it is not taken
        newest: dict[str, Entry] = {}
        for entry in found:
            newest[entry.name.casefold()] = entry
        return list(newest.values())

    @property
    def held(self) -> list[Entry]:
        """On hold: ordered, but not to be taken for now."""
        return [e for e in self.entries if e.status == "on-hold"][-1:]

    @property
    def ended_day(self) -> dt.date | None:
        """The day of the end, where the record gives one and nothing follows."""
        if self.current or self.held:
            return None
        ends = [days(e.end) for e in self.given if e.end]
        return max((e[1] for e in ends if e), default=None)


def is_current(entry: Entry, as_of: dt.date) -> bool:
    """Whether an order or statement holds on the day."""
    if entry.status not in ("active", "unknown", ""):
        return False
    end = days(entry.end)
    return not (end and end[1] < as_of)


def courses(entries: Sequence[Entry], as_of: dt.date) -> list[Course]:
    """Grouped by drug, in the order of their first entry."""
    groups: dict[frozenset[str], Course] = {}
    for entry in entries:
        key = drug_key(entry)
        if key not in groups:
            groups[key] = Course(key, [], as_of)
        groups[key].entries.append(entry)
    return list(groups.values())


def drug_key(entry: Entry) -> frozenset[str]:
    """What makes two entries the same drug: its concepts, or the words of its name without strength and form."""
    drugs = frozenset(c for c in entry.own | entry.named if c.startswith("drug:"))
    if drugs:
        return drugs
    words = [w for w in stems(entry.name) if not any(c.isdigit() for c in w)]
    return frozenset(words[:2]) or frozenset([entry.name.casefold()])


def dose_changes(found: list[Course]) -> list[tuple[Entry, Entry]]:
    """Consecutive orders of one drug whose dose differs."""
    pairs = []
    for course in found:
        given = [e for e in course.given if e.date]
        for before, after in itertools.pairwise(given):
            if before.extra.get("amounts") != after.extra.get("amounts") or before.extra.get(
                "dose"
            ) != after.extra.get("dose"):
                pairs.append((before, after))
    return sorted(pairs, key=lambda p: p[1].order)
