"""FHIR REST at /fhir/R4 (hl7.org/fhir/R4/http.html) over the record as the caller may see it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from services.accounts.roles import Principal
from services.api.answers import BASE, base_url, stored_response
from services.api.binaries import binary_of, is_json, read_binary
from services.api.http import FHIR_JSON, Json, body, fhir_errors, parse_json, principal, run, system_of
from services.api.shaping import shape_of
from services.errors import InvalidInput, MethodNotAllowed, NotFound
from services.fhir import bundles
from services.fhir.conditional import sole_match, version_of
from services.fhir.definitions import resource_types, search_parameters
from services.fhir.paging import history_bundle, links, search_bundle
from services.fhir.repository import Page, Stored
from services.fhir.validation import validate
from services.runtime.system import System


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

    return Json(await run(work), media_type=FHIR_JSON)


@fhir_errors
async def type_level(request: Request) -> Response:
    who = await principal(request)
    resource_type = _type(request)
    system = system_of(request)
    if request.method in ("GET", "HEAD"):
        who.require("search")
        return await _search(request, system, who, resource_type, request.query_params.multi_items())
    who.require("write")
    if request.method == "PUT":
        return await _conditional_put(request, system, who, resource_type)
    data = await body(request)
    if resource_type == "Binary" and not is_json(request):
        resource: Any = binary_of(data, request)
    else:
        resource = parse_json(data)
    _matches(resource, resource_type)
    condition = request.headers.get("if-none-exist")

    def work() -> tuple[Stored, int]:
        validate(resource)
        repository = system.repository_for(who)
        with repository.transaction():
            if condition:
                existing = sole_match(repository, resource_type, condition)
                if existing:
                    return existing, 200
            return repository.create(resource, author=who.reference), 201

    stored, status = await run(work)
    return stored_response(request, stored, status, location=True)


async def _conditional_put(request: Request, system: System, who: Principal, resource_type: str) -> Response:
    """PUT Type?search: update the one that fits, or create it."""
    sent = parse_json(await body(request))
    _matches(sent, resource_type)
    match = version_of(request.headers.get("if-match"))

    def work() -> tuple[Stored, bool]:
        validate(sent)
        repository = system.repository_for(who)
        with repository.transaction():
            existing = sole_match(repository, resource_type, request.url.query)
            if existing is None:
                return repository.create(sent, author=who.reference), True
            if sent.get("id") not in (None, existing.id):
                raise InvalidInput("The id is not that of the resource that fits.", details={"element": "id"})
            changed = {**sent, "id": existing.id}
            return repository.update(changed, if_match=match, author=who.reference)[0], False

    stored, created = await run(work)
    return stored_response(request, stored, 201 if created else 200, location=created)


@fhir_errors
async def search_by_post(request: Request) -> Response:
    who = await principal(request)
    who.require("search")
    form = parse_qsl((await body(request)).decode("utf-8", "replace"), keep_blank_values=True)
    params = [*request.query_params.multi_items(), *form]
    return await _search(request, system_of(request), who, _type(request), params)


@fhir_errors
async def instance(request: Request) -> Response:
    who = await principal(request)
    resource_type, resource_id = _type(request), request.path_params["id"]
    system = system_of(request)
    if request.method in ("GET", "HEAD"):
        if resource_type == "Binary":
            return await read_binary(request, system, who, resource_id)
        stored = await run(lambda: system.repository_for(who).read(resource_type, resource_id))
        if version_of(request.headers.get("if-none-match")) == stored.version:
            return Response(status_code=304, headers={"ETag": f'W/"{stored.version}"'})
        return stored_response(request, stored, shape=shape_of(request.query_params.multi_items()))
    who.require("write")
    if request.method == "DELETE":
        await run(lambda: system.repository_for(who).delete(resource_type, resource_id, author=who.reference))
        return Json(_ok(), media_type=FHIR_JSON)
    match = version_of(request.headers.get("if-match"))
    sent = parse_json(await body(request))
    if request.method == "PATCH":
        return stored_response(
            request, await run(_patch, system, who, resource_type, resource_id, sent, match)
        )
    _matches(sent, resource_type)
    if sent.get("id") != resource_id:
        raise InvalidInput("The id in the resource is not the one in the address.", details={"element": "id"})

    def work() -> tuple[Stored, str]:
        validate(sent)
        return system.repository_for(who).update(
            sent, if_match=match, create_missing=who.may("administer"), author=who.reference
        )

    stored, outcome = await run(work)
    return stored_response(
        request, stored, 201 if outcome == "created" else 200, location=outcome == "created"
    )


def _patch(
    system: System, who: Principal, resource_type: str, resource_id: str, sent: Any, match: str | None
) -> Stored:
    if not isinstance(sent, list):
        raise InvalidInput("PATCH takes a JSON Patch: a list of operations.")
    repository = system.repository_for(who)
    with repository.transaction():
        stored, _ = repository.patch(resource_type, resource_id, sent, if_match=match, author=who.reference)
        validate(stored.resource)  # a patch that breaks the resource is rolled back with the transaction
    return stored


@fhir_errors
async def history(request: Request) -> Response:
    who = await principal(request)
    resource_type, resource_id = _type(request), request.path_params["id"]
    versions = await run(lambda: system_of(request).repository_for(who).history(resource_type, resource_id))
    return Json(history_bundle(base_url(request), versions), media_type=FHIR_JSON)


@fhir_errors
async def version(request: Request) -> Response:
    who = await principal(request)
    params = request.path_params
    repository = system_of(request).repository_for(who)
    return stored_response(
        request, await run(lambda: repository.vread(_type(request), params["id"], params["version"]))
    )


@fhir_errors
async def everything(request: Request) -> Response:
    who = await principal(request)
    who.require("read")
    patient_id = request.path_params["id"]
    repository = system_of(request).repository_for(who)

    def work() -> list[Stored]:
        repository.read("Patient", patient_id)
        return list(repository.compartment(patient_id))

    found = await run(work)
    page = Page(found, total=len(found))
    return Json(search_bundle(base_url(request), page), media_type=FHIR_JSON)


@fhir_errors
async def metadata(request: Request) -> Response:
    interactions = [{"code": c} for c in
                    ("read", "vread", "update", "patch", "delete", "history-instance", "create", "search-type")]  # fmt: skip
    statement = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-01",
        "kind": "instance",
        "software": {"name": "Fabric clinician console"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "interaction": [{"code": "batch"}, {"code": "transaction"}],
                "resource": [
                    {
                        "type": name,
                        "interaction": interactions,
                        "searchParam": [
                            {"name": p.name, "type": p.kind} for p in search_parameters(name).values()
                        ],
                    }
                    for name in sorted(resource_types())
                ],
            }
        ],
    }
    return Json(statement, media_type=FHIR_JSON)


# Details


async def _search(
    request: Request, system: System, who: Principal, resource_type: str, params: list[tuple[str, str]]
) -> Response:
    if resource_type == "Binary":
        raise InvalidInput("Binary can't be searched.")
    shape = shape_of(params)
    page = await run(lambda: system.repository_for(who).search(resource_type, params))
    bundle = search_bundle(base_url(request), page, shape.apply)
    bundle["link"] = links(base_url(request), resource_type, params, page)
    return Json(bundle, media_type=FHIR_JSON)


def _type(request: Request) -> str:
    resource_type = request.path_params["type"]
    if resource_type not in resource_types():
        raise NotFound(f"'{resource_type}' is not a FHIR R4 resource type.")
    return resource_type


def _matches(resource: Any, resource_type: str) -> None:
    if not isinstance(resource, dict) or resource.get("resourceType") != resource_type:
        raise InvalidInput(
            f"The resource is not a {resource_type}.", details={"element": f"{resource_type}.resourceType"}
        )


def _ok() -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "information", "code": "informational"}],
    }


@fhir_errors
async def unknown(request: Request) -> Response:
    """Whatever no other route takes: an OperationOutcome, where the console would answer with its page."""
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in ROUTES):
        raise MethodNotAllowed(f"{request.method[:20]} can't be done at this address.")
    raise NotFound("There is nothing at this address.")


ROUTES = [
    Route(f"{BASE}/metadata", metadata, methods=["GET"]),
    Route(BASE, base, methods=["POST"]),
    Route(f"{BASE}/", base, methods=["POST"]),
    Route(f"{BASE}/Patient/{{id}}/$everything", everything, methods=["GET"]),
    Route(f"{BASE}/{{type}}/_search", search_by_post, methods=["POST"]),
    Route(f"{BASE}/{{type}}", type_level, methods=["GET", "POST", "PUT"]),
    Route(f"{BASE}/{{type}}/{{id}}", instance, methods=["GET", "PUT", "PATCH", "DELETE"]),
    Route(f"{BASE}/{{type}}/{{id}}/_history", history, methods=["GET"]),
    Route(f"{BASE}/{{type}}/{{id}}/_history/{{version}}", version, methods=["GET"]),
]


class _Rest(Convertor[str]):
    """Whatever follows; Starlette's own `path` stops at a line break."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("rest", _Rest())
FALLBACK = [
    Route(f"{BASE}{end}", unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    for end in ("", "/{rest:rest}")
]
"""Matched behind every other route of the API."""
