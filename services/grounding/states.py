"""Whether something is going on, stopped, begun or over as the sentence says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.assertions import Seen
from services.grounding.case import Case
from services.grounding.reading import Reading
from services.grounding.sources import Source, not_done, relation
from services.grounding.terms import given

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
    lead = case.text[max(0, word.start() - 32) : word.start()]
    if before and word.lastgroup == "resolved" and _SUBJECT_BEFORE.search(lead):
        return before[-1]
    if word.lastgroup != "undone" and (led := _AND_HAS.search(case.text[: word.start()])):
        # "Apixaban was a 12-day course to prevent clots after surgery and has been completed": of the drug.
        drugs = [s for s in seen if s.end <= led.start() and given(s.concept)]
        if drugs and not re.search(r"[;.]\s", case.text[drugs[0].end : word.start()]):
            return drugs[-1]
    forward = word.lastgroup in ("active", "undone") or (
        not re.match(r"(?:was|were|has|have)\b", word.group(), re.IGNORECASE)
        and re.search(r"\b(?:was|were|is|are|been|be)\s*$", case.text[: word.start()]) is None
    )
    if word.lastgroup == "active" and after and not _ADVERB.fullmatch(word.group()):
        return after[0]
    if forward and after and (not before or after[0].start - word.end() <= word.start() - before[-1].end):
        return after[0]
    return before[-1] if before else after[0] if after and after[0].start - word.end() < 40 else None


# "The ketoacidosis began …, had resolved by …": what has resolved stands before it.
_SUBJECT_BEFORE = re.compile(
    r"\b(?:has|have|had|is|are|was|were)\s+(?:since |now |already |fully |completely |largely )*$",
    re.IGNORECASE,
)
_AND_HAS = re.compile(
    r"\band\s+(?:has|have|had|was|were|is|are)\s+(?:since\s|now\s|already\s)?(?:been\s+)?$", re.IGNORECASE
)


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
            told = _own_state(reading, seen)
            if kind in ("active", "stopped", "hold") and told:
                if kind == told or {kind, told} == {"stopped", "hold"}:
                    return True
                continue
            if kind == "completed" and seen.concept.startswith("procedure:") and _carried_out(source):
                return True
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


_PART = re.compile(
    r"[,;:.\n]|\b(?:and|but|while)\b(?= (?:continue|hold|stop|held|stopped|start)\w*)", re.IGNORECASE
)
_TELLS = re.compile(
    r"^\W*(?:(?P<active>continue[sd]?|keep|stay on|still on)|(?P<hold>hold|held|holding)|(?P<stopped>stop(?:ped)?|discontinue[sd]?|d/c))\s",
    re.IGNORECASE,
)


def _own_state(reading: Reading, seen: Seen) -> str:
    """What the words that lead the drug's own part of a sentence say of it: "hold oxaliplatin, continue 5-FU/leucovorin"."""
    low = reading.bounds[reading.sentence_at(seen.start)][0]
    before = _PART.split(reading.text[low : seen.start])[-1]
    others = any(
        given(s.concept) and "/" not in reading.text[s.end : seen.start]
        for s in reading.seen
        if seen.start - len(before) <= s.start and s.end < seen.start
    )
    told = _TELLS.match(before) if given(seen.concept) and not others else None
    return (told.lastgroup or "") if told else ""


_OPERATED = re.compile(
    r"\b(?:PROCEDURES?(?: PERFORMED)?|OPERATION)\s*:|^(?:Operative|Procedure) note", re.IGNORECASE
)
_NOT_CARRIED_OUT = re.compile(
    r"\b(?:abort\w*|abandon\w*|incomplete|not completed|cancell?ed|terminated)\b", re.IGNORECASE
)


def _carried_out(source: Source) -> bool:
    """Whether it is the note of an operation, which tells of none that was broken off."""
    text = source.reading.text
    return _OPERATED.search(text) is not None and not _NOT_CARRIED_OUT.search(text)


def _next(reading: Reading, place: int) -> str:
    """The sentence behind a place's own, if it names no other subject: "Augmentin … (ICU). Cancelled before dispensing"."""
    after = reading.sentence_at(place) + 1
    if after >= len(reading.bounds):
        return ""
    start, end = reading.bounds[after]
    return reading.text[start:end].lstrip(" -")


def _taking(kind: str) -> bool:
    return kind in ("begun", "stopped")
