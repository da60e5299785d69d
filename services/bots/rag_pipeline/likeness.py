"""The embedded sentence model as the reading of questions uses it."""

from __future__ import annotations

import functools

from services.llm.embedded import EmbeddedModel


@functools.cache
def model() -> EmbeddedModel:
    """On one core, a question being short; the weights are shared with whoever else uses them."""
    return EmbeddedModel(threads=1)
