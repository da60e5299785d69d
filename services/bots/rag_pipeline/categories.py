"""The words by which questions name kinds of entries and facts of the person."""

from __future__ import annotations

import functools
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.cues import cue

# Categories of the record by the words for them: kinds and, of encounters, classes.
CATEGORIES: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
    (cue(r"(?:discharge|admission|admitting|primary|principal|final|working|secondary) (?:diagnos[ei]s|dx)"), ("condition",), ()),
    (cue(r"family (?:history|hx)|fhx?|fam hx|famhx|runs? in (?:the|her|his|their) family|relatives?(?! to)|(?:mother|father|brother|sister|parent|sibling|grand(?:mother|father|parent)|aunt|uncle|son|daughter|cousin|mum|mom|dad)s?(?:'s)?|in (?:the|her|his) family"), ("family",), ()),
    (cue(r"(?:next|upcoming|future|scheduled|booked) (?:appointments?|visits?|follow[- ]?ups?)|appointments?|next appt|appt"), ("appointment",), ()),
    (cue(r"(?:emergency (?:department|room)|ed|er|a&e|emergency) (?:visits?|attendances?|encounters?|presentations?|trips?|admissions?)|(?:in|to|at) (?:the )?(?:ed|er|a&e|emergency (?:department|room))|emergency visits?"), ("encounter",), ("EMER",)),
    (cue(r"(?:hospital|in-?patient) (?:admissions?|stays?|visits?|encounters?|episodes?)|(?:stay(?:ed)?|been) in (?:the )?hospital|(?:le(?:ft|ave|aving)|out of|go(?:ne)? home from|went home from) (?:the )?hospital|admissions?|hospitali[sz]ations?|hospitali[sz]ed|admitted(?: to (?:the )?hospital)?|inpatient(?: stays?)?|hospital (?:stays?|course)|in(?:to)? (?:the )?hospital|discharged?|discharge date|length of stay|readmissions?|readmitted"), ("encounter",), ("IMP", "ACUTE", "NONAC")),
    (cue(r"tele(?:health|phone|medicine)\w* (?:visits?|calls?|encounters?)|phone calls?|video visits?|virtual visits?|phoned|called"), ("encounter",), ("VR",)),
    (cue(r"(?:clinic|office|outpatient|ambulatory) (?:visits?|encounters?|appointments?)"), ("encounter",), ("AMB",)),
    (cue(r"(?:discharge|admission|current|active|home|inpatient|new)?\s*(?:otc(?: \w+)?|over[- ]the[- ]counter(?: \w+)?|medications?|meds|drugs?|medicines?|prescriptions?|rx|pills|tablets|scripts?|pharmacotherapy|med list|prescribed|regimen)"), ("medication",), ()),
    (cue(r"allerg(?:y|ies|ic)|intoleran(?:ce|ces|t)|nkda|adverse (?:drug )?reactions?"), ("allergy",), ()),
    (cue(r"immuni[sz]ations?|immuni[sz]ed|vaccin(?:e|es|ated|ation|ations)|inoculated|shots?|jabbed|jabs?|boosters?|(?:vaccine |vaccination |hpv |hepatitis [ab] |mmr |dtap )series"), ("immunization",), ()),
    (cue(r"(?:active |chronic |medical |current |past |new )*(?:problems?(?! with (?!(?:the |their |its )?(?:\w+ )?(?:dates?|years?|onset)))|problem list|diagnos[ei]s|diagnosed|dx|conditions?|comorbidit(?:y|ies)|co-?morbidities|pmh|pmhx|past medical history|medical history|illness(?:es)?)"), ("condition",), ()),
    (cue(r"procedures?|surger(?:y|ies)|surgical history|psh|operations?|operated(?: on)?|interventions?"), ("procedure",), ()),
    (cue(r"imaging(?: stud(?:y|ies))?|scans?|radiolog\w+|x-?rays|ultrasounds|imaged"), ("report",), ("imaging",)),
    (cue(r"devices?|equipment|implants?|implanted"), ("device",), ()),
    (cue(r"(?:(?:self[- ]?)?management|rehabilitation|education|therapy|care|action) plans?(?! of)|(?<=\s\s)plans?(?! of| to)|care ?plans?|plan of care|treatment plans?|action plan|self[- ]care"), ("plan",), ()),
    (cue(r"(?:treatment |care )?goals?|targets?"), ("goal",), ()),
    (cue(r"referrals?|referred|pending orders?|outstanding orders?|open orders?|orders?|service requests?|requested"), ("order",), ()),
    (cue(r"labs?|laborator(?:y|ies)(?: (?:tests?|results?|values?))?|blood ?work|blood tests?|bloods"), ("result",), ("laboratory",)),
    (cue(r"vitals?|vital signs?|obs"), ("result",), ("vital-signs",)),
    (cue(r"notes?|documents?|letters?|documentation"), ("document",), ()),
    (cue(r"tak(?:e|es|ing)(?! (?:place|off|a look))"), ("medication",), ()),
    (cue(r"(?:health |wellness |annual |routine |general |yearly )?(?:check-?ups?|physicals|wellness visits?|well[- ]child visits?)"), ("encounter",), ("CHECKUP",)),
    (cue(r"visits?|encounters?|consults?|seen?|sees|follow[- ]?ups?|attend(?:ed|ance)s?|came in|visited"), ("encounter",), ()),
    (cue(r"tests?|results?|investigations?|readings?|measurements?"), ("result", "report"), ()),
)  # fmt: skip
DEMOGRAPHICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("insurance", cue(r"insur(?:ance|ed|er)|payers?|payors?|health plan|(?:paid|pays|paying) for|billed to|insured|covered by|coverage|medicare|medicaid")),
    ("birthDate", cue(r"date of birth|birth ?dates?|birthday|dob|born|year of birth")),
    ("gender", cue(r"(?:is|was) (?:the patient|he|she|pt) (?:an? )?(?:male|female)|gender|sex(?! ?ual)|male or female|man or (?:a )?woman|a (?:man|woman|boy|girl|male|female)")),
    ("age", cue(r"how old(?: is| are)?|(?:what(?:'s| is) )?(?:the |her |his |their )?(?:patient'?s? |pt'?s? )?(?:current )?age|age")),
    ("identifier", cue(r"mrn|medical record (?:number|no)|record number|hospital number|nhs number|identifiers?|patient id|ssn|social security")),
    ("contact", cue(r"next of kin|emergency contact|contact person")),
    ("phone", cue(r"phone(?: number)?|telephone(?: number)?|mobile(?: number)?|contact number|cell ?phone(?: number)?|cell number")),
    ("email", cue(r"e-?mail(?: address)?")),
    ("address", cue(r"(?:home |postal |street )?address|(?<!animals )(?<!pets )lives? (?:at|in)(?! the (?:house|home))|postcode|zip(?: code)?|city|town")),
    ("maritalStatus", cue(r"marital status|married|single|divorced|widow(?:ed|er)?")),
    ("language", cue(r"(?:preferred |native |first )?language|speaks?|interpreter")),
    ("generalPractitioner", cue(r"pcp|primary care (?:provider|physician|doctor)|family doctor|gp|general practitioner|(?:who is|who's|name of) (?:his|her|the patient's|their) (?:regular |usual |own |main )?(?:doctor|physician|provider|clinician|pcp)(?! (?:who|that|for))")),
    ("deceased", cue(r"(?:is|has) (?:she|he|the patient|pt|this patient) (?:alive|dead|deceased|died)|did (?:she|he|the patient|pt|this patient) (?:die|pass away|expire)|still alive|date of death|died|deceased|death")),
    ("maiden", cue(r"maiden name|birth name|name at birth|née")),
    ("name", cue(r"(?:full |first |last |patient'?s? )name|name of the patient(?!'s)|what is (?:she|he) called")),
    ("race", cue(r"race|ethnic\w*")),
)  # fmt: skip


@functools.cache
def spoken() -> frozenset[str]:
    """Every plain word of the cues: none of them is a slip of another."""
    patterns = [cue.pattern for _, cue in (*cues.ASKS, *cues.PICKS, *DEMOGRAPHICS)] + [
        c[0].pattern for c in CATEGORIES
    ]
    patterns += [
        value.pattern
        for value in (*vars(cues).values(), *globals().values())
        if isinstance(value, re.Pattern)
    ]
    return frozenset(w.lower() for p in patterns for w in re.findall(r"[A-Za-z]{3,}", p))
