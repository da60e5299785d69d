"""CodeableConcepts in few words."""

from __future__ import annotations

from typing import Any

from services.demo import codes

Resource = dict[str, Any]


def concept(text: str, **coded: str | None) -> Resource:
    """A CodeableConcept: our wording, with the codings given (icd=, sct=, loinc=, rx=, cvx=).

    A diagnosis is often worded more closely than its code, so ICD and SNOMED codings carry no display.
    """
    systems = {
        "icd": codes.ICD10,
        "sct": codes.SNOMED,
        "loinc": codes.LOINC,
        "rx": codes.RXNORM,
        "cvx": codes.CVX,
    }
    coding = []
    for kind, code in coded.items():
        if code:
            entry = {"system": systems[kind], "code": code}
            coding.append(entry if kind in ("icd", "sct") else entry | {"display": text})
    return {"coding": coding, "text": text} if coding else {"text": text}


def hl7(system: str, code: str, display: str | None = None) -> Resource:
    """A CodeableConcept of one HL7 terminology code."""
    coding = {"system": codes.HL7 + system, "code": code}
    if display:
        coding["display"] = display
    return {"coding": [coding]}
