"""Python's garbage collector, for a process that holds large tables and answers short questions."""

from __future__ import annotations

import gc

_YOUNG = 100_000
"""New objects before the collector looks: more than a question about a record of some 500 resources makes."""


def settle() -> None:
    """Call once tables and models are loaded: they are never gone through again, and questions are rarely interrupted."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
