"""Whether something is going on, stopped, begun or over as the sentence says, and whether an order is one of the record's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.assertions import Seen
from services.grounding.case import Case
from services.grounding.reading import Reading
from services.grounding.sources import Source, not_done, relation
from services.grounding.terms import given
from services.grounding.words import GLUE, words_of

_STATE = re.compile(
    r"\b(?:(?P<stopped>stopped|stops|stopping|discontinu(?:ed|es|ing|ation)|ceased|no longer (?:on|takes|taking|uses|using|prescribed|receiv\w+)|came off|taken off"
    r"|(?:was|been) withdrawn|(?:was|were|been) (?:later |then |since )?dropped|d/c'?d|quit|stop date)"
    r"|(?P<hold>on hold|held|paused|withheld|suspended)"
    r"|(?P<begun>started|starts|starting|initiat(?:ed|es|ing|ion)|beg[au]n|commenced|introduced|newly prescribed|restarted|resumed|was added|were added|new prescription)"
    r"|(?P<resolved>resolved|in (?:full |complete |partial |near )?remission|abated|cleared up|has healed|inactive)"
    r"|(?P<completed>completed|finished)"
    r"|(?P<cancelled>cancell?ed|revoked)"
    r"|(?P<undone>not (?:been )?(?:given|done|performed|taken|measured|booked|administered)|was refused|declined|refused|turned down|never (?:given|done|taken|performed))"
    r"|(?P<active>(?:is|are|remains?|currently|still|now) (?:currently |still |now )?(?:being )?(?:on(?! (?:hold|record|file|the|both|each))|taking|takes|taken|prescribed|receiving|using|uses|active)|takes|continue[sd]?(?: on| to take| taking)?|ongoing"
    r"|active|current(?:ly)?|unresolved|persists?))\b",
    re.IGNORECASE,
)
# What a structured status allows a sentence to say, and the words by which prose says the same.
_STATUS = {
    "stopped": re.compile(r"stopped|cancel|not-taken|discontinued"),
    "hold": re.compile(r"hold|suspended"),
    "begun": re.compile(r"active|stopped|completed|in-progress|finished|hold|resolved|remission"),
    "resolved": re.compile(r"resolved|remission|inactive"),
    "over": re.compile(r"stopped|cancel|not-taken|completed|resolved|remission|inactive|finished|hold"),
    "completed": re.compile(r"completed|finished|final"),
    "cancelled": re.compile(r"cancel|revoked"),
    "undone": re.compile(r"not-done|not-taken|not done|refused"),
    "active": re.compile(r"active|in-progress|recurrence|relapse|current"),
}
_PROSE = {
    "stopped": r"stop(?:ped|s|ping)?|discontinu\w+|ceased?|off|quit|no longer|failed|withdrawn|d/c|cancelled|change to|cross-taper|switch\w*",
    "hold": r"hold|held|holding|paused|withheld|on hold",
    "begun": r"start(?:ed|s|ing)?|begin|begun|began|initiat\w+|add(?:ed)?|new|restart(?:ed)?|resum\w+|commenc\w+|bridge|trial of|since|introduc\w+|load|to begin|treated",
    "resolved": r"resol\w+|remission|gone|settled|cleared|healed|no evidence of|inactive|abated|free of",
    "over": r"stop(?:ped|s|ping)?|discontinu\w+|off|quit|no longer|not|resol\w+|gone|settled|cleared|free of|no",
    "completed": r"complet\w+|finish\w+|done|for \d+ (?:more )?(?:days|weeks)|x \d+ (?:days|weeks)",
    "cancelled": r"cancel\w+|revoked",
    "undone": r"not|never|declin\w+|refus\w+|deferred|no|without|overdue|due|pending|missed|prefer\w* to wait|outstanding|den(?:y|ies|ied)",
    "active": r"tak(?:es|ing)|on|continu\w+|now|current\w*|daily|nightly|weekly|still|keep|stay|active|remains?|uses?|using|with|persist\w*|BID|TID|QID",
}
_PROSE_RE = {
    name: re.compile(rf"(?<![\w]){body}(?![\w])", re.IGNORECASE)
    for name, body in ((n, f"(?:{b})") for n, b in _PROSE.items())
}
_ENDED = re.compile(r"stopped|cancel|not-taken|completed|draft|hold|resolved|remission|inactive")
_ADVERB = re.compile(r"\b(?:current(?:ly)?|active|ongoing)\b", re.IGNORECASE)

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
    r"|would be (?:reasonable|appropriate|prudent)|may need to|requires?\b|warrants?\b|had better|has to|have to)",
    re.IGNORECASE,
)
_ADVICE_WORDS = re.compile(
    r"\b(?:should|must|need(?:s|ed)?|recommend\w*|advis\w*|consider|avoid|indicated|plan|due|asked|told|to (?:call|see|begin|think|review|take|prescribe)|return|offer(?:ed)?"
    r"|never|no driving|not to|continue|start|stop|hold|add|recheck|repeat|refer\w*|reduce|raise|discuss|carry|follow|if|worth|goal|limit|change|do not|contraindicated|taught|counsel\w*)\b",
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


def check_states(case: Case) -> None:
    """Every word of a state, of the drug or the problem that it is said of."""
    for word in _STATE.finditer(case.text):
        kind = word.lastgroup or ""
        if re.search(
            r"\b(?:no longer|not|n't|never)\s+(?:yet |fully |been |an? |considered |currently |have |having )*$",
            case.text[: word.start()],
            re.IGNORECASE,
        ):
            kind = {"active": "over", "resolved": "active", "stopped": "active"}.get(kind, kind)
        seen = _of_what(case, word)
        if seen is None:
            _check_entry(case, word, kind)
            continue
        concepts = {s.concept for s in case.reading.seen if s.start == seen.start}
        holders = [s for s in case.everything if any(relation(concepts, x.concept) for x in s.reading.seen)]
        if not holders:
            continue  # that it isn't there at all is told by another check
        if any(_bears(source, kind, concepts) for source in holders):
            case.good("status", word.start(), word.end(), holders)
        else:
            told = ", ".join(sorted({s.status for s in holders if s.status})) or "nothing of it"
            case.bad("status", word.start(), word.end(), f"“{word.group()}”: the evidence says {told}.")


def _check_entry(case: Case, word: re.Match[str], kind: str) -> None:
    """A state of nothing that the tables know, where one problem or drug entry is all that is cited."""
    source = case.sources[0]
    if len(case.sources) == 1 and source.evidence.resource_type in (
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
    ):
        inside = any(s.start <= word.start() and word.end() <= s.end for s in case.reading.seen)
        if (
            not inside
            and kind in ("stopped", "resolved", "active", "over")
            and not _bears(source, kind, set(source.own))
        ):
            status = source.status or "nothing of it"
            case.bad("status", word.start(), word.end(), f"“{word.group()}”: the evidence says {status}.")


def _of_what(case: Case, word: re.Match[str]) -> Seen | None:
    """The drug or problem that a word of state is said of, in its clause."""
    seen = [
        s
        for s in case.reading.seen
        if s.concept.startswith(("drug:", "drugclass:", "problem:", "symptom:", "vaccine:", "procedure:"))
    ]
    if any(s.start <= word.start() and word.end() <= s.end for s in seen):
        return None
    seen = [s for s in seen if not _is_reason(case.text, s, seen)] or seen
    before = [s for s in seen if s.end <= word.start() and not _broken(case.text[s.end : word.start()])]
    after = [s for s in seen if s.start >= word.end() and not _broken(case.text[word.end() : s.start])]
    if word.lastgroup == "undone":
        after = [s for s in after if not re.search(r"\b(?:and|to)\b", case.text[word.end() : s.start])]
        before = [s for s in before if not re.search(r"\band\b", case.text[s.end : word.start()])]
    forward = word.lastgroup in ("active", "undone") or (
        not re.match(r"(?:was|were|has|have)\b", word.group(), re.IGNORECASE)
        and re.search(r"\b(?:was|were|is|are|been|be)\s*$", case.text[: word.start()]) is None
    )
    if word.lastgroup == "active" and after and not _ADVERB.fullmatch(word.group()):
        return after[0]
    if forward and after and (not before or after[0].start - word.end() <= word.start() - before[-1].end):
        return after[0]
    return before[-1] if before else after[0] if after and after[0].start - word.end() < 40 else None


def _is_reason(text: str, one: Seen, seen: Sequence[Seen]) -> bool:
    """Whether a problem is only what something else is given for: "amoxicillin for strep throat was completed"."""
    return (
        one.concept.startswith(("problem:", "symptom:"))
        and _FOR.search(text[: one.start]) is not None
        and any(given(s.concept) and s.end <= one.start for s in seen)
    )


_FOR = re.compile(r"\bfor (?:(?:his|her|the|an?)\s)?(?:\w+\s)?$", re.IGNORECASE)
_REASON_GAP = re.compile(r"\bfor\s(?:\w+[ -]){1,4}(?=(?:has|have|was|were|is|are)\b)", re.IGNORECASE)


def _broken(gap: str) -> bool:
    gap = _REASON_GAP.sub("", gap)
    gap = re.sub(r"\b(?:orders?|prescriptions?|course) for\b", "", gap)
    return (
        bool(re.search(r"[;:]|\b(?:but|while|whereas|because|due to|for|after|when|although)\b", gap))
        or len(gap) > 70
    )


def _bears(source: Source, kind: str, concepts: set[str]) -> bool:
    if source.entry and (not source.own or any(relation(concepts, c) for c in source.own)):
        if source.evidence.resource_type == "AllergyIntolerance" and any(map(given, concepts)):
            return (
                kind in ("active", "resolved")
                and bool(_STATUS[kind].search(source.status))
                and not _taking(kind)
            )
        status = source.status or "active"
        if kind == "undone" or not_done(source):
            return kind == "undone" and not_done(source)
        if kind == "active":
            return bool(_STATUS[kind].search(status)) and not _ENDED.search(
                status.replace("inactive", "resolved")
            )
        if _STATUS[kind].search(status):
            return True
        return (
            bool(_PROSE_RE[kind].search(source.reading.text))
            and kind in ("stopped", "hold", "begun", "completed")
            and (kind == "begun" or bool(_ENDED.search(status)))
        )
    reading = source.reading
    for seen in reading.seen:
        if relation(concepts, seen.concept):
            around = reading.around(seen.start)
            if kind == "active":
                ended = _PROSE_RE["stopped"].search(around) or re.search(r"(?i)\bh[eo]ld\b", around)
                if not ended or (
                    _PROSE_RE["active"].search(around)
                    and not re.search(r"(?i)\b(?:stop(?:ped)?|h[eo]ld)\b", around)
                ):
                    return True
            elif _PROSE_RE[kind].search(around) or _PROSE_RE[kind].match(_next(reading, seen.start)):
                return True
    return False


def _next(reading: Reading, place: int) -> str:
    """The sentence behind a place's own, if it names no other subject: "Augmentin … (ICU). Cancelled before dispensing"."""
    after = reading.sentence_at(place) + 1
    if after >= len(reading.bounds):
        return ""
    start, end = reading.bounds[after]
    return reading.text[start:end].lstrip(" -")


def _taking(kind: str) -> bool:
    return kind in ("begun", "stopped")


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
    r"(?:must|should|has to|needs? to|ought to) (?:(?:not|never) be (?:given|used|prescribed|taken|offered)|be avoided|avoid)\b",
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
