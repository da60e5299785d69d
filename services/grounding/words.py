"""Words of the check: what carries content, and what only holds a sentence together."""

from __future__ import annotations

import functools
import re
import threading
from dataclasses import dataclass

import snowballstemmer

from services.knowledge.terms import TOKEN, normal

NUMBER_WORDS: dict[str, float] = {
    w: float(i)
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
TENS = {
    w: 10.0 * i
    for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
NUMBER_WORDS |= TENS

_stemmer = snowballstemmer.stemmer("english")
_stemming = threading.Lock()


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem under which a word is compared."""
    with _stemming:  # the stemmer keeps its word in itself
        return _stemmer.stemWord(normal(word))


def _set(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in text.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    stem: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """All words of the text, in order."""
    return [Word(stem(m.group()), m.start(), m.end()) for m in TOKEN.finditer(text)]


GLUE = _set(
    """
    a an the this that these those it its he she they his her hers him their them theirs i we our you your who whom whose which
    what when where why how and or but nor so yet if then than as at by for from in into of off on onto out over per to
    toward towards under up upon with within without via between among during after before since until while because due about
    around above below through across against along also again already always any both each either else ever every few further
    here there just least less like many more most much must near neither never next no none not now often once one only other
    others otherwise own quite rather same several some still such too very well whether yes am is are was were be been being
    do does did done have has had having can could may might shall should will would get got gets made make makes making went
    go goes going come came comes seem seems let
    patient patients pt man woman male female mr mrs ms dr gentleman lady person individual boy girl child adult
    record records recorded record's recording chart charts charted document documented documents documentation note notes noted
    noting entry entries report reports reported reporting state states stated describe describes described mention mentions
    mentioned show shows showed shown showing reveal reveals revealed indicate indicates indicated demonstrate demonstrated
    demonstrates find finds found finding findings list lists listed listing include includes included including contain contains
    according per based evidence evidenced source data information details detail summary summarize overall
    result results value values level levels reading readings measurement measurements measure measured measuring test tests
    tested testing lab labs laboratory study studies check checked checks figure number numbers count total
    date dated dates day days week weeks month months year years time times ago later earlier prior previous previously recent
    recently recent last latest most first second initial initially current currently present presently today yesterday now
    then since follow followed following subsequently visit visits encounter appointment clinic seen evaluation evaluated
    assessment assess assessed exam examination performed underwent obtained taken drawn collected
    have having known history hx past medical diagnosis diagnosed diagnoses condition conditions problem problems active status
    confirmed remain remains remained continue continues continued continuing stay stays stayed keep kept ongoing
    prescribe prescribed prescription order ordered orders take takes taking took given receive receives received receiving use
    uses used using treat treats treated treatment therapy medication medications medicine medicines drug drugs dose doses dosed
    dosage dosing regimen tablet tablets capsule pill pills mouth oral orally subcutaneous subcutaneously inject injected
    administered
    high low normal elevated raised reduced increase increased increases increasing decrease decreased decreases decreasing rise
    rises rose risen fall falls fell fallen drop drops dropped improve improved improves improving worsen worsened worse worsening
    better climb climbed climbing decline declined declines declining went up down higher lower stable unchanged steady change
    changes changed range reference limit limits unit units mild moderate severe
    approximately about nearly almost roughly exactly same respectively compared comparison versus trend trending trended
    start started starts starting begin began begun stop stopped stops stopping discontinue discontinued initiated
    add added adding reason reasons side effect because plan plans planned planning complaint complains complained presents
    presented presenting presentation symptom symptoms sign signs complain denies deny denied endorses endorsed negative positive
    absent absence presence associated related relating caused causing cause likely possible possibly probable suspected
    age aged old years-old year-old daily twice thrice once weekly monthly nightly morning evening night bedtime needed
    set place part case way thing things available provided regarding concerning respect terms
    however although though additionally furthermore moreover therefore thus hence meanwhile while whereas notably
    occasion occasions event events give gives gave giving become becomes became necessary need express expressed correspond corresponds amount amounted equal equals mark marked
    another further latter former new newly still yet long term back side both half namely turn turned turns workup
    overnight tonight nights mornings evenings weekend weekends
    gradually continuously consistently respective cycle cycles score scores point points course courses
    just slightly somewhat marginally minimally barely markedly considerably early late mid
    register registered clocked sat chose chosen get gets dealing deal
    """
)
"""Stems that carry no claim of their own: grammar, and the vocabulary of reporting. What they do claim
(a direction, a status, a negation) is checked by rules of its own."""

SAME = {
    stem(word): stem(first)
    for group in (
        "prn needed required",
        "eye retinal ocular",
        "surgery operation operated surgical operative",
        "died death deceased",
        "smoking smoker smokes tobacco cigarettes smoked",
        "alcohol drinks drinking drank",
        "mother mom maternal mum mothers",
        "father dad paternal",
        "refused declined refuses declines refusal",
        "missed omitted missing skipped forgotten",
        "quit stopped discontinued ceased",
        "stool feces",
        "food meals eating eats ate eat meal",
        "weak weakness",
        "tired fatigue fatigued tiredness",
        "nausea nauseated",
        "vomiting vomits vomited",
        "cough coughing",
        "sleep sleeps sleeping slept asleep",
        "home house",
        "scan imaging image",
        "blood bloods",
        "immunization vaccine vaccination shot jab immunized vaccinated vaccines immunised",
        "physician doctor provider clinician prescriber",
        "allergy allergic allergies",
        "referral referred refer re-referred",
        "overdue due",
        "sputum phlegm",
        "heart cardiac",
        "kidney renal",
        "liver hepatic",
        "lung pulmonary lungs",
        "foot feet",
        "tolerate tolerates tolerated tolerating",
        "remission remit",
        "breathing breath breathe",
        "teaching taught teach education educated",
        "resolve resolved settled cleared resolution gone",
        "daughter daughters",
        "worried worry concern concerned worries",
        "work works working worked job",
        "live lives living lived",
        "fracture fractured broke broken",
        "admitted admission hospitalized hospitalised admit",
        "discharge discharged",
        "raise raised increase titrate titrated uptitrated",
        "hold held withheld hold",
        "add added adding addition",
        "walk walks walking",
        "swelling swollen",
        "bruise bruising",
        "bleeding bled bleed bleeds",
        "stiffness stiff",
        "intravenous iv",
        "loss lost losing lose",
        "severe severity",
        "want wants wanted wish wishes prefer prefers preferred rather",
        "normal nl wnl",
        "catheter foley",
        "void voids voided voiding micturition urinate urinates urination urinating",
        "urine urinary",
        "prostate prostatic",
        "ambulate ambulated ambulates ambulating walk walks walked walking",
        "wear wears wearing worn wore",
        "wean weaned weaning",
        "nodule nodules nodular",
        "wall parietal",
        "border edge margin",
        "leak leaks leaking leakage",
        "baby babies infant fetus fetal foetal",
        "pregnant pregnancy gestation gestational antenatal prenatal",
        "menopause menopausal",
        "breast mammary",
        "skin cutaneous dermal",
        "bone osseous bony skeletal",
        "stomach gastric",
        "bowel intestinal intestine gut",
        "brain cerebral",
        "neck cervical",
        "chest thoracic",
        "back spinal spine lumbar",
        "belly abdomen abdominal tummy",
        "joint joints articular",
        "muscle muscles muscular",
        "nerve nerves neural",
        "vein veins venous",
        "artery arteries arterial",
        "womb uterus uterine",
        "enlarged dilated dilatation enlargement distended",
        "thickened thickening thick hypertrophy hypertrophied",
        "narrowed narrowing stenosis stenotic stenosed",
        "widen widened widening",
        "repeat repeated recheck rechecked",
        "appointment visit consultation",
        "help helped helping assist assisted assistance aid",
        "improve relief relieved relieve eased ease eases",
        "dizzy dizziness light-headed lightheaded lightheadedness",
        "itch itching itchy pruritus",
        "hurt hurts hurting pain painful aching ache aches sore",
        "fast rapid quick",
        "tumor tumour mass lump",
        "cancer malignancy malignant carcinoma",
        "remove removed removal excised excision resected resection",
        "insert inserted placed placement insertion",
        "school college university",
        "parent parents",
        "wife husband spouse partner",
        "independent independently unaided alone",
        "vision visual sight eyesight",
        "hearing auditory",
        "speak speaks speaking speech talk talks talking",
        "sugar sugars glucose",
        "period periods menses menstrual menstruation",
        "shoulder shoulders",
        "injection injections inject injected injecting",
        "rescue reliever",
        "stage staging",
        "device monitor",
        "transfuse transfused transfusion",
        "centile percentile percentiles",
        "physiotherapy physio pt",
        "psychotherapy therapy counselling counseling",
        "anaesthesia anesthesia anaesthetic anesthetic",
        "session sessions",
        "lift lifts lifting",
        "steroid steroids corticosteroid corticosteroids glucocorticoid",
        "complete completed completes finish finished finishes",
        "amputation amputated amputate",
        "conversion convert converted converting",
        "approve approved approval",
        "bilateral bilaterally bilat",
    )
    for first, *rest in (group.split(),)
    for word in (first, *rest)
}
"""Words that say the same in a record, under one stem."""

DRUG_LIKE = re.compile(
    r"\w{2,}(?:mab|nib|pril|sartan|statin|olol|azole|cillin|mycin|floxacin|gliptin|gliflozin|glutide|parin|xaban|gatran|dipine"
    r"|thiazide|oxetine|triptyline|azepam|zolam|tidine|prazole|caine|vir|cycline|setron|dronate|fibrate|lukast|barbital|tadine"
    r"|profen|oxicam|semide|lactone|sone|solone|formin|glitazone|terol|tropium|codone|morphone|triptan|pidem|peridone|apine)s?",
    re.IGNORECASE,
)
"""Words built with the stems of drug names (USAN and INN stem lists, WHO 2018)."""

DISEASE_LIKE = re.compile(
    r"\w{3,}(?:itis|osis|emia|aemia|oma|omas|opathy|algia|penia|megaly|plegia|phasia|rrhea|rrhoea|rrhage|uria|pnea|pnoea|cele|ectasia"
    r"|sclerosis|stenosis|ectomy|otomy|ostomy|plasty|oscopy|trophy|edema|oedema|itides|paresis|esthesia|dynia|ptysis|carcinoma)",
    re.IGNORECASE,
)
"""Words built with the endings of names of diseases, symptoms and operations."""
