"""What is found about a rule: findings while it is judged, and the outcome that is handed out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from services.bots.clinical_decision_support.preventive.truth import Truth
from services.bots.context import Message

Status = Literal["due", "overdue", "satisfied", "excluded", "not-eligible", "cannot-judge"]


class Evidence(Message):
    """One resource that a judgement rests on. `code` is `system|code`, `date` as recorded."""

    reference: str
    version: str
    date: str | None = None
    code: str = ""
    display: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a criterion finds.

    `why`: in words, where it isn't met or can't be told; where it is, what the evidence shows (by default: done). `last`: when it was last done, also where that is too long
    ago. `due`: when it is due again by its interval. `until`: from when it no longer counts (`truth.LAST`: never).
    """

    truth: Truth
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    last: dt.date | None = None
    due: dt.date | None = None
    until: dt.date | None = None


class PreventiveCareGap(Message):
    """The contract's gap; what follows `recommendation` is beyond it."""

    screening: str
    last_performed: str | None = None
    due_date: str
    recommendation: str
    rule: str
    status: Status
    grade: str = ""
    verified: bool = True
    reason: str
    evidence: list[Evidence] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One rule, judged. `reopens`: from when a satisfied rule is due again, None where never."""

    rule: str
    title: str
    status: Status
    reason: str
    recommendation: str
    evidence: tuple[Evidence, ...] = ()
    last_performed: dt.date | None = None
    due_date: dt.date | None = None
    reopens: dt.date | None = None
    grade: str = ""
    verified: bool = True
    summary: bool = False
    """Sums up rules that are judged one by one; not told as a gap of its own."""
