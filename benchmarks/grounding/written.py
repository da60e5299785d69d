"""The sentences written by hand, read from `written.txt` and the files of the further splits."""

from __future__ import annotations

from pathlib import Path

from benchmarks.grounding.templates import Case
from benchmarks.grounding.world import pick


def written(half: str) -> tuple[list[Case], list[tuple[str, Case]]]:
    """The true ones of a half, and the false ones with what is wrong in each."""
    true: list[Case] = []
    false: list[tuple[str, Case]] = []
    file = "written.txt" if half in ("dev", "held") else f"{half}.txt"
    for line in (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        which, slug, selectors, text = line.split("|")
        which, _, kind = which.partition("!")
        if which != half:
            continue
        evidence = tuple(pick(slug, s, i + 1) for i, s in enumerate(selectors.split(";")))
        case = Case(half, "written", slug, text, evidence)
        if kind:
            false.append((kind, case))
        else:
            true.append(case)
    return true, false
