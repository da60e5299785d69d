"""Other wordings: what only the notes say."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "notes.maria-alvarez.1": (
        "What was the reason for not starting a GLP-1 agonist?", "reason no GLP-1 RA was begun",
        "Why did she not get a GLP-1 RA?",
    ),
    "notes.maria-alvarez.2": (
        "What did the monofilament test show in September 2025?", "monofilament finding, Sept 2025 visit",
        "result of monofilament testing at the visit of September 2025",
    ),
    "notes.maria-alvarez.3": (
        "What are her home fasting glucose readings recently?", "recent fasing glucoses at home",
        "How have her fasting sugars been at home lately?",
    ),
    "notes.maria-alvarez.4": (
        "Why did she phone in February 2024?", "reason for the phone call in Feb 2024",
        "What was her call in February 2024 about?",
    ),
    "notes.maria-alvarez.5": (
        "What is the plan regarding B12?", "plan for vitamin B12", "What did they intend to do about B12?",
    ),
    "notes.maria-alvarez.6": (
        "Is chest pain reported in the latest note?", "chest pain in the most recent note?",
        "Did the last note say she has chest pain?",
    ),
    "notes.james-whitfield.1": (
        "On how many pillows did he sleep when seen in the ED?", "number of pillows at the emergency visit",
        "orthopnea: how many pillows in the ED",
    ),
    "notes.james-whitfield.2": (
        "What NYHA class was he in January 2026?", "NYHA, Jan 2026",
        "functional class (NYHA) in January 2026",
    ),
    "notes.james-whitfield.3": (
        "What triggered the decompensation in June?", "cause of the June decompensation",
        "Why did he decompensate in June?",
    ),
    "notes.james-whitfield.4": (
        "What did he weigh at discharge?", "weight on discharge",
        "How heavy was he when he was discharged?",
    ),
    "notes.james-whitfield.5": (
        "How many kg of fluid were removed?", "net fluid removed in kg",
        "How many kilos of fluid did he lose with diureis?",
    ),
    "notes.james-whitfield.6": (
        "Was there a thrombus in the left ventricle on echo?", "echo: LV thrombus present?",
        "Did the echo show a left ventricular thrombus?",
    ),
    "notes.james-whitfield.7": (
        "What was the LVIDd on the echo in February?", "LV internal diameter in diastole, February echo",
        "left ventricular diastolic diameter (LVIDd) on February's echo",
    ),
    "notes.dorothy-freeman.1": (
        "Which dialysis modality does she prefer?", "preferred kind of dialysis",
        "What form of dialysis would she like?",
    ),
    "notes.dorothy-freeman.2": (
        "Who might donate a kidney to her?", "potential kidney donor",
        "Which relative is a possible living donor?",
    ),
    "notes.dorothy-freeman.3": (
        "At what point will she be sent for transplant evaluation?", "trigger for transplant referral",
        "At which eGFR is the transplant referral to be made?",
    ),
    "notes.george-papadopoulos.1": (
        "What was his NIH stroke scale?", "NIHSS score", "How many points did he score on the NIHSS?",
    ),
    "notes.george-papadopoulos.2": (
        "Did telemetry show atrial fibrillation?", "AF on telemetry?",
        "Was atrial fibrillation picked up on the monitor?",
    ),
    "notes.george-papadopoulos.3": (
        "What walking aid does he use?", "mobility aid", "With what does he walk?",
    ),
    "notes.george-papadopoulos.4": (
        "What is the reason to replace omeprazole?", "Why should he come off omeprazole?",
        "reason for switching omeprazole",
    ),
    "notes.george-papadopoulos.5": (
        "Is he right- or left-handed?", "dominant hand", "Which is his dominant hand?",
    ),
    "notes.hien-nguyen.1": (
        "How long ago did he immigrate from Vietnam?", "immigration from Vietnam - when",
        "When did he move here from Vietnam?",
    ),
    "notes.hien-nguyen.2": (
        "How much oxygen did he need in the ED?", "O2 requirement in the emergency department, litres",
        "oxygen flow in the ED",
    ),
    "notes.hien-nguyen.3": (
        "Were there night sweats?", "Did he report night sweats?", "night sweats present?",
    ),
    "notes.mateo-garcia.1": (
        "Are there any pets at home, which?", "What animals live in the house?",
        "which pet does the family have",
    ),
    "notes.mateo-garcia.2": (
        "What places are the EpiPens stored in?", "location of the EpiPens",
        "where does he have his epinephrine pens",
    ),
    "notes.ruth-goldberg.1": (
        "How close was the nearest margin?", "distance of the closest surgical margin",
        "nearest resection margin in mm",
    ),
    "notes.ruth-goldberg.2": (
        "How high was Ki-67?", "Ki-67 index", "proliferation index Ki67 in the tumour",
    ),
    "notes.ruth-goldberg.3": (
        "Was radiotherapy given?", "Has she been irradiated?", "any radiation therapy?",
    ),
    "notes.ruth-goldberg.4": (
        "How old was she when menopause came?", "menopause at what age",
        "At what age did she go through menopause?",
    ),
    "notes.frank-delaney.1": (
        "Has he had hemoptysis?", "any haemoptysis?", "Was there any coughing up of blood?",
    ),
    "notes.frank-delaney.2": (
        "What has he tried to stop smoking?", "smoking cessation aids tried",
        "Which quit-smoking aids did he use before?",
    ),
    "notes.nora-obrien.1": (
        "What was the pharmacist's call about?", "reason the pharmacist phoend",
        "Why did the pharmacy ring?",
    ),
    "notes.denise-carter.1": (
        "How much pain did she report at the latest visit?", "pain rating, last visit",
        "What was her pain score when last seen?",
    ),
    "notes.denise-carter.2": (
        "What is her daily MME?", "morphine milligram equivalents a day",
        "How many morphine milligram equivalents does she take daily?",
    ),
    "notes.kwame-mensah.1": (
        "How long may he not drive?", "driving ban, for how long", "What driving restriction was he given?",
    ),
    "notes.kwame-mensah.2": (
        "What provoked the breakthrough seizure?", "cause of the breakthrough seizure",
        "Why did he have a breakthrough seizure?",
    ),
    "notes.tyrone-jackson.1": (
        "How many doses of Biktarvy does he skip?", "missed Biktarvy doses, how often",
        "How frequently does he forget his Biktarvy?",
    ),
    "notes.ingrid-sorensen.1": (
        "What made her TSH rise in 2025?", "reason for the raised TSH in 2025",
        "Why was the TSH up in 2025?",
    ),
    "notes.linda-kaminski.1": (
        "number of jobs she works", "How many jobs is she working?", "works how many jobs",
    ),
}
# fmt: on
