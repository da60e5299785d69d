"""The criteria as the table of docs/diagnosis.md.

`python -m services.bots.clinical_decision_support.diagnosis.table` writes it between the page's two marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.bots.clinical_decision_support.diagnosis.codes import titles
from services.bots.clinical_decision_support.diagnosis.model import Rule
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES

PAGE = Path(__file__).parents[4] / "docs" / "diagnosis.md"
BEGIN, END = "<!-- criteria: made by table.py -->", "<!-- end of criteria -->"


def lines() -> Iterator[str]:
    """The part of the page that tells the criteria, family by family."""
    for family, rules in FAMILIES.items():
        yield f"### {family}"
        yield ""
        for rule in rules:
            yield from _rule(rule)
            yield ""


def _rule(rule: Rule) -> Iterator[str]:
    condition = rule.condition
    coded = f"{condition.code} {titles()[condition.code]}"
    yield f"**{condition.display}** (`{condition.id}`), {coded}; severity {condition.severity}, strength {rule.strength:g}"
    yield ""
    yield f"- For: {_whom(rule)}"
    yield f"- Met by: {rule.need.words}"
    if rule.doubts:
        yield f"- Against: {'; '.join(dict.fromkeys(d.words for d in rule.doubts))}"
    yield f"- To confirm: {condition.advice}"
    yield f"- Source: {condition.source}"


def _whom(rule: Rule) -> str:
    people = {"male": "men", "female": "women"}.get(rule.sex, "everybody")
    age = f" from {rule.since} years on" if rule.since else " of any age"
    return people + age + {"no": ", not in pregnancy", "only": ", in pregnancy", "any": ""}[rule.pregnant]


def written(page: str) -> str:
    """The page with its part replaced by the criteria of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(lines()).strip()
    return f"{before}{BEGIN}\n\n{body}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
