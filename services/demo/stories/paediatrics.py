"""A schoolboy with asthma and a toddler behind on her vaccines."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

MATEO = Person(
    "mateo-garcia",
    "Mateo",
    "García Núñez",
    "male",
    7,
    140,
    "Asthma in childhood: growth, vaccines by age, an emergency visit",
    marital="S",
    language="es",
    hispanic=True,
    clinician="tanaka",
)
ZOE = Person(
    "zoe-abara",
    "Zoë",
    "Abara",
    "female",
    1,
    95,
    "Toddler behind on her 12-month vaccines",
    marital="S",
    race="black",
    clinician="tanaka",
)


def mateo(c: Chart) -> None:
    c.allergy(
        "peanut",
        c.at_age(30),
        "Peanut",
        "Hives and vomiting",
        "moderate",
        category="food",
        criticality="high",
    )
    c.cond("asthma", c.at_age(44), "Mild persistent asthma", "J45.30", "195967001")
    c.cond("eczema", c.at_age(8), "Atopic dermatitis", "L20.9", "24079001")
    c.cond("otitis", c.at_age(19), "Acute otitis media, right ear", ended=c.at_age(19) - 10, site="Right ear")
    c.cond("flare", 75, "Mild persistent asthma with acute exacerbation", "J45.31", ended=68)
    c.family("MTH", ("Asthma", 6))
    c.family("FTH", ("Allergic rhinitis", 12))
    growth = [
        (2, 57.8, 5.4),
        (4, 63.6, 6.9),
        (6, 67.4, 7.9),
        (12, 75.8, 9.8),
        (18, 82.0, 11.0),
        (24, 87.4, 12.3),
        (36, 95.8, 14.5),
        (48, 102.9, 16.4),
        (60, 109.6, 18.6),
        (72, 115.7, 21.1),
        (84, 120.9, 22.9),
    ]
    for months, cm, kg in growth:
        at = c.at_age(months)
        c.enc(at, "checkup", f"Well child visit, {months} months", dx="asthma" if months >= 48 else [])
        c.vitals(at, (96, 58) if months >= 36 else None, hr=132 - months // 2, ht=cm, wt=kg)
    c.shots("08", *(c.at_age(m) for m in (0, 2, 6)))
    for code in ("20", "10", "48", "133"):
        c.shots(code, *(c.at_age(m) for m in (2, 4, 6)))
    c.shots("116", *(c.at_age(m) for m in (2, 4, 6)))
    for code in ("03", "21", "83"):
        c.shots(code, c.at_age(12))
    c.shots("20", c.at_age(18), c.at_age(48))
    c.shots("83", c.at_age(18))
    for code in ("03", "21", "10"):
        c.shots(code, c.at_age(48))
    c.shots("150", c.at_age(36), c.at_age(60))
    c.enc(75, "ed", "Wheeze and breathlessness", who="nwosu", dx="flare")
    c.vitals(75, hr=138, rr=38, temp=37.3, spo2=91, peakflow=110, wt=23.2, ht=121.2)
    c.vitals(75, minutes=185, hr=112, rr=24, spo2=96)
    c.study("cxr", 75, "Hyperinflation, no consolidation, no pneumothorax.")
    c.enc(70, "visit", "After the emergency visit", dx="asthma")
    c.vitals(70, hr=96, rr=22, spo2=98, peakflow=165)
    c.med(
        "albuterol",
        c.at_age(44),
        "Albuterol HFA 90 mcg inhaler with spacer",
        "2 puffs every 4 hours when wheezy",
        (180, "mcg"),
        of="asthma",
        prn=True,
    )
    c.med(
        "fluticasone",
        70,
        "Fluticasone HFA 44 mcg inhaler (Flovent)",
        "2 puffs twice daily with a spacer",
        (88, "mcg"),
        2,
        of="asthma",
        repeats=5,
    )
    c.med(
        "prednisone",
        75,
        "Prednisolone 15 mg/5 mL liquid",
        "8 mL once daily for 5 days",
        (24, "mg"),
        of="flare",
        status="completed",
    )
    c.med(
        "epinephrine",
        c.at_age(30),
        "Epinephrine 0.15 mg auto-injector",
        "Inject into the thigh for anaphylaxis",
        (0.15, "mg"),
        prn=True,
        reason="Peanut allergy",
    )
    c.plan(
        "asthma",
        70,
        "Asthma action plan",
        "Green: Flovent 2 puffs twice daily",
        "Yellow: albuterol 2-4 puffs every 4 hours",
        "Red: albuterol and call 911",
        of="asthma",
        goal="No more than 2 symptom days a week",
    )
    c.order("flu", 70, "Influenza vaccine this season", of="asthma", due=60)
    c.claim(70, ("99214", 168.0), dx="asthma")
    c.note(
        "ed",
        75,
        """
        HISTORY OF PRESENT ILLNESS:
        7yo boy w/ asthma, URI x 3 days, wheeze since last night, albuterol every 2 h without relief. No controller.
        Sleeps with the cat. Peanut allergy, no exposure today, no hives, no vomiting. Immunised, no flu shot this year.

        OBJECTIVE:
        SpO2 91% RA, RR 38, HR 138, T 37.3, weight 23.2 kg, peak flow 110 L/min. Subcostal retractions, diffuse
        wheeze, speaks in phrases.

        ASSESSMENT AND PLAN:
        Moderate asthma exacerbation. Albuterol/ipratropium x3, prednisolone 24 mg (1 mg/kg). At 3 h SpO2 96%, RR 24,
        no retractions. CXR no pneumonia. Home on prednisolone 5 days. Needs a controller. PCP in 2-5 days.""",
    )
    c.note(
        "progress",
        70,
        """
        INTERVAL HISTORY:
        Seen in ER 5 days ago. Better, finished steroids. Before that: cough 3 nights a week, albuterol most PE days.
        Mother has asthma. Denies smokers at home. Cat in the bedroom.

        OBJECTIVE:
        SpO2 98%, RR 22, peak flow 165 L/min. Clear chest.

        ASSESSMENT AND PLAN:
        1. Asthma, mild persistent, s/p exacerbation. Start Flovent 44 mcg 2 puffs BID via spacer, technique checked.
        2. Written action plan in Spanish; copy for school.
        3. Peanut allergy: EpiPen Jr x2 (home, school); above 25 kg change to 0.3 mg.
        4. Flu vaccine due.""",
    )
    c.note(
        "phone",
        69,
        """
        School nurse called: needs the action plan and albuterol authorisation form. Faxed both. Mother aware.""",
        who="patel",
    )


def zoe(c: Chart) -> None:
    growth = [(0, 49.5, 3.2), (2, 57.0, 5.1), (4, 62.0, 6.4), (6, 65.8, 7.3), (9, 70.2, 8.3), (12, 74.1, 9.0)]
    c.cond("term", c.at_age(0), "Born at term, uncomplicated", ended=c.at_age(1))
    for months, cm, kg in growth:
        at = c.at_age(months)
        c.enc(at, "checkup", f"Well baby visit, {months} months")
        c.vitals(at, hr=140 - months, rr=40 - months, temp=36.9, ht=cm, wt=kg)
    for code in ("20", "10", "48", "133", "116"):
        c.shots(code, c.at_age(2), c.at_age(4))
    c.shots("08", c.at_age(0), c.at_age(2))
    c.shots("20", c.at_age(6))
    c.shots("03", c.at_age(12), status="not-done", why="Parents asked to wait until after travel")
    c.lab("hb", c.at_age(12), 10.8)
    c.order(
        "catchup", c.at_age(12), "Catch-up vaccines: MMR, varicella, hepatitis A, third hepatitis B", due=10
    )
    c.claim(c.at_age(12), ("99392", 140.0), dx="term")
    c.note(
        "progress",
        c.at_age(12),
        """
        WELL CHILD VISIT, 12 MONTHS:
        Pulls to stand, cruises, says "mama", waves. Eats table food, 700 mL cow's milk a day. No concerns about hearing
        or vision. Weight 9.0 kg, length 74.1 cm. Hemoglobin 10.8 g/dL.

        ASSESSMENT AND PLAN:
        1. Growing and developing well.
        2. Mild anemia, too much milk: limit to 500 mL, iron-rich foods, recheck in 2 months.
        3. Vaccines: parents prefer to wait for MMR until after travel; discussed that measles is circulating at the
        destination. They will call. Third hepatitis B is also outstanding.""",
    )


STORIES: list[Story] = [(MATEO, mateo), (ZOE, zoe)]
