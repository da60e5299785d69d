"""What holds for any document and any resource, however malformed."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.index.text import SUPPORTED, Rendered, chunking, document_text, markup, pieces, render
from services.index.text.sections import sections
from services.llm.embedded import load_tokenizer

NOTE = """HISTORY OF PRESENT ILLNESS: Mr. Hale is a 67-year-old man with chest pain for 2.5 hours. He denies dyspnea.
Pain radiates to the left arm and started at 6 a.m. today.

PAST MEDICAL HISTORY:
- Hypertension
- Type 2 diabetes mellitus, HbA1c 8.2 %
- CKD stage 3a

ALLERGIES: Penicillin (rash)

# Assessment and Plan
1. NSTEMI. Start heparin. Cardiology consulted.
2. Diabetes. Hold metformin; check glucose q.i.d. before meals and at bedtime.
"""
_WORDS = st.sampled_from(
    ["Patient denies chest pain.", "PLAN:", "\n", "\n\n", "- aspirin 81 mg\n", "1. Rest. ", "Dr. Lane said so. ", "8.2 %",
     "# Plan\n", "ASSESSMENT\n", "| a | b |\n", "\t", " ", "x" * 300, "é", "漢字", "\f", "***", "--------", "word " * 50,
     "Allergies: none\n", "no, yes; ", "¾", "🙂", "e.g. this ", "...", "\u0301", "_" * 90]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=600), st.lists(_WORDS, max_size=80).map("".join))


@settings(max_examples=250, deadline=None)
@given(_TEXTS)
def test_chunks_cover_a_document_without_loss(text: str) -> None:
    found = chunking.split(text)
    covered = bytearray(len(text))
    last = 0
    for piece in found:
        assert 0 <= piece.start < piece.end <= len(text)
        assert piece.start >= last  # in order, and no chunk lies within an earlier one
        assert not text[piece.start].isspace()
        assert not text[piece.end - 1].isspace()
        assert piece.end - piece.start <= chunking.MAX_CHARS
        assert pieces.count(text[piece.start : piece.end]) <= chunking.MAX_PIECES
        assert len(text[piece.start : piece.end].split()) <= chunking.MAX_WORDS
        covered[piece.start : piece.end] = b"\x01" * (piece.end - piece.start)
        last = piece.start
    assert all(covered[at] or text[at].isspace() for at in range(len(text)))
    for left, right in itertools.pairwise(found):
        assert right.end > left.end
        shared = max(0, left.end - right.start)
        assert pieces.count(text[right.start : right.start + shared]) <= 45


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_sections_cover_a_document_without_gap_or_overlap(text: str) -> None:
    at = 0
    for section in sections(text):
        assert section.start == at
        at = section.end
    assert at == len(text)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    found = load_tokenizer()
    found.no_truncation()
    return found


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TEXTS)
def test_piece_counts_are_never_below_the_tokenizers(tokenizer: Any, text: str) -> None:
    assert pieces.count(text) >= len(tokenizer.encode(text).ids) - 2


def test_piece_counts_of_clinical_text_are_exact(tokenizer: Any) -> None:
    assert pieces.count(NOTE) == len(tokenizer.encode(NOTE).ids) - 2


@pytest.mark.parametrize(
    "filler", ["x", "a ", "-", "\n", ". ", "A\n", "| ", "1. ", "(", "a.", "**", "#", "漢"]
)
def test_a_megabyte_of_anything_is_chunked(filler: str) -> None:
    text = filler * (1_000_000 // len(filler))
    found = chunking.split(text)
    assert sum(piece.end - piece.start for piece in found) >= len(text.strip()) * 0.4 or not text.strip()


def test_sections_are_recognised() -> None:
    titles = [section.title for section in sections(NOTE)]
    expected = ["HISTORY OF PRESENT ILLNESS", "PAST MEDICAL HISTORY", "ALLERGIES", "Assessment and Plan"]
    assert titles == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S: Cough.\nO: T 37.0\nA: Bronchitis.\n1. viral\nP: Fluids.", ["Subjective", "Objective", "Assessment", "Plan"]),
        ("**S:** cough\n**O:** clear\n**A:** URI\n**P:** rest", ["Subjective", "Objective", "Assessment", "Plan"]),
        ("S) Feels well\nO) BP 120/70\nA/P:\nContinue.", ["Subjective", "Objective", "A/P"]),
        ("A: Hypertension, controlled\nP: Continue lisinopril", ["Assessment", "Plan"]),
        ("Blood groups\nA: 40 %\nO: 45 %", [None]),
        ("Vitamins\nA: 3\nD: 4", [None]),
    ],
)
def test_a_note_in_letters_has_its_four_parts(text: str, expected: list[str | None]) -> None:
    assert [section.title for section in sections(text)] == expected


_LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["entered-in-error", "final", "2025-03-12", "Patient/p1", "#a", "8.2", "not-done", 10**400, "\x00"]),
)  # fmt: skip
_KEYS = st.sampled_from(
    re.findall(
        r"\w+",
        """id status code coding system display text value unit comparator valueQuantity valueString component low high
    referenceRange interpretation effectiveDateTime effectivePeriod start end issued category note subject patient
    reference clinicalStatus verificationStatus severity stage summary onsetAge abatementBoolean bodySite evidence
    detail dosageInstruction doseAndRate doseQuantity doseRange timing repeat frequency period periodUnit dayOfWeek
    timeOfDay when count boundsPeriod boundsDuration event route asNeededBoolean asNeededCodeableConcept maxDosePerPeriod
    numerator denominator medicationReference medicationCodeableConcept contained resourceType reaction manifestation
    substance criticality type vaccineCode protocolApplied doseNumberPositiveInt seriesDoses statusReason performer actor
    function class participant individual location hospitalization dischargeDisposition diagnosis condition use rank goal
    activity title description content attachment contentType data url presentedForm conclusion conclusionCode result
    author custodian context docStatus modifierExtension div dispenseRequest quantity numberOfRepeatsAllowed ingredient
    itemReference strength target measure detailQuantity scheduledTiming hasMember dataAbsentReason doNotPerform
    implicitRules authorString date sequence additionalInstruction family given name prefix substitution""",
    )
)
_JSON = st.recursive(
    _LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=40,
)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(SUPPORTED)), st.dictionaries(_KEYS, _JSON, max_size=14), _JSON)
def test_no_resource_however_malformed_raises(kind: str, fields: dict[str, Any], other: Any) -> None:
    resource = {**fields, "resourceType": kind}
    rendered = render(resource, lambda _: other)
    assert rendered is None or isinstance(rendered, Rendered)
    body = document_text(resource, lambda _: other)
    for chunk in rendered.chunks if rendered else ():
        assert chunk.text.strip()
        if chunk.start is not None:
            assert body[chunk.start : chunk.end] == chunk.text


@settings(max_examples=60, deadline=None)
@given(_JSON)
def test_what_is_no_resource_gives_nothing(value: Any) -> None:
    assert render(value) is None or isinstance(value, dict)


def test_endless_nesting_is_survived() -> None:
    nested: Any = {}
    for _ in range(50_000):
        nested = {"extension": [nested]}
    rendered = render({"resourceType": "Condition", "code": {"text": "Asthma"}, **nested})
    assert rendered is not None
    assert rendered.title == "Asthma"


@pytest.mark.parametrize("filler", ["<a ", "<!", "<!--", "<!--x>", "<![x>", "</", "<", "<a b='"])
def test_markup_that_never_closes_is_read(filler: str) -> None:
    text, spans = markup.html(filler * (1_000_000 // len(filler)))
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
