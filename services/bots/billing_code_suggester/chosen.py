"""The codes of an encounter as a person has them: begun from the suggestion, changed by hand, sent as one command."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from services.bots.billing_code_suggester.proposing import MOST_CODES, MOST_EVIDENCE, described, system_of
from services.bots.billing_code_suggester.schemas import BillingOutput
from services.knowledge.billing.icd10 import icd10

MODEL = "billing-code-suggester, edited by a person"
BY_HAND = 1.0
"""Confidence of a code that a person added: the person's own."""
_NAMESPACE = uuid.UUID("d0a8e2c7-54a8-5d1c-8f6e-3f1f6a3c9b12")
MOST_POINTERS, MOST_DIAGNOSES, MOST_MODIFIERS = 4, 12, 4
"""Of a line, and of a claim: CMS-1500 (NUCC instructions, items 21 and 24E)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A service. `diagnoses` are codes of the same set."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """`diagnoses`: ICD-10-CM codes, the first listed first."""

    diagnoses: tuple[str, ...] = ()
    services: tuple[Line, ...] = ()

    def wire(self) -> dict[str, Any]:
        return {
            "diagnoses": list(self.diagnoses),
            "services": [
                {"code": s.code, "units": s.units, "modifiers": list(s.modifiers), "diagnoses": list(s.diagnoses)}
                for s in self.services
            ],
        }  # fmt: skip

    @staticmethod
    def read(value: dict[str, Any]) -> Chosen:
        return Chosen(
            tuple(value["diagnoses"]),
            tuple(
                Line(s["code"], s["units"], tuple(s["modifiers"]), tuple(s["diagnoses"]))
                for s in value["services"]
            ),
        )

    def digest(self) -> str:
        return hashlib.sha256(orjson.dumps(self.wire())).hexdigest()

    # -- changes -----------------------------------------------------------------------------------

    def with_diagnosis(self, code: str) -> Chosen:
        """A further one, at the end."""
        return self if code in self.diagnoses else replace(self, diagnoses=(*self.diagnoses, code))

    def without_diagnosis(self, code: str) -> Chosen:
        return Chosen(
            tuple(d for d in self.diagnoses if d != code),
            tuple(replace(s, diagnoses=tuple(d for d in s.diagnoses if d != code)) for s in self.services),
        )

    def with_other_diagnosis(self, code: str, other: str) -> Chosen:
        """The other one in its place, where it points to it as well."""
        if other in self.diagnoses:
            return self.without_diagnosis(code)

        def changed(codes: Iterable[str]) -> tuple[str, ...]:
            return tuple(other if c == code else c for c in codes)

        lines = tuple(replace(s, diagnoses=changed(s.diagnoses)) for s in self.services)
        return Chosen(changed(self.diagnoses), lines)

    def moved(self, code: str, by: int) -> Chosen:
        """The diagnosis so many places later (earlier where negative)."""
        order = list(self.diagnoses)
        if code in order:
            place = order.index(code)
            order.insert(max(0, min(len(order) - 1, place + by)), order.pop(place))
        return replace(self, diagnoses=tuple(order))

    def with_line(self, line: Line) -> Chosen:
        """The line in the place of the one of its code, or at the end."""
        if all(s.code != line.code for s in self.services):
            return replace(self, services=(*self.services, line))
        return replace(self, services=tuple(line if s.code == line.code else s for s in self.services))

    def without_line(self, code: str) -> Chosen:
        return replace(self, services=tuple(s for s in self.services if s.code != code))


def suggested_set(output: BillingOutput) -> Chosen:
    """What the bot suggests, as a set to begin from: each service once."""
    codes = tuple(d.code for d in output.icd10_codes)
    lines: dict[str, Line] = {}
    for each in output.cpt_codes:
        held = lines.get(each.code)
        pointers = tuple(d for d in codes if d in each.supporting_diagnoses)[:MOST_POINTERS]
        modifiers, units = _modifiers(each.code, output), each.units + (held.units if held else 0)
        if "50" in modifiers:
            units = 1  # both sides are one unit
        lines[each.code] = Line(each.code, units, modifiers, held.diagnoses if held else pointers)
    return Chosen(codes, tuple(lines.values()))


def _modifiers(code: str, output: BillingOutput) -> tuple[str, ...]:
    found = list(dict.fromkeys(m.modifier for m in output.modifiers or () if m.code == code))
    if {"LT", "RT"} <= set(found):
        found = ["50", *(m for m in found if m not in ("LT", "RT", "50"))]
    return tuple(found[:MOST_MODIFIERS])


def command_of(
    chosen: Chosen, output: BillingOutput, patient_id: str, encounter_id: str, remarks: Sequence[str] = ()
) -> dict[str, Any]:
    """The set as a SuggestBillingCodes command, with what the bot had suggested beside it. The same set on the same
    evidence has the same id, so that it is proposed once."""
    trust = {d.code: d.confidence for d in output.icd10_codes} | {c.code: c.confidence for c in output.cpt_codes}
    codes = [
        {"code": d, "system": "ICD-10-CM", "display": icd10().display(d)[:500], "confidence": trust.get(d, BY_HAND)}
        for d in chosen.diagnoses
    ]  # fmt: skip
    codes += [
        {"code": s.code, "system": "CPT", "display": described(s.code), "confidence": trust.get(s.code, BY_HAND)}
        for s in chosen.services if system_of(s.code) == "CPT"
    ]  # fmt: skip
    kept = {*chosen.diagnoses, *(s.code for s in chosen.services)}
    evidence: dict[str, dict[str, str]] = {}
    for each in (*output.icd10_codes, *output.cpt_codes):
        for item in each.evidence if each.code in kept else ():
            evidence.setdefault(item.reference, {"reference": item.reference, "version": item.version})
    content = {
        "patientId": patient_id,
        "encounterId": encounter_id,
        "suggestedCodes": codes[:MOST_CODES],
        "services": lines_of(chosen),
        "botSuggested": suggested_codes(output)[:100],
        **({"remarks": [r[:500] for r in remarks][:100]} if remarks else {}),
        "evidence": list(evidence.values())[:MOST_EVIDENCE],
    }  # fmt: skip
    return {
        "command": "SuggestBillingCodes",
        "commandId": str(uuid.uuid5(_NAMESPACE, hashlib.sha256(orjson.dumps(content)).hexdigest())),
        "confidence": round(sum(c["confidence"] for c in codes) / max(1, len(codes)), 4),
        "requiresApproval": True,
        "aiModel": MODEL,
        **content,
    }


def lines_of(chosen: Chosen) -> list[dict[str, Any]]:
    """The services as a command has them."""
    return [
        {"code": s.code, "system": system_of(s.code), "display": described(s.code), "units": s.units,
         "modifiers": list(s.modifiers), "diagnoses": list(s.diagnoses)}
        for s in chosen.services
    ]  # fmt: skip


def suggested_codes(output: BillingOutput) -> list[dict[str, Any]]:
    """What the bot suggested, so that it can later be compared with what was chosen."""
    begun = {line.code: line for line in suggested_set(output).services}
    return [
        {"code": d.code, "system": "ICD-10-CM", "confidence": d.confidence} for d in output.icd10_codes
    ] + [
        {"code": c.code, "system": system_of(c.code), "confidence": c.confidence, "units": begun[c.code].units,
         "modifiers": list(begun[c.code].modifiers)}
        for c in output.cpt_codes
    ]  # fmt: skip
