"""C-CDA documents in the record: what each section becomes, versions, whose they are, what isn't understood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.fhir.importing.importer import Importer, Report
from services.fhir.importing.preparing import Choice
from services.fhir.importing.preview import Preview, preview
from services.fhir.sqlite import SQLiteRepository
from tests.fhir.documents import samples as s

Take = Callable[..., Report]
PATIENT_ID = "a91734e5-f58d-5fc3-9b55-20a5de92b7f6"


@pytest.fixture
def take(repository: SQLiteRepository, tmp_path: Path) -> Take:
    """Imports a document and says what came of it."""

    def run(source: bytes, name: str = "document.xml", choice: Choice | None = None) -> Report:
        path = tmp_path / name
        path.write_bytes(source)
        return Importer(repository, repository.database).run([path], choice=choice)

    return run


@pytest.fixture
def one(repository: SQLiteRepository, take: Take) -> Callable[..., dict[str, Any]]:
    """The one resource of a type that a section makes, with nothing left unsaid."""

    def run(kind: str, section: str, *entries: str, notes: int = 0) -> dict[str, Any]:
        report = take(s.document(s.section(section, "Section", "<paragraph ID='t1'>As told.</paragraph>", *entries)))
        assert (report.refused, len(report.notes)) == (0, notes), (report.problems, report.notes)
        found = of(repository, kind)
        assert len(found) == 1
        return found[0]

    return run


def of(repository: SQLiteRepository, kind: str) -> list[dict[str, Any]]:
    return [stored.resource for stored in repository.everything([kind])]


def by_text(repository: SQLiteRepository, kind: str) -> dict[str, dict[str, Any]]:
    return {r["code"].get("text", ""): r for r in of(repository, kind)}


def first_code(concept: dict[str, Any]) -> tuple[str, str]:
    return concept["coding"][0]["system"], concept["coding"][0]["code"]


def test_every_section(repository: SQLiteRepository, take: Take) -> None:
    report = take(s.document())
    assert report.refused == 0
    assert dict(report.created) == {
        "Patient": 1, "AllergyIntolerance": 1, "Condition": 3, "MedicationStatement": 2, "MedicationRequest": 1,
        "Immunization": 2, "Observation": 7, "DiagnosticReport": 1, "Procedure": 1, "Encounter": 1, "Binary": 1,
        "DocumentReference": 1,
    }  # fmt: skip
    assert [(n.where, n.reason[:30]) for n in report.notes] == [("document.xml, section “Plan”", "1 entry is kept as text only: ")]
    person = of(repository, "Patient")[0]
    assert (person["id"], person["birthDate"], person["gender"]) == (PATIENT_ID, "1958-03-17", "female")
    assert person["identifier"][0] == {"system": f"urn:oid:{s.OID}.1", "value": "7700412"}
    sources = {r["meta"]["source"] for kind in report.created if kind != "Patient" for r in of(repository, kind)}
    assert sources == {f"urn:hl7ii:{s.OID}.9:D1"}
    subjects = {str(r.get("subject") or r.get("patient")) for kind in report.created if kind not in ("Patient", "Binary") for r in of(repository, kind)}
    assert subjects == {str({"reference": f"Patient/{PATIENT_ID}"})}


def test_the_same_document_again_changes_nothing(repository: SQLiteRepository, take: Take) -> None:
    first = take(s.document())
    before = len(repository.changes(0))
    again = take(s.document(), name="same.xml")
    assert (again.stored, again.refused) == (0, 0)
    assert again.unchanged.total() == first.stored - 1  # the patient is known and isn't written
    assert len(repository.changes(0)) == before


def test_where_it_came_from_can_be_asked(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    metformin = next(m for m in of(repository, "MedicationStatement") if "metformin" in str(m["medicationCodeableConcept"]))
    found = repository.search("Provenance", [("target", f"MedicationStatement/{metformin['id']}")]).matches
    document = of(repository, "DocumentReference")[0]
    assert [p.resource["entity"][0]["what"]["reference"] for p in found] == [f"DocumentReference/{document['id']}"]


def test_allergy(one: Callable[..., dict[str, Any]]) -> None:
    made = one("AllergyIntolerance", "48765-2", s.PENICILLIN)
    assert first_code(made["code"]) == ("http://www.nlm.nih.gov/research/umls/rxnorm", "7980")
    assert (made["type"], made["category"], made["criticality"], made["onsetDateTime"]) == ("allergy", ["medication"], "high", "2009")
    assert made["reaction"] == [
        {"manifestation": [{"coding": [{"system": "http://snomed.info/sct", "code": "247472004", "display": "Wheal"}], "text": "Wheal"}],
         "severity": "severe"}
    ]  # fmt: skip


def test_no_known_allergies(one: Callable[..., dict[str, Any]]) -> None:
    made = one("AllergyIntolerance", "48765-2", s.allergy("n1", "416098002", '<code nullFlavor="NA"/>', more='negationInd="true"'))
    assert first_code(made["code"]) == ("http://snomed.info/sct", "409137002")


def test_a_substance_that_is_denied_is_refuted(one: Callable[..., dict[str, Any]]) -> None:
    made = one("AllergyIntolerance", "48765-2", s.allergy("n2", "419199007", s.code("111088007", s.SNOMED, "Latex"), more='negationInd="true"'))
    assert first_code(made["code"])[1] == "111088007"
    assert first_code(made["verificationStatus"])[1] == "refuted"


def test_denied_allergies_without_a_code_are_said_not_guessed(repository: SQLiteRepository, take: Take) -> None:
    denied = s.allergy("n3", "420134006", '<code nullFlavor="NI"/>', more='negationInd="true"')
    report = take(s.document(s.section("48765-2", "Allergies", "None", denied, s.PENICILLIN)))
    assert report.created["AllergyIntolerance"] == 1
    assert "section “Allergies”, entry 1" in report.notes[0].where and "denies" in report.notes[0].reason


def test_problems(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    found = by_text(repository, "Condition")
    diabetes, pneumonia = found["Diabetes mellitus type 2"], found["Lobar pneumonia of 2019"]
    assert [c["system"] for c in diabetes["code"]["coding"]] == ["http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"]
    assert (diabetes["onsetDateTime"], first_code(diabetes["clinicalStatus"])[1]) == ("2014-04", "active")
    assert "coding" not in pneumonia["code"]  # no code: what the narrative says
    assert (pneumonia["abatementDateTime"], first_code(pneumonia["clinicalStatus"])[1]) == ("2019-03-02", "resolved")
    assert first_code(found["Hypertensive disorder"]["category"][0])[1] == "encounter-diagnosis"


@pytest.mark.parametrize(("more", "expected"), [("", "active"), ('negationInd="true"', "active")])
def test_a_denied_problem_is_refuted(one: Callable[..., dict[str, Any]], more: str, expected: str) -> None:
    entry = s.concern("q", s.observation("q1", s.code("55607006", s.SNOMED), s.coded("22298006", "Myocardial infarction"), more))
    made = one("Condition", "11450-4", entry)
    assert first_code(made["clinicalStatus"])[1] == expected
    assert ("verificationStatus" in made) is bool(more)


def test_a_problem_over_on_an_unknown_day_is_not_active(one: Callable[..., dict[str, Any]]) -> None:
    time = '<effectiveTime><low value="2001"/><high nullFlavor="UNK"/></effectiveTime>'
    made = one("Condition", "11450-4", s.concern("q", s.observation("q1", s.code("55607006", s.SNOMED), time + s.coded("195967001", "Asthma"))))
    assert first_code(made["clinicalStatus"])[1] == "inactive"
    assert made["_abatementDateTime"]["extension"][0]["valueCode"] == "unknown"


def test_medicines(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    taken = {m["medicationCodeableConcept"]["text"]: m for m in of(repository, "MedicationStatement")}
    metformin = next(m for text, m in taken.items() if text.startswith("metformin"))
    dosage = metformin["dosage"][0]
    repeat = dosage["timing"]["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (2, 1, "d")
    assert dosage["doseAndRate"][0]["doseQuantity"] == {"value": 500, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    assert metformin["effectivePeriod"] == {"start": "2014-05-02"}
    turmeric = taken["Turmeric capsules from the market"]
    assert "coding" not in turmeric["medicationCodeableConcept"] and "dosage" not in turmeric
    ordered = of(repository, "MedicationRequest")[0]
    assert (ordered["status"], ordered["intent"]) == ("active", "order")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ('xsi:type="PIVL_TS"><period value="8" unit="h"/>', {"frequency": 1, "period": 8, "periodUnit": "h"}),
        ('xsi:type="PIVL_TS" institutionSpecified="true"><period value="8" unit="h"/>', {"frequency": 3, "period": 1, "periodUnit": "d"}),
        ('xsi:type="PIVL_TS"><period xsi:type="IVL_PQ"><low value="4" unit="h"/><high value="6" unit="h"/></period>',
         {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}),
        ('xsi:type="PIVL_TS"><period value="1" unit="wk"/>', {"frequency": 1, "period": 1, "periodUnit": "wk"}),
        ('xsi:type="EIVL_TS"><event code="AC"/><offset value="1" unit="h"/>', {"when": ["AC"], "offset": 60}),
    ],
)  # fmt: skip
def test_how_often(one: Callable[..., dict[str, Any]], period: str, expected: dict[str, Any]) -> None:
    entry = s.medicine("m9", f"<effectiveTime {period}</effectiveTime>", s.code("1191", s.RXNORM, "aspirin"))
    assert one("MedicationStatement", "10160-0", entry)["dosage"][0]["timing"]["repeat"] == expected


def test_a_frequency_that_is_not_read_is_told(one: Callable[..., dict[str, Any]]) -> None:
    odd = '<effectiveTime xsi:type="PIVL_TS"><period value="2" unit="[ft_i]"/></effectiveTime>'
    made = one("MedicationStatement", "10160-0", s.medicine("m9", odd, s.code("1191", s.RXNORM, "aspirin")), notes=1)
    assert "dosage" not in made


def test_immunizations(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    found = {first_code(i["vaccineCode"]): i for i in of(repository, "Immunization")}
    given, declined = found["http://hl7.org/fhir/sid/cvx", "140"], found["http://hl7.org/fhir/sid/cvx", "33"]
    assert (given["status"], given["occurrenceDateTime"], given["lotNumber"]) == ("completed", "2023-10-04", "AX12")
    assert declined["status"] == "not-done"


def test_results(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    found = by_text(repository, "Observation")
    glucose = found["Hemoglobin A1c"]
    assert glucose["valueQuantity"] == {"value": 7.4, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    assert (glucose["referenceRange"][0]["low"]["value"], glucose["effectiveDateTime"]) == (4.0, "2024-03-05T08:10:00-05:00")
    assert (found["Potassium"]["valueQuantity"]["comparator"], found["Potassium"]["valueQuantity"]["value"]) == (">", 6.0)
    assert found["Color of Urine"]["valueString"] == "Amber"
    assert first_code(found["Bacteria in blood by culture"]["dataAbsentReason"])[1] == "asked-unknown"
    report = of(repository, "DiagnosticReport")[0]
    assert len(report["result"]) == 4 and report["status"] == "final"
    assert {r["reference"] for r in report["result"]} == {f"Observation/{found[n]['id']}" for n in ("Hemoglobin A1c", "Potassium", "Color of Urine", "Bacteria in blood by culture")}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (s.value("PQ", 'value="5" unit="10*9/L"'), {"valueQuantity": {"value": 5, "unit": "10*9/L", "system": "http://unitsofmeasure.org", "code": "10*9/L"}}),
        (s.value("PQ", 'value="3" unit="per field"'), {"valueQuantity": {"value": 3, "unit": "per field"}}),
        (s.value("PQ", 'nullFlavor="OTH"', '<translation value="25"><originalText>copies</originalText></translation>'), {"valueQuantity": {"value": 25, "unit": "copies"}}),
        (s.value("IVL_PQ", "", '<low value="1" unit="mg/L"/><high value="5" unit="mg/L"/>'),
         {"valueRange": {"low": {"value": 1, "unit": "mg/L", "system": "http://unitsofmeasure.org", "code": "mg/L"},
                         "high": {"value": 5, "unit": "mg/L", "system": "http://unitsofmeasure.org", "code": "mg/L"}}}),
        (s.value("INT", 'value="7"'), {"valueInteger": 7}),
        (s.value("REAL", 'value="0.25"'), {"valueQuantity": {"value": 0.25}}),
        (s.value("BL", 'value="false"'), {"valueBoolean": False}),
        (s.value("TS", 'value="202402"'), {"valueDateTime": "2024-02"}),
        (s.value("ED", "", '<reference value="#t1"/>'), {"valueString": "As told."}),
        (s.value("RTO_PQ_PQ", "", '<numerator value="1"/><denominator value="64"/>'), {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}),
    ],
)  # fmt: skip
def test_values(one: Callable[..., dict[str, Any]], value: str, expected: dict[str, Any]) -> None:
    made = one("Observation", "30954-2", s.observation("r9", s.code("718-7", s.LOINC, "Hemoglobin"), value))
    assert {k: v for k, v in made.items() if k.startswith("value")} == expected


def test_blood_pressure_is_one_and_the_other_vital_signs_their_own(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    found = by_text(repository, "Observation")
    pressure = found["Blood pressure"]
    assert [c["valueQuantity"]["value"] for c in pressure["component"]] == [148, 86]
    assert first_code(pressure["category"][0])[1] == first_code(found["Body weight"]["category"][0])[1] == "vital-signs"


def test_procedure_and_encounter(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    procedure, visit = of(repository, "Procedure")[0], of(repository, "Encounter")[0]
    assert procedure["code"] == {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "44204"}], "text": "Laparoscopic right colectomy"}
    assert procedure["performedPeriod"] == {"start": "2020-06-11", "end": "2020-06-12"}
    assert (visit["status"], visit["class"]["code"], visit["period"]["end"]) == ("finished", "AMB", "2024-03-05T08:40:00-05:00")
    assert visit["participant"][0]["individual"]["display"] == "Dr Ines Achterberg"
    diagnosis = repository.read("Condition", visit["diagnosis"][0]["condition"]["reference"].split("/")[1]).resource
    assert diagnosis["encounter"] == {"reference": f"Encounter/{visit['id']}"}


def test_the_document_itself_keeps_what_was_sent(repository: SQLiteRepository, take: Take) -> None:
    import base64

    source = s.document()
    take(source)
    reference, binary = of(repository, "DocumentReference")[0], of(repository, "Binary")[0]
    assert base64.b64decode(binary["data"]) == source
    assert binary["securityContext"] == {"reference": f"Patient/{PATIENT_ID}"}
    assert reference["content"][0]["attachment"]["url"] == f"Binary/{binary['id']}"
    assert (reference["docStatus"], reference["date"]) == ("final", "2024-03-05T09:30:00-05:00")
    assert reference["author"][0]["display"] == "Ines Achterberg" and reference["custodian"]["display"] == "Millbrook Family Practice"


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2023", "-0500", "2023"), ("202305", "-0500", "2023-05"), ("20230531", "-0500", "2023-05-31"),
        ("202305312205+0200", "-0500", "2023-05-31T22:05:00+02:00"), ("20230531220511.250", "-0500", "2023-05-31T22:05:11-05:00"),
        ("202305312205", "", "2023-05-31"), ("2023053122-0500", "", "2023-05-31"),
    ],
)  # fmt: skip
def test_times(one: Callable[..., dict[str, Any]], repository: SQLiteRepository, take: Take, written: str, zone: str, expected: str) -> None:
    entry = s.observation("r9", s.code("718-7", s.LOINC, "Hemoglobin"), f'<effectiveTime value="{written}"/>' + s.value("INT", 'value="7"'))
    take(s.document(s.section("30954-2", "Results", "", entry), time=f"20240305093000{zone}"))
    assert of(repository, "Observation")[0]["effectiveDateTime"] == expected


@pytest.mark.parametrize("written", ["20230231", "yesterday", "2023-05-31", "20230531250000", "20230531120000+9900"])
def test_a_date_that_there_is_not_leaves_the_entry_to_the_text(repository: SQLiteRepository, take: Take, written: str) -> None:
    entry = s.observation("r9", s.code("718-7", s.LOINC, "Hemoglobin"), f'<effectiveTime value="{written}"/>' + s.value("INT", 'value="7"'))
    report = take(s.document(s.section("30954-2", "Results", "", entry, s.RESULTS)))
    assert report.created["Observation"] == 4
    assert "entry 1" in report.notes[0].where and "date" in report.notes[0].reason


def test_what_stands_within_an_entry_and_is_not_read_is_told(repository: SQLiteRepository, take: Take) -> None:
    inner = s.within("REFR", s.observation("", s.code("11323-3", s.LOINC, "Health status"), s.coded("135818000", "Poor")))
    entry = s.concern("q", s.observation("q1", s.code("55607006", s.SNOMED), s.coded("195967001", "Asthma") + inner))
    report = take(s.document(s.section("11450-4", "Problems", "", entry)))
    assert report.created["Condition"] == 1
    assert [n.reason for n in report.notes] == ["has an observation (Health status) within it that is not read"]


def test_an_id_given_twice_still_means_two_entries(repository: SQLiteRepository, take: Take) -> None:
    twice = [s.observation("same", s.code(code, s.LOINC, name), s.value("INT", 'value="7"')) for code, name in (("718-7", "Hemoglobin"), ("777-3", "Platelets"))]
    take(s.document(s.section("30954-2", "Results", "", *twice)))
    assert {o["code"]["text"] for o in of(repository, "Observation")} == {"Hemoglobin", "Platelets"}


# Versions


def replacing(key: str) -> str:
    return f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{s.OID}.9" extension="{key}"/></parentDocument></relatedDocument>'


SERIES = f'<setId root="{s.OID}.8" extension="S1"/><versionNumber value="%d"/>'


@pytest.mark.parametrize("series", ["", SERIES])
def test_a_later_version_takes_the_place_of_the_earlier(repository: SQLiteRepository, take: Take, series: str) -> None:
    def version(number: int, *problems: str, more: str = "") -> bytes:
        head = (series % number if series else "") + more
        return s.document(s.section("11450-4", "Problems", "", *problems), own=f"D{number}", head=head)

    asthma = s.concern("p3c", s.observation("p3", s.code("55607006", s.SNOMED), s.coded("195967001", "Asthma")))
    take(version(1, s.DIABETES, asthma))
    second = version(2, s.DIABETES, more=replacing("D1"))
    report = take(second)
    assert report.refused == 0, report.problems
    assert [c["code"]["text"] for c in of(repository, "Condition")] == ["Diabetes mellitus type 2"]
    states = {d["masterIdentifier"]["value"]: d["status"] for d in of(repository, "DocumentReference")}
    assert states == {"D1": "superseded", "D2": "current"}
    assert report.removed.total() == (1 if series else 2)
    assert take(second).stored == 0
    old = take(version(1, s.DIABETES, asthma))
    assert (old.stored, old.refused) == (0, 1) and "later version" in old.problems[0].reason


def test_an_earlier_version_that_comes_later_is_refused(repository: SQLiteRepository, take: Take) -> None:
    take(s.document(own="D2", head=SERIES % 2 + replacing("D1")))
    report = take(s.document(own="D1", head=SERIES % 1))
    assert (report.stored, report.refused) == (0, 1)


def test_what_two_documents_tell_of_a_visit_stays_with_each(repository: SQLiteRepository, take: Take) -> None:
    take(s.document())
    again = take(s.document(own="OTHER"))
    assert again.created["Encounter"] == again.created["Condition"] == 1  # the visit and its diagnosis
    assert again.created["Observation"] == 7 and again.created["Patient"] == 0


# Whose it is


def known(repository: SQLiteRepository, **more: Any) -> None:
    patient = {
        "resourceType": "Patient", "id": "here", "name": [{"family": "Brenninkmeyer-Voss"}], "birthDate": "1958-03-17",
        "identifier": [{"system": f"urn:oid:{s.OID}.1", "value": "7700412"}], **more,
    }  # fmt: skip
    repository.update(patient, create_missing=True)


def test_a_known_patient_is_found_by_the_number_and_left_as_they_are(repository: SQLiteRepository, take: Take) -> None:
    known(repository)
    report = take(s.document())
    assert report.created["Patient"] == 0
    assert of(repository, "Patient")[0]["name"] == [{"family": "Brenninkmeyer-Voss"}]
    assert of(repository, "Procedure")[0]["subject"] == {"reference": "Patient/here"}
    assert report.patients == ["here"]


@pytest.mark.parametrize("born", ["1958-03-18", "1985", "1958-04"])
def test_the_number_of_somebody_born_on_another_day_is_refused(repository: SQLiteRepository, take: Take, born: str) -> None:
    known(repository, birthDate=born)
    report = take(s.document())
    assert (report.stored, report.refused) == (0, 1) and "born on another day" in report.problems[0].reason
    chosen = take(s.document(), choice=Choice(patient="here"))
    assert chosen.refused == 0 and chosen.created["Procedure"] == 1


def test_numbers_of_two_patients_are_refused(repository: SQLiteRepository, take: Take) -> None:
    known(repository)
    repository.update({"resourceType": "Patient", "id": "other", "birthDate": "1958-03-17",
                       "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-44-1234"}]}, create_missing=True)  # fmt: skip
    report = take(s.document())
    assert "different patients" in report.problems[0].reason and report.stored == 0


def test_a_patient_without_a_number_has_to_be_chosen(repository: SQLiteRepository, take: Take, tmp_path: Path) -> None:
    known(repository)
    nameless = s.PATIENT.replace(f'<id root="{s.OID}.1" extension="7700412"/><id root="2.16.840.1.113883.4.1" extension="999-44-1234"/>', '<id nullFlavor="UNK"/>')
    assert take(s.document(patient=nameless)).problems[0].reason.startswith("The document gives no record number")
    assert look(repository, tmp_path).needs_patient
    assert take(s.document(patient=nameless), choice=Choice(patient="here")).refused == 0
    assert "no patient with the id nobody" in take(s.document(), choice=Choice(patient="nobody")).problems[0].reason


def test_a_later_version_for_another_patient_is_refused(repository: SQLiteRepository, take: Take) -> None:
    known(repository, id="elsewhere", identifier=[])
    take(s.document(own="D1"))
    report = take(s.document(own="D2", head=replacing("D1")), choice=Choice(patient="elsewhere"))
    assert (report.stored, report.refused) == (0, 1) and "another patient" in report.problems[0].reason


# Looking first


def look(repository: SQLiteRepository, folder: Path, name: str = "document.xml") -> Preview:
    return preview(Importer(repository, repository.database), repository, folder / name, Choice())


def test_a_look_says_what_an_import_does_and_writes_nothing(repository: SQLiteRepository, take: Take, tmp_path: Path) -> None:
    path = tmp_path / "document.xml"
    path.write_bytes(s.document())
    told = look(repository, tmp_path)
    assert not list(repository.everything())
    assert (told.label, told.patient, told.known) == ("C-CDA", "Odalys Brenninkmeyer, born 1958-03-17", False)
    report = take(s.document())
    assert told.created == report.created and len(told.notes) == len(report.notes)
    again = look(repository, tmp_path)
    assert (again.created.total(), again.updated.total(), again.known) == (0, 0, True)
    assert again.unchanged.total() == report.stored - 1


def test_somebody_of_the_same_name_and_birth_date_is_pointed_out(repository: SQLiteRepository, tmp_path: Path) -> None:
    known(repository, id="twin", name=[{"family": "Brenninkmeyer"}], identifier=[{"system": "urn:x", "value": "1"}])
    (tmp_path / "document.xml").write_bytes(s.document())
    assert look(repository, tmp_path).alike == ("twin",)
