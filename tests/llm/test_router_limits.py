"""Quotas and breaker, by a clock that the test moves."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import RateLimited
from services.llm.breaker import Breaker
from services.llm.quotas import DAY, MINUTE, Quotas


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_requests_of_one_person_do_not_count_for_another(clock: Clock) -> None:
    quotas = Quotas(user_requests=2, clock=clock)
    for _ in range(2):
        quotas.admit("a", "bot", 10)
    with pytest.raises(RateLimited, match="2 user requests per minute is reached") as caught:
        quotas.admit("a", "bot", 10)
    assert caught.value.details == {"limit": "user requests per minute", "most": 2, "retryAfterSeconds": 60}
    quotas.admit("b", "bot", 10)
    quotas.admit(None, "bot", 10)
    clock.now += MINUTE
    quotas.admit("a", "bot", 10)


def test_a_refused_request_counts_nowhere(clock: Clock) -> None:
    quotas = Quotas(user_requests=5, bot_requests=1, clock=clock)
    quotas.admit("a", "b", 1)
    for _ in range(9):
        with pytest.raises(RateLimited, match="bot requests"):
            quotas.admit("a", "b", 1)
    for _ in range(4):
        quotas.admit("a", None, 1)


def test_tokens_are_counted_as_they_were_used(clock: Clock) -> None:
    quotas = Quotas(user_tokens=100, clock=clock)
    spending = quotas.admit("a", None, 90)
    with pytest.raises(RateLimited, match=r"100 user tokens per day is reached. Try again in 1440 min"):
        quotas.admit("a", None, 20)
    spending.settle(30)
    quotas.admit("a", None, 20)
    with pytest.raises(RateLimited, match="This request alone needs about 101"):
        quotas.admit("b", None, 101)
    clock.now += DAY
    quotas.admit("a", None, 100)


def test_when_to_try_again_is_true(clock: Clock) -> None:
    quotas = Quotas(user_requests=3, clock=clock)
    for _ in range(3):
        quotas.admit("a", None, 1)
        clock.now += 10
    with pytest.raises(RateLimited) as caught:
        quotas.admit("a", None, 1)
    clock.now += caught.value.details["retryAfterSeconds"] - 1
    with pytest.raises(RateLimited):
        quotas.admit("a", None, 1)
    clock.now += 1
    quotas.admit("a", None, 1)


@given(st.lists(st.floats(0, 20), max_size=60), st.integers(1, 8))
def test_no_minute_ever_has_more(pauses: list[float], most: int) -> None:
    clock = Clock()
    quotas = Quotas(bot_requests=most, clock=clock)
    admitted: list[float] = []
    for pause in pauses:
        clock.now += pause
        try:
            quotas.admit(None, "b", 1)
        except RateLimited as error:
            assert 0 <= error.details["retryAfterSeconds"] <= 61
        else:
            admitted.append(clock.now)
        assert sum(at > clock.now - MINUTE + 1 for at in admitted) <= most  # amounts are kept by the second


def test_many_threads_get_no_more_than_the_limit() -> None:
    quotas, admitted, barrier = Quotas(user_requests=50), [], threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        for _ in range(20):
            try:
                quotas.admit("a", None, 1)
            except RateLimited:
                continue
            admitted.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 50


def test_a_breaker_opens_waits_and_tries_once(clock: Clock) -> None:
    breaker = Breaker(failures=3, pause=10, clock=clock)
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(3):
        assert breaker.admit()
        breaker.failed()
    assert not breaker.admit()
    assert breaker.waits() == 10
    clock.now += 10
    assert breaker.admit()
    assert not breaker.admit(), "one try decides"
    breaker.failed()
    assert not breaker.admit()
    clock.now += 10
    assert breaker.admit()
    breaker.succeeded()
    assert breaker.admit() and breaker.admit()
    breaker.trip()
    assert not breaker.admit()
