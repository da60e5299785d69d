"""How many errors the check catches, and how many true sentences it refuses, against overlap of numbers and words.

    python -m benchmarks.grounding [--split dev|probe|fresh|outside|later|model|held|all] [--show]

True sentences are about the demo record: from templates over its values, and written by hand over its notes; errors
are made from them and by hand. The splits have different wordings; those of probe are of a model that sums up. Tune on dev and probe only; held is for reporting.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import time
from collections import defaultdict

from benchmarks.grounding.errors import made
from benchmarks.grounding.templates import Case, cases
from benchmarks.grounding.written import written
from services.grounding import check

AS_OF = dt.date(2026, 7, 1)
SPLITS = ("dev", "probe", "fresh", "outside", "later", "model", "held")
WITH_TEMPLATES = ("dev", "probe", "fresh", "held")


def ours(case: Case) -> bool:
    """Whether the check supports the sentence."""
    return check(case.text, case.evidence, as_of=AS_OF).supported


def overlap(case: Case) -> bool:
    """The baseline: every number and half of the longer words of the sentence are in what it cites."""
    cited = {int(n) for group in re.findall(r"\[([\d, -]+)\]", case.text) for n in re.findall(r"\d+", group)}
    known = [e for e in case.evidence if e.number in cited]
    if len(known) < len(cited):
        return False
    there = "\n".join(f"{e.date} {e.title} {e.text}" for e in known).lower()
    text = re.sub(r"\[[\d, -]+\]", " ", case.text).lower()
    numbers = set(re.findall(r"\d+(?:\.\d+)?", text))
    words = set(re.findall(r"[a-z]{4,}", text))
    return numbers <= set(re.findall(r"\d+(?:\.\d+)?", there)) and sum(w in there for w in words) * 2 >= len(
        words
    )


def run(half: str, *, show: bool = False) -> None:
    """One half, printed."""
    by_hand, false = written(half)
    made_up = cases(half) if half in WITH_TEMPLATES else []
    true = [*made_up, *by_hand]
    wrong = [*made(true), *((f"{kind} (by hand)", case) for kind, case in false)]
    started = time.perf_counter()
    refused = [c for c in true if not ours(c)]
    first = time.perf_counter() - started
    started = time.perf_counter()
    for case in true:
        ours(case)
    again = time.perf_counter() - started
    print(f"\n{half}: {len(true)} true sentences ({len(by_hand)} by hand), {len(wrong)} errors")
    print(
        f"refused though true: {len(refused)} ({len(refused) / len(true):.1%}); overlap refuses {sum(not overlap(c) for c in true) / len(true):.1%}"
    )
    print(
        f"a sentence: {1000 * first / len(true):.1f} ms with its evidence new, {1000 * again / len(true):.1f} ms seen before"
    )
    caught: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    missed: list[tuple[str, Case]] = []
    for kind, case in wrong:
        mine = not ours(case)
        caught[kind].append((mine, not overlap(case)))
        if not mine:
            missed.append((kind, case))
    print(f"{'kind':28}{'errors':>8}{'caught':>9}{'overlap':>9}")
    for kind in sorted(caught):
        rows = caught[kind]
        print(
            f"{kind:28}{len(rows):8}{sum(a for a, _ in rows) / len(rows):9.1%}{sum(b for _, b in rows) / len(rows):9.1%}"
        )
    rows = [r for found in caught.values() for r in found]
    print(
        f"{'all':28}{len(rows):8}{sum(a for a, _ in rows) / len(rows):9.1%}{sum(b for _, b in rows) / len(rows):9.1%}"
    )
    if show:
        for case in refused:
            problems = check(case.text, case.evidence, as_of=AS_OF).problems
            print("REFUSED", case.kind, "|", case.text, [(p.kind, p.said) for p in problems])
        for kind, case in missed:
            print("MISSED", kind, "|", case.text, "| from", case.kind)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grounding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=[*SPLITS, "all"], default="all")
    parser.add_argument("--show", action="store_true", help="name each failure of dev and probe")
    options = parser.parse_args()
    for half in SPLITS:
        if options.split in (half, "all"):
            run(half, show=options.show and half != "held")


if __name__ == "__main__":
    main()
