"""The codes as one SuggestBillingCodes command."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from services.bots.billing_code_suggester.suggesting import Suggested
from services.knowledge.billing import cpt, tables
from services.knowledge.billing.icd10 import icd10

MODEL = "billing-code-suggester"
_NAMESPACE = uuid.UUID("5b0f4c5e-6c2b-5f0e-9d55-1c9a7e0f2b61")
MOST_CODES, MOST_EVIDENCE = 50, 100


def system_of(code: str) -> str:
    return "CPT" if code[0].isdigit() else "HCPCS"


def described(code: str) -> str:
    """The clinic's licensed descriptor where it has imported them; else our own words."""
    listed = cpt.current().get(code)
    return listed.descriptor[:500] if listed else tables.described(code)


def command(suggested: Suggested, services: Sequence[dict[str, Any]] = ()) -> dict[str, Any] | None:
    """None where there is nothing to propose. The id is that of the codes and of what they rest on, so that the same
    is proposed once. `services`: the lines of the claim, with their modifiers; HCPCS codes stand in them alone."""
    codes = [
        {
            "code": d.code,
            "system": "ICD-10-CM",
            "display": icd10().display(d.code)[:500],
            "confidence": d.confidence,
        }
        for d in suggested.diagnoses
    ]
    codes += [{"code": v.code, "system": "CPT", "display": described(v.code), "confidence": v.confidence}
              for v in suggested.visits if v.code[0].isdigit()]  # fmt: skip
    codes += [{"code": p.code, "system": "CPT", "display": described(p.code), "confidence": p.confidence}
              for p in suggested.procedures if p.code[0].isdigit()]  # fmt: skip
    codes = codes[:MOST_CODES]
    if not codes:
        return None
    evidence: dict[str, dict[str, str]] = {}
    for holder in (*suggested.diagnoses, *suggested.visits, *suggested.procedures):
        for each in holder.supports:
            evidence.setdefault(each.reference, {"reference": each.reference, "version": each.version})
    visit, rests = suggested.visit, list(evidence.values())[:MOST_EVIDENCE]
    content = "\n".join(
        [visit.chart.patient_id, visit.entry.reference, *(f"{c['code']} {c['confidence']}" for c in codes),
         *sorted(f"{e['reference']}/{e['version']}" for e in rests), *map(str, services)]
    )  # fmt: skip
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {
        "command": "SuggestBillingCodes",
        "commandId": str(uuid.uuid5(_NAMESPACE, digest)),
        "patientId": visit.chart.patient_id,
        "encounterId": visit.entry.id,
        "suggestedCodes": codes,
        **({"services": list(services)} if services else {}),
        "confidence": round(sum(c["confidence"] for c in codes) / len(codes), 4),
        "requiresApproval": True,
        "aiModel": MODEL,
        "evidence": rests,
    }
