"""Speed of reading clinical language, as ratios to the plain work that any of it must do.

    python -m benchmarks.language

Finding concepts and judging negation against splitting the same text into words; the lexicon's load against a bare
start of Python; a typical question's parse against embedding it; chunking one megabyte against eight (8 is linear).
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import time
from collections.abc import Callable

from services.index.question import parse
from services.index.text import chunking
from services.knowledge.assertion import assess
from services.knowledge.lexicon import lexicon
from services.llm.embedded import EmbeddedModel

LINE = "A 65-year-old man with HTN, type 2 diabetes and CKD stage 3 on lisinopril; denies chest pain.\n"
QUESTION = "most recent potassium below 3.0 since March 2024 with no chest pain"


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of a few runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    text = LINE * 4000
    known = lexicon()
    words = best(lambda: [w.lower() for w in re.findall(r"\w+", text)])
    find = best(lambda: known.find(text))
    mentions = known.find(text)
    judge = best(lambda: assess(text, mentions))
    print(f"splitting into words (floor)     {len(text) / words / 1e6:8.1f} MB/s")
    print(
        f"finding concepts                 {len(text) / find / 1e6:8.1f} MB/s  {find / words:6.1f}x the floor"
    )
    print(
        f"judging negation                 {len(text) / judge / 1e6:8.1f} MB/s  {judge / words:6.1f}x the floor"
    )

    def start(code: str) -> float:
        return best(lambda: subprocess.run([sys.executable, "-c", code], check=True), 3)

    bare = start("pass")
    loaded = start("from services.knowledge.lexicon import lexicon; lexicon()")
    print(f"bare start of Python             {bare * 1000:8.0f} ms")
    print(f"... with the lexicon loaded      {loaded * 1000:8.0f} ms    {loaded / bare:6.1f}x")

    model = EmbeddedModel()
    model.embed_query("warm")
    numbers = iter(range(10_000))
    embed = best(lambda: model.embed_query(f"{QUESTION} {next(numbers)}"), 20)
    today = dt.date(2026, 6, 30)
    read = best(lambda: parse(QUESTION, today), 20)
    print(f"embedding a question             {embed * 1000:8.2f} ms")
    print(f"reading a question               {read * 1000:8.2f} ms    {read / embed:6.2f}x of embedding it")

    one, eight = LINE * 11_000, LINE * 88_000
    small, large = best(lambda: chunking.split(one), 3), best(lambda: chunking.split(eight), 1)
    print(f"chunking 1 MB                    {small * 1000:8.0f} ms")
    print(f"chunking 8 MB                    {large * 1000:8.0f} ms    {large / small:6.1f}x (8 is linear)")


if __name__ == "__main__":
    main()
