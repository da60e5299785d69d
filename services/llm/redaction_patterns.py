"""What looks like an identifier though the record doesn't name it.

The kinds are those of HIPAA's Safe Harbor method, 45 CFR 164.514(b)(2)(i)(A) to (R), as far as text shows them.
All patterns run over folded text whose case is kept.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

from services.llm.redaction_folding import folded
from services.llm.redaction_words import may_be_name


class Seen(NamedTuple):
    start: int
    end: int
    kind: str


_WORD = r"[A-Z](?:[a-z]+|['’][A-Z][a-z]+|[A-Z]+\b)(?:[-'’][A-Z][a-z]+|[A-Z][a-z]+)*"
_NAME = rf"({_WORD}(?:[ \t]+(?:[A-Z]\.?(?![a-zA-Z])|(?:van|von|de|der|den|del|la|da|di|bin|al)(?![a-z])|{_WORD})){{0,3}})"
# Behind these stands a name, whatever word it is.
_TITLE = re.compile(
    r"\b(?:Dr|Mr|Mrs|MRS|Ms|Mx|Prof|PROF|Professor|Miss|Sir|Dame|Madam|Frau|Herr|Senora?|Sra?|Mme|Mlle|Rev)"
    rf"\.?\s+{_NAME}|\b(?:MR|MS|DR)\.\s+{_NAME}|\b(?:mr|mrs|Mr|Mrs)\.?\s+([a-z]{{3,}})(?![a-z])"
)
# Behind these stands one if it is not a word of its own.
_INTRODUCED = re.compile(
    r"\b(?i:(?:aunt|boyfriend|brother|caregiver|carer|cousin|dad|daughter|father|fianc[e]{1,2}|friend|girlfriend|"
    r"grand(?:child|daughter|father|ma|mother|pa|son)|guardian|husband|mom|mother|mum|neighbou?r|nephew|niece|partner|"
    r"roommate|sibling|sister|son|spouse|step(?:brother|daughter|father|mother|sister|son)|twin|uncle|wife|"
    r"pharmacist|nurse|physician|doctor|surgeon|therapist|midwife|dietitian|social worker|case manager|interpreter|"
    r"counsellor|counselor|psychologist|psychiatrist|resident|intern|attending|coach|teacher|lawyer|employer|"
    r"named|called|signed(?: electronically)?(?: by)?|dictated by|reviewed by|seen by|transcribed by|authored by|"
    r"discussed with|spoke (?:to|with)|witnessed by|interpreted by|verified by|referred by|cc)"
    rf"(?:\s*[:(]\s*|,?\s+(?:is\s+)?))(?-i:{_NAME})"
    r"|\b(?i:(?:patient(?:'s)?(?: name)?|name|provider|attending|author|physician|pcp|emergency contact|next of kin|"
    rf"contact|responsible party|insured|subscriber)\s*:\s*)(?-i:{_NAME})"
    rf"|\b{_NAME}(?=,?\s+(?:MD|DO|RN|PA-C|PhD|PharmD|LCSW|FNP|DNP|MBBS|RPh|LPN|DDS|DPT|NP|CNM)\b)"
)
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?i:\b(?:https?|ftp)://[^\s<>\"'\])}]+|\bwww\.[^\s<>\"'\])}]+)")
# Addresses of code systems are words of the standard.
_STANDARD = re.compile(
    r"(?i:https?://(?:[a-z]+\.)*(?:loinc\.org|snomed\.info|hl7\.org|unitsofmeasure\.org|nlm\.nih\.gov|ama-assn\.org|"
    r"who\.int|cms\.gov)(?:[/?#]|$))"
)
_UUID = re.compile(r"(?i:\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b)")
_MAC = re.compile(r"(?i:(?<![\w:.-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-]))")
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)|(?=[0-9a-fA-F:]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{3,39}(?![\w.:]))"
)
_SSN = re.compile(r"(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])")
_SEP = r"[\s().\-/]{0,3}"
_PHONE = re.compile(
    rf"(?<![\w.+-])(?:\+\d{{1,3}}{_SEP}(?:\d{_SEP}){{6,13}}\d|(?:1[ .-])?\(\d{{3}}\)\s?\d{{3}}[ .-]?\d{{4}}|"
    r"(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4})(?:\s*(?:x|ext\.?)\s*\d{1,6})?(?![\w-])"
)
_LABELLED_PHONE = re.compile(
    r"(?i:\b(?:tele)?(?:phone|fax|mobile|cell(?:phone)?|pager|tel|call(?:ed)?(?: back)?(?: (?:at|on))?|reach(?:ed)? (?:at|on)|contact|"
    r"text(?:ed)?(?: at)?|ring|whatsapp)\b(?: (?:number|no\.?|at|is|on|line))*)[\s:.#=(]{0,4}(\+?\(?\d(?:[\s().\-/]{0,3}\d){5,14})(?!\d)"
)
_NUMBER_LABELS = (
    r"mrn|medical record(?: number| no\.?)?|record (?:number|no\.?)|chart (?:number|no\.?)|account(?: number| no\.?)?|acct|"
    r"policy(?: number| no\.?)?|(?:member|subscriber|insurance|insured|patient|beneficiary|group|claim|visit|encounter|"
    r"payer|hospital|medicaid|medicare|card|employee|student|staff|badge|device|order|accession|specimen|case|"
    r"prescription|licen[cs]e|certificate|serial|passport|registration|referral|authori[sz]ation|invoice|confirmation)"
    r"(?: (?:id|number|no\.?|nr\.?|#|plate))+|ssn|social security(?: number| no\.?)?|nhs(?: number| no\.?)?|passport|"
    r"driver'?s licen[cs]e|licen[cs]e plate|plate(?=\s*[:#])|serial(?=\s*[:#])|s/n|vin|dea|npi|iban|tax id|nino|hicn|"
    r"mbi|udi|imei|rx ?#|acc ?#|pt ?#|id(?=\s*[:#])|sn(?=\s*[:#])"
)
_LABELLED = re.compile(
    rf"(?i:\b(?:{_NUMBER_LABELS})(?:\s*(?:is|was|number|no\.?|id))?[\s:#.=-]{{0,4}}(?<![a-z0-9])"
    r"((?=[a-z0-9/.-]*\d)[a-z0-9](?:[a-z0-9]|[-/.](?=[a-z0-9])){2,39}))"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Circle|Cir|"
    r"Highway|Hwy|Parkway|Pkwy|Square|Sq|Trail|Trl|Loop|Close|Crescent|Cres|Alley|Pike|Row|Gardens|Mews)"
)
_CITY = r"[A-Z][A-Za-z.'-]+(?:[ \t][A-Z][A-Za-z.'-]+){0,2}"
_ADDRESS = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?,?\s+(?:[NSEWnsew]{{1,2}}\.?\s+)?(?:(?:[A-Z][\w.'-]*|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}{_STREET}\b\.?"
    r"(?:,?\s*(?:(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm)\.?\s*#?|#)\s*\w{1,6}\b)?"
    rf"(?:,\s*{_CITY})?(?:,?\s*[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)?"
    rf"|\b{_CITY},\s*[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?\b"
    r"|\b(?i:p\.?\s?o\.?\s?box)\s+\d+\b"
    r"|\b[A-Z][a-z-]+(?:strasse|str\.|weg|platz|allee|gasse)\s+\d{1,4}[a-z]?\b(?:,?\s*(?:D-)?\d{4,5}\s+[A-Z][a-z]+)?"
    r"|(?i:\bzip(?: ?code)?\s*:?\s*)\d{5}(?:-\d{4})?\b"
)
_OLD = r"(9\d|1[0-4]\d)"
_AGE = re.compile(
    rf"(?i:(?<![\d./-]){_OLD}[\s-]*(?:years?|yrs?|yr?\.?)[\s-]*(?:old|of[\s-]age|o\b)|(?<![\d./-]){_OLD}\s*y/?o\b|"
    rf"\b(?:aged?|age is|turned|turning)\s*:?\s*(?:of\s+)?{_OLD}(?![\d./%]|\s*(?:%|mg|ml|mm|kg|months?|days?|weeks?|hours?|minutes?)))"
)
_BORN = re.compile(
    r"(?i:\b(?:born|birth|dob|b\.)\W{0,3}(?:year\W{0,3})?(?:(?:in|on)\W)?\s*)((?:1[89]|20)\d\d)(?![\d-])"
)


def patterns(text: str, today: dt.date) -> Iterator[Seen]:
    """Identifiers by their looks, names apart. They may overlap."""
    digits = re.search(r"\d", text) is not None
    if "@" in text:
        yield from _all(_EMAIL, text, "EMAIL")
    if "://" in text or "www." in text.lower():
        for found in _URL.finditer(text):
            if not _STANDARD.match(found.group()):
                end = found.end() - (len(found.group()) - len(found.group().rstrip(".,;:!?")))
                yield Seen(found.start(), end, "URL")
    if not digits:
        return
    yield from _all(_UUID, text, "ID")
    yield from _all(_MAC, text, "ID")
    yield from (Seen(*found.span(), "URL") for found in _IP.finditer(text) if _is_ip(found.group()))
    yield from _all(_SSN, text, "ID")
    yield from _all(_PHONE, text, "PHONE")
    yield from _all(_LABELLED_PHONE, text, "PHONE")
    yield from _all(_LABELLED, text, "ID")
    yield from _all(_ADDRESS, text, "ADDRESS")
    yield from _all(_AGE, text, "AGE_OVER_89")
    for found in _BORN.finditer(text):
        if today.year - int(found[1]) > 89:
            yield Seen(*found.span(1), "DATE")


def introduced(text: str) -> Iterator[tuple[int, int]]:
    """Names that a title, a role or a relation introduces."""
    for pattern, sure in ((_TITLE, True), (_INTRODUCED, False)):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            start, end = found.span(group)
            words = text[start:end].split()
            if sure and words[0][0].isupper():
                known = words
            else:
                known = []
                for word in words:
                    if not may_be_name(folded(word).split("'")[0].split("-")[0]):
                        break
                    known.append(word)
            if known:
                last = re.compile(r"\s+".join(map(re.escape, known))).match(text, start)
                yield start, last.end() if last else end


def _all(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Seen]:
    for found in pattern.finditer(text):
        group = next((i for i in range(pattern.groups, 0, -1) if found[i] and len(found[i]) > 1), 0)
        yield Seen(*found.span(group), kind)


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == 4 or any(c.isalpha() for c in text) or len(text) > 15
