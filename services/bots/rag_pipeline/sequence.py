"""Which of two came first: "was the miscarriage before or after the first A1c", "which was started first, heparin or apixaban"."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, shown, words
from services.bots.rag_pipeline.ends import end_of
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import event_of, moment
from services.chart.chart import Chart

_BEFORE_OR_AFTER = re.compile(
    r"^\W*(?:was|were|did|is|has|had) (?P<a>[^?]{3,80}?),? (?:(?:earlier|sooner) or later than|before or (?:was it |is it )?after|after or before|prior to or after) (?P<b>[^?]{3,80}?)\W*$",
    re.IGNORECASE,
)
_WHICH_FIRST = re.compile(
    r"^\W*(?:what|which(?: of (?:these|the two|them))?|which one) (?:was |were |is |came |happened |did )?(?:(?P<v>started|begun|ordered|given|prescribed|done|performed|diagnosed|stopped|recorded) )?(?:first|earlier|sooner)\b[,:-]? (?:the )?(?P<a>[^?,]{3,60}?) or (?P<b>[^?]{3,60}?)\W*$",
    re.IGNORECASE,
)


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where two things are not set in order, or one of them is no event that can be found."""
    text = plan.question.text
    asked = _BEFORE_OR_AFTER.match(text) or _WHICH_FIRST.match(text)
    if asked is None:
        return None
    verb = f" {asked['v']}" if asked.re is _WHICH_FIRST and asked["v"] else ""
    ends = [end_of(f"{asked[part]}{verb}", chart.as_of) for part in "ab"]
    if not all(ends):
        return None
    found = [event_of(chart, end, None) for end in ends if end]
    if not all(found):
        missing = next(e for e, f in zip(ends, found, strict=True) if e and not f)
        return absent(f"Not found in the record: {missing.text.strip()}.", ["two events set in order"])
    (one, first), (two, second) = [f for f in found if f]
    at, then = (moment(entry, ended=entry.first != day) for entry, day in ((one, first), (two, second)))
    plan.ask = "when"
    sources = (Source(one, f"{one.name}, {shown(one.date)}"), Source(two, f"{two.name}, {shown(two.date)}"))
    if one is two or (first == second and (at is None or then is None or at == then)):
        return absent(f"Both on one day, which of them came first is not told: {one.name} and {two.name}, {shown(first.isoformat())}.", ["two events set in order"], sources)
    earlier = at < then if first == second and at is not None and then is not None else first < second
    told = f"{one.name} ({shown(first.isoformat())}) came {'before' if earlier else 'after'} {two.name} ({shown(second.isoformat())})."
    result = words("before" if earlier else "after") if asked.re is _BEFORE_OR_AFTER else words((one if earlier else two).name)
    return Answer([Statement(told, sources)], result, steps=["two events set in order"])
