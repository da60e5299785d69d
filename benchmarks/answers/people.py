"""Whose charts the questions of a run are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.runtime.system import System


@dataclass(frozen=True)
class People:
    """Patient ids by slug, how their charts get into a system, and a digest that tells whether they are the same."""

    ids: Mapping[str, str]
    digest: str
    load: Callable[[System], None]
