"""Immunisation by the second birthday, fluoride varnish."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.settings import settings
from tests.bots.cds.preventive.builder import (
    OFFICE,
    Clinic,
    cond,
    declined,
    person,
    proc,
    shot,
    visit,
)

CHILD = person("2024-05-10")  # two on 10 May 2026; day 42 is 21 June, day 180 is 6 November 2024
DAYS = ("2024-07-10", "2024-09-10", "2024-11-10", "2025-06-10")


def shots(cvx: str, count: int, *, last: str | None = None) -> list[dict]:
    days = list(DAYS[:count])
    return [shot(cvx, d) for d in ([*days[:-1], last] if last else days)]


@pytest.mark.parametrize(("antigen", "given", "status"), [
    ("dtap", shots("20", 4), "satisfied"), ("dtap", shots("20", 3), "overdue"),
    ("dtap", [*shots("20", 3), shot("20", "2024-06-20")], "overdue"),  # day 41
    ("dtap", [*shots("20", 3), shot("20", "2024-06-21")], "satisfied"),  # day 42
    ("dtap", shots("20", 4, last="2026-05-10"), "satisfied"),  # the second birthday itself
    ("dtap", shots("20", 4, last="2026-05-11"), "overdue"),
    ("dtap", [*shots("20", 3), shot("20", DAYS[0])], "overdue"),  # one day counts once
    ("dtap", [*shots("110", 3), shot("120", DAYS[3])], "satisfied"),  # combinations
    ("dtap", [*shots("20", 3), shot("20", DAYS[3], "entered-in-error")], "overdue"),
    ("ipv", shots("10", 3), "satisfied"), ("ipv", shots("10", 2), "overdue"),
    ("mmr", [shot("03", "2025-05-10")], "satisfied"), ("mmr", [shot("03", "2025-05-09")], "overdue"),
    ("mmr", [cond("icd:B05.9", "2025-01-01"), cond("icd:B26.9", "2025-02-01"), cond("icd:B06.9", "2025-03-01")], "satisfied"),
    ("mmr", [cond("icd:B05.9", "2025-01-01"), cond("icd:B26.9", "2025-02-01")], "overdue"),
    ("hib", shots("49", 3), "satisfied"), ("hib", [*shots("49", 2), shot("48", DAYS[2])], "overdue"),
    ("hib", shots("48", 4), "satisfied"), ("hib", shots("198", 4), "overdue"),  # a slip of the sets, kept
    ("hepb", [shot("08", "2024-05-10"), *shots("08", 2)], "satisfied"), ("hepb", shots("08", 2), "overdue"),
    ("hepb", [proc("pcs:3E0234Z", "2024-05-17"), *shots("08", 2)], "satisfied"),
    ("hepb", [proc("pcs:3E0234Z", "2024-05-18"), *shots("08", 2)], "overdue"),
    ("hepb", [cond("icd:B16.9", "2025-01-01")], "satisfied"),
    ("varicella", [shot("94", "2025-05-10")], "satisfied"), ("varicella", [cond("icd:B01.9", "2025-01-01")], "satisfied"),
    ("varicella", [cond("icd:B01.9", "2026-05-11")], "overdue"),
    ("pcv", shots("133", 4), "satisfied"), ("pcv", shots("133", 3), "overdue"),
    ("hepa", [shot("83", "2026-05-10")], "satisfied"), ("hepa", [shot("83", "2026-05-11")], "overdue"),
    ("rotavirus", shots("119", 2), "satisfied"), ("rotavirus", [*shots("119", 1), shot("116", DAYS[1])], "overdue"),
    ("rotavirus", shots("116", 3), "satisfied"),
    ("influenza", [shot("140", "2024-11-06"), shot("140", "2025-11-01")], "satisfied"),
    ("influenza", [shot("140", "2024-11-05"), shot("140", "2025-11-01")], "overdue"),  # day 179
    ("influenza", [shot("140", "2025-11-01"), shot("149", "2026-05-10")], "satisfied"),
    ("influenza", [shot("140", "2025-11-01"), shot("149", "2026-05-09")], "overdue"),
    ("dtap", [cond("icd:D81.9", "2025-01-01")], "excluded"), ("dtap", [cond("icd:K56.1", "2026-05-10")], "excluded"),
    ("dtap", [cond("icd:K56.1", "2026-05-11")], "overdue"), ("dtap", [cond("icd:B20", "2024-06-01")], "excluded"),
    ("dtap", [cond("icd:C91.00", "2024-06-01")], "excluded"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_antigens(clinic: Clinic, antigen: str, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge(f"CMS117.{antigen}", OFFICE, *given, patient=CHILD, strict=strict).status == status


ALL = [
    *shots("120", 4), *shots("133", 4), *shots("116", 3), shot("08", "2024-05-10"), *shots("08", 2), shot("94", "2025-06-01"),
    shot("83", "2025-06-01"), shot("140", "2024-12-01"), shot("140", "2025-11-01"),
]  # fmt: skip


def test_all_antigens_or_nothing(clinic: Clinic) -> None:
    assert clinic.judge("CMS117", *ALL, patient=CHILD).status == "satisfied"
    assert clinic.judge("CMS117", *ALL[:-1], patient=CHILD).status == "overdue"


@pytest.mark.parametrize(("born", "status"), [
    ("2024-01-01", "overdue"), ("2024-12-31", "due"), ("2023-12-31", "not-eligible"), ("2025-01-01", "not-eligible"),
    ("2024-05", "cannot-judge"), (None, "cannot-judge"),
])  # fmt: skip
def test_children_who_turn_two_in_the_year(clinic: Clinic, born: str | None, status: str) -> None:
    assert clinic.judge("CMS117.pcv", patient=person(born)).status == status


def test_before_the_second_birthday_it_is_due_by_then(clinic: Clinic) -> None:
    found = clinic.judge("CMS117.mmr", patient=person("2024-09-09"))
    assert (found.status, str(found.due_date)) == ("due", "2026-09-09")


def test_a_refused_vaccine_stays_due_and_is_told(clinic: Clinic) -> None:
    found = clinic.judge("CMS117.mmr", declined(shot("03", "2025-06-01")), patient=CHILD)
    assert found.status == "overdue" and "declined on 01-Jun-2025" in found.reason


VARNISH = "sct:313042009"


@pytest.mark.parametrize(("given", "status"), [
    ([proc(VARNISH, "2026-01-01"), proc(VARNISH, "2026-06-01")], "satisfied"), ([proc(VARNISH, "2026-01-01")], "due"),
    ([proc(VARNISH, "2026-01-01"), proc(VARNISH, "2026-01-01")], "due"),
    ([proc(VARNISH, "2025-12-31"), proc(VARNISH, "2026-01-01")], "due"),
    ([proc(VARNISH, "2026-01-01"), proc(VARNISH, "2026-06-01", "not-done")], "due"),
])  # fmt: skip
def test_fluoride_varnish(clinic: Clinic, given: list[dict], status: str) -> None:
    assert clinic.judge("CMS74", *given, patient=person("2018-01-01")).status == status


def test_fluoride_varnish_ages_and_dental_visits(clinic: Clinic) -> None:
    for born, status in (
        ("2025-01-01", "due"),
        ("2025-01-02", "not-eligible"),
        ("2005-01-02", "due"),
        ("2005-01-01", "not-eligible"),
    ):
        assert clinic.judge("CMS74", patient=person(born)).status == status
    assert (
        clinic.judge(
            "CMS74", visit("sct:185349003", "2026-02-01"), patient=person("2018-01-01"), strict=True
        ).status
        == "not-eligible"
    )


def test_a_clinics_licensed_codes_let_strict_see_its_visits(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "visit-dental.tsv").write_text("cdt\tD0000\n", encoding="utf-8")
    coded = {"coding": [{"system": "http://www.ada.org/cdt", "code": "D0000"}]}
    dental = visit("x", "2026-02-01") | {"type": [coded]}
    patient = person("2018-01-01")
    assert clinic.judge("CMS74", dental, patient=patient, strict=True).status == "not-eligible"
    monkeypatch.setenv("FABRIC_PREVENTIVE_CODES", str(tmp_path))
    settings.cache_clear()
    try:
        assert clinic.judge("CMS74", dental, patient=patient, strict=True).status == "due"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
