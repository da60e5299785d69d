"""The build of a sentence: what is asked at its end or in its middle, clauses that only tell which one, learners'
word order, and two questions in one."""

from __future__ import annotations

import re

_OPENS = re.compile(
    r"\W*(?:(?:and|so|or|but|also|then|please|ok|can you|could you)[, ]+)*(?:what|when|which|who|whom|whose|where|why|how|is|are|was|were|am|does|do|did|has|have|had|can|could"
    r"|should|would|will|any|list|show|give|name|tell|count|number|compare|since|for how|in which|in what|on which|on what|at which|at what|from when|until when|till when"
    r"|to what|by how|isn't|aren't|wasn't|weren't|hasn't|haven't|doesn't|didn't|before|after|during|between|over)\b",
    re.IGNORECASE,
)
_WH = r"how many times|how many|how often|how long ago|how long|since when|since|on (?:what|which) (?:date|day)|what (?:date|day|year)|which (?:date|day|year)|when|where|why"
_AT_END = re.compile(rf"(?P<of>[^?]{{3,}}?)\s*(?:[,:;]|\s[-–—])?\s+(?P<wh>{_WH})\W*$", re.IGNORECASE)
# "eGFR when went below 30": a thing, and what it did. "BP when admitted" is no such question: that tells which one.
_AMID = re.compile(
    rf"(?P<of>[\w/+% -]{{2,40}}?) (?P<wh>{_WH}) (?P<did>(?:was |were |did )?(?:it |she |he |they )?(?:first |last )?"
    r"(?:go|went|fell|fall|dropped|rose|rise|reached|hit|exceeded|crossed|peaked|started|began|begun|stopped|given|repeated|diagnosed|removed)\b.*)$",
    re.IGNORECASE,
)
# Foreign word order, and degrees made with "more" and "most".
_LEARNT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\b(?:the )?most (?:high|big|great|elevated)\b", "highest"),
        (r"\b(?:the )?most (?:low|small|little)\b", "lowest"),
        (r"\bmore (?:high|big|great)(?! \w+ (?:than|in|of)\b)\b", "higher"),
        (r"\bmore (?:low|small|little)\b", "lower"),
        (r"^\W*since how many (?P<u>days|weeks|months|years)\b", r"how many \g<u> ago"),
        (r"\b(?:how many|what) years (?:does |do )?(?:she|he|i|the patient) (?:have|has)\b|\b(?:she|he|i|the patient) (?:have|has) (?:how many|what) years\b", "how old is the patient"),
        (r"\b(?P<p>last|latest|first|highest|lowest|most recent) (?:number|figure) of (?!times|days)", r"\g<p> value of "),
        (r"\bin (?:which|what) (?P<u>year|month) (?:happened|occurred|came|began|started) ", r"in which \g<u> was "),
        (r"\b(?:did|made|make|makes) (?:the |a |an )?(?:last |first )?(?:time )?(?P<x>examination|test|analysis|control) (?:for|of)\b", r"had the test for"),
        (r"\bmedicaments?\b", "medications"),
    )
)  # fmt: skip
# "No cholesterol test in 2009 then?" asks whether there was one; a tag asks nothing more.
_TAG = re.compile(
    r",? (?:is that (?:right|so|correct|true)|(?:is|are|has|have|did|does|was|were)(?:n't| not)? (?:it|she|he|they|there)|(?<!or )(?<!/)right|correct|then|true)\W*\?$",
    re.IGNORECASE,
)
_NONE = re.compile(r"^\W*(?:so |and |then )?no (?!longer|more|known)(?P<of>\w)", re.IGNORECASE)
_NEITHER = re.compile(r"^\W*(?:so )?neither (?P<a>.+?) nor (?P<b>\w)", re.IGNORECASE)
_LOOKED = (
    r"take[n]?|took|check(?:ed)?|measured?|tested|test|done|did|drawn|drew|seen|saw|see|look(?:ed)?(?: at)?|assess(?:ed)?|determined|sampled|ask(?:ed)?|weigh(?:ed)?"
    r"|examin(?:ed)?|record(?:ed)?|monitor(?:ed)?|screen(?:ed)?|review(?:ed)?|visit(?:ed)?|here|in clinic"
)
_WHICH_ONE = re.compile(
    r"(?:,? when|,? (?<!is )(?<!was )(?:the )?last time(?: when| that)?|,? at the time when) (?P<who>(?:it|we|you|she|he|they|i|this|that|someone|somebody|anyone|anybody|the patient|blood)\b(?: (?:was|were|had|got|has|have))?)?"
    rf"(?P<place> ?(?:very |most )?(?:last|recently|previously|first))? ?(?:{_LOOKED})(?: (?:it|her|him|them|me|this|that))?(?: last| here| in clinic| for it)?(?=\W*$|,| and\b)",
    re.IGNORECASE,
)
_ANY_BUT_WHEN = re.compile(
    r"\W*(?!(?:what|which) (?:date|day|year|month|time)\b|what (?:was|is) the (?:last|first) time|when\b|how long|on (?:what|which)\b|since when)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\?\s+(?=\S)|;\s+|(?<!i\.e)(?<!e\.g)\.\s+(?=(?-i:[A-Z]))|,? (?:and|&) (?=(?:when|how|what|which|who|where|why|is|are|was|were|has|have|did|does|since when|at what|on what|for how)\b)",
    re.IGNORECASE,
)
_IN_DOUBT = re.compile(r"\?+ (?=(?:for what|what for|why)\W*$)", re.IGNORECASE)  # "propranolol?? for what" is one question
_BETWEEN = re.compile(r"\b(?:between|from)\b[^,?]*$", re.IGNORECASE)


def in_order(text: str) -> str:
    """The question with its asking words first, and the words of learners put usually."""
    for pattern, said in _LEARNT:
        text = pattern.sub(said, text)
    if text.rstrip().endswith("?"):
        text = _TAG.sub("?", text)
        text = _NONE.sub(r"is there any \g<of>", text)
        text = _NEITHER.sub(r"is there any \g<a> or \g<b>", text)
    if not _OPENS.match(text):
        found = _AT_END.fullmatch(text) or _AMID.fullmatch(text)
        if found and not re.search(r"\b(?:and|or)\W*$|&\W*$", found["of"]):
            did = found.groupdict().get("did") or ""
            asks = "since when" if found["wh"].lower() == "since" else found["wh"]
            text = f"{asks} {found['of'].strip()} {did}".strip().rstrip("?") + "?"
    return text


def without_circumstance(text: str) -> str:
    """Without a clause that only tells which one: "her weight when we last saw her" is the latest weight."""
    if not _ANY_BUT_WHEN.match(text) or re.match(r"\W*(?:when|since when|how long)\b", text, re.IGNORECASE):
        return text

    def told(match: re.Match[str]) -> str:
        if not text[: match.start()].strip():
            return match[0]
        return " at the earliest" if "first" in (match["place"] or "").lower() else " latest"

    return _WHICH_ONE.sub(told, text)


def opens(text: str) -> bool:
    """Whether it begins as a question or a request does."""
    return bool(_OPENS.match(text))


def parts(text: str) -> list[str]:
    """The questions of which a text is made, in their order; one where it is a single one."""
    text = _IN_DOUBT.sub(" ", text)
    found: list[str] = []
    start = 0
    for match in _SPLIT.finditer(text):
        before, after = text[start : match.start()].strip(), text[match.end() :].strip()
        joined = not match[0].startswith(("?", ";", "."))
        if len(before) < 3 or len(after.rstrip("?")) < 3:
            continue
        if joined and (not _OPENS.match(before) or _BETWEEN.search(before)):
            continue
        found.append(before + ("?" if match[0].startswith("?") or joined else ""))
        start = match.end()
    return [*found, text[start:].strip()]
