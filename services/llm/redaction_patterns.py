"""What looks like an identifier though the record doesn't name it.

The kinds are those of HIPAA's Safe Harbor method, 45 CFR 164.514(b)(2)(i)(A) to (R), as far as text shows them.
A pattern that begins with a word is tried only where that word stands, which keeps a long text cheap.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

from services.knowledge.lexicon import lexicon
from services.llm.redaction_folding import Folded, folded
from services.llm.redaction_words import ORGANISATION, TITLES, may_be_name, may_follow_name, word_set


class Seen(NamedTuple):
    """A stretch of the folded text and what it seems to be; PERSON for a name."""

    start: int
    end: int
    kind: str


_WORD = r"[A-Z](?:[a-z]+|'[A-Z][a-z]+|[A-Z]+\b)(?:[-'][A-Z][a-z]+|[A-Z][a-z]+)*"
_PARTICLE = r"(?:van|von|de|der|den|del|la|da|di|bin|al)(?![a-z])"
_NAME = rf"({_WORD}(?:[ \t]+(?:[A-Z]\.?(?![a-zA-Z])|{_PARTICLE}|{_WORD})){{0,3}})"

# Behind these stands a name, whatever word it is. "MR", "MS" and "DR" without a point are medicine.
_TITLE_WORDS = (
    "Dr Mr Mrs MRS Ms Mx Prof PROF Professor Miss Sir Dame Madam Frau Herr Senor Senora Sr Sra Mme Mlle Rev"
)
_TITLE = re.compile(
    rf"(?:(?:{'|'.join(_TITLE_WORDS.split())})\b\.?|MR\.|MS\.|DR\.)\s+{_NAME}|(?i:mrs?)\b\.?\s+([a-z]{{3,}})"
)
# Behind these stands a name if the word is none of another kind.
_RELATED = (
    "aunt|boyfriend|brother|caregiver|carer|cousin|dad|daughter|father|fianc[e]{1,2}|friend|girlfriend|"
    "grand(?:child|daughter|father|ma|mother|pa|son)|guardian|husband|mom|mother|mum|neighbou?r|nephew|niece|partner|"
    "roommate|sibling|sister|son|spouse|step(?:brother|daughter|father|mother|sister|son)|twin|uncle|wife|"
    "pharmacist|nurse|physician|doctor|surgeon|therapist|midwife|dietitian|social worker|case manager|interpreter|"
    "counsell?or|psychologist|psychiatrist|resident|intern|attending|coach|teacher|lawyer|employer|named|called|"
    "signed(?: electronically)?(?: by)?|(?:dictated|reviewed|seen|transcribed|authored|witnessed|interpreted|verified|"
    "referred) by|discussed with|spoke (?:to|with)|cc"
)
_RELATION = re.compile(rf"(?i:{_RELATED})\b(?:\s*[:(]\s*|,?\s+(?:is\s+)?){_NAME}")
_FIELD = re.compile(
    r"(?i:patient(?:'s)?(?: name)?|name|provider|attending|author|physician|pcp|emergency contact|next of kin|contact|"
    rf"responsible party|insured|subscriber)\s*:\s*{_NAME}"
)
_DEGREES = word_set("md do rn pa phd pharmd lcsw fnp dnp mbbs rph lpn dds dpt np cnm")
_BEFORE_DEGREE = re.compile(rf"{_NAME},?\s+$")

_SEP = r"[\s().\-/]{0,3}"
_CALLED = re.compile(
    r"(?i:(?:tele)?(?:phone|fax|mobile|cell|pager|tel|call(?:ed)?(?: back)?|reach(?:ed)?|contact|text(?:ed)?|ring|whatsapp)\b"
    rf"(?: (?:number|no\.?|at|is|on|line|phone))*)[\s:.#=(]{{0,4}}(\+?\(?\d(?:{_SEP}\d){{5,14}})(?!\d)"
)
_NUMBER = r"(?: (?:id|number|no\.?|nr\.?|#|plate))"
_LABEL = (
    rf"mrn|medical record{_NUMBER}?|(?:record|chart){_NUMBER}|(?:account|acct|policy){_NUMBER}?|(?:member|subscriber|insurance|"
    "insured|patient|beneficiary|group|claim|visit|encounter|payer|hospital|medicaid|medicare|card|employee|student|staff|"
    "badge|device|order|accession|specimen|case|prescription|licen[cs]e|certificate|serial|registration|referral|"
    rf"authori[sz]ation|invoice|confirmation){_NUMBER}+|ssn|social security{_NUMBER}?|nhs{_NUMBER}?|passport{_NUMBER}?|"
    rf"driver'?s licen[cs]e{_NUMBER}?|(?:plate|serial|id|sn|rx|acc|pt)(?=\s*[:#])|s/n|vin|dea|npi|iban|tax id|nino|hicn|mbi|udi|imei"
)
_LABELLED = re.compile(
    rf"(?i:(?:{_LABEL})(?:\s*(?:is|was))?[\s:#.=-]{{0,4}}(?<![a-z0-9])((?=[a-z0-9/.-]*\d)[a-z0-9](?:[a-z0-9]|[-/.](?=[a-z0-9])){{2,39}}))"
)
_ZIP = re.compile(r"(?i:(?:zip(?: ?code)?|p\.?\s?o\.?\s?box)\s*:?\s*(\d{2,6}(?:-\d{4})?))\b")
_GERMAN_STREETS = ("strasse", "str", "weg", "platz", "allee", "gasse")
_GERMAN = re.compile(
    r"[A-Z][A-Za-z-]*(?:strasse|str\.|weg|platz|allee|gasse)\s+\d{1,4}[a-z]?\b(?:,?\s*(?:D-)?\d{4,5}\s+[A-Z][a-z]+)?"
)
_OLD = r"(9\d|1[0-4]\d)"
_AGED = re.compile(
    rf"(?i:(?:aged?|turned|turning)\b\s*(?:is|of|:)?\s*{_OLD}(?![\d./%]|\s*(?:%|m[gl]|mm|kg|months?|days?|weeks?|hours?|min)))"
)
_BORN = re.compile(
    r"(?i:(?:born|birth|dob|b)\b\W{0,3}(?:year\W{0,3})?(?:(?:in|on)\W)?\s*)((?:1[89]|20)\d\d)(?![\d-])"
)

# The first word of a pattern → its kind and the pattern.
_ANCHORED: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _kind, _pattern, _words in (
    ("title", _TITLE, _TITLE_WORDS.lower()),
    (
        "PERSON",
        _RELATION,
        "aunt boyfriend brother caregiver carer cousin dad daughter father fiance fiancee friend girlfriend grandchild "
        "granddaughter grandfather grandma grandmother grandpa grandson guardian husband mom mother mum neighbor neighbour "
        "nephew niece partner roommate sibling sister son spouse stepbrother stepdaughter stepfather stepmother stepsister "
        "stepson twin uncle wife pharmacist nurse physician doctor surgeon therapist midwife dietitian social case "
        "interpreter counselor counsellor psychologist psychiatrist resident intern attending coach teacher lawyer employer "
        "named called signed dictated reviewed seen transcribed authored witnessed interpreted verified referred discussed "
        "spoke cc",
    ),
    (
        "PERSON",
        _FIELD,
        "patient name provider attending author physician pcp emergency next contact responsible insured subscriber",
    ),
    (
        "PHONE",
        _CALLED,
        "telephone phone telefax fax mobile cell pager tel call called reach reached contact text texted ring whatsapp",
    ),
    (
        "ID",
        _LABELLED,
        "mrn medical record chart account acct policy member subscriber insurance insured patient beneficiary group claim "
        "visit encounter payer hospital medicaid medicare card employee student staff badge device order accession specimen "
        "case prescription license licence certificate serial registration referral authorization authorisation invoice "
        "confirmation ssn social nhs passport driver drivers plate id sn rx acc pt s vin dea npi iban tax nino hicn mbi udi imei",
    ),
    ("ADDRESS", _ZIP, "zip zipcode p po"),
    ("AGE_OVER_89", _AGED, "age aged turned turning"),
    ("born", _BORN, "born birth dob b"),
):
    for _word in _words.split():
        _ANCHORED.setdefault(_word, []).append((_kind, _pattern))

_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'\])}]+|\bwww\.[^\s<>\"'\])}]+", re.IGNORECASE)
# Addresses of code systems are words of the standard.
_STANDARD = re.compile(
    r"https?://(?:[a-z]+\.)*(?:loinc\.org|snomed\.info|hl7\.org|unitsofmeasure\.org|nlm\.nih\.gov|ama-assn\.org|"
    r"who\.int|cms\.gov)(?:[/?#|]|$)",
    re.IGNORECASE,
)
# Longer figures with their marks: telephones, social security numbers, addresses of machines.
_FIGURES = re.compile(r"(?<![\w+])[+(]?[\da-f:][\da-f \t\n().\-:]{5,60}")
_UUID = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-z])")
_MACHINE = re.compile(
    r"(?<![\w.:-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])|\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|"
    r"(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{3,39}(?![\w.:]))"
)
_SSN = re.compile(r"(?<![\w.-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])")
_PHONE = re.compile(
    rf"(?<![\w.+-])(?:\+\d{{1,3}}{_SEP}(?:\d{_SEP}){{6,13}}\d|(?:1[ .-])?\(\d{{3}}\)\s?\d{{3}}[ .-]?\d{{4}}|"
    r"(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4})(?![\w-])"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|"
    r"Highway|Hwy|Parkway|Pkwy|Square|Sq|Trail|Trl|Loop|Close|Crescent|Cres|Alley|Pike|Row|Gardens|Mews)"
)
_CITY = r"[A-Z][A-Za-z.'-]+(?:[ \t][A-Z][A-Za-z.'-]+){0,2}"
_ADDRESS = re.compile(
    rf"(?<!\w)\d{{1,6}}[A-Za-z]?,?\s+(?:[NSEWnsew]{{1,2}}\.?\s+)?(?:(?:[A-Z][\w.'-]*|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}{_STREET}\b\.?"
    r"(?:,?\s*(?:(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm)\.?\s*#?|#)\s*\w{1,6}\b)?"
    rf"(?:,\s*{_CITY})?(?:,?\s*[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)?"
)
_STATE = re.compile(r",[ \t]*[A-Z]{2}[ \t]+\d{5}(?:-\d{4})?\b")
_BEFORE_STATE = re.compile(rf"\b{_CITY}$")
_AGE = re.compile(
    rf"(?<![\d./-]){_OLD}[\s-]*(?:(?:years?|yrs?|yr?\.?)[\s-]*(?:old|of[\s-]age|o\b)|y/?o\b)", re.IGNORECASE
)


def patterns(text: Folded, words: list[str], spans: list[tuple[int, int]], today: dt.date) -> Iterator[Seen]:
    """Identifiers by their looks; they may overlap. `words` of the text in small letters, and their `spans`."""
    cased = text.cased
    if "@" in cased:
        yield from (Seen(*found.span(), "EMAIL") for found in _EMAIL.finditer(cased))
    if "://" in cased or "www." in text.low:
        for found in _URL.finditer(cased):
            if not _STANDARD.match(found.group()):
                yield Seen(found.start(), found.start() + len(found.group().rstrip(".,;:!?")), "URL")
    yield from (Seen(*found.span(), "ID") for found in _UUID.finditer(text.low))
    for found in _FIGURES.finditer(text.low):
        yield from _figures(text.low, *found.span())
    yield from (Seen(*found.span(), "ADDRESS") for found in _ADDRESS.finditer(cased))
    yield from (Seen(*found.span(1), "AGE_OVER_89") for found in _AGE.finditer(cased))
    for found in _STATE.finditer(cased):
        town = _BEFORE_STATE.search(cased, max(0, found.start() - 60), found.start())
        yield Seen(town.start() if town else found.start() + 1, found.end(), "ADDRESS")
    for word, (start, end) in zip(words, spans, strict=True):
        for kind, pattern in _ANCHORED.get(word, ()):
            if found := pattern.match(cased, start):
                yield from _anchored(kind, found, cased, today)
        if word in _DEGREES and cased[start:end] != word:
            if (before := _BEFORE_DEGREE.search(cased, max(0, start - 60), start)) and (
                name := _name(cased, *before.span(1), sure=False)
            ):
                yield name
        elif word.endswith(_GERMAN_STREETS) and (found := _GERMAN.match(cased, start)):
            yield Seen(*found.span(), "ADDRESS")


def _anchored(kind: str, found: re.Match[str], text: str, today: dt.date) -> Iterator[Seen]:
    start, end = found.span(found.lastindex or 0)
    if kind in ("title", "PERSON"):
        sure = kind == "title" and text[start].isupper()
        if name := _name(text, start, end, sure=sure):
            yield name
    elif kind == "born":
        if today.year - int(found[1]) > 89:
            yield Seen(start, end, "DATE")
    else:
        yield Seen(start, end, kind)


def _name(text: str, start: int, end: int, *, sure: bool) -> Seen | None:
    """The words of a name among these capitalised ones; None where the first of them is a word of another kind."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and folded(words[0].group()).rstrip(".") in TITLES:
        del words[0]
    kept = 0
    for word in words:
        plain = re.split(r"['-]", folded(word.group()))[0]
        if not (may_follow_name(plain) if kept or sure else may_be_name(plain)):
            break
        kept += 1
    words = words[:kept]
    if not words:
        return None
    if not sure:
        begin = start + words[0].start()
        line = text[begin : end + 40].splitlines()[0]
        if ORGANISATION.search(line.lower()) or any(not m.start for m in lexicon().find(line, query=False)):
            return None
    return Seen(start + words[0].start(), start + words[-1].end(), "PERSON")


def _figures(low: str, start: int, end: int) -> Iterator[Seen]:
    # The run may stop within what it belongs to, so the patterns see the text beyond it.
    for kind, pattern in (("URL", _MACHINE), ("ID", _SSN), ("PHONE", _PHONE)):
        for found in pattern.finditer(low, start, min(len(low), end + 1)):
            if kind != "URL" or found[1] or _is_ip(found.group()):
                yield Seen(*found.span(), kind)


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == 4 or any(c.isalpha() for c in text) or len(text) > 15
