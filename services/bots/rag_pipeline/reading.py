"""From the words of a question to a plan. Nothing of the record is looked at."""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import functools
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.anchors import find_anchors
from services.bots.rag_pipeline.plan import Anchor, Moment, Plan, Target
from services.bots.rag_pipeline.spelling import corrected
from services.chart.naming import family
from services.index.features import stems
from services.index.question import parse
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.periods import find_period
from services.knowledge.quantities import Comparison, find_comparisons
from services.knowledge.terms import TOKEN
from services.knowledge.units import normalise_unit

MEASURED = ("lab", "vital")
_PREFERRED = {
    "lab": ("result", "report"), "vital": ("result",), "drug": ("medication",), "drugclass": ("medication",),
    "problem": ("condition",), "symptom": ("condition",), "finding": ("condition",), "procedure": ("procedure", "report"),
    "vaccine": ("immunization",), "document": ("document",), "social": ("result",), "encounter": ("encounter",),
    "substance": ("allergy",), "device": ("procedure",), "organism": ("result",),
}  # fmt: skip
_WEIGHT = {"symptom:weight-gain": "vital:body-weight", "symptom:weight-loss": "vital:body-weight"}
# Terms that are words of a question rather than its subject.
_NOT_SUBJECTS = frozenset(
    ["vital:vital-signs", "document:document", "document:medication-list", "document:problem-list", "document:allergy-list",
     "document:laboratory-report", "document:radiology-report", "document:past-medical-history", "document:family-history",
     "document:care-plan", "document:referral", "document:immunization-record", "finding:allergic-to", "encounter:discharge", "encounter:follow-up-visit",
     "encounter:emergency-visit", "encounter:hospital-admission", "encounter:outpatient-visit", "encounter:telehealth-visit",
     "encounter:readmission", "procedure:imaging", "vaccine:vaccine", "social:language", "social:marital-status", "social:insurance", "document:chief-complaint"]
)  # fmt: skip
_TARGETED = re.compile(r"\bon (?:an? |any |the )?$", re.IGNORECASE)


def read(text: str, as_of: dt.date) -> Plan:
    """What the question asks to be computed. Takes any string."""
    text = " ".join(str(text)[:2000].replace("\x00", " ").replace("’", "'").split())
    text, slips = corrected(text)
    advice = bool(cues.ADVICE.search(text))
    text = _plain(text)
    text = _spelled_out(text, as_of)
    mentions = _mentions(text)
    question = parse(text, as_of)
    if not question.comparisons:  # "was K ever above 5.5": the shorthand is no term of the lexicon's
        found, _ = find_comparisons(text, mentions, lexicon())
        question = dataclasses.replace(question, comparisons=tuple(found or _bounds(text, mentions)))
    anchors, anchored = find_anchors(text, mentions)
    free = [m for m in mentions if not _within(m.start, m.end, anchored)]
    bare = _blank(text, anchored)
    _, dated = find_period(bare, as_of, lambda a, b: _within(a, b, _spans(free)))
    plain = _blank(bare, [*_spans(free), *dated])
    plan = Plan(question, "", Target(), since=question.period[0], until=question.period[1], anchors=anchors)
    plan.steps += slips
    plan.moments = _moments(text, as_of, anchors)
    if question.comparisons:
        plan.bounds = question.comparisons
    plan.yes_no = bool(cues.YES_NO.search(text))
    plan.ever = bool(cues.EVER.search(text))
    plan.closed = bool(cues.CLOSED.search(text))
    plan.pick = next((name for name, cue in cues.PICKS if cue.search(plain)), "")
    if several := cues.LAST_N.search(text):
        n = (several["n"] or several["n2"]).lower().split()[0]
        plan.count = int(n) if n.isdigit() else cues.NUMBERS.get(n, 3)
        if plan.pick in ("latest", "earliest"):
            plan.pick = "earliest" if "first" in several[0].lower() or "earliest" in several[0].lower() else ""
    plan.target, plan.others = _targets(text, bare, free, as_of)
    plan.month = next((cues.MONTHS[t.group().lower()] for t in TOKEN.finditer(plain) if t.group().lower() in cues.MONTHS), 0)
    repeated = anchors and not plan.target.concepts and plan.target.kinds == anchors[0].target.kinds and anchors[0].target.concepts
    if (repeated or not (plan.target.concepts or plan.target.kinds or plan.target.words)) and anchors and anchors[0].target.kinds:
        # "How long was he in hospital": the event itself is asked about.
        plan.target, plan.anchors = anchors[0].target, anchors[1:]
        plan.target = dataclasses.replace(plan.target, words=())
    elif plan.target.kinds == () and not plan.target.concepts and re.search(r"\bwho\b|\bwhom\b", text, re.IGNORECASE) and (plan.since or anchors):
        plan.target = Target(kinds=("encounter",))
    if anchors and plan.since and re.search(r"\b(?:from|between|since|after)\b", text, re.IGNORECASE) and _ENDS_AT.search(text):
        plan.since = None  # "from discharge to May 2026": the period is the end only
    if plan.since == plan.until == as_of and re.search(r"\b(?:last|latest|most recent)\b", text, re.IGNORECASE):
        plan.since = plan.until = None
    if re.search(r"\bthis (?:flu )?season\b", text, re.IGNORECASE):
        plan.since = dt.date(as_of.year - (as_of.month < 7), 7, 1)
    plan.attribute = next((name for name, cue in cues.DEMOGRAPHICS if cue.search(bare)), "")
    plan.ask = "advice" if advice else _ask(plan, bare, free)
    if plan.ask in ("duration", "list", "value", "exists", "when") and (interval := cues.INTERVAL.search(text)):
        ends = [_end(interval[k], as_of) for k in ("a", "b")]
        if all(ends):
            plan.ask, plan.anchors = "interval", [e for e in ends if e]
    plan.kind = _type(plan)
    return plan


def _plain(text: str) -> str:
    """The question without politeness, and without clauses that only say "the last one"."""
    bare = cues.PULL.sub("", cues.POLITE.sub("", text, count=1), count=1)
    if re.match(r"(?:whether|if)\b", bare, re.IGNORECASE):
        bare = re.sub(r"^(?:whether|if)\s+", "is it so that ", bare, flags=re.IGNORECASE)
    if re.match(r"\W*(?:what|how|where|is|was|which|has|did|her|his|the)\b", bare, re.IGNORECASE) and not re.match(r"\W*(?:what (?:date|day|year|month|time)|how long)\b", bare, re.IGNORECASE):
        bare = cues.SUBORDINATE.sub(" latest", bare)
    return bare if len(bare) > 2 else text


def _bounds(text: str, mentions: list[Mention]) -> list[Comparison]:
    """A bound that stands apart from what it bounds: "did K+ at any time go over 5.5"."""
    measured = [m for m in mentions if m.concept.partition(":")[0] in MEASURED]
    found = cues.BOUND.search(text)
    if len({m.concept for m in measured}) != 1 or found is None:
        return []
    op = found["op"].lower()
    op = ">" if op.startswith("exceed") else cues.OPS.get(op, op)
    return [Comparison(measured[0].concept, op, float(found["value"]), None, normalise_unit(found["unit"]), None)]


_SHORT_SPAN = re.compile(r"(?<![\w.])(?:x |for |over |last |past )?(\d{1,2}) ?(y|yrs?|years?|m|mos?|months?|w|wks?|weeks?|d|days?)(?=\W*$)", re.IGNORECASE)
_UNITS = {"y": "years", "m": "months", "w": "weeks", "d": "days"}
_MONTH = "|".join(sorted(cues.MONTHS, key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)\d\d)(?![\d/])")
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\d/])")
_WRITTEN = re.compile(rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),? (?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTH})\b(?!,? ?(?:19|20)\d\d)|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?(?:19|20)\d\d|\d)", re.IGNORECASE)
_VALUES_FROM = re.compile(rf"\b(values?|results?|readings?|levels?|labs?|notes?|those|numbers?|measurements?|tests?) (?:from|of) (?=(?:(?:{_MONTH}) )?(?:19|20)\d\d\b(?! (?:to|until|through|onwards?|-)))", re.IGNORECASE)


def _iso(match: re.Match[str]) -> str:
    """A date in figures: month first, unless that can't be."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    return _day(year, a, b) or _day(year, b, a) or match.group()


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


_SEASON = re.compile(r"\s(?:in |for |during )?(?:the )?(20\d\d)(?:\s?[/-]\s?(?:20)?\d\d)? (?:flu )?season\b", re.IGNORECASE)


def _season(name: str, as_of: dt.date) -> str:
    """The last such season that is over or has begun, as a period (meteorological seasons of the north)."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[name]
    year = as_of.year if as_of.month > first else as_of.year - 1
    start = dt.date(year, first, 1)
    end = start + dt.timedelta(days=91)
    return f"between {start.isoformat()} and {end.isoformat()}"


def _spelled_out(text: str, as_of: dt.date) -> str:
    """Times in shorthand as the period reader knows them: "2y", "15 June", "values from 2025"."""
    text = _VALUES_FROM.sub(r"\1 in ", text)
    text = _SEASON.sub(lambda m: f" between {m[1]}-07-01 and {int(m[1]) + 1}-06-30", text)
    text = re.sub(r"\b(?:in |during )?last (autumn|fall|spring|summer|winter)\b", lambda m: _season(m[1].lower(), as_of), text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:a|one) year back\b", "a year ago", text, flags=re.IGNORECASE)
    text = _NUMERIC.sub(_iso, text)
    text = _MONTH_YEAR.sub(lambda m: f"{calendar.month_name[int(m['m'])]} {m['y']}", text)
    text = _WRITTEN.sub(lambda m: _day(int(m["y"]), cues.MONTHS[(m["m"] or m["m2"]).lower()], int(m["d"] or m["d2"])) or m.group(), text)

    def dated(match: re.Match[str]) -> str:
        day, month = int(match["d"] or match["d2"]), cues.MONTHS[(match["m"] or match["m2"]).lower()]
        try:
            found = dt.date(as_of.year, month, day)
        except ValueError:
            return match.group()
        if found > as_of:
            found = found.replace(year=as_of.year - 1) if (month, day) != (2, 29) else found
        return found.isoformat()

    text = _DAY_MONTH.sub(dated, text)
    span = _SHORT_SPAN.search(text)
    if span and not re.search(r"\b(?:old|ago|age|between|every|weighs?)\b", text, re.IGNORECASE) and not re.match(r"(?:last|past) ", span.group(), re.IGNORECASE):
        text = f"{text[: span.start()]}past {span[1]} {_UNITS[span[2][0].lower()]}{text[span.end() :]}"
    return text


_NOW = re.compile(r"\b(?:now|today|current(?:ly)?|latest|most recent|present|last value|newest)\b", re.IGNORECASE)


_STAGES = re.compile(r"\b(?P<in>admission|arrival|presentation)\b|\b(?P<out>discharge)\b|\b(?P<ed>er|ed|emergency (?:room|department))\b|\b(?P<fu>follow[- ]?up)(?: visit)?\b", re.IGNORECASE)


def _stage(match: re.Match[str]) -> Anchor:
    """The part of a course that one word names: admission, discharge, the emergency room, the follow-up."""
    stay = ("IMP", "ACUTE", "NONAC")
    if match["in"] or match["out"]:
        return Anchor("at-end" if match["out"] else "at-start", Target(kinds=("encounter",), classes=stay), "end" if match["out"] else "start", "latest", match[0])
    classes = ("EMER",) if match["ed"] else ("AMB",)
    return Anchor("during", Target(kinds=("encounter",), classes=classes), "start", "latest", match[0])


def _moments(text: str, as_of: dt.date, anchors: list[Anchor]) -> list[Moment]:
    """The separate times that a comparison names, in their order: dates, events, "now"."""
    found: list[tuple[int, Moment]] = []
    _, spans = find_period(text, as_of)
    for start, end in spans:
        words = text[start:end]
        pieces = re.split(r"\b(?:and|to|until|through)\b|(?<=\d)-(?=\d{4})", words) if re.match(r"(?:from|between)\b|.*\d (?:to|until|through) ", words, re.IGNORECASE) else [words]
        for piece in pieces:
            piece = re.sub(r"^(?:from|between|since|before|after|until|compared (?:to|with))\s+", "", piece.strip(), flags=re.IGNORECASE)
            (since, until), _ = find_period(piece if re.match(r"(?:last|past|this|previous|\w+ (?:years?|months?|weeks?|days?) ago)", piece, re.IGNORECASE) else f"in {piece}", as_of)
            rolling = re.match(r"(?:(?:over|in|within|during|for) )?(?:the )?(?:last|past|previous) (?:\d|two|three|four|five|six|few|couple|twelve)", piece, re.IGNORECASE)
            if (since or until) and not rolling:
                found.append((start + words.find(piece), Moment(since, until)))
    for anchor in anchors:
        if anchor.relation in ("during", "at-start", "at-end"):
            found.append((text.find(anchor.text), Moment(anchor=anchor)))
    if cues.COMPARE.search(text) and len(found) < 2:
        taken = [text.find(m.anchor.text) for _, m in found if m.anchor]
        for match in _STAGES.finditer(text):
            if not any(at <= match.start() < at + 40 for at in taken):
                found.append((match.start(), Moment(anchor=_stage(match))))
    found += [(m.start(), Moment(now=True)) for m in _NOW.finditer(text)][:1]
    ordered = sorted(found, key=lambda p: p[0])
    kept: list[Moment] = []
    for place, (at, moment) in enumerate(ordered):
        # "At diagnosis in July 2022" is one time, told twice: the date is the exact one.
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        if moment.anchor and following and following[1].anchor is None and not following[1].now:
            between = text[at + len(moment.anchor.text) : following[0]]
            if re.fullmatch(r"\s*(?:in|of|on|,)?\s*", between, re.IGNORECASE):
                continue
        kept.append(moment)
    return kept


_ENDS_AT = re.compile(r"\b(?:to|until|till|through|and|up to)\s+(?:the\s+)?(?:end of\s+)?(?:(?:19|20)\d\d|(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b)", re.IGNORECASE)


def _end(words: str, as_of: dt.date) -> Anchor | None:
    """One end of "from … to …" as an event; None where it names none."""
    anchors, _ = find_anchors(f"since {words}", _mentions(f"since {words}"))
    if anchors:
        return anchors[0]
    mentions = [m for m in _mentions(words) if m.concept.partition(":")[0] in _PREFERRED]
    if not mentions:
        return None
    target, _ = _targets(words, words, mentions[:1], as_of)
    moment = "end" if cues.STOPPED.search(words) else "start"
    pick = "latest" if re.search(r"\b(?:last|latest|most recent)\b", words, re.IGNORECASE) else "earliest"
    return Anchor("since", target, moment, pick, words)


def _ask(plan: Plan, bare: str, free: list[Mention]) -> str:
    measured = _measured(plan.target)
    category = plan.target.kinds
    # The words of a term are not cues: "reaction" in "transfusion reaction", "date" in "up to date".
    plain = _blank(bare, [s for s, m in zip(_spans(free), free, strict=True) if not m.concept.startswith(("document:", "encounter:"))])
    found = [name for name, cue in cues.ASKS if cue.search(plain)]
    first = found[0] if found else ""
    if cues.ASKS[0][1].search(plan.question.text) and (plan.target.concepts or category == ("condition",)):
        first = "age_at"
    if cues.ADVICE.search(plan.question.text):
        return "advice"
    if plan.attribute and not plan.target.concepts and not measured and category in ((), ("patient",), ("family",)):
        if first not in ("duration", "count") and category != ("family",):
            return "demographic"
    if first == "summary" and not (plan.target.concepts and category == ("document",)):
        return "summary"
    if first == "range" and plan.yes_no and cues.FLAG.search(plain):
        return "flag"
    if first in ("age_at", "range"):
        return first
    if plan.bounds and first not in ("duration", "count", "when") and not re.match(r"\W*(?:what|which|list|show|when|how many)\b", plan.question.text, re.IGNORECASE):
        return "exists"
    if first == "count" and plan.target.concepts[:1] in (("vital:cigarette-pack-years",), ("lab:hiv-viral-load",)):
        return "value"
    if first in ("duration", "count") and not (measured and (cues.COMPARE.search(plain) or plan.target.concepts == ("vital:body-weight",)) and re.search(r"kilo|kg|pounds|lbs|points|mg", plain)):
        if not (first == "duration" and measured and "trend" in found):
            return first
    if cues.STATUS.search(plain) and not measured and category != ("result",) or (cues.STATUS.search(plain) and category[:1] == ("result",)):
        return "value" if plan.target.concepts and plan.target.concepts[0].startswith("social:") else "status"
    if first == "dose" and (category == ("medication",) or not category):
        return "dose"
    if first == "reaction" and "allergy" in category:
        return "reaction"
    if first == "who" and plan.attribute != "generalPractitioner":
        return "who"
    if any(a.relation == "both" for a in plan.anchors) and measured:
        return "compare"
    changed = any(_WEIGHT.get(m.concept) in plan.target.concepts for m in free)
    if "trend" in found and measured and (changed or re.search(r"trend|course|over the (?:last|past|years)", plain, re.IGNORECASE)) and plan.pick not in ("highest", "lowest", "mean"):
        return "trend"
    contrast = re.search(r"compar|\bvs\b|versus|differ|how (?:much|many)|\bthan\b|change|delta|relative|before|gain|lost|loss|by what", plain, re.IGNORECASE)
    if "trend" in found and measured and not contrast and plan.pick not in ("highest", "lowest", "mean"):
        return "trend"
    if (cues.COMPARE.search(plain) or changed) and _comparable(plan, plain):
        return "compare"
    if measured and plan.others and cues.SAME_DAY.search(bare):
        return "value_on"
    if measured and re.search(r"\b(?:and|with) (?:when|the date|its date|dates?|on what|which date)", plain, re.IGNORECASE):
        return "value"
    if measured and "trend" in found and plan.pick not in ("highest", "lowest", "mean"):
        return "trend"
    if measured and (plan.since or plan.anchors) and not plan.pick and not plan.yes_no and re.search(r"\bover the|over (?:last|past)|from .{1,40} (?:to|through|until|till) |\bsince\b|\bthrough\b", plan.question.text, re.IGNORECASE):
        return "trend"
    if measured and len(plan.moments) >= 2 and not plan.yes_no and not plan.pick and all(m.anchor or m.now or m.until for m in plan.moments):
        return "compare"
    if cues.WHICH_SIDE.search(plan.question.text) and category in ((), ("condition",), ("procedure", "report"), ("procedure",)):
        return "list"
    if first == "trend" and category == ("medication",):
        return "dose_history"
    for name in ("when", "reason", "where", "reaction"):
        if name in found and not (name == "reaction" and "allergy" not in category):
            if name == "reason" and plan.target.purpose:
                continue
            return name
    if measured and plan.pick in ("highest", "lowest", "mean", "median"):
        return "value"
    if plan.bounds and not re.match(r"(?:what|which|list|show)", plain, re.IGNORECASE):
        return "exists"
    if measured and not plan.yes_no and plan.question.text.rstrip().endswith("?") and cues.FLAG.search(plain) and not re.match(r"\W*(?:what|how|which|when|who|where)\b", plan.question.text, re.IGNORECASE):
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
        return "list" if _plural(plan, plain) else "value"
    asks = _bare_ask(plan, plain)
    social = bool(plan.target.concepts) and plan.target.concepts[0].startswith("social:")
    return "value" if social and asks == "list" else asks


_STATES = ("medication", "condition", "allergy", "family")


def _plural(plan: Plan, plain: str) -> bool:
    return not plan.pick and not plan.others and bool(re.search(r"\b(?:values|results|readings|levels|measurements|numbers|all|list|every|each)\b", plain, re.IGNORECASE))


def _bare_ask(plan: Plan, plain: str) -> str:
    """What a question without a verb wants: "statin?" a yes or no, "last tetanus shot" its date."""
    target = plan.target
    named = bool(target.concepts or target.words)
    asks_list = bool(cues.LISTS.search(plain)) or re.match(r"\W*(?:what|which|who|where|how)\b", plan.question.text, re.IGNORECASE)
    kind = target.kinds[0] if target.kinds else ""
    if asks_list:
        return "list"
    if kind in ("procedure", "report", "immunization", "encounter") and plan.pick in ("latest", "earliest", "previous") and not cues.CONTENT.search(plain):
        return "when"
    question = plan.question.text.rstrip().endswith("?") or bool(re.search(r"\by/n\b", plain))
    social = bool(target.concepts) and target.concepts[0].startswith("social:")
    plural = bool(re.search(r"(?:[^su]s|[aeiou]es)\s*\??$", plan.question.text.strip())) and not re.search(r"\bany\b", plain, re.IGNORECASE)
    if plural and kind in ("medication", "encounter", "procedure", "immunization") and named | bool(target.classes):
        return "list"
    if named and (kind in _STATES or social) and not target.purpose:
        if question or kind in ("allergy", "family") and target.concepts:
            return "exists"
    if kind in ("immunization", "procedure", "encounter") and (question and (plan.since or plan.until or kind == "immunization" or cues.re.search(r"\b(?:done|had|ever)\b", plain))):
        return "exists"
    return "list"


def _comparable(plan: Plan, plain: str) -> bool:
    target = plan.target
    return bool(target.concepts and (_measured(target) or target.kinds[:1] == ("result",)))


def _measured(target: Target) -> bool:
    return bool(target.concepts) and target.concepts[0].partition(":")[0] in MEASURED and target.kinds[:1] == ("result",)


def _type(plan: Plan) -> str:
    return {"trend": "trend", "compare": "comparison", "summary": "summary", "dose_history": "trend"}.get(plan.ask, "factual")


def _mentions(text: str) -> list[Mention]:
    found: list[Mention] = []
    for mention in lexicon().find(text, query=True):
        word = mention.surface.lower()
        if word in ("vs", "cc", "pt", "max", "min", "now", "on", "or", "as", "it", "am", "an", "his", "has", "all", "age", "did"):
            continue
        if any(m.start == mention.start and m.end == mention.end for m in found):
            continue  # one sense of an ambiguous term is enough to find its entries by; see Target
        found.append(mention)
    for token in re.finditer(r"(?<![\w-])[A-Z][A-Za-z]{0,3}\d?\+?(?![\w-])", text):
        concept = cues.SHORTHAND.get(token.group())
        if concept and not any(m.start <= token.start() < m.end for m in found):
            found.append(Mention(concept, *token.span(), token.group()))
    for token in re.finditer(r"\b(?:kilos?|kilograms?|kgs?|pounds|lbs|lighter|heavier)\b", text, re.IGNORECASE):
        if not any(m.concept.startswith(("vital:", "lab:")) or m.concept in _WEIGHT for m in found) and re.search(r"gain|los[te]|put on|heav|light|down|up\b|shed|drop", text, re.IGNORECASE):
            found.append(Mention("symptom:weight-gain", *token.span(), token.group()))
    for token in re.finditer(r"(?<![\w-])[a-z]{7,}(?![\w-])", text):
        word = token.group()
        if word.endswith(("ic", "ive", "otic", "emic")) and word not in cues.GENERIC and not any(m.start <= token.start() < m.end for m in found):
            named = _adjectives().get(word[:-2])
            if named:
                found.append(Mention(named, *token.span(), word))
    return sorted(found, key=lambda m: m.start)


@functools.cache
def _adjectives() -> dict[str, str]:
    """Beginnings of problems' names, so that "osteoporotic" and "hyperlipidemic" are understood."""
    found: dict[str, set[str]] = {}
    for concept in lexicon().concepts():
        if concept.kind == "problem":
            for term in (concept.name, *concept.synonyms):
                if term.isalpha() and len(term) >= 8:
                    for size in range(6, len(term)):
                        found.setdefault(term[:size].lower(), set()).add(concept.id)
    return {k: next(iter(v)) for k, v in found.items() if len(v) == 1}


def _targets(text: str, bare: str, free: list[Mention], as_of: dt.date) -> tuple[Target, tuple[Target, ...]]:
    subjects = [m for m in free if m.concept not in _NOT_SUBJECTS and not m.concept.startswith(("anatomy:", "specialty:"))]
    masked = _blank(bare, _spans(subjects))
    kinds, classes, category_spans = _category(masked)
    words, loose = _words(bare, subjects, category_spans, as_of)
    label = " ".join(dict.fromkeys(m.surface for m in subjects)) or " ".join(words)
    if _ALLERGY.search(text):
        concepts = tuple(dict.fromkeys(c for m in subjects for c in _allergens(m)))
        return Target(concepts, ("allergy",), () if concepts else words, (), (), label, loose), ()
    for mention in subjects:
        if kinds != ("procedure",) and cues.PURPOSE.search(text[: mention.start]) and not mention.concept.startswith(("drug", "vaccine")):
            purpose = tuple(c for m in subjects if not m.concept.startswith("drug") for c in (m.concept, *_problems(m.concept)))
            drugs = tuple(m.concept for m in subjects if m.concept.startswith("drug"))
            return Target(drugs, ("medication",), words, (), purpose, label), ()
    if kinds == ("medication",) and subjects and not any(m.concept.startswith(("drug", "vaccine")) for m in subjects):
        purpose = tuple(c for m in subjects for c in (m.concept, *_problems(m.concept)))
        return Target((), ("medication",), words, (), purpose, label), ()
    vaccinated = any(m.concept in ("procedure:vaccination", "vaccine:vaccine") for m in subjects) or kinds == ("immunization",)
    if vaccinated:
        vaccines = tuple(dict.fromkeys(v for m in subjects for v in _vaccines(m)))
        return Target(vaccines, ("immunization",), () if vaccines else words, (), (), label, loose), ()
    done = [m for m in subjects if m.concept.startswith("procedure:")]
    of = [m for m in subjects if m.concept.startswith("problem:")]
    if done and of:
        # "The biopsy of the nodule", "epilepsy surgery": the procedure, and only where it was for that.
        general = tuple(m.concept for m in done if m.concept != "procedure:surgery")
        told = tuple(dict.fromkeys(s for m in of for s in stems(m.surface)))
        return Target(general, ("procedure", "report") if general else ("procedure",), told, (), (), label, loose), ()
    subjects = _narrowest(subjects)
    level = next((m for m in subjects if m.concept.startswith("drug:") and re.match(r"\s+(?:blood |serum |plasma |trough |peak )?(?:level|trough|concentration)s?\b", text[m.end :], re.IGNORECASE)), None)
    if level is not None:
        return Target((level.concept,), ("result",), (), (), (), level.surface, loose), ()
    concepts = [_WEIGHT.get(m.concept, m.concept) if _is_change(text, m) else m.concept for m in subjects]
    if concepts and (not kinds or (kinds in _REPEATS and (kinds != ("encounter",) or concepts[0].partition(":")[0] in MEASURED))):
        # "The last colonoscopy report": the category only says what the concept is anyway.
        home = _PREFERRED.get(concepts[0].partition(":")[0], ())
        kinds, classes = (home, ()) if home else (kinds, classes)
    others: tuple[Target, ...] = ()
    if len(concepts) > 1 and {c.partition(":")[0] for c in concepts} <= set(MEASURED) and kinds[:1] == ("result",):
        others = tuple(Target((c,), kinds, (), (), (), m.surface) for c, m in zip(concepts[1:], subjects[1:], strict=True) if c != concepts[0])
        concepts, label = concepts[:1], subjects[0].surface
    if concepts and concepts[0].startswith("drug") and kinds in (("order",), ("result",), ("result", "report"), ("report",), ("condition",), ("encounter",)):
        kinds, classes = ("medication",), ()
    return Target(tuple(dict.fromkeys(concepts)), kinds, words, classes, (), label, loose), others


_ALLERGY = re.compile(r"\ballerg|\bintoleran|\bnkda\b|\badverse (?:drug )?reaction", re.IGNORECASE)
_REPEATS = (("condition",), ("result", "report"), ("report",), ("result",), ("encounter",))


def _allergens(mention: Mention) -> tuple[str, ...]:
    """What an allergy is to: "penicillin allergy" names the drug."""
    if mention.concept == "problem:allergy":
        return ()
    if mention.concept.startswith("problem:") and "allerg" in mention.concept:
        bare = re.sub(r"\b(?:allerg\w*|to|intoleran\w*)\b", " ", mention.surface, flags=re.IGNORECASE)
        return (mention.concept, *(m.concept for m in lexicon().find(bare, query=True)))
    return (mention.concept,)


def _vaccines(mention: Mention) -> list[str]:
    """The vaccines that a word of a question stands for: itself, or those against the disease that it names."""
    if mention.concept in ("procedure:vaccination", "vaccine:vaccine"):
        return []
    if mention.concept.startswith("vaccine:"):
        return [mention.concept]
    known = lexicon()
    word = mention.surface.lower()
    return [c.id for c in known.concepts() if c.kind == "vaccine" and (mention.concept in c.related or word in f"{c.name} {' '.join(c.synonyms)}".lower())]


def _narrowest(subjects: list[Mention]) -> list[Mention]:
    """Without those that another one says more exactly: "kidney function (eGFR)", "BP systolic"."""
    known = lexicon()
    kept = [
        m for m in subjects
        if not any(o is not m and o.concept != m.concept and (o.concept in family(m.concept) or m.concept in known.closure(o.concept)) for o in subjects)
    ]  # fmt: skip
    return kept or subjects


def _problems(concept: str) -> tuple[str, ...]:
    """The problems that a measurement stands for: what is taken "for blood pressure" is for hypertension."""
    if concept.partition(":")[0] not in (*MEASURED, "symptom"):
        return ()
    return tuple(c for c in lexicon().related(concept) if c.startswith("problem:"))


def _is_change(text: str, mention: Mention) -> bool:
    """Whether "weight gain" asks for a change of the weight, and not for a recorded problem."""
    return mention.concept in _WEIGHT and bool(
        re.search(r"how much|since|between|over the|kg|kilos?|pounds|lbs?\b|amount|from|after|compared|trend|course", text, re.IGNORECASE)
    )


def _category(masked: str) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, int]]]:
    spans: list[tuple[int, int]] = []
    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    for pattern, names, group in cues.CATEGORIES:
        for match in pattern.finditer(masked):
            if _within(*match.span(), spans) or any(a < match.end() and match.start() < b for a, b in spans):
                continue
            spans.append(match.span())
            if not kinds:
                kinds, classes = names, group
    return kinds, classes, spans


def _words(bare: str, subjects: list[Mention], taken: list[tuple[int, int]], as_of: dt.date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems of content words that nothing else accounts for.

    Beside a concept only those count that stand next to it ("urine sodium", "carotid stenosis"): the rest
    tell the circumstances, and only choose among several.
    """
    _, period_spans = find_period(bare, as_of)
    spans = [*_spans(subjects), *taken, *period_spans]
    for _, cue in (*cues.ASKS, *cues.PICKS):
        spans += [m.span() for m in cue.finditer(bare)]
    for cue in (cues.COMPARE, cues.LAST_N, cues.EVER, cues.STOPPED, cues.STARTED, cues.CURRENT, cues.FLAG, cues.CHANGED, cues.STATUS, cues.ORDERED, cues.GIVEN):
        spans += [m.span() for m in cue.finditer(bare)]
    kept: list[str] = []
    loose: list[str] = []
    for token in TOKEN.finditer(bare):
        word = token.group().lower().removesuffix("'s")
        beside = _beside(bare, token.span(), subjects)
        acronym = token.group().isupper() and len(word) > 1 and word not in cues.GENERIC
        if beside and not acronym and word not in cues.QUALIFYING and (word not in _medical() or _own(word, subjects)):
            beside = ""
        if subjects and not beside and word in cues.QUALIFYING and not _within(*token.span(), _spans(subjects)) and subjects[0].concept.startswith("problem:"):
            kept.append(word)
            continue
        if subjects and re.fullmatch(r"\d[a-c]?|i{1,3}|iv", word) and beside == "after":
            kept.append(word)  # "CKD 3b", "stage 4"
            continue
        if word in cues.GENERIC or word in cues.MONTHS or len(word) < 2 or word.isdigit() or _within(*token.span(), spans):
            continue
        if re.fullmatch(r"[\d.,/%<>=-]+\w{0,5}", word):
            continue
        (kept if beside or not subjects else loose).append(word)
    return _stems(kept), _stems(loose)


@functools.cache
def _medical() -> frozenset[str]:
    """The words of clinical terms: beside a concept they make it another one ("hemoglobin electrophoresis")."""
    kinds = ("lab", "vital", "procedure", "problem", "anatomy", "organism", "finding", "symptom", "device")
    words = {
        w.group().lower()
        for concept in lexicon().concepts() if concept.kind in kinds
        for term in (concept.name, *concept.synonyms) for w in TOKEN.finditer(term)
    }  # fmt: skip
    return frozenset(w for w in words if w not in cues.GENERIC and w not in cues.spoken())


def _own(word: str, subjects: list[Mention]) -> bool:
    """Whether the word belongs to a name of the concept itself: "estimated GFR"."""
    known = lexicon()
    return any(word in f"{known.get(m.concept).name} {' '.join(known.get(m.concept).synonyms)}".lower().split() for m in subjects if m.concept in known)


def _stems(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for w in words for s in (stems(w) or (w,))))


def _beside(text: str, span: tuple[int, int], subjects: list[Mention]) -> str:
    """ "before" or "after" where a word stands right next to a subject; "" elsewhere."""
    for mention in subjects:
        if 0 <= mention.start - span[1] <= 1 and text[span[1] : mention.start].strip(" -") == "":
            return "before"
        between = text[mention.end : span[0]]
        if span[0] >= mention.end and (len(between) <= 1 and between.strip(" -") == "" or re.fullmatch(r"[ -](?:stage|grade|class|type) ", between, re.IGNORECASE)):
            return "after"
    return ""


def _spans(mentions: list[Mention]) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in mentions]


def _within(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    return text.replace("\x01", " ")
