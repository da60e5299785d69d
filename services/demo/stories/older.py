"""Old age: falls, failing memory and too many drugs; and a patient who has died."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

EDITH = Person(
    "edith-thornton",
    "Edith",
    "Thornton",
    "female",
    84,
    77,
    "Falls, cognitive decline and polypharmacy with drugs to avoid in old age",
    marital="W",
)
WALTER = Person(
    "walter-brandt",
    "Walter",
    "Brandt",
    "male",
    88,
    12,
    "Died eight months ago in hospice care with advanced prostate cancer",
    died=240,
    marital="W",
)


def edith(c: Chart) -> None:
    c.allergy(
        "penicillin",
        8000,
        "Penicillin",
        "Told as a child, reaction unknown",
        verify="unconfirmed",
        rx="7980",
        criticality="unable-to-assess",
    )
    c.cond("falls", 200, "Repeated falls", "R29.6")
    c.cond("dementia", 300, "Mild cognitive impairment", "G31.84", "386806002")
    c.cond("oab", 1500, "Overactive bladder", "N32.81")
    c.cond("insomnia", 1800, "Insomnia", "G47.00")
    c.cond("htn", 9000, "Essential hypertension", "I10", "59621000")
    c.cond("wrist", 200, "Fracture of the left distal radius", ended=140, site="Left wrist")
    c.family("SIS", ("Alzheimer disease", 79))
    c.smoking(1000, "never")
    c.height = 157
    for at, moca, kg, bp in (
        (900, 26, 58.4, (138, 74)),
        (600, 24, 57.0, (134, 72)),
        (300, 21, 54.9, (126, 68)),
        (150, 20, 53.8, (118, 64)),
        (18, 18, 52.4, (112, 60)),
    ):
        c.enc(at, "visit", "Geriatric review", dx=["dementia", "htn"])
        c.score("moca", at, moca)
        c.vitals(at, bp, hr=64, wt=kg, spo2=97, **({"ht": 157} if at == 900 else {}))
        c.panel("bmp", at, na=134 if at < 200 else 138, k=4.2, cr=0.9, bun=20, glucose=95)
    c.lab("b12", 300, 212)
    c.lab("tsh", 300, 2.6)
    c.lab("vitd", 150, 18)
    c.enc(200, "ed", "Fall at night", who="nwosu", dx=["falls", "wrist"])
    c.vitals(200, (116, 62), hr=70, rr=16, temp=36.5, spo2=97)
    c.study("ct_head", 200, "No hemorrhage, no fracture. Moderate atrophy.")
    c.med(
        "zolpidem",
        1800,
        "Zolpidem 10 mg tablet (Ambien)",
        "Take 1 tablet at bedtime",
        (10, "mg"),
        of="insomnia",
    )
    c.med(
        "oxybutynin",
        1500,
        "Oxybutynin 5 mg tablet",
        "Take 1 tablet three times daily",
        (5, "mg"),
        3,
        of="oab",
    )
    c.med(
        "amitriptyline",
        1200,
        "Amitriptyline 25 mg tablet",
        "Take 1 tablet at bedtime",
        (25, "mg"),
        of="insomnia",
    )
    c.med("donepezil", 280, "Donepezil 5 mg tablet", "Take 1 tablet at bedtime", (5, "mg"), of="dementia")
    c.med("amlodipine", 3000, "Amlodipine 10 mg tablet", "Take 1 tablet daily", (10, "mg"), of="htn")
    c.med(
        "hydrochlorothiazide",
        3000,
        "Hydrochlorothiazide 25 mg tablet",
        "Take 1 tablet daily",
        (25, "mg"),
        of="htn",
    )
    c.med(
        "omeprazole",
        2500,
        "Omeprazole 20 mg capsule",
        "Take 1 capsule daily",
        (20, "mg"),
        reason="Unclear, long ago",
    )
    c.otc(
        "diphenhydramine",
        400,
        "Tylenol PM (acetaminophen, diphenhydramine)",
        "2 tablets at bedtime most nights",
    )
    c.shots("135", 240)
    c.shots("33", 5000)
    c.proc("dxa", 4000, "Bone density scan")
    c.order("homesafety", 150, "Home safety visit by occupational therapy", "completed", of="falls")
    c.order("dxa", 150, "DXA bone density", of="wrist")
    c.plan(
        "falls",
        150,
        "Falls plan",
        "Night light",
        "Walker indoors",
        "Stand up slowly",
        of="falls",
        goal="No more falls",
    )
    c.claim(150, ("99215", 225.0), dx=["falls", "dementia"])
    c.note(
        "ed",
        200,
        """
        HISTORY OF PRESENT ILLNESS:
        83F, got up at 3 am to urinate, dizzy, fell on outstretched L hand. No LOC, no head strike seen, on no
        anticoagulant. Third fall this year. Took Ambien and Tylenol PM at 10 pm. Denies chest pain, palpitations.

        OBJECTIVE:
        BP 116/62 lying, 94/50 standing. L wrist dinner-fork deformity, neurovascularly intact. CT head no hemorrhage.

        ASSESSMENT AND PLAN:
        L distal radius fracture, closed reduction, splint. Orthostatic hypotension. Sedatives likely contributed.""",
    )
    c.note(
        "progress",
        18,
        """
        INTERVAL HISTORY:
        Daughter present. Two more falls since the last visit, no injury. Forgets tablets, got lost driving. Sleeps by
        day. Losing weight. Denies incontinence, urgency x8/day. No depression on screen.

        OBJECTIVE:
        MoCA 18 (26 two and a half years ago). BP 112/60, standing 92/54. Weight 52.4 kg. Na 134.

        ASSESSMENT AND PLAN:
        1. Falls, orthostasis, cognitive decline on Ambien 10 mg, oxybutynin, amitriptyline and Tylenol PM, several of
        them on the Beers list, and donepezil pulling against the anticholinergics. Daughter wants to think; no changes
        made today, medication review booked.
        2. Fracture after a low fall: DXA ordered 4 months ago, not done.
        3. Not to drive. Health care proxy: daughter.""",
    )
    c.note(
        "consult",
        300,
        """
        REASON FOR VISIT:
        Memory concerns raised by her daughter. First comprehensive geriatric assessment.

        HISTORY OF PRESENT ILLNESS:
        83F, retired librarian, lives alone in a two-storey house. Over about 18 months repeats questions, mislays her
        purse, has paid two bills twice. Still cooks, but burnt a pan last month. Manages dressing, bathing and toileting
        alone. Daughter has done the shopping for half a year. No hallucinations, no wandering, no
        change of personality. Denies low mood; the 2-question screen is negative. Sister was diagnosed with Alzheimer
        disease at 79. Sleeps badly for years and takes Ambien every night, with Tylenol PM on top "when it's a bad one".

        MEDICATIONS REVIEWED:
        - Zolpidem 10 mg at bedtime
        - Oxybutynin 5 mg three times daily
        - Amitriptyline 25 mg at bedtime
        - Amlodipine 10 mg and hydrochlorothiazide 25 mg
        - Omeprazole 20 mg, nobody recalls why
        - Tylenol PM (over the counter, contains diphenhydramine)

        ALLERGIES:
        "Penicillin" since childhood, no one living remembers what happened. She has never been tested.

        FUNCTION AND HOME:
        No stair rail on the left. Drives to church only. No alcohol. Never smoked. One fall in the past year, in the
        garden, without injury.

        OBJECTIVE:
        BP 126/68 sitting, no orthostatic drop today. HR 64 regular, weight 54.9 kg (58.4 kg twenty months ago). Hearing
        reduced on both sides. No focal weakness, no tremor, no rigidity. Timed Up and Go 16 seconds. MoCA 21 (24 a year
        ago): lost points on delayed recall, clock and fluency. TSH 2.6, B12 212 pg/mL, sodium 138, creatinine 0.9 mg/dL.

        ASSESSMENT AND PLAN:
        1. Mild cognitive impairment, amnestic, slowly progressive. Three strongly anticholinergic drugs (oxybutynin,
        amitriptyline, diphenhydramine) are a treatable part of this. Asked to stop Tylenol PM first; she is reluctant.
        2. Insomnia: sleep hygiene, CBT-I handout. Zolpidem is twice the dose advised for women of any age; taper offered
        and declined for now.
        3. Overactive bladder: consider mirabegron in place of oxybutynin.
        4. Weight loss of 3.5 kg: supplements, dental review, recheck in 3 months.
        5. Low-normal B12: methylmalonic acid with the next bloods.
        6. Daughter interested in donepezil; benefits small, bladder may worsen. They will decide at home.
        7. Hearing test. Advance directive: wishes to name her daughter as proxy, form given.""",
    )


def walter(c: Chart) -> None:
    c.allergy("penicillin", 6000, "Penicillin", "Rash", "mild", rx="7980")
    c.cond("prostate", 2200, "Metastatic prostate cancer", "C61")
    c.cond("bone", 900, "Secondary malignancy of bone", "C79.51")
    c.smoking(2000, "former", 30)
    c.height = 175
    for at, psa, kg in (
        (1600, 14, 81.0),
        (1200, 38, 78.3),
        (900, 96, 74.0),
        (500, 240, 66.2),
        (300, 512, 59.4),
    ):
        c.enc(at, "visit", "Cancer follow-up", dx="prostate")
        c.vitals(at, (124 + at % 5, 70), hr=78, wt=kg, **({"ht": 175} if at == 1600 else {}))
        c.lab("psa", at, psa)
        c.panel("cbc", at, wbc=6.1, hb=round(9 + at / 500, 1), mcv=91, plt=190)
    c.med(
        "leuprolide",
        2100,
        "Leuprolide 22.5 mg injection",
        "Every 3 months",
        (22.5, "mg"),
        1 / 90,
        of="prostate",
        stopped="Hospice care",
        who="haddad",
    )
    c.med(
        "morphine",
        300,
        "Morphine oral solution 10 mg/5 mL",
        "5 mg every 4 hours when needed",
        (5, "mg"),
        of="bone",
        prn=True,
        stopped="Patient died",
    )
    c.plan(
        "hospice", 300, "Comfort care at home", "Do not resuscitate", "Symptom relief first", of="prostate"
    )
    c.note(
        "consult",
        300,
        """
        GOALS OF CARE:
        Met with Mr Brandt and his niece. PSA 512, weight 59.4 kg, pain in the right hip and ribs. He does not want more
        chemotherapy or hospital. DNR/DNI signed. Hospice referral today; leuprolide stopped, oral morphine 5 mg q4h
        PRN. Penicillin rash noted, irrelevant now.""",
    )
    c.note(
        "phone",
        240,
        """
        Hospice nurse called: Mr Brandt died peacefully at home this morning, niece present. Death certificate completed:
        metastatic prostate cancer. Condolence call made.""",
    )


STORIES: list[Story] = [(EDITH, edith), (WALTER, walter)]
