"""Which entries of a chart a plan speaks of, and the days that its anchors stand for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence

from services.bots.rag_pipeline.courses import courses
from services.bots.rag_pipeline.cues import MONTHS
from services.bots.rag_pipeline.plan import Anchor, Plan, Target
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import closeness, concepts_of
from services.index.features import stems
from services.index.text import values
from services.knowledge.lexicon import lexicon
from services.knowledge.units import convert

ALL = (
    "result",
    "medication",
    "condition",
    "allergy",
    "procedure",
    "immunization",
    "encounter",
    "report",
    "document",
)
Day = dt.date
Window = tuple[Day | None, Day | None]


def matching(chart: Chart, target: Target, kinds: Sequence[str] = ()) -> list[Entry]:
    """The entries of the target, oldest first, whatever their date and status.

    Of the kinds given (best first) the first that has any entry decides.
    """
    for kind in kinds or target.kinds or ALL:
        found = of_kind(chart, target, kind)
        if found:
            return found
    return []


def of_kind(chart: Chart, target: Target, kind: str) -> list[Entry]:
    """The entries of one kind that the target speaks of, oldest first."""
    entries = chart.entries(kind)
    if kind == "encounter" and target.classes:
        entries = [
            e for e in entries if e.extra.get("class") in target.classes or _by_type(e, target.classes)
        ]
    elif kind == "result" and target.classes:
        entries = [e for e in entries if _category(e) in target.classes and not e.part]
    elif kind == "report" and target.classes:
        entries = [e for e in entries if _imaging(e)]
    if target.purpose:
        entries = [e for e in entries if serves(e, target.purpose)]
    if target.concepts:
        entries = _about(entries, target.concepts) or _holding(
            entries, set(split_stems(target.label)) - _WEAK
        )
    elif kind == "result" and not target.words and not target.classes:
        entries = [e for e in entries if not e.part]
    entries = [e for e in entries if has_words(e, target.words)]
    if kind in ("condition", "procedure", "report") and len(entries) > 1:
        wanted = set(split_stems(target.label))
        entries = (_holding(entries, wanted) if len(wanted) > 1 else []) or entries
    if target.loose and entries:
        fits = [len(set(target.loose) & entry_stems(e)) for e in entries]
        if max(fits):
            entries = [e for e, fit in zip(entries, fits, strict=True) if fit == max(fits)]
    return entries


def _about(entries: list[Entry], concepts: Sequence[str]) -> list[Entry]:
    scored = [(e, max(closeness(e.own, e.named, c) for c in concepts)) for e in entries]
    best = max((score for _, score in scored), default=0)
    # What is only mentioned in a name counts where nothing is the thing itself.
    floor = 2 if best >= 2 else 1
    return [e for e, score in scored if score >= floor]


def exactly(entries: Sequence[Entry], concepts: Sequence[str]) -> list[Entry]:
    """Those that are the thing itself, where there are any: asked when the stroke was, the transient attack
    before it is another thing."""
    exact = [e for e in entries if any(c in e.own for c in concepts)]
    return exact or list(entries)


def _holding(entries: list[Entry], wanted: set[str]) -> list[Entry]:
    """The entries whose name holds all the words, of which there must be some."""
    return [e for e in entries if wanted <= set(split_stems(e.name))] if wanted else []


_WEAK = frozenset(stems("level test result value reading the a an of blood serum"))


def split_stems(text: str) -> list[str]:
    return stems(text.replace("-", " ").replace("/", " "))


def serves(entry: Entry, purpose: Sequence[str]) -> bool:
    """Whether the entry's recorded reason is one of the concepts."""
    own, named = concepts_of("condition", (), entry.extra.get("reason") or "")
    return any(closeness(own, named, c) for c in purpose)


def has_words(entry: Entry, words: Sequence[str]) -> bool:
    """Whether every stem stands in what the entry says of itself."""
    return not words or set(words) <= entry_stems(entry)


@functools.lru_cache(maxsize=16_384)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def entry_stems(entry: Entry) -> frozenset[str]:
    known = entry.extra.get("_stems")
    if known is None:
        said = [entry.name, entry.about]
        said += [v for v in entry.extra.values() if isinstance(v, str)]
        if entry.measure and entry.measure.amount is None:
            said.append(entry.measure.text)
        site = entry.resource.get("bodySite")
        if isinstance(site, dict):
            said.append(str(site.get("text") or ""))
        known = entry.extra["_stems"] = _stems_of(" ".join(filter(None, said)))
    return known


def _category(entry: Entry) -> str:
    return next((values.code(c) for c in values.many(entry.resource.get("category")) if values.code(c)), "")


def _imaging(entry: Entry) -> bool:
    if entry.type == "ImagingStudy":
        return True
    codes = {values.code(c).upper() for c in values.many(entry.resource.get("category"))}
    return (
        bool(codes & {"RAD", "IMG", "RUS", "CT", "NMR", "NMS", "XRC", "OUS", "VUS", "CUS", "LP29684-5"})
        or "radiol" in entry.about.lower()
        or "imaging" in entry.about.lower()
    )


def _by_type(entry: Entry, classes: Sequence[str]) -> bool:
    """Encounters of foreign records often say what they are in their type only."""
    concepts = entry.own | entry.named
    return ("EMER" in classes and "encounter:emergency-visit" in concepts) or (
        "IMP" in classes and bool(concepts & {"encounter:hospital-admission", "encounter:intensive-care"})
    )


# Periods


def window(chart: Chart, plan: Plan) -> tuple[Window, list[str], bool]:
    """The days asked about: (first, last), what was said of each anchor, and whether all anchors were found."""
    since, until = plan.since, plan.until
    notes: list[str] = []
    for anchor in plan.anchors:
        found = anchored(chart, anchor, plan)
        if found is None:
            return (since, until), [f"{anchor.text.strip()}: the record holds no such event."], False
        (first, last), text = found
        notes.append(text)
        since = max(filter(None, (since, first)), default=None)
        until = min(filter(None, (until, last)), default=None)
    return (since, until), notes, True


def anchored(chart: Chart, anchor: Anchor, plan: Plan | None = None) -> tuple[Window, str] | None:
    """The days that an anchor leaves open; None where the record has no such event."""
    event = event_of(chart, anchor, plan)
    if event is None:
        return None
    entry, day = event
    one = dt.timedelta(days=1)
    name = entry.name if entry.kind != "encounter" else f"{entry.name} of {day}"
    text = f"{anchor.text.strip()}: {name}, {day.isoformat()} ({entry.reference})."
    last = entry_end(entry) or day
    if entry.kind == "encounter" and anchor.moment == "start":
        day = _through_emergency(chart, entry, day)
    if anchor.relation == "at-start":
        return (day, day + one if entry.kind == "encounter" else day), text
    if anchor.relation == "at-end":
        return (day, day), text
    if anchor.relation in ("since", "after", "both"):
        return (day, None), text
    if anchor.relation == "before":
        return (None, day - one), text
    if anchor.relation == "until":
        return (None, day), text
    if entry.kind in ("encounter", "procedure"):
        return (day, last) if anchor.moment == "start" else (day, day), text
    return (day, day), text


def _through_emergency(chart: Chart, entry: Entry, day: Day) -> Day:
    """The day on which an admitted patient came: a stay in the emergency department just before belongs to it."""
    if entry.extra.get("class") not in ("IMP", "ACUTE", "NONAC"):
        return day
    for other in chart.entries("encounter"):
        ended = entry_end(other) or other.first
        if other.extra.get("class") == "EMER" and ended and other.first and 0 <= (day - ended).days <= 1:
            day = min(day, other.first)
    return day


def entry_end(entry: Entry) -> Day | None:
    covered = days(entry.end)
    return covered[1] if covered else None


def event_of(chart: Chart, anchor: Anchor, plan: Plan | None = None) -> tuple[Entry, Day] | None:
    """The entry that an anchor names, and its day."""
    target = anchor.target
    months = [w for w in target.words if not w.isdigit()]
    years = [int(w) for w in target.words if w.isdigit()]
    bare = dataclasses.replace(target, words=(), purpose=(), loose=())
    entries = [e for e in matching(chart, bare) if e.first and happened(e)]
    if target.kinds == ("condition",):
        entries = exactly(entries, target.concepts)
    if target.kinds == ("condition",) and not target.concepts and plan is not None:
        entries = _diagnosed(chart, plan)
    if plan is not None and target.kinds == ("encounter",) and (plan.since or plan.until):
        entries = [e for e in entries if e.within(plan.since, plan.until)] or entries
    if months:
        entries = [e for e in entries if e.first and e.first.month == MONTHS.get(months[0])]
    if years:
        entries = [e for e in entries if e.first and e.first.year == years[0]]
    if anchor.moment == "end" and target.kinds == ("medication",):
        ended = [(c.entries[-1], c.ended_day) for c in courses(entries, chart.as_of) if c.ended_day]
        return ended[-1] if ended else None
    if not entries:
        return None
    if target.kinds == ("result",):
        entries = entries[-1:] if anchor.pick != "earliest" else entries[:1]
    entry = (
        entries[0]
        if anchor.pick == "earliest"
        else entries[-2]
        if anchor.pick == "previous" and len(entries) > 1
        else entries[-1]
    )
    day = (entry_end(entry) if anchor.moment == "end" else None) or entry.first
    return (entry, day) if day else None


def _diagnosed(chart: Chart, plan: Plan) -> list[Entry]:
    """The problem that "at diagnosis" means: the one that what is measured is followed for."""
    known = lexicon()
    wanted = {
        r for c in plan.target.concepts if c in known for r in known.related(c) if r.startswith("problem:")
    }
    found = [e for e in chart.entries("condition") if e.first and happened(e)]
    return [
        e
        for e in found
        if any(closeness(e.own, e.named, w) or (w in known and e.own & set(known.closure(w))) for w in wanted)
    ]


def happened(entry: Entry) -> bool:
    """Whether the entry is something that was: not planned, cancelled, refuted or not done."""
    return entry.status not in (
        "planned", "cancelled", "not-done", "preparation", "entered-in-error", "refuted", "proposed", "draft", "booked", "pending",
        "proposal", "do-not-give", "not-taken", "intended", "unconfirmed", "none-known", "registered", "noshow",
    )  # fmt: skip


def meets(entry: Entry, plan: Plan) -> bool:
    """Whether a result's value is inside the bounds asked for."""
    measure = entry.measure
    if measure is None or measure.amount is None:
        return False
    for bound in plan.bounds:
        if closeness(entry.own, entry.named, bound.concept) < 2:
            continue
        value = measure.amount
        if bound.unit and measure.code:
            converted = convert(value, measure.code, bound.unit, bound.concept)
            if converted is None:
                continue
            value = converted
        if _inside(value, measure.comparator, bound.op, bound.value, bound.high):
            return True
    return False


def _inside(value: float, sign: str, op: str, limit: float, high: float | None) -> bool:
    if sign in ("<", "<="):  # the value is somewhere below
        return op in ("<", "<=") and value <= limit
    if sign in (">", ">="):
        return op in (">", ">=") and value >= limit
    if op == "between" and high is not None:
        return limit <= value <= high
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
    }.get(op, False)
