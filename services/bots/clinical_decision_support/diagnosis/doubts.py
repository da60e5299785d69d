"""What may explain a value otherwise, or makes a test unreliable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.bots.clinical_decision_support.diagnosis.model import Met
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Basis, basis
from services.index.text import values
from services.knowledge.lexicon import lexicon


def told(concepts: tuple[str, ...], why: str) -> str:
    """The names of the concepts, and what they do."""
    return f"{', '.join(lexicon().get(c).name for c in concepts)} ({why})"


@dataclass(frozen=True, slots=True)
class Having:
    """A problem that holds now."""

    concepts: tuple[str, ...]
    why: str

    @property
    def words(self) -> str:
        return told(self.concepts, self.why)

    def found(self, view: View, met: Met) -> list[Basis]:
        return [basis(e, f"{e.name}: {self.why}") for e in view.held(*self.concepts)[:2]]


@dataclass(frozen=True, slots=True)
class Taking:
    """A drug that is taken now."""

    drugs: tuple[str, ...]
    why: str

    @property
    def words(self) -> str:
        return told(self.drugs, self.why)

    def found(self, view: View, met: Met) -> list[Basis]:
        return [basis(m.entry, f"{m.entry.name}: {self.why}") for m in view.taking(*self.drugs)[:2]]


@dataclass(frozen=True, slots=True)
class Treated:
    """A procedure in the days before any of the results."""

    procedures: tuple[str, ...]
    days: int
    why: str

    @property
    def words(self) -> str:
        return told(self.procedures, f"within {self.days} days, {self.why}")

    def found(self, view: View, met: Met) -> list[Basis]:
        if not met.readings:
            return []
        since = met.readings[0].day - dt.timedelta(days=self.days)
        done = view.done(*self.procedures, since=since, until=met.newest)
        return [basis(e, f"{e.name}: {self.why}") for e in done[-2:]]


@dataclass(frozen=True, slots=True)
class Stay:
    """Values that were taken in an emergency or inpatient encounter."""

    why: str = "measured in an emergency or inpatient stay, where acute illness may explain it"

    @property
    def words(self) -> str:
        return self.why

    def found(self, view: View, met: Met) -> list[Basis]:
        acute = [r for r in met.readings if view.in_stay(r.entry)]
        return [basis(r.entry, f"{r.text}: {self.why}") for r in acute[-1:]]


@dataclass(frozen=True, slots=True)
class Hemolyzed:
    """A sample that the laboratory says was haemolysed."""

    words: str = "the laboratory notes a haemolysed sample"

    def found(self, view: View, met: Met) -> list[Basis]:
        def noted(resource: dict) -> str:
            notes = [values.prose(n.get("text")) for n in values.objs(resource.get("note"))]
            return " ".join([*notes, values.concepts(resource.get("interpretation"))]).lower()

        return [
            basis(r.entry, f"{r.text}: {self.words}")
            for r in met.readings
            if "hemoly" in (text := noted(r.entry.resource)) or "haemoly" in text
        ]


STAY = Stay()
SUPPRESSANTS = Taking(("drugclass:antineoplastic", "drugclass:immunosuppressant"), "lowers blood counts")
