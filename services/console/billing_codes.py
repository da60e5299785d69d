"""One encounter's codes on the page Billing: what is suggested, what this person has made of it, what is to be said of
that, and sending it to the approval queue."""

from __future__ import annotations

import datetime as dt
import functools
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.accounts.roles import Principal
from services.bots.billing_code_suggester.chosen import (
    MOST_MODIFIERS,
    MOST_POINTERS,
    Chosen,
    Line,
    command_of,
    suggested_set,
)
from services.bots.billing_code_suggester.handler import suggested, told
from services.bots.billing_code_suggester.past import captured
from services.bots.billing_code_suggester.proposing import described
from services.bots.billing_code_suggester.remarks import Circumstances, Remark, remarks
from services.bots.billing_code_suggester.schemas import BillingInput, BillingOutput, Modifier
from services.bots.billing_code_suggester.suggesting import Suggested, person
from services.bots.billing_code_suggester.supporting import supports
from services.bots.billing_code_suggester.working import WorkStore
from services.bots.context import read_input
from services.commands.processor import process
from services.console.billing_held import held_of, held_set, whole
from services.errors import Forbidden, InvalidInput, PreconditionFailed
from services.fhir.database import Database
from services.knowledge.billing import cpt, fees, finding, hcc, ncci, tables
from services.knowledge.billing.finding import Hit
from services.knowledge.billing.icd10 import RELEASE, icd10
from services.runtime.system import system

_SERVICE = re.compile(r"\d{4}[0-9A-Z]|[A-Z]\d{4}")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
MOST_UNITS = 999

__all__ = ["RELEASE", "Chosen", "Hit", "Line", "Remark"]


@dataclass(frozen=True, slots=True)
class Category:
    """A risk adjustment category of a diagnosis: information, never a reason to code. `earlier`: whether a claim of this
    calendar year has it already."""

    code: str
    number: str
    label: str
    earlier: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What the clinic's own fee table says; `missing` codes aren't in it."""

    amount: Decimal
    currency: str
    rvu: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """What the page shows. `state`: open, waiting or coded, `held` the reference of the Task or Claim; `stale`: the suggestion has changed since this person began; `others`: who works on it too;
    `left_out`: suggested codes that aren't in the set."""

    patient: str
    encounter: str
    state: str
    held: str
    found: Suggested
    output: BillingOutput
    chosen: Chosen
    remarks: tuple[Remark, ...]
    edited: bool
    stale: bool
    others: tuple[str, ...]
    left_out: tuple[str, ...]
    categories: tuple[Category, ...]
    total: Total | None

    @property
    def stopped(self) -> bool:
        return any(r.weight == "stop" for r in self.remarks)


def ask(principal: Principal, patient_id: str, encounter_id: str) -> tuple[Suggested, BillingOutput]:
    """What the bot says now. Raises PatientNotFound, InvalidInput (no such encounter of this patient), Forbidden."""
    whole(principal)
    asked = read_input(BillingInput, {"patientId": patient_id, "encounterId": encounter_id, "includeHistoricalAnalysis": True})
    found = suggested(system().context(principal), asked)
    return found, told(found, asked)


def opened(principal: Principal, patient_id: str, encounter_id: str) -> Codes:
    """What waits or was claimed; else the person's own set; else the suggestion. Raises what `ask` raises."""
    found, output = ask(principal, patient_id, encounter_id)
    begun = suggested_set(output)
    repository = whole(principal)
    state, held_as = held_of(repository, patient_id, encounter_id)
    work = _store().of(encounter_id, principal.id) if state == "open" else None
    chosen = work.chosen if work else begun if state == "open" else held_set(repository, held_as)
    held = {*chosen.diagnoses, *(s.code for s in chosen.services)}
    offered = [d.code for d in output.icd10_codes] + [c.code for c in output.cpt_codes]
    said = [*remarks(chosen, _circumstances(found), ncci.current()), *_undocumented(found, chosen, offered)]
    return Codes(
        patient_id, encounter_id, state, held_as, found, output, chosen, tuple(said),
        edited=chosen != begun, stale=work is not None and work.basis != begun.digest(),
        others=tuple(_store().others(encounter_id, principal.id)),
        left_out=tuple(dict.fromkeys(c for c in offered if c not in held)),
        categories=_categories(found, chosen), total=_total(chosen),
    )  # fmt: skip


@functools.lru_cache(maxsize=1)
def _kept_in(database: Database) -> WorkStore:
    return WorkStore(database)


def _store() -> WorkStore:
    return _kept_in(system().database)


def _circumstances(found: Suggested) -> Circumstances:
    sex, age = person(found.visit)
    return Circumstances(sex, age, found.visit.start, found.visit.kind == "VR")


def _undocumented(found: Suggested, chosen: Chosen, offered: Sequence[str]) -> Iterator[Remark]:
    """Diagnoses that were added by hand and that nothing in the record speaks for."""
    for code in chosen.diagnoses:
        if code not in offered and not supports(found.visit, code):
            yield Remark("mind", (code,), f"{code}: no problem or note that was found here speaks for it. Only what is documented is "
                         "coded.", "ICD-10-CM Official Guidelines FY2026, IV.J")  # fmt: skip


def _categories(found: Suggested, chosen: Chosen) -> tuple[Category, ...]:
    known = [(code, hcc.of(code)) for code in chosen.diagnoses]
    before = captured(found.visit) if any(c for _, c in known) else frozenset()
    earlier = {c.number for c in map(hcc.of, before) if c}
    return tuple(Category(code, c.number, c.label, c.number in earlier) for code, c in known if c)


def _total(chosen: Chosen) -> Total | None:
    known = fees.current()
    if not known:
        return None
    held = [(s, known[s.code]) for s in chosen.services if s.code in known]
    units = [fee.rvu * s.units for s, fee in held if fee.rvu is not None]
    return Total(
        sum((fee.amount * s.units for s, fee in held), Decimal(0)), next(iter(known.values())).currency,
        sum(units, Decimal(0)) if units else None, tuple(s.code for s in chosen.services if s.code not in known),
    )  # fmt: skip


# Words for the page


def display(code: str) -> str:
    """A diagnosis's official title; of a service the clinic's descriptor, or our own words."""
    return icd10().display(code) if icd10().written(code) == code else described(code)


def is_visit(code: str) -> bool:
    return code in tables.visit_codes()


def search(text: str) -> list[Hit]:
    """Diagnosis codes by code or words, as somebody types."""
    return finding.find(text, 12)


def more_specific(code: str) -> list[Hit]:
    """What stands right below a code."""
    return finding.below(code)


def same_category(code: str) -> list[Hit]:
    """The other billable codes of a diagnosis's category."""
    return finding.beside(code)


def modifier_words(symbol: str) -> str:
    known = tables.modifiers().get(symbol)
    return f"{symbol} · {known.meaning}" if known else symbol


def modifiers_for(code: str) -> list[str]:
    """The modifiers that fit a service."""
    kind = "visit" if is_visit(code) else "service"
    return [m.symbol for m in tables.modifiers().values() if m.fits in ("any", kind)]


def suggested_modifiers(codes: Codes, code: str) -> list[Modifier]:
    return [m for m in codes.output.modifiers or () if m.code == code]


# Changing the set. Each change is kept at once.


def change(principal: Principal, patient_id: str, encounter_id: str, how: Callable[[Chosen], Chosen]) -> None:
    """Raises Forbidden; PatientNotFound and InvalidInput where there is no such encounter of the patient."""
    principal.require("write")
    output = ask(principal, patient_id, encounter_id)[1]
    begun = suggested_set(output)
    with system().database.write():
        work = _store().of(encounter_id, principal.id)
        chosen = how(work.chosen if work else begun)
        basis = work.basis if work else begun.digest()
        _store().keep(encounter_id, principal.id, principal.name, chosen, basis)


def start_again(principal: Principal, encounter_id: str) -> None:
    """From the suggestion as it is now."""
    principal.require("write")
    _store().drop(encounter_id, principal.id)


def put_back(principal: Principal, codes: Codes, code: str) -> None:
    """A suggested code that was left out."""
    line = next((s for s in suggested_set(codes.output).services if s.code == code), None)

    def changed(chosen: Chosen) -> Chosen:
        if line is None:
            return chosen.with_diagnosis(code)
        return chosen.with_line(replace(line, diagnoses=tuple(d for d in line.diagnoses if d in chosen.diagnoses)))

    change(principal, codes.patient, codes.encounter, changed)


def add_diagnosis(principal: Principal, codes: Codes, code: str) -> None:
    """Raises InvalidInput where it is no billable code."""
    if not icd10().billable(code):
        raise InvalidInput(f"{code} is no billable code of ICD-10-CM ({RELEASE}).")
    change(principal, codes.patient, codes.encounter, lambda chosen: chosen.with_diagnosis(code))


def replace_diagnosis(principal: Principal, codes: Codes, code: str, other: str) -> None:
    """Raises InvalidInput where the other one is no billable code."""
    if not icd10().billable(other):
        raise InvalidInput(f"{other} is no billable code of ICD-10-CM ({RELEASE}).")
    change(principal, codes.patient, codes.encounter, lambda chosen: chosen.with_other_diagnosis(code, other))


def add_service(principal: Principal, codes: Codes, typed: str) -> str:
    """By its code; the code as it was added. Raises InvalidInput with words for the person."""
    code = typed.strip().upper()
    if not _SERVICE.fullmatch(code):
        raise InvalidInput("A CPT code has five characters such as 99213, a HCPCS code a letter and four digits such as G0439.")
    if cpt.current() and code[0].isdigit() and code not in cpt.current():
        raise InvalidInput(f"{code} isn't in the clinic's CPT table.")
    if any(s.code == code for s in codes.chosen.services):
        raise InvalidInput(f"{code} is in the list already; change its units or modifiers.")
    change(principal, codes.patient, codes.encounter, lambda chosen: chosen.with_line(Line(code, 1, (), chosen.diagnoses[:1])))
    return code


def change_service(principal: Principal, codes: Codes, line: Line) -> None:
    """Raises InvalidInput."""
    wrong = [m for m in line.modifiers if not _MODIFIER.fullmatch(m)]
    if wrong:
        raise InvalidInput(f"{', '.join(wrong)}: a modifier has two letters or digits.")
    if len(line.modifiers) > MOST_MODIFIERS or len(line.diagnoses) > MOST_POINTERS:
        raise InvalidInput(f"A line takes {MOST_MODIFIERS} modifiers and points to {MOST_POINTERS} diagnoses.")
    if not 1 <= line.units <= MOST_UNITS:
        raise InvalidInput(f"Units are 1 to {MOST_UNITS}.")

    def changed(chosen: Chosen) -> Chosen:
        return chosen.with_line(replace(line, diagnoses=tuple(d for d in chosen.diagnoses if d in line.diagnoses)))

    change(principal, codes.patient, codes.encounter, changed)


def send(principal: Principal, patient_id: str, encounter_id: str, digest: str) -> str:
    """Propose the set, as it was shown (`digest`); the Task's reference. The same set that waits already, as after the
    second click of a double click, isn't sent again.

    Raises PreconditionFailed where the set has changed, or the encounter waits already or has a claim; InvalidInput where
    it can't be sent so; what `process` raises.
    """
    principal.require("write")
    parts, repository = system(), whole(principal)
    with parts.database.write():
        codes = opened(principal, patient_id, encounter_id)
        if codes.state == "waiting" and codes.chosen.digest() == digest:
            return codes.held
        if codes.state != "open":
            where = "wait in the approval queue already" if codes.state == "waiting" else f"are in {codes.held} already"
            raise PreconditionFailed(f"The codes of this encounter {where}.")
        if codes.chosen.digest() != digest:
            raise PreconditionFailed("The codes have changed since they were shown. Look at them again.")
        if codes.stopped:
            raise InvalidInput(next(r.message for r in codes.remarks if r.weight == "stop"))
        if codes.found.visit.entry.status != "finished":
            raise InvalidInput("The encounter isn't finished.")
        said = [f"{r.message} ({r.source})" for r in codes.remarks if r.weight == "wrong"]
        command = command_of(codes.chosen, codes.output, patient_id, encounter_id, said)
        command["commandId"] = str(uuid.uuid4())  # what was rejected once may be sent again; the state above keeps it to one
        answer = process(parts.desk, command, principal, repository)
        if answer["action"] == "blocked":
            raise Forbidden(f"It can't be proposed: {answer['blockReason']}")
        _store().drop(encounter_id)
    return f"Task/{answer['taskId']}" if answer.get("taskId") else str(answer.get("executedResource") or "")


def draft(codes: Codes) -> dict:
    """The set as the command that would be sent, for an export."""
    return {**command_of(codes.chosen, codes.output, codes.patient, codes.encounter), "createdAt": _now()}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
