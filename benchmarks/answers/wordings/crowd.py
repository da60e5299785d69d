"""Other wordings: the generated patients."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "crowd.crowd-2.1": ("newest glycohemoglobin", "What is the A1c at the latest check?", "a1c right now"),
    "crowd.crowd-4.1": (
        "What was the last A1c result?", "HbA1c at the most recent test",
        "current glycated haemoglobin level",
    ),
    "crowd.crowd-6.1": (
        "current K+", "What was potassium at the latest check?", "most recent serum potassium",
    ),
    "crowd.crowd-8.1": (
        "pull up the newest K", "How high is the potassium now?", "Please tell me the last potassium.",
    ),
    "crowd.crowd-4.2": (
        "latest TSH value", "What was TSH at the last measurement?", "thyroid stimulating hormone, newest",
    ),
    "crowd.crowd-10.1": (
        "most recent thyrotropin level", "What was the TSH the last time?", "newest TSH result please",
    ),
    "crowd.crowd-0.1": (
        "mean systolic over the three latest readings", "average SBP of the last 3",
        "What do the last three systolic values average?",
    ),
    "crowd.crowd-6.2": (
        "average systoic pressure, last three measurements", "mean of the 3 most recent SBPs",
        "What is the average of the latest three systolics?",
    ),
    "crowd.crowd-2.2": ("Has HbA1c ever been 9 or higher?", "any A1c >= 9", "Did the A1c ever reach 9 %?"),
    "crowd.crowd-4.3": (
        "number of systolic readings above 140", "How often was SBP higher than 140?",
        "count of systolic pressures > 140",
    ),
    "crowd.crowd-0.2": ("max PHQ-9 score", "What's the worst PHQ-9 on file?", "peak PHQ9"),
    "crowd.crowd-2.3": (
        "What was the highst PHQ-9 score ever?", "top PHQ-9 result",
        "maximum depression score on the PHQ-9",
    ),
    "crowd.crowd-0.3": (
        "total number of visits", "How many encounters are there altogetther?", "visits overall, count",
    ),
    "crowd.crowd-10.2": (
        "How often has the patient been seen in all?", "count of all visits",
        "How many visits are on reccord?",
    ),
    "crowd.crowd-2.4": (
        "When was the most recent flu shot?", "date of last influenza vaccination",
        "latest flu jab, what day",
    ),
    "crowd.crowd-8.2": (
        "When did the patient last get a flu vaccine?", "influenza vaccine: most recent date",
        "date of the newest flu shot",
    ),
    "crowd.crowd-0.4": (
        "medications at present", "Which drugs is the patient currently on?",
        "pull up current prescriptions",
    ),
    "crowd.crowd-4.4": (
        "What does the patient take these days?", "list of active medications",
        "Show me the present medicine list.",
    ),
    "crowd.crowd-2.5": (
        "What strength are the metformin tablets?", "metformin, mg per tablet",
        "How many mg of metformin does each tablet contain?",
    ),
    "crowd.crowd-4.5": (
        "When was lisinopril started?", "lisinopril start date", "When did the patient go on lisinopril?",
    ),
    "crowd.crowd-0.5": (
        "statin currently taken?", "Is the patient treated with a statin?", "on statin therapy, yes or no?",
    ),
    "crowd.crowd-6.3": (
        "Is a statin being taken?", "any statin therapy now?", "Does this patient use a statin?",
    ),
    "crowd.crowd-8.3": (
        "What allergies are recorded?", "known drug or food allergies?",
        "Are there allergies in the chart?",
    ),
    "crowd.crowd-10.3": (
        "Does the chart list allergies?", "recorded allergies?", "any allergy documented?",
    ),
    "crowd.crowd-0.6": (
        "Can you tell me whether there is an allergy to penicillin?",
        "Is the patient allergic to penicillin?", "PCN allergic?",
    ),
    "crowd.crowd-2.6": (
        "Does the patient have a penicillin allergy?", "allergy to penicillin on record?",
        "Does penicillin cause an allergy here?",
    ),
    "crowd.crowd-10.4": (
        "duration of hypothyroidism", "For how long has the patient been hypothyroid?",
        "time since hypothyroidism was diagnosed",
    ),
    "crowd.crowd-6.5": (
        "How many years old is the pattient?", "age of this patient", "What age is the patient?",
    ),
    "crowd.crowd-8.4": ("the patient's age please", "age now", "How old is this person?"),
    "crowd.crowd-0.7": (
        "How has LDL developed since the first visit?", "LDL trajectory from the first visit on",
        "course of LDL cholesterol since the initial visit", "plot LDL since visit one",
    ),
    "crowd.crowd-6.6": (
        "How many creatinine results are there?", "How often was creatinine measured?",
        "creatinine measurements, count",
    ),
    "crowd.crowd-2.7": (
        "How old was the patient when COPD was diagnosed?", "At what age was COPD found?",
        "patient's age at COPD diagnosis",
    ),
}
# fmt: on
