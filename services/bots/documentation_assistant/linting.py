"""The lint of a finished note: error-prone abbreviations and numbers (ISMP), told as warnings."""

from __future__ import annotations

from collections.abc import Sequence

from services.bots.documentation_assistant.model import Notice, Section
from services.knowledge.error_prone import error_prone


def lint(sections: Sequence[Section]) -> list[Notice]:
    """A warning for each error-prone expression of a section, with what to write instead and whose words they are."""
    found: dict[str, None] = {}
    for section in sections:
        for line in section.lines:
            whose = "the clinician's words" if line.own else "quoted" if line.quoted else "as recorded"
            for hit in error_prone(line.text, written=not (line.own or line.quoted)):
                found[
                    f"Error-prone: “{hit.said}” in {section.title} ({whose}). Write {hit.instead} ({hit.why})."
                ] = None
    return [Notice("wording", text) for text in found]
