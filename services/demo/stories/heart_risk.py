"""The worried son of an early infarct: family history, and chest pain that was something else."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

PATRICK = Person(
    "patrick-dsouza",
    "Patrick",
    "D'Souza",
    "male",
    46,
    20,
    "Father had an infarction at 52; high LDL, chest symptoms worked up and negative",
    race="asian",
    clinician="patel",
)


def patrick(c: Chart) -> None:
    c.no_allergies(700)
    c.cond(
        "lipids", 700, "Familial hypercholesterolemia", verify="provisional", note="LDL 204 mg/dL untreated"
    )
    c.cond("reflux", 100, "Gastroesophageal reflux disease", "K21.9", "235595009")
    c.family("FTH", ("Myocardial infarction", 52), died=52)
    c.family("BRO", ("High cholesterol", 38))
    c.smoking(700, "never")
    c.height = 172
    for at, ldl, bp, kg in (
        (700, 204, (134, 84), 79.3),
        (610, 131, (130, 82), 78.5),
        (250, 112, (128, 80), 77.9),
        (40, 98, (126, 80), 77.2),
    ):
        c.enc(at, "visit", "Cholesterol and risk review", dx="lipids")
        c.vitals(at, bp, hr=70, wt=kg, **({"ht": 172} if at == 700 else {}))
        c.panel("lipids", at, chol=ldl + 47 + 28, ldl=ldl, hdl=47, tg=140)
        c.panel("lft", at, alt=24, ast=22, alp=70, bili=0.6)
    c.lab("hba1c", 250, 5.4)
    c.enc(102, "ed", "Chest pain", who="nwosu", dx="reflux")
    c.vitals(102, (142, 88), hr=88, rr=16, temp=36.7, spo2=99)
    c.trend("trop", (102, 0.01))
    c.lab("trop", 102, 0.01, minutes=210)
    c.lab("ddimer", 102, 310)
    c.panel("cbc", 102, wbc=7.2, hb=15.1, mcv=88, plt=240)
    c.study("ecg", 102, "Sinus rhythm 86/min. Normal axis. No ST or T wave change.")
    c.study("cxr", 102, "No acute cardiopulmonary process. No pneumothorax, no widened mediastinum.")
    c.med(
        "atorvastatin",
        700,
        "Atorvastatin 20 mg tablet",
        "Take 1 tablet by mouth daily",
        (20, "mg"),
        of="lipids",
        stopped="Dose increased",
    )
    c.med(
        "atorvastatin",
        610,
        "Atorvastatin 40 mg tablet",
        "Take 1 tablet by mouth daily",
        (40, "mg"),
        of="lipids",
    )
    c.med(
        "omeprazole",
        100,
        "Omeprazole 20 mg capsule",
        "Take 1 capsule before breakfast for 8 weeks",
        (20, "mg"),
        of="reflux",
        status="completed",
    )
    c.order("genetics", 700, "Genetic testing for familial hypercholesterolemia", "on-hold", of="lipids")
    c.shots("140", 230)
    c.claim(250, ("99213", 118.0), dx="lipids")
    c.note(
        "ed",
        102,
        """
        HISTORY OF PRESENT ILLNESS:
        45M, works long shifts, c/o 4 h of burning retrosternal discomfort after a late curry, worse lying flat. No
        radiation, no diaphoresis. Denies exertional chest pain, SOB, syncope, hemoptysis or calf swelling. No recent
        travel or surgery. Father had MI at 52 and died of it. Never smoked. No diabetes.

        OBJECTIVE:
        BP 142/88, HR 88, RR 16, SpO2 99% RA. Heart sounds normal, chest clear, calves soft.
        ECG: sinus rhythm, no ST change. Troponin I 0.01 ng/mL at 0 and 3 h. D-dimer 310 ng/mL FEU (normal).
        CXR clear.

        ASSESSMENT AND PLAN:
        Low-risk chest pain (HEART 2), likely reflux. No evidence of ACS. No evidence of PE. Home, trial of omeprazole,
        PCP follow up. Return for exertional pain.""",
        who="nwosu",
    )
    c.note(
        "progress",
        40,
        """
        SUBJECTIVE:
        Reflux settled with omeprazole. Denies chest pain, palpitations or leg pain. Worried because his father had MI at
        52; brother takes a statin. Takes atorvastatin 40 mg daily without muscle aches. Negative for xanthelasma.

        OBJECTIVE:
        BP 126/80, HR 70, weight 77.2 kg. LDL 98 mg/dL (204 before treatment).

        ASSESSMENT AND PLAN:
        1. Probable heterozygous FH, family history of premature CAD. LDL halved. Offer coronary calcium score.
        2. Children should have lipids checked. Genetic test on hold (cost).
        3. Colorectal screening now due at 45+: FIT offered, he will think about it.""",
        who="patel",
    )


STORIES: list[Story] = [(PATRICK, patrick)]
