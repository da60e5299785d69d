"""Whether advice and orders of a sentence are the record's own."""

from __future__ import annotations

import re

from services.grounding.case import Case
from services.grounding.sources import Source, relation
from services.grounding.words import GLUE, words_of

_VERBS = (
    "start stop increase decrease reduce hold continue switch add order check recheck monitor refer consider avoid discontinue titrate repeat"
    " schedule arrange give prescribe taper resume restart ensure obtain change raise lower halve optimize optimise initiate begin limit encourage"
    " counsel educate screen test measure book review adjust administer advise recommend take keep use carry eat rotate separate preserve call drink withhold replace substitute vaccinate perform request"
)
_IMPERATIVE = re.compile(
    rf"(?:^|[:;.•*-]\s+|\bplease\s+|\bplan(?: is)? to\s+|\bthen\s+|,\s+and\s+)(?P<verb>{'|'.join(_VERBS.split())}|follow up|follow-up|return)\b(?!\s+(?:is|was|were|are|of|has|have|date)\b)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:should(?: not|n't)?|must(?: not|n't)?|ought to|needs? to(?: be)?|recommend(?:ed|s|ation|ations)?|advis(?:e|ed|es|able)|suggest(?:ed)? (?:that|to|starting|stopping|increasing|reducing|adding)"
    r"|would benefit from|is (?:indicated|warranted|contraindicated)|(?:it is|it's) important to|consider(?: |ing\b)|could be (?:considered|started|stopped|increased)"
    r"|(?:is|are) to be (?:strictly )?avoided|would be (?:reasonable|appropriate|prudent)|may need to|requires?\b|warrants?\b|had better|has to|have to)",
    re.IGNORECASE,
)
_ADVICE_WORDS = re.compile(
    r"\b(?:should|must|need(?:s|ed)?|recommend\w*|advis\w*|consider|avoid|indicated|plan|due|asked|told|to (?:call|see|begin|think|review|take|prescribe)|return|offer(?:ed)?"
    r"|never|no driving|not to|continue|start|stop|hold|add|recheck|repeat|refer\w*|reduce|raise|discuss|carry|follow|if|worth|goal|target|limit|change|do not|contraindicated|taught|counsel\w*)\b",
    re.IGNORECASE,
)
_SAME_VERB = {
    verb: group
    for group in (
        "start|begin|initiate|add|prescribe|give|commence|restart|resume|bridge|trial",
        "stop|discontinue|avoid|cease|withhold|hold|never|off",
        "increase|raise|titrate|up|optimize|optimise|uptitrate",
        "decrease|reduce|lower|halve|taper|limit",
        "check|recheck|repeat|order|obtain|measure|test|monitor|screen|perform|request|schedule|book|arrange|due|await|again|ordered|needed",
        "continue|keep|stay|remain",
        "switch|change|replace|substitute|cross-taper|instead",
        "refer|referral|referred|re-referred|referral",
        "consider|discuss|review|think|offer|worth|option|plan",
        "counsel|educate|advise|encourage|recommend|ensure|taught|told|counselled|asked",
        "follow up|follow-up|return|rtc|see|within|call",
        "vaccinate|give|given",
        "administer|give",
        "adjust|change|titrate",
    )
    for verb in group.split("|")
}


def check_instructions(case: Case) -> None:
    """Advice and orders have to be the record's own: a recommendation is no evidence."""
    found = [(m.start("verb"), m.end("verb"), m["verb"].lower()) for m in _IMPERATIVE.finditer(case.text)]
    found += [(m.start(), m.end(), "") for m in _ADVICE.finditer(case.text)]
    for start, end, verb in found:
        if any(s.start <= start and end <= s.end for s in case.reading.seen):
            continue
        if not any(
            _ordered(case, source, start, verb) or _to_avoid(case, source, start)
            for source in case.everything
        ):
            case.bad(
                "instruction",
                start,
                end,
                f"“{case.text[start:end].strip()}”: the evidence holds no such advice or order.",
            )
            return
        case.good("instruction", start, end, case.everything)


def _to_avoid(case: Case, source: Source, start: int) -> bool:
    """Whether it only says that what the patient is allergic to must not be given."""
    if source.evidence.resource_type != "AllergyIntolerance" or not _AVOID.match(case.text[start:]):
        return False
    return any(relation({s.concept}, own) for s in case.reading.seen for own in source.own)


_AVOID = re.compile(
    r"(?:(?:is|are) to be (?:strictly )?avoided\b)|(?:must|should|has to|needs? to|ought to) (?:(?:not|never) be (?:given|used|prescribed|taken|offered)|be avoided|avoid)\b",
    re.IGNORECASE,
)


_ADVISED = frozenset(w.stem for w in words_of("advise advised recommend recommended suggested"))


def _ordered(case: Case, source: Source, start: int, verb: str) -> bool:
    """Whether the evidence has such an order of the same thing, in one sentence or next to it."""
    rest = [w.stem for w in words_of(case.text[start:]) if w.stem not in GLUE and w.stem not in _ADVISED]
    passive = not rest and re.search(r"\b(?:is|was|were|are|been)\s+$", case.text[:start]) is not None
    if passive:  # "Needle aspiration was advised": what is advised stands before it
        rest = [w.stem for w in words_of(case.text[:start]) if w.stem not in GLUE][-4:]
    concepts = {s.concept for s in case.reading.seen if s.start >= start} or {
        s.concept for s in case.reading.seen
    }
    reading = source.reading
    for low, high in reading.bounds:
        part = reading.text[low:high]
        if verb:
            if not re.search(
                rf"(?<![\w-])(?:{_SAME_VERB.get(verb, verb)})\w{{0,4}}(?![\w-])", part, re.IGNORECASE
            ):
                continue
        elif not (_ADVICE_WORDS.search(part) or _IMPERATIVE.search(part)):
            continue
        here = {s.concept for s in reading.seen if low <= s.start < high}
        if concepts and any(relation(concepts, c) for c in here):
            return True
        stems = {w.stem for w in words_of(part)}
        if rest and len(stems & set(rest)) * 2 >= min(len(set(rest)), 4):
            return True
    return False
