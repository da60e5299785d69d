"""What a text says of the things it names: there, denied, possible, over, a relative's.

By `services.knowledge.assertion`, and what it leaves open here: things not given, results that are negative, clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.grounding.terms import given, measured
from services.knowledge.assertion import Assertion, assess
from services.knowledge.lexicon import Mention

PRESENT, ABSENT, POSSIBLE, RESOLVED = "present", "absent", "possible", "resolved"

FAMILY, HISTORICAL, HYPOTHETICAL = "family", "historical", "hypothetical"

FAMILY_ABSENT = "absent in the family"

_RESOLVED = re.compile(r"resolved|gone|subsided|cleared|no longer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A concept that the text mentions."""

    concept: str
    start: int
    end: int
    surface: str
    polarity: str
    cue: str = ""


_FAR = re.compile(
    r"\b(?:in|of|for|from|on|at|with|to|during|by|since|but|than|which|that|and|or)\b|[,;:\n]", re.IGNORECASE
)


_NO_RIGHT_BEFORE = re.compile(r"\b(?:no|not|without|nor)\s+$", re.IGNORECASE)


def denial(text: str, assertion: Assertion) -> bool | None:
    """Whether a word is denied by the words right before or behind it; None where a denial stands further away
    and may be of something else."""
    mention = assertion.mention
    polarity = seen_as(text, assertion).polarity
    if polarity in (FAMILY, FAMILY_ABSENT):
        return None
    if _NO_RIGHT_BEFORE.search(text[max(0, mention.start - 12) : mention.start]):
        return True
    if _FORBIDDEN_AFTER.match(text[mention.end : mention.end + 80]):
        return None
    if assertion.polarity != ABSENT or assertion.cue_start is None or assertion.cue_end is None:
        return polarity in (ABSENT, RESOLVED)
    cue = (assertion.cue or "").lower()
    if "negative" in cue or _RESOLVED.search(cue):
        return False  # a result or a state, judged as such
    if polarity != ABSENT:
        return None
    before = assertion.cue_end <= mention.start
    gap = text[assertion.cue_end : mention.start] if before else text[mention.end : assertion.cue_start]
    if before and cue.startswith("den"):
        return None if re.search(r"[;:]|\b(?:in|at|of|for|from|with|since)\b", gap) else True
    if before and _WANTED.search(gap):
        return None
    if not before and gap.strip() == ":":
        return True  # "COMPLICATIONS: none"
    near = len(gap.split()) <= (3 if before else 1)
    return True if near and not _FAR.search(gap if gap.strip() != "to" else "") else None


_DENIES = re.compile(r"no|not|never|without|denie[sd]|none|isn't|wasn't|hasn't", re.IGNORECASE)

RELATIVE = re.compile(
    r"\b(?:(?:grand)?(?:mother|father)|mom|mum|dad|sister|brother|aunt|uncle|cousin|son|daughter|sibling|parent|relative|maternal|paternal)s?\b",
    re.IGNORECASE,
)

# "Never had an LDCT and his flu shot is due": what is denied ends where a new clause begins.
_NEW_CLAUSE = re.compile(
    r",(?= (?:per|according|as per|as of|in|with|on the|his|her|the)\b)"
    r"|\band(?= (?:his|her|their|he|she|they|it|was|were|is|are|has|had|now|takes?|uses?|reports?|reported|does|did|nobody)\b)"
    r"|\band(?= (?:the|an?)\b[^.;,]{1,40}?\b(?:is|was|are|were|has|had|shows?|showed|remains?)\b)"
    r"|\b(?:while|whereas)\b",
    re.IGNORECASE,
)

# Words that end or turn a denial elsewhere, but not here: "not yet booked", "denies plan or intent", "did not
# report", "never omit", "does not tolerate".
_OWN_CUE = re.compile(r"(?:never|no|non|not)(?=[ -]\w)", re.IGNORECASE)
_NO_STOP = re.compile(
    r"(?<=\bnot )(?:need|show)\b|(?<=\bwere )(?:both|all)\b"
    r"|\b(?:never|not|no) (?:to )?(?:omit\w*|miss(?:ed|ing|es)?|skip\w*)\b|\b(?:nil|nothing) by mouth\b|\bnot (?:ready|willing|keen) to\b"
    r"|\b(?:does|did|do|could|can)(?: not|n't) tolerate\b",
    re.IGNORECASE,
)


# "Diverticulosis, not inflamed, and hemorrhoids": an aside denies nothing but itself.
_ASIDE = re.compile(r",\s(?:not|never)\s\w{4,}(?:ed|en)(?=,\s(?:and|with|but)\b)", re.IGNORECASE)


def assessed(text: str, mentions: Sequence[Mention]) -> Iterator[Assertion]:
    """The assertion of each mention; of a relative's also whether it is denied, which its being a relative's hides."""
    for mention in mentions:
        if found := _OWN_CUE.match(mention.surface):
            # "Never smoker whose complaint was fatigue": the term's own "never" denies nothing else.
            text = text[: mention.start] + "X" * found.end() + text[mention.start + found.end() :]
    text = _NEW_CLAUSE.sub(lambda m: ";".rjust(len(m.group())), text)
    text = _NO_STOP.sub(lambda m: " " * len(m.group()), text)
    text = _ASIDE.sub(lambda m: ";" + "X" * (len(m.group()) - 1), text)
    found = assess(text, mentions)
    if not any(a.polarity == FAMILY for a in found):
        yield from found
        return
    alone = assess(RELATIVE.sub(lambda m: "x" * len(m.group()), text), mentions)
    for assertion, other in zip(found, alone, strict=True):
        denied = assertion.polarity == FAMILY and other.polarity == ABSENT
        yield Assertion(assertion.mention, FAMILY_ABSENT, assertion.cue) if denied else assertion


_STANDS_FOR = {
    "social:never-smoker": ("social:tobacco-use", ABSENT),
    "social:former-smoker": ("social:tobacco-use", HISTORICAL),
}


_DENYING = {"symptom:fever": r"afebrile|apyrexial|apyrexic", "symptom:jaundice": r"anicteric"}
_DENYING_WORDS = tuple((c, re.compile(rf"\b(?:{body})\b", re.IGNORECASE)) for c, body in _DENYING.items())


def denying(text: str) -> Iterator[Seen]:
    """Words that deny a finding in themselves: "afebrile"."""
    for concept, pattern in _DENYING_WORDS:
        for found in pattern.finditer(text):
            before = _NO_RIGHT_BEFORE.search(text[max(0, found.start() - 12) : found.start()])
            polarity = PRESENT if before else ABSENT
            yield Seen(concept, found.start(), found.end(), found.group(), polarity, found.group().lower())


def also(seen: Iterable[Seen]) -> Iterator[Seen]:
    """Never having smoked is tobacco use denied, rather than a kind of it."""
    for one in seen:
        yield one
        if one.concept in _STANDS_FOR:
            concept, polarity = _STANDS_FOR[one.concept]
            yield Seen(concept, one.start, one.end, one.surface, polarity, one.cue)


# Denials that are told otherwise than by a list of findings.
_DENIED_AFTER = re.compile(
    r"^(?:(?!\b(?:and|but|while)\b)[^.,;:()\n]){0,30}?\b(?:(?:not|never)\s+(?:yet\s+)?(?:been\s+|to be\s+|be\s+)?(?:given|done|taken|administered"
    r"|performed|received|measured|prescribed|booked|granted|required|needed|necessary|used|attempted|approved|authori[sz]ed|covered|available|dispensed)|declined|refused)\b"
    r"|^\s*:?\s*(?:is |was )?(?:none|nil)\b|^\s+no(?=\s*(?:[.;)\]]|$))",
    re.IGNORECASE,
)
# What should not be given is no denial of its being there: "penicillin must not be given".
_FORBIDDEN_AFTER = re.compile(
    r"^[^.,;:()\n]{0,30}?\b(?:(?:should|must|may|can|is to|are to|ought to) (?:not|never) be \w+|cannot be \w+"
    r"|(?:is|are|was|were|has|have|should|must|needs?|ought)(?: to)? be (?:strictly )?avoided)\b",
    re.IGNORECASE,
)
_OF_A_TEST = re.compile(
    r"^\s(?:serolog\w+|screen(?:ing)?|antibod\w+|antigens?|tests?|testing)\b[^.;]{0,24}?\b(?:non-?reactive|negative)\b",
    re.IGNORECASE,
)
_RESULT_CUE = re.compile(r"(?:\w+ ){0,2}(?:negative|neg|non-?reactive)", re.IGNORECASE)
# "Naloxone spray: to prescribe": not yet.
_TO_COME = re.compile(
    r"^(?:\s\w+)?\s*[:–-]\s*(?:to|will) (?:be )?(?:prescribed?|start(?:ed)?|order(?:ed)?|give[n]?|begin|begun|arranged?)\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:declin(?:ed|es|ing)|refus(?:ed|es|ing|al of)|avoid(?:ed|s|ing)?)\s+(?:(?!to\b)\w+\s+){0,3}$"
    r"|\bnever\s+(?:had|given)\s+$"
    r"|(?:\bnot|n't|\bnever)\s+(?:yet\s+|been\s+|ever\s+){0,2}(?:receiv(?:e|ed)|had|undergone?|need(?:ed)?|requir(?:e|ed)|taken?|given)\s+(?:an?\s|the\s|any\s|his\s|her\s){0,1}$",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:without|with no|lack(?:s|ing))\s+(?:an?\s+|the\s+)?(?:any\s+|further\s+|new\s+|significant\s+)?$|(?<![\d.])0 $",
    re.IGNORECASE,
)
_ABSENT_AFTER = re.compile(
    r"^(?:(?!\b(?:but|while)\b|\band \w+ (?:is|was|are|were)\b (?!absent|denied|excluded|ruled))[^.;:\n]){0,60}?\b(?:was|were|is|are|been)\s+(?:both\s|all\s)?(?:absent|denied|excluded|ruled out)\b",
    re.IGNORECASE,
)
_OFF = re.compile(r"\b(?:off|weaned from)\s+$", re.IGNORECASE)
_DRINKS = re.compile(r"^\s+no\b", re.IGNORECASE)

# Denials that don't reach: of a test ("smears … were negative"), of a circumstance ("no bleeding in this pregnancy",
# "no recurrence after mastectomy"), of its being stopped, or of what has a predicate of its own.
_TESTED = re.compile(
    r"\b(?:smears?|cultures?|tests?|testing|swabs?|screens?|serolog\w+|antibod\w+)\b", re.IGNORECASE
)
_CIRCUMSTANCE = re.compile(
    r"\w(?<!\bbeen)(?<!\bbe)(?<!\bnow)(?<!\bstill)\s+on\s+(?:\w+\s+){0,2}$"
    r"|\w\s+(?:after|during|since|despite|because|from|due to|caused by|while|following|under|using|taking|exposed to|combined with|together with)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:in|during|on) (?:this|her|his|the)\s+$|\b(?:stop\w*|discontinu\w+|come off)\s+$",
    re.IGNORECASE,
)
# "Never needed a visit for asthma": what something would have been for is not denied with it.
_PURPOSE = re.compile(
    r"\b(?:need\w*|requir\w*|visits?|admissions?|admitted|treat\w*|medic\w+|drugs?|surgery|therapy|intubat\w+|hospitali\w+|used?|taken?|tak(?:es|ing))\s+(?:\w+\s+){0,6}?for\s+(?:(?:his|her|an?|the)\s+)?$",
    re.IGNORECASE,
)
# "No retinopathy was found at the dilated exam": where it was looked for is not denied with it.
_LOOKED_FOR = re.compile(
    r"\b(?:was|were|is|are)\s+(?:\w+\s)?(?:seen|found|noted|detected|identified|reported|present|visible|shown)\b[^.;]{0,30}?"
    r"\b(?:at|on|in|by|during)\s+(?:(?:the|this|that|his|her|an?)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# "Prevention of clots after knee replacement": what it comes after has been.
_COMES_AFTER = re.compile(
    r"\b(?:after|following)\s+(?:(?:the|his|her|an?)\s+)?(?:\w+\s+){0,2}$", re.IGNORECASE
)
_PREVENTS = re.compile(r"prevent|prophyla", re.IGNORECASE)
# What is not wanted may still be told of: "does not want deep brain stimulation".
_WANTED = re.compile(r"\b(?:want\w*|wish\w*|keen|interested)\b", re.IGNORECASE)
_OWN_VERB = re.compile(
    r"^\s+(?:is|was|are|were|reduced|intact|normal|present|positive|palpable|clear|soft|stable|raised|elevated|\d)\b"
    r"(?! (?:reported|noted|seen|found|described|documented|observed|recorded|mentioned|present)\b)",
    re.IGNORECASE,
)

_UNSURE_AFTER = re.compile(
    r"^[^.;\n]{0,24}?\b(?:is|was|remains|as)\s+(?:a |an |only )*(?:provisional|unconfirmed|tentative|suspected|possible)\b",
    re.IGNORECASE,
)
_UNSURE_BEFORE = re.compile(
    r"\b(?:provisional(?: diagnosis(?: of)?:?)?|unconfirmed|tentative|thought to be|felt to be)\s*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"instead of|in place of|in lieu of", re.IGNORECASE)


def seen_as(text: str, assertion: Assertion) -> Seen:
    """A mention with what the text says of it, denials and doubts in other forms included."""
    mention = assertion.mention
    polarity, cue = assertion.polarity, assertion.cue or ""
    before, after = text[max(0, mention.start - 40) : mention.start], text[mention.end : mention.end + 80]
    if polarity == ABSENT and not _reaches(text, assertion, after):
        polarity = PRESENT
    if polarity == ABSENT and _INSTEAD.match(cue):
        polarity = HYPOTHETICAL  # what something else was chosen for may well be told as given before
    if (
        polarity == HYPOTHETICAL
        and _PREVENTS.search(text[max(0, mention.start - 60) : mention.start])
        and _COMES_AFTER.search(before)
    ):
        polarity = PRESENT
    if measured(mention.concept) and polarity in (ABSENT, HISTORICAL, POSSIBLE) and not _DENIES.match(cue):
        polarity = PRESENT  # "negative", "gone up" are its results
    if polarity == PRESENT and (_UNSURE_AFTER.match(after) or _UNSURE_BEFORE.search(before)):
        polarity, cue = POSSIBLE, "provisional"
    if polarity == PRESENT and mention.concept.startswith("problem:") and _OF_A_TEST.match(after):
        polarity = (
            HYPOTHETICAL  # "syphilis serology was nonreactive": its result is judged, and no syphilis told
        )
    if polarity == ABSENT and mention.concept.startswith("procedure:") and _RESULT_CUE.fullmatch(cue):
        polarity = PRESENT
    if polarity == PRESENT and _TO_COME.match(after):
        return Seen(mention.concept, mention.start, mention.end, mention.surface, HYPOTHETICAL, "planned")
    if polarity in (PRESENT, ABSENT) and given(mention.concept) and _FORBIDDEN_AFTER.match(after):
        return Seen(mention.concept, mention.start, mention.end, mention.surface, HYPOTHETICAL, "avoided")
    if polarity in (PRESENT, HISTORICAL) and (denied := _denied(mention, before, after)):
        polarity, cue = ABSENT, denied
    if polarity == ABSENT and _RESOLVED.search(cue):
        polarity = PRESENT if given(mention.concept) else RESOLVED  # "due to co-trimoxazole, resolved"
    if _OFF.search(before):
        polarity = RESOLVED
    return Seen(mention.concept, mention.start, mention.end, mention.surface, polarity, cue)


def _reaches(text: str, assertion: Assertion, after: str) -> bool:
    """Whether a denial that stands by a mention is of it."""
    mention, cue = assertion.mention, (assertion.cue or "").lower()
    if assertion.cue_start is None or assertion.cue_end is None:
        return True
    if assertion.cue_start >= mention.end:
        return not ("negative" in cue and _TESTED.search(text[mention.end : assertion.cue_start]))
    gap = text[assertion.cue_end : mention.start]
    if cue == "non" and gap.strip("- "):
        return False  # "non-proliferative retinopathy" is a retinopathy
    if mention.concept.startswith(("procedure:", "lab:", "vital:")) and _LOOKED_FOR.search(gap):
        return False
    cue_and_gap = text[assertion.cue_start : mention.start]
    return not (
        _CIRCUMSTANCE.search(gap) or _PURPOSE.search(cue_and_gap) or ("," in gap and _OWN_VERB.match(after))
    )


def _denied(mention: Mention, before: str, after: str) -> str:
    """The words that deny a mention otherwise than by a cue, or ""."""
    if found := _WITHOUT.search(before):
        return found.group().strip()
    complaint = mention.concept.startswith(("problem:", "symptom:"))
    if complaint and (found := _ABSENT_AFTER.match(after)):
        return found.group().split()[-1]
    if mention.concept.startswith("social:") and _DRINKS.match(after):
        return "no"
    refused = _DENIED_AFTER.match(after)
    if refused and measured(mention.concept) and refused.group().endswith("declined"):
        return ""  # of a value it is a fall
    return "not given" if not complaint and (refused or _DENIED_BEFORE.search(before)) else ""
