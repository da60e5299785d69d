"""Turns of phrase of the published question sets (EHRSQL and those made from it), put as a clinician would say them."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.bots.rag_pipeline import cues

_NUMBERS = {word: n for word, n in cues.NUMBERS.items() if 1 < n <= 10}
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(w for w in _NUMBERS if w not in ('couple', 'few'))})"
_STAY = r"(?:on|during|in|of|at|within) (?:the|her|his|their|this) (?:first|second|last|latest|current|previous|this)? ?(?:hospital |icu |ed )?(?:visit|stay|admission|encounter|hospitali[sz]ation)"
_THINGS = "drugs?|medications?|medicines?|procedures?|diagnos[ie]s|specimens?|specimen tests?|tests?|lab tests?|vaccines?|conditions?|problems?|organisms?"
_HAVING = r"(?:having (?:received|undergone|been given|got|had|been prescribed|been diagnosed with|taken)|receiving|undergoing|getting|being (?:given|diagnosed with|prescribed)|(?:the|her|his) diagnosis of)"
_TURNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (rf"^\W*(?:tell me |give me |state )?(?:the )?names? of (?:the |all (?:of )?(?:the )?|any )?(?=(?:(?:first|last|latest|most recent) )?(?:{_THINGS})\b)(?!.*\bwhen\b)", "which "),
        (r"\b(?:twice or more|(?:twice|(?:two|2) times) or (?:more|over)|(?:two|2) or more times|more than once|(?:at least|no fewer than) (?:twice|(?:two|2) times))\b", "two or more times"),
        (r"\b(?:(?:three|3) times or more|(?:three|3) or more times|at least (?:three|3) times|more than (?:twice|(?:two|2) times))\b", "three or more times"),
        # The stay is told once: "the second value on the last visit compared to the first on the last visit".
        (rf"\b(?P<stay>{_STAY})\b(?P<between>.{{3,80}}?) (?P=stay)(?!\w)", r"\g<stay>\g<between>"),
        (rf"\b(?:on|during|in|within) the same day\b(?P<who>(?: to (?:the )?patient)?),? (?:after|following|as(?= {_HAVING})) (?:(?P<having>{_HAVING}) )?(?:the |an? )?(?P<event>[^?]{{3,80}}?)(?=\W*$| (?:in|on) \d)", lambda m: f"{m['who']} on the day of {m['having'] or 'undergoing'} {m['event']}"),
        (r"(?P<what>\b(?:drugs?|medications?|medicines?|procedures?)\b[^?]{2,60}?) on the same day as (?!the (?:last|first|highest|lowest|latest)\b)", r"\g<what> on the day of "),
        (rf"\b(?:on|during|in|within) the same (?P<unit>month|hospital (?:visit|stay|admission|encounter)|(?:visit|stay|admission|encounter))\b(?P<who>(?: to (?:the )?patient)?),? (?:after|following|as) (?:(?P<having>{_HAVING}) )?(?:the |an? )?", lambda m: f"{m['who']} in the same {'month' if m['unit'].lower() == 'month' else 'stay'} after {m['having'] or 'undergoing'} "),
        (r"\bhow many (?P<unit>hours|days|weeks|months|years) (?:have |has )?(?:elapsed|passed|gone by)\b", r"how many \g<unit> have passed"),
        (r"\bhow many (?P<unit>hours|days|weeks|months|years) have passed since the last time (?:the |that the |that )?(?:patient|she|he|they) (?:had|got|received|underwent|was given) (?:an? |the )?", r"how many \g<unit> ago was the last "),
        (r"\bcareunit\b", "care unit"),
        (r"\b(?P<d>yesterday|today)'s (?:value|reading|measurement|one|result)\b", r"\g<d>"), (r"\bthis morning'?s\b", "today's"),
        (rf"\b(?:in |of )?the last (?:measurement|value|reading|result|measured)(?P<stay> {_STAY})? (?:as )?(?:compared (?:to|with)|than|vs\.?|versus) the first(?: (?:measurement|value|reading|result|measured|one))?(?P<stay2> {_STAY})?", lambda m: f"between the first and the last value{m['stay'] or m['stay2'] or ''}"),
        (rf"\b(?P<v>(?:de|in)creased?|changed?|risen|fallen|gone (?:up|down)|dropped) (?:compared (?:to|with)|from|since) the first (?:[\w ]{{2,25}}? )?(?P<stay>{_STAY})", r"\g<v> between the first and the last value \g<stay>"),
        (r"\bwhen was the (?P<w>last|first) time (?:that )?(?:the )?(?:patient|she|he) (?:had|got|received) (?:an? )?(?:input|intake) of (?P<x>[^?]{2,40}?)(?=\W*$| (?:in|on|during)\b)", r"when was \g<x> \g<w> given"),
        (r"^\W*transfused\b", "was the patient transfused"),
        (r"^\W*(?P<w>last|first) dose of (?P<x>[\w -]{3,40}?)[,:]? (?:time|when|at what time)\W*$", r"when was the \g<w> dose of \g<x> given"),
        (r"\b(?:is|was|has|did) (?:the |her |his )?(?P<e>k\+?|potassium|mag|magnesium|phos|phosphate) (?:been |get |got )?(?:repleted|replaced|supplemented)\b", lambda m: f"was {_SALTS[m['e'].lower()]} given"),
        (r"\b(?:i ?[/&] ?o|is and os|ins and outs|intake and output|net (?:fluid )?balance)\b(?! differ)", "fluid balance"),
        (r"^\W*(?P<x>[\w /-]{2,30}?),? (?P<e>lowest|highest|peak|nadir|max|min) and (?:the )?(?:current|latest|last|most recent)\W*$", r"compare the \g<e> \g<x> with the latest"),
        (r"^\W*(?P<e>lowest|highest|peak|max|min) and (?:the )?(?:current|latest|last|most recent) (?P<x>[\w /-]{2,30}?)\W*$", r"compare the \g<e> \g<x> with the latest"),
        (r"^(?P<w>\W*[\w /-]{2,40} (?:results?|findings?|report)),? and when(?: was (?:it|that))?\W*$", r"\g<w>?"),  # every answer has its date
        (r"\b(?P<v>get|got|receive[ds]?|given|need(?:ed)?|require[d]?|transfused(?: with)?|had|have) (?:any |a unit of |units of )?(?:(?P<p>platelets)|(?P<f>ffp|(?:fresh frozen )?plasma)|(?P<r>packed (?:red )?cells|red (?:blood )?cells|prbcs?|blood))(?=\W*$| (?:in|on|during|since|after|before|at|this|last)\b)", lambda m: f"{m['v']} {'platelet' if m['p'] else 'plasma' if m['f'] else 'blood'} transfusion"),
        (r"\bslope\b", "trend"),
        (r"\b(?P<w>last|latest|annual|yearly|next|most recent|first) physical(?: exam(?:ination)?)?(?=\W*$| (?:in|on|done|visit)\b)", r"\g<w> check-up visit"),
        (r"\b(?P<w>problems|conditions|diagnoses|issues) (?:are |is )?(?:still )?(?:unresolved|not (?:yet )?resolved)\b", r"\g<w> are active"), (r"\bunresolved (?=problems|conditions|diagnoses|issues)", "active "),
        (r"\b(?P<w>costs?|charges?|price) of (?:his|her|their|the) (?:health ?)?care\b", r"amount of claims"),
        (r"(?-i:\b(BP|HR|RR|A1c|A1C|INR|LFT|CBC|BMP|CMP|EKG|ECG|PSA|TSH|LDL|BMI)s\b)", r"\1 values"),
        (r"\bbps\b", "BP values"),
        (r"\bdid (?P<who>he|she|they|(?:the )?(?:patient|pt)) (?P<verb>gain|lose|put on|drop|shed) (?P<what>(?:any |some |much )?(?:weight|kilos|pounds))\b", lambda m: f"has {m['who']} {_DONE[m['verb'].lower()]} {m['what']}"),
        (r"^\W*(?:has|have|did|had) (?:he|she|they|(?:the )?(?:patient|pt)) (?:gained|gain|put on|lost|lose) (?:any |much )?weight (?P<when>in|during|over|this|last|between|from|after|before)\b", r"weight change \g<when>"),
        (r"^\W*(?:has|have|did) (?P<who>he|she|they|the (?:patient|child|boy|girl)) (?:grown|grow)\b", "height change"),
        (r"^\W*how (?:was|were|did) (?P<who>he|she|they|(?:the )?patient(?: \d+)?) (?:get )?admitted\b", r"where was \g<who> admitted from"),
        (r"\bin other than the (?:current|last|present) (?=(?:hospital )?(?:visit|stay|admission|encounter)\b)", "before the last "),
        (r"\b(?P<t>last|first) (?:measured |recorded |taken )?(?P<x>[\w ]{3,30}?) (?:measured )?(?:in|on|during|at) the (?P<a>first|second|third|last|current|previous)(?: hospital)?(?: visit| stay| admission)? (?P<v>less|lower|greater|higher|more|smaller|larger) than (?:(?:in|on|during|at) )?the (?P<b>first|second|third|last|previous)(?: hospital)? (?:visit|stay|admission)\b",
         lambda m: f"{m['x']} at the {_END[m['t'].lower()]} of the {m['a']} hospital stay {m['v']} than at the {_END[m['t'].lower()]} of the {m['b']} hospital stay"),
        (r"\bdiffer(?:s|ed)? between the (?P<a>first|second|third|last) (?:and|to|vs\.?) (?:the )?(?P<b>first|second|third|last) (?:hospital )?(?P<s>visit|stay|admission)s?\b", r"differ between the end of the \g<a> hospital \g<s> and the end of the \g<b> hospital \g<s>"),
        (r"\b(?:while|when|whilst) (?:(?:she|he|they|the patient) (?:was |were )?)?(?:still )?(?:in|on) (?:the )?(?:[a-z]{0,2}icu|intensive care(?: unit)?)\b|(?<=\bgiven )in (?:the )?[a-z]{0,2}icu\b|(?<=\breceived )in (?:the )?[a-z]{0,2}icu\b|(?<=\badministered )in (?:the )?[a-z]{0,2}icu\b", "during the last icu stay"),
        (r",? the (?:last|latest) time(?=\W*$)", " for the last time"),
        (r"^\W*(?P<unit>hours|days|weeks|months|years) on (?P<drug>[\w -]{3,40}?)(?=\W*$| (?:in|during|since)\b)", r"for how many \g<unit> was the patient on \g<drug>"),
        (r"^\W*(?:total )?icu (?:length of stay|los|days)(?: so far| to date| until now)?(?=\W*$| (?:in|during|for)\b)", "how long was the patient in the ICU"),
        (r"\bhow many (?:of (?:it|them|those) )?(?P<v>were|did (?:he|she|they|the patient)) (?P<p>given|get|receive|have)(?= in (?:total|all)\b|\W*$)", r"how many doses \g<v> \g<p>"),
        (r"\b(?:heart |cardiac )?rhythm (?:problems?|disorders?|disturbances?|abnormalit(?:y|ies)|trouble)\b", "arrhythmia"),
    )
)  # fmt: skip
_TOP = re.compile(
    rf"\b(?:top |the )?{_N} (?:top |most )(?P<often>often|frequent(?:ly)?|common(?:ly)?|prescribed|ordered|administered|performed|given)\b|\btop {_N.replace('?P<n>', '?P<n2>')} (?:most )?(?P<often2>often|frequent(?:ly)?|common(?:ly)?)\b",
    re.IGNORECASE,
)


_DONE = {"gain": "gained", "lose": "lost", "put on": "put on", "drop": "lost", "shed": "lost"}
_SALTS = {"k": "potassium chloride", "k+": "potassium chloride", "potassium": "potassium chloride", "mag": "magnesium sulfate", "magnesium": "magnesium sulfate", "phos": "phosphate", "phosphate": "phosphate"}
_END = {"last": "end", "first": "start"}


def clinically(text: str) -> str:
    """The question in plain words."""
    for pattern, said in _TURNS:
        text = pattern.sub(said, text)
    return text


def top_asked(text: str) -> tuple[str, int]:
    """(the question without its number, how many of the most frequent it asks for; 0 where none is told)."""
    found = _TOP.search(text)
    if found is None:
        return text, 0
    number = (found["n"] or found["n2"]).lower()
    often = (found["often"] or found["often2"]).lower()
    said = often if often.startswith(("often", "freq", "common")) else f"often {often}"
    return f"{text[: found.start()]}most {said}{text[found.end() :]}", int(number) if number.isdigit() else _NUMBERS[number]
