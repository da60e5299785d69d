"""Type 2 diabetes treated step by step over four years."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

MARIA = Person(
    "maria-alvarez",
    "María Elena",
    "Álvarez",
    "female",
    58,
    140,
    "Type 2 diabetes over four years: metformin, then empagliflozin, then insulin glargine",
    language="es",
    hispanic=True,
)


def maria(c: Chart) -> None:
    c.no_allergies(1470)
    c.cond("dm2", 1460, "Type 2 diabetes mellitus", "E11.9", "44054006", status="active")
    c.cond("htn", 2900, "Essential hypertension", "I10", "59621000")
    c.cond("lipids", 1460, "Hyperlipidemia", "E78.5", "55822004")
    c.cond("obesity", 1460, "Obesity", "E66.9", "414916001")
    c.cond("retina", 420, "Mild nonproliferative diabetic retinopathy, both eyes", site="Both eyes")
    c.cond("albuminuria", 500, "Moderately increased albuminuria", note="ACR above 30 mg/g on two samples")
    c.cond(
        "yeast", 880, "Vulvovaginal candidiasis", "B37.31", ended=866, note="Four months into empagliflozin"
    )
    c.family("MTH", ("Type 2 diabetes", 50), ("Chronic kidney disease", 68))
    c.family("FTH", ("Stroke", 71), died=73)
    days = [1460, 1370, 1190, 1000, 820, 640, 455, 280, 110, 12]
    a1c = [9.1, 7.9, 7.4, 8.2, 7.5, 7.8, 8.6, 9.4, 8.1, 7.3]
    kilos = [88.4, 86.9, 85.7, 86.3, 83.1, 82.6, 83.0, 83.8, 84.9, 84.2]
    pressures = [
        (148, 92),
        (142, 88),
        (136, 84),
        (138, 86),
        (131, 80),
        (134, 82),
        (133, 80),
        (136, 82),
        (128, 78),
    ]
    pressures.append((126, 76))
    creatinine = [0.7, 0.7, 0.8, 0.8, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9]
    c.height = 159
    for at, each, kg, bp, cr in zip(days, a1c, kilos, pressures, creatinine, strict=True):
        c.enc(at, "visit", "Diabetes follow-up", dx=["dm2", "htn"])
        c.vitals(at, bp, hr=76 + at % 7, wt=kg, **({"ht": 159} if at == 1460 else {}))
        c.lab("hba1c", at, each)
        c.panel("bmp", at, na=139, k=4.3, cr=cr, bun=14, glucose=round(28.7 * each - 46.7))
    for at, ldl, hdl, tg in (
        (1460, 148, 41, 236),
        (1190, 92, 44, 178),
        (640, 84, 45, 165),
        (110, 71, 47, 148),
    ):
        c.panel("lipids", at, chol=ldl + hdl + round(tg / 5), ldl=ldl, hdl=hdl, tg=tg)
    c.trend("acr", (1460, 12), (1000, 24), (640, 38), (500, 44), (110, 31))
    c.smoking(1460, "never")
    c.smoking(110, "never")
    c.med(
        "metformin",
        1460,
        "Metformin 500 mg tablet",
        "Take 1 tablet by mouth twice daily with meals",
        (500, "mg"),
        2,
        of="dm2",
        stopped="Dose increased",
    )
    c.med(
        "metformin",
        1370,
        "Metformin 1,000 mg tablet",
        "Take 1 tablet by mouth twice daily with meals",
        (1000, "mg"),
        2,
        of="dm2",
        repeats=3,
    )
    c.med(
        "lisinopril",
        1460,
        "Lisinopril 20 mg tablet",
        "Take 1 tablet by mouth once daily",
        (20, "mg"),
        of="htn",
        repeats=3,
    )
    c.med(
        "atorvastatin",
        1460,
        "Atorvastatin 40 mg tablet",
        "Take 1 tablet by mouth at bedtime",
        (40, "mg"),
        of="lipids",
        repeats=3,
    )
    c.med(
        "empagliflozin",
        1000,
        "Empagliflozin 10 mg tablet (Jardiance)",
        "Take 1 tablet by mouth every morning",
        (10, "mg"),
        of="dm2",
        repeats=3,
    )
    c.med(
        "insulin glargine",
        280,
        "Insulin glargine 100 units/mL pen (Lantus)",
        "Inject 10 units under the skin at bedtime",
        (10, "units"),
        of="dm2",
        stopped="Dose increased",
    )
    c.med(
        "insulin glargine",
        110,
        "Insulin glargine 100 units/mL pen (Lantus)",
        "Inject 18 units under the skin at bedtime",
        (18, "units"),
        of="dm2",
        repeats=5,
    )
    c.study("eye", 1150, "No diabetic retinopathy in either eye. Repeat in 12 months.")
    c.study(
        "eye",
        420,
        "Mild nonproliferative diabetic retinopathy in both eyes. No macular edema.",
        """
        DILATED RETINAL EXAMINATION:
        Visual acuity 20/25 right eye, 20/20 left eye. Scattered microaneurysms in both eyes, two dot haemorrhages
        temporal to the left macula. No neovascularisation. No macular edema on OCT.

        IMPRESSION:
        Mild nonproliferative diabetic retinopathy, both eyes. Review in 12 months, sooner if vision changes.""",
    )
    c.proc("foot-2", 640, "Diabetic foot examination with monofilament", of="dm2")
    c.proc("foot-3", 280, "Diabetic foot examination with monofilament", of="dm2")
    c.shots("150", 1010, 640)
    c.shots("140", 280)
    c.shots("216", 455)
    c.shots("208", 1200, 820)
    c.proc("mammogram", 500, "Screening mammography", "71651007")
    c.study("mammogram", 500, "BI-RADS 1, negative. No mammographic evidence of malignancy in either breast.")
    c.proc("colonoscopy", 2300, "Colonoscopy", "73761001")
    c.study("colonoscopy", 2300, "Normal to the caecum, good preparation. No polyps. Repeat in 10 years.")
    c.order("retina", 12, "Dilated retinal examination, overdue", of="retina", due=30)
    c.order("dsmes", 280, "Diabetes self-management education, in Spanish", "completed", of="dm2")
    c.plan(
        "dm",
        280,
        "Diabetes care plan",
        "Check fasting glucose daily",
        "Raise glargine by 2 units every 3 days until fasting glucose is under 130 mg/dL",
        "Walk 30 minutes 5 days a week",
        of="dm2",
        goal="HbA1c below 7.5 % without hypoglycemia",
    )
    for at, code, price in ((280, "99214", 168.0), (110, "99214", 168.0)):
        c.claim(at, (code, price), ("83036", 22.0), dx=["dm2", "htn"])
    c.appointment(85, "Diabetes follow-up with HbA1c")
    c.note(
        "progress",
        1460,
        f"""
        HISTORY OF PRESENT ILLNESS:
        54 y/o Spanish-speaking woman w/ HTN, here to discuss labs. 3 months of polyuria, nocturia x3 and fatigue.
        Denies blurred vision, chest pain or foot numbness. Mother has DM2 and CKD. Never smoker. Interpreter used.

        OBJECTIVE:
        BP 148/92, weight 88.4 kg. Feet: pulses 2+ bilaterally, monofilament intact at 10/10 sites.
        HbA1c 9.1 %, LDL 148 mg/dL, creatinine 0.7 mg/dL (eGFR {c.egfr(0.7, 1460)}), urine ACR 12 mg/g.

        ASSESSMENT AND PLAN:
        1. New DM2, HbA1c 9.1 %. Start metformin 500 mg BID with food, titrate to 1,000 mg BID as tolerated.
        2. HTN above goal. Start lisinopril 20 mg daily.
        3. Hyperlipidemia. Start atorvastatin 40 mg nightly.
        4. Dilated eye exam referral. Foot care taught. RTC 3 months.""",
    )
    c.note(
        "progress",
        1000,
        """
        SUBJECTIVE:
        DM2 follow up. Taking metformin 1,000 mg twice a day, no GI upset, misses perhaps one dose a week.
        Snacking at night since changing to evening shifts. No hypoglycemia. Denies dysuria.

        OBJECTIVE:
        BP 138/86, weight 86.3 kg. HbA1c 8.2 %, up from 7.4 %. ACR 24 mg/g.

        ASSESSMENT AND PLAN:
        1. DM2, above goal on metformin alone. Add Jardiance 10 mg every morning. Counselled on genital hygiene,
        sick-day rules and holding it before surgery (ketoacidosis risk).
        2. Recheck HbA1c and BMP in 6 months.""",
    )
    c.enc(875, "phone", "Itching and discharge", who="patel", dx="yeast")
    c.note(
        "phone",
        875,
        """
        Pt called c/o vulval itching and white discharge for 5 days. No fever, no dysuria, no flank pain. On
        empagliflozin for four months. Likely candida related to SGLT2 inhibitor. Clotrimazole cream for 7 days, OTC.
        Prefers to stay on Jardiance as her sugars are better. To call if it recurs; would then reconsider.""",
    )
    c.note(
        "progress",
        280,
        f"""
        HISTORY OF PRESENT ILLNESS:
        DM2 x ~3 years on metformin and empagliflozin. Sugars in the 200s fasting for two months. Lost her mother
        recently, eating irregularly. Reports polyuria, nocturia x2. Denies chest pain, SOB, claudication. No
        hypoglycemia. Vision stable; retinal exam {c.d(420)} showed mild nonproliferative retinopathy in both eyes.

        OBJECTIVE:
        BP 136/82, weight 83.8 kg. Feet: no ulcers, monofilament reduced at the right great toe only (9/10 sites),
        pulses palpable. HbA1c 9.4 % (8.6 % six months ago). Creatinine 0.9 mg/dL.

        ASSESSMENT AND PLAN:
        1. DM2 with retinopathy and albuminuria, uncontrolled. Discussed GLP-1 RA vs basal insulin; GLP-1 RA not
        covered by her plan. Start insulin glargine 10 units at bedtime, raise by 2 units every 3 days to fasting
        glucose < 130. Hypoglycemia plan and pen teaching done in Spanish.
        2. Albuminuria: stay on lisinopril and empagliflozin.
        3. Right great toe: early neuropathy? Recheck at next visit; B12 not yet measured on long-term metformin.
        4. Flu vaccine given today.""",
    )
    c.note(
        "progress",
        12,
        f"""
        INTERVAL HISTORY:
        Feels well. Glargine now 18 units at bedtime. Fasting sugars 110-135, one reading of 68 after skipping dinner,
        treated with juice. No severe hypoglycemia. Denies polyuria. No chest pain.

        OBJECTIVE:
        BP 126/76, weight 84.2 kg. HbA1c 7.3 %, down from 8.1 % last time and 9.4 % before insulin.
        Creatinine 0.9 mg/dL, eGFR {c.egfr(0.9, 12)}, K 4.3.

        ASSESSMENT AND PLAN:
        1. DM2, now near goal. Continue metformin 1,000 mg BID, empagliflozin 10 mg, glargine 18 units. Eat before
        bed or reduce by 2 units if dinner is light.
        2. HTN at goal on lisinopril.
        3. Retinopathy: dilated exam last done {c.d(420)}, now overdue. Re-referred.
        4. Foot exam deferred today, due in 3 months. Add B12 to next labs.""",
    )


STORIES: list[Story] = [(MARIA, maria)]
