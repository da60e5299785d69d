"""Kidney disease that progresses from stage 3b to 4."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

DOROTHY = Person(
    "dorothy-freeman",
    "Dorothy Mae",
    "Freeman",
    "female",
    71,
    95,
    "Chronic kidney disease from stage 3b to 4, with albuminuria and anaemia",
    race="black",
    marital="W",
    clinician="mehta",
)


def dorothy(c: Chart) -> None:
    c.allergy("contrast", 2500, "Iodinated contrast", "Hives", "moderate", criticality="low")
    c.allergy(
        "nsaid",
        1200,
        "NSAIDs",
        "Acute kidney injury",
        "severe",
        kind="intolerance",
        criticality="high",
        note="Avoid all, over-the-counter ones included",
    )
    c.cond("ckd3", 1300, "Chronic kidney disease, stage 3b", "N18.32", "700379002", ended=300)
    c.cond("ckd4", 300, "Chronic kidney disease, stage 4", "N18.4", "431857002")
    c.cond("htn", 7000, "Hypertension", "I10", "38341003")
    c.cond("dm2", 5000, "Type 2 diabetes mellitus with kidney disease", "E11.22", "44054006")
    c.cond("anemia", 420, "Anemia of chronic kidney disease", "D63.1", "271737000")
    c.cond("shpt", 280, "Secondary hyperparathyroidism of renal origin", "N25.81")
    c.family("MTH", ("End-stage kidney disease on dialysis", 63))
    c.smoking(1300, "never")
    c.height = 165
    rows = [
        (1300, 1.4, 180, 12.2, 4.5, 23),
        (1100, 1.5, 240, 12.0, 4.6, 23),
        (900, 1.5, 310, 11.6, 4.7, 22),
        (700, 1.6, 380, 11.1, 4.8, 22),
        (520, 1.7, 460, 10.7, 4.9, 21),
        (400, 1.8, 520, 10.1, 5.0, 21),
        (300, 2.0, 640, 9.6, 5.2, 20),
        (180, 2.1, 590, 10.2, 5.1, 21),
        (90, 2.2, 560, 10.6, 5.0, 22),
        (20, 2.4, 610, 10.4, 5.3, 21),
    ]
    for at, cr, acr, hb, k, co2 in rows:
        c.enc(
            at,
            "consult" if at == 300 else "visit",
            "Kidney clinic",
            dx=["ckd4" if at <= 300 else "ckd3", "htn"],
        )
        c.vitals(
            at,
            (150 - at % 17, 84 - at % 8),
            hr=74,
            wt=round(79 - at / 900, 1),
            **({"ht": 165} if at == 1300 else {}),
        )
        c.panel("renal", at, na=139, k=k, co2=co2, bun=round(cr * 17), cr=cr, ca=9.1)
        c.lab("acr", at, acr)
        c.lab("hb", at, hb)
    c.trend("phos", (300, 4.6), (180, 4.5), (20, 4.9))
    c.trend("pth", (280, 142), (20, 168))
    c.panel("iron", 400, ferritin=62, tsat=14)
    c.panel("iron", 90, ferritin=210, tsat=26)
    c.trend("hba1c", (900, 7.4), (520, 7.1), (180, 6.9), (20, 7.0))
    c.lab("vitd", 280, 19)
    c.med(
        "losartan",
        1300,
        "Losartan 100 mg tablet",
        "Take 1 tablet by mouth daily",
        (100, "mg"),
        of="htn",
        repeats=3,
    )
    c.med(
        "amlodipine",
        1300,
        "Amlodipine 10 mg tablet (Norvasc)",
        "Take 1 tablet by mouth daily",
        (10, "mg"),
        of="htn",
    )
    c.med(
        "metformin",
        3000,
        "Metformin 1,000 mg tablet",
        "Take 1 tablet by mouth twice daily",
        (1000, "mg"),
        2,
        of="dm2",
        stopped="eGFR below 30",
        status="stopped",
    )
    c.med(
        "empagliflozin",
        900,
        "Empagliflozin 10 mg tablet",
        "Take 1 tablet by mouth daily",
        (10, "mg"),
        of="dm2",
    )
    c.med(
        "furosemide",
        520,
        "Furosemide 20 mg tablet",
        "Take 1 tablet by mouth every morning",
        (20, "mg"),
        of="htn",
    )
    c.med(
        "ferrous sulfate",
        400,
        "Ferrous sulfate 325 mg tablet",
        "Take 1 tablet every other day",
        (325, "mg"),
        0.5,
        of="anemia",
    )
    c.med(
        "cholecalciferol",
        280,
        "Cholecalciferol 2,000 unit capsule",
        "Take 1 capsule daily",
        (2000, "units"),
        of="shpt",
    )
    c.med(
        "darbepoetin alfa",
        300,
        "Darbepoetin alfa 40 mcg injection",
        "40 mcg under the skin every 4 weeks",
        (40, "mcg"),
        1 / 28,
        of="anemia",
    )
    c.shots("43", 280, 250)
    c.shots("135", 250)
    c.study("eye", 260, "Moderate nonproliferative retinopathy right eye, mild left eye.")
    c.order(
        "access", 20, "Vascular surgery: vein mapping, left arm preserved for a fistula", of="ckd4", due=30
    )
    c.order("education", 180, "Kidney failure options class", "completed", of="ckd4")
    c.plan(
        "ckd",
        300,
        "CKD stage 4 plan",
        "BP below 130/80",
        "No needles in the left arm",
        "Potassium-aware diet",
        of="ckd4",
        goal="Slow decline of eGFR; planned start if dialysis is needed",
    )
    c.claim(90, ("99214", 168.0), dx=["ckd4", "anemia"])
    c.appointment(60, "Kidney clinic", "mehta")
    c.note(
        "consult",
        300,
        f"""
        REASON FOR CONSULT:
        CKD progression, eGFR {c.egfr(2.0, 300)}.

        HISTORY OF PRESENT ILLNESS:
        70F w/ HTN and DM2, CKD 3b for three years: creatinine 1.4 mg/dL then, 2.0 mg/dL today. ACR 640 mg/g. Mother
        was on dialysis from 63. Tired, no itch, no nausea. Denies NSAIDs since the AKI. No gross hematuria.

        OBJECTIVE:
        K 5.2, bicarbonate 20, hemoglobin 9.6 g/dL. Trace ankle edema. Lungs clear.

        ASSESSMENT AND PLAN:
        1. CKD now stage 4, A3, diabetic and hypertensive. Continue losartan and empagliflozin. Stop metformin
        (eGFR < 30).
        2. Anemia of CKD: iron replaced, TSAT 14% before. Start darbepoetin 40 mcg every 4 weeks.
        3. K 5.2: diet, no potassium salt substitutes.
        4. Hep B vaccine, options class. Preserve the left arm.""",
    )
    c.note(
        "progress",
        20,
        f"""
        INTERVAL HISTORY:
        Feels fair. Appetite OK, no itch, sleeps well. Denies SOB or swelling. Wants home dialysis when the time comes;
        her daughter would be a transplant donor candidate.

        OBJECTIVE:
        Creatinine 2.4 mg/dL, eGFR {c.egfr(2.4, 20)}. K 5.3, bicarbonate 21. Hemoglobin 10.4 g/dL. ACR 610 mg/g.
        HbA1c 7.0 %, PTH 168 pg/mL, phosphate 4.9.

        ASSESSMENT AND PLAN:
        1. CKD 4, losing about 4 mL/min a year. Vein mapping, transplant referral when eGFR < 20.
        2. Anemia at target 10-11.5 on darbepoetin.
        3. K 5.3: dietitian, consider a binder rather than stopping losartan.
        4. No contrast without discussion (hives before).""",
    )


STORIES: list[Story] = [(DOROTHY, dorothy)]
