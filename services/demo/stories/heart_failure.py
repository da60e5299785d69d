"""Heart failure titrated over a year, from the first admission to a setback."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

JAMES = Person(
    "james-whitfield",
    "James Tobias",
    "Whitfield",
    "male",
    67,
    33,
    "Heart failure with reduced ejection fraction: admission, echo reports, drug titration",
    race="black",
    clinician="okafor",
)


def james(c: Chart) -> None:
    c.allergy(
        "lisinopril",
        395,
        "Lisinopril",
        "Persistent dry cough",
        "mild",
        rx="29046",
        kind="intolerance",
        criticality="low",
    )
    c.cond(
        "hf",
        410,
        "Heart failure with reduced ejection fraction",
        "I50.22",
        "703272007",
        note="Nonischaemic; no obstructive coronary disease on angiogram",
    )
    c.cond("htn", 5400, "Hypertension", "I11.0", "38341003")
    c.cond("gout", 2000, "Gout", "M10.9", "90560007")
    c.cond("edema", 410, "Acute pulmonary edema", ended=404)
    c.family("FTH", ("Dilated cardiomyopathy", 49), died=55)
    c.family("BRO", ("Hypertension", 45))
    c.smoking(2000, "former", 15)
    c.enc(410, "ed", "Shortness of breath", who="nwosu", dx=["edema", "hf"])
    c.enc(
        409,
        "admit",
        "Acute decompensated heart failure",
        who="whitaker",
        dx=["hf", "edema"],
        until=404,
        went="Home",
    )
    c.height = 178
    c.vitals(410, (168, 98), hr=112, rr=28, temp=36.8, spo2=88, wt=103.6, ht=178)
    c.panel("bmp", 410, na=134, k=4.4, co2=24, bun=26, cr=1.3, glucose=118)
    c.trend(
        "bnp", (410, 1840), (404, 720), (390, 610), (330, 480), (250, 350), (150, 260), (60, 190), (15, 410)
    )
    c.trend("trop", (410, 0.03))
    c.study("cxr", 410, "Pulmonary edema with small bilateral pleural effusions. No focal consolidation.")
    c.study("ecg", 410, "Sinus tachycardia 112/min, left bundle branch block. No acute ischemic change.")
    c.study(
        "echo",
        408,
        "LVEF 25 %. Dilated left ventricle, global hypokinesis, moderate functional MR.",
        """
        TRANSTHORACIC ECHOCARDIOGRAM:
        LV dilated, LVIDd 6.6 cm. Global hypokinesis. LVEF 25 % by biplane Simpson. Moderate functional mitral
        regurgitation. LA severely enlarged. RV mildly reduced. Estimated PASP 52 mmHg. No LV thrombus. No
        pericardial effusion.

        CONCLUSION:
        Severe LV systolic dysfunction, LVEF 25 %.""",
    )
    c.score("lvef", 408, 25)
    c.study("cath", 406, "No obstructive coronary artery disease. LVEDP 26 mmHg.")
    c.proc("cath", 406, "Coronary angiography, right radial approach", who="lindqvist", of="hf")
    c.vitals(404, (118, 72), hr=82, spo2=96, wt=96.2)
    c.panel("bmp", 404, na=137, k=4.1, co2=27, bun=24, cr=1.4)
    visits = [
        (390, (116, 70), 80, 96.0, 4.3, 1.4), (330, (122, 74), 74, 95.4, 4.5, 1.3), (250, (112, 68), 68, 94.1, 4.8, 1.3),
        (150, (108, 66), 64, 93.5, 4.9, 1.4), (60, (110, 66), 62, 93.0, 5.0, 1.4), (15, (106, 64), 66, 96.3, 4.7, 1.6),
    ]  # fmt: skip
    for at, bp, hr, kg, potassium, cr in visits:
        c.enc(at, "visit", "Heart failure clinic", who="lindqvist", dx="hf")
        c.vitals(at, bp, hr=hr, spo2=97 if at != 15 else 94, wt=kg)
        c.panel("bmp", at, na=138, k=potassium, co2=26, bun=22, cr=cr)
    for at, kg in ((28, 93.2), (24, 93.9), (21, 94.6), (18, 95.5)):
        c.vitals(at, wt=kg)
    c.study(
        "echo",
        145,
        "LVEF 35 %, improved from 25 %. Mild functional MR.",
        """
        TRANSTHORACIC ECHOCARDIOGRAM:
        LVIDd 6.0 cm. LVEF 35 % by biplane Simpson (25 % on the previous study). Mild mitral regurgitation. RV
        function normal. No thrombus, no effusion.

        CONCLUSION:
        Moderate LV systolic dysfunction, improved.""",
    )
    c.score("lvef", 145, 35)
    c.med(
        "furosemide",
        404,
        "Furosemide 40 mg tablet",
        "Take 1 tablet by mouth twice daily",
        (40, "mg"),
        2,
        of="hf",
        stopped="Weight stable, dose reduced",
    )
    c.med(
        "furosemide",
        250,
        "Furosemide 40 mg tablet",
        "Take 1 tablet by mouth every morning",
        (40, "mg"),
        of="hf",
        stopped="Weight gain, dose increased",
    )
    c.med(
        "furosemide",
        15,
        "Furosemide 40 mg tablet",
        "Take 1 tablet by mouth twice daily",
        (40, "mg"),
        2,
        of="hf",
    )
    c.med(
        "lisinopril",
        404,
        "Lisinopril 5 mg tablet",
        "Take 1 tablet by mouth daily",
        (5, "mg"),
        of="hf",
        stopped="Cough; changed to sacubitril-valsartan after a 36-hour washout",
    )
    for at, mg, end in ((404, 3.125, "Titrated up"), (330, 12.5, "Titrated up"), (150, 25, None)):
        text = f"Carvedilol {mg} mg tablet (Coreg)"
        c.med(
            "carvedilol", at, text, "Take 1 tablet by mouth twice daily", (mg, "mg"), 2, of="hf", stopped=end
        )
    for at, strength, end in (
        (390, "24/26 mg", "Titrated up"),
        (250, "49/51 mg", "Titrated up"),
        (150, "97/103 mg", None),
    ):
        c.med(
            "sacubitril-valsartan",
            at,
            f"Sacubitril-valsartan {strength} tablet (Entresto)",
            "Take 1 tablet by mouth twice daily",
            (1, "tablet"),
            2,
            of="hf",
            stopped=end,
        )
    c.med(
        "spironolactone",
        330,
        "Spironolactone 25 mg tablet",
        "Take 1 tablet by mouth daily",
        (25, "mg"),
        of="hf",
    )
    c.med(
        "empagliflozin",
        250,
        "Empagliflozin 10 mg tablet",
        "Take 1 tablet by mouth every morning",
        (10, "mg"),
        of="hf",
    )
    c.otc(
        "ibuprofen",
        22,
        "Ibuprofen 200 mg tablets, OTC",
        "2 tablets up to 3 times a day for gout pain in the foot",
    )
    c.shots("135", 270)
    c.shots("216", 404)
    c.plan(
        "hf",
        404,
        "Heart failure self-care",
        "Weigh every morning; call for a gain over 1.5 kg in 2 days",
        "Sodium under 2 g a day",
        "No NSAIDs",
        of="hf",
        goal="Dry weight 93 kg, NYHA class II or better",
    )
    c.order(
        "icd", 150, "Device clinic: assess for ICD/CRT if LVEF stays at or below 35 %", "on-hold", of="hf"
    )
    c.order("bmp", 15, "Basic metabolic panel in one week", of="hf", due=3)
    c.claim(60, ("99214", 168.0), ("93000", 35.0), dx="hf")
    c.appointment(4, "Heart failure nurse: weight, BP, labs", "patel")
    c.note(
        "ed",
        410,
        """
        CHIEF COMPLAINT:
        "Can't breathe lying down."

        HISTORY OF PRESENT ILLNESS:
        65M w/ long-standing HTN, 3 weeks of progressive DOE, orthopnea (4 pillows), PND x5 nights, leg swelling.
        Denies chest pain, palpitations, fever or cough productive of sputum. Father died at 55 of "enlarged heart".

        OBJECTIVE:
        BP 168/98, HR 112, RR 28, SpO2 88% RA, weight 103.6 kg. JVP to the jaw, crackles to mid zones, 3+ edema to
        the knees. BNP 1840 pg/mL, troponin 0.03, creatinine 1.3 mg/dL, K 4.4.

        ASSESSMENT AND PLAN:
        Acute decompensated HF, hypertensive, new. IV furosemide 80 mg, nitrate, BiPAP. No evidence of ACS or PE.
        Admit to telemetry, TTE in the morning.""",
    )
    c.note(
        "discharge",
        404,
        f"""
        ADMITTED: {c.d(409)}  DISCHARGED: {c.d(404)}

        PRINCIPAL DIAGNOSIS:
        New heart failure with reduced ejection fraction, nonischaemic cardiomyopathy.

        HOSPITAL COURSE:
        Diuresed 7.4 kg on IV furosemide, 103.6 kg to 96.2 kg. TTE {c.d(408)}: LVEF 25 %, moderate functional MR, no
        thrombus. Coronary angiogram {c.d(406)} via the right radial: no obstructive CAD. BNP fell from 1840 to
        720 pg/mL. Creatinine 1.4 mg/dL and K 4.1 at discharge.

        DISCHARGE MEDICATIONS:
        - Furosemide 40 mg BID (new)
        - Lisinopril 5 mg daily (new)
        - Carvedilol 3.125 mg BID (new)
        - Stopped: ibuprofen, which he took for gout. Avoid all NSAIDs.

        FOLLOW UP:
        HF clinic in 2 weeks. Plan ARNI, MRA and SGLT2 inhibitor as BP allows. Consider genetic testing given father.
        """,
        who="whitaker",
    )
    c.note(
        "progress",
        390,
        """
        HF CLINIC:
        2 weeks post discharge. NYHA III. Nagging dry cough since lisinopril, no wheeze. No orthopnea. Weight at home
        96 kg, clinic 96.0 kg. BP 116/70, HR 80. K 4.3, creatinine 1.4 mg/dL, BNP 610 pg/mL.

        ASSESSMENT AND PLAN:
        HFrEF, euvolemic. ACE-i cough: stop lisinopril, wait 36 h, then Entresto 24/26 mg BID. Never together with an
        ACE inhibitor. Carvedilol up at the next visit. Add spironolactone when K rechecked.""",
    )
    c.note(
        "progress",
        15,
        f"""
        INTERVAL HISTORY:
        Had been doing very well (NYHA II, 93.0 kg on {c.d(60)}). Gout flare in the left great toe 3 weeks ago, bought
        Advil and took 2 tabs TID most days. Weight up about 3 kg since. New ankle swelling, sleeps on 2 pillows again.
        Denies chest pain, syncope, palpitations.

        OBJECTIVE:
        BP 106/64, HR 66, SpO2 94% RA, weight 96.3 kg. JVP 10 cm, bibasal crackles, 1+ edema both ankles. BNP 410 pg/mL
        (190 six weeks earlier), creatinine 1.6 mg/dL (1.4), K 4.7.

        ASSESSMENT AND PLAN:
        1. HFrEF (last LVEF 35 %), mild decompensation precipitated by NSAID. Stop ibuprofen. Furosemide to 40 mg BID.
        2. Kidney function down: NSAID plus ARNI plus MRA. BMP in 1 week, hold spironolactone if K > 5.5.
        3. Gout: colchicine caution with eGFR; prednisone 20 mg x 5 days only if it flares again.
        4. ICD question reopened once a repeat echo is done.""",
    )
    c.note(
        "consult",
        150,
        """
        CARDIOLOGY CLINIC LETTER:
        Mr Whitfield walks two miles a day and is NYHA class II. BP 108/66, HR 64, weight 93.5 kg, no edema.
        K 4.9, creatinine 1.4 mg/dL. Entresto raised to 97/103 mg BID and carvedilol to 25 mg BID today. Repeat echo
        this week; if the ejection fraction stays at or below 35 % after three months on full doses we should refer for
        a primary prevention ICD. He has an LBBB, so CRT is worth asking about.""",
        fmt="html",
    )


STORIES: list[Story] = [(JAMES, james)]
