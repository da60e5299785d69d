"""Rules about the problem list."""

from __future__ import annotations

from collections.abc import Iterator

from services.commands.problem_list import matching
from services.commands.rules.model import Rule, Said
from services.commands.schemas import ProposeProblemListUpdate
from services.commands.situation import Situation

_ENDED = frozenset(["inactive", "remission", "resolved"])


def _listed(s: Situation) -> Iterator[Said]:
    command = s.command
    if not isinstance(command, ProposeProblemListUpdate):
        return
    listed = matching(s.chart, command.condition)
    held = [e for e in listed if e.extra.get("clinical") not in _ENDED and not e.end]
    if command.action == "add" and held:
        yield Said("block", "This problem is on the list already.", tuple(e.reference for e in held))
    if command.action != "add" and len(held if command.action == "resolve" else listed) != 1:
        count = len(held if command.action == "resolve" else listed)
        which = "no such problem" if not count else f"{count} such problems; it can't be told which is meant"
        yield Said("block", f"The list holds {which}.", tuple(e.reference for e in listed))


RULES = (
    Rule("problem-list", "Problem list", "block",
         "A problem that is there already is not added again, and one that is not there (or is there twice) is not changed.",
         _listed),
)  # fmt: skip
