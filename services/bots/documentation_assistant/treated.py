"""Medicines: what this visit started, changed and stopped, and what goes on; each held against what was before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.bots.documentation_assistant.model import Line, day, told
from services.bots.documentation_assistant.visit import Visit
from services.bots.rag_pipeline.courses import Course, courses
from services.chart.entry import Entry, days
from services.index.text import values

_OVER = frozenset(["stopped", "completed", "ended", "not-taken"])
_CODED = re.compile(r" \(coded as: ([^()]*)\)")
_HELD = frozenset(["active", "unknown", "", "on-hold"])


@dataclass(slots=True)
class Reconciled:
    """Lines by what became of the drug. `entries`: what is taken after the visit; `new`: what this visit began or changed."""

    started: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    stopped: list[Line] = field(default_factory=list)
    held: list[Line] = field(default_factory=list)
    given: list[Line] = field(default_factory=list)
    continued: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    new: list[Entry] = field(default_factory=list)

    def changes(self) -> list[Line]:
        return [*self.started, *self.changed, *self.stopped, *self.held]

    def every(self) -> list[Line]:
        return [*self.changes(), *self.given, *self.continued]


def reconcile(visit: Visit) -> Reconciled:
    """Orders, statements and doses of the chart, as they stood when the visit ended."""
    found = Reconciled()
    every = [
        e
        for e in visit.chart.entries("medication")
        if e.status not in ("proposed", "do-not-give", "draft", "cancelled")
    ]
    doses = [e for e in every if e.extra.get("given")]
    orders = [e for e in every if not e.extra.get("given")]
    replaced = {r for e in orders if visit.holds(e) for r in _prior(e)}
    for course in courses(orders, visit.day):
        _course(visit, course, replaced, found)
    for course in courses([d for d in doses if visit.holds(d)], visit.day):
        last = course.entries[-1]
        more = f" (last of {len(course.entries)} doses recorded)" if len(course.entries) > 1 else ""
        found.given.append(told(f"Given in this visit: {described(last)}, {day(last.date)}{more}", last))
    return found


def _course(visit: Visit, course: Course, replaced: set[str], found: Reconciled) -> None:
    mine = [e for e in course.entries if visit.holds(e) or _within_stay(e, visit)]
    before = [e for e in course.entries if e not in mine and _dated_before(e, visit)]
    running = [e for e in before if _ran(e, visit) or e.reference in replaced]
    ward = [e for e in mine if e.extra.get("stay_ended") and e.status in _HELD]  # not for home
    mine = [e for e in mine if e not in ward]
    if ward:
        last = ward[-1]
        found.given.append(told(f"Ordered for the ward: {described(last)}{_for(last)}; never marked as stopped", last))
    lasting = [e for e in mine if e.status in _HELD or _ends_after(e, visit)]
    passed = [e for e in mine if e not in lasting]
    previous = running[-1] if running else None
    if lasting:
        new = lasting[-1]
        if new.status == "on-hold":
            found.held.append(told(f"On hold: {described(new)}{_why(new)}", new))
            return
        found.entries.append(new)
        first = lasting[0]
        inside = previous is None and visit.inpatient and (first.date or "")[:10] < (new.date or "")[:10]
        same = first.extra.get("amounts") == new.extra.get("amounts")
        if inside and same and first.first == visit.first:
            since = f"Continued since {day(first.date)}: {described(new)}{_for(new)}"
            found.continued.append(told(since, new, first))
        elif inside and not same:
            at_first = f"; at first: {described(first)}"
            found.changed.append(told(f"Changed in this visit: {described(new)}{_for(new)}{at_first}", new, first))
            found.new.append(new)
        elif previous is None:
            _began(new, next((e for e in reversed(before) if e.status in _OVER), None), found)
            found.new.append(new)
        elif _told(previous) != _told(new):
            found.changed.append(
                told(f"Changed: {described(new)}{_for(new)}; before: {described(previous)}", new, previous)
            )
            found.new.append(new)
        else:
            found.continued.append(told(f"Continued: {described(new)}, renewed in this visit", new))
        return
    if passed:
        last = passed[-1]
        word = "stopped" if last.status in ("stopped", "not-taken") else "completed"
        before_it = f"; before: {described(previous)}" if previous else ""
        line = told(
            f"Ordered in this visit: {described(last)}{_for(last)}{before_it}; {word} by now{_why(last)}",
            last,
            *([previous] if previous else []),
        )
        lasting_on = word == "stopped" or (visit.inpatient and last.last == visit.day)
        (found.started if lasting_on else found.given).append(line)
        return
    ended = [e for e in before if e.status in _OVER and _ended_in(e, visit)]
    held = [e for e in running if e.status == "on-hold"]
    if ended and not [e for e in running if e not in ended]:
        found.stopped.append(told(f"Stopped: {described(ended[-1])}{_why(ended[-1])}", ended[-1]))
    elif held:
        found.held.append(told(f"On hold: {described(held[-1])}{_why(held[-1])}", held[-1]))
    elif running:
        newest = {e.name.casefold(): e for e in running}
        for entry in newest.values():
            since = f", since {day(entry.date)}" if entry.first else ""
            over = days(entry.extra.get("stay_ended"))
            if over and over[1] < visit.day:
                stay = f"ordered for the hospital stay that ended on {day(entry.extra['stay_ended'])}"
                found.continued.append(told(f"Never marked as stopped: {described(entry)}, {stay}", entry))
                continue
            found.continued.append(told(f"Continued: {described(entry)}{since}", entry))
            found.entries.append(entry)


def _began(new: Entry, again: Entry | None, found: Reconciled) -> None:
    """Of an earlier order that is over by now: whether it still ran is known only where it tells when it ended."""
    if again is None:
        found.started.append(told(f"Started: {described(new)}{_for(new)}", new))
        return
    was = f"{described(again)}, ordered {day(again.date)}{_why(again)}"
    if again.end:
        found.started.append(
            told(
                f"Restarted: {described(new)}{_for(new)}; earlier: {was}, ended {day(again.end)}", new, again
            )
        )
    elif _told(again) != _told(new):
        found.changed.append(told(f"Changed: {described(new)}{_for(new)}; before: {was}", new, again))
    else:
        found.started.append(told(f"Ordered again: {described(new)}{_for(new)}; earlier: {was}", new, again))


def described(entry: Entry) -> str:
    """ "Metformin 1,000 mg tablet, 1 tablet twice daily"."""
    dose = str(entry.extra.get("dose") or "")
    if (coded := _CODED.search(dose)) and _figures(coded[1]) <= _figures(
        f"{entry.name} {dose[: coded.start()]}"
    ) | {"1"}:
        dose = dose[: coded.start()] + dose[coded.end() :]  # the same again, with and without commas
    route = entry.extra.get("route") or ""
    shown = f", {dose[0].lower() + dose[1:]}" if dose else ""
    if route and route.casefold() not in f"{entry.name} {dose}".casefold() and "by mouth" not in dose:
        shown += f", route {route.casefold()}"
    return f"{entry.name}{shown}"


def _figures(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


def tried(visit: Visit) -> list[Line]:
    """Medicines that were stopped before the visit and are not taken now, with the reason where one is recorded."""
    lines = []
    orders = [e for e in visit.chart.entries("medication") if not e.extra.get("given")]
    for course in courses(orders, visit.day):
        over = [e for e in course.entries if e.status in ("stopped", "not-taken") and _dated_before(e, visit)]
        if over and not any(_ran(e, visit) or visit.holds(e) for e in course.entries):
            last = over[-1]
            ended = f", ended {day(last.end)}" if last.end else ""
            when = f", ordered {day(last.date)}" if last.first else ""
            lines.append(told(f"{described(last)}{when}{ended}{_why(last)}", last))
    return lines


def _within_stay(entry: Entry, visit: Visit) -> bool:
    """Ordered by somebody else while the patient was in hospital: nothing that the stay found."""
    return bool(visit.inpatient and entry.first and visit.first and visit.first < entry.first <= visit.day)


def _dated_before(entry: Entry, visit: Visit) -> bool:
    return entry.first is None or visit.first is None or entry.first <= visit.day


def _ran(entry: Entry, visit: Visit) -> bool:
    """Whether it was taken when the visit began; a status without a date of the end tells of today only."""
    ended = days(entry.end)
    if ended and visit.first and ended[1] < visit.first:
        return False
    if entry.status in _HELD:
        return True
    return bool(entry.status in _OVER and ended and visit.first and ended[1] >= visit.first)


def _ends_after(entry: Entry, visit: Visit) -> bool:
    ended = days(entry.end)
    return bool(entry.status in ("completed", "stopped", "ended") and ended and ended[1] > visit.day)


def _ended_in(entry: Entry, visit: Visit) -> bool:
    return bool(entry.end and visit.during(entry.end))


def _told(entry: Entry) -> str:
    return re.sub(r"\W+", " ", described(entry).casefold()).strip()


def _prior(entry: Entry) -> list[str]:
    reference = values.obj(entry.resource.get("priorPrescription")).get("reference")
    return [reference] if isinstance(reference, str) else []


def _why(entry: Entry) -> str:
    return f" (reason: {entry.extra['why_status']})" if entry.extra.get("why_status") else ""


def _for(entry: Entry) -> str:
    return f", for {entry.extra['reason']}" if entry.extra.get("reason") else ""
