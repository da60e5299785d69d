"""The figures of a run, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from benchmarks.retrieval import metrics
from benchmarks.retrieval.judging import Judged
from benchmarks.retrieval.methods import BM25, MINILM, OURS, VECTORS, Ranking
from benchmarks.retrieval.records import Record

_MEASURES = {"nDCG@10": metrics.ndcg, "recall@10": metrics.recall, "MRR": metrics.reciprocal_rank}


@dataclass(frozen=True)
class Outcome:
    """One query, and what each method gave."""

    judged: Judged
    rankings: dict[str, Ranking]

    def value(self, method: str, measure: str) -> float:
        return _MEASURES[measure](self.rankings[method].keys, self.judged.grades)


_GROUPS: dict[str, Callable[[Outcome], bool]] = {
    "all": lambda o: True,
    "patient": lambda o: o.judged.query.patient is not None,
    "population": lambda o: o.judged.query.patient is None,
    "exact-word": lambda o: o.judged.query.exact,
}


def _mean(outcomes: Sequence[Outcome], method: str, measure: str) -> float:
    return fmean(o.value(method, measure) for o in outcomes) if outcomes else float("nan")


def figures(
    outcomes: Sequence[Outcome], nothing: Mapping[str, float], split: str, seconds: float
) -> dict[str, Any]:
    """Everything that the tables show."""
    names = list(outcomes[0].rankings) if outcomes else []
    groups = {g: [o for o in outcomes if test(o)] for g, test in _GROUPS.items()}
    themes = dict.fromkeys(o.judged.query.theme for o in outcomes)
    findable = [o.rankings[OURS].best for o in outcomes]
    return {
        "split": split,
        "queries": {g: len(found) for g, found in groups.items()},
        "seconds": round(seconds, 1),
        "methods": {
            n: {g: {m: round(_mean(f, n, m), 4) for m in _MEASURES} for g, f in groups.items() if f}
            for n in names
        },
        "themes": {
            t: {"queries": len(found)} | {n: round(_mean(found, n, "nDCG@10"), 4) for n in names}
            for t in themes
            if (found := [o for o in outcomes if o.judged.query.theme == t])
        },
        "ratios": {
            g: {
                b: round(_mean(f, OURS, "nDCG@10") / max(_mean(f, b, "nDCG@10"), 1e-9), 3)
                for b in (BM25, MINILM, VECTORS)
            }
            for g, f in groups.items()
            if f
        },
        "denied": {n: _denied(outcomes, n) for n in names},
        "nothing": {
            "AUC": round(metrics.auc(findable, list(nothing.values())), 3),
            "findable": [round(metrics.quantile(findable, q), 3) for q in _QUANTILES],
            "nothing": [round(metrics.quantile(list(nothing.values()), q), 3) for q in _QUANTILES],
            "best": {text: round(best, 3) for text, best in nothing.items()},
        },
    }


_QUANTILES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)


def _denied(outcomes: Sequence[Outcome], method: str) -> dict[str, Any]:
    """Of queries for a finding: how many denials are among the hits, of how many that could be."""
    asked = [o for o in outcomes if o.judged.denied]
    hits = sum(len(o.judged.denied.intersection(o.rankings[method].keys)) for o in asked)
    return {"hits": hits, "denials": sum(len(o.judged.denied) for o in asked), "queries": len(asked)}


def tables(outcomes: Sequence[Outcome], nothing: Mapping[str, float], split: str, seconds: float) -> str:
    """For people."""
    if not outcomes:
        return "No query matches."
    shown = figures(outcomes, nothing, split, seconds)
    counts = ", ".join(f"{g} {n}" for g, n in shown["queries"].items())
    lines = [f"Split {split}: {counts}; {shown['seconds']} s", ""]
    groups = [g for g in _GROUPS if shown["queries"][g]]
    lines += [f"{'nDCG@10 recall MRR':<18}" + "".join(f"{g:>20}" for g in groups)]
    for name, by_group in shown["methods"].items():
        cells = (" ".join(f"{by_group[g][m]:.3f}" for m in _MEASURES) for g in groups)
        lines.append(f"{name:<18}" + "".join(f"{c:>20}" for c in cells))
    lines += ["", f"{'ours / baseline':<18}" + "".join(f"{g:>20}" for g in groups)]
    for base in (BM25, MINILM, VECTORS):
        lines.append(f"{base:<18}" + "".join(f"{shown['ratios'][g][base]:>20.2f}" for g in groups))
    names = list(shown["methods"])
    lines += ["", f"{'nDCG@10 by theme':<18}{'n':>4}" + "".join(f"{n:>17}" for n in names)]
    for theme, row in shown["themes"].items():
        cells = "".join(f"{row[n]:>17.3f}" for n in names)
        lines.append(f"{theme:<18}{row['queries']:>4}{cells}")
    denied = ", ".join(f"{n} {d['hits']}" for n, d in shown["denied"].items())
    possible = shown["denied"][OURS]
    lines += ["", f"Denials among hits, of {possible['denials']} in {possible['queries']} queries: {denied}"]
    none = shown["nothing"]
    lines += [
        "",
        f"Best similarity, findable against nothing to find: AUC {none['AUC']}",
        f"{'quantile':<12}" + "".join(f"{q:>8.0%}" for q in _QUANTILES),
        f"{'findable':<12}" + "".join(f"{v:>8.3f}" for v in none["findable"]),
        f"{'nothing':<12}" + "".join(f"{v:>8.3f}" for v in none["nothing"]),
    ]
    return "\n".join(lines)


def worst(outcomes: Sequence[Outcome], records: Mapping[str, Record], count: int) -> str:
    """The queries that ours does worst on: what came back, with its grade, and what was missed."""
    lines: list[str] = []
    for o in sorted(outcomes, key=lambda o: o.value(OURS, "nDCG@10"))[:count]:
        query, grades, ranking = o.judged.query, o.judged.grades, o.rankings[OURS]
        scores = " ".join(f"{n}={o.value(n, 'nDCG@10'):.2f}" for n in (OURS, VECTORS, MINILM, BM25))
        lines += [
            "",
            f"{query.id} [{query.theme}] {query.patient or 'population'}: {query.text!r}",
            f"  {scores}",
        ]
        for key in ranking.keys[:6]:
            mark = "DENIED" if key in o.judged.denied else str(grades.get(key, 0))
            lines.append(f"  {mark:>3} {_line(records.get(key), key)}")
        missed = [k for k in sorted(grades, key=lambda k: -grades[k]) if k not in ranking.keys]
        lines += [f"  missed {grades[k]} {_line(records.get(k), k)}" for k in missed[:4]]
    lines += ["", "Denials returned as hits by ours:"]
    lines += [
        f"  {o.judged.query.id}: {_line(records.get(k), k)}"
        for o in outcomes
        for k in o.rankings[OURS].keys
        if k in o.judged.denied
    ]
    return "\n".join(lines)


def _line(record: Record | None, key: str) -> str:
    if record is None:
        return key
    value = ", ".join(f"{v:g}" for v in dict.fromkeys(record.values.values()))
    return f"{record.slug} {record.type} {record.day} {record.name} {value} <{record.status}>"
