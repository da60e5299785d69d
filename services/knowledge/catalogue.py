"""Every table of knowledge: what it is called, where it lies, what may be changed in it, and how it is checked.

Source, version, licence and columns stand in the head of each file (`heads`), and nowhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.errors import InvalidInput
from services.knowledge import cells, heads, table_checks
from services.knowledge.cells import Check, anything, number, one_of, source, text, unit
from services.knowledge.tables import DATA

Mode = Literal["add", "replace"]
Where = Callable[[str], Path | None]
"""Which folder of a clinic's own files counts for a kind; None for the shipped table alone."""


@dataclass(frozen=True, slots=True)
class Table:
    """`files` are shipped ones below `data/`; none where the table is the clinic's alone. `key`: the columns that tell an
    entry from the others, all of them where it is empty. `modes`: how a clinic may change it, the usual one first; none:
    not at all. `checks` are of the columns, in order. `row` tells of cells that don't go together (column, what is wrong).
    `load` puts all together that rests on it and raises where that can't be; `summary` does so for files whose form is a
    publisher's, and tells in one line what they hold. `place`: below the folder of an import."""

    kind: str
    title: str
    files: tuple[str, ...]
    key: tuple[int, ...] = (0,)
    modes: tuple[Mode, ...] = ()
    checks: tuple[Check, ...] = ()
    row: Callable[[Sequence[str]], tuple[int, str] | None] | None = None
    load: Callable[[Where], object] | None = None
    summary: Callable[[Path], str] | None = None
    place: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(DATA / name for name in self.files)

    @property
    def columns(self) -> tuple[str, ...]:
        return head(self.paths[0]).columns if self.files else ()


BOTH: tuple[Mode, ...] = ("add", "replace")
_SEVERITY = one_of("minor", "moderate", "major", "contraindicated")
_MEMBERS = cells.each_of(("group:", cells.group), ("drug:", cells.known), ("drugclass:", cells.known))
_ALLERGY = cells.each_of(("group:", cells.group), ("drug:", cells.known), ("drugclass:", cells.known), ("food:", text))
_RESULT = cells.each_of(("lab:", cells.known), ("vital:", cells.known))


def _words(kind: str, title: str) -> Table:
    return Table(f"words-{kind}", f"Words of the record: {title}", (f"concepts-{kind}.tsv",), load=table_checks.words)


def _billing(kind: str, title: str, key: tuple[int, ...] = (0,)) -> Table:
    return Table(f"billing-{kind}", f"Billing: {title}", (f"billing/{kind}.tsv",), key)


def _medicines(kind: str, title: str, key: tuple[int, ...] = (0,)) -> Table:
    return Table(kind, title, (f"medicines/{kind}.tsv",), key)


TABLES: tuple[Table, ...] = (
    Table("interactions", "Interactions of medicines", ("medicines/interactions.tsv",), modes=BOTH,
          checks=(table_checks.rule, _MEMBERS, _MEMBERS, _SEVERITY, text, text, anything, source, table_checks.routes),
          load=table_checks.interactions),
    Table("interaction-groups", "Groups of medicines that interact alike", ("medicines/interaction-groups.tsv",),
          modes=BOTH, checks=(table_checks.name, cells.drugs, source), load=table_checks.interactions),
    Table("allergy-groups", "Groups of medicines for allergies", ("medicines/allergy-groups.tsv",), modes=BOTH,
          checks=(table_checks.name, text, one_of("yes", "no"), anything, cells.drugs, anything, source),
          load=table_checks.allergies),
    Table("allergies", "What an allergy speaks against beyond its group", ("medicines/allergy-cross.tsv",), (0, 2), BOTH,
          (_ALLERGY, anything, _MEMBERS, text, source), load=table_checks.allergies),
    Table("conditions", "What conditions, values and age speak against", ("medicines/conditions.tsv",), modes=BOTH,
          checks=(table_checks.rule, cells.drugs, table_checks.when, _SEVERITY, text, text, source),
          load=table_checks.conditions),
    Table("pregnancy", "What pregnancy speaks against", ("medicines/pregnancy.tsv",), modes=BOTH,
          checks=(cells.drugs, one_of("contraindicated", "avoid", "caution"), text, text, source),
          load=table_checks.pregnancy),
    Table("doses", "The most that adults are usually given", ("medicines/doses.tsv",), (0, 1), BOTH,
          (table_checks.medicine, one_of("oral", "parenteral"), number, number, table_checks.dose_unit, anything, source),
          row=table_checks.at_once_within_a_day, load=table_checks.doses),
    Table("limits", "Critical limits of results", ("results/limits.tsv",), (0, 1, 2, 3, 7), BOTH,
          (_RESULT, cells.maybe_number, cells.maybe_number, one_of("", "female", "male"), cells.maybe_number,
           cells.maybe_number, unit, one_of("critical", "high"), source), row=table_checks.limit, load=table_checks.limits),
    Table("plausible", "Values that a result can have at all", ("results/plausible.tsv",), modes=BOTH,
          checks=(_RESULT, number, number, unit), row=table_checks.least_and_most, load=table_checks.limits),
    Table("diagnosis-codes", "ICD-10-CM codes of suggested diagnoses", ("diagnosis/codes.tsv",), modes=("add",),
          checks=(table_checks.billable, text, source), load=table_checks.diagnosis_codes),
    Table("ismp", "Error-prone abbreviations and dose designations", ("ismp.tsv",), modes=BOTH,
          checks=(table_checks.name, cells.pattern, one_of("", "i"), text, anything, text), load=table_checks.error_prone),
    Table("preventive", "Value sets of preventive care", tuple(
        f"preventive/{n}.tsv" for n in ("behaviour", "cancer", "cardiometabolic", "infection", "shared", "vaccines")
    ), (0, 1, 2), load=table_checks.value_sets),
    Table("preventive-codes", "Licensed codes of preventive care (CPT, HCPCS, CDT)", (), (0, 1, 2), ("replace",),
          summary=table_checks.licensed_codes, place="codes"),
    Table("cpt", "CPT and HCPCS descriptors, licensed to the clinic", (), modes=("replace",), summary=table_checks.cpt),
    Table("ncci", "NCCI edits (CMS)", (), (), ("replace",), summary=table_checks.ncci),
    Table("fees", "The clinic's fees", (), modes=("replace",), summary=table_checks.fees),
    Table("ndc", "National Drug Codes (FDA, NDC Directory)", (), modes=("replace",), summary=table_checks.ndc),
    _medicines("combinations", "Ingredients of combined products"),
    _medicines("controlled", "Controlled substances", (0, 1)),
    _medicines("controlled-classes", "Controlled classes"),
    _medicines("controlled-products", "Codes of controlled products"),
    _medicines("ordinary", "Ordinary words near to names of controlled substances", (0, 1)),
    *(_words(k, t) for k, t in (
        ("problems", "problems"), ("symptoms", "symptoms"), ("drugs", "medicines"), ("labs", "laboratory"),
        ("vitals", "vital signs"), ("procedures", "procedures"), ("others", "vaccines and others"), ("extras", "organisms and more"),
    )),
    Table("words-ambiguous", "Words of the record: several meanings", ("ambiguous.tsv",), (0, 1), load=table_checks.words),
    Table("words-lay", "Words of questions: what people say for a concept", ("lay.tsv",)),
    _billing("bundles", "services that include others", (0, 1)), _billing("combined", "conditions with one code", (0, 1)),
    _billing("concepts", "codes of bare names"), _billing("edits", "whom a code may be of"),
    _billing("globals", "days of the global surgical package"), _billing("history", "codes of what is over"), _billing("integral", "symptoms that belong to a disease", (0, 1)),
    _billing("modifiers", "modifiers"), _billing("organisms", "organisms that a name tells"),
    _billing("problems", "classes of problems"), _billing("questions", "what to ask"),
    _billing("secondary", "never listed first"), _billing("services", "services"), _billing("sided", "sided forms", (0, 1)),
    _billing("snomed", "codes of SNOMED CT findings"), _billing("visits", "visits", (0, 1, 2)),
)  # fmt: skip
_BY_KIND = {table.kind: table for table in TABLES}


def table(kind: str) -> Table:
    """Raises InvalidInput that lists what may be asked for."""
    if found := _BY_KIND.get(kind):
        return found
    raise InvalidInput(f"There is no table '{kind}'. There are: {', '.join(_BY_KIND)}.")


@functools.cache
def head(path: Path) -> heads.Head:
    """The head of a shipped file."""
    return heads.read(path)
