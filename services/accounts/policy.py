"""AccessPolicy (medplum.com/docs/access/access-policies): what of the record a member may see and change.

Its entries are alternatives. An entry names a type (or `*`, which leaves out the platform's own types), criteria
that a resource has to match, what may be done, and elements that are hidden or can't be changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

from services.errors import FabricError, InvalidInput
from services.fhir.criteria import any_of
from services.fhir.definitions import resource_types
from services.fhir.fhirpath import holds, well_formed
from services.fhir.repository import Repository, Resource, Stored

READING = frozenset(["search", "read", "history", "vread"])
INTERACTIONS = READING | {"create", "update", "delete"}
ADMINISTRATIVE = frozenset(
    ["AccessPolicy", "AsyncJob", "Bot", "ClientApplication", "Login", "Project", "ProjectMembership", "Subscription", "User"]
)  # fmt: skip
"""Types that decide who may do what and what runs: written by administrators only."""
PRIVATE = ADMINISTRATIVE - {"Bot", "AsyncJob"}
"""Of these, the ones that only administrators see."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a policy, its variables filled in."""

    type: str
    criteria: tuple[tuple[str, str], ...] = ()
    interactions: frozenset[str] = INTERACTIONS
    hidden: tuple[str, ...] = ()
    readonly: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    def covers(self, resource_type: str) -> bool:
        if self.type == "*":
            return resource_type not in ADMINISTRATIVE
        return self.type == resource_type

    @property
    def locked(self) -> tuple[str, ...]:
        """The elements that a write leaves as they are."""
        return (*self.hidden, *self.readonly)

    def allows(self, before: Resource | None, after: Resource) -> bool:
        """Whether the write constraints hold."""
        variables = {"before": before or [], "after": after}
        return all(holds(c, after, variables) for c in self.constraints)


@dataclass(frozen=True, slots=True)
class Policy:
    rules: tuple[Rule, ...] = ()
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(repr(self.rules).encode()).hexdigest()[:16])

    def rules_for(self, resource_type: str, interaction: str) -> list[Rule]:
        return [r for r in self.rules if r.covers(resource_type) and interaction in r.interactions]


def policy_of(repository: Repository, profile: str) -> Policy | None:
    """The policy of a member by the reference of its profile; None where its membership names none.

    `repository` is the unguarded record. What can't be read grants nothing.
    """
    memberships = repository.search("ProjectMembership", [("profile", profile), ("_count", "10")]).matches
    grants = [grant for m in memberships for grant in grants_of(m.resource)]
    if not grants:
        return None
    rules: list[Rule] = []
    for reference, variables in grants:
        stored = repository.find(reference)
        if stored is not None and stored.type == "AccessPolicy":
            rules += _rules(stored, {"profile": profile, **variables})
    return Policy(tuple(rules))


def grants_of(membership: Resource) -> Iterable[tuple[str, dict[str, str]]]:
    """The policies that a membership names, each with its parameters."""
    single = _reference(membership.get("accessPolicy"))
    if single:
        yield single, {}
    for access in _objects(membership.get("access")):
        reference = _reference(access.get("policy"))
        variables = {}
        for parameter in _objects(access.get("parameter")):
            value = _reference(parameter.get("valueReference")) or parameter.get("valueString")
            if isinstance(value, str):
                variables[str(parameter.get("name"))] = value
        yield reference or "", variables


def _rules(stored: Stored, variables: Mapping[str, str]) -> list[Rule]:
    found = []
    for entry in _objects(stored.resource.get("resource")):
        try:
            rule = rule_of(entry, variables)
        except FabricError:  # refused when it is written; an import may still have brought it
            continue
        if rule is not None:
            found.append(rule)
    return found


def check_policy(resource: Resource) -> None:
    """Raises InvalidInput that names the first entry which can't be applied."""
    entries = resource.get("resource")
    if entries is not None and not isinstance(entries, list):
        raise InvalidInput("resource: takes a list of entries.", details={"element": "AccessPolicy.resource"})
    for number, entry in enumerate(entries or ()):
        try:
            rule_of(entry, None)
        except FabricError as error:
            place = f"AccessPolicy.resource[{number}]"
            raise InvalidInput(f"{place}: {error.message}", details={"element": place}) from error


def rule_of(entry: Any, variables: Mapping[str, str] | None) -> Rule | None:
    """The entry as a rule; None where it needs a variable that the membership doesn't give.

    Without `variables` it is only checked. Raises InvalidInput.
    """
    if not isinstance(entry, dict):
        raise InvalidInput("An entry is an object with a resourceType.")
    resource_type = entry.get("resourceType")
    if resource_type != "*" and resource_type not in resource_types():
        raise InvalidInput(f"'{resource_type}' is not a resource type.")
    interactions = INTERACTIONS
    if entry.get("interaction") is not None:
        interactions = frozenset(_names(entry, "interaction"))
        if not interactions <= INTERACTIONS:
            raise InvalidInput(f"interaction takes {', '.join(sorted(INTERACTIONS))}.")
    elif entry.get("readonly") is True:
        interactions = READING
    criteria = _criteria(entry, cast(str, resource_type), variables)
    if criteria is None:
        return None
    constraints = []
    for constraint in _objects(entry.get("writeConstraint")):
        if not isinstance(constraint.get("expression"), str):
            raise InvalidInput("A writeConstraint needs an expression in FHIRPath.")
        if not well_formed(constraint["expression"]):
            raise InvalidInput("A writeConstraint's expression can't be read as FHIRPath.")
        constraints.append(constraint["expression"])
    return Rule(
        cast(str, resource_type), criteria, interactions,
        tuple(_names(entry, "hiddenFields")), tuple(_names(entry, "readonlyFields")), tuple(constraints),
    )  # fmt: skip


def _criteria(
    entry: Resource, resource_type: str, variables: Mapping[str, str] | None
) -> tuple[tuple[str, str], ...] | None:
    text = entry.get("criteria") or ""
    if not isinstance(text, str):
        raise InvalidInput("criteria is text such as 'Patient?organization=Organization/1'.")
    name, _, query = text.partition("?")
    if text and name not in (resource_type, "*"):
        raise InvalidInput(f"The criteria are about {name[:64]}, the entry about {resource_type}.")
    params = parse_qsl(query, keep_blank_values=True)
    compartment = _reference(entry.get("compartment"))
    if compartment:
        params.append(("_compartment", compartment))
    if resource_type == "*" and any(not key.startswith("_") for key, _ in params):
        raise InvalidInput("The criteria of '*' can only use parameters that every type has, such as _compartment.")
    filled = []
    for key, value in params:
        text = _filled(value, _ANY if variables is None else variables)
        if text is None:
            return None
        filled.append((key, text))
    any_of("Patient" if resource_type == "*" else resource_type, [filled])  # raises for what can't be searched
    return tuple(filled)


def _filled(value: str, variables: Mapping[str, str]) -> str | None:
    """The value with `%name` and `%name.id` put in; None where the name is not given."""
    if not value.startswith("%"):
        return value
    name, _, part = value[1:].partition(".")
    if name not in variables:
        return None
    return variables[name].rpartition("/")[2] if part == "id" else variables[name]


class _Anything(dict[str, str]):
    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return "Patient/any"


_ANY = _Anything()


def _names(entry: Resource, key: str) -> list[str]:
    names = entry.get(key) or []
    if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
        raise InvalidInput(f"{key} is a list of names.")
    return names


def _objects(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _reference(value: Any) -> str | None:
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


# Elements


def without(resource: Resource, paths: Iterable[str]) -> Resource:
    """A copy of the resource that lacks the elements, and their `_element` siblings; dots lead inside."""
    copy = json.loads(json.dumps(resource))
    for path in paths:
        _drop(copy, path.split("."))
    return copy


def _drop(node: Any, keys: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _drop(item, keys)
    elif isinstance(node, dict):
        if len(keys) == 1:
            node.pop(keys[0], None)
            node.pop(f"_{keys[0]}", None)
        else:
            _drop(node.get(keys[0]), keys[1:])


def restored(sent: Resource, current: Resource, paths: Iterable[str]) -> Resource:
    """What was sent, with the elements as they are now: changed, added or left out, they stay the same."""
    copy = json.loads(json.dumps(sent))
    for path in paths:
        _restore(copy, current, path.split("."))
    return copy


def _restore(node: Any, current: Any, keys: list[str]) -> None:
    if isinstance(node, list):
        for number, item in enumerate(node):
            has = isinstance(current, list) and number < len(current)
            _restore(item, current[number] if has else {}, keys)
        return
    if not isinstance(node, dict):
        return
    known = current if isinstance(current, dict) else {}
    if len(keys) > 1:
        if keys[0] not in node and keys[0] in known:
            node[keys[0]] = known[keys[0]]
        else:
            _restore(node.get(keys[0]), known.get(keys[0]), keys[1:])
        return
    for key in (keys[0], f"_{keys[0]}"):
        if key in known:
            node[key] = known[key]
        else:
            node.pop(key, None)
