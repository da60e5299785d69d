"""Type 1 diabetes in a young adult, with one admission in ketoacidosis."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

LIAM = Person(
    "liam-oconnor",
    "Liam",
    "O'Connor",
    "male",
    24,
    75,
    "Young adult with type 1 diabetes: a DKA admission and an insulin pump decision",
    marital="S",
    clinician="moreau",
)


def liam(c: Chart) -> None:
    c.allergy(
        "adhesive",
        900,
        "Adhesive dressing",
        "Contact dermatitis under the sensor",
        "mild",
        category="environment",
        kind="intolerance",
        criticality="low",
    )
    c.cond(
        "dm1", 4015, "Type 1 diabetes mellitus", "E10.9", "46635009", note="Diagnosed at 13 in ketoacidosis"
    )
    c.cond("dka", 210, "Diabetic ketoacidosis", ended=207, note="Missed insulin during gastroenteritis")
    c.cond("hypo", 420, "Reduced awareness of hypoglycemia", verify="provisional")
    c.family("SIS", ("Coeliac disease", 15))
    c.height = 181
    for at, a1c, kg, bp in (
        (760, 8.9, 74.1, (118, 70)),
        (580, 8.4, 74.8, (120, 72)),
        (420, 7.9, 75.6, (116, 70)),
        (190, 9.6, 71.8, (114, 68)),
        (90, 8.2, 74.4, (118, 72)),
        (8, 7.6, 75.2, (118, 70)),
    ):
        c.enc(at, "visit", "Type 1 diabetes review", dx="dm1")
        c.vitals(at, bp, hr=68, wt=kg, **({"ht": 181} if at == 760 else {}))
        c.lab("hba1c", at, a1c)
    c.enc(210, "ed", "Vomiting and high glucose", who="nwosu", dx=["dka", "dm1"])
    c.enc(209, "admit", "Diabetic ketoacidosis", who="whitaker", dx=["dka", "dm1"], until=207, went="Home")
    c.vitals(210, (104, 62), hr=124, rr=28, temp=37.2, spo2=98)
    c.panel(
        "bmp",
        210,
        na=131,
        k=5.4,
        cl=94,
        co2=9,
        bun=28,
        cr=1.4,
        glucose=512,
        conclusion="High anion gap metabolic acidosis with hyperglycemia",
    )
    c.panel("bmp", 207, na=138, k=4.0, cl=104, co2=23, bun=12, cr=0.9, glucose=168)
    for at in (580, 90):
        c.lab("acr", at, 8)
        c.lab("tsh", at, 2.1)
    c.study("eye", 400, "No diabetic retinopathy in either eye.")
    c.smoking(760, "never")
    c.score("auditc", 90, 5, "Weekend drinking")
    c.med(
        "insulin glargine",
        760,
        "Insulin glargine 100 units/mL pen",
        "Inject 24 units under the skin every night",
        (24, "units"),
        of="dm1",
        repeats=5,
    )
    c.med(
        "insulin lispro",
        760,
        "Insulin lispro 100 units/mL pen (Humalog)",
        "Inject 1 unit per 10 g of carbohydrate with meals plus correction",
        (8, "units"),
        3,
        of="dm1",
        repeats=5,
    )
    c.med(
        "glucagon",
        420,
        "Glucagon 3 mg nasal powder",
        "One spray in one nostril for severe hypoglycemia",
        (3, "mg"),
        of="dm1",
        prn=True,
    )
    c.shots("150", 640)
    c.shots("165", 3600, 3400)
    c.shots("115", 4100)
    c.order("pump", 8, "Insulin pump assessment with automated delivery", of="dm1", due=40)
    c.order("cgm", 420, "Continuous glucose monitor", "completed", of="dm1")
    c.claim(90, ("99214", 168.0), ("95251", 61.0), dx="dm1")
    c.appointment(40, "Pump start clinic", "moreau")
    c.note(
        "ed",
        210,
        """
        CHIEF COMPLAINT:
        N/V x 2 days.

        HISTORY OF PRESENT ILLNESS:
        23M w/ T1DM, gastroenteritis after a shared takeaway. Stopped basal insulin "because I wasn't eating". Now
        thirsty, abdominal pain, breathing fast. Denies alcohol this week. No chest pain, no dysuria.

        OBJECTIVE:
        BP 104/62, HR 124, RR 28, T 37.2, SpO2 98% RA. Dry, Kussmaul breathing, abdomen soft, diffusely tender without
        guarding. Glucose 512 mg/dL, bicarbonate 9, K 5.4, Na 131, creatinine 1.4 mg/dL. Ketones large.

        ASSESSMENT AND PLAN:
        DKA, moderate, precipitated by missed insulin. 2 L saline, insulin infusion per protocol, K hourly.
        No evidence of pancreatitis or surgical abdomen. Admit to medicine.""",
    )
    c.note(
        "discharge",
        207,
        f"""
        ADMITTED: {c.d(209)}  DISCHARGED: {c.d(207)}

        HOSPITAL COURSE:
        23-year-old man with type 1 diabetes admitted in ketoacidosis after stopping glargine during gastroenteritis.
        Gap closed in 14 hours; bridged to his home doses. At discharge bicarbonate 23, K 4.0, creatinine 0.9 mg/dL.

        DISCHARGE PLAN:
        - Glargine 24 units nightly: never omit, even when not eating.
        - Lispro with meals as before. Ketone strips supplied, sick-day rules taught back correctly.
        - Endocrinology within 3 weeks.""",
        who="whitaker",
    )
    c.note(
        "progress",
        8,
        """
        INTERVAL HISTORY:
        Much better engaged since the DKA. CGM time in range 61%, below range 4%. Two lows overnight after football;
        slept through one alarm. No severe hypoglycemia, no ER visits. Denies tingling in the feet.

        OBJECTIVE:
        Weight 75.2 kg, BP 118/70. HbA1c 7.6 %. Injection sites: mild lipohypertrophy left abdomen.

        ASSESSMENT AND PLAN:
        1. T1DM improving. Rotate sites. Reduce glargine by 10% on football nights.
        2. Reduced hypo awareness: raise CGM low alert to 80. Carries nasal glucagon; flatmate trained.
        3. Good candidate for automated insulin delivery, referred.
        4. Eye exam due.""",
    )


STORIES: list[Story] = [(LIAM, liam)]
