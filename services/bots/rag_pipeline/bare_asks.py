"""What a question without a verb wants: "statin?" a yes or no, "last tetanus shot" its date."""

from __future__ import annotations

import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.plan import Plan

# "ICD implanted?", "echo repeated?": a participle at the end asks whether it was.
_DONE = re.compile(
    r"\b(?:implanted|done|given|taken|performed|repeated|placed|inserted|removed|started|stopped|fitted|offered|confirmed|excised)\W*$",
    re.IGNORECASE,
)
_STATES = ("medication", "condition", "allergy", "family")


def bare_ask(plan: Plan, plain: str) -> str:
    """What a question without a verb wants: "statin?" a yes or no, "last tetanus shot" its date."""
    target = plan.target
    named = bool(target.concepts or target.words)
    asks_list = bool(cues.LISTS.search(plain)) or re.match(
        r"\W*(?:what|which|who|where|how)\b", plan.question.text, re.IGNORECASE
    )
    kind = target.kinds[0] if target.kinds else ""
    if asks_list:
        return "list"
    if (
        kind in ("procedure", "report", "immunization", "encounter")
        and plan.pick in ("latest", "earliest", "previous")
        and not cues.CONTENT.search(plain)
    ):
        return "when"
    question = plan.question.text.rstrip().endswith("?") or bool(re.search(r"\by/n\b", plain))
    social = bool(target.concepts) and target.concepts[0].startswith("social:")
    plural = bool(re.search(r"(?:[^su]s|[aeiou]es)\s*\??$", plan.question.text.strip())) and not re.search(
        r"\bany\b", plain, re.IGNORECASE
    )
    if (
        plural
        and kind in ("medication", "encounter", "procedure", "immunization")
        and named | bool(target.classes)
    ):
        return "list"
    if named and question and _DONE.search(plan.question.text):
        return "exists"
    stated = named and (kind in _STATES or social) and not target.purpose
    if stated and (question or (kind in ("allergy", "family") and target.concepts)):
        return "exists"
    if kind in ("immunization", "procedure", "encounter") and (
        question
        and (
            plan.since
            or plan.until
            or kind == "immunization"
            or cues.re.search(r"\b(?:done|had|ever)\b", plain)
        )
    ):
        return "exists"
    return "list"
