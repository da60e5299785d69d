"""The demo cohort is valid FHIR, hangs together, and reads the same whenever it is started."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from services.demo import DEFAULT_AS_OF, cohort, generate, patients
from services.demo.staff import shared_resources

Resource = dict[str, Any]
DATE = re.compile(r"^\d{4}-\d\d-\d\d")
# what may lie ahead of the cohort's date: appointments, due dates, an estimated delivery
AHEAD = {"Appointment", "ServiceRequest"}


@pytest.fixture(scope="module")
def everything() -> list[Resource]:
    return cohort()


@pytest.fixture(scope="module")
def by_patient(everything: list[Resource]) -> dict[str, list[Resource]]:
    """Resources of each patient, by slug."""
    slugs = {patient.id: patient.slug for patient in patients()}
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in everything:
        key = owner(resource)
        if key:
            found[slugs[key]].append(resource)
    return found


def owner(resource: Resource) -> str | None:
    if resource["resourceType"] == "Patient":
        return resource["id"]
    refs = [ref for ref in references(resource) if ref.startswith("Patient/")]
    return refs[0].removeprefix("Patient/") if refs else None


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def values(resources: list[Resource], loinc: str) -> dict[str, list[float]]:
    """Values of one measurement (or BP component) by day."""
    found: dict[str, list[float]] = defaultdict(list)
    for resource in resources:
        if resource["resourceType"] == "Observation":
            for part in [resource, *resource.get("component", [])]:
                if any(coding["code"] == loinc for coding in part["code"].get("coding", [])):
                    found[resource["effectiveDateTime"][:10]].append(
                        part.get("valueQuantity", {}).get("value")
                    )
    return found


def plain_notes(resources: list[Resource]) -> Iterator[tuple[str, str]]:
    """Date and text of the notes kept as plain text, HTML or RTF."""
    for resource in resources:
        if resource["resourceType"] == "DocumentReference":
            attachment = resource["content"][0]["attachment"]
            yield resource["date"][:10], base64.b64decode(attachment["data"]).decode("utf-8", "replace")


def test_every_resource_is_valid_fhir(everything: list[Resource]) -> None:
    for resource in everything:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_ids_are_unique_and_references_resolve_in_order(everything: list[Resource]) -> None:
    known: set[str] = set()
    for resource in everything:
        missing = [ref for ref in references(resource) if ref not in known]
        assert not missing, (
            f"{resource['resourceType']}/{resource['id']} refers to what comes later: {missing}"
        )
        key = f"{resource['resourceType']}/{resource['id']}"
        assert key not in known
        known.add(key)


def test_the_cohort_is_the_size_and_shape_asked_for(everything: list[Resource]) -> None:
    counts = Counter(resource["resourceType"] for resource in everything)
    assert 25 <= counts["Patient"] <= 32
    assert 1500 <= len(everything) <= 3200
    assert counts["DocumentReference"] >= 40
    kinds = Counter(
        resource["content"][0]["attachment"]["contentType"].split(";")[0]
        for resource in everything
        if resource["resourceType"] == "DocumentReference"
    )
    assert set(kinds) == {"text/plain", "text/html", "text/rtf", "application/pdf"}


def test_no_date_is_before_birth_or_after_the_cohort(by_patient: dict[str, list[Resource]]) -> None:
    last = DEFAULT_AS_OF.isoformat()
    for slug, resources in by_patient.items():
        born = resources[0]["birthDate"]
        for resource in resources:
            codings = resource.get("code", {}).get("coding", [])
            if resource["resourceType"] in AHEAD or any(coding["code"] == "11778-8" for coding in codings):
                continue
            for text in strings(resource):
                if DATE.match(text):
                    assert born <= text[:10] <= last, f"{slug}: {resource['resourceType']} has {text}"


def test_nothing_but_a_claim_or_a_note_follows_a_death(by_patient: dict[str, list[Resource]]) -> None:
    dead = [resources for resources in by_patient.values() if "deceasedDateTime" in resources[0]]
    assert len(dead) == 1
    death = dead[0][0]["deceasedDateTime"][:10]
    assert all(text[:10] <= death for res in dead[0] for text in strings(res) if DATE.match(text))


def test_periods_do_not_end_before_they_start(everything: list[Resource]) -> None:
    for resource in everything:
        period = resource.get("period", {})
        if "end" in period:
            assert period["start"] <= period["end"]
        if "abatementDateTime" in resource:
            assert resource["onsetDateTime"] <= resource["abatementDateTime"]


def test_body_mass_index_follows_from_weight_and_height(by_patient: dict[str, list[Resource]]) -> None:
    for slug, resources in by_patient.items():
        weights, heights, indices = (values(resources, loinc) for loinc in ("29463-7", "8302-2", "39156-5"))
        for day, index in indices.items():
            height = next((heights[each][0] for each in sorted(heights, reverse=True) if each <= day), None)
            if height is None:
                continue
            assert abs(index[-1] - weights[day][-1] / (height / 100) ** 2) <= 0.3, (slug, day)


# how notes say a number, and the measurement it must be found under
CITED = {
    r"HbA1c (\d+\.\d) %": "4548-4",
    r"\bINR (?:of )?(\d\.\d)\b": "6301-6",
    r"\bweight (\d+\.\d) kg": "29463-7",
    r"\bBP (\d{2,3})/\d": "8480-6",
    r"\bcreatinine (\d\.\d) mg/dL": "2160-0",
    r"\bK (\d\.\d)\b": "2823-3",
    r"\bPHQ-9 (\d+)\b": "44261-6",
    r"\bTSH (\d+\.\d)\b": "3016-3",
    r"\bLDL (\d+) mg/dL": "13457-7",
    r"\bALT (\d+)\b": "1742-6",
    r"\bMoCA (\d+)\b": "72172-0",
    r"\beGFR (\d+)\b": "98979-8",
    r"\b[Hh]emoglobin (\d+\.\d)": "718-7",
    r"\bSpO2 (\d+)%": "59408-5",
    r"\bCRP (\d+)\b": "1988-5",
    r"\bBNP (\d+)\b": "30934-4",
    r"\bACR (\d+) mg/g": "9318-7",
}


def test_numbers_in_notes_are_numbers_in_the_record(by_patient: dict[str, list[Resource]]) -> None:
    cited, wrong = 0, []
    for slug, resources in by_patient.items():
        for day, text in plain_notes(resources):
            for pattern, loinc in CITED.items():
                seen = {value for at, each in values(resources, loinc).items() if at <= day for value in each}
                for match in re.finditer(pattern, text, re.IGNORECASE if "weight" in pattern else 0):
                    cited += 1
                    if float(match[1]) not in seen:
                        wrong.append(f"{slug} {day}: {match[0]}")
    assert not wrong, "\n".join(wrong)
    assert cited > 100


def test_ages_in_notes_are_true_on_their_day(by_patient: dict[str, list[Resource]]) -> None:
    checked, wrong = 0, []
    for slug, resources in by_patient.items():
        born = dt.date.fromisoformat(resources[0]["birthDate"])
        for day, text in plain_notes(resources):
            at = dt.date.fromisoformat(day)
            age = at.year - born.year - ((at.month, at.day) < (born.month, born.day))
            for match in re.finditer(r"\b(\d{1,2})(?:[MF]\b| y/o|yo\b|-year-old)", text):
                checked += 1
                if int(match[1]) != age:
                    wrong.append(f"{slug} {day}: {match[0]}, but {age}")
    assert not wrong, "\n".join(wrong)
    assert checked > 12


def test_stories_are_all_there(by_patient: dict[str, list[Resource]]) -> None:
    listed = patients()
    assert [patient.slug for patient in listed] == list(by_patient)
    assert all(patient.story and len(by_patient[patient.slug]) > 5 for patient in listed)


def test_the_critical_potassium_is_recent_flagged_and_on_both_drugs(
    by_patient: dict[str, list[Resource]],
) -> None:
    resources = by_patient["samuel-okonkwo"]
    high = [r for r in resources if r.get("valueQuantity", {}).get("value") == 6.7]
    assert high[0]["interpretation"][0]["coding"][0]["code"] == "HH"
    active = {
        r["medicationCodeableConcept"]["coding"][0]["display"]
        for r in resources
        if r["resourceType"] == "MedicationRequest" and r["status"] == "active"
    }
    assert {"lisinopril", "spironolactone"} <= active


def test_allergies_known_none_and_not_recorded_all_occur(by_patient: dict[str, list[Resource]]) -> None:
    def codes(slug: str) -> set[str]:
        found = (r for r in by_patient[slug] if r["resourceType"] == "AllergyIntolerance")
        return {r["code"]["text"] for r in found}

    assert "Penicillin" in codes("nora-obrien")
    assert codes("maria-alvarez") == {"No known allergies"}
    assert codes("linda-kaminski") == set()


def test_the_pdf_note_has_a_text_layer(by_patient: dict[str, list[Resource]]) -> None:
    pypdf = pytest.importorskip("pypdf")
    import io

    for resource in by_patient["hien-nguyen"]:
        if resource["resourceType"] == "DocumentReference":
            attachment = resource["content"][0]["attachment"]
            if attachment["contentType"] == "application/pdf":
                text = (
                    pypdf.PdfReader(io.BytesIO(base64.b64decode(attachment["data"]))).pages[0].extract_text()
                )
                assert "PENDING AT DISCHARGE" in text
                assert "acid-fast" in text.lower()
                return
    raise AssertionError("no PDF note")


@pytest.mark.parametrize("as_of", [dt.date(2024, 2, 29), dt.date(2027, 1, 1)])
def test_another_date_keeps_ids_and_ages(everything: list[Resource], as_of: dt.date) -> None:
    moved = cohort(as_of)
    assert [r["id"] for r in moved] == [r["id"] for r in everything]

    def ages(resources: list[Resource], day: dt.date) -> list[int]:
        born = [dt.date.fromisoformat(r["birthDate"]) for r in resources if r["resourceType"] == "Patient"]
        return [day.year - each.year - ((day.month, day.day) < (each.month, each.day)) for each in born]

    assert ages(moved, as_of) == ages(everything, DEFAULT_AS_OF)


def test_the_same_date_gives_the_same_cohort(everything: list[Resource]) -> None:
    assert cohort() == everything


def test_generated_patients_are_valid_deterministic_and_full() -> None:
    crowd = list(generate(6, seed=3))
    assert crowd == list(generate(6, seed=3))
    assert crowd[:2] != list(generate(2, seed=4))
    shared = {f"{r['resourceType']}/{r['id']}" for r in shared_resources()}
    for resources in crowd:
        known = set(shared)
        for resource in resources:
            get_fhir_model_class(resource["resourceType"]).model_validate(resource)
            assert all(ref in known for ref in references(resource))
            known.add(f"{resource['resourceType']}/{resource['id']}")
        assert 50 <= len(resources) <= 160
        assert sum(r["resourceType"] == "DocumentReference" for r in resources) >= 1
        born = resources[0]["birthDate"]
        dates = [text for r in resources for text in strings(r) if DATE.match(text)]
        assert all(born <= text[:10] <= DEFAULT_AS_OF.isoformat() for text in dates)
