"""Where a document's sections begin, and where its sentences and list items do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.index.text.markup import Span

_KNOWN = (
    r"chief complaints?|cc|presenting complaint|reason for (?:visit|consult(?:ation)?|admission|referral|encounter)|"
    r"history of (?:the )?present(?:ing)? (?:illness|complaint)|hpi|interval history|subjective|objective|history|"
    r"(?:past|previous) (?:medical|surgical|psychiatric|obstetric) history|past history|pmhx?|psh|pshx|"
    r"(?:family|social|obstetric|gyna?ecologic(?:al)?|surgical|medical|medication|smoking|developmental) history|"
    r"fhx?|shx|(?:current |home |discharge |admission |outpatient |inpatient |active )?medications?"
    r"(?: (?:on (?:admission|discharge)|list|reconciliation))?|meds|allergies(?: and intolerances)?|"
    r"allergy|review of systems|ros|vital signs|vitals|physical exam(?:ination)?|examination|exam|pe|"
    r"mental status exam(?:ination)?|lab(?:oratory)?(?: (?:data|results|studies|values|tests?))?|labs|results|data|"
    r"imaging(?: (?:results|studies))?|radiology|investigations|diagnostic (?:studies|results|tests)|studies|"
    r"procedures?(?: performed)?|operations?|(?:brief )?hospital course|clinical course|course|emergency department course|"
    r"assessment|impression|plan|assessment(?: and | ?[&/] ?)plan|a ?[/&] ?p|assessment/recommendations?|"
    r"plan of (?:care|treatment)|treatment(?: plan)?|care plan|diagnos[ei]s|problems?|problem list|active problems|"
    r"(?:admission|admitting|discharge|principal|primary|secondary|final|working|differential|pre-?operative|"
    r"post-?operative) diagnos[ei]s|disposition|discharge (?:disposition|condition|instructions|summary|plan)|"
    r"condition (?:at|on) discharge|follow[- ]?up(?: (?:instructions|plan|appointments?))?|"
    r"(?:patient )?instructions|recommendations?|counsel(?:l)?ing|education|safety[- ]netting|"
    r"findings?|comparison|technique|indications?|clinical (?:information|history|indication|impression|details)|"
    r"conclusions?|interpretation|comment(?:s)?|addendum|summary|immuni[sz]ations|vaccinations|code status|goals(?: of care)?|"
    r"advance(?:d)? (?:directives?|care planning)|risk factors|functional status|anesthesia|anaesthesia|specimens?|"
    r"estimated blood loss|complications|description of procedure|gross description|microscopic description|"
    r"birth history|screening|health maintenance|background|situation|response|intervention|progress|narrative"
)
_BARE = re.compile(rf"(?:\d{{1,2}}[.)]\s+)?(?P<name>{_KNOWN})\s*:?\s*", re.IGNORECASE)
_INLINE = re.compile(rf"\s*(?:\d{{1,2}}[.)]\s+)?(?P<name>{_KNOWN})\s*:(?=\s|$)", re.IGNORECASE)
_MARKDOWN = re.compile(r"\s{0,3}#{1,6}\s+(?P<name>\S.{0,118}?)\s*#*\s*")
_MARKED = re.compile(r"\s*(?:\*\*|__)(?P<name>[^*_\n]{2,80})(?:\*\*|__)\s*:?\s*")
_TITLED = re.compile(r"\s*(?P<name>[A-Z][\w/&,'’() \-]{1,60}?)\s*:\s*")
_CAPITALS = re.compile(r"\s*(?:\d{1,2}[.)]\s+)?(?P<name>[A-Z][A-Z0-9/&,'’() \-]{2,70}?)\s*:?\s*")
_LETTER = re.compile(r"\s*(?:\*\*)?(?P<name>[SOAP])\s*(?::|\)|:?\*\*:?)(?:\*\*)?(?=\s|$)")
_LETTERS = {"S": "Subjective", "O": "Objective", "A": "Assessment", "P": "Plan"}
_IN_ORDER = re.compile("SO|AP")
_RULE = re.compile(r"\s*(?:-{3,}|={3,}|_{3,}|\*{3,}|~{3,})\s*")
_CAPITAL_INLINE = re.compile(r"\s*(?P<name>[A-Z][A-Z/&'’() \-]{3,50}[A-Z)])\s*:(?=\s)")
BULLET = re.compile(r"[ \t]*(?:[-–—*•·▪◦‣o]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\[[ xX]?\])[ \t]+\S")
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading. The heading's own words are part of it."""

    title: str | None
    start: int
    end: int
    heading_end: int
    """Where the heading's words end; equal to `start` where there is none."""


def sections(text: str, headings: list[Span] | None = None) -> list[Section]:
    """Sections that cover the text without gap or overlap. `headings`: spans known from markup."""
    starts = list(_headings(text, headings or []))
    found: list[Section] = []
    if not starts or starts[0][0] > 0:
        found.append(Section(None, 0, starts[0][0] if starts else len(text), 0))
    for place, (start, end, title) in enumerate(starts):
        stop = starts[place + 1][0] if place + 1 < len(starts) else len(text)
        found.append(Section(title, start, stop, end))
    return found


def _headings(text: str, known: list[Span]) -> Iterator[tuple[int, int, str]]:
    """(start of line, end of the heading's words, title)."""
    marked = dict(known)
    shouting = _shouts(text)
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text) if match.group()]
    lettered = _lettered(raw for _, raw in lines)
    blank = True
    for place, (start, raw) in enumerate(lines):
        line = raw.rstrip("\n")
        if not line.strip():
            blank = True
            continue
        after = lines[place + 1][1] if place + 1 < len(lines) else ""
        lead = len(line) - len(line.lstrip())
        if lettered and (match := _LETTER.match(line)):
            yield start, start + match.end(), _LETTERS[match["name"]]
        elif start in marked or start + lead in marked:
            yield start, start + len(line.rstrip()), _title(line)
        elif len(line) <= 200 or _INLINE.match(line[:200]):
            found = _heading(line if len(line) <= 200 else line[:200], after, blank, shouting)
            if found:
                yield start, start + found[0], found[1]
        blank = False


def _heading(line: str, after: str, blank: bool, shouting: bool) -> tuple[int, str] | None:
    """(length of the heading in the line, title), or None."""
    whole = len(line.rstrip())
    for pattern in (_MARKDOWN, _MARKED):
        if match := pattern.fullmatch(line):
            return whole, _title(match["name"])
    if match := _BARE.fullmatch(line.strip()):
        alone = line.rstrip().endswith(":") or line.strip()[0].isupper()
        return (whole, _title(match["name"])) if alone else None
    if match := _INLINE.match(line):
        return match.end(), _title(match["name"])
    words = line.split()
    short = len(words) <= 8 and len(line) <= 80
    if short and _RULE.fullmatch(after) and line.strip()[:1].isalpha():
        return whole, _title(line)
    capitals = _CAPITALS.fullmatch(line) if short and sum(map(str.isalpha, line)) >= 4 else None
    if capitals and (line.rstrip().endswith(":") or not (shouting or any(map(str.isdigit, line)))):
        return whole, _title(capitals["name"])
    if (match := _CAPITAL_INLINE.match(line)) and not shouting and len(match["name"].split()) <= 6:
        return match.end(), _title(match["name"])
    if blank and len(words) <= 6 and after.strip() and (match := _TITLED.fullmatch(line)):
        return whole, _title(match["name"])
    return None


def _lettered(lines: Iterable[str]) -> bool:
    """Whether it is a note whose parts are marked S, O, A, P: alone such a letter may be anything."""
    return _IN_ORDER.search("".join(m["name"] for line in lines if (m := _LETTER.match(line)))) is not None


def _shouts(text: str) -> bool:
    """Whether the document as a whole is written in capitals, so that capitals mark nothing."""
    letters = [char for char in text[:20_000] if char.isalpha()]
    return bool(letters) and sum(map(str.isupper, letters)) > 0.6 * len(letters)


def _title(line: str) -> str:
    title = re.sub(r"\s+", " ", line).strip(" #*_:\t")
    title = re.sub(r"^\d{1,2}[.)]\s+", "", title)
    return title[:80].rstrip()


_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "dr mr mrs ms prof st jr sr vs e.g i.e eg ie approx pt pts hx dx tx rx sx fx no nos wt ht temp b.i.d t.i.d q.d "
        "q.i.d p.o p.r.n i.v i.m s.c a.m p.m inc ltd dept est fig resp max min avg ca cf etc al vol tab tabs cap caps inj "
        "susp sol jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun rt lt bilat neg pos "
        "abd ext neuro incl excl ref tel ext mg ml",
    )
)
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)")
_WORD_BEFORE = re.compile(r"[\w.]+$")


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is a list item) of each sentence or list item in a stretch, without the blanks around.

    A line that was wrapped goes on; a bullet, an empty line, a table row or a short line ends one.
    """
    pending: int | None = None
    last = start
    is_item = False
    for match in _LINE.finditer(text, start, end):
        line = match.group()
        if not line:
            continue
        at = match.start()
        stripped = line.strip()
        if not stripped:
            if pending is not None:
                yield pending, last, is_item
                pending = None
            is_item = False
            continue
        begin = at + len(line) - len(line.lstrip())
        bullet = BULLET.match(line) is not None
        if pending is not None and (bullet or not _continues(text, pending, last, stripped)):
            yield pending, last, is_item
            pending = None
            is_item = False
        if bullet:
            is_item = True
        stop = at + len(line.rstrip())
        if pending is None:
            pending = begin
        for cut in _cuts(text, begin, stop):
            if cut > pending:
                yield pending, cut, is_item
            pending = cut + _blank(text, cut, stop)
        last = stop
        if pending >= stop:
            pending = None
    if pending is not None:
        yield pending, last, is_item


def _blank(text: str, at: int, stop: int) -> int:
    begin = at
    while at < stop and text[at].isspace():
        at += 1
    return at - begin


def _continues(text: str, pending: int, last: int, line: str) -> bool:
    """Whether a line goes on with the sentence before it."""
    if text[last - 1] in ".!?:;|" and not line[:1].islower():
        return False
    if "|" in line or "\t" in line:
        return False
    begin = text.rfind("\n", pending, last) + 1 or pending
    return line[:1].islower() or last - begin >= 55


def _cuts(text: str, begin: int, stop: int) -> Iterator[int]:
    """Ends of the sentences within a line, but for the last."""
    for match in _END.finditer(text, begin, stop):
        at = match.end()
        follow = at + _blank(text, at, stop)
        if follow >= stop:
            return
        char = text[follow]
        if not (char.isupper() or char.isdigit() or char in "\"'“‘([-•*"):
            continue
        if match.group().startswith(".") and len(match.group()) == 1:
            before = _WORD_BEFORE.search(text, max(begin, match.start() - 20), match.start())
            word = before.group().lower() if before else ""
            if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
                continue
            if word.isdigit() and match.start() - len(word) == begin:  # "1. Aspirin"
                continue
        yield at
