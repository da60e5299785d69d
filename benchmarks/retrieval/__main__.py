"""How well the search finds, against keyword search and plain vectors, over judged clinical queries.

    python -m benchmarks.retrieval [--split dev|held|all] [--theme NAME] [--show-worst N] [--json]

Tune on dev only; held is for reporting. Absolute numbers belong to this cohort: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import time

from benchmarks.retrieval import report
from benchmarks.retrieval.index import chunks, indexed, patient_ids
from benchmarks.retrieval.judging import judge
from benchmarks.retrieval.methods import OURS, methods
from benchmarks.retrieval.queries import NOTHING, QUERIES, split_of
from benchmarks.retrieval.records import load
from benchmarks.retrieval.report import Outcome


def run(split: str, theme: str | None, *, ablations: bool = True) -> tuple[list[Outcome], dict[str, float]]:
    """Every query of the split by every method; and the best similarity of each that has no answer."""
    records = load()
    ids: dict[str | None, str | None] = {None: None, **patient_ids()}
    judged = [
        judge(q, records) for q in QUERIES if split in ("all", split_of(q.id)) and theme in (None, q.theme)
    ]
    with indexed() as system:
        ranked = methods(system, chunks(system), ablations=ablations)
        outcomes = [
            Outcome(j, {name: rank(j.query.text, ids[j.query.patient]) for name, rank in ranked.items()})
            for j in judged
        ]
        nothing = {
            f"{text} ({slug or 'all'})": ranked[OURS](text, ids[slug]).best for _, text, slug in NOTHING
        }
    return outcomes, nothing


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retrieval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=["dev", "held", "all"], default="dev")
    parser.add_argument("--theme", choices=sorted({q.theme for q in QUERIES}))
    parser.add_argument("--show-worst", type=int, default=0, metavar="N")
    parser.add_argument("--no-ablations", action="store_true", help="leave out the search without each part")
    parser.add_argument("--json", action="store_true", help="figures for a program instead of tables")
    options = parser.parse_args()
    started = time.perf_counter()
    outcomes, nothing = run(options.split, options.theme, ablations=not options.no_ablations)
    seconds = time.perf_counter() - started
    if options.json:
        print(json.dumps(report.figures(outcomes, nothing, options.split, seconds), indent=1))
        return
    print(report.tables(outcomes, nothing, options.split, seconds))
    if options.show_worst:
        print(report.worst(outcomes, {r.key: r for r in load()}, options.show_worst))


if __name__ == "__main__":
    main()
