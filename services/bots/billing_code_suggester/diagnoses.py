"""The diagnoses of an encounter: what was recorded, linked or asserted in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.bots.billing_code_suggester import coding, model
from services.bots.billing_code_suggester.model import Diagnosis, Findings, Support, support
from services.bots.billing_code_suggester.notes import Told, told
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.chart.naming import concepts_of
from services.index.text import values
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under

_UNCERTAIN = frozenset(["unconfirmed", "provisional", "differential"])
_LINK, _REASON, _ASSESSED, _RECORDED, _TREATED, _TEXT = 10, 30, 40, 60, 70, 80
"""Ranks: the encounter's own diagnoses and reasons come before what its notes assess in their order,
what was recorded, what was treated, and what stands in a note alone."""
_PURPOSE = re.compile(
    r"^(?:follow[ -]?up|f/u|evaluation|management|treatment|review|check|re-?check|monitoring)\s+(?:visit\s+)?(?:of|for)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_FOUR_WEEKS = dt.timedelta(days=28)


@dataclass(slots=True)
class _Named:
    """A condition that belongs to the encounter, and what says so."""

    name: str
    codings: tuple[tuple[str, str], ...]
    own: frozenset[str]
    rank: int
    supports: list[Support]
    entry: Entry | None = None
    side: str = ""
    use: str = ""
    worse: bool = False
    less: float = 0.0


def gather(visit: Visit, found: Findings) -> list[Diagnosis]:
    """The encounter's diagnoses, each as its most specific code, in the order of their ranks."""
    by_reference: dict[str, _Named] = {}
    loose: list[_Named] = []
    for named in _linked(visit):
        known = by_reference.get(named.entry.reference) if named.entry else None
        if known is None:
            if named.entry:
                by_reference[named.entry.reference] = named
            else:
                loose.append(named)
        else:
            known.rank, known.use = min(known.rank, named.rank), known.use or named.use
            known.supports += [s for s in named.supports if s not in known.supports]
    texts = _noted(visit, by_reference)
    listed = [_coded(visit, named, found) for named in (*by_reference.values(), *loose)]
    listed += [_from_text(visit, each, rank, found) for rank, each in texts]
    return merged([d for d in listed if d is not None])


def _linked(visit: Visit) -> Iterator[_Named]:
    conditions = {e.reference: e for e in visit.chart.entries("condition")}
    for number, item in enumerate(values.objs(visit.resource.get("diagnosis"))):
        rank = item.get("rank")
        use = values.code(item.get("use"))
        order = rank if isinstance(rank, int) and rank > 0 else number + 1
        first = {"DD": -5, "billing": -5, "CC": -1}.get(use, 0)
        yield from _of(conditions, item.get("condition"), _LINK + first + min(order, 15), visit, use)
    for number, link in enumerate(values.objs(visit.resource.get("reasonReference"))):
        yield from _of(conditions, link, _REASON + number, visit)
    for concept in values.objs(visit.resource.get("reasonCode")):
        name = _PURPOSE.sub("", values.concept(concept))
        codings = values.codings(concept)
        yield _Named(name, codings, concepts_of("condition", codings, name)[0], _REASON + 5,
                     [support(visit.entry, name)], side=coding.side_of(name))  # fmt: skip
    for entry in visit.of("condition"):
        yield _named(entry, _RECORDED, support(entry))
    for entry in visit.near("condition"):
        yield _named(entry, _RECORDED + 5, support(entry), model.NEAR)
    for entry in (*visit.orders, *visit.of("order", "procedure")):
        for link in values.objs(entry.resource.get("reasonReference")):
            for named in _of(conditions, link, _TREATED, visit):
                named.supports.append(support(entry))
                yield named


def _of(conditions: dict[str, Entry], link: Any, rank: int, visit: Visit, use: str = "") -> Iterator[_Named]:
    reference = values.obj(link).get("reference")
    entry = conditions.get(reference) if isinstance(reference, str) else None
    if entry:
        named = _named(entry, rank, support(entry))
        named.supports.append(visit.reference)
        named.use = use
        yield named


def _named(entry: Entry, rank: int, why: Support, less: float = 0.0) -> _Named:
    side = coding.side_of(f"{entry.name} {entry.about}")
    return _Named(
        entry.name, values.codings(entry.resource.get("code")), entry.own, rank, [why], entry, side, less=less
    )


def _noted(visit: Visit, by_reference: dict[str, _Named]) -> list[tuple[int, Told]]:
    """What the notes assert: it joins a problem of the list that is the same, else stands for itself."""
    problems = [
        e for e in visit.chart.entries("condition")
        if e.status in ("active", "recurrence", "relapse", "") and (e.first is None or e.first <= visit.end)
    ]  # fmt: skip
    rest: list[tuple[int, Told]] = []
    for document, text in visit.notes:
        for place, each in enumerate(told(document, text)):
            same = [e for e in problems if each.concept in e.own] or [
                e for e in problems if each.concept in e.named
            ]
            if each.past or len(same) != 1:
                rest.append((_ASSESSED + min(place, _TREATED - _ASSESSED - 1), each))
                continue
            at = _ASSESSED + min(place, _RECORDED - _ASSESSED - 1)
            named = by_reference.setdefault(same[0].reference, _named(same[0], _TEXT, support(same[0])))
            named.supports.insert(0, each.support)
            named.rank = min(named.rank, at)
            named.worse |= each.worse
            named.side = named.side or each.side
    return rest


def _coded(visit: Visit, named: _Named, found: Findings) -> Diagnosis | None:
    entry = named.entry
    if entry and (
        entry.status in ("refuted", "none-known", "entered-in-error")
        or (entry.first and entry.first > visit.end)
    ):
        return None
    certain = True
    if entry and entry.status in _UNCERTAIN:
        certain = False
        if not (visit.inpatient and named.use == "DD"):
            found.warn(
                f"{named.name} is recorded as {entry.status}: an uncertain diagnosis isn't coded for this encounter."
            )
            return None
    read = coding.read(named.codings, named.name, named.own, found)
    if read is None and entry is None:
        return None  # words of a reason that name no disease
    if read is None:
        found.gap(f"No ICD-10-CM code is certain for: {named.name}", "diagnosis code",
                  "Which diagnosis of ICD-10-CM is meant?")  # fmt: skip
        return None
    code = _timely(read.code, visit, entry, found)
    if code is None:
        return None
    stage = f" {entry.extra.get('stage')}" if entry and entry.extra.get("stage") else ""
    text = named.name + stage
    final = coding.specific(coding.staged(code, text), named.side, _episode(visit, entry), text, found)
    if final is None:
        return None
    confidence = (read.confidence if certain else model.INFERRED) - named.less
    new = bool(entry and entry.first and entry.first >= visit.start)
    return Diagnosis(final, _open(final, confidence), named.supports, named.rank, named.own, named.name,
                     addressed=final == code or not tables.never_first(final), worse=named.worse, new=new)  # fmt: skip


def _from_text(visit: Visit, each: Told, rank: int, found: Findings) -> Diagnosis | None:
    """What a note alone says: a disease, or one that was had before."""
    if each.past:
        past = tables.history_of(each.code)
        why = "history in a note"
        return Diagnosis(past, model.NOTED, [each.support], _TEXT, why=why, addressed=False) if past else None
    code = _timely(each.code, visit, None, found)
    episode = "A" if visit.kind == "EMER" else ""
    final = coding.specific(code, each.side, episode, each.text, found) if code else None
    if final is None:
        return None
    about = frozenset([each.concept])
    sure = _open(final, model.NOTED)
    return Diagnosis(final, sure, [each.support], rank, about, each.text, worse=each.worse)


def _open(code: str, confidence: float) -> float:
    return round(confidence - (model.OPEN if icd10().open(code) else 0), 3)


def _timely(code: str, visit: Visit, entry: Entry | None, found: Findings) -> str | None:
    """A disease that was over when the encounter began is history; an infarction is old after four weeks, and a stroke
    is over after its first care (Official Guidelines I.C.9.d, I.C.9.e.4, I.C.21.c.4)."""
    ended = entry.end if entry else None
    over = bool(ended and ended[:10] < visit.start.isoformat()[: len(ended[:10])])
    over |= bool(entry and entry.status in ("resolved", "inactive", "remission") and not ended)
    onset = entry.first if entry else None
    if under(code, ("Z89", "Z90")) and onset and onset >= visit.start:
        return None  # what is taken out in this encounter
    if code == "I25.2" and onset and visit.start - onset <= _FOUR_WEEKS:
        return None
    if under(code, ("I21", "I22")) and onset and visit.start - onset > _FOUR_WEEKS:
        return "I25.2"
    if (
        under(code, ("I60-I63", "G45"))
        and onset
        and onset < visit.start
        and not visit.inpatient
        and visit.kind != "EMER"
    ):
        found.gap("Stroke or TIA in the past: what remains of it isn't documented", code,
                  "Are there deficits that remain from it, and which?")  # fmt: skip
        return "Z86.73"
    return tables.history_of(code) if over else code


def _episode(visit: Visit, entry: Entry | None) -> str:
    """A: care from the day of the injury or in an emergency department; D: later care of an injury that is dated before."""
    onset = entry.first if entry else None
    if visit.kind == "EMER" or (onset and visit.start <= onset <= visit.end):
        return "A"
    return "D" if onset and onset < visit.start and not visit.inpatient else ""


def merged(listed: list[Diagnosis]) -> list[Diagnosis]:
    """Each code once; of one disease the code that says more."""
    table = icd10()
    by_code: dict[str, Diagnosis] = {}
    for each in sorted(listed, key=lambda d: (d.rank, -d.confidence)):
        known = by_code.get(each.code)
        if known is None:
            by_code[each.code] = each
            continue
        if (
            each.confidence < known.confidence <= model.CONCEPT + model.LISTED
            or known.confidence <= model.NOTED
        ):
            known.confidence = round(
                min(model.CODED, max(known.confidence, each.confidence) + model.LISTED / 2), 3
            )
        known.supports += [s for s in each.supports if s not in known.supports]
        known.concepts, known.worse = known.concepts | each.concepts, known.worse or each.worse
    kept = []
    for each in by_code.values():
        wider = _plain(each.code) and any(
            other.code[:3] == each.code[:3]
            and other is not each
            and not table.open(other.code)
            and not _plain(other.code)
            for other in by_code.values()
        )
        if not wider:
            kept.append(each)
    return kept


def _plain(code: str) -> bool:
    """Whether a code is the one of its category that says least. Organisms of one category are different ones."""
    if code.startswith(("B95", "B96", "B97")):
        return False
    title = icd10().display(code).lower()
    return (
        icd10().open(code)
        or "without complications" in title
        or title.endswith("uncomplicated")
        or code.endswith(".9")
    )
