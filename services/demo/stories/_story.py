"""What a story is: a person, and a function that writes their chart."""

from __future__ import annotations

from collections.abc import Callable

from services.demo.person import Person
from services.demo.record import Chart

Story = tuple[Person, Callable[[Chart], None]]
