"""Other wordings: visits, procedures, reports and immunizations."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "events.james-whitfield.1": (
        "number of emergency department visits during 2025", "How often was he in the ED in 2025?",
        "ER attendances, 2025, count", "count the A&E visits of 2025",
    ),
    "events.james-whitfield.2": (
        "Why was he admitted in May 2025?", "What brought him into hospital in May 2025?",
        "admission diagnosis, May 2025",
    ),
    "events.james-whitfield.3": (
        "How long was his hospital stay?", "LOS in days", "For how many days was he an inpatient?",
        "duration of the hospital stay",
    ),
    "events.james-whitfield.4": (
        "When was he discharged?", "discharged on which day", "On what date did he leave hospital?",
        "when did he go home from hospital",
    ),
    "events.james-whitfield.5": (
        "date of his latest visit", "When did we last see him?",
        "On which day was the most recent encounter?", "most recent visit: when",
    ),
    "events.james-whitfield.6": (
        "Who was his doctor duing the hospital stay?", "attending physician of the admission",
        "By whom was he treated as an inpatient?",
    ),
    "events.george-papadopoulos.1": (
        "admission date for the stroke", "On what date was he taken into hospital with his stroke?",
        "stroke admission - when",
    ),
    "events.george-papadopoulos.2": (
        "discharge destination", "To where was he discharged?", "Where did he go after leaving hospital?",
    ),
    "events.george-papadopoulos.3": (
        "length of the hospital stay", "How many days did he spend in hospital?",
        "duration of his inpatient stay", "inpatient days",
    ),
    "events.hien-nguyen.1": (
        "Why was he admited in June?", "June admission: what for",
        "What illness led to his hospitalisation in June?",
    ),
    "events.hien-nguyen.2": (
        "Has he ever been to the ED?", "any emegrency department visit on record",
        "Was he ever seen in the emergency room?",
    ),
    "events.hien-nguyen.3": (
        "On which day was he discharged?", "date he left hospital", "When was he sent home from hospital?",
    ),
    "events.mateo-garcia.1": (
        "When was his latest emrgency visit?", "date of the most recent ED visit",
        "most recent trip to the emergency room",
    ),
    "events.mateo-garcia.2": (
        "number of well-child checks", "How often was he here for a well child visit?",
        "count the well-child visits",
    ),
    "events.maria-alvarez.1": (
        "number of visits during 2025", "How often was she seen in 2025?", "visit count for 2025",
        "How many encounters did she have during 2025?",
    ),
    "events.maria-alvarez.2": (
        "Has she ever been hospitalised?", "any hospital admission, ever?",
        "Has she at any time been an inpatient?",
    ),
    "events.maria-alvarez.3": (
        "When was her most recent visit?", "On what day was she last seen?", "latest visit date please",
    ),
    "events.frank-delaney.1": (
        "Has he been admitted to hospital since 2024?", "any hospital admission from 2024 on?",
        "Was he an inpatient at any time since 2024?",
    ),
    "events.dorothy-freeman.1": (
        "Which clincian saw her on 1 April 2026?", "By whom was she seen on 04/01/2026?",
        "Who was her doctor at the visit of 1 April 2026?",
    ),
    "events.ruth-goldberg.1": (
        "When was she seen in 2026? List the dates.", "visit dates, 2026",
        "On which days did she have visits in 2026?",
    ),
    "events.george-papadopoulos.4": (
        "discharge summary: written by whom", "By whom was the discharge summary written?",
        "Which doctor signed the discharge summary?",
    ),
    "events.maria-alvarez.4": (
        "Has a colonoscopy been recorded?", "any colonoscopy on file", "Has she ever had a colonoscopy?",
    ),
    "events.maria-alvarez.5": (
        "When was her most recent colonoscopy?", "date of the latest colonoscopy",
        "On what day was she last scoped (coloonoscopy)?",
    ),
    "events.maria-alvarez.6": (
        "What did the mammogram show?", "result of the mammography", "mammo finding",
        "How did her mammogram turn out?",
    ),
    "events.maria-alvarez.7": (
        "date of the latest foot exam", "On which day were her feet last examined?",
        "most recent diabetic foot exam, when",
    ),
    "events.maria-alvarez.8": (
        "What did the most recent eye exam show?", "finding at the latest retinal exam",
        "result of her last eye examination",
    ),
    "events.james-whitfield.7": (
        "coronary angiography result", "What was found on the coronary angiogram?",
        "finding of the coronary angio",
    ),
    "events.james-whitfield.8": (
        "Through which vessel was the catheterization done?", "cath access",
        "Which artery was used as access for the heart cath?",
    ),
    "events.james-whitfield.9": (
        "number of echocardiograms", "How often has he had an echo?", "count of echos on file",
    ),
    "events.james-whitfield.10": (
        "What did the ECG show?", "EKG finding", "result of the electrocardiogram",
    ),
    "events.linda-kaminski.1": (
        "Did she ever undergo colonoscopy?", "colonoscopy ever performed?",
        "Was a colonoscopy ever carried out?",
    ),
    "events.linda-kaminski.2": (
        "Has she ever had a mammogram?", "any mammography so far?", "Was a mammogram ever done?",
    ),
    "events.george-papadopoulos.5": (
        "When was his carotid surgery?", "On which day was the carotid endarterectomy performed?",
        "carotid endarterectomy date", "CEA performed when",
    ),
    "events.george-papadopoulos.6": (
        "What did the brain MRI show?", "finding on MRI of the head", "result of his brain MRI",
    ),
    "events.george-papadopoulos.7": (
        "time from stroke to carotid endarterectomy",
        "How many days after the stroke was the endarterectomy done?",
        "interval between stroke and endarterectomy",
    ),
    "events.hien-nguyen.4": (
        "Did the blood cultures grow anything - what was the result?", "blood culture result",
        "What came of the blood cultures?",
    ),
    "events.hien-nguyen.5": (
        "What did the chest X-ray show?", "CXR finding", "result of the chest radiograph",
    ),
    "events.hien-nguyen.6": (
        "Has the AFB culture been resulted?", "Is there a final result for the AFB culture yet?",
        "AFB culture final yet?",
    ),
    "events.ruth-goldberg.2": (
        "When was the mastectomy performed?", "mastectomy date", "On what date did she undergo mastectomy?",
        "day of her mastectomy",
    ),
    "events.ruth-goldberg.3": (
        "How large was the tumor in the pathology report?", "tumour size per pathology",
        "pathology: size of tumor in mm",
    ),
    "events.ruth-goldberg.4": (
        "Is the tumor HER2 positive or negative?", "HER2 result", "What did HER2 testing show?",
    ),
    "events.ruth-goldberg.5": (
        "number of mammograms", "How often was mammography done?", "count of mammograms on file",
    ),
    "events.frank-delaney.2": (
        "When was spirometry done?", "date of the spirometry",
        "On which day did he have lung function testing by spirometry?",
    ),
    "events.frank-delaney.3": (
        "Has he had a low-dose CT?", "Was a low dose chest CT ever performed?", "LDCT done yet?",
    ),
    "events.kwame-mensah.1": ("What did the EEG show?", "EEG result", "result of the electroencephalogram"),
    "events.kwame-mensah.2": (
        "MRI finding", "What was found on the MRI?", "result of the MRI of the brain",
    ),
    "events.denise-carter.1": (
        "What did the latest urine drug screen show?", "result of the most recent UDS",
        "finding in her last urine tox screen",
    ),
    "events.denise-carter.2": (
        "number of UDS done", "How often was a urine drug screen performed?", "count of urine drug screens",
    ),
    "events.nora-obrien.1": (
        "When did she have her mammogram?", "date of the mammogrram", "mammography done on what day",
    ),
    "events.maria-alvarez.9": (
        "When did she get her latest flu shot?", "date of the most recent influenza vaccination",
        "last flu jab - when", "latest influenza vaccine",
    ),
    "events.maria-alvarez.10": (
        "number of COVID shots", "How often was she vaccinated against covid-19?",
        "COVID-19 vaccine doses received, count",
    ),
    "events.maria-alvarez.11": (
        "Has she been vaccinated aginst pneumococcus?", "Was a pneumococcal vaccine given?",
        "pneumonia jab received?",
    ),
    "events.maria-alvarez.12": (
        "Has she had the shingles shot?", "zoster vaccine received?", "Was Shingrix ever given?",
    ),
    "events.kwame-mensah.3": (
        "When was his latest tetanus shot?", "most recent tetanus vaccination, date",
        "On which day did he last get a tetanus booster?",
    ),
    "events.linda-kaminski.3": (
        "Did she get a flu shot this year?", "influenza vaccine received this year?",
        "Has she been vaccinated against flu this year?",
    ),
    "events.linda-kaminski.4": (
        "Why was the flu shot not given?", "reason no influenza vaccine", "Why didn't she get her flu jab?",
    ),
    "events.mateo-garcia.3": (
        "number of MMR shots", "How many times was he vaccinated against measles, mumps and rubella?",
        "MMR dose count",
    ),
    "events.mateo-garcia.4": (
        "When did he get his first varicella shot?", "first chickenpox vaccine, what date",
        "date of varicella dose 1",
    ),
    "events.tyrone-jackson.1": (
        "How many hepatitis B vaccine doses has he had?", "number of Hep B shots",
        "hepatitis B vaccine doses, count",
    ),
    "events.dorothy-freeman.2": (
        "Which vaccines has she had?", "list her vaccinations", "vaccination history",
        "Pull up her immunization record.",
    ),
    "events.frank-delaney.4": (
        "Did he get a flu shot for the 2025/26 season?", "influenza vaccination in the 2025 season?",
        "Was the 2025 season's flu vaccine given?",
    ),
}
# fmt: on
