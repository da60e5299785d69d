"""Questions told in a few words, made whole: "X present?", "X duration", "where is his K", "08/2022 through 07/2024"."""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OF = r"(?:the |her |his |their |a )?"
_Said = str | Callable[[re.Match[str]], str]
_TURNS: tuple[tuple[re.Pattern[str], _Said], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        # Whether it is there.
        (r"^\W*(?!which|what|how|when|where|is|are|was|were|any)(?P<x>[\w /'-]{3,50}?)(?<! at) present(?:,? y/n| or (?:not|absent))?\W*$", r"does the patient have \g<x>?"),
        (r"^\W*(?!which|what|how|when|where|on|since|from|in|is|are|was|were|any|oldest|newest|latest|first|last|neither|no )(?P<x>[\w /'-]{3,50}?) (?:according to|on) (?:the|her|his|my) (?:problem |diagnosis )?list(?:,? (?:yes/no|y/n|yes or no))?\?$", r"does the patient have \g<x>?"),
        (r"^\W*(?!which|what|how|when|where|is|are|was|were|any|[^?]*\b(?:l?v?ef|fraction|size|diameter|pressure|gradient|rate|score|grade|results?|reports?|findings?|date|side|measure\w*)\b)(?P<x>[\w /'-]{2,40}?) (?P<y>on (?:the |her |his )?(?:[\w-]+ )?(?:ct|ctpa|cta|mri|x-?ray|cxr|scan|echo|ultrasound|film|angiogram)(?: scan)?)\?$", r"is there \g<x> \g<y>?"),
        (r"^\W*(?!which|what|how|when|where|is|are|was|were|any)(?P<x>(?:current|present) [\w -]{3,40}?|[\w -]{3,40}? status)\?$", r"what is the \g<x>?"),
        (r"^\W*(?!which|what|how|when|where)(?P<x>[\w /'-]{3,50}?) resolved\?$", r"has the \g<x> resolved?"),
        (r"\b(?:it|according to) (?:the |her |his )?problem list\W*$", ""),
        (r"^\W*(?P<x>[\w /'-]{3,50}?) (?:required|needed)\?$", r"was \g<x> needed?"),
        (r"\b(?P<df>dos(?:e|age)) ?(?:and|&|\+|,|/) ?how often\b", r"\g<df>"),
        # How long.
        (rf"\b(?:time|years|months|how long) (?:since|from) {_OF}(?P<x>[\w /'-]{{3,50}}?) (?:was |got |were )?(?:first )?(?:diagnosed|found|detected|discovered)\W*$", r"for how long has the patient had \g<x>?"),
        (rf"\b(?:time|years|months|how long) since {_OF}(?:diagnosis of {_OF}(?P<x>[\w /'-]{{3,50}}?)|(?P<y>[\w /'-]{{3,40}}?) diagnosis)\W*$", r"for how long has the patient had \g<x>\g<y>?"),
        (r"^\W*(?P<x>[\w /'-]{3,40}?) duration(?:,? in (?:days|months|years))?\W*$", r"for how long has the patient had \g<x>?"),
        (rf"\bhow long ago (?:was|were) {_OF}(?P<x>[\w /'-]{{3,50}}?) (?:first )?(?:diagnosed|found|detected|discovered|picked up)\W*$", r"for how long has the patient had \g<x>?"),
        (r"\bhow many (?:months|years)(?: or (?:months|years))? of (?P<x>[\w /'-]{3,40}?)(?: so far| by now| until now)\W*$", r"for how long has the patient had \g<x>?"),
        (r"^\W*(?:in-?patient|hospital|bed) (?:days|nights)\W*$|^\W*(?:number of |how many )(?:in-?patient|hospital|bed) (?:days|nights)(?= (?:in|of|during|for)\b|\W*$)", "how long was the hospital stay "),
        # What is asked for at the end.
        (r"^\W*(?P<x>[^?:,]{3,50}?)(?:\s*[:,]\s*| [-–—] )(?:which|what|name|which one|what is it|the name)\W*$", r"which \g<x>?"),
        (r"^\W*(?P<x>[^?:,]{3,50}?)(?:\s*[:,]\s*| [-–—] )(?:count|number|total|in total|total number|how often|how many)\W*$", r"how many \g<x>?"),
        (r"^\W*(?P<x>[\w /'-]{3,40}?) (?:name|called)\W*$", r"which \g<x>?"),
        (r"^\W*(?!how|when|what|which|who|where)(?P<x>[\w /'-]{3,50}?) since\?$", r"since when \g<x>?"),
        (r"\b(?P<x>lowest|poorest|worst|highest|best|latest|last|current|newest) (?:o2|oxygen)(?! (?:sat|therap|flow|mask|require|use|by))\b", r"\g<x> oxygen saturation"),
        # Of a value.
        (r"\bhow (?P<w>high|low) (?P<v>is|was|are|were) (?=the |her |his |their )", r"what \g<v> "),
        (r"(?P<p>, )how (?P<w>high|low) (?:is|was) (?P<x>[\w /-]{2,30})\?", r"\g<p>what was \g<x>?"),
        (r"\bwhere (?:is|does|are) (?P<x>(?:her|his|their|the) [\w /-]{2,30}?)(?: (?:currently|now))?(?: stands?| sits?)?(?: at)?(?: (?:currently|now|at present|at the moment|these days))\W*$", r"what is \g<x> now?"),
        (r"\bhow many points (?:did|does|has) (?:she|he|they|the patient) (?:scored?|have|get|got) (?:on|in) ", "what was the score of "),
        (r"\b(?P<p>most recent|latest|last|newest) count\b", r"\g<p> value"),
        (r"\b(?P<x>[\w-]+ (?:level|concentration)),? (?P<p>most recent|latest|last|newest)\W*$", r"what was the \g<p> \g<x>"),
        (r"\b(?:newest|latest|last|most recent) (?P<x>[\w-]+ (?:level|concentration))(?: in (?:the )?blood)?\W*$", r"what was the last \g<x>"),
        (r"\b(?P<h>how high|highest|max(?:imum)?|peak|worst)(?P<m>\b[^,?.]{0,25}\b)fever\b", r"\g<h>\g<m>temperature"),
        (r"\bfever\b(?P<m>[^?]{0,30}\bhow high\b)", r"temperature\g<m>"),
        (r"\bt-?max\b", "highest temperature"),
        # Why.
        (r"\bwhat made (?:them|him|her|the team|you|us|the patient) (?P<v>stop|start|switch|change|quit) (?:the |her |his )?", r"why did they \g<v> "),
        (r"^\W*what (?:condition|disease|problem|illness) is (?P<x>[\w -]{3,40}?) (?:treating|for|used for|meant for)\W*$", r"what is \g<x> for?"),
        (r"\bwhat (?:illness|condition|disease|problem) (?:led|brought|caused|made)(?: to)? (?:her|his|him|the patient)(?:'s)? (?=(?:hospitali[sz]ation|admission)\b)", "what was the reason for the "),
        (r"^\W*(?P<x>[\w -]{3,40}?)[:,] what for\W*$", r"what was the reason for the \g<x>?"),
        # What a drug did.
        (r"\bwhat happen(?:ed|s) (?:when|if|after) (?:she|he|they|the patient) (?:got|gets|had|has|took|takes|was given|is given|received|receives) (?P<x>[\w -]{3,40}?)\W*$", r"what is the reaction to \g<x>?"),
        (r"\b(?P<x>(?!transfusion|allergic|adverse|drug|any|the|hypersensitivity|skin|vaccine|her|his|what|that|this|no|bad|severe|a)[a-z]{5,}) reaction\b(?! to)", r"reaction to \g<x>"),
        (r"\bwhat is the state of (?=[^?]*\b(?:referral|order|request)\b)", "what is the status of "),
        # Of time.
        (r"\b(?:past|last) (?P<n>\d{1,2}) ?(?P<u>y|yr|yrs|m|mo|mos|w|wk|wks|d)\b", lambda m: f"past {m['n']} { {'y': 'years', 'm': 'months', 'w': 'weeks', 'd': 'days'}[m['u'][0].lower()] }"),
        (r"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|2[0-2])\d\d)(?![\d/])", lambda m: f"{_MONTHS[int(m['m']) - 1]} {m['y']}"),
        (r"\bat any (?:time|point) since\b", "ever since"),
        (r"^\W*(?:the )?(?P<a>start|beginning) of (?P<w>the (?:last|first|second|latest) (?:hospital )?(?:stay|admission))\W*$", r"when did \g<w> start?"),
        (r"\bout-of-range\b", "out of range"),
        (r"\bby when (?:should|must|is)\b", "when should"),
        # Of drugs and the person.
        (r"\b(?:did|does) (?:she|he|they|the patient) (?:use to|used to) smoke\b", "did the patient ever smoke"),
        (r"\bred (?:blood )?cell size\b", "MCV"),
        (r"\b(?P<w>she|he|they|the patient|pharmacist|daughter|son|wife|husband) (?:phone|phoned|rang|ring)\b", r"\g<w> call"),
    )
)  # fmt: skip


def whole(text: str) -> str:
    """The question with what was left out put in. Any string."""
    for pattern, said in _TURNS:
        text = pattern.sub(said, text)
    return text
