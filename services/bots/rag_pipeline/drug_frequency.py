"""Drugs by how often or when in the day they are taken: "which are taken weekly", "what does she take at bedtime"."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from services.bots.rag_pipeline.cues import NUMBERS
from services.bots.rag_pipeline.drugs import described
from services.bots.rag_pipeline.plan import Plan
from services.chart.entry import Entry
from services.index.features import stems

_N = r"\d{1,2}|two|three|four|six|eight|ten|twelve"
_SEVERAL = re.compile(rf"\bevery (?P<n>{_N}) (?P<u>hour|day|week|month)s?\b", re.IGNORECASE)
_WAYS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (r"\b(?:only |just )?(?:weekly|(?:once|one time) (?:a|per|every|each) week|every week)\b", r"\bweekly\b|\b(?:a|per|every|each|once) week\b|\bevery 7 days\b"),
        (r"\b(?:only |just )?(?:monthly|(?:once|one time) (?:a|per|every|each) month|every month)\b", r"\bmonthly\b|\b(?:a|per|every|each) month\b"),
        (r"\bevery other day\b|\balternate days\b", r"\bevery other day\b|\balternate days\b|\bevery 2 days\b|\bq48h\b"),
        (r"\b(?:twice|two times|2 times|2x) (?:a day|daily|per day|each day)\b|\bb\.?i\.?d\b", r"\btwice (?:a day|daily)\b|\bb\.?i\.?d\b|\bevery 12 hours\b|\bq ?12 ?h\b|\b2 times (?:a day|daily)\b"),
        (r"\b(?:three|3) times (?:a day|daily|per day|each day)\b|\bt\.?i\.?d\b", r"\b(?:three|3) times (?:a day|daily)\b|\bt\.?i\.?d\b|\bevery 8 hours\b|\bq ?8 ?h\b"),
        (r"\b(?:four|4) times (?:a day|daily|per day|each day)\b|\bq\.?i\.?d\b", r"\b(?:four|4) times (?:a day|daily)\b|\bq\.?i\.?d\b|\bevery 6 hours\b|\bq ?6 ?h\b"),
        (r"\b(?:at )?bed ?time\b|\bat night\b|\bnightly\b|\bevery night\b", r"\bbed ?time\b|\bat night\b|\bnightly\b|\bevery night\b|\bq?hs\b"),
        (r"\bin the mornings?\b|\bevery morning\b", r"\bmornings?\b|\bqam\b|\bbefore breakfast\b"),
        (r"\bin the evenings?\b|\bevery evening\b", r"\bevenings?\b|\bqpm\b|\bwith (?:dinner|supper)\b"),
        (r"\bas[- ]needed\b|\bprn\b|\bwhen needed\b|\bon demand\b", r"\bas[- ]needed\b|\bprn\b|\bwhen (?:needed|required|breathless|wheezy|in pain)\b|\bif needed\b"),
        (r"\bwith (?:food|meals|a meal)\b", r"\bmeals?\b|\bfood\b|\bbreakfast\b|\bdinner\b"),
    )
)  # fmt: skip
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0}


def frequency(plan: Plan) -> tuple[str, Callable[[Entry], bool]] | None:
    """(how often, in the question's words; whether an order tells it so); None where the question names no such time.

    The words leave the target: they are no part of a name.
    """
    text = plan.question.text
    if plan.target.concepts or plan.ask not in ("list", "count", "exists"):
        return None
    if several := _SEVERAL.search(text):
        said, fits = several[0], _every(_days(several))
    elif found := next(((m, told) for asked, told in _WAYS if (m := asked.search(text))), None):
        said, fits = found[0][0], _telling(found[1])
    else:
        return None
    mine = set(stems(said)) | set(stems("only once"))
    words = tuple(w for w in plan.target.words if w not in mine)
    plan.target = dataclasses.replace(plan.target, words=words, loose=tuple(w for w in plan.target.loose if w not in mine))
    return said, fits


def _every(days: float) -> Callable[[Entry], bool]:
    return lambda entry: any(_days(told) == days for told in _SEVERAL.finditer(described(entry)))


def _telling(way: re.Pattern[str]) -> Callable[[Entry], bool]:
    return lambda entry: way.search(described(entry)) is not None


def _days(every: re.Match[str]) -> float:
    number = every["n"].lower()
    count = int(number) if number.isdigit() else NUMBERS.get(number, 0)
    return count * _DAYS.get(every["u"].lower(), 30.0)
