"""Every safety filter, in the order in which they are listed. The strictest of them decides."""

from __future__ import annotations

from services.commands.rules import general, identity, instructions, medicines, problems, statements
from services.commands.rules.model import Finding, Judgement, Rule, judged
from services.commands.situation import Situation

RULES: tuple[Rule, ...] = (
    *general.RULES,
    *instructions.RULES,
    *identity.RULES,
    *medicines.RULES,
    *problems.RULES,
    *statements.RULES,
)


def judge(situation: Situation) -> Judgement:
    """What the rules say. Of what the sender may not see, only that there is something."""
    found = judged(RULES, situation)
    return Judgement(tuple(_shown(f, situation) for f in found.findings))


def _shown(finding: Finding, situation: Situation) -> Finding:
    hidden = [
        r for r in finding.evidence if situation.record.find(r) and situation.repository.find(r) is None
    ]
    if not hidden:
        return finding
    reason = f"The rule {finding.rule} speaks against it, by a part of the record that you may not see."
    return Finding(finding.rule, finding.verdict, reason, ())


__all__ = ["RULES", "Finding", "Judgement", "Rule", "judge"]
