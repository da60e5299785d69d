"""Atrial fibrillation and a mechanical valve on warfarin, and an antibiotic that interacts."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

ELEANOR = Person(
    "eleanor-marsh",
    "Eleanor",
    "Marsh",
    "female",
    74,
    210,
    "Atrial fibrillation on warfarin; INR climbed after trimethoprim-sulfamethoxazole",
    marital="W",
    clinician="okafor",
    prefix="Mrs.",
)


def eleanor(c: Chart) -> None:
    c.allergy("codeine", 4000, "Codeine", "Nausea and vomiting", "moderate", rx="2670", kind="intolerance")
    c.cond("af", 2200, "Permanent atrial fibrillation", "I48.21", "49436004", note="CHA2DS2-VASc 5")
    c.cond("valve", 2150, "Mechanical mitral valve replacement", "Z95.2", note="Target INR 2.5-3.5; no DOAC")
    c.cond("htn", 6000, "Essential hypertension", "I10", "59621000")
    c.cond("uti", 16, "Acute cystitis", "N30.00", ended=9)
    c.cond("osteopenia", 800, "Osteopenia")
    c.proc("mvr", 2150, "Mechanical mitral valve replacement", site="Mitral valve")
    c.height = 163
    c.smoking(2000, "never")
    inrs = [
        (365, 2.8),
        (335, 3.0),
        (300, 2.6),
        (270, 2.2),
        (263, 2.9),
        (230, 3.1),
        (200, 2.7),
        (170, 3.3),
        (140, 2.9),
        (110, 2.8),
        (80, 3.0),
        (50, 2.7),
        (22, 2.9),
        (9, 5.8),
        (6, 3.6),
        (3, 2.8),
    ]
    for at, value in inrs:
        note = "Called to the practice" if value >= 5 else None
        c.lab("inr", at, value, note=note)
    c.enc(365, "visit", "Atrial fibrillation review", dx=["af", "valve"])
    c.vitals(365, (138, 78), hr=78, spo2=97, wt=68.9, ht=163)
    c.panel("cbc", 365, wbc=6.4, hb=12.9, mcv=90, plt=214)
    c.panel("bmp", 365, na=140, k=4.4, cr=0.9, bun=17, glucose=94)
    c.enc(140, "visit", "Blood pressure and anticoagulation", dx=["htn", "af"])
    c.vitals(140, (142, 80), hr=72, spo2=97, wt=68.2)
    c.enc(16, "new", "Dysuria", who="patel", dx="uti")
    c.vitals(16, (136, 76), hr=80, temp=37.4, spo2=97, wt=67.8)
    c.study(
        "urine",
        16,
        "Escherichia coli over 100,000 CFU/mL, sensitive to nitrofurantoin and "
        "trimethoprim-sulfamethoxazole, resistant to amoxicillin.",
    )
    c.enc(9, "phone", "Critical INR", who="okafor", dx=["valve"])
    c.enc(3, "visit", "INR recheck", dx=["valve", "af"])
    c.vitals(3, (134, 74), hr=74, wt=67.9)
    c.panel("cbc", 3, wbc=6.9, hb=12.1, mcv=89, plt=205)
    c.study(
        "echo",
        340,
        "Normally seated mechanical mitral prosthesis, mean gradient 4 mmHg. LVEF 58 %. LA enlarged.",
    )
    c.score("lvef", 340, 58)
    c.med(
        "warfarin",
        2150,
        "Warfarin 5 mg tablet",
        "Take 1 tablet by mouth every evening, or as told by the clinic",
        (5, "mg"),
        of="valve",
        repeats=11,
    )
    c.med(
        "metoprolol",
        2200,
        "Metoprolol succinate ER 50 mg tablet",
        "Take 1 tablet by mouth daily",
        (50, "mg"),
        of="af",
    )
    c.med("amlodipine", 2500, "Amlodipine 5 mg tablet", "Take 1 tablet by mouth daily", (5, "mg"), of="htn")
    c.med(
        "sulfamethoxazole / trimethoprim",
        16,
        "Trimethoprim-sulfamethoxazole 160/800 mg tablet (Bactrim DS)",
        "Take 1 tablet by mouth twice daily for 7 days",
        (1, "tablet"),
        2,
        of="uti",
        stopped="INR 5.8 from interaction with warfarin",
        who="patel",
    )
    c.med(
        "nitrofurantoin",
        9,
        "Nitrofurantoin 100 mg capsule",
        "Take 1 capsule by mouth twice daily for 3 days",
        (100, "mg"),
        2,
        of="uti",
        status="completed",
    )
    c.otc("acetaminophen", 700, "Acetaminophen 500 mg", "1 or 2 tablets when needed for knee pain")
    c.otc("fish oil", 500, "Fish oil capsules", "1 capsule daily")
    c.shots("135", 260, 620)
    c.shots("187", 1500, 1400)
    c.shots("33", 2500)
    c.plan(
        "anticoag",
        365,
        "Anticoagulation plan",
        "INR monthly when stable; within 3-5 days of any antibiotic",
        "Ask before any new drug or herbal product",
        of="valve",
        goal="INR 2.5-3.5",
    )
    c.order("inr", 3, "INR in one week", of="valve", due=4)
    c.claim(140, ("99213", 118.0), ("85610", 9.0), dx=["htn", "af"])
    c.note(
        "progress",
        16,
        """
        SUBJECTIVE:
        74F w/ 3 days of dysuria and frequency. No flank pain, no rigors. Urine dip: nitrite and leukocytes positive.
        Allergies: codeine (nausea).

        OBJECTIVE:
        T 37.4, BP 136/76, HR 80. Abdomen soft, no CVA tenderness.

        ASSESSMENT AND PLAN:
        Uncomplicated cystitis. Bactrim DS BID x 7 days. Culture sent. RTC if no better in 48 h.""",
        who="patel",
    )
    c.note(
        "phone",
        9,
        f"""
        Lab called a critical INR of 5.8 (last 2.9 on {c.d(22)}). Spoke with Mrs Marsh at 16:10. Day 7 of Bactrim DS,
        prescribed here {c.d(16)}; the interaction with warfarin was missed. She denies bleeding, black stools,
        headache or falls. One bruise on the left forearm, no trauma.

        PLAN:
        - Stop Bactrim. Nitrofurantoin 100 mg BID for 3 days (culture sensitive, eGFR adequate).
        - Hold warfarin tonight and tomorrow, no vitamin K: mechanical mitral valve, no bleeding.
        - INR in 3 days. ED at once for bleeding, head injury or severe headache.
        - Event reported to the practice safety log.""",
    )
    c.note(
        "progress",
        3,
        """
        INTERVAL HISTORY:
        No bleeding. Dysuria gone. INR 5.8, then 3.6, today 2.8. Restarted warfarin 5 mg daily.

        OBJECTIVE:
        BP 134/74, HR 74 irregular. Crisp valve click, no new murmur. Hemoglobin 12.1 g/dL, platelets 205.

        ASSESSMENT AND PLAN:
        1. Mechanical MVR and permanent AF. INR 2.8, in the target range of 2.5-3.5. Recheck in one week.
        2. Supratherapeutic INR due to trimethoprim-sulfamethoxazole, resolved. Avoid with warfarin. Not an allergy.
        3. HTN controlled.""",
    )
    c.note(
        "progress",
        140,
        """
        SUBJECTIVE:
        Feels well. Denies palpitations, syncope, stroke symptoms. No bleeding. Takes warfarin in the evening without
        misses. Daughter fills the pill box.

        OBJECTIVE:
        BP 142/80, HR 72 irregularly irregular, weight 68.2 kg. INR 2.9.

        ASSESSMENT AND PLAN:
        1. AF, rate controlled on Toprol XL 50 mg. DOACs contraindicated with the mechanical valve.
        2. HTN slightly high; home readings 130s/70s. No change.""",
        fmt="rtf",
    )


STORIES: list[Story] = [(ELEANOR, eleanor)]
