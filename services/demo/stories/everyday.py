"""General practice: missed screening, allergies of every kind, and a healthy namesake."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

LINDA = Person(
    "linda-kaminski",
    "Linda",
    "Kaminski",
    "female",
    56,
    150,
    "Never had a mammogram, colonoscopy or Pap in our records",
    language="pl",
)
NORA = Person(
    "nora-obrien", "Nora", "O'Brien", "female", 45, 280, "Penicillin anaphylaxis and four other allergies"
)
ELISA = Person(
    "maria-alvarez-garcia",
    "Maria Elisa",
    "Alvarez",
    "female",
    33,
    140,
    "Healthy, little data; her name is close to another patient's",
    marital="S",
    language="es",
    hispanic=True,
)


def linda(c: Chart) -> None:
    c.cond("htn", 300, "Essential hypertension", "I10", "59621000")
    c.cond("obesity", 300, "Obesity", "E66.9", "414916001")
    c.family("MTH", ("Colon cancer", 58), died=61)
    c.family("SIS", ("Type 2 diabetes", 50))
    c.smoking(300, "current", 24)
    c.height = 167
    for at, bp, kg, a1c in (
        (300, (162, 96), 92.5, 6.1),
        (240, (148, 90), 92.0, None),
        (45, (144, 88), 93.4, 6.3),
    ):
        c.enc(at, "visit", "Blood pressure", dx="htn")
        c.vitals(at, bp, hr=84, wt=kg, **({"ht": 167} if at == 300 else {}))
        if a1c:
            c.lab("hba1c", at, a1c)
            c.panel("lipids", at, chol=244, ldl=158, hdl=46, tg=200)
            c.panel("bmp", at, na=140, k=4.1, cr=0.8, bun=15, glucose=108)
    c.med(
        "amlodipine",
        300,
        "Amlodipine 5 mg tablet",
        "Take 1 tablet daily",
        (5, "mg"),
        of="htn",
        stopped="Dose increased",
    )
    c.med("amlodipine", 45, "Amlodipine 10 mg tablet", "Take 1 tablet daily", (10, "mg"), of="htn")
    c.order("colonoscopy", 300, "Colonoscopy, mother had colon cancer at 58", "revoked")
    c.order("mammogram", 300, "Screening mammogram", "revoked")
    c.shots("140", 45, status="not-done", why="Patient declined")
    c.claim(240, ("99213", 118.0), dx="htn")
    c.note(
        "progress",
        45,
        """
        SUBJECTIVE:
        56F, first doctor in 12 years was us last year. Works two jobs. Smokes 1/2 ppd, 24 pack-years. Mother died of colon
        cancer (dx at 58). Never had a colonoscopy, mammogram or, as far as she remembers, a Pap since her 30s. Cancelled
        both referrals for lack of time off. Denies bleeding, weight loss, breast lumps.

        OBJECTIVE:
        BP 144/88, weight 93.4 kg. HbA1c 6.3 % (6.1 %). LDL 158 mg/dL.

        ASSESSMENT AND PLAN:
        1. HTN above goal: amlodipine to 10 mg.
        2. Prediabetes, lipids high: statin discussed, wants to try diet.
        3. Screening all overdue. FIT kit offered, not taken. Declined flu shot.
        4. Allergies not asked.""",
    )


def nora(c: Chart) -> None:
    c.allergy(
        "penicillin",
        5000,
        "Penicillin",
        "Anaphylaxis: throat swelling, hypotension",
        "severe",
        rx="7980",
        criticality="high",
        sct="91936005",
    )
    c.allergy("shellfish", 3000, "Shellfish", "Hives", "moderate", category="food")
    c.allergy("latex", 2500, "Latex", "Contact dermatitis", "mild", category="environment")
    c.allergy(
        "clarithromycin", 900, "Clarithromycin", "Nausea and metallic taste", "mild", kind="intolerance"
    )
    c.allergy("bee", 1500, "Bee venom", "Large local swelling", "moderate", category="environment")
    c.allergy("aspirin", 700, "Aspirin", "Entered on the wrong chart", verify="entered-in-error", rx="1191")
    c.cond("rhinitis", 4000, "Allergic rhinitis", "J30.9", "61582004")
    c.cond("sinusitis", 30, "Acute bacterial sinusitis", ended=18)
    c.smoking(600, "never")
    c.height = 169
    for at, kg in ((600, 70.1), (330, 70.8), (30, 70.5)):
        c.enc(at, "visit", "Sinus trouble and allergies", dx="rhinitis")
        c.vitals(at, (118, 74), hr=70, temp=36.8, wt=kg, **({"ht": 169} if at == 600 else {}))
        c.panel("cbc", at, wbc=6.5, hb=13.4, mcv=88, plt=250)
    c.study("mammogram", 330, "BI-RADS 1, negative.")
    c.med(
        "cetirizine",
        600,
        "Cetirizine 10 mg tablet (Zyrtec)",
        "Take 1 tablet daily",
        (10, "mg"),
        of="rhinitis",
    )
    c.med(
        "amoxicillin",
        30,
        "Amoxicillin-clavulanate 875/125 mg tablet",
        "Take 1 tablet twice daily",
        (875, "mg"),
        2,
        of="sinusitis",
        status="cancelled",
        stopped="Pharmacist called: penicillin anaphylaxis",
        who="patel",
    )
    c.med(
        "doxycycline",
        30,
        "Doxycycline 100 mg capsule",
        "Take 1 capsule twice daily for 7 days",
        (100, "mg"),
        2,
        of="sinusitis",
        status="completed",
    )
    c.med(
        "epinephrine",
        600,
        "Epinephrine 0.3 mg auto-injector (EpiPen)",
        "Inject into the thigh for anaphylaxis",
        (0.3, "mg"),
        prn=True,
        reason="Anaphylaxis",
    )
    c.shots("140", 250)
    c.claim(30, ("99213", 118.0), dx="rhinitis")
    c.note(
        "phone",
        30,
        """
        Pharmacist called about the Augmentin prescribed an hour ago: chart says penicillin anaphylaxis (ICU, age 31).
        Cancelled before dispensing. Doxycycline 100 mg BID x 7 days instead. Near miss reported. Patient told.""",
        who="patel",
    )
    c.note(
        "progress",
        330,
        """
        SUBJECTIVE:
        Allergy review. Penicillin: throat swelling and hypotension within minutes, ICU. Shellfish: hives. Latex: contact
        rash. Clarithromycin upset her stomach, not an allergy. No reaction to aspirin; that entry was another patient's.

        PLAN:
        Aspirin entry marked as an error. Referred to allergy for penicillin testing. Carries an EpiPen.""",
    )
    c.note(
        "progress",
        331,
        """
        Dictated on the wrong chart. Ignore.""",
        status="entered-in-error",
    )


def elisa(c: Chart) -> None:
    c.smoking(200, "never")
    c.height = 162
    c.enc(200, "checkup", "New patient check")
    c.vitals(200, (112, 70), hr=66, wt=58.4, ht=162)
    c.shots("115", 700)
    c.note(
        "progress",
        200,
        """
        New patient, moved from out of state. No medical problems, no regular medicines. Denies drug use. Runs 3 times a week.
        BP 112/70, weight 58.4 kg. Records requested from her previous clinic; not to be mixed with our other patient of
        nearly the same name.""",
    )


STORIES: list[Story] = [(LINDA, linda), (NORA, nora), (ELISA, elisa)]
