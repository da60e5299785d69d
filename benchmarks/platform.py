"""The API under load: `$execute` of a built-in bot that does nothing, a user's bot, read, create and patient search.

    python -m benchmarks.platform [--times 300] [--clients 20]

A real server process (uvicorn) with a record of 300 generated patients' resources; a client process with kept
connections. Prints p50 and p95 in milliseconds, and as ratios to a bare Starlette route that answers a small JSON in
the same server and run. As a yardstick from elsewhere: a Medplum server on Postgres took 37 ms (execute), 4 ms
(read), 21 ms (create) and 10 ms (search) at p50 on two such cores.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.api.routes import ROUTES
from services.bots.context import Context, Message
from services.demo import generate
from services.demo.staff import shared_resources
from services.runtime.bots import create_bot, deploy
from services.runtime.registry import BUILT_IN, BuiltInBot
from services.runtime.system import System
from services.settings import Settings

NOOP = "00000000-0000-4000-8000-000000000001"
PATIENTS = 40
MEDPLUM = {"execute, built in": 37.0, "read": 4.0, "create": 21.0, "search patients": 10.0}


def nothing(context: Context, value: object) -> Message:
    return Message()


async def bare(request: Request) -> JSONResponse:
    return JSONResponse({"ok": True})


def serve(folder: Path) -> None:
    BUILT_IN[NOOP] = BuiltInBot(NOOP, "no-op", "Does nothing.", "API ($execute)", "read", nothing)
    system = System(Settings(data_dir=folder, demo=False))  # pyright: ignore[reportCallIssue]
    resources = [*shared_resources(), *(r for group in generate(PATIENTS) for r in group)]
    system.repository.write_many(resources)
    who = system.accounts.add_user("bench@clinic.test", "a long password", "administrator")
    bot = create_bot(
        system, who, "user no-op", filename="bot.py", code="def handler(medplum, event):\n    return 1"
    )
    deploy(system, who, bot.id)
    app = Starlette(routes=[Route("/bare", bare), *ROUTES])
    app.state.fabric = system
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)

    def told() -> None:
        while not server.started:
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        patient = next(r["id"] for r in resources if r["resourceType"] == "Patient")
        token = system.accounts.access_token(who)
        print(json.dumps({"port": port, "token": token, "bot": bot.id, "patient": patient}), flush=True)

    threading.Thread(target=told, daemon=True).start()
    server.run()


class Client:
    """One kept connection."""

    def __init__(self, place: dict) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", place["port"], timeout=60)
        self.headers = {"Authorization": f"Bearer {place['token']}", "Content-Type": "application/fhir+json"}

    def send(self, method: str, path: str, body: bytes | None) -> float:
        started = time.perf_counter()
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = time.perf_counter() - started
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status}")
        return taken


def measure(
    place: dict, clients: int, times: int, ask: Callable[[], tuple[str, str, bytes | None]]
) -> list[float]:
    taken: list[float] = []

    def work() -> None:
        client = Client(place)
        client.send(*ask())
        taken.extend(client.send(*ask()) for _ in range(times))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--serve", type=Path)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.platform", "--serve", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            report(json.loads(process.stdout.readline()), asked.times, asked.clients)
        finally:
            process.kill()
            process.wait()


def report(place: dict, times: int, clients: int) -> None:
    numbers = itertools.count()

    def made() -> tuple[str, str, bytes]:
        name = f"Bench{next(numbers)}"
        return (
            "POST",
            "/fhir/R4/Patient",
            json.dumps({"resourceType": "Patient", "name": [{"family": name}]}).encode(),
        )

    asks: dict[str, Callable[[], tuple[str, str, bytes | None]]] = {
        "bare route": lambda: ("GET", "/bare", None),
        "execute, built in": lambda: ("POST", f"/fhir/R4/Bot/{NOOP}/$execute", b"{}"),
        "execute, Python": lambda: ("POST", f"/fhir/R4/Bot/{place['bot']}/$execute", b"{}"),
        "read": lambda: ("GET", f"/fhir/R4/Patient/{place['patient']}", None),
        "create": made,
        "search patients": lambda: ("GET", "/fhir/R4/Patient?name=a&_count=20", None),
    }
    for crowd in (1, clients):
        print(f"{crowd} client{'s' if crowd > 1 else ''}")
        print(f"  {'':<18} {'p50 ms':>8} {'p95 ms':>8} {'p50 x':>7} {'p95 x':>7}  of Medplum's p50")
        base: tuple[float, float] | None = None
        for name, ask in asks.items():
            taken = measure(place, crowd, max(10, times // crowd), ask)
            cuts = statistics.quantiles(taken, n=20)
            p50, p95 = statistics.median(taken) * 1e3, cuts[-1] * 1e3
            base = base or (p50, p95)
            share = f"{p50 / MEDPLUM[name]:.2f}" if name in MEDPLUM and crowd == 1 else ""
            print(
                f"  {name:<18} {p50:8.2f} {p95:8.2f} {p50 / base[0]:7.1f} {p95 / base[1]:7.1f}  {share}",
                flush=True,
            )


if __name__ == "__main__":
    main()
