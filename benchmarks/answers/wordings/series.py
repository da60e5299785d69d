"""Other wordings: courses, changes and comparisons."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "series.maria-alvarez.1": (
        "How has her HbA1c been doing over the last 24 months?", "trajectory of the A1c, past two years",
        "What has happened to her glycated haemoglobin over the past 2 years?",
        "plot A1c for the last two years",
    ),
    "series.maria-alvarez.2": (
        "A1c trajectory over the last 12 months",
        "Any improvement in her HbA1c over the past year? Show me the course.",
        "How has the glycated hemoglobin developed in the past twelve months?",
        "How's her a1c been doing this past year?",
    ),
    "series.maria-alvarez.3": (
        "plot her LDL", "How has LDL cholesterol changed through the years?", "course of the LDL",
        "progression of LDL-C over time",
    ),
    "series.maria-alvarez.4": (
        "eGFR trajectroy from 2022 on", "What has happened to her eGFR since 2022?",
        "progression of the estimated GFR since 2022", "Since 2022, how has eGFR evolved?",
    ),
    "series.maria-alvarez.5": (
        "How has her sodium been doing?", "Na over time", "sodium trajectory", "graph the serum soduim",
    ),
    "series.dorothy-freeman.1": (
        "What has happened to her eGFR over time?", "trajectory of GFR", "How's the eGFR been doing?",
        "progression of estimated GFR",
    ),
    "series.dorothy-freeman.2": (
        "What has creatinine done since 2024?", "trajectory of creat from 2024 onwards",
        "Plot the serum creatinine since 2024.", "How has her creatinine evolved from 2024 up to now?",
    ),
    "series.dorothy-freeman.3": (
        "How has her urine ACR developed over time?",
        "albumin/creatinine ratio: rising or falling over time?", "trajectory of albuminuria (ACR)",
        "progression of UACR",
    ),
    "series.dorothy-freeman.4": (
        "haemoglobin trajectory since darbepoietin was commenced",
        "What has her Hb done since she went on darbepoetin?",
        "course of Hgb from the start of darbepoetin onwards",
        "Since darbepoetin was initiated, how has the hemoglobin been doing?",
    ),
    "series.james-whitfield.1": (
        "How has BNP developed since he was discharged?", "trajectory of the BNP after discharge",
        "What has happened to his natriuretic peptide since he left hospital?",
        "plot BNP from discharge until now",
    ),
    "series.james-whitfield.2": (
        "How has his weight been doing this month?", "body weight trajectory, June 2026",
        "What has happened to his weight so far this month?", "course of weight during June 2026",
    ),
    "series.james-whitfield.3": (
        "How has the EF evolved?", "LVEF ovre time", "Any improvement in his ejection fraction over time?",
        "trajectory of left ventricular ejection fraction",
    ),
    "series.james-whitfield.4": (
        "K trend between discharge and May 2026",
        "How did his potassium develop from discharge up to May 2026?",
        "course of K+ from hospital discharge until the end of May 2026",
        "potasium trajectory, discharge to May 2026",
    ),
    "series.hien-nguyen.1": (
        "How did the CRP develop during the hospital stay?", "C-reactive protein course while admitted",
        "What happened to CRP while he was an inpatient?", "CRP trajectory during the admission",
    ),
    "series.hien-nguyen.2": (
        "How has the white count developed?", "leucocites over time",
        "trajectory of the white blood cell count", "plot WBC",
    ),
    "series.ingrid-sorensen.1": (
        "TSH from Aug 2022 up to July 2024: how did it go?",
        "How did TSH develop between August 2022 and July 2024?", "plot the TSH, 08/2022 through 07/2024",
        "trajectory of thyrotropin from August 2022 until July 2024",
    ),
    "series.tyrone-jackson.1": (
        "How has his CD4 count developed over the years?", "CD4 trajectory",
        "What has happened to the CD4 over time?", "plot CD4 counts since the beginning",
    ),
    "series.tyrone-jackson.2": (
        "How has his weight changed over time?", "trajectory of body weight",
        "What has his weight been doing?", "plot wt",
    ),
    "series.frank-delaney.1": (
        "How has his weight developed over time?", "weight trajectory - is he getting thinner?",
        "course of his body weight", "Show me how his weight has been going down or up.",
    ),
    "series.frank-delaney.2": (
        "oxigen saturation trajectory, past year", "How has his SpO2 been doing over the last 12 months?",
        "O2 sat trend over the past year", "What has happened to his oxygen saturation in the last year?",
    ),
    "series.denise-carter.1": (
        "How has her SpO2 developed?", "sats over time", "oxygen saturation trajectory",
        "Plot the O2 saturation for me.",
    ),
    "series.george-papadopoulos.1": (
        "How has systolic pressure developed since his stroke?", "SBP trajectory post stroke",
        "What has happened to the systolic BP since the stroke?",
        "course of systolic blood pressure from the stroke up to now",
    ),
    "series.ruth-goldberg.1": (
        "How has the T-score of the spine developed?", "progression of the lumbar spine T-score",
        "What has happened to the spine T-score over time?", "trajectory of spinal T score",
    ),
    "series.linda-kaminski.1": (
        "How has her systolic pressure been doing?", "SBP over time",
        "course of the systolc blood pressure",
        "What has happened to her upper blood pressure reading over time? Systolic I mean.",
    ),
    "series.mateo-garcia.1": (
        "How has his height developed since 2024?", "height trajectory from 2024 onwards",
        "plot body height since 2024", "How has he grown in height from 2024 up to now?",
    ),
    "series.dorothy-freeman.5": (
        "By how much has the eGFR changed since 2024?", "difference in eGFR relative to 2024",
        "How many points of GFR has she lost since 2024?", "drop in estimated GFR since 2024",
    ),
    "series.maria-alvarez.6": (
        "By how much has her weight gone down since July 2022?", "weight loss since July 2022",
        "How many kilos is she down from July 2022?", "difference between her weight in July 2022 and now",
    ),
    "series.james-whitfield.5": (
        "How much weight has he put on since 1 May 2026?", "kilos gained since May 1, 2026",
        "By how many kg has his weight gone up from 1 May 2026 until now?", "wt increase since 05/01/2026",
    ),
    "series.frank-delaney.3": (
        "wieght loss since July 2024 in kg", "By how much has his weight fallen since July 2024?",
        "How much lighter has he become since July 2024?", "kilograms lost from July 2024 up to now",
    ),
    "series.george-papadopoulos.2": (
        "By how much has LDL changed since July 2025?", "LDL drop since July 2025",
        "How much lower is his LDL reative to July 2025?",
        "difference between the July 2025 LDL and the current one",
    ),
    "series.denise-carter.2": (
        "How much has her weight changed over the last 24 months?", "kilos gained in the past two years",
        "By how much has her weight gone up over the last two years?", "change in body weight, past 2 y",
    ),
    "series.maria-alvarez.7": (
        "LDL now relative to September 2024",
        "How does the current LDL compare with the one from Sept 2024?",
        "Put the latest LDL next to that of September 2024.", "LDL: Sept 2024 versus latest",
    ),
    "series.george-papadopoulos.3": (
        "LDL today versus 12 months ago", "How does his LDL compare to a year ago?",
        "LDL relative to a year back", "Set the present LDL against that of one year ago.",
    ),
    "series.maria-alvarez.8": (
        "HbA1c before and after glargin was commenced",
        "How did the A1c compare prior to and following initiation of glargine?",
        "A1c pre vs post Lantus start",
        "How do the A1c values before and after she was put on insulin glargine compare?",
    ),
    "series.maria-alvarez.9": (
        "A1c at diagnosis (July 2022) relative to now",
        "How does her present HbA1c compare with the one at diagnosis in July 2022?",
        "glycated hemoglobin: July 2022 at diagnosis vs latest",
        "Compare today's A1c to that at her diagnosis in July 2022.",
    ),
    "series.dorothy-freeman.6": (
        "creatinine at the last visit versus the one before",
        "How does creatinine compare between her two most recent visits?",
        "creat, latest two visits side by side",
        "Compare the creatinine of the latest visit with that of the previous one.",
    ),
    "series.dorothy-freeman.7": (
        "How did ferritin compair between May 2025 and April 2026?",
        "ferritin April 2026 relative to May 2025", "compare the ferritins of 05/2025 and 04/2026",
        "show the difference between the ferritin of May 2025 and that of April 2026",
    ),
    "series.dorothy-freeman.8": (
        "haemoglobin pre and post darbepoetin",
        "How did Hgb compare before and after darbepoetin was commenced?",
        "Compare the hemoglobin prior to darbepoetin with that afterwards.",
        "Hb before she went on darbepoetin vs afterwards",
    ),
    "series.james-whitfield.6": (
        "EF in February 2026 versus May 2025",
        "How does the LVEF of May 2025 compare to that of February 2026?",
        "ejection fraction, Feb 2026 relative to May 2025",
        "Compare his ejection fractions from May 2025 and Feb 2026.",
    ),
    "series.james-whitfield.7": (
        "compare creat on 1 May and 15 June 2026",
        "How does the creatinine of 15 June 2026 compare with that of 1 May 2026?",
        "creatinine 06/15/2026 versus 05/01/2026", "Set creatinine from 15 June 2026 against 1 May 2026.",
    ),
    "series.linda-kaminski.2": (
        "SBP before vs after amlodipine",
        "How did the systolic pressure compare before and after she was put on amlodipine?",
        "systolic pre and post amlodipine",
        "Compare the systolic BP prior to amlodipine being commenced with the readings after.",
    ),
    "series.ingrid-sorensen.2": (
        "compare the TSH of August 2025 with that of November 2025",
        "How did TSH differ between Aug 2025 and Nov 2025?", "TSH in Nov 2025 realtive to Aug 2025",
        "thyrotropin: 08/2025 vs 11/2025",
    ),
    "series.ruth-goldberg.2": (
        "hip T-score: latest versus previous", "Compare the last two hip T-scores.",
        "T score of the hip relative to the prior one",
        "How does her current hip T-score compare to the last one before it?",
    ),
    "series.hien-nguyen.3": (
        "white count at admission vs discharge",
        "How did the leukocytes compare between admission and discharge?",
        "WBC on the way in versus on the way out of hospital",
        "Compare his admission white count with the one at discharge.",
    ),
    "series.dorothy-freeman.9": (
        "Has her creatinine gone up compared with a year ago?",
        "creat up on last year's value of 12 months ago?",
        "Is the creatinine greater now than it was a year back?",
    ),
    "series.james-whitfield.8": (
        "Has his BNP risn since May 2026?", "Is BNP higher now than in May 2026?",
        "natriuretic peptide higher than it was in May 2026?",
    ),
    "series.mateo-garcia.2": (
        "How did the peak flow in the ER compare with the follow-up visit?",
        "PEF: emergency room versus follow-up",
        "Compare peak flow at follow up to that in the emergency room.",
        "peak expiratory flow in the ED relative to follow-up",
    ),
}
# fmt: on
