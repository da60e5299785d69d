"""What readers thought of answers: kept beside the record, for whoever improves them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Literal

from services.accounts.roles import Principal
from services.console.asking import Reply
from services.errors import InvalidInput
from services.runtime.system import system

Verdict = Literal["helpful", "not helpful"]
REASONS = ("Wrong", "Incomplete", "Source does not say it", "Question misunderstood", "Other")
MOST_CHARS = 1000
_STEPS = [
    """
    CREATE TABLE answer_feedback(
        answer TEXT NOT NULL,
        user TEXT NOT NULL,
        patient TEXT NOT NULL,
        question TEXT NOT NULL,
        kind TEXT NOT NULL,
        citations TEXT NOT NULL,
        verdict TEXT NOT NULL,
        reason TEXT NOT NULL,
        comment TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY(answer, user)
    )
    """
]


def give(
    principal: Principal, patient_id: str, reply: Reply, verdict: Verdict, reason: str = "", comment: str = ""
) -> None:
    """Keep a verdict; a later one of the same person on the same answer takes its place.

    `citations` are stored as [{reference, version}]. Raises InvalidInput, StoreUnavailable, Unauthorized.
    """
    principal.require("search")
    if reason and reason not in REASONS:
        raise InvalidInput(f"The reason must be one of: {', '.join(REASONS)}.")
    if len(comment) > MOST_CHARS:
        raise InvalidInput(f"The comment may have {MOST_CHARS:,} characters at most.")
    cited = json.dumps([{"reference": c.reference, "version": c.version} for c in reply.citations])
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    database = system().database
    database.migrate("answer_feedback", list(_STEPS))
    with database.write() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO answer_feedback VALUES(?,?,?,?,?,?,?,?,?,?)",
            (reply.id, principal.reference, patient_id, reply.question, reply.kind, cited, verdict, reason, comment.strip(), now),
        )  # fmt: skip
