"""`/auth/*` and `/oauth2/*` as Medplum has them, and the browser's session cookie."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.roles import Principal
from services.accounts.service import SESSION_COOKIE
from services.accounts.tokens import TOKEN_SECONDS, Login, login_of
from services.api.addresses import BASE, origin
from services.api.http import (
    MAX_SIGN_IN,
    Json,
    bearer,
    body,
    fhir_errors,
    parse_json,
    plain_errors,
    principal,
    run,
    system_of,
)
from services.errors import Forbidden, InvalidInput, Unauthorized
from services.runtime.system import System

COOKIE = SESSION_COOKIE
REFRESH_SECONDS = 14 * 86_400


@fhir_errors
async def login(request: Request) -> Response:
    """A one-time code. A wrong password is a 400: a 401 would make Medplum's clients renew their token and ask again."""
    sent = parse_json(await body(request, MAX_SIGN_IN))
    if not isinstance(sent, dict) or not all(isinstance(sent.get(k), str) for k in ("email", "password")):
        raise InvalidInput("Send email and password.")
    accounts = system_of(request).accounts
    challenge, client = str(sent.get("codeChallenge") or ""), str(sent.get("clientId") or "")
    method = str(sent.get("codeChallengeMethod") or "plain")
    scope = str(sent.get("scope") or "openid") + (" offline_access" if sent.get("remember") is True else "")

    def work() -> dict[str, str]:
        try:
            who = accounts.check_password(sent["email"], sent["password"])
        except Unauthorized as error:
            raise InvalidInput(error.message) from error
        code = accounts.issue_code(who, challenge, method, scope, client)
        return {"login": login_of(code), "code": code}

    return Json(await run(work))


@plain_errors
async def token(request: Request) -> Response:
    """OAuth 2 errors have a shape of their own (RFC 6749, section 5.2)."""
    form = dict(parse_qsl((await body(request, MAX_SIGN_IN)).decode("utf-8", "replace")))
    try:
        return Json(await run(_grant, system_of(request), form, request.headers.get("authorization", "")))
    except (Unauthorized, InvalidInput) as error:
        kinds = {"client_credentials": "invalid_client", "authorization_code": "invalid_grant"}
        kind = kinds.get(form.get("grant_type", ""), "invalid_grant")
        if isinstance(error, InvalidInput):
            kind = "unsupported_grant_type"
        status = 401 if kind == "invalid_client" else 400
        return Json({"error": kind, "error_description": error.message}, status_code=status)


def _grant(system: System, form: dict[str, str], authorization: str) -> dict[str, Any]:
    accounts, kind, client = system.accounts, form.get("grant_type"), form.get("client_id", "")
    if kind == "authorization_code":
        login = accounts.redeem_code(form.get("code", ""), form.get("code_verifier"), client)
    elif kind == "client_credentials":
        secret = form.get("client_secret", "")
        if authorization.lower().startswith("basic "):
            client, secret = _basic(authorization[6:])
        login = Login(accounts.check_client(client, secret), form.get("scope", "openid"), client)
    elif kind == "refresh_token":
        login = accounts.take_session(form.get("refresh_token", ""), "refresh")
        if client and client != login.client:
            raise Unauthorized("The refresh token is another client's.")
    else:
        raise InvalidInput("grant_type is authorization_code, client_credentials or refresh_token.")
    project = system.directory.project()
    granted = {
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": login.scope,
        "access_token": accounts.access_token(login),
        "project": {"reference": project.reference, "display": project.resource.get("name")},
        "profile": {"reference": login.who.reference, "display": login.who.name},
    }
    if kind != "client_credentials" and "offline" in login.scope:
        granted["refresh_token"] = accounts.open_session(login, REFRESH_SECONDS, "refresh")
    return granted


def _basic(encoded: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError as error:
        raise Unauthorized("The Basic header can't be read.") from error
    name, _, secret = text.partition(":")
    return unquote(name), unquote(secret)


@plain_errors
async def me(request: Request) -> Response:
    """Who is signed in, as Medplum's clients read it, and the role."""
    who = await principal(request)
    system = system_of(request)

    def work() -> dict[str, Any]:
        directory, project = system.directory, system.directory.project()
        membership, profile = directory.membership(who.reference), system.repository.find(who.reference)
        told = {
            "user": _userinfo(who),
            # Without its secrets, which only bots get.
            "project": {k: project.resource.get(k) for k in ("resourceType", "id", "name")},
            "membership": membership.resource if membership else None,
            "profile": profile.resource if profile else _profile(who),
            "config": {"resourceType": "UserConfiguration", "id": who.id, "menu": []},
            "accessPolicy": directory.policy(membership) if membership else None,
            "role": who.role,
        }
        return {key: value for key, value in told.items() if value is not None}

    return Json(await run(work))


@plain_errors
async def userinfo(request: Request) -> Response:
    who = await principal(request)
    return Json({**_userinfo(who), "sub": who.id, "fhirUser": who.reference, "profile": who.reference})


@plain_errors
async def configuration(request: Request) -> Response:
    """What a SMART client asks for before it signs in (hl7.org/fhir/smart-app-launch, well-known endpoint)."""
    at = origin(request)
    return Json(
        {
            "issuer": at,
            "token_endpoint": f"{at}/oauth2/token",
            "userinfo_endpoint": f"{at}/oauth2/userinfo",
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256", "plain"],
            "scopes_supported": ["openid", "offline_access"],
            "capabilities": ["client-confidential-symmetric", "permission-offline"],
        }
    )


def _userinfo(who: Principal) -> dict[str, Any]:
    return {"id": who.id, "resourceType": "User", "email": who.email, "name": who.name}


def _profile(who: Principal) -> dict[str, Any]:
    kind, _, resource_id = who.reference.partition("/")
    return {"resourceType": kind, "id": resource_id, "name": [{"text": who.name}]}


@plain_errors
async def logout(request: Request) -> Response:
    await principal(request)
    await run(system_of(request).accounts.end_token, bearer(request))
    return Json({"success": True})


@plain_errors
async def open_session(request: Request) -> Response:
    """The console's sign-in form got a one-time code; the browser trades it for a cookie that scripts can't read."""
    _same_origin(request)
    sent = parse_json(await body(request, MAX_SIGN_IN))
    config, accounts = system_of(request).settings, system_of(request).accounts
    code = sent.get("code") if isinstance(sent, dict) else None
    if not isinstance(code, str):
        raise InvalidInput("Send the code.")

    def work() -> str:
        return accounts.open_session(accounts.redeem_code(code, None), config.session_hours * 3600)

    response = Json({"success": True})
    give_session(request, response, await run(work))
    return response


def give_session(request: Request, response: Response, session: str) -> None:
    """The browser keeps it for as long as it counts, where scripts and other sites don't reach it."""
    response.set_cookie(
        COOKIE,
        session,
        max_age=system_of(request).settings.session_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


@plain_errors
async def close_session(request: Request) -> Response:
    _same_origin(request)
    held = request.cookies.get(COOKIE)
    if held:
        await run(system_of(request).accounts.close_session, held)
    response = Json({"success": True})
    response.delete_cookie(COOKIE, path="/")
    return response


def _same_origin(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden("Requests from other sites are refused.")


ROUTES = [
    Route("/auth/login", login, methods=["POST"]),
    Route("/auth/me", me, methods=["GET"]),
    Route("/auth/session", open_session, methods=["POST"]),
    Route("/auth/session", close_session, methods=["DELETE"]),
    Route("/oauth2/token", token, methods=["POST"]),
    Route("/oauth2/userinfo", userinfo, methods=["GET", "POST"]),
    Route("/oauth2/logout", logout, methods=["GET", "POST"]),
    Route("/.well-known/smart-configuration", configuration, methods=["GET"]),
    Route(f"{BASE}/.well-known/smart-configuration", configuration, methods=["GET"]),
]
