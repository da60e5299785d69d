"""Gold about drugs: routes, doses, what is taken now, what ran in."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.measured import NOTHING, Oracle
from benchmarks.answers.foreign.record import Record, Window
from benchmarks.answers.foreign.recorded import DRUG, GIVEN, ORDER, beside, what
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import Resource, reference

_ROUTES = {
    "PO": ("po", "oral", "by mouth"), "PO/NG": ("po/ng", "oral", "po"), "IV": ("iv", "intravenous"), "IH": ("ih", "inhal"),
    "SC": ("sc", "subcut", "subq"), "IV DRIP": ("iv drip", "iv", "intravenous"), "SL": ("sl", "sublingual"), "NEB": ("neb",),
}  # fmt: skip


def _order(r: Record, words: str, which: int, window: Window | None) -> Resource | None:
    found = r.pick(ORDER, words, window)
    return found[which] if -len(found) <= which < len(found) else None


def route(words: str, which: int = -1, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        order = _order(r, words, which, window)
        if order is None:
            return NOTHING
        code = order["dosageInstruction"][0]["route"]["coding"][0]["code"]
        return golden(r, [Result("text", _ROUTES[code])], [frozenset({reference(order)})], beside(r, [order]))

    return oracle


def dose(words: str, which: int = -1, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        order = _order(r, words, which, window)
        if order is None:
            return NOTHING
        quantity = order["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
        number, unit = float(quantity["value"]), quantity["unit"]
        results = [
            Result("number", number, unit),
            Result("text", (f"{number:g} {unit}".lower(), f"{number:g}{unit}".lower())),
        ]
        return golden(r, results, [frozenset({reference(order)})], beside(r, [order]))

    return oracle


def current(words: str = "") -> Oracle:
    """Active orders."""
    return what(ORDER, words, state="active")


def taking(words: str) -> Oracle:
    """Whether an order of it is active."""

    def oracle(r: Record) -> Gold:
        found = r.pick(ORDER, words, state="active")
        every = r.pick(DRUG, words)
        must = [frozenset(reference(f) for f in found)] if found else []
        return golden(r, [Result("boolean", bool(found))], must, {reference(e) for e in every})

    return oracle


def reason(words: str, *accepted: str) -> Oracle:
    """What a drug is given for, as its order refers to it."""

    def oracle(r: Record) -> Gold:
        order = r.pick(ORDER, words)[0]
        why = r.follow(order["reasonReference"][0])
        return golden(r, [Result("text", accepted)], [frozenset({reference(order), reference(why)})])

    return oracle


def order_ended(words: str, which: int = -1) -> Oracle:
    """The day until which an order was valid."""

    def oracle(r: Record) -> Gold:
        order = r.pick(ORDER, words)[which]
        at = order["dispenseRequest"]["validityPeriod"]["end"]
        return golden(r, [Result("date", at[:10])], [frozenset({reference(order)})], beside(r, [order]))

    return oracle


def on_for(words: str) -> Oracle:
    """How long ago it was first ordered."""

    def oracle(r: Record) -> Gold:
        order = r.pick(ORDER, words)[0]
        days = (r.today - dt.date.fromisoformat(r.dated(order)[:10])).days
        return golden(
            r, [Result("number", float(days), "d", 1)], [frozenset({reference(order)})], beside(r, [order])
        )

    return oracle


def poured(window: Window | None = None, words: str = "") -> Oracle:
    """The volume that ran in, over fluids given, in mL."""

    def oracle(r: Record) -> Gold:
        found = [
            f for f in r.pick(GIVEN, words, window) if f.get("dosage", {}).get("dose", {}).get("unit") == "mL"
        ]
        if not found:
            return NOTHING
        volume = sum(f["dosage"]["dose"]["value"] for f in found)
        must = [frozenset({reference(f)}) for f in found]
        return golden(r, [Result("number", float(volume), "mL")], must, beside(r, found))

    return oracle
