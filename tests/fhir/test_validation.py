"""What counts as FHIR R4, what is refused, and that a refusal names the element and never the content."""

from __future__ import annotations

from typing import Any

import pytest

from services.errors import InvalidInput
from services.fhir.definitions import resource_types
from services.fhir.validation import mandatory_elements, summary_elements, validate
from tests.conftest import observation, patient

EXTENSION = {"extension": [{"url": "http://x.test/e", "valueCode": "unknown"}]}
GOOD = {
    "partial date": observation("a", effectiveDateTime="2024-03"),
    "leap second": observation("a", effectiveDateTime="2016-12-31T23:59:60Z"),
    "end of time": observation("a", effectivePeriod={"start": "2020", "end": "9999-12-31"}),
    "time": observation("a", valueTime="08:00:00"),
    "false": observation("a", valueBoolean=False),
    "zero": observation("a", valueInteger=0),
    "primitive's extension": observation("a", _effectiveDateTime=EXTENSION),
    "status by extension": {**{k: v for k, v in observation("a").items() if k != "status"}, "_status": EXTENSION},
    "array with gaps": patient("a", name=[{"given": ["A", None], "_given": [None, EXTENSION]}]),
    "contained": observation("a", contained=[patient("p")], performer=[{"reference": "#p"}]),
    "logical reference": observation("a", performer=[{"type": "Practitioner", "identifier": {"value": "1"}}]),
    "comparator": observation("a", valueQuantity={"value": 1e-7, "comparator": "<"}),
    "class": {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}},
    "R4's Evidence": {"resourceType": "Evidence", "id": "e", "status": "active", "exposureBackground": {"reference": "EvidenceVariable/1"}},
    "R4's EvidenceVariable": {"resourceType": "EvidenceVariable", "id": "e", "status": "active", "type": "dichotomous"},
    "dropped by R4B": {"resourceType": "MedicinalProduct", "id": "m", "name": [{"productName": "x"}]},
    "platform's own": {"resourceType": "Bot", "id": "b", "name": "x"},
}  # fmt: skip
BAD: dict[str, tuple[Any, str]] = {
    "unknown element": (observation("a", marmalade=1), "Observation.marmalade"),
    "number for text": (patient("a", name=[{"family": 7}]), "Patient.name.0.family"),
    "text for boolean": (patient("a", active="true"), "Patient.active"),
    "number for boolean": (patient("a", active=1), "Patient.active"),
    "text for number": (observation("a", valueQuantity={"value": "8.2"}), "Observation.valueQuantity.value"),
    "boolean for number": (patient("a", multipleBirthInteger=True), "Patient.multipleBirthInteger"),
    "wrong date": (patient("a", birthDate="marmalade"), "Patient.birthDate"),
    "time without zone": (observation("a", effectiveDateTime="2024-03-01T10:00:00"), "Observation.effectiveDateTime"),
    "missing": ({"resourceType": "Observation", "id": "a", "status": "final"}, "Observation.code"),
    "two values": (observation("a", valueString="x", valueInteger=1), "Observation"),
    "infinite": (observation("a", valueQuantity={"value": float("inf")}), "Observation.valueQuantity.value"),
    "object for list": (patient("a", name={"family": "marmalade"}), "Patient.name"),
    "unknown type": ({"resourceType": "Marmalade"}, "resourceType"),
    "no type": ({}, "resourceType"),
    "wrong id": (patient("mar/malade"), "Patient.id"),
    "id with line break": (patient("a\n"), "Patient.id"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_r4_allows_is_accepted(name: str) -> None:
    validate(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_what_r4_does_not_allow_is_refused_by_the_elements_name(name: str) -> None:
    resource, element = BAD[name]
    with pytest.raises(InvalidInput) as caught:
        validate(resource)
    assert caught.value.details["element"].startswith(element)
    if element != "Observation.marmalade" and name != "unknown type":
        assert "marmalade" not in caught.value.message


@pytest.mark.parametrize("value", [None, "text", 7, [], ["x"]])
def test_only_objects_are_resources(value: object) -> None:
    with pytest.raises(InvalidInput):
        validate(value)


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    nested: dict[str, Any] = {"url": "x"}
    for _ in range(3000):
        nested = {"url": "x", "extension": [nested]}
    with pytest.raises(InvalidInput):
        validate(observation("a", extension=[nested]))


def test_every_resource_type_can_be_asked_about() -> None:
    for name in sorted(resource_types()):
        try:
            validate({"resourceType": name, "id": "a"})
        except InvalidInput as error:
            assert error.details["element"].startswith(name)


def test_summaries_and_mandatory_elements_are_fhirs() -> None:
    assert {"status", "code", "subject"} <= summary_elements("Observation")
    assert "note" not in summary_elements("Observation")
    assert mandatory_elements("Encounter") == {"status", "class"}
    assert summary_elements("Bot") == mandatory_elements("Bot") == frozenset()


@pytest.mark.parametrize(
    ("resource", "element"),
    [
        ({"resourceType": "Patient", "gender": "robot"}, "Patient.gender"),
        ({"resourceType": "Observation", "status": "done", "code": {"text": "x"}}, "Observation.status"),
        ({"resourceType": "Patient", "name": [{"use": "pet"}]}, "Patient.name.0.use"),
        ({"resourceType": "Observation", "status": "corrected", "code": {"text": "x"}}, None),
        ({"resourceType": "Task", "status": "in-progress", "intent": "order"}, None),
    ],
)
def test_codes_of_required_bindings(resource: dict, element: str | None) -> None:
    if element is None:
        validate(resource)
        return
    with pytest.raises(InvalidInput) as caught:
        validate(resource)
    assert caught.value.details["element"] == element
