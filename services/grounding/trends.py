"""Whether what a sentence says of a course ("fell", "improved", "higher than") is so in its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from services.grounding.binding import Amount
from services.grounding.case import Case
from services.grounding.courses import ALIKE, COURSE, HYPOTHETICAL, NEGATED
from services.grounding.linked import linked
from services.grounding.orders import ends_of, matching, moves, ordered, times, uneven
from services.grounding.ranges import better
from services.grounding.sameness import called_so, each_same
from services.grounding.severities import SEVERITIES, check_severities
from services.grounding.sources import Value, relation
from services.grounding.terms import given, measured
from services.grounding.units import convert_value

_STARTS = re.compile(
    r"\b(?:from|than|compared (?:with|to)|versus|vs\.?|previously|earlier|against|(?:having|had) been)\s+(?:(?!to\b)\w+\s+){0,4}\(?$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:to|reaching|now|at|is)\s+(?:\w+\s)?$", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(?:\w+\s)?$|\bof\s+$|\bgo(?:ing|es)? (?:up|down)\s+$", re.IGNORECASE)
# "Lost 9.2 kg" tells how much, and no value.
_JUST = re.compile(
    r"\s+(?:(?:about|around|roughly|nearly|almost|some|over|approximately|another|a further)\s+)?",
    re.IGNORECASE,
)
_THAN = re.compile(r"\s+than\s+(?:(?:the|at|about|a|an)\s+)?", re.IGNORECASE)
_IT = re.compile(r"\bit\s+$", re.IGNORECASE)
# A drug that "was dropped" is stopped, which is judged as a state.
_DROPPED = re.compile(r"\b(?:was|were|been) (?:later |then |since )?dropped$", re.IGNORECASE)
_MORE = re.compile(r"^\s*(?:higher|lower|more|less|greater|points?)\b", re.IGNORECASE)
_PAST_A_BOUND = re.compile(
    r"\s+(?:to\s+)?(?:(?P<down>below|under)|(?P<up>above|over))\s+[\d.]", re.IGNORECASE
)


def check_trends(case: Case) -> None:
    """Every word of a course in the sentence."""
    for word in COURSE.finditer(case.text):
        inside = any(s.start <= word.start() and word.end() <= s.end for s in case.reading.seen)
        if inside and not _IT.search(case.text[: word.start()]):  # "it fell" is no fall of a person
            continue
        kind = word.lastgroup or ""
        if (bound := _PAST_A_BOUND.match(case.text, word.end())) and kind == bound.lastgroup:
            continue  # "had fallen below 30" tells a bound, and the number is judged as one
        if HYPOTHETICAL.search(case.text[: word.start()]) or _DROPPED.search(case.text[: word.end()]):
            continue
        if NEGATED.search(case.text[max(0, word.start() - 30) : word.start()]) and kind != "same":
            _check_words(case, word, kind, "")
            continue
        _check(case, word, kind)


def _check(case: Case, word: re.Match[str], kind: str) -> None:
    if kind == "worse" and (grades := _grades(case)):
        case.good("direction", word.start(), word.end(), case.everything, grades)
        return
    if kind in ("better", "worse") and (severe := SEVERITIES.search(case.text, word.end())):
        check_severities(case, word, kind, severe[1].lower(), severe[2].lower())
        return
    topics = _topics(case, word)
    topics = topics or _of_weight(case, word)
    following = next((a for a in case.reading.amounts if a.figure.start >= word.end()), None)
    if following is not None and all(map(given, topics)) and any(map(measured, following.topics)):
        topics = following.topics  # "93 mg/dL on ezetimibe, down from 128": of what has the value
    if (
        word.group().lower().startswith("declin")
        and not any(map(measured, topics))
        and not linked(case, word)
    ):
        return  # refused, rather than fallen
    if (pair := linked(case, word)) and not pair[0].topics & topics:
        _check_pair(case, word, kind, *pair, case.values())
        return
    if not topics:
        _check_words(case, word, kind, "")
        return
    mine = [
        v
        for v in case.values()
        if v.figure.kind == "value"
        and not v.figure.limit
        and not v.figure.op
        and any(relation(topics, t) for t in v.topics)
    ]
    if kind == "same" and called_so(case, word):
        case.good("direction", word.start(), word.end(), case.everything)
        return
    if kind == "same" and each_same(case, word, topics):
        return
    start, end = _said(case, word, topics)
    if start is not None and end is not None:
        first, last = matching(start, mine), matching(end, mine)
        if first and last and uneven(case, word, mine, first[0], last[0]):
            return
        _check_pair(case, word, kind, start, end, case.values())
        return
    pair = ends_of(mine, start, end)
    if pair is None:
        _check_words(case, word, kind, "The evidence has no two values to compare.")
        return
    first, last = pair
    if uneven(case, word, mine, first, last):
        return
    course = _course(kind, first, last, topics)
    if course is None:
        _check_words(case, word, kind, "Which way is better can't be told from the evidence.")
    elif course:
        how = f"from {first.figure.text} to {last.figure.text}"
        case.good("direction", word.start(), word.end(), (first.source, last.source), how)
    elif not _told(case, kind, topics):
        text = f"The evidence goes from {first.figure.text} to {last.figure.text}."
        case.bad("direction", word.start(), word.end(), text)


def _of_weight(case: Case, word: re.Match[str]) -> frozenset[str]:
    """ "She lost 2.1 kg": of the body, unless something else is named."""
    for amount in case.reading.amounts:
        if amount.figure.start >= word.end() and amount.figure.unit in ("kg", "[lb_av]"):
            return frozenset({"vital:body-weight"})
    return frozenset()


def _grades(case: Case) -> str:
    """ "Progressed from stage 3b to stage 4", where the first is the lower; that both are so is checked elsewhere."""
    stages = sorted(
        (a.figure for a in case.reading.amounts if a.figure.kind == "grade" and a.figure.unit != "cycle"),
        key=lambda f: f.start,
    )
    if len(stages) == 2 and stages[0].label < stages[1].label:
        return f"from {stages[0].text} to {stages[1].text}"
    return ""


def _topics(case: Case, word: re.Match[str]) -> frozenset[str]:
    """What the course is of: the last thing with values before the word, else the first one after it."""
    seen = [s for s in case.reading.seen if measured(s.concept) or given(s.concept)]
    before = [s for s in seen if s.end <= word.start()]
    after = [s for s in seen if s.start >= word.end()]
    mentioned = before[-1:] or after[:1]
    if word.lastgroup == "same" and not before:
        # "His coronary disease is described as stable": of the problem, not of what has values behind it.
        problems = [
            s for s in case.reading.seen if s.end <= word.start() and s.concept.startswith("problem:")
        ]
        if problems:
            return frozenset(s.concept for s in problems if s.start == problems[-1].start)
    gap = case.text[before[-1].end : word.start()] if before else ""
    if (
        after
        and before
        and (";" in gap or (re.search(r"\b(?:and|but|while|whereas)\b", gap) and len(gap) > 30))
    ):
        mentioned = after[:1]
    return frozenset(s.concept for s in seen for m in mentioned if s.start == m.start)


def _said(case: Case, word: re.Match[str], topics: frozenset[str]) -> tuple[Amount | None, Amount | None]:
    """The numbers between which the sentence says the course went: where it began, and where it ended."""
    numbers = [
        a
        for a in case.reading.amounts
        if a.figure.kind == "value"
        and not a.figure.limit
        and (
            a.topics & topics
            or any(relation(topics, t) for t in a.topics)
            or (a.topics and any(relation(a.topics, t) for t in topics))
        )
        and a.figure.pair != 2
        and not _BY.search(case.text[max(0, a.figure.start - 16) : a.figure.start])
        and not _JUST.fullmatch(case.text[word.end() : a.figure.start])
        and not _MORE.match(case.text[a.figure.end : a.figure.end + 10])
    ]
    values = case.values()
    numbers = [a for a in numbers if matching(a, values)]  # the others are blamed on themselves
    numbers = _of_its_part(case, word, numbers)
    if than := _THAN.match(case.text, word.end()):
        start = next((a for a in numbers if a.figure.start == than.end()), None)
        ends = [
            a
            for a in numbers
            if start and a.figure.start < word.start() and a.figure.value != start.figure.value
        ]
        if start and ends:
            return start, ends[0]
    marked = [a for a in numbers if _STARTS.search(case.text[max(0, a.figure.start - 40) : a.figure.start])]
    if len(numbers) >= 2:
        start = marked[0] if marked else numbers[0]
        others = [a for a in numbers if a is not start and a.figure.value != start.figure.value] or [
            a for a in numbers if a is not start
        ]
        after = [a for a in others if _ENDS.search(case.text[max(0, a.figure.start - 14) : a.figure.start])]
        following = [a for a in others if a.figure.start > start.figure.start]
        return start, (after or following or others)[-1]
    if len(numbers) == 1:
        return (numbers[0], None) if marked else (None, numbers[0])
    return None, None


def _of_its_part(case: Case, word: re.Match[str], numbers: list[Amount]) -> list[Amount]:
    """Of a sentence with several courses ("fell from A to B, but had risen again to C") the numbers of this one: those
    behind its word, from the last one before it."""
    others = [
        m
        for m in COURSE.finditer(case.text)
        if _AGAIN.search(case.text[min(m.end(), word.end()) : max(m.start(), word.start())])
    ]
    following = min((m.start() for m in others if m.start() > word.start()), default=len(case.text))
    if not others:
        return numbers
    mine = [a for a in numbers if word.start() < a.figure.start < following]
    before = [a for a in numbers if a.figure.start < word.start()]
    if not mine:
        return numbers
    led = len(mine) > 1 or any(
        _STARTS.search(case.text[max(0, a.figure.start - 40) : a.figure.start]) for a in mine
    )
    return mine if led else [*before[-1:], *mine]


_AGAIN = re.compile(r"\b(?:but|then|before|and|again|later)\b|;", re.IGNORECASE)


def _check_pair(
    case: Case, word: re.Match[str], kind: str, start: Amount, end: Amount, mine: Sequence[Value]
) -> None:
    first, last = matching(start, mine), matching(end, mine)
    a, b = start.figure, end.figure
    if a.unit and b.unit and a.unit != b.unit:
        topics = (*start.topics, *end.topics, None)
        same = (c for t in topics if (c := convert_value(b.value, b.unit, a.unit, t)) is not None)
        b = replace(b, value=next(same, b.value))
    if not times(case, word, a.value, b.value):
        case.bad("direction", word.start(), word.end(), f"From {a.text} to {b.text} is not “{word.group()}”.")
        return
    if kind in ("up", "down", "same") and not moves(kind, a.value, b.value):
        case.bad("direction", word.start(), word.end(), f"From {a.text} to {b.text} is not “{word.group()}”.")
        return
    if (
        kind != "same"
        and first
        and last
        and not ordered(first, last)
        and word.group().lower() not in _NO_ORDER
    ):
        case.bad("direction", word.start(), word.end(), f"In the evidence {b.text} came before {a.text}.")
        return
    if kind in ("better", "worse") and first and last:
        course = _course(kind, first[0], last[0], start.topics)
        if course is None:
            _check_words(case, word, kind, "Which way is better can't be told from the evidence.")
            return
        if not course:
            text = f"From {a.text} to {b.text} is not “{word.group()}”."
            case.bad("direction", word.start(), word.end(), text)
            return
    if first and last and word.group().lower() not in _NO_ORDER:
        # A number that isn't there is blamed on itself.
        how = f"from {a.text} to {b.text}"
        case.good("direction", word.start(), word.end(), (first[0].source, last[0].source), how)


_NO_ORDER = ("higher", "lower", "less", "greater")
""" "Higher than" tells no order of time."""


def _course(kind: str, first: Value, last: Value, topics: frozenset[str]) -> bool | None:
    if kind in ("up", "down", "same"):
        if first.figure.unit and last.figure.unit and first.figure.unit != last.figure.unit:
            return None
        return moves(kind, first.figure.value, last.figure.value)
    sign = better(first, last, topics)
    if sign is None:
        return None
    return sign > 0 if kind == "better" else sign < 0


def _told(case: Case, kind: str, topics: frozenset[str]) -> bool:
    """Whether the evidence says so in words, of the same thing where one is named."""
    for source in case.everything:
        reading = source.reading
        for found in ALIKE[kind].finditer(reading.text):
            sentence = reading.sentence_at(found.start())
            here = [s for s in reading.seen if reading.sentence_at(s.start) == sentence]
            if (
                not topics
                or any(relation(topics, s.concept) for s in here)
                or (source.entry and source.own & topics)
            ):
                return True
    return False


def _check_words(case: Case, word: re.Match[str], kind: str, why: str) -> None:
    topics = _topics(case, word)
    if _told(case, kind, topics) or (not why and _told(case, kind, frozenset())):
        case.good("direction", word.start(), word.end(), case.everything)
        return
    text = why or f"The evidence does not say “{word.group()}”."
    case.bad("direction", word.start(), word.end(), text)
