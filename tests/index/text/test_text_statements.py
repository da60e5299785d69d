"""What the text of each resource says: its negations, units, numbers and dates, exactly."""

from __future__ import annotations

from typing import Any

import pytest

from services.index.text import Rendered, render, values


def patient(**fields: Any) -> dict[str, Any]:
    return {"id": "r1", "subject": {"reference": "Patient/p1"}, **fields}


def coded(text: str, code: str = "", system: str = "http://snomed.info/sct") -> dict[str, Any]:
    return {"text": text, **({"coding": [{"system": system, "code": code}]} if code else {})}


def said(resource: dict[str, Any], resolve: Any = lambda _: None) -> Rendered:
    rendered = render(resource, resolve)
    assert rendered is not None
    return rendered


def text(rendered: Rendered) -> str:
    return "\n".join(chunk.text for chunk in rendered.chunks)


def observation(**fields: Any) -> dict[str, Any]:
    return patient(resourceType="Observation", status="final", **fields)


def hba1c(**fields: Any) -> dict[str, Any]:
    quantity = {"value": 8.2, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    return observation(code=coded("HbA1c", "4548-4", "http://loinc.org"), valueQuantity=quantity, **fields)


def test_a_laboratory_result_reads_as_one_line_with_value_unit_and_meaning() -> None:
    rendered = said(
        hba1c(
            interpretation=[{"coding": [{"code": "H"}]}],
            referenceRange=[{"low": {"value": 4.0, "unit": "%"}, "high": {"value": 5.6, "unit": "%"}}],
            effectiveDateTime="2025-03-12T08:30:00-05:00",
        )
    )
    assert rendered.title == "HbA1c 8.2 % (high)"
    assert rendered.date == "2025-03-12T08:30:00-05:00"
    assert rendered.patient_id == "p1"
    assert "Reference range 4.0–5.6 %." in text(rendered)
    assert "Date: 12-Mar-2025 08:30" in text(rendered)
    fact = rendered.facts[0]
    assert (fact.value, fact.unit, fact.interpretation) == (8.2, "%", "H")
    assert fact.codings == (("http://loinc.org", "4548-4"),)


def blood_pressure(name: str = "Blood pressure") -> dict[str, Any]:
    def part(code: str, label: str, value: int) -> dict[str, Any]:
        return {
            "code": coded(label, code, "http://loinc.org"),
            "valueQuantity": {"value": value, "unit": "mm[Hg]", "code": "mm[Hg]"},
        }

    parts = [part("8480-6", "Systolic blood pressure", 180), part("8462-4", "Diastolic blood pressure", 110)]
    return observation(code=coded(name), component=parts)


def test_blood_pressure_is_one_line_and_two_facts() -> None:
    rendered = said(blood_pressure())
    assert rendered.title == "Blood pressure 180/110 mmHg"
    assert [fact.value for fact in rendered.facts] == [180, 110]
    assert said(blood_pressure("Blood pressure, standing")).title == "Blood pressure, standing 180/110 mmHg"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ({"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg/L"}}, "CRP <5 mg/L"),
        ({"valueCodeableConcept": {"text": "Not detected"}}, "CRP: Not detected"),
        ({"valueString": "trace"}, "CRP: trace"),
        ({"valueBoolean": False}, "CRP: no"),
        ({"valueInteger": 3}, "CRP 3"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 4}}}, "CRP 1–4"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "CRP 1:128"),
        ({"valueSampledData": {"data": "1 2 3"}}, "CRP: sampled data (a waveform or series, not shown)"),
        ({"valueTime": "08:15:00"}, "CRP: 08:15:00"),
        ({"valueDateTime": "2025-03"}, "CRP: Mar-2025"),
        ({"valuePeriod": {"start": "2025-03-01", "end": "2025-03-04"}}, "CRP: 01-Mar-2025 to 04-Mar-2025"),
        ({"dataAbsentReason": {"coding": [{"code": "not-performed"}]}}, "CRP: no value (not performed)"),
        ({}, "CRP: no value recorded"),
    ],
)
def test_every_type_of_value(value: dict[str, Any], title: str) -> None:
    assert said(observation(code=coded("CRP"), **value)).title == title


def test_a_bound_is_no_plain_number() -> None:
    quantity = {"value": 0.01, "comparator": "<", "unit": "ng/mL"}
    fact = said(observation(code=coded("Troponin"), valueQuantity=quantity)).facts[0]
    assert (fact.value, fact.comparator) == (0.01, "<")


def test_disagreeing_units_are_both_said_and_not_searchable() -> None:
    rendered = said(
        observation(code=coded("Glucose"), valueQuantity={"value": 7, "unit": "mg/dL", "code": "mmol/L"})
    )
    assert rendered.title == "Glucose 7 mg/dL (unit coded as mmol/L)"
    assert rendered.facts == ()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (14.303343571014185, "14.3"),
        (8.2, "8.2"),
        (7.0, "7.0"),
        (0.5, "0.5"),
        (98.6123, "98.6123"),
        (1234567, "1234567"),
        (1234567.8, "1234567.8"),
        (0.000123456789, "0.0001235"),
        (1e-7, "0.0000001"),
        (-2.5, "-2.5"),
        (150000.0, "150000.0"),
        ("8.20", "8.20"),
        (True, None),
        (float("nan"), None),
        ("high", None),
    ],
)
def test_numbers_stay_as_given_unless_a_computer_made_them(given: Any, shown: str | None) -> None:
    assert values.number(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2025-03-12", "12-Mar-2025"),
        ("2025-03", "Mar-2025"),
        ("2025", "2025"),
        ("2025-03-12T23:30:00Z", "12-Mar-2025"),
        ("2025-02-30", "2025-02-30"),
        ("last spring", "last spring"),
    ],
)
def test_dates(given: str, shown: str) -> None:
    assert values.date(given) == shown


def condition(**fields: Any) -> dict[str, Any]:
    return patient(resourceType="Condition", code=coded("Pulmonary embolism"), **fields)


def status(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def test_conditions_say_whether_they_hold() -> None:
    assert said(condition(clinicalStatus=status("active"))).title == "Pulmonary embolism"
    assert said(condition(verificationStatus=status("refuted"))).title == "Ruled out: Pulmonary embolism"
    assert said(condition(clinicalStatus=status("resolved"))).title == "Pulmonary embolism (resolved)"
    differential = said(condition(verificationStatus=status("differential")))
    assert differential.title == "Differential diagnosis: Pulmonary embolism"
    assert text(differential).startswith("Differential diagnosis: Pulmonary embolism.")


def test_condition_particulars() -> None:
    shown = text(
        said(
            condition(
                clinicalStatus="active",  # as STU3 wrote it
                severity=coded("Severe"),
                stage=[{"summary": coded("Stage 3a")}],
                onsetAge={"value": 54, "unit": "yr", "code": "a"},
                abatementString="after surgery",
                bodySite=[coded("Left lung")],
                evidence=[{"code": [coded("Dyspnea")]}],
                note=[{"text": "Seen on CT."}, {"text": "Second note", "authorString": "Dr Lane"}],
            )
        )
    )
    for line in (
        "Status: active",
        "Severity: Severe",
        "Stage: Stage 3a",
        "Onset: age 54 years",
        "Abated: after surgery",
        "Body site: Left lung",
        "Evidence: Dyspnea",
        "Note: Seen on CT.",
        "Note (Dr Lane): Second note",
    ):
        assert line in shown


def medication(**fields: Any) -> dict[str, Any]:
    base = {"status": "active", "intent": "order", "medicationCodeableConcept": coded("Warfarin 5 mg tablet")}
    return patient(resourceType="MedicationRequest", **{**base, **fields})


def test_a_prohibition_never_reads_as_an_order() -> None:
    rendered = said(medication(doNotPerform=True))
    assert rendered.title == "Do not give: Warfarin 5 mg tablet"
    assert rendered.chunks[0].text.startswith("Do not give: Warfarin 5 mg tablet.")
    assert said(medication(doNotPerform="true")).title == "Do not give: Warfarin 5 mg tablet"
    assert said(medication(doNotPerform=True, status="stopped")).title.startswith("Do not give: Warfarin")


def test_stopped_and_proposed_medication() -> None:
    stopped = said(medication(status="stopped", statusReason=coded("Bleeding")))
    assert stopped.title == "Stopped: Warfarin 5 mg tablet"
    assert "Status: stopped (Bleeding)" in text(stopped)
    assert said(medication(intent="proposal")).title == "Proposed, not ordered: Warfarin 5 mg tablet"


@pytest.mark.parametrize(
    ("dosage", "shown"),
    [
        ({"text": "1 tablet daily"}, "1 tablet daily"),
        (
            {
                "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}],
                "route": coded("oral"),
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            },
            "500 mg route oral twice daily",
        ),
        (
            {
                "doseAndRate": [
                    {"doseRange": {"low": {"value": 1, "unit": "g"}, "high": {"value": 2, "unit": "g"}}}
                ],
                "timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}},
                "asNeededCodeableConcept": coded("pain"),
                "maxDosePerPeriod": {
                    "numerator": {"value": 4, "unit": "g"},
                    "denominator": {"value": 24, "unit": "h"},
                },
            },
            "1–2 g every 8 hours as needed for pain, at most 4 g per 24 h",
        ),
        (
            {"text": "Take 5 mg daily", "doseAndRate": [{"doseQuantity": {"value": 10, "unit": "mg"}}]},
            "Take 5 mg daily (coded as: 10 mg)",
        ),
        ({"text": "1 tablet", "asNeededBoolean": True}, "1 tablet (as needed)"),
        ({"timing": {"code": {"coding": [{"code": "BID"}]}}}, "twice daily"),
        (
            {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}}},
            "once weekly on Monday",
        ),
    ],
)
def test_doses(dosage: dict[str, Any], shown: str) -> None:
    assert f"Dose: {shown}\n" in text(said(medication(dosageInstruction=[dosage])))


def test_a_medication_by_reference_is_named_and_coded() -> None:
    resource = medication(
        medicationReference={"reference": "#m"},
        contained=[
            {"resourceType": "Medication", "id": "m", "code": coded("Apixaban 5 mg", "1364445", "rxnorm")}
        ],
    )
    del resource["medicationCodeableConcept"]
    rendered = said(resource)
    assert rendered.title == "Apixaban 5 mg"
    assert rendered.codings == (("rxnorm", "1364445"),)
    resource["medicationReference"] = {"reference": "Medication/9"}
    found = {"resourceType": "Medication", "code": coded("Lisinopril 10 mg")}
    assert said(resource, {"Medication/9": found}.get).title == "Lisinopril 10 mg"


def allergy(**fields: Any) -> dict[str, Any]:
    return {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/p1"}, **fields}


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"code": coded("Penicillin"), "type": "allergy"}, "Allergy: Penicillin"),
        ({"code": coded("Lactose"), "type": "intolerance"}, "Intolerance: Lactose"),
        ({"code": coded("Latex")}, "Allergy or intolerance: Latex"),
        (
            {"code": coded("Egg"), "verificationStatus": status("refuted")},
            "Ruled out: allergy or intolerance to Egg",
        ),
        ({"code": coded("", "716186003")}, "No known allergy"),
        ({"code": coded("NKDA")}, "NKDA"),
        ({"code": coded("No known drug allergy", "409137002")}, "No known drug allergy"),
        (
            {"code": coded("No known allergy", "716186003"), "verificationStatus": status("refuted")},
            "Refuted: the statement 'No known allergy'",
        ),
        ({"code": coded("", "no-allergy-info")}, "No information about allergies"),
        ({"reaction": [{"substance": coded("Amoxicillin")}]}, "Allergy or intolerance: Amoxicillin"),
    ],
)
def test_allergies(fields: dict[str, Any], title: str) -> None:
    assert said(allergy(**fields)).title == title


def test_reactions_with_severity() -> None:
    reaction = {
        "manifestation": [coded("Anaphylaxis")],
        "severity": "severe",
        "note": [{"text": "In childhood"}],
    }
    shown = text(said(allergy(code=coded("Penicillin"), criticality="high", reaction=[reaction])))
    assert "Criticality: high" in shown
    assert "Reaction: Anaphylaxis (severe), Note: In childhood" in shown


def test_what_was_not_done_says_so_first() -> None:
    colonoscopy = patient(
        resourceType="Procedure",
        status="not-done",
        code=coded("Colonoscopy"),
        statusReason=coded("Patient declined"),
    )
    rendered = said(colonoscopy)
    assert rendered.title == "Not done: Colonoscopy"
    assert "Reason not done: Patient declined" in text(rendered)
    vaccine = {
        "resourceType": "Immunization",
        "status": "not-done",
        "vaccineCode": coded("MMR"),
        "patient": {"reference": "urn:uuid:p7"},
        "statusReason": coded("Immunity"),
    }
    rendered = said(vaccine)
    assert (rendered.title, rendered.patient_id) == ("Not given: MMR", "p7")
    assert "Reason not given: Immunity" in text(rendered)
    statement = patient(
        resourceType="MedicationStatement", status="not-taken", medicationCodeableConcept=coded("ASA")
    )
    assert said(statement).title == "Not taking: ASA"


def test_care_plan_prohibition_and_goals() -> None:
    plan = patient(
        resourceType="CarePlan",
        status="active",
        title="Heart failure plan",
        goal=[{"reference": "Goal/1"}],
        activity=[{"detail": {"doNotPerform": True, "code": coded("NSAIDs"), "status": "in-progress"}}],
    )
    goal = {"resourceType": "Goal", "description": coded("Weight below 80 kg"), "lifecycleStatus": "active"}
    shown = text(said(plan, {"Goal/1": goal}.get))
    assert "Do not do: NSAIDs, status in-progress" in shown
    assert "Goal: Weight below 80 kg, status active" in shown


def test_encounter() -> None:
    visit = patient(
        resourceType="Encounter",
        status="finished",
        **{"class": {"code": "IMP"}},
        type=[coded("Admission to hospital")],
        period={"start": "2025-03-01T10:00:00Z", "end": "2025-03-04T12:00:00Z"},
        diagnosis=[{"condition": {"display": "Pneumonia"}, "use": coded("Discharge diagnosis"), "rank": 1}],
        hospitalization={"dischargeDisposition": coded("Home")},
    )
    shown = text(said(visit))
    assert "Class: inpatient" in shown
    assert "When: 01-Mar-2025 10:00 UTC to 04-Mar-2025 12:00 UTC" in shown
    assert "Diagnoses: Pneumonia (Discharge diagnosis, rank 1)" in shown
    assert "Discharged to: Home" in shown


def test_unknown_modifiers_are_never_passed_over() -> None:
    extension = [{"url": "http://x.org/fhir/did-not-happen", "valueBoolean": True}]
    rendered = said(hba1c(modifierExtension=extension))
    assert "modifier the console does not know" in rendered.title
    assert rendered.chunks[0].text.startswith(
        "Caution: carries a modifier the console does not know (did-not-happen)"
    )
    nested = blood_pressure()
    nested["component"][0]["modifierExtension"] = extension
    assert "modifier" in said(nested).title


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Patient", "id": "p"},
        observation(code=coded("HbA1c")) | {"status": "entered-in-error"},
        condition(verificationStatus=status("entered-in-error")),
        {"resourceType": "DocumentReference", "docStatus": "entered-in-error", "type": coded("Note")},
        {"resourceType": "Condition", "id": "x"},
        {"resourceType": "Observation", "id": "x", "status": "final"},
    ],
)
def test_withdrawn_unsupported_and_empty_resources_give_nothing(resource: dict[str, Any]) -> None:
    assert render(resource) is None


def test_a_result_of_another_patient_is_never_shown() -> None:
    theirs = {**hba1c(), "subject": {"reference": "Patient/p2"}}
    report = patient(
        resourceType="DiagnosticReport", code=coded("Panel"), result=[{"reference": "Observation/1"}]
    )
    assert "8.2" not in text(said(report, {"Observation/1": theirs}.get))
    assert "HbA1c 8.2 %" in text(said(report, {"Observation/1": hba1c()}.get))
    withdrawn = {**hba1c(), "status": "entered-in-error"}
    assert "8.2" not in text(said(report, {"Observation/1": withdrawn}.get))


def test_what_the_record_raises_is_passed_on() -> None:
    def down(_: str) -> None:
        raise ConnectionError

    report = patient(
        resourceType="DiagnosticReport", code=coded("Panel"), result=[{"reference": "Observation/1"}]
    )
    with pytest.raises(ConnectionError):
        render(report, down)


@pytest.mark.parametrize(
    ("reference", "identity"),
    [
        ("Patient/x", "x"),
        ("https://ehr.example/fhir/Patient/x", "x"),
        ("Patient/x/_history/2", "x"),
        ("urn:uuid:x", "x"),
        ("Group/x", None),
        ("Patient?identifier=1", None),
    ],
)
def test_patient_references(reference: str, identity: str | None) -> None:
    assert said({**hba1c(), "subject": {"reference": reference}}).patient_id == identity
