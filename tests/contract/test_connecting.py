"""The way to a server: certificates, sign-in, connections, and how long anything is waited for."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.errors import Forbidden, StoreUnavailable
from services.fhir.remote.client import FhirClient
from services.fhir.remote.exchange import LONGEST_PAUSE, Exchange
from services.fhir.remote.failures import seconds_to_wait
from tests.contract.backend import Backend
from tests.contract.conftest import Consoles
from tests.contract.test_writing_through import PATIENT


def test_nobody_at_the_address(tmp_path: Path) -> None:
    client = FhirClient("http://127.0.0.1:9/fhir/R4", backoff=0.001)
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9 can't be reached"):
        client.read("Patient", "1")
    client.close()


def test_a_wrong_secret_is_told_in_words(backend: Backend) -> None:
    client = FhirClient(backend.url(), backend.client, "not-the-secret")
    with pytest.raises(StoreUnavailable, match="FABRIC_FHIR_CLIENT_SECRET") as refused:
        client.read("Patient", "1")
    assert refused.value.code == "UNAUTHORIZED"
    assert "not-the-secret" not in refused.value.message
    client.close()


def test_a_token_that_ended_is_renewed(consoles: Consoles) -> None:
    console = consoles("a")
    console.repository.create(PATIENT)
    console.client._signin._token = "ended"
    assert console.repository.create(PATIENT).version


def test_a_server_that_forbids_is_not_the_callers_fault_to_sign_in(consoles: Consoles) -> None:
    from services.fhir.remote.failures import refusal

    assert isinstance(refusal(403, None, "PUT Patient"), Forbidden)
    assert refusal(401, None, "PUT Patient").status == 503
    outcome = {
        "issue": [
            {"details": {"text": "Missing"}, "expression": ["Patient.name"]},
            {"diagnostics": "Other"},
            3,
        ]
    }
    assert refusal(422, outcome, "PUT Patient").message.endswith("Missing (Patient.name); Other")


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    """It takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = FhirClient(f"http://127.0.0.1:{silent.getsockname()[1]}/fhir/R4", backoff=0.001)
        for work in (lambda: client.read("Patient", "1"), lambda: client.put({**PATIENT, "id": "1"})):
            with pytest.raises(StoreUnavailable, match="in time"), client.within(0.1):
                work()
        client.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-1", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert seconds_to_wait({"retry-after": value}) == seconds
    assert (seconds_to_wait({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}) or 0) > 1e9


@pytest.mark.parametrize("status", [429, 503])
def test_the_server_says_when_to_come_back(
    consoles: Consoles, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, slept = consoles("a"), list[float]()
    once, answers = console.client._once, iter(["3", str(int(LONGEST_PAUSE) + 1)])

    def busy(self: Exchange, *_: object) -> object:
        from services.fhir.remote.failures import Unclear, Unreached

        after = next(answers, None)
        if after is None:
            return once("GET", console.client._address("metadata"), None, {}, 5.0)
        raise (Unreached if status == 429 else Unclear)(
            "It is busy.", seconds_to_wait({"retry-after": after})
        )

    monkeypatch.setattr(Exchange, "_once", busy)
    monkeypatch.setattr("services.fhir.remote.exchange.time.sleep", slept.append)
    with pytest.raises(StoreUnavailable):
        console.client.metadata()
    assert slept == [3.0], "it waits as it is told, and gives up where that is too long for a page"
    assert console.client.metadata()["resourceType"] == "CapabilityStatement"


def test_connections_are_used_again(consoles: Consoles, monkeypatch: pytest.MonkeyPatch) -> None:
    console = consoles("a")
    handlers: set[int] = set()
    serve = console.proxy.serve
    monkeypatch.setattr(console.proxy, "serve", lambda h: (handlers.add(id(h.connection)), serve(h)))
    for _ in range(10):
        console.client.search("Patient", [("_count", "1")])
    assert len(handlers) == 1
    together = threading.Barrier(8)

    def asks() -> None:
        together.wait()
        console.client.search("Patient", [("_count", "1")])

    threads = [threading.Thread(target=asks) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handlers) <= 9


def test_a_clinics_own_authority_is_trusted_by_its_file(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"resourceType":"Patient","id":"1","meta":{"versionId":"7"}}')

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # who does not trust it hangs up

    with Server(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"https://127.0.0.1:{server.server_address[1]}/fhir/R4"
        try:
            stranger, friend = FhirClient(url, backoff=0.001), FhirClient(url, ca_file=certificate)
            with pytest.raises(StoreUnavailable, match="FABRIC_FHIR_CA_FILE"):
                stranger.read("Patient", "1")
            found = friend.read("Patient", "1")
            assert found and found.version == "7"
            stranger.close()
            friend.close()
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(StoreUnavailable, match="no file of certificates"):
        FhirClient(url, ca_file=tmp_path / "nothing.pem")


def own_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "clinic")]), dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1)
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return folder / "c.pem", folder / "k.pem"
