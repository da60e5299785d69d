"""The figures of a run as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median, quantiles

from benchmarks.answers.gold import Result
from benchmarks.answers.judge import Verdict
from benchmarks.answers.running import Outcome

_BINS = 10


def kind(verdict: Verdict) -> str:
    results = verdict.question.gold.results
    return results[0].kind if results else "(not in the record)"


def _share(values: Iterable[bool]) -> str:
    known = list(values)
    return f"{sum(known)}/{len(known)} {sum(known) / len(known):6.1%}" if known else "–"


def _mean(values: Iterable[float | None]) -> str:
    known = [v for v in values if v is not None]
    return f"{fmean(known):.3f}" if known else "–"


def _rows(verdicts: Sequence[Verdict]) -> tuple[str, str, str, str, str]:
    """Exact, citation F1, abstained where nothing is there, abstained wrongly, answered wrongly (of all)."""
    there = [v for v in verdicts if v.question.gold.answerable]
    missing = [v for v in verdicts if not v.question.gold.answerable]
    return (
        _share(v.exact for v in there),
        _mean(v.citations for v in there),
        _share(not v.answered for v in missing),
        _share(not v.answered for v in there),
        _share(v.answered and not v.exact for v in verdicts),
    )


def table(outcomes: Sequence[Outcome], title: str, group: Callable[[Verdict], str]) -> str:
    lines = [
        f"{title:<24}{'exact':>16}{'citations F1':>14}{'abstained':>16}{'wrongly silent':>18}"
        f"{'answered wrongly':>20}{'baseline exact':>20}{'its F1':>8}"
    ]
    names = sorted({group(o.verdict) for o in outcomes})
    for name in [*names, "all"]:
        chosen = [o for o in outcomes if name in ("all", group(o.verdict))]
        ours, plain = _rows([o.verdict for o in chosen]), _rows([o.baseline for o in chosen])
        lines.append(
            f"{name:<24}{ours[0]:>16}{ours[1]:>14}{ours[2]:>16}{ours[3]:>18}{ours[4]:>20}"
            f"{plain[0]:>20}{plain[1]:>8}"
        )
    return "\n".join(lines)


def right(outcomes: Sequence[Outcome]) -> str:
    """Answered exactly, or rightly not at all: one figure over everything."""
    ours, plain = _share(o.verdict.right for o in outcomes), _share(o.baseline.right for o in outcomes)
    missing = _share(not o.baseline.answered for o in outcomes if not o.verdict.question.gold.answerable)
    return f"right in all: {ours}; baseline: {plain} (abstained where nothing is there: {missing})"


def latency(outcomes: Sequence[Outcome]) -> str:
    ratios = [o.seconds / o.reading for o in outcomes]
    if len(ratios) < 2:
        return ""
    p95 = quantiles(ratios, n=20)[18]
    lines = [f"latency / one read and parse of the patient's record: p50 {median(ratios):.2f}, p95 {p95:.2f}"]
    first: dict[str, Outcome] = {}
    for outcome in outcomes:
        first.setdefault(outcome.verdict.question.patient, outcome)
    seen = set(map(id, first.values()))
    for title, chosen in (
        ("first question about a patient", list(first.values())),
        ("every later one", [o for o in outcomes if id(o) not in seen]),
    ):
        if len(chosen) > 1:
            times = [1000 * o.seconds for o in chosen]
            lines.append(
                f"  {title}: p50 {median(times):.1f} ms, p95 {quantiles(times, n=20)[18]:.1f} ms "
                f"({median(o.seconds / o.reading for o in chosen):.1f}x)"
            )
    sizes = [o.resources for o in first.values()]
    largest = max(first.values(), key=lambda o: o.resources)
    lines.append(
        f"  records: {min(sizes)} to {max(sizes)} resources, median {median(sizes):.0f}; "
        f"the largest took {1000 * largest.seconds:.0f} ms at first"
    )
    return "\n".join(lines)


def calibration(outcomes: Sequence[Outcome]) -> str:
    """Confidence against correctness of what was answered. An answer where there is none counts as wrong."""
    answered = [o.verdict for o in outcomes if o.verdict.answered]
    if not answered:
        return "calibration: nothing was answered"
    lines, error = ["confidence       n   said  right"], 0.0
    for low in range(_BINS):
        chosen = [v for v in answered if min(int(v.confidence * _BINS), _BINS - 1) == low]
        if chosen:
            said, correct = fmean(v.confidence for v in chosen), fmean(v.exact for v in chosen)
            error += abs(said - correct) * len(chosen) / len(answered)
            lines.append(
                f"{low / _BINS:.1f}-{(low + 1) / _BINS:.1f}    {len(chosen):5d}   {said:.2f}   {correct:.2f}"
            )
    return "\n".join([*lines, f"expected calibration error: {error:.3f}"])


def wanted(result: Result) -> str:
    value = result.value
    if result.kind == "list":
        value = [" or ".join(sorted(group)) for group in value]
    return f"{result.kind} {value} {result.unit or ''}".strip()


def failure(verdict: Verdict) -> str:
    question, output = verdict.question, verdict.output
    gold = " | or ".join(wanted(r) for r in question.gold.results) or "no answer"
    must = [" or ".join(sorted(group)) for group in question.gold.must]
    got = json.dumps(output.get("result"), ensure_ascii=False)
    cited = [c["source"] for c in output.get("citations") or []]
    return "\n".join(
        [
            f"{question.id}  [{question.type}, {question.patient}, as of {question.as_of}]  {question.text}",
            f"    wanted: {gold[:600]}",
            f"    got:    {'answered' if verdict.answered else 'no answer'} {got[:600]}  «{(output.get('answer') or '')[:200]}»",
            f"    cite:   {must}",
            f"    cited:  {cited[:12]}",
        ]
    )
