"""Knee osteoarthritis with one knee replaced, and long-term opioid treatment of back pain."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

HAROLD = Person(
    "harold-jensen",
    "Harold",
    "Jensen",
    "male",
    70,
    190,
    "Left knee replaced, right knee painful: laterality matters",
    clinician="brandt",
)
DENISE = Person(
    "denise-carter",
    "Denise",
    "Carter",
    "female",
    51,
    60,
    "Chronic low back pain on oxycodone, with a benzodiazepine added elsewhere",
    marital="D",
)


def harold(c: Chart) -> None:
    c.allergy("morphine", 800, "Morphine", "Itching", "mild", rx="7052", kind="intolerance")
    c.cond("oar", 1500, "Osteoarthritis of the right knee", "M17.11", "239873007", site="Right knee")
    c.cond("tkrl", 760, "Left artificial knee joint", "Z96.652", site="Left knee")
    c.cond("bph", 900, "Benign prostatic hyperplasia", "N40.1", "266569009")
    c.cond(
        "wrongside",
        300,
        "Osteoarthritis of the left knee",
        "M17.12",
        verify="entered-in-error",
        note="Wrong side chosen; the left knee was replaced",
    )
    c.smoking(900, "former", 6)
    c.height = 180
    c.enc(760, "surgery", "Left total knee replacement", who="brandt", dx="tkrl", until=758, went="Home")
    c.proc("tkr", 760, "Left total knee replacement", "609588000", site="Left knee")
    c.study("knee", 1200, "Severe medial joint space loss LEFT knee, moderate RIGHT knee.")
    c.study("knee", 40, "Right knee: bone on bone medially, osteophytes. Left knee: prosthesis well seated.")
    for at, kg, bp in (
        (900, 98.0, (138, 82)),
        (720, 96.4, (134, 80)),
        (560, 97.2, (136, 84)),
        (380, 98.6, (138, 82)),
        (180, 99.1, (140, 84)),
        (40, 98.9, (136, 80)),
    ):
        c.enc(at, "visit", "Knee review", dx=["oar"])
        c.vitals(at, bp, hr=70, wt=kg, **({"ht": 180} if at == 900 else {}))
        c.panel("bmp", at, na=141, k=4.3, cr=1.1, bun=18, glucose=99)
    c.trend("psa", (900, 2.1), (380, 2.6))
    c.proc("injection", 180, "Corticosteroid injection", site="Right knee", of="oar")
    c.med(
        "acetaminophen",
        900,
        "Acetaminophen 1,000 mg",
        "Take 1,000 mg three times a day",
        (1000, "mg"),
        3,
        of="oar",
    )
    c.med(
        "tamsulosin",
        900,
        "Tamsulosin 0.4 mg capsule (Flomax)",
        "Take 1 capsule at bedtime",
        (0.4, "mg"),
        of="bph",
    )
    c.med(
        "apixaban",
        758,
        "Apixaban 2.5 mg tablet",
        "Twice daily for 12 days after surgery",
        (2.5, "mg"),
        2,
        status="completed",
        reason="Prevention of clots after knee replacement",
    )
    c.otc("diclofenac", 300, "Diclofenac 1 % gel", "To the right knee up to 4 times a day")
    c.shots("187", 700, 600)
    c.shots("135", 255)
    c.order("tkr-right", 40, "Surgical booking: RIGHT total knee replacement", of="oar", due=75)
    c.order("physio", 180, "Physiotherapy, right knee", "completed", of="oar")
    c.claim(180, ("20610", 140.0), dx="oar")
    c.appointment(60, "Pre-operative assessment, right knee", "brandt")
    c.note(
        "operative",
        760,
        """
        PROCEDURE:
        LEFT total knee arthroplasty, cemented, posterior stabilised.

        FINDINGS:
        Eburnated medial compartment, 12 degrees varus. Components stable, range 0-120. Tourniquet 71 min, EBL 150 mL.
        Spinal anesthesia. No complications. Morphine caused itching in recovery, changed to oxycodone.""",
    )
    c.note(
        "progress",
        40,
        """
        HISTORY OF PRESENT ILLNESS:
        70M s/p L TKA two years ago, delighted with it. R knee pain daily, walks 2 blocks, wakes at night. Injection of
        the right knee helped for 6 weeks. Denies fever, locking, left knee pain.

        OBJECTIVE:
        R knee: varus 8 degrees, range 5-105, effusion, stable. L knee: scar healed, 0-120, no warmth. Weight 98.9 kg,
        BP 136/80. X-ray: right medial bone on bone, left prosthesis well seated.

        ASSESSMENT AND PLAN:
        R knee OA, failed conservative care. Booked for RIGHT TKA. Stop gel 2 days before. Itch with morphine: avoid.""",
    )


def denise(c: Chart) -> None:
    c.allergy(
        "nka",
        1500,
        "Ibuprofen",
        "Gastric bleeding",
        "severe",
        rx="5640",
        kind="intolerance",
        criticality="high",
    )
    c.cond("back", 2200, "Chronic low back pain", "M54.50", "279039007")
    c.cond("opioid", 1400, "Long-term use of opioid analgesic", "Z79.891")
    c.cond("anxiety", 60, "Anxiety disorder", "F41.9", "197480006")
    c.cond("osa", 600, "Obstructive sleep apnea", "G47.33", note="Does not use CPAP")
    c.smoking(900, "current", 20)
    c.height = 164
    c.study("lspine", 1300, "L4-L5 disc protrusion with mild right foraminal narrowing. No canal stenosis.")
    for at, kg, bp, sat in (
        (900, 88.1, (132, 84), 97),
        (720, 89.4, (134, 84), 97),
        (540, 90.2, (130, 82), 96),
        (360, 91.6, (136, 86), 96),
        (180, 92.3, (134, 84), 95),
        (25, 93.0, (138, 86), 94),
    ):
        c.enc(at, "visit", "Pain agreement review", dx=["back", "opioid"])
        c.vitals(at, bp, hr=78, rr=14, spo2=sat, wt=kg, **({"ht": 164} if at == 900 else {}))
        c.study(
            "uds",
            at,
            "Oxycodone and metabolite present, as prescribed."
            if at > 30
            else "Oxycodone present. Lorazepam metabolite present.",
        )
    c.panel("cmp", 360, na=139, k=4.1, cr=0.8, alt=28, ast=25, alp=88)
    c.med(
        "oxycodone",
        1400,
        "Oxycodone IR 5 mg tablet",
        "Take 1 tablet every 6 hours when needed",
        (5, "mg"),
        4,
        of="back",
        stopped="Dose increased",
        prn=True,
    )
    c.med(
        "oxycodone",
        540,
        "Oxycodone IR 10 mg tablet",
        "Take 1 tablet every 6 hours, at most 4 a day",
        (10, "mg"),
        4,
        of="back",
        prn=True,
        repeats=0,
    )
    c.med(
        "lorazepam",
        60,
        "Lorazepam 1 mg tablet (Ativan)",
        "Take 1 tablet twice daily when anxious",
        (1, "mg"),
        2,
        of="anxiety",
        prn=True,
        who="nwosu",
    )
    c.med(
        "gabapentin",
        720,
        "Gabapentin 300 mg capsule",
        "Take 1 capsule three times daily",
        (300, "mg"),
        3,
        of="back",
    )
    c.otc("diphenhydramine", 100, "Diphenhydramine 25 mg (Benadryl)", "1 or 2 at night for sleep")
    c.plan(
        "pain",
        900,
        "Opioid treatment agreement",
        "One prescriber, one pharmacy",
        "Urine drug screen twice a year",
        of="opioid",
        goal="Walk 20 minutes; no dose increase",
    )
    c.order("mammogram", 360, "Screening mammogram", "revoked")
    c.claim(180, ("99214", 168.0), ("80305", 20.0), dx=["back", "opioid"])
    c.note(
        "progress",
        25,
        """
        INTERVAL HISTORY:
        51F chronic LBP, oxycodone 10 mg QID (60 MME), gabapentin. ED gave Ativan 1 mg BID for panic two months ago; still
        taking it. Snores, no CPAP. Pain 6/10, walks 15 min. Denies leg weakness, saddle numbness, bladder change. Denies
        overdose ever. No naloxone at home.

        OBJECTIVE:
        SpO2 94% RA, RR 14, BP 138/86, weight 93.0 kg. Alert, no sedation. Straight leg raise negative both sides.
        UDS: oxycodone and lorazepam metabolite.

        ASSESSMENT AND PLAN:
        1. Opioid plus benzodiazepine plus gabapentin with untreated OSA: high risk. Discussed taper of lorazepam first.
        2. Naloxone spray: to prescribe, patient wanted to think about it.
        3. PDMP checked: two prescribers. Agreement reviewed.
        4. Smoking 1 ppd, not ready to quit.""",
    )
    c.note(
        "phone",
        100,
        """
        Requests early refill, dropped tablets in the sink. Per agreement no early refill. Offered a visit; declined.""",
    )


STORIES: list[Story] = [(HAROLD, harold), (DENISE, denise)]
