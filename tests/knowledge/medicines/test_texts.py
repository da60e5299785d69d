"""What free text does with medicines and with the allergy list, and the doses it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.medicines.allergy_words import changes_allergies, is_allergy_code
from services.knowledge.medicines.doses import beyond, doses_in, usual_dose
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.ordering import ordered_in


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("ordered", "I would like you to start the patient on oxycodone 10 mg every 4 hours"),
        ("ordered", "Oxycodone 10mg PO Q4H PRN severe pain, dispense #60, 0 refills"),
        ("ordered", "Pt to receive fentanyl patch 25 mcg/hr q72h"),
        ("ordered", "- Lorazepam 1 mg PO at bedtime (new)"),
        ("ordered", "Send electronic prescription: Adderall XR 20 mg daily"),
        ("ordered", "Discharge medications: oxycodone 5 mg q6h prn"),
        ("ordered", "Consider low dose oxycodone for breakthrough pain"),
        ("ordered", "We will initiate buprenorphine-naloxone 8/2 mg daily"),
        ("ordered", "Change tramadol to oxycodone"),
        ("ordered", "Replace ibuprofen with tramadol 50 mg q6h"),
        ("ordered", "Increase her OxyContin to 20 mg BID."),
        ("ordered", "Continue metformin, start Xanax 0.5 mg TID"),
        ("ordered", "Treat pain with morphine 2 mg IV q4h prn"),
        ("ordered", "Refill for Ambien 10 mg sent to CVS"),
        ("ordered", "needs his Adderall refilled"),
        ("ordered", "Begin trial of Lyrica 75 mg BID"),
        ("ordered", "The plan is oxycodone 5 mg q6h."),
        ("ordered", "Okay to give Ativan 1 mg IV x1"),
        ("ordered", "hydrocodone/APAP 5/325 1-2 tabs q6h prn #20"),
        ("ordered", "Pain: tramadol 50 mg q8h prn"),
        ("ordered", "Anxiety: clonazepam 0.5 mg BID"),
        ("ordered", "Authorize refill: zolpidem 10 mg qhs #30"),
        ("ordered", "order: ketamine infusion"),
        ("ordered", "Recommend adding pregabalin 75 mg BID"),
        ("ordered", "Resume lisinopril and add phentermine 37.5 mg daily"),
        ("ordered", "please prescribe something like percocet"),
        ("ordered", "Instead of ibuprofen, start oxycodone 5 mg q6h."),
        ("ordered", "Do not continue ibuprofen; start oxycodone."),
        ("ordered", "She denies opioid use. Start oxycodone 5 mg."),
        ("ordered", "PDMP reviewed, appropriate. Refill oxycodone 10 mg #90."),
        ("told", "He took two of his wife's Percocet."),
        ("told", "Patient states she was prescribed Xanax years ago."),
        ("told", "EMS gave fentanyl 100 mcg en route."),
        ("told", "Current medications: lisinopril, zolpidem 5 mg nightly"),
        ("told", "Home meds include clonazepam."),
        ("told", "Lives with brother who uses heroin"),
        ("told", "Risk of respiratory depression with opioids explained"),
        ("told", "UDS + for benzodiazepines"),
        ("told", "Pain was controlled with morphine in PACU."),
        ("told", "Reports that tramadol helps."),
        ("told", "on oxycodone at home"),
        ("told", "Last refill of oxycodone was 3/12."),
        ("told", "History: opioid overdose 2018 treated with naloxone, then methadone clinic"),
        ("stopped", "Opioids are contraindicated."),
        ("stopped", "Wean off fentanyl drip"),
        ("stopped", "d/c morphine PCA"),
        ("stopped", "No indication for benzodiazepines."),
        ("stopped", "Not a candidate for stimulants such as Adderall"),
        ("stopped", "Patient should not receive codeine"),
        ("stopped", "Would avoid tramadol given seizures"),
        ("stopped", "Decline refill of oxycodone"),
        ("stopped", "Codeine - itching (allergy)"),
        ("stopped", "Hold off on starting lorazepam."),
        ("stopped", "Never give her meperidine"),
        ("stopped", "Oxycodone: discontinue"),
        ("continued", "Continue current dose of Vyvanse"),
        ("continued", "Adderall 20 mg daily, continue"),
        ("continued", "Maintain on Suboxone 8/2 mg daily"),
        ("continued", "No change to clonazepam."),
        ("continued", "Cont. home lorazepam"),
        ("ordered", "Leuprolide stopped, oral morphine 5 mg q4h PRN."),
        ("ordered", "Start oxycodone 5 mg q6h prn pain."),
        ("ordered", "Plan: oxycodone 5 mg PO q6h #30"),
        ("ordered", "Rx lorazepam 1 mg"),
        ("ordered", "Prescribe tramadol for knee pain"),
        ("ordered", "oxycodone 5 mg q6h #30"),
        ("ordered", "Increase gabapentin and switch to pregabalin 75 mg BID."),
        ("ordered", "Refill Adderall 20 mg daily"),
        ("ordered", "Please call in a script for Norco 5/325"),
        ("ordered", "Continue lisinopril. Add hydrocodone 5 mg for breakthrough pain."),
        ("ordered", "Will send zolpidem 10 mg to pharmacy."),
        ("ordered", "Recommend trial of low-dose clonazepam."),
        ("ordered", "Patient takes oxycodone 5 mg; increase to oxycodone 10 mg q6h."),
        ("ordered", "Sig: tramadol 50 mg 1 tab q6h"),
        ("ordered", "Stop ibuprofen and start tramadol 50 mg."),
        ("ordered", "Give morphine 4 mg IV now"),
        ("ordered", "If pain persists, start oxycodone 5 mg."),
        ("ordered", "She needs refill of alprazolam 0.5 mg TID."),
        ("ordered", "Oxycodone 5 mg to be given every 6 hours."),
        ("continued", "Continue home clonazepam 0.5 mg BID."),
        ("continued", "Resume pregabalin at discharge."),
        ("continued", "He remains on methadone 60 mg daily."),
        ("continued", "Keep on buprenorphine/naloxone 8 mg."),
        ("stopped", "Stop oxycodone."),
        ("stopped", "Taper off lorazepam over 2 weeks."),
        ("stopped", "Avoid opioids."),
        ("stopped", "Do not give morphine."),
        ("stopped", "Do not start zolpidem."),
        ("stopped", "Allergic to codeine."),
        ("stopped", "Discontinue tramadol today"),
        ("stopped", "Oxycodone was discontinued."),
        ("stopped", "Avoid starting benzodiazepines."),
        ("stopped", "Will not prescribe oxycodone."),
        ("told", "Takes oxycodone 5 mg twice daily for back pain."),
        ("told", "Was given morphine 4 mg IV in the ED."),
        ("told", "Received fentanyl 50 mcg in the OR."),
        ("told", "History of heroin use."),
        ("told", "Denies cocaine use."),
        ("told", "Mother takes alprazolam."),
        ("told", "Urine drug screen positive for amphetamines."),
        ("told", "Educated about the risks of opioids."),
        ("told", "PDMP reviewed: last oxycodone fill in March."),
        ("told", "She took tramadol in 2019."),
        ("told", "Testosterone level 320 ng/dL."),
        ("told", "Patient requests oxycodone."),
        ("told", "Patient asks to start Adderall."),
        ("told", "The patient was prescribed oxycodone by another provider last year."),
        ("told", "Medications:\n- lorazepam 0.5 mg nightly"),
        ("told", "Discussed risks of starting benzodiazepines."),
        ("ordered", "Plan:\n- lorazepam 0.5 mg nightly"),
        ("ordered", "Assessment and Plan:\n1. Pain: oxycodone 5 mg q4h prn"),
        ("ordered", "Switch from tramadol to oxycodone 5 mg."),
        ("stopped", "oxycodone 5 mg q6h: stop"),
        ("ordered", "give 0xyc0d0ne 5 mg"),
        ("ordered", "Take tramadol 50 mg every 6 hours as needed."),
        ("ordered", "Oxycodone, 5 mg, every 6 hours"),
        ("ordered", "You may take Percocet 1 tab q6h as needed"),
        ("told", "Patient is on chronic opioids."),
        ("told", "Overdosed on fentanyl last month."),
        ("stopped", "Start acetaminophen instead of oxycodone."),
        ("stopped", "Hold lorazepam for sedation."),
        ("ordered", "Order hydromorphone PCA"),
        ("ordered", "Titrate methadone to 40 mg daily"),
        ("ordered", "Renew Xanax 1 mg #60"),
        ("told", "Reports taking friend's Adderall."),
        ("stopped", "No opioids."),
        ("stopped", "Patient declined opioids."),
        ("told", "Opioid agreement signed."),
    ],
)
def test_intent(intent: str, text: str) -> None:
    spoken = [s for s in ordered_in(text) if s.controlled]
    assert spoken and spoken[-1].intent == intent


def test_other_medicines_are_told_too() -> None:
    spoken = ordered_in("Continue lisinopril. Start amlodipine 5 mg daily.")
    assert [(s.drug, s.controlled, s.intent) for s in spoken] == [
        ("lisinopril", None, "continued"),
        ("amlodipine", None, "ordered"),
    ]
    assert spoken[1].sentence == "Start amlodipine 5 mg daily."


def test_an_order_in_disguise_is_an_order() -> None:
    (spoken,) = ordered_in("Start оxусоdоnе 5 mg q6h")
    assert spoken.intent == "ordered" and spoken.controlled and spoken.controlled.how == "look-alike"


@pytest.mark.parametrize(
    "text",
    [
        "remove penicillin allergy",
        "update allergies to NKDA",
        "Please delist penicillin.",
        "mark as not allergic",
        "add allergy: latex",
        "de-label penicillin",
        "Take penicillin off the allergy list",
        "The penicillin allergy should be removed.",
        "Allergies: remove penicillin",
        "Set allergies to none",
        "Add sulfa to the allergy list",
        "Correct the allergy record: no penicillin allergy",
        "Change the allergy to intolerance",
        "Document an allergy to codeine",
        "аdd аllergy: latex",
        "Clear the allergies",
        "Penicillin allergy to be delabeled",
        "list him as NKDA",
        "enter latex as an allergen",
    ],
)
def test_asks_for_a_change_of_allergies(text: str) -> None:
    assert [s for _, _, s in changes_allergies(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Allergies: penicillin",
        "NKDA",
        "allergic rhinitis",
        "refer to allergist for penicillin testing",
        "Add loratadine for allergies",
        "Change amoxicillin to azithromycin because of penicillin allergy",
        "Start cetirizine 10 mg daily for seasonal allergies.",
        "Allergies reviewed and updated.",
        "Penicillin allergy was removed in 2019.",
        "No known drug allergies.",
        "Record reviewed; allergic to sulfa.",
        "Take cetirizine daily for allergies",
        "Update: patient has seasonal allergies",
        "Allergy list reviewed with patient.",
        "She has an allergy to latex.",
        "Add allergy testing to the plan",
        "Avoid penicillin given allergy.",
        "Patient with multiple allergies takes montelukast",
        "Remove sutures. Allergies: none.",
        "Mark Smith has no known allergies",
        "Put on loratadine; allergic symptoms better",
        "Allergy shots continue",
        "Clear lungs, no allergies",
        "clear to auscultation, NKDA",
        "Change dressing daily, allergic to tape",
        "set of vitals normal, NKDA",
        "List of allergies: penicillin",
        "Record of allergies: none",
        "medication list and allergies reviewed",
        "Make sure that the allergy list is reviewed",
    ],
)
def test_only_tells_of_allergies(text: str) -> None:
    assert changes_allergies(text) == []


def test_the_sentence_that_asks_is_given_as_written() -> None:
    text = "Seen today. Please remove the реnicillin allergy. Thanks."
    ((start, end, sentence),) = changes_allergies(text)
    assert text[start:end] == sentence == "Please remove the реnicillin allergy."


@pytest.mark.parametrize("code", ["Z88.0", "Z880", "Z91.010", "T78.40XA", "T78.2", "T88.6"])
def test_codes_of_allergies(code: str) -> None:
    assert is_allergy_code("http://hl7.org/fhir/sid/icd-10-cm", code)


@pytest.mark.parametrize("code", ["L23.9", "J30.1", "Z91.14", "I10", "T78.3", "E78.2"])
def test_other_codes(code: str) -> None:
    assert not is_allergy_code("http://hl7.org/fhir/sid/icd-10-cm", code)
    assert not is_allergy_code("http://loinc.org", "Z88.0")


def test_codes_of_allergies_in_snomed() -> None:
    assert is_allergy_code("http://snomed.info/sct", "91936005")
    assert not is_allergy_code("http://snomed.info/sct", "44054006")


@pytest.mark.parametrize(
    ("text", "ingredient", "amount", "unit", "per_day"),
    [
        ("metformin 10,000 mg BID", "metformin", 10000, "mg", 20000),
        ("levothyroxine 100 mg daily", "levothyroxine", 100, "mg", 100),
        ("digoxin 0.25g", "digoxin", 0.25, "g", None),
        ("1.0mg warfarin", "warfarin", 1, "mg", None),
        ("10 mg of morphine", "morphine", 10, "mg", None),
        ("gabapentin 300-600 mg TID", "gabapentin", 600, "mg", 1800),
        ("morphine 10 mg IV q4h", "morphine", 10, "mg", 60),
        ("insulin glargine 10 units at bedtime", "insulin glargine", 10, "units", 10),
        ("apixaban 5 mg every 12 hours", "apixaban", 5, "mg", 10),
        ("methotrexate 15 mg weekly", "methotrexate", 15, "mg", pytest.approx(15 / 7)),
        ("fentanyl 50 µg", "fentanyl", 50, "µg", None),
        ("acetaminophen .5 g 4 times a day", "acetaminophen", 0.5, "g", 2),
    ],
)
def test_doses_of_text(text: str, ingredient: str, amount: float, unit: str, per_day: float | None) -> None:
    (dose,) = doses_in(text)
    assert dose.drug.ingredients == (ingredient,)
    assert (dose.amount, dose.unit, dose.per_day) == (amount, unit, per_day)
    assert text[dose.start : dose.end]


@pytest.mark.parametrize(
    "text",
    [
        "digoxin level 1.2 ng/mL",
        "Norco 5/325 q6h",
        "sertraline",
        "potassium 4.1 mmol/L",
        "aspirin 10 years ago",
    ],
)
def test_no_dose(text: str) -> None:
    assert doses_in(text) == []


@pytest.mark.parametrize(
    ("name", "amount", "unit", "per_day", "wrong"),
    [
        ("metformin", 10000, "mg", 20000, True),
        ("metformin", 1000, "mg", 2000, False),
        ("levothyroxine", 100, "mg", 100, True),
        ("levothyroxine", 100, "ug", 100, False),
        ("levothyroxine", 0.1, "mg", None, False),
        ("digoxin", 0.25, "g", None, True),
        ("digoxin", 0.25, "mg", None, False),
        ("insulin glargine", 10, "mg", None, True),
        ("insulin glargine", 10, "units", None, False),
        ("lisinopril", 10, "units", None, True),
        ("warfarin", 500, "mg", None, True),
        ("acetaminophen", 1, "g", 4, False),
        ("oxycodone", 5, "mg", 5 * 24 * 60, True),
        ("cholecalciferol", 50, "ug", None, False),
        ("cholecalciferol", 50, "mg", None, True),
        ("metformin", 4, "tablet", None, False),
        ("foobarazole", 100, "g", None, False),
        ("potassium chloride", 20, "meq", 40, False),
        ("hydrocortisone 1 % cream", 30, "g", None, False),
        ("Percocet", 325, "mg", None, False),
    ],
)
def test_beyond(name: str, amount: float, unit: str, per_day: float | None, wrong: bool) -> None:
    said = beyond(identify([], name), amount, unit, per_day)
    assert (said is not None) == wrong
    assert said is None or said.endswith(".")


def test_usual_dose() -> None:
    usual = usual_dose("metformin")
    assert usual and usual.daily == 2550 and usual.unit == "mg" and usual.source
    assert usual_dose("ketorolac", "parenteral") != usual_dose("ketorolac")
    assert usual_dose("nothing") is None and usual_dose("metformin", "rectal") is None


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    for said in (*ordered_in(text), *doses_in(text)):
        assert 0 <= said.start < said.end <= len(text)
    for start, end, sentence in changes_allergies(text):
        assert text[start:end] == sentence
