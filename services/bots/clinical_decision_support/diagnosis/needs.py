"""Needs that are told by tables: results beyond bounds, and a drug that may have caused them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.bots.clinical_decision_support.diagnosis.model import Band, Met, Need, Reading
from services.bots.clinical_decision_support.diagnosis.view import TWO_YEARS, View
from services.bots.clinical_decision_support.model import Basis, basis

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Results:
    """`count` results within any of the bands, of different days or tests, the first and the last `apart` days from each
    other, all of the last `days` (None: ever). `unbroken`: a normal result of the same test ends what was before it;
    else, and of another test, it speaks against."""

    bands: tuple[Band, ...]
    count: int = 1
    apart: int = 0
    days: int | None = TWO_YEARS
    unbroken: bool = True

    @property
    def words(self) -> str:
        told = " or ".join(b.words for b in self.bands)
        if self.count > 1:
            told += f"; {self.count} results" + (f" at least {self.apart} days apart" if self.apart else "")
        if self.unbroken:
            told += "; no normal one since" if self.count == 1 else "; no normal one between or since"
        return told + (
            "" if self.days == TWO_YEARS else f"; of the last {self.days} days" if self.days else "; ever"
        )

    def met(self, view: View) -> Met | None:
        abnormal: list[Reading] = []
        normal: list[Reading] = []
        for test in dict.fromkeys(b.test for b in self.bands):
            mine, clear = self._split(view, [b for b in self.bands if b.test is test])
            abnormal += mine
            normal += clear
        abnormal.sort(key=lambda r: r.entry.order)
        occasions = {(r.test.concept, r.test.name, r.day) for r in abnormal}
        if (
            not abnormal
            or len(occasions) < self.count
            or (abnormal[-1].day - abnormal[0].day).days < self.apart
        ):
            return None
        later = [r for r in normal if r.entry.order > abnormal[0].entry.order]
        return shown(abnormal, self.words, later, len(occasions) - self.count)

    def _split(self, view: View, bands: Sequence[Band]) -> tuple[list[Reading], list[Reading]]:
        abnormal: list[Reading] = []
        normal: list[Reading] = []
        for reading in view.readings(bands[0].test, self.days):
            judged = [b.holds(reading) for b in bands]
            if any(judged):
                abnormal.append(reading)
            elif None not in judged:
                normal.append(reading)
                if self.unbroken:
                    # Of the same day, what was abnormal may be the later one: only the order of time decides.
                    abnormal.clear()
        return abnormal, normal


def shown(
    readings: Sequence[Reading], words: str, against: Sequence[Reading] = (), more: int = 0, told: str = ""
) -> Met:
    """What the readings (oldest first) meet; the first and the latest of them as evidence."""
    kept = list(readings) if len(readings) <= SHOWN else [readings[0], *readings[1 - SHOWN :]]
    reason = f"{told or '; '.join(r.text for r in kept)}. Criterion: {words}."
    return Met(
        tuple(basis(r.entry, r.text) for r in kept), readings[-1].day, reason,
        tuple(basis(r.entry, f"Does not meet it: {r.text}") for r in against[-SHOWN:]), more, tuple(kept),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """What needs more than bounds: told in words, judged by a function."""

    words: str
    judge: Callable[[View, str], Met | None]

    def met(self, view: View) -> Met | None:
        return self.judge(view, self.words)


@dataclass(frozen=True, slots=True)
class OnDrug:
    """A result that came while a drug is taken which is known to cause it. `drugs`: concepts of drugs or classes."""

    drugs: tuple[str, ...]
    called: str
    need: Need

    @property
    def words(self) -> str:
        return f"{self.called} taken before the result; {self.need.words}"

    def met(self, view: View) -> Met | None:
        found = self.need.met(view)
        if found is None:
            return None
        taken = [
            m for m in view.taking(*self.drugs) if m.entry.first is None or m.entry.first <= found.newest
        ]
        if not taken:
            return None
        bases = tuple(basis(m.entry, f"Taken: {m.entry.name}") for m in taken[:SHOWN])
        starts = [m.entry.first for m in taken if m.entry.first]
        before = [r for r in found.readings if starts and r.day < min(starts)]
        against = tuple(Basis(*_of(r), f"Abnormal before the drug was ordered: {r.text}") for r in before)
        names = ", ".join(dict.fromkeys(m.entry.name for m in taken[:SHOWN]))
        return dataclasses.replace(
            found,
            evidence=found.evidence + bases,
            against=found.against + against,
            reason=f"On {names}: {found.reason}",
        )


def _of(reading: Reading) -> tuple[str, str, str | None]:
    return reading.entry.reference, reading.entry.version, reading.entry.date
