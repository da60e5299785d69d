"""The types of documents: what each holds, in which order, and what must not be missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.bots.documentation_assistant.schemas import DocAssistantInput

NAME = "documentation-assistant-bot"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of document: its title, its LOINC code, its sections in order, and those that must not be empty."""

    title: str
    loinc: str
    display: str
    sections: Sequence[str]
    required: frozenset[str]
    soap: bool = False


def _kind(title: str, loinc: str, display: str, sections: str, required: str, soap: bool = False) -> Kind:
    return Kind(title, loinc, display, sections.split(), frozenset(required.split()), soap)


KINDS: dict[str, Kind] = {
    "progress": _kind(
        "Progress note", "11506-3", "Progress note",
        "reason interval medications allergies vitals exam results studies procedures immunizations assessment diagnoses problems plan",
        "reason assessment plan", soap=True,
    ),
    "discharge": _kind(
        "Discharge summary", "18842-5", "Discharge summary",
        "admission history allergies course done vitals exam results studies immunizations assessment diagnoses problems condition "
        "discharge_medications given pending follow_up",
        "admission course condition discharge_medications follow_up allergies",
    ),
    "consultation": _kind(
        "Consultation note", "11488-4", "Consult note",
        "reason history past medications allergies vitals exam results studies procedures assessment diagnoses plan",
        "reason history allergies assessment plan", soap=True,
    ),
    "referral": _kind(
        "Referral letter", "57133-1", "Referral note",
        "referral question history past tried medications allergies vitals exam recent studies assessment plan",
        "referral question past medications allergies",
    ),
    "history_physical": _kind(
        "History and physical examination", "34117-2", "History and physical note",
        "complaint history past surgical family social medications allergies review vitals exam results studies assessment diagnoses plan",
        "complaint history past medications allergies exam assessment plan", soap=True,
    ),
}  # fmt: skip
"""By documentationType. LOINC codes and displays: LOINC 2.7x document ontology."""
_FLAGS = {
    "include_medications": ("medications", "discharge_medications", "given"),
    "include_vitals": ("vitals",),
    "include_lab_results": ("results", "recent"),
}


def left_out(asked: DocAssistantInput) -> frozenset[str]:
    """The sections that the caller does not want."""
    return frozenset(name for flag, names in _FLAGS.items() if not getattr(asked, flag) for name in names)
