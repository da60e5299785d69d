"""Every age band and every exclusion at its boundary. A rule whose exclusion has no case here fails."""

from __future__ import annotations

import datetime as dt

import pytest

from services.bots.clinical_decision_support.preventive.criteria import Age, View, leaves
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.bots.clinical_decision_support.preventive.rules import Named, Rule
from services.bots.clinical_decision_support.preventive.truth import Frame
from services.knowledge.preventive.value_sets import value_sets
from tests.bots.cds.preventive.builder import (
    AS_OF,
    OFFICE,
    Clinic,
    Resource,
    concept,
    cond,
    declined,
    made,
    med,
    obs,
    order,
    person,
    proc,
    visit,
)

NOW = dt.datetime.fromisoformat(AS_OF).replace(hour=18, tzinfo=dt.UTC)
Case = tuple[list[Resource], Resource | None, bool]
"""Resources, the patient (None: a woman of 60), and whether it is met."""
FRAIL, ILL = cond("icd:Z74.01", "2026-01-01"), cond("sct:42343007", "2025-01-01")
HOME = obs("loinc:71802-3", "2020-01-01", "sct:160734000")
CANCER, ADT = cond("icd:C61", "2025-01-01"), med("leuprolide 22.5 mg", "2026-01-10")
LONG = order("sct:456381000124102", "2026-02-01")
DXA = "loinc:38268-9"
STATIN_ALLERGY = made("AllergyIntolerance", code=concept("Atorvastatin"))
ALLERGIC = {"clinicalStatus": {"coding": [{"code": "active"}]}}
OLD = {"66": person("1960-12-31"), "65": person("1961-01-01"), "81": person("1945-12-31"), "80": person("1946-01-01")}
CHILD = person("2024-03-01")
REFUTED = {"verificationStatus": {"coding": [{"code": "refuted"}]}}


def held(code: str, **more: str) -> Case:
    return [cond(f"icd:{code}", **more)], None, True


def not_held(*given: Resource, patient: Resource | None = None) -> Case:
    return list(given), patient, False


def ended(code: str, when: str) -> Resource:
    return cond(f"icd:{code}", "2010-01-01", when, "resolved")


def known(code: str, other: str) -> list[Case]:
    """A diagnosis of any time before; another one, or the same refuted, isn't it."""
    return [held(code, onset="1990-01-01"), not_held(cond(f"icd:{other}")), not_held(cond(f"icd:{code}", **REFUTED))]


def of_the_year(code: str, other: str) -> list[Case]:
    """A diagnosis that goes on in the year; one that ended on the day before it doesn't."""
    return [
        ([ended(code, "2026-01-01")], None, True), held(code), not_held(ended(code, "2025-12-31")), not_held(cond(f"icd:{other}")),
    ]  # fmt: skip


CASES: dict[str, list[Case]] = {
    "in hospice care": [
        ([order("sct:385763009", "2026-01-01")], None, True), not_held(order("sct:385763009", "2025-12-31")),
        ([cond("sct:170935008", "2025-01-01")], None, True), not_held(cond("sct:170935008", "2024-01-01", "2025-12-31", "resolved")),
        not_held(order("sct:385763009", "2026-01-01", status="revoked")),
    ],
    "in palliative care": [
        ([proc("sct:103735009", "2026-01-01")], None, True), not_held(proc("sct:103735009", "2025-12-31")),
        not_held(proc("sct:103735009", "2026-01-01", status="not-done")),
    ],
    "66 or over, frail, with advanced illness": [
        ([FRAIL, ILL], OLD["66"], True), not_held(FRAIL, ILL, patient=OLD["65"]), not_held(FRAIL, patient=OLD["66"]),
        not_held(ILL, patient=OLD["66"]), not_held(FRAIL, cond("sct:42343007", "2024-12-31"), patient=OLD["66"]),
    ],
    "frail with advanced illness, or frail and 81 or over": [
        ([FRAIL], OLD["81"], True), not_held(FRAIL, patient=OLD["80"]), ([FRAIL, ILL], OLD["80"], True),
        ([FRAIL, ILL], OLD["66"], True), not_held(FRAIL, ILL, patient=OLD["65"]),
    ],
    "lives in a nursing home": [
        ([HOME], OLD["66"], True), not_held(HOME, patient=OLD["65"]),
        not_held(HOME, obs("loinc:71802-3", "2021-01-01", "sct:224217001"), patient=OLD["66"]),
    ],
    "colorectal cancer": [*known("C18.9", "D12.6"), held("Z85.038", onset="1990-01-01")],
    "total colectomy": [
        ([proc("sct:26390003", "1999-05-05")], None, True), not_held(proc("sct:26390003", "1999-05-05", status="not-done")),
        not_held(proc("sct:73761001", "1999-05-05")),
    ],
    "both breasts removed": [
        held("Z90.13"), ([cond("icd:Z90.11", "2010-01-01"), cond("icd:Z90.12", "2024-01-01")], None, True),
        not_held(cond("icd:Z90.11")), not_held(cond("icd:Z90.11"), cond("icd:Z90.10")),
    ],
    "hysterectomy without a cervix left": [
        ([proc("sct:116140006", "2001-01-01")], None, True), not_held(proc("sct:116140006", "2001-01-01", status="preparation")),
    ],
    "no cervix": known("Z90.710", "Z90.711"),
    "a hysterectomy is recorded, and not whether the cervix was kept": [
        ([proc("Hysterectomy", "2001-01-01")], None, True), not_held(proc("Hysteroscopy", "2001-01-01")),
    ],
    "bone density scan declined": [
        ([CANCER, ADT, LONG, declined(order(DXA, "2026-05-01"))], person("1955-01-01", "male"), True),
        not_held(CANCER, ADT, LONG, declined(order(DXA, "2026-05-02")), patient=person("1955-01-01", "male")),
        not_held(CANCER, ADT, LONG, declined(order(DXA, "2026-01-31")), patient=person("1955-01-01", "male")),
    ],
    "absence of both eyes": [
        ([cond("sct:15665641000119103")], None, True), not_held(cond("sct:15665641000119103", **REFUTED)),
    ],
    "CKD 5 or end-stage renal disease": [*of_the_year("N18.5", "N18.4"), held("N18.6")],
    "end-stage renal disease": [*of_the_year("N18.6", "N18.5"), ([cond("sct:46177005")], None, True)],
    "pregnant in the year": [
        ([cond("icd:Z33.1", "2026-03-01")], None, True), ([cond("icd:Z33.1", "2025-05-01", "2026-01-01", "resolved")], None, True),
        not_held(cond("icd:Z33.1", "2025-02-01", "2025-12-31", "resolved")), not_held(cond("icd:Z33.1", "2019-01-01")),
    ],
    "advanced illness": [([cond("sct:42343007", "2001-01-01")], None, True), ([cond("sct:300936002")], None, True), not_held(cond("icd:I10"))],
    "known diabetes or prediabetes": [
        ([ended("R73.03", "2024-01-01")], None, True), not_held(ended("R73.03", "2023-12-31")), held("E11.9", onset="2025-12-31"),
        not_held(cond("icd:E11.9", "2026-01-01")),
    ],
    "tested in the two years before": [
        ([obs("loinc:4548-4", day, 5.5, "%")], None, met)
        for day, met in (("2023-12-31", False), ("2024-01-01", True), ("2025-12-31", True), ("2026-01-01", False))
    ],
    "known diabetes": of_the_year("E11.9", "R73.03"),
    "kidney transplant": of_the_year("Z94.0", "Z94.4"),
    "dialysis or kidney transplant": [
        ([proc("sct:265764009", "2001-01-01")], None, True), not_held(proc("sct:265764009", "2001-01-01", status="not-done")),
    ],
    "monthly ESRD visits": [not_held(OFFICE)],  # its codes are licensed, all of them
    "breastfeeding": of_the_year("Z39.1", "Z39.2"),
    "rhabdomyolysis": of_the_year("M62.82", "M62.81"),
    "allergy or harm by a statin": [
        ([STATIN_ALLERGY | ALLERGIC], None, True), not_held(STATIN_ALLERGY | ALLERGIC | REFUTED),
        not_held(STATIN_ALLERGY | {"clinicalStatus": {"coding": [{"code": "resolved"}]}}),
        ([made("AdverseEvent", actuality="actual", date="2026-01-01", suspectEntity=[{"instance": {"display": "x"}}])], None, False),
    ],
    "hepatitis or liver disease": of_the_year("K70.30", "K80.20"),
    "muscle symptoms under statins": of_the_year("G72.0", "G72.1"),
    "a statin wasn't prescribed for a medical reason": [
        ([declined(med("Atorvastatin 20 mg", "2026-01-01"), "sct:183932001")], None, True),
        not_held(declined(med("Atorvastatin 20 mg", "2025-12-31"), "sct:183932001")),
        not_held(declined(med("Atorvastatin 20 mg", "2026-01-01"), "sct:183945002")),
    ],
    "known hypertension": known("I10", "R03.0"),
    "known hypertension, or excepted, at each visit": [
        ([OFFICE, cond("icd:I10", "2026-03-01", kind="problem")], None, True),
        not_held(OFFICE, cond("icd:I10", "2026-03-02", kind="problem")), not_held(OFFICE),
    ],
    "declined, or not done for a medical reason": [
        ([declined(obs("loinc:85354-9", "2026-01-01", issued="2026-01-01T10:00:00Z"))], None, True),
        not_held(declined(obs("loinc:85354-9", "2025-12-31", issued="2025-12-31T10:00:00Z"))),
    ],
    "bipolar disorder": known("F31.9", "F32.A"),
    "not done for a recorded reason": [
        ([declined(obs("loinc:39156-5", "2026-01-01", issued="2026-01-01T10:00:00Z"))], None, True),
        not_held(obs("loinc:39156-5", "2026-01-01", status="cancelled")),
    ],
    "assessment declined": [
        ([declined(obs("loinc:72172-0", "2026-01-01", issued="2026-01-01T10:00:00Z"))], None, True),
        not_held(declined(obs("loinc:72172-0", "2025-12-31", issued="2025-12-31T10:00:00Z"))),
    ],
    "known HIV infection": known("B20", "Z20.6"),
    "died": [([], person("1990-01-01", deceasedDateTime="2026-05-01"), True), not_held(patient=person("1990-01-01"))],
    "a pregnancy test before an X-ray or isotretinoin is the only sign of sexual activity": [
        ([order("loinc:2106-3", "2026-02-01"), order("sct:399208008", "2026-02-07")], None, True),
        not_held(order("loinc:2106-3", "2026-02-01"), order("sct:399208008", "2026-02-08")),
        not_held(order("loinc:2106-3", "2026-02-01"), order("sct:399208008", "2026-01-31")),
        not_held(order("loinc:2106-3", "2026-02-01"), order("sct:399208008", "2026-02-07"), order("loinc:21613-5", "2026-02-02")),
    ],
    "a condition that speaks against vaccines": [
        ([cond("icd:D81.9", "2026-03-01")], CHILD, True), ([cond("icd:K56.1", "2024-03-01")], CHILD, True),
        not_held(cond("icd:D81.9", "2026-03-02"), patient=CHILD), not_held(cond("icd:K56.2", "2025-01-01"), patient=CHILD),
    ],
    "lung cancer": known("C34.90", "R91.1"),
    "limited life expectancy": [([cond("sct:300936002")], None, True), not_held(cond("sct:300936002", **REFUTED))],
    "aortic aneurysm": known("I71.4", "I72.0"),
    "known hepatitis C": known("B18.2", "B18.1"),
    "known hepatitis B": known("B18.1", "B18.2"),
    "known osteoporosis": known("M81.0", "M85.80"),
    "known anxiety": known("F41.1", "F32.A"),
}  # fmt: skip
STRICT = {"known hypertension, or excepted, at each visit"}
"""What counts only where the measures are followed to the letter."""
NAMED: dict[str, list[tuple[Rule, Named]]] = {}
for _rule in RULES:
    for _named in (*_rule.exclusions, *_rule.exceptions, *_rule.doubts):
        NAMED.setdefault(_named.told, []).append((_rule, _named))


def test_every_exclusion_has_its_cases_and_none_is_left_over() -> None:
    assert set(CASES) == set(NAMED)
    licensed = {c.system for c in value_sets().codes if c.value_set == "visit-esrd" and c.code != "-"}
    for told, cases in CASES.items():
        met = {truth for _, _, truth in cases}
        assert met == ({False} if told == "monthly ESRD visits" and not licensed else {True, False}), told


@pytest.mark.parametrize(("told", "case"), [
    pytest.param(told, case, id=f"{told}-{n}") for told, cases in CASES.items() for n, case in enumerate(cases)
])  # fmt: skip
def test_an_exclusion_at_its_boundary(clinic: Clinic, told: str, case: Case) -> None:
    """In every rule that has it, by the rule's own criterion."""
    given, who, expected = case
    frame = Frame(NOW, told in STRICT)
    ident = clinic.add(*given, patient=who)
    record = clinic.read(ident, frame)
    criteria = {id(named.of): named.of for _, named in NAMED[told]}
    found = [of.check(View(record, frame)).truth is True for of in criteria.values()]
    assert any(found) is expected, [r.id for r, _ in NAMED[told]]


def bands() -> list[tuple[str, Age]]:
    return [(rule.id, leaf) for rule in RULES for leaf in leaves(rule.eligible) if isinstance(leaf, Age)]


@pytest.mark.parametrize(("rule", "age"), bands(), ids=lambda v: v if isinstance(v, str) else v.words)
def test_an_age_band_at_its_boundary(clinic: Clinic, rule: str, age: Age) -> None:
    """The birthday counts; the day before it doesn't."""
    frame = Frame(NOW, False)
    day = age.day(frame)

    def met(years: int, later: int) -> bool:
        born = day.replace(year=day.year - years) + dt.timedelta(days=later)
        ident = clinic.add(patient=person(born.isoformat()))
        return age.check(View(clinic.read(ident, frame), frame)).truth is True

    if age.low is not None:
        assert met(age.low, 0) and not met(age.low, 1)
    if age.high is not None:
        assert met(age.high + 1, 1) and not met(age.high + 1, 0)
    assert age.low is not None or age.high is not None


def test_rules_without_an_age_are_those_that_have_none() -> None:
    """CMS645, CMS149, CMS314, CMS347.1 and pregnancy know no age."""
    without = {rule.id for rule in RULES if rule.age() is None}
    assert {r for r in without if not r.startswith("USPSTF.pregnancy")} == {"CMS645", "CMS149", "CMS314", "CMS347.1"}


def test_a_visit_of_no_use_is_no_case(clinic: Clinic) -> None:
    """The cases rest on codes that are in the sets: a code of none excludes from nothing."""
    frame = Frame(NOW, False)
    ident = clinic.add(visit("sct:11429006", "2026-02-01"), cond("icd:J06.9"))
    view = View(clinic.read(ident, frame), frame)
    assert not [told for told, of in NAMED.items() if any(n.of.check(view).truth is True for _, n in of)]
