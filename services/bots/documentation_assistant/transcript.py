"""What was said in the room, as far as it tells a complaint, a symptom or an instruction: quoted, with the turn's number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.bots.documentation_assistant.model import Line, quote
from services.bots.documentation_assistant.schemas import Turn
from services.knowledge.lexicon import lexicon
from services.knowledge.sentences import sentences

_LINE = re.compile(r"^[ \t]*(?:\[[^\]\n]{0,20}\][ \t]*)?([A-Za-z][\w .'-]{0,40}):[ \t]*", re.MULTILINE)
_PATIENT = re.compile(
    r"\b(?:patient|pt|mother|mom|mum|father|dad|parent|daughter|son|wife|husband|partner|carer|caregiver|family)\b",
    re.IGNORECASE,
)
_CLINICIAN = re.compile(
    r"\b(?:doctor|dr|clinician|provider|physician|nurse|np|pa|md|gp|practitioner|surgeon|therapist|resident)\b",
    re.IGNORECASE,
)
_TOLD_OF = ("symptom", "problem", "finding")
_INSTRUCTION = re.compile(
    r"^(?:please,? |so |and |then |okay,? |ok,? )*(?:start|stop|take|keep|continue|increase|decrease|reduce|cut|try|avoid|come|call|go|"
    r"return|schedule|book|check|weigh|drink|rest|use|don't|do not|make sure)\b"
    r"|\b(?:i want you to|i'd like you to|i would like you to|you should|you need to|you must|we'll|we will|let's|let us|i'll|i will|"
    r"i'm going to|we're going to|i am going to|come back|follow up|call us|call me|if (?:it|you|your|this)\b.{0,60}\bcall)\b",
    re.IGNORECASE,
)
_FEELS = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach(?:e|es|ing|y)|dizz\w+|tired|weak\w*|cough\w*|breath\w*|fever\w*|vomit\w*|throw\w* up|bleed\w*|swell\w*|swollen|"
    r"numb\w*|tingl\w*|itch\w*|rash|burn\w*|sleep\w*|nausea\w*|nauseous|sick|faint\w*|passed out|worse|better|worried|anxious|sad)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Heard:
    """Lines by where they belong. The first thing the patient tells is the complaint."""

    complaint: list[Line] = field(default_factory=list)
    symptoms: list[Line] = field(default_factory=list)
    instructions: list[Line] = field(default_factory=list)
    unknown: int = 0
    """Turns whose speaker is nobody known."""


def turns_of(transcript: str | Sequence[Turn] | None) -> list[Turn]:
    """The turns of a transcript; of a text, those that begin a line with "Name:"."""
    if transcript is None:
        return []
    if not isinstance(transcript, str):
        return list(transcript)
    starts = list(_LINE.finditer(transcript))
    if not starts:
        return [Turn(text=transcript)] if transcript.strip() else []
    ends = [m.start() for m in starts[1:]] + [len(transcript)]
    return [
        Turn(speaker=m[1], text=transcript[m.end() : end].strip())
        for m, end in zip(starts, ends, strict=True)
    ]


def hear(transcript: str | Sequence[Turn] | None) -> Heard:
    heard = Heard()
    for number, turn in enumerate(turns_of(transcript), 1):
        clinician, patient = _CLINICIAN.search(turn.speaker), _PATIENT.search(turn.speaker)
        if bool(clinician) == bool(patient):
            heard.unknown += 1
            continue
        for start, end in sentences(turn.text):
            words = " ".join(turn.text[start:end].split())
            line = quote(
                f"{turn.speaker.strip().capitalize()} (turn {number})", words, (f"transcript/{number}", "")
            )
            if words.endswith("?"):
                continue
            if clinician and _INSTRUCTION.search(words):
                heard.instructions.append(line)
            elif patient and _symptom(words):
                (heard.symptoms if heard.complaint else heard.complaint).append(line)
    return heard


def _symptom(words: str) -> bool:
    kinds = {m.concept.partition(":")[0] for m in lexicon().find(words, query=False)}
    return bool(kinds & set(_TOLD_OF)) or bool(_FEELS.search(words))
