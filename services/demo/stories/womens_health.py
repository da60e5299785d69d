"""A pregnancy in the second trimester, Rh negative."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

CHLOE = Person(
    "chloe-lefevre",
    "Chloé",
    "Lefèvre",
    "female",
    31,
    260,
    "Second trimester of pregnancy: prenatal visits, raised glucose screen, Rh negative",
    language="fr",
    clinician="osullivan",
)
LMP = 182  # 26 weeks and 0 days at the cohort's date


def chloe(c: Chart) -> None:
    c.allergy("latex", 1200, "Latex", "Contact urticaria", "mild", category="environment", criticality="low")
    c.cond("pregnancy", LMP - 42, "Pregnancy, second trimester", "Z34.92", "77386006")
    c.cond("rh", LMP - 63, "Rh-negative blood type in pregnancy")
    c.cond("nausea", LMP - 49, "Nausea and vomiting of pregnancy", "O21.9", ended=LMP - 105)
    c.cond("loss", 900, "Early pregnancy loss at 8 weeks", ended=880)
    c.family("MTH", ("Gestational diabetes", 33), ("Type 2 diabetes", 48))
    c.family("SIS", ("Pre-eclampsia", 29))
    c.smoking(LMP - 63, "never")
    c.height = 168
    c.observe(
        "lmp",
        LMP - 63,
        "exam",
        {"coding": [{"system": "http://loinc.org", "code": "8665-2"}], "text": "Last menstrual period"},
        valueDateTime=c.day(LMP),
    )
    c.observe(
        "edd",
        LMP - 63,
        "exam",
        {"coding": [{"system": "http://loinc.org", "code": "11778-8"}], "text": "Estimated delivery date"},
        valueDateTime=c.day(LMP - 280),
    )
    rows = [
        (9, (112, 68), 61.2, 0, 0),
        (13, (110, 66), 61.0, 0, 158),
        (17, (108, 64), 63.1, 17, 152),
        (20, (110, 66), 65.0, 20, 148),
        (24, (114, 70), 67.2, 25, 146),
        (25, (118, 72), 67.9, 26, 144),
    ]
    for weeks, bp, kg, fundal, heart in rows:
        at = LMP - 7 * weeks
        c.enc(at, "visit", f"Prenatal visit, {weeks} weeks", dx="pregnancy")
        extra = {"fundal": fundal} if fundal else {}
        extra |= {"fhr": heart} if heart else {}
        extra |= {"ht": 168} if weeks == 9 else {}
        c.vitals(at, bp, hr=80 + weeks % 6, wt=kg, **extra)
        c.coded("urine-protein", at, "Urine protein, dipstick", "Negative")
    first, late = LMP - 63, LMP - 7 * 24
    c.coded("abo", first, "ABO and Rh group", "A negative", "882-1")
    c.coded("antibody", first, "Red cell antibody screen", "Negative", "890-4")
    c.coded("rubella", first, "Rubella immunity", "Immune")
    c.coded("hiv", first, "HIV antigen/antibody screen", "Nonreactive")
    c.coded("hbsag", first, "Hepatitis B surface antigen", "Nonreactive")
    c.coded("syphilis", first, "Syphilis antibody", "Nonreactive")
    c.panel("cbc", first, wbc=7.8, hb=12.8, mcv=88, plt=238)
    c.lab("tsh", first, 1.9)
    c.lab("gct", late, 156)
    c.panel("cbc", late, wbc=9.1, hb=10.9, mcv=84, plt=221)
    c.lab("ferritin", late, 14)
    c.study("ob_us", LMP - 63, "Single live intrauterine pregnancy, crown-rump length fits 9 weeks 1 day.")
    c.study(
        "ob_us",
        LMP - 140,
        "Normal fetal anatomy at 20 weeks. Posterior placenta, clear of the cervix.",
        """
        FETAL ANATOMY SCAN:
        Single live fetus, cephalic. Biometry fits 20 weeks 2 days, 52nd centile. Four-chamber heart, outflow tracts,
        spine, kidneys, stomach and limbs seen and normal. Amniotic fluid normal. Cervical length 38 mm.
        Posterior placenta, lower edge 4.1 cm from the internal os.

        IMPRESSION:
        No structural anomaly seen.""",
    )
    c.med(
        "prenatal vitamin",
        first,
        "Prenatal vitamin with folic acid 0.8 mg",
        "Take 1 tablet daily",
        (1, "tablet"),
        of="pregnancy",
        repeats=6,
    )
    c.med(
        "doxylamine-pyridoxine",
        first,
        "Doxylamine-pyridoxine 10 mg/10 mg tablet",
        "Take 2 tablets at bedtime",
        (2, "tablet"),
        of="nausea",
        stopped="Nausea settled",
    )
    c.med(
        "aspirin",
        LMP - 91,
        "Aspirin 81 mg tablet",
        "Take 1 tablet at bedtime until 36 weeks",
        (81, "mg"),
        reason="Pre-eclampsia risk: first continuing pregnancy, sister affected",
    )
    c.med(
        "ferrous sulfate",
        LMP - 175,
        "Ferrous sulfate 325 mg tablet",
        "Take 1 tablet every other day",
        (325, "mg"),
        0.5,
        reason="Iron deficiency in pregnancy",
    )
    c.shots("140", LMP - 119)
    c.shots("115", 2600)
    c.order("ogtt", LMP - 175, "100 g three-hour glucose tolerance test", of="pregnancy", due=3)
    c.order(
        "rhig", LMP - 175, "Rh immune globulin at 28 weeks, repeat antibody screen first", of="rh", due=14
    )
    c.order("tdap", LMP - 175, "Tdap vaccine between 27 and 36 weeks", of="pregnancy", due=14)
    c.proc("pap", 1000, "Cervical screening, cytology", of=None)
    c.appointment(14, "Prenatal visit, 28 weeks: Rh immune globulin, Tdap")
    c.claim(LMP - 140, ("76805", 245.0), dx="pregnancy")
    c.note(
        "hp",
        first,
        f"""
        HISTORY OF PRESENT ILLNESS:
        31F G2P0010, LMP {c.d(LMP)} (sure, regular cycles), EDD {c.d(LMP - 280)}. Nausea daily, vomits twice a week.
        No bleeding. One early loss at 8 weeks, no Rh immune globulin record found from that time.

        PAST HISTORY:
        No surgery. Latex: urticaria. Mother had GDM then DM2. Sister had pre-eclampsia. Never smoked; no alcohol.

        OBJECTIVE:
        BP 112/68, weight 61.2 kg. Viable IUP on scan. Hemoglobin 12.8 g/dL, TSH 1.9. Blood group A negative, antibody
        screen negative.

        ASSESSMENT AND PLAN:
        1. IUP at 9 weeks. Prenatal vitamin. Doxylamine-pyridoxine for nausea.
        2. Rh negative, unsensitised: immune globulin at 28 weeks and for any bleeding; partner's type asked for.
        3. Low-dose aspirin from 12 weeks. Cell-free DNA declined.""",
    )
    c.note(
        "progress",
        LMP - 175,
        """
        SUBJECTIVE:
        25 weeks. Good fetal movement. Denies bleeding, leaking, contractions, headache, visual change or RUQ pain.

        OBJECTIVE:
        BP 118/72, weight 67.9 kg, fundal height 26 cm, FHR 144. Urine protein negative.
        1-hour glucose screen 156 mg/dL (cut-off 140). Hemoglobin 10.9 g/dL, ferritin 14 ng/mL.

        ASSESSMENT AND PLAN:
        1. Raised glucose screen, not yet diagnostic: 3-hour OGTT this week. Not labelled GDM.
        2. Iron deficiency: ferrous sulfate every other day.
        3. Rh negative: RhIG and repeat screen at 28 weeks, not yet given in this pregnancy.
        4. Tdap at the next visit. Pap is due after delivery.""",
    )


STORIES: list[Story] = [(CHLOE, chloe)]
