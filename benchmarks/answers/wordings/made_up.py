"""Other wordings: the hand-made patients."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "made_up.ada.1": (
        "What is the maximum potassium on record?", "peak K+", "How high has her potassium been at most?",
    ),
    "made_up.ada.2": (
        "Has potassium ever exceeded 6?", "any K+ > 6", "Did her potassium at any time go higher than 6?",
    ),
    "made_up.ada.3": (
        "newest potassium", "K+ at the latest check", "What was the potassium most recetnly?",
    ),
    "made_up.ada.4": (
        "number of potassium results during 2025", "How often was potassium measured in 2025?",
        "K measurements in 2025, count",
    ),
    "made_up.ada.5": (
        "How many potassium results are there from 2026?", "potassium checks in 2026, number of",
        "How often was K tested in 2026?",
    ),
    "made_up.ada.6": (
        "most recent creatinine reading", "What's the creatinine as of the last check?", "creat now",
    ),
    "made_up.ada.7": (
        "What is the maximum glucose?", "peak blood sugar", "How high was her highest glucose?",
    ),
    "made_up.ada.8": (
        "newest glucose", "What was her blood sugar most recently?", "glucose at the latest check",
    ),
    "made_up.ada.9": (
        "most recent BP", "What was her blood pressure when last taken?", "newest blood pressure reading",
    ),
    "made_up.ada.10": (
        "average of the two latest systolic pressures", "What do her last two SBPs average?",
        "mean SBP over the last two readings",
    ),
    "made_up.ada.11": (
        "Has she had a PE?", "Was a pulmonary embolism found?", "pulmonary emblism, yes or no",
    ),
    "made_up.ada.12": ("Has her anaemia resolved?", "anemia gone?", "Is she over the anemia?"),
    "made_up.ada.13": (
        "date of hypertension diagnosis", "When was high blood pressure found?", "HTN diagnosed when",
    ),
    "made_up.ada.14": (
        "In which year was diabetes diagnosed?", "year of diabetes diagnosis",
        "Since what year has she been diabetic?",
    ),
    "made_up.ada.15": (
        "What is this lady allergic to?", "Please list her allergies.", "allergy list of the patient",
    ),
    "made_up.ada.16": (
        "Has she got any allergies?", "any allergy, yes or no?", "Is she allergic to anything?",
    ),
    "made_up.ada.17": (
        "Which medicatiion is she currently taking?", "her present meds",
        "Which drugs are active right now?",
    ),
    "made_up.ada.18": (
        "Does she take methotrexate at pressent?", "methotrexate currently being taken?",
        "Is she on MTX at the moment?",
    ),
    "made_up.ada.19": (
        "What is the reason methotrexate was paused?", "Why has methotrexate been held?",
        "MTX on hold, reason",
    ),
    "made_up.ada.20": (
        "Is she anticoagulated?", "any blood thinner (anticoagulant) at present?",
        "Does she take an anticoagulant?",
    ),
    "made_up.ada.21": (
        "How much amlodipine does she take?", "current amlodipine dosage",
        "What strength is her amlodipine?",
    ),
    "made_up.ada.22": (
        "When did amlodipine go up to 10 mg?", "date of the amlodipine increase to 10 mg",
        "On what day was her amlodipine uptitrated to 10 mg?",
    ),
    "made_up.ada.23": (
        "When was turmeric stopped?", "date she came off turmeric", "turmeric ceased on what day",
    ),
    "made_up.ada.24": (
        "numbber of ER visits in 2025", "How often was she in the emergency department in 2025?",
        "emergency visits during 2025, count",
    ),
    "made_up.ada.25": (
        "Was she in the ED in 2026?", "any emergency visit during 2026",
        "How many times has she been to the ER in 2026?",
    ),
    "made_up.ada.26": (
        "Was a colonoscopy performed on her?", "colonoscopy done, yes or no?",
        "Did she undergo a colonoscopy?",
    ),
    "made_up.ada.27": (
        "What was the reason the colonoscopy wasn't performed?", "reason for colonoscopy not done",
        "Why didn't the colonoscopy happen?",
    ),
    "made_up.ada.28": (
        "most recent tetanus shot", "When did she last have a tetanus jab?", "latest tetanus vaccination",
    ),
    "made_up.ada.29": (
        "Did she get a Td in May 2026?", "Td vaccine received in May 2026?",
        "Was she given Td during May 2026?",
    ),
    "made_up.ada.30": (
        "Has her mother had breast cancer?", "mum with breast cancer?",
        "Is breast cancer known in the mother?",
    ),
    "made_up.ada.31": (
        "Is the blood culture report final or preliminary?", "blood culture - result status",
        "status of the blood cultre",
    ),
    "made_up.ada.32": (
        "By when should she bring the blood pressure log?", "date for bringing in the pressure log",
        "pressure log: to be brought when",
    ),
    "made_up.bruno.1": (
        "What was the peak creatinine and when was it?", "max creatinine with its date",
        "highest creat, value and day",
    ),
    "made_up.bruno.2": (
        "last creatinine of 2 April 2026, taken at noon or later",
        "What was the final creatinine on 2 April 2026, from midday on?",
        "latest creat value that day, 2 April 2026, noon or after",
    ),
    "made_up.bruno.3": (
        "What was the urea on the day of the highest potassium?", "BUN on the day K peaked",
        "urea nitrogen when potassium was at its maximum",
    ),
    "made_up.bruno.4": (
        "How did creatinine develop during the hospital stay?", "course of the creatinine while admitted",
        "creat trajectory in hospital", "What happened to his creatinine while he was an inpatient?",
    ),
    "made_up.bruno.5": (
        "How much weight has he gained since he was discharged?", "kilos put on since leaving hospital",
        "By how much has his weight risen since discharge?",
    ),
    "made_up.bruno.6": (
        "potassium pre and post stopping lisinopril",
        "Compare the potassium before lisinopril was stopped with that afterwards.",
        "How did K+ compare before and after he was taken off lisinopril?",
        "K while on lisinopril up to stopping vs after it was ceased",
    ),
    "made_up.bruno.7": (
        "Does he currently take warfarin?", "Is he being treated with warfarin now?",
        "on coumadin at present?",
    ),
    "made_up.bruno.8": (
        "What was the reason for stopping warfarin?", "Why was he taken off warfarin?",
        "warfarin stopped - for what reason",
    ),
    "made_up.bruno.9": (
        "warfarin stop date", "On what day was warfarin discontinued?", "When did he come off warfarin?",
        "date warfarin was ceased",
    ),
    "made_up.bruno.10": (
        "Why must he not have lisinopril?", "reason lisinopril was stopped",
        "Why isn't he on lisinopril any more?",
    ),
    "made_up.bruno.11": (
        "Which drugs were stopped over the past year?", "medication discontinued within the last 12 months",
        "What has he been taken off in the past year?",
    ),
    "made_up.bruno.12": (
        "Does he actually take torsemide?", "Is torsemide being taken?",
        "currently on torasemide (torsemide)?",
    ),
    "made_up.bruno.13": (
        "list his active drugs", "Which medicines is he on?", "What is he currently taking?",
    ),
    "made_up.bruno.15": (
        "Has he had cataract surgery?", "Was the cataract operated on?", "cataract operation performed?",
    ),
    "made_up.bruno.16": (
        "Is the deep vein thrombosis active or resolved?", "clinical status of the DVT",
        "DVT - still active, or resolved?",
    ),
    "made_up.bruno.17": (
        "What is the status of the uric acid result?", "uric acid: final or preliimnary?",
        "Is the urate result final or still preliminary?",
    ),
    "made_up.bruno.18": (
        "Is his ferritin too high?", "ferritin higher than the referecne range?",
        "Does ferritin lie above normal limits?",
    ),
    "made_up.bruno.19": (
        "length of stay in April", "How many days did he spend in hospital in April?",
        "duration of the April admission", "LOS April admission",
    ),
    "made_up.bruno.20": (
        "Which drugs is he allergic to?", "medication allergies on file",
        "What drug allergies does he have?",
    ),
    "made_up.bruno.21": ("Did he need dialysis?", "dialysis required?", "Was he ever dialysed?"),
    "made_up.bruno.22": (
        "How many INRs this year were higher than 3.5?", "number of INR results > 3.5 this year",
        "How often has INR exceeded 3.5 this year?",
    ),
    "made_up.bruno.23": (
        "Did he get a COVID shot last October?", "covid vaccination in October last year?",
        "Was he vaccinated against COVID-19 in October 2025?",
    ),
    "made_up.bruno.24": (
        "When was CKD diagnosed?", "chronic kidney disease: date of diagnosis",
        "When was his chronic kidney disease found?",
    ),
    "made_up.bruno.25": (
        "How long after AF was diagnosed did he start apixaban?",
        "interval between diagnosis of AF and start of apixaban",
        "How much time went by from atrial fibrillation diagnosis until apixaban was commenced?",
    ),
    "made_up.cleo.1": (
        "Which of her ears is affected?", "ear: left or right?", "On which side is the ear problem?",
    ),
    "made_up.cleo.2": ("Is she asthmatic?", "Has asthma been diagnosed?", "asthma, yes or no?"),
    "made_up.cleo.3": (
        "How many distinct antibiotics did she get?", "count the different antibiotics",
        "How many antibiotics has she been on in all, counting each drug once?",
    ),
    "made_up.cleo.4": ("Was cefdinir given?", "Did she receive cefdinir?", "cefdinir taken, yes/no?"),
    "made_up.cleo.5": (
        "How much has she grown since August 2024?", "height gained since August 2024",
        "By how many cm has her height gone up since Aug 2024?",
    ),
    "made_up.cleo.6": (
        "Did she have a flu shot last autumn?", "influenza vaccine last fall, given?",
        "Was she vaccinated against flu last fall?",
    ),
    "made_up.cleo.7": ("How high was her lead level?", "blood lead", "lead reult please"),
    "made_up.cleo.8": (
        "date of the lead test", "lead checked when", "In what month was her blood lead tested?",
    ),
    "made_up.cleo.9": ("How well does the left eye see?", "visual acuity, left eye", "acuity OS"),
}
# fmt: on
