"""Coronary disease after infarction and bypass, with statin intolerance."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

ROBERT = Person(
    "robert-kowalczyk",
    "Robert",
    "Kowalczyk",
    "male",
    63,
    300,
    "Coronary disease after infarction and bypass surgery, intolerant of two statins",
    language="pl",
    clinician="okafor",
)


def robert(c: Chart) -> None:
    c.allergy(
        "atorvastatin",
        900,
        "Atorvastatin",
        "Myalgia with CK 640 U/L",
        "moderate",
        rx="83367",
        kind="intolerance",
    )
    c.allergy("rosuvastatin", 600, "Rosuvastatin", "Myalgia", "mild", rx="301542", kind="intolerance")
    c.cond("cad", 1500, "Coronary artery disease", "I25.10", "53741008")
    c.cond("mi", 1480, "Inferior ST-elevation myocardial infarction", "I21.19", "22298006", ended=1420)
    c.cond("cabg", 1440, "History of coronary bypass surgery", "Z95.1")
    c.cond("myalgia", 900, "Statin-associated muscle symptoms", ended=540)
    c.cond("lipids", 3000, "Hyperlipidemia", "E78.5", "55822004")
    c.family("BRO", ("Myocardial infarction", 58))
    c.smoking(1400, "former", 22)
    c.height = 174
    c.enc(
        1440, "surgery", "Coronary artery bypass grafting", who="lindqvist", dx="cad", until=1433, went="Home"
    )
    c.proc(
        "cabg",
        1440,
        "Coronary artery bypass grafting x3",
        "232717009",
        site="LIMA to LAD; vein to OM1 and RCA",
        of="cad",
        who="lindqvist",
    )
    c.trend("trop", (1480, 8.4), (1479, 14.2))
    c.study("cath", 1478, "Three-vessel disease: LAD 80 %, OM1 75 %, RCA occluded. LVEF 48 %.")
    c.study("echo", 1300, "LVEF 52 %. Inferior wall hypokinesis. No significant valve disease.")
    c.score("lvef", 1300, 52)
    rows = [
        (1380, 84, 41, 130),
        (900, 61, 42, 118),
        (750, 128, 43, 140),
        (600, 79, 42, 121),
        (400, 118, 44, 133),
        (200, 96, 45, 125),
        (25, 93, 46, 120),
    ]
    for at, ldl, hdl, tg in rows:
        c.enc(at, "visit", "Cardiac follow-up", dx=["cad", "lipids"])
        c.vitals(
            at,
            (128 + at % 9, 74 + at % 5),
            hr=60 + at % 7,
            wt=86.0 - at % 4,
            **({"ht": 174} if at == 1380 else {}),
        )
        c.panel("lipids", at, chol=ldl + hdl + round(tg / 5), ldl=ldl, hdl=hdl, tg=tg)
    c.trend("ck", (900, 640), (860, 148), (600, 172))
    c.panel("bmp", 25, na=141, k=4.4, cr=1.0, bun=16, glucose=101)
    c.lab("hba1c", 25, 5.9)
    c.med(
        "atorvastatin",
        1433,
        "Atorvastatin 80 mg tablet (Lipitor)",
        "Take 1 tablet by mouth daily",
        (80, "mg"),
        of="lipids",
        stopped="Muscle pain, CK 640 U/L",
    )
    c.med(
        "rosuvastatin",
        750,
        "Rosuvastatin 5 mg tablet",
        "Take 1 tablet by mouth three times a week",
        (5, "mg"),
        0.5,
        of="lipids",
        stopped="Muscle pain returned, CK normal",
    )
    c.med(
        "ezetimibe",
        400,
        "Ezetimibe 10 mg tablet",
        "Take 1 tablet by mouth daily",
        (10, "mg"),
        of="lipids",
        repeats=3,
    )
    c.med(
        "aspirin",
        1433,
        "Aspirin 81 mg tablet",
        "Take 1 tablet by mouth daily",
        (81, "mg"),
        of="cad",
        repeats=11,
    )
    c.med(
        "clopidogrel",
        1433,
        "Clopidogrel 75 mg tablet",
        "Take 1 tablet by mouth daily for 12 months",
        (75, "mg"),
        of="mi",
        status="completed",
    )
    c.med(
        "metoprolol",
        1433,
        "Metoprolol tartrate 25 mg tablet",
        "Take 1 tablet by mouth twice daily",
        (25, "mg"),
        2,
        of="cad",
        repeats=5,
    )
    c.med(
        "nitroglycerin",
        1433,
        "Nitroglycerin 0.4 mg sublingual tablet",
        "1 tablet under the tongue for chest pain, may repeat twice 5 minutes apart",
        (0.4, "mg"),
        of="cad",
        prn=True,
    )
    c.otc("omeprazole", 300, "Omeprazole 20 mg, OTC", "1 capsule before breakfast")
    c.shots("140", 240)
    c.order("pcsk9", 25, "Prior authorization: PCSK9 inhibitor", of="lipids")
    c.proc("colonoscopy", 1900, "Colonoscopy", "73761001")
    c.claim(200, ("99214", 168.0), ("80061", 21.0), dx=["cad", "lipids"])
    c.note(
        "operative",
        1440,
        """
        PREOPERATIVE DIAGNOSIS:
        Three-vessel coronary artery disease, recent inferior STEMI.

        PROCEDURE:
        CABG x3 on cardiopulmonary bypass: LIMA to LAD, reversed saphenous vein from the left leg to OM1 and RCA.

        FINDINGS:
        Good targets on LAD and OM1, RCA diffusely diseased. Cross-clamp 62 min, bypass 94 min. EBL 450 mL. No
        complications. To CVICU intubated, on low-dose norepinephrine.""",
        who="lindqvist",
    )
    c.note(
        "progress",
        900,
        """
        SUBJECTIVE:
        s/p CABG 18 months ago. For two months, thighs and shoulders ache, hard to climb stairs. No dark urine.
        No chest pain or SOB. Takes Lipitor 80 mg daily, no missed doses, no grapefruit, no new drugs.

        OBJECTIVE:
        LDL 61 mg/dL. CK 640 U/L. Strength 5/5, thighs tender.

        ASSESSMENT AND PLAN:
        Statin-associated muscle symptoms. Stop atorvastatin, recheck CK in 6 weeks, then rosuvastatin 5 mg three times
        a week. Recorded as intolerance, not allergy.""",
    )
    c.note(
        "progress",
        25,
        """
        INTERVAL HISTORY:
        Walks 5 km a day, no angina, has not used nitroglycerin this year. Failed atorvastatin 80 mg (CK 640) and
        rosuvastatin 5 mg. On ezetimibe. Ex-smoker, 22 pack-years, quit before surgery. Brother had an MI at 58.

        OBJECTIVE:
        LDL 93 mg/dL on ezetimibe (128 off treatment). HbA1c 5.9 %. Sternotomy and left leg scars healed. No edema.

        ASSESSMENT AND PLAN:
        1. CAD s/p inferior STEMI and CABG x3, stable. Aspirin 81 mg, metoprolol. LVEF 52 %.
        2. LDL above the 55-70 goal for very high risk. Two statins failed: PCSK9 inhibitor, prior auth sent today.
        3. Prediabetes range HbA1c: diet, recheck in 6 months.
        4. Lung screening: quit < 15 years ago and 22 pack-years, discuss LDCT at the next visit.""",
    )


STORIES: list[Story] = [(ROBERT, robert)]
