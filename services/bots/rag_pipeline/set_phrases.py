"""Turns of phrase of the published question sets (EHRSQL and those made from it), put as a clinician would say them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

from services.bots.rag_pipeline import cues

_NUMBERS = {word: n for word, n in cues.NUMBERS.items() if 1 < n <= 10}
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(w for w in _NUMBERS if w not in ('couple', 'few'))})"
_STAY = r"(?:on|during|in|of|at|within) (?:the|her|his|their|this) (?:first|second|last|latest|current|previous|this)? ?(?:hospital |icu |ed )?(?:visit|stay|admission|encounter|hospitali[sz]ation)"
_THINGS = "drugs?|medications?|medicines?|procedures?|diagnos[ie]s|specimens?|specimen tests?|tests?|lab tests?|vaccines?|conditions?|problems?|organisms?"
_HAVING = r"(?:having (?:received|undergone|been given|got|had|been prescribed|been diagnosed with|taken)|receiving|undergoing|getting|being (?:given|diagnosed with|prescribed)|(?:the|her|his) diagnosis of)"
_TURNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (rf"^\W*(?:tell me |give me |state )?(?:the )?names? of (?:the |all (?:of )?(?:the )?|any )?(?=(?:(?:first|last|latest|most recent) )?(?:{_THINGS})\b)(?!.*\bwhen\b)", "which "),
        (r"\b(?:twice or more|(?:twice|(?:two|2) times) or (?:more|over)|(?:two|2) or more times|more than once|(?:at least|no fewer than) (?:twice|(?:two|2) times))\b", "two or more times"),
        (r"\b(?:(?:three|3) times or more|(?:three|3) or more times|at least (?:three|3) times|more than (?:twice|(?:two|2) times))\b", "three or more times"),
        # The stay is told once: "the second value on the last visit compared to the first on the last visit".
        (rf"\b(?P<stay>{_STAY})\b(?P<between>.{{3,80}}?) (?P=stay)(?!\w)", r"\g<stay>\g<between>"),
        (rf"\b(?:on|during|in|within) the same day\b(?P<who>(?: to (?:the )?patient)?),? (?:after|following|as(?= {_HAVING})) (?:(?P<having>{_HAVING}) )?(?:the |an? )?(?P<event>[^?]{{3,80}}?)(?=\W*$| (?:in|on) \d)", lambda m: f"{m['who']} on the day of {m['having'] or 'undergoing'} {m['event']}"),
        (r"(?P<what>\b(?:drugs?|medications?|medicines?|procedures?)\b[^?]{2,60}?) on the same day as (?!the (?:last|first|highest|lowest|latest)\b)", r"\g<what> on the day of "),
        (rf"\b(?:on|during|in|within) the same (?P<unit>month|hospital (?:visit|stay|admission|encounter)|(?:visit|stay|admission|encounter))\b(?P<who>(?: to (?:the )?patient)?),? (?:after|following|as) (?:(?P<having>{_HAVING}) )?(?:the |an? )?", lambda m: f"{m['who']} in the same {'month' if m['unit'].lower() == 'month' else 'stay'} after {m['having'] or 'undergoing'} "),
        (r"\bhow many (?P<unit>hours|days|weeks|months|years) (?:have |has )?(?:elapsed|passed|gone by)\b", r"how many \g<unit> have passed"),
        (r"\bhow many (?P<unit>hours|days|weeks|months|years) have passed since the last time (?:the |that the |that )?(?:patient|she|he|they) (?:had|got|received|underwent|was given) (?:an? |the )?", r"how many \g<unit> ago was the last "),
        (r"\bcareunit\b", "care unit"),
        (r"\b(?P<det>the|her|his) (?:hospital )?(?:visit|stay|admission|encounter|hospitali[sz]ation) (?:that|which) (?:began|started|commenced) (?:in|on) (?:(?P<m>0?[1-9]|1[0-2])/(?:\d{1,2}/)?|(?P<name>[a-z]{3,9})\.? )(?P<y>(?:19|2[0-2])\d\d)\b", lambda m: f"{m['det']} {m['name'] or _MONTHS[int(m['m'])]} {m['y']} hospital stay"),
        (r"\b(?P<w>administered|given|prescribed|ordered) items\b", r"\g<w> drugs"),
        (r",? (?:leaving out|excluding|without|ignoring|not counting|apart from) (?:(?:what|those|values|results|entries|anything)(?: that)?(?: (?:was|were))? )?(?:entered|recorded) in error", ""),
        (r"\b(?:at|during|on) (?P<det>the|her|his) emergency visit\b", r"at \g<det> ED visit"),
        (rf"\b(?:in |of )?the last (?:measurement|value|reading|result|measured)(?P<stay> {_STAY})? (?:as )?(?:compared (?:to|with)|than|vs\.?|versus) the first(?: (?:measurement|value|reading|result|measured|one))?(?P<stay2> {_STAY})?", lambda m: f"between the first and the last value{m['stay'] or m['stay2'] or ''}"),
        (rf"\b(?P<v>(?:de|in)creased?|changed?|risen|fallen|gone (?:up|down)|dropped) (?:compared (?:to|with)|from|since) the first (?:[\w ]{{2,25}}? )?(?P<stay>{_STAY})", r"\g<v> between the first and the last value \g<stay>"),
        (r"\bwhen was the (?P<w>last|first) time (?:that )?(?:the )?(?:patient|she|he) (?:had|got|received) (?:an? )?(?:input|intake) of (?P<x>[^?]{2,40}?)(?=\W*$| (?:in|on|during)\b)", r"when was \g<x> \g<w> given"),
        (r"^\W*how (?:was|were|did) (?P<who>he|she|they|(?:the )?patient(?: \d+)?) (?:get )?admitted\b", r"where was \g<who> admitted from"),
        (r"\bin other than the (?:current|last|present) (?=(?:hospital )?(?:visit|stay|admission|encounter)\b)", "before the last "),
        (r"\b(?P<t>last|first) (?:measured |recorded |taken )?(?P<x>[\w ]{3,30}?) (?:measured )?(?:in|on|during|at) the (?P<a>first|second|third|last|current|previous)(?: hospital)?(?: visit| stay| admission)? (?P<v>less|lower|greater|higher|more|smaller|larger) than (?:(?:in|on|during|at) )?the (?P<b>first|second|third|last|previous)(?: hospital)? (?:visit|stay|admission)\b",
         lambda m: f"{m['x']} at the {_END[m['t'].lower()]} of the {m['a']} hospital stay {m['v']} than at the {_END[m['t'].lower()]} of the {m['b']} hospital stay"),
        (r"\bdiffer(?:s|ed)? between the (?P<a>first|second|third|last) (?:and|to|vs\.?) (?:the )?(?P<b>first|second|third|last) (?:hospital )?(?P<s>visit|stay|admission)s?\b", r"differ between the end of the \g<a> hospital \g<s> and the end of the \g<b> hospital \g<s>"),
        (r",? the (?:last|latest) time(?=\W*$)", " for the last time"),
    )
)  # fmt: skip
_TOP = re.compile(
    rf"\b(?:top |the )?{_N} (?:top |most )(?P<often>often|frequent(?:ly)?|common(?:ly)?|prescribed|ordered|administered|performed|given)\b|\btop {_N.replace('?P<n>', '?P<n2>')} (?:most )?(?P<often2>often|frequent(?:ly)?|common(?:ly)?)\b",
    re.IGNORECASE,
)


_MONTHS = ("", *calendar.month_name[1:])
_END = {"last": "end", "first": "start"}


def from_sets(text: str) -> str:
    """The question in plain words."""
    for pattern, said in _TURNS:
        text = pattern.sub(said, text)
    return text


def top_asked(text: str) -> tuple[str, int]:
    """(the question without its number, how many of the most frequent it asks for; 0 where none is told)."""
    found = _TOP.search(text)
    if found is None:
        return text, 0
    number = (found["n"] or found["n2"]).lower()
    often = (found["often"] or found["often2"]).lower()
    said = often if often.startswith(("often", "freq", "common")) else f"often {often}"
    return f"{text[: found.start()]}most {said}{text[found.end() :]}", int(number) if number.isdigit() else _NUMBERS[number]
