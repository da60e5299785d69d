"""Whether what a sentence mentions is in its evidence, said of the same person, and not denied there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.assertions import (
    ABSENT,
    FAMILY,
    FAMILY_ABSENT,
    HISTORICAL,
    HYPOTHETICAL,
    POSSIBLE,
    PRESENT,
    RESOLVED,
    Seen,
)
from services.grounding.case import Case
from services.grounding.laterality import side_of
from services.grounding.named import called
from services.grounding.reading import polarity_at
from services.grounding.relatives import FAMILY_WORD, relative_at
from services.grounding.sources import ALLOWED, Source, not_done, polarities, relation
from services.grounding.terms import SKIPPED, given, measured
from services.grounding.words import GLUE, SAME, words_of
from services.knowledge.lexicon import lexicon
from services.knowledge.terms import key

_ALLERGY = re.compile(r"\b(?:allerg\w*|intoleran\w*|anaphyla\w*|hypersensitiv\w*)\b", re.IGNORECASE)

_UNSTARTED = re.compile(
    r"\b(?:cancell?ed|draft|proposed|planned|intended|to be|plan(?:s|ned)?|would|will)\b", re.IGNORECASE
)

_NOT_YET = re.compile(
    r"\b(?:not|n't)\b[^.;]{0,40}\b(?:yet|so far|still)\b|\bnot yet\b|\byet to be\b", re.IGNORECASE
)

_REACTION = re.compile(r"\b(?:rash|hives|urticaria|swelling|reaction|anaphyla\w*|itch\w*)\b", re.IGNORECASE)

_HEDGE = re.compile(
    r"\b(?:may|might|possibl\w+|provisional\w*|suspect\w+|likely|probabl\w+|unconfirmed|presum\w+|appears?|considered)\b",
    re.IGNORECASE,
)
_SAID = {
    PRESENT: "as present",
    ABSENT: "as absent",
    POSSIBLE: "as possible only",
    FAMILY: "of a relative",
    FAMILY_ABSENT: "as absent in the family",
    HISTORICAL: "as past",
    HYPOTHETICAL: "as something that might be",
    RESOLVED: "as resolved",
}


def check_findings(case: Case) -> None:
    """Every concept that the sentence mentions."""
    groups: dict[tuple[int, int], list[Seen]] = {}
    for seen in case.reading.seen:
        groups.setdefault((seen.start, seen.end), []).append(seen)
    for (start, end), group in groups.items():
        group = [s for s in group if not s.concept.startswith(SKIPPED)]
        if group and not _part_of_date(case, start, end):
            _check(case, start, end, group)
    _check_allergy(case)


def _part_of_date(case: Case, start: int, end: int) -> bool:
    return any(d.start < end and start < d.end for d in case.reading.dates)


def _check(case: Case, start: int, end: int, group: Sequence[Seen]) -> None:
    said = group[0].surface
    concepts = {s.concept for s in group}
    polarity = group[0].polarity
    kind = "drug" if any(given(c) for c in concepts) else "finding"
    found = _found(case.everything, concepts, said, polarity)
    if not found and polarity in (ABSENT, RESOLVED):
        found = _found(case.everything, concepts, said, PRESENT)
    if not found:
        if _implied(case, start, end, concepts) or _only_glue(said):
            return
        if named := called(case, concepts, polarity):
            case.good(kind, start, end, (v.source for v in named), "by its value")
            return
        found = [] if any("no-known" in c for c in concepts) else _by_words(case, said, concepts)
    if not found:
        case.bad(kind, start, end, f"{said} is not in the evidence.")
        return
    if kind != "drug":
        found = [f for f in found if f[1].concept in concepts] or found
    found = _of_side(case, group[0], found)
    others = {_digits(x.surface) for _, x in found} - {""}
    if (digits := _digits(said)) and others and digits not in others:
        case.bad("number", start, end, f"{said} is {found[0][1].surface} in the evidence.")
        return
    allowed = ALLOWED[polarity]
    if polarity == ABSENT and re.search(r"history|never|ever", group[0].cue, re.IGNORECASE):
        allowed = frozenset({ABSENT})
    if _UNSTARTED.search(case.text) or (polarity == ABSENT and _NOT_YET.search(case.text)):
        allowed |= {HYPOTHETICAL}
    right = [(source, seen) for source, seen in found if polarities(source, seen) & allowed]
    if right:
        if polarity == FAMILY or any(FAMILY in polarities(*f) for f in right):
            right = _of_relative(case, start, right)
            if not right:
                return
        case.good(kind, start, end, (source for source, _ in right))
        return
    told = sorted({p for f in found for p in polarities(*f)})
    if told == [POSSIBLE] and polarity == PRESENT and _HEDGE.search(case.text):
        case.good(kind, start, end, (source for source, _ in found))
        return
    subject = polarity == FAMILY or told == [FAMILY]
    subject &= FAMILY_ABSENT not in told
    how = ", ".join(_SAID[p] for p in told)
    case.bad("subject" if subject else "negation", start, end, f"The evidence tells {said} {how}.")


def _of_side(case: Case, said: Seen, found: list[tuple[Source, Seen]]) -> list[tuple[Source, Seen]]:
    """Where the sentence names a side, what the evidence says of that side: "R knee pain. Denies left knee pain"."""
    side = side_of(case.reading, said)
    same = [(source, seen) for source, seen in found if side and side_of(source.reading, seen) == side]
    return same or found


def _found(
    sources: Sequence[Source], concepts: set[str], said: str, polarity: str
) -> list[tuple[Source, Seen]]:
    """Where the evidence mentions it: by the concept, or in the same words."""
    absent = polarity in (ABSENT,)
    words = key(said)
    return [
        (source, seen)
        for source in sources
        for seen in source.reading.seen
        if relation(concepts, seen.concept, absent=absent) or (words and key(seen.surface) == words)
    ]


def _digits(name: str) -> str:
    """The digits of a name: PHQ-2 is no PHQ-9, though both are the one kind of questionnaire."""
    return re.sub(r"\D", "", name)


def _only_glue(said: str) -> bool:
    return all(w.stem in GLUE for w in words_of(said))


def _by_words(case: Case, said: str, concepts: set[str]) -> list[tuple[Source, Seen]]:
    """A sentence of the evidence that holds the term's words in another order: "sugars in the 200s fasting"."""
    wanted = frozenset(SAME.get(w.stem, w.stem) for w in words_of(said) if w.stem not in GLUE)
    enough = (
        len(wanted)
        if any(c.startswith(("problem:", "symptom:", "drug:", "drugclass:")) for c in concepts)
        else (len(wanted) + 1) // 2
    )
    negative = re.search(r"\b(?:no|not|without|non)\b", said, re.IGNORECASE) is not None
    found = []
    for source in case.everything:
        for low, high in source.reading.bounds:
            figures = frozenset(w for w in wanted if any(map(str.isdigit, w)))
            if not wanted or source.holds_words(wanted, low, high) < enough:
                continue
            if source.holds_words(figures, low, high) < len(figures):
                continue
            place = next(
                (
                    w
                    for w in source.reading.words
                    if low <= w.start < high and SAME.get(w.stem, w.stem) in wanted
                ),
                None,
            )
            if place is None:
                continue
            polarity = PRESENT if negative else polarity_at(source.reading, place.start, place.end)
            polarity = ABSENT if not_done(source) else polarity
            found.append((source, Seen(next(iter(concepts)), place.start, place.end, said, polarity)))
    return found


_WEIGHT = {"symptom:weight-loss": -1, "symptom:weight-gain": 1, "problem:weight-gain": 1}


_WEIGHT_TOLD = {
    -1: re.compile(
        r"\b(?:weight (?:is )?(?:down|loss|lower)|los(?:t|ing|es) (?:weight|(?:about |over )?\d[\d.]* ?(?:kg|lb)))\b",
        re.IGNORECASE,
    ),
    1: re.compile(
        r"\b(?:weight (?:is )?(?:up|gain|higher)|gain(?:ed|ing|s) (?:weight|(?:about |over )?\d[\d.]* ?(?:kg|lb)))\b",
        re.IGNORECASE,
    ),
}
_BOUGHT = re.compile(r"\b(?:bought|purchased|OTC|over[- ]the[- ]counter)\b", re.IGNORECASE)


def _implied(case: Case, start: int, end: int, concepts: set[str]) -> bool:
    """What the evidence tells without the word: "weight" in "88.4 kg", a lost weight in two of them."""
    words = lexicon()
    if any(_in_family(case, c) for c in concepts) or _of_category(case, concepts):
        return True
    if concepts & {"drugclass:over-the-counter"}:
        return any(_BOUGHT.search(s.reading.text) for s in case.everything)
    if "pack-year" in case.text[start:end].lower():
        return any(a.figure.unit == "pack-year" for s in case.everything for a in s.reading.amounts)
    change = next((_WEIGHT[c] for c in concepts if c in _WEIGHT), 0)
    if change:
        weights = [
            v for v in case.values() if v.figure.unit in ("kg", "[lb_av]") and v.figure.kind == "value"
        ]
        if any(_WEIGHT_TOLD[change].search(s.reading.text) for s in case.everything):
            return True
        past = [v.figure.value for v in weights if v.earlier]
        now = [v.figure.value for v in weights if not v.earlier]
        return bool(past and now) and all((n - p) * change > 0 for n in now for p in past)
    if not all(map(measured, concepts)):
        return False
    for source in case.everything:
        for amount in source.reading.amounts:
            if any(relation(concepts, t) for t in amount.topics):
                return True
            unit = amount.figure.unit
            if unit and concepts & {"vital:body-weight"} and unit in ("kg", "[lb_av]"):
                return True
            if any(unit in words.get(c).units for c in concepts if c in words and unit == "mm[Hg]"):
                return True
        if concepts & {"vital:blood-pressure"} and any(
            seen.concept == "problem:hypertension" for seen in source.reading.seen
        ):
            return True
    return False


_HISTORY_OF = "problem:family-history-of-"
_CATEGORY = re.compile(r"(?m)^Category:\s*(\w+)")


def _in_family(case: Case, concept: str) -> bool:
    """Whether a "family history of heart disease" is one that the evidence tells of a relative: "father had MI"."""
    what = concept.removeprefix(_HISTORY_OF)
    return what != concept and any(
        relation({f"problem:{what}"}, seen.concept) and FAMILY in polarities(source, seen)
        for source in case.everything
        for seen in source.reading.seen
    )


def _of_category(case: Case, concepts: set[str]) -> bool:
    """Whether a "food allergy" is an allergy of that category."""
    return concepts <= {"problem:food-allergy", "problem:drug-allergy"} and any(
        source.evidence.resource_type == "AllergyIntolerance"
        and (found := _CATEGORY.search(source.reading.text)) is not None
        and f"problem:{'drug' if found[1] == 'medication' else found[1]}-allergy" in concepts
        for source in case.everything
    )


def _of_relative(case: Case, at: int, right: Sequence[tuple[Source, Seen]]) -> list[tuple[Source, Seen]]:
    """Of the right relative: a mother's diabetes is no father's."""
    said = relative_at(case.text, at)
    if not said:
        return list(right)
    kept = []
    others: set[str] = set()
    for source, seen in right:
        bounds = source.reading.bounds[source.reading.sentence_at(seen.start)]
        told = relative_at(source.reading.text[bounds[0] : bounds[1]], seen.start - bounds[0])
        if not told or said & told or "family" in told:
            kept.append((source, seen))
        others |= told
    if not kept:
        start, end = case.reading.seen[0].start, case.reading.seen[0].end
        place = FAMILY_WORD.search(case.text)
        if place:
            start, end = place.span()
        case.bad(
            "subject", start, end, f"The evidence tells it of: {', '.join(sorted(others)) or 'someone else'}."
        )
    return kept


def _check_allergy(case: Case) -> None:
    """An allergy is claimed only where the evidence speaks of one, and of one to the same thing."""
    said = _ALLERGY.search(case.text)
    if not said or any(s.start <= said.start() < s.end and s.polarity == ABSENT for s in case.reading.seen):
        return  # that none is denied is judged as any finding is
    agents = {s.concept for s in case.reading.seen if given(s.concept)}
    for source in case.everything:
        if source.evidence.resource_type == "AllergyIntolerance":
            return
        reading = source.reading
        for found in _ALLERGY.finditer(reading.text):
            here = reading.sentence_at(found.start())
            near = [s.concept for s in reading.seen if abs(reading.sentence_at(s.start) - here) <= 1]
            if not agents or any(relation(agents, c) for c in near):
                return
        for seen in reading.seen:
            if agents and relation(agents, seen.concept) and _REACTION.search(reading.around(seen.start)):
                return
    case.bad("finding", *said.span(), "The evidence tells of no such allergy.")
