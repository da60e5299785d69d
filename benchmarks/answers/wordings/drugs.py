"""Other wordings: medication."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "drugs.maria-alvarez.1": (
        "Is she currently being treated with a statin?", "any statin on board?",
        "Can you tell me whether she takes a statin?",
    ),
    "drugs.maria-alvarez.2": (
        "Is insulin part of her current treatment?", "insulin-treated at present?",
        "Is she currently injecting insulin?",
    ),
    "drugs.maria-alvarez.3": (
        "Is she being given an ACE-I at presnet?", "any ACE inhibitor on her list?",
        "Does she take an angiotensin-converting enzyme inhibitor?",
    ),
    "drugs.maria-alvarez.4": (
        "Does she take warfarin?", "warfarin currently?", "Is she being treated with Coumadin?",
    ),
    "drugs.maria-alvarez.5": (
        "Does she take Jardiance?", "Is she currently treated with empagliflozin?",
        "empagliflozin on board now?",
    ),
    "drugs.maria-alvarez.6": (
        "Is she getting a GLP-1 receptor agonist?", "GLP-1 RA currently prescribed?",
        "Does she take a GLP-1 agonist at present?",
    ),
    "drugs.maria-alvarez.7": (
        "Does she use insulin?", "insulin curretly?", "Is she being treated with insulin at this point?",
    ),
    "drugs.james-whitfield.1": (
        "Is he being treated with a beta-blocker?", "Does he take any β-bloker?",
        "any beta blocker on his current list?", "BB on board?",
    ),
    "drugs.james-whitfield.2": (
        "Is lisiopril still being taken?", "lisinopril - ongoing?", "Has he stayed on lisinopril?",
    ),
    "drugs.james-whitfield.3": (
        "Is he using an NSAID?", "any non-steroidal anti-inflammatory on board?",
        "Does he take NSAIDs at the moment?",
    ),
    "drugs.james-whitfield.4": (
        "Does he take sacubitril/valsartan?", "Is he currently on sacubitril-valsartan?",
        "Entresto currently prescribed?",
    ),
    "drugs.dorothy-freeman.1": (
        "Is she still taking metformin?", "metformin currently active?",
        "Is metformin an ongoing prescription?",
    ),
    "drugs.dorothy-freeman.2": (
        "Does she take an angiotensin receptor blocker?", "any sartan at present?",
        "Is an ARB among her current drugs?",
    ),
    "drugs.denise-carter.1": (
        "Does she take a benzodiazepine?", "any benzodiazepine currently?",
        "Is she being prescribed a benzo at present?",
    ),
    "drugs.denise-carter.2": (
        "Is she currently taking an opioid?", "opioids among her current medication?",
        "Does her medictaion list include an opiod?",
    ),
    "drugs.denise-carter.3": (
        "Does she have a naloxone prescription?", "Narcan prescribed?",
        "Is there a current order for naloxone?",
    ),
    "drugs.frank-delaney.1": (
        "Does he take a beta blocker at present?", "Is a beta-blocker among his medicines?",
        "currently treated with a beta blocker?",
    ),
    "drugs.george-papadopoulos.1": (
        "Is he taking clopidogrel?", "Does he currently use Plavix?", "clopidogrel on board?",
    ),
    "drugs.george-papadopoulos.2": (
        "Does he still use aspirin?", "aspirin ongoing?", "Is he on ASA still?",
    ),
    "drugs.nora-obrien.1": (
        "Does she have an EpiPen?", "Has she got an epinephrine auto-injector?",
        "adrenaline auto-injector prescribed?",
    ),
    "drugs.ruth-goldberg.1": (
        "Is she taking a bisphosphonate?", "any bisphosphonate on board",
        "Does she currntly get a bisphosphonate?",
    ),
    "drugs.tyrone-jackson.1": (
        "Does he take Biktarvy?", "Is he curretnly treated with Biktarvy?", "Biktarvy on his list?",
    ),
    "drugs.kwame-mensah.1": (
        "Is he on lamotrigine at present?", "Does he currently take Lamictal?", "lamotrigine ongoing?",
    ),
    "drugs.linda-kaminski.1": (
        "Does she take a statin?", "any statin at the moment?", "Is a statin on her medication list?",
    ),
    "drugs.dorothy-freeman.3": (
        "Has she ever been given metformin?", "ever on metformin?",
        "Was she at any time prescribed metformin?",
    ),
    "drugs.maria-alvarez.8": (
        "Has she ever taken a sulfonylurea?", "Was a sulphonylurea ever prescribed?",
        "any sulfonylurea at any time?",
    ),
    "drugs.james-whitfield.5": (
        "Has he ever taken spironolactone?", "Was spironolactone ever prescribed?",
        "any spironolactone in the past or now?",
    ),
    "drugs.hien-nguyen.1": (
        "Was he treated with antibiotics?", "Did he receive any antibiotic?", "abx given?",
    ),
    "drugs.james-whitfield.6": (
        "How much furosmide is he on?", "furosemide, present dose",
        "What dose of Lasix is he taking currently?", "strength of his furosemide",
    ),
    "drugs.james-whitfield.7": (
        "How much carvedilol does he take?", "carvedilol: what dose", "What strength is his carvedilol?",
        "current dosage of Coreg",
    ),
    "drugs.james-whitfield.8": (
        "How often does he take furosemide?", "frequency of furosemide", "furosemide schedule",
        "How many times a day is furosemide given?",
    ),
    "drugs.maria-alvarez.9": (
        "What is her glargine dose in units?", "glargine units", "How much glargine is she injecting?",
        "dose of insulin glargine",
    ),
    "drugs.maria-alvarez.10": (
        "How much metformin is she taking?", "What strength of metformin is she on?",
        "current metformin dosage",
    ),
    "drugs.maria-alvarez.11": (
        "What was the initial metformin dose?", "starting dose of metformin",
        "At what dose was metformin initiated?",
    ),
    "drugs.ingrid-sorensen.1": (
        "What dose of levothyroxine is she taking now?", "present levothyroxine dosage",
        "How much thyrxoine is she on currently?",
    ),
    "drugs.ingrid-sorensen.2": (
        "What dose of Synthroid was she begun on?", "initial levothyroxine dose",
        "starting dose of levothyroxine",
    ),
    "drugs.denise-carter.4": (
        "How much gabapentin does she take?", "gabapentin dosage",
        "What strength of gabapentin is she prescribed?",
    ),
    "drugs.kwame-mensah.2": (
        "How much levetiracetam is he taking?", "levetiracetam dose now",
        "What is his current dose of Keppra?",
    ),
    "drugs.linda-kaminski.2": (
        "What dose of amlodipine does she take now?", "current amlodipine dose",
        "How much amlodipine is she on?",
    ),
    "drugs.mateo-garcia.1": (
        "How is albuterol to be taken?", "instructions for the albuterol inhaler",
        "What are the directions for his albuterol?", "albuterol sig",
    ),
    "drugs.maria-alvarez.12": (
        "When did she go on metformin?", "start date of metformin", "On what date was metformin commenced?",
        "metformin initiated when",
    ),
    "drugs.maria-alvarez.13": (
        "When was insulin commenced?", "When did she go on insulin?", "insulin initiation date",
        "On which day was she put on insulin?",
    ),
    "drugs.maria-alvarez.14": (
        "start date of Jardiance", "When was empagliflozin commenced?", "When was she put on Jardiace?",
        "date empagliflozin was initiated",
    ),
    "drugs.james-whitfield.9": (
        "first prescription date of spironolactone", "When was he put on spironolactone?",
        "spironolactone commenced when?", "On what date was spironolactone initiated?",
    ),
    "drugs.dorothy-freeman.4": (
        "When did she go on darbepoetin?", "darbepoetin commenced on which day?", "start of darbepoetin",
        "When was she put on Aranesp?",
    ),
    "drugs.ruth-goldberg.2": (
        "When was anastrozole initiated?", "start date of anastrozole",
        "Since what date has she been taking anastrozole?",
    ),
    "drugs.tyrone-jackson.2": (
        "When was antiretroviral therapy commenced?", "ART start date",
        "When did he go on antiretrovirals?",
    ),
    "drugs.ruth-goldberg.3": (
        "duration of Arimidex treatment", "For how long has she been taking anastrozole?",
        "How much time has she spent on Arimidex so far?",
    ),
    "drugs.maria-alvarez.15": (
        "How long after the diabetes diagnosis was insulin started?",
        "interval between diagnosis of diabetes and insulin initiation",
        "How much time passed from being diagnosed with diabetes until going on insulin?",
    ),
    "drugs.dorothy-freeman.5": (
        "duration of losartan therapy", "For how long has she been taking losartan?",
        "losartan - how long has it been?",
    ),
    "drugs.dorothy-freeman.6": (
        "What was the reason for ceasing metformin?", "reason metformin was discontinued",
        "Why was she taken off metformin?", "Why did they stop the metformin?",
    ),
    "drugs.james-whitfield.10": (
        "Why was he taken off lisinopril?", "reason for stopping lisinopril",
        "What led to lisinopril being ceased?", "lisinopril stopped - why",
    ),
    "drugs.kwame-mensah.3": (
        "Why was he taken off lamotrigine?", "What made them stop lamotrigine?",
        "why was Lamictal discontinued",
    ),
    "drugs.denise-carter.5": (
        "Who is the prescriber of lorazepam?", "lorazepam was prescribed by whom?",
        "Which doctor ordered the lorazepam?", "prescriber, lorazepam",
    ),
    "drugs.frank-delaney.2": (
        "Who put him on propranolol?", "propranolol was initiated by whom?",
        "Which doctor prescribed propranolol?",
    ),
    "drugs.frank-delaney.3": (
        "Why is he on propranolol?", "indication for propranolol",
        "What's the reason he takes propranolol?",
    ),
    "drugs.dorothy-freeman.7": (
        "Why does she get darbepoetin?", "indication for darbepoetin",
        "What condition is darbepoetin treating?",
    ),
    "drugs.maria-alvarez.16": (
        "What is she taking at present?", "pull up her active medications", "Which drugs is she on now?",
        "list of current medicines please",
    ),
    "drugs.george-papadopoulos.3": (
        "Please show his current medicines.", "drugs he is on now", "What does his med list look like?",
        "active prescriptions, list",
    ),
    "drugs.nora-obrien.2": (
        "current drugs", "Which medicines does she take these days?", "Pull up the meds she's on now.",
        "what tablets etc is she taking currently",
    ),
    "drugs.linda-kaminski.3": (
        "What medicines is she on?", "her medication please", "which drugs does she take",
    ),
    "drugs.james-whitfield.11": (
        "medication changes at the latest visit", "Which drug changes were made when he was last seen?",
        "What was altered in his medication at his most recent visit?",
    ),
    "drugs.frank-delaney.4": (
        "Which inhalers does he use?", "list his inhalers", "inhaled medication, what is he on",
    ),
    "drugs.james-whitfield.12": (
        "Which drugs has he been taken off?", "discontinued meds", "What medications have been ceased?",
        "show the drugs that were stopped",
    ),
    "drugs.hien-nguyen.2": (
        "number of different antibiotics given", "How many distinct antibiotics did he receive?",
        "count of separate antibiotics",
    ),
    "drugs.hien-nguyen.3": (
        "name the antibiotics he got", "antibiotics given: which ones",
        "What antibiotics was he treated with?", "list all antibiotics he was put on",
    ),
    "drugs.tyrone-jackson.3": (
        "number of active prescriptions", "count his current prescriptions",
        "How many drugs is he currently prescribed?",
    ),
    "drugs.denise-carter.6": (
        "Which OTC medicines does she use?", "any OTC meds", "What does she buy over the counter?",
    ),
    "drugs.ingrid-sorensen.3": (
        "number of levothyroxine orders so far", "How many levothyroxine prescriptions have there been?",
        "count of levothyroxine orders",
    ),
    "drugs.maria-alvarez.17": (
        "Which antidiabetics does she take?", "current diabetes medication",
        "What is she taking for her diabetes?", "glucose-lowering drugs at present",
    ),
    "drugs.mateo-garcia.2": (
        "Did he get oral corticosteroids in 2026?", "steroid tablets or syrup by mouth this year?",
        "Has he been given oral steroids this year?",
    ),
}
# fmt: on
