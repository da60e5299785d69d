"""Other wordings: diagnoses."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "problems.maria-alvarez.1": (
        "duration of her high blood pressure", "For how long has she been hypertensive?",
        "How long ago was hypertension diagnosed?", "HTN - for how long",
    ),
    "problems.maria-alvarez.2": (
        "date of diabetes dianosis", "When did she become diabetic?",
        "When was she found to have diabetes?", "T2DM diagnosed on which date",
    ),
    "problems.maria-alvarez.3": (
        "How old was she when type 2 diabetes was diagnosed?", "At what age did she get T2DM?",
        "her age when she was diagnosed with type 2 diabetes",
    ),
    "problems.maria-alvarez.4": (
        "What problems does she have?", "Pull up her problem list.", "list of active conditions",
        "which dignoses does she carry",
    ),
    "problems.maria-alvarez.5": (
        "Has she got diabetic retinopathy?", "retinopathy present?", "Has retinopathy been diagnosed?",
    ),
    "problems.maria-alvarez.6": (
        "Is she hyperlipidemic?", "Has hyperlipidaemia been diagnosed?",
        "cholesterol problem on her list, yes/no?",
    ),
    "problems.maria-alvarez.7": (
        "Was diabetic retinopathy already present in May 2023?", "retinopathy known by May 2023?",
        "Had she been diagnosed with diabetic retinopathy by May of 2023?",
    ),
    "problems.james-whitfield.1": (
        "When was heart failure diagnosed?", "date on which HF was found", "heart failure onset date",
        "When was he diagnosed with CHF?",
    ),
    "problems.james-whitfield.2": (
        "Has he ever had gout?", "gout in the past?", "Does the record show gout?",
        "PMH of gout, yes or no",
    ),
    "problems.james-whitfield.3": (
        "How long has he had high blood pressure?", "For how long has he been hypertensive?",
        "HTN duration", "time since hypertension was diagnosed",
    ),
    "problems.james-whitfield.4": (
        "age at diagnosis of heart failure", "What age was he at the time HF was diagnosed?",
        "How old was he at onset of his heart failure?",
    ),
    "problems.dorothy-freeman.1": (
        "At which stage is her kidney disease?", "current CKD stage",
        "How advanced is her CKD - which stage?",
    ),
    "problems.dorothy-freeman.2": (
        "date CKD 4 was diagnosed", "When was stage 4 chronic kidney disease reached?",
        "On what date did she progress to CKD stage 4?",
    ),
    "problems.dorothy-freeman.3": (
        "How long has she been diabetic?", "duration of diabetes",
        "For how many years has she had diabetes?", "diabetes duration in years",
    ),
    "problems.dorothy-freeman.4": (
        "list of active diagnoses", "Which conditions are active at present?",
        "Pull up her current problems.", "what is wrong with her - active conditions",
    ),
    "problems.dorothy-freeman.5": (
        "How long did it take to go from CKD 3b to CKD 4?", "interval between CKD stage 3b and stage 4",
        "How much time was there between the diagnosis of CKD 3b and that of CKD 4?",
    ),
    "problems.george-papadopoulos.1": (
        "When did he have the stroke?", "On which day was his stroke?", "day of the stroke", "CVA when",
    ),
    "problems.george-papadopoulos.2": (
        "On which side is the weakness?", "side of the hemiparesis",
        "Which side of the body is affected by weakness?",
    ),
    "problems.george-papadopoulos.3": (
        "Which carotid artery was narrowed?", "side of the carotid stenosis",
        "carotid stenosis: left or right?",
    ),
    "problems.george-papadopoulos.4": (
        "interval between TIA and stroke", "How much time passed from the TIA to the stroke?",
        "How many days after the TIA did the strke occur?", "time from TIA until stroke",
    ),
    "problems.hien-nguyen.1": (
        "location of the lung nodule", "In which lobe is the pulmonary nodule?",
        "Where does the nodule in the lung sit?",
    ),
    "problems.hien-nguyen.2": (
        "Which lobe was affected by pneumonia?", "site of the pneumonia",
        "Where in the lungs was the pneumonia?",
    ),
    "problems.hien-nguyen.3": (
        "Was there a pulmonary embolism?", "PE present?", "Did they find a pulmonary embolism?",
    ),
    "problems.mateo-garcia.1": (
        "On which side was the ear infection?", "otitis media: which side",
        "Which of his ears was affected by otitis?",
    ),
    "problems.mateo-garcia.2": (
        "Has the otitis media cleared up?", "Is the ear infection over?", "otitis resolved?",
    ),
    "problems.mateo-garcia.3": (
        "asthma diagnosis date", "When did he get the diagnosis of asthma?",
        "Since when has he been asthmatic?", "When was he found to have asthma?",
    ),
    "problems.mateo-garcia.4": (
        "Does he have eczema?", "atopic dermatitis present?", "Is eczema on his problem list?",
    ),
    "problems.ruth-goldberg.1": (
        "Which breast was affected by cancer?", "side of the breast cancer", "breast ca: left or right?",
        "Was the tumour in the left or the right breast?",
    ),
    "problems.ruth-goldberg.2": (
        "When was breast cancer diagnosed?", "breast ca: when found",
        "On which date was her breast cancer discovered?",
        "When did she get the diagnosis of breast cancer?",
    ),
    "problems.ruth-goldberg.3": (
        "How old was she at diagnosis of breast cancer?",
        "What age was she when the breast cancer was diagnosed?", "age at breast ca diagnosis",
    ),
    "problems.ruth-goldberg.4": (
        "Is she osteoporotic?", "Has osteoporosis been diagnosed?", "osteoporosis on the problem list?",
    ),
    "problems.frank-delaney.1": (
        "number of COPD exacerbations", "How often has his COPD flared up?", "count of COPD flares",
    ),
    "problems.frank-delaney.2": (
        "date of the most recent COPD exacerbation", "When did his COPD last excaerbate?",
        "latest AECOPD, what date",
    ),
    "problems.frank-delaney.3": ("What is his GOLD grade?", "GOLD class", "Which GOLD stage is his COPD?"),
    "problems.nora-obrien.1": (
        "Has the sinusitis resolved?", "sinusitis cleared up?", "Is she over her sinus infection?",
    ),
    "problems.tyrone-jackson.1": (
        "When was HIV diagnosed?", "date of the HIV diagnosis",
        "How far back was he found to be HIV positive - what date?",
    ),
    "problems.tyrone-jackson.2": (
        "how many months or years of hypertension so far", "For how long has he had high blood pressure?",
        "time since HTN diagnosis",
    ),
    "problems.denise-carter.1": (
        "Is CPAP being used for her sleep apnea?", "Is the sleep apnoea treated by CPAP?",
        "CPAP for OSA, yes or no",
    ),
    "problems.linda-kaminski.1": (
        "Which diagnoses does she have?", "her conditions", "list her medical problems",
    ),
    "problems.kwame-mensah.1": (
        "How old was he when the epilepsy began?", "At what age did epilepsy start?",
        "his age at epilepsy onset",
    ),
    "problems.ingrid-sorensen.1": (
        "When was hypothyroidism diagnosed?", "onset date of hypothyroidism",
        "Since what date has her thyroid been underactive?", "hypothyroidism diagnosed when",
    ),
    "problems.dorothy-freeman.6": (
        "Did she have a diagnosis of stage 4 CKD?", "CKD stage 4 diagnosed?",
        "Has chronic kidney disease stage 4 been diagnosed?",
    ),
}
# fmt: on
