"""Words that speak to a machine instead of a clinician: an instruction hidden in the record's text or in the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from services.commands.rules.model import Rule, Said
from services.commands.rules.texts import all_texts
from services.commands.situation import Situation
from services.knowledge.medicines.folding import folded

_MACHINE = r"(?:ai|llm|gpt|chat ?bot|language model|bot)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # To forget what was said before.
        r"\b(?:ignore|disregard|forget|override|bypass|overrule|do not follow)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier"
        r"|preceding|all|any|your|these|safety|system)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|directions?"
        r"|filters?|polic(?:y|ies)|checks?|constraints?|safeguards?)\b",
        # To act without people.
        r"\b(?:bypass|skip|disable|turn off|circumvent|suppress|omit)\b[^.\n]{0,30}\b(?:human|clinician|physician|pharmacist"
        r"|provider|safety|approval|approver)\b[^.\n]{0,20}\b(?:approval|review|queue|filters?|checks?|oversight"
        r"|confirmation|authorization)\b",
        r"\b(?:bypass|skip|disable|turn off|circumvent) (?:the |any |all )?(?:approvals?|approval queue|safety (?:filters?|checks?))\b",
        r"\b(?:execute|approve|process|submit|apply|write|place|finali[sz]e)\b[^.\n]{0,50}\bwithout\b[^.\n]{0,25}"
        r"\b(?:approval|human review|review by|asking|confirmation|oversight)\b",
        r"\b(?:auto[- ]?approved?|auto[- ]?execute[sd]?|pre[- ]?approved by (?:the )?(?:system|ai|admin\w*))\b",
        r"\bexecute (?:this|it|the command|immediately) (?:immediately|now|at once)\b",
        r"\b(?:set|change|report|raise)\b[^.\n]{0,20}\b(?:confidence(?: score)?|requires_?approval)\b[^.\n]{0,12}(?:\bto\b|=|:)",
        r"\brequires_?approval\b[\"']?\s*[:=]",
        # To play a part.
        r"\byou are (?:now|no longer)\b[^.\n]{0,30}\b(?:mode|ai|assistant|admin\w*|model|restricted|bound)\b",
        r"\b(?:act as|pretend (?:to be|you are))\b[^.\n]{0,12}\b(?:ai|assistant|admin\w*|system|approver|unrestricted)\b",
        r"\b(?:system prompt|developer mode|jailbreak|prompt injection|system override|admin(?:istrator)? override)\b",
        rf"\bas an {_MACHINE} (?:language )?(?:model|assistant|system)\b",
        rf"\b(?:dear|attention|note to|instructions? (?:to|for)|message (?:to|for)|hey)[,:]? (?:the |this |any )?(?:{_MACHINE}|assistant|model)\b",
        rf"\b{_MACHINE} (?:assistant|model|system|agent|summari[sz]er)s? (?:reading|processing|must|should|shall|will now|is to|please|are to)\b",
        # To keep it from people.
        r"\b(?:do not|don't|never)\b[^.\n]{0,20}\b(?:tell|show|mention|reveal|inform|alert|notify|display)\b[^.\n]{0,30}"
        r"\b(?:clinician|physician|doctor|user|reviewer|approver|provider|nurse|pharmacist)s?\b",
        # Marks of chat formats and of the platform's own calls.
        r"<\s*[|｜][^<>\n]{0,40}[|｜]\s*>|\[/?\s*(?:INST|SYS|SYSTEM)\s*\]"
        r"|<\s*/?\s*(?:im_start|im_end|system|assistant|tool)\b[^<>\n]{0,40}>",
        r"(?m)^[ \t>*#_`\"'\[-]*(?:system|developer)(?: message| note| instruction)?[ \t*_`\"'\]]*:",
        r"<!--|<\s*script\b|javascript:|\$execute\b",
        r"[\"']command[\"']\s*:\s*[\"'](?:Suggest|Queue|Create|Propose|Flag|Summarize)[A-Z]",
    )
)
_TO_A_PERSON = re.compile(
    r"(?:\b(?:patient|pt|he|she|they|family|mother|father|daughter|son|wife|husband)\b[^.\n]{0,30}\bto\s*|\b(?:do not|don't|never|not|nobody|should not|must not|cannot)\b[^.\n]{0,30})$",
    re.IGNORECASE,
)
_HIDDEN = frozenset(["Cf", "Co", "Cs"])
_HARMLESS = frozenset("\u00ad\u200c\u200d\ufeff\u200e\u200f\u2060\u200b")
_MARKUP = re.compile(
    r"<!--|<\s*script\b|(?:display|visibility)\s*:\s*(?:none|hidden)|font-size\s*:\s*0|color\s*:\s*(?:#fff\b|white)",
    re.IGNORECASE,
)


def _instructed(s: Situation) -> Iterator[Said]:
    for field, text in all_texts(s.command):
        if held := hidden_instruction(text):
            yield Said("block", f"{field} holds {held}.")


def hidden_instruction(text: str) -> str | None:
    """What the text holds that is not meant for its readers, in words; None where there is nothing."""
    plain = folded(text)[0]
    if _instructs(text) or (plain != text and _instructs(plain)):
        return "words that instruct a machine, as hidden instructions do"
    if _MARKUP.search(text) or _unseen(text):
        return "text that a reader would not see"
    return None


def _instructs(text: str) -> bool:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not _TO_A_PERSON.search(text[max(0, match.start() - 60) : match.start()]):
                return True
    return False


def _unseen(text: str) -> bool:
    """Whether characters are there that no reader sees and no language needs: tags, direction overrides, private use."""
    return any(unicodedata.category(c) in _HIDDEN and c not in _HARMLESS for c in text)


RULES = (
    Rule("hidden-instruction", "Hidden instruction", "block",
         "Text that speaks to a machine: to forget its rules, to act without people, to keep something from them, marks of "
         "chat formats; and text that a reader can't see.", _instructed),
)  # fmt: skip
