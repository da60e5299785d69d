"""Other wordings: laboratory results."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "labs.maria-alvarez.1": (
        "Could you tell me her latest glycated haemoglobin?", "a1c, newest value pls",
        "What did the most recent hemoglobin A1c come back as?",
    ),
    "labs.maria-alvarez.2": (
        "pull up her newest LDL cholesterol", "LDL-C at the last check",
        "how high is her bad cholesterol these days",
    ),
    "labs.maria-alvarez.3": (
        "eGFR at the moment", "Remind me where her estimated GFR currently stands.",
        "what's the glomerular filtration rate now",
    ),
    "labs.dorothy-freeman.1": (
        "What is the most recent potassium?", "serum K+, latest",
        "Please give me her newest potassium reading.",
    ),
    "labs.dorothy-freeman.2": (
        "latest serum bicarbonate", "What was her HCO3 the last time it was checked?",
        "bicarbonate level, newest", "total CO2 at the last blood draw",
    ),
    "labs.dorothy-freeman.3": (
        "PTH, last value", "Can you pull up the newest PTH result?",
        "how high was parathormone when last measured",
    ),
    "labs.dorothy-freeman.4": (
        "What is her 25-OH vitamin D?", "latest vitamin D result please", "25-hydroxyvitamin D, current",
    ),
    "labs.james-whitfield.1": (
        "What was the newest B-type natriuretic peptide?", "most recent BNP result",
        "Remind me of his last BNP.",
    ),
    "labs.james-whitfield.2": (
        "current serum creatinine", "Where is his creat at present?", "creatinine, most recent reading",
    ),
    "labs.james-whitfield.3": (
        "Na, newest value", "What did his sodium come back as most recently?",
        "how much is his serum sodium now",
    ),
    "labs.hien-nguyen.1": (
        "WBC, most recent", "What was the leukocyte count last time?",
        "newest white blood cell count please", "last leucocytes",
    ),
    "labs.hien-nguyen.2": (
        "Can you tell me the newest C-reactive protein?", "CRP - what was the final value",
        "most recent CRP result",
    ),
    "labs.tyrone-jackson.1": (
        "What is his latest CD4 count?", "T-helper cell count, newest", "CD4 at the last check",
    ),
    "labs.tyrone-jackson.2": (
        "How many HIV copies at the last measurement?", "current VL (HIV RNA)",
        "What did the newest HIV-1 RNA come back as?",
    ),
    "labs.ingrid-sorensen.1": (
        "What's the thyroid stimulating hormone at present?", "current TSH level",
        "Tell me her newest TSH, please.",
    ),
    "labs.ruth-goldberg.1": (
        "Ca (serum), newest", "What was her calcium level when it was last taken?",
        "most recent blood calcium",
    ),
    "labs.george-papadopoulos.1": (
        "LDL cholesterol from his latest visit", "What did his LDL come back as when he was last here?",
        "At his most recent visit, what was the LDL?",
    ),
    "labs.kwame-mensah.1": (
        "levetiracetam level, most recent", "What was the last levetiracetam concentration?",
        "newest Keppra concenttration in blood",
    ),
    "labs.nora-obrien.1": (
        "What is her haemoglobin?", "Hb please", "how much is her hemoglobin", "haemoglobin result please",
    ),
    "labs.frank-delaney.1": (
        "Hb, newest", "What's the most recent haemoglobin on him?", "latest Hgb value",
    ),
    "labs.maria-alvarez.4": (
        "What did the A1c of 23 September 2025 show?", "A1c result dated 09/23/2025",
        "On 23 Sep 2025, how high was the glycated haemoglobin?",
    ),
    "labs.maria-alvarez.5": (
        "LDL cholesterol, Sept 2024", "In September of 2024, how high was the LDL?",
        "Tell me the LDL result from 09/2024",
    ),
    "labs.dorothy-freeman.5": (
        "What was the creat in Deccember 2022?", "serum creatinine of 12/2022",
        "How high was her creatinine in Dec. 2022?",
    ),
    "labs.james-whitfield.4": (
        "What was his BNP when he was admittted in May 2025?", "admission BNP, May 2025",
        "natriuretic peptide on arrival at the hospital in May 2025",
    ),
    "labs.maria-alvarez.6": (
        "newest A1c please", "What is the glycated hemoglobin at present?", "most recent haemoglobin A1c",
    ),
    "labs.dorothy-freeman.6": ("What is the most recent estimated GFR?", "eGFR now", "newest GFR estimate"),
    "labs.ingrid-sorensen.2": (
        "latest thyrotropin", "What did the last TSH come back as?", "newest TSH value",
    ),
    "labs.james-whitfield.5": (
        "What is the maximum BNP on file?", "BNP maximum", "How high has the BNP got at its worst?",
        "peak natriuretic peptide",
    ),
    "labs.james-whitfield.6": (
        "What is the highest creatinine he has had?", "max creat", "the top creatinine value on record",
    ),
    "labs.james-whitfield.7": (
        "date of the peak BNP", "On which day did the BNP reach its maximum?", "When did BNP peak?",
    ),
    "labs.dorothy-freeman.7": (
        "What was her lowest Hb ever?", "haemoglobin nadir", "minimum Hgb",
        "How low has the hemoglobin gone?",
    ),
    "labs.dorothy-freeman.8": (
        "date of the hemoglobin nadir", "When did her haemoglobin bottom out?",
        "When was the Hgb at its minimum?",
    ),
    "labs.maria-alvarez.7": (
        "highest A1c on record", "What is the maximum HbA1c she's ever had?", "peak glycated hemoglobin",
    ),
    "labs.maria-alvarez.8": (
        "lowest A1c over the last 24 months",
        "What was her best glycated haemoglobin during the past two years?", "min HbA1c, past 2 y",
    ),
    "labs.hien-nguyen.3": (
        "peak white count during the hospital stay",
        "How high did the leukcytes get while he was in hospital?", "highest WBC while admitted",
    ),
    "labs.tyrone-jackson.3": (
        "CD4 nadir", "What is the minimum CD4 count on file?", "How low did his CD4 go?",
    ),
    "labs.ingrid-sorensen.3": (
        "TSH when the hypothyroidism was diagnosed", "At the time of diagnosis, how high was TSH?",
        "diagnostic TSH value",
    ),
    "labs.tyrone-jackson.4": (
        "What was his very first HIV viral load?", "earliest viral load on file", "initial HIV RNA",
    ),
    "labs.dorothy-freeman.9": (
        "peak potassium in the last 12 months", "What was the maximum K+ over the past year?",
        "How high has potassium been within the past twelve months?",
    ),
    "labs.maria-alvarez.9": (
        "date of the most recent lipid panel", "When were her lipids last checked?",
        "last lipid profile - what day", "When did she last have her cholesterol panel drawn?",
    ),
    "labs.ruth-goldberg.2": (
        "When was vitamin D last checked?", "On what day was the 25-OH vitamin D most recently measured?",
        "last vit D check, date",
    ),
    "labs.dorothy-freeman.10": (
        "date of the last iron studies", "When was her iron last looked at?",
        "most recent iron panel: when",
    ),
    "labs.linda-kaminski.1": (
        "date of her last HbA1c", "When was the glycated hemoglobin most recently measured?",
        "last A1c check - when was that",
    ),
    "labs.denise-carter.1": (
        "How many days ago was the creatinine last checked?", "time since the last creatinine",
        "How much time has passed since her most recent cratinine?",
    ),
    "labs.dorothy-freeman.11": (
        "Has the potassium ever exceeded 5.5?", "any potassium > 5.5",
        "Did K+ at any time go over 5.5 mmol/L?",
    ),
    "labs.dorothy-freeman.12": (
        "Has potassium ever been higher than 5.0?", "any K above 5 on file",
        "Did her potassium ever exceed 5 mmol/L?",
    ),
    "labs.dorothy-freeman.13": (
        "Has her eGFR ever been below 25?", "Did GFR fall under 25 at any time?",
        "estimated GFR < 25 at any point?",
    ),
    "labs.maria-alvarez.10": (
        "any A1c under 7 ever?", "Did her HbA1c ever get below 7 %?",
        "Has she at any time had a glycated haemogloin of less than 7?",
    ),
    "labs.maria-alvarez.11": (
        "Has any HbA1c since 2023 been higher than 9?", "Did the A1c exceed 9 % at any time since 2023?",
        "any a1c > 9 from 2023 on",
    ),
    "labs.james-whitfield.8": (
        "Has the ejection fraction ever been below 30?", "Was LVEF under 30 % at any time?",
        "ever had an EF less than 30",
    ),
    "labs.hien-nguyen.4": (
        "Did lactate exceed 4?", "any lactate > 4 mmol/L", "Has his lactate been higher than 4?",
    ),
    "labs.george-papadopoulos.2": (
        "Is his LDL currently less than 70?", "LDL at goal, i.e. below 70, at the latest check?",
        "Does the most recent LDL lie under 70 mg/dL?",
    ),
    "labs.linda-kaminski.2": (
        "Is the most recent LDL lower than 100?", "LDL < 100 at present?",
        "Does her LDL sit under 100 now?",
    ),
    "labs.dorothy-freeman.14": (
        "ferritin high?", "Is her latest ferritin over the upper limit of normal?",
        "Does the ferritin exceed the normal range?",
    ),
    "labs.maria-alvarez.12": (
        "Is the most recent albumin/creatinine ratio out of range?", "last UACR abnormal?",
        "Was the latest urine ACR outside normal limits?",
    ),
    "labs.tyrone-jackson.5": (
        "CD4 low?", "Is the latest CD4 under the lower limit of normal?",
        "Does his CD4 fall below the refrence range?",
    ),
    "labs.ruth-goldberg.3": (
        "Was the latest vitamin D too low?", "vit D deficient at the most recent check?",
        "Is 25-OH vitamin D below range at present?",
    ),
    "labs.maria-alvarez.13": (
        "number of A1c results over 8", "How often has her HbA1c exceeded 8?",
        "count of glycated hemoglobins > 8", "On how many occasions was HbA1c higher than 8 %?",
    ),
    "labs.ingrid-sorensen.4": (
        "How many TSH values were higher than 4.5?", "count TSH > 4.5", "How often did the TSH exceed 4.5?",
    ),
    "labs.maria-alvarez.14": (
        "number of HbA1c results during 2025", "How many times was the A1c checked in 2025?",
        "count of a1c measurements, 2025",
    ),
    "labs.dorothy-freeman.15": (
        "How many potassium results since January 2026?", "number of K checks from Jan 2026 on",
        "Since Jan 2026, how many times has the potassium been checked?",
    ),
    "labs.dorothy-freeman.16": (
        "show me every ferritin", "Can you list each feritin value on file?", "all the ferritins please",
        "ferritin results, all of them",
    ),
    "labs.maria-alvarez.15": (
        "list the HbA1c results of 2025", "Which A1c values did she have during 2025?",
        "pull up all glycated haemoglobins from 2025",
    ),
    "labs.dorothy-freeman.17": (
        "Which results were out of range at the most recent blood draw?",
        "abnormal results from the latest labs", "What came back abnormal when blood was last taken?",
    ),
    "labs.hien-nguyen.5": (
        "Which lab results of 22 June 2026 were out of range?", "out-of-range labs, 06/22/2026",
        "On 22 June 2026 which labs came back abnormal?",
    ),
    "labs.dorothy-freeman.18": (
        "How high was the BUN on the day the potassium peaked?", "urea nitrogen when K was at its maximum",
        "BUN on the day of the peak K+",
    ),
    "labs.james-whitfield.9": (
        "What was the creatinine on the day of the lowest BNP?", "creat at the time of the BNP nadir",
        "When BNP was lowest, how high was creatinine?",
    ),
    "labs.maria-alvarez.16": (
        "average A1c over the last three measurements",
        "What do her 3 most recent HbA1c results average out at?",
        "mean of the three latest glycated hemoglobins",
    ),
}
# fmt: on
