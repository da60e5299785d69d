"""Whatever stands in a record: no error, and no finding without evidence."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from services.bots.clinical_decision_support.diagnosis.codes import titles
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES
from services.bots.clinical_decision_support.model import Finding
from tests.bots.cds.diagnosis.making import TESTS, bp, cond, lab, med, proc
from tests.bots.cds.diagnosis.practice import Practice

_DAYS = st.one_of(
    st.dates().map(
        lambda d: (
            d.replace(year=2024 + d.year % 3).isoformat() if (d.month, d.day) != (2, 29) else "2025-03-01"
        )
    ),
    st.sampled_from(
        ["2026", "2026-05", "2026-06-30T08:00:00Z", "2026-06-29T23:59:00+05:00", "1800-01-01", "2031-01-01"]
    ),
)
_VALUES = st.one_of(
    st.floats(-1000, 1000, allow_nan=False).map(lambda v: round(v, 2)), st.sampled_from([0, 1e12, 1e-12])
)
_UNITS = st.sampled_from(
    [None, "", "mg/dL", "mmol/L", "%", "g/dL", "parsec", "{score}", "10*3/uL", "mL/min", "1"]
)
_NAMES = [
    "icd:E11.9",
    "icd:I10",
    "Pregnancy",
    "icd:N18.4",
    "Pneumonia",
    "icd:D64.9",
    "",
    "sct:0",
    "Sepsis",
    "Obesity",
    "no diabetes",
    "Liver fibrosis",
]
_DRUGS = [
    "lisinopril 10 mg",
    "metformin",
    "heparin 5000 units",
    "clozapine",
    "amiodarone",
    "ibuprofen",
    "atorvastatin",
    "",
    "prednisone",
    "amoxicillin",
]
_RESULTS = st.builds(lab, st.sampled_from(sorted(TESTS)), _DAYS, _VALUES, _UNITS, st.sampled_from([None, "<", ">", "<=", ">=", "ad"]), st.sampled_from([None, (1, 2), (None, 0.5), (5, None)]))  # fmt: skip
_RECORDS = st.lists(
    st.one_of(
        _RESULTS, _RESULTS, st.builds(bp, _DAYS, _VALUES, _VALUES),
        st.builds(cond, st.sampled_from(_NAMES), st.sampled_from(["active", "resolved", ""]), _DAYS, st.one_of(st.none(), _DAYS), st.sampled_from([None, "refuted", "provisional"])),
        st.builds(med, st.sampled_from(_DRUGS), _DAYS, st.sampled_from(["active", "completed", "stopped"])),
        st.builds(proc, st.sampled_from(["sct:116859006", "surgery"]), _DAYS),
    ),
    min_size=1, max_size=14,
)  # fmt: skip
_FAMILY = {rule.condition.id: name for name, rules in FAMILIES.items() for rule in rules}


def sound(found: list[Finding]) -> None:
    assert len({_FAMILY[f.about] for f in found}) == len(found)
    for finding in found:
        assert finding.kind == "diagnosis" and finding.evidence and finding.reason and finding.source
        assert all(b.reference and b.version and b.text for b in (*finding.evidence, *finding.against))
        assert 0.05 <= finding.confidence <= 0.95
        assert finding.display == titles()[finding.code]


@settings(max_examples=80)
@given(
    _RECORDS,
    st.sampled_from(["1976-01-01", "2015", None, "2050-01-01"]),
    st.sampled_from(["male", "female", "other", None]),
)
def test_any_record(
    practice: Practice, resources: list[dict[str, Any]], born: str | None, sex: str | None
) -> None:
    found = practice.findings(*resources, born=born, sex=sex, as_of="2026-06-30T12:00:00+00:00")
    sound(found)
    again = practice.findings(*resources, born=born, sex=sex, as_of="2026-06-30T12:00:00+00:00")
    assert [(f.rule, f.confidence) for f in found] == [(f.rule, f.confidence) for f in again]


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["coding", "code", "system", "value", "unit", "text", "reference"]), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
_PLACES = st.sampled_from(["code", "valueQuantity", "referenceRange", "encounter", "interpretation", "note", "effectiveDateTime", "component", "status", "clinicalStatus", "onsetDateTime"])  # fmt: skip


@settings(max_examples=80)
@given(_RECORDS, st.lists(st.tuples(_PLACES, _JSON), max_size=4))
def test_broken_resources(
    practice: Practice, resources: list[dict[str, Any]], broken: list[tuple[str, Any]]
) -> None:
    for number, (place, value) in enumerate(broken):
        resources[number % len(resources)][place] = value
    sound(practice.findings(*resources))
