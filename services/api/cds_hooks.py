"""CDS Hooks (cds-hooks.hl7.org, 2.0): discovery, patient-view, order-select, order-sign, and feedback."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.roles import Principal
from services.api.http import Json, body, member, parse_json, plain_errors, run, system_of
from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.critical.evaluate import by_concept
from services.bots.clinical_decision_support.medicines import draft_findings
from services.bots.clinical_decision_support.model import Finding, ranked
from services.bots.clinical_decision_support.person import person_of
from services.bots.clinical_decision_support.store import REASONS
from services.errors import Forbidden, Gone, InvalidInput, NotFound, PatientNotFound, PreconditionFailed
from services.fhir.repository import Repository, Resource
from services.runtime.system import System

MOST_CARDS, SUMMARY = 10, 139
REASON_SYSTEM = "https://fabric.example/finding-dismissal"
_PATIENT = {"patient": "Patient/{{context.patientId}}"}
SERVICES = {
    "fabric-patient-view": (
        "patient-view", "Findings", "Critical results, interactions, diagnoses to consider and due preventive care.",
    ),
    "fabric-order-select": (
        "order-select", "Order check", "Checks the selected medication orders against medicines, allergies, problems and results.",
    ),
    "fabric-order-sign": (
        "order-sign", "Order check at signing", "Checks medication orders against medicines, allergies, problems and results.",
    ),
}  # fmt: skip
_INDICATOR = {"critical": "critical", "high": "warning", "medium": "info", "low": "info"}


@plain_errors
async def discovery(_request: Request) -> Response:
    """Which services there are; asks for no token, as it holds nothing of anybody."""
    told = [
        {"id": key, "hook": hook, "title": title, "description": about, "prefetch": _PATIENT}
        for key, (hook, title, about) in SERVICES.items()
    ]
    return Json({"services": told}, headers={"Access-Control-Allow-Origin": "*"})


@plain_errors
async def call(request: Request) -> Response:
    """Cards for a hook. The caller signs in as for the rest of the API."""
    service = request.path_params["id"]
    if service not in SERVICES:
        raise NotFound("There is no such service; GET /cds-services names them.")
    who, repository = await member(request)
    who.require("search")
    sent = parse_json(await body(request))
    return Json(await run(_cards, system_of(request), who, repository, service, sent))


@plain_errors
async def feedback(request: Request) -> Response:
    """What people did about cards: counted by rule, so that a noisy one is seen."""
    if request.path_params["id"] not in SERVICES:
        raise NotFound("There is no such service; GET /cds-services names them.")
    who, _ = await member(request)
    who.require("search")
    sent = parse_json(await body(request))
    said = sent.get("feedback") if isinstance(sent, dict) else None
    if not isinstance(said, list) or not all(isinstance(f, dict) for f in said):
        raise InvalidInput("feedback: a list of what was done about cards", details=[{"field": "feedback"}])
    for number, item in enumerate(said):
        if not isinstance(item.get("card"), str) or item.get("outcome") not in ("accepted", "overridden"):
            field = f"feedback.{number}"
            raise InvalidInput(
                f"{field}: names a card and the outcome accepted or overridden", details=[{"field": field}]
            )
    await run(_answered, system_of(request), said)
    return Json({})


def _answered(system: System, said: Sequence[dict[str, Any]]) -> None:
    for item in said:
        system.findings.answered(item["card"], item["outcome"] == "accepted", time.time())


def _cards(system: System, who: Principal, repository: Repository, service: str, sent: Any) -> dict[str, Any]:
    hook = SERVICES[service][0]
    context = sent.get("context") if isinstance(sent, dict) else None
    if not isinstance(sent, dict) or sent.get("hook") != hook:
        raise InvalidInput(f"hook: this service answers {hook}", details=[{"field": "hook"}])
    if not isinstance(sent.get("hookInstance"), str):
        raise InvalidInput("hookInstance: must be there", details=[{"field": "hookInstance"}])
    if not isinstance(context, dict) or not isinstance(context.get("patientId"), str):
        raise InvalidInput("context.patientId: must be there", details=[{"field": "context.patientId"}])
    patient = context["patientId"].removeprefix("Patient/")
    if repository.view:
        raise Forbidden(
            "Findings rest on the whole record, of which your access policy shows you a part only."
        )
    try:
        if hook == "patient-view":
            findings = analyse(repository, system.charts, patient).findings
            shown = [f for f in findings if f.kind != "preventive"][:MOST_CARDS]
            told = [("", f) for f in [*shown, *_due([f for f in findings if f.kind == "preventive"])]]
        else:
            told = _orders(system, repository, patient, context, hook)
    except (PatientNotFound, NotFound, Gone) as error:
        raise PreconditionFailed("This patient is not in the record.") from error
    cards = [_card(finding, draft) for draft, finding in told]
    system.findings.shown([(c["uuid"], f.rule) for c, (_, f) in zip(cards, told, strict=True)], time.time())
    system.audit.write("command_received", action="R", patient_id=patient, agent=who,
                       details={"hook": hook, "cards": len(cards)})  # fmt: skip
    return {"cards": cards}


def _due(gaps: Sequence[Finding]) -> list[Finding]:
    """Preventive care as one card: it is many things, and none of them urgent."""
    if not gaps:
        return []
    names = "; ".join(f"{g.title} ({g.due})" if g.due else g.title for g in gaps[:12])
    evidence = tuple(e for g in gaps for e in g.evidence)[:20]
    return [Finding("preventive", "preventive/all", "all", "low", f"{len(gaps)} preventive services are due", names,
                    "Offer what fits this visit.", evidence, "CMS quality measures 2026, USPSTF, ACIP")]  # fmt: skip


def _orders(
    system: System, repository: Repository, patient: str, context: dict[str, Any], hook: str
) -> list[tuple[str, Finding]]:
    drafts = _drafts(context, hook)
    chart = system.charts.open(repository, patient, dt.datetime.now(dt.UTC).date())
    found = draft_findings(chart, person_of(chart.patient.resource, chart.as_of), by_concept(chart), drafts)
    order = {id(f): n for n, f in enumerate(ranked([f for _, f in found]))}
    grave = [item for item in found if item[1].severity != "low"]
    return sorted(grave, key=lambda item: order[id(item[1])])[:MOST_CARDS]


def _drafts(context: dict[str, Any], hook: str) -> list[Resource]:
    bundle = context.get("draftOrders")
    if not isinstance(bundle, dict) or not isinstance(bundle.get("entry", []), list):
        raise InvalidInput(
            "context.draftOrders: a Bundle of the orders", details=[{"field": "context.draftOrders"}]
        )
    found = [e.get("resource") for e in bundle.get("entry", []) if isinstance(e, dict)]
    orders = [r for r in found if isinstance(r, dict) and r.get("resourceType") == "MedicationRequest"]
    chosen = context.get("selections")
    if hook == "order-select" and isinstance(chosen, list):
        orders = [r for r in orders if f"MedicationRequest/{r.get('id')}" in chosen]
    return orders


def _card(finding: Finding, draft: str) -> dict[str, Any]:
    evidence = "\n".join(f"- {e.text}{f' ({e.date[:10]})' if e.date else ''}" for e in finding.evidence[:10])
    card: dict[str, Any] = {
        "uuid": str(uuid.uuid4()),
        "summary": finding.title if len(finding.title) <= SUMMARY else f"{finding.title[: SUMMARY - 1]}…",
        "detail": f"{finding.reason}\n\n**{finding.recommendation}**\n\n{evidence}".strip(),
        "indicator": _INDICATOR[finding.severity],
        "source": {"label": finding.source},
        "overrideReasons": [{"code": c, "system": REASON_SYSTEM, "display": d} for c, d in REASONS.items()],
    }
    if draft:
        name = finding.medications[0] if finding.medications else draft
        card["suggestions"] = [
            {"label": f"Remove {name}"[:80], "uuid": str(uuid.uuid4()),
             "actions": [{"type": "delete", "description": f"Remove the order of {name}", "resourceId": [draft]}]}
        ]  # fmt: skip
        card["selectionBehavior"] = "any"
    return card


ROUTES = [
    Route("/cds-services", discovery, methods=["GET"]),
    Route("/cds-services/{id}", call, methods=["POST"]),
    Route("/cds-services/{id}/feedback", feedback, methods=["POST"]),
]
