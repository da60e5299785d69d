"""Epilepsy, migraine with aura, and a stroke with an earlier TIA."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

KWAME = Person(
    "kwame-mensah",
    "Kwame",
    "Mensah",
    "male",
    28,
    130,
    "Focal epilepsy on levetiracetam, recent breakthrough seizure",
    marital="S",
    race="black",
    clinician="castellano",
)
SOPHIE = Person(
    "sophie-laurent",
    "Sophie",
    "Laurent",
    "female",
    36,
    40,
    "Migraine with aura, and a combined contraceptive pill that should be reconsidered",
    clinician="patel",
)
GEORGE = Person(
    "george-papadopoulos",
    "George",
    "Papadopoulos",
    "male",
    72,
    250,
    "Left hemisphere stroke after an unreported TIA; right-sided weakness",
    clinician="okafor",
)


def kwame(c: Chart) -> None:
    c.allergy("lamotrigine", 1300, "Lamotrigine", "Widespread rash", "severe", criticality="high", rx="28439")
    c.cond("epilepsy", 1500, "Focal epilepsy", "G40.209", "84757009")
    c.cond("irritable", 700, "Irritability on levetiracetam", ended=560)
    c.smoking(700, "never")
    c.height = 179
    c.study("mri_brain", 1490, "Right mesial temporal sclerosis. No mass, no hemorrhage.")
    c.study("eeg", 1480, "Right temporal sharp waves. No seizure recorded.")
    for at, kg, level in ((700, 76.0, 21), (520, 76.8, 24), (330, 77.1, 22), (150, 77.9, 23), (12, 78.4, 6)):
        c.enc(at, "visit", "Epilepsy clinic", dx="epilepsy")
        c.vitals(at, (122 + at % 6, 76), hr=66, wt=kg, **({"ht": 179} if at == 700 else {}))
        c.lab("lev", at, level)
        c.panel("bmp", at, na=140, k=4.2, cr=0.9, bun=13, glucose=90)
    c.med(
        "lamotrigine",
        1330,
        "Lamotrigine 25 mg tablet",
        "Titration pack",
        (25, "mg"),
        of="epilepsy",
        stopped="Rash",
    )
    c.med(
        "levetiracetam",
        1290,
        "Levetiracetam 1,000 mg tablet (Keppra)",
        "Take 1 tablet twice daily",
        (1000, "mg"),
        2,
        of="epilepsy",
        repeats=5,
    )
    c.med(
        "midazolam",
        520,
        "Midazolam 5 mg nasal spray",
        "One spray for a seizure longer than 5 minutes",
        (5, "mg"),
        of="epilepsy",
        prn=True,
    )
    c.otc("diphenhydramine", 20, "Diphenhydramine 50 mg", "At night, for sleep")
    c.shots("115", 1600)
    c.shots("140", 250)
    c.order("vepu", 12, "Video-EEG monitoring", of="epilepsy", due=60)
    c.claim(150, ("99214", 168.0), dx="epilepsy")
    c.note(
        "consult",
        12,
        """
        HISTORY OF PRESENT ILLNESS:
        28M focal epilepsy, seizure-free 14 months, had a bilateral tonic-clonic seizure at home 3 days ago, 2 min, bit
        the left side of his tongue. Working nights, slept 4 h, missed "a few" Keppra doses. Takes Benadryl to sleep.
        Denies alcohol, drugs, fever, head injury. No status ever. Lamotrigine rash in the past.

        OBJECTIVE:
        Neuro exam normal. Levetiracetam level 6 mcg/mL (usually 21-24). Weight 78.4 kg.

        ASSESSMENT AND PLAN:
        1. Breakthrough seizure: missed doses and sleep loss. Same dose, phone reminders. Stop diphenhydramine.
        2. No driving for 6 months; told in writing. No ladders, no swimming alone.
        3. R mesial temporal sclerosis: surgical work-up discussed, video-EEG ordered.""",
    )
    c.note(
        "phone",
        150,
        """
        Asks about a letter for his employer: no night shifts. Letter written. No seizures. Mood fine.""",
    )


def sophie(c: Chart) -> None:
    c.cond("migraine", 3000, "Migraine with aura", "G43.109", "37796009")
    c.family("MTH", ("Migraine", 20), ("Deep vein thrombosis", 41))
    c.smoking(400, "current", 7)
    c.height = 166
    for at, bp, kg in (
        (700, (124, 78), 63.0),
        (400, (128, 80), 63.8),
        (210, (130, 84), 64.2),
        (35, (134, 86), 64.9),
    ):
        c.enc(at, "visit", "Headache review", dx="migraine")
        c.vitals(at, bp, hr=74, wt=kg, **({"ht": 166} if at == 700 else {}))
        c.panel("cbc", at, wbc=6.3, hb=13.2, mcv=89, plt=260)
    c.study("mri_brain", 690, "Normal. No evidence of infarct, mass or bleed.")
    c.med(
        "sumatriptan",
        700,
        "Sumatriptan 50 mg tablet (Imitrex)",
        "1 tablet at onset, may repeat once after 2 hours",
        (50, "mg"),
        of="migraine",
        prn=True,
    )
    c.med(
        "topiramate",
        400,
        "Topiramate 50 mg tablet",
        "Take 1 tablet twice daily",
        (50, "mg"),
        2,
        of="migraine",
        stopped="Word-finding trouble",
    )
    c.med(
        "propranolol", 210, "Propranolol LA 80 mg capsule", "Take 1 capsule daily", (80, "mg"), of="migraine"
    )
    c.med(
        "ethinyl estradiol-levonorgestrel",
        400,
        "Ethinyl estradiol 30 mcg/levonorgestrel 0.15 mg tablet",
        "Take 1 tablet daily",
        (1, "tablet"),
        reason="Contraception",
    )
    c.otc("aspirin", 300, "Excedrin (acetaminophen, aspirin, caffeine)", "2 tablets, about 12 days a month")
    c.proc("pap", 1900, "Cervical screening, cytology")
    c.claim(210, ("99213", 118.0), dx="migraine")
    c.note(
        "progress",
        35,
        """
        SUBJECTIVE:
        36F, migraine with visual aura (zigzag lines, 20 min, then left-sided throbbing), 6 a month, Imitrex works.
        Excedrin 12 days a month. Smokes 7 cigarettes a day. Takes a combined pill from an online service. Mother had
        DVT at 41. Denies weakness, speech loss, thunderclap headache. Denies pregnancy.

        OBJECTIVE:
        BP 134/86, HR 74, weight 64.9 kg. Fundi normal, neuro exam normal.

        ASSESSMENT AND PLAN:
        1. Migraine with aura on propranolol LA 80 mg, partial response.
        2. Medication overuse likely: limit Excedrin to 2 days a week.
        3. Allergy history not taken today, to ask next time.
        4. Contraception to be discussed at a separate visit. Pap smear overdue.""",
    )


def george(c: Chart) -> None:
    c.no_allergies(1500)
    c.cond("tia", 430, "Transient ischemic attack", "G45.9", "266257000", ended=429)
    c.cond("stroke", 400, "Ischemic stroke, left middle cerebral artery", "I63.512", "230690007", ended=370)
    c.cond("hemi", 400, "Right hemiparesis following stroke", "I69.351", site="Right side, dominant")
    c.cond(
        "carotid", 399, "Left internal carotid artery stenosis", "I65.22", site="Left internal carotid artery"
    )
    c.cond("htn", 5000, "Essential hypertension", "I10", "59621000")
    c.cond("lipids", 3000, "Hyperlipidemia", "E78.5", "55822004")
    c.smoking(900, "former", 35)
    c.height = 171
    c.enc(400, "ed", "Sudden right weakness", who="nwosu", dx="stroke")
    c.enc(
        399,
        "admit",
        "Stroke",
        who="castellano",
        dx=["stroke", "carotid"],
        until=393,
        went="Inpatient rehabilitation",
    )
    c.vitals(400, (186, 98), hr=84, rr=18, temp=36.6, spo2=96, wt=82.0, ht=171)
    c.lab("glucose", 400, 132)
    c.study("ct_head", 400, "No hemorrhage. Early loss of grey-white differentiation in the left insula.")
    c.study("mri_brain", 399, "Acute infarct, left insula and frontal operculum. No hemorrhagic change.")
    c.study("carotid", 398, "Left internal carotid stenosis 70-79 %. Right under 50 %.")
    c.proc("cea", 380, "Left carotid endarterectomy", site="Left carotid artery", of="carotid")
    for at, bp, ldl in (
        (340, (138, 80), 74),
        (220, (134, 78), 66),
        (100, (130, 76), 62),
        (22, (128, 74), 64),
    ):
        c.enc(at, "visit", "After stroke", dx=["hemi", "htn"])
        c.vitals(at, bp, hr=70, wt=80.0 - at % 3, spo2=97)
        c.panel("lipids", at, chol=ldl + 44 + 24, ldl=ldl, hdl=44, tg=120)
        c.panel("bmp", at, na=140, k=4.4, cr=1.0, bun=17, glucose=98)
    c.med(
        "clopidogrel",
        393,
        "Clopidogrel 75 mg tablet (Plavix)",
        "Take 1 tablet daily",
        (75, "mg"),
        of="stroke",
    )
    c.med(
        "aspirin",
        399,
        "Aspirin 81 mg tablet",
        "Take 1 tablet daily for 21 days",
        (81, "mg"),
        of="stroke",
        status="completed",
    )
    c.med("atorvastatin", 399, "Atorvastatin 80 mg tablet", "Take 1 tablet daily", (80, "mg"), of="lipids")
    c.med("losartan", 393, "Losartan 50 mg tablet", "Take 1 tablet daily", (50, "mg"), of="htn")
    c.otc("omeprazole", 60, "Omeprazole 20 mg, OTC", "Daily for heartburn")
    c.shots("135", 250)
    c.order("rehab", 340, "Outpatient physical and speech therapy", "completed", of="hemi")
    c.claim(100, ("99214", 168.0), dx=["hemi", "htn"])
    c.note(
        "ed",
        400,
        f"""
        HISTORY OF PRESENT ILLNESS:
        71M R-handed, last known well 5 h ago, found with right arm weakness and slurred, halting speech. Wife: 10
        minutes of right hand numbness on {c.d(430)}, told no one. PMH HTN, HLD, ex-smoker. Not on anticoagulants.

        OBJECTIVE:
        BP 186/98, HR 84, glucose 132. NIHSS 8: right face and arm drift, expressive aphasia. CT: no hemorrhage.

        ASSESSMENT AND PLAN:
        L MCA ischemic stroke, outside the thrombolysis window. No large vessel occlusion on CTA. Aspirin and
        clopidogrel load. Admit neurology.""",
    )
    c.note(
        "discharge",
        393,
        """
        HOSPITAL COURSE:
        MRI: acute left insular and frontal infarct. Carotid duplex: left ICA 70-79 %, symptomatic; right under 50 %.
        Telemetry: no AF. DAPT 21 days, then clopidogrel alone. Left carotid endarterectomy planned within 2 weeks.
        Residual right arm 4/5, mild expressive aphasia. Passed swallow. To inpatient rehab.""",
        who="castellano",
    )
    c.note(
        "progress",
        22,
        """
        INTERVAL HISTORY:
        Walks with a cane, right hand clumsy, speech nearly normal. Denies new weakness, amaurosis, bleeding. Uses OTC
        omeprazole daily with Plavix.

        OBJECTIVE:
        BP 128/74, LDL 64 mg/dL. Right grip 4+/5. Left neck scar healed, no bruit.

        ASSESSMENT AND PLAN:
        1. s/p L MCA stroke and L CEA. Clopidogrel 75 mg, atorvastatin 80 mg.
        2. Omeprazole lowers clopidogrel activation: change to pantoprazole or famotidine.
        3. Mood screen next visit.""",
        fmt="html",
    )


STORIES: list[Story] = [(KWAME, kwame), (SOPHIE, sophie), (GEORGE, george)]
