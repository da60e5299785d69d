"""Value sets of preventive care: which code belongs to which.

Tables under `data/preventive/`; each file's head says from where. A row's reach tells whether its codes are in the
published set (`measure`) or are accepted only where a measure isn't followed to the letter (`local`). `system:-`
declares a system whose codes are licensed: they come from `codes/<value set>.tsv` in the clinic's own folder (see
`licensed_folder`), with the columns system and code (a further column and lines that begin with # are passed over).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.errors import InvalidInput
from services.knowledge.installed import installed
from services.knowledge.lexicon import lexicon, system_name
from services.knowledge.tables import DATA, lines
from services.settings import settings

Reach = Literal["measure", "local"]
FOLDER = DATA / "preventive"
_PREFIXED = "icd10cm"
_SHORT = {
    "www.ama-assn.org/go/cpt": "cpt",
    "www.cms.gov/medicare/coding/hcpcsreleasecodesets": "hcpcs",
    "terminology.hl7.org/codesystem/hcpcs-all-codes": "hcpcs",
    "www.ada.org/cdt": "cdt",
    "terminology.hl7.org/codesystem/cdt": "cdt",
    "www.cms.gov/medicare/coding/icd10": "icd10pcs",
    "terminology.hl7.org/codesystem/v3-actreason": "hl7",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a value set. `code` is "-" where the system's codes come by a licensed table."""

    value_set: str
    reach: Reach
    system: str
    code: str
    what: str


class ValueSets:
    """Look-up of the sets that a code, or a concept of the lexicon, is in."""

    def __init__(self, codes: Iterable[Code]) -> None:
        self.codes = tuple(codes)
        self.names = frozenset(c.value_set for c in self.codes)
        self._sets: dict[tuple[str, str], dict[Reach, frozenset[str]]] = {}
        for each in self.codes:
            for system, code in _written(each):
                found = self._sets.setdefault((system, code), {})
                found[each.reach] = found.get(each.reach, frozenset()) | {each.value_set}

    def of_code(self, system: str, code: str) -> tuple[frozenset[str], frozenset[str]]:
        """(published sets, local sets) of a code. Takes FHIR system URIs; ICD-10-CM counts by its prefixes."""
        name = short_name(system)
        code = code.strip()
        if name == _PREFIXED:
            code = code.replace(".", "").upper()
            return self._joined((name, code[:size]) for size in range(2, len(code) + 1))
        if name == "cvx":
            code = code.lstrip("0").zfill(2)
        return self._joined([(name, code)])

    def of_concepts(self, concepts: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """(published sets, local sets) of concepts of the lexicon."""
        return self._joined(("concept", concept) for concept in concepts)

    def _joined(self, keys: Iterable[tuple[str, str]]) -> tuple[frozenset[str], frozenset[str]]:
        published: frozenset[str] = frozenset()
        local: frozenset[str] = frozenset()
        for key in keys:
            if found := self._sets.get(key):
                published |= found.get("measure", frozenset())
                local |= found.get("local", frozenset())
        return published, local


def short_name(system: str) -> str:
    """The tables' name of a code system, from a FHIR URI."""
    name = system_name(system)
    return _SHORT.get(name, name)


def _written(code: Code) -> Iterable[tuple[str, str]]:
    if code.code == "-":
        return
    if code.system == _PREFIXED:
        yield code.system, code.code.replace(".", "")
        return
    yield code.system, code.code
    if code.system == "concept" and code.code.startswith("drugclass:"):
        for narrower in lexicon().narrower(code.code):
            yield code.system, narrower


def read(folder: Path = FOLDER) -> list[Code]:
    """Every code of the tables in a folder."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        for name, reach, codes, what in lines(path):
            for item in codes.split("|"):
                system, _, code = item.partition(":")
                found.append(Code(name, "local" if reach == "local" else "measure", system, code, what))
    return found


def read_licensed(folder: Path, known: Iterable[str]) -> list[Code]:
    """The codes of `codes/<value set>.tsv` in the folder. Raises InvalidInput for what can't be read."""
    if not (folder / "codes").is_dir():
        raise InvalidInput(f"{folder} has no folder named codes; make it, or unset FABRIC_PREVENTIVE_CODES.")
    names, found = set(known), []
    for path in sorted((folder / "codes").glob("*.tsv")):
        if path.stem not in names:
            raise InvalidInput(f"{path} adds to no known value set; docs/preventive.md lists their names.")
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} can't be read as UTF-8 text; save it again as UTF-8.") from error
        for number, line in enumerate(text.splitlines(), 1):
            cells = [cell.strip() for cell in line.split("\t")]
            if line.startswith("#") or not any(cells):
                continue
            if len(cells) < 2 or not all(cells[:2]):
                column = 1 if not cells[0] else 2
                raise InvalidInput(
                    f"{path}, line {number}, column {column}: is empty; write two columns, system and code, with a tab "
                    "between."
                )
            found.append(Code(path.stem, "measure", short_name(cells[0]), cells[1], "licensed table"))
    return found


def licensed_folder() -> Path | None:
    """Where the clinic's licensed codes lie: what was imported counts, else the folder that the settings name."""
    return installed("preventive-codes") or settings().preventive_codes


@functools.lru_cache(maxsize=4)
def value_sets(licensed: Path | None = None) -> ValueSets:
    """The shipped sets, with the clinic's own codes added where a folder is given. Loaded once for each folder."""
    codes = read()
    if licensed is not None:
        codes += read_licensed(licensed, {c.value_set for c in codes})
    return ValueSets(codes)
