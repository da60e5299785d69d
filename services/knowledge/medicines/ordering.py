"""Whether free text orders a medicine that it names, continues it, stops it, or only tells of it.

The words nearest before a mention decide, then those after it, then the heading that it stands under. A bare name
with a dose and a frequency is an order unless something says otherwise: a text that may order is taken to order.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import Literal

from services.knowledge.assertion import FAMILY, assess
from services.knowledge.lexicon import Mention
from services.knowledge.medicines.controlled import Controlled
from services.knowledge.medicines.mentions import aligned, mentions
from services.knowledge.sentences import sentences

Intent = Literal["ordered", "continued", "stopped", "told"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A medicine named in a text and what the text does with it. `controlled` is None for one that is not scheduled."""

    drug: str
    controlled: Controlled | None
    intent: Intent
    surface: str
    start: int
    end: int
    sentence: str


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?!\w)")


_ORDER = _words(
    r"(?:start|put|place|try|get)\s+(?:the\s+)?(?:patient|pt|him|her|them)\s+(?:back\s+)?on|"
    r"re-?start|start|begin|initiate|prescribe|rx|give|administer|dispense|refill|renew|re-?order|order|increase|decrease|"
    r"reduce|lower|titrate|up-?titrate|switch|change|rotate|convert|transition|add|provide|bridge|send|e-?prescribe|escribe|"
    r"call in|called in|sig|trial|plan|recommend|consider|suggest|should (?:receive|get|have|take|be (?:given|started on|on))|"
    r"(?:may|can|to|will) (?:have|receive|get|take|use|need)|needs|bolus|load|apply|inject|put (?:him|her|them|pt|patient) on|"
    r"place on|authorize|approve|supply|issue|write for|write|script for|prescription for|offer|double|repeat|push|infuse|"
    r"starting|prescribing|giving|adding|increasing|initiating|refilling|renewing|switching|dispensing|titrating|sending"
)
_DID = _words(
    r"started|began|prescribed|gave|administered|dispensed|refilled|renewed|ordered|increased|decreased|switched|added|"
    r"changed|given|received|bolused|initiated|restarted"
)
_CONTINUE = _words(
    r"continu(?:e|es|ed|ing)|resum(?:e|ed|ing)|remain(?:s|ed|ing)? on|keep(?:s|ing)?|maintain(?:s|ed|ing)?|stay(?:s|ing)? on|"
    r"ongoing|cont|carry on|same dose of|go on with"
)
_STOP = _words(
    r"stop(?:s|ped|ping)?|discontinu\w+|d/c|d/c'?d|dc'?d|dc|hold|holding|held|avoid(?:s|ed|ing)?|taper(?:ed|ing)? (?:off|down)|"
    r"taper|wean(?:ed|ing)?(?: off)?|withhold|withheld|contraindicated|allergic to|allergy to|allergies|intolerant (?:of|to)|"
    r"intolerance (?:of|to)|adverse reaction to|off|no longer|instead of|rather than|in place of|without|refrain from|never|"
    r"declin(?:e|es|ed|ing)|refus(?:e|es|ed|ing)|deny|denied|cancel(?:led|ed)?|deprescrib\w+|switch(?:ed)? from|changed? from|"
    r"transition(?:ed)? from|no more|should not \w+(?: given)?|must not \w+|cannot (?:have|take|receive)|not on|not taking|not (?:a )?candidate for|wean from"
)
_TELL = _words(
    r"takes|taking|took|is on|was on|been on|are on|patient on|pt on|on (?:home|chronic|long.?term|daily)|uses|used|using|"
    r"history of|hx(?: of)?|h/o|reports?|reported|states?|stated|told|says|admits|denies|mother|father|"
    r"husband|wife|daughter|son|brother|sister|partner|roommate|friend|family|screen\w*|uds|utox|positive for|negative for|"
    r"levels?|pdmp|educat\w+|counsel\w+|discuss\w+|warn\w*|advised about|risks? of|side effects? of|previous(?:ly)?|prior|formerly|"
    r"last (?:week|month|year|night)|yesterday|ago|overdos\w+|misus\w+|abus\w+|withdrawal|dependen\w+|addict\w+|wants|asks|asked|"
    r"requests?|requested|requesting|seeking|seeks|interacts?|interactions?|per|bottle of|found|brought|effects? of|"
    r"response to|because of|due to|from|after|despite|respond\w* to|failed|tried|requir(?:ed|ing)|sensitive to|resistant to|"
    r"tolerat\w+|compare[ds]?|studies|guidelines?|trials show\w*|receiv(?:es|ing)|started on .{0,20}\bin (?:19|20)\d\d"
)
_NEGATED = re.compile(
    r"\b(?:not|n't|never|no|avoid|refus\w+|declin\w+|without|den(?:y|ied|ies)|unable to|cannot|can't|won't|don't|didn't|"
    r"against|hold off|no need|rather than|instead of|defer)\b(?:\W+\w+){0,4}\W*$"
)
_ASKED = re.compile(
    r"\b(?:wants?|wanted|ask(?:s|ed|ing)?|request(?:s|ed|ing)?|hop(?:es|ing)|(?:s?he|they|patient|pt) would like|wish(?:es)?|interested in|before|last|previous|most recent|"
    r"discuss\w*|educat\w+|counsel\w+|about|risks? of|prior to|since|after|history of|when|advised (?:on|about))\W+(?:\w+\W+){0,3}$"
)
_PAST = re.compile(
    r"\b(?:was|were|had been|has been|previously|last (?:week|month|year|night|visit)|yesterday|ago|prior|in (?:19|20)\d\d|"
    r"in the (?:ed|er|or|icu|hospital|emergency|field|pacu)|by (?:ems|dr|her|his|the|an|another)|pre-?op\w*|intra-?op\w*|earlier|"
    r"then|during|overnight|on arrival|at (?:the )?(?:outside|other))\b"
)
_AFTER = {
    "stopped": re.compile(
        r"^.{0,40}?\b(?:stop(?:ped)?|discontinued?|d/c'?d?|dc'?d|held|hold|avoid(?:ed)?|contraindicated|allergy|intolerance|"
        r"tapered (?:off|down)|weaned|declined|refused|denied|cancelled|not (?:given|started|prescribed|indicated|recommended|"
        r"appropriate|needed|refilled|to be)|no longer|should not|must not|will not|won't)(?!\w)"
    ),
    "ordered": re.compile(
        r"^.{0,60}?\b(?:increase(?: to)?|refill|renew(?:al)?|re-?start|titrate|double|uptitrate|sent to|e-?prescribed|escribed|"
        r"called in|to be (?:given|started|prescribed|taken|filled|dispensed)|should be (?:given|started|increased|refilled|"
        r"renewed|prescribed)|will be (?:given|started|increased|refilled|renewed|prescribed|sent|ordered)|is (?:ordered|"
        r"prescribed|indicated|recommended)|disp(?:ense)?|script|rx|prescription (?:sent|given)|now|ordered)(?!\w)|^\s*[:-]\s*(?:start|give|add)"
    ),
    "continued": re.compile(
        r"^.{0,40}?\b(?:continued?|unchanged|same dose|resumed?|to continue|as before|maintained)(?!\w)"
    ),
    "told": re.compile(
        r"^\W{0,3}(?:is|are|may|might|can|could|has|have|had|likely|remains?|versus|vs|use|abuse|misuse|dependence|overdose|withdrawal|intoxication|levels?|screen\w*|positive|negative|detected|"
        r"concentration|disorder|addiction|seeking|was|were|makes|made|caused|causes|did|does|helps|helped|allerg|taken|"
        r"in (?:19|20)\d\d|last (?:week|month|year)|agreement|contract|therapy|naive|tolerance|toxicity|metabolites?|confirmed|total|free|serum|\d+(?:\.\d+)?\s*ng)"
        r"|^.{0,40}?\b(?:in (?:19|20)\d\d|years? ago|months? ago|yesterday|last (?:week|month|year|night))\b"
    ),
}
_DOSE = re.compile(
    r"\b\d[\d.,]*(?:\s*(?:-|to|/)\s*\d[\d.,]*)?\s*(?:mg|mcg|ug|µg|g|ml|units?|tabs?|tablets?|caps?|patch\w*|puffs?)\b"
)
_FREQUENCY = re.compile(
    r"\b(?:q\.?\s?\d+(?:-\d+)?\s?h\w*|q\s?(?:am|pm|hs|day|week)|qd|bid|tid|qid|qod|prn|qhs|b\.i\.d|t\.i\.d|once|twice|daily|nightly|"
    r"weekly|every \w+|(?:one|two|three|four|\d) times|at bedtime|as needed|per day|stat)\b|#\s?\d+|\bx\s?\d+ ?(?:days?|doses?)"
)
_HEADING = re.compile(r"^[ \t]*(?:[-*#]+[ \t]*)?([A-Za-z][A-Za-z /&-]{1,40}):", re.MULTILINE)
_PLANS = re.compile(r"plan|orders?|recommend|rx|prescri|treatment|discharge med|sig|to do|intervention")
_LISTS = re.compile(
    r"medications?|meds|allerg|history|hx|hpi|pmh|subjective|objective|social|substance|labs?|results?|screen|pdmp|review"
)
_REACH = 400  # characters on each side that may settle an intent
_TO_ANOTHER = re.compile(
    r"\b(?:switch|change|convert|rotate|transition)(?:ing)?\b.*\b(?:to|with|for)\W*$|\breplace\b.*\b(?:with|by)\W*$"
)
_NO = re.compile(
    r"\b(?:no|without)\W+(?:\w+\W+)?$|\bno\W+(?:indication|need|reason|role|place|plans?)\W+(?:for|to \w+)\W+(?:\w+\W+)?$"
)
_SAME = re.compile(r"\bno changes? (?:to|in) (?:\w+ ){0,2}$")
_SHORT = re.compile(r"\b(?:cont|rx|d/c|dc|disp|tx)\.\s*$")
_TURNS = re.compile(r";|\bbut\b|\bthen\b|\bhowever\b|\balthough\b|\bwhile\b|\n")


def ordered_in(text: str) -> list[Spoken]:
    """Every medicine that the text names, in order, with what the text does with it."""
    named = mentions(text)
    if not named:
        return []
    plain = aligned(text)
    bounds = sentences(text)
    starts = [a for a, _ in bounds]
    headings = [(m.start(), m[1].lower()) for m in _HEADING.finditer(plain)]
    asserted = assess(text, [Mention(n.drug, n.start, n.end, text[n.start : n.end]) for n in named])
    found: list[Spoken] = []
    for number, (name, assertion) in enumerate(zip(named, asserted, strict=True)):
        first = max(0, bisect.bisect_right(starts, name.start) - 1)
        last = max(first, bisect.bisect_left(starts, name.end) - 1)
        low, high = min(name.start, bounds[first][0]), max(name.end, bounds[last][1])
        if short := _SHORT.search(plain, max(0, low - 6), low):
            low = short.start()
        ahead = bisect.bisect_right(headings, (name.start, "\uffff")) - 1
        span = _Span(
            low,
            named[number - 1].end if number else low,
            name.start,
            name.end,
            named[number + 1].start if number + 1 < len(named) else high,
            high,
        )
        general = name.controlled is not None and name.controlled.how == "class"
        heading = headings[ahead][1] if ahead >= 0 else ""
        intent = "told" if assertion.polarity == FAMILY else _intent(plain, span, heading, general)
        surface = text[name.start : name.end]
        found.append(
            Spoken(name.drug, name.controlled, intent, surface, name.start, name.end, text[low:high])
        )
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """A mention at start..end of a sentence low..high, the mention before it ending at `since`, the next at `until`."""

    low: int
    since: int
    start: int
    end: int
    until: int
    high: int


def _intent(plain: str, span: _Span, heading: str, general: bool) -> Intent:
    """The intent of a mention.

    `general`: a class is named, which a plan more often weighs than orders.
    """
    start, end = span.start, span.end
    low, high = max(span.low, start - _REACH), min(span.high, end + _REACH)
    since, until = max(span.since, low), min(max(span.until, end), high)
    turn = [m.end() for m in _TURNS.finditer(plain, low, start)]
    begin = turn[-1] if turn else low
    before, after = plain[begin:start], plain[end:until]
    dosed = bool(_DOSE.search(after) and _FREQUENCY.search(after))
    if _SAME.search(before):
        return "continued"
    if _TO_ANOTHER.search(before):
        return "ordered"
    if _NO.search(before):
        return "stopped"
    cue = _cue(before, since - begin)
    if cue is None and not before.strip() and (match := re.match(r"[^:\n]*$", plain[low:start])):
        cue = _cue(match.group(), 0)
    behind = next((name for name, pattern in _AFTER.items() if pattern.search(after)), None)
    if cue in ("ordered", "stopped", "continued"):
        return "stopped" if cue == "continued" and behind == "stopped" else _as_intent(cue)
    if cue == "did":
        told = _PAST.search(plain[low:high]) is not None or behind == "told"
        return "ordered" if dosed and not told else "told"
    if behind in ("stopped", "ordered", "continued"):
        return _as_intent(behind)
    if cue == "told" or behind == "told":
        return "told"
    if _PLANS.search(heading) and (dosed or not general):
        return "ordered"
    if _LISTS.search(heading):
        return "told"
    return "ordered" if dosed else "told"


def _as_intent(name: str) -> Intent:
    return "ordered" if name == "ordered" else "stopped" if name == "stopped" else "continued"


def _cue(before: str, since: int) -> str | None:
    """What the last word of weight before a mention says; words before another mention count for lists only."""
    best: tuple[int, int, str, re.Match[str]] | None = None
    for rank, (name, pattern) in enumerate(
        (("told", _TELL), ("did", _DID), ("continued", _CONTINUE), ("ordered", _ORDER), ("stopped", _STOP))
    ):
        for match in pattern.finditer(before):
            if best is None or (match.end(), rank) > best[:2]:
                best = (match.end(), rank, name, match)
    if best is None:
        return None
    _, _, name, match = best
    between = before[match.end() :]
    if len(between.split()) > 14:
        return None
    if 0 < since <= match.start() and name != "ordered" and re.match(r"\s*,", between):
        return None  # "leuprolide stopped, morphine 5 mg": said of the one before
    if (
        since > 0
        and match.end() <= since
        and not re.search(r"[,/+&]|\b(?:and|or|plus|with)\W*$", between[-8:] + " ")
    ):
        return None  # what was said of another medicine, and not of a list
    ahead = before[since if 0 < since <= match.start() else 0 : match.start()]
    if name in ("ordered", "did", "continued") and _NEGATED.search(ahead):
        return "stopped"
    if name == "stopped" and re.search(r"\b(?:not|n't|never|don't)\W+(?:\w+\W+){0,1}$", ahead):
        return "continued"
    if name == "ordered" and _ASKED.search(ahead):
        return "told"
    return name
