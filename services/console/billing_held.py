"""What is held of an encounter's codes already: a proposal that waits, or a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.accounts.roles import Principal
from services.bots.billing_code_suggester.chosen import Chosen, Line
from services.bots.billing_code_suggester.services import licensed
from services.commands.schemas import SuggestBillingCodes
from services.commands.tasks import SYSTEM, command_of
from services.errors import FabricError, Forbidden
from services.fhir.repository import Repository, Resource
from services.index.text import values
from services.knowledge.billing.icd10 import icd10
from services.knowledge.lexicon import system_name
from services.runtime.system import system

MOST = 1_000
_VOID = frozenset(["cancelled", "entered-in-error"])
_BATCH = 100


def whole(principal: Principal) -> Repository:
    """The record; codes rest on all of it. Raises Forbidden where this person sees a part only."""
    principal.require("search")
    repository = system().repository_for(principal)
    if repository.view:
        raise Forbidden("Codes rest on the whole record, of which your access policy shows you a part only.")
    return repository


def held_of(repository: Repository, patient: str, encounter: str) -> tuple[str, str]:
    """("open", "waiting" or "coded", reference of the Task or Claim) of an encounter, by its id."""
    if claim := claimed(repository, [f"Encounter/{encounter}"]).get(f"Encounter/{encounter}"):
        return "coded", claim
    task = proposed(repository, patient).get(encounter, "")
    return ("waiting", task) if task else ("open", "")


def held_set(repository: Repository, held: str) -> Chosen:
    """The codes of a proposal or a claim, as far as they are ICD-10-CM, CPT or HCPCS; none where it can't be read."""
    stored = repository.find(held)
    if stored is None:
        return Chosen()
    if stored.type == "Claim":
        return _of_claim(stored.resource)
    try:
        command = command_of(stored.resource)
    except FabricError:
        return Chosen()
    if not isinstance(command, SuggestBillingCodes):
        return Chosen()
    return Chosen(
        tuple(c.code for c in command.suggested_codes if c.system == "ICD-10-CM"),
        tuple(Line(s.code, s.units, tuple(s.modifiers), tuple(s.diagnoses)) for s in command.lines()),
    )


def _of_claim(claim: Resource) -> Chosen:
    places: dict[object, str] = {}
    for item in values.objs(claim.get("diagnosis")):
        coded = values.codings(item.get("diagnosisCodeableConcept"))
        code = next((icd10().written(c) for s, c in coded if system_name(s) == "icd10cm"), None)
        if code:
            places[item.get("sequence")] = code
    lines = []
    for item in values.objs(claim.get("item")):
        if code := licensed(item.get("productOrService")):
            units = values.amount(values.obj(item.get("quantity")).get("value")) or 1
            modifiers = (c for m in values.objs(item.get("modifier")) for _, c in values.codings(m))
            pointed = (places[n] for n in values.many(item.get("diagnosisSequence")) if n in places)
            lines.append(Line(code, max(1, int(units)), tuple(modifiers), tuple(pointed)))
    return Chosen(tuple(dict.fromkeys(places.values())), tuple(lines))


def proposed(repository: Repository, patient: str = "") -> dict[str, str]:
    """Encounter id → the Task that waits for a decision on its codes; of one patient, where that is asked."""
    params = [("patient", f"Patient/{patient}")] if patient else []
    params += [("code", f"{SYSTEM}|SuggestBillingCodes"), ("status", "requested"), ("_count", str(MOST))]
    found = {}
    for task in repository.search("Task", params).matches:
        try:
            found[getattr(command_of(task.resource), "encounter_id", "")] = task.reference
        except FabricError:
            continue
    return found


def claimed(repository: Repository, references: Sequence[str]) -> dict[str, str]:
    """Encounter → a Claim of it that counts."""
    found: dict[str, str] = {}
    for start in range(0, len(references), _BATCH):
        asked = references[start : start + _BATCH]
        page = repository.search("Claim", [("encounter", ",".join(asked)), ("_count", str(MOST))])
        for stored in page.matches:
            resource = stored.resource
            if resource.get("status") not in _VOID:
                found |= dict.fromkeys(_encounters(resource), stored.reference)
    return found


def _encounters(claim: Resource) -> Iterable[str]:
    for item in values.objs(claim.get("item")):
        for link in values.objs(item.get("encounter")):
            yield values.string(link.get("reference"))
