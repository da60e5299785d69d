"""A draft being made: section by section, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from services.accounts.roles import Principal
from services.bots.context import read_input
from services.bots.documentation_assistant.handler import sources_of
from services.bots.documentation_assistant.kinds import KINDS, left_out
from services.bots.documentation_assistant.making import make
from services.bots.documentation_assistant.model import Section
from services.bots.documentation_assistant.saving import save
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.errors import FabricError, InvalidInput
from services.runtime.system import system

log = logging.getLogger("fabric")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says. `flags` are those of medications, vitals and results that are to be in."""

    patient: str
    encounter: str
    type: str
    format: str = ""
    flags: frozenset[str] = frozenset(["Medications", "Vitals", "LabResults"])
    words: dict[str, str] = field(default_factory=dict)
    transcript: str = ""
    specialty: str = ""
    urgency: str = "routine"
    model: bool = True

    def asked(self) -> DocAssistantInput:
        """Raises InvalidInput that names what is wrong."""
        if not self.encounter:
            raise InvalidInput("Choose the encounter that the note is about.")
        value = {
            "patientId": self.patient, "encounterId": self.encounter, "documentationType": self.type,
            "format": self.format or None, "generate": self.model, "transcript": self.transcript.strip() or None,
            "clinicianInput": {k: v for k, v in self.words.items() if v.strip()},
            **{f"include{flag}": flag in self.flags for flag in ("Medications", "Vitals", "LabResults")},
        }  # fmt: skip
        if self.type == "referral" and self.specialty.strip():
            value["referralDetails"] = {"specialty": self.specialty, "urgency": self.urgency}
        return read_input(DocAssistantInput, value)


class Making:
    """Follow it by `sections` and `step`; when it is `over` there is `draft` or `problem`."""

    def __init__(self, principal: Principal, wanted: Wanted) -> None:
        """Raises InvalidInput and Forbidden at once."""
        principal.require("write")
        asked = wanted.asked()
        self.sections: list[Section] = []
        self.total = len([k for k in KINDS[asked.documentation_type].sections if k not in left_out(asked)])
        self.step, self.draft, self.problem = "Reading the record", "", ""
        self._over = threading.Event()
        threading.Thread(target=self._run, args=(principal, asked), name="fabric-draft", daemon=True).start()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    @property
    def share(self) -> float:
        """0–1. Sections that hold nothing are left out, so the last ones come at once."""
        return min(1.0, len(self.sections) / max(1, self.total))

    def wait(self, seconds: float) -> bool:
        return self._over.wait(seconds)

    def _run(self, principal: Principal, asked: DocAssistantInput) -> None:
        try:
            context = system().context(principal)

            def done(section: Section) -> None:
                self.sections.append(section)
                self.step = section.title

            made = make(context, asked, done)
            self.step = "Saving"
            text = made.body(asked).text(whose=True)
            with context.repository.transaction():
                self.draft = save(context, made, asked, text, sources_of(made.header, made.note))
                context.audit.write(
                    "note_drafted", action="C", patient_id=asked.patient_id, agent=principal,
                    details={"note": self.draft, "type": asked.documentation_type, "model": made.model},
                )  # fmt: skip
        except FabricError as error:
            self.draft, self.problem = "", error.message
        except Exception as error:
            log.error("a draft could not be made: %s", type(error).__name__)  # its text may be a patient's
            self.draft, self.problem = "", "This draft can't be made because of a fault in the console. Nothing was written."
        finally:
            self._over.set()
