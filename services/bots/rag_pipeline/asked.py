"""What a question wants of its target: a value, a date, a count, a yes or no."""

from __future__ import annotations

import re
from typing import Literal

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.bare_asks import bare_ask
from services.bots.rag_pipeline.mentions import WEIGHT
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.spans import blank, spans_of
from services.bots.rag_pipeline.targets import MEASURED
from services.knowledge.lexicon import Mention


def find_ask(plan: Plan, bare: str, free: list[Mention]) -> str:
    measured = _measured(plan.target)
    category = plan.target.kinds
    # The words of a term are not cues: "reaction" in "transfusion reaction", "date" in "up to date".
    plain = blank(
        bare,
        [
            s
            for s, m in zip(spans_of(free), free, strict=True)
            if not m.concept.startswith(("document:", "encounter:"))
        ],
    )
    # "Platelet count" is no count of anything.
    plain = re.sub(r"(?<=  )(\s*)counts?\b", lambda m: " " * len(m[0]), plain) if measured else plain
    found = [name for name, cue in cues.ASKS if cue.search(plain)]
    first = found[0] if found else ""
    if cues.ASKS[0][1].search(plan.question.text) and (plan.target.concepts or category == ("condition",)):
        first = "age_at"
    if cues.ADVICE.search(plan.question.text):
        return "advice"
    if not plan.target.concepts and category in ((), ("encounter",), ("appointment",)):
        for name, cue in (("disposition", cues.DISPOSITION), ("source", cues.ADMITTED_FROM)):
            if cue.search(plan.question.text) and not re.match(
                r"\W*(?:when|what (?:day|date|time)|how (?:long|many))\b", plan.question.text, re.IGNORECASE
            ):
                return name
    if _measured(plan.target) and sum(bool(m.anchor and m.anchor.nth) for m in plan.moments) >= 2:
        return "compare"
    if (
        plan.attribute == "age"
        and plan.target.kinds[:1] in (("encounter",), ("procedure",))
        and (plan.stay or plan.target.concepts or plan.target.kinds == ("encounter",))
    ):
        return "age_at"
    if plan.attribute == "insurance" and not plan.target.concepts:
        return "demographic"
    if (
        (
            plan.attribute
            and not plan.target.concepts
            and not measured
            and category in ((), ("patient",), ("family",))
        )
        and first not in ("duration", "count")
        and category != ("family",)
    ):
        return "demographic"
    if first == "summary" and not (plan.target.concepts and category == ("document",)):
        return "summary"
    if first == "range" and plan.yes_no and cues.FLAG.search(plain):
        return "flag"
    if first in ("age_at", "range"):
        return first
    if (
        plan.bounds
        and not (plan.pick == "earliest" and not plan.yes_no)
        and first not in ("duration", "count", "when")
        and not re.match(r"\W*(?:what|which|list|show|when|how many)\b", plan.question.text, re.IGNORECASE)
    ):
        return "list" if measured and not plan.yes_no and _SEVERAL.search(plain) else "exists"
    if (
        measured
        and plan.bounds
        and re.match(
            r"\W*(?:the )?(?:when|date|day|since when|on (?:what|which)|(?:at |in )?(?:what|which) (?:time|date|day|hour|month|year))\b", plan.question.text, re.IGNORECASE
        )
    ):
        return "when"  # "when it fell below 30" tells no trend
    if first == "count" and measured and _OF_A_UNIT.search(plain) and not _OF_A_CHANGE.search(plain):
        return "value"
    if first == "count" and plan.target.concepts[:1] in (
        ("vital:cigarette-pack-years",),
        ("lab:hiv-viral-load",),
    ):
        return "value"
    if (
        first in ("duration", "count")
        and not (
            measured
            and (cues.COMPARE.search(plain) or plan.target.concepts == ("vital:body-weight",))
            and re.search(r"kilo|kg|pounds|lbs|points|mg", plan.question.text)
        )
        and not (first == "duration" and measured and "trend" in found)
    ):
        return first
    if (cues.STATUS.search(plain) and not measured and category != ("result",)) or (
        cues.STATUS.search(plain) and category[:1] == ("result",)
    ):
        return "value" if plan.target.concepts and plan.target.concepts[0].startswith("social:") else "status"
    drug = category == ("medication",)
    if drug and cues.ROUTE.search(plain) and not _OF_A_ROUTE.match(plain):
        return "route"
    if (
        drug
        and "when" in found
        and first in ("dose", "when")
        and re.match(r"\W*(?:at |on )?(?:when|what (?:time|date|day)|date|time)\b", plain, re.IGNORECASE)
    ):
        return "when"
    if first == "when" and _WHICH_ONE.match(plain) and not plan.target.concepts:
        return "list"  # "the name of the drug that was prescribed for the first time": which, not when
    if drug and plan.target.concepts and _DOSES_OVER_TIME.search(plain):
        return "dose_history"
    if first == "dose" and (drug or not category) and not _WHETHER_THERE.match(plan.question.text):
        return "dose"
    if first == "reaction" and "allergy" in category:
        return "reaction"
    if first == "who" and plan.attribute != "generalPractitioner":
        return "who"
    if any(a.relation == "both" for a in plan.anchors) and measured:
        return "compare"
    if cues.re.match(r"\W*trend of\b", plan.question.text, re.IGNORECASE) and measured:
        return "trend"
    changed = any(WEIGHT.get(m.concept) in plan.target.concepts for m in free)
    if (
        "trend" in found
        and measured
        and (changed or re.search(r"trend|course|over the (?:last|past|years)", plain, re.IGNORECASE))
        and plan.pick not in ("highest", "lowest", "mean")
    ):
        return "trend"
    contrast = re.search(
        r"compar|\bvs\b|versus|differ|how (?:much|many)|\bthan\b|change|delta|relative|before|gain|lost|loss|by what|between the last two",
        plain,
        re.IGNORECASE,
    )
    if "trend" in found and measured and not contrast and plan.pick not in ("highest", "lowest", "mean"):
        return "trend"
    if measured and (cues.EXTREMES.search(plan.question.text) or (cues.FIRST_AND_LAST.search(plan.question.text) and not first)):
        return "compare"
    if (cues.COMPARE.search(plain) or changed) and _comparable(plan, plain):
        # "The average from 2015 to 2018" is one value of a period.
        return "value" if plan.pick in ("highest", "lowest", "mean", "median") and not contrast and not changed else "compare"
    if measured and plan.others and cues.SAME_DAY.search(bare):
        return "value_on"
    if measured and re.search(
        r"\b(?:and|with) (?:when|the date|its date|dates?|on what|which date)", plain, re.IGNORECASE
    ):
        return "value"
    if measured and "trend" in found and plan.pick not in ("highest", "lowest", "mean"):
        return "trend"
    if (
        measured
        and (plan.since or plan.anchors)
        and not plan.pick
        and not plan.yes_no
        and re.search(
            r"\bover the|over (?:last|past)|from .{1,40} (?:to|through|until|till) |\bsince\b|\bthrough\b",
            plan.question.text,
            re.IGNORECASE,
        )
    ):
        return "trend"
    if (
        measured
        and len(plan.moments) >= 2
        and not plan.yes_no
        and not plan.pick
        and not (_DAYS_BETWEEN.search(plan.question.text) and not contrast)
        and all(m.anchor or m.now or m.until for m in plan.moments)
    ):
        return "compare"
    if cues.WHICH_SIDE.search(plan.question.text) and category in (
        (),
        ("condition",),
        ("procedure", "report"),
        ("procedure",),
    ):
        return "list"
    if first == "trend" and category == ("medication",):
        return "dose_history"
    if "when" in found and not measured and _LIST_WITH_DATES.match(plan.question.text):
        return "list"
    if measured and plan.since and not plan.pick and _BEEN.match(plan.question.text):
        return "trend"  # "What has the potassium been in 2026": all of it
    for name in ("when", "reason", "where", "reaction"):
        if name == "when" and measured and _WHAT_WAS.match(plan.question.text) and not _ITS_DATE.search(plan.question.text):
            continue  # "what was the pressure when he came": a value, of then
        if name == "when" and plan.yes_no and _WHETHER.match(plan.question.text) and not _ITS_DATE.search(plan.question.text):
            continue  # "did she have an epidural when she gave birth"
        if name in found and not (name == "reaction" and "allergy" not in category):
            if name == "reason" and plan.target.purpose:
                continue
            return name
    if plan.pick in ("mean", "median") and _measured(plan.target):
        return "value"
    if measured and plan.pick in ("highest", "lowest", "mean", "median"):
        return "value"
    if (
        plan.bounds
        and plan.pick == "earliest"
        and not plan.yes_no
        and not re.match(r"(?:what|which|list|show)", plain, re.IGNORECASE)
    ):
        return "when"
    if plan.bounds and not re.match(r"(?:what|which|list|show)", plain, re.IGNORECASE):
        return "exists"
    if (
        measured
        and not plan.yes_no
        and plan.question.text.rstrip().endswith("?")
        and cues.FLAG.search(plain)
        and not re.match(r"\W*(?:what|how|which|when|who|where)\b", plan.question.text, re.IGNORECASE)
    ):
        return "flag"
    if plan.yes_no:
        if measured and cues.FLAG.search(plain) and not re.search(r"\bever\b", plain, re.IGNORECASE):
            return "flag"
        if not re.match(r"\W*(?:what|which|who|where|how)\b", plan.question.text, re.IGNORECASE):
            return "exists"
    if plan.attribute and not plan.target.concepts and not category:
        return "demographic"
    if category == ("medication",) and cues.CHANGED.search(plain) and not plan.target.concepts:
        return "med_changes"
    if measured:
        return "list" if _plural(plan, plain) or any(a.visits for a in plan.anchors) else "value"
    asks = bare_ask(plan, plain)
    social = bool(plan.target.concepts) and plan.target.concepts[0].startswith("social:")
    return "value" if social and asks == "list" else asks


# "How many litres", "how many points": a value, and no count of measurements.
_OF_A_UNIT = re.compile(
    r"\bhow many (?:lit(?:er|re)s?|millilit(?:er|re)s?|points|degrees|percent|copies|cells|beats|breaths|centimet(?:er|re)s|kilos?|kilograms|pounds)\b",
    re.IGNORECASE,
)
_OF_A_CHANGE = re.compile(
    r"\b(?:los[te]|gain\w*|put on|since|down|up|from|grown?|grew|between|more|less|than|shed|fell|rose|dropped)\b",
    re.IGNORECASE,
)
_LIST_WITH_DATES = re.compile(
    r"\W*(?:list|show|name|give|enumerate|say|tell me all)\b.*\b(?:with|and) (?:its |their |the |each )?dates?\b|\W*(?:what|which) (?!date|day|year|month|time)\w+s\b.*\band (?:since )?when\W*$",
    re.IGNORECASE,
)
_DAYS_BETWEEN = re.compile(r"\bbetween \d{4}-\d\d-\d\d and \d{4}-\d\d-\d\d\b")  # a stretch of days, as a season is
_DOSES_OVER_TIME = re.compile(
    r"\bhow (?:has|have|had|did) (?:the |her |his )?dos\w*\b.*\b(?:chang|evolv|vari|develop|been adjust)\w*|\bdos(?:e|es|age|ages|ing)\b.*\bover (?:time|the (?:years|months|course))"
    r"|\bdos(?:e|age|ing) (?:history|changes|trajectory|timeline)\b",
    re.IGNORECASE,
)
_WHAT_WAS = re.compile(r"\W*(?:what|how (?:high|low|much)) (?:is|was|were|are)\b(?! (?:the )?(?:date|day|time|year|month))", re.IGNORECASE)
_WHETHER = re.compile(r"\W*(?:did|does|do|was|were|is|are|has|have|had)\b", re.IGNORECASE)
_ITS_DATE = re.compile(r"\b(?:and|or|if so|so)\b,? (?:if so,? )?(?:when|what|which|on)\b|[,;:(/-] ?when\b|\bwhen\W*$|\b(?:what|which) (?:date|day|year|month)\b|\bdates?\b", re.IGNORECASE)
_BEEN = re.compile(r"\W*what (?:has|have) .* been\b", re.IGNORECASE)
_WHETHER_THERE = re.compile(
    r"\W*(?:(?:is|was|are|were) there|has .* (?:had|received|got|been given)|did .* (?:get|receive|have))\b(?!.*\bdos(?:e|age) (?:chang|increas|reduc|adjust))",
    re.IGNORECASE,
)
_OF_A_ROUTE = re.compile(  # what is asked for is something else, of what went by that route
    r"\W*(?:when\b|(?:what|which) (?:time|date|day|(?:was|is|were|are) the (?:names?|drugs?|medications?|last time|first time)|drugs?|medications?|medicines?)\b|which\b|names?\b|how many\b)(?!.*\bwhat routes?\b)",
    re.IGNORECASE,
)
_WHICH_ONE = re.compile(
    r"\W*(?:(?:what|which)(?: (?:is|was|were))?(?: the)? )?(?:name of the |name the )?(?:[\w-]+ ){0,2}\s*(?:drug|medication|medicine|procedure|test|diagnosis|vaccine|treatment)s?\b(?!.*\b(?:date|what time)\b)(?!.*\b(?:and|or) when\b)(?!.*\bwhen\W*$)",
    re.IGNORECASE,
)


_SEVERAL = re.compile(r"\b(?:values|results|readings|measurements|tests)\b", re.IGNORECASE)


def _plural(plan: Plan, plain: str) -> bool:
    return (
        not plan.pick
        and not plan.others
        and bool(
            re.search(
                r"\b(?:values|results|readings|levels|measurements|numbers|all|list|every|each)\b",
                plain,
                re.IGNORECASE,
            )
        )
    )


def _comparable(plan: Plan, plain: str) -> bool:
    target = plan.target
    return bool(target.concepts and (_measured(target) or target.kinds[:1] == ("result",)))


def _measured(target: Target) -> bool:
    return (
        bool(target.concepts)
        and target.concepts[0].partition(":")[0] in (*MEASURED, "drug")  # a drug as a result: its level
        and target.kinds[:1] == ("result",)
    )


def question_type(plan: Plan) -> Literal["factual", "trend", "summary", "comparison"]:
    """The contract's question type."""
    if plan.ask in ("trend", "dose_history"):
        return "trend"
    if plan.ask == "summary":
        return "summary"
    return "comparison" if plan.ask == "compare" else "factual"
