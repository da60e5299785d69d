"""How many days, and which share of the values: "on how many days was the potassium above 5", "what percentage of readings"."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, number, shown
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.ranges import in_state, range_state, state_asked
from services.bots.rag_pipeline.selecting import meets
from services.bots.rag_pipeline.series import inside, nothing, source
from services.chart.chart import Chart

_DAYS = re.compile(
    r"\bon how many (?:\w+ )?days\b|\b(?:number of|how many) (?:different |separate |distinct |calendar |single )?days (?:on which|where|when|that|with|(?:was|were|is|did|had|has) )",
    re.IGNORECASE,
)
_NO_DAYS = re.compile(r"\bdays (?:ago|since|between|from|after|before|until|passed|elapsed|(?:was|were|did|has|had) (?:s?he|they|the patient|it)\b(?! (?:have|over|above|below|under)))|\bin a row\b|\bconsecutive\b", re.IGNORECASE)
SHARE = re.compile(
    r"\b(?:what|which) (?:percentage|percent|proportion|fraction|share) of\b|\b(?:percentage|proportion|fraction|share) of (?:the |all |her |his |their )?[\w /-]{0,40}?(?:values?|readings?|results?|measurements?|levels?|checks?|tests?)\b",
    re.IGNORECASE,
)


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for neither, or sets no bound that values could meet."""
    text = plan.question.text
    share, days = bool(SHARE.search(text)), bool(_DAYS.search(text)) and not _NO_DAYS.search(text)
    if not (share or days) or plan.target.kinds[:1] != ("result",) or not plan.target.concepts:
        return None
    wanted = "" if plan.bounds else state_asked(text, plan.target.label)
    if not (plan.bounds or wanted or (days and _MEASURED.search(text))):
        return None
    plan.ask, plan.pick, plan.count = "exists", "", 0  # so that all values are seen, and not only those in the state
    every, steps, anchored = inside(chart, plan)
    if not every or not anchored:
        return nothing(chart, plan, steps)
    met = [e for e in every if meets(e, plan)] if plan.bounds else every
    if wanted:
        met, told = in_state(every, wanted)
        if not told:
            return absent(f"The record gives neither a reference range nor an interpretation for {every[-1].name}.", steps, [source(every[-1])])
        every = [e for e in every if e.measure and range_state(e.measure)]
    plan.ask = "count"
    if share:
        part = round(100 * len(met) / len(every), 1)
        told_of = f"{part:g} %: {len(met)} of {len(every)} {every[-1].name} values, {shown(every[0].date)} to {shown(every[-1].date)}."
        return Answer([Statement(told_of, tuple(map(source, every)))], number(part, "%"), steps=[*steps, f"{len(met)} of {len(every)}"], series=every)
    by_day = list(dict.fromkeys((e.date or "")[:10] for e in met))
    seen = len({(e.date or "")[:10] for e in every})
    told_of = f"{len(by_day)} of {seen} days with a {every[-1].name} value{': ' + ', '.join(map(shown, by_day)) if by_day else ''}."
    return Answer([Statement(told_of, tuple(map(source, met or every)))], number(len(by_day), "d"), steps=[*steps, f"{len(met)} of {len(every)} values on {len(by_day)} days"], series=met)


_MEASURED = re.compile(r"\b(?:measured|checked|recorded|taken|tested|drawn|documented|charted)\b", re.IGNORECASE)

