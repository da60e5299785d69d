"""Identifiers stay in the clinic, medicine goes through, and an answer gets back exactly what was taken out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.llm.client import Call, RouterClient
from services.llm.redaction import Redactor, Restorer
from tests.llm import faults as say
from tests.llm.faults import Faults

PATIENT = {
    "resourceType": "Patient",
    "id": "p-70042",
    "identifier": [{"system": "urn:mrn", "value": "MRN-0098765"}, {"value": "123-45-6789"}],
    "name": [
        {"use": "official", "family": "Brandt", "given": ["María", "Elena"], "prefix": ["Mrs."]},
        {"use": "maiden", "family": "García-López", "given": ["María"]},
    ],
    "birthDate": "1960-03-14",
    "telecom": [
        {"system": "phone", "value": "+1 (555) 010-2345"},
        {"system": "email", "value": "maria.b@mail.example"},
        {"system": "url", "value": "https://maria.example/me"},
    ],
    "address": [{"line": ["12 Oak Street", "Apt 4"], "city": "Springfield", "state": "IL", "postalCode": "62704"}],
    "contact": [{"name": {"family": "Brandt", "given": ["Tom"]}, "telecom": [{"system": "phone", "value": "555-010-7777"}]}],
    "photo": [{"url": "https://pictures.example/70042.png"}],
}  # fmt: skip
REST = [
    {"resourceType": "Coverage", "id": "c1", "subscriberId": "W123456789", "beneficiary": {"reference": "Patient/p-70042"}},
    {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "O'Neill", "given": ["Will"]}]},
    {"resourceType": "Observation", "id": "8f14e45f-ceea-467f-9a36-dedd4bea2543", "performer": [{"reference": "Practitioner/d1", "display": "Dr. Will O’Neill, MD"}]},
    {"resourceType": "Device", "id": "v1", "serialNumber": "SN-77A-4412", "udiCarrier": [{"deviceIdentifier": "00844588003288"}]},
    {"resourceType": "FamilyMemberHistory", "id": "f1", "name": "Agnes Lindgren"},
    {"resourceType": "RelatedPerson", "id": "r1", "name": [{"text": "Jürgen Müller"}], "birthDate": "1958-12-01"},
    {"resourceType": "Claim", "id": "k1", "identifier": [{"value": "CLM/2024/00871"}]},
    {"resourceType": "Condition", "id": "n1", "note": [{"authorString": "Nurse Priya Raman", "text": "."}]},
    {"resourceType": "Encounter", "id": "e1", "participant": [{"individual": {"display": "Zofia Zielińska, PA-C"}}]},
]  # fmt: skip


@pytest.fixture
def redactor() -> Redactor:
    return Redactor.from_resources([*REST, PATIENT])


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("María Elena Brandt", "[PATIENT]"),
        ("Mrs. Brandt’s knee", "Mrs. [PATIENT/2]’s knee"),
        ("BRANDT, MARIA E. called", "[PATIENT/2] called"),
        ("seen: maria  elena\nbrandt", "seen: [PATIENT/2]"),
        ("M. Brandt and M.E. Brandt", "[PATIENT/2] and [PATIENT/3]"),
        ("Mari\u0301a b\u200brandt", "[PATIENT/2]"),
        ("Ｂｒａｎｄｔ", "[PATIENT/2]"),
        ("née Garcia‐Lopez, garcia lopez", "née [PATIENT/2], [PATIENT/3]"),
        ("the Brandts; mariabrandt", "the [PATIENT/2]; [PATIENT/3]"),
        ("Tom Brandt and Brandt", "[PERSON_1] and [PATIENT/2]"),
        ("Dr. O'NEILL; oneill; Will O’Neill", "Dr. [PERSON_1/2]; [PERSON_1/3]; [PERSON_1/4]"),
        ("Mueller, J.; Jurgen Muller", "[PERSON_1/2]; [PERSON_1/3]"),
        ("agnes lindgren; Lindgren", "[PERSON_1/2]; [PERSON_1/3]"),
        ("Priya Raman RN", "[PERSON_1] RN"),
        ("Ms Zielinska", "Ms [PERSON_1/2]"),
        ("mrn 0098765, 00-98765", "[ID_1/2], [ID_1/3]"),
        ("MRN–0098765, MRN0098765", "[ID_1/2], [ID_1/3]"),
        ("SSN 123456789", "SSN [ID_1/2]"),
        ("w1234 56789", "[ID_1/2]"),
        ("CLM 2024 00871", "[ID_1/2]"),
        ("sn77a4412 (00844588003288)", "[ID_1/2] ([ID_2])"),
        ("Observation/8F14E45F-CEEA-467F-9A36-DEDD4BEA2543", "Observation/[ID_1/2]"),
        ("Patient/p-70042", "Patient/[ID_1]"),
        ("Practitioner/d1", "[ID_1/2]"),
        ("+15550102345, 555.010.2345, 555 010 2345, 010-2345", "[PHONE_1/2], [PHONE_1/3], [PHONE_1/4], [PHONE_1/5]"),
        ("MARIA.B@MAIL.EXAMPLE", "[EMAIL_1/2]"),
        ("see https://maria.example/me.", "see [URL_1]."),
        ("12 oak street, SPRINGFIELD 62704", "[ADDRESS_1/2], [ADDRESS_2/2] [ADDRESS_3]"),
    ],
)  # fmt: skip
def test_what_the_record_names_is_replaced_however_it_is_written(
    written: str, sent: str, redactor: Redactor
) -> None:
    assert redactor.redact(written) == sent
    assert redactor.restore(sent) == written


@pytest.mark.parametrize(
    "written",
    [
        "1960-03-14", "1960/03/14", "19600314", "14.03.1960", "14.3.60", "3/14/1960", "03/14/60", "14/03/1960",
        "14 March 1960", "March 14, 1960", "Mar 14 1960", "14-Mar-1960", "14th of March 1960", "14. März 1960",
        "14 mars 1960", "14 de marzo de 1960", "1960 Mar 14", "14\nMarch\n1960", "1960–03–14", "March 1960", "03/1960",
    ],
)  # fmt: skip
def test_the_date_of_birth_is_replaced_in_every_format(written: str, redactor: Redactor) -> None:
    sent = redactor.redact(f"DOB {written}, creatinine 1.1 on 2024-03-14 and 14 March 2024")
    assert sent in (
        f"DOB [DATE_1{form}], creatinine 1.1 on 2024-03-14 and 14 March 2024" for form in ("", "/2")
    )
    assert written in redactor.restore(sent)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("call (212) 555-0188 ext 4", "call [PHONE_1] ext 4"),
        ("tel: 5550188", "tel: [PHONE_1]"),
        ("+44 20 7946 0958", "[PHONE_1]"),
        ("write to a.b+c@d.example", "write to [EMAIL_1]"),
        ("SSN 987-65-4321", "SSN [ID_1]"),
        ("ssn:987-65-4321, tel:(212) 555-0188", "ssn:[ID_1], tel:[PHONE_1]"),
        ("urn:uuid:0b2f0b5e-93a6-4d2f-8a0b-2f1d6c4f9e11", "urn:uuid:[ID_1]"),
        ("MRN: 12345", "MRN: [ID_1]"),
        ("Account number 88-1234", "Account number [ID_1]"),
        ("licence plate AB12CDE", "licence plate [ID_1]"),
        ("serial no. 9K-2231", "serial no. [ID_1]"),
        ("from 10.20.30.40 and 2001:db8::1", "from [URL_1] and [URL_2]"),
        ("www.me.example/x, see", "[URL_1], see"),
        ("lives at 221 Baker Street, Apt 2, Dover, DE 19901.", "lives at [ADDRESS_1]."),
        ("P.O. Box 1234", "P.O. Box [ADDRESS_1]"),
        ("a 93-year-old; aged 101; 97 y/o", "a [AGE_OVER_89_1]-year-old; aged [AGE_OVER_89_2]; [AGE_OVER_89_3] y/o"),
        ("born in 1921", "born in [DATE_1]"),
        ("Dr. Smith and DR. JONES", "Dr. [PERSON_1] and DR. [PERSON_2]"),
        ("Mrs Parkinson-Hale", "Mrs [PERSON_1]"),
        ("her son Tomasz came; Tomasz agrees", "her son [PERSON_1] came; [PERSON_1] agrees"),
        ("pharmacist Ann Lee", "pharmacist [PERSON_1]"),
        ("John Q. Public, MD", "[PERSON_1], MD"),
        ("Signed by: Kim Novak", "Signed by: [PERSON_1]"),
        ("Next of kin: Rosa Diaz", "Next of kin: [PERSON_1]"),
    ],
)  # fmt: skip
def test_what_looks_like_an_identifier_is_replaced(written: str, sent: str) -> None:
    nobody = Redactor.from_resources([])
    assert nobody.redact(written) == sent
    assert nobody.restore(sent) == written


MEDICINE = [
    "Marsh grade 3 lesion, Brandt-Daroff exercises, Parkinson disease, Foley catheter in place",
    "May cause drowsiness. Will follow up. How long will it last? May 5, 2024. Long history of hope and rose rash",
    "Potassium 5.9 mmol/L, platelets 123456 /uL, BP 120/80, 0002-8215-01, LOINC 4548-4, SNOMED 44054006",
    "E11.9; 1,000 mg twice daily; ratio 1:128; 2024-05-06T10:30:00Z; 05/06/2024; from 10:30:15 to 11:00",
    "age 64, 88-year-old, 95 % saturation, 98 F, for 90 days, aged 95 minutes",
    "MR Angiography, MS Relapse, DR Screening, nurse Visit Note, mother Breast cancer, wife Metformin",
    "father had Alzheimer's disease; sister: Type 1 diabetes; the patient: No complaints",
    "http://loinc.org|4548-4 and https://www.hl7.org/fhir/patient.html",
    "1.2.840.10008.1.2 is no address; version 2.5.10",
]


@pytest.mark.parametrize("text", MEDICINE)
def test_medicine_stays(text: str) -> None:
    people = [
        {"family": "Brandt", "given": ["Will"]}, {"family": "Marsh", "given": ["Hope"]},
        {"family": "Parkinson", "given": ["May"]}, {"family": "Long", "given": ["Rose"]}, {"family": "Foley", "given": ["Al"]},
    ]  # fmt: skip
    resources = [{"resourceType": "Practitioner", "name": [name]} for name in people]
    assert Redactor.from_resources(resources).redact(text) == text


@pytest.mark.parametrize(
    ("family", "given", "written"),
    [
        ("Long", "Rose", "how is rose long doing"),
        ("Long", "Rose", "Ms. Long asked"),
        ("Long", "Rose", "we called Rose twice"),
        ("Long", "Rose", "Rose reports pain"),
        ("Parkinson", "May", "Parkinson reports tremor"),
        ("Parkinson", "May", "Mr Parkinson has Parkinson disease"),
        ("Brandt", "Hope", "brandt came back"),
        ("Will", "Zed", "WILL, ZED"),
        ("Ng", "Li", "Ng, Li"),
    ],
)
def test_a_name_that_is_a_word_is_replaced_where_it_stands_as_one(
    family: str, given: str, written: str
) -> None:
    redactor = Redactor.from_resources(
        [{"resourceType": "Patient", "id": "x", "name": [{"family": family, "given": [given]}]}]
    )
    sent = redactor.redact(written)
    assert "[PATIENT" in sent
    assert sent.count("arkinson") == written.count("Parkinson disease")
    assert not {family.lower(), given.lower()} & set(sent.replace("Parkinson disease", "").lower().split())


def test_what_reads_like_a_placeholder_is_not_taken_for_one(redactor: Redactor) -> None:
    text = "Note says [PATIENT], [person 1] and [ID_7/2]. Brandt agrees."
    sent = redactor.redact(text)
    assert sent == "Note says [TEXT_1], [TEXT_2] and [TEXT_3]. [PATIENT/2] agrees."
    assert redactor.restore(sent) == text


def test_an_answer_may_write_placeholders_its_own_way(redactor: Redactor) -> None:
    redactor.redact("María Elena Brandt, MRN-0098765")
    answer = "**[Patient]** ([id 1]); [PATIENT/9]; [PERSON_4] is nobody, nor is [NAME]."
    assert redactor.restore(answer) == (
        "**María Elena Brandt** (MRN-0098765); María Elena Brandt; [PERSON_4] is nobody, nor is [NAME]."
    )


def test_counts_hold_no_value(redactor: Redactor) -> None:
    redactor.redact("Brandt called Brandt about MRN-0098765")
    assert redactor.counts == {"PATIENT": 2, "ID": 1}


def test_messages_are_redacted_wherever_they_hold_text(redactor: Redactor) -> None:
    messages = [
        {"role": "system", "content": "Answer about Brandt."},
        {"role": "user", "content": [{"type": "text", "text": "How is maria?"}], "name": "Will O'Neill"},
    ]
    sent = redactor.redact_messages(messages)
    assert sent == [
        {"role": "system", "content": "Answer about [PATIENT/2]."},
        {"role": "user", "content": [{"type": "text", "text": "How is [PATIENT/3]?"}], "name": "[PERSON_1]"},
    ]
    assert messages[0]["content"] == "Answer about Brandt."


@pytest.mark.parametrize("shift", [0, 25])
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_streamed_answer_is_restored_as_a_whole_one(size: int, shift: int) -> None:
    redactor = Redactor.from_resources([PATIENT], shift_days=shift)
    text = "Brandt [see 1] was seen on 6 May 2024, then 2024-06-01 [sic. Call 555-010-2345 [ and Tom Brandt"
    sent = redactor.redact(text)
    restorer = Restorer(redactor)
    pieces = [restorer.feed(sent[at : at + size]) for at in range(0, len(sent), size)]
    assert not any("[PA" in piece or "[PH" in piece for piece in pieces)
    assert "".join(pieces) + restorer.flush() == text


def test_a_stream_shows_text_as_soon_as_it_is_certain(redactor: Redactor) -> None:
    redactor.redact("Brandt")
    restorer = Restorer(redactor)
    assert [restorer.feed(piece) for piece in ("Dear ", "[PAT", "IENT/2", "], ok ", "[")] == [
        "Dear ", "", "", "Brandt, ok ", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2024-02-28", "2024-03-09"),
        ("2024-02-28T10:00:00Z", "2024-03-09T10:00:00Z"),
        ("2/28/2024", "3/9/2024"),
        ("02/28/24", "03/09/24"),
        ("28.02.2024", "09.03.2024"),
        ("28-Feb-2024", "09-Mar-2024"),
        ("February 21st, 2024", "March 2nd, 2024"),
        ("28 FEBRUARY 2024", "9 MARCH 2024"),
        ("28. Februar 2024", "9. Marz 2024"),
        ("May 2024", "May 2024"),
        ("version 1.2.24, 10 12 20", "version 1.2.24, 10 12 20"),
        ("in 2024, for 3 days, BP 120/80, 1/2 tablet", "in 2024, for 3 days, BP 120/80, 1/2 tablet"),
        ("born 1960-03-14", "born [DATE_1]"),
    ],
)
def test_dates_are_moved_in_the_format_they_are_written_in(written: str, sent: str) -> None:
    redactor = Redactor.from_resources([PATIENT], shift_days=10)
    assert redactor.redact(written) == sent
    assert redactor.restore(sent) == written


def test_a_date_that_only_the_answer_knows_is_moved_back() -> None:
    redactor = Redactor.from_resources([PATIENT], shift_days=10)
    assert redactor.restore("Next visit 2024-03-11.") == "Next visit 2024-03-01."


def test_two_dates_that_would_read_alike_stay_apart() -> None:
    redactor = Redactor.from_resources([], shift_days=10)
    text = "03/25/2023 and 25/03/2023 and 04/04/2023"
    assert redactor.restore(redactor.redact(text)) == text


@pytest.mark.parametrize(
    "resources",
    [
        [None, 3, "x", [], {}],
        [{"resourceType": "Patient", "name": "Ann", "telecom": 5, "birthDate": 1960, "address": "x", "identifier": [None]}],
        [{"resourceType": 7, "id": 9, "name": [{"family": ["a"], "given": "Bob"}], "subject": {"reference": 3, "display": 4}}],
        [{"resourceType": "Patient", "name": [{"family": "", "given": [""]}, {"text": " "}], "photo": [{}]}],
    ],
)  # fmt: skip
def test_malformed_resources_are_passed_over(resources: Any) -> None:
    assert Redactor.from_resources(resources).redact("Potassium 4.1") == "Potassium 4.1"


@pytest.mark.parametrize("inside", [False, True])
def test_a_router_outside_does_not_learn_the_patients_id(
    inside: bool, faults: Faults, client_of: Callable[..., RouterClient]
) -> None:
    faults.script = [say.answers(say.chat())]
    events: list[dict[str, Any]] = []
    client = client_of(faults.url, lambda _, about: events.append(about), llm_inside_clinic=inside)
    question = [{"role": "user", "content": "?"}]
    for patient in ("p-70042", "p-70042", "p-70043"):
        client.chat(question, task="clinical_decision", call=Call(patient_id=patient))
    told = [asked.headers["x-patient-id"] for asked in faults.asked]
    assert told[0] == told[1] != told[2]
    assert (told[0] == "p-70042") is inside
    assert ("70042" in json.dumps([asked.headers for asked in faults.asked])) is inside
    assert {about["patient_id"] for about in events} == {"p-70042", "p-70043"}
