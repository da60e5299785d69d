"""One draft in a person's hands: opened with its checks, kept while it is typed, saved as a version, merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.accounts.roles import Principal
from services.bots.context import read_input
from services.bots.documentation_assistant.body import Body, Settled, whole_lines
from services.bots.documentation_assistant.making import make
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.bots.documentation_assistant.wording import WORDED
from services.commands.tasks import instant
from services.console.drafts import Reader, authors, clock, encounter_line
from services.console.drafts_reading import checked, digest, editable, read_note, version_of
from services.drafts.checks import SEVERE, Checked
from services.drafts.editing import edited
from services.drafts.note import Note, same_words, words
from services.drafts.note import words as section_words
from services.drafts.signing import may_sign
from services.drafts.store import Aside, Work
from services.errors import InvalidInput, NotFound
from services.runtime.system import system

OVERRIDES = {
    "known": "Known, and considered",
    "clinical": "Clinical judgement: it stands as written",
    "not-applicable": "Does not apply to this patient or visit",
    "elsewhere": "Documented or done elsewhere",
    "other": "Other",
}
"""Why a warning is overridden."""
__all__ = ["OVERRIDES", "SEVERE", "section_words"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as its page shows it. `base`, `rev` and `epoch` go to the browser and come back with what is typed;
    `saved` is when the unsaved text was last kept, "" where there is none; `newer` says that a newer version was saved
    since; `others` who else has unsaved text; `shown` stands for the content that is shown."""

    note: Note
    checked: Checked
    base: str
    rev: int
    epoch: str
    saved: str
    newer: str
    others: tuple[str, ...]
    encounter: str
    editable: bool
    signing: bool
    shown: str
    asides: tuple[Aside, ...]

    @property
    def body(self) -> Body:
        return self.checked.body


def opened(principal: Principal, note_id: str) -> Draft:
    """Raises NotFound where there is no such note, or not for this person."""
    parts = system()
    context = parts.context(principal)
    note = read_note(principal, context.repository, note_id)
    who = principal.reference
    work = parts.drafts.work(note_id, who) if note.state == "draft" else None
    body = work.body if work else note.body
    newer = ""
    reader = Reader(context.repository, principal)
    if work and work.base != note.version:
        newer = (
            f"{reader.name(authors([note.stored])[0])} saved a newer version {clock(note.stored.updated)}."
        )
    others = parts.drafts.others(note_id, who) if note.state == "draft" else []
    editable = note.state == "draft" and principal.may("write")
    return Draft(
        note=note,
        checked=checked(principal, note, body),
        base=work.base if work else note.version,
        rev=work.rev if work else 0,
        epoch=f"{work.base if work else note.version}/{work.epoch if work else 0}",
        saved=clock(work.at) if work else "",
        newer=newer,
        others=tuple(f"{reader.name(other)} ({clock(at)})" for other, at in others),
        encounter=encounter_line(principal, note.patient, note.encounter.partition("/")[2])
        if note.encounter
        else "",
        editable=editable,
        signing=editable and may_sign(principal),
        shown=digest(body),
        asides=tuple(parts.drafts.asides(note_id, who)),
    )


def left_out(draft: Draft) -> list[Aside]:
    """Texts of this person that were put aside and of which something does not stand in the note."""
    held = {line.text for s in draft.body.sections for line in s.lines}
    return [a for a in draft.asides if any(x.strip() not in held for x in a.text.splitlines() if x.strip())]


def keep(principal: Principal, note_id: str, base: str, rev: int, tab: str, texts: Mapping[str, str]) -> None:
    """Keep what was typed, durably, section by section; it is no version yet.

    Where the note was signed or discarded meanwhile, or another window of this person wrote something else, nothing is
    lost: the text that gives way is put aside. Raises Forbidden and NotFound.
    """
    principal.require("write")
    parts = system()
    who = principal.reference
    with parts.database.write():
        repository = parts.repository_for(principal)
        note = read_note(principal, repository, note_id)
        work = parts.drafts.work(note_id, who)
        if note.state != "draft":
            for key, text in texts.items():
                section = note.body.section(key)
                if text.strip() and text.strip() != words(section).strip():
                    parts.drafts.put_aside(
                        note_id,
                        who,
                        key,
                        section.title if section else "",
                        text,
                        f"the note was {note.state}",
                    )
            return
        started = note.body if base == note.version else version_of(repository, note_id, base, note.body)
        body = work.body if work else started
        if work and work.tab != tab and work.rev > rev:
            for key, text in texts.items():
                if (held := body.section(key)) and words(held) not in (text, words(started.section(key))):
                    parts.drafts.put_aside(
                        note_id, who, key, held.title, words(held), "text from another window"
                    )
        changed = edited(body, texts, (started, note.body), who)
        if work or not same_words(changed, started):
            parts.drafts.keep(note_id, who, _began_with(note, work, base) if work else base, changed, tab)


def _began_with(note: Note, work: Work, base: str) -> str:
    """The version that a text rests on. What was typed on an older one, while another person's was brought in, rests on
    that: so that a section which both changed is asked about."""
    return base if work.base == note.version else work.base


def change(principal: Principal, note_id: str, body: Body) -> None:
    """Keep a change that the server made to the text."""
    parts = system()
    note, work = editable(principal, note_id)
    parts.drafts.keep(note_id, principal.reference, work.base if work else note.version, body, "", ours=True)


def override(principal: Principal, note_id: str, warning: str, code: str, more: str) -> None:
    """Raises InvalidInput without a reason."""
    if code not in OVERRIDES or (code == "other" and not more.strip()):
        raise InvalidInput("Say why the warning is overridden.")
    reason = OVERRIDES[code] + (f": {more.strip()}" if more.strip() else "")
    note, work = editable(principal, note_id)
    body = work.body if work else note.body
    settled = Settled(warning, reason, principal.reference, principal.name, instant(dt.datetime.now(dt.UTC)))
    kept = (*(s for s in body.settled if s.text != warning), settled)
    _same_text(principal, note_id, replace(body, settled=kept))


def reopen(principal: Principal, note_id: str, warning: str) -> None:
    note, work = editable(principal, note_id)
    body = work.body if work else note.body
    _same_text(principal, note_id, replace(body, settled=tuple(s for s in body.settled if s.text != warning)))


def make_again(principal: Principal, note_id: str, key: str) -> None:
    """One section from the record as it is now; the others stay, and its own text can be got back.

    Raises InvalidInput where the assistant didn't make it.
    """
    parts = system()
    note, work = editable(principal, note_id)
    body = work.body if work else note.body
    before = body.section(key)
    if body.asked is None or before is None:
        raise InvalidInput("Only what the Documentation Assistant made can be made again.")
    asked = read_input(
        DocAssistantInput,
        {**body.asked, "generate": body.asked.get("generate") is not False and key in WORDED},
    )
    made = make(parts.context(principal), asked)
    section = next((s for s in whole_lines(made.note) if s.key == key), replace(before, lines=[]))
    parts.drafts.put_aside(
        note_id, principal.reference, key, before.title, words(before), "the section was made again"
    )
    change(principal, note_id, body.put(section))


def put_back(principal: Principal, note_id: str, aside_id: int) -> None:
    """An earlier text into its section; what stands there is put aside in turn."""
    parts = system()
    note, work = editable(principal, note_id)
    who = principal.reference
    aside = next((a for a in parts.drafts.asides(note_id, who) if a.id == aside_id), None)
    body = work.body if work else note.body
    held = body.section(aside.section) if aside else None
    if aside is None or held is None:
        raise NotFound("That text is not kept any more.")
    started = (
        version_of(parts.repository_for(principal), note_id, work.base, note.body) if work else note.body
    )
    fresh = _made(principal, body) if body.asked else body
    parts.drafts.put_aside(
        note_id, who, aside.section, held.title, words(held), "an earlier text was put back"
    )
    change(principal, note_id, edited(body, {aside.section: aside.text}, (started, note.body, fresh), who))


def _same_text(principal: Principal, note_id: str, body: Body) -> None:
    parts = system()
    note, work = editable(principal, note_id)
    parts.drafts.keep(
        note_id, principal.reference, work.base if work else note.version, body, work.tab if work else ""
    )


def _made(principal: Principal, body: Body) -> Body:
    asked = read_input(DocAssistantInput, {**(body.asked or {}), "generate": False})
    return make(system().context(principal), asked).body(asked)
