"""Who the patient is and what is known from before: problems, operations, family, social history, allergies."""

from __future__ import annotations

from services.bots.documentation_assistant.measured import plain
from services.bots.documentation_assistant.model import Line, day, missing, told
from services.bots.documentation_assistant.result_kinds import category
from services.bots.documentation_assistant.visit import Visit
from services.bots.rag_pipeline.allergies import allergy_said
from services.chart.entry import Entry, days
from services.chart.visits import ranked_diagnoses
from services.index.text import values
from services.index.text.context import person_name

_ACTIVE = ("active", "recurrence", "relapse", "")
_UNSURE = ("unconfirmed", "provisional", "differential")
_MOST_DATES = 5
_MOST_IN_A_LETTER = 12
_DONE = ("completed", "in-progress", "unknown", "")


def problems(visit: Visit) -> list[Entry]:
    """Conditions that held when the visit ended; of one name the latest."""
    found: dict[str, Entry] = {}
    for entry in visit.chart.entries("condition"):
        ended = days(entry.end)
        later = entry.first and entry.first > visit.day
        lasted = ended is not None and ended[1] >= visit.day
        holds = entry.status in (*_ACTIVE, *_UNSURE) and not (ended and ended[1] < visit.day)
        if not later and (holds or lasted):
            found[entry.name.casefold()] = entry
    return list(found.values())


def diagnoses(visit: Visit) -> list[Entry]:
    """Of this visit: those that the encounter names, by their rank, and conditions recorded at it."""
    named = [
        str(values.obj(d.get("condition")).get("reference") or "")
        for e in visit.encounters
        for d in ranked_diagnoses(e.resource)
    ]
    every = [e for e in visit.chart.entries("condition") if e.status != "none-known"]
    first = list({e.reference: e for n in named if n for e in every if n.endswith(e.reference)}.values())
    linked = [
        e
        for e in every
        if e not in first and e.status != "refuted" and _recorded_at(visit, e)
    ]
    return [*first, *linked]


def _recorded_at(visit: Visit, entry: Entry) -> bool:
    return bool(entry.resource.get("encounter")) and visit.holds(entry)


def problem_line(entry: Entry) -> Line:
    about = [
        s
        for s in (
            entry.status if entry.status not in ("active", "") else "",
            str(entry.extra.get("severity") or "").lower(),
        )
        if s
    ]
    since = (
        f"since {entry.extra['onset_text']}"
        if entry.extra.get("onset_text")
        else f"recorded {day(entry.date)}"
        if entry.first
        else ""
    )
    ended = f"ended {day(entry.end)}" if entry.end else ""
    detail = "; ".join(filter(None, (*about, since, ended)))
    return told(f"{entry.name}{f' ({detail})' if detail else ''}", entry)


def past_lines(visit: Visit, active: list[Entry]) -> list[Line]:
    """Conditions that are over."""
    over = [
        e for e in visit.chart.entries("condition")
        if e not in active and e.status in ("resolved", "inactive", "remission") and not (e.first and e.first > visit.day)
    ]  # fmt: skip
    return [problem_line(e) for e in over]


def procedure_lines(visit: Visit) -> list[Line]:
    """Procedures of the visit, also those that were not done, with why."""
    lines = []
    for entry in visit.of("procedure"):
        when = f", {day(entry.date)}" if entry.first else ""
        if entry.status == "not-done":
            why = f" (reason: {entry.extra['why_status']})" if entry.extra.get("why_status") else ""
            lines.append(told(f"Not done: {_with_site(entry)}{when}{why}", entry))
        elif entry.status in _DONE:
            reason = f", for {entry.extra['reason']}" if entry.extra.get("reason") else ""
            outcome = f"; outcome: {entry.extra['outcome']}" if entry.extra.get("outcome") else ""
            lines.append(told(f"{_with_site(entry)}{when}{reason}{outcome}", entry))
    return lines


def earlier_procedure_lines(visit: Visit) -> list[Line]:
    """What was done before the visit; what was done several times in one line, with the last dates."""
    return [_times(name, entries) for name, entries in _earlier_procedures(visit).items()]


def latest_procedure_lines(visit: Visit) -> list[Line]:
    """What was done before the visit, the latest first, as far as a letter has room for it."""
    found = sorted(_earlier_procedures(visit).items(), key=lambda item: item[1][-1].order, reverse=True)
    lines = [_times(name, entries) for name, entries in found[:_MOST_IN_A_LETTER]]
    if rest := [entries[-1] for _, entries in found[_MOST_IN_A_LETTER:]]:
        lines.append(told("Other procedures from before are in the record, and not listed here", *rest))
    return lines


def _earlier_procedures(visit: Visit) -> dict[str, list[Entry]]:
    by_name: dict[str, list[Entry]] = {}
    for entry in visit.chart.entries("procedure"):
        if entry.status in _DONE and not visit.holds(entry) and not (entry.first and entry.first > visit.day):
            by_name.setdefault(_with_site(entry), []).append(entry)
    return by_name


def _times(name: str, entries: list[Entry]) -> Line:
    last = entries[-_MOST_DATES:]
    dates = ", ".join(day(e.date) for e in last if e.first)
    more = " and before" if len(entries) > len(last) else ""
    return told(f"{name}{f', {dates}' if dates else ''}{more}", *last)


def _with_site(entry: Entry) -> str:
    site = entry.about
    return f"{entry.name}, {site}" if site and site.casefold() not in entry.name.casefold() else entry.name


def immunization_lines(visit: Visit) -> list[Line]:
    lines = []
    for entry in visit.of("immunization"):
        if entry.status == "not-done":
            why = f" (reason: {entry.extra['why_status']})" if entry.extra.get("why_status") else ""
            lines.append(told(f"Not given: {entry.name}, {day(entry.date)}{why}", entry))
        else:
            lines.append(told(f"Given: {entry.name}, {day(entry.date)}", entry))
    return lines


def allergy_lines(visit: Visit) -> list[Line]:
    """Allergies with their reactions; exactly what is known where there are none."""
    every = [e for e in visit.chart.entries("allergy") if not (e.first and e.first > visit.day)]
    known = [e for e in every if e.status not in ("none-known", "refuted", "resolved", "inactive")]
    if known:
        return [told(allergy_said(e), e) for e in known]
    none = [e for e in every if e.status == "none-known"]
    if none:
        name = (
            none[-1].name
            if "no" in none[-1].name.casefold().split()
            else f"No known allergies: {none[-1].name}"
        )
        return [told(f"{name}, recorded {day(none[-1].date)}", none[-1])]
    return [missing("Allergies are not recorded.")]


def family_lines(visit: Visit) -> list[Line]:
    lines = []
    for entry in visit.chart.entries("family"):
        found = [
            f"{name}{f' ({_onset(onset)})' if onset else ''}"
            for name, onset in entry.extra.get("found") or ()
            if name
        ]
        if found:
            lines.append(told(f"{entry.name}: {', '.join(found)}", entry))
    return lines


def _onset(text: str) -> str:
    return text if text.startswith(("at ", "onset")) else f"onset {text}"


def social_lines(visit: Visit) -> list[Line]:
    """The latest of each social-history observation."""
    latest: dict[str, Entry] = {}
    for entry in visit.chart.entries("result"):
        if (
            category(entry) == "social-history"
            and entry.measure
            and not (entry.first and entry.first > visit.day)
        ):
            latest[entry.name] = entry
    return [
        told(f"{e.name}: {plain(e.measure.text)}, {day(e.date)}", e) for e in latest.values() if e.measure
    ]


def person_line(visit: Visit) -> Line:
    """Name, birth date, gender: whose note it is."""
    person = visit.chart.entries("patient")[0]
    resource = visit.chart.patient.resource
    name = person_name(resource.get("name")) or "name not recorded"
    born = (
        f"born {day(resource['birthDate'])}"
        if values.iso(resource.get("birthDate"))
        else "birth date not recorded"
    )
    gender = values.string(resource.get("gender")) or "gender not recorded"
    return told(f"Patient: {name}, {born}, {gender}", person)
