"""Billing Code Suggester bot: by `$execute`, by a finished Encounter as a subscription sends it, and for the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from services.bots.billing_code_suggester import schemas
from services.bots.billing_code_suggester.checks import supporting
from services.bots.billing_code_suggester.chosen import lines_of, suggested_set
from services.bots.billing_code_suggester.complexity import LEVELS
from services.bots.billing_code_suggester.level import Evaluation
from services.bots.billing_code_suggester.model import Support
from services.bots.billing_code_suggester.past import History, history
from services.bots.billing_code_suggester.proposing import command, described, system_of
from services.bots.billing_code_suggester.schemas import BillingInput, BillingOutput
from services.bots.billing_code_suggester.suggesting import Suggested, suggest
from services.bots.context import Context, read_input
from services.commands.processor import process
from services.errors import FabricError, Gone, InvalidInput, NotFound, PatientNotFound
from services.fhir.indexing import date_range, index_rows
from services.knowledge.billing import ncci
from services.knowledge.billing.icd10 import icd10, under

LICENCE = (
    "CPT® codes are named by number; their descriptors are copyright of the American Medical Association and none are "
    "shipped: the words beside a code are our own. Suggestions are for a coder's decision."
)
_FINISHED = "finished"


def handle(context: Context, value: Any) -> BillingOutput:
    """Raises InvalidInput that names the field, PatientNotFound."""
    if isinstance(value, dict) and "resourceType" in value:
        if value.get("resourceType") == "Encounter" and value.get("status") != _FINISHED:
            return BillingOutput(success=True, cpt_codes=[], icd10_codes=[],
                                 message="The encounter isn't finished; nothing is suggested yet.")  # fmt: skip
        value = _of_resource(value)
    asked = read_input(BillingInput, value)
    found = suggested(context, asked)
    output = told(found, asked)
    if asked.generate_command:
        output.command = command(found, lines_of(suggested_set(output)))
        if output.command is not None:
            output.command_result = _processed(context, output.command)
    return output


def _of_resource(resource: dict[str, Any]) -> dict[str, Any]:
    """What a subscription sends: every check, and the codes to the queue."""
    patients = sorted(index_rows(resource).patients)
    if resource.get("resourceType") != "Encounter" or len(patients) != 1:
        raise InvalidInput("encounterId: the resource is not an Encounter of one patient.",
                           details=[{"field": "encounterId", "problem": "not an Encounter of one patient"}])  # fmt: skip
    return {
        "patientId": patients[0],
        "encounterId": resource.get("id"),
        "generateCommand": True,
        "includeHistoricalAnalysis": True,
    }


def suggested(context: Context, asked: BillingInput) -> Suggested:
    """Raises InvalidInput that names the field, PatientNotFound."""
    covered = date_range(asked.as_of)
    day = dt.datetime.fromtimestamp(covered[1] - 1, dt.UTC) if covered else dt.datetime.now(dt.UTC)
    try:
        chart = context.charts.open(context.repository, asked.patient_id, day.date(), asked.as_of)
    except (NotFound, Gone) as error:
        raise PatientNotFound(f"There is no patient with the id {asked.patient_id}.") from error
    return suggest(chart, asked.encounter_id, asked.min_confidence, ncci.current())


def _processed(context: Context, proposal: dict[str, Any]) -> dict[str, Any]:
    """What the processor answers; a refusal is an answer as well."""
    try:
        return process(context.desk, proposal, context.principal, context.repository)
    except FabricError as error:
        return error.response()


def told(found: Suggested, asked: BillingInput) -> BillingOutput:
    """The suggestions as the contract has them, with what the flags ask for."""
    output = BillingOutput(
        success=True,
        cpt_codes=_services(found),
        icd10_codes=[
            schemas.ICD10Suggestion(
                code=d.code, display=icd10().display(d.code), confidence=d.confidence, is_primary=d is found.primary,
                supporting_documentation=_documentation(d.supports),
                evidence=_evidence(d.supports),
            )
            for d in found.diagnoses
        ],
        medical_necessity_warnings=list(found.necessity),
        warnings=[*found.found.warnings, *_warned(found)] or None,
        visit_level=next((_grid(v) for v in found.visits if v.decision), None),
        message=LICENCE,
    )  # fmt: skip
    if asked.validate_codes:
        output.codes_validated = all(icd10().billable(d.code) for d in found.diagnoses)
    if asked.include_modifiers:
        output.modifiers = [
            schemas.Modifier(modifier=m.modifier, code=m.code, reason=m.reason, rule=m.rule)
            for m in found.modifiers
        ]
    if asked.check_bundling:
        output.bundling_alerts = [
            schemas.BundlingAlert(codes=list(a.codes), message=a.message, resolution=a.resolution, source=a.source) for a in found.alerts
        ]  # fmt: skip
    if asked.check_documentation:
        output.documentation_gaps = [
            schemas.DocumentationGap(issue=g.issue, required_for=g.required_for, suggestion=g.suggestion) for g in found.found.gaps
        ]  # fmt: skip
    if asked.include_historical_analysis:
        output.historical_analysis = _history(
            history(
                found.visit,
                found.visits,
                [*(v.code for v in found.visits), *(p.code for p in found.procedures)],
                found.diagnoses,
            )
        )
    return output


def _warned(found: Suggested) -> list[str]:
    """What a coder has to know about the list as a whole."""
    told = []
    if found.visit.entry.status != _FINISHED:
        told.append(
            f"The encounter is {found.visit.entry.status or 'without a status'}: its documentation may not be complete."
        )
    if found.diagnoses and found.primary is None:
        told.append("None of the diagnoses may be listed first: the reason for the visit isn't coded.")
    return told


def _services(found: Suggested) -> list[schemas.CPTSuggestion]:
    addressed = [d.code for d in found.diagnoses if d.addressed and not under(d.code, ("Z79", "Z68"))]
    codes = [d.code for d in found.diagnoses]
    listed = [
        schemas.CPTSuggestion(
            code=v.code, display=described(v.code), confidence=v.confidence, rationale=v.rationale, units=v.units,
            supporting_diagnoses=[c for c in codes if c.startswith("Z00")] or addressed if v.family.startswith("preventive") else addressed,
            evidence=_evidence(v.supports), system=system_of(v.code),
        )
        for v in found.visits
    ]  # fmt: skip
    listed += [
        schemas.CPTSuggestion(
            code=p.code, display=described(p.code), confidence=p.confidence, rationale=p.why, units=p.units,
            supporting_diagnoses=supporting(p.code, found.diagnoses, p.diagnoses), evidence=_evidence(p.supports), system=system_of(p.code),
        )
        for p in found.procedures
    ]  # fmt: skip
    return listed


def _documentation(supports: Sequence[Support]) -> str | None:
    """The words that a code rests on; those of the encounter itself where there are no others."""
    own = [s.text for s in supports if not s.reference.startswith("Encounter/")] or [s.text for s in supports]
    return "; ".join(dict.fromkeys(own)) or None


def _evidence(supports: Iterable[Support]) -> list[schemas.Evidence]:
    return [
        schemas.Evidence(reference=s.reference, version=s.version, text=s.text, date=s.date) for s in supports
    ]


def _grid(visit: Evaluation) -> schemas.VisitLevel | None:
    if visit.decision is None:
        return None
    parts = {
        name: schemas.Element(level=LEVELS[e.level], reasons=list(e.reasons), evidence=_evidence(e.supports))
        for name, e in (("problems", visit.decision.problems), ("data", visit.decision.data), ("risk", visit.decision.risk))
    }  # fmt: skip
    return schemas.VisitLevel(
        code=visit.code, level=LEVELS[visit.level], by_decision_making=LEVELS[visit.decision.level],
        by_time=LEVELS[visit.time_level] if visit.time_level else None, minutes=visit.minutes, **parts,
    )  # fmt: skip


def _history(found: History) -> schemas.HistoricalAnalysis:
    return schemas.HistoricalAnalysis(
        claims_reviewed=found.claims,
        usual_level=LEVELS[found.usual] if found.usual else None,
        out_of_pattern=found.unusual or None,
        duplicates=[schemas.ClaimedBefore(code=d.code or None, reference=d.reference, version=d.version, date=d.date) for d in found.duplicates],
        chronic_conditions_not_addressed=[
            schemas.NotAddressed(code=u.code, display=u.display, reference=u.reference, version=u.version, last_addressed=u.last)
            for u in found.unaddressed
        ],
    )  # fmt: skip
