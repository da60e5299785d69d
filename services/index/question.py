"""What a typed question asks for: concepts, negation, values, time, order, status, kinds of resource.

All of it is computed from the words; what is not understood stays in `text` and `terms` and is searched
as it stands. `parse` takes any string and never raises.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass, field

from services.knowledge.assertion import ABSENT, FAMILY, HISTORICAL, assess, laterality
from services.knowledge.codes import find_codes
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.periods import Period, find_period
from services.knowledge.quantities import Comparison, find_comparisons
from services.knowledge.shorthand import find_shorthand
from services.knowledge.spelling import Speller
from services.knowledge.terms import TOKEN, normal
from services.knowledge.time_words import MONTHS, spelled_out

__all__ = ["Comparison", "Question", "parse"]

MAX_LENGTH = 8_000  # what comes after is no question


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read."""

    text: str
    expanded: str
    concepts: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    laterality: str | None = None
    comparisons: tuple[Comparison, ...] = ()
    qualifiers: frozenset[str] = frozenset()
    period: Period = (None, None)
    order: str | None = None
    status: str | None = None
    resource_types: frozenset[str] = field(default_factory=frozenset)
    family: bool = False
    codes: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def _words(table: dict[str, str]) -> dict[str, str]:
    return {normal(word): value for value, words in table.items() for word in words.split()}


_QUALIFIERS = _words(
    {
        "high": "high elevated raised increased uncontrolled hi",
        "low": "low decreased reduced lowered subtherapeutic",
        "abnormal": "abnormal deranged",
        "critical": "critical panic alarming dangerous",
        "normal": "normal unremarkable wnl",
        "positive": "positive reactive detected pos",
        "negative": "negative nonreactive neg undetected",
        "severe": "severe serious",
    }
)
_TYPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"medications?|meds?|drugs?|medicines?|prescriptions?|prescribed|rx|pills?|tablets?|dose|doses|dosage|taking",
        ("MedicationRequest", "MedicationStatement"),
    ),
    (r"allerg(?:y|ies|ic)|intoleran(?:ce|t|ces)|nkda", ("AllergyIntolerance",)),
    (r"labs?|laboratory|blood ?work|blood tests?|lab results?|bloods", ("Observation", "DiagnosticReport")),
    (r"vitals?|vital signs?|measurements?|observations?", ("Observation",)),
    (
        r"notes?|documents?|letters?|summary|summaries|documented|discharge summar(?:y|ies)|dictation|documentation",
        ("DocumentReference", "Composition"),
    ),
    (
        r"immuni[sz]ations?|immuni[sz]ed|vaccin\w+|shots?|jabs?|boosters?",
        ("Immunization",),
    ),
    (r"procedures?|surger(?:y|ies)|surgical|operations?|operated|operative", ("Procedure",)),
    (
        r"imaging|x-?rays?|radiology|scans?|mri|ct|ultrasounds?|radiographs?|mammograms?|echo(?:cardiograms?)?",
        ("DiagnosticReport", "ImagingStudy"),
    ),
    (r"reports?|pathology|biops(?:y|ies)|cultures?", ("DiagnosticReport",)),
    (r"problems?|diagnos[ei]s|diagnosed|conditions?|comorbidit(?:y|ies)|illness(?:es)?", ("Condition",)),
    (
        r"visits?|encounters?|admissions?|admitted|appointments?|hospitali[sz]ations?|hospitali[sz]ed|consults?|seen",
        ("Encounter",),
    ),
    (r"care ?plans?|treatment plans?|plan of care", ("CarePlan",)),
    (r"goals?", ("Goal",)),
    (r"family history|family hx|fhx", ("FamilyMemberHistory",)),
)
_TYPE_HINTS = tuple((re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE), types) for body, types in _TYPES)
_KIND_TYPES = {"vaccine": ("Immunization",), "document": ("DocumentReference", "Composition")}

_LATEST = re.compile(
    r"(?<!\w)(?:most recent(?:ly)?|latest|newest|recent(?:ly)?|last(?! (?:name|resort|few|couple)\b))(?!\w)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"(?<!\w)(?:first(?![- ](?:degree|line|trimester|aid|name|generation|time)\b)|earliest|oldest|initial(?:ly)?)(?!\w)",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"(?<!\w)(?:current(?:ly)?|active(?!\w|ly| range)|ongoing|right now|at present|presently|still|now|taking)(?!\w)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?<!\w)(?:(?:past |prior |previous |personal |remote )?(?:history|hx) of(?! present)|h/o|stopped|discontinued"
    r"|no longer(?: taking| on)?|former(?:ly)?|past(?! medical| surgical| due)|previous(?:ly)?|prior(?! to| auth)"
    r"|resolved|inactive|used to|ever had|old(?!er|est)(?<!years old)(?<!year old)|d/c'?d)(?!\w)",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"(?<!\w)(?:family (?:history|hx)|fhx?|famhx|(?:mother|father|brother|sister|parent|sibling|grand\w+|aunt|uncle)s?"
    r"(?:'s)? (?:had|has|with|died|history)|runs in the family|relatives? with)(?!\w)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?<!\w)(?:age[ds]?|older than|younger than)\s*(?:over|under|above|below|between|[<>=≥≤]+|is|of|from)?\s*[0-9]{1,3}"
    r"(?:\s*(?:-|to|and)\s*[0-9]{1,3})?|(?:over|under|above|below)?\s*[0-9]{1,3}[- ]?(?:years?|yrs?|y)[-/ ]?(?:old|o)(?!\w)",
    re.IGNORECASE,
)
_STOP = """
a about after all also am an and any are as at be been before being between both by can could did do does doing done
during each ever every find for from get give given had has have having he her here him his how i if in into is it its
list look lookup me more most my of on or our out over patient patients per please pt s search see she should show so
some such tell than that the their them then there these they this those to today under up us was we were what when
where which while who whom whose why will with within would you your anything something someone evidence mention
mentions mentioned record records documentation regarding related information result results value values level levels
reading readings
"""
STOP_WORDS = frozenset(normal(word) for word in _STOP.split())


def parse(query: str, as_of: dt.date) -> Question:
    """Read a question; `as_of` is the day that "last year" is reckoned from."""
    typed = " ".join(str(query)[:MAX_LENGTH].replace("\x00", " ").split())
    text, slips = _speller().corrected(typed)
    text = spelled_out(text, as_of)
    known = lexicon()
    codes, code_spans = find_codes(text)
    mentions = [m for m in known.find(text, query=True) if not _overlaps(code_spans, m.start, m.end)]
    mentions = sorted((*mentions, *find_shorthand(text, mentions)), key=lambda m: m.start)
    mention_spans = sorted({(m.start, m.end) for m in mentions})
    comparisons, value_spans = find_comparisons(text, mentions, known)
    period, time_spans = find_period(
        text,
        as_of,
        lambda a, b: any(s < b and a < e for s, e in (*value_spans, *code_spans, *mention_spans)),
    )
    filters = [*code_spans, *value_spans, *time_spans]
    filters += [m.span() for m in _AGE.finditer(text) if not _overlaps(mention_spans, *m.span())]
    order, order_spans = _order(text, [*mention_spans, *time_spans])
    status, status_spans = _status(text, [*mention_spans, *time_spans])
    assertions = assess(text, mentions)
    family = bool(_FAMILY.search(text)) or any(a.polarity == FAMILY for a in assertions)
    if (
        status is None
        and not family
        and any(
            a.polarity == HISTORICAL and not _overlaps(time_spans, a.cue_start or 0, a.cue_end or 0)
            for a in assertions
        )
    ):
        status = "past"
    present, absent = _split(assertions, family)
    coded = (c for code in codes for c in _of_code(code))
    present = tuple(dict.fromkeys((*present, *coded)))
    qualifiers = _qualifiers(text, mentions, [*filters, *_cue_spans(assertions)])
    content = _without(text, [*filters, *order_spans, *status_spans])
    return Question(
        text=typed,
        expanded=known.expand(content or text, concepts=(*present, *sorted(absent))),
        concepts=present,
        absent=absent,
        laterality=_side(text, mentions),
        comparisons=tuple(comparisons),
        qualifiers=qualifiers,
        period=period,
        order=order,
        status=status,
        resource_types=_types(text, mentions),
        family=family,
        codes=codes,
        # What was typed may be a word of the record all the same.
        terms=tuple(dict.fromkeys((*_terms(content), *(written.lower() for written, _ in slips)))),
    )


_STATE_CUE = re.compile(
    r"no longer|resolved|gone|(?:\w+ )?(?:not|never) (?:yet )?(?:been )?(?:given|received|started|taken|performed|done|resumed)",
    re.IGNORECASE,
)
_PLAIN = """
latest recent current previous history medication medications allergy allergies vaccine vaccines result results value
values blood pressure weight notes visit visits procedure procedures problem problems imaging since before after between
during month months year years week weeks today yesterday without admission discharge summary surgery
through though although throughout thorough clinician clinicians contain contains picked precise precisely
"""


@functools.cache
def _speller() -> Speller:
    return Speller(_PLAIN.split(), (*MONTHS, *_STOP.split()))


def _of_code(code: str) -> tuple[str, ...]:
    """What a literal code of any system stands for."""
    systems = ("loinc",) if "-" in code else ("snomed", "rxnorm", "cvx") if code.isdigit() else ("icd10cm",)
    return next((hit for system in systems if (hit := lexicon().by_code(system, code))), ())


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in spans)


def _order(text: str, taken: list[tuple[int, int]]) -> tuple[str | None, list[tuple[int, int]]]:
    for pattern, name in ((_LATEST, "latest"), (_FIRST, "first")):
        spans = [m.span() for m in pattern.finditer(text) if not _overlaps(taken, *m.span())]
        if spans:
            return name, spans
    return None, []


def _status(text: str, taken: list[tuple[int, int]]) -> tuple[str | None, list[tuple[int, int]]]:
    for pattern, name in ((_PAST, "past"), (_CURRENT, "current")):
        spans = [m.span() for m in pattern.finditer(text) if not _overlaps(taken, *m.span())]
        spans = [(a, b) for a, b in spans if not text[:a].lower().endswith(("family ", "not "))]
        if spans:
            return name, spans
    return None, []


def _split(assertions: list, family: bool) -> tuple[tuple[str, ...], frozenset[str]]:
    """Concepts asked for as present, and those asked for as negated."""
    absent = {a.mention.concept for a in assertions if a.polarity == ABSENT and not _ordering(a.cue)}
    present = [a.mention.concept for a in assertions if a.mention.concept not in absent]
    if family and len(present) > 1:
        present = [c for c in present if c != "document:family-history"]
    return tuple(dict.fromkeys(present)), frozenset(absent)


def _ordering(cue: str | None) -> bool:
    # "Resolved pneumonia" and "no longer on warfarin" ask for what was, which is status, not negation.
    # So do "vaccines not given" and "drugs never started".
    return cue is not None and _STATE_CUE.match(cue) is not None


def _cue_spans(assertions: list) -> list[tuple[int, int]]:
    return [(a.cue_start, a.cue_end) for a in assertions if a.cue_start is not None and a.polarity == ABSENT]


def _qualifiers(text: str, mentions: list[Mention], taken: list[tuple[int, int]]) -> frozenset[str]:
    found: set[str] = set()
    spans = [(m.start, m.end) for m in mentions]
    for token in TOKEN.finditer(text):
        value = _QUALIFIERS.get(normal(token.group()))
        if value and not _overlaps(taken, *token.span()) and not _overlaps(spans, *token.span()):
            found.add(value)
    if re.search(r"out of range|not normal|not controlled|poorly controlled", text, re.IGNORECASE):
        found.add("abnormal")
    known = lexicon()
    for mention in mentions:
        # "High potassium" is one term (hyperkalaemia) and also a qualified laboratory value.
        first = normal(mention.surface.split()[0])
        value = _QUALIFIERS.get(first)
        if value in ("high", "low") and any(
            r.startswith(("lab:", "vital:")) for r in known.related(mention.concept)
        ):
            found.add(value)
    return frozenset(found)


def _side(text: str, mentions: list[Mention]) -> str | None:
    for mention in mentions:
        if side := laterality(text, mention):
            return side
    match = re.search(r"(?<!\w)(left|right|bilateral)(?!\w)(?! now| away)", text, re.IGNORECASE)
    return match.group(1).lower() if match else None


def _types(text: str, mentions: list[Mention]) -> frozenset[str]:
    found: set[str] = set()
    for pattern, types in _TYPE_HINTS:
        if pattern.search(text):
            found.update(types)
    for mention in mentions:
        found.update(_KIND_TYPES.get(mention.concept.partition(":")[0], ()))
    if "FamilyMemberHistory" in found:
        found -= {"DocumentReference", "Composition"}
    return frozenset(found)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start > at:
            parts.append(text[at:start])
        at = max(at, end)
    parts.append(text[at:])
    kept = " ".join(" ".join(parts).split())
    # A preposition that only led to what was taken out goes with it.
    kept = re.sub(r"^(?:of|with|and|or|for|in|than)\s+", "", kept, flags=re.IGNORECASE)
    return re.sub(
        r"(?:\s+(?:in|on|at|since|for|of|with|from|the|is|was|than|and|or))+$", "", kept, flags=re.IGNORECASE
    )


def _terms(content: str) -> tuple[str, ...]:
    terms = []
    for token in TOKEN.finditer(content):
        word = token.group().lower().removesuffix("'s").removesuffix("’s")
        if normal(word) in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
            continue
        terms.append(word)
    return tuple(dict.fromkeys(terms))
