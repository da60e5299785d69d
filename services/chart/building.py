"""Each type of resource as entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from services.chart import results
from services.chart.entry import Entry
from services.chart.naming import concepts_of
from services.index.text import clinical, values
from services.index.text.context import Context, withdrawn
from services.index.text.dosage import dosage_lines
from services.index.text.medications import medication

Resolve = Callable[[str], dict[str, Any] | None]

KINDS: dict[str, tuple[str, ...]] = {
    "result": ("Observation",),
    "medication": ("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    "condition": ("Condition",),
    "allergy": ("AllergyIntolerance",),
    "procedure": ("Procedure",),
    "immunization": ("Immunization",),
    "encounter": ("Encounter",),
    "report": ("DiagnosticReport", "ImagingStudy"),
    "document": ("DocumentReference",),
    "family": ("FamilyMemberHistory",),
    "plan": ("CarePlan",),
    "goal": ("Goal",),
    "order": ("ServiceRequest",),
    "appointment": ("Appointment",),
    "patient": ("Patient",),
}
"""Kind of entry → the resource types that it is made from."""
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}


def build(resource: dict[str, Any], version: str, resolve: Resolve) -> Iterable[Entry]:
    """The entries of a resource; none where it is withdrawn or of no kind known here."""
    kind = KIND_OF.get(str(resource.get("resourceType")))
    if kind is None or withdrawn(resource):
        return ()
    if kind == "result":
        return results.entries(resource, version)
    maker = _MAKERS.get(kind, _plain)
    return (maker(kind, resource, version, Context(resource, resolve)),)


def _entry(kind: str, resource: dict[str, Any], version: str, name: str, code: Any, **rest: Any) -> Entry:
    own, named = concepts_of(kind, values.codings(code), name)
    return Entry(
        kind, resource["resourceType"], str(resource.get("id")), version, name, resource, own, named, **rest
    )


def _medication(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    name, codings, _ = medication(resource, context)
    own, named = concepts_of(kind, tuple(codings), name)
    request = resource["resourceType"] == "MedicationRequest"
    doses = values.objs(resource.get("dosageInstruction" if request else "dosage"))
    bounds = [values.obj(values.obj(d.get("timing")).get("repeat")).get("boundsPeriod") for d in doses]
    ends = [values.iso(values.obj(b).get("end")) for b in bounds]
    date = values.iso(resource.get("authoredOn")) or values.when_iso(resource, "effective")
    date = date or values.iso(resource.get("dateAsserted"))
    period = values.obj(resource.get("effectivePeriod"))
    status = values.code(resource.get("status"))
    if values.true(resource.get("doNotPerform")):
        status = "do-not-give"
    elif values.code(resource.get("intent")) in ("proposal", "plan", "option"):
        status = "proposed"
    return Entry(
        kind, resource["resourceType"], str(resource.get("id")), version, name, resource, own, named,
        date=date,
        end=values.iso(period.get("end")) or next(filter(None, ends), None),
        status=status,
        about=" ".join(filter(None, (_reason(resource, context), values.concepts(resource.get("category"))))),
        extra={
            "dose": "; ".join(dosage_lines(doses, name)),
            "amounts": [_dose(d) for d in doses if _dose(d)],
            "reason": _reason(resource, context),
            "why_status": values.concepts(resource.get("statusReason")),
            "who": context.name(resource.get("requester")) or context.name(resource.get("informationSource")),
            "statement": not request,
        },
    )  # fmt: skip


def _dose(item: dict[str, Any]) -> tuple[float, str] | None:
    for rate in (*values.objs(item.get("doseAndRate")), item):
        quantity = values.obj(rate.get("doseQuantity"))
        amount = values.amount(quantity.get("value"))
        if amount is not None:
            return amount, values.string(quantity.get("code")) or values.string(quantity.get("unit"))
    return None


def _reason(resource: dict[str, Any], context: Context) -> str:
    coded = values.concepts(resource.get("reasonCode") or resource.get("reason"))
    linked = context.names(resource.get("reasonReference"))
    return ", ".join(dict.fromkeys(filter(None, (coded, linked))))


def _condition(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code")
    clinical_status = values.code(resource.get("clinicalStatus"))
    verified = values.code(resource.get("verificationStatus"))
    ended = values.when_iso(resource, "abatement")
    recorded = values.iso(resource.get("recordedDate"))
    status = clinical_status or ("resolved" if ended else "")
    if verified in ("refuted", "unconfirmed", "provisional", "differential"):
        status = verified
    if clinical.absence(code):
        status = "none-known"
    stages = [values.concept(stage.get("summary")) for stage in values.objs(resource.get("stage"))]
    return _entry(
        kind, resource, version, values.concept(code) or "Condition without a name", code,
        date=values.when_iso(resource, "onset") or recorded, end=ended, status=status,
        about=values.concepts(resource.get("bodySite")),
        extra={
            "recorded": recorded,
            "onset": values.when_iso(resource, "onset"),
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
    return _entry(
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
    return _entry(
        kind, resource, version, values.concept(resource.get("code")) or "Procedure without a name",
        resource.get("code"),
        date=values.when_iso(resource, "performed"), end=values.iso(period.get("end")),
        status=values.code(resource.get("status")),
        about=values.concepts(resource.get("bodySite")),
        extra={
            "reason": _reason(resource, context),
            "who": context.people(resource.get("performer"), "actor"),
            "where": context.name(resource.get("location")),
            "outcome": values.concept(resource.get("outcome")),
            "why_status": values.concept(resource.get("statusReason")),
        },
    )  # fmt: skip


def _immunization(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    return _entry(
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


def _encounter(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    period = values.obj(resource.get("period") or resource.get("actualPeriod"))
    place = [context.name(item.get("location")) for item in values.objs(resource.get("location"))]
    diagnoses = [
        context.names(d.get("condition")) or values.concepts(d.get("condition"))
        for d in values.objs(resource.get("diagnosis"))
    ]
    symbols = [values.code(item).upper() for item in values.many(resource.get("class"))]
    reason = _reason(resource, context)
    stay = values.obj(resource.get("hospitalization") or resource.get("admission"))
    name = values.concepts(resource.get("type")) or "Encounter"
    own, named = concepts_of(kind, values.codings(resource.get("type")), name)
    for told in (reason, *filter(None, diagnoses)):
        mine, more = concepts_of("condition", (), told)
        named = named | mine | more
    return Entry(
        kind, "Encounter", str(resource.get("id")), version, name, resource, own, named - own,
        date=values.iso(period.get("start")) or values.iso(period.get("end")),
        end=values.iso(period.get("end")), status=values.code(resource.get("status")),
        about=" ".join(filter(None, (reason, *diagnoses, values.concept(resource.get("serviceType"))))),
        extra={
            "class": symbols[0] if symbols else "",
            "reason": reason,
            "diagnoses": list(filter(None, diagnoses)),
            "who": context.people(resource.get("participant"), "individual", "actor"),
            "where": ", ".join(dict.fromkeys(filter(None, place))) or context.name(resource.get("serviceProvider")),
            "disposition": values.concept(stay.get("dischargeDisposition")),
        },
    )  # fmt: skip


def _report(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code") or resource.get("procedureCode") or resource.get("modality")
    return _entry(
        kind, resource, version,
        values.concept(code) or values.string(resource.get("description")) or "Report without a name", code,
        date=values.when_iso(resource, "effective") or values.iso(resource.get("issued") or resource.get("started")),
        status=values.code(resource.get("status")),
        about=values.concepts(resource.get("category")),
        extra={
            "conclusion": values.prose(resource.get("conclusion")),
            "who": context.names(resource.get("resultsInterpreter")) or context.names(resource.get("performer")),
            "results": [r.get("reference") for r in values.objs(resource.get("result"))],
        },
    )  # fmt: skip


def _document(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    period = values.obj(values.obj(resource.get("context")).get("period"))
    return _entry(
        kind, resource, version,
        values.concept(resource.get("type")) or values.string(resource.get("description")) or "Document",
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


def _plain(kind: str, resource: dict[str, Any], version: str, context: Context) -> Entry:
    code = resource.get("code") or resource.get("category")
    name = (
        values.concept(resource.get("description")) if isinstance(resource.get("description"), dict)
        else values.string(resource.get("description"))
    )  # fmt: skip
    name = values.string(resource.get("title")) or values.concept(resource.get("code")) or name
    period = values.obj(resource.get("period"))
    return _entry(
        kind, resource, version, name or resource["resourceType"], code,
        date=values.iso(resource.get("start")) or values.iso(period.get("start"))
        or values.iso(resource.get("authoredOn")) or values.iso(resource.get("startDate"))
        or values.iso(resource.get("created")),
        end=values.iso(period.get("end")),
        status=values.code(resource.get("status")) or values.code(resource.get("lifecycleStatus")),
        extra={
            "due": values.when_iso(resource, "occurrence"),
            "who": context.name(resource.get("requester")) or context.name(resource.get("author")),
            "reason": _reason(resource, context),
        },
    )  # fmt: skip


_MAKERS: dict[str, Callable[[str, dict[str, Any], str, Context], Entry]] = {
    "medication": _medication,
    "condition": _condition,
    "allergy": _allergy,
    "procedure": _procedure,
    "immunization": _immunization,
    "encounter": _encounter,
    "report": _report,
    "document": _document,
    "family": _family,
}
