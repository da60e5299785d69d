"""Proposals of other consoles on the same FHIR server: what arrives as a Task is entered into the queue's journal here,
so that it can be decided on here as well, and what was decided elsewhere is closed."""

from __future__ import annotations

import datetime as dt
from sqlite3 import Connection
from typing import Any

from services.commands.journal import Journal, State
from services.commands.tasks import command_of, input_of, is_proposal, output_of
from services.errors import FabricError
from services.fhir.remote.repository import RemoteRepository
from services.fhir.repository import Resource
from services.fhir.sqlite import Written
from services.index.text import values

_CLOSED: dict[str, State] = {"completed": "executed", "rejected": "rejected", "failed": "expired"}


class ArrivingTasks:
    """A listener of the record. What was written at this console has been entered by whoever wrote it."""

    def __init__(self, repository: RemoteRepository, journal: Journal) -> None:
        self._repository, self._journal = repository, journal

    def follow(self, _: Connection, written: Written) -> None:
        stored = written.stored
        if self._repository.arrives and stored.type == "Task" and stored.body is not None:
            task = stored.resource
            if is_proposal(task):
                self._enter(stored.id, task)

    def _enter(self, task_id: str, task: Resource) -> None:
        row, status = self._journal.of_task(task_id), task.get("status")
        if row is None:
            if status == "requested":
                self._open(task_id, task)
        elif row.state == "queued" and status in _CLOSED:
            self._journal.move(row, _CLOSED[status], _result(row.result, status, task))
        elif row.state == "queued" and status == "requested":
            content_hash, ends = input_of(task, "contentHash"), _ends(task)
            if isinstance(content_hash, str) and content_hash != row.hash and ends is not None:
                self._journal.renew(row, content_hash, ends)

    def _open(self, task_id: str, task: Resource) -> None:
        """Only what reads as a whole proposal whose content is the one it names; its rules are judged anew before anybody's
        decision is carried out."""
        ends = _ends(task)
        try:
            command = command_of(task)
        except FabricError:
            return
        if ends is None or input_of(task, "contentHash") != command.content_hash():
            return
        if self._journal.find(command.command_id) is not None:
            return
        result = {"commandId": command.command_id, "contentHash": command.content_hash(), "success": True,
                  "action": "queued", "taskId": task_id, "message": "It waits for a person's decision."}  # fmt: skip
        requester = values.obj(task.get("requester"))
        asked_by = requester.get("reference") or requester.get("display") or "System/fhir-server"
        self._journal.add(command, str(asked_by), "queued", result, task_id, ends)


def _ends(task: Resource) -> float | None:
    period = values.obj(values.obj(task.get("restriction")).get("period"))
    try:
        return dt.datetime.fromisoformat(str(period.get("end"))).timestamp()
    except ValueError:
        return None


def _result(before: dict[str, Any], status: str, task: Resource) -> dict[str, Any]:
    done = {**before, "action": _CLOSED[status]}
    written = values.obj(output_of(task, "executed")).get("reference") if status == "completed" else None
    if isinstance(written, str):
        done |= {
            "success": True,
            "executedResource": written,
            "executedResourceId": written.partition("/")[2],
        }
    return done
