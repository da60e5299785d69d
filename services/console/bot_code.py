"""A bot's code over time: what was saved, what runs, and how two of them differ."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any, Literal

from services.accounts.roles import Principal
from services.console.dates import show_moment
from services.console.timeline import names
from services.errors import InvalidInput
from services.fhir.origin import origins
from services.fhir.repository import Resource, Stored
from services.runtime.execution import code_of
from services.runtime.system import system

What = Literal["Made", "Saved", "Deployed", "Settings"]
Part = Literal["same", "removed", "added", "gap"]
_LINE = (re.compile(r"\([^()]*, line (\d+)\)"), re.compile(r"at [^\s:]+:(\d+)"))


@dataclass(frozen=True, slots=True)
class Code:
    """`at` names the stored text: two of the same text that were saved twice differ in it."""

    text: str
    filename: str
    at: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a bot. `number` counts from 1; `code` is what was saved, or deployed, with it."""

    number: int
    id: str
    when: str
    who: str
    what: What
    attachment: Resource | None

    def label(self) -> str:
        return f"{self.number} · {self.what} {self.when}"


def read_code(attachment: Any) -> Code | None:
    """The code that an attachment of a Bot names; None where there is none that can be read."""
    try:
        text, filename = code_of(system().repository, attachment)
    except InvalidInput:
        return None
    return None if text is None else Code(text, filename, str(attachment.get("url") or ""))


def versions(principal: Principal, bot_id: str) -> list[Version]:
    """Newest first. Raises NotFound."""
    principal.require("administer")
    repository = system().repository_for(principal)
    history = [stored for stored in repository.history("Bot", bot_id) if stored.body is not None]
    known = names(repository)
    authors = origins(system().database, history)
    found = []
    for number, (stored, what, attachment) in enumerate(told(history), 1):
        author = getattr(authors.get((stored.type, stored.id, stored.version)), "author", None) or "Not Known"
        when = show_moment(stored.updated, system().settings.timezone)
        found.append(Version(number, stored.version, when, known.get(author, author), what, attachment))
    return found[::-1]


def told(history: list[Stored]) -> list[tuple[Stored, What, Resource | None]]:
    """What each version of a history (newest first) brought, oldest first, with the code it was about."""
    found: list[tuple[Stored, What, Resource | None]] = []
    before: Resource | None = None
    for stored in reversed(history):
        now = stored.resource
        source, runs = now.get("sourceCode"), now.get("executableCode")
        if before is not None and runs != before.get("executableCode"):
            found.append((stored, "Deployed", runs))
        elif before is None or source != before.get("sourceCode"):
            found.append((stored, "Made" if before is None else "Saved", source))
        else:
            found.append((stored, "Settings", None))
        before = now
    return found


def difference(old: str, new: str, around: int = 3) -> list[tuple[Part, str]]:
    """Line by line what became of the old text, with a few of the lines around each change."""
    old_lines, new_lines = old.splitlines(), new.splitlines()
    found: list[tuple[Part, str]] = []
    for group in difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_grouped_opcodes(
        around
    ):
        if found or group[0][1] > 0:
            found.append(("gap", f"line {group[0][3] + 1}"))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found.extend(("same", line) for line in old_lines[a:b])
            else:
                found.extend(("removed", line) for line in old_lines[a:b])
                found.extend(("added", line) for line in new_lines[c:d])
    return found


def wrong_line(message: str, code: str) -> int | None:
    """The line of the code, from 1, that a language's complaint names; None where it names none."""
    for pattern in _LINE:
        if match := pattern.search(message):
            return max(1, min(int(match.group(1)), len(code.splitlines())))
    return None
