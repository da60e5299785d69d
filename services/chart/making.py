"""What the makers of entries share."""

from __future__ import annotations

from typing import Any

from services.chart.entry import Entry
from services.chart.naming import concepts_of
from services.index.text import values
from services.index.text.context import Context
from services.index.text.model import Resolve


class Naming(Context):
    """A context that reads the name of what many resources point to once; `names` is kept as long as `resolve`'s answers."""

    def __init__(
        self, resource: dict[str, Any], resolve: Resolve, names: dict[tuple[str | None, str], str]
    ) -> None:
        super().__init__(resource, resolve)
        self._names = names

    def name(self, reference: Any) -> str:
        text = (
            reference.get("reference")
            if isinstance(reference, dict) and not reference.get("display")
            else None
        )
        if not isinstance(text, str) or text.startswith("#"):
            return super().name(reference)
        key = (self.patient_id, text)
        if key in self._names:
            self._resolve(text)  # whoever resolves notes what an entry was named by
        else:
            self._names[key] = super().name(reference)
        return self._names[key]


def entry_of(kind: str, resource: dict[str, Any], version: str, name: str, code: Any, **rest: Any) -> Entry:
    own, named = concepts_of(kind, values.codings(code), name)
    return Entry(
        kind, resource["resourceType"], str(resource.get("id")), version, name, resource, own, named, **rest
    )


def reason_of(resource: dict[str, Any], context: Context) -> str:
    coded = values.concepts(resource.get("reasonCode") or resource.get("reason"))
    linked = context.names(resource.get("reasonReference"))
    return ", ".join(dict.fromkeys(filter(None, (coded, linked))))


def encounter_start(resource: dict[str, Any], context: Context) -> str | None:
    """When the encounter began at which the resource was recorded: the date of what has none of its own."""
    found = context.get(resource.get("encounter") or resource.get("context"))
    if found is None or found.get("resourceType") != "Encounter":
        return None
    period = values.obj(found.get("period") or found.get("actualPeriod"))
    return values.iso(period.get("start")) or values.iso(period.get("end"))
