"""Evidence as a numbered block of a prompt, out of which the record's own text cannot break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from services.grounding.citations import CITATION
from services.grounding.evidence import Evidence

OPEN, CLOSE = "<<<EVIDENCE {number}>>>", "<<<END {number}>>>"
# Brackets that would look like the fence or like a number of ours, in any script's look-alike.
_ANGLES = re.compile(r"[<＜〈《‹«⟨⟪]{2,}|[>＞〉》›»⟩⟫]{2,}")
_BACKTICKS = re.compile(r"`{3,}|~{3,}")
_RULES = re.compile(r"(?m)^[ \t]*([-=*_#])\1{2,}[ \t]*$")
_HEADER = re.compile(r"(?im)^([ \t>*#_-]*)(end|begin|start)?([ \t_-]*)evidence\b(?=[ \t]*[#\d(:\[])")
# Words with which chat formats mark who is speaking, at the start of a line or as special tokens.
_ROLE = re.compile(
    r"(?im)^([ \t>*#_`\"'-]*)(system|assistant|user|human|developer|tool|function|instructions?|ai)([ \t*_`\"']*)[:：]"
)
_TOKEN = re.compile(
    r"<\s*[|｜][^<>\n]{0,40}[|｜]\s*>|\[/?\s*(?:INST|SYS|SYSTEM|USER|ASSISTANT)\s*\]"
    r"|<\s*/?\s*(?:s|im_start|im_end|system|assistant|user|human|tool|evidence|instructions?)\b[^<>\n]{0,40}>",
    re.IGNORECASE,
)
_MOCK = "‹removed mark›"


def fenced(evidence: Sequence[Evidence]) -> str:
    """The numbered evidence, each piece between marks that its text cannot hold.

    Changed in the text, and only for the prompt: control, invisible and direction characters go; marks of
    fences, of speakers and of citations become plain words or round brackets. Numbers, units and words stay.
    """
    blocks = []
    for item in evidence:
        head = ", ".join(filter(None, (_line(item.reference), _line(item.date or ""), _line(item.title))))
        blocks.append(
            f"{OPEN.format(number=item.number)}\n[{item.number}] {head}\n{harmless(item.text)}\n"
            f"{CLOSE.format(number=item.number)}"
        )
    return "\n".join(blocks)


def harmless(text: str) -> str:
    """The text without anything that could pose as a fence, a citation or a speaker."""
    text = "".join(c if c in "\n\t" or unicodedata.category(c) not in _UNSEEN else _seen(c) for c in text)
    text = _TOKEN.sub(_MOCK, text)
    text = _ANGLES.sub(lambda m: "‹" if m.group()[0] in "<＜〈《‹«⟨⟪" else "›", text)
    text = _BACKTICKS.sub("'''", text)
    text = _RULES.sub("", text)
    text = CITATION.sub(lambda m: f"({m.group()[1:-1].strip()})", text)
    text = _HEADER.sub(r"\1\2\3the word evidence", text)
    return _ROLE.sub(r"\1(\2)\3 -", text).strip()


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _seen(char: str) -> str:
    return "\n" if char in "\r\x0b\x0c\x85\u2028\u2029" else ""


def _line(text: str) -> str:
    return " ".join(harmless(text).split())
