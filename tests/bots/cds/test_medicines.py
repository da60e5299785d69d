"""Medicines against each other, allergies, problems and results; and what does not alert."""

from __future__ import annotations

from typing import Any

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.bots.cds.world import allergy, analysed, drug, patient, problem, result


def told(record: SQLiteRepository, *resources: dict[str, Any]) -> dict[str, str]:
    """Rule → grade."""
    return {f.rule: f.grade for f in analysed(record, *resources, kinds=("interactions",)).findings}


def test_two_that_do_not_go_together(repository: SQLiteRepository) -> None:
    found = analysed(
        repository, drug("Warfarin 5 mg tablet"), drug("Bactrim DS tablet"), kinds=("interactions",)
    ).findings
    assert [f.grade for f in found] == ["major"]
    assert {e.reference for e in found[0].evidence} == {
        "MedicationRequest/warfarin",
        "MedicationRequest/bactrim",
    }
    assert found[0].reason and found[0].recommendation and found[0].source and found[0].severity == "high"


@pytest.mark.parametrize(
    "others",
    [
        [drug("Bactrim DS tablet", status="stopped")],
        [drug("Bactrim DS tablet", intent="proposal")],
        [drug("Bactrim DS tablet", doNotPerform=True)],
        [drug("Bactrim DS tablet", dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"end": "2026-07-01"}}}}])],
        [drug("Loratadine 10 mg tablet"), drug("Omeprazole 20 mg capsule")],
    ],
)  # fmt: skip
def test_what_is_not_taken_or_harmless_does_not_alert(
    repository: SQLiteRepository, others: list[dict[str, Any]]
) -> None:
    assert [
        g
        for g in told(repository, drug("Warfarin 5 mg tablet"), *others).values()
        if g in ("major", "contraindicated")
    ] == []


def test_the_same_twice_is_said_once(repository: SQLiteRepository) -> None:
    statement = {"resourceType": "MedicationStatement", "id": "said", "status": "active", "subject": {"reference": "Patient/p"},
                 "effectiveDateTime": "2026-06-01", "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"}}  # fmt: skip
    found = told(repository, drug("Warfarin 5 mg tablet"), statement)
    assert not any("duplicate" in rule for rule in found)


def test_a_renewal_is_no_duplicate(repository: SQLiteRepository) -> None:
    def dose(amount: float, text: str) -> list[dict[str, Any]]:
        quantity = {"value": amount, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
        return [{"text": text, "doseAndRate": [{"doseQuantity": quantity}]}]

    orders = [
        drug("Amlodipine", "first", dosageInstruction=dose(5, "5mg PO DAILY")),
        drug("Amlodipine", "renewed", authoredOn="2026-08-01", dosageInstruction=dose(5.0, "5mg")),
    ]
    assert told(repository, *orders) == {}
    raised = drug("Amlodipine", "raised", authoredOn="2026-09-01", dosageInstruction=dose(10, "10 mg daily"))
    assert any("duplicate" in rule for rule in told(repository, *orders, raised))  # which of them counts is not told


def test_two_orders_of_one_day_are_a_duplicate(repository: SQLiteRepository) -> None:
    assert any("duplicate" in rule for rule in told(repository, drug("Amlodipine", "one"), drug("Amlodipine", "two")))


def test_an_order_of_the_ward_ends_with_the_stay(repository: SQLiteRepository) -> None:
    category = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"
    ward = drug("Bactrim DS tablet", category=[{"coding": [{"system": category, "code": "inpatient"}]}],
                encounter={"reference": "Encounter/stay"})  # fmt: skip
    stay: dict[str, Any] = {"resourceType": "Encounter", "id": "stay", "status": "in-progress", "class": {"code": "IMP"},
                            "subject": {"reference": "Patient/p"}, "period": {"start": "2026-06-01"}}  # fmt: skip
    assert "major" in told(repository, drug("Warfarin 5 mg tablet"), ward, stay).values()
    over = stay | {"status": "finished", "period": {"start": "2026-06-01", "end": "2026-06-05"}}
    assert "major" not in told(repository, over).values()


def test_allergies_problems_and_values(repository: SQLiteRepository) -> None:
    assert told(repository, drug("Amoxicillin 500 mg capsule"), allergy("Penicillin")) == {
        "allergy/class": "major"
    }
    found = told(
        repository,
        patient(),
        drug("Spironolactone 25 mg tablet"),
        result("2823-3", "Potassium", 6.0, "mmol/L"),
    )
    assert any(rule.startswith("condition/potassium") for rule in found)
    analysis = analysed(
        repository, drug("Isotretinoin 20 mg capsule"), problem("Z33.1", "Pregnant state, incidental")
    )
    assert "contraindicated" in {f.grade for f in analysis.findings if f.rule == "condition/pregnancy"}


def test_a_side_effect_says_nothing_of_related_drugs(repository: SQLiteRepository) -> None:
    cough = {**allergy("Lisinopril"), "reaction": [{"manifestation": [{"text": "Persistent dry cough"}]}]}
    taken = drug("Sacubitril-valsartan 97/103 mg tablet")
    assert told(repository, taken, cough) == {}
    swelling = {**cough, "reaction": [{"manifestation": [{"text": "Angioedema"}]}]}
    assert "allergy/cross-reactive" in told(repository, taken, swelling)


def test_an_old_value_says_nothing(repository: SQLiteRepository) -> None:
    old = result("2823-3", "Potassium", 6.0, "mmol/L", "2024-01-01")
    assert not any("potassium" in rule for rule in told(repository, drug("Spironolactone 25 mg tablet"), old))
