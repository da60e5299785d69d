"""What the words around a number make of it: a bound, a limit, about, one of a pair or of a row."""

from __future__ import annotations

import re
from dataclasses import replace

from services.grounding.figure import Figure

_OPS = {
    ">=": r">=|=>|≥|at or (?:above|over)|at least|no less than|not less than|not below|a minimum of",
    "<=": r"<=|=<|≤|at or (?:below|under)|at most|no more than|not more than|not above|up to|a maximum of|or under",
    ">": r"(?<!-)>|(?<!just )over|above|more than|greater than|higher than|larger than|bigger than|exceeding|exceeds|exceeded|exceed|in excess of|beyond",
    "<": r"<|under|below|less than|lower than|fewer than|smaller than|shorter than|just under|short of|beneath",
}

_OP = re.compile(
    "(?:"
    + "|".join(f"(?P<o{i}>{body})" for i, body in enumerate(_OPS.values()))
    + r")\s*(?:an?\s|(?:(?<=above\s)|(?<=below\s)|(?<=under\s)|(?<=over\s)|(?<=beyond\s)|(?<=exceeds\s)|(?<=exceeded\s))(?:the|its|his|her)\s)?\s*$",
    re.IGNORECASE,
)

_OP_AFTER = {
    ">=": re.compile(
        r"\s*(?:or (?:higher|above|more|greater|over)|and (?:above|higher|over|up))\b", re.IGNORECASE
    ),
    "<=": re.compile(r"\s*(?:or (?:lower|below|less|under|fewer)|and (?:below|under))\b", re.IGNORECASE),
}

_ABOUT = re.compile(
    r"(?:\babout|\baround|\bapproximately|\bapprox\.?|\broughly|\bnearly|\balmost|~|≈|\bcirca|\bclose to|\bca\.?)\s*(?:a|an|the)?\s*$",
    re.IGNORECASE,
)

_LIMIT = re.compile(
    r"(?:(?<!in )(?<!below )(?<!above )\brange(?:\s+(?:is|was|of|from|being))?[\s:(≥≤<>]*"
    r"|(?<!above )(?<!below )(?<!at )(?<!near )\b(?:goal|target|dry weight|cut-?off|threshold|limit(?= of| is| was|:))\b(?:[ \t:,(-]+(?!(?:so|and|but|hence|therefore|thus|then|with|when)\b)[A-Za-z]\w*){0,4}[ \t:(≥≤<>]*)$",
    re.IGNORECASE,
)

# "Back in the normal range (4.7)": a value, and no end of the range.
_IN_RANGE = re.compile(
    r"\b(?:in|within|into|outside|out of)\s(?:the|its|his|her)?\s?(?:\w+\s)?range\s?(?:\(|at\s)$",
    re.IGNORECASE,
)

_CONDITION = re.compile(
    r"\b(?:if|once|when(?:ever)?|until|unless|in case|as soon as|should|provided)\s(?!(?:was|were|had)\b)[^.;,()]*$",
    re.IGNORECASE,
)

_LIMIT_AFTER = re.compile(r"^\s?(?:goal|target|cut-?off|threshold|upper limit|lower limit)\b", re.IGNORECASE)

_LINK = re.compile(
    r"^\s?(?:-|–|—|/|over|to|and|or|from|,|then|,? then|,? and then|versus|vs\.?|→|->|through)\s?(?:to\s)?$",
    re.IGNORECASE,
)


# "Day 3/5": the third of five days, and no three days.
_ON_DAY = re.compile(r"\bday\s$", re.IGNORECASE)


def with_context(text: str, figures: list[Figure]) -> list[Figure]:
    """Comparators, roundings, limits, pairs and shared units, from the words around each number."""
    found: list[Figure] = []
    for place, figure in enumerate(figures):
        if figure.kind in ("value", "duration", "age"):
            before = text[max(0, figure.start - 60) : figure.start]
            line = before.rpartition("\n")[2]
            op = _operator(line, text[figure.end : figure.end + 16])
            if figure.kind != "value" and op == ">" and re.search(r"(?i)over\s*(?:a|an|the)?\s*$", line):
                op = ""  # "over three months" is a time, "over 7 %" a bound
            figure = replace(
                figure,
                op=op,
                about=figure.about or bool(_ABOUT.search(line)),
                before=line,
                condition=bool(op and _CONDITION.search(line)),
                limit=bool(
                    (_LIMIT.search(line) and not _IN_RANGE.search(line))
                    or _LIMIT_AFTER.match(text[figure.end : figure.end + 16])
                ),
            )
            last = found[-1] if found else None
            if last is not None and last.kind in ("value", "duration", "age"):
                gap = text[last.end : figure.start]
                if _LINK.match(gap) and place:
                    if (
                        last.unit is None
                        and figure.unit is not None
                        and not (gap.strip() in (",", "and") and figure.kind != "value")
                        and not (gap.strip() == "/" and _ON_DAY.search(text[: last.start]))
                    ):
                        last = found[-1] = replace(last, unit=figure.unit, kind=figure.kind)
                    if gap.strip() in ("/", "over") and not last.pair:
                        found[-1] = replace(last, pair=1)
                        figure = replace(figure, pair=2, op=last.op)
                    if gap.strip() in ("-", "–", "—", "to"):
                        found[-1] = replace(found[-1], ranged=True)
                        figure = replace(figure, ranged=True)
                    if figure.limit and gap.strip() in ("-", "–", "—", "to") and not last.limit:
                        found[-1] = replace(found[-1], limit=True)
                    if last.limit and gap.strip() in ("-", "–", "—", "to", "and"):
                        figure = replace(figure, limit=True)
                    if last.about and gap.strip() in ("-", "–", "to", "or"):
                        figure = replace(figure, about=True)
        found.append(figure)
    return _across(text, found)


def _across(text: str, figures: list[Figure]) -> list[Figure]:
    """The unit behind the last of "1.8 x 1.2 x 1.1 cm" and of "8.4 → 7.1 → 6.8 %" is that of them all."""
    for at in range(len(figures) - 2, -1, -1):
        here, behind = figures[at], figures[at + 1]
        gap = text[here.end : behind.start].strip().lower()
        sizes = gap in ("x", "×", "by") and behind.unit in ("cm", "mm", "m")
        if here.kind == behind.kind == "value" and here.unit is None and (sizes or gap in ("→", "->")):
            figures[at] = replace(here, unit=behind.unit)
    return figures


# "Saturation was up to 96 %" tells where it has come to, and "over two visits" when.
_CAME_TO = re.compile(r"\b(?:was|is|were|are|went|came|back|now|rate|and|goes) up to\s*$", re.IGNORECASE)

_COUNTED = re.compile(
    r"\s*(?:visits|readings|checks|measurements|occasions|sessions|appointments|results)\b", re.IGNORECASE
)


def _operator(before: str, after: str) -> str:
    match = _OP.search(before)
    if (
        match
        and not _CAME_TO.search(before)
        and not (match.group().strip() == "over" and _COUNTED.match(after))
    ):
        return next(op for i, op in enumerate(_OPS) if match[f"o{i}"])
    return next((op for op, pattern in _OP_AFTER.items() if pattern.match(after)), "")
