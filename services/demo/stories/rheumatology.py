"""Rheumatoid arthritis on methotrexate."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

FATIMA = Person(
    "fatima-al-rashid",
    "Fatima",
    "Al-Rashid",
    "female",
    52,
    222,
    "Rheumatoid arthritis on methotrexate, with liver tests that have begun to rise",
    language="ar",
    clinician="fraser",
)


def fatima(c: Chart) -> None:
    c.no_allergies(1100)
    c.cond("ra", 1080, "Seropositive rheumatoid arthritis", "M05.9", "69896004", site="Both hands and wrists")
    c.cond("latenttb", 1060, "Latent tuberculosis, treated", "Z22.7", ended=930)
    c.family("MTH", ("Rheumatoid arthritis", 45))
    c.smoking(1080, "never")
    c.height = 158
    rows = [
        (1080, 48, 62, 18, 12.0),
        (960, 21, 34, 22, 11.8),
        (820, 9, 24, 24, 12.3),
        (640, 4, 18, 26, 12.5),
        (460, 6, 20, 31, 12.4),
        (280, 4, 19, 38, 12.3),
        (100, 5, 22, 52, 12.2),
        (18, 4, 21, 78, 12.0),
    ]
    for at, crp, esr, alt, hb in rows:
        c.enc(at, "visit", "Rheumatology review", dx="ra")
        c.vitals(
            at,
            (120 + at % 7, 74),
            hr=74,
            wt=round(67 + (1080 - at) / 600, 1),
            **({"ht": 158} if at == 1080 else {}),
        )
        c.trend("crp", (at, crp))
        c.trend("esr", (at, esr))
        c.panel("lft", at, alt=alt, ast=round(alt * 0.8), alp=80, bili=0.5, alb=4.1)
        c.panel("cbc", at, wbc=6.8, hb=hb, mcv=93, plt=290)
    c.trend("cr", (1080, 0.6), (460, 0.7), (18, 0.7))
    c.lab("rf", 1080, 96)
    c.lab("ccp", 1080, 210)
    c.med(
        "methotrexate",
        1060,
        "Methotrexate 2.5 mg tablets",
        "Take 4 tablets (10 mg) ONCE A WEEK on Monday",
        (10, "mg"),
        1 / 7,
        of="ra",
        stopped="Dose increased",
    )
    c.med(
        "methotrexate",
        960,
        "Methotrexate 2.5 mg tablets",
        "Take 8 tablets (20 mg) ONCE A WEEK on Monday",
        (20, "mg"),
        1 / 7,
        of="ra",
        repeats=2,
    )
    c.med(
        "folic acid", 1060, "Folic acid 1 mg tablet", "Take 1 tablet daily except Monday", (1, "mg"), of="ra"
    )
    c.med(
        "hydroxychloroquine",
        820,
        "Hydroxychloroquine 200 mg tablet (Plaquenil)",
        "Take 1 tablet twice daily",
        (200, "mg"),
        2,
        of="ra",
    )
    c.med(
        "prednisone",
        1080,
        "Prednisone 10 mg tablet",
        "10 mg daily, reduce by 2.5 mg every 2 weeks",
        (10, "mg"),
        of="ra",
        status="completed",
    )
    c.otc("naproxen", 90, "Naproxen 220 mg", "1 or 2 a day for hand pain")
    c.shots("216", 700)
    c.shots("140", 240)
    c.study("eye", 790, "Baseline retinal examination before long-term hydroxychloroquine: normal.")
    c.order("hepatitis", 18, "Hepatitis B and C serology, liver ultrasound", of="ra", due=7)
    c.claim(100, ("99214", 168.0), dx="ra")
    c.note(
        "consult",
        1080,
        """
        HISTORY OF PRESENT ILLNESS:
        49F w/ 5 months of symmetric swelling of MCPs, PIPs and wrists, morning stiffness 2 h. Mother has RA. Never
        smoker. Denies rash, sicca, Raynaud, psoriasis, uveitis.

        OBJECTIVE:
        14 tender and 11 swollen joints. CRP 48 mg/L, ESR 62, RF 96 IU/mL, anti-CCP 210 U/mL. ALT 18. Quantiferon
        positive, CXR clear.

        ASSESSMENT AND PLAN:
        Seropositive RA, high activity. Prednisone bridge. Isoniazid for latent TB, methotrexate 10 mg weekly with folic
        acid after baseline bloods. Weekly, not daily: taught back with an interpreter.""",
    )
    c.note(
        "progress",
        18,
        """
        INTERVAL HISTORY:
        Hands good: stiffness 10 min. MTX 20 mg weekly, folic acid, Plaquenil. Naproxen OTC most days. Alcohol none.
        Denies cough, SOB, mouth ulcers, jaundice.

        OBJECTIVE:
        1 tender, 0 swollen joints. CRP 4 mg/L. ALT 78 U/L (52 at the last visit, 38 before). WBC 6.8. Creatinine 0.7 mg/dL.

        ASSESSMENT AND PLAN:
        1. RA in remission.
        2. Rising ALT on methotrexate, approaching twice normal: halve to 10 mg, repeat LFTs in 3 weeks, hepatitis
        serology, ultrasound. Stop naproxen.
        3. Plaquenil: retinal exam due in 2 years.""",
    )


STORIES: list[Story] = [(FATIMA, fatima)]
