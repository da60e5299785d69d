"""The queue against a model of it: no order of events carries a proposal out without a valid approval."""

from __future__ import annotations

import base64
import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import Any

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.accounts.roles import Principal
from services.commands.approvals import expire
from services.commands.claiming import claim, renew
from services.errors import FabricError
from services.fhir.repository import Stored
from tests.commands.world import (
    ADMIN,
    APPROVER,
    BILLING,
    CLINICIAN,
    NOTE,
    READER,
    REFERRAL,
    SECOND,
    World,
    open_world,
)

MACHINE = Principal("sweeper", "machine", "Approval queue", "administrator")
PEOPLE = st.sampled_from([CLINICIAN, APPROVER, SECOND, ADMIN, READER])
SENDERS = st.sampled_from([CLINICIAN, APPROVER])
COMMANDS = st.sampled_from([NOTE, REFERRAL, BILLING])
EDITS = st.sampled_from(
    [
        {},
        {"content": "Edited text."},
        {"content": "Start oxycodone 10 mg every 4 hours."},
        {"patientId": "ben"},
        {"confidence": 1.0},
    ]
)


@dataclasses.dataclass
class Model:
    """What should be true of one proposal."""

    task: str
    kind: str
    requester: str
    expires: float
    shown: Stored
    evidence: str
    state: str = "queued"
    holder: str = ""
    until: float = 0.0


class Queue(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = self._open(fill=True)
        self.models: list[Model] = []
        self.sent: list[dict[str, Any]] = []
        self.count = 0

    def _open(self, fill: bool, clock: Any = None) -> World:
        world = open_world(self.folder, fill=fill).with_policy(two_person_types=["QueueReferralLetter"])
        if clock is not None:
            world = dataclasses.replace(world, clock=clock, desk=dataclasses.replace(world.desk, clock=clock))
        return world

    def teardown(self) -> None:
        self.world.record.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize()
    def begin(self) -> None:
        self.propose(NOTE, CLINICIAN)

    def now(self) -> float:
        return self.world.clock.now.timestamp()

    def version(self) -> str:
        return self.world.record.read("Observation", "potassium").version

    @rule(command=COMMANDS, who=SENDERS)
    def propose(self, command: dict[str, Any], who: Principal) -> None:
        self.count += 1
        sent = {
            **command,
            "commandId": f"c{self.count}",
            "evidence": [{"reference": "Observation/potassium"}],
        }
        answer = self.world.send(who, **sent)
        assert answer["action"] == "queued", answer
        self.sent.append(sent)
        self.models.append(
            Model(answer["taskId"], command["command"], who.reference, self.now() + 72 * 3600,
                  self.world.task(answer["taskId"]), self.version())
        )  # fmt: skip

    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """The same command once more never makes a second proposal, and never a first writing."""
        sent = data.draw(st.sampled_from(self.sent))
        before = len(self.world.written("DocumentReference")) + len(self.world.written("Claim"))
        self.world.send(CLINICIAN, **sent)
        assert len(self.world.written("DocumentReference")) + len(self.world.written("Claim")) == before

    def _may(self, model: Model, who: Principal, shown: Stored) -> bool:
        fresh = shown.version == self.world.task(model.task).version
        return (
            model.state == "queued"
            and fresh
            and who.may("decide")
            and self.now() < model.expires
            and not (model.kind == "QueueReferralLetter" and who.reference == model.requester)
            and not (model.holder not in ("", who.reference) and self.now() < model.until)
        )

    @rule(data=st.data(), who=PEOPLE, edit=EDITS, by_put=st.booleans(), stale=st.booleans())
    def approve(
        self, data: st.DataObject, who: Principal, edit: dict[str, Any], by_put: bool, stale: bool
    ) -> None:
        model = data.draw(st.sampled_from(self.models))
        shown = model.shown if stale else self.world.task(model.task)
        safe = (
            set(edit) <= {"content"}
            and "oxycodone" not in str(edit)
            and not (edit and model.kind == "SuggestBillingCodes")
        )
        valid = self._may(model, who, shown) and self.version() == model.evidence and safe
        try:
            if by_put:
                changed = {**shown.resource, "status": "completed"}
                if edit:
                    changed["output"] = [
                        {"type": {"text": "modifications"}, "valueString": orjson.dumps(edit).decode()}
                    ]
                self.world.view(who).update(changed, if_match=shown.version)
            else:
                self.world.approve(shown, who, modifications=edit or None)
        except FabricError:
            assert not valid, (model, who, edit)
        else:
            if self.world.task(model.task).version == shown.version:
                return  # the same status once more: nothing was asked for, and nothing was done
            assert valid, (model, who, edit)
            model.state = "executed"

    @rule(data=st.data(), who=PEOPLE, by_put=st.booleans())
    def reject(self, data: st.DataObject, who: Principal, by_put: bool) -> None:
        model = data.draw(st.sampled_from(self.models))
        shown = self.world.task(model.task)
        valid = self._may(model, who, shown)
        try:
            if by_put:
                changed = {**shown.resource, "status": "rejected", "note": [{"text": "No."}]}
                self.world.view(who).update(changed, if_match=shown.version)
            else:
                self.world.reject(shown, who)
        except FabricError:
            assert not valid
        else:
            if self.world.task(model.task).version == shown.version:
                return
            assert valid
            model.state = "rejected"

    @rule(data=st.data(), who=PEOPLE, release=st.booleans())
    def hold(self, data: st.DataObject, who: Principal, release: bool) -> None:
        model = data.draw(st.sampled_from(self.models))
        valid = self._may(model, who, self.world.task(model.task))
        try:
            claim(self.world.desk, model.task, who, self.world.view(who), release=release)
        except FabricError:
            assert not valid
        else:
            assert valid
            model.holder, model.until = ("", 0.0) if release else (who.reference, self.now() + 15 * 60)

    @rule(minutes=st.sampled_from([1, 20, 600, 3000]))
    def wait(self, minutes: int) -> None:
        self.world.clock.move(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        due = [m for m in self.models if m.state == "queued" and self.now() >= m.expires]
        assert expire(self.world.desk, MACHINE) == len(due)
        for model in due:
            model.state = "expired"

    @rule(value=st.integers(min_value=30, max_value=90))
    def change_the_chart(self, value: int) -> None:
        held = self.world.record.read("Observation", "potassium").resource
        self.world.put({**held, "valueQuantity": {**held["valueQuantity"], "value": value / 10}})

    @rule(data=st.data(), who=PEOPLE)
    def judge_anew(self, data: st.DataObject, who: Principal) -> None:
        model = data.draw(st.sampled_from(self.models))
        valid = self._may(model, who, self.world.task(model.task))
        try:
            renew(self.world.desk, model.task, who, self.world.view(who))
        except FabricError:
            assert not valid
        else:
            assert valid
            model.evidence = self.version()

    @rule()
    def restart(self) -> None:
        clock = self.world.clock
        self.world.record.database.close()
        self.world = self._open(fill=False, clock=clock)

    @invariant()
    def what_is_written_was_approved(self) -> None:
        executed = [m for m in self.models if m.state == "executed"]
        notes = [m for m in executed if m.kind in ("CreateEncounterNoteDraft", "QueueReferralLetter")]
        assert len(self.world.written("DocumentReference")) == len(notes)
        assert len(self.world.written("Claim")) == len(
            [m for m in executed if m.kind == "SuggestBillingCodes"]
        )
        assert (
            len(self.world.events("command_executed"))
            == len(executed)
            == len(self.world.events("approval_granted"))
        )
        wanted = {"queued": "requested", "executed": "completed", "rejected": "rejected", "expired": "failed"}
        for model in self.models:
            assert self.world.task(model.task).resource["status"] == wanted[model.state]
        for made in self.world.written("DocumentReference"):
            data = made.resource["content"][0]["attachment"]["data"]
            assert b"oxycodone" not in base64.b64decode(data)


Queue.TestCase.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestQueue = Queue.TestCase
