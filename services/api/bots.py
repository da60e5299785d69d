"""Bots: made by administrators, deployed, and executed (spec/bots-platform; behaviour as Medplum's)."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.api.addresses import BASE, base_url
from services.api.answers import stored_response
from services.api.http import (
    FHIR_JSON,
    Json,
    body,
    fhir_errors,
    parse_json,
    plain_errors,
    principal,
    run,
    system_of,
)
from services.errors import Forbidden, InvalidInput, NotFound
from services.fhir.repository import Stored
from services.runtime.bots import create_bot, deploy
from services.runtime.calls import OK
from services.runtime.execution import Call, Ended, execute, find_bot
from services.runtime.jobs import begin_job
from services.runtime.registry import BUILT_IN
from services.runtime.sandbox import HL7_TYPE
from services.runtime.sandbox.hl7v2 import parse as parse_hl7

_TOLD = ("authorization", "cookie", "host", "content-length")


async def execute_route(request: Request) -> Response:
    """`$execute` by id or identifier, by GET or POST. A built-in bot's failures are the contract's ErrorResponse
    with its error code; another bot's are an OperationOutcome."""
    if request.path_params.get("id") in BUILT_IN:
        return await plain_errors(_execute)(request)
    return await fhir_errors(_execute)(request)


async def _execute(request: Request) -> Response:
    who = await principal(request)
    system = system_of(request)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST":
        value = _input(await body(request), content_type)
    else:
        value = dict(request.query_params)
    identifier = None if request.path_params.get("id") else request.query_params.get("identifier")
    call = Call(
        value,
        content_type or "application/json",
        {k: v for k, v in request.headers.items() if k not in _TOLD},
        request.headers.get("x-trace-id") or str(uuid.uuid4()),
    )

    def work() -> Ended | Stored:
        bot = find_bot(system.repository_for(who), request.path_params.get("id"), identifier)
        if bot.id not in BUILT_IN and bot.resource.get("runAsUser") is not True and not who.may("write"):
            raise Forbidden("Your role may only run bots that act as whoever calls them (runAsUser).")
        if "respond-async" in request.headers.get("prefer", ""):
            return begin_job(system, bot, call, who, str(request.url))
        return execute(system, bot, call, who, who.reference)

    ended = await run(work)
    if isinstance(ended, Stored):
        address = f"{base_url(request)}/job/{ended.id}/status"
        accepted = {"resourceType": "OperationOutcome", "id": "accepted", "issue": [
            {"severity": "information", "code": "informational", "details": {"text": "Accepted"}, "diagnostics": address}]}  # fmt: skip
        return Json(accepted, status_code=202, headers={"Content-Location": address}, media_type=FHIR_JSON)
    return _response(ended, content_type)


def _input(data: bytes, content_type: str) -> Any:
    if content_type in ("text/plain", HL7_TYPE):
        text = data.decode("utf-8", "replace")
        if content_type == HL7_TYPE:
            try:
                parse_hl7(text)
            except ValueError as error:
                raise InvalidInput(f"Content could not be parsed: {error}") from error
        return text
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
    return parse_json(data) if data.strip() else {}


def _response(ended: Ended, content_type: str) -> Response:
    """A string is sent as it is; nothing returned is an OperationOutcome; a failure is always 400."""
    if ended.outcome is not None:
        return Json(ended.outcome, status_code=400, media_type=FHIR_JSON)
    if not ended.returned:
        return Json(OK, media_type=FHIR_JSON)
    value = ended.value
    media = content_type if content_type in ("text/plain", HL7_TYPE) else "application/json"
    if value is None:
        return Response(b"", media_type=media)
    if isinstance(value, str):
        return Response(value.encode("utf-8", "replace"), media_type=media)
    if isinstance(value, dict) and value.get("resourceType") and media == "application/json":
        media = FHIR_JSON
    return Json(value, media_type=media)


@fhir_errors
async def create_route(request: Request) -> Response:
    """POST /admin/projects/:id/bot {name, description, accessPolicy, runtimeVersion}."""
    who = await principal(request)
    who.require("administer")
    sent = parse_json(await body(request))
    if not isinstance(sent, dict):
        raise InvalidInput("Send an object with the bot's name.")
    system = system_of(request)

    def work() -> Stored:
        if request.path_params["project"] != system.directory.project().id:
            raise NotFound("There is no such project.")
        return create_bot(
            system,
            who,
            sent.get("name"),
            sent.get("description"),
            sent.get("accessPolicy"),
            sent.get("runtimeVersion"),
        )

    repository = await run(system.repository_for, who)
    return await stored_response(request, repository, await run(work), 201, location=True)


@fhir_errors
async def deploy_route(request: Request) -> Response:
    """POST Bot/:id/$deploy {code, filename}; without code, what was saved last."""
    who = await principal(request)
    data = await body(request)
    sent = parse_json(data) if data.strip() else {}
    if not isinstance(sent, dict):
        raise InvalidInput("Send an object with code and filename.")
    await run(
        deploy, system_of(request), who, request.path_params["id"], sent.get("code"), sent.get("filename")
    )
    return Json(OK, media_type=FHIR_JSON)


@fhir_errors
async def job_status(request: Request) -> Response:
    """The AsyncJob: 202 while it runs. DELETE cancels what has not begun."""
    who = await principal(request)
    system = system_of(request)

    def work() -> Stored:
        with system.database.write():
            job = system.repository.read("AsyncJob", request.path_params["id"])
            if system.repository.created_by(job) != who.reference and not who.may("administer"):
                raise NotFound(f"There is no AsyncJob with the id {job.id}.")
            if request.method == "DELETE" and job.resource.get("status") == "accepted":
                job, _ = system.repository.update(
                    {**job.resource, "status": "cancelled"}, author=who.reference
                )
        return job

    job = await run(work)
    waiting = job.resource.get("status") in ("accepted", "active")
    return Json(job.resource, status_code=202 if waiting else 200, media_type=FHIR_JSON)


_ALL = ["GET", "POST"]
ROUTES = [
    Route("/admin/projects/{project}/bot", create_route, methods=["POST"]),
    Route(f"{BASE}/Bot/$execute", execute_route, methods=_ALL),
    Route(f"{BASE}/Bot/{{id:name}}/$execute{{rest:tail}}", execute_route, methods=_ALL),
    Route(f"{BASE}/Bot/{{id:name}}/$deploy", deploy_route, methods=["POST"]),
    Route(f"{BASE}/job/{{id:name}}/status", job_status, methods=["GET", "DELETE"]),
]
