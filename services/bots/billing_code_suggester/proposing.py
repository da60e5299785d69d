"""The codes as one SuggestBillingCodes command."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from services.bots.billing_code_suggester.suggesting import Suggested
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10

MODEL = "billing-code-suggester"
_NAMESPACE = uuid.UUID("5b0f4c5e-6c2b-5f0e-9d55-1c9a7e0f2b61")
_MOST_CODES, _MOST_EVIDENCE = 50, 100


def command(suggested: Suggested) -> dict[str, Any] | None:
    """None where there is nothing to propose. The id is that of the codes and of what they rest on, so that the same
    is proposed once. HCPCS codes are left out: the command knows CPT and ICD-10-CM."""
    codes = [
        {
            "code": d.code,
            "system": "ICD-10-CM",
            "display": icd10().display(d.code)[:500],
            "confidence": d.confidence,
        }
        for d in suggested.diagnoses
    ]
    codes += [{"code": v.code, "system": "CPT", "display": v.display, "confidence": v.confidence}
              for v in suggested.visits if v.code[0].isdigit()]  # fmt: skip
    codes += [{"code": p.code, "system": "CPT", "display": tables.described(p.code), "confidence": p.confidence}
              for p in suggested.procedures if p.code[0].isdigit()]  # fmt: skip
    codes = codes[:_MOST_CODES]
    if not codes:
        return None
    evidence: dict[str, dict[str, str]] = {}
    for holder in (*suggested.diagnoses, *suggested.visits, *suggested.procedures):
        for each in holder.supports:
            evidence.setdefault(each.reference, {"reference": each.reference, "version": each.version})
    visit, rests = suggested.visit, list(evidence.values())[:_MOST_EVIDENCE]
    content = "\n".join(
        [visit.chart.patient_id, visit.entry.reference, *(f"{c['code']} {c['confidence']}" for c in codes),
         *sorted(f"{e['reference']}/{e['version']}" for e in rests)]
    )  # fmt: skip
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {
        "command": "SuggestBillingCodes",
        "commandId": str(uuid.uuid5(_NAMESPACE, digest)),
        "patientId": visit.chart.patient_id,
        "encounterId": visit.entry.id,
        "suggestedCodes": codes,
        "confidence": round(sum(c["confidence"] for c in codes) / len(codes), 4),
        "requiresApproval": True,
        "aiModel": MODEL,
        "evidence": rests,
    }
