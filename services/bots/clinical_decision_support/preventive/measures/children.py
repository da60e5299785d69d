"""Children: CMS117 immunisation by the second birthday, CMS74 fluoride varnish."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.bots.clinical_decision_support.preventive.criteria import Age, All, Computed, Criterion, View
from services.bots.clinical_decision_support.preventive.events import Event, is_kind
from services.bots.clinical_decision_support.preventive.measures.shared import HOSPICE, seen
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import CMS, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import DAY, LAST, birthday, within


@dataclass(frozen=True, slots=True)
class Antigen:
    """Doses on different days from `first_day` of life (`from_one`: from the first birthday) to the second birthday.

    `more`: the doses asked for once any dose is of one of its sets. `instead`: diagnoses, each group of which alone
    stands for the doses; they begin in the first two years.
    """

    id: str
    name: str
    doses: int
    sets: tuple[str, ...]
    first_day: int = 42
    from_one: bool = False
    more: tuple[int, str] | None = None
    instead: tuple[tuple[str, ...], ...] = ()


ANTIGENS = (
    Antigen("dtap", "DTaP", 4, ("vaccine-dtap",), instead=(("encephalitis-dtap",),)),
    Antigen("ipv", "Polio (IPV)", 3, ("vaccine-ipv",)),
    Antigen("mmr", "MMR", 1, ("vaccine-mmr",), from_one=True, instead=(("had-measles", "had-mumps", "had-rubella"),)),
    Antigen("hib", "Hib", 3, ("vaccine-hib-3", "vaccine-hib-4"), more=(4, "vaccine-hib-4")),
    Antigen("hepb", "Hepatitis B", 3, ("vaccine-hepb",), first_day=0, instead=(("had-hepatitis-b",),)),
    Antigen("varicella", "Varicella", 1, ("vaccine-varicella",), from_one=True, instead=(("had-varicella",),)),
    Antigen("pcv", "Pneumococcal conjugate", 4, ("vaccine-pcv",)),
    Antigen("hepa", "Hepatitis A", 1, ("vaccine-hepa",), from_one=True, instead=(("had-hepatitis-a",),)),
    Antigen("rotavirus", "Rotavirus", 2, ("vaccine-rotavirus-2", "vaccine-rotavirus-3"), more=(3, "vaccine-rotavirus-3")),
    Antigen("influenza", "Influenza", 2, ("vaccine-influenza-child",), first_day=180),
)  # fmt: skip


def _given(view: View, sets: tuple[str, ...], days: tuple[dt.date, dt.date]) -> dict[dt.date, object]:
    """The first dose of each day, by the day on which it began."""
    found = {}
    for dose in view.record.of(sets):
        if (
            (is_kind(dose, "immunization", view) or is_kind(dose, "procedure", view))
            and within(dose.start, *days)
            and dose.start
        ):
            found.setdefault(dose.start.last, dose)
    return found


def _vaccinated(antigen: Antigen) -> Computed:
    def judge(view: View) -> Finding:
        born = view.record.born
        if born is None or born.first != born.last:
            return Finding(None, why="the birth date isn't known to the day")
        one, two = birthday(born.first, 1), birthday(born.first, 2)
        for group in (*antigen.instead, (f"anaphylaxis-{antigen.id}",)):
            had = [_had(view, name, born.first, two) for name in group]
            if all(had):
                return Finding(True, tuple(f.evidence() for f in had if f), until=LAST)
        days = (one if antigen.from_one else born.first + antigen.first_day * DAY, two)
        given = _given(view, antigen.sets, days)
        wanted = antigen.doses
        if antigen.more and _given(view, (antigen.more[1],), days):
            wanted = antigen.more[0]
        if antigen.id == "hepb" and _newborn_dose(view, born.first):
            wanted = 2
        nasal = _given(view, ("vaccine-laiv",), (two, two)) if antigen.id == "influenza" else {}
        facts = [given[day] for day in sorted(given)] + list(nasal.values())[:1]
        evidence = tuple(f.evidence() for f in facts)  # type: ignore[attr-defined]
        last = max((*given, *nasal), default=None)
        if len(set(given) | set(nasal)) >= wanted and (given or not nasal):
            return Finding(True, evidence, last=last, until=LAST)
        why = f"{len(facts)} of {wanted} doses of {antigen.name} by the second birthday"
        return Finding(False, evidence, why, last=last, due=two if two < view.frame.today else None)

    window = (
        "from the first to the second birthday"
        if antigen.from_one
        else f"from day {antigen.first_day} to the second birthday"
    )
    words = f"{antigen.doses} doses {window}" + (
        f", {antigen.more[0]} with any [{antigen.more[1]}]" if antigen.more else ""
    )
    extra = {
        "hepb": ", 2 after a dose in the first 7 days of life coded in ICD-10-PCS [newborn-hepb]",
        "influenza": ", or one and [vaccine-laiv] on the second birthday",
    }
    instead = " or ".join(
        " and ".join(f"[{n}]" for n in group) for group in (*antigen.instead, (f"anaphylaxis-{antigen.id}",))
    )
    return Computed(f"{words}{extra.get(antigen.id, '')} [{', '.join(antigen.sets)}]; or {instead}", judge)


def _had(view: View, name: str, born: dt.date, two: dt.date):
    """The verified diagnosis of the set that began in the first two years."""
    return next(
        (f for f in view.record.of((name,)) if is_kind(f, "condition", view) and within(f.start, born, two)),
        None,
    )


def _newborn_dose(view: View, born: dt.date) -> bool:
    return any(
        is_kind(f, "procedure", view) and within(f.start, born, born + 7 * DAY)
        for f in view.record.of(("newborn-hepb",))
    )


def _contraindicated(view: View) -> Finding:
    born = view.record.born
    if born is None:
        return Finding(None)
    for name in ("scid", "immune-disorder", "hiv", "blood-malignancy", "intussusception"):
        if found := _had(view, name, born.first, birthday(born.last, 2)):
            return Finding(True, (found.evidence(),))
    return Finding(False)


_TWO = Age(2, 2)
_VISITS = seen("visit-office", "visit-preventive-child", "visit-home", "visit-virtual", "visit-telephone")
_EXCLUDED = (
    HOSPICE,
    Named(
        "a condition that speaks against vaccines",
        Computed("SCID, immune disorder, HIV, lymphatic or blood malignancy or intussusception beginning by the second birthday [scid, immune-disorder, hiv, blood-malignancy, intussusception]", _contraindicated),
    ),
)  # fmt: skip
_JUDGED: dict[str, Criterion] = {a.id: _vaccinated(a) for a in ANTIGENS}

RULES = (
    Rule(
        "CMS117", "Childhood immunisation", CMS, eligible=_TWO, visits=_VISITS, exclusions=_EXCLUDED,
        met=All(*_JUDGED.values()), recommendation="Give the vaccines that are missing.", summary=True,
    ),
    *(
        Rule(
            f"CMS117.{a.id}", f"Childhood immunisation: {a.name}", CMS, eligible=_TWO, visits=_VISITS, exclusions=_EXCLUDED,
            met=_JUDGED[a.id], recommendation=f"Give the missing doses of {a.name}, by the catch-up schedule.",
            refusable=a.sets,
        )
        for a in ANTIGENS
    ),
    Rule(
        "CMS74", "Fluoride varnish", CMS, eligible=Age(1, 20, "start"), visits=seen("visit-dental"), exclusions=(HOSPICE,),
        met=Event("fluoride varnish", ("procedure",), ("fluoride-varnish",), days=2),
        recommendation="Apply fluoride varnish, or refer to a dentist; twice a year.",
    ),
)  # fmt: skip
