"""What holds for any text: no failure, quotes are supported, a changed digit never is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.demo import cohort
from services.grounding import Evidence, check
from services.index.text import render
from services.knowledge.sentences import sentences
from tests.grounding.world import EVERYTHING, SUPPORTED_WORDS

_SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def quotes() -> list[tuple[Evidence, str]]:
    """Evidence of the demo record with each of its sentences, every kind of resource among it."""
    found: list[tuple[Evidence, str]] = []
    seen: set[str] = set()
    for resource in cohort():
        rendered = render(resource)
        if rendered is None:
            continue
        for chunk in rendered.chunks:
            reference = f"{rendered.resource_type}/{rendered.resource_id}"
            evidence = Evidence(1, reference, "1", rendered.date, chunk.text, title=rendered.title)
            for start, end in sentences(chunk.text):
                said = chunk.text[start:end]
                if said not in seen:
                    seen.add(said)
                    found.append((evidence, said))
    return found


def test_every_quote_is_supported(quotes: list[tuple[Evidence, str]]) -> None:
    refused = [q for e, q in quotes[::5] if not check(f"{q.rstrip('.')} [1].", [e]).supported]
    assert refused == []


@_SLOW
@given(data=st.data())
def test_a_changed_digit_is_never_supported(quotes: list[tuple[Evidence, str]], data: st.DataObject) -> None:
    evidence, said = quotes[data.draw(st.integers(0, len(quotes) - 1))]
    digits = [m.start() for m in re.finditer(r"\d", said)]
    assume(digits and not re.match(r"\s*\d{1,2}[.)]\s", said))  # the number of a list's item is no claim
    at = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != said[at]]))
    wrong = said[:at] + other + said[at + 1 :]
    number = next(m.group() for m in re.finditer(r"\d+(?:[.,]\d+)*", wrong) if m.start() <= at < m.end())
    there = f"{evidence.text} {evidence.title} {evidence.date}"
    assume(float(number.replace(",", "")) not in {float(n) for n in re.findall(r"\d+(?:\.\d+)?", there)})
    assert not check(f"{wrong.rstrip('.')} [1].", [evidence]).supported


_WORDS = st.sampled_from(SUPPORTED_WORDS)
_TEXT = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(_WORDS, st.text(max_size=8)), max_size=25).map(" ".join)
)


@_SLOW
@given(
    text=_TEXT, evidence=_TEXT, title=st.text(max_size=20), date=st.one_of(st.none(), st.text(max_size=12))
)
def test_no_text_makes_it_fail(text: str, evidence: str, title: str, date: str | None) -> None:
    item = Evidence(1, "DocumentReference/1", "1", date, evidence, title=title)
    for as_of in (None, dt.date(2026, 7, 1)):
        found = check(text, [item, *EVERYTHING[1:]], as_of=as_of, computed=[item])
        assert all(s.text == text[s.start : s.end] for s in found.sentences)
        found.kept()
