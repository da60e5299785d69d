"""Are questions answered from the record right, cited, and refused where the record has no answer?

    python -m benchmarks.answers [--set demo|foreign|fresh] [--split dev|held|all|reworded] [--type …] [--theme …]
                                 [--round a] [--synthea F] [--failures N] [--asked ID] [--folder F]

Tune on dev only; held is for reporting. The split reworded asks the dev questions in other words; all is dev and held.
The foreign set asks what other people's question sets ask, over charts in the shapes that other systems write.
The fresh set has rounds of questions that were written down before the engine had seen any of them; most are about
Synthea's sample patients (smart-on-fhir/generated-sample-data), whose folder of gzipped bundles is given.
The gold answers are computed from the raw FHIR JSON by code, or written by hand from reading the record. The baseline
is the text of the best hit of the semantic search and the first number in it, told which kind of result is wanted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.answers import report
from benchmarks.answers.cohort import demo_people
from benchmarks.answers.foreign.cohort import foreign_people
from benchmarks.answers.foreign.questions import foreign_questions
from benchmarks.answers.fresh.cohort import fresh_people
from benchmarks.answers.fresh.questions import ROUNDS, fresh_questions
from benchmarks.answers.gold import Question
from benchmarks.answers.judge import judge
from benchmarks.answers.questions import QUESTION_TYPES, questions
from benchmarks.answers.running import ask, clinician, installed, rag_bot, run
from benchmarks.answers.wordings import reworded


def of_split(asked: Sequence[Question], split: str) -> list[Question]:
    if split == "reworded":
        return reworded(asked)
    return [q for q in asked if split in ("all", "held" if q.held else "dev")]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.answers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--set", choices=["demo", "foreign", "fresh"], default="demo")
    parser.add_argument("--split", choices=["dev", "held", "all", "reworded"], default="dev")
    parser.add_argument("--round", choices=ROUNDS, default=ROUNDS[0])
    parser.add_argument("--synthea", type=Path, help="the folder of Synthea's bundles, for the fresh set")
    parser.add_argument("--type", choices=QUESTION_TYPES)
    parser.add_argument("--theme")
    parser.add_argument(
        "--failures", type=int, default=0, metavar="N", help="show the first N that went wrong"
    )
    parser.add_argument("--asked", metavar="ID", help="show everything of one question")
    parser.add_argument("--folder", type=Path, help="keep the record and its index here, for the next run")
    options = parser.parse_args()
    demo, foreign = options.set == "demo", options.set == "foreign"
    if not demo and options.split == "reworded":
        parser.error("only the demo questions have other wordings; choose dev, held or all")
    if demo:
        asked: Sequence[Question] = questions()
    else:
        asked = foreign_questions() if foreign else fresh_questions(options.round, options.synthea)
    chosen = [
        q
        for q in of_split(asked, options.split)
        if options.type in (None, q.type) and options.theme in (None, q.theme)
    ]
    if options.asked:
        chosen = [q for q in (*asked, *(reworded(asked) if demo else [])) if q.id == options.asked]
    if not chosen:
        parser.error("no question is like that")
    people = demo_people() if demo else foreign_people() if foreign else fresh_people(options.synthea)
    with installed(people, options.folder) as system:
        bot = rag_bot()
        if options.asked:
            output = ask(clinician(system), bot, chosen[0], people.ids[chosen[0].patient])
            print(json.dumps(output, indent=1, ensure_ascii=False))
            print(report.failure(judge(chosen[0], output)))
            return
        outcomes = run(system, chosen, bot, people)
    print(f"{len(chosen)} questions, set {options.set}, split {options.split}\n")
    print(report.table(outcomes, "kind of result", report.kind), end="\n\n")
    print(report.table(outcomes, "question type", lambda v: v.question.type), end="\n\n")
    print(report.table(outcomes, "theme", lambda v: v.question.theme), end="\n\n")
    print(report.right(outcomes))
    print(report.latency(outcomes), end="\n\n")
    print(report.calibration([o for o in outcomes if o.verdict.question.held] or outcomes))
    wrong = [o.verdict for o in outcomes if not o.verdict.right]
    for verdict in wrong[: options.failures]:
        print(f"\n{report.failure(verdict)}")


if __name__ == "__main__":
    main()
