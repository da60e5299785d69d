"""FHIR REST at /fhir/R4 (hl7.org/fhir/R4/http.html) over the record as the caller may see it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.roles import Principal
from services.api.addresses import BASE, base_url
from services.api.answers import shown_as, stored_response
from services.api.auditing import note_bundle
from services.api.binaries import read_binary, sent_binary
from services.api.http import (
    FHIR_JSON,
    Json,
    body,
    fhir_errors,
    member,
    parse_json,
    principal,
    reading,
    run,
    system_of,
)
from services.api.shaping import shape_of
from services.errors import InvalidInput, NotFound
from services.fhir import bundles
from services.fhir.conditional import criteria_of, sole_match, version_of
from services.fhir.definitions import resource_types
from services.fhir.paging import history_bundle, links, search_bundle
from services.fhir.repository import Page, Repository, Stored
from services.fhir.validation import validate
from services.runtime.calls import OK


@fhir_errors
async def base(request: Request) -> Response:
    """A batch or transaction."""
    who = await principal(request)  # what each entry needs is asked by the record as they may use it
    bundle = parse_json(await body(request))
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise InvalidInput("POST to the base takes a Bundle.", details={"element": "resourceType"})
    system = system_of(request)

    def work() -> dict:
        return bundles.execute(
            system.repository_for(who), bundle, check=validate, author=who.reference,
            admin=who.may("administer"), base=base_url(request),
        )  # fmt: skip

    done = await run(work)
    note_bundle(request, done)
    return Json(done, media_type=FHIR_JSON)


@fhir_errors
async def type_level(request: Request) -> Response:
    """Search and create; update, patch and delete of the one resource that fits the address's search."""
    resource_type = type_of(request)
    if request.method in ("GET", "HEAD"):
        return await _search(request, resource_type, request.query_params.multi_items())
    who, repository = await member(request)
    who.require("write")
    if request.method == "POST":
        return await _create(request, repository, who, resource_type)
    match = version_of(request.headers.get("if-match"))
    sent = None if request.method == "DELETE" else parse_json(await body(request))
    query = request.url.query

    def work() -> tuple[Stored | None, bool]:
        with repository.transaction():
            existing = sole_match(repository, resource_type, query)
            if request.method == "DELETE":
                if existing:
                    repository.delete(resource_type, existing.id, author=who.reference)
                return None, False
            if request.method == "PATCH":
                if existing is None:
                    raise NotFound(f"No {resource_type} matches the condition.")
                return _patch(repository, who, resource_type, existing.id, sent, match), False
            return _conditional_put(repository, who, sent, resource_type, existing, match)

    stored, created = await run(work)
    if stored is None:
        return Json(OK, media_type=FHIR_JSON)
    return await stored_response(request, repository, stored, 201 if created else 200, location=created)


async def _create(request: Request, repository: Repository, who: Principal, resource_type: str) -> Response:
    data = await body(request)
    condition = request.headers.get("if-none-exist")
    raw = False
    if resource_type == "Binary":
        resource, raw = await run(sent_binary, data, request, repository)
    else:
        resource = parse_json(data)
        if not condition and criteria_of(request.url.query):  # fhirpy names the condition there
            condition = request.url.query
    _matches(resource, resource_type)

    def work() -> tuple[Stored, int]:
        validate(resource)
        with repository.transaction():
            if condition:
                existing = sole_match(repository, resource_type, condition)
                if existing:
                    return existing, 200
            return repository.create(resource, author=who.reference), 201

    stored, status = await run(work)
    without = "data" if raw else ""  # the sender has it
    return await stored_response(request, repository, stored, status, location=True, without=without)


def _conditional_put(
    repository: Repository,
    who: Principal,
    sent: Any,
    resource_type: str,
    existing: Stored | None,
    match: str | None,
) -> tuple[Stored, bool]:
    _matches(sent, resource_type)
    validate(sent)
    if existing is None:
        return repository.create(sent, author=who.reference), True
    if sent.get("id") not in (None, existing.id):
        raise InvalidInput("The id is not that of the resource that fits.", details={"element": "id"})
    changed = {**sent, "id": existing.id}
    return repository.update(changed, if_match=match, author=who.reference)[0], False


@fhir_errors
async def search_by_post(request: Request) -> Response:
    form = parse_qsl((await body(request)).decode("utf-8", "replace"), keep_blank_values=True)
    params = [*request.query_params.multi_items(), *form]
    return await _search(request, type_of(request), params)


@fhir_errors
async def instance(request: Request) -> Response:
    resource_type, resource_id = type_of(request), request.path_params["id"]
    if request.method in ("GET", "HEAD") and resource_type != "Binary":
        return await _read(request, resource_type, resource_id)
    who, repository = await member(request)
    if request.method in ("GET", "HEAD"):
        return await read_binary(request, system_of(request), who, resource_id)
    who.require("write")
    if request.method == "DELETE":
        await run(lambda: repository.delete(resource_type, resource_id, author=who.reference))
        return Json(OK, media_type=FHIR_JSON)
    match = version_of(request.headers.get("if-match"))
    data = await body(request)
    if request.method == "PATCH":
        stored = await run(_patch, repository, who, resource_type, resource_id, parse_json(data), match)
        return await stored_response(request, repository, stored)
    raw = False
    if resource_type == "Binary":
        sent, raw = await run(sent_binary, data, request, repository)
        sent = {"id": resource_id, **sent} if raw else sent
    else:
        sent = parse_json(data)
    _matches(sent, resource_type)
    if sent.get("id") != resource_id:
        raise InvalidInput("The id in the resource is not the one in the address.", details={"element": "id"})

    def work() -> tuple[Stored, str]:
        validate(sent)
        return repository.update(
            sent, if_match=match, create_missing=who.may("administer"), author=who.reference
        )

    stored, outcome = await run(work)
    created, without = outcome == "created", "data" if raw else ""
    return await stored_response(
        request, repository, stored, 201 if created else 200, location=created, without=without
    )


async def _read(request: Request, resource_type: str, resource_id: str) -> Response:
    known = version_of(request.headers.get("if-none-match"))
    same: list[str] = []

    def work(who: Principal, repository: Repository) -> list[Stored]:
        stored = repository.read(resource_type, resource_id)
        if stored.version == known:
            same.append(stored.version)
            return []
        return [stored]

    found, repository = await reading(request, work)
    if same:
        return Response(status_code=304, headers={"ETag": f'W/"{same[0]}"'})
    shape = shape_of(request.query_params.multi_items())
    return await stored_response(request, repository, found[0], shape=shape)


def _patch(
    repository: Repository, who: Principal, resource_type: str, resource_id: str, sent: Any, match: str | None
) -> Stored:
    if not isinstance(sent, list):
        raise InvalidInput("PATCH takes a JSON Patch: a list of operations.")
    with repository.transaction():
        stored, _ = repository.patch(resource_type, resource_id, sent, if_match=match, author=who.reference)
        validate(stored.resource)  # a patch that breaks the resource is rolled back with the transaction
    return stored


@fhir_errors
async def history(request: Request) -> Response:
    resource_type, resource_id = type_of(request), request.path_params["id"]
    versions, repository = await reading(request, lambda _, record: record.history(resource_type, resource_id))
    shown = await shown_as(request, repository, versions)
    return Json(history_bundle(base_url(request), versions, shown), media_type=FHIR_JSON)


@fhir_errors
async def version(request: Request) -> Response:
    params, resource_type = request.path_params, type_of(request)
    found, repository = await reading(
        request, lambda _, record: [record.vread(resource_type, params["id"], params["version"])]
    )
    return await stored_response(request, repository, found[0])


# Details


async def _search(request: Request, resource_type: str, params: list[tuple[str, str]]) -> Response:
    def work(who: Principal, repository: Repository) -> Page:
        who.require("search")
        if resource_type == "Binary":
            raise InvalidInput("Binary can't be searched.")
        shape_of(params)  # refused before anything is shown
        return repository.search(resource_type, params)

    page, repository = await reading(request, work)
    shape = shape_of(params)
    shown = await shown_as(request, repository, [*page.matches, *page.included], shape)
    bundle = search_bundle(base_url(request), page, shown)
    bundle["link"] = links(base_url(request), resource_type, params, page)
    return Json(bundle, media_type=FHIR_JSON)


def type_of(request: Request) -> str:
    """The resource type in the address. Raises NotFound."""
    resource_type = request.path_params["type"]
    if resource_type not in resource_types():
        raise NotFound(f"'{resource_type}' is not a FHIR R4 resource type.")
    return resource_type


def _matches(resource: Any, resource_type: str) -> None:
    if not isinstance(resource, dict) or resource.get("resourceType") != resource_type:
        raise InvalidInput(
            f"The resource is not a {resource_type}.", details={"element": f"{resource_type}.resourceType"}
        )


ROUTES = [
    Route(BASE, base, methods=["POST"]),
    Route(f"{BASE}/", base, methods=["POST"]),
    Route(f"{BASE}/{{type:name}}/_search", search_by_post, methods=["POST"]),
    Route(f"{BASE}/{{type:name}}", type_level, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    Route(f"{BASE}/{{type:name}}/{{id:name}}", instance, methods=["GET", "PUT", "PATCH", "DELETE"]),
    Route(f"{BASE}/{{type:name}}/{{id:name}}/_history", history, methods=["GET"]),
    Route(f"{BASE}/{{type:name}}/{{id:name}}/_history/{{version}}", version, methods=["GET"]),
]
