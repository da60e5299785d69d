"""Each type of resource as entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from services.chart import results
from services.chart.entry import Entry
from services.chart.making import Naming, encounter_start, entry_of, reason_of
from services.chart.medicines import medicine
from services.chart.naming import concepts_of
from services.chart.others import coverage, device, plain, plan, specimen
from services.chart.visits import visit
from services.index.text import clinical, values
from services.index.text.context import Context, withdrawn
from services.index.text.model import Resolve

KINDS: dict[str, tuple[str, ...]] = {
    "result": ("Observation",),
    "medication": ("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    "condition": ("Condition",),
    "allergy": ("AllergyIntolerance",),
    "procedure": ("Procedure",),
    "immunization": ("Immunization",),
    "encounter": ("Encounter",),
    "report": ("DiagnosticReport", "ImagingStudy"),
    "document": ("DocumentReference", "Composition"),
    "family": ("FamilyMemberHistory",),
    "plan": ("CarePlan",),
    "goal": ("Goal",),
    "order": ("ServiceRequest",),
    "appointment": ("Appointment",),
    "patient": ("Patient",),
    "coverage": ("Coverage",),
    "claim": ("Claim", "ExplanationOfBenefit"),
    "device": ("Device", "DeviceUseStatement"),
    "specimen": ("Specimen",),
}
"""Kind of entry → the resource types that it is made from."""
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}


def build(
    resource: dict[str, Any],
    version: str,
    resolve: Resolve,
    names: dict[tuple[str | None, str], str] | None = None,
    sound: bool = False,
) -> Iterable[Entry]:
    """The entries of a resource; none where it is withdrawn or of no kind known here.

    `names`: of what was resolved before (see `Naming`); `sound`: it is known that the resource isn't withdrawn.
    """
    kind = KIND_OF.get(str(resource.get("resourceType")))
    if kind is None or (not sound and withdrawn(resource)):
        return ()
    if kind == "result":
        return results.entries(resource, version)
    maker = _MAKERS.get(kind, plain)
    return (maker(kind, resource, version, Naming(resource, resolve, {} if names is None else names)),)


def _condition(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code")
    clinical_status = values.code(resource.get("clinicalStatus"))
    verified = values.code(resource.get("verificationStatus"))
    ended = values.when_iso(resource, "abatement")
    recorded = values.iso(resource.get("recordedDate"))
    onset = values.when_iso(resource, "onset")
    visited = None if onset or recorded else encounter_start(resource, context)
    status = clinical_status or ("resolved" if ended else "")
    if verified in ("refuted", "unconfirmed", "provisional", "differential"):
        status = verified
    if clinical.absence(code):
        status = "none-known"
    stages = [values.concept(stage.get("summary")) for stage in values.objs(resource.get("stage"))]
    return entry_of(
        kind, resource, version, values.concept(code) or "Condition without a name", code,
        date=onset or recorded or visited, end=ended, status=status,
        about=values.concepts(resource.get("bodySite")),
        extra={
            "recorded": recorded,
            "coded": visited,
            "onset": onset,
            "onset_text": values.when(resource, "onset"),
            "clinical": clinical_status,
            "severity": values.concept(resource.get("severity")),
            "stage": ", ".join(filter(None, stages)),
            "who": context.name(resource.get("recorder")) or context.name(resource.get("asserter")),
            "category": values.concepts(resource.get("category")),
        },
    )  # fmt: skip


def _allergy(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code")
    reactions = values.objs(resource.get("reaction"))
    substances = [values.concept(item.get("substance")) for item in reactions]
    name = values.concept(code) or ", ".join(dict.fromkeys(filter(None, substances)))
    verified = values.code(resource.get("verificationStatus"))
    status = values.code(resource.get("clinicalStatus")) or "active"
    if verified == "refuted":
        status = "refuted"
    if clinical.absence(code):
        status = "none-known"
    shown = [values.concepts(item.get("manifestation")) for item in reactions]
    severe = [values.code(item.get("severity")) for item in reactions]
    return entry_of(
        kind, resource, version, name or "Allergy without a name", code,
        date=values.iso(resource.get("recordedDate")) or values.when_iso(resource, "onset"), status=status,
        extra={
            "reaction": ", ".join(filter(None, shown)),
            "severity": ", ".join(filter(None, severe)),
            "criticality": values.code(resource.get("criticality")),
            "category": ", ".join(map(values.string, values.many(resource.get("category")))),
            "verified": verified,
        },
    )  # fmt: skip


def _procedure(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    period = values.obj(resource.get("performedPeriod"))
    return entry_of(
        kind, resource, version, values.concept(resource.get("code")) or "Procedure without a name",
        resource.get("code"),
        date=values.when_iso(resource, "performed") or encounter_start(resource, context),
        end=values.iso(period.get("end")),
        status=values.code(resource.get("status")),
        about=values.concepts(resource.get("bodySite")),
        extra={
            "reason": reason_of(resource, context),
            "who": context.people(resource.get("performer"), "actor"),
            "where": context.name(resource.get("location")),
            "outcome": values.concept(resource.get("outcome")),
            "why_status": values.concept(resource.get("statusReason")),
        },
    )  # fmt: skip


def _immunization(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    return entry_of(
        kind, resource, version, values.concept(resource.get("vaccineCode")) or "Vaccine without a name",
        resource.get("vaccineCode"),
        date=values.when_iso(resource, "occurrence") or values.iso(resource.get("recorded")),
        status=values.code(resource.get("status")),
        extra={
            "why_status": values.concept(resource.get("statusReason")),
            "who": context.people(resource.get("performer"), "actor"),
            "lot": values.string(resource.get("lotNumber")),
        },
    )  # fmt: skip


def _report(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code") or resource.get("procedureCode")
    return entry_of(
        kind, resource, version,
        values.concept(code) or values.string(resource.get("description")) or _study(resource) or "Report without a name", code,
        date=values.when_iso(resource, "effective") or values.iso(resource.get("issued") or resource.get("started")),
        status=values.code(resource.get("status")),
        about=values.concepts(resource.get("category")),
        extra={
            "conclusion": values.prose(resource.get("conclusion")),
            "who": context.names(resource.get("resultsInterpreter")) or context.names(resource.get("performer")),
            "results": [r.get("reference") for r in values.objs(resource.get("result"))],
            "studies": [r.get("reference") for r in values.objs(resource.get("imagingStudy"))],
        },
    )  # fmt: skip


def _study(resource: dict[str, Any]) -> str:
    """An ImagingStudy by how it was taken and of what: "Digital Radiography, Arm"; "" where neither is told."""
    series = values.objs(resource.get("series"))
    ways = values.concepts(resource.get("modality")) or values.concepts([s.get("modality") for s in series])
    return ", ".join(filter(None, (ways, values.concepts([s.get("bodySite") for s in series]))))


def _document(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    period = values.obj(values.obj(resource.get("context")).get("period"))
    return entry_of(
        kind, resource, version,
        values.concept(resource.get("type"))
        or values.string(resource.get("description") or resource.get("title"))
        or "Document",
        resource.get("type"),
        date=values.iso(resource.get("date")) or values.iso(period.get("start")),
        status=values.code(resource.get("status")),
        about=values.string(resource.get("description")),
        extra={"who": context.names(resource.get("author"))},
    )  # fmt: skip


def _family(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    relative = values.concept(resource.get("relationship")) or "relative"
    found = []
    for item in values.objs(resource.get("condition")):
        onset = values.when(item, "onset")
        found.append((values.concept(item.get("code")), onset))
    names = "; ".join(name for name, _ in found if name)
    own, named = concepts_of(
        "condition", values.codings([i.get("code") for i in values.objs(resource.get("condition"))]), names
    )
    return Entry(
        kind, "FamilyMemberHistory", str(resource.get("id")), version, relative, resource, own, named,
        date=values.iso(resource.get("date")), status=values.code(resource.get("status")), about=names,
        extra={"found": found, "relative": relative},
    )  # fmt: skip


_MAKERS: dict[str, Callable[[str, dict[str, Any], str, Context], Entry]] = {
    "medication": medicine,
    "condition": _condition,
    "allergy": _allergy,
    "procedure": _procedure,
    "immunization": _immunization,
    "encounter": visit,
    "report": _report,
    "document": _document,
    "family": _family,
    "plan": plan,
    "coverage": coverage,
    "claim": coverage,
    "device": device,
    "specimen": specimen,
}
