"""Hand-made patients, each with mistakes, near misses and cancelled things among the facts."""

from __future__ import annotations

from typing import Any

from benchmarks.answers.patients import ada, bruno, cleo, dana, emil, faye


def made() -> dict[str, list[dict[str, Any]]]:
    """Resources by slug; the slug is the patient's id too."""
    return {m.SLUG: m.RESOURCES for m in (ada, bruno, cleo, dana, emil, faye)}
