"""A smoker with COPD, and a pneumonia discharged with a result still pending."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

FRANK = Person(
    "frank-delaney",
    "Frank",
    "Delaney",
    "male",
    69,
    100,
    "COPD in a current smoker, two exacerbations, lung screening never done",
    marital="D",
)
HIEN = Person(
    "hien-nguyen",
    "Hiền",
    "Nguyễn",
    "male",
    54,
    10,
    "Pneumonia, home from hospital a week ago with a result still pending",
    race="asian",
    language="vi",
    clinician="okafor",
)


def frank(c: Chart) -> None:
    c.allergy("doxycycline", 1500, "Doxycycline", "Photosensitive rash", "mild", rx="3640")
    c.cond("copd", 2500, "Chronic obstructive pulmonary disease", "J44.9", "13645005", note="GOLD 3, group E")
    c.cond("tobacco", 9000, "Nicotine dependence, cigarettes", "F17.210")
    c.cond("aecopd1", 330, "COPD exacerbation", "J44.1", ended=318)
    c.cond("aecopd2", 45, "COPD exacerbation", "J44.1", ended=36)
    c.cond("htn", 3000, "Essential hypertension", "I10", "59621000")
    c.smoking(700, "current", 48)
    c.smoking(30, "current", 50)
    c.height = 176
    c.study(
        "spiro", 710, "Severe obstruction: FEV1 1.42 L (44 % of predicted), FEV1/FVC 51 %. No reversibility."
    )
    c.score("fev1", 710, 1.42)
    c.score("ratio", 710, 51)
    for at, sat, kg, bp in (
        (700, 94, 69.4, (138, 82)),
        (510, 94, 68.6, (136, 80)),
        (330, 90, 67.2, (146, 88)),
        (200, 93, 66.5, (134, 78)),
        (45, 89, 64.3, (148, 86)),
        (30, 92, 64.1, (132, 78)),
    ):
        c.enc(at, "visit", "COPD review", dx=["copd", "tobacco"])
        c.vitals(
            at, bp, hr=88, rr=20 if sat > 91 else 26, spo2=sat, wt=kg, **({"ht": 176} if at == 700 else {})
        )
    c.panel("cbc", 45, wbc=11.8, hb=16.2, mcv=92, plt=260)
    c.panel("bmp", 200, na=138, k=4.0, cr=0.9, bun=14, glucose=104)
    c.study("cxr", 45, "Hyperinflation and flattened diaphragms. No consolidation. No focal mass seen.")
    c.med(
        "tiotropium",
        2000,
        "Tiotropium 18 mcg capsule inhaler (Spiriva)",
        "Inhale 1 capsule daily",
        (18, "mcg"),
        of="copd",
    )
    c.med(
        "albuterol",
        2500,
        "Albuterol HFA 90 mcg inhaler",
        "2 puffs every 4 to 6 hours when breathless",
        (180, "mcg"),
        of="copd",
        prn=True,
    )
    c.med(
        "fluticasone",
        330,
        "Fluticasone-vilanterol 100/25 mcg inhaler (Breo)",
        "Inhale once daily",
        (1, "inhalation"),
        of="copd",
    )
    c.med(
        "propranolol",
        20,
        "Propranolol 20 mg tablet",
        "Take 1 tablet twice daily",
        (20, "mg"),
        2,
        reason="Tremor",
        who="castellano",
    )
    for at, key in ((330, "aecopd1"), (45, "aecopd2")):
        c.med(
            "prednisone",
            at,
            "Prednisone 40 mg",
            "Take 40 mg daily for 5 days",
            (40, "mg"),
            of=key,
            status="completed",
        )
        c.med(
            "azithromycin",
            at,
            "Azithromycin 250 mg tablet (Z-Pak)",
            "500 mg on day 1, then 250 mg daily for 4 days",
            (250, "mg"),
            of=key,
            status="completed",
        )
    c.med("amlodipine", 2000, "Amlodipine 5 mg tablet", "Take 1 tablet daily", (5, "mg"), of="htn")
    c.shots("33", 1400)
    c.shots("150", 620)
    c.order("rehab", 200, "Pulmonary rehabilitation", "revoked", of="copd")
    c.claim(200, ("99214", 168.0), ("99406", 18.0), dx=["copd", "tobacco"])
    c.note(
        "progress",
        45,
        """
        HISTORY OF PRESENT ILLNESS:
        69M, COPD GOLD 3, smokes 1 ppd (50 pack-years). 4 days of worse SOB and green sputum. Denies fever, hemoptysis,
        chest pain or leg swelling. Second flare this year.

        OBJECTIVE:
        SpO2 89% RA, RR 26, HR 88, BP 148/86, weight 64.3 kg. Diffuse wheeze, prolonged expiration. WBC 11.8.
        CXR: no pneumonia.

        ASSESSMENT AND PLAN:
        AECOPD. Prednisone 40 mg x 5 days, Z-Pak (rash with doxycycline). Refused ER. Recheck in 48 h by phone.""",
    )
    c.note(
        "progress",
        30,
        """
        INTERVAL HISTORY:
        Flare settled. Back to walking to the corner. Still smoking 1 ppd; tried patches twice, wary of Chantix. Has lost
        over 5 kg in two years without trying: 69.4 to 64.1 kg. Appetite fair. Denies hemoptysis.

        OBJECTIVE:
        SpO2 92% RA, BP 132/78, weight 64.1 kg. Distant breath sounds, no wheeze. No clubbing, no nodes.

        ASSESSMENT AND PLAN:
        1. COPD: Spiriva and Breo. Two exacerbations in a year.
        2. Weight loss in a 50 pack-year smoker: CXR without mass is not enough. Discuss chest CT; never had LDCT.
        3. Tobacco: varenicline discussed again, ready in a month.
        4. Tremor of both hands: neurology opinion. Flu shot due.""",
    )


def hien(c: Chart) -> None:
    c.no_allergies(900)
    c.cond(
        "cap",
        13,
        "Community-acquired pneumonia, right lower lobe",
        "J18.9",
        "233604007",
        site="Right lower lobe",
    )
    c.cond("htn", 1500, "Essential hypertension", "I10", "59621000")
    c.cond("nodule", 11, "Pulmonary nodule, left upper lobe, 8 mm", "R91.1", site="Left upper lobe")
    c.smoking(900, "former", 12)
    c.height = 168
    c.enc(500, "visit", "Blood pressure check", dx="htn")
    c.vitals(500, (138, 86), hr=76, wt=66.0, ht=168)
    c.panel("bmp", 500, na=140, k=4.2, cr=0.9, bun=14, glucose=96)
    c.panel("lipids", 500, chol=188, ldl=112, hdl=48, tg=140)
    c.enc(12, "ed", "Fever and cough", who="nwosu", dx="cap")
    c.enc(11, "admit", "Pneumonia", who="whitaker", dx=["cap", "nodule"], until=8, went="Home")
    for at, temp, hr, rr, sat in (
        (12, 39.2, 118, 28, 89),
        (11, 38.6, 104, 24, 93),
        (10, 37.8, 92, 20, 95),
        (8, 36.9, 80, 16, 97),
    ):
        c.vitals(at, (112 + (12 - at) * 4, 70), hr=hr, rr=rr, temp=temp, spo2=sat)
    for at, wbc, crp in ((12, 18.4, 212), (10, 13.1, 128), (8, 9.6, 54)):
        c.panel("cbc", at, wbc=wbc, hb=13.8, mcv=89, plt=288)
        c.lab("crp", at, crp)
    c.panel("bmp", 12, na=132, k=3.6, co2=21, bun=24, cr=1.2, glucose=134)
    c.panel("bmp", 8, na=138, k=4.1, co2=25, bun=13, cr=0.9, glucose=101)
    c.trend("lactate", (12, 2.6), (11, 1.3))
    c.study("cxr", 12, "Right lower lobe consolidation with a small parapneumonic effusion.")
    c.study(
        "ct_chest",
        11,
        "No pulmonary embolism. RLL consolidation. 8 mm solid nodule in the left upper lobe.",
        """
        CT PULMONARY ANGIOGRAM:
        No filling defect in the main, lobar or segmental arteries. Dense consolidation in the right lower lobe with a
        small effusion. Incidental 8 mm solid nodule, left upper lobe, smooth margin. No enlarged nodes.

        IMPRESSION:
        No evidence of PE. Right lower lobe pneumonia. Left upper lobe nodule 8 mm: repeat CT in 6-12 weeks once the
        infection has cleared.""",
    )
    c.study("blood_culture", 12, "No growth after 5 days, two sets.")
    c.study("afb", 9, None, status="registered")
    c.med(
        "ceftriaxone",
        12,
        "Ceftriaxone 1 g IV",
        "1 g intravenously every 24 hours",
        (1, "g"),
        of="cap",
        status="completed",
    )
    c.med(
        "azithromycin",
        12,
        "Azithromycin 500 mg IV then by mouth",
        "500 mg daily for 3 days",
        (500, "mg"),
        of="cap",
        status="completed",
    )
    c.med(
        "amoxicillin",
        8,
        "Amoxicillin 1 g tablet",
        "1 g by mouth three times daily for 5 days",
        (1, "g"),
        3,
        of="cap",
        status="completed",
    )
    c.med("losartan", 500, "Losartan 50 mg tablet", "Take 1 tablet daily", (50, "mg"), of="htn")
    c.order("ct", 8, "CT chest for the left upper lobe nodule", of="nodule", due=60)
    c.order("afb", 9, "Sputum acid-fast smear and culture x3", of="cap")
    c.appointment(3, "Post-discharge visit", "okafor")
    c.claim(500, ("99213", 118.0), dx="htn")
    c.note(
        "ed",
        12,
        """
        HISTORY OF PRESENT ILLNESS:
        53M (Vietnamese interpreter) w/ HTN, 4 days of fever, productive cough, right pleuritic pain. Denies hemoptysis,
        night sweats or weight loss. Ex-smoker. Arrived from Vietnam 20 years ago, visited family last year.

        OBJECTIVE:
        T 39.2, HR 118, RR 28, SpO2 89% RA. Bronchial breathing right base. WBC 18.4, lactate 2.6 mmol/L, creatinine
        1.2 mg/dL. CXR: RLL consolidation.

        ASSESSMENT AND PLAN:
        CAP with hypoxia. Ceftriaxone and azithromycin, 2 L oxygen, cultures. CTPA for pleuritic pain. Admit.""",
    )
    c.note(
        "discharge",
        8,
        f"""
        ADMITTED: {c.d(11)}  DISCHARGED: {c.d(8)}

        PRINCIPAL DIAGNOSIS:
        Community-acquired pneumonia, right lower lobe.

        HOSPITAL COURSE:
        Treated with ceftriaxone and azithromycin; off oxygen by day 3. CT angiogram: no evidence of PE; incidental 8 mm
        nodule in the LEFT upper lobe. Sputum smears for acid-fast bacilli negative x2,
        culture sent. WBC 18.4 to 9.6, CRP 212 to 54 mg/L. Blood cultures negative.

        PENDING AT DISCHARGE:
        - Acid-fast sputum culture (up to 6 weeks). PCP to follow. Lab phone on the requisition.

        DISCHARGE MEDICATIONS:
        - Amoxicillin 1 g TID for 5 more days
        - Losartan 50 mg daily, unchanged

        FOLLOW UP:
        1. PCP within 2 weeks.
        2. CT chest in 6-12 weeks for the nodule: not yet booked.
        3. Pneumococcal and flu vaccines once recovered.""",
        who="whitaker",
        fmt="pdf",
    )


STORIES: list[Story] = [(FRANK, frank), (HIEN, hien)]
