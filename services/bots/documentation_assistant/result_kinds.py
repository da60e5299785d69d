"""Which kind of result an entry is, and of which test."""

from __future__ import annotations

import functools

import orjson

from services.chart.entry import Entry
from services.index.text import values

_KINDS = ("vital-signs", "social-history", "exam", "survey", "imaging", "procedure", "laboratory")


def category(entry: Entry) -> str:
    """vital-signs, laboratory, social-history, exam, survey …; by what is measured where the record doesn't say."""
    return _category(orjson.dumps(entry.resource.get("category")), entry.own)


@functools.lru_cache(maxsize=4_096)
def _category(written: bytes, own: frozenset[str]) -> str:
    kinds = {c for item in values.many(orjson.loads(written)) for _, c in values.codings(item)}
    if any(c.startswith("vital:") for c in own) and not kinds & {"laboratory", "imaging"}:
        return "vital-signs"
    if any(c.startswith("social:") for c in own):
        return "social-history"
    return next((k for k in _KINDS if k in kinds), "laboratory")


def test_of(entry: Entry) -> tuple:
    """What makes two results the same test: its codes; its name where it has none."""
    if entry.part:
        return ("part", entry.name.casefold())
    return _coded(orjson.dumps(entry.resource.get("code"))) or ("name", entry.name.casefold())


@functools.lru_cache(maxsize=20_000)
def _coded(written: bytes) -> tuple:
    codes = values.codings(orjson.loads(written))
    return ("code", *codes[0]) if codes else ()
