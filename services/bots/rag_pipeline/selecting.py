"""Which entries of a chart a plan speaks of."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

from services.bots.rag_pipeline.plan import Plan, Target
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import closeness, concepts_of, denied, done
from services.chart.stays import is_inpatient
from services.index.features import stems
from services.index.text import values
from services.knowledge.quantities import Comparison
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
        entries = [e for e in entries if _of_class(e, target.classes)]
    elif kind == "result" and target.classes:
        entries = [e for e in entries if _category(e) in target.classes and not e.part]
    elif kind == "report":
        read = {r for e in entries for r in e.extra.get("studies") or ()}
        entries = [e for e in entries if e.reference not in read]  # the study is told by its report
        entries = [e for e in entries if _imaging(e)] if target.classes else entries
    if target.purpose:
        entries = [e for e in entries if serves(e, target.purpose)]
    if target.concepts:
        reasoned = [e for e in entries if serves(e, target.concepts)] if kind == "encounter" else []
        entries = reasoned or _about(entries, target.concepts) or _holding(
            [e for e in entries if not _another(e, target.concepts) and not (kind == "condition" and denied(e.name) & set(target.concepts))], set(split_stems(target.label)) - _WEAK
        )
    elif kind == "result" and not target.words and not target.classes:
        entries = [e for e in entries if not e.part]
    entries = [e for e in entries if has_words(e, target.words)]
    if kind in ("condition", "procedure", "report") and len(entries) > 1:
        wanted = set(split_stems(target.label))
        entries = (_holding(entries, wanted) if len(wanted) > 1 else []) or entries
    if kind == "encounter" and target.concepts and len(entries) > 1:  # "for viral sinusitis": where reasons say so, those
        wanted = set(split_stems(target.label))
        entries = ([e for e in entries if wanted <= entry_stems(e)] if len(wanted) > 1 else []) or entries
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


def _another(entry: Entry, concepts: Sequence[str]) -> bool:
    """Whether the entry is known to be something else of the same sort: hepatitis B vaccine, where A is asked for."""
    sorts = {c.partition(":")[0] for c in concepts} & {"vaccine", "drug", "organism"}
    return any(c.partition(":")[0] in sorts for c in entry.own)


def _holding(entries: list[Entry], wanted: set[str]) -> list[Entry]:
    """The entries whose name holds all the words, of which there must be some."""
    return [e for e in entries if wanted <= set(split_stems(done(e.kind, e.name)))] if wanted else []


_WEAK = frozenset(stems("level test result value reading the a an of blood serum"))


def split_stems(text: str) -> list[str]:
    return stems(text.replace("-", " ").replace("/", " "))


def serves(entry: Entry, purpose: Sequence[str]) -> bool:
    """Whether the entry's recorded reason is one of the concepts."""
    own, named = concepts_of("condition", (), entry.extra.get("reason") or "")
    return any(closeness(own, named, c) for c in purpose)


def still_to_come(chart: Chart, entries: Sequence[Entry]) -> list[Entry]:
    """Of appointments those ahead that hold."""
    return [e for e in entries if e.first and e.first >= chart.as_of and e.status not in ("cancelled", "noshow")]


def has_words(entry: Entry, words: Sequence[str]) -> bool:
    """Whether every stem stands in what the entry says of itself."""
    return not words or set(words) <= entry_stems(entry)


@functools.lru_cache(maxsize=16_384)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def entry_stems(entry: Entry) -> frozenset[str]:
    known = entry.extra.get("_stems")
    if known is None:
        said = [done(entry.kind, entry.name), entry.about]
        # What is kept with an entry once it was read ("_text") is not what it says of itself: the answer would hang on what was asked before.
        said += [v for k, v in entry.extra.items() if isinstance(v, str) and not k.startswith("_")]
        if entry.measure and entry.measure.amount is None:
            said.append(entry.measure.text)
        site = entry.resource.get("bodySite")
        if isinstance(site, dict):
            said.append(str(site.get("text") or ""))
        known = entry.extra["_stems"] = _stems_of(" ".join(filter(None, said)))
    return known


_KINDS = {"lab:": "laboratory", "vital:": "vital-signs", "social:": "social-history"}
_LABORATORY = frozenset(["lab", "labs", "26436-6", "laboratory test"])  # LOINC: Laboratory studies


def _category(entry: Entry) -> str:
    """HL7's category of a result; by what is measured where the record has none."""
    codes = [values.code(c).lower() for c in values.many(entry.resource.get("category"))]
    if code := next(filter(None, codes), ""):
        return "laboratory" if _LABORATORY.intersection(codes) else code
    return next((kind for c in entry.own for prefix, kind in _KINDS.items() if c.startswith(prefix)), "")


def _imaging(entry: Entry) -> bool:
    if entry.type == "ImagingStudy":
        return True
    codes = {values.code(c).upper() for c in values.many(entry.resource.get("category"))}
    return (
        bool(codes & {"RAD", "IMG", "RUS", "CT", "NMR", "NMS", "XRC", "OUS", "VUS", "CUS", "LP29684-5"})
        or "radiol" in entry.about.lower()
        or "imaging" in entry.about.lower()
    )


def _of_class(entry: Entry, classes: Sequence[str]) -> bool:
    """Whether an encounter is of one of the classes; foreign records often say it in its type only."""
    if "IMP" in classes and is_inpatient(entry):
        return True
    if "CHECKUP" in classes:
        return "encounter:wellness-visit" in entry.own | entry.named
    if "ICU" in classes:
        return "encounter:intensive-care" in entry.own | entry.named
    if entry.extra.get("class"):
        return entry.extra["class"] in classes
    return "EMER" in classes and "encounter:emergency-visit" in entry.own | entry.named


def happened(entry: Entry) -> bool:
    """Whether the entry is something that was: not planned, cancelled, refuted or not done."""
    return entry.status not in (
        "planned", "cancelled", "not-done", "preparation", "entered-in-error", "refuted", "proposed", "draft", "booked", "pending",
        "proposal", "do-not-give", "not-taken", "intended", "unconfirmed", "none-known", "registered", "noshow",
    )  # fmt: skip


def documents(chart: Chart, concepts: Sequence[str] = ()) -> list[Entry]:
    """The documents that stand, of these kinds where some are named."""
    kept = of_kind(chart, Target(tuple(concepts), ("document",)), "document")
    return [e for e in kept if e.status not in ("superseded", "entered-in-error")]


def meets(entry: Entry, plan: Plan) -> bool:
    """Whether a result's value is inside the bounds asked for."""
    return bounded(entry, plan.bounds)


def bounded(entry: Entry, bounds: Sequence[Comparison]) -> bool:
    """Whether a result's value is inside one of the bounds."""
    measure = entry.measure
    if measure is None:
        return False
    if measure.amount is None:
        return (pair := pressure(measure.text)) is not None and _pressure_meets(pair, bounds)
    for bound in bounds:
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


def pressure(text: str) -> tuple[float, float] | None:
    """A blood pressure written as 120/80: (systolic, diastolic)."""
    head = text.split()[0] if text else ""
    top, slash, bottom = head.partition("/")
    try:
        return (float(top), float(bottom)) if slash else None
    except ValueError:
        return None


def _pressure_meets(pair: tuple[float, float], bounds: Sequence[Comparison]) -> bool:
    """One number above its bound makes a pressure "above 140/90"; below it are both."""
    met = [_inside(pair[b.component == "diastolic"], "", b.op, b.value, b.high) for b in bounds]
    return bool(met) and (any(met) if bounds[0].op in (">", ">=") else all(met))


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
