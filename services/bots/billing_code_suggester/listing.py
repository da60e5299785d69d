"""Which diagnosis codes stand together, and in which order."""

from __future__ import annotations

from services.bots.billing_code_suggester.model import Diagnosis, Findings
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under, within


def listed(diagnoses: list[Diagnosis], sex: str, age: int | None, found: Findings) -> list[Diagnosis]:
    """The codes that may stand together for this patient, the first listed first."""
    fitting = []
    for each in diagnoses:
        if not icd10().billable(each.code):
            continue
        if problem := tables.misfit(each.code, sex, age):
            found.warn(f"{problem}; it was left out. Check the diagnosis and the patient's data.")
            continue
        fitting.append(each)
    if any(under(d.code, ("M80",)) for d in fitting) and any(under(d.code, ("S",)) for d in fitting):
        found.warn("With known osteoporosis, a fracture that a healthy bone would have borne is coded to M80, not as an injury "
                   "(Official Guidelines I.C.13.d.2): check which of the two is documented.")  # fmt: skip
    return ordered(_compatible(_without_symptoms(fitting), found))


def _without_symptoms(diagnoses: list[Diagnosis]) -> list[Diagnosis]:
    """Without signs and symptoms that belong to a disease that is coded (Guidelines I.B.5)."""
    kept = []
    for each in diagnoses:
        cause = any(tables.integral(each.code, other.code) for other in diagnoses if other is not each)
        if not (cause and not any(tables.integral(d.code, each.code) for d in diagnoses if d is not each)):
            kept.append(each)
    return kept


def _compatible(diagnoses: list[Diagnosis], found: Findings) -> list[Diagnosis]:
    """Of two that an Excludes1 note keeps apart, the one that is surer; of equal ones the one of the lower rank.
    Symptoms give way to diseases, and a normal pregnancy to what is not (Guidelines I.B.4, I.C.15.b.1)."""
    kept: list[Diagnosis] = []
    for each in sorted(
        diagnoses, key=lambda d: (d.code.startswith(("R", "Z34")), -d.confidence, d.rank, d.code)
    ):
        against = next((k for k in kept if icd10().excluded(each.code, k.code)), None)
        if against is None:
            kept.append(each)
        else:
            found.warn(
                f"{each.code} was left out: an Excludes1 note keeps it from {against.code}. Both may be coded only where they "
                "are unrelated, and the documentation says so."
            )
    return kept


def ordered(diagnoses: list[Diagnosis]) -> list[Diagnosis]:
    """By rank; what may never be first comes later, and a manifestation after its cause (Guidelines I.A.13)."""
    order = sorted(diagnoses, key=lambda d: (tables.never_first(d.code), d.rank, -d.confidence, d.code))
    for _ in range(len(order)):
        moved = False
        for each in list(order):
            causes = [d for d in order if d is not each and _goes_before(d.code, each.code)]
            last = max((order.index(d) for d in causes), default=-1)
            if order.index(each) < last:
                order.remove(each)
                order.insert(last, each)
                moved = True
        if not moved:
            break
    return order


def _goes_before(cause: str, code: str) -> bool:
    """Whether the notes at `code` want `cause` first."""
    return any(within(cause, r) for r in icd10().code_first(code)) and not any(
        within(code, r) for r in icd10().code_first(cause)
    )


def primary(diagnoses: list[Diagnosis]) -> Diagnosis | None:
    """The first listed; None where no code of the list may be it."""
    first = diagnoses[0] if diagnoses else None
    return first if first and not tables.never_first(first.code) else None
