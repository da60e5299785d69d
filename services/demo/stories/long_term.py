"""Stable long-term conditions: an underactive thyroid, and HIV under control."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

INGRID = Person(
    "ingrid-sorensen",
    "Ingrid",
    "Sørensen",
    "female",
    49,
    30,
    "Hypothyroidism with a TSH trend and calcium taken too close",
)
TYRONE = Person(
    "tyrone-jackson",
    "Tyrone",
    "Jackson",
    "male",
    41,
    199,
    "HIV suppressed for years; kidney function watched",
    marital="S",
    race="black",
    clinician="okafor",
)


def ingrid(c: Chart) -> None:
    c.no_allergies(1500)
    c.cond("hypo", 1400, "Hypothyroidism", "E03.9", "40930008")
    c.family("MTH", ("Hashimoto thyroiditis", 40))
    c.smoking(900, "never")
    c.height = 172
    rows = [
        (1400, 18.2, 0.6, 74.0),
        (1330, 9.1, 0.8, 73.2),
        (1240, 4.9, 1.0, 72.4),
        (1060, 2.3, 1.2, 71.6),
        (700, 2.0, 1.3, 71.2),
        (330, 6.8, 0.9, 73.1),
        (240, 3.1, 1.1, 72.5),
        (40, 2.4, 1.2, 72.0),
    ]
    for at, tsh, ft4, kg in rows:
        c.enc(at, "visit", "Thyroid check", dx="hypo")
        c.panel("thyroid", at, tsh=tsh, ft4=ft4)
        c.vitals(at, (118 + at % 6, 74), hr=66, wt=kg, **({"ht": 172} if at == 1400 else {}))
    for at, mcg, end in ((1400, 50, "Dose increased"), (1330, 75, "Dose increased"), (1240, 88, None)):
        c.med(
            "levothyroxine",
            at,
            f"Levothyroxine {mcg} mcg tablet (Synthroid)",
            "Take 1 tablet on an empty stomach, 4 hours away from calcium or iron",
            (mcg, "mcg"),
            of="hypo",
            stopped=end,
        )
    c.otc(
        "calcium carbonate",
        420,
        "Calcium carbonate 600 mg (Caltrate)",
        "With breakfast; now moved to the evening",
    )
    c.study("mammogram", 400, "BI-RADS 1, negative.")
    c.proc("pap", 800, "Cervical screening, cytology with HPV test")
    c.shots("140", 250)
    c.claim(240, ("99213", 118.0), ("84443", 25.0), dx="hypo")
    c.note(
        "progress",
        330,
        """
        SUBJECTIVE:
        Tired, constipated, hair shedding for 2 months. Takes Synthroid 88 mcg daily, and since a few months Caltrate at
        breakfast, at the same time. Mother has Hashimoto's. Denies neck swelling, palpitations.

        OBJECTIVE:
        TSH 6.8 mIU/L (2.0 a year ago), free T4 0.9 ng/dL. Weight 73.1 kg. No goiter.

        ASSESSMENT AND PLAN:
        Hypothyroidism, TSH up from calcium binding, not a true need for more. Separate by 4 h, recheck in 3 months.""",
    )
    c.note(
        "progress",
        40,
        """
        SUBJECTIVE:
        Well. Calcium in the evening. TSH 2.4 mIU/L, free T4 1.2 ng/dL. Weight 72.0 kg. Continue Synthroid 88 mcg. TSH yearly.
        Colorectal screening due at 45: has not started, Cologuard ordered by phone.""",
    )


def tyrone(c: Chart) -> None:
    c.allergy(
        "abacavir",
        2500,
        "Abacavir",
        "HLA-B*57:01 positive, never taken",
        category="medication",
        criticality="high",
    )
    c.cond("hiv", 2600, "HIV infection, asymptomatic", "Z21", "86406008")
    c.cond("htn", 400, "Essential hypertension", "I10", "59621000")
    c.smoking(900, "former", 5)
    c.height = 185
    for at, vl, cd4, cr in (
        (2600, 84000, 310, 1.0),
        (2400, 180, 420, 1.0),
        (2200, 20, 510, 1.1),
        (1500, 20, 640, 1.1),
        (900, 20, 702, 1.1),
        (540, 20, 690, 1.2),
        (180, 20, 731, 1.2),
        (14, 20, 718, 1.2),
    ):
        c.enc(at, "visit", "HIV care", dx="hiv")
        c.lab("vl", at, vl, note="Below the limit of detection" if vl == 20 else None)
        c.lab("cd4", at, cd4)
        c.panel("bmp", at, na=140, k=4.2, cr=cr, bun=14, glucose=94)
        c.vitals(
            at, (128 + at % 9, 80), hr=68, wt=82.0 + (2600 - at) // 600, **({"ht": 185} if at == 2600 else {})
        )
    c.panel("lipids", 180, chol=196, ldl=122, hdl=46, tg=140)
    c.coded("rpr", 14, "Syphilis antibody", "Nonreactive")
    c.coded("hcv", 180, "Hepatitis C antibody", "Nonreactive")
    c.med(
        "bictegravir-emtricitabine-tenofovir alafenamide",
        2400,
        "Bictegravir-emtricitabine-tenofovir alafenamide 50/200/25 mg tablet (Biktarvy)",
        "Take 1 tablet daily",
        (1, "tablet"),
        of="hiv",
        repeats=11,
    )
    c.med("losartan", 400, "Losartan 50 mg tablet", "Take 1 tablet daily", (50, "mg"), of="htn")
    c.otc("calcium carbonate", 60, "Antacid (calcium carbonate) chews", "After spicy food")
    c.shots("216", 1500)
    c.shots("43", 2300, 2270, 2120)
    c.shots("140", 240)
    c.claim(180, ("99214", 168.0), ("87536", 95.0), dx="hiv")
    c.note(
        "progress",
        14,
        """
        INTERVAL HISTORY:
        HIV dx 7 years ago. Biktarvy daily, misses perhaps one dose a month. Undetectable for years. One steady partner, on
        PrEP. Denies fever, night sweats, rash, diarrhoea. No depression.

        OBJECTIVE:
        HIV RNA 20 copies/mL (not detected), CD4 718. Creatinine 1.2 mg/dL. Syphilis nonreactive.

        ASSESSMENT AND PLAN:
        1. HIV well controlled. U=U discussed. Take antacids at least 2 h apart from Biktarvy.
        2. HTN on losartan. LDL 122 mg/dL last check: statin offered (HIV raises risk).
        3. Anal Pap and lipids next visit.""",
    )


STORIES: list[Story] = [(INGRID, ingrid), (TYRONE, tyrone)]
