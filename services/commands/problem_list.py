"""Finding a problem on the list by the code that a command gives."""

from __future__ import annotations

from services.chart.chart import Chart
from services.chart.entry import Entry
from services.commands.schemas import ICD10, ConditionCode
from services.index.text import values
from services.knowledge.lexicon import system_name


def matching(chart: Chart, condition: ConditionCode) -> list[Entry]:
    """The patient's Conditions of this very code; of the same name where none of them carries a code of its system."""
    wanted = _bare(condition.system, condition.code)
    conditions = [e for e in chart.entries("condition") if e.status not in ("refuted", "none-known")]
    exact, named = [], []
    for entry in conditions:
        codings = [(system_name(s or ""), c) for s, c in values.codings(entry.resource.get("code")) if c]
        if wanted in [(s, _bare_code(s, c)) for s, c in codings]:
            exact.append(entry)
        elif (
            not any(s == wanted[0] for s, _ in codings)
            and entry.name.casefold() == condition.display.casefold()
        ):
            named.append(entry)
    return exact or named


def _bare(system: str, code: str) -> tuple[str, str]:
    name = system_name(system)
    return name, _bare_code(name, code)


def _bare_code(name: str, code: str) -> str:
    return code.replace(".", "").upper() if name == system_name(ICD10) else code
