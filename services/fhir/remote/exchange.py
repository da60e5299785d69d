"""HTTP with one FHIR server: signed in, with time limits, tries and failures in words for people."""

from __future__ import annotations

import contextlib
import math
import random
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import httpx
import orjson

from services.errors import FabricError, StoreUnavailable
from services.fhir.remote.failures import Unclear, Unreached, clock_ahead, refusal, seconds_to_wait
from services.fhir.remote.signin import SignIn

CONNECT_SECONDS = 4.0
SILENT_SECONDS, SILENT_WRITING = 30.0, 6.0
"""How long the server may say nothing: to what may be asked again, and to a write, which others wait behind."""
TRIES, BACKOFF_SECONDS, LONGEST_PAUSE = 4, 0.2, 8.0
AWAY_SECONDS = 6.0
"""For so long behind a failure writes are refused without asking; the follower asks more often whether it is over."""
FHIR_JSON = "application/fhir+json"
Response = httpx.Response
_UNCLEAR = frozenset({408, 500, 502, 503, 504})


@dataclass(slots=True)
class Traffic:
    """Exchanges with the server since the start; failures are those without an answer, and answers of 429 and 5xx."""

    requests: int = 0
    failures: int = 0
    seconds: float = 0.0


class Exchange:
    """Safe to share between threads. `base` is the address of the FHIR API.

    Reads are tried again after whatever may pass. What changes something is tried again here only where the server
    certainly did nothing; else Unclear is raised, and whoever sent it has to look.
    """

    def __init__(
        self,
        base: str,
        client_id: str | None = None,
        secret: str | None = None,
        *,
        ca_file: Path | None = None,
        backoff: float = BACKOFF_SECONDS,
    ) -> None:
        self.base = base.rstrip("/")
        self.host = urlsplit(base).netloc
        self.backoff = backoff
        try:
            trusted: ssl.SSLContext | bool = False  # nothing to be trusted within this machine, without TLS
            if base.startswith("https:"):
                trusted = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        except OSError as error:
            raise StoreUnavailable(
                f"FABRIC_FHIR_CA_FILE ({ca_file}) is no file of certificates that can be read."
            ) from error
        self._http = httpx.Client(
            timeout=httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
            verify=trusted, follow_redirects=False, trust_env=False,
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=20),
            headers={"Accept": FHIR_JSON, "User-Agent": "fabric"},
        )  # fmt: skip
        self._signin = SignIn(self.base, client_id, secret, self._plain)
        self._lock = threading.Lock()
        self._local = threading.local()
        self.traffic = Traffic()
        self.away_since: float | None = None
        """Epoch seconds since which the server has not answered; None while it does."""
        self.problem = ""
        self._asked_last = 0.0
        self.ahead: float | None = None
        """Seconds by which the server's clock is before ours, as far as it tells (`Date`, to the second)."""

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What this thread asks inside is done in that time, or fails."""
        before = getattr(self._local, "end", math.inf)
        self._local.end = min(before, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._local.end = before

    def left(self) -> float:
        """Seconds that this thread's `within` leaves."""
        return getattr(self._local, "end", math.inf) - time.monotonic()

    def parsed(self, response: httpx.Response) -> Any:
        """The body, None where it is no JSON. Read once, however often it is asked for."""
        if "fabric" not in response.extensions:
            try:
                response.extensions["fabric"] = orjson.loads(response.content)
            except orjson.JSONDecodeError:
                response.extensions["fabric"] = None
        return response.extensions["fabric"]

    def request(
        self,
        method: str,
        path: str,
        content: Any = None,
        headers: dict[str, str] | None = None,
        *,
        again: bool = False,
    ) -> httpx.Response:
        again = again or method == "GET"
        self._spare(again)
        attempt, renewed = 0, False
        while True:
            attempt += 1
            left = self.left()
            if left <= 0:
                raise Unreached(f"The FHIR server {self.host} did not answer in time.")
            try:
                signed = self._signin.headers()
                silence = min(SILENT_SECONDS if again else SILENT_WRITING, max(left, 0.05))
                response = self._once(
                    method, self._address(path), content, {**(headers or {}), **signed}, silence
                )
            except (Unreached, Unclear) as error:
                passing = isinstance(error, Unreached) or again
                pause = error.after if error.after is not None else self._pause(attempt)
                if not passing or attempt >= TRIES or pause > min(LONGEST_PAUSE, left):
                    self._note(error)
                    raise
                time.sleep(pause)
                continue
            except FabricError as error:
                self._note(error if isinstance(error, StoreUnavailable) else None)
                raise
            if response.status_code == 401 and not renewed and self._signin.refused(signed):
                renewed = True
                continue
            told = self.parsed(response) if response.status_code >= 400 else None
            if response.status_code in (404, 410) and not _is_fhir(told):
                # A gateway without its server says so too, and a resource is not gone because of that.
                error = Unclear(
                    f"The FHIR server {self.host} is not where it should be ({response.status_code})."
                )
                self._note(error)
                raise error
            self._note(None)
            if response.status_code >= 400:
                what = f"{method} {path.partition('?')[0] or 'of a bundle'}"
                raise refusal(response.status_code, told, what)
            return response

    def _address(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else f"{self.base}/{path}".rstrip("/")

    def _once(
        self, method: str, url: str, content: Any, headers: dict[str, str], silence: float
    ) -> httpx.Response:
        started, good = time.monotonic(), False
        try:
            response = self._exchanged(method, url, content, headers, silence)
            good = response.status_code < 500
            return response
        finally:
            with self._lock:
                self.traffic.requests += 1
                self.traffic.failures += not good
                self.traffic.seconds += time.monotonic() - started

    def _exchanged(
        self, method: str, url: str, content: Any, headers: dict[str, str], silence: float
    ) -> httpx.Response:
        body = None if content is None else orjson.dumps(content)
        if body is not None:
            headers = {**headers, "Content-Type": FHIR_JSON}
        try:
            timeout = httpx.Timeout(silence, connect=CONNECT_SECONDS)
            response = self._http.request(method, url, content=body, headers=headers, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreached(f"The FHIR server {self.host} {_why(error)}.") from error
        except httpx.HTTPError as error:
            raise Unclear(f"The FHIR server {self.host} broke off or did not answer in time.") from error
        self.ahead = clock_ahead(response.headers, time.time())
        after = seconds_to_wait(response.headers)
        if response.status_code == 429:
            raise Unreached(f"The FHIR server {self.host} has too many requests (429).", after)
        if response.status_code in _UNCLEAR:
            raise Unclear(f"The FHIR server {self.host} failed ({response.status_code}).", after)
        if response.is_success and response.content and not is_resource(self.parsed(response)):
            # A gateway's page, a proxy's sign-in, an answer that was cut: whatever became of the request, this does not say.
            raise Unclear(f"The FHIR server {self.host} sent something else than FHIR.", after)
        if response.is_redirect:
            raise Unclear(
                f"The FHIR server {self.host} sends on to another address; FABRIC_FHIR_URL names the last one."
            )
        return response

    def _plain(self, method: str, url: str, form: dict[str, str] | None) -> tuple[int, Any]:
        """For the sign-in, which nothing depends on but its answer: whatever fails may be tried again."""
        try:
            timeout = httpx.Timeout(min(SILENT_SECONDS, max(self.left(), 0.05)), connect=CONNECT_SECONDS)
            response = self._http.request(method, url, data=form, timeout=timeout)
        except httpx.HTTPError as error:
            raise Unreached(f"The FHIR server {self.host} can't be reached to sign in.") from error
        if response.status_code in _UNCLEAR or response.status_code == 429:
            raise Unreached(
                f"The FHIR server {self.host} can't sign this console in just now ({response.status_code}).",
                seconds_to_wait(response.headers),
            )
        told = self.parsed(response)
        if response.is_success and not isinstance(told, dict):
            raise Unreached(f"The FHIR server {self.host} sent something else than an answer to its sign-in.")
        return response.status_code, told

    def _pause(self, attempt: int) -> float:
        return self.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)

    def _spare(self, again: bool) -> None:
        """A write to a server that was away a moment ago is refused at once, so that pages don't wait for it one after
        another. What may be sent again is the follower's, which asks at its own pace whether the server is back."""
        if not again and self.away_since is not None and time.monotonic() - self._asked_last < AWAY_SECONDS:
            raise Unreached(self.problem)

    def _note(self, problem: FabricError | None) -> None:
        with self._lock:
            self._asked_last = time.monotonic()
            if problem is None:
                self.away_since, self.problem = None, ""
            else:
                self.away_since = self.away_since or time.time()
                self.problem = problem.message

    def close(self) -> None:
        self._http.close()


def is_resource(
    told: Any, resource_type: str | None = None, resource_id: str | None = None
) -> TypeGuard[dict[str, Any]]:
    """Whether this is a resource, of that type and with that id where they are given."""
    return (
        isinstance(told, dict)
        and isinstance(told.get("resourceType"), str)
        and resource_type in (None, told["resourceType"])
        and resource_id in (None, told.get("id"))
    )


def _is_fhir(told: Any) -> bool:
    return isinstance(told, dict) and told.get("resourceType") == "OperationOutcome"


def _why(error: httpx.HTTPError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            "has a certificate that is not trusted here; FABRIC_FHIR_CA_FILE names the clinic's own authority"
        )
    return "can't be reached"
