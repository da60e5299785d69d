"""Approvals: the queue, a proposal's review, and deciding on the page; and the page of safety rules."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from services.accounts.roles import Principal
from services.commands.processor import process
from services.console import approvals
from services.runtime.system import System
from tests.pages.conftest import OPEN, said

CLINICIAN = Principal("asking", "user", "Dr Asking", "clinician")
FLAG = {"command": "FlagAbnormalResult", "patientId": "okonkwo", "observationId": "potassium", "severity": "critical",
        "interpretation": "Potassium of 6.7 mmol/L <b>critical</b>."}  # fmt: skip


def propose(world: System, **change: Any) -> str:
    sent = {"confidence": 0.9, "requiresApproval": True, "aiModel": "model-1", **FLAG, **change}
    answer = process(world.desk, sent, CLINICIAN, world.repository_for(CLINICIAN))
    assert answer["action"] == "queued", answer
    return answer["taskId"]


def press(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label == label).click().run()


def state(world: System, task: str) -> str:
    return world.repository.read("Task", task).resource["status"]


@pytest.fixture
def task(world: System) -> str:
    return propose(world)


def test_the_queue_lists_what_waits(open_page: OPEN, task: str) -> None:
    shown = said(open_page("approvals", "approver"))
    assert "Waiting" in shown and "OKONKWO, Samuel" in shown and "STAT" in shown
    assert "&lt;b&gt;critical" in shown and "<b>critical" not in shown
    assert "OKONKWO" in said(open_page("approvals", "approver", patient="okonkwo"))
    assert "Nothing waits here" in said(open_page("approvals", "approver", patient="marsh"))
    assert "Nothing waits here" in said(open_page("approvals", "approver", kind="CreateEncounterNoteDraft"))
    assert "OKONKWO" in said(open_page("approvals", "approver", kind="nonsense", state="nonsense", risk="x"))


def test_a_long_queue_has_pages(open_page: OPEN, world: System, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = propose(world, severity="high")
    monkeypatch.setattr(approvals, "SIZE", 1)
    first = said(open_page("approvals", "approver", patient="okonkwo"))
    assert "Page 1 of" in first and "Later ones" in first and "Earlier ones" not in first
    last = said(open_page("approvals", "approver", patient="okonkwo", sheet="99999"))
    assert "Earlier ones" in last and "Later ones" not in last
    assert f"task={task}" not in first or f"task={later}" not in first


def test_a_review_shows_evidence_and_says_who_decides(open_page: OPEN, task: str) -> None:
    test = open_page("approvals", "approver", task=task)
    shown = said(test)
    assert "Evidence" in shown and "<mark>6.7</mark>" in shown and "Observation/potassium" in shown
    assert "Model model-1" in shown and "Confidence High (0.90" in shown
    assert {"Approve", "Claim"} <= {b.label for b in test.button}
    asking = open_page("approvals", "clinician", task=task)
    assert "An approver decides" in said(asking) and "Approve" not in {b.label for b in asking.button}
    reader = open_page("approvals", "read-only", task=task)
    assert "Approve" not in {b.label for b in reader.button}
    assert "no such proposal" in said(open_page("approvals", "approver", task="nowhere"))


def test_approving_writes_and_goes_on_to_the_next(open_page: OPEN, world: System) -> None:
    first, second = propose(world), propose(world, interpretation="Another.")
    test = open_page("approvals", "approver", task=first)
    press(test, "Approve")
    assert state(world, first) == "completed"
    assert "Approved and written" in said(test)
    assert test.query_params["task"] != [first] and state(world, second) == "requested"
    done = open_page("approvals", "approver", state="approved", task=first)
    assert "Written as" in said(done) and "Approve" not in {b.label for b in done.button}


def test_an_edit_is_what_is_written(open_page: OPEN, world: System, task: str) -> None:
    test = open_page("approvals", "approver", task=task)
    next(t for t in test.toggle if t.label == "Edit before approving").set_value(True).run()
    next(t for t in test.text_area if t.label == "Flag").set_value(
        "Potassium of 6.7 mmol/L, repeat now."
    ).run()
    assert "<ins>" in said(test)
    press(test, "Approve with the edits")
    assert state(world, task) == "completed"
    row = world.desk.journal.of_task(task)
    assert row
    written = world.repository.find(row.result["executedResource"])
    assert written and written.resource["code"]["text"] == "Potassium of 6.7 mmol/L, repeat now."
    assert "<del>" in said(open_page("approvals", "approver", state="approved", task=task))


def test_what_was_typed_by_the_way_to_the_button_is_not_lost(open_page: OPEN, world: System, task: str) -> None:
    test = open_page("approvals", "approver", task=task)
    next(t for t in test.toggle if t.label == "Edit before approving").set_value(True).run()
    next(t for t in test.text_area if t.label == "Flag").set_value("Repeat the potassium now.")
    press(test, "Approve")  # in one go: the edit was not shown before
    assert "was not shown yet" in said(test) and state(world, task) == "requested"
    assert "<ins>" in said(test)
    press(test, "Approve with the edits")
    assert state(world, task) == "completed"
    other = propose(world, interpretation="Once more.")
    test = open_page("approvals", "approver", task=other)
    next(s for s in test.selectbox if s.label == "Why").set_value("incorrect").run()
    next(t for t in test.text_area if t.label == "In your words").set_value("Haemolysed sample.")
    press(test, "Reject it")
    assert "Haemolysed sample." in said(open_page("approvals", "approver", state="rejected", task=other))


def test_an_unsafe_edit_is_refused_and_stays_on_the_page(open_page: OPEN, world: System, task: str) -> None:
    test = open_page("approvals", "approver", task=task)
    next(t for t in test.toggle if t.label == "Edit before approving").set_value(True).run()
    next(t for t in test.text_area if t.label == "Flag").set_value(
        "Start oxycodone 5 mg every 6 hours."
    ).run()
    press(test, "Approve with the edits")
    assert "can't be approved" in said(test) and state(world, task) == "requested"
    assert next(t for t in test.text_area if t.label == "Flag").value.startswith("Start oxycodone")


def test_rejecting_needs_a_reason(open_page: OPEN, world: System, task: str) -> None:
    test = open_page("approvals", "approver", task=task)
    assert next(b for b in test.button if b.label == "Reject it").disabled
    next(s for s in test.selectbox if s.label == "Why").set_value("incorrect").run()
    next(t for t in test.text_area if t.label == "In your words").set_value("Haemolysed.").run()
    press(test, "Reject it")
    assert state(world, task) == "rejected"
    shown = said(open_page("approvals", "approver", state="rejected", task=task))
    assert "Clinically incorrect" in shown and "Haemolysed." in shown


def test_what_is_claimed_is_kept_from_others(open_page: OPEN, world: System, task: str) -> None:
    press(open_page("approvals", "approver", task=task), "Claim")
    other = open_page("approvals", "administrator", task=task)
    assert "Being reviewed by The approver" in said(other) and "Approve" not in {
        b.label for b in other.button
    }
    mine = open_page("approvals", "approver", task=task)
    press(mine, "Give back")
    assert "Approve" in {b.label for b in open_page("approvals", "administrator", task=task).button}


def test_what_changed_has_to_be_judged_anew(open_page: OPEN, world: System, task: str) -> None:
    held = world.repository.read("Observation", "potassium").resource
    world.repository.update({**held, "note": [{"text": f"Called at {task}"}]})
    test = open_page("approvals", "approver", task=task)
    assert "Changed since it was proposed" in said(test) and "Approve" not in {b.label for b in test.button}
    press(test, "Judge it by the chart as it is now")
    assert "Judged anew" in said(test)
    press(test, "Approve")
    assert state(world, task) == "completed"


def test_low_risk_ones_of_a_kind_together(open_page: OPEN, world: System) -> None:
    tasks = [
        propose(world, interpretation=f"Potassium of 6.7 mmol/L ({n}).", severity="low") for n in ("a", "b")
    ]
    test = open_page("approvals", "approver", kind="FlagAbnormalResult", risk="low")
    label = next(b.label for b in test.button if "low-risk ones together" in b.label)
    press(test, label)
    press(test, next(b.label for b in test.button if b.label.startswith("Approve these")))
    assert "approved" in said(test) and all(state(world, t) == "completed" for t in tasks)
    press(test, "Back to the list")


def test_the_rules_are_listed(open_page: OPEN, world: System) -> None:
    shown = said(open_page("safety", "administrator"))
    assert "controlled-substance" in shown and "21 CFR 1308" in shown and world.desk.policy.name in shown
    assert "may not use this page" in said(open_page("safety", "clinician"))
