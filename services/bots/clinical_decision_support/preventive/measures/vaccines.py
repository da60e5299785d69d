"""Adults' vaccines: the CDC/ACIP adult schedule of 2025, by age alone. Risk groups aren't reckoned."""

from __future__ import annotations

import datetime as dt

from services.bots.clinical_decision_support.preventive.criteria import (
    Age,
    All,
    Any,
    Computed,
    Criterion,
    View,
)
from services.bots.clinical_decision_support.preventive.events import Event, is_kind
from services.bots.clinical_decision_support.preventive.measures.shared import diagnosed
from services.bots.clinical_decision_support.preventive.model import Finding
from services.bots.clinical_decision_support.preventive.rules import ACIP, Named, Rule
from services.bots.clinical_decision_support.preventive.truth import EVER, Window

SINCE_EVER = Window(None, rolling=True)
_SEASON, _OFFERED, _OVER = (8, 1), (9, 1), 6  # from 1 August, offered from 1 September, over by June


def _season(view: View) -> Finding:
    """A dose since the season's 1 August; from June to August the next one is waited for."""
    today = view.frame.today
    first = dt.date(today.year if (today.month, today.day) >= _SEASON else today.year - 1, *_SEASON)
    following = dt.date(first.year + 1, *_SEASON)
    every = [
        f for f in view.record.of(("vaccine-influenza",)) if is_kind(f, "immunization", view) and f.latest
    ]
    last = every[-1].latest.last if every and every[-1].latest else None
    if last and last >= first:
        return Finding(True, (every[-1].evidence(),), last=last, until=following)
    waits = today.month >= _OVER and today < dt.date(today.year, *_OFFERED)
    evidence = tuple(f.evidence() for f in every[-1:])
    return Finding(
        False,
        evidence,
        "no dose this season",
        last=last,
        due=dt.date(today.year, *_OFFERED) if waits else None,
    )


def _doses(
    what: str, name: str, count: int = 1, window: Window = SINCE_EVER, every: int | None = None
) -> Event:
    return Event(what, ("immunization",), (name,), window, days=count, every=every, also=("procedure",))


def _after_pcv15(view: View) -> Finding:
    """PPSV23 after PCV15."""
    first = [f for f in view.record.of(("vaccine-pcv15",)) if is_kind(f, "immunization", view) and f.latest]
    second = [f for f in view.record.of(("vaccine-ppsv23",)) if is_kind(f, "immunization", view) and f.latest]
    for later in second:
        if first and first[0].latest and later.latest and later.latest.first > first[0].latest.last:
            return Finding(True, (first[0].evidence(), later.evidence()), last=later.latest.last)
    return Finding(
        False,
        why="no PPSV23 after PCV15"
        if first
        else "no pneumococcal conjugate vaccine that is enough by itself",
    )


PCV13_AND_PPSV23 = All(
    _doses("PCV13", "vaccine-pcv13"),
    Event("PPSV23 at 65 or over", ("immunization",), ("vaccine-ppsv23",), SINCE_EVER, at_age=(65, None)),
)
_HPV = ("vaccine-hpv",)


def _vaccine(
    id_: str,
    title: str,
    age: Age,
    met: Criterion,
    advice: str,
    verified: bool = True,
    refusable: tuple[str, ...] = (),
    lacking: str = "",
    excluded: tuple[Named, ...] = (),
) -> Rule:
    return Rule(
        f"ACIP.{id_}", title, ACIP, age, met, advice, version="2025", verified=verified, refusable=refusable,
        lacking=lacking, exclusions=excluded,
    )  # fmt: skip


RULES = (
    _vaccine(
        "influenza", "Influenza vaccine", Age(19, None, "today"),
        Computed("a dose since 1 August of the season [vaccine-influenza]", _season),
        "Offer the influenza vaccine; yearly from September.", refusable=("vaccine-influenza",),
    ),
    _vaccine(
        "tdap", "Tetanus, diphtheria, pertussis vaccine", Age(19, None, "today"),
        All(_doses("Tdap", "vaccine-tdap"), _doses("Td or Tdap", "vaccine-td", window=Window(120, rolling=True))),
        "Offer Tdap where none is recorded, else Td or Tdap every 10 years.",
    ),
    _vaccine(
        "zoster", "Zoster vaccine", Age(50, None, "today"), _doses("recombinant zoster vaccine", "vaccine-zoster", 2),
        "Offer recombinant zoster vaccine: 2 doses, 2 to 6 months apart.",
    ),
    _vaccine(
        "pneumococcal", "Pneumococcal vaccine", Age(50, None, "today"),
        Any(_doses("PCV20 or PCV21", "vaccine-pcv-adult"), Computed("PCV15, then PPSV23 [vaccine-pcv15, vaccine-ppsv23]", _after_pcv15), PCV13_AND_PPSV23),
        "Offer PCV20 or PCV21 once, or PCV15 followed by PPSV23.", refusable=("vaccine-pcv15",),
        lacking="no complete pneumococcal vaccination recorded",
    ),
    _vaccine(
        "rsv", "RSV vaccine", Age(75, None, "today"), _doses("RSV vaccine", "vaccine-rsv"), "Offer one dose of RSV vaccine.",
    ),
    _vaccine(
        "hepatitis-b", "Hepatitis B vaccine", Age(19, 59, "today"),
        Any(_doses("hepatitis B vaccine", "vaccine-hepb-3", 3), _doses("two-dose hepatitis B vaccine", "vaccine-hepb-2", 2)),
        "Offer the hepatitis B series, or ask for records and serology.",
        lacking="no complete hepatitis B series recorded",
        excluded=(Named("known hepatitis B", diagnosed("hepatitis B", "hepatitis-b", window=EVER, time="starts")),),
    ),
    _vaccine(
        "hpv", "HPV vaccine", Age(19, 26, "today"),
        Any(
            _doses("HPV vaccine", "vaccine-hpv", 3),
            All(_doses("HPV vaccine", "vaccine-hpv", 2), Event("HPV vaccine before 15", ("immunization",), _HPV, SINCE_EVER, at_age=(9, 14))),
        ),
        "Offer the HPV series: 3 doses, or 2 where it was begun before 15.",
        lacking="no complete HPV series recorded",
    ),
    _vaccine(
        "covid-19", "COVID-19 vaccine", Age(65, None, "today"), _doses("COVID-19 vaccine", "vaccine-covid", window=Window(12, rolling=True)),
        "Discuss a COVID-19 vaccine of the season.", verified=False,
    ),
)  # fmt: skip
