"""Whose record a question asks about: this patient, by any of the names and numbers of the record, or somebody else."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from services.bots.rag_pipeline import categories
from services.bots.rag_pipeline.asker import asker_left_out
from services.bots.rag_pipeline.plain_words import GENERIC
from services.chart.chart import Chart
from services.index.features import stems
from services.index.text import values
from services.knowledge.lexicon import lexicon
from services.knowledge.time_words import MONTHS

_NUMBER = re.compile(
    r"\b(?:patient|pt|subject|person|mrn|medical record number|record number)(?:'s)?(?: (?:number|no\.?|id|with (?:the )?(?:id|mrn)))?"
    r"[ :#_]+(?!\d+[- ]?(?:year|yr|month|mo|week|wk|day|hour|hr|min|point|lead|item|fold|pack)s?\b)(?P<id>[A-Za-z]{0,5}[-_]?\d[\w-]{2,})(?P<own>'s)?",
    re.IGNORECASE,
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mister|Mx)\.?"
_NAME = r"[A-Z][a-z]+(?:[-'][A-Z][a-z]+)?"
_TITLED = re.compile(rf"\b{_TITLE} (?P<name>{_NAME}(?: {_NAME}){{0,2}})")
_RUN = re.compile(rf"(?<![\w-]){_NAME}(?: {_NAME})*(?P<own>'s)?(?![\w-])")
_CLINICIAN = re.compile(
    r"(?:\b(?:dr|doctor|prof|nurse|by|from|with|under|see|saw|surgeon|provider)\.?,? )$", re.IGNORECASE
)
_PLACE = re.compile(
    r"\s+(?:hospital|clinic|medical|cent(?:er|re)|score|scale|criteria|test|sign|index|stage|stain)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?<![\w-])(?P<who>patient|pt|her|his|their|the patient|(?:gp|doctor|physician|nurse|surgeon|mother|father|sister|brother|son|daughter|wife|husband)'s)(?:'s)? (?:ex-?)?(?P<relative>wife|husband|spouse|partner|boyfriend|girlfriend|room-?mate|neighbou?r|friend|next of kin|emergency contact|guardian|caregiver|carer)\b",
    re.IGNORECASE,
)


def asked_of(text: str, chart: Chart) -> tuple[str, str]:
    """(the question with this patient's names and numbers as "the patient", whom else it names or "")."""
    patient = chart.patient.resource
    text = text.replace("’", "'")
    numbers = _numbers(patient)
    names = _names(patient)
    text, stranger = asker_left_out(text, values.string(patient.get("gender")))

    def number(match: re.Match[str]) -> str:
        nonlocal stranger
        told = match["id"]
        if told.casefold() in numbers:
            return f"the patient{match['own'] or ''}"
        stranger = stranger or told
        return match[0]

    text = _NUMBER.sub(number, text)
    text = re.sub(r"\b(?:the )+the patient", "the patient", text)
    text = _own_names(text, names)
    return text, stranger or _stranger(text, chart)


def _numbers(patient: dict[str, Any]) -> set[str]:
    found = {values.string(i.get("value")).casefold() for i in values.objs(patient.get("identifier"))}
    found.add(str(patient.get("id")).casefold())
    for name in values.objs(patient.get("name")):
        parts = (
            values.string(name.get("family")),
            values.string(name.get("text")),
            *map(values.string, values.many(name.get("given"))),
        )
        found |= {w.casefold() for p in parts for w in re.findall(r"[\w-]*\d[\w-]*", p)}
        found |= {w for p in parts for w in re.findall(r"\d{3,}", p)}
    for known in list(found):
        found |= set(re.findall(r"\d{3,}", known))
    return found - {""}


def _names(patient: dict[str, Any]) -> tuple[set[str], set[str]]:
    """(given names, family names), as written."""
    given: set[str] = set()
    family: set[str] = set()
    for name in values.objs(patient.get("name")):
        given |= {
            w
            for g in map(values.string, values.many(name.get("given")))
            for w in (g, *g.split())
            if len(w) > 1
        }
        family |= {values.string(name.get("family"))} - {""}
    # Made-up patients are often numbered: "Lorene417" is called Lorene.
    given |= {g.rstrip("0123456789") for g in given}
    family |= {f.rstrip("0123456789_") for f in family}
    given, family = ({*names, *map(_plainly_written, names)} for names in (given, family))
    return {g for g in given if len(g) > 1}, {f for f in family if len(f) > 1}


_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def _plainly_written(name: str) -> str:
    """Without the marks that keyboards lack: Nguyen for Nguyễn."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.translate(_LETTERS)) if not unicodedata.combining(c))


def _own_names(text: str, names: tuple[set[str], set[str]]) -> str:
    given, family = ("|".join(sorted(map(re.escape, n), key=len, reverse=True)) or r"(?!)" for n in names)
    full = (
        rf"(?:{_TITLE} )?(?:(?:{given})(?: [A-Z]\.?| (?:{given}))* (?:{family})|(?:{family}),? (?:{given}))"
    )
    text = re.sub(rf"(?<![\w-]){full}(?![\w-])", "the patient", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"(?<![\w-]){_TITLE} (?:{family}|{given})(?![\w-])", "the patient", text, flags=re.IGNORECASE
    )
    # One name alone is the patient's where it is written as a name and is no word of medicine.
    for name in re.findall(rf"(?<![\w-])(?:{given}|{family})(?![\w-])", text):
        if (
            name[:1].isupper()
            and not lexicon().find(name, query=True)
            and name.casefold() not in GENERIC
            and name.casefold() not in MONTHS
        ):
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "the patient", text)
    return re.sub(r"\bpatient the patient\b", "the patient", text)


def _stranger(text: str, chart: Chart) -> str:
    """A person's name in the question that is not the patient's: after a title, two names, or one that owns something.

    Words of medicine, of questions or of this record are no names, and a clinician who did something is not asked about.
    """
    titled = _TITLED.search(text)
    if titled and not _CLINICIAN.search(text[: titled.start()]):
        return titled["name"]
    for match in _RUN.finditer(text):
        words = match[0].removesuffix("'s").split()
        while words and _plain(words[0]):
            words = words[1:]
        if not words or (len(words) == 1 and not match["own"]) or any(map(_plain, words)):
            continue
        if _CLINICIAN.search(text[: match.start()]) or _PLACE.match(text, match.end()):
            continue
        around = text[max(0, match.start() - 25) : match.end() + 25]
        medical = " ".join(m.surface.casefold() for m in lexicon().find(around, query=True))
        if not any(w.casefold() in medical for w in words) and not _in_record(chart, words):
            return " ".join(words)
    return ""


def _plain(word: str) -> bool:
    word = word.casefold().removesuffix("'s")
    return word in GENERIC or word in MONTHS or word in _PLAIN or word in categories.spoken()


_PLAIN = frozenset(
    [
        "has",
        "is",
        "does",
        "did",
        "was",
        "were",
        "what",
        "when",
        "which",
        "who",
        "how",
        "show",
        "list",
        "give",
        "tell",
        "any",
        "please",
        "are",
        "do",
        "can",
        "could",
        "her",
        "his",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)


def _in_record(chart: Chart, words: list[str]) -> bool:
    wanted = {s for w in words for s in stems(w)}
    kinds = (
        "result",
        "medication",
        "condition",
        "procedure",
        "immunization",
        "encounter",
        "report",
        "document",
        "plan",
        "allergy",
    )
    for entry in chart.entries(*kinds):
        said = " ".join(
            filter(
                None,
                (
                    entry.name,
                    entry.about,
                    str(entry.extra.get("who") or ""),
                    str(entry.extra.get("where") or ""),
                ),
            )
        )
        if wanted & set(stems(said)):
            return True
    return False


_ALL_PATIENTS = re.compile(
    r"\b(?:how many|number of|count of|percentage of|proportion of|share of|which|what|list|all|any|other|(?:average|mean|typical) [\w ]{2,30}? (?:of|in|for|among))(?: (?:of|the|my|our|all|other|these))* patients\b(?!')", re.IGNORECASE
)


def all_patients(text: str) -> bool:
    """Whether a question is about patients in general, of whom only this one's record is looked at."""
    return bool(_ALL_PATIENTS.search(text))


def other_person(text: str) -> str:
    """A person beside the patient of whom the record holds nothing to compute with: the wife, next of kin."""
    found = _RELATIVE.search(text)
    return found["relative"] if found else ""
