"""Other wordings: questions that the record has no answer to."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "unanswerable.maria-alvarez.1": (
        "vitamin B12, latest", "How high is her coalamin?", "B12 result please",
    ),
    "unanswerable.maria-alvarez.2": ("What was her 25-hydroxy vitamin D?", "vit D, most recent"),
    "unanswerable.maria-alvarez.4": ("most recent INR value", "What was her INR at the last check?"),
    "unanswerable.maria-alvarez.5": (
        "On which date did she come off warfarin?", "stop date of her warfarin",
    ),
    "unanswerable.maria-alvarez.6": (
        "What led to empagliflozin being stopped?", "Why was she taken off Jardiance?",
    ),
    "unanswerable.maria-alvarez.7": (
        "alcohol use?", "Is she a drinker?", "How much alcohol does she consume?",
    ),
    "unanswerable.maria-alvarez.10": (
        "Would you put the glargine up?", "Is it advisable to raise her glargine dose?",
    ),
    "unanswerable.maria-alvarez.12": ("her blood type", "Which blood group does she have?"),
    "unanswerable.maria-alvarez.13": ("When was her hip replaced?", "hip arthroplasty, which day"),
    "unanswerable.maria-alvarez.14": (
        "Why was she admitted to hopital in 2024?", "reason for hospitalisation in 2024",
    ),
    "unanswerable.maria-alvarez.16": ("What did she score on the PHQ-9?", "latest PHQ9"),
    "unanswerable.maria-alvarez.17": (
        "newest albumin/creatinine ratio", "How high was the last urine ACR?",
    ),
    "unanswerable.maria-alvarez.18": ("newest LDL-C", "What is the LDL at present?"),
    "unanswerable.james-whitfield.1": ("What is his A1c?", "glycated haemoglobin level"),
    "unanswerable.james-whitfield.2": ("Does diabetes run in his family?", "FHx diabetes"),
    "unanswerable.james-whitfield.3": ("ICD implantation date", "On which day did he receive his ICD?"),
    "unanswerable.james-whitfield.5": ("most recent prostate specific antigen", "What was his last PSA?"),
    "unanswerable.james-whitfield.6": ("Does he have depression?", "Has depression been diagnosed?"),
    "unanswerable.james-whitfield.7": ("Has COPD been diagnosed in him?", "COPD on his problem list?"),
    "unanswerable.james-whitfield.8": ("weekly alcohol intake", "How much does he drink in a week?"),
    "unanswerable.dorothy-freeman.1": ("LDL cholesterol, latest", "What is the LDL of this lady?"),
    "unanswerable.dorothy-freeman.2": ("start date of dialysis", "When was dialysis commenced?"),
    "unanswerable.dorothy-freeman.3": ("What is her EF?", "left ventricular EF of hers"),
    "unanswerable.dorothy-freeman.4": ("Has she been diagnosed with cancer?", "any malignancy?"),
    "unanswerable.dorothy-freeman.6": (
        "How much sodium bicarbonate does she take?", "sodium bicarbonate dosage",
    ),
    "unanswerable.george-papadopoulos.1": ("What is his glycated hemoglobin?", "hba1c on him"),
    "unanswerable.george-papadopoulos.2": ("date of his myocardial infarction", "When was his MI?"),
    "unanswerable.george-papadopoulos.3": ("most recent TSH level", "What was the thyrotropin last time?"),
    "unanswerable.george-papadopoulos.5": ("How much tPA did he get?", "alteplase dose"),
    "unanswerable.hien-nguyen.1": ("What did the AFB culture grow?", "AFB culture outcome"),
    "unanswerable.hien-nguyen.3": (
        "result of the lung nodule biopsy", "Biopsy of the nodule: what was found?",
    ),
    "unanswerable.mateo-garcia.1": ("What is his Hb?", "haemoglobin of the child"),
    "unanswerable.mateo-garcia.3": ("What's his cholesterol?", "chol level"),
    "unanswerable.mateo-garcia.4": ("Has epilepsy been diagnosed?", "epileptic?"),
    "unanswerable.mateo-garcia.5": ("Is he allergic to eggs?", "allergy to egg?"),
    "unanswerable.ruth-goldberg.1": ("What is the CA 15-3 level?", "tumor marker CA15-3"),
    "unanswerable.ruth-goldberg.2": ("How high is her CEA?", "carcinoembryonic antigen"),
    "unanswerable.ruth-goldberg.4": ("date of the cancer recurrence", "When did her breast cancer recur?"),
    "unanswerable.frank-delaney.1": ("What did the chest CT show?", "CT thorax finding"),
    "unanswerable.frank-delaney.3": ("When was varenicline commenced?", "date he went on Chantix"),
    "unanswerable.frank-delaney.4": ("What is his alpha-1 antitrysin?", "A1AT level"),
    "unanswerable.denise-carter.1": ("What's her glycated hemoglobin?", "A1c of this lady"),
    "unanswerable.denise-carter.2": ("CPAP start date", "Since when has she had CPAP?"),
    "unanswerable.denise-carter.4": ("How much naloxone is she prescribed?", "naloxone strength"),
    "unanswerable.kwame-mensah.1": ("How high is his carbamazepine?", "Tegretol level"),
    "unanswerable.kwame-mensah.2": (
        "date of the epilepsy operation", "On what day was he operated on for epilepsy?",
    ),
    "unanswerable.linda-kaminski.3": ("What did her colonoscopy show?", "colonoscopy finding"),
    "unanswerable.linda-kaminski.4": ("Has sleep apnoea been diagnosed?", "OSA?"),
    "unanswerable.nora-obrien.1": ("How high is her cholesterol?", "total cholesterol please"),
    "unanswerable.nora-obrien.2": ("Does she have a peanut allergy?", "peanuts: allergic?"),
    "unanswerable.nora-obrien.4": (
        "What did the allergy clinic find on testing?", "allergy clinic test results",
    ),
    "unanswerable.tyrone-jackson.1": (
        "HIV genotype resistance result", "What did the resistance genotyping show?",
    ),
    "unanswerable.tyrone-jackson.3": ("Is there a sulfa allergy?", "sulfonamide allergic?"),
    "unanswerable.ingrid-sorensen.1": (
        "What did the Cologuard show?", "stool DNA test (Colougard) outcome",
    ),
    "unanswerable.ingrid-sorensen.2": (
        "TPO antibody level", "Were her anti-TPO antibodies measured, and how high?",
    ),
    "unanswerable.ingrid-sorensen.4": (
        "What did the ultrasound of the thyroid show?", "thyroid US finding",
    ),
    "unanswerable.ada.1": ("How high was troponin?", "trop level"),
    "unanswerable.ada.2": (
        "Why was she taken off metformin, I wonder?", "What was behind stopping her metformin?",
    ),
    "unanswerable.ada.4": ("What illness does her father have?", "disease of the father"),
    "unanswerable.bruno.1": ("What is his magnesium?", "Mg level"),
    "unanswerable.bruno.2": ("date of intubation", "On which day was he put on a ventilator?"),
    "unanswerable.bruno.3": ("How high is his hemoglobin?", "haemoglobin reading for this man"),
    "unanswerable.cleo.1": ("How high was her bilirubin when she was born?", "neonatal bilirubin"),
    "unanswerable.cleo.3": ("What came out of the audiology appointment?", "audiology result"),
}
# fmt: on
