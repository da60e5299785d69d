"""What the form of a question demands of its answer: a length of time, a size, the highest, a comparison."""

from __future__ import annotations

import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.said_of import said, told_of
from services.bots.rag_pipeline.shares import SHARE
from services.knowledge.lexicon import lexicon

_TIMES = ("h", "min", "d", "wk", "mo", "a")


def _cue(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w-])", re.IGNORECASE)


_LENGTH = _cue(
    r"how (?:many|much) (?:hours|days|nights|weeks|months|years)|(?:days|nights|weeks|months) (?:between|from|elapsed)|length of (?:\w+ )?(?:admission|stay|treatment|course)"
)
_A_LENGTH = re.compile(r"\b\d+[ -]?(?:hour|day|night|week|month|year)", re.IGNORECASE)
_OLD_THEN = _cue(r"how old (?:was|were) (?:she|he|they|the patient|pt)\b.{2,}|what age (?:was|were)\b.{2,}|age (?:at|when)\b.{2,}")
_DIED = _cue(r"when (?:he|she|they|the patient) (?:died|passed away)|at death|at (?:the )?time of death")
_IN_LAW = _cue(r"[a-z]+-in-law")
_STAY = _cue(r"los|length of stay")
_SIZE = _cue(r"how (?:big|large|wide|thick)|what size|size of|diameter of")
_BEST = _cue(
    r"(?:high|low|great|bigg|small|heavi|light|tall|short|poor|fast|slow|deep|steep|furth|farth|strong|weak)est"
)
_PAIR = _cue(
    r"then (?:and|vs\.?|versus|&) now|now (?:and|vs\.?|versus|&) then|at (?:the )?(?:first|start|beginning) and (?:at )?(?:the )?(?:last|now|end)"
    r"|first and last|start and now"
)
_THAN = _cue(r"(?:\w+er|more|less|worse|better) (?:during|in|at|on|after|before)?\b[^,;?]{0,40}\bthan")
_THAN_NUMBER = _cue(r"than (?:or equal to )?[<>=]*\d")
_STEPS_BACK = _cue(
    r"(?P<n>two|three|four|\d+) (?:checks?|visits?|readings?|measurements?|tests?|values?|draws?) ago"
)
_BACK = _cue(
    r"(?:come|came|comes|coming) back(?! (?:negative|positive|normal|clear|as|with|to))|recurr\w+|relaps\w+"
)
_FROM_TO = _cue(
    r"(?:from|between) .{2,60}? (?:to|and|until|till) .{2,60}|between (?:the |her |his )?(?:two|last two|first two)\b.*|apart"
)
_PLACED = _cue(
    r"(?:discharge|admission|arrival|triage|pre-?op(?:erative)?(?:ly)?|post-?op(?:erative)?(?:ly)?|birth|intake)"
)
_SUMMARY_OF = re.compile(
    r"(?:discharge|admission|intake) (?:summar|note|diagnos|medic|letter|date)", re.IGNORECASE
)
_NORMAL = _cue(r"normali[sz]\w*|back to normal|(?:to|a|the|her|his) normal")
_MANY_VALUES = _cue(
    r"(?<!reference )(?<!normal )range|span|change|changes|difference|delta|trend|trajectory|course|minimum and maximum|min and max"
)
_LAST_FEW = _cue(
    r"(?:last|past|first|latest|recent) (?P<n>\d{1,2}|two|three|four|five|six) (?!days|weeks|months|years|hours)\w+"
)
_OVER = _cue(r"(?:over|in|within|in the space of) (?:the (?:last |past )?)?(?:a|an|one|two|three|four|five|six|\d{1,3}) (?:hour|day|week|month|year)s?(?! ago)")
_PER_DAY = _cue(r"(?:a|per|each|every) (?:day|week)|daily dos(?:e|age)|(?:in|during) a day")
_IS_PER_DAY = re.compile(r" a (?:day|week):|^(?!.*\b(?:twice|thrice|[bt]\.?i\.?d|qid|three times|four times|times (?:a|per) day|every \d+ hours)\b).*\b(?:once|daily|a day|every (?:day|morning|evening|night)|at bedtime)\b", re.IGNORECASE | re.DOTALL)
_TOTAL = _cue(r"total|sum of|altogether|cumulative")
_AT_AGE = _cue(r"at (?:past )?\d+ (?:years?|months?|weeks?)(?: old| of age)?(?! ago)")


def no_growth(text: str, said: str) -> str:
    """The word that asks whether a finding grew, where what is said speaks of no change of it; else ""."""
    found = _GROWN.search(text)
    return found[0] if found and not _GROWTH.search(said) else ""


def unmet(plan: Plan, answer: Answer) -> list[str]:
    """The words of the question that demand what the answer's result is not."""
    text = plan.question.text
    result = answer.result or {}
    kind, unit = result.get("type"), result.get("unit")
    missed: list[str] = [plan.lost.strip()] if plan.lost else []
    if kind in ("boolean", "text") and plan.ask == "exists" and (growth := no_growth(text, said(answer))):
        missed.append(growth)
    if (found := _LENGTH.search(text)) and not (
        (kind == "number" and unit in _TIMES)
        or (kind == "text" and re.search(r"\d", said(answer)))
        or (kind is None and _A_LENGTH.search(said(answer)))
    ):
        missed.append(found[0])
    if plan.ask == "demographic" and (found := _IN_LAW.search(text)):
        missed.append(found[0])
    if plan.ask == "demographic" and plan.attribute == "age" and (found := _OLD_THEN.search(text)) and not _DIED.search(found[0]):
        missed.append(found[0])  # the age of now is not that of then
    if (found := _STAY.search(text)) and not any(
        s.entry.kind == "encounter" for st in answer.statements for s in st.sources
    ):
        missed.append(found[0])
    if (found := _SIZE.search(text)) and kind != "number" and not re.search(r"\d", _value(result)):
        missed.append(found[0])
    if (found := _BACK.search(text)) and plan.target.kinds[:1] == ("condition",):
        missed += [] if re.search(r"recur|relaps", said(answer), re.IGNORECASE) else [found[0]]
    cited = {s.key for st in answer.statements for s in st.sources}
    if (several := _LAST_FEW.search(text)) and plan.pick in ("mean", "median", "highest", "lowest"):
        count = int(several["n"]) if several["n"].isdigit() else cues.NUMBERS.get(several["n"].lower(), 0)
        missed += [several[0]] if plan.pick in ("mean", "median") and len(cited) > count > 0 else []
    if (
        plan.ask == "duration"
        and plan.target.kinds[:1] == ("condition",)
        and (found := _FROM_TO.search(text))
    ):
        missed.append(found[0])
    if kind == "number" and plan.ask == "count":
        missed += _counted(plan, unit)
    if plan.ask in ("compare", "trend", "value") and not (plan.since or plan.until or plan.anchors or plan.bounds or plan.hours) and (found := _OVER.search(text)):
        missed.append(found[0])
    if plan.ask == "dose" and kind == "number" and (found := _PER_DAY.search(text)) and not _IS_PER_DAY.search(said(answer)):
        missed.append(found[0])  # one dose is not what is taken in a day
    if kind == "list" and plan.target.kinds[:1] == ("medication",) and (found := _TOTAL.search(text)):
        missed.append(found[0])  # a row of orders is no sum of what was given
    if plan.target.kinds[:1] == ("medication",) and kind == "list" and (found := _WHERE.search(text)):
        missed.append(found[0])  # no order says where a drug is kept
    if (found := SHARE.search(text)) and (answer.result or {}).get("unit") != "%":
        missed.append(found[0])  # neither how many there are nor which is a share
    if (found := _IN_HOURS.search(text)) and (answer.result or {}).get("type") == "number" and (answer.result or {}).get("unit") not in ("h", "min"):
        missed.append(found[0])
    if kind == "boolean" and plan.ask == "exists" and not plan.bounds and (found := _AT_EVERY.search(text)):
        missed.append(found[0])  # that there is one says nothing of every one
    if kind in ("date", "list") and (found := _LACKING.search(text)):
        missed.append(found[0])
    missed += _other_type(text, plan, answer)
    missed += told_of(text, plan, answer)
    if plan.target.kinds[:1] == ("result",):
        missed += _of_results(plan, kind)
    return missed


# What begins a question, and the kinds of result that are no answer to it.
_TYPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\W*(?:(?:in|on|at|to|from|by|for|with|of) )?(?:which|what|who|whom|whose|where|how)\b(?! about)", re.IGNORECASE), ("boolean",)),
    (re.compile(r"\W*(?:who|whom|by whom)\b", re.IGNORECASE), ("number", "date", "trend", "comparison")),
    (re.compile(r"\W*(?:when|since when|(?:on )?what (?:day|date))\b", re.IGNORECASE), ("boolean", "trend")),
    (re.compile(r"\W*why\b|.*\b(?:because|why)\W*$", re.IGNORECASE), ("boolean", "number", "date", "trend")),
    (re.compile(r"\W*how many\b", re.IGNORECASE), ("date", "boolean")),
    (re.compile(r"\W*what did (?:the |her |his )?[\w ]{3,40}? (?:find|show|say|reveal|recommend)\b", re.IGNORECASE), ("date", "number", "boolean")),
    (re.compile(r".*[-–—,:;.] (?:and )?(?:what|why|which|who|where)\b", re.IGNORECASE), ("boolean",)),
)


def _other_type(text: str, plan: Plan, answer: Answer) -> list[str]:
    """The word that asks for another kind of answer than was found."""
    kind = (answer.result or {}).get("type")
    found = [p.match(text)[0] for p, others in _TYPES if kind in others and p.match(text)]  # type: ignore[index]
    visited = plan.target.kinds[:1] in (("encounter",), ("document",))
    if kind == "list" and plan.target.kinds[:1] in _TOLD_BY_NAME and (m := _CONTENT.search(text) or (visited and _SAID_THERE.search(text))):
        names = {s.entry.name for st in answer.statements for s in st.sources}
        values = (answer.result or {}).get("value") or ["-"]
        if set(values) <= names and answer.kind == "computed":
            found.append(m[0])  # that it was done says nothing of what it showed
    sources = [s.entry.kind for st in answer.statements for s in st.sources]
    if sources and set(sources) <= {"order", "appointment"} and (m := _REPORTED.match(text)):
        found.append(m[0])  # what was only ordered has none
    return [found[0].strip()] if found else []


_TOLD_BY_NAME = (
    ("procedure",),
    ("report",),
    ("order",),
    ("plan",),
    ("encounter",),
    ("document",),
    ("condition",),
)
_SAID_THERE = _cue(r"what (?:has |have |did |does |do |was |were |is )?(?:[\w' -]{0,30} )?(?:chang(?:e|ed|es)|recommend\w*|advis\w*|suggest\w*|decid\w*|say|said|find|found)|about(?=\W*$)")
_REPORTED = re.compile(r"\W*(?:what (?:is|was|were) )?(?:the )?(?:reports?|results?|outcome|findings?)\b", re.IGNORECASE)
_CONTENT = _cue(
    r"results?|show(?:s|ed|n)?|findings?|find|found|say|says|said|conclu\w+|impression|outcome|reveal\w*|severity|extent|degree"
)


def _counted(plan: Plan, unit: object) -> list[str]:
    """What is to be counted, where that is not what the entries are: "how many jobs", "how many litres of oxygen"."""
    if (amount := _AMOUNT.search(plan.question.text)) and not unit:
        return [amount[0]]
    if other := _counted_other(plan):
        return [other]
    if plan.target.kinds[:1] == ("report",) and not unit and (found := _HOW_MANY.search(plan.question.text)):
        noun = found["noun"].lower()
        named = [w[:4] for w in re.findall(r"[a-z]+", plan.target.label.lower())]
        return [] if noun in _COUNTABLE | _REPORTS or noun[:4] in named else [found[0]]
    if plan.target.kinds[:1] != ("result",):
        return []
    if plan.target.concepts and all(c.startswith("social:") for c in plan.target.concepts):
        return [plan.target.label or "how many"]
    found = _HOW_MANY.search(plan.question.text)
    if found is None or unit:
        return []
    noun = found["noun"].lower()
    label = plan.target.label.lower()
    ours = noun in _COUNTABLE or noun.rstrip("s") in label or any(w in label for w in (noun, noun[:5]))
    return [] if ours else [found[0]]


_AMOUNT = _cue(
    r"how many (?:different |various )?(?:strengths|dosages)|how many (?:[a-z]+ ){0,2}(?:tablets|pills|capsules|puffs)|how many (?:units|bags|lit(?:er|re)s?|millilit(?:er|re)s?|ml|mg|tablets|pills|puffs|drinks|cigarettes|hours|pints|kilos?|kg|pounds|points|nights)|total (?:dose|volume|amount)"
)


def _counted_other(plan: Plan) -> str:
    """What stands behind "how many", where the entries that were counted are something else."""
    found = _HOW_MANY.search(plan.question.text)
    if found is None:
        return ""
    known = lexicon()
    start = found.start("noun")
    for mention in known.find(plan.question.text, query=True):
        if mention.start <= start < mention.end and not mention.concept.startswith(
            ("document:", "encounter:")
        ):
            sought = {*plan.target.concepts, *plan.target.purpose}
            near = {b for c in sought for b in (*known.closure(c), *known.related(c))} | sought
            alike = mention.concept in near or near & {
                *known.closure(mention.concept),
                *known.related(mention.concept),
            }
            return "" if alike or not sought else found[0]
    return ""


_HOW_MANY = _cue(
    r"how many (?:(?:of (?:the|her|his|these|those)|different|distinct|abnormal|separate|total|recorded|high|low|normal|elevated|measured|available|such) )*(?P<noun>[a-z]+)"
)
_COUNTABLE = frozenset(
    """
    times readings results values measurements tests checks occasions samples draws entries observations levels
    observation entry of days months years were are was is have has did fell lay scored recorded ones scores counts panels labs visits
    """.split()  # noqa: SIM905
)


_REPORTS = frozenset(["reports", "studies", "scans", "images", "films", "pictures", "procedures", "operations", "examinations", "exams", "biopsies", "echoes", "xrays"])


def _of_results(plan: Plan, kind: str | None) -> list[str]:
    text = plan.question.text
    missed = []
    if (found := _BEST.search(text)) and not plan.pick and kind not in ("trend", "comparison"):
        missed.append(found[0])
    if (found := _AT_AGE.search(text)) and plan.ask in ("value", "list", "exists"):
        missed.append(found[0].replace(" past", ""))
    if (found := _PLACED.search(text)) and not (
        plan.anchors or plan.stay or plan.moments or plan.since or plan.until or _SUMMARY_OF.search(text) or _EACH.search(text)
    ):
        missed.append(found[0])
    if kind == "number" and (found := _HOURLY.search(text)):
        missed.append(found[0])
    single = kind in ("number", "boolean", "date") and plan.ask not in ("compare", "trend", "count")
    normal = plan.ask in ("when", "interval", "duration") and not plan.pick and not plan.bounds
    if normal and (found := _NORMAL.search(text)):
        missed.append(found[0])
    alone = plan.ask in ("value", "list") and single and plan.pick not in ("mean", "median")
    if alone and (found := _MANY_VALUES.search(text)):
        missed.append(found[0])
    if single and (found := _PAIR.search(text)):
        missed.append(found[0])
    if (
        single
        and not plan.bounds
        and (found := _THAN.search(text))
        and not _THAN_NUMBER.search(text)
        and plan.ask != "flag"
    ):
        missed.append(found[0])
    if single and not plan.nth and (found := _STEPS_BACK.search(text)):
        missed.append(found[0])
    return missed


_GROWN = _cue(r"grown|enlarged|shrunk|shrunken|bigger|smaller|larger")
_GROWTH = re.compile(r"\b(?:grow\w*|enlarg\w*|increas\w*|interval|stable|unchanged|decreas\w*|larger|smaller|bigger|shr[iu]nk\w*)\b", re.IGNORECASE)
_WHERE = _cue(r"where|location of|kept|stored")
_EACH = _cue(r"(?:each|every|per) (?:hospital )?(?:admission|stay|hospitali[sz]ation)")
_AT_EVERY = _cue(r"(?:at|on|in|for|after|before) (?:every|each|all)(?: of)?(?: the| her| his)? (?:single )?(?:visit|check-?up|appointment|encounter|year|month|day|stay|admission|reading|occasion|time)s?|every (?:year|month|visit|time)")
_LACKING = _cue(r"(?:which|what|in (?:which|what)) (?:years?|months?|days?|visits?) .{0,40}?(?:\bnot\b|n't|\bnever\b|\bwithout\b|\bno\b|\bmiss(?:ed)?\b).*")
_IN_HOURS = _cue(r"how many (?:hours|minutes)(?! (?:a|per|each|every) )|in hours")
_HOURLY = _cue(r"(?:per|an|each|every) hour|hourly")


def _value(result: dict[str, object]) -> str:
    return str(result.get("value") or "")
