"""`/auth/oidc`: from the sign-in page to the clinic's identity provider, and back with a session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from services.accounts.oidc import Provider
from services.api.addresses import origin
from services.api.http import run, system_of
from services.api.signin import give_session
from services.errors import FabricError, NotSupported, Unauthorized

KEPT, PATH, SECONDS = "fabric_oidc", "/auth/oidc", 600


async def begin(request: Request) -> Response:
    """To the provider. What is needed to know the way back again is kept by the browser meanwhile, signed."""
    wanted = _own(request.query_params.get("to", "/"))
    kept = {name: secrets.token_urlsafe(24) for name in ("state", "nonce")} | {"verifier": secrets.token_urlsafe(48)}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    accounts = system_of(request).accounts

    def work() -> tuple[str, str]:
        address = _provider(accounts.provider).address(_back(request), kept["state"], kept["nonce"], challenge)
        return address, accounts.sealed({**kept, "to": wanted}, SECONDS)

    try:
        address, sealed = await run(work)
    except FabricError as error:
        return _told(error)
    response = RedirectResponse(address, status_code=303)
    # Lax: the provider's page leads back here.
    response.set_cookie(KEPT, sealed, max_age=SECONDS, path=PATH, httponly=True, samesite="lax",
                        secure=request.url.scheme == "https")  # fmt: skip
    return response


async def back(request: Request) -> Response:
    """From the provider, with a code or a refusal."""
    system, sent = system_of(request), request.query_params

    def work() -> tuple[str, str]:
        kept = system.accounts.unsealed(request.cookies.get(KEPT, ""))
        if not hmac.compare_digest(sent.get("state", "").encode(), str(kept.get("state")).encode()):
            raise Unauthorized("That sign-in was begun somewhere else. Sign in again.")
        if "code" not in sent:
            raise Unauthorized("The identity provider refused the sign-in.")
        provider = _provider(system.accounts.provider)
        email = provider.redeem(sent["code"], str(kept["verifier"]), _back(request), str(kept["nonce"]))
        who = system.accounts.known_as(email)
        return system.accounts.open_session(who, system.settings.session_hours * 3600), str(kept["to"])

    try:
        session, to = await run(work)
    except FabricError as error:
        return _told(error)
    # A page and no redirect: the browser came from elsewhere, and would not send a strict cookie along with one.
    response = HTMLResponse(_page("Signed in", f'<meta http-equiv="refresh" content="0;url={html.escape(to)}">'
                                  f'<p><a href="{html.escape(to)}">Go on</a></p>'))  # fmt: skip
    give_session(request, response, session)
    response.delete_cookie(KEPT, path=PATH)
    return response


def _provider(provider: Provider | None) -> Provider:
    if provider is None:
        raise NotSupported("This console has no identity provider. Sign in with your password.")
    return provider


def _own(address: str) -> str:
    """An address of this console; anything else leads to its first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address[:2000] if plain and not address.startswith("/auth/") else "/"


def _back(request: Request) -> str:
    return f"{origin(request)}{PATH}/callback"


def _told(error: FabricError) -> Response:
    words = f'<p>{html.escape(error.message)}</p><p><a href="/">Back to the sign-in</a></p>'
    response = HTMLResponse(_page("Not signed in", words), status_code=error.status)
    response.delete_cookie(KEPT, path=PATH)
    return response


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<title>{title} · Fabric</title><body style="font: 1rem/1.5 sans-serif; margin: 4rem auto; max-width: 36rem">'
        f"<h1>{title}</h1>{body}</body></html>"
    )


ROUTES = [Route(PATH, begin, methods=["GET"]), Route(f"{PATH}/callback", back, methods=["GET"])]
