"""How good the AI was over a time: what people made of what it proposed and showed. Counts and times, no patients.

Each figure is counted from the record's own tables (docs/evaluation.md tells from which), in a bounded number of rows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.bots.clinical_decision_support.store import REASONS as DISMISSALS
from services.bots.documentation_assistant.body import of_document
from services.commands.tasks import REJECTIONS, SYSTEM
from services.console import feedback, replaying_kept
from services.console.approvals import KINDS, STATES
from services.console.evaluation_events import MOST_EVENTS, Period, detail, events, failed, percentiles, runs
from services.console.replaying_kept import BOTS
from services.errors import InvalidInput
from services.fhir.database import Database
from services.fhir.repository import Resource
from services.runtime.system import system

MOST_NOTES = 500
MOST_DAYS = 400
PERIODS = {7: "7 days", 28: "4 weeks", 91: "13 weeks", 364: "52 weeks"}


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`; `of` is 0 where nothing was counted."""

    count: int
    of: int

    @property
    def percent(self) -> str:
        return f"{100 * self.count / self.of:.0f} %" if self.of else "–"

    def __str__(self) -> str:
        return f"{self.percent} ({self.count:,} of {self.of:,})" if self.of else "– (0)"


@dataclass(frozen=True, slots=True)
class Decided:
    """Proposals of a kind that were proposed within the time, by what became of them."""

    kind: str
    title: str
    approved: Share
    rejected: int
    expired: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OfBot:
    """What a bot showed and what was thought of it. `p50`, `p95` in milliseconds, None where no time is known."""

    bot: str
    title: str
    outputs: int
    nothing: Share
    troubled: Share
    helpful: Share
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Edits:
    """`changed`: sentences of the AI's drafts that don't stand in the signed note; `notes`: of how many. `dropped` and
    `added`: codes of suggestions that were sent."""

    changed: Share
    notes: int
    dropped: Share
    added: int
    sent: int


@dataclass(frozen=True, slots=True)
class Week:
    """`start` is its Monday."""

    start: str
    shown: int
    helpful: int
    unhelpful: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    period: Period
    decided: tuple[Decided, ...]
    edited: Share
    rejections: tuple[tuple[str, int], ...]
    bots: tuple[OfBot, ...]
    edits: Edits
    overrides: Share
    override_reasons: tuple[tuple[str, int], ...]
    feedback_reasons: tuple[tuple[str, int], ...]
    runs: tuple[tuple[str, int, int, float, float], ...]
    models: Share
    weeks: tuple[Week, ...]


def period(days: int = 28, today: dt.date | None = None) -> Period:
    """The last so many days. Raises InvalidInput for more than can be counted."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"The time may be {MOST_DAYS} days at most.")
    last = today or dt.datetime.now(dt.UTC).date()
    return Period(last - dt.timedelta(days - 1), last)


def evaluate(principal: Principal, when: Period) -> Evaluation:
    """Raises Forbidden for a role that may not."""
    principal.require("evaluate")
    held = replaying_kept.database()
    feedback.database()
    granted = events(held, when, "approval_granted")
    edited = sum(detail(e, "edited") == "True" for e in granted)
    return Evaluation(
        period=when,
        decided=tuple(_decided(held, when)),
        edited=Share(edited, len(granted)),
        rejections=_rejections(held, when),
        bots=tuple(_drafts(held, when) if bot == "drafts" else _of_bot(held, when, bot) for bot in BOTS),
        edits=_edits(held, when),
        overrides=_overrides(held, when),
        override_reasons=_named(held, when, "ai_override", "decision='dismiss'", DISMISSALS),
        feedback_reasons=_named(held, when, "feedback", "verdict='not helpful'", {}),
        runs=runs(held, when),
        models=Share(*failed(held, when, "llm_response")),
        weeks=_weeks(held, when),
    )


# Proposals


def _decided(held: Database, when: Period) -> list[Decided]:
    begin, end = (dt.datetime.fromisoformat(x).timestamp() for x in (when.since, when.until))
    rows = held.connection().execute(
        "SELECT kind, state, COUNT(*) FROM command WHERE task IS NOT NULL AND at>=? AND at<? GROUP BY kind, state", (begin, end)
    )  # fmt: skip
    counts: dict[str, Counter[str]] = {}
    for kind, state, count in rows:
        counts.setdefault(kind, Counter())[state] = count
    return [
        Decided(kind, KINDS.get(kind, kind), Share(c["executed"], c["executed"] + c["rejected"]), c["rejected"], c["expired"], c["queued"])
        for kind, c in sorted(counts.items())
    ]  # fmt: skip


def _rejections(held: Database, when: Period) -> tuple[tuple[str, int], ...]:
    rows = held.connection().execute(
        "SELECT json_extract(CAST(body AS TEXT), '$.statusReason.coding[0].code') AS reason, COUNT(*) FROM resource "
        "WHERE type='Task' AND updated>=? AND updated<? AND body IS NOT NULL "
        "AND json_extract(CAST(body AS TEXT), '$.status')=? AND json_extract(CAST(body AS TEXT), '$.code.coding[0].system')=? "
        "GROUP BY reason ORDER BY 2 DESC",
        (when.since, when.until, STATES["rejected"], SYSTEM),
    )  # fmt: skip
    return tuple((REJECTIONS.get(code, "No reason"), count) for code, count in rows)


# Outputs


def _of_bot(held: Database, when: Period, bot: str) -> OfBot:
    row = held.connection().execute(
        "SELECT COUNT(*), COALESCE(SUM(found=0), 0), COALESCE(SUM(trouble<>''), 0) FROM ai_output WHERE at>=? AND at<? AND bot=?",
        (when.since, when.until, bot),
    ).fetchone()  # fmt: skip
    times = held.connection().execute(
        "SELECT millis FROM ai_output WHERE at>=? AND at<? AND bot=? AND millis>0 ORDER BY at DESC LIMIT ?",
        (when.since, when.until, bot, MOST_EVENTS),
    )  # fmt: skip
    p50, p95 = percentiles([t[0] for t in times])
    count, nothing, troubled = row
    return OfBot(bot, BOTS[bot], count, Share(nothing, count), Share(troubled, count), _helpful(held, when, bot), p50, p95)


def _drafts(held: Database, when: Period) -> OfBot:
    """Drafts are notes of the record: counted there."""
    begun = held.connection().execute(
        "SELECT COUNT(*) FROM draft_listing WHERE at>=? AND at<?", (when.since, when.until)
    ).fetchone()[0]  # fmt: skip
    return OfBot("drafts", BOTS["drafts"], begun, Share(0, 0), Share(0, 0), _helpful(held, when, "drafts"), None, None)


def _helpful(held: Database, when: Period, bot: str) -> Share:
    row = held.connection().execute(
        "SELECT COALESCE(SUM(verdict='helpful'), 0), COUNT(*) FROM feedback WHERE at>=? AND at<? AND bot=?",
        (when.since, when.until, bot),
    ).fetchone()  # fmt: skip
    return Share(*row)


# Edits and overrides


def _edits(held: Database, when: Period) -> Edits:
    notes = held.connection().execute(
        "SELECT id FROM draft_listing WHERE state='signed' AND at>=? AND at<? ORDER BY at DESC LIMIT ?",
        (when.since, when.until, MOST_NOTES),
    ).fetchall()  # fmt: skip
    changed = total = counted = 0
    for (note_id,) in notes:
        history = system().repository.history("DocumentReference", note_id)
        begun, signed = (_sentences(history[place].resource) for place in (-1, 0))
        if begun:
            counted += 1
            total += begun.total()
            changed += (begun - signed).total()
    row = held.connection().execute(
        "SELECT COALESCE(SUM(kept), 0), COALESCE(SUM(dropped), 0), COALESCE(SUM(added), 0), COUNT(*) FROM ai_edit "
        "WHERE at>=? AND at<? AND bot='billing'",
        (when.since, when.until),
    ).fetchone()  # fmt: skip
    return Edits(Share(changed, total), counted, Share(row[1], row[0] + row[1]), row[2], row[3])


def _sentences(document: Resource) -> Counter[str]:
    """The AI's sentences of a version; a person's own aren't counted."""
    body = of_document(document)
    lines = [line for section in body.sections for line in section.lines] if body else []
    return Counter(" ".join(line.text.split()) for line in lines if not line.own and not line.by and not line.absent)


def _overrides(held: Database, when: Period) -> Share:
    row = held.connection().execute(
        "SELECT COALESCE(SUM(decision='dismiss'), 0), COUNT(*) FROM ai_override WHERE at>=? AND at<? AND decision IN ('dismiss', 'accept')",
        (when.since, when.until),
    ).fetchone()  # fmt: skip
    return Share(*row)


def _named(held: Database, when: Period, table: str, which: str, names: dict[str, str]) -> tuple[tuple[str, int], ...]:
    rows = held.connection().execute(
        f"SELECT reason, COUNT(*) FROM {table} WHERE at>=? AND at<? AND {which} GROUP BY reason ORDER BY 2 DESC, 1",
        (when.since, when.until),
    )  # fmt: skip
    return tuple((names.get(reason, reason) or "No reason given", count) for reason, count in rows)


# Weeks


def _weeks(held: Database, when: Period) -> tuple[Week, ...]:
    """From the first day's week to the last day's, also those in which nothing was."""
    start = when.first - dt.timedelta(when.first.weekday())
    found: dict[str, Counter[str]] = {}
    while start <= when.last:
        found[start.isoformat()] = Counter()
        start += dt.timedelta(7)
    monday = "date(substr(at,1,10), '-6 days', 'weekday 1')"
    shown = held.connection().execute(
        f"SELECT {monday}, COUNT(*), SUM(found=0 AND bot='answers') FROM ai_output WHERE at>=? AND at<? GROUP BY 1", (when.since, when.until)
    )  # fmt: skip
    for week, count, nothing in shown:
        found.setdefault(week, Counter()).update(shown=count, nothing=nothing)
    judged = held.connection().execute(
        f"SELECT {monday}, SUM(verdict='helpful'), SUM(verdict<>'helpful') FROM feedback WHERE at>=? AND at<? GROUP BY 1",
        (when.since, when.until),
    )  # fmt: skip
    for week, helpful, unhelpful in judged:
        found.setdefault(week, Counter()).update(helpful=helpful, unhelpful=unhelpful)
    return tuple(Week(week, c["shown"], c["helpful"], c["unhelpful"], c["nothing"]) for week, c in sorted(found.items()))
