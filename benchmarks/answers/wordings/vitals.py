"""Other wordings: vital signs and who the patient is."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "vitals.maria-alvarez.1": (
        "What was her most recent blood pressure?", "BP at the latest check",
        "Remind me of her newest BP reading.", "latest blood presure",
    ),
    "vitals.maria-alvarez.2": (
        "mean of the last three systolic readings", "What do her three latest systolic pressures average?",
        "avg SBP, 3 most recent",
    ),
    "vitals.maria-alvarez.3": (
        "How much does she weigh now?", "latest wt", "What's her present body weight?",
        "most recent weight please",
    ),
    "vitals.maria-alvarez.4": (
        "body mass index, latest", "What is her current body mass index?", "Tell me her BMI.",
    ),
    "vitals.james-whitfield.1": (
        "latest pulse", "What was his pulse rate most recently?", "newest HR",
        "most recent heart rate reading",
    ),
    "vitals.james-whitfield.2": (
        "minimun oxygen saturation on record", "How low has his SpO2 been?", "O2 sat nadir",
        "worst oxygen saturation ever",
    ),
    "vitals.james-whitfield.3": (
        "How heavy is he at the latest weighing?", "current body weight", "latest recorded weight please",
        "wt now",
    ),
    "vitals.james-whitfield.4": (
        "What is his present ejection fraction?", "LVEF, newest", "most recent ejection fraction",
    ),
    "vitals.james-whitfield.5": (
        "Has the EF ever been under 40?", "Was the ejection fraction at any time less than 40 %?",
        "ever an LVEF below 40",
    ),
    "vitals.james-whitfield.6": (
        "EF at the most recent echocardiogram", "What LVEF did the latest echo give?",
        "ejection fraction per the newest echo",
    ),
    "vitals.james-whitfield.7": (
        "When was the EF last mesured?", "last LVEF, what date",
        "On which day was his ejection fraction most recently determined?",
    ),
    "vitals.dorothy-freeman.1": (
        "Has her systolic ever been over 145?", "any SBP > 145",
        "Did systolic pressure exceed 145 at any time?",
    ),
    "vitals.dorothy-freeman.2": (
        "averge systolic pressure during 2026", "What has her SBP averaged in 2026?", "mean SBP 2026",
    ),
    "vitals.frank-delaney.1": (
        "O2 sat nadir, what value", "What was the lowest SpO2 on record?", "min oxygen saturation",
        "How low did his sats go?",
    ),
    "vitals.frank-delaney.2": (
        "What is his forced expiratory volume in one second?", "FEV1 in litres", "How high was FEV1?",
    ),
    "vitals.frank-delaney.3": (
        "How many pack-years has he smoked?", "smoking history in pack years", "number of pack-years",
    ),
    "vitals.frank-delaney.4": (
        "How fast was he breathing on 16 May 2026?", "RR on 05/16/2026", "respiratory rate, 16 May 2026",
    ),
    "vitals.hien-nguyen.1": (
        "highest temperature during the hospital stay", "peak temp while admitted",
        "How high did his fever go in hospital?", "Tmax during the admission",
    ),
    "vitals.george-papadopoulos.1": (
        "What was his blood pressure when he came in with the stroke?", "BP at presentation with stroke",
        "blood pressure on admission for the stroke",
    ),
    "vitals.george-papadopoulos.2": (
        "What was the most recent diastolic pressure?", "DBP, latest",
        "lower blood pressure reading, newest",
    ),
    "vitals.mateo-garcia.1": (
        "What is his height?", "body height, latest", "height in cm please", "curent stature",
    ),
    "vitals.mateo-garcia.2": (
        "What does he weigh? Need it for dosing.", "current body weight in kilograms", "dosing weight (kg)",
    ),
    "vitals.mateo-garcia.3": (
        "highest peak flow", "What is his best PEF on record?", "maximum peak expiratory flow",
    ),
    "vitals.ruth-goldberg.1": (
        "What was the most recent lumbar spine T-score?", "latest L-spine T-score", "newest spinal T score",
    ),
    "vitals.kwame-mensah.1": ("How much does he weigh?", "body weight please", "his wt"),
    "vitals.denise-carter.1": ("What is her height?", "body height", "height of the patient"),
    "vitals.maria-alvarez.5": ("How old is she?", "her age please", "What age is this lady?"),
    "vitals.maria-alvarez.6": ("her DOB please", "When was she born?", "Can you give me her birth date?"),
    "vitals.maria-alvarez.7": (
        "Which language does she prefer?", "language preference",
        "In what language would she like to be spoken to?",
    ),
    "vitals.maria-alvarez.8": (
        "What was her age?", "age in years", "What was this woman's age at that time?",
    ),
    "vitals.tyrone-jackson.1": ("What age is he?", "his age", "Remind me how old this gentleman is."),
    "vitals.james-whitfield.8": (
        "male or female?", "Is the patient male or female?", "What is the patient's sex?",
    ),
    "vitals.kwame-mensah.2": (
        "Who is his primary care physician?", "name of his GP",
        "Which family doctor is he registered with?", "PCP name",
    ),
    "vitals.linda-kaminski.1": (
        "Which language is hers?", "her language", "What tongue does the patient speak?",
    ),
    "vitals.maria-alvarez.9": (
        "Is she a smoker?", "currently smoking?", "Can you tell me whether she smokes?",
    ),
    "vitals.frank-delaney.5": (
        "Does he smoke at prsent?", "Is he a current smoker?", "current tobacco smoker, yes or no",
    ),
    "vitals.denise-carter.2": (
        "Is she smoking these days?", "active smoker?", "Can you tell me whether this lady still smokes?",
    ),
    "vitals.james-whitfield.9": (
        "What is his smoking status?", "smoking status",
        "Has he given up smoking, or what is his tobacco use?",
    ),
    "vitals.linda-kaminski.2": (
        "How many pack-years does she have?", "pack-year count", "cumulative smoking in pack years",
    ),
}
# fmt: on
