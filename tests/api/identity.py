"""An identity provider for tests: discovery, keys, codes and tokens over HTTP on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
import jwt.algorithms
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "console", "a secret of the provider"


class Identity:
    """`claims` are of whoever signs in next; `codes` those that were given out."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.broken = False

    def consent(self, asked: dict[str, str], **claims: Any) -> str:
        """The code that the provider's page would send back for what it was asked with."""
        code = secrets.token_urlsafe(8)
        self.claims, self.codes[code] = claims, asked
        return code

    def token(self, key: rsa.RSAPrivateKey | None = None, **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": "u1", "iat": now, "exp": now + 300, **claims}
        return jwt.encode(said, key or self.key, algorithm="RS256", headers={"kid": "one"})

    async def discovery(self, _: Request) -> JSONResponse:
        at = {name: f"{self.issuer}/{name}" for name in ("authorize", "token", "keys")}
        return JSONResponse({"issuer": self.issuer, "authorization_endpoint": at["authorize"], "token_endpoint": at["token"],
                             "jwks_uri": at["keys"]})  # fmt: skip

    async def authorize(self, request: Request) -> RedirectResponse:
        """Whoever comes is signed in already, as `claims` has them."""
        asked = dict(request.query_params)
        code = self.consent(asked, **self.claims)
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", status_code=303)

    async def keys(self, _: Request) -> JSONResponse:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return JSONResponse({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})

    async def redeem(self, request: Request) -> JSONResponse:
        if self.broken:
            return JSONResponse(["no"], status_code=500)
        form = dict(parse_qsl((await request.body()).decode()))
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        good = asked and asked["code_challenge"] == proof.decode() and asked["redirect_uri"] == form.get("redirect_uri")
        if not good or request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse({"id_token": self.token(**{"nonce": (asked or {})["nonce"], **self.claims}), "token_type": "Bearer"})


@contextmanager
def identity() -> Iterator[Identity]:
    """A running provider."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # who comes before the server is there waits
    held = Identity(listening.getsockname()[1])
    app = Starlette(routes=[
        Route("/.well-known/openid-configuration", held.discovery), Route("/keys", held.keys),
        Route("/authorize", held.authorize),
        Route("/token", held.redeem, methods=["POST"]),
    ])  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.should_exit = True
        thread.join(10)
