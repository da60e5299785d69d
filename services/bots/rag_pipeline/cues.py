"""The words by which questions say what they want: one table for each part of a plan."""

from __future__ import annotations

import re


def cue(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w-])", re.IGNORECASE)


# What is wanted, in the order in which the cues are tried: the first that is found decides.
POLITE = re.compile(
    r"^\s*(?:(?:hi|hello|hey|ok|okay|so|please|thanks?|doctor|doc)[,!. ]+)*(?:(?:could|can|would|will) (?:you|someone|we)(?: please| kindly| quickly)?|please|kindly|i(?:'d| would) like (?:to know|to see)?|i (?:need|want) (?:to (?:know|see))?|do we know|do you know|let me (?:see|know)|remind me(?: again)?|quick(?:ly)?(?: question)?[:,]?)\s+"
    r"(?:(?:please )?(?:tell|give|show|remind|find|get|pull up|look up|check|confirm|let me know|fetch|bring up|list|state|say)(?: me| us| out)?(?: again)?(?: please)?(?! (?:all|each|every|the list))\s+)?",
    re.IGNORECASE,
)
PULL = re.compile(
    r"^\s*(?:pull up|bring up|look up|fetch|get(?: me)?|find(?: me)?|display|retrieve)\s+(?:me )?",
    re.IGNORECASE,
)
# "When" that only tells which one: "what was her BP when last taken".
SUBORDINATE = re.compile(
    r"(?:,? (?:when|the last time|last time|at the time when)) (?:(?:it|he|she|they|this|that|blood) (?:was|were|got) )?(?:last |most recently |previously )?(?:last |most recently )?(?:taken|checked|measured|tested|done|drawn|recorded|here|seen|in clinic|looked at|assessed|determined|sampled)(?: last| here)?|(?<!\bthan)(?<!\bvs)(?<!\bfrom)(?<!\bwith)(?<!\bto),? (?:the )?last time(?: (?:it|we|he|she|they) (?:was|were)? ?\w*)?(?=\W*$)",
    re.IGNORECASE,
)
ASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "age_at",
        cue(
            r"(?:how old|what age|age) .{0,40}(?:when|at (?:the )?(?:time(?: of)?|diagnosis|onset|surgery)|at .{1,30} (?:diagnosis|onset|surgery))|(?:how old|age) .{0,30}(?:diagnos|began|begin|onset|started)|at what age|age (?:at|of) (?:diagnosis|onset)|age at"
        ),
    ),
    (
        "duration",
        cue(
            r"(?:for )?how long(?! ago)|duration of|time since|how much time|how many (?:hours|days|weeks|months|years) ago|interval|los\b|length of|(?:days|weeks|months|years) since|time (?:that )?(?:has )?(?:passed|elapsed)|length of (?:stay|time)|time (?:from|between|elapsed)"
            r"|how many (?:hours|days|weeks|months|years) (?:since|between|from|after|before|did|has|have|was|were|passed|elapsed|old)"
            r"|how many (?:days|weeks|months|years) .{0,60}(?:between|from .{1,60} to|pass)|how many (?:hours|days|weeks|months|years) (?:of|with|on|has|have)|(?:days|weeks|months|years) (?:from|between) |interval between|since how long"
        ),
    ),
    (
        "count",
        cue(
            r"count(?: of)?|,? number(?: of)?$|tally|\bn (?:of )?(?:readings|values|results|measurements)|how many(?! (?:mg|mcg|milligrams|units|tablets|pills|puffs|ml|pack|cigarettes|drinks|years old))|number of|count of|how often(?! (?:does|should|is|do) (?:she|he|they|it|the patient) (?:take|taking|taken|supposed))"
            r"|how frequently(?! (?:does|is))|how much times|total number|# of"
        ),
    ),
    (
        "dose",
        cue(
            r"dos(?:e|es|age|ages|ing)|how much .{0,50}(?:tak(?:e|es|ing)|on|prescribed|given|get(?:s|ting)?|inject\w*|us(?:e|es|ing))|what strength|strength of|how many (?:mg|mcg|milligrams|units|tablets|pills|puffs|ml)"
            r"|how (?:often|frequently) (?:does|should|is|do) .{0,20}(?:tak\w+|us\w+)|how many times (?:a|per) day|directions|schedule|times daily|units|regimen of|sig|frequency of|instructions for|how is .{0,40} taken|how should .{0,40} (?:take|be|use)|strength|how (?:does|do) .{0,40} (?:take|use)"
        ),
    ),
    (
        "reason",
        cue(
            r"why|reasons?|indications?|indicated|what .{1,60} for(?=\W*$)|for what|what (?:led|brought)|brought (?:her|him|them|the patient) (?:in|to)|present(?:ed|ing) (?:with|complaint)|came in (?:for|with)|chief complaint|cause of|due to what|because of what"
        ),
    ),
    (
        "reaction",
        cue(
            r"reactions?(?: to)?|what happen(?:s|ed) (?:when|with|to)|how (?:severe|bad|serious)|severity|criticality"
        ),
    ),
    (
        "who",
        cue(
            r"who|whom|whose|which (?:doctor|provider|physician|clinician|surgeon|nurse|practitioner|specialist|prescriber)|prescriber|author(?:ed by)?|ordering (?:provider|physician)|name of the (?:doctor|surgeon|provider|physician)|attending"
        ),
    ),
    (
        "where",
        cue(
            r"where|which (?:hospital|clinic|facility|location|department)|what (?:hospital|clinic|facility|location)"
        ),
    ),
    (
        "when",
        cue(
            r"when|(?:year|month|day) of|(?:on|in|since) (?:which|what) (?:day|date|month|year)|what (?:date|day|month|year|time)|which (?:date|day|month|year)|on what (?:date|day)|(?:at|on) (?:which|what) (?:visit|appointment|encounter|check(?:-?up)?)|since when|until when|till when|dates? of|date|how long ago|how recent(?:ly)?|time of|last time|first time|start date|stop date|onset|due"
        ),
    ),
    (
        "range",
        cue(
            r"(?:reference|normal) (?:range|interval|values?) (?:for|of)|what (?:is|was|are) the (?:lab'?s? )?(?:reference|normal) (?:range|interval)|upper limit|lower limit|uln|lln"
        ),
    ),
    (
        "summary",
        cue(
            r"hospital course|course in hospital|sum(?:s|med)? (?:it |this |them |that )?up|summar(?:y|ies|i[sz]e[ds]?|i[sz]ing)(?<!discharge summary)(?<!discharge summaries)(?<!visit summary)|overview|brief me|catch me up|tell me (?:all )?about|what(?:'s| is) (?:going on|the story) with|history at a glance|one-liner|synopsis|recap|give me the (?:picture|background)|background on|where do things stand|walk me through|gist|in a nutshell|rundown|run me through|bottom line|big picture|key points"
        ),
    ),
    (
        "trend",
        cue(
            r"what(?:'s| has| have|s)? (?:has )?happen(?:ed|ing) (?:to|with)|how(?:'s| is| has| have) .{1,40} been|been doing|over the years|throughout|trajectory|longitudinal\w*|trend(?:s|ed|ing)?|over time|trajector(?:y|ies)|course(?! note)|progress(?:ed|ion|ing)?(?! notes?)|evol(?:ved?|ution|ving)|how (?:has|have|had|did|is|are|was|were) .{1,60} (?:chang(?:e|ed|ing)|been|done|doing|moved?|develop(?:ed)?|look(?:ed|ing)?|going|vary|varied)"
            r"|(?<!why )(?:did|does|do) .{2,60}? (?:go (?:up|down)|drop|fall|climb|increase|decrease|come (?:up|down))"
            r"|(?:going|gone|went|trending|heading|creeping|drifting|moving|coming|came|come) (?:up|down)|(?:up|rising|better|higher) or (?:down|falling|worse|lower)|improv(?:e|ed|es|ing|ement)|worsen(?:ed|ing|s)?|(?:getting|gotten|got) (?:better|worse|higher|lower)|ris(?:e|en|es|ing)|rose|fall(?:en|ing)|fell|dropp(?:ed|ing)|increas(?:ed|ing)|decreas(?:ed|ing)|declin(?:e|ed|ing)|stable|control(?:led)? over|history of (?:values|results|readings)|fluctuat\w*|serial|plot|graph|chart of|over (?:the|her|his|all|these|those) (?:\w+ )?(?:visits|appointments|encounters|stays|admissions|readings|measurements)"
        ),
    ),
)
COMPARE = cue(
    r"relative to|between the last two|(?:next|side by side|set .{1,60} against|against)|differ(?:s|ed)?|contrast\w*|compar(?:e|ed|ison|ing)|versus|vs\.?|differen(?:ce|t) (?:between|from|than|in)|before and after|before vs\.? after|change[sd]? (?:in|from|between|since|after|before|with|of|over|compared)"
    r"|(?:chang|increas|decreas|improv|reduc|r[io]se|f[ae]ll|drop)\w* (?:since|from|after|between|by how much)|how much (?:has|have|did|weight|higher|lower|more|less)|(?:higher|lower|better|worse|greater|less|more|heavier|lighter)\b(?:(?! than\b)[^,?]){0,30} than(?! ?\d)|which (?:is|was|were) (?:the )?(?:higher|lower|greater|worse|better|larger|smaller)|(?:gain(?:ed)?|lost|loss) (?:since|from|after|over|between|in)|delta|relative to|net change|by how much|change$|from .{1,30} to .{1,30}\?*$"
)
TREND_WORDS = {
    "rising": cue(
        r"(?:did|does|has) .{2,60}? (?:go up|rise)|rising|rose|risen|increas\w+|going up|gone up|went up|trending up|creeping up|getting higher|climb\w*"
    ),
    "falling": cue(
        r"(?:did|does|has) .{2,60}? (?:go down|fall|drop|come down)|losing|falling|fell|fallen|dropp\w+|decreas\w+|declin\w+|going down|gone down|went down|trending down|coming down|came down|getting lower"
    ),
    "stable": cue(r"stable|steady|unchanged|plateau\w*"),
}
# Which of several.
PICKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "highest",
        cue(
            r"how high (?:did|has|have|had) .{1,50} (?:go|get|gone|got|gotten|been|reach(?:ed)?|climb\w*)|highest|fastest|quickest|peak(?:ed)?|max(?:imum|imal)?|greatest|largest|top|worst(?! pain)|heaviest|most elevated|upper(?:most)?(?! limit)|record high"
        ),
    ),
    (
        "lowest",
        cue(
            r"how low (?:did|has|have|had) .{1,50} (?:go|get|gone|got|gotten|been|reach(?:ed)?|drop\w*|f[ae]ll\w*)|lowest|slowest|nadir|min(?:imum|imal)?(?!ut)|smallest|least|lightest|bottom(?:ed)?(?! number)|record low"
        ),
    ),
    (
        "mean",
        cue(
            r"average[ds]?|averaging|mean(?! arterial)(?! corpuscular)(?! cell)(?! platelet)|avg|typical(?:ly)?|on average"
        ),
    ),
    ("median", cue(r"median")),
    (
        "earliest",
        cue(
            r"first(?![- ](?:degree|line|trimester|aid|name|generation)\b)|earliest|oldest|initial(?:ly)?|baseline|at presentation|starting (?:value|weight|level)|original(?:ly)?"
        ),
    ),
    (
        "previous",
        cue(
            r"second[- ](?:to[- ])?last|last but one|one before(?: that| the last)?|penultimate|before (?:that|the last one|last)|prior to (?:that|the last one)|previous (?:one|value|result|reading|level)|the time before"
        ),
    ),
    (
        "latest",
        cue(
            r"most recent(?:ly)?|lst|rcnt|latest|newest|recent(?:ly)?|last(?! (?:name|resort|few|couple)\b)|current(?:ly)?|now|today|up[- ]to[- ]date|right now|at present|these days"
        ),
    ),
)
LAST_N = re.compile(
    r"(?<![\d-])\b(?P<n2>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:most recent|latest|last|newest|previous|first|earliest)\b|\b(?:last|past|latest|(?:most )?recent|previous|first|earliest)\s+(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|couple(?: of)?|few)(?!\s*%|\.\d)(?=\s*\W*$|\s+(?!day|week|month|year|hour|yr|wk|mo\b|decade|visit|admission))",
    re.IGNORECASE,
)
NUMBERS = {
    w: i
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
} | {
    "couple": 2,
    "few": 3,
}
YES_NO = re.compile(
    r"^(?:(?:and|so|ok|please|but|also)[, ]+)*(?:is|are|was|were|has|have|had|does|do|did|any|ever|can|could|isn't|aren't|hasn't|doesn't|didn't|wasn't|had|on an?|still|confirm|check (?:if|whether)|tell me (?:if|whether))\b|\b(?:ever|whether|y/n|yes or no)\b|^is there|\bhas (?:she|he|the patient|pt) (?:ever|had|been)\b",
    re.IGNORECASE,
)
WHICH_SIDE = cue(
    r"left or (?:the )?right|right or (?:the )?left|which side|on what side|which (?:ear|eye|knee|breast|hip|leg|arm|foot|hand|carotid|kidney|lung|shoulder|ankle|wrist)s?"
)
LISTS = cue(
    r"list|what are|what were|which|show(?: me)?|name (?:all|the)|all (?:of )?(?:the|her|his|their)?|enumerate|give me|what other|what else|every"
)
EVER = cue(
    r"ever|(?:at|on) any (?:time|point|stage|occasion)|at (?:some|one) (?:time|point|stage)|on (?:some|one) occasion|any (?:history|record|episode|occurrence|instance)s?(?: of)?|previously|in the past|before|history of|h/o|hx of|past"
)
# Events and the record itself: what isn't there did not happen, as far as the record goes.
CLOSED = cue(
    r"ever (?:been |had |have |be )?(?:measured|checked|tested|recorded|documented|prescribed|given|ordered|done|performed|diagnosed|admitted|hospitali[sz]ed|seen|vaccinated|immuni[sz]ed|received|referred|taken)"
    r"|(?:was|were|am|is|are|been) .{0,12}told|been (?:measured|checked|tested|recorded|documented|prescribed|given|ordered|done|performed|diagnosed|admitted|hospitali[sz]ed|vaccinated|immuni[sz]ed|referred|started|screened|put|seen|placed)"
    r"|(?:was|were) .{0,60}(?:measured|checked|tested|recorded|documented|prescribed|given|ordered|done|performed|diagnosed|admitted|hospitali[sz]ed|vaccinated|received|refer+ed|started)"
    r"|(?:any|is there|are there|was there|were there) |record of|on record|in the (?:record|chart)|on file|recorded|documented|receiv\w*|undergone|underwent|got(?:ten)?|(?:has|have|did) (?:she|he|they|the patient|pt|this patient) (?:ever )?(?:had|have|get|receive|undergo|take|taken)"
)
# Asked of the record itself: what it does not name, it does not hold.
OF_RECORD = cue(
    r"(?:ever|previously) (?:been |was |were )?diagnos\w*|(?:list|record|note|chart)\w* .{0,20}diagnos\w*|among (?:the |her |his )?(?:diagnos\w*|problems|conditions)|recorded|(?:on|any|no|a) record(?: of)?|documented|problem list|listed|on (?:the|her|his|my) (?:list|card|chart|profile)|coded|on file|in the (?:record|chart|notes?)|(?:been|ever|was|were) (?:ever )?told"
)
# A result that was asked for either came or did not.
CLOSED_RESULT = re.compile(
    r"^\W*(?:(?:is|are|was|were) there )?any\b.*\b(?:results?|levels?|values?|readings?|tests?|checked|drawn|sent|done|measured|recorded|on file|(?:this|last) (?:week|month|year)|today|yesterday|since|in (?:19|2[0-2])\d\d)\b"
    r"|\b(?:has|have|had|was|were|did)\b.*\b(?:sent|drawn|run|resulted|collected|obtained)\b",
    re.IGNORECASE,
)
# What the record can't decide: advice, the future.
ADVICE = re.compile(
    r"\b(?:is|are|am) (?:she|he|they|i|we|it|(?:the |this )?patient) (?:(?:ever|ever|still) )?(?:going|about|likely|expected) to\b|^\W*(?:would|should|ought|might)\b(?! (?:you|i be|it be (?:possible|ok)))|\bshould (?:i|we)\b|\badvisable\b|\bwould you (?:put|raise|increase|stop|start|give|change|lower|add|switch)\b|\bwould it be\b|\bworth (?:adding|starting|stopping|raising)|\bdo (?:i|we) need to\b|\b(?:would|do) you (?:think|recommend|suggest|advise)|\b(?:recommend|advise|suggest) (?:i|we|me|a|an|the|for)\b|\bwhat (?:should|can|could|would) (?:i|we)\b|\bwhat (?:would|should) you (?:do|suggest|recommend|advise)\b|\bhow (?:would|should) (?:you|i|we) (?:treat|manage|dose|handle)\b"
    r"|\bup to date (?:with|on|for)\b|\b(?:vaccin\w+|immuni[sz]\w+|shots|jabs|screenings?) (?:all )?up[- ]to[- ]date\b|\b(?:stable|ready|safe|well enough) (?:for|to) (?:discharge|go home|be discharged|surgery|transfer)\b|\bwhat will\b|\bwill (?:she|he|they|it|the|her|his)\b|\bis it (?:safe|ok|okay|worth)\b|\bbest (?:treatment|drug|option|choice)\b|\b(?:would|will|might|could) be (?:the )?(?:best|better|ideal|safest|appropriate)\b|\b(?:good |suitable |poor )?candidate for\b|\bfit for (?:surgery|an? operation|discharge)\b|\beligible for\b|\bbest (?:drug|medication|treatment|option|choice)?\s?for\b|\bprognosis\b|\bhow long (?:will|does) (?:she|he) (?:have|live)",
    re.IGNORECASE,
)
# What is to be written, and not read: "record a blood pressure of …", "order a referral".
WRITES = re.compile(
    r"\W*(?:please |kindly |can you |could you )?(?:record|enter|log|order|prescribe|schedule|book|refill|renew|discontinue|cancel|delete|remove|create|draft|sign|send|start|stop|increase|decrease)"
    r" (?:an? |another |him |(?:her|the|his|this|new) (?:[\w-]+ ){0,2}(?:blood pressure of|referral|prescription|appointment|order|dose|note|letter|medication|entry|allergy|refill|follow[- ]?up))(?!.*\bwhen\b)",
    re.IGNORECASE,
)
STATUS = cue(
    r"(?:result |order |referral |current )?status(?! epilepticus)|(?:active|resolved|final|preliminary|open|completed|done|pending|stopped),? or (?:active|inactive|resolved|final|preliminary|closed|cancelled|pending|not|stopped|still)"
)
OVER = cue(
    r"over|sorted(?: out)?|settled|dealt with|behind|past it|gone|resolved|cleared(?: up)?|healed|better now|cured|in remission|went away|gone away"
)
ORDERED = cue(
    r"ordered|booked|planned|requested|due|pending|scheduled|referred|outstanding|overdue|arranged|upcoming|awaiting|next|referral|open"
)
CONTENT = cue(
    r"results? of|findings? (?:of|on|from|at)|findings?|shows?|showed|shown|reveal\w*|conclu\w+|impression|what did .{1,40} (?:show|say|find)|interpretation of|read as|outcome of|back"
)
GIVEN = cue(
    r"receiv\w*|got|given|treated with|(?:did|has|have|was|were) (?:she|he|they|the patient|pt)? ?(?:ever )?(?:get|given|had|have|taken|been on|been given|been treated)|been on|treated with|was on|were given|used for|tried"
)
STOPPED = cue(
    r"stop(?:ped|ping)?|(?<=is she )off|(?<=is he )off|(?<=they )off|(?<=patient )off|(?:turned|switched|shut|weaned|tapered) off|discontinu\w+|ceas(?:e|ed|ing)|paus(?:e|ed|ing)|made .{1,20} stop|d/?c'?e?d|ceased|came off|come off|taken off|quit|gave up|given up|no longer(?: (?:taking|on))?|withdrawn|held|ended|off (?:of )?(?:her|his|the)|former|previous(?:ly)?|past|old|used to"
)
STARTED = cue(
    r"start(?:ed|ing)?|begin|began|begun|initiat\w+|commenced?|first (?:prescribed|ordered|given|taken|put)|put on|placed on|new(?:ly)?|added?|introduced|prescribed|ordered|when .{0,30}(?:go|went|get|got) on"
)
CHANGED = cue(
    r"chang(?:e|ed|es|ing)|adjust\w*|titrat\w*|alter\w*|modif\w*|increas\w*|decreas\w*|reduc\w*|uptitrat\w*|dose (?:history|over time|changes?)|new (?:meds|medications|prescriptions)"
)
CURRENT = cue(
    r"current(?:ly)?|active(?:ly)?|ongoing|right now|now|at present|presently|still|taking|takes?|on|today|these days|at the moment|is|are"
)
RESOLVED = cue(r"resolved|inactive|remission|past|previous(?:ly)?|old|former|cured|history|prior")
BOUND = re.compile(
    r"(?P<op>>=|<=|≥|≤|>|<|over|above|below|under|exceed(?:s|ed|ing)?|greater than|less than|higher than|lower than|more than|fewer than|at least|at most|beyond|past|pass(?:es|ed)?|surpass(?:es|ed)?|cross(?:es|ed)?|north of|reach(?:ed|es|ing)?|hit(?:s|ting)?|as high as|as low as|(?:f[ae]ll(?:en|s)?|dropp?(?:ed|s)?|down|dipp?(?:ed|s)?) to|dipp?(?:ed|s)? under)\s*(?:a |an |the )?(?P<value>-?\d{1,5}(?:\.\d+)?)(?!\d)(?!\s*(?:hours?|hrs?|h\b|days?|d\b|weeks?|wks?|months?|mos?\b|years?|yrs?|y\b|times|readings|values|results|visits))\s?(?P<unit>%|mg/dl|mmol/l|g/dl|kg|mm ?hg|ng/ml|pg/ml|meq/l|ml/min)?",
    re.IGNORECASE,
)
# Done once is not repeated.
AGAIN = cue(r"repeated|more than once|a second time|twice|re-?checked|re-?measured")
# "7 % or more": the bound behind its number.
BOUND_AFTER = re.compile(
    r"(?<![\d.])(?P<value>\d{1,5}(?:\.\d+)?)\s?(?P<unit>%|mg/dl|mmol/l|g/dl|kg|mm ?hg|ng/ml|pg/ml|meq/l|ml/min)?\s*(?:or|and) (?P<op>more|higher|above|over|greater|less|lower|below|under|fewer)\b",
    re.IGNORECASE,
)
OPS = {"over": ">", "above": ">", "greater than": ">", "higher than": ">", "more than": ">", "beyond": ">", "past": ">", "pass": ">", "passes": ">", "passed": ">", "surpass": ">", "surpasses": ">", "surpassed": ">", "cross": ">", "crosses": ">", "crossed": ">", "north of": ">",
       "below": "<", "under": "<", "as high as": ">=", "as low as": "<=", "less than": "<", "lower than": "<", "fewer than": "<", "at least": ">=", "at most": "<=", "≥": ">=", "≤": "<="}  # fmt: skip
FLAG = cue(
    r"deficien\w*|(?:below|under|above|over|beyond) (?:the |its )?(?:(?:lower|upper) limit|(?:normal |reference )?range|normal)|(?:reference|normal) range|out of range|within (?:normal )?(?:limits|range)|in range|abnormal|normal|elevated|too (?:high|low)|high|low|deranged|off|raised|wnl|flagged|unremarkable|okay|ok|fine|critical(?:ly)?"
)

# "When it fell below 30" is the first time.
CROSSED = cue(
    r"go(?:es)?|went|fell|falls?|dropp?(?:ed|s)?|dips?|dipped|rose|rises?|reach(?:ed|es)?|hit|exceed(?:ed|s)?|cross(?:ed|es)?|climb(?:ed|s)?|passed|became|(?:got|gets?|came|comes?) (?:down |up |to )?(?:below|under|above|over|past|beyond)"
)
UNUSUAL = cue(
    r"abnormal\w*|normal|deranged|out of (?:normal )?range|in range|flagged|high|low|elevated|raised|critical(?:ly)?|unremarkable|off"
)
DISPOSITION = cue(
    r"(?:discharge )?disposition|discharged? to|discharge (?:destination|location)|where .{0,40}(?:go|went|gone|sent|discharged|released) .{0,40}(?:left|leaving|discharged?|to|after|from|hospital)|where (?:to )?(?:was|were) .{0,30}discharged|discharged where"
    r"|against (?:medical )?advice|left ama|ama|(?:discharged|sent|went|released) (?:home|to (?:a |an |the )?(?:\w+ )?(?:facility|rehab\w*|nursing home|hospice|snf|ltac))"
)
ADMITTED_FROM = cue(
    r"admi(?:t|ssion) source|source of (?:the |her |his )?admission|(?:from where|where from|where) .{0,40}(?:admitted|come|came|transferred|brought)(?: in)?(?: from)?(?! to)|(?:admitted|came|come|transferred) (?:in )?from (?:where|which)"
)
UNIT = cue(
    r"care ?units?|(?:which|what) (?:wards?|units?|departments?|floors?)|first ward|last ward|(?:in|to|at|from|on|of|out of|left|leave|leaves|leaving|entered|entering) (?:the )?(?:[a-z]{0,4}icu|ccu|cvicu|intensive care(?: unit)?|critical care|step[- ]?down(?: unit)?|(?:\w+ ){1,2}ward|(?:\w+ ){1,3}unit|pacu)"
)
# Single doses, not the order for them.
DOSES = cue(
    r"(?:which|what) (?:days|dates) (?:was|were) .{2,40} (?:given|administered|infused)|doses|injections?|infusions?|administrations?|administered|actually (?:given|received)|(?:first|last|second|next|latest|most recent) (?:\w+ )?dose|(?:first|last) (?:given|received)|(?:first|second|third|last|latest|most recent) (?!times?\b)(?:[\w-]+ ){1,2}(?:given|received)|shots?|boluses|bags|how (?:many times|often) .{0,60}(?:given|receiv\w+|got|gotten|get|administered|infused|injected)"
)
SUM = cue(
    r"total (?:\w+ )?(?:uop|urine|foley|drain\w*)|total (?:volume|amount|dose|doses? of|quantity|intake|output|fluids?|urine|input|daily|\w+ (?:output|intake))|sum of|the sum|cumulative|in total|added up|altogether|overall (?:output|intake)|how much (?:urine|fluids?|stool|drainage|output)|how much .{2,40} (?:was|were|got|has been|have been) (?:infused|transfused|drained|drunk)|what volume|(?<!last )(?<!latest )(?<!recent )(?<!first )(?<!highest )(?<!lowest )(?<!maximum )(?<!minimum )(?<!hourly )(?<!mean )(?<!average )(?:urine|fluid|foley|drain|stool) (?:output|intake) (?:on|during|over|for|in)(?! the (?:last|first|latest) (?:measure|read|value))|(?:output|uop|urine|drainage|drain|intake)\b.{0,30}\b(?:so far|(?:last|past|previous) \d+ hours?)"
)
ROUTE = cue(
    r"routes?(?: of administration)?|by (?:mouth|injection) or|iv or (?:po|oral)|po or iv|how (?:was|is|were) .{2,40} (?:administered|delivered)"
)
WITHIN_OF = re.compile(
    r"\bwithin (?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a|an) (?P<unit>hours?|days?|weeks?|months?) (?=(?:after|of|following|from|before|prior to)\b)|\b(?:in|over|during) the (?:first |next )?(?P<n2>\d{1,3}|one|two|three|four|five|six|seven) (?P<unit2>hours?|days?|weeks?|months?) (?=(?:after|following|before)\b)",
    re.IGNORECASE,
)
TIMED = cue(
    r"what time|which (?:hour|minute)|(?:the )?(?:exact |clock )?time (?:of|was)|hour of|minute of|o'clock|time and date|date and time"
)
# "The second measured value": the place in a row. What follows "second" elsewhere makes it another word.
NTH = re.compile(
    r"(?<![\w-])(?<!one )(?<!per )(?<!a )(?<!each )(?P<nth>second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|seventh|eighth|ninth|tenth)(?![\w-])"
    r"(?! (?:to|last|line|degree|trimester|generation|opinion|hand|stage|one\b))",
    re.IGNORECASE,
)

PURPOSE = re.compile(
    r"(?<![\w-])(?:taking|takes?|on|prescribed|given|(?:are|is|were|was) (?:we|they|she|he) giving|using|used?|uses|meds?|medications?|drugs?|medicines?|pills|tablets|treated|treatment|treat\w*|therapy|inhalers?|regimen)\b.{0,40}?\b(?:for|against|to (?:treat|control|manage)|with) (?:the |her |his |their )?$",
    re.IGNORECASE,
)
INTERVAL = re.compile(
    r"(?:how long|how many (?:hours|days|weeks|months|years)|time|interval|duration|hours|days|weeks|months|years)\b.{0,30}?\b(?:from|between|after|since)\s+(?P<a>.+?)\s+(?:to|and|until|till|did|was|were)\s+(?P<b>.+?)\W*$",
    re.IGNORECASE,
)
SAME_DAY = cue(
    r"on the day(?: that| when| of)?|(?:on |at )?(?:the )?same (?:day|date|time|draw|visit|sample|panel) (?:as|of)|at the time of|when (?:the |her |his )?\w+ (?:was|peaked|hit)|on the day of|simultaneous\w*|concurrent\w*"
)
DUE = cue(r"due|overdue")
# Both ends of a row of values.
FIRST_AND_LAST = re.compile(
    r"\b(?:first|initial|earliest)\b (?:(?:measured |value|measurement|reading|result|one) ?)?(?:and|or|to|with|vs\.?|versus) (?:(?:on|at|in) )?(?:the )?(?:\w+ )?(?:last|latest|final|most recent)\b"
    r"|\b(?:last|latest|final|most recent)\b (?:(?:measured |value|measurement|reading|result|one) ?)?(?:and|or|with|vs\.?|versus|compared (?:to|with)) (?:the )?(?:\w+ )?(?:first|initial|earliest)\b"
    r"|\bfinal\b.*\bthan\b.*\b(?:its|the|her|his|at|on) first(?! (?:visit|stay|admission|hospital))|\bfrom (?:the )?first\b.*\bto (?:the )?last\b",
    re.IGNORECASE,
)
EXTREMES = cue("minimum and maximum")  # as `paraphrases` puts every way of saying so
