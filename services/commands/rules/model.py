"""A rule, and what rules say of a command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.commands.situation import Situation

log = logging.getLogger("fabric")

Verdict = Literal["block", "queue", "warn"]
"""block: it is refused; queue: a person decides; warn: whoever decides is told."""
STRICTNESS: dict[Verdict, int] = {"block": 2, "queue": 1, "warn": 0}


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule found. `reason` is for a person and holds no more of the record than the command does; `evidence`
    are references."""

    verdict: Verdict
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`Said`, with the rule that said it."""

    rule: str
    verdict: Verdict
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`verdict` is the strictest that it gives; `about` says what it looks for, `source` on what it rests."""

    id: str
    title: str
    verdict: Verdict
    about: str
    judge: Callable[[Situation], Iterable[Said]]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the rules said, the strictest first."""

    findings: tuple[Finding, ...]

    @property
    def action(self) -> Literal["block", "queue", "execute"]:
        """Blocked beats queued beats executed."""
        strictest = self.findings[0].verdict if self.findings else "warn"
        return "execute" if strictest == "warn" else strictest

    @property
    def blocks(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.verdict == "block")

    @property
    def why(self) -> str:
        """Why it is refused, in words."""
        return " ".join(dict.fromkeys(f.reason for f in self.blocks))

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What whoever decides should know: all but that a person has to decide."""
        return tuple(f for f in self.findings if f.rule not in _ROUTINE)


_ROUTINE = frozenset(["person-decides"])


def judged(rules: Sequence[Rule], situation: Situation) -> Judgement:
    """Every rule's say. A rule that fails blocks: what could not be checked is not safe."""
    found: list[Finding] = []
    for rule in rules:
        try:
            said = list(rule.judge(situation))
        except Exception as error:
            log.error(
                "the rule %s failed: %s", rule.id, type(error).__name__
            )  # no more: it may hold patient data
            said = [Said("block", f"The check “{rule.title}” could not be made.")]
        found += [Finding(rule.id, s.verdict, s.reason, s.evidence) for s in said]
    return Judgement(tuple(sorted(found, key=lambda f: -STRICTNESS[f.verdict])))
