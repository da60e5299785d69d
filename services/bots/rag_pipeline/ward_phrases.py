"""Turns of phrase of the ward and the clinic, said in haste: "I/O yesterday", "last 3 BPs", "K repleted?"."""

from __future__ import annotations

import re
from collections.abc import Callable

_DONE = {"gain": "gained", "lose": "lost", "put on": "put on", "drop": "lost", "shed": "lost"}
_SALTS = {
    "k": "potassium chloride", "k+": "potassium chloride", "potassium": "potassium chloride", "mag": "magnesium sulfate", "magnesium": "magnesium sulfate", "phos": "phosphate", "phosphate": "phosphate",
}  # fmt: skip
_TURNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        # What is asked, put plainly.
        (r"^\W*count (?:the )?(?:number of )?times (?:that |when )?(?P<w>the patient|she|he|they) (?P<h>has|have|had|was|were) (?:been )?(?P<v>given|administered|prescribed|hospitali[sz]ed|admitted|transfused) ?(?P<x>[^?]*)", lambda m: f"how many times was {m['x']} {m['v']}" if m["v"].lower() in ("given", "administered") else f"how many times was {m['w']} {m['v']} {m['x']}"),
        (r"(?<=[a-z]) / (?=[a-z])", "/"),
        (r"(?P<s>\b(?:summari[sz]e|summary|overview|brief)\b[^?]*?) for (?:the |her |his |their |my |a )?(?:gp|pcp|family (?:doctor|physician)|primary care \w+|referring \w+|colleague|handover|next shift|family|ward round|mdt|referral|letter)(?=\W*$)", r"\g<s>"),
        (r"\bpain (?:out of (?:10|ten)|\(?/ ?10\)?)", "pain score"),
        (r"^\W*(?P<x>(?!what|the|is|any|care|treatment|management|discharge)[\w ./%-]{1,40}?) ?[-–—,:]+ ?(?:the )?plan\W*$", r"what is the plan for \g<x>?"),
        (r"\b(?:serum|plasma|last|latest|current) mg\b(?! ?/)", "serum magnesium"),
        (r"\b(?P<r>since|after|before) (?:the |her |his |their )?(?:hospital )?(?P<e>discharge|admission|(?:hospital )?stay) in (?P<m>january|february|march|april|may|june|july|august|september|october|november|december)(?! \d)(?=\W*$|,)", r"\g<r> the \g<m> \g<e>"),
        (r"^\W*was (?:the |her |his )?(?:care plan'?s? )?(?:target|goal),? (?:of )?(?:an? )?(?P<x>[^,?]{4,50}?(?:below|under|above|over|less than|at least|<|>)[^,?]{1,25}?),? (?:met|reached|achieved|attained)\b", r"was \g<x>"),
        (r"^\W*(?:from|since|as of) (?:which|what) (?:date|day|when) (?:is|was|has) (?P<x>[\w' -]{3,40}?) (?:been )?(?:coded|listed|on the problem list|recorded as a (?:problem|diagnosis))(?=\W*$)", r"when was \g<x> diagnosed"),
        (r"(?<!room )(?<!department )(?<!er )(?<!ed )\b(?P<w>hospital (?:admission|stay)|admission|hospitali[sz]ation|inpatient stay) (?:of|on|from|dated) (?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? \d{1,2}(?:st|nd|rd|th)?,? (?P<y>(?:19|2[0-2])\d\d)\b|\b(?P<w2>hospital (?:admission|stay)|admission|hospitali[sz]ation|inpatient stay) (?:of|on|from|dated) \d{1,2}(?:st|nd|rd|th)? (?P<m2>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (?P<y2>(?:19|2[0-2])\d\d)\b", lambda m: f"{m['m'] or m['m2']} {m['y'] or m['y2']} {m['w'] or m['w2']}"),
        (r"\bclosed(?: on the (?:problem|diagnosis) list)?(?=\W*$)|\btaken off the problem list\b|\bremoved from the problem list\b", "resolved"),
        (r"\b(?:with)?in the (?P<a>\d+(?:\.\d+)?) ?(?:-|–|to) ?(?P<b>\d+(?:\.\d+)?)(?P<u> ?[a-z/%]+)? that (?:is|was) (?:usual|normal|typical|expected|recommended|wanted|the target)(?: for (?:him|her|them|the patient))?", r"between \g<a> and \g<b>\g<u>"),
        (r"\bhow much urine (?:came|drained|went|ran|was drained) (?:out )?(?:through|via|from|out of|by|into) (?:the |her |his )?(?:foley|catheter|bag)(?: catheter)?\b", "total urine output"),
        (r"\b(?:(?:what (?:was|is) (?:the )?)?age (?:of (?:the patient|her|him) )?|how old (?:was|were) (?:he|she|they|the patient) )at (?:the |her |his )?(?P<x>(?:first|last|latest|initial) [\w -]{3,40}?)(?=\W*$)", r"how old was the patient when the \g<x> was done"),
        (r"^\W*(?:in )?(?:which|what) (?P<u>years|months) (?:was|were|did (?:he|she|they) have) (?:the |her |his |an? )?(?P<x>[\w -]{2,30}?)(?: (?:measured|checked|tested|recorded|taken|done|drawn))?(?=\W*$)", r"list all \g<x> values"),
        (r"^\W*(?P<x>[\w /-]{2,30}?),? and how (?:it|that|this)(?: has|'s)? (?:been )?chang(?:ed|ing)(?P<y>[^?]*)$", r"how has \g<x> changed\g<y>"),
        (r",? (?:in|by) (?:date|chronological|time) order\b|,? (?:sorted|ordered|arranged) (?:by date|chronologically|by time)\b(?: \w+)?|,? chronologically(?=\W*$)|,? (?:most recent|newest|latest|oldest|earliest) first(?=\W*$)|,? (?:in order )?from (?:oldest to newest|newest to oldest|earliest to latest)\b", ""),
        (r"^\W*what (?:was|were|is) (?:he|she|they|the patient) (?:being )?treated for (?=in\b|during\b|at\b|between\b|since\b)", "which conditions were diagnosed "),
        (r"^\W*what(?: is|'s| was)? (?:being |been )?planned (?:for|with|about|regarding) (?:the |her |his )?(?P<x>[\w' -]{3,50}?)(?=\W*$)", r"what is the plan for \g<x>"),
        (r"\b(?:at|during|in|on) (?:the |her |his )?(?:emergency(?: room| department)?|er|ed|a&e) (?:admission|visit|encounter|stay|attendance) (?:of|on|from) (?=(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|2[0-2])\d\d|\d{1,2} (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|\d{4}-\d\d-\d\d)", "on "),
        (r"\bat (?:the |her |his )?(?:visit|encounter|appointment|consultation) for (?:the |her |his )?[\w' -]{3,50}? in (?=(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (?:19|2[0-2])\d\d)", "in "),
        (r"\bbetween (?:the |her |his )?(?:two|2) (?:encounters|visits|episodes|bouts|attacks) (?:for|of) (?:an? |the )?(?P<x>[\w' -]{3,50}?)(?=\W*$)", r"between the first \g<x> and the last \g<x>"),
        (r"\b(?P<r>since|after) (?:he|she|they|the patient) (?:left|was discharged from|came out of|got out of) (?:the )?hospital in (?P<m>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?: (?:19|2[0-2])\d\d)?)\b", r"\g<r> the \g<m> discharge"),
        (r"\b(?:was|were) (?:the patient|he|she|they) transfused with (?:(?:packed |red |blood )*(?:cells|blood)|prbcs?)\b", "was the blood transfusion done"),
        (r"^\W*what was (?:all )?done on (?=\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", "what happened on "),
        (r"\b(?:has|have|is|are) (?:there )?any(?:thing|(?: orders?| tests?))?(?: been)? (?:ordered|requested) (?:that|which|but) (?:has|have|is|are) ?(?:not|n't) (?:been )?(?:yet )?(?:done|carried out|completed|performed)(?: yet)?", "which orders are open"),
        (r"^\W*what (?:did|does|do|are|is) (?:the doctor|we|they|you|the team|the clinician) (?:do|doing) (?:about|for|with) (?:the |her |his )?(?P<x>[\w' -]{2,40}?)(?=\W*$)", r"what is the plan for \g<x>"),
        # Which day of a stay.
        (r"\b(?:on |at )?(?:the )?(?P<n>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th) (?:hospital )?day of (?:the |her |his |their |this |that )?(?P<s>(?:hospital |icu |in-?patient )?(?:stay|admission|hospitali[sz]ation))(?=\W*$|,| (?:was|what|did|which|how)\b)|\bon (?:the )?(?P<n2>second|third|fourth|fifth|2nd|3rd|4th|5th) (?:hospital|icu) day\b", lambda m: f"on the {m['n'] or m['n2']} day of the last {m['s'] or 'hospital stay'}"),
        (r"\b(?:on )?(?:hospital day|hd) ?#?(?P<n>\d{1,2})(?! of)\b|\b(?:on )?day (?P<n2>\d{1,2}) of (?:the |her |his |their |this |that )?(?P<s>(?:hospital |icu |in-?patient )?(?:stay|admission|hospitali[sz]ation))(?=\W*$|,)", lambda m: f"on day {m['n'] or m['n2']} of the last {m['s'] or 'hospital stay'}"),
        (r"\b(?:on )?the day after (?:the |her |his )?(?:hospital )?(?:admission|being admitted|he was admitted|she was admitted)(?=\W*$|,)", "on day 2 of the last hospital stay"),
        (r"\bwhat (?:did|does) (?P<w>(?:the |her |his )?(?:(?:last|latest|most recent|first|previous) )?(?:[\w-]+ )?(?:echo(?:cardiogram)?|tte|ct|mri|ultrasound|scan|x-?ray|dexa|stress test|cath(?:eterization)?|biopsy|pfts?|spirometry))(?: \w+)? (?:show|say|report|give|find|reveal) (?:for|as|about|of|regarding) (?:the |her |his )?(?P<x>[\w' -]{2,40}?)(?=\W*$)", r"what was \g<x> on \g<w>"),
        (r"\b(?:given|administered|infused|received) intravenously\b|\bby (?:iv|intravenous)(?: route)?\b", "given iv"), (r"\b(?P<k>(?:different |distinct )?(?:drugs?|medications?|medicines?|antibiotics?)) (?:(?:that )?(?:were|was|he|she|the patient) )?(?:given|administered|received|got|ordered) iv\b", r"iv \g<k> given"),
        (r"\b(?:first|initial|earliest) (?:recorded |measured |documented |known |ever )?(?P<x>(?!and|or|to|value|measure|read|result|one)[\w /-]{2,30}?),? (?:and|vs\.?|versus|or) (?:the |her |his )?(?:last|latest|most recent|current|newest)(?: (?:recorded |measured )?(?:one|value|reading|result|measurement))?(?=\W*$)", r"the first and the last value of \g<x>"),
        (r"\b(?:first|initial|earliest) (?P<x>[\w/-]{2,30}?) and (?:the |her |his )?(?:last|latest|most recent|current|newest) (?P=x)(?=\W*$)", r"the first and the last value of \g<x>"),
        (r"\b(?:are|is|were|was) there (?:any )?gaps? in (?P<x>[\w' -]{3,40}?)(?=\W*$)", r"how long between \g<x>"),
        (r"^\W*(?:list|show|name|give|what are|which are)\b(?P<x>[\w' -]{3,50}?) (?:with|and|incl(?:uding)?|w/) (?:the |their |its )?(?:onset|start|diagnosis) ?(?:dates?|years?)?(?=\W*$)", r"list\g<x> with dates"),
        (r"\b(?P<r>since|after|before|until) (?:the |her |his )?(?:newest|most recently added) (?P<x>[\w -]{3,40}?) (?:drug|medication|medicine|agent)\b", r"\g<r> the last \g<x> medication was started"),
        (r"\b(?P<d>yesterday|today)'s (?:value|reading|measurement|one|result)\b", r"\g<d>"), (r"\bthis morning'?s\b", "today's"),
        (r"^\W*(?:can|could|may|should) (?:i|we) (?:safely )?(?:prescribe|give|use|order|start|put)(?: (?:her|him|them|the patient))?(?: on)? (?P<d>[\w -]{3,40}?)(?=\W*$)|\bany reasons? (?:not to (?:give|prescribe|use|start)|against)(?: (?:her|him|them|the patient))?(?: on)? (?P<e>[\w -]{3,40}?)(?=\W*$)", lambda m: f"can the patient have {m['d'] or m['e']}"),
        (r"\b(?P<w>before and after|since|after|before|until) (?:he|she|they|the patient) (?:was|were|had been|came|went) (?:taken )?off (?=[a-z])", r"\g<w> stopping "),
        (r"^(?:the )?(?:due )?(?:date|day|time) of (?P<x>(?:her|his|the|their) next [\w -]{3,40}?)\W*$", r"when is \g<x>?"), (r"^\W*(?:the )?due date (?:of|for) (?P<x>(?:her|his|the|their) [\w -]{3,40}?)\W*$", r"when is \g<x> due?"),
        (r"\bnext (?P<x>(?!due|dose|hospital|follow)[a-z][\w ]{2,30}?) (?:visit|check-?up|consultation)\b", r"next \g<x> appointment"),
        (r"^\W*what (?:has|have|had|was|were|is) (?:he|she|they|the patient) (?:been )?taken off\b", "which medications were stopped"),
        (r"^\W*(?P<w>.*?)\b(?:was|were) (?:he|she|they|the patient) operated (?:on )?for (?:an? |the )?(?P<x>[\w -]{3,40}?)(?=\W*$)", r"\g<w>was the \g<x> surgery done"),
        (r"(?-i:\b(?P<o>thyroid|Thyroid|renal|Renal|kidney|Kidney|liver|Liver|abdominal|Abdominal|pelvic|Pelvic|breast|Breast|testicular|Testicular|carotid|Carotid|neck|Neck|leg|Leg) US\b)", r"\g<o> ultrasound"),
        (r"^\W*admission (?P<x>(?!note|summar|date|diagnos|weight|medic|reason|type|source|labs?\b|orders?|vitals)[\w ]{2,25}?)(?=,|\W*$| (?:in|of) \w+ \d{4})", r"\g<x> on admission"),
        (r"^\W*(?P<w>start|begin|end|stop|discontinuation)(?:ning|ing)?(?: date)? of (?:the |her |his )?(?P<x>[\w -]{3,40}?)(?=\W*$)", lambda m: f"when was {m['x']} {'started' if m['w'].lower() in ('start', 'begin') else 'stopped'}"),
        (r"\ball (?P<x>[\w -]{3,40}?) from (?P<y>(?:19|2[0-2])\d\d)(?=\W*$)", r"all \g<x> in \g<y>"),
        (r"^\W*when (?:the |her |his )?(?P<a>[\w -]{2,30}?) was (?:at (?:its|the) )?(?P<p>lowest|highest|at its peak|peak),? (?:what|how (?:high|low|much)) (?:was|were) (?P<b>[\w -]{2,40}?)(?=\W*$)", r"what was \g<b> on the day of the \g<p> \g<a>"),
        (r"^\W*where (?P<x>(?:the |her |his |their )[\w -]{2,30}?) (?:currently |now |presently )?stands?\b", r"what is \g<x> now"),
        (r"\bwhat was behind (?P<v>stopp|start|chang|discontinu)ing (?:the |her |his )?(?P<x>[\w -]{3,40}?)(?=\W*$)", lambda m: f"why was {m['x']} {m['v'].lower()}ed"),
        (r"\b(?:what|which) (?:test|investigation|study|imaging|scan)s? (?:was|were) (?:ordered|requested)\b", "which orders were placed"),
        (r"\b(?:o2|oxygen) (?:requirements?|needs?)\b", "oxygen therapy"),
        (r"\bwhat (?:diagnosis|condition|problem|disease|illness) (?:was|is|were) (?:he|she|they|(?:the )?patient) (?:being )?treated for with (?P<d>[\w -]{3,40}?)(?=\W*$)", r"what is \g<d> for"),
        (r"^\W*what (?:are )?(?:the |his |her )?(?:latest |last |recent )?(?:labs?|lab(?:oratory)? (?:results?|tests?|values?)|results?|tests?)\b[^?]{0,30}\b(?:pertinent|relevant|related|pertaining) to (?:the |his |her )?(?P<x>[\w -]{3,40}?)(?: diagnosis)?(?=\W*$)", r"overview of \g<x>"),
        (r"\bhow (?:was|is|were|are|has|had) (?:the |his |her |their )?(?P<x>[\w -]{3,40}?) (?:been )?(?:being )?treated(?=\W*$)", r"which drugs were prescribed for \g<x>"),
        (r"\bday (?:1|one) (?:vs\.?|versus|and|to) (?:the )?(?:day of )?discharge\b|\badmission to discharge\b", "on admission vs at discharge"),
        (r"^\W*why off (?P<d>[\w -]{3,40}?)(?=\W*$)", r"why was \g<d> stopped"),
        (r"^\W*(?P<d>[\w -]{3,40}?) (?P<v>stopped|started|changed|held) (?:bc|because|cos|due to(?: what)?|for what)(?=\W*$)", r"why was \g<d> \g<v>"),
        (r"^\W*(?P<d>(?!why|what|when|how|which|who|is|was|are|were)[\w -]{3,40}?) ?\?* ?(?:what for|for what)(?=\W*$)", r"what is \g<d> for"),
        (r"^\W*(?P<s>(?:ct|mri|cxr|x-?ray|echo|ultrasound|us)(?: (?:of the )?[a-z]+)?): (?:any )?(?P<f>[\w -]{3,30}?)\?+$", r"is there any \g<f> on the \g<s>?"),
        (r"(?-i:(?<!urine )(?<!arterial )(?<!venous )\bpH\b)", "arterial pH"),
        (r"^\W*(?P<d>(?!is|are|was|she|he|what|which|any)[\w -]{3,30}?),? allerg(?:ic|y)\?+$", r"is the patient allergic to \g<d>?"),
        (r"^\W*(?P<x>(?!over|across|at|on|in|from|for|during|what|how|which|did|has|have|was|is|does)[\w /]{2,30}?)(?<! between)(?<! the)(?<! at)(?<! on)(?<! in)(?<! over)(?<! of)(?<! from)(?<! for) (?:the )?last (?P<n>two|three|four|five|2|3|4|5) visits(?=\W*$)", r"\g<x> at the last \g<n> visits"),
        (r"^\W*[\w ]{2,30}? [-–] (?=(?:latest|last|most recent|current|newest) (?!visit|time|admission|stay))", ""),
        (r"\b(?P<x>implant|iud|coil|stitches|sutures|staples|catheter|foley|drain|picc|cast) (?:(?:is|was|were|came|taken|got) )*out(?: (?P<w>when))?(?=\W*$)", lambda m: f"{m['x']} removed {m['w'] or ''}".strip()),
        (r"\babdo\b", "abdomen"), (r"(?<!blood )(?<!sputum )(?<!pap )(?<!cervical )(?<!stool )(?<!acid-fast )(?<!afb )(?<!peripheral )\bsmears?\b(?! (?:test )?(?:of|for|was|were|negative|positive))", "Pap smear"),
        (r"^\W*(?:which|what) (?:drug|medication|medicine|tablet|aed|antibiotic|statin|anticonvulsant|antiepileptic|pill)s? (?:gave|caused|led to|brought on|triggered)(?: (?:her|him|them|the patient))?(?: (?:the|an?|his|her))? (?P<r>[\w -]{3,30}?)(?=\W*$)", r"which drug was stopped because of \g<r>"),
        (r"^\W*transfused\b", "was the patient transfused"),
        (r"^\W*(?P<w>last|first) dose of (?P<x>[\w -]{3,40}?)[,:]? (?:time|when|at what time)\W*$", r"when was the \g<w> dose of \g<x> given"),
        (r"\b(?:is|was|has|did) (?:the |her |his )?(?P<e>k\+?|potassium|mag|magnesium|phos|phosphate) (?:been |get |got )?(?:repleted|replaced|supplemented)\b", lambda m: f"was {_SALTS[m['e'].lower()]} given"),
        (r"\b(?:i ?[/&] ?o|is and os|ins and outs|intake and output|net (?:fluid )?balance)\b(?! differ)", "fluid balance"),
        (r"^\W*(?P<x>[\w /-]{2,30}?),? (?P<e>lowest|highest|peak|nadir|max|min) and (?:the )?(?:current|latest|last|most recent)\W*$", r"compare the \g<e> \g<x> with the latest"),
        (r"^\W*(?P<e>lowest|highest|peak|max|min) and (?:the )?(?:current|latest|last|most recent) (?P<x>[\w /-]{2,30}?)\W*$", r"compare the \g<e> \g<x> with the latest"),
        (r"^(?P<w>\W*[\w /-]{2,40} (?:results?|findings?|report)),? and when(?: was (?:it|that))?\W*$", r"\g<w>?"),  # every answer has its date
        (r"\b(?P<v>get|got|receive[ds]?|given|need(?:ed)?|require[d]?|transfused(?: with)?|had|have) (?:any |a unit of |units of )?(?:(?P<p>platelets)|(?P<f>ffp|(?:fresh frozen )?plasma)|(?:packed (?:red )?cells|red (?:blood )?cells|prbcs?|blood))(?=\W*$| (?:in|on|during|since|after|before|at|this|last)\b)", lambda m: f"{m['v']} {'platelet' if m['p'] else 'plasma' if m['f'] else 'blood'} transfusion"),
        (r"\bslope\b", "trend"), (r"\bno[- ]?show(?:ed)?\b(?: (?:any|an|the))?(?: (?:appointments?|visits?))?", "missed appointments"),
        (r"\b(?P<w>last|latest|annual|yearly|next|most recent|first) physical(?: exam(?:ination)?)?(?=\W*$| (?:in|on|done|visit)\b)", r"\g<w> check-up visit"),
        (r"\b(?P<w>problems|conditions|diagnoses|issues) (?:are |is )?(?:still )?(?:unresolved|not (?:yet )?resolved)\b", r"\g<w> are active"), (r"\bunresolved (?=problems|conditions|diagnoses|issues)", "active "),
        (r"\b(?:costs?|charges?|price) of (?:his|her|their|the) (?:health ?)?care\b", r"amount of claims"),
        (r"(?-i:\b(BP|HR|RR|A1c|A1C|INR|LFT|CBC|BMP|CMP|EKG|ECG|PSA|TSH|LDL|BMI)s\b)", r"\1 values"),
        (r"\bbps\b", "BP values"),
        (r"\bdid (?P<who>he|she|they|(?:the )?(?:patient|pt)) (?P<verb>gain|lose|put on|drop|shed) (?P<what>(?:any |some |much )?(?:weight|kilos|pounds))\b", lambda m: f"has {m['who']} {_DONE[m['verb'].lower()]} {m['what']}"),
        (r"^\W*(?:has|have|did|had) (?:he|she|they|(?:the )?(?:patient|pt)) (?:gained|gain|put on|lost|lose) (?:any |much )?weight (?P<when>in|during|over|this|last|between|from|after|before)\b", r"weight change \g<when>"),
        (r"^\W*(?:has|have|did) (?:he|she|they|the (?:patient|child|boy|girl)) (?:grown|grow)\b", "height change"),
        (r"\b(?:while|when|whilst) (?:(?:she|he|they|the patient) (?:was |were )?)?(?:still )?(?:in|on) (?:the )?(?:[a-z]{0,2}icu|intensive care(?: unit)?)\b|(?<=\bgiven )in (?:the )?[a-z]{0,2}icu\b|(?<=\breceived )in (?:the )?[a-z]{0,2}icu\b|(?<=\badministered )in (?:the )?[a-z]{0,2}icu\b", "during the last icu stay"),
        (r"^\W*(?P<unit>hours|days|weeks|months|years) on (?P<drug>[\w -]{3,40}?)(?=\W*$| (?:in|during|since)\b)", r"for how many \g<unit> was the patient on \g<drug>"),
        (r"^\W*(?:total )?icu (?:length of stay|los|days)(?: so far| to date| until now)?(?=\W*$| (?:in|during|for)\b)", "how long was the patient in the ICU"),
        (r"\bhow many (?:of (?:it|them|those) )?(?P<v>were|did (?:he|she|they|the patient)) (?P<p>given|get|receive|have)(?= in (?:total|all)\b|\W*$)", r"how many doses \g<v> \g<p>"),
        (r"\b(?:heart |cardiac )?rhythm (?:problems?|disorders?|disturbances?|abnormalit(?:y|ies)|trouble)\b", "arrhythmia"),
    )
)  # fmt: skip


def from_the_ward(text: str) -> str:
    """The question in full words."""
    for pattern, said in _TURNS:
        text = pattern.sub(said, text)
    return text
