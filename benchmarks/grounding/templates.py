"""True sentences made of the record's own values: many kinds of fact, each in several wordings.

In a wording, `{…}` is a piece of the fact; which pieces may be made wrong, and how, is for `errors`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.grounding.fresh_wordings import FRESH
from benchmarks.grounding.measurements import (
    Fact,
    converted,
    count,
    day,
    flagged,
    pair,
    pressure,
    single,
    threshold,
    trend,
)
from benchmarks.grounding.probe_wordings import PROBE
from benchmarks.grounding.wordings import DEV, HELD
from benchmarks.grounding.world import Entry, of, slugs
from services.grounding import Evidence

_WORDINGS = {"dev": DEV, "probe": PROBE, "fresh": FRESH, "held": HELD}
PER_WORDING = {"dev": 3, "probe": 3, "fresh": 4, "held": 5}


@dataclass(frozen=True)
class Case:
    """A true sentence, its evidence in order of number, and the pieces that it is made of."""

    half: str
    kind: str
    slug: str
    text: str
    evidence: tuple[Evidence, ...]
    pieces: dict[str, str] = field(default_factory=dict)


def _drug(entry: Entry) -> dict[str, str] | None:
    title = re.sub(r"^(Stopped|Cancelled|On hold): ", "", entry.title)
    match = re.match(r"([A-Z][A-Za-z -]+?) (\d[\d.,/]*) (mg|mcg|unit|units)\b(?!/)", title)
    brand = re.search(r"\(([A-Z][A-Za-z ]+)\)$", title)
    dose = re.search(r"Dose: (.*)", entry.rendered.chunks[0].text)
    often = (
        re.search(
            r"(once|twice|three times|four times)?\s*(?:daily|a day)|every (?:night|morning)|nightly|at bedtime",
            dose[1],
        )
        if dose
        else None
    )
    if not match or not often or dose is None:
        return None
    return {
        "drug": match[1].lower(), "brand": brand[1] if brand else match[1], "number": match[2], "unit": match[3],
        "often": often.group().strip(), "status": entry.rendered.status or "", "date": day(entry, 2), "day": day(entry, 0),
        "reason": (re.search(r"Reason: (.*)", entry.rendered.chunks[0].text) or ["", ""])[1],
    }  # fmt: skip


def active_drug(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "M"):
            fact = _drug(entry)
            if fact and fact["status"] == "active" and "/" not in fact["number"]:
                yield (entry,), fact


def stopped_drug(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "M"):
            fact = _drug(entry)
            if fact and fact["status"] == "stopped":
                yield (entry,), fact


def reason(rng: random.Random) -> Iterator[Fact]:
    return (f for f in active_drug(rng) if f[1]["reason"])


def problem(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "C"):
            if entry.rendered.status == "active, confirmed":
                name = entry.title[0].lower() + entry.title[1:] if entry.title[1].islower() else entry.title
                onset = re.search(r"Onset: (\S+)", entry.rendered.chunks[0].text)
                if onset:
                    yield (
                        (entry,),
                        {"finding": name, "date": day(entry, rng.choice((0, 2, 3))), "year": entry.date[:4]},
                    )


def resolved(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "C"):
            if "resolved" in (entry.rendered.status or ""):
                name = entry.title.removesuffix(" (resolved)")
                yield (
                    (entry,),
                    {
                        "finding": name[0].lower() + name[1:] if name[1].islower() else name,
                        "year": entry.date[:4],
                    },
                )


def allergy(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "A"):
            match = re.match(r"Allergy: (.*)", entry.title)
            reaction = re.search(r"Reaction: ([A-Za-z ]+)", entry.rendered.chunks[0].text)
            if match and reaction:
                yield (entry,), {"agent": match[1].lower(), "reaction": reaction[1].strip().lower()}


def vaccine(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        found = [e for e in of(slug, "I") if e.rendered.status == "completed"]
        for entry in rng.sample(found, min(2, len(found))):
            name = entry.title.split(",")[0].split(" (")[0]
            yield (
                (entry,),
                {
                    "vaccine": name[0].lower() + name[1:] if name[1].islower() else name,
                    "date": day(entry, rng.randrange(6)),
                },
            )


def procedure(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "P"):
            yield (
                (entry,),
                {
                    "procedure": entry.title.lower(),
                    "date": day(entry, rng.randrange(6)),
                    "year": entry.date[:4],
                },
            )


def conclusion(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        for entry in of(slug, "R"):
            match = re.search(r"Conclusion: ([^.\n]*(?:\.\d[^.\n]*)*)\.", entry.rendered.chunks[0].text)
            if match:
                said = match[1]
                yield (
                    (entry,),
                    {
                        "title": entry.title,
                        "said": said[0].lower() + said[1:] if said[1].islower() else said,
                        "date": day(entry, 0),
                    },
                )


def visit(rng: random.Random) -> Iterator[Fact]:
    for slug in slugs():
        found = [e for e in of(slug, "E") if ": " in e.title]
        if found:
            entry = rng.choice(found)
            kind, _, why = entry.title.partition(": ")
            if kind != "Planned":
                yield (
                    (entry,),
                    {
                        "visit": kind.lower(),
                        "why": why.lower() if why[1:2].islower() else why,
                        "date": day(entry, rng.choice((0, 1, 3, 5))),
                    },
                )


Maker = Callable[[random.Random], Iterator[Fact]]

KINDS: dict[str, Maker] = {
    "single": single,
    "flagged": flagged,
    "pair": pair,
    "trend": trend,
    "pressure": pressure,
    "active drug": active_drug,
    "stopped drug": stopped_drug,
    "reason": reason,
    "problem": problem,
    "resolved": resolved,
    "allergy": allergy,
    "vaccine": vaccine,
    "procedure": procedure,
    "conclusion": conclusion,
    "count": count,
    "threshold": threshold,
    "converted": converted,
    "visit": visit,
}


def cases(half: str, seed: int = 11) -> list[Case]:
    """The true sentences of one half."""
    found: list[Case] = []
    for kind, make in KINDS.items():
        rng = random.Random(f"{seed} {kind} {half}")
        facts = list(make(rng))
        rng.shuffle(facts)
        place = 0
        for wording in _WORDINGS[half][kind]:
            for entries, pieces in facts[place : place + PER_WORDING[half]]:
                marks = "".join(f"[{i}]" for i in range(1, len(entries) + 1))
                text = wording.format(**pieces, all=marks)
                text = text[0].upper() + text[1:]
                used = {k: v for k, v in pieces.items() if "{" + k + "}" in wording}
                evidence = tuple(e.evidence(i + 1) for i, e in enumerate(entries))
                found.append(Case(half, kind, entries[0].slug, text, evidence, used))
            place += PER_WORDING[half]
    return found
