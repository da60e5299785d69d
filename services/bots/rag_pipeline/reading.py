"""From the words of a question to a plan. Nothing of the record is looked at."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from services.bots.rag_pipeline import categories, cues
from services.bots.rag_pipeline.anchors import find_anchors, with_their_days
from services.bots.rag_pipeline.asked import find_ask, question_type
from services.bots.rag_pipeline.clauses import in_order, without_circumstance
from services.bots.rag_pipeline.ends import end_of
from services.bots.rag_pipeline.fragments import whole
from services.bots.rag_pipeline.intents import by_meaning, by_worth
from services.bots.rag_pipeline.limits import bounds_apart
from services.bots.rag_pipeline.mentions import mentions_in
from services.bots.rag_pipeline.paraphrases import plainly
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.set_phrases import from_sets, top_asked
from services.bots.rag_pipeline.spans import blank, spans_of, within
from services.bots.rag_pipeline.spelling import corrected
from services.bots.rag_pipeline.stay_words import ORDINALS, find_stays
from services.bots.rag_pipeline.targets import find_targets
from services.bots.rag_pipeline.times import ENDS_AT, find_moments, spelled_out, written_out
from services.bots.rag_pipeline.ward_phrases import from_the_ward
from services.bots.rag_pipeline.whose import all_patients, other_person
from services.index.question import parse
from services.knowledge.lexicon import lexicon
from services.knowledge.periods import find_period
from services.knowledge.quantities import find_comparisons
from services.knowledge.terms import TOKEN
from services.knowledge.time_words import MONTHS


def read(text: str, as_of: dt.date) -> Plan:
    """What the question asks to be computed. Takes any string."""
    text = " ".join(str(text)[:2000].replace("\x00", " ").replace("’", "'").split())
    text, slips = corrected(text)
    advice, writes = bool(cues.ADVICE.search(text)), bool(cues.WRITES.match(text)) and not text.rstrip().endswith("?")
    text, top = top_asked(from_sets(from_the_ward(_plain(in_order(whole(text))))))
    text = plainly(text)
    text = _WITHIN_YEARS.sub(r"\g<what> over the past \g<n> \g<unit>s", text)
    text = _OF_A_DAY.sub("on ", spelled_out(written_out(text), as_of))
    limit = cues.WITHIN_OF.search(text)
    if limit:
        # "Within two days of the operation": after it, unless it says before.
        rest = re.sub(r"^(?:of|from)\b", "after", text[limit.end() :], flags=re.IGNORECASE)
        text = f"{text[: limit.start()]}{rest}"
    mentions = mentions_in(text)
    question = parse(text, as_of)
    if not question.comparisons:  # "was K ever above 5.5": the shorthand is no term of the lexicon's
        found, _ = find_comparisons(text, mentions, lexicon())
        question = dataclasses.replace(question, comparisons=tuple(found or bounds_apart(text, mentions)))
    stays, stayed = find_stays(text, mentions)
    if cues.FIRST_AND_LAST.search(text):  # "the first and the last value of the stay" asks of all of it
        stays = [dataclasses.replace(s, edge="") for s in stays]
    anchors, anchored = find_anchors(text, mentions, stayed)
    anchors, own_days = with_their_days(text, anchors, as_of)
    if limit:
        anchors = [dataclasses.replace(a, limit=_limit(limit)) for a in anchors]
    if stays:  # "in the hospital during the second stay": the stay says which
        anchors = [
            a
            for a in anchors
            if a.target.kinds != ("encounter",)
            or a.target.words
            or a.relation in ("before", "after", "since")
        ]
    elif anchors and (other := _FIRST_TOO.search(text, text.find(anchors[-1].text) + len(anchors[-1].text))):
        anchors.append(dataclasses.replace(anchors[-1], pick="earliest", text=other["what"]))
        anchored.append(other.span("what"))
    anchors, anchored = [*stays, *anchors], sorted([*stayed, *anchored])
    free = [m for m in mentions if not within(m.start, m.end, anchored)]
    bare = blank(text, anchored)
    _, dated = find_period(bare, as_of, lambda a, b: within(a, b, spans_of(free)))
    plain = blank(bare, [*spans_of(free), *dated])
    plan = Plan(question, "", Target(), since=question.period[0], until=question.period[1], anchors=anchors)
    plan.steps += slips
    plan.top, plan.lost = top, limit[0] if limit and not anchors else ""
    if stays and (any(s.target.words for s in stays)):
        # "The 2171 stay" tells which stay, not which part of it.
        plan.since, plan.until = find_period(blank(text, stayed), as_of)[0]
    elif any(a.target.kinds == ("encounter",) and a.target.words for a in anchors):  # "since the May 2025 discharge"
        plan.since, plan.until = find_period(blank(text, anchored), as_of)[0]
    if own_days:
        plan.since, plan.until = find_period(blank(text, own_days), as_of)[0]
    plan.moments = find_moments(blank(text, own_days), as_of, anchors)
    counted = {a.visits for a in anchors if a.visits}
    if question.comparisons:
        # "Of the 2172 stay" bounds nothing, nor does "over the past 5 visits".
        plan.bounds = tuple(
            b
            for b in question.comparisons
            if b.value not in counted and (b.op != "=" or not 1900 <= b.value < 2300)
        )
    plan.yes_no = bool(cues.YES_NO.search(text))
    plan.ever = bool(cues.EVER.search(text))
    plan.closed = bool(cues.CLOSED.search(text))
    plan.hours = _hours(text)
    plan.pick = next((name for name, cue in cues.PICKS if cue.search(plain)), "")
    if several := cues.LAST_N.search(bare if counted else text):
        n = (several["n"] or several["n2"]).lower().split()[0]
        plan.count = int(n) if n.isdigit() else cues.NUMBERS.get(n, 3)
        if plan.pick in ("latest", "earliest"):
            plan.pick = (
                "earliest" if "first" in several[0].lower() or "earliest" in several[0].lower() else ""
            )
    if plan.pick == "earliest" and any(a.relation == "before" for a in anchors) and re.search(r"\bbaseline\b", text, re.IGNORECASE):
        plan.pick = "latest"  # "the baseline before the drug": the last value before it
    plan.timed = bool(cues.TIMED.search(text))
    ordinal = cues.NTH.search(plain)
    plan.nth = ORDINALS[ordinal["nth"].lower()] if ordinal else 0
    plan.target, plan.others = find_targets(text, bare, free, as_of)
    plan.month = next(
        (MONTHS[t.group().lower()] for t in TOKEN.finditer(plain) if t.group().lower() in MONTHS), 0
    )
    repeated = (
        anchors
        and not plan.target.concepts
        and plan.target.kinds == anchors[0].target.kinds
        and (anchors[0].target.concepts or (stays and not plan.target.words))
    ) or (anchors and anchors[0].target.kinds == ("medication",) and plan.target == Target(kinds=("order",)))
    if (
        (repeated or not (plan.target.concepts or plan.target.kinds or plan.target.words))
        and anchors
        and not (_OF_A_TIME.search(text) and anchors[0].relation in ("since", "after", "before"))
        and anchors[0].target.kinds
    ):
        # "How long was he in hospital": the event itself is asked about.
        plan.target, plan.anchors = dataclasses.replace(anchors[0].target, words=()), anchors[1:]
        plan.since, plan.until = question.period
        if stays and anchors[0] is stays[0]:
            plan.stay, plan.target = stays[0], dataclasses.replace(plan.target, purpose=())
            if _WHAT_WAS_DONE.match(text):
                plan.stay, plan.anchors, plan.target = None, anchors, Target(kinds=("procedure",))
    elif (
        plan.target.kinds == ()
        and not plan.target.concepts
        and re.search(r"\bwho\b|\bwhom\b", text, re.IGNORECASE)
        and (plan.since or anchors)
    ):
        plan.target = Target(kinds=("encounter",))
    if (
        anchors
        and plan.since
        and re.search(r"\b(?:from|between|since|after)\b", text, re.IGNORECASE)
        and ENDS_AT.search(text)
    ):
        plan.since = None  # "from discharge to May 2026": the period is the end only
    if plan.since == plan.until == as_of and re.search(
        r"\b(?:last|latest|most recent)\b", text, re.IGNORECASE
    ):
        plan.since = plan.until = None
    if re.search(r"\bthis (?:flu )?season\b", text, re.IGNORECASE):
        plan.since = dt.date(as_of.year - (as_of.month < 7), 7, 1)
    named = [c for c in plan.target.concepts if not c.startswith("encounter:")]
    plan.unit = bool(cues.UNIT.search(text)) and not named and plan.target.kinds in ((), ("encounter",))
    plan.sums = bool(cues.SUM.search(text)) and not re.search(
        r"\bhow many\b|\bnumber of\b", text, re.IGNORECASE
    )
    plan.attribute = next((name for name, cue in categories.DEMOGRAPHICS if cue.search(bare)), "")
    timed = plan.since or plan.until or plan.anchors
    any_in_time = timed and re.match(r"\W*(?:(?:is|are|was|were) there )?any\b", text, re.IGNORECASE)
    if (
        plan.target.kinds[:1] == ("result",)
        and plan.target.concepts
        and (cues.CLOSED_RESULT.search(text) or any_in_time)
    ):
        plan.closed = True
    plan.pick = by_worth(text, plan) or plan.pick
    plan.ask = "advice" if advice else find_ask(plan, bare, free)
    plan.sums = plan.sums and plan.ask not in ("compare", "trend")
    by_meaning(plan, bare, free)
    lapse = re.match(r"\W*(?:in |after )?how many (?:hours|days|weeks|months|years)\b", text, re.IGNORECASE)
    if plan.ask in ("duration", "list", "value", "exists", "when", *(("count",) if lapse else ())) and (
        interval := cues.INTERVAL.search(text)
    ):
        a, b = (
            interval["a"],
            re.sub(r"\s+in (?:hours|days|weeks|months|years)$", "", interval["b"], flags=re.IGNORECASE),
        )
        bare_end = re.fullmatch(r"(?:the |her |his )?(?P<w>\w+)", a)
        if bare_end and (a.lower().split()[-1] in ORDINALS or _YEAR.fullmatch(bare_end["w"])):
            a = f"{a} {re.sub(rf'^(?:the |her |his )?(?:{_PLACES}) (?=[a-z])', '', b, flags=re.IGNORECASE)}"  # "between the first and the second admission"
        if _THE_FIRST.match(b) and re.search(r"\b(?:after|since)\b", interval[0], re.IGNORECASE):
            b = f"next {_THE_FIRST.sub('', b)}"  # "how long after the discharge was the first visit": the first after it
        ends = [end_of(words, as_of) for words in (a, b)]
        if all(ends):
            plan.ask, plan.anchors = "interval", [e for e in ends if e]
    if (
        plan.ask == "demographic"
        and plan.attribute != "contact"
        and (other_person(text) or _OF_ANOTHER.search(text))
    ):
        plan.ask = "stranger"
    if all_patients(text):
        plan.ask = "cohort"
    if writes:
        plan.ask = "write"
    plan.kind = question_type(plan)
    return plan


_WITHIN_YEARS = re.compile(  # "her 10-year trend"
    r"\b(?P<n>\d{1,2})[- ](?P<unit>year|month|week|day) (?P<what>trend|course|average|mean|change|progression|evolution)\b",
    re.IGNORECASE,
)
_OF_A_DAY = re.compile(r"(?<!visit )(?<!stay )(?<!admission )(?<!note )(?<!report )(?<!appointment )(?<!encounter )(?<!discharge )\bof (?=(?:19|2[0-2])\d\d-\d\d-\d\d\b)", re.IGNORECASE)
_WHAT_WAS_DONE = re.compile(
    r"\W*what (?:all )?(?:was|were|got|has been|had been) done\b|\W*what did (?:they|we) do\b", re.IGNORECASE
)
_OF_ANOTHER = re.compile(
    r"\b(?:insurer|insurance|payer|gp|pcp|doctor|physician|provider|employer)'s (?!name\b|full name\b|phone\b)\w+",
    re.IGNORECASE,
)
_OF_A_TIME = re.compile(r"\bsummary of what happened\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|2[0-2])\d\d")
_FIRST_TOO = re.compile(
    r"\b(?:than|to|with|and|vs\.?|versus) (?P<what>(?:at|on|in|from) the (?:first|initial|earliest))(?: one)?\W*$",
    re.IGNORECASE,
)
_PLACES = "|".join(sorted(map(re.escape, ORDINALS), key=len, reverse=True))
_THE_FIRST = re.compile(r"(?:the |her |his )?(?:first|initial) ", re.IGNORECASE)
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31}


def _hours(text: str) -> int:
    """Of "the past 24 hours"; 0 where the question counts in no hours."""
    found = re.search(
        r"\b(?:last|past|previous|preceding) (?P<n>\d{1,3}|twelve|six|eight) hours?\b", text, re.IGNORECASE
    )
    return (
        (
            int(found["n"])
            if found["n"].isdigit()
            else {"twelve": 12, "six": 6, "eight": 8}[found["n"].lower()]
        )
        if found
        else 0
    )


def _limit(match: re.Match[str]) -> int:
    """In days, at least one: "within two days after"."""
    count, unit = (match["n"] or match["n2"]).lower(), (match["unit"] or match["unit2"]).lower().rstrip("s")
    number = int(count) if count.isdigit() else cues.NUMBERS.get(count, 1)
    return max(1, round(number * _DAYS[unit]))


def _plain(text: str) -> str:
    """The question without politeness, and without clauses that only say "the last one"."""
    bare = cues.PULL.sub("", cues.POLITE.sub("", text, count=1), count=1)
    if re.match(r"(?:whether|if)\b", bare, re.IGNORECASE):
        bare = re.sub(r"^(?:whether|if)\s+", "is it so that ", bare, flags=re.IGNORECASE)
    if re.match(
        r"\W*(?:what|how|where|is|was|which|has|did|her|his|the)\b", bare, re.IGNORECASE
    ) and not re.match(r"\W*(?:what (?:date|day|year|month|time)|how long)\b", bare, re.IGNORECASE):
        bare = cues.SUBORDINATE.sub(" latest", bare)
    bare = without_circumstance(bare)
    return bare if len(bare) > 2 else text
