"""The record as one member may use it: the single place where role and access policy are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import orjson

from services.accounts.gates import Gate
from services.accounts.policy import (
    ADMINISTRATIVE,
    PRIVATE,
    Policy,
    Rule,
    check_policy,
    restored,
    without,
)
from services.accounts.roles import Principal
from services.errors import Forbidden, Gone, NotFound
from services.fhir.definitions import split_reference
from services.fhir.patching import patched
from services.fhir.repository import Change, Outcome, Page, Repository, Resource, SearchParams, Stored
from services.fhir.scope import Scope


class _Scope:
    """Implements `Scope`: what may be done in one way."""

    def __init__(self, policy: Policy | None, admin: bool, interaction: str) -> None:
        self._policy, self._admin, self._interaction = policy, admin, interaction

    def criteria(self, resource_type: str) -> Sequence[SearchParams] | None:
        if resource_type in PRIVATE and not self._admin:
            return ()
        if self._policy is None:
            return None
        rules = self._policy.rules_for(resource_type, self._interaction)
        return None if any(not r.criteria for r in rules) else [r.criteria for r in rules]

    def hidden(self, resource_type: str) -> frozenset[str]:
        if self._policy is None:
            return frozenset()
        rules = self._policy.rules_for(resource_type, self._interaction)
        return frozenset(path.partition(".")[0] for r in rules for path in r.hidden)


class GuardedRepository:
    """Implements `Repository`. What lies outside the policy's criteria is NotFound; a type or a way of using it
    that role or policy don't give is Forbidden."""

    def __init__(
        self,
        inner: Repository,
        principal: Principal,
        policy: Policy | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._inner, self._principal, self._policy, self._gate = inner, principal, policy, gate
        self._admin = principal.may("administer")

    @property
    def view(self) -> str:
        return self._policy.digest if self._policy else ""

    def partial(self, resource_type: str) -> bool:
        return bool(self._policy) and any(r.hidden for r in self._rules(resource_type, "read"))

    def transaction(self) -> AbstractContextManager[Any]:
        return self._inner.transaction()

    # Reading

    def read(self, resource_type: str, resource_id: str) -> Stored:
        self._reading(resource_type, "read")
        return self._shown(self._inner.read(resource_type, resource_id), "read")

    def find(self, reference: str) -> Stored | None:
        stored = self._inner.find(reference)
        if stored is None:
            return None
        try:
            self._reading(stored.type, "read")
            return self._shown(stored, "read")
        except (Forbidden, NotFound):
            return None

    def vread(self, resource_type: str, resource_id: str, version: str) -> Stored:
        rule = self._current_rule(resource_type, resource_id, "vread")
        return _trimmed(self._inner.vread(resource_type, resource_id, version), rule)

    def history(self, resource_type: str, resource_id: str) -> list[Stored]:
        rule = self._current_rule(resource_type, resource_id, "history")
        return [_trimmed(stored, rule) for stored in self._inner.history(resource_type, resource_id)]

    def search(self, resource_type: str, params: SearchParams = (), scope: Scope | None = None) -> Page:
        self._reading(resource_type, "search")
        page = self._inner.search(resource_type, params, scope or self._scope("search"))
        if self._policy is None:
            return page
        return replace(
            page,
            matches=[self._shown(s, "search") for s in page.matches],
            included=[self._shown(s, "search") for s in page.included],
        )

    def matches(self, reference: str, criteria: Sequence[SearchParams]) -> bool:
        return self.find(reference) is not None and self._inner.matches(reference, criteria)

    def compartment(
        self, patient_id: str, types: Iterable[str] | None = None, scope: Scope | None = None
    ) -> Iterator[Stored]:
        found = self._inner.compartment(patient_id, types, scope or self._scope("read"))
        return found if self._policy is None else (self._shown(s, "read") for s in found)

    def changes(self, after: int, limit: int = 1000) -> list[Change]:
        self._principal.require("administer")
        return self._inner.changes(after, limit)

    # Writing

    def create(
        self, resource: Resource, *, resource_id: str | None = None, author: str | None = None
    ) -> Stored:
        rules = self._writing(resource.get("resourceType"), "create")
        _check(resource)
        if self._gate is not None and self._gated(None, resource):
            return self._gate.create(self, self._principal, resource)
        if rules is None:
            return self._inner.create(resource, resource_id=resource_id, author=author)
        shared = set.intersection(*(set(r.locked) for r in rules))
        with self.transaction():
            stored = self._inner.create(without(resource, shared), resource_id=resource_id, author=author)
            after = stored.resource
            for rule in rules:
                untouched = without(after, rule.locked) == after
                if untouched and self._fits(rule, stored.reference) and rule.allows(None, after):
                    return _trimmed(stored, rule)
            raise Forbidden(f"Your access policy does not allow this {stored.type} to be created.")

    def update(
        self,
        resource: Resource,
        *,
        if_match: str | None = None,
        create_missing: bool = False,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        resource_type = resource.get("resourceType")
        rules = self._writing(resource_type, "update")
        _check(resource)
        self._held_binary(f"{resource_type}/{resource.get('id')}")
        if self._may_concern(resource_type) and (gated := self._through_gate(resource, rules, if_match)):
            return gated
        if rules is None:
            return self._inner.update(
                resource, if_match=if_match, create_missing=create_missing, author=author
            )
        reference = f"{resource_type}/{resource.get('id')}"
        with self.transaction():
            before = self._inner.find(reference)
            if before is None:  # new, or brought back: nothing to compare with
                if not create_missing:
                    raise NotFound(f"There is no {reference} to update.")
                return self.create(resource, resource_id=str(resource.get("id")), author=author), "created"
            rule = next((r for r in rules if self._fits(r, reference)), None)
            if rule is None:
                raise self._unwritable(reference)
            held = before.resource
            stored, outcome = self._inner.update(
                restored(resource, held, rule.locked), if_match=if_match, author=author
            )
            if not any(self._fits(r, reference) for r in rules) or not rule.allows(held, stored.resource):
                raise Forbidden(f"Your access policy does not allow {reference} to be changed like this.")
            return _trimmed(stored, rule), outcome

    def patch(
        self,
        resource_type: str,
        resource_id: str,
        operations: list[dict[str, Any]],
        *,
        if_match: str | None = None,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        rules = self._writing(resource_type, "update")
        self._held_binary(f"{resource_type}/{resource_id}")
        if rules is None and resource_type != "AccessPolicy" and not self._may_concern(resource_type):
            return self._inner.patch(resource_type, resource_id, operations, if_match=if_match, author=author)
        with self.transaction():
            changed = patched(self.read(resource_type, resource_id), operations)
            return self.update(changed, if_match=if_match, author=author)

    def delete(self, resource_type: str, resource_id: str, *, author: str | None = None) -> None:
        rules = self._writing(resource_type, "delete")
        reference = f"{resource_type}/{resource_id}"
        self._held_binary(reference)
        if rules is not None and not any(self._fits(r, reference) for r in rules):
            raise self._unwritable(reference)
        held = self._inner.find(reference) if self._may_concern(resource_type) else None
        if held is not None and self._gated(held.resource, None):
            raise self._refused(held.resource, None)
        self._inner.delete(resource_type, resource_id, author=author)

    def write_many(
        self, resources: Sequence[Resource], *, author: str | None = None
    ) -> list[tuple[Stored, Outcome]]:
        if self._policy is not None:
            with self.transaction():
                return [self.update(r, create_missing=True, author=author) for r in resources]
        for resource in resources:
            self._writing(resource.get("resourceType"), "update")
            _check(resource)
            reference = f"{resource.get('resourceType')}/{resource.get('id')}"
            held = self._inner.find(reference) if self._may_concern(resource.get("resourceType")) else None
            before = held.resource if held else None
            if self._gated(before, resource):
                raise self._refused(before, resource)
            self._held_binary(reference)
        return self._inner.write_many(resources, author=author)

    # Details

    def _may_concern(self, resource_type: object) -> bool:
        return self._gate is not None and resource_type in self._gate.types

    def _refused(self, before: Resource | None, after: Resource | None) -> Forbidden:
        return Forbidden(self._gate.refusal(before, after) if self._gate else "")

    def _gated(self, before: Resource | None, after: Resource | None) -> bool:
        return self._gate is not None and self._gate.concerns(before, after)

    def _through_gate(
        self, resource: Resource, rules: list[Rule] | None, if_match: str | None
    ) -> tuple[Stored, Outcome] | None:
        """A change that is the gate's, made; None where it is none of its business."""
        with self.transaction():
            reference = f"{resource.get('resourceType')}/{resource.get('id')}"
            before = self._inner.find(reference)
            if self._gate is None or not self._gated(before.resource if before else None, resource):
                return None
            if before is None:
                raise self._refused(None, resource)
            if rules is not None and not any(self._fits(r, reference) for r in rules):
                raise self._unwritable(reference)
            return self._gate.write(self, self._principal, before, resource, if_match)

    def _scope(self, interaction: str) -> Scope | None:
        if self._policy is None and self._admin:
            return None
        return _Scope(self._policy, self._admin, interaction)

    def _rules(self, resource_type: str, interaction: str) -> list[Rule]:
        return self._policy.rules_for(resource_type, interaction) if self._policy else []

    def _reading(self, resource_type: str, interaction: str) -> None:
        if resource_type in PRIVATE:
            self._principal.require("administer")
        if self._policy is not None and not self._rules(resource_type, interaction):
            raise Forbidden(f"Your access policy does not let you {interaction} {resource_type}.")

    def _writing(self, resource_type: object, interaction: str) -> list[Rule] | None:
        """The rules that may allow it; None where the role alone decides."""
        self._principal.require("write")
        if resource_type == "AuditEvent" and interaction != "create":
            raise Forbidden("Audit events are only ever added: nobody changes or deletes one.")
        if resource_type in ADMINISTRATIVE:
            self._principal.require("administer")
        if self._policy is None:
            return None
        rules = self._rules(str(resource_type), interaction)
        if not rules:
            raise Forbidden(f"Your access policy does not let you {interaction} {resource_type}.")
        return rules

    def _fits(self, rule: Rule, reference: str) -> bool:
        return not rule.criteria or self._inner.matches(reference, [rule.criteria])

    def _rule_for(self, reference: str, interaction: str) -> Rule | None:
        rules = self._rules(reference.partition("/")[0], interaction)
        return next((r for r in rules if self._fits(r, reference)), None)

    def _shown(self, stored: Stored, interaction: str) -> Stored:
        """As it may be seen. Raises NotFound where it may not."""
        if stored.type == "Binary":
            self._in_context(stored)
        if self._policy is None:
            return stored
        rule = self._rule_for(stored.reference, interaction)
        if rule is None:
            raise NotFound(f"There is no {stored.type} with the id {stored.id}.")
        return _trimmed(stored, rule)

    def _current_rule(self, resource_type: str, resource_id: str, interaction: str) -> Rule | None:
        """The rule by which the resource's versions may be seen: that of its present state."""
        self._reading(resource_type, interaction)
        self._held_binary(f"{resource_type}/{resource_id}")
        if self._policy is None:
            return None
        rule = self._rule_for(f"{resource_type}/{resource_id}", interaction)
        if rule is None:
            raise NotFound(f"There is no {resource_type} with the id {resource_id}.")
        return rule

    def _in_context(self, binary: Stored) -> None:
        """A Binary is seen by those who see its security context (hl7.org/fhir/R4/binary.html#security)."""
        context = binary.resource.get("securityContext")
        if not isinstance(context, dict):
            return
        target = split_reference(context.get("reference"))
        if target is None or target[0] == "Binary" or self.find("/".join(target)) is None:
            raise NotFound(f"There is no Binary with the id {binary.id}.")

    def _held_binary(self, reference: str) -> None:
        held = self._inner.find(reference) if reference.startswith("Binary/") else None
        if held is not None:
            self._in_context(held)

    def _unwritable(self, reference: str) -> Exception:
        resource_type, _, resource_id = reference.partition("/")
        try:
            self.read(resource_type, resource_id)
        except (NotFound, Gone, Forbidden) as error:
            return error
        return Forbidden(f"Your access policy does not let you change {reference}.")


def _check(resource: Resource) -> None:
    if resource.get("resourceType") == "AccessPolicy":
        check_policy(resource)


def _trimmed(stored: Stored, rule: Rule | None) -> Stored:
    """Without what the rule hides."""
    if rule is None or not rule.hidden or stored.body is None:
        return stored
    return replace(stored, body=orjson.dumps(without(stored.resource, rule.hidden)))
