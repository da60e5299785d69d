"""Medical decision making: problems, data and risk, each with its evidence (CPT E/M guidelines of 2021 and 2023).

Only what the record shows counts; where it could be read as more, the lower level is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester.model import Diagnosis, Support, support
from services.bots.billing_code_suggester.notes import quoted, read, remark
from services.bots.billing_code_suggester.services import service_code
from services.bots.billing_code_suggester.visit import HOSPITAL, Visit, codes
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.assertion import PRESENT
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under
from services.knowledge.lexicon import lexicon

LEVELS = ("none", "straightforward", "low", "moderate", "high")
_HISTORIAN = re.compile(
    r"\bhistory (?:was |is )?(?:obtained |provided |given |taken )?(?:from|by) (?:the |his |her |their )?"
    r"(?:mother|father|parents?|daughter|son|wife|husband|spouse|caregiver|guardian|sister|brother)\b|\bindependent historian\b",
    re.IGNORECASE,
)
_REVIEWED = re.compile(
    r"\b(?:reviewed (?:the )?(?:outside|external|hospital|discharge|specialist)\b[^.;\n]{0,40}(?:records?|notes?|summary|letter)|"
    r"(?:outside|external) (?:records?|notes?) (?:were |was )?reviewed)",
    re.IGNORECASE,
)
_INTERPRETED = re.compile(
    r"\b(?:independently (?:interpreted|reviewed)|(?:i )?personally (?:reviewed|interpreted) the (?:images?|films?|tracing|ecg|ekg|x-?ray|ct|mri))",
    re.IGNORECASE,
)
_DISCUSSED = re.compile(
    r"\b(?:discussed (?:the (?:case|patient|management) )?with (?:dr\.?|cardiology|nephrology|neurology|surgery|oncology|the (?:on-call|consulting))|"
    r"spoke with (?:dr\.?|cardiology|nephrology|neurology|surgery|oncology))",
    re.IGNORECASE,
)
_MANAGED = re.compile(
    r"\b(?:continue|continued|start(?:ed)?|stop(?:ped)?|increase[ds]?|decrease[ds]?|refill(?:ed)?|prescribed|switch(?:ed)?|adjust(?:ed)?|change[ds]?)\b",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"\b(?:can'?t afford|cannot afford|unable to afford|homeless\w*|housing instability|food insecurity|no transportation)\b",
    re.IGNORECASE,
)
_HIGH_RISK = re.compile(
    r"\b(?:decision (?:made )?(?:to|for) (?:admit|hospitali[sz])\w*|(?:sent|transferred) to (?:the )?(?:emergency|ed|er)\b|"
    r"admit(?:ted)? to (?:the )?(?:hospital|[a-z]?icu|ward|medicine|telemetry|floor|observation)|admit(?=\.)|code status (?:changed|discussed and changed)|comfort care decided|"
    r"emergency (?:major )?surgery)",
    re.IGNORECASE,
)
_TO_HOSPITAL = frozenset(["hosp", "other-hcf"])
_OVER_THE_COUNTER = frozenset(
    f"drug:{name}" for name in (
        "acetaminophen", "ibuprofen", "naproxen", "aspirin", "loratadine", "cetirizine", "fexofenadine", "diphenhydramine",
        "guaifenesin", "dextromethorphan", "pseudoephedrine", "loperamide", "docusate", "polyethylene-glycol-3350", "senna",
        "famotidine", "calcium-carbonate", "levocetirizine", "melatonin",
    )
)  # fmt: skip
_CLASS = re.compile(
    r"statin$|serotonin|ace-inhibitor|angiotensin|beta-blocker|calcium-channel|insulin|anticoagulant|sglt2|glp-1|biguanide|"
    r"antidiabetic|antidepressant|antipsychotic|anticonvulsant|benzodiazepine|opioid$|antibiotic|thyroid-hormone|diuretic$"
)
"""Classes of the lexicon that are had by prescription only."""
_TESTS = frozenset(["laboratory", "imaging"])


@dataclass(frozen=True, slots=True)
class Element:
    """One of the three. `level`: 0 nothing shown, 1 straightforward (minimal) … 4 high."""

    level: int
    reasons: tuple[str, ...]
    supports: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    problems: Element
    data: Element
    risk: Element

    @property
    def level(self) -> int:
        """The level that two of the three reach; at most that of any problem at all."""
        if self.problems.level == 0:
            return 0
        return sorted((self.problems.level, max(1, self.data.level), max(1, self.risk.level)))[1]


def decide(visit: Visit, diagnoses: Sequence[Diagnosis]) -> Decision:
    return Decision(_problems(diagnoses), _data(visit), _risk(visit))


def _problems(diagnoses: Sequence[Diagnosis]) -> Element:
    addressed = [d for d in diagnoses if d.addressed and not _no_problem(d.code)]
    diseases: list[tuple[Diagnosis, str]] = []
    for each in addressed:
        kind = tables.problem_class(each.code)
        if kind == "chronic" and each.worse:
            kind = "worse"
        if kind == "uncertain" and not each.new and not each.worse:
            kind = "acute"
        if any(_same_disease(each.code, d.code) for d, _ in diseases):
            continue  # the parts of one combination are one problem
        diseases.append((each, kind))
    count = {kind: sum(1 for _, k in diseases if k == kind) for kind in {k for _, k in diseases}}
    if count.get("severe"):
        level = 4
    elif (
        count.get("worse") or count.get("systemic") or count.get("uncertain") or count.get("chronic", 0) >= 2
    ):
        level = 3
    elif count.get("chronic") or count.get("acute") or count.get("minor", 0) >= 2:
        level = 2
    else:
        level = 1 if diseases else 0
    return Element(
        level,
        tuple(f"{icd10().display(d.code)} ({d.code}): {_WORDS[k]}" for d, k in diseases),
        tuple(d.supports[0] for d, _ in diseases if d.supports),
    )


_WORDS = {
    "minor": "self-limited or minor problem",
    "acute": "acute, uncomplicated illness or injury",
    "chronic": "stable chronic illness",
    "worse": "chronic illness that is getting worse",
    "systemic": "acute illness with systemic symptoms",
    "uncertain": "new problem with uncertain prognosis",
    "severe": "acute or chronic illness that threatens life or bodily function",
}
_TOGETHER = (("I11", "I12", "I13"), ("E08", "E09", "E10", "E11", "E13"))
_PARTS = (("I50", "N18"), ("N18",))


def _same_disease(code: str, other: str) -> bool:
    """Whether two codes say one disease: a combination code and the stage or type beside it."""
    for wholes, parts in zip(_TOGETHER, _PARTS, strict=True):
        for one, two in ((code, other), (other, code)):
            if under(one, wholes) and under(two, parts):
                return True
    return False


def _no_problem(code: str) -> bool:
    """Whether a code tells of no illness: status, history, counselling, the reason for a routine visit."""
    return code[0] in "VWXYZ"


def _data(visit: Visit) -> Element:
    """Tests each once (a panel is one), outside notes, a historian; interpretations; discussions."""
    tests: dict[str, Support] = {}
    in_reports: set[str] = set()
    for report in visit.of("report"):
        if _is_test(report) or (report.type == "ImagingStudy" and "without a name" not in report.name):
            tests.setdefault(report.name.casefold(), support(report))
            in_reports |= {str(r.get("reference")) for r in values.objs(report.resource.get("result"))}
    for result in visit.results:
        name = _panel(result)
        if name not in tests and result.reference not in in_reports and _is_test(result):
            tests[name] = support(result)
    for order in visit.of("order"):
        if _is_test(order):
            tests.setdefault(order.name.casefold(), support(order))
    for done in visit.of("procedure"):
        if _imaged(done):
            tests.setdefault(done.name.casefold(), support(done))
    reasons = [f"Test: {s.text}" for s in tests.values()]
    supports = list(tests.values())
    historian, reviewed = remark(visit.notes, _HISTORIAN), remark(visit.notes, _REVIEWED)
    interpreted, discussed = remark(visit.notes, _INTERPRETED), remark(visit.notes, _DISCUSSED)
    for item, reason in ((reviewed, "Outside notes reviewed"), (historian, "Independent historian"),
                         (interpreted, "Independent interpretation"), (discussed, "Discussion with another professional")):  # fmt: skip
        if item:
            reasons.append(f"{reason}: {item.text}")
            supports.append(item)
    items = len(tests) + bool(reviewed)
    first = items + bool(historian) >= 3
    categories = first + bool(interpreted) + bool(discussed)
    level = 4 if categories >= 2 else 3 if categories == 1 else 2 if items >= 2 or historian else 1
    return Element(level, tuple(reasons), tuple(supports))


def _is_test(entry: Entry) -> bool:
    categories = {c.lower() for _, c in codes(entry.resource.get("category"))}
    if categories & (_TESTS | {"lab", "rad", "26436-6", "18748-4", "108252007", "363679005"}):
        return True
    return not categories and any(c.startswith("lab:") for c in entry.own)


def _imaged(procedure: Entry) -> bool:
    """Imaging that was done, as far as it is a test and no intervention, and nobody codes it here: what one bills oneself
    doesn't count (CPT E/M guidelines 2023, data)."""
    if procedure.status not in ("completed", "") or _INTERVENTION.search(procedure.name):
        return False
    if service_code(procedure.resource.get("code")):
        return False
    return any("procedure:imaging" in lexicon().closure(c) for c in procedure.own)


_INTERVENTION = re.compile(r"\bguid|\bbiops|\bdrain|\baspirat|\binject|angiogra|transesoph|\bcatheter", re.IGNORECASE)
_BASIC = frozenset(
    ["lab:sodium", "lab:potassium", "lab:chloride", "lab:bicarbonate", "lab:blood-urea-nitrogen", "lab:creatinine",
     "lab:calcium", "lab:glucose", "lab:estimated-glomerular-filtration-rate", "lab:albumin", "lab:total-protein",
     "lab:alkaline-phosphatase", "lab:alanine-aminotransferase", "lab:aspartate-aminotransferase", "lab:total-bilirubin"]
)  # fmt: skip
_LIPIDS = frozenset(["lab:cholesterol", "lab:ldl-cholesterol", "lab:hdl-cholesterol", "lab:triglycerides"])
_BLOOD = frozenset(
    ["lab:hemoglobin", "lab:hematocrit", "lab:white-blood-cell-count", "lab:platelet-count", "lab:red-blood-cell-count",
     "lab:mean-corpuscular-volume"]
)  # fmt: skip


def _panel(result: Entry) -> str:
    """What counts as one test: a panel that single values come of, else the result."""
    for name, parts in (("metabolic panel", _BASIC), ("lipid panel", _LIPIDS), ("blood count", _BLOOD)):
        if result.own & parts:
            return name
    return result.name.casefold()


def _risk(visit: Visit) -> Element:
    """What management could do to the patient."""
    reasons: list[str] = []
    supports: list[Support] = []
    level = 1
    after = values.obj(visit.resource.get("hospitalization"))
    moved = {values.code(c) for c in values.many(after.get("dischargeDisposition"))} & _TO_HOSPITAL
    decided = remark(visit.notes, _HIGH_RISK)
    if not visit.inpatient and (moved or decided):
        level = 4
        supports.append(decided or visit.reference)
        reasons.append("Decision about hospital care or emergency surgery")
    if stay := next((e for e in visit.chart.entries("encounter") if _admitted(visit, e)), None):
        level = 4
        reasons.append("Admission to hospital on the same day")
        supports.append(support(stay))
    for order in visit.orders:
        counter = bool(order.own) and all(map(_over_the_counter, order.own))
        level = max(level, 2 if counter else 3)
        reasons.append(
            f"{'Over-the-counter drug' if counter else 'Prescription drug management'}: {order.name}"
        )
        supports.append(support(order))
    for item, drug in _managed(visit):
        level = max(level, 3)
        reasons.append(f"Prescription drug management: {drug}")
        supports.append(item)
    if social := remark(visit.notes, _SOCIAL):
        level = max(level, 3)
        reasons.append("Social circumstances that limit diagnosis or treatment")
        supports.append(social)
    return Element(level, tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(supports)))


def _admitted(visit: Visit, stay: Entry) -> bool:
    """Whether a stay began on the day of this emergency visit."""
    return visit.kind == "EMER" and stay.extra.get("class") in HOSPITAL and stay.first == visit.end


def _over_the_counter(drug: str) -> bool:
    return drug in _OVER_THE_COUNTER or "drugclass:dietary-supplement" in lexicon().closure(drug)


def _prescribed(concept: str) -> bool:
    """A drug, or a class of drugs, that takes a prescription."""
    if concept.startswith("drug:"):
        return not _over_the_counter(concept)
    return concept.startswith("drugclass:") and bool(_CLASS.search(concept))


def _managed(visit: Visit) -> list[tuple[Support, str]]:
    """Sentences of an assessment that decide about a prescription drug by its name."""
    found = []
    for entry, text in visit.notes:
        note = read(text)
        for assertion in note.assertions:
            at = assertion.mention
            if assertion.polarity != PRESENT or not note.assesses(at.start) or not _prescribed(at.concept):
                continue
            start, end = note.sentence(at.start, at.end)
            if _MANAGED.search(text[start:end]):
                found.append((quoted(entry, text[start:end]), at.surface))
    return found
