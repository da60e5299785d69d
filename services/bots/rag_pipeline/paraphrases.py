"""Turns of phrase that mean one thing, put into the words that the rest of the reading knows."""

from __future__ import annotations

import re

_PAIRS: tuple[tuple[str, str], ...] = (
    (r"(?-i:\b(CT|MRI|ECG|EKG|CXR|TTE|TEE|EEG|UTI|PET)s\b)", r"\1"),
    (r"\bdialy[sz]ed\b|\b(?:on|put on|had) hd\b(?= )", "dialysis"),
    (r"\b(?P<c>\w+cent)eses\b", r"\g<c>esis"),
    (r"\b(?P<o>\w+(?:oscop|ectom|otom|ostom|graph|plast))ies\b", r"\g<o>y"),
    (r",? ?\b(?:most recent|latest|newest|oldest|earliest) (?:one )?first\W*$", "?"),
    (r"\b(?:quit|gave up|given up|give up)(?:ting)? (?:smoking|cigarettes|tobacco)\b", "stop smoking"),
    (r"\bascites (?:(?:was|were|got|been|being) )?(?:last |first )?(?:drained|tapped)\b|\b(?:drain|tap)(?:ped|ned|ed)? (?:of )?(?:the |her |his )?(?:ascites|belly|abdomen)\b", "paracentesis"),
    (r"\b(?:pleural )?effusion (?:(?:was|were|got|been|being) )?(?:last |first )?(?:drained|tapped)\b|\b(?:fluid|chest) (?:(?:was|were) )?(?:drained|tapped) from (?:the |her |his )?(?:lung|chest)s?\b|\b(?:drained|tapped) (?:the |her |his )?(?:pleural )?effusion\b", "thoracentesis"),
    (r"\b(?:do(?:es|ing)?|did|work(?:s|ing|ed)?) (?:(?:the |this )?(?:patient|he|she|they) )?(?:do |work )?for (?:a |her |his |their )living\b|\bwhat (?:is|was) (?:the |her |his )?(?:patient's |patient )?(?:line of work|trade)\b", "occupation"),
    (r"\b(?:this|the|our) (?:child|boy|girl|lady|gentleman|man|woman|kid|infant|baby|toddler|resident|client)\b(?! (?:pugh|care|protection|abuse))", "the patient"),
    (r"\bwhen did (?:the |her |his )?(?P<from>[\w -]{3,40}?) (?:turn|progress|develop|convert|evolve|go over)(?:ed)? (?:in)?to (?P<to>[\w -]{3,40})", r"when was \g<to> diagnosed"),
    (r"\bhow long did (?:the |her |his )?(?P<what>[\w -]{3,60}?) take to (?:heal|resolve|clear(?: up)?|recover|go away|get better)\b", r"how long was \g<what> present"),
    (r"\bhow long (?:did it take|until|before) (?:for )?(?:the |her |his )?(?P<w2>[\w -]{3,60}?) (?:to )?(?:heal(?:ed)?|resolved?|cleared?(?: up)?)\b", r"how long was \g<w2> present"),
    (r",? and (?:is|was) (?:it|that|this)\b[^?]*(?=\?|$)", ""),
    (r"\b(?P<n>\d{1,3}) ?(?:h|hrs?)\b(?!\w|/)", r"\g<n> hours"),
    (r"\bwhere (?:did|was) (?P<what3>.{2,50}?) (?:start|begin)(?:ing)?\b.*\b(?:now|end(?:ed)?(?: up)?|today)\b", r"trend of \g<what3>"),
    (r"\bis (?:he|she|the patient|pt) (?:losing|gaining|putting on) weight\b", "what is the trend of the weight, is it changing"),
)  # fmt: skip
_TURNS = tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in _PAIRS)
_QUESTION = re.compile(r"\W*(?:what|when|which|who|how|where)\b", re.IGNORECASE)


def plainly(text: str) -> str:
    """The question with its turns of phrase put plainly; a second question hung on the first is left off."""
    for pattern, said in _TURNS:
        if said == "" and not _QUESTION.match(text):
            continue
        text = pattern.sub(said, text)
    return " ".join(text.split())
