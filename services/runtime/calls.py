"""What `medplum` of a bot leads to: one request to the record, as the bot may see it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import orjson

from services.accounts.roles import Principal
from services.errors import FabricError, InvalidInput
from services.fhir.binaries import binary_of
from services.fhir.bundles import execute, outcome, perform
from services.fhir.paging import history_bundle, search_bundle
from services.fhir.repository import Page, Repository, Resource
from services.fhir.validation import validate
from services.runtime.sandbox import OutcomeError, Request
from services.runtime.subscriptions.matching import depth

if TYPE_CHECKING:
    from services.runtime.system import System

Nested = Callable[[str | None, str | None, Request], Any]
"""Runs another bot, by id or identifier, for this one."""
OK: Resource = {
    "resourceType": "OperationOutcome",
    "id": "ok",
    "issue": [{"severity": "information", "code": "informational", "details": {"text": "All OK"}}],
}


class BotCaller:
    """Implements the sandbox's `Caller`. Every request goes through the guarded record; nothing is cached."""

    def __init__(self, system: System, principal: Principal, links: int, nested: Nested) -> None:
        self._system, self._principal, self._links, self._nested = system, principal, links, nested

    def __call__(self, request: Request) -> Any:
        before = depth.set(self._links)  # what the bot writes knows how far it is from a person's write
        try:
            return self._answer(request)
        except FabricError as error:
            raise OutcomeError(outcome(error)) from error
        finally:
            depth.reset(before)

    def _answer(self, request: Request) -> Any:
        path, _, query = request.path.partition("?")
        parts = [unquote(p) for p in path.strip("/").split("/")] if path.strip("/") else []
        repository = self._system.repository_for(self._principal)
        if not parts:
            return self._batch(repository, request.body)
        if parts[-1] == "$execute" and parts[0] == "Bot":
            identifier = dict(parse_qsl(query)).get("identifier")
            return self._nested(parts[1] if len(parts) == 3 else None, identifier, request)
        if parts[1:] == ["$validate"] and request.method == "POST":
            validate(request.body)
            return OK
        if parts[0] == "Patient" and parts[2:] == ["$everything"]:
            repository.read("Patient", parts[1])
            return _plain(search_bundle("", Page(list(repository.compartment(parts[1])))))
        if parts[2:] == ["_history"]:
            return _plain(history_bundle("", repository.history(parts[0], parts[1])))
        if parts[0] == "Binary":
            return self._binary(repository, request, parts)
        return self._one(repository, request, request.body)

    def _one(self, repository: Repository, request: Request, resource: Any) -> Any:
        told = {"If-Match": "ifMatch", "If-None-Exist": "ifNoneExist"}
        asked = {told[k]: v for k, v in request.headers.items() if k in told}
        entry = {"request": {"method": request.method, "url": request.path, **asked}, "resource": resource}
        author = self._principal.reference
        return perform(repository, entry, check=validate, author=author).get("resource", OK)

    def _batch(self, repository: Repository, bundle: Any) -> Any:
        if not isinstance(bundle, dict):
            raise InvalidInput("A batch is a Bundle.")
        return execute(repository, bundle, check=validate, author=self._principal.reference)

    def _binary(self, repository: Repository, request: Request, parts: list[str]) -> Any:
        resource = request.body if isinstance(request.body, dict) else {}
        if request.method == "POST" and resource.get("resourceType") != "Binary":
            content = request.body.encode() if isinstance(request.body, str) else request.body
            if not isinstance(content, bytes):
                content = orjson.dumps(content)
            context = request.headers.get("X-Security-Context")
            made = binary_of(repository, content, request.content_type or "", context)
            stored = repository.create(made, author=self._principal.reference)
            return {**{k: v for k, v in stored.resource.items() if k != "data"}, "url": stored.reference}
        if request.method == "GET" and len(parts) == 2 and request.headers.get("Accept") == "*/*":
            return base64.b64decode(str(repository.read("Binary", parts[1]).resource.get("data") or ""))
        if request.method == "GET" and len(parts) == 1:
            raise InvalidInput("Binary can't be searched.")
        return self._one(repository, request, request.body)


def _plain(bundle: Resource) -> Resource:
    """With its resources as values, where the bundle holds their stored text."""
    return orjson.loads(orjson.dumps(bundle))
