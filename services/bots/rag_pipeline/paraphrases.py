"""Turns of phrase that mean one thing, put into the words that the rest of the reading knows."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.knowledge.time_words import MONTHS

# What people say they broke. The forearm is an arm and the ankle is not a leg, as people speak.
_BONES = "arm|forearm|wrist|elbow|upper arm|shoulder|collar ?bone|clavicle|hip|leg|thigh|femur|knee|ankle|foot|toe|hand|finger|thumb|ribs?|jaw|nose|skull|back|neck|pelvis|vertebra"
_A_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{'|'.join(MONTHS)})\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?:,? (?:19|2[0-2])\d\d)?"
_PAIRS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (rf"\b(?P<sa>the |her |his |their )(?P<sb>stay|admission|hospitali[sz]ation) (?:that|which) (?:started|began|commenced) (?:in|on) (?P<sc>(?:{'|'.join(m for m in MONTHS if len(m) > 3 or m == 'may')}) )?(?P<sd>(?:19|2[0-2])\d\d)\b", r"\g<sa>\g<sc>\g<sd> \g<sb>"),
    (r"\bhow (?:many (?P<since>days|weeks|months|years)|much time|long) (?:has|have|had)? ?(?:it (?:been|passed)|passed|elapsed|gone by|went by) since\b", r"how many \g<since> ago was"),
    (r"\bhow many  ago\b", "how long since"),
    (r"\b(?:which|what) (?:provider|doctor|clinician|physician|nurse|practitioner) saw (?:the patient|her|him|them|this patient) (?:most recently|last|latest)\b|\bwho saw (?:the patient|her|him|them) (?:most recently|last)\b", "who did the patient see at the last visit"),
    (r"^\W*(?:number of )?(?P<since2>days|weeks|months|years) (?:passed |elapsed )?since\b", r"how many \g<since2> ago was"),
    (r"^\W*time (?:passed |elapsed )?since\b", "how long since"),
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
    (rf"\b(?:break|broke|broken|breaking|fractured?|cracked?) (?:(?:my|her|his|the|their|a|an) )?(?:left |right )?(?P<b>{_BONES})\b", r"\g<b> fracture"),
    (rf"\b(?P<b2>{_BONES}) (?:was |got |is )?(?:broken|fractured)\b", r"\g<b2> fracture"),
    (r"\b(?:have|had|having|deliver(?:ed)?|g[ia]ven? birth to|bear|bore|bring) (?:(?:my|her|the|a|their) )?(?P<o1>(?:last|latest|first|second|third|youngest|oldest) )?(?:baby|child|son|daughter|kid|twins)\b", r"\g<o1>childbirth"),
    (r"\b(?:(?:my|her|the|their) )(?P<o2>(?:last|latest|first|second|third|youngest|oldest) )?(?:baby|child|son|daughter|kid) (?:was )?born\b", r"\g<o2>childbirth"),
    (r"\b(?:blood )?(?:sugar|glucose|diabet(?:es|ic)|glyc?a?emic) control\b|\bcontrol of (?:the |her |his )?(?:diabetes|sugars?|blood sugars?)\b", "HbA1c"),
    (r"\b(?:micro)?albumin(?:uria)?(?: ?/ ?| to | )creatin\w*(?: ratio)?\b", "albumin/creatinine ratio"),
    (r"\bmean (?:arterial |blood |arterial blood )pressure\b", "mean arterial pressure"),
    (r"\bheart(?:'s)?(?: muscle)? pump(?:ing)?(?: function)?\b|\bpump(?:ing)? function\b", "ejection fraction"),
    (r"\bno longer (?:active|present|current|ongoing)\b|\bnot active any ?more\b", "inactive"),
    (r"\bfirst-ever\b", "first"),
    (r"\b(?:top|upper) (?:blood pressure|bp|pressure)\b", "systolic blood pressure"),
    (r"\b(?:bottom|lower) (?:blood pressure|bp|pressure)\b(?! than)", "diastolic blood pressure"),
    (r"\b(?:on|at) (?:the )?admission (?:of|to|for|in) (?P<w8>(?:the|this|her|his) (?:[\w-]+ )?(?:stay|admission|hospitali[sz]ation))\b", r"at the start of \g<w8>"),
    (r"\bcamera (?:test |exam(?:ination)? |study )?(?:of|in|into|down|up|through) (?:the |her |his )?(?:large )?(?:bowels?|colon|gut|back passage)\b", "colonoscopy"),
    (r"\bcamera (?:test |exam(?:ination)? |study )?(?:of|in|into|down) (?:the |her |his )?(?:throat|stomach|gullet)\b", "gastroscopy"),
    (r"\bhow (?:many (?:days|nights)|long) (?:was|were|did) (?:he|she|they|the patient) (?:in|stay(?: in)?|inside|kept in)(?: (?:the )?hospital)?(?= (?:for|with) (?!how\b|what\b)|\W*$)", "how long was the hospital stay"),
    (r"\bhow hot (?:was|is|were) (?:he|she|the patient)\b", "what was the temperature"),
    (r"\b(?P<t>wisdom )?(?:tooth|teeth) (?:(?:was|were|got|has been|have been) )?(?:pulled|taken out|removed|extracted|out)\b", r"extractions of \g<t>tooth"),
    (r"\bteeth\b", "tooth"), (r"\bfeet\b", "foot"),
    (r"(?<!oxygen )(?<!o2 )(?<!transferrin )(?<!iron )(?<!tsat )(?<!air )\bsaturations?\b", "oxygen saturation"),
    (r"\bflare(?:[- ]?up)?(?P<s>s?)\b", r"exacerbation\g<s>"),
    (r"\b(?:heart failure|cardiac failure|chf|hf) markers?\b", "BNP"),
    (r"\bbody mass\b(?! index)", "body mass index"),
    (r"\b(?P<w9>this|the|last|first|second|prior|previous|on|since|index) adm\b", r"\g<w9> admission"),
    (r"(?<!blood )(?<!mean arterial )(?<!eye )(?<!ocular )(?<!venous )(?<!arterial )(?<!airway )(?<!intracranial )(?<!pulmonary )(?<!artery )(?<!wedge )(?<!filling )(?<!arterial )(?<!systolic )(?<!diastolic )(?<!mean )(?<!cpap )(?<!bipap )(?<!pap )(?<!cuff )(?<!plateau )(?<!driving )(?<!peep )\bpressure\b(?! (?:ulcer|sore|injur|area|ventilation|support|in))", "blood pressure"),
    (r"\b(?P<x>(?:lowest|highest|last|latest|resting|worst|min(?:imum)?)) sat\b", r"\g<x> oxygen saturation"),
    (r"\b(?:now|today|current(?:ly)?|latest)?,? ?(?:vs\.?|versus|against|compared (?:to|with)|than) (?:at |on |in )?(?:the |her |his )?(?:last|previous|prior|preceding) (?:visit|time|check|one|appointment|clinic)\b|\bthan (?:at |on )?the (?:visit|time|check|one) before\b", " vs the previous one"),
    (r"(?<=\w )(?:when|as|at the time) (?:the patient|he|she|they|pt) (?:was |were |got )?(?:discharged|left (?:the )?hospital|went home|sent home)\b", "at discharge"),
    (r"\b(?:the |her |his )discharge (?P<d1>(?!diagnos|summar|med|drug|prescr|instruc|dispos|date|day|time|plan|note|letter|from|to\b|home|status|condition|report|order|paper|teach|nurs|hospital|unit|ward|reason|type|class|source|history|h&p|was|is|were|on|for|in|of)[a-z][\w/ -]{1,40}?)(?=\W*$)", r"the \g<d1> at discharge"),
    (r"\b(?:the |her |his )admission (?P<d2>(?!and\b|or\b|until|diagnos|summar|med|drug|prescr|instruc|dispos|date|day|time|plan|note|letter|from|to\b|home|status|condition|report|order|paper|teach|nurs|hospital|unit|ward|reason|type|class|source|history|h&p|was|is|were|on|for|in|of)[a-z][\w/ -]{1,40}?)(?=\W*$)", r"the \g<d2> on admission"),
    (r"\b(?P<d3>last|final|first) day of (?:the|her|his) (?:hospital )?(?:stay|admission|hospitali[sz]ation)\b", r"\g<d3> day of the last stay"),
    (r"\b(?P<d4>what|which) chemo(?:therapy)?(?: drugs?| agents?| medications?| regimen)?\b(?! (?:session|cycle|date|appointment))", r"\g<d4> antineoplastic drugs"),
    (r"\b(?:number|count) of (?P<du>days|weeks|months|years) (?P<dw>between|from|since)\b", r"how many \g<du> \g<dw>"),
    (r"(?P<sv>\b(?:visit|stay|admission|hospitali[sz]ation)\b[^?]*?) (?:of|on|in|during|from|at) (?:that|the same) (?:hospital )?(?:visit|stay|admission|hospitali[sz]ation)\b", r"\g<sv>"),
    (r"(?P<vv>\b(?:values?|readings?|results?|measurements?|levels?)\b[^?]*\bthan )the (?P<o9>first|second|third|last|previous|latest|initial) one\b", r"\g<vv>the \g<o9> value"),
    (r"\b(?:before|pre) ?(?:/|&|\+) ?(?:after|post)\b", "before and after"),
    (r"\b(?:how come|because of what|for what reason|because of)\W*$", "why?"),
    (r"\b(?:which|what) (?:condition|diagnosis|disease|illness|problem|indication) (?P<w7>(?:is|was|were|are|did|does|has|have)\b[^?]{3,60}? for)(?=\W*$)", r"what \g<w7>"),
    (r"\b(?P<ds>dos(?:e|age)) ?(?:\+|&|and|/) ?(?:dosing )?(?:interval|frequency|schedule)\b", r"\g<ds>"),
    (r"\b(?:every|all(?: the)?|each) (?P<dh>[\w-]+) (?:strengths?|doses?|dosages?)(?= (?:he|she|they|the patient|pt)\b|\W*$)", r"dose history of \g<dh>"),
    (r"\bsince birth\b", "ever"),
    (r"\b(?:at|on) admission (?:and|vs\.?|versus) (?:(?:at|on) )?discharge\b", "on admission compared with at discharge"),
    (r"^\W*what (?:all )?(?:has |have )?happened (?:to (?:him|her|them|the patient) )?(?:during|in|at|on) (?=(?:the|his|her|their|this|that) (?:[\w-]+ ){0,3}?(?:stay|admission|hospitali[sz]ation|visit|encounter|hospital)\b)", "summarize "),
    (r"^\W*what (?:all )?(?:has |have )?happened (?:to (?:him|her|them|the patient) )?(?=(?:since|after|before|between|in|during|over) |on (?:\d|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec))", "summary of what happened "),
    (r"\bhow much (?:did|does|do) (?P<wg>he|she|they|the patient|pt) weigh\b", "what was the weight"),
    (r"\b(?P<qo>what|how much|any) (?:extra )?(?:oxygen|o2)\b(?! (?:sat|level|content|tension))", r"\g<qo> supplemental oxygen"),
    (r"\bhow frequently\b", "how often"),
    (r"\bhow often (?:was|were|is|are) (?P<hw>[^?]{3,50}?) (?:to be|supposed to be|meant to be|ordered to be) (?:given|administered|used|injected|taken)\b", r"what is the dosing frequency of \g<hw>"),
    (r",? (?:organism )?unspecified(?: organism)?\b", ""),
    (r"\bwith (?P<wr>[\w -]{3,50}?) as (?:the|a|their) reason\b", r"for \g<wr>"),
    (r"\b(?:at|with|in) (?:what|which) frequency (?:does|do|should|must|did) (?:he|she|they|the patient|m[rs]s?\.? [\w'-]+) (?:to )?(?:take|use|inject|get|receive|have) (?P<fz>[^?]{3,50}?)(?=\W*$)", r"what is the dosing frequency of \g<fz>"),
    (r"\b(?P<pb>blood )?lead(?= (?:was |is |last )?(?:measured|checked|tested|drawn|sent)\b)", r"\g<pb>lead level"),
    (r"\b(?P<ls>low|high|elevated|raised|decreased) (?P<lm>[\w -]{2,30}?) (?P<lv>values?|results?|readings?|levels?|measurements?|tests?)\b", r"\g<lm> \g<lv> that are \g<ls>"),
    (r"\bon (?:any |some |extra )?(?:oxygen|o2)\b(?! sat)", "on supplemental oxygen"),
    (r"^\W*(?:has|have|did) (?:he|she|they|the patient|pt) (?:lost|gained|put on|lose|gain)(?: any| some| much)? weight\W*$", "what is the trend of the weight, is it changing"),
    (r"\ballerg(?:y|ies) (?:that |which )?(?:rules? out|exclud\w+|preclud\w+|bars?|contraindicat\w+|prevents?|speaks? against|forbids?|interferes? with)(?: using| giving| the use of)?\b", "allergy to"),
    (r"^\W*(?:(?:did|could|can) (?:you|we|they|i|anyone|the doctor) (?:find|feel|see|hear|notice|note|detect|elicit|palpate)|feel|palpate|hear|elicit) (?P<fe>(?:any |an? )?[^?]{3,60}?)(?: on (?:the |her |his )?[\w' -]{0,20}(?P<le>last|latest)(?: physical)? exam(?:ination)?| on (?:the )?exam(?:ination)?)?(?=\W*$| (?:in|on|at) )", lambda m: f"was there any {re.sub(r'^(?:any|an?) ', '', m['fe'])}{' at the last visit' if m['le'] else ''}"),
    (r"\bto thin (?:the |his |her |their )?blood\b", "as a blood thinner"),
    (r"\bwhy did (?:he|she|they|the patient) miss (?P<mi>(?:the |his |her )?[\w -]{3,40})", r"why was \g<mi> not done"),
    (r"\bvarices (?:(?:were|was|got|have been|been) )?(?:last |first )?banded\b|\bband(?:ed)? (?:the |her |his )?(?:esophageal |oesophageal )?varices\b", "occlusion of esophageal vein"),
    (r"\balbumin ratio\b", "albumin/creatinine ratio"),
    (r"\b(?P<bx>just )?before the (?:latest|most recent|newest)(?: one)?(?=\W*$)", "the previous one"),
    (r"\bbefore (?:we|you|they|it) (?:went up|raised it|increased it|was (?:raised|increased)|put it up)(?=\W*$)", "prior"),
    (r"\b(?:are|were|is|was) (?:we|you|they) (?:aiming|shooting|going|striving|working) for\b", "is the goal"), (r"\b(?P<gl>goals?|targets?) (?:in|of|from|per) (?:the |her |his )?care ?plan\b", r"\g<gl>"),
    (r"\b(?P<co>which|what)(?P<cp> [\w -]{3,40}?) (?:came|come|went|was taken|has come|were taken) off(?! (?:the )?(?:vent|oxygen|work|bypass|pump|sedation))\b", r"\g<co>\g<cp> was stopped"),
    (r"\bfor (?:what|which) (?:date|day) (?:did (?:we|you|they)|was|is|were) (?P<fd2>[^?]{3,60}?)(?: (?:ordered|booked|scheduled|planned))?(?=\W*$)", lambda m: f"when is {re.sub(r'^(?:order|book|schedule|plan) ', '', m['fd2'])} due"),
    (r"\buntil when (?:did|was|were|has|had) (?:he|she|they|the patient) (?:been )?(?:take|taking|on|use|using|given|get|have) (?P<uw>[^?]{3,50}?)(?=\W*$)", r"when was \g<uw> stopped"),
    (r"\b(?:at |on )?(?:what|which) time(?: of (?:the )?day)? (?:does|do|should|is|must|did) (?:he|she|they|the patient|m[rs]s?\.? [\w-]+) (?:to )?(?:take|taking|use|inject|have) (?P<td>[^?]{3,50}?)(?: now| these days)?(?=\W*$)", r"what is the dosing schedule of \g<td>"),
    (r"\b(?:total|overall) (?=daily dos)", ""),
    (r"\b(?:at|through) the (?:front |ed |er )?door\b|\bat triage\b", "on arrival"),
    (r"\bby (?:the time of )?(?:the |his |her )?(?:discharge|going home)\b", "at discharge"),
    (r"\bbefore (?P<ba>(?:the |her |his )?[\w -]{3,30}?) and (?:since|after(?:wards?)?(?: it)?)(?=\W*$)", r"before and after \g<ba>"),
    (r"\bdispo\b", "discharge disposition"),
    (r"\bon tele\b", "on telemetry"), (r"\bv-?EEG\b", "video EEG"), (r"(?-i:\bVL\b)", "viral load"),
    (r"\b(?:chest films?|films? of the chest)\b", "chest x-ray"),
    (r"\b(?:binned|ditched|scrapped|shelved|axed)\b", "stopped"),
    (r"\b(?:best and worst|worst and best|high(?:est)? and low(?:est)?|low(?:est)? and high(?:est)?|max(?:imum)? and min(?:imum)?|peak and (?:nadir|trough))\b", "minimum and maximum"),
    (r"\bis (?:he|she|the patient|pt) (?:losing|gaining|putting on) weight\b", "what is the trend of the weight, is it changing"),
    # Fragments and asides of the wards.
    (r"\b(?:hottest|warmest) (?:(?:he|she|they|the patient) (?:got|was|has been|went)|temp\w*)\b", "highest temperature"),
    (r"^\W*(?P<t1>[^?]{3,80}?),? total (?:in )?(?:mls?|litres?|liters?)\W*$", r"total \g<t1>"),
    (r"^\W*(?:the )?(?:day|date)(?: on which| that| when)? (?P<wd>(?:the |his |her )?[\w' /-]{2,30}? (?:got|went|fell|dropped|rose|hit|reached|passed|crossed|climbed|exceeded|topped)\b)", r"when did \g<wd>"),
    (r"^\W*(?P<f1>[\w -]{3,30}?) first or (?:the )?(?P<f2>[\w -]{3,30}?) first\W*$", r"\g<f1> or \g<f2>, which came first?"),
    (r"^\W*(?P<i1>[\w' -]{3,40}?) to (?P<i2>[\w' -]{3,40}?)(?: interval(?: \(?(?:in )?days\)?)?|,? how (?:many days|long)|[:,] (?:number of )?days| \(days\)?)\W*$", r"how many days from \g<i1> to \g<i2>?"),
    (r"^\W*(?:the )?gap (?:in days )?(?:from|between) (?P<g1>.+?) (?:to|and) (?P<g2>.+?)\W*$", r"how many days from \g<g1> to \g<g2>?"),
    (r"\b(?P<px>(?:which|what) [\w -]{3,30}?) (?:has|have|did) (?:he|she|they|the patient) (?:ever )?(?:need(?:ed)?|requir(?:ed|e))\b", r"\g<px> were given"),
    (r"^\W*(?:any|are there any|is there any) (?P<an>[^?,]{3,60}?)\?? ?,? (?:if so,? )?(?:which|what)(?: ones?)?\W*$", r"which \g<an>?"),
    (r"^\W*(?P<al>[a-z][a-z -]{2,30}?)(?::| [-–—]|,) what (?:did it do|happen(?:s|ed))\W*$", r"what is the reaction to \g<al>?"),
    (r"^\W*(?:been )?on (?P<os>[\w -]{3,30}?) since(?: when)?\W*$", r"since when has the patient been on \g<os>?"),
    (r"\b(?:bursts?|courses?) of (?P<bu>predni\w+|dexamethasone|(?:oral )?steroids?)\b", r"orders of \g<bu>"),
    (r"\bby the time (?:he|she|they|the patient) (?:left|went home|was discharged)\b", "at discharge"),
    (r"\b(?:which|what) (?:provider|doctor|clinician|physician|nurse|practitioner) saw (?:the patient|her|him|them)\b", "who did the patient see"),
    (r"\b(?:variceal|varices) (?:banding|ligation)\b|\bbanding of (?:the |her |his )?(?:esophageal |oesophageal )?varices\b", "occlusion of esophageal vein"),
    (r"\b(?:settled|went away|cleared up)(?= (?:by|on) (?:what|which)|\W*$)", "resolved"),
    (r"^\W*(?P<nn>[^?]+?),? n ?=\W*$", r"how many \g<nn>"),
    (r"^\W*(?P<rel>father|mother|dad|mum|mom|brother|sister|parents?|siblings?)[:,] (?:any )?(?P<rely>[a-z][\w -]{2,40}?)\W*$", r"did the \g<rel> have any \g<rely>?"),
    (r"\bhow much blood (?:was lost|(?:did|has) (?:he|she|they|the patient) los[et])\b|(?<!estimated )(?<!quantitative )\bblood loss\b(?= (?:at|in|during|from|of) )", "estimated blood loss"),
    (r"\b(?:can'?t|can ?not|mustn'?t|must not|shouldn'?t|should not) (?:take|have|be given|tolerate) (?:which|what) (?:drugs?|med\w*)\b"
     r"|\b(?:which|what) (?:drugs?|med\w*) (?:can'?t|can ?not|mustn'?t|must not|shouldn'?t|should not) (?:he|she|they|the patient) (?:take|have|be given)\b"
     r"|\b(?:which|what) (?:drugs?|med\w*) (?:can|may|should|must) (?:(?:he|she|they|the patient) )?(?:not|never) (?:be )?(?:take|have|given|taken|used|prescribed)\b"
     r"|\b(?:drugs?|med\w*) (?:to (?:avoid|stay away from)|that (?:must|should) be avoided)\b", "drug allergies"),
    (r"\bon (?:the |his |her )?(?P<fd>first|last|final) day(?=\W*$)", r"on the \g<fd> day of the last stay"),
    (r"\bhung\b", "given"),
    (r"\bhow many (?:units|grams|mg|milligrams|mls?|millilit(?:er|re)s|lit(?:er|re)s) of (?P<ad>[\w -]{3,40}?) (?:did (?:he|she|they|the patient) (?:receive|get|have)|(?:was|were|has been|have been) (?:given|administered|infused))(?: in total| altogether| overall)?\b", r"total dose of \g<ad> given"),
    (r"\bno\. of\b", "number of"), (r"\bat (?:its |his |her |the )?rock[- ]bottom\b", "lowest"),
    (r"^\W*(?:day|date) (?P<lx>[\w -]{2,30}?) was lowest\W*$", r"when was \g<lx> lowest?"),
    (r"^\W*(?P<wo>(?:worst|best|highest|lowest|last|first)(?: ever)? [\w -]{2,40}?) (?:was|were) on\W*$", r"when was the \g<wo>?"),
    (r"^\W*(?P<go>[^?]{3,80}?) (?:was |were )?(?P<gv>given|done|taken|performed|drawn|measured|ordered|placed|started|stopped|removed) on\W*$", r"when was \g<go> \g<gv>?"),
    (r"\bat (?:what|which) rate (?:was|is|were) (?P<rt>[^?]{3,50}?) (?:ordered|run|given|running|started|infused)\b", r"what dose of \g<rt> was ordered"),
    (r"\b(?:did|does) (?:the |her |his )?(?:order|prescription|course) (?:for|of) (?P<oe>[\w -]{3,40}?) (?:end|finish|stop|run out|expire)\b", r"was \g<oe> stopped"),
    (r"^\W*when (?:was|were) (?P<ov>[^?]{3,60}?) over\W*$", r"when did \g<ov> resolve?"),
    (r"\bhow often (?:per|a|each) day\b", "how often"),
    (r"\bhow often (?:is|does|should|must|was|did) (?:he|she|they|the patient) (?:meant |supposed |told |asked |to )*(?:take|use|inject|have) (?P<hz>[^?]{3,50}?)(?=\W*$)", r"what is the dosing frequency of \g<hz>"),
    (r"\b(?:up to|until|till) (?:which|what) (?:date|day) (?:was|were) (?:he|she|they|the patient) (?:on|taking|given) (?P<ut>[\w -]{3,40}?)(?=\W*$)", r"when was \g<ut> stopped"),
    (r"\bwhen (?:was|were) (?P<os2>[\w -]{3,50}?) (?:ordered|due|meant|supposed|scheduled|to be ordered) to (?:stop|end)\b", r"when was \g<os2> stopped"),
    (r"^\W*how (?:is|was|were|are) (?:the |her |his )?(?P<hw>[\w -]{3,40}?) (?:given|administered)(?: to (?:this patient|the patient|her|him))?\W*$", r"what is the route of \g<hw>?"),
    (r"\b(?:which|what) (?:surgeon|doctor|physician|provider|clinician|operator) (?P<wd2>carried out|performed|did|placed|inserted|removed)\b", r"who \g<wd2>"),
    (r"\b(?:recover(?:ed|s)?|ris(?:e|en)|rose|f[ae]ll(?:en)?|go(?:ne)?|went|drop(?:ped)?|came|come) (?:back )?(?:up |down )?to (?P<tb>above|below|over|under) (?=\d)", r"go \g<tb> "),
    (r"\bwhen (?:he|she|they|the patient) (?:came|presented|was brought(?: in)?|were brought(?: in)?|arrived|attended|went) (?:to|at|in|into) (?:the )?(?:emergency (?:department|room)|ed|er|casualty|a&e)\b(?: (?:with|for) (?P<cw>[\w' -]{3,60}?)(?=\W*$))?", lambda m: f"at the ED visit{' for ' + m['cw'] if m['cw'] else ''}"),
    (r"\b(?:at|with|in) (?:what|which) frequency (?:was|is|were|are) (?P<fq>[^?]{3,50}?) (?:to be )?(?:ordered|given|prescribed|taken|dosed|administered)\b", r"what is the dosing frequency of \g<fq>"),
    (r"\bat the (?P<ea1>end|start|beginning) of (?P<ea2>the [\w ]{0,20}(?:stay|admission|visit|hospitali[sz]ation)) than at (?:its|the) (?P<ea3>end|start|beginning)\b", r"at the \g<ea1> of \g<ea2> than at the \g<ea3> of \g<ea2>"),
    (r"\b(?P<hb>(?:which|what|any) [\w -]{3,40}?) (?:have|has) been (?P<hv>ordered|prescribed|given)\b", r"\g<hb> were ever \g<hv>"),
    (r"\bwhich of (?:the patient's|his|her|their|the) (?P<wx>[\w ]{3,30}?) (?:have|has|are|were) (?P<wy>resolved|inactive|active|in remission|cured)\b", r"list the \g<wy> \g<wx>"),
    (r"\bhow often (?:was|is|were|are) (?P<hx>[^?]{3,50}?) (?:to be )?(?:taken|dosed)\b|\bhow often (?:is|are) (?P<hy>[^?]{3,50}?) (?:to be )?(?:given|injected|administered|used)\b", r"what is the dosing frequency of \g<hx>\g<hy>"),
    # Where and when.
    (r"\b(?:at|on|during) the (?:visit|appointment|encounter|consultation|day|time)(?: at which| that| when| where| on which) (?=[\w -]{3,40} (?:was|were) (?:started|stopped|begun|added|prescribed|introduced|discontinued)\b)", "when "),
    (r"\b(?:on|at) (?:the )?(?:ed|er|a&e|emergency(?: department| room)?|casualty) (?:arrival|presentation)\b", "on arrival"),
    (r"\b(?:past|beyond) (?P<pn>\d+(?:\.\d+)?)(?= for the first time|\W*$)", r"above \g<pn>"),
    (r"\b(?:on|at) (?:arrival|presentation) (?:in|at|to) (?:the )?(?:ed|er|a&e|emergency(?: department| room)?|casualty)\b", "on arrival"),
    (r"\bto (?:what|which) (?:place|facility|destination|location) (?:was|were|did) (?P<dp>he|she|they|the patient) (?:discharged|sent|go)\b", r"where was \g<dp> discharged to"),
    (r",? and (?:what|how|where)(?:'s| is| are) (?:it|they|that) (?:now|today|currently|at present|at the moment)\b", " compared with now"),
    # Of drugs and reactions.
    (r"\b(?:intake (?:method|route)|method of (?:intake|administration)|way of (?:intake|administration))s?\b", "route"),
    (r"\bwhat (?:kind of |sort of )?(?:reaction|problem|trouble) (?:has|have|did|does|had) (?:he|she|they|the patient) (?:(?:had|have|get|got|experienced?|suffer(?:ed)?) )?(?:to|with|from|on) (?P<rx>[\w -]{3,40}?)(?=\W*$)", r"what is the reaction to \g<rx>"),
    (r"\bwhy (?:can'?t|can ?not|must(?:n'?t| not)|should(?:n'?t| not)|is|was) (?:he|she|they|the patient) (?:(?:not (?:allowed|able) to|unable to) )?(?:take|have|be given|use|tolerate) (?P<ry>[\w -]{3,40}?)(?=\W*$)", r"what is the reaction to \g<ry>"),
    # Counts and ranges.
    (r"\bhow many of (?:the patient's|his|her|their) ", "how many "),
    (r"\b(?:the )?range of (?:the |her |his |all )?(?P<rv>[\w ]{2,40}?) (?:values|readings|results|measurements|levels|scores)\b", r"minimum and maximum \g<rv>"),
    (r"^\W*(?P<ss>[a-z][\w -]{2,40}?) (?P<sp>sessions|cycles|episodes|rounds) (?:so far|to date|until now|up to now)\b", r"how many \g<ss> \g<sp>"),
    (r"\b(?P<na>number of|how many) (?P<nb>[\w' -]{0,40}?)(?:appts?|appointments) (?=since\b|in (?:19|2[0-2])\d\d|so far|to date)", r"\g<na> \g<nb>visits "), (r"\bappt(?P<as>s?)\b", r"appointment\g<as>"),
    (r"\b(?P<mr>mum|mom|mother|father|dad|brother|sister|aunt|uncle|grandmother|grandfather)'s age (?:when|at)\b", r"how old was the \g<mr> when"),
    (r"\s(?:in|with) (?:this|the) patient(?=\W*$)", ""),
    (rf"\b(?P<rl>since|after) (?P<th>(?:the |her |his )?)(?P<ev>discharge|admission|surgery|operation|(?:hospital )?stay|hospitali[sz]ation) (?:in|of) (?P<em>(?:{'|'.join(m for m in MONTHS if len(m) > 3 or m == 'may')}) )?(?P<ey>(?:19|2[0-2])\d\d)\b", r"\g<rl> \g<th>\g<em>\g<ey> \g<ev>"),
    # Of findings.
    (r"\bwhat (?:explain(?:s|ed)|accounts? for|accounted for|was behind|lies behind|lay behind) (?:the |her |his )?(?:(?:raised|high|elevated|increased) (?P<ea>[\w -]{2,30}?)|(?:rise|increase|jump) (?:in|of) (?:the |her |his )?(?P<eb>[\w -]{2,30}?))(?= (?:in|on|of|at)\b|\W*$)", r"why was the \g<ea>\g<eb> raised"),
    (r"(?-i:\bPE\b)(?= (?:on|in|seen) )", "pulmonary embolism"),
    (r"\bhla[- ]?b\*? ?57:?01\b", "HLA-B*57:01"),
    (r"\b(?:did|has) (?:the |her |his )?(?P<ga>[\w -]{3,40}? (?:referral|procedure|operation|surgery|scan|test|biopsy|transfusion)) (?:go(?:ne)? ahead|take(?:n)? place)\b", r"was the \g<ga> done"),
    (r"\b(?:the )?gap between (?P<gb>[^?]{3,60}?),?(?: in)? days\W*$", r"how many days between \g<gb>?"),
    (r"\b(?P<gd>(?:days|weeks|months|hours|time|long) (?:passed |elapsed |lay |were there )?)between (?:the |her |his )?(?:two|2) (?P<gw>(?!most|last|latest|recent|first|previous|visits|values|readings|results|dates|measurements|stays|admissions)[a-z][\w ]{3,40}?)s?(?=\W*$)", r"\g<gd>between the first \g<gw> and the second \g<gw>"),
    (r"\bwhen was (?:the )?(?P<vn>first|second|third|fourth|1st|2nd|3rd|4th|last) (?P<vd>[\w ]{3,30}?) dose (?:given|administered)\b", r"when was the \g<vn> \g<vd> given"),
    (r"^\W*(?P<vo>[^?]{3,60}?),? vol(?:ume)?\W*$", r"total volume of \g<vo>"),
    (r"\b(?:steroid|prednisone|prednisolone) (?:courses|bursts)\b", "orders of systemic corticosteroid"), (r"\b(?P<sq>last|latest|first) (?:oral )?steroid (?:course|burst)\b", r"\g<sq> order of systemic corticosteroid"),
    (r"\bnibp\b", "blood pressure"), (r"\b(?:top|upper) number\b", "systolic"), (r"\b(?:bottom|lower) number\b", "diastolic"),
    (r"\bhow many exceeded\b", "how many were over"),
    (r"^\W*(?P<fw>(?:what|which) (?:day|date|month|year)|when) did (?P<fh>he|she|they|the patient|the [\w ]{2,20}?|(?:his|her) [\w ]{2,20}?) first (?P<fv>have|get|hit|reach|show|go|pass|cross|drop|fall|rise)\b(?P<fr>[^?]*)\??\W*$", r"when did \g<fh> \g<fv>\g<fr> for the first time?"),
    (r"^\W*(?:cm|centimet\w+|inches) grown\b|\bhow (?:much|many (?:cm|centimet\w+|inches)) (?:has|have|did) (?:he|she|they|the patient|the child) gr[eo]wn?\b", "height change"),
    (r"\bwhat (?:was|is|were) (?:the |his |her )?(?P<tw>[\w -]{3,40}?) treated with\b", r"which drugs were prescribed for \g<tw>"),
    (r"^\W*(?:what )?age when\b", "how old was the patient when"),
    (r"\bappendix (?:burst|ruptured|perforated)\b|\b(?:burst|ruptured|perforated) appendix\b", "rupture of appendix"),
    (r"^\W*(?:number of )?(?P<dt>[\w /-]{2,40}?) (?:doses?|shots?|jabs?),? (?:in )?total\W*$", r"how many doses of \g<dt> were given?"),
    (r"\bA ?& ?E\b", "ER"), (r"(?<=and )going home\b", "discharge"),
    (r"\b(?:kg|kilos?|lbs?|pounds) off\b", "weight change"),
    (r"\bblack(?:ed|s)? out\b", "loss of consciousness"),
    # Of stays, visits and the days that tell them.
    (rf"\b(?P<va>since|after|before|until|up to) (?:the |her |his |their )?(?:[\w-]+ )?(?:visit|appointment|consultation|encounter|admission|discharge) (?:on|of|from) (?P<vb>(?:{_A_DAY})\b|\d{{4}}-\d\d-\d\d)", lambda m: f"{'until' if m['va'].lower() == 'before' and 'discharge' in m[0].lower() else m['va']} {m['vb']}"),
    (rf"\bup to (?=(?:{_A_DAY})\b|(?:19|2[0-2])\d\d-\d\d-\d\d|(?:19|2[0-2])\d\d\W*$)", "until "),
    (r"\b(?:to|at|in) (?:what|which) (?:kind|sort|type) of (?:place|facility|institution|setting) (?P<kp>was|were|did)\b", r"where to \g<kp>"),
    (r"\b(?:on|in|at) (?P<wq>which|what) (?P<wu>ward|unit|floor|department) (?:was|were|did) (?:he|she|they|the patient|pt) (?:stay(?: in)?|lie|treated|nursed|managed|kept|cared for|looked after|hospitali[sz]ed|admitted)(?: (?:for|with|because of) (?P<wf>[\w' -]{3,40}?))?(?=\W*$)", lambda m: f"on {m['wq']} {m['wu']} was the patient{' during the stay for ' + m['wf'] if m['wf'] else ''}"),
    (r"\b(?P<la>(?:how much|by how much|change|gained?|lost|lose)\b[^?]{0,60}?) between (?:the |her |his )?first (?:\w+ )?(?:visit|appointment|encounter)(?: on record)? and (?:the |her |his )?(?:last|latest|most recent)(?: (?:\w+ )?(?:visit|appointment|encounter|one))?(?=\W*$)", r"\g<la> between the first and the last value"),
    (r"\b(?P<lb>(?:how much|by how much|change|gained?|lost|lose)\b[^?]{0,60}?) from (?:the |her |his )?first (?:\w+ )?(?:visit|appointment|encounter)(?: on record)? to (?:the |her |his )?(?:last|latest|most recent)(?: (?:\w+ )?(?:visit|appointment|encounter|one))?(?=\W*$)", r"\g<lb> between the first and the last value"),
    (r"\bhow much (?:has|have|did|had) (?:he|she|they|the patient) (?:put on|piled on)\b", "how much weight has the patient gained"),
    (r"\bhow much (?:has|have|did|had) (?:he|she|they|the patient) (?:take[n]? off|shed|slimmed)\b", "how much weight has the patient lost"),
    (r"(?P<fo>\b(?:values?|readings?|results?|measurements?|levels?)\b[^?]*?\b(?:and|to|than|with|vs\.?|versus) the (?:first|last)) of (?=(?:the|her|his) [\w ]{0,30}(?:stay|admission|hospitali[sz]ation)\b)", r"\g<fo> value of "),
    (rf"(?P<gv2>\b(?:receive|get|given|got|have|had)\b[^?]{{2,40}}?) (?:at|during) (?:the |her |his )?(?:[\w-]+ )?(?:visit|appointment|consultation|encounter) (?:of|in|from) (?=(?:{'|'.join(MONTHS)})\.? (?:19|2[0-2])\d\d\b)", r"\g<gv2> in "),
    (r"\bwhat brought (?:him|her|them|the patient) (?:in|here|to (?:us|clinic|the clinic))(?: (?:the )?(?:latest|last|most recently)(?: (?:time|visit))?| at (?:the|his|her) (?:last|latest|most recent) visit)?(?=\W*$)", "what was the reason for the last visit"),
    (r"\b(?P<bv>(?:did|has|have)\b[^?]{3,60}?) between (?:the |her |his )?(?:last two |two |latest two )?(?:visits|appointments|checks|measurements|readings)(?=\W*$)", r"\g<bv> between the last two"),
    (r"\b(?:is|was) (?P<ac>he|she|the patient) (?:(?:fully|currently|still) )?anticoagulated\b", r"is \g<ac> on an anticoagulant"),
    (r"\b(?P<bl>visit|appointment|encounter|stay|admission|hospitali[sz]ation) before (?:the )?last(?: one)?(?=\W*$)", r"previous \g<bl>"),
    (r"^\W*(?:can|could|may) (?:he|she|they|the patient) (?:safely )?(?:take|have|be given|tolerate|use|get) (?P<ct>[\w -]{3,40}?)(?=\W*$)", r"what is the reaction to \g<ct>"),
    # Of one value and the one before it.
    (r"\b(?:value|reading|result|measurement|level|one) (?:just |right |immediately |directly )?(?:before|prior to|preceding) the (?:latest|last|most recent|newest|current)(?: (?:one|value|reading|result|measurement|level))?(?=\W*$)", "previous value"),
    (r"\b(?P<pb>the |her |his )?previous (?P<pc>(?!hospital|visit|stay|admission|one\b|value|result|reading|level|drug|med|dose|diagnos|encounter|discharge|surg|operation|history|smok|history|appointment|note|report|problem|condition|clinic|doctor|address|name|year|month|week|day|episode|procedure)[\w/ -]{2,30}?) (?:value|reading|result|measurement|level)\b", r"\g<pb>previous value of \g<pc>"),
    # What a drug is for, how often it is taken, who gave it.
    (r"\b(?:for|because of) (?:which|what) (?:condition|diagnosis|disease|illness|problem|indication|reason|symptom|complaint|purpose) (?P<wx>(?:does|did|do|is|was|were|are|has|have)\b[^?]{3,80}?)(?=\W*$)", r"what \g<wx> for"),
    (r"\b(?:up to )?how (?:many times|often) (?:a|per|each|in a|every) (?P<fd>day|week) (?:may|can|should|is|was|does|did|must|could) (?:(?P<fw>he|she|they|the patient) )?(?:take|have|use|inject|be given|given|taken|used)? ?(?P<fx>[\w' -]{3,50}?)(?: (?:to be )?(?:taken|given|used|injected))?(?=\W*$)", r"what is the dosing frequency of \g<fx>"),
    (r"\b(?:which|what) (?:colleague|doctor|physician|clinician|provider|prescriber|specialist|consultant) (?:put|started|placed|had) (?P<cp>[\w .']{2,40}?) on (?P<cd>[\w -]{3,40}?)(?=\W*$)|\bwho put (?P<cq>[\w .']{2,40}?) on (?P<ce>[\w -]{3,40}?)(?=\W*$)", lambda m: f"who prescribed {m['cd'] or m['ce']}"),
    (r"\bwhat happen(?:s|ed) (?:to|with) (?P<hp>he|she|her|him|they|them|the patient|m(?:rs?|s|iss)\.? [\w'-]+|[A-Z][\w'-]+) (?:on|with|after|from|when (?:taking|given|on)) (?:taking |having |getting )?(?P<hd>[\w -]{3,40}?)(?=\W*$)", r"what is the reaction to \g<hd>"),
    (r"\bwhen did (?:the |her |his )?(?P<od>[\w-]{3,40}?) (?:order|prescription|course|infusion) (?:end|finish|stop|run out|expire)\b", r"when was \g<od> stopped"),
    # Of things done, healed and ended.
    (r"\b(?:drain|tap)(?:ped|ned|ed|age|ing)? (?:of )?(?:the |her |his )?(?:peritoneal|abdominal) cavity\b|\b(?:peritoneal|abdominal) cavity (?:(?:was|were|been|being) )?(?:drained|tapped)\b", "paracentesis done"),
    (r"\bwhen (?:was|were) (?:the |her |his )?(?:[\w' -]{0,20} )?(?:laceration|wound|cut|gash)\b[^?]{0,40}?(?:sutured|stitched|sewn)(?: up)?(?=\W*$)", "when was the suture done"),
    (r"\bhow many (?P<hu>days|weeks|months) did it take (?:for )?(?P<hw>[^?]{3,60}?) to (?:heal|resolve|clear(?: up)?|recover|go away|get better)\b", r"how many \g<hu> was \g<hw> present"),
    (r"\b(?P<vn>13|15|20|21|23)[- ]valent (?P<vp>pneumococcal(?: conjugate| polysaccharide)?(?: vaccine)?)", lambda m: f"{'PPSV' if m['vn'] == '23' else 'PCV'}{m['vn']}"),
    (r"\bwho in (?P<wy>[\w' ]{2,30}?)'s? family (?=has|have|had)", "which relative "),
    (r"\b(?:what|which) (?:did|does) (?P<di>[\w' ]{2,40}?) die (?:of|from)\b|\bwhat (?:was|is) (?:given |recorded |stated )?as the cause of (?:his |her |their |the patient's )?death\b|\bwhat cause of death (?:is|was) (?:recorded|stated|given)(?: on (?:the|his|her) (?:death )?certificate)?", "what is the cause of death"),
)  # fmt: skip
_STAY_ENDS = re.compile(
    r"\b(?:on|at|from) (?:the |her |his )?(?:admission|arrival|presentation|intake)(?P<why> (?:with|for) (?!the (?:first|second|third|last|latest))[\w' -]{3,40}?)?"
    r" (?:and|vs\.?|versus|to|compared (?:with|to)) (?:(?:at|on|by) )?(?:the |her |his )?discharge\b",
    re.IGNORECASE,
)
_A_STAY = re.compile(
    r"\b(?:first|second|third|last|latest|(?:19|2[0-2])\d\d)(?: hospital)? (?:stay|admission|visit|hospitali[sz]ation)\b",
    re.IGNORECASE,
)


def _both_ends(text: str) -> str:
    """"On admission and at discharge" of one stay, where the question says which."""
    found = _STAY_ENDS.search(text)
    if found is None or not (found["why"] or _A_STAY.search(text)):
        return text
    stay = re.sub(r"^ (?:with|for)", " during the stay for", found["why"]) if found["why"] else ""
    return f"{text[: found.start()]}first and last value{stay}{text[found.end() :]}"


_TURNS = tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in _PAIRS)
_QUESTION = re.compile(r"\W*(?:what|when|which|who|how|where)\b", re.IGNORECASE)


_MEASURED_ON = re.compile(
    r"(?P<be>\bwas )?\b(?P<end>first|last) (?:measured|taken|checked|recorded|drawn|charted) (?:on|during|in|at) the (?P<which>first|second|third|fourth|last|latest|current|previous|this) (?:hospital |icu )?(?:visit|stay|admission|encounter)\b",
    re.IGNORECASE,
)


def _two_ends(text: str) -> str:
    """"… last measured on the first hospital visit … than it was first measured on the current one": an end of each stay."""
    if len(_MEASURED_ON.findall(text)) != 2:
        return text
    return _MEASURED_ON.sub(lambda m: f"{m['be'] or ''}at the {'start' if m['end'].lower() == 'first' else 'end'} of the {m['which']} hospital stay", text)


def plainly(text: str) -> str:
    """The question with its turns of phrase put plainly; a second question hung on the first is left off."""
    for pattern, said in _TURNS:
        if said == "" and not _QUESTION.match(text):
            continue
        text = pattern.sub(said, text)
    return " ".join(_both_ends(_two_ends(text)).split())
