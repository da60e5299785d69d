"""Asking: a temporary installation with every patient in it, each question put to the bot and to the baseline."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answers.baseline import Baseline
from benchmarks.answers.gold import Question
from benchmarks.answers.judge import Output, Verdict, judge
from benchmarks.answers.people import People
from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.rag_pipeline.warming import warm
from services.runtime.collecting import settle
from services.runtime.system import System
from services.settings import Settings

Bot = Callable[[Context, dict], Output]


@dataclass(frozen=True)
class Outcome:
    """One question with what came of it. Times are in seconds: the bot's, and one read and parse of the record of so
    many resources."""

    verdict: Verdict
    baseline: Verdict
    seconds: float
    reading: float
    resources: int = 0


@contextmanager
def installed(people: People, folder: Path | None = None) -> Iterator[System]:
    """A system with all patients written and indexed; gone, with its files, on leaving.

    A folder given is kept instead, and serves again while the patients are the same; it is made anew otherwise.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="answers-") as name, installed(people, Path(name)) as system:
            yield system
        return
    stamp = folder / "patients.sha256"
    if stamp.exists() and stamp.read_text() != people.digest:
        shutil.rmtree(folder)  # what is no longer among the patients must not be found either
        folder.mkdir()
    system = System(Settings.model_validate({"data_dir": folder, "demo": True}))
    try:
        if not stamp.exists():
            people.load(system)
            stamp.write_text(people.digest)
        while system.pipeline.step():
            pass
        system.population.open(system.model.version)
        yield system
    finally:
        system.population.close()
        system.stop()


def clinician(system: System) -> Context:
    return system.context(Principal("answers", "user", "Benchmark", "clinician"))


def rag_bot() -> Bot:
    from services.bots.rag_pipeline.handler import handle

    return lambda context, value: handle(context, value).wire()


def ask(context: Context, bot: Bot, question: Question, patient: str) -> Output:
    return bot(
        context,
        {
            "question": question.text,
            "patientId": patient,
            "asOf": question.as_of,
            "includeCitations": True,
        },
    )


def read_whole(context: Context, patient: str) -> int:
    """What any answer costs at least once: the patient's whole record, read and parsed."""
    return sum(bool(stored.resource) for stored in context.repository.compartment(patient))


def run(system: System, questions: Sequence[Question], bot: Bot, people: People) -> list[Outcome]:
    """Each question in turn, its patient's record read right after; a first round of nothing but warming up."""
    context = clinician(system)
    baseline = Baseline(context, people)
    warm()  # as a server does before the first question
    settle()
    for question in questions[:5]:
        ask(context, bot, question, people.ids[question.patient])
        read_whole(context, people.ids[question.patient])
    outcomes = []
    for question in questions:
        patient = people.ids[question.patient]
        started = time.perf_counter()
        try:
            output = ask(context, bot, question, patient)
        except Exception as error:  # one broken answer is one mistake, not the end of the run
            output = {"answered": True, "answer": f"failed: {type(error).__name__}: {error}"}
        answered = time.perf_counter()
        resources = read_whole(context, patient)
        done = time.perf_counter()
        outcomes.append(
            Outcome(
                judge(question, output),
                judge(question, baseline.answer(question)),
                answered - started,
                done - answered,
                resources,
            )
        )
    return outcomes
