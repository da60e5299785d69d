"""Twenty people at work while one thing after another fails: `python -m benchmarks.faults [--seconds 12]`.

A console (the real server) whose record is on a FHIR server, whose population index is on a Chroma server and whose embeddings come
from a router, each a process of its own; the FHIR server stands behind a proxy that can break, slow and cut answers. Twelve programs
write, read and search by the API, eight people follow links on pages by Streamlit's own protocol. Each dependency is killed, slowed or
corrupted in turn, and the console itself is killed. Prints what was acknowledged, what was refused with words, and what came without;
in the end every acknowledged write is looked for at the FHIR server. Exits with 1 where one is lost, or an error came without words.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.pages import servers, users
from tests.contract.backend import started
from tests.contract.faults import Proxy, between

PROGRAMS, PEOPLE = 12, 8
SEARCH = "e8d04e1d-7309-463b-ba7b-86dda61e3bbe"
EMAIL, PASSWORD = "ada@clinic.example", "a long password"


@dataclasses.dataclass
class Seen:
    """What happened in a phase."""

    answers: Counter[str] = dataclasses.field(default_factory=Counter)
    words: Counter[str] = dataclasses.field(default_factory=Counter)
    slowest: dict[str, float] = dataclasses.field(default_factory=dict)
    """Seconds, by what was asked, of what was answered or refused."""


class Work:
    """What the programs do until it is over."""

    def __init__(self, url: str, token: str, patients: list[str], threads: int = PROGRAMS) -> None:
        self.url, self.token, self.patients = url, token, patients
        self.seen, self.kept = Seen(), list[tuple[str, float]]()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._live, args=(n,), daemon=True) for n in range(threads)]
        for each in self._threads:
            each.start()

    def end(self) -> None:
        self._over.set()
        for each in self._threads:
            each.join(60)

    def _live(self, number: int) -> None:
        chance = random.Random(number)
        while not self._over.is_set():
            patient = chance.choice(self.patients)
            job = chance.choice(("write", "read", "search", "population"))
            if job == "write":
                self._write(patient, chance)
            elif job == "read":
                self._ask("read", f"/fhir/R4/Patient/{patient}")
            else:
                asked = {"query": f"potassium {chance.randrange(10_000)}"} | ({"patientId": patient} if job == "search" else {})
                self._ask(job, f"/fhir/R4/Bot/{SEARCH}/$execute", asked)
            self._over.wait(0.2)

    def _write(self, patient: str, chance: random.Random) -> None:
        name, value = str(uuid.UUID(int=chance.getrandbits(128), version=4)), round(chance.uniform(3, 6), 2)
        unit = {"value": value, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
        body = {"resourceType": "Observation", "id": name, "status": "final", "valueQuantity": unit,
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Potassium"},
                "subject": {"reference": f"Patient/{patient}"}, "effectiveDateTime": "2026-11-20T08:00:00Z"}  # fmt: skip
        if self._ask("write", f"/fhir/R4/Observation/{name}", body, "PUT"):
            self.kept.append((name, value))

    def _ask(self, job: str, path: str, body: Any = None, method: str | None = None) -> bool:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json" if job != "write" else "application/fhir+json")
        seen, started = self.seen, time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=45) as answer:
                answer.read()
            seen.slowest[job] = max(seen.slowest.get(job, 0.0), time.monotonic() - started)
            self.seen.answers[f"{job} done"] += 1
            return True
        except urllib.error.HTTPError as error:
            words = _words(error.read())
            self.seen.answers[f"{job} {'refused with words' if words else 'refused WITHOUT words'}"] += 1
            self.seen.words[words[:110]] += 1
        except (OSError, http.client.HTTPException):
            self.seen.answers[f"{job} not reached"] += 1
        return False


def _words(answer: bytes) -> str:
    try:
        told = json.loads(answer)
        return told.get("message") or told["issue"][0]["details"]["text"]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def process(*command: str, environment: dict[str, str] | None = None) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A started process, in a list so that it can be replaced."""
    held = [run(*command, environment=environment)]
    try:
        yield held
    finally:
        held[0].kill()
        held[0].wait(10)


def run(*command: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *command], cwd=servers.ROOT, env={**os.environ, **(environment or {})},
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def wait(address: str, seconds: float = 90) -> dict[str, Any]:
    limit = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            if time.monotonic() > limit:
                raise
            time.sleep(0.3)


def command(name: str, *arguments: str) -> tuple[str, ...]:
    return ("-c", "from services.cli import main; main()", name, *arguments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=12)
    asked = parser.parse_args()
    lost = 0
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        backend = stack.enter_context(started(folder / "server"))
        proxy = stack.enter_context(between(backend.port))
        chroma, router, here = port(), port(), port()
        chromas = stack.enter_context(process("-m", "chromadb.cli.cli", "run", "--path", str(folder / "chroma"), "--port", str(chroma)))
        routers = stack.enter_context(process(*command("router", "--port", str(router))))
        settings = {
            "FABRIC_DATA_DIR": str(folder / "console"), "FABRIC_DEMO": "0", "FABRIC_FHIR_URL": backend.url(proxy.port),
            "FABRIC_FHIR_CLIENT_ID": backend.client, "FABRIC_FHIR_CLIENT_SECRET": backend.secret,
            "FABRIC_CHROMA_URL": f"http://127.0.0.1:{chroma}", "FABRIC_LLM_ROUTER_URL": f"http://127.0.0.1:{router}",
        }  # fmt: skip
        wait(f"http://127.0.0.1:{router}/health")
        consoles = stack.enter_context(process(*command("serve", "--port", str(here)), environment=settings))
        url = f"http://127.0.0.1:{here}"
        wait(f"{url}/healthcheck")
        secrets = f"{PASSWORD}\n".encode()
        subprocess.run([sys.executable, *command("user", "add", EMAIL, "--role", "administrator", "--password-stdin")],
                       cwd=servers.ROOT, env={**os.environ, **settings}, input=secrets, check=True, capture_output=True)  # fmt: skip
        token, cookie = signed_in(url)
        patients = [str(uuid.uuid4()) for _ in range(6)]
        work = Work(url, token, [], threads=0)
        for number, patient in enumerate(patients):
            body = {"resourceType": "Patient", "id": patient, "name": [{"family": f"Test{number}"}], "birthDate": "1960-01-01"}
            assert work._ask("write", f"/fhir/R4/Patient/{patient}", body, "PUT"), work.seen.words
        work = Work(url, token, patients)
        queries = [f"patient={p}" for p in patients]

        def phase(told: str, begin: Any = None, end: Any = None) -> None:
            work.seen = Seen()
            if begin:
                begin()
            try:
                with users.clicking(url, cookie, "patient", queries, PEOPLE, pause=2.0, words=b"stopped answering") as pages:
                    time.sleep(asked.seconds)
            except (OSError, threading.BrokenBarrierError, TimeoutError) as error:
                pages = users.Clicks()
                work.seen.words[f"pages: {type(error).__name__}"] += 1
            report(told, work.seen, pages)
            if end:
                end()

        phase("all is well")
        phase("the FHIR server does not answer", lambda: broken(proxy, "reset before"), lambda: well(proxy))
        phase("it answers after 3 s", lambda: broken(proxy, "slow", 3.0), lambda: well(proxy))
        phase("its answers are cut in half", lambda: broken(proxy, "half"), lambda: well(proxy))
        phase("it fails behind every write (503)", lambda: broken(proxy, "503 after"), lambda: well(proxy))
        phase("well again")
        phase("Chroma is killed", lambda: killed(chromas[0]))
        phase("the router is killed as well", lambda: killed(routers[0]))

        def restart() -> None:
            killed(consoles[0])
            time.sleep(1)
            consoles[0] = run(*command("serve", "--port", str(here)), environment=settings)
            wait(f"{url}/healthcheck")

        phase("the console is killed and started again", restart)
        work.end()
        time.sleep(3)
        lost = missing(backend.url(), backend.client, backend.secret, work.kept)
        state = wait(f"{url}/healthcheck").get("remote") or {}
        print(f"\nacknowledged writes: {len(work.kept):,}; not at the server: {lost}; state in the end: {state.get('state')}, "
              f"unsettled {state.get('unsettled')}")  # fmt: skip
    if lost or any("WITHOUT" in key for key in TOLD):
        raise SystemExit(1)


TOLD: set[str] = set()


def broken(proxy: Proxy, what: str, delay: float = 0.02) -> None:
    proxy.only, proxy.share, proxy.delay = what, 1.0, delay


def well(proxy: Proxy) -> None:
    proxy.only, proxy.share, proxy.delay = None, 0.0, 0.02
    time.sleep(6)


def killed(held: subprocess.Popen[bytes]) -> None:
    held.send_signal(signal.SIGKILL)
    held.wait(10)


def report(told: str, seen: Seen, pages: users.Clicks) -> None:
    TOLD.update(seen.answers)
    took = pages.seconds
    slowest = f"; {len(took)} pages, {pages.said} said that the server is away, slowest {max(took):.1f} s" if took else "; no page answered"
    answered = ", ".join(f"{job} {seconds:.1f} s" for job, seconds in sorted(seen.slowest.items()))
    print(f"\n{told}: " + ", ".join(f"{key} {count}" for key, count in sorted(seen.answers.items())) + slowest
          + (f"; slowest answers to programs: {answered}" if answered else ""), flush=True)  # fmt: skip
    for words, count in seen.words.most_common(3):
        print(f"    {count} x {words}", flush=True)


def signed_in(url: str) -> tuple[str, str]:
    """An access token, and the cookie of a page's session."""
    form = {"email": EMAIL, "password": PASSWORD, "scope": "openid", "codeChallenge": "c", "codeChallengeMethod": "plain"}
    code = posted(f"{url}/auth/login", json.dumps(form), "application/json")[0]["code"]
    granted = posted(f"{url}/oauth2/token", f"grant_type=authorization_code&code={code}&code_verifier=c", "application/x-www-form-urlencoded")
    form |= {"codeChallenge": "", "codeChallengeMethod": "plain"}
    code = posted(f"{url}/auth/login", json.dumps(form), "application/json")[0]["code"]
    _, headers = posted(f"{url}/auth/session", json.dumps({"code": code}), "application/json")
    return granted[0]["access_token"], headers["set-cookie"].partition(";")[0]


def posted(address: str, data: str, kind: str) -> tuple[dict[str, Any], Any]:
    request = urllib.request.Request(address, data.encode(), {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer), answer.headers


def missing(base: str, client: str, secret: str, kept: list[tuple[str, float]]) -> int:
    """How many acknowledged writes the FHIR server does not have as they were."""
    form = f"grant_type=client_credentials&client_id={client}&client_secret={secret}"
    token = posted(f"{base.removesuffix('/fhir/R4')}/oauth2/token", form, "application/x-www-form-urlencoded")[0]["access_token"]
    lost = 0
    for name, value in kept:
        request = urllib.request.Request(f"{base}/Observation/{name}", headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                lost += json.load(answer)["valueQuantity"]["value"] != value
        except urllib.error.HTTPError:
            lost += 1
    return lost


if __name__ == "__main__":
    main()
