"""Whether a value is high, low or normal as the sentence says, and whether its qualifying words are the evidence's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.grounding.assertions import Seen
from services.grounding.case import Case
from services.grounding.matching import match, satisfies
from services.grounding.ranges import distance, levels
from services.grounding.sources import Value, relation
from services.grounding.terms import measured
from services.grounding.words import GLUE, stem, words_of

LEVEL = re.compile(
    r"\b(?:(?P<nothigh>(?:below|under|within) (?:the |its |their )?upper (?:limit|end)(?: of (?:the )?(?:normal|reference)(?: range)?)?)"
    r"|(?P<notlow>(?:above|over) (?:the |its |their )?lower (?:limit|end)(?: of (?:the )?(?:normal|reference)(?: range)?)?)"
    r"|(?P<critical>critical(?:ly)?(?: (?:high|low|elevated))?)"
    r"|(?P<normal>(?<!upper limit of )(?<!limits of )normal(?! (?:limit|range of)\b)|normali[sz]ed|unremarkable|(?:with)?in (?:the |its |his |her )?(?:normal |reference |therapeutic |target )?"
    r"(?:range|limits|goal|target)(?: of normal)?|at goal|at target)"
    r"|(?P<abnormal>abnormal|out(?:side)? (?:of )?(?:the )?(?:normal |reference )?range|deranged)"
    r"|(?P<high>elevated|raised(?! (?:to|from|by)\b)|high(?!er)|above (?:the )?(?:upper limit of )?(?:normal|reference|target|goal|range|upper limit)\b(?: range| limits?)?"
    r"|(?:above|over|exceed(?:s|ed|ing)?|beyond) (?:the |its |their )?(?:upper )?(?:normal |reference )?(?:range|limit|end)(?: of (?:the )?(?:normal|reference)(?: range)?)?|supratherapeutic)"
    r"|(?P<low>low(?!er)|(?:below|under) (?:the |its |their )?(?:lower )?(?:normal |reference )?(?:range|limit|end)(?: of (?:the )?(?:normal|reference)(?: range)?)?|below (?:the )?(?:lower limit of )?(?:normal|reference|target|goal|range|lower limit)\b(?: range| limits?)?|subtherapeutic|depressed(?= (?:at|level)))"
    r")\b(?![- ](?:dose|density|risk|intensity|grade|salt|sodium[- ](?:diet|foods?|intake|meals?)|fat|mood|back|potency|energy|power|flow|titer|blood|function|up))",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|n't|isn't|wasn't|never|no longer|without)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_CONTRARY = {
    "normal": {"high", "low", "abnormal", "critical"},
    "high": {"normal", "low"},
    "low": {"normal", "high"},
}
_CONTRARY |= {"abnormal": {"normal"}, "critical": {"normal"}}
_CONTRARY |= {"not high": {"high"}, "not low": {"low"}}
_WORDS = {
    "normal": "normal clear unremarkable intact negative soft good well",
    "high": "high elevated raised above up critical supratherapeutic",
    "low": "low reduced below down decreased critical subtherapeutic",
    "abnormal": "abnormal high low positive",
    "critical": "critical critically",
}
_STEMS = {name: frozenset(stem(w) for w in text.split()) for name, text in _WORDS.items()}
_SETS = tuple(
    tuple(frozenset(stem(w) for w in side.split()) for side in line.split("|"))
    for line in (
        "grew grow grown|ngtd",
        "positive reactive detected|negative nonreactive undetectable undetected",
        "mild slight minor|moderate|severe marked",
        "acute|chronic",
        "malignant cancerous|benign",
        "controlled|uncontrolled",
        "stable|unstable",
        "upper|lower",
        "proximal|distal",
        "anterior|posterior",
        "medial|lateral",
        "provoked|unprovoked",
        "complete completed|incomplete partial",
        "adherent|nonadherent",
        "reversible|irreversible",
        "symptomatic|asymptomatic",
        "ischemic|hemorrhagic",
        "singular single|multiple",
    )
)


def check_levels(case: Case) -> None:
    """Every "high", "low", "normal" that is said of something measured."""
    for word in LEVEL.finditer(case.text):
        if any(s.start <= word.start() and word.end() <= s.end for s in case.reading.seen):
            continue
        kind = {"nothigh": "not high", "notlow": "not low"}.get(word.lastgroup or "", word.lastgroup or "")
        if kind == "high" and re.search(r"\bcritically\s+$", case.text[: word.start()], re.IGNORECASE):
            continue
        topic = _topic(case, word)
        if topic is None:
            continue
        if _NOT.search(case.text[max(0, word.start() - 30) : word.start()]):
            kind = {
                "not high": "high",
                "not low": "low",
                "normal": "abnormal",
                "abnormal": "normal",
                "high": "not high",
                "low": "not low",
            }.get(kind, kind)
        _check(case, word, kind, topic)


def _topic(case: Case, word: re.Match[str]) -> frozenset[str] | None:
    """What the word is said of: the measured thing right behind it, or the last one before it in its clause."""
    seen = [s for s in case.reading.seen if measured(s.concept)]
    after = [
        s
        for s in seen
        if 0 <= s.start - word.end() <= 24
        and not re.search(r"[,;:.)]|\b(?:and|at|in|on|with)\b", case.text[word.end() : s.start])
    ]
    before = [
        s
        for s in seen
        if s.end <= word.start()
        and not re.search(r"[;]|\b(?:but|while|whereas)\b", case.text[s.end : word.start()])
    ]
    named: Seen | None = after[0] if after else before[-1] if before else None
    if named is None:  # "It was high: sodium 150 mmol/L"
        named = next((s for s in seen if re.fullmatch(r"\s*:\s*", case.text[word.end() : s.start])), None)
    return frozenset(s.concept for s in seen if named and s.start == named.start) if named else None


def _check(case: Case, word: re.Match[str], kind: str, topic: frozenset[str]) -> None:
    mine = [
        v
        for v in case.values()
        if v.figure.kind == "value" and not v.figure.limit and any(relation(topic, t) for t in v.topics)
    ]
    near = [
        a
        for a in case.reading.amounts
        if a.figure.kind == "value"
        and not a.figure.op
        and (any(relation(topic, t) for t in a.topics) or any(relation(a.topics, t) for t in topic))
        and -60 < a.figure.start - word.start() < 60
        and not re.search(r"[;,]|\bbut\b", _gap(case, word, a.figure.start, a.figure.end))
    ]
    if word.group().lower().startswith("normali"):  # of what it has come to
        days = [v.day for v in mine if v.day]
        mine = [v for v in mine if v.day == max(days)] if days else mine
        near = []
    if near:
        nearest = min(near, key=lambda a: abs(a.figure.start - word.start()))
        mine = [
            v for v in mine if match(nearest.figure, nearest.topics, v) not in ("", "unit", "place")
        ] or mine
    known = [(v, found) for v in mine if (found := levels(v))]
    wanted = {"not high": {"normal", "low"}, "not low": {"normal", "high"}}.get(kind, {kind})
    good = [v for v, found in known if found & wanted]
    if kind in ("high", "low") and _AIM.search(word.group()) and _at_goal(case, topic):
        case.bad("comparison", word.start(), word.end(), f"“{word.group()}”: the evidence says at goal.")
        return
    if kind == "normal" and (missed := _off_target(case, word.group(), mine)):
        case.bad(
            "comparison", word.start(), word.end(), f"“{word.group()}”: the evidence's goal is {missed}."
        )
        return
    if good and not any(_by_so_much(case.text[: word.start()], v) for v in good):
        text = f"“{word.group()}”: it lies further from the limit, or nearer to it, than is said."
        case.bad("comparison", word.start(), word.end(), text)
        return
    if good:
        case.good("comparison", word.start(), word.end(), (v.source for v in good))
        return
    if _told(case, word.group(), kind, topic) and not any(
        found & _CONTRARY.get(kind, set()) for _, found in known
    ):
        case.good("comparison", word.start(), word.end(), case.everything)
        return
    if not near and kind in _CALLED and _called(case, kind, topic):
        case.good("comparison", word.start(), word.end(), case.everything)
        return
    what = ", ".join(sorted({w for _, found in known for w in found})) or "no range"
    case.bad("comparison", word.start(), word.end(), f"“{word.group()}”: the evidence says {what}.")


_DEGREE = re.compile(
    r"\b(?:(?P<little>slightly|just|marginally|barely|minimally|a little)"
    r"|(?P<much>well|far|markedly|considerably|substantially|greatly|grossly))\s+$",
    re.IGNORECASE,
)
_LITTLE, _MUCH = 0.25, 0.05
"""Further than this share of a limit from it is not "slightly" above, and nearer than that not "well". A choice of
this check."""


def _by_so_much(before: str, value: Value) -> bool:
    """Whether a value lies as far from its limit as "slightly" or "well" says, where the evidence gives the limit."""
    degree, apart = _DEGREE.search(before), distance(value)
    limit = value.figure.value - (apart or 0.0)
    if not degree or not apart or not limit:
        return True
    share = abs(apart / limit)
    return share <= _LITTLE if degree["little"] else share >= _MUCH


_AIM = re.compile(r"\b(?:goal|target)\b", re.IGNORECASE)
_AT_GOAL = re.compile(r"(?<!\bnot )\b(?:at|within|in) (?:goal|target)\b", re.IGNORECASE)


def _at_goal(case: Case, topic: frozenset[str]) -> bool:
    """Whether the evidence calls the thing at its goal."""
    return any(
        relation(topic, seen.concept) and _AT_GOAL.search(source.reading.around(seen.start))
        for source in case.everything
        for seen in source.reading.seen
    )


def _off_target(case: Case, said: str, mine: Sequence[Value]) -> str:
    """The goal that the evidence gives and a value misses, where the sentence says that it is at goal; else ""."""
    if not _AIM.search(said):
        return ""
    for goal in case.values():
        figure = goal.figure
        for value in mine if figure.op else ():
            same = goal.topics & value.topics and figure.unit in (None, value.figure.unit)
            if (
                same
                and value is not goal
                and not value.figure.op
                and not satisfies(figure.op, value.figure.value, figure.value)
            ):
                return f"{figure.op} {figure.text}"
    return ""


_CALLED = {
    "high": re.compile(r"\b(?:high|elevated|raised|supratherapeutic|increased)\s+$", re.IGNORECASE),
    "low": re.compile(r"\b(?:low|reduced|subtherapeutic|decreased)\s+$", re.IGNORECASE),
}


def _called(case: Case, kind: str, topic: frozenset[str]) -> bool:
    """Whether the evidence calls the thing so by name ("supratherapeutic INR due to …"), whatever its value is now."""
    return any(
        relation(topic, seen.concept) and _CALLED[kind].search(source.reading.text[: seen.start])
        for source in case.everything
        for seen in source.reading.seen
    )


def _gap(case: Case, word: re.Match[str], start: int, end: int) -> str:
    return case.text[end : word.start()] if end <= word.start() else case.text[word.end() : start]


def _told(case: Case, said: str, kind: str, topic: frozenset[str]) -> bool:
    """Whether the evidence uses such a word in a sentence about the same thing."""
    if " " in said and any(said.lower() in source.reading.text.lower() for source in case.everything):
        return True
    stems = _STEMS.get(kind.removeprefix("not "), frozenset())
    for source in case.everything:
        reading = source.reading
        for seen in reading.seen:
            if relation(topic, seen.concept) and stems & {
                w.stem for w in words_of(reading.around(seen.start))
            }:
                return True
    return False


def check_opposites(case: Case) -> None:
    """A qualifying word whose opposite the evidence uses of the same thing: "severe" for "mild"."""
    for word in case.reading.words:
        if any(s.start <= word.start and word.end <= s.end and " " in s.surface for s in case.reading.seen):
            continue
        for group in _SETS:
            mine = next((i for i, side in enumerate(group) if word.stem in side), None)
            if mine is not None:
                _check_opposite(case, word.start, word.end, group, mine)


def _check_opposite(case: Case, start: int, end: int, group: tuple[frozenset[str], ...], mine: int) -> None:
    near = _anchors(case.text, start, end)
    same = other = False
    for source in case.everything:
        for word in source.reading.words:
            side = next((i for i, s in enumerate(group) if word.stem in s), None)
            if side is None or not near & _anchors(source.reading.text, word.start, word.end):
                continue
            same |= side == mine
            other |= side != mine
    if other and not same:
        case.bad("finding", start, end, f"The evidence says the opposite of “{case.text[start:end]}”.")


def _anchors(text: str, start: int, end: int) -> frozenset[str]:
    """The content words around a place, within its clause."""
    before = re.split(r"[.;\n:]|, ", text[max(0, start - 60) : start])[-1]
    after = re.split(r"[.;\n]|, ", text[end : end + 60])[0]
    return frozenset(w.stem for w in (*words_of(before)[-4:], *words_of(after)[:4]) if w.stem not in GLUE)
