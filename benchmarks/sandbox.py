"""What it takes to run a bot: a run of a bot that does nothing, against the start of a bare Python.

    python -m benchmarks.sandbox [--times 20]

Warm is a run with the engine's processes waiting; cold is a run with none, its process included. Prints ratios of
medians within this run.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from services.runtime import sandbox
from services.runtime.sandbox import Request

PYTHON = "def handler(medplum, event):\n    return 1"
MODULE = "export const handler = () => 1;"
TYPES = "export const handler = (medplum: unknown, event: unknown): number => 1;"
COMMON = "exports.handler = () => 1;"
CALLS = 100
ASKING = {
    "bot.py": f"def handler(medplum, event):\n    for i in range({CALLS}): medplum.read_resource('Patient', '1')",
    "bot.js": f"export async function handler(medplum) {{ for (let i = 0; i < {CALLS}; i++) "
    "await medplum.readResource('Patient', '1') }",
}


def record(request: Request) -> Any:
    return {"resourceType": "Patient", "id": "1"}


def median(times: int, act: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> float:
    """Seconds of `act`; `before` each of them, unmeasured, is what it needs."""
    taken = []
    for _ in range(times):
        before()
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def one(code: str, filename: str) -> None:
    ran = sandbox.run(code, filename, {"input": {}}, record)
    if ran.error is not None:
        raise SystemExit(f"{filename} failed: {ran.error.message}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times

    bare = median(times, lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    print(f"start of a bare Python: 1.00 ({bare * 1000:.0f} ms here)")
    for name, code, filename in (
        ("Python", PYTHON, "bot.py"),
        ("JavaScript, ES module", MODULE, "bot.mjs"),
        ("JavaScript, CommonJS", COMMON, "bot.js"),
        ("TypeScript", TYPES, "bot.ts"),
    ):
        one(code, filename)

        def ready(filename: str = filename) -> None:
            sandbox.warm(filename)
            time.sleep(0.2)  # what waits has started up by then

        warm = median(times, lambda code=code, filename=filename: one(code, filename), ready)
        in_a_row = median(times, lambda code=code, filename=filename: one(code, filename))
        cold = median(
            max(3, times // 4), lambda code=code, filename=filename: one(code, filename), sandbox.stop
        )
        print(
            f"{name}: warm {warm / bare:.2f}, one after the other {in_a_row / bare:.2f}, cold {cold / bare:.2f}"
        )
    for filename, code in ASKING.items():
        empty = PYTHON if filename.endswith(".py") else MODULE
        ready(filename)
        each = median(
            times, lambda code=code, filename=filename: one(code, filename), lambda: time.sleep(0.2)
        )
        none = median(
            times, lambda code=empty, filename=filename: one(code, filename), lambda: time.sleep(0.2)
        )
        print(f"one request of {filename}: {(each - none) / CALLS / bare:.4f}")
    sandbox.stop()


if __name__ == "__main__":
    main()
