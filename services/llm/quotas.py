"""How much one person and one bot may ask of the models: requests a minute, tokens a day.

Kept in memory, for this process: a guard against loops and mistakes, not an account of costs.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from services.errors import RateLimited

SLOTS = 60  # pieces of a window, in which amounts are added up
MINUTE, DAY = 60.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` units within `seconds`; `name` is how a refusal calls it. 0 means no limit."""

    name: str
    unit: str
    most: int
    seconds: float


@dataclass(slots=True)
class _Slot:
    since: float
    amount: int


@dataclass(slots=True)
class _Window:
    slots: deque[_Slot] = field(default_factory=deque)

    def used(self, now: float, limit: Limit) -> int:
        while self.slots and self.slots[0].since + limit.seconds <= now:
            self.slots.popleft()
        return sum(slot.amount for slot in self.slots)

    def add(self, now: float, limit: Limit, amount: int) -> _Slot:
        if not self.slots or now - self.slots[-1].since >= limit.seconds / SLOTS:
            self.slots.append(_Slot(now, 0))
        self.slots[-1].amount += amount
        return self.slots[-1]

    def wait(self, now: float, limit: Limit, amount: int) -> float:
        """Seconds until `amount` fits."""
        over = self.used(now, limit) + amount - limit.most
        for slot in self.slots:
            over -= slot.amount
            if over <= 0:
                return slot.since + limit.seconds - now
        return limit.seconds


class Spending:
    """What a request took of the token budgets; its estimate is put right once the answer is known."""

    def __init__(self, lock: threading.Lock, slots: list[_Slot], tokens: int) -> None:
        self._lock, self._slots, self._tokens = lock, slots, tokens

    def settle(self, tokens: int) -> None:
        with self._lock:
            for slot in self._slots:
                slot.amount = max(0, slot.amount + tokens - self._tokens)
            self._tokens = tokens


class Quotas:
    """Limits by who asks. Safe to share between threads."""

    def __init__(
        self,
        *,
        user_requests: int = 0,
        bot_requests: int = 0,
        user_tokens: int = 0,
        bot_tokens: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Requests a minute, and tokens in 24 hours, of each person and each bot; 0 means no limit."""
        self._requests = {
            "user": Limit("user requests per minute", "requests", user_requests, MINUTE),
            "bot": Limit("bot requests per minute", "requests", bot_requests, MINUTE),
        }
        self._tokens = {
            "user": Limit("user tokens per day", "tokens", user_tokens, DAY),
            "bot": Limit("bot tokens per day", "tokens", bot_tokens, DAY),
        }
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], _Window] = {}

    def admit(self, user: str | None, bot: str | None, tokens: int) -> Spending:
        """Count one request of about `tokens`. Raises RateLimited, and then nothing is counted."""
        who = {"user": user, "bot": bot}
        wanted = [
            (limits[kind], name, amount)
            for limits, amount in ((self._requests, 1), (self._tokens, tokens))
            for kind, name in who.items()
            if name is not None and limits[kind].most
        ]
        with self._lock:
            now = self._clock()
            for limit, name, amount in wanted:
                window = self._window(limit, name)
                if window.used(now, limit) + amount > limit.most:
                    raise _refusal(limit, amount, window.wait(now, limit, amount))
            slots = [
                (limit, self._window(limit, name).add(now, limit, amount)) for limit, name, amount in wanted
            ]
        return Spending(self._lock, [slot for limit, slot in slots if limit.unit == "tokens"], tokens)

    def _window(self, limit: Limit, name: str) -> _Window:
        return self._windows.setdefault((limit.name, name), _Window())


def _refusal(limit: Limit, amount: int, wait: float) -> RateLimited:
    seconds = math.ceil(wait)
    if amount > limit.most:
        advice = f"This request alone needs about {amount}"
    else:
        when = f"{seconds} s" if seconds < 120 else f"{math.ceil(seconds / 60)} min"
        advice = f"Try again in {when}"
    return RateLimited(
        f"The limit of {limit.most} {limit.name} is reached. {advice}.",
        details={"limit": limit.name, "most": limit.most, "retryAfterSeconds": seconds},
    )
