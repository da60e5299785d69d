"""How a resource came to be what it is: its Provenance, in a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.console.dates import show_moment
from services.errors import FabricError
from services.fhir.repository import Repository, Resource
from services.index.text import values

MOST = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """`sources` are the references that it was made from."""

    when: str
    what: str
    who: str
    sources: tuple[str, ...]


def origins_of(repository: Repository, reference: str, zone: str) -> tuple[Origin, ...]:
    """The newest first; none where there are none, or none that may be seen."""
    try:
        page = repository.search(
            "Provenance", [("target", reference), ("_sort", "-recorded"), ("_count", str(MOST))]
        )
    except FabricError:
        return ()
    return tuple(_origin(stored.resource, zone) for stored in page.matches)


def _origin(resource: Resource, zone: str) -> Origin:
    activity = values.concept(resource.get("activity")) or "Recorded"
    people = dict.fromkeys(
        filter(None, (_name(agent.get("who")) for agent in values.objs(resource.get("agent"))))
    )
    sources = [
        values.string(values.obj(e.get("what")).get("reference")) for e in values.objs(resource.get("entity"))
    ]
    return Origin(
        show_moment(values.iso(resource.get("recorded")), zone), activity, ", ".join(people),
        tuple(dict.fromkeys(filter(None, sources))),
    )  # fmt: skip


def _name(who: Any) -> str:
    who = values.obj(who)
    return values.string(who.get("display")) or values.string(who.get("reference"))
