"""What the tables of knowledge cover, as the pages of docs/coverage.

`python -m services.bots.clinical_decision_support.coverage` writes them; nothing in them is written by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from services.bots.clinical_decision_support.diagnosis.codes import titles
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.knowledge.catalogue import TABLES, Table, head, table
from services.knowledge.entries import shipped_entries
from services.knowledge.lexicon import lexicon
from services.knowledge.preventive.value_sets import Code, read

FOLDER = Path(__file__).parents[3] / "docs" / "coverage"
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "interactions": ("Interactions of medicines", ("interactions", "interaction-groups")),
    "allergies": ("Allergies", ("allergy-groups", "allergies")),
    "conditions": ("Conditions, values and age", ("conditions",)),
    "pregnancy": ("Pregnancy", ("pregnancy",)),
    "doses": ("Doses", ("doses",)),
    "controlled": ("Controlled substances", ("controlled", "controlled-classes", "controlled-products")),
    "results": ("Results", ("limits", "plausible")),
    "preventive": ("Preventive care", ()),
    "diagnosis": ("Diagnoses to consider", ("diagnosis-codes",)),
    "billing": ("Billing", tuple(t.kind for t in TABLES if t.kind.startswith("billing-"))),
    "writing": ("Error-prone abbreviations", ("ismp",)),
}
_MADE = "<!-- Made by services/bots/clinical_decision_support/coverage.py from the tables; don't edit. -->"
_LISTS = ("drug:", "drugclass:", "problem:", "lab:", "vital:", "group:")


def pages() -> dict[str, str]:
    """Each page's text by its file name."""
    made = {"README.md": "\n".join(_index())}
    for name, (title, kinds) in PAGES.items():
        extra = {"preventive": _preventive, "diagnosis": _diagnosis}.get(name)
        body = [_MADE, f"# {title}", *(extra() if extra else ())]
        for kind in kinds:
            made_of = table(kind)
            body += ["", *([f"## {made_of.title}", ""] if made_of.title != title else []), *_table(made_of)]
        made[f"{name}.md"] = "\n".join(body) + "\n"
    return made


def _index() -> Iterator[str]:
    yield from (_MADE, "# What the tables cover", "")
    yield "Every table that findings, checks and suggestions rest on. `fabric knowledge list` tells the same, with what the clinic"
    yield "imported; `fabric knowledge show KIND [ENTRY]` shows one."
    yield ""
    rows = []
    for made in TABLES:
        first = head(made.paths[0]) if made.files else None
        page = next((name for name, (_, kinds) in PAGES.items() if made.kind in kinds), "")
        page = "preventive" if made.kind == "preventive" else page
        rows.append((
            f"[{made.kind}]({page}.md)" if page else made.kind, made.title,
            f"{sum(1 for _ in shipped_entries(made)):,}" if made.files else "the clinic's",
            first.version if first else "–", " or ".join(made.modes) or "–",
            first.licence if first else "as the clinic holds it",
        ))  # fmt: skip
    yield from grid(("Kind", "Holds", "Entries", "Version", "By import", "Licence"), rows)
    yield ""


def _table(made: Table) -> Iterator[str]:
    first = head(made.paths[0])
    rows = [e.cells for e in shipped_entries(made)]
    yield f"{first.what[:1].upper()}{first.what[1:].rstrip('.')}. Table `{made.kind}`, {len(rows):,} entries, version {first.version}."
    yield ""
    yield f"Source: {first.source.rstrip('.')}."
    yield ""
    yield from grid([c[:1].upper() + c[1:] for c in first.columns], [[_shown(n, c) for n, c in zip(first.columns, row, strict=True)] for row in rows])  # fmt: skip


def _preventive() -> Iterator[str]:
    yield from ("", "## Rules", "", "The criteria of each stand in [preventive.md](../preventive.md).", "")
    rows = [
        (r.id, r.title, r.grade or "–", r.source, r.version, "yes" if r.verified else "no", f"{len(r.exclusions)}",
         f"{len(r.exceptions)}")
        for r in RULES
    ]  # fmt: skip
    yield from grid(("Rule", "Title", "Grade", "Source", "Version", "Verified", "Exclusions", "Exceptions"), rows)
    first = head(table("preventive").paths[0])
    yield from ("", "## Value sets", "", f"{first.source.rstrip('.')}. Version {first.version}.", "")
    sets: dict[str, list[Code]] = {}
    for code in read():
        sets.setdefault(code.value_set, []).append(code)
    yield from grid(
        ("Value set", "Holds", "Published codes", "Local codes", "Licensed, by import"),
        [(name, codes[0].what, _counted(codes, "measure"), _counted(codes, "local"),
          ", ".join(sorted({c.system.upper() for c in codes if c.code == "-"})) or "–") for name, codes in sorted(sets.items())],
    )  # fmt: skip


def _counted(codes: Iterable[Code], reach: str) -> str:
    systems = Counter(c.system for c in codes if c.reach == reach and c.code != "-")
    return ", ".join(f"{system} {count}" for system, count in sorted(systems.items())) or "–"


def _diagnosis() -> Iterator[str]:
    yield from ("", "## Criteria", "", "What meets each stands in [diagnosis.md](../diagnosis.md).", "")
    rows = [
        (family, rule.condition.display, f"{rule.condition.code} {titles()[rule.condition.code]}", rule.condition.severity,
         f"{rule.since} and over" if rule.since else "any", rule.sex or "any", rule.condition.source)
        for family, rules in FAMILIES.items() for rule in rules
    ]  # fmt: skip
    yield from grid(("Family", "Condition", "Code", "Severity", "Age", "Sex", "Source"), rows)


def grid(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _shown(column: str, cell: str) -> str:
    return f"`{cell}`" if column == "regular expression" else _said(cell)


def _said(cell: str) -> str:
    """A cell for people: the names of ids in place of the ids."""
    items = [item for item in cell.split("|") if item]
    if not items or not any(item.startswith(_LISTS) for item in items):
        return ", ".join(items) if len(items) > 1 and " " not in items[0] else cell
    return ", ".join(_name(item) for item in items)


def _name(item: str) -> str:
    kind, _, rest = item.partition(":")
    if kind == "group":
        return f"*{rest}*"
    if item in lexicon():
        name = lexicon().get(item).name
        return f"{name} (class)" if kind == "drugclass" else name
    return item


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for _file, _text in pages().items():
        (FOLDER / _file).write_text(_text, encoding="utf-8")
