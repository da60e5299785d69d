"""Whatever a foreign server wrote, nothing is raised, and nothing is called done without evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.bots.clinical_decision_support.preventive.evaluate import evaluate, gaps
from tests.bots.cds.preventive.builder import SYSTEMS, Clinic

NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
CODES = [
    ("loinc", "57905-2"), ("loinc", "4548-4"), ("loinc", "85354-9"), ("loinc", "72166-2"), ("loinc", "39156-5"), ("loinc", "20447-9"),
    ("loinc", "44261-6"), ("loinc", "8664-5"), ("loinc", "11778-8"), ("sct", "73761001"), ("sct", "449868002"), ("sct", "77386006"),
    ("icd", "E11.9"), ("icd", "I10"), ("icd", "B20"), ("icd", "I25.10"), ("cvx", "140"), ("cvx", "20"), ("rx", "617311"),
    ("sct", "185349003"), ("sct", "183452005"),
]  # fmt: skip
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=8),
    st.lists(st.none(), max_size=2),
    st.just({}),
)
dates = st.sampled_from(
    [
        "2026-02-01",
        "2026-02",
        "2026",
        "2025-12-31T23:59:59Z",
        "1999-02-29",
        "0000-00-00",
        "9999-12-31",
        "2026-13-01",
        "soon",
        "0001-01-01",
    ]
)
codings = st.sampled_from(CODES).map(lambda c: {"coding": [{"system": SYSTEMS[c[0]], "code": c[1]}]})
names = st.sampled_from(
    ["Colonoscopy", "Left mastectomy", "Atorvastatin 20 mg", "Type 2 diabetes", "Zolpidem 5 mg", ""]
).map(lambda t: {"text": t})
concepts = st.one_of(codings, names, odd)
quantities = st.one_of(
    odd,
    st.fixed_dictionaries(
        {"value": st.one_of(st.floats(allow_nan=False, allow_infinity=False), odd)},
        optional={
            "code": st.sampled_from(["%", "mm[Hg]", "kg/m2", "{copies}/mL", "d", "?"]),
            "unit": odd,
            "comparator": st.sampled_from(["<", ">=", "?"]),
        },
    ),
)
periods = st.one_of(
    odd, st.fixed_dictionaries({}, optional={"start": st.one_of(dates, odd), "end": st.one_of(dates, odd)})
)
statuses = st.sampled_from(
    [
        "final",
        "completed",
        "active",
        "finished",
        "not-done",
        "cancelled",
        "entered-in-error",
        "stopped",
        "unknown",
    ]
)


def resource(kind: str, **elements: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    shared = {
        "status": st.one_of(statuses, odd),
        "extension": odd,
        "reasonCode": concepts,
        "statusReason": concepts,
        "category": concepts,
        "doNotPerform": odd,
    }
    optional = {k: st.one_of(v, odd) for k, v in (shared | elements).items()}
    return st.fixed_dictionaries({"resourceType": st.just(kind)}, optional=optional)


DOSES = st.one_of(
    odd,
    st.just(
        [
            {
                "timing": {"repeat": {"frequency": 1, "period": 0, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 0}}],
            }
        ]
    ),
)
DISPENSE = st.one_of(
    odd,
    st.fixed_dictionaries(
        {},
        optional={
            "quantity": quantities,
            "numberOfRepeatsAllowed": st.one_of(st.integers(-2, 9**12), odd),
            "expectedSupplyDuration": quantities,
        },
    ),
)
resources = st.one_of(
    resource("Observation", code=concepts, effectiveDateTime=dates, effectivePeriod=periods, issued=dates, valueQuantity=quantities,
             valueCodeableConcept=concepts, valueDateTime=dates, valueString=odd, component=st.lists(st.fixed_dictionaries({"code": concepts, "valueQuantity": quantities}), max_size=2), bodySite=concepts),
    resource("Procedure", code=concepts, performedDateTime=dates, performedPeriod=periods, bodySite=concepts),
    resource("DiagnosticReport", code=concepts, effectiveDateTime=dates),
    resource("Condition", code=concepts, onsetDateTime=dates, onsetPeriod=periods, abatementDateTime=dates, recordedDate=dates, clinicalStatus=concepts, verificationStatus=concepts),
    resource("Immunization", vaccineCode=concepts, occurrenceDateTime=dates),
    resource("Encounter", type=concepts, period=periods, hospitalization=odd),
    resource("ServiceRequest", code=concepts, authoredOn=dates, intent=st.sampled_from(["order", "plan"])),
    resource("MedicationRequest", medicationCodeableConcept=concepts, medicationReference=odd, authoredOn=dates, dosageInstruction=DOSES, dispenseRequest=DISPENSE, intent=st.sampled_from(["order", "plan"])),
    resource("MedicationStatement", medicationCodeableConcept=concepts, effectivePeriod=periods),
    resource("AllergyIntolerance", code=concepts, onsetDateTime=dates),
    resource("DeviceRequest", codeCodeableConcept=concepts, authoredOn=dates),
    resource("AdverseEvent", suspectEntity=odd, date=dates),
    resource("Task", code=concepts, focus=odd),
)  # fmt: skip
people = st.fixed_dictionaries(
    {"resourceType": st.just("Patient")},
    optional={
        "birthDate": st.one_of(dates, st.sampled_from(["1960-02-29", "2024-05-10", "1990"])),
        "gender": st.one_of(st.sampled_from(["female", "male"]), odd),
        "deceasedDateTime": st.one_of(dates, odd),
        "extension": odd,
    },
)


@settings(
    max_examples=150,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(patient=people, given_=st.lists(resources, max_size=6), strict=st.booleans())
def test_odd_records_never_break_a_rule(
    clinic: Clinic, patient: dict, given_: list[dict], strict: bool
) -> None:
    ident = clinic.add(*given_, patient=patient)
    found = evaluate(clinic.chart(ident, NOON.date()), NOON, strict=strict)
    for each in found:
        assert each.reason.endswith(".")
        if each.status == "satisfied":
            assert each.evidence, each
            assert each.reason.startswith(("Done: ", "Nothing of the kind", "No prescription in the year."))
        if each.status in ("due", "overdue"):
            assert each.due_date is not None
            assert (each.due_date < NOON.date()) == (each.status == "overdue")
        assert each.last_performed is None or each.last_performed <= NOON.date()
        assert each.evidence or each.last_performed is None  # when it was last done is told by something
    for gap in gaps(found):
        assert dt.date.fromisoformat(gap.wire()["dueDate"])


@given(st.lists(resources, max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_order_of_resources_changes_no_status(clinic: Clinic, given_: list[dict]) -> None:
    patient = {"resourceType": "Patient", "birthDate": "1966-06-15", "gender": "female"}
    ahead = evaluate(clinic.chart(clinic.add(*given_, patient=patient), NOON.date()), NOON)
    given_ = [dict(r) for r in reversed(given_)]
    behind = evaluate(clinic.chart(clinic.add(*given_, patient=patient), NOON.date()), NOON)
    changed = {a.rule for a, b in zip(ahead, behind, strict=True) if a.status != b.status}
    assert changed <= {
        "CMS2",
        "CMS138.1",
        "CMS138.2",
        "CMS138.3",
        "CMS314",
        "CMS1154",
    }  # the latest of one moment, by id
