"""The safety rules and the policy, as administrators see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.commands.policy import Policy, Window
from services.commands.rules import RULES
from services.commands.rules.model import Rule
from services.index.text import values
from services.runtime.system import system

LOOKED_AT = 1000
_DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, and how many of the newest blocks were by it."""

    rule: Rule
    blocks: int


def rules(principal: Principal) -> list[RuleLine]:
    principal.require("administer")
    params = [("subtype", "safety_filter_triggered"), ("_sort", "-_lastUpdated"), ("_count", str(LOOKED_AT))]
    counts: Counter[str] = Counter()
    for event in system().repository.search("AuditEvent", params).matches:
        for entity in values.objs(event.resource.get("entity")):
            for detail in values.objs(entity.get("detail")):
                if detail.get("type") == "safetyFilter":
                    counts[values.string(detail.get("valueString"))] += 1
    return [RuleLine(rule, counts[rule.id]) for rule in RULES]


def policy_facts(principal: Principal) -> list[tuple[str, str]]:
    """What the policy says, in words."""
    principal.require("administer")
    parts = system()
    policy: Policy = parts.desk.policy
    by_type = "; ".join(f"{k} {v:g} h" for k, v in policy.expires_after_hours_by_type.items())
    return [
        ("Version", policy.name),
        ("File", str(parts.settings.command_policy or "The one that is shipped")),
        ("Written without a person", ", ".join(policy.execute_alone) or "Nothing"),
        ("Refused altogether", ", ".join(policy.blocked_types) or "Nothing"),
        ("Least confidence", f"{policy.least_confidence:g}; to act alone {policy.alone_confidence:g}"),
        ("Hours", "; ".join(map(_window, policy.allowed_hours)) or "At any time"),
        ("Time zone", parts.desk.zone.key),
        ("Expires after", f"{policy.expires_after_hours:g} h" + (f"; {by_type}" if by_type else "")),
        ("A claim lasts", f"{policy.lease_minutes:g} min"),
        ("Decided by somebody else than who asked", ", ".join(policy.two_person_types) or "Not asked for"),
    ]


def _window(window: Window) -> str:
    days = "every day" if len(window.days) == 7 else ", ".join(_DAYS[d] for d in window.days)
    return f"{window.begin:%H:%M}–{window.end:%H:%M} {days}"
