"""Whether the text is about this patient: names, record numbers, birth dates, age and sex in it against the record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from services.commands.rules.model import Rule, Said
from services.commands.rules.texts import all_texts
from services.commands.situation import Situation
from services.fhir.indexing import fold
from services.fhir.repository import Resource
from services.grounding.dates import find_dates, span_of
from services.grounding.relatives import relatives
from services.index.text import values

AGE_SLACK = 5  # years: a text may be about an earlier stay
_NUMBER = re.compile(
    r"\b(?:MRN|medical record (?:number|no\.?|#)|chart (?:number|no\.?|#)|patient (?:id|number|no\.?|#)|SSN"
    r"|social security (?:number|no\.?))\s*(?:is\s*)?[:#=]*\s*(?P<number>[A-Z0-9](?:[A-Z0-9]|[-./ ](?=\d)){3,24})",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:DOB|D\.O\.B\.?|date of birth|birth ?date|born(?: on)?)\s*(?:is\s*)?[:=]?\s*(?P<rest>[^\n;]{4,24})",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w'’.-]*"
_NAMED = re.compile(
    rf"(?:^|[\n.;(]|\b)[ \t]*(?:patient(?:['’]s)?(?: name)?|pt(?:\.| name)?|name|re|regarding|in re|subject)[ \t]*[:=][ \t]*"
    rf"(?:(?:Mr|Mrs|Ms|Miss|Mx)\.?[ \t]+)?(?P<name>{_WORD}(?:,?[ \t]+{_WORD}){{1,3}})",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?P<title>Mr|Mrs|Ms|Miss)\.?[ \t]+(?P<name>[A-Z][\w'’-]+(?:[ \t]+[A-Z][\w'’-]+)?)")
_AGED = re.compile(
    r"\b(?P<age>\d{1,3})[- ]?(?:year[- ]old|years?[- ]old|y/?o|yo|y\.o\.)\b"
    r"(?:[ ,]+(?:[\w-]+[ ,]+){0,3}?(?P<sex>male|female|man|woman|boy|girl|gentleman|lady|[MF])\b)?",
    re.IGNORECASE,
)
_THIS = re.compile(r"\b(?:is|was|a|an|this|our|the|patient|pt)\b[^.;\n]{0,20}$|^\W*$", re.IGNORECASE)
_THEN = re.compile(r"\b(?:when|since|at age|as a|diagnosed|at the age)\b[^.;\n]{0,40}$", re.IGNORECASE)
_REFERENCE = re.compile(r"\bPatient/(?P<id>[A-Za-z0-9\-.]{1,64})")
_TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof sir madam jr sr ii iii iv md the
    """.split()  # noqa: SIM905
)
_NO_NAMES = frozenset(
    """
    unknown none male female presents denies reports has is was with states admitted seen follow followup visit referral
    consultation request progress note results lab labs history summary discharge medication new patient chest abdominal
    pain evaluation management review care your our recent upcoming appointment
    """.split()  # noqa: SIM905
)
_SEX = {"male": "male", "man": "male", "boy": "male", "gentleman": "male", "m": "male",
        "female": "female", "woman": "female", "girl": "female", "lady": "female", "f": "female"}  # fmt: skip


def _numbers(s: Situation) -> Iterator[Said]:
    own = {_plain(values.string(i.get("value"))) for i in values.objs(s.patient.get("identifier"))} | {
        _plain(s.command.patient_id)
    }
    for field, text in all_texts(s.command):
        for match in _NUMBER.finditer(text):
            said = _plain(match["number"])
            if any(c.isdigit() for c in said) and not any(
                said == o or (len(o) >= 4 and said.startswith(o)) for o in own
            ):
                yield Said("block", f"{field} names a record number that is not this patient's.")
        for match in _REFERENCE.finditer(text):
            if match["id"].rstrip(".") != s.command.patient_id:
                yield Said("block", f"{field} points to another patient's record.")


def _born(s: Situation) -> Iterator[Said]:
    own = span_of(values.string(s.patient.get("birthDate")))
    if own is None:
        return
    for field, text in all_texts(s.command):
        for match in _BORN.finditer(text):
            found = find_dates(match["rest"])
            if found and found[0].start <= 3 and not any(_meet(span, own) for span in found[0].readings):
                yield Said("block", f"{field} gives a date of birth that is not this patient's.")


def _meet(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _names(s: Situation) -> Iterator[Said]:
    own = names_of(s.patient)
    if not own:
        return
    for field, text in all_texts(s.command):
        for match in _NAMED.finditer(text):
            said = _words(match["name"])
            said = said[: next((i for i, w in enumerate(said) if w in _NO_NAMES), len(said))]
            if len(said) >= 2 and _looks_like_name(match["name"]) and not own & set(said):
                yield Said("block", f"{field} names another person as the patient.")
        for match in _TITLED.finditer(text):
            around = text[max(0, match.start() - 60) : match.end() + 40]
            if (
                not own & set(_words(match["name"]))
                and not relatives(around)
                and "wife" not in around
                and "husband" not in around
            ):
                yield Said(
                    "queue",
                    f"{field} speaks of {match['title']} {match['name']}, which is not the patient's name.",
                )


def _looks_like_name(text: str) -> bool:
    first = [w for w in re.findall(_WORD, text) if w.casefold().strip(".") not in _TITLES][:2]
    return len(first) == 2 and all(w[0].isupper() for w in first)


def _person(s: Situation) -> Iterator[Said]:
    """Age and sex as the text gives them of "this 54-year-old woman"."""
    born = span_of(values.string(s.patient.get("birthDate")))
    sex = values.string(s.patient.get("gender"))
    today = s.moment.astimezone(s.zone).date()
    for field, text in all_texts(s.command):
        for match in _AGED.finditer(text):
            before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
            sentence = (
                re.split(r"[.;]", before)[-1] + re.split(r"[.;\n]", text[match.end() : match.end() + 60])[0]
            )
            if not _THIS.search(before) or _THEN.search(before) or relatives(sentence):
                continue
            said = _SEX.get((match["sex"] or "").lower())
            if said and sex in ("male", "female") and said != sex:
                yield Said("block", f"{field} describes a {said} patient; the record says {sex}.")
            if born is None:
                continue
            age = int(match["age"])
            least, most = _age(born[1], today), _age(born[0], today)
            if not least - AGE_SLACK <= age <= most + AGE_SLACK:
                yield Said("block", f"{field} describes a patient of {age} years; the record says {most}.")


def _age(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def names_of(patient: Resource) -> set[str]:
    """The words of all the patient's names, folded."""
    found: set[str] = set()
    for name in values.objs(patient.get("name")):
        parts = [name.get("text"), name.get("family"), *values.many(name.get("given"))]
        for part in parts:
            found.update(_words(values.string(part)))
    return found


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"[\w]+", fold(text)) if w not in _TITLES and len(w) > 1]


def _plain(number: str) -> str:
    return "".join(c for c in number.casefold() if c.isalnum())


def _all(s: Situation) -> Iterator[Said]:
    for part in (_numbers, _born, _names, _person):
        yield from part(s)


RULES = (
    Rule("wrong-patient", "Another patient's text", "block",
         "A record number, date of birth, name, age or sex in the text that contradicts the patient's record.", _all),
)  # fmt: skip
