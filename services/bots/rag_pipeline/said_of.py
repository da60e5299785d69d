"""What an answer has to say of the thing that is asked about: its side, its severity, whether it is better, who ordered it."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.plan import Plan


def _cue(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w-])", re.IGNORECASE)


# What is asked of a thing, of which kinds of answer it is asked, and what an answer has to say of it.
_OF_A_THING: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = (
    (_cue(r"(?:un)?treated|on treatment|under treatment"), ("condition", "result"), r"treat|therap|cpap|medic|tablet|inject"),
    (_cue(r"(?:un)?detectable|(?:not )?detected"), ("result",), r"detect"),
    (_cue(r"which (?:side|breast|arm|leg|eye|ear|foot|hand|knee|hip|lung|kidney)|(?:left|right|l|r) or (?:left|right|l|r)|laterality"), (), r"\b(?:left|right|both|bilateral|midline)"),
    (_cue(r"(?:skin|patch|prick|scratch|challenge|provocation|intradermal)[- ]test(?:s|ing)?"), (), r"(?:skin|patch|prick|scratch|challeng|provocation|intradermal)"),
    (_cue(r"(?:specific )?ige|rast"), ("allergy", "condition"), r"\bige\b|\brast\b"),
    (_cue(r"(?:take|taken|taking|given|use|used|have|had|on) .{2,40} (?:together|simultaneously|at the same time|concurrently)"), ("medication",), r"together|both|simultan|concurr|overlap"),
    (_cue(r"severity|how (?:severe|bad|serious)|what (?:grade|stage|class)|which (?:grade|stage|class)|gold stage"), ("condition",), r"mild|moderat|sever|stage|grade|class|critical|(?<![-\d:])\d+[a-c]?\b(?![-\d:])|\bI{1,3}\b|\bIV\b"),
    (_cue(r"end(?:s|ed|ing)? date|date (?:of|when) .{0,30}(?:end|stop|finish)\w*|stop(?:ped)? date|when .{1,40} (?:end|ended|finish|finished|stop|stopped)"), ("medication", "condition", "plan"), r"stop|end|complet|finish|until|resol|ceas|cancel|hold"),
)  # fmt: skip
_BETTER_OR_WORSE = (
    (_cue(r"(?:getting |gotten |got |feeling |any |much )?better|improv\w+|eased|easing"), r"better|improv|eas(?:ed|ing|ier)|resol|worse|less|stable|gone|settl|well"),
    (_cue(r"(?:getting |gotten |got |feeling |any |much )?worse|worsen\w+|deteriorat\w+|progress(?:ed|ing)"), r"worse|deterior|progress|increas|better|improv|stable|more\b"),
)  # fmt: skip


def judged(text: str, answer: Answer) -> list[str]:
    """Words that ask whether it is better or worse, where what is told says neither."""
    told = said(answer)
    return [m[0] for cue, family in _BETTER_OR_WORSE if (m := cue.search(text)) and not re.search(family, told, re.IGNORECASE)]


_WHICH_PERSON = _cue(r"(?:which|what) (?:[\w-]+ )?(?:doctor|specialist|provider|physician|surgeon|nurse|practitioner|clinician)")
_WHO = re.compile(r"\W*who(?:m|se)?\b", re.IGNORECASE)
_ORDERING = _cue(
    r"(?:prescri|order|start|stop|chang|g[ai]ve|put|initiat|wr(?:ite|ote)|increas|rais|reduc|add|decid)\w*|doctor|provider|clinician"
)
_INSTEAD = _cue(r"in place of|instead of|replac(?:e|es|ed|ing|ement)(?: (?:by|with|for))?|swapp?ed (?:for|to|with)|switched (?:over )?to|changed (?:over )?to(?! ?\d)|substituted (?:for|by|with)")
_NOT_TAKEN = re.compile(r"\bwhy\b.*(?:\bnot\b|n't\b|\bnever\b|\bno longer\b)", re.IGNORECASE)


def told_of(text: str, plan: Plan, answer: Answer) -> list[str]:
    """What the answer should say of the thing and does not: its side, its severity, its end, who or why not."""
    kinds, told_in = plan.target.kinds[:1], said(answer)
    missed = [m[0] for m in (_PROPERTY.search(text),) if m and (kinds == ("medication",) or _kinds_of(answer) <= {"medication"}) and not re.search(m[0], told_in, re.IGNORECASE)]
    missed += [
        m[0]
        for cue, where, told in _OF_A_THING
        if (not where or (kinds and kinds[0] in where))
        and (m := cue.search(text))
        and not re.search(told, told_in, re.IGNORECASE)
    ]
    if answer.kind == "quoted" and (m := _WHICH_PERSON.search(text)) and not re.search(r"\bDr\b|\bM\.?D\b|\bDO\b|\bNP\b|\bRN\b", told_in):
        missed.append(m[0])
    if answer.kind == "quoted" or (kinds in (("result",), ("condition",)) and plan.ask in ("exists", "flag")):
        missed += judged(text, answer)
    if kinds == ("medication",) and answer.kind == "computed":
        if (m := _INSTEAD.search(text)) and not re.search(r"replac|switch|instead|changed to", told_in, re.IGNORECASE):
            missed.append(m[0])  # what took another's place is told by no list of drugs
        if _WHO.match(text) and not _ORDERING.search(text):
            missed.append("who")
        if (
            plan.ask == "reason"
            and _NOT_TAKEN.search(text)
            and not re.search(r"stop|hold|cancel|declin|complet", told_in, re.IGNORECASE)
        ):
            missed.append("not")
    return missed


_PROPERTY = _cue(r"renally (?:dosed|cleared|adjusted)|(?:dose|renally)[- ]adjusted|nephrotoxic|hepatotoxic|ototoxic|sedating|anticholinergic|habit[- ]forming|high[- ]risk|interact\w*|contraindicated|teratogenic|generic|expensive|covered|formulary|dialy[sz]able")
"""What no order says of its drug; the findings of decision support tell some of it."""


def asks_property(text: str) -> bool:
    """Whether a property of drugs is asked for that the record does not tell."""
    return _PROPERTY.search(text) is not None


def _kinds_of(answer: Answer) -> set[str]:
    """The kinds of entries that the answer rests on."""
    return {s.entry.kind for st in answer.statements for s in st.sources}


def said(answer: Answer) -> str:
    """All that is told, as one text."""
    return " ".join(s.text for s in answer.statements)
