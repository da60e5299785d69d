"""The words that negate, doubt, date or move a finding to someone else; read by `assertion`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.knowledge.terms import key


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue phrase and what it does."""

    kind: str  # "mark", "stop" or "pseudo"
    polarity: str = ""
    before: bool = False  # reaches terms after it
    after: bool = False  # reaches terms before it
    words: int = 0  # how far it reaches forward (0: as far as lists go)
    line: bool = False  # behind a term only as the value of a line ("Fever: no")
    bare: bool = False  # the same behind a blank or a hyphen ("fever absent.", "seizure-free")


_ABSENT_BEFORE = """
no|not|none|without|w/o|denies|denied|deny|denying|denies any|denies having|negative for|neg for|no evidence of
|no sign of|no signs of|no signs or symptoms of|no history of|no hx of|no h/o|no known|no prior|no previous|free of
|absence of|absent|lack of|lacks|never had|never|never has|never developed|no longer|no longer has|no complaint of
|no complaints of|not have|does not have|doesn't have|did not have|has no|have no|had no|not had|has not had
|not demonstrate|does not exhibit|ruled out for|rules him out for|rules her out for|ruled out|excludes
|no findings of|no suspicion of|no suggestion of|no indication of|no mention of|fails to reveal|failed to reveal
|unremarkable for|resolved|not complain of|did not complain of|does not complain of|no concern for|no concerns for
|no new|no recent|no acute|no further|no significant|no obvious|no definite|no active|no current|no other|no ongoing
|no evidence for|no evidence to suggest|without evidence of|without any|without signs of|not show|doesn't show
|does not show|did not show|shows no|showed no|reports no|reported no|reveals no|revealed no|not reveal|not suggest
|not consistent with|not suggestive of|does not|doesn't|did not|didn't|is not|isn't|was not|wasn't|are not|aren't
|were not|weren't|cannot see|non|nil|zero|(-)|neither|nor|afebrile and no|no personal history of|no family history of
|hasn't had|hasn't|haven't|no c/o|not c/o|not known to have|not experiencing|absence|free from|not yet|nobody|no one
|nobody has|no one has|nobody reported|no one reported|nobody in the family|nobody in his family|nobody in her family
|no one in the family|no one in his family|no one in her family|neither parent|no relative|no family member
|nothing to suggest|nothing suggests|nothing suggesting|nothing suggestive of|was negative for|were negative for
|is negative for|are negative for|been negative for|tested negative for|test negative for|came back negative for
|did not report|does not report|do not report|didn't report|doesn't report|not reporting|did not endorse
|does not endorse|not endorsing|not complaining of|did not mention|failed to show|failed to demonstrate|fails to show
|unlikely that|unlikely that he has|unlikely that she has|unlikely that the patient has|unlikely to have
|unlikely to be|denied by patient|denied by the patient|no documentation of|no record of|not suspicious for
|not concerning for|not indicative of|not diagnostic of|never diagnosed with|not diagnosed with|no longer on
|no longer takes|no longer taking|no longer uses|stays clear of
"""
_ABSENT_CHOSEN = "instead of|rather than|in place of|in lieu of|as opposed to"
_ABSENT_OFF = "off|off of"
_ABSENT_AFTER = """
was ruled out|were ruled out|is ruled out|has been ruled out|have been ruled out|been ruled out|ruled out
|unlikely|is unlikely|was unlikely|not seen|not identified|not present|not noted|not detected|not demonstrated
|not found|not appreciated|not evident|not visualized|is absent|are absent|was negative|is negative|were negative
|resolved|has resolved|have resolved|denied by patient|was denied|were denied|was excluded|is excluded|excluded
|not observed|not reported|not endorsed|never occurred|was not found|is not present|has subsided|gone|subsided
|have subsided|had subsided|had resolved|has cleared|have cleared|had cleared|cleared up|had gone|not suspected|never suspected|never seen|never found|never diagnosed|never been diagnosed
|never documented|never been documented|not diagnosed|not yet diagnosed|not yet been diagnosed|not been diagnosed
|not been seen|not been found|not been reported|not documented|not recorded|not heard|not palpated|not elicited|not felt
|not felt to be likely|not thought to be likely|not considered likely|not likely|not started|never started
|not yet started|not yet been started|not been started|not given|not yet given|not yet been given|not yet done|not yet received|not received|not yet taken|not yet performed
|never given|not resumed|not restarted
|no longer present|no longer seen|no longer there|came back negative|returned negative|come back negative
|denied by the patient|was absent|were absent|been absent|have gone|has gone
|was nonreactive|were nonreactive|is nonreactive|was non-reactive|were non-reactive|is non-reactive
"""
_ABSENT_LINE = "no|none|absent|denied|denies|negative|neg|never|not present|false|n|nil|resolved|not reported"
_POSSIBLE_BEFORE = """
possible|possibly|probable|probably|likely|suspected|suspect|suspects|suspicious for|suspicion for|suspicion of
|concern for|concerning for|concern of|may have|might have|could be|could have|may be|might be|questionable
|rule out|r/o|to rule out|must rule out|evaluate for|assess for|work up for|workup for|differential includes
|differential diagnosis includes|differential diagnosis|ddx|consider|considering|presumed|presumptive|suggestive of
|suggests|cannot rule out|can't rule out|cannot be excluded|cannot exclude|not ruled out|not excluded|appears to have
|equivocal for|query|versus|vs|impression of possible|potential|apparent
"""
_POSSIBLE_AFTER = """
is possible|is suspected|was suspected|suspected|cannot be ruled out|can not be ruled out|cannot be excluded
|could not be ruled out|not ruled out|not excluded|not been ruled out|is likely|is probable|probable|possible
|is a consideration|in the differential|is questionable|remains possible|may be present|could not be excluded
|can't be excluded|couldn't be excluded|couldn't be ruled out|can't be ruled out|not be excluded|not be ruled out
|was not excluded|were not excluded|is not excluded|was not ruled out|were not ruled out|is not ruled out
|not entirely excluded|not definitively excluded|not fully excluded|not yet ruled out|not yet excluded
"""
_HISTORY = """
history of|hx of|h/o|hx|past history of|past medical history of|personal history of|previous|previously|prior|past
|remote|remote history of|s/p|status post|prior history of|known history of|known hx of|childhood|old|former|formerly
|in the past had|used to have|previously had|past medical history significant for|pmh of|pmh significant for
|history significant for|medical history of|history notable for
"""
_HISTORY_AFTER = "in the past|years ago|year ago|as a child|in childhood|in remission|by history|in infancy"
_FAMILY = """
family history of|family hx of|family history|family hx|fhx of|fh of|fhx|mother|father|mom|dad|sister|brother
|grandmother|grandfather|aunt|uncle|cousin|maternal|paternal|sibling|parents|parent|mother had|father had|mother with
|father with|mother died of|father died of|relatives|relative|family member|family members|mother has|father has
|strong family history of|positive family history of|runs in the family|family
"""
_RELATIVES = [
    "mother",
    "father",
    "sister",
    "brother",
    "aunt",
    "uncle",
    "cousin",
    "daughter",
    "son",
    "parent",
    "sibling",
    "grandmother",
    "grandfather",
    "maternal",
    "paternal",
    "family",
]
_WHOSE = ("his", "her", "their", "the", "a", "one", "an", "both")
_HYPOTHETICAL = """
if|return if|call if|come back if|should|should there be|in case of|in the event of|return for|monitor for|watch for
|risk of|at risk for|risk for|risks of|to prevent|prevention of|prevent|prophylaxis|prophylaxis against
|prophylaxis for|screening for|screen for|screened for|as needed for|prn for|prn|unless|call for|warning signs of
|signs and symptoms of|signs of|educated on|educated about|counseled on|counseled about|counseled regarding
|precautions for|precautions|seek care for|return precautions|fear of|afraid of|worried about|worry about|in the case of
|vaccination against|vaccine against|test for|testing for|tested for|if you have|if you develop|develops|can cause
|may cause|ed at once for|er at once for|ed for|go to the ed for|go to the er for|urgent review if|seek help for
|call 911 for|side effects include|side effects such as
"""
_PSEUDO = """
no change|no changes|no increase|no decrease|not only|no significant change|no interval change|not certain if
|not certain whether|not necessarily|without difficulty|without further|no significant interval change|not extend
|not drain|gram negative|no further workup|no doubt|not changed|no improvement|not improved|no relief|not resolved
|has not resolved|not well controlled|not controlled|no better|not better|not worse|no worse|without change|not just
|not yet resolved|without improvement|without relief|not responding|no response|no response to|not at goal
|no longer controlled|not tolerate|did not tolerate|not improving|no compliance|no control|not adequately controlled
|does not control|no resolution|no resolution of|without resolution|not relieved|family doctor|family physician
|family medicine|family practice|family planning|family meeting|from family|with family|lives with mother
|lives with father|lives with parents|history and physical|history of present illness|family at bedside
|negative pressure|not sure|no show|without complication|without complications|old records|past medical history
|social history|surgical history|no interval increase|not fully resolved|incompletely resolved
"""
_STOP = """
but|however|except|except for|although|though|aside from|apart from|other than|yet|nevertheless|still has|still|which
|secondary to|due to|because|because of|since|who|presents with|presented with|presenting with|complains of
|complaining of|reports|reported|endorses|endorsed|admits to|positive for|notable for|significant for|does have
|has had|he has|she has|patient has|pt has|does report|does endorse|found to have|noted to have|developed|with the
exception of|with exception of|caused by|attributed to|treated with|started on|will|plan to|plans to|plan is|plan for|patient|pt|he|she|today|now
|currently|presently|and has|and had|and have|and is|and was|and takes|and remains|and continues|and uses|and reports
|apart from this|save for
"""

_SEEN = """seen identified present noted detected demonstrated found appreciated evident visualized observed suspected
heard palpated elicited documented recorded diagnosed reported started given resumed"""

CUES: dict[str, Cue] = {}


def _put(table: str, cue: Cue) -> None:
    for phrase in " ".join(table.split("\n")).split("|"):
        name = key(phrase)
        known = CUES.get(name)
        if not name:
            continue
        if known is not None and known.kind == "mark" and cue.kind == "mark":
            if known.polarity == cue.polarity:
                both = Cue(
                    "mark",
                    known.polarity,
                    known.before or cue.before,
                    known.after or cue.after,
                    known.words or cue.words,
                    (known.line or cue.line) and not (known.after and not known.line),
                )
                CUES[name] = both
            continue
        if known is None:
            CUES[name] = cue


_put(_PSEUDO, Cue("pseudo"))
_put(_ABSENT_BEFORE, Cue("mark", "absent", before=True))
_put(_ABSENT_AFTER, Cue("mark", "absent", after=True))
# "Is not seen" looks back as "not seen" does, although "is not" alone looks ahead.
for _seen in _SEEN.split():
    for _verb in ("is", "are", "was", "were"):
        _put(f"{_verb} not {_seen}", Cue("mark", "absent", after=True))
        _put(f"{_verb} never {_seen}", Cue("mark", "absent", after=True))
    for _verb in ("could", "can", "cannot"):
        _put(f"{_verb} not be {_seen}".replace("cannot not", "cannot"), Cue("mark", "absent", after=True))
_put(_ABSENT_CHOSEN, Cue("mark", "absent", before=True, words=4))
_put(_ABSENT_OFF, Cue("mark", "absent", before=True, words=1))
_put(_ABSENT_LINE, Cue("mark", "absent", after=True, line=True))
_put(_POSSIBLE_BEFORE, Cue("mark", "possible", before=True, words=8))
_put(_POSSIBLE_AFTER, Cue("mark", "possible", after=True))
_put(_HISTORY, Cue("mark", "historical", before=True, words=16))
_put(_HISTORY_AFTER, Cue("mark", "historical", after=True))
_put(_FAMILY, Cue("mark", "family", before=True))
_put(
    "|".join(f"in {whose} {who}" for whose in _WHOSE for who in _RELATIVES), Cue("mark", "family", after=True)
)
_put(_HYPOTHETICAL, Cue("mark", "hypothetical", before=True))
_put(_STOP, Cue("stop"))
# Words that only ever look back.
for _phrase in ("ruled out", "resolved", "gone", "excluded"):
    CUES[key(_phrase)] = Cue(
        "mark", "absent", before=_phrase in ("ruled out", "excluded"), after=True, words=3
    )

CUES["absent"] = Cue("mark", "absent", before=True, after=True, line=True, bare=True, words=3)
# "HIV negative", "syphilis nonreactive": right behind, and where nothing goes on that it could belong to.
for _phrase in ("negative", "neg", "nonreactive", "non-reactive", "not reactive"):
    _known = CUES.get(key(_phrase))
    CUES[key(_phrase)] = Cue("mark", "absent", before=bool(_known and _known.before), after=True, line=True, bare=True)
CUES["free"] = Cue("mark", "absent", after=True, line=True, bare=True)

LONGEST: dict[str, int] = {}
for _name in CUES:
    _first = _name.split(" ", 1)[0]
    LONGEST[_first] = max(LONGEST.get(_first, 0), _name.count(" ") + 1)

SECTION = re.compile(
    r"(?:^|\n)[ \t#*]*(?P<head>[A-Za-z][A-Za-z /&'()-]{1,48}?)[ \t*]*(?::|\n(?=[ \t]*[-*•=]))", re.MULTILINE
)
FAMILY_HEADS = frozenset(
    map(key, ("family history", "family hx", "family medical history", "fh", "fhx", "famhx"))
)
HISTORY_HEADS = frozenset(
    map(
        key,
        (
            "past medical history",
            "pmh",
            "pmhx",
            "past surgical history",
            "psh",
            "surgical history",
            "past history",
            "past psychiatric history",
            "previous history",
        ),
    )
)
OTHER_HEADS = frozenset(
    map(
        key,
        """social history|sh|medications|meds|current medications|allergies|assessment|plan|assessment and plan
        |a/p|assessment & plan|physical exam|physical examination|exam|pe|ros|review of systems|hpi
        |history of present illness|chief complaint|cc|labs|laboratory data|vitals|vital signs|imaging|results|impression
        |findings|subjective|objective|hospital course|discharge diagnosis|discharge diagnoses|discharge medications
        |disposition|follow up|followup|instructions|diagnosis|diagnoses|indication|technique|comparison|immunizations
        |reason for visit|problem list|active problems|procedures|medical history|obstetric history|data|recommendations
        |general|heent|cardiovascular|respiratory|neuro|neurologic|skin|extremities|abdomen|lungs|heart""".replace(
            "\n", " "
        ).split("|"),
    )
)
