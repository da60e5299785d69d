"""Grade A and B services of the US Preventive Services Task Force that the measures leave out and a record can tell."""

from __future__ import annotations

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    Not,
    Sex,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Amount, Event, amount_in, is_kind
from services.bots.clinical_decision_support.preventive.facts import Fact
from services.bots.clinical_decision_support.preventive.measures.cancer import (
    CYTOLOGY,
    NO_BREASTS,
    NO_CERVIX,
    NO_COLON,
    SCOPES,
    STOOL,
)
from services.bots.clinical_decision_support.preventive.measures.cardiovascular import (
    ASCVD,
    DIABETES,
    EXCEPTED,
    EXCLUDED,
    HIGH_LDL,
    STATIN,
)
from services.bots.clinical_decision_support.preventive.measures.infection import ACTIVE, HIV
from services.bots.clinical_decision_support.preventive.measures.shared import (
    HOSPICE,
    diagnosed,
    pregnant_now,
)
from services.bots.clinical_decision_support.preventive.measures.tobacco import statuses
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import USPSTF, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import EVER, Truth, Window, months_from, span
from services.index.text import values

DONE = ("report", "procedure", "observation", "imaging")
LAST_YEAR = Window(12, rolling=True)
SINCE_EVER = Window(None, rolling=True)
IN_PREGNANCY = Window(10, rolling=True)  # a test of this pregnancy, as the first day of it is seldom recorded
PREGNANT = pregnant_now()


def _limits(view: View) -> Finding:
    """At least 20 pack-years, and smokes or quit within 15 years."""
    known = [s for s in statuses(view, None) if s.value_in("tobacco-user", "tobacco-nonuser")]
    packs = [f for f in view.record.of(("pack-years",)) if is_kind(f, "observation", view)]
    status = known[-1] if known else None
    former = status is not None and status.value_in("former-smoker", "tobacco-nonuser") and not _never(status)
    smokes = status is not None and status.value_in("tobacco-user")
    if status is not None and not former and not smokes:
        return Finding(False, why="never smoked")
    if not packs:
        return Finding(
            None if status else False,
            why="pack-years aren't recorded" if status else "no tobacco history in the record",
        )
    value = packs[-1].value
    if value is None or value.amount is None:
        return Finding(None, (packs[-1].evidence(),), "the pack-years have no number")
    if value.amount < 20:
        return Finding(False, why=f"{value.amount:g} pack-years are fewer than 20")
    evidence = (packs[-1].evidence(), *((status.evidence(),) if status else ()))
    if smokes:
        return Finding(True, evidence)
    if status is None:
        return Finding(None, evidence, "whether the patient still smokes isn't recorded")
    quit_by = next((s.latest.last for s in known if s.latest and not s.value_in("tobacco-user")), None)
    if quit_by and quit_by < months_from(view.frame.today, -180):
        return Finding(False, why="quit more than 15 years ago")
    last_smoked = [s.latest.first for s in known if s.latest and s.value_in("tobacco-user")]
    if last_smoked and max(last_smoked) >= months_from(view.frame.today, -180):
        return Finding(True, evidence)
    return Finding(None, evidence, "when the patient quit smoking isn't recorded")


def _never(status: Fact) -> bool:
    return bool(
        {"266919005", "LA18978-9"}
        & {c for _, c in values.codings(status.resource.get("valueCodeableConcept"))}
    ) or (status.value is not None and "never" in status.value.text.lower())


def _ever_smoked(view: View) -> Finding:
    known = statuses(view, None)
    if not known:
        return Finding(None, why="whether the patient ever smoked isn't recorded")
    smoked = [s for s in known if s.value_in("tobacco-user", "former-smoker")]
    return Finding(bool(smoked), tuple(s.evidence() for s in smoked[-1:]), "" if smoked else "never smoked")


def _weeks(view: View) -> float | None:
    """Weeks of the present pregnancy, by the latest estimated date of delivery."""
    for found in reversed(view.record.of(("due-date",))):
        told = span(values.iso(found.resource.get("valueDateTime")))
        if told and is_kind(found, "observation", view) and -21 <= (told.last - view.frame.today).days <= 300:
            return 40 - (told.last - view.frame.today).days / 7
    return None


def _from_week(week: int) -> Computed:
    def judge(view: View) -> Finding:
        weeks = _weeks(view)
        if weeks is None:
            return Finding(None, why="the estimated date of delivery isn't recorded")
        return Finding(weeks >= week, why="" if weeks >= week else f"week {int(weeks)} of the pregnancy")

    return Computed(f"from week {week} by the estimated date of delivery [due-date]", judge)


def _latest_bmi(limit: float, name: str, unit: str) -> Computed:
    def judge(view: View) -> Finding:
        found = [f for f in view.record.of((name,)) if is_kind(f, "observation", view) and f.latest]
        if not found:
            return Finding(False, why="no BMI in the record")
        amount, why = amount_in(found[-1], unit, None, view.strict)
        truth: Truth = None if amount is None else amount >= limit
        return Finding(truth, (found[-1].evidence(),), why or f"the latest value is below {limit:g}")

    return Computed(f"latest value at least {limit:g} {unit} [{name}]", judge)


def _once(what: str, *sets: str, window: Window = SINCE_EVER, every: int | None = None) -> Event:
    return Event(what, DONE, sets, window, every=every)


def _service(
    id_: str,
    title: str,
    grade: str,
    year: int,
    eligible: Criterion,
    met: Criterion,
    advice: str,
    *excluded: Named,
    verified: bool = True,
    lacking: str = "",
) -> Rule:
    return Rule(
        f"USPSTF.{id_}", title, USPSTF, eligible, met, advice, version=str(year), grade=grade, verified=verified,
        exclusions=(HOSPICE, *excluded), lacking=lacking,
    )  # fmt: skip


def _known(told: str, name: str) -> Named:
    return Named(told, diagnosed(told, name, window=EVER, time="starts"))


_ADULT = Age(18, None, "today")
_COUNSELLED = Any(
    Event("counselling or referral for weight", ("procedure", "order"), ("weight-plan", "nutrition-counselling", "activity-counselling"), LAST_YEAR),
    Event("medicine for weight", ("medicine in use",), ("weight-plan",), LAST_YEAR, "overlaps", also=("medicine taken",)),
)  # fmt: skip
_RAISED_RISK = Any(
    diagnosed("hypertension", "hypertension-any"), diagnosed("diabetes", "diabetes"), diagnosed("dyslipidaemia", "dyslipidaemia"),
    Computed("smokes by the latest status", lambda view: Finding(bool((s := statuses(view, None)) and s[-1].value_in("tobacco-user")))),
)  # fmt: skip

RULES = (
    _service(
        "lung", "Lung cancer screening", "B", 2021,
        All(Age(50, 80, "today"), Computed("20 pack-years or more, and smokes or quit within 15 years [pack-years, smoking-status]", _limits)),
        _once("low-dose CT of the chest", "low-dose-ct", window=LAST_YEAR),
        "Offer yearly low-dose CT of the chest, with help to stop smoking.",
        _known("lung cancer", "lung-cancer"), _known("limited life expectancy", "limited-life"),
    ),
    _service(
        "aaa", "Abdominal aortic aneurysm screening", "B", 2019,
        All(Age(65, 75, "today"), Sex("male"), Computed("ever smoked [smoking-status]", _ever_smoked)),
        _once("ultrasound of the abdominal aorta", "aorta-ultrasound"),
        "Offer one ultrasound of the abdominal aorta.", _known("aortic aneurysm", "aortic-aneurysm"), verified=False,
    ),
    _service(
        "hepatitis-c", "Hepatitis C screening", "B", 2020, Age(18, 79, "today"), _once("hepatitis C test", "hepatitis-c-test"),
        "Offer a hepatitis C antibody test once.", _known("known hepatitis C", "hepatitis-c"),
    ),
    _service(
        "hepatitis-b", "Hepatitis B screening at raised risk (HIV)", "B", 2020, All(Age(12, None, "today"), HIV),
        _once("hepatitis B surface antigen", "hepatitis-b-test"),
        "Order hepatitis B surface antigen.", _known("known hepatitis B", "hepatitis-b"),
    ),
    _service(
        "osteoporosis", "Osteoporosis screening", "B", 2025, All(Age(65, None, "today"), Sex("female")),
        _once("bone density scan", "bone-density"), "Offer a bone density scan (DXA).", _known("known osteoporosis", "osteoporosis"),
    ),
    _service(
        "statin", "Statin for primary prevention", "B", 2022,
        All(
            Age(40, 75, "today"), _RAISED_RISK,
            Event("ten-year ASCVD risk", ("observation",), ("ascvd-risk",), SINCE_EVER, value=Amount(">=", 10, "%"), last=True),
            Not(ASCVD), Not(HIGH_LDL), Not(DIABETES),
        ),
        STATIN, "Discuss a statin: the ten-year risk is 10 % or more.", *EXCLUDED, *(n for n in EXCEPTED if n is not HOSPICE),
    ),
    _service(
        "obesity", "Obesity counselling", "B", 2018, All(_ADULT, _latest_bmi(30, "bmi", "kg/m2"), Not(PREGNANT)), _COUNSELLED,
        "Offer or refer to an intensive programme for weight.", verified=False, lacking="the BMI is 30 or more, and no counselling or referral is recorded in the last year",
    ),
    _service(
        "child-obesity", "Obesity counselling of children", "B", 2024,
        All(Age(6, 17, "today"), _latest_bmi(95, "bmi-percentile", "%")), _COUNSELLED,
        "Refer to an intensive programme for weight (26 contact hours or more).",
    ),
    _service(
        "alcohol", "Unhealthy alcohol use screening", "B", 2018, _ADULT, _once("AUDIT-C or AUDIT", "alcohol-screen", window=LAST_YEAR),
        "Ask about alcohol with AUDIT-C, and counsel briefly where it is raised.", verified=False,
    ),
    _service(
        "anxiety", "Anxiety screening of adults", "B", 2023, Age(19, 64, "today"), _once("GAD-7", "anxiety-screen"),
        "Screen for anxiety, for example with GAD-7.", _known("known anxiety", "anxiety"),
    ),
    _service(
        "anxiety-child", "Anxiety screening of children", "B", 2022, Age(8, 18, "today"), _once("GAD-7", "anxiety-screen"),
        "Screen for anxiety.", _known("known anxiety", "anxiety"),
    ),
    _service(
        "gonorrhoea", "Gonorrhoea screening", "B", 2021, All(Age(None, 24, "today"), Sex("female"), ACTIVE),
        _once("gonorrhoea test", "gonorrhoea-test", window=LAST_YEAR), "Offer a gonorrhoea test with the one for chlamydia.",
    ),
    _service(
        "colorectal-45", "Colorectal cancer screening at 45", "B", 2021, Age(45, 45), Any(STOOL, SCOPES),
        "Offer colorectal cancer screening; it begins at 45.", _known("colorectal cancer", "colorectal-cancer"), NO_COLON,
        lacking="no colorectal cancer screening recorded that still counts",
    ),
    _service(
        "breast-40", "Breast cancer screening at 40 and 41", "B", 2024, All(Age(40, 41), Sex("female")),
        _once("mammogram", "mammography", window=Window(24, rolling=True)), "Offer a screening mammogram; every 2 years from 40.", NO_BREASTS,
    ),
    _service(
        "cervical-21", "Cervical cancer screening from 21 to 23", "A", 2018, All(Age(21, 23), Sex("female")), CYTOLOGY,
        "Offer cervical cytology; every 3 years from 21.", _known("no cervix", "cervix-absent"), NO_CERVIX, verified=False,
    ),
    _service(
        "pregnancy-diabetes", "Gestational diabetes screening", "B", 2021, All(PREGNANT, _from_week(24)),
        _once("glucose after an oral load", "glucose-tolerance", window=Window(4, rolling=True), every=0),
        "Order a glucose challenge or tolerance test.", Named("known diabetes", diagnosed("diabetes", "diabetes", "gestational-diabetes")),
    ),
    _service(
        "pregnancy-hepatitis-b", "Hepatitis B screening in pregnancy", "A", 2019, PREGNANT,
        _once("hepatitis B surface antigen", "hepatitis-b-test", window=IN_PREGNANCY, every=0), "Order hepatitis B surface antigen.", verified=False,
    ),
    _service(
        "pregnancy-hiv", "HIV screening in pregnancy", "A", 2019, PREGNANT, _once("HIV test", "hiv-test", window=IN_PREGNANCY, every=0),
        "Offer an HIV test.", _known("known HIV infection", "hiv"), verified=False,
    ),
    _service(
        "pregnancy-syphilis", "Syphilis screening in pregnancy", "A", 2025, PREGNANT,
        _once("syphilis test", "syphilis-test", window=IN_PREGNANCY, every=0), "Order a syphilis test, as early as possible.", verified=False,
    ),
    _service(
        "pregnancy-bacteriuria", "Urine culture in pregnancy", "B", 2019, All(PREGNANT, _from_week(12)),
        _once("urine culture", "urine-culture", window=IN_PREGNANCY, every=0), "Order a urine culture: bacteriuria without symptoms is treated.",
    ),
    _service(
        "pregnancy-rhd", "Rh(D) blood typing in pregnancy", "A", 2004, PREGNANT, _once("blood group", "blood-type"),
        "Order Rh(D) typing and an antibody screen.", verified=False,
    ),
    _service(
        "pregnancy-aspirin", "Aspirin against pre-eclampsia", "B", 2021,
        All(PREGNANT, _from_week(12), Any(diagnosed("hypertension", "hypertension-any"), diagnosed("diabetes", "diabetes"))),
        Event("aspirin", ("medicine in use",), ("aspirin",), IN_PREGNANCY, "overlaps", also=("medicine taken",)),
        "Discuss aspirin, 81 mg a day from week 12.",
    ),
)  # fmt: skip
