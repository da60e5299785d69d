"""Batch and transaction bundles (hl7.org/fhir/R4/http.html#transaction) over any repository."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from services.errors import FabricError, InvalidInput, NotFound, NotSupported
from services.fhir.conditional import sole_match, version_of
from services.fhir.everything import everything
from services.fhir.paging import history_bundle, links, search_bundle
from services.fhir.repository import Repository, Resource, Stored

_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 3, "GET": 4, "HEAD": 4}
Check = Callable[[object], None]


_ISSUES = {
    401: ("login", "unauthorized"),
    403: ("forbidden", "forbidden"),
    404: ("not-found", "not-found"),
    405: ("not-supported", None),
    410: ("deleted", "gone"),
    412: ("conflict", "precondition-failed"),
    503: ("transient", None),
}
"""By status: the code of the issue (FHIR's IssueType), and the outcome's id by which Medplum's clients tell it."""


def outcome(error: FabricError) -> Resource:
    """An error as an OperationOutcome; one issue for each thing that is wrong, where several are known."""
    code, name = _ISSUES.get(error.status, ("invalid", None))
    if isinstance(error, NotSupported):
        code = "not-supported"
    named = error.details if isinstance(error.details, dict) else {}
    told = [(named.get("element") or named.get("parameter"), error.message)]
    told += [(element, f"{element}: {reason}") for element, reason in named.get("issues", ())[1:]]
    issues = []
    for element, text in told:
        issue: dict[str, Any] = {"severity": "error", "code": code, "details": {"text": text}}
        issues.append({**issue, "expression": [element]} if element else issue)
    found: Resource = {"resourceType": "OperationOutcome", "issue": issues}
    return {**found, "id": name} if name else found


def execute(
    repository: Repository,
    bundle: Resource,
    *,
    check: Check,
    author: str | None = None,
    admin: bool = False,
    base: str = "",
) -> Resource:
    """Run a batch or transaction and return its response bundle.

    A batch reports each entry by itself. A transaction is all or nothing: its first failure is raised, with the
    entry's number in the message. `check` validates a resource; `admin` may create by PUT; `base` is the
    address that links begin with.
    """
    kind = bundle.get("type")
    entries = bundle.get("entry") or []
    if kind not in ("batch", "transaction") or not isinstance(entries, list):
        raise InvalidInput(
            "A bundle sent here is of type batch or transaction.", details={"element": "Bundle.type"}
        )
    runner = _Runner(repository, check, author, admin, base)
    if kind == "batch":
        responses = []
        for entry in entries:
            try:
                with repository.transaction():
                    done = runner.run(_entry(entry))
                responses.append(done)  # only now: what is written may be refused as it is committed
            except FabricError as error:
                responses.append({"response": {"status": str(error.status), "outcome": outcome(error)}})
        return {"resourceType": "Bundle", "type": "batch-response", "entry": responses}
    responses = [{} for _ in entries]
    with repository.transaction():
        checked = [_entry(e) for e in entries]
        runner.assign_ids(checked)
        order = sorted(range(len(checked)), key=lambda i: _ORDER.get(_method(checked[i]), 9))
        for index in order:
            try:
                responses[index] = runner.run(checked[index])
            except FabricError as error:
                error.message = f"Entry {index}: {error.message} Nothing of the transaction was stored."
                raise
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": responses}


def perform(
    repository: Repository,
    entry: Resource,
    *,
    check: Check,
    author: str | None = None,
    admin: bool = False,
    base: str = "",
) -> Resource:
    """One request, written as an entry of a batch; its entry of the response. Raises FabricError."""
    with repository.transaction():
        return _Runner(repository, check, author, admin, base).run(_entry(entry))


def rewrite_references(node: Any, replace: Callable[[str], str | None]) -> Any:
    """A copy in which each `reference` (and attachment `url`) that `replace` knows is exchanged."""
    if isinstance(node, dict):
        changed = {}
        for key, value in node.items():
            if key in ("reference", "url") and isinstance(value, str):
                changed[key] = replace(value) or value
            else:
                changed[key] = rewrite_references(value, replace)
        return changed
    if isinstance(node, list):
        return [rewrite_references(item, replace) for item in node]
    return node


def _entry(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("request"), dict):
        raise InvalidInput("Each entry needs a request with a method and a url.")
    request = entry["request"]
    if not isinstance(request.get("method"), str) or not isinstance(request.get("url"), str):
        raise InvalidInput("Each entry needs a request with a method and a url.")
    return entry


def _method(entry: dict[str, Any]) -> str:
    return entry["request"]["method"].upper()


class _Runner:
    def __init__(
        self, repository: Repository, check: Check, author: str | None, admin: bool, base: str
    ) -> None:
        self.repository, self.check, self.author, self.admin = repository, check, author, admin
        self.base = base
        self.urls: dict[str, str] = {}
        self.ids: dict[int, str] = {}

    def assign_ids(self, entries: list[dict[str, Any]]) -> None:
        """Decide every created resource's id first, so that urn: references can point ahead."""
        planned: dict[tuple[str, str], str] = {}
        for entry in entries:
            resource, url = entry.get("resource"), entry.get("fullUrl")
            if not isinstance(resource, dict):
                continue
            method, request = _method(entry), entry["request"]
            path, _, query = request["url"].partition("?")
            condition = request.get("ifNoneExist") if method == "POST" else query
            if method == "POST" or (method == "PUT" and condition):
                resource_type = str(resource.get("resourceType"))
                existing = self._conditional(resource, condition)
                new = existing.id if existing else str(uuid.uuid4())
                if condition and not existing:  # two entries with one condition mean one resource
                    new = planned.setdefault((resource_type, str(condition)), new)
                self.ids[id(entry)] = new
                target = f"{resource_type}/{new}"
            else:
                target = unquote(path)
            if isinstance(url, str):
                self.urls[url] = target

    def run(self, entry: dict[str, Any]) -> dict[str, Any]:
        request, method = entry["request"], _method(entry)
        path, _, query = request["url"].partition("?")
        parts = [unquote(p) for p in path.strip("/").split("/")]
        if method == "GET":
            return self._get(parts, query)
        resource = rewrite_references(entry.get("resource"), self.urls.get)
        if method == "POST":
            return self._post(entry, parts, resource, request)
        match = version_of(request.get("ifMatch"))
        if method == "PUT":
            return self._put(entry, parts, query, resource, match)
        if method in ("DELETE", "PATCH") and len(parts) == 1 and query:  # of the one that fits
            existing = sole_match(self.repository, parts[0], query)
            if existing is None and method == "PATCH":
                raise NotFound(f"No {parts[0]} matches the condition.")
            if existing is None:
                return {"response": {"status": "200"}}
            parts = [parts[0], existing.id]
        if method == "DELETE" and len(parts) == 2:
            self.repository.delete(parts[0], parts[1], author=self.author)
            return {"response": {"status": "200"}}
        if method == "PATCH" and len(parts) == 2:
            operations = _patch_operations(resource)
            stored, _ = self.repository.patch(
                parts[0], parts[1], operations, if_match=match, author=self.author
            )
            self.check(stored.resource)
            return _response("200", stored)
        raise InvalidInput(f"{method} {request['url']} can't be done in a bundle.")

    def _get(self, parts: list[str], query: str) -> dict[str, Any]:
        if len(parts) == 2 or (len(parts) == 4 and parts[2] == "_history"):
            found = self.repository.vread(parts[0], parts[1], parts[3]) if parts[2:] else None
            stored = found or self.repository.read(parts[0], parts[1])
            return {
                "resource": stored.resource,
                "response": {"status": "200", "etag": f'W/"{stored.version}"'},
            }
        if len(parts) == 3 and parts[2] == "_history":
            versions = self.repository.history(parts[0], parts[1])
            return _found(history_bundle(self.base, versions, orjson.loads))
        if len(parts) == 3 and parts[0] == "Patient" and parts[2] == "$everything":
            chart = everything(self.repository, parts[1], parse_qsl(query))
            return _found(search_bundle(self.base, chart, orjson.loads))
        if len(parts) != 1 or parts[0] == "Binary":
            raise InvalidInput(f"GET {'/'.join(parts)[:200]} can't be done in a bundle.")
        params = parse_qsl(query, keep_blank_values=True)
        page = self.repository.search(parts[0], params)
        bundle = search_bundle(self.base, page, orjson.loads)
        bundle["link"] = links(self.base, parts[0], params, page)
        return _found(bundle)

    def _post(
        self, entry: dict[str, Any], parts: list[str], resource: Any, request: dict[str, Any]
    ) -> dict[str, Any]:
        self.check(resource)
        if parts != [resource["resourceType"]]:
            raise InvalidInput("The url and the resource name different types.", details={"element": "url"})
        existing = self._conditional(resource, request.get("ifNoneExist"))
        if existing:
            return _response("200", existing)
        stored = self.repository.create(resource, resource_id=self.ids.get(id(entry)), author=self.author)
        return _response("201", stored)

    def _put(
        self, entry: dict[str, Any], parts: list[str], query: str, resource: Any, match: str | None
    ) -> dict[str, Any]:
        self.check(resource)
        if query:
            if parts != [resource["resourceType"]]:
                raise InvalidInput(
                    "The url and the resource name different types.", details={"element": "url"}
                )
            existing = self._conditional(resource, query)
            if existing is None:
                new = self.repository.create(
                    resource, resource_id=self.ids.get(id(entry)), author=self.author
                )
                return _response("201", new)
            resource = {**resource, "id": existing.id}
        elif len(parts) != 2 or resource.get("id") != parts[1] or resource.get("resourceType") != parts[0]:
            raise InvalidInput("The url and the resource name different ids.", details={"element": "id"})
        stored, result = self.repository.update(
            resource, if_match=match, create_missing=self.admin, author=self.author
        )
        return _response("201" if result == "created" else "200", stored)

    def _conditional(self, resource: Any, query: Any) -> Stored | None:
        if not isinstance(query, str) or not query or not isinstance(resource, dict):
            return None
        return sole_match(self.repository, str(resource.get("resourceType")), query)


def _patch_operations(resource: Any) -> list[dict[str, Any]]:
    """JSON Patch inside a bundle travels as a Binary."""
    if isinstance(resource, list):
        return resource
    try:
        operations = orjson.loads(base64.b64decode(resource["data"], validate=True))
    except (TypeError, KeyError, binascii.Error, ValueError) as error:
        raise InvalidInput("A PATCH entry holds a Binary with a JSON Patch.") from error
    if not isinstance(operations, list):
        raise InvalidInput("A JSON Patch is a list of operations.")
    return operations


def _found(bundle: Resource) -> Resource:
    return {"resource": bundle, "response": {"status": "200"}}


def _response(status: str, stored: Stored) -> dict[str, Any]:
    return {
        "resource": stored.resource,
        "response": {
            "status": status,
            "location": f"{stored.reference}/_history/{stored.version}",
            "etag": f'W/"{stored.version}"',
            "lastModified": stored.updated,
        },
    }
