"""Visits around an operation: 57 for its decision, 24 for another reason, and the package that a visit belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.bots.billing.builder import CPT, ICD, Case, concept, issues, modifiers

RULE = "42 CFR 414.40"


def operation(case: Case, code: str, day: str, reason: str = "", by: str = "d1", **more: Any) -> None:
    if by:
        more["performer"] = [{"actor": {"reference": f"Practitioner/{by}"}}]
    if reason:
        more["reasonCode"] = [concept(reason, ICD, reason)]
    case.add("Procedure", linked=False, status="completed", code=concept("Operation", CPT, code), performedDateTime=day, **more)


@pytest.mark.parametrize("day", ["2026-05-12", "2026-05-13"])
def test_the_visit_that_decides_a_major_operation(repository: SQLiteRepository, day: str) -> None:
    case = Case(repository)
    case.condition("Acute appendicitis", "K35.80")
    case.note("ASSESSMENT AND PLAN:\n1. Acute appendicitis: decision made for laparoscopic appendectomy today.")
    operation(case, "44970", day)
    answer = case.ask()
    assert "57" in {m for m, _ in modifiers(answer)}
    assert "90 days" in next(m["rule"] for m in answer["modifiers"] if m["modifier"] == "57")


@pytest.mark.parametrize(("code", "day", "note"), [
    ("44970", "2026-05-14", "decision made for appendectomy"), ("11104", "2026-05-12", "decision made for surgery"),
    ("44970", "2026-05-12", "Surgery isn't decided; watch."), ("44970", "2026-05-12", "No decision for surgery was made."),
])  # fmt: skip
def test_no_decision_without_all_that_it_takes(repository: SQLiteRepository, code: str, day: str, note: str) -> None:
    case = Case(repository)
    case.condition("Acute appendicitis", "K35.80")
    case.note(f"ASSESSMENT AND PLAN:\n1. Acute appendicitis. {note}")
    operation(case, code, day)
    assert "57" not in {m for m, _ in modifiers(case.ask())}


def test_another_reason_in_the_days_after(repository: SQLiteRepository) -> None:
    case = Case(repository)
    case.condition("Essential hypertension", "I10")
    case.note("ASSESSMENT AND PLAN:\n1. Hypertension: increase lisinopril.")
    operation(case, "27447", "2026-04-01", "M17.11")
    answer = case.ask()
    assert "24" in {m for m, _ in modifiers(answer)}
    assert RULE in next(m["rule"] for m in answer["modifiers"] if m["modifier"] == "24")


@pytest.mark.parametrize(("day", "reason", "by", "asked"), [
    ("2026-04-01", "I10", "d1", "part of it"), ("2026-04-01", "", "d1", "why it was done"), ("2026-04-01", "M17.11", "", "who operated"),
    ("2026-04-01", "M17.11", "d2", ""), ("2025-12-01", "M17.11", "d1", ""),
])  # fmt: skip
def test_care_after_an_operation_is_its_own(repository: SQLiteRepository, day: str, reason: str, by: str, asked: str) -> None:
    case = Case(repository)
    case.condition("Essential hypertension", "I10")
    operation(case, "27447", day, reason, by)
    answer = case.ask()
    assert "24" not in {m for m, _ in modifiers(answer)}
    assert asked in issues(answer) + " ".join(answer.get("warnings") or ())


def test_another_site_of_the_body_is_59(repository: SQLiteRepository, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only with an edit that allows a modifier, and sites that the record tells apart."""
    from services.bots.billing_code_suggester import checks
    from services.bots.billing_code_suggester.model import Procedure
    from services.knowledge.billing import ncci

    (tmp_path / "ptp.csv").write_text("11104,11102,,20200101,*,1,reason\n17000,11102,,20200101,*,0,reason\n")
    edits = ncci.edits(tmp_path)
    pair = edits.pairs["11104", "11102"]
    done = [Procedure("11104", 1, [], "", sites=("back",)), Procedure("11102", 1, [], "", sites=("arm",))]
    assert [(m.modifier, m.code) for m in checks._distinct(pair, done)] == [("59", "11102")]
    assert checks._distinct(edits.pairs["17000", "11102"], done) == []
    done[1].sites = ("back",)
    assert checks._distinct(pair, done) == []
