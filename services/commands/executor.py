"""Carries a command out: the resources of its type, written as whoever acts may write them."""

from __future__ import annotations

from dataclasses import dataclass

from services.chart.chart import Chart
from services.commands.schemas import AICommand
from services.commands.writing import Making, changes
from services.fhir.repository import Repository, Stored


@dataclass(frozen=True, slots=True)
class Written:
    """The resources, the one that counts first, and versioned references to what they took the place of."""

    resources: tuple[Stored, ...]
    replaced: tuple[str, ...]


def execute(
    command: AICommand, chart: Chart, repository: Repository, requester: str, approver: str | None, at: str
) -> Written:
    """Belongs inside the transaction that notes that it was done. Raises Forbidden, InvalidInput, PreconditionFailed."""
    author = approver or requester
    written, replaced = [], []
    for change in changes(command, Making(chart, requester, approver, at)):
        if change.replaces is None:
            resource = dict(change.resource)
            written.append(repository.create(resource, resource_id=resource.pop("id"), author=author))
        else:
            stored, _ = repository.update(change.resource, if_match=change.replaces, author=author)
            replaced.append(f"{stored.reference}/_history/{change.replaces}")
            written.append(stored)
    return Written(tuple(written), tuple(replaced))
