"""A critical potassium that nobody has acted on yet."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

SAMUEL = Person(
    "samuel-okonkwo",
    "Samuel",
    "Okonkwo",
    "male",
    66,
    180,
    "Potassium 6.7 mmol/L yesterday on lisinopril and spironolactone, not yet acted on",
    race="black",
)


def samuel(c: Chart) -> None:
    c.allergy("shellfish", 2000, "Shellfish", "Lip swelling", "moderate", category="food", criticality="low")
    c.cond("htn", 4000, "Resistant hypertension", "I1A.0", "38341003")
    c.cond("ckd", 800, "Chronic kidney disease, stage 3a", "N18.31")
    c.cond("dm2", 2600, "Type 2 diabetes mellitus", "E11.9", "44054006")
    c.cond("oldk", 500, "Hypokalemia", verify="entered-in-error", note="Hemolysed sample of another patient")
    c.family("FTH", ("Stroke", 60))
    c.smoking(700, "former", 8)
    c.height = 183
    for at, bp, k, cr, kg in (
        (700, (158, 94), 4.4, 1.4, 101.2),
        (420, (154, 92), 4.6, 1.4, 100.6),
        (150, (150, 90), 4.7, 1.5, 99.8),
        (50, (148, 88), 5.0, 1.5, 99.1),
    ):
        c.enc(at, "visit", "Blood pressure review", dx=["htn", "ckd"])
        c.vitals(at, bp, hr=76, wt=kg, spo2=98, **({"ht": 183} if at == 700 else {}))
        c.panel("bmp", at, na=140, k=k, cl=103, co2=24, bun=22, cr=cr, glucose=138)
    c.enc(1, "visit", "Labs after a drug change", who="patel", dx=["htn", "ckd"])
    c.vitals(1, (132, 80), hr=58, wt=97.9, spo2=98)
    c.panel(
        "bmp",
        1,
        na=136,
        k=6.7,
        cl=106,
        co2=18,
        bun=38,
        cr=2.1,
        glucose=142,
        conclusion="Potassium critically high, not hemolysed. Repeated and confirmed.",
    )
    c.trend("hba1c", (700, 7.6), (150, 7.2))
    c.lab("acr", 150, 88)
    c.panel("lipids", 150, chol=172, ldl=94, hdl=44, tg=170)
    c.study("ecg", 420, "Sinus rhythm, LV hypertrophy by voltage. No acute change.")
    c.med(
        "lisinopril",
        1500,
        "Lisinopril 40 mg tablet (Zestril)",
        "Take 1 tablet by mouth daily",
        (40, "mg"),
        of="htn",
    )
    c.med("amlodipine", 1500, "Amlodipine 10 mg tablet", "Take 1 tablet by mouth daily", (10, "mg"), of="htn")
    c.med(
        "hydrochlorothiazide",
        1500,
        "Hydrochlorothiazide 25 mg tablet",
        "Take 1 tablet by mouth daily",
        (25, "mg"),
        of="htn",
        stopped="Low sodium",
    )
    c.med(
        "spironolactone",
        50,
        "Spironolactone 50 mg tablet (Aldactone)",
        "Take 1 tablet by mouth daily",
        (50, "mg"),
        of="htn",
    )
    c.med(
        "metformin",
        2600,
        "Metformin 500 mg tablet",
        "Take 1 tablet by mouth twice daily",
        (500, "mg"),
        2,
        of="dm2",
    )
    c.otc("potassium chloride", 30, "Salt substitute (potassium chloride)", "On food, instead of table salt")
    c.otc("naproxen", 14, "Naproxen 220 mg (Aleve)", "1 tablet twice a day for shoulder pain")
    c.order("bmp", 50, "Basic metabolic panel one week after starting spironolactone", of="htn")
    c.shots("140", 260)
    c.shots("187", 900)
    c.claim(50, ("99214", 168.0), dx=["htn", "ckd"])
    c.note(
        "progress",
        50,
        """
        SUBJECTIVE:
        66M w/ resistant HTN on three drugs. Taking everything, pharmacy fills regular. No headaches. Snores; declined a
        sleep study. Denies chest pain or edema.

        OBJECTIVE:
        BP 148/88, weight 99.1 kg. K 5.0, creatinine 1.5 mg/dL.

        ASSESSMENT AND PLAN:
        Resistant HTN, CKD 3a. Add spironolactone 50 mg daily to lisinopril 40 mg. BMP in 1 week. Low-salt diet.""",
    )
    c.note(
        "progress",
        1,
        """
        SUBJECTIVE:
        Nurse practitioner visit. Feels weak for three days, "legs like rubber". Lost the lab slip, so no blood test since
        spironolactone was started. Has been using a salt substitute, and Aleve for his right shoulder. Denies chest
        pain, palpitations, syncope, diarrhoea.

        OBJECTIVE:
        BP 132/80, HR 58, weight 97.9 kg. Strength 4+/5 proximally. BMP drawn, result pending at the time of this note.

        ASSESSMENT AND PLAN:
        1. HTN now well controlled, continue current drugs.
        2. Weakness: await BMP. Will call with results.""",
        who="patel",
    )


STORIES: list[Story] = [(SAMUEL, samuel)]
