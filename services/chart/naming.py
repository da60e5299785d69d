"""From codes and names to the lexicon's concepts."""

from __future__ import annotations

import functools
import re

from services.knowledge.assertion import assess
from services.knowledge.lexicon import lexicon
from services.knowledge.mnemonics import result_named

Codings = tuple[tuple[str, str], ...]

# What kind of concept an entry of a kind can be about.
_KINDS = {
    "result": ("drug", "lab", "vital", "social", "symptom", "problem", "finding", "procedure", "document"),
    "report": ("lab", "procedure", "document", "vital"),
    "medication": ("drug", "drugclass"),
    "procedure": ("procedure", "vaccine", "problem", "device", "finding"),
    "immunization": ("vaccine",),
}
# A specimen in a name makes it another quantity than the one named without it.
_SPECIMENS = re.compile(
    r"\b(?:urine|urinary|ur|csf|cerebral spinal fluid|cerebrospinal|stool|feces|saliva|sweat|pleural|peritoneal|synovial"
    r"|amniotic|dialysis|body fluid|cord|capillary|24 ?h(?:our|r)?)\b",
    re.IGNORECASE,
)


# Names that other systems give to things, where the lexicon's terms are not in them: ICD-10-PCS procedures, the
# charting items of intensive care, radiology's short titles, vaccines by their brand of antigen.
_AS_NAMED: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = tuple(
    (kinds, re.compile(pattern, re.IGNORECASE), concept)
    for kinds, pattern, concept in (
        (("result",), r"blood pressure,? mean\b|\bmean (?:arterial )?(?:blood )?pressure\b|\b[an]bp,? ?m(?:ean)?\b", "vital:mean-arterial-pressure"),
        (("result",), r"blood pressure,? systolic\b|\b[an]bp,? ?s(?:ys(?:tolic)?)?\b", "vital:systolic-blood-pressure"),
        (("result",), r"blood pressure,? diastolic\b|\b[an]bp,? ?d(?:ias(?:tolic)?)?\b", "vital:diastolic-blood-pressure"),
        (("result",), r"^ph(?: \(?(?:arterial|abg|blood gas)\)?)?$", "lab:arterial-ph"),
        (("result",), r"^(?:foley|void|straight cath\w*|condom cath\w*|urine out\w*)$", "vital:urine-output"),
        (("immunization",), r"\bcovid|\bsars-cov", "vaccine:covid-19"),
        (("procedure",), r"\bdrainage of peritoneal cavity", "procedure:paracentesis"),
        (("procedure",), r"\bdrainage of (?:right |left )?pleural cavity", "procedure:thoracentesis"),
        (("procedure",), r"\burinary filtration\b|\bh(?:a)?emofiltration|\bh(?:a)?emodialysis", "procedure:dialysis"),
        (("procedure",), r"\b(?:bladder|urinary|foley) catheter", "device:urinary-catheter"),
        (("procedure",), r"\binsertion of endotracheal", "procedure:intubation"),
        (("procedure",), r"\brespiratory ventilation\b|\bmechanical ventilation", "procedure:mechanical-ventilation"),
        (("procedure",), r"\btransfusion of nonautologous (?:red blood|whole blood)", "procedure:blood-transfusion"),
        (("procedure",), r"\bmeasurement of cardiac sampling and pressure", "procedure:cardiac-catheterization"),
        (("result",), r"\b(?:resuscitation|code) status\b", "finding:full-code"),
        (("procedure",), r"\binfusion device into (?:superior vena cava|(?:right |left )?(?:internal jugular|subclavian))|\bvenous catheteri[sz]ation\b", "device:central-venous-catheter"),
        (("report", "order"), r"^chest \((?:portable|pa|ap|single|pre-?op|lat)", "procedure:chest-x-ray"),
        (("report", "order"), r"\b(?:liver|gallbladder|abdomen|abd|ruq)\b.*\bus\b|\bus\b.*\b(?:liver|abd\w*|ruq)\b", "procedure:abdominal-ultrasound"),
        (("report", "order"), r"\b(?:renal|kidney)\b.*\bus\b|\bus\b.*\b(?:renal|kidney)", "procedure:renal-ultrasound"),
        (("report", "order"), r"^ct head|\bhead ct\b", "procedure:ct-head"),
        (("report", "order"), r"^cta? chest|\bchest ct\b", "procedure:ct-chest"),
        (("report", "order"), r"^ct abd", "procedure:ct-abdomen-and-pelvis"),
        (("medication",), r"\bvitamin b[ -]?12\b", "drug:cyanocobalamin"),
        (("encounter",), r"\bgeneral (?:medical )?examination of (?:the )?patient\b|\bwell child\b|\bperiodic (?:health|physical) exam", "encounter:wellness-visit"),
    )
)  # fmt: skip


# "NPO pending endoscopy", "teaching about insulin": what comes after isn't what was done.
_NOT_DONE = re.compile(
    r"\b(?:pending|awaiting|prior to|before|until|(?:in )?prep(?:aration|ped)? for|pre-?op(?:erative)? for|scheduled for"
    r"|(?:education|teaching|instruction|counsel\w*|discussion|information) (?:about|on|for|regarding))\b.*",
    re.IGNORECASE | re.DOTALL,
)


def done(kind: str, name: str) -> str:
    """The part of a procedure's name that tells what was done; other names whole."""
    return (_NOT_DONE.sub("", name) or name) if kind == "procedure" else name


_DENIES = re.compile(r"\b(?:no|not|non|without|w/o|absent|absence|negative|free)\b", re.IGNORECASE)


@functools.lru_cache(maxsize=8_192)
def denied(name: str) -> frozenset[str]:
    """The concepts that a problem's name says are not there: "concussion with no loss of consciousness"."""
    if not _DENIES.search(name):
        return frozenset()
    found = assess(name, lexicon().find(name, query=False))
    return frozenset(a.mention.concept for a in found if a.polarity == "absent")


@functools.lru_cache(maxsize=50_000)
def concepts_of(kind: str, codings: Codings, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """(own, named) concepts of an entry: by code first; by its name where no code is known."""
    known = lexicon()
    name = done(kind, name)
    coded = frozenset(c for system, code in codings for c in known.by_code(system, code))
    if not coded:
        if kind == "result" and (short := result_named(name)):
            return frozenset([short]), frozenset()
        for kinds, pattern, concept in _AS_NAMED:
            if kind in kinds and pattern.search(name):
                return frozenset([concept]), frozenset()
    mentioned = known.find(name, query=False)
    if kind in _KINDS and kind != "condition":
        wanted = _KINDS[kind]
        mentioned = [m for m in mentioned if m.concept.partition(":")[0] in wanted]
    if kind == "result":
        if coded:
            return coded, frozenset()
        specimen = _SPECIMENS.search(name)
        if specimen and not any(m.start <= specimen.start() and specimen.end() <= m.end for m in mentioned):
            return frozenset(), frozenset()
        # "Hemoglobin A1c/Hemoglobin.total in Blood": what comes first is what was measured.
        first = min((m.start for m in mentioned), default=0)
        return frozenset(m.concept for m in mentioned if m.start == first), frozenset()
    named = frozenset(m.concept for m in mentioned)
    if kind == "condition":
        named -= denied(name)
    if kind == "medication":
        named |= _combined(name)
    if coded:
        return coded, named - coded
    return named, frozenset()


_STRENGTH = re.compile(r"\s*\d[\d.,]*\s?(?:mg|mcg|g|ml|meq|unt|units?|iu|%)(?:/\w+)?(?=\s|$)", re.IGNORECASE)


def _combined(name: str) -> frozenset[str]:
    """The combination whose parts a name tells each with its strength: "Amoxicillin 250 MG / Clavulanate 125 MG"."""
    parts = [w[0] for p in _STRENGTH.sub(" ", name).split(" / ") if (w := re.findall(r"[A-Za-z-]{4,}", p))]
    if len(parts) != 2 or " / " not in name:
        return frozenset()
    pairs = ("/".join(parts), "/".join(reversed(parts)))
    return frozenset(m.concept for p in pairs for m in lexicon().find(p, query=False) if m.start == 0 and m.end == len(p))


@functools.lru_cache(maxsize=4_096)
def family(concept: str) -> frozenset[str]:
    """The concept and all narrower ones."""
    return frozenset((concept, *lexicon().narrower(concept)))


def closeness(own: frozenset[str], named: frozenset[str], concept: str) -> int:
    """How well an entry fits a concept: 3 it is, 2 it is a kind of it, 1 its name mentions it, 0 not at all."""
    if concept in own:
        return 3
    wide = family(concept)
    if own & wide:
        return 2
    return 1 if named & wide else 0
