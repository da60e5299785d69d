"""What readers thought of what the AI showed them: kept beside the record, with what was shown, for whoever improves it."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from services.accounts.roles import Principal
from services.bots.clinical_decision_support.model import Finding
from services.console.replaying_kept import BOTS, RECORD, Evidence, digest
from services.console.replies import Reply
from services.console.tables import Table
from services.errors import InvalidInput

if TYPE_CHECKING:
    from services.console.billing_codes import Codes
    from services.console.drafts_editing import Draft

Verdict = Literal["helpful", "not helpful"]
REASONS = ("Wrong", "Incomplete", "Source does not say it", "Question misunderstood", "Not relevant", "Other")
MOST_CHARS = 1000


def _one_table(connection: sqlite3.Connection) -> None:
    """The verdicts on answers, which had a table of their own, among all others."""
    connection.execute(
        "INSERT INTO feedback(output, item, user, bot, patient, verdict, reason, comment, about, evidence, model, hash, at) "
        "SELECT answer, '', user, 'answers', patient, verdict, reason, comment, question, citations, '', '', at "
        "FROM answer_feedback"
    )
    connection.execute("DROP TABLE answer_feedback")


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
    """,
    """
    CREATE TABLE feedback(
        output TEXT NOT NULL, item TEXT NOT NULL, user TEXT NOT NULL, bot TEXT NOT NULL, patient TEXT NOT NULL,
        verdict TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, about TEXT NOT NULL, evidence TEXT NOT NULL,
        model TEXT NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(output, item, user)
    ) WITHOUT ROWID;
    CREATE INDEX feedback_at ON feedback(at, bot, verdict, reason)
    """,
    _one_table,
]


@dataclass(frozen=True, slots=True)
class Item:
    """What a verdict is on. `output` is the AI's output, `item` which part of it ("" for all): a finding's key, a code, a
    section. `about` says what it is in a few words of no patient; `text` is what was shown, of which the hash is kept."""

    bot: str
    patient: str
    output: str
    item: str
    about: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    model: str = RECORD

    @property
    def key(self) -> str:
        """One word for a page's widgets."""
        return digest(f"{self.output}\n{self.item}")


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it is listed. `user` is a reference."""

    at: str
    bot: str
    output: str
    item: str
    about: str
    verdict: Verdict
    reason: str
    comment: str
    user: str


database = Table("answer_feedback", _STEPS).database
"""The record's, with the tables of this module."""


def item_of(reply: Reply, patient_id: str) -> Item:
    """An answer, as a whole."""
    text = "\n".join(text for text, _ in reply.sentences)
    return Item("answers", patient_id, reply.id, "", reply.question, text, tuple((c.reference, c.version) for c in reply.citations),
                RECORD if reply.kind != "generated" else reply.label)  # fmt: skip


def item_of_finding(patient_id: str, output: str, finding: Finding) -> Item:
    rests = tuple((b.reference, b.version) for b in (*finding.evidence, *finding.against))
    text = f"{finding.title}. {finding.reason} {finding.recommendation}"
    return Item("findings", patient_id, output, finding.key, finding.rule, text, rests)


def item_of_codes(output: str, codes: Codes) -> Item:
    """The suggested codes of an encounter, as a whole."""
    offered = [c.code for c in (*codes.output.icd10_codes, *codes.output.cpt_codes)]
    visit = codes.found.visit.entry
    return Item("billing", codes.patient, output, "", "Suggested codes", " ".join(offered), ((visit.reference, visit.version),))


def item_of_draft(draft: Draft) -> Item:
    """A draft as a whole, with the sources of its sentences."""
    note, lines = draft.note, [line for section in draft.note.body.sections for line in section.lines]
    rests = tuple(dict.fromkeys(source for line in lines for source in line.sources))
    return Item("drafts", note.patient, note.id, "", note.body.title, note.body.text(), rests, note.body.model or RECORD)


def give(principal: Principal, item: Item, verdict: Verdict, reason: str = "", comment: str = "") -> None:
    """Keep a verdict; a later one of the same person on the same thing takes its place.

    Raises InvalidInput, StoreUnavailable, Unauthorized.
    """
    principal.require("search")
    if item.bot not in BOTS or verdict not in ("helpful", "not helpful"):
        raise InvalidInput("There is no such thing to judge.")
    if reason and reason not in REASONS:
        raise InvalidInput(f"The reason must be one of: {', '.join(REASONS)}.")
    if len(comment) > MOST_CHARS:
        raise InvalidInput(f"The comment may have {MOST_CHARS:,} characters at most.")
    rests = json.dumps([{"reference": r, "version": v} for r, v in item.evidence])
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    with database().write(beside=True) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO feedback VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (item.output, item.item, principal.reference, item.bot, item.patient, verdict, reason, comment.strip(), item.about,
             rests, item.model, digest(item.text), at),
        )  # fmt: skip


def given(principal: Principal, items: list[Item]) -> dict[str, Verdict]:
    """This person's verdicts by the items' keys."""
    asked = json.dumps([[item.output, item.item, item.key] for item in items])
    rows = database().connection().execute(
        "SELECT json_extract(a.value,'$[2]'), f.verdict FROM json_each(?) a JOIN feedback f "
        "ON f.output=json_extract(a.value,'$[0]') AND f.item=json_extract(a.value,'$[1]') AND f.user=?",
        (asked, principal.reference),
    )  # fmt: skip
    return dict(rows.fetchall())


def listed(since: str, until: str, bot: str = "", verdict: str = "", limit: int = 200) -> list[Given]:
    """The newest first. Patients are not told."""
    wanted = "at>=? AND at<?" + (" AND bot=?" if bot else "") + (" AND verdict=?" if verdict else "")
    return _read(f"{wanted} ORDER BY at DESC LIMIT ?", (since, until, *filter(None, (bot, verdict)), limit))


def of_output(output: str) -> list[Given]:
    """All verdicts on an output of the AI, or on parts of it."""
    return _read("output=? ORDER BY at DESC", (output,))


def _read(where: str, values: tuple) -> list[Given]:
    rows = database().connection().execute(
        f"SELECT at, bot, output, item, about, verdict, reason, comment, user FROM feedback WHERE {where}", values
    )
    return [Given(*row) for row in rows]
