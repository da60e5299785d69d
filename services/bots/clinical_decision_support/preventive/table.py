"""The coverage table of docs/preventive.md, made from the rules.

`python -m services.bots.clinical_decision_support.preventive.table` writes it between the page's two marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from services.bots.clinical_decision_support.preventive.criteria import Any, Criterion, Only
from services.bots.clinical_decision_support.preventive.measures import shared
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.bots.clinical_decision_support.preventive.rules import Named, Rule

PAGE = Path(__file__).parents[4] / "docs" / "preventive.md"
_SHARED = tuple(value for value in vars(shared).values() if isinstance(value, Named))
BEGIN, END = "<!-- rules: made by table.py -->", "<!-- end of rules -->"


def lines() -> Iterator[str]:
    """The part of the page that tells the rules."""
    yield "| Rule | Title | Grade | Source | Version | Verified |"
    yield "|---|---|---|---|---|---|"
    for rule in RULES:
        verified = "yes" if rule.verified else "no"
        yield f"| {rule.id} | {rule.title} | {rule.grade} | {rule.source} | {rule.version} | {verified} |"
    for rule in RULES:
        yield ""
        yield f"**{rule.id} {rule.title}**"
        yield ""
        yield from _facts(rule)


def _facts(rule: Rule) -> Iterator[str]:
    yield f"- Eligible: {rule.eligible.words}"
    if rule.visits:
        yield f"- Visits (strict): {rule.visits.words}"
    for label, named in (
        ("Excluded", rule.exclusions),
        ("Excepted", rule.exceptions),
        ("In doubt", rule.doubts),
    ):
        for each in named:
            yield f"- {label}: {_told(each)}"
    label = "Met (the measure counts the opposite)" if rule.inverse else "Met"
    arms = _arms(rule.met)
    if len(arms) > 1:
        yield f"- {label}, any of:"
        yield from (f"  - {arm}" for arm in arms)
    else:
        yield f"- {label}: {arms[0]}"
    if rule.tie_break:
        yield f"- Which one counts: {rule.tie_break}"
    if rule.summary:
        yield "- Sums up other rules; not told as a gap"


def _arms(criterion: Criterion) -> list[str]:
    """The alternatives of a criterion, each in words."""
    if isinstance(criterion, Any):
        return [arm for each in criterion.of for arm in _arms(each)]
    if isinstance(criterion, Only):
        return [f"{arm} ({'strict' if criterion.strict else 'unless strict'})" for arm in _arms(criterion.of)]
    return [criterion.words]


def _told(named: Named) -> str:
    return f"{named.told}: {named.of.words}" if named not in _SHARED else f"{named.told} (see above)"


def shared_lines() -> Iterator[str]:
    """What the shared exclusions are."""
    for named in _SHARED:
        yield f"- {named.told}: {named.of.words}"


def written(page: str) -> str:
    """The page with its part replaced by the rules of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(("Shared exclusions", "", *shared_lines(), "", *lines()))
    return f"{before}{BEGIN}\n\n{body}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
