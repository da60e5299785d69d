"""Documentation drafts: contradictions put into a model's wording, how many are caught; and the time to a note.

`python -m benchmarks.documentation`. The sentences are those of notes of the written cohort, as a model would repeat
them with their citations; each contradiction changes one thing (a number or dose, a unit, a date, a side, a drug, a
denial) to what the evidence does not say, shown by comparing strings (`benchmarks.grounding.errors`). Times are ratios
within the run: a note for a visit with 300 resources, over one read and parse of the patient's record.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grounding import errors
from benchmarks.grounding.templates import Case
from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.bots.documentation_assistant.kinds import KINDS
from services.bots.documentation_assistant.wording import judged
from services.demo import cohort
from services.fhir.repository import Resource
from services.grounding.evidence import Evidence
from services.runtime.collecting import settle
from services.runtime.system import System
from services.settings import Settings

AS_OF = "2026-07-01"
_DAY = dt.date(2026, 7, 1)
_MAKERS = {
    "number": errors.numbers, "unit": errors.units, "date": errors.dates, "laterality": errors.sides, "drug": errors.drugs,
    "negation": errors.negations,
}  # fmt: skip
_ROUNDS = 15


def sentences(context: Context, visits: list[Resource]) -> Iterator[str]:
    """Assembled sentences of the notes of every visit, each once; quotations too, since a model may word them."""
    seen: set[str] = set()
    for visit in visits:
        for kind in KINDS:
            asked = {
                "patientId": visit["subject"]["reference"][8:],
                "encounterId": visit["id"],
                "documentationType": kind,
                "asOf": AS_OF,
            }
            for sentence in handle(context, {**asked, "generate": False}).sentences:
                if sentence.sources and sentence.text not in seen:
                    seen.add(sentence.text)
                    yield sentence.text


def contradictions(context: Context, visits: list[Resource], show: int = 8) -> None:
    rng = random.Random(7)
    repeated = kept = 0
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    missed: list[str] = []
    for text in sentences(context, visits):
        evidence = (Evidence(1, "Observation/x", "1", None, text),)
        worded = f"{text.rstrip('.')} [1]."
        repeated += 1
        if judged(worded, evidence, _DAY)[1]:
            continue
        kept += 1
        case = Case("dev", "written", "", worded, evidence)
        for name, make in _MAKERS.items():
            for wrong in make(case, rng):
                if wrong.text == worded:
                    continue
                made[name] += 1
                if judged(wrong.text, evidence, _DAY)[1]:
                    caught[name] += 1
                else:
                    missed.append(f"{name}: {wrong.text}")
    print(f"sentences repeated as they are: {repeated}, kept {100 * kept / repeated:.1f} %")
    for name in _MAKERS:
        if made[name]:
            print(
                f"{name:<12} {made[name]:>5} contradictions, caught {100 * caught[name] / made[name]:.2f} %"
            )
    print(f"{'all':<12} {made.total():>5} contradictions, caught {100 * caught.total() / made.total():.2f} %")
    for line in missed[:show]:
        print(f"  missed {line}")


def large_visit(count: int = 300) -> list[Resource]:
    """A patient whose one visit has `count` resources."""
    subject, visit = {"reference": "Patient/large"}, {"reference": "Encounter/large"}
    tests = [
        ("2823-3", "Potassium", "mmol/L"),
        ("2951-2", "Sodium", "mmol/L"),
        ("718-7", "Hemoglobin", "g/dL"),
        ("2160-0", "Creatinine", "mg/dL"),
    ]
    found: list[Resource] = [
        {"resourceType": "Patient", "id": "large", "name": [{"family": "Large"}], "birthDate": "1950-01-01"},
        {"resourceType": "Encounter", "id": "large", "status": "finished", "class": {"code": "IMP"}, "subject": subject,
         "period": {"start": "2026-06-01T08:00:00Z", "end": "2026-06-20T08:00:00Z"}},
    ]  # fmt: skip
    for n in range(count):
        code, name, unit = tests[n % len(tests)]
        found.append(
            {"resourceType": "Observation", "id": f"large-{n}", "status": "final", "subject": subject, "encounter": visit,
             "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]},
             "effectiveDateTime": f"2026-06-{1 + n % 19:02}T{n % 24:02}:00:00Z", "valueQuantity": {"value": 4 + n % 7, "unit": unit, "code": unit},
             "referenceRange": [{"low": {"value": 3, "unit": unit}, "high": {"value": 9, "unit": unit}}]}
        )  # fmt: skip
    return found


def timing(context: Context) -> None:
    asked = {
        "patientId": "large",
        "encounterId": "large",
        "documentationType": "progress",
        "asOf": AS_OF,
        "generate": False,
    }
    handle(context, asked)
    settle()  # as the console does once it is warm
    reads, notes = [], []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        for stored in context.repository.compartment("large"):
            _ = stored.resource
        reads.append(time.process_time() - begun)
        context.charts._patients.clear()  # nothing kept from the note before
        begun = time.process_time()
        handle(context, asked)
        notes.append(time.process_time() - begun)
    warm = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        handle(context, asked)
        warm.append(time.process_time() - begun)
    read = statistics.median(reads)
    print(
        f"a note of a visit with 300 resources / one read and parse of the record: {statistics.median(notes) / read:.1f}x"
    )
    print(f"the same where the chart is known already: {statistics.median(warm) / read:.1f}x")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        system = System(Settings.model_validate({"data_dir": Path(folder), "demo": False}))
        try:
            resources = cohort()
            system.repository.write_many([*resources, *large_visit()])
            context = system.context(Principal("bench", "user", "Benchmark", "clinician"))
            visits = [r for r in resources if r["resourceType"] == "Encounter"]
            last = {v["subject"]["reference"]: v for v in sorted(visits, key=lambda v: v["period"]["start"])}
            stays = [v for v in visits if v["class"]["code"] == "IMP"]
            timing(context)
            contradictions(context, [*last.values(), *stays])
        finally:
            system.stop()


if __name__ == "__main__":
    main()
