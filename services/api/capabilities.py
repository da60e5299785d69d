"""`/fhir/R4/metadata`: what this server does, for programs (hl7.org/fhir/R4/capabilitystatement.html)."""

from __future__ import annotations

import functools
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.api.addresses import BASE, base_url
from services.api.http import FHIR_JSON, Json, fhir_errors, run
from services.fhir.definitions import resource_types, search_parameters

_INTERACTIONS = ("read", "vread", "update", "patch", "delete", "history-instance", "create", "search-type")
_FHIR, _MEDPLUM = "http://hl7.org/fhir/OperationDefinition/", "https://medplum.com/fhir/OperationDefinition/"
_OPERATIONS = {
    "Patient": {
        "everything": f"{_FHIR}Patient-everything",
        "summary": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
    },
    "Bot": {"execute": f"{_MEDPLUM}bot-execute", "deploy": f"{_MEDPLUM}bot-deploy"},
}
_SYSTEM = "http://terminology.hl7.org/CodeSystem/restful-security-service"


@fhir_errors
async def metadata(request: Request) -> Response:
    """Told to anyone."""
    return Json(await run(_statement, base_url(request)), media_type=FHIR_JSON)


@functools.lru_cache(maxsize=16)
def _statement(base: str) -> bytes:
    token = base.removesuffix(BASE) + "/oauth2/token"
    statement = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-22",
        "kind": "instance",
        "software": {"name": "Fabric clinician console"},
        "implementation": {"description": "Fabric clinician console", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [{"coding": [{"system": _SYSTEM, "code": "OAuth"}]}],
                    "extension": [
                        {
                            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                            "extension": [{"url": "token", "valueUri": token}],
                        }
                    ],
                },
                "resource": [_resource(name) for name in sorted(resource_types())],
                "interaction": [{"code": "batch"}, {"code": "transaction"}],
            }
        ],
    }
    return orjson.dumps(statement)


def _resource(name: str) -> dict[str, Any]:
    operations = {"validate": f"{_FHIR}Resource-validate", **_OPERATIONS.get(name, {})}
    return {
        "type": name,
        "interaction": [
            {"code": code} for code in _INTERACTIONS if name != "Binary" or code != "search-type"
        ],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "searchParam": [{"name": p.name, "type": p.kind} for p in search_parameters(name).values()],
        "operation": [{"name": key, "definition": address} for key, address in operations.items()],
    }


ROUTES = [Route(f"{BASE}/metadata", metadata, methods=["GET"])]
