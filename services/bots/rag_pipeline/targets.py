"""What a question is about: concepts, kinds of entries, and the words that narrow them."""

from __future__ import annotations

import datetime as dt
import re

from services.bots.rag_pipeline import categories, cues
from services.bots.rag_pipeline.leftover import leftover_words
from services.bots.rag_pipeline.mentions import WEIGHT
from services.bots.rag_pipeline.plain_words import as_typed
from services.bots.rag_pipeline.plan import Target
from services.bots.rag_pipeline.spans import blank, spans_of, within
from services.chart.naming import family
from services.index.features import stems
from services.knowledge.lexicon import Mention, lexicon

MEASURED = ("lab", "vital")
PREFERRED = {
    "lab": ("result", "report"), "vital": ("result",), "drug": ("medication",), "drugclass": ("medication",),
    "problem": ("condition",), "symptom": ("condition",), "finding": ("condition",), "procedure": ("procedure", "report"),
    "vaccine": ("immunization",), "document": ("document",), "social": ("result",), "encounter": ("encounter",),
    "substance": ("allergy",), "device": ("procedure",), "organism": ("result",),
}  # fmt: skip
# Terms that are words of a question rather than its subject.
NOT_SUBJECTS = frozenset(
    ["device:device", "vital:vital-signs", "document:document", "document:medication-list", "document:problem-list", "document:allergy-list",
     "document:laboratory-report", "document:radiology-report", "document:past-medical-history", "document:family-history",
     "document:care-plan", "document:referral", "document:immunization-record", "finding:allergic-to", "encounter:discharge", "encounter:follow-up-visit",
     "encounter:emergency-visit", "encounter:hospital-admission", "encounter:outpatient-visit", "encounter:telehealth-visit",
     "encounter:readmission", "procedure:imaging", "vaccine:vaccine", "social:language", "social:marital-status", "social:insurance", "document:chief-complaint"]
)  # fmt: skip


def _label(text: str, subjects: list[Mention]) -> str:
    """What is asked about in the words asked with; two of them as they are joined: "aspirin and clopidogrel"."""
    names = list(dict.fromkeys(m.surface for m in subjects))
    if len(names) != 2:
        return " ".join(names)
    joint = re.search(r"\b(?:and|or|nor)\b", text[subjects[0].end : subjects[-1].start], re.IGNORECASE)
    return f" {joint[0].lower()} ".join(names) if joint else " ".join(names)


def find_targets(
    text: str, bare: str, free: list[Mention], as_of: dt.date
) -> tuple[Target, tuple[Target, ...]]:
    subjects = [
        m
        for m in free
        if m.concept not in NOT_SUBJECTS and not m.concept.startswith(("anatomy:", "specialty:"))
    ]
    masked = blank(bare, spans_of(subjects))
    kinds, classes, category_spans = _category(masked)
    words, loose = leftover_words(bare, subjects, category_spans, as_of)
    label = _label(bare, subjects) or " ".join(as_typed(bare, words))
    if _ALLERGY.search(text) and not _ALLERGY_TEST.search(text):
        concepts = tuple(dict.fromkeys(c for m in subjects for c in _allergens(m)))
        return Target(concepts, ("allergy",), () if concepts else words, (), (), label, loose), ()
    supplied = next((m for m in subjects if m.concept.startswith("lab:") and _supplied(text, m)), None)
    if supplied:
        return Target((), ("medication",), (), (), (supplied.concept, *_problems(supplied.concept)), supplied.surface, ()), ()
    for mention in subjects:
        if (
            kinds != ("procedure",)
            and cues.PURPOSE.search(text[: mention.start])
            and not mention.concept.startswith(("drug", "vaccine"))
        ):
            purpose = tuple(
                c
                for m in subjects
                if not m.concept.startswith("drug")
                for c in (m.concept, *_problems(m.concept))
            )
            drugs = tuple(m.concept for m in subjects if m.concept.startswith("drug"))
            return Target(drugs, ("medication",), words, (), purpose, label), ()
    if (
        kinds == ("medication",)
        and subjects
        and not any(m.concept.startswith(("drug", "vaccine")) for m in subjects)
    ):
        purpose = tuple(c for m in subjects for c in (m.concept, *_problems(m.concept)))
        return Target((), ("medication",), words, (), purpose, label), ()
    if kinds == ("plan",):
        concepts = tuple(m.concept for m in subjects if not m.concept.startswith("document:"))
        return Target(concepts, kinds, () if concepts else words, (), (), label, loose), ()
    packs = next((m for m in subjects if m.concept == "vital:cigarette-pack-years"), None)
    if packs:
        return Target((packs.concept,), ("result",), (), (), (), packs.surface, loose), ()
    vaccinated = any(
        m.concept in ("procedure:vaccination", "vaccine:vaccine") for m in subjects
    ) or kinds == ("immunization",)
    against = next(
        (m for m in subjects if m.concept.startswith(("problem:", "organism:")) and _vaccines(m)), None
    )
    if against and re.search(r"\b(?:doses?|series|booster|shots?|jabs?)\b", text, re.IGNORECASE):
        vaccinated = True  # "the second dose of HPV"
    if any(m.concept.startswith("drug") for m in subjects):
        vaccinated, kinds = False, ("medication",) if kinds == ("immunization",) else kinds  # shots of a drug
    if vaccinated:
        vaccines = tuple(dict.fromkeys(v for m in subjects for v in _vaccines(m))) or _vaccine_against(text)
        if not vaccines and (against := _AGAINST.search(text)):
            words, loose = tuple(dict.fromkeys((*words, *stems(against["x"])))), ()  # of what has no known vaccine another one is none
        return Target(vaccines, ("immunization",), () if vaccines else words, (), (), label, () if vaccines and _AGAINST.search(text) else loose), ()
    done = [m for m in subjects if m.concept.startswith("procedure:")]
    of = [m for m in subjects if m.concept.startswith("problem:")]
    if of and not done and len(of) == len(subjects):
        lead = text[: of[0].start]
        if kinds == ("procedure",) and _LINKED.search(lead):
            return Target((), kinds, words, (), tuple(m.concept for m in of), label, loose), ()
        if _TESTED.search(lead):
            told = tuple(dict.fromkeys(s for m in of for s in stems(m.surface)))
            return Target((), TESTS, told, (), (), label, loose), ()
    if done and of:
        # "The biopsy of the nodule", "epilepsy surgery": the procedure, and only where it was for that.
        general = tuple(m.concept for m in done if m.concept != "procedure:surgery")
        told = tuple(dict.fromkeys(s for m in of for s in stems(m.surface)))
        return Target(
            general, ("procedure", "report") if general else ("procedure",), told, (), (), label, loose
        ), ()
    subjects = _narrowest(subjects)
    level = next(
        (
            m
            for m in subjects
            if m.concept.startswith("drug")
            and re.match(
                r"\s+(?:blood |serum |plasma |trough |peak )?(?:level|trough|concentration|result|blood test|assay)s?\b",
                text[m.end :],
                re.IGNORECASE,
            )
        ),
        None,
    )
    if level is not None:
        return Target((level.concept,), ("result",), (), (), (), level.surface, loose), ()
    subjects = _measured_by(text, subjects)
    concepts = [WEIGHT.get(m.concept, m.concept) if _is_change(text, m) else m.concept for m in subjects]
    if concepts and (
        not kinds
        or (kinds in _REPEATS and (kinds != ("encounter",) or concepts[0].partition(":")[0] in MEASURED))
    ):
        # "The last colonoscopy report": the category only says what the concept is anyway.
        home = PREFERRED.get(concepts[0].partition(":")[0], ())
        kinds, classes = (home, ()) if home else (kinds, classes)
    others: tuple[Target, ...] = ()
    if (
        len(concepts) > 1
        and {c.partition(":")[0] for c in concepts} <= set(MEASURED)
        and kinds[:1] == ("result",)
    ):
        others = tuple(
            Target((c,), kinds, (), (), (), m.surface)
            for c, m in zip(concepts[1:], subjects[1:], strict=True)
            if c != concepts[0]
        )
        concepts, label = concepts[:1], subjects[0].surface
    if (
        concepts
        and concepts[0].startswith("drug")
        and kinds
        in (("order",), ("result",), ("result", "report"), ("report",), ("condition",), ("encounter",))
    ):
        kinds, classes = ("medication",), ()
    return Target(tuple(dict.fromkeys(concepts)), kinds, words, classes, (), label, loose), others


_SUPPLY = frozenset(["calcium", "potassium", "magnesium", "iron", "zinc", "phosphate", "phosphorus", "folate", "folic acid", "sodium bicarbonate", "bicarbonate", "bicarb",
                     "albumin", "b12", "vitamin b12", "vitamin d", "thiamine", "vitamin b1", "copper", "selenium"])  # fmt: skip
_TAKING = re.compile(
    r"\b(?:tak(?:e|es|ing|en)|swallow\w*|prescribed|dos(?:e|es|age) of|schedule of|(?:is|was|are|were|been|be|s?he|they|patient|pt|put|still|started|currently|now) on|started)\s+(?:any |an? |some |oral |iv |daily |extra |still |the |her |his |their )*$",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"[ -](?:binders?|chelat\w+|sparing|channel|wasting|lowering|restrict\w+|blockers?)\b", re.IGNORECASE)
_GIVEN = re.compile(r"\s+(?:(?:was|were|is|been|be|ever) )*(?:given|administered|infused|prescribed|supplemented|replaced|repleted)\b", re.IGNORECASE)
_PRODUCT = re.compile(r"\s+(?:supplement\w*|tablets?|pills?|capsules?|replacement|repletion|infusions?|injections?|shots?|dos(?:e|age)s?)\b", re.IGNORECASE)


def _supplied(text: str, mention: Mention) -> bool:
    """Whether a mineral or a vitamin is asked about as something that is taken, and not as a level in the blood."""
    if mention.surface.lower() not in _SUPPLY or _AGAINST.match(text[mention.end :]):
        return False
    if _GIVEN.match(text[mention.end :]):
        return True
    return bool(_TAKING.search(text[: mention.start]) or _PRODUCT.match(text[mention.end :]))


_ALLERGY = re.compile(
    r"\ballerg|\breact(?:s|ed|ions?)? to\b|\bintoleran|\bnkda\b|\badverse (?:drug )?reaction", re.IGNORECASE
)
_ALLERGY_TEST = re.compile(r"\ballergy (?:clinic|tests?|testing|clinic tests?|referral|appointment|specialist)\b|\brefer\w* to (?:an? |the )?allerg|\bsee(?:n|ing)? (?:an? |the )?allerg(?:ist|y)\b", re.IGNORECASE)
_LINKED = re.compile(
    r"\b(?:linked (?:to|with)|related to|associated with|because of|due to|for|on account of)\s+(?:the |her |his )?$",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\b(?:test(?:s|ed|ing)?|screen(?:s|ed|ing)?|examin(?:ed|ation)|check(?:ed)?) for\s+(?:the |a )?$",
    re.IGNORECASE,
)
TESTS = ("result", "procedure", "report")
"""Where a test for a disease is recorded; its diagnosis is another thing."""
_REPEATS = (("condition",), ("result", "report"), ("report",), ("result",), ("encounter",))


def _allergens(mention: Mention) -> tuple[str, ...]:
    """What an allergy is to: "penicillin allergy" names the drug."""
    if mention.concept in ("problem:allergy", "problem:drug-allergy", "problem:food-allergy"):
        return ()
    if mention.concept.startswith("problem:") and "allerg" in mention.concept:
        bare = re.sub(r"\b(?:allerg\w*|to|intoleran\w*)\b", " ", mention.surface, flags=re.IGNORECASE)
        return (mention.concept, *(m.concept for m in lexicon().find(bare, query=True)))
    return (mention.concept,)


_AGAINST = re.compile(r"\b(?:vaccinat\w+|immuni[sz]\w+|vaccines?|protected|jabs?|shots?) (?:against|for) (?:the |an? )?(?P<x>[a-z][a-z -]{2,25}?)(?=\W*$|,| (?:in|on|before|after|since|this|last|when|at|by|yet|and|or)\b)", re.IGNORECASE)


def _vaccine_against(text: str) -> tuple[str, ...]:
    """Of "vaccinated against polio": the vaccine by the name of what it is against."""
    found = _AGAINST.search(text)
    named = lexicon().find(f"{found['x']} vaccine", query=True) if found else []
    return tuple(m.concept for m in named if m.concept.startswith("vaccine:") and m.concept != "vaccine:vaccine")


# Germs by which people call a vaccine (CDC, Vaccine Information Statements).
_GERMS = {"organism:streptococcus-pneumoniae": "vaccine:pneumococcal"}


def _vaccines(mention: Mention) -> list[str]:
    """The vaccines that a word of a question stands for: itself, or those against the disease that it names."""
    if mention.concept in ("procedure:vaccination", "vaccine:vaccine"):
        return []
    if mention.concept.startswith("vaccine:"):
        return [mention.concept]
    if mention.concept in _GERMS:
        return [_GERMS[mention.concept]]
    known = lexicon()
    word = mention.surface.lower()
    return [
        c.id
        for c in known.concepts()
        if c.kind == "vaccine"
        and (mention.concept in c.related or word in f"{c.name} {' '.join(c.synonyms)}".lower())
    ]


def _narrowest(subjects: list[Mention]) -> list[Mention]:
    """Without those that another one says more exactly: "kidney function (eGFR)", "BP systolic"."""
    known = lexicon()
    kept = [
        m for m in subjects
        if not any(o is not m and o.concept != m.concept and (o.concept in family(m.concept) or m.concept in known.closure(o.concept)) for o in subjects)
    ]  # fmt: skip
    return kept or subjects


def _measured_by(text: str, subjects: list[Mention]) -> list[Mention]:
    """ "The ejection fraction on echo", "DXA T-score": what was measured, where a number of it is asked for."""
    measured = [m for m in subjects if m.concept.partition(":")[0] in MEASURED]
    methods = [m for m in subjects if m.concept.startswith("procedure:")]
    if not measured or not methods or len(measured) + len(methods) < len(subjects):
        return subjects
    return measured if _A_NUMBER.search(text) and not _OF_AN_EVENT.match(text) else subjects


_A_NUMBER = re.compile(
    r"\b(?:results?|values?|scores?|levels?|figures?|readings?|percentage|how (?:much|high|low|big|large)|what (?:is|was|were|did)|latest|last|most recent|highest|lowest)\b",
    re.IGNORECASE,
)
_OF_AN_EVENT = re.compile(
    r"\W*(?:when|how (?:many|often|long)|what (?:date|day|time)|which|who|where|why|is|are|was|were|has|have|had|does|did)\b",
    re.IGNORECASE,
)


def _problems(concept: str) -> tuple[str, ...]:
    """The problems that a measurement stands for: what is taken "for blood pressure" is for hypertension."""
    if concept.partition(":")[0] not in (*MEASURED, "symptom"):
        return ()
    return tuple(c for c in lexicon().related(concept) if c.startswith("problem:"))


def _is_change(text: str, mention: Mention) -> bool:
    """Whether "weight gain" asks for a change of the weight, and not for a recorded problem."""
    return mention.concept in WEIGHT and bool(
        re.search(
            r"how much|since|between|over the|kg|kilos?|pounds|lbs?\b|amount|from|after|compared|trend|course",
            text,
            re.IGNORECASE,
        )
    )


def _category(masked: str) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, int]]]:
    spans: list[tuple[int, int]] = []
    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    for pattern, names, group in categories.CATEGORIES:
        for match in pattern.finditer(masked):
            if within(*match.span(), spans) or any(a < match.end() and match.start() < b for a, b in spans):
                continue
            spans.append(match.span())
            if not kinds:
                kinds, classes = names, group
    return kinds, classes, spans
