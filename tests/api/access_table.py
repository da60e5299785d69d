"""Every route, who may use it and what they get; and a record on which each row can be tried."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from services.accounts.roles import ROLES, Principal
from services.accounts.tokens import Login
from services.api.routes import ROUTES
from services.runtime.bots import create_bot, deploy
from services.runtime.system import System
from services.settings import Settings
from tests.conftest import condition, patient

R4 = "/fhir/R4"
ACTORS = ("nobody", "administrator", "clinician", "approver", "read-only", "restricted")
"""`restricted` is a clinician whose access policy gives Patient/own to read and nothing else, bots included."""
AUDIT = "fce84f6d-02b2-42dc-8ae8-5dafdc84b882"
EVENT = {"resourceType": "AuditEvent", "id": "event", "recorded": "2026-01-01T00:00:00Z", "type": {"code": "rest"},
         "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}}  # fmt: skip
BUNDLE = {"resourceType": "Bundle", "type": "batch", "entry": []}
EMBEDDING, SEARCH = "d089f714-f746-4e97-a361-c5c1b376d13b", "e8d04e1d-7309-463b-ba7b-86dda61e3bbe"


@dataclass(frozen=True)
class Row:
    """`address` may name {project}, {bot} and {job}; `statuses` are in the order of ACTORS."""

    method: str
    path: str
    address: str
    statuses: tuple[int, ...]
    body: Any = None
    form: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def everybody(status: int) -> tuple[int, ...]:
    return (status,) * len(ACTORS)


ALL, SIGNED_IN = everybody(200), (401, 200, 200, 200, 200, 200)
NOT_RESTRICTED, OTHERS = (401, 200, 200, 200, 200, 403), (401, 200, 200, 200, 200, 404)
CHANGED, MADE = (401, 200, 200, 200, 403, 403), (401, 201, 201, 201, 403, 403)
ADMINISTRATOR = (401, 200, 403, 403, 403, 403)
NAMED = f"{R4}/{{type:name}}/{{id:name}}"
TYPED = f"{R4}/{{type:name}}"

TABLE = [
    # CDS Hooks: discovery asks for no token
    Row("GET", "/cds-services", "/cds-services", everybody(200)),
    Row("POST", "/cds-services/{id}", "/cds-services/fabric-patient-view", (401, 200, 200, 200, 200, 403),
        {"hook": "patient-view", "hookInstance": "i", "context": {"patientId": "own"}}),
    Row("POST", "/cds-services/{id}/feedback", "/cds-services/fabric-patient-view/feedback", SIGNED_IN, {"feedback": []}),
    # Signing in asks for no token
    Row("POST", "/auth/login", "/auth/login", everybody(400), {}),
    Row("POST", "/auth/session", "/auth/session", everybody(400), {}),
    Row("DELETE", "/auth/session", "/auth/session", ALL),
    Row("GET", "/auth/oidc", "/auth/oidc", everybody(404)),
    Row("GET", "/auth/oidc/callback", "/auth/oidc/callback", everybody(401)),
    Row("POST", "/oauth2/token", "/oauth2/token", everybody(400), form={"grant_type": "x"}),
    Row("GET", "/auth/me", "/auth/me", SIGNED_IN),
    Row("GET", "/oauth2/userinfo", "/oauth2/userinfo", SIGNED_IN),
    Row("POST", "/oauth2/userinfo", "/oauth2/userinfo", SIGNED_IN),
    Row("GET", "/oauth2/logout", "/oauth2/logout", SIGNED_IN),
    Row("POST", "/oauth2/logout", "/oauth2/logout", SIGNED_IN),
    # The state of the system, without anything of the record
    # Whoever calls it signs what is sent (tests/contract/test_consoles.py); where no server was set up there is nothing
    Row("POST", "/fhir-hooks/record", "/fhir-hooks/record", everybody(404), {}),
    Row("GET", "/healthcheck", "/healthcheck", ALL),
    Row("GET", "/metrics", "/metrics", ALL),
    Row("GET", f"{R4}/metadata", f"{R4}/metadata", ALL),
    Row("GET", "/.well-known/smart-configuration", "/.well-known/smart-configuration", ALL),
    Row("GET", f"{R4}/.well-known/smart-configuration", f"{R4}/.well-known/smart-configuration", ALL),
    # Bots
    Row("POST", "/admin/projects/{project}/bot", "/admin/projects/{project}/bot", (401, 201, 403, 403, 403, 403), {"name": "x"}),
    Row("POST", f"{R4}/Bot/{{id:name}}/$deploy", f"{R4}/Bot/{{bot}}/$deploy", ADMINISTRATOR, {"code": "def handler(medplum, event): return 1", "filename": "x.py"}),
    Row("GET", f"{R4}/Bot/$execute", f"{R4}/Bot/$execute?identifier=urn:bot|table", (401, 200, 200, 200, 403, 403)),
    Row("POST", f"{R4}/Bot/$execute", f"{R4}/Bot/$execute?identifier=urn:bot|table", (401, 200, 200, 200, 403, 403), {}),
    Row("GET", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{{bot}}/$execute", (401, 200, 200, 200, 403, 403)),
    Row("POST", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{{bot}}/$execute", (401, 200, 200, 200, 403, 403), {}),
    Row("POST", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{{own}}/$execute", NOT_RESTRICTED, {}),
    Row("POST", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{SEARCH}/$execute", NOT_RESTRICTED, {"query": "diabetes"}),
    Row("POST", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{EMBEDDING}/$execute", CHANGED, {"resourceType": "Device", "id": "d"}),
    Row("POST", f"{R4}/Bot/{{id:name}}/$execute{{rest:tail}}", f"{R4}/Bot/{AUDIT}/$execute", CHANGED, {"eventType": "error", "action": "E", "outcome": "8"}),
    Row("GET", f"{R4}/job/{{id:name}}/status", f"{R4}/job/{{job}}/status", (401, 202, 404, 404, 404, 404)),
    Row("DELETE", f"{R4}/job/{{id:name}}/status", f"{R4}/job/{{job}}/status", (401, 200, 404, 404, 404, 404)),
    # Operations
    Row("GET", f"{R4}/Patient/{{id:name}}/$everything", f"{R4}/Patient/other/$everything", OTHERS),
    Row("GET", f"{R4}/Patient/{{id:name}}/$everything", f"{R4}/Patient/own/$everything", SIGNED_IN),
    Row("POST", f"{R4}/Patient/{{id:name}}/$everything", f"{R4}/Patient/other/$everything", OTHERS),
    Row("GET", f"{R4}/Patient/{{id:name}}/$summary", f"{R4}/Patient/other/$summary", OTHERS),
    Row("GET", f"{R4}/Patient/{{id:name}}/$summary", f"{R4}/Patient/own/$summary", SIGNED_IN),
    Row("POST", f"{R4}/Patient/{{id:name}}/$summary", f"{R4}/Patient/other/$summary", OTHERS),
    Row("POST", f"{TYPED}/$validate", f"{R4}/Patient/$validate", SIGNED_IN, {"resourceType": "Patient"}),
    Row("GET", f"{NAMED}/$validate", f"{R4}/Patient/other/$validate", OTHERS),
    Row("POST", f"{NAMED}/$validate", f"{R4}/Patient/other/$validate", OTHERS),
    # REST
    Row("POST", R4, R4, SIGNED_IN, BUNDLE),
    Row("POST", f"{R4}/", f"{R4}/", SIGNED_IN, BUNDLE),
    Row("POST", f"{TYPED}/_search", f"{R4}/Condition/_search", NOT_RESTRICTED),
    Row("GET", TYPED, f"{R4}/Condition", NOT_RESTRICTED),
    Row("GET", TYPED, f"{R4}/Patient", SIGNED_IN),
    Row("GET", TYPED, f"{R4}/User", ADMINISTRATOR),
    Row("GET", TYPED, f"{R4}/AccessPolicy", ADMINISTRATOR),
    Row("POST", TYPED, f"{R4}/Patient", MADE, {"resourceType": "Patient"}),
    Row("POST", TYPED, f"{R4}/Binary", MADE, {"resourceType": "Binary", "contentType": "text/plain"}),
    Row("POST", TYPED, f"{R4}/Subscription", (401, 201, 403, 403, 403, 403),
        {"resourceType": "Subscription", "status": "off", "reason": "x", "criteria": "Patient", "channel": {"type": "rest-hook"}}),
    Row("PUT", TYPED, f"{R4}/Condition?_id=c1", CHANGED, condition("c1", "own", "Gout", "M10.9")),
    Row("PATCH", TYPED, f"{R4}/Condition?_id=c1", CHANGED, [{"op": "add", "path": "/recordedDate", "value": "2024"}]),
    Row("DELETE", TYPED, f"{R4}/Condition?_id=gone", CHANGED),
    Row("GET", NAMED, f"{R4}/Patient/own", SIGNED_IN),
    Row("GET", NAMED, f"{R4}/Patient/other", OTHERS),
    Row("GET", NAMED, f"{R4}/Condition/c1", NOT_RESTRICTED),
    Row("GET", NAMED, f"{R4}/Binary/file", NOT_RESTRICTED),
    Row("GET", NAMED, f"{R4}/Binary/policy", (401, 200, 404, 404, 404, 403)),
    Row("GET", NAMED, f"{R4}/Bot/{{bot}}", NOT_RESTRICTED),
    Row("GET", NAMED, f"{R4}/Project/{{project}}", ADMINISTRATOR),
    Row("PUT", NAMED, f"{R4}/AuditEvent/event", (401, 403, 403, 403, 403, 403), EVENT),
    Row("DELETE", NAMED, f"{R4}/AuditEvent/event", (401, 403, 403, 403, 403, 403)),
    Row("PUT", NAMED, f"{R4}/Patient/own", CHANGED, patient("own")),
    Row("PUT", NAMED, f"{R4}/Patient/new-{{actor}}", (401, 201, 404, 404, 403, 403), {"resourceType": "Patient", "id": "new-{actor}"}),
    Row("PATCH", NAMED, f"{R4}/Patient/own", CHANGED, [{"op": "add", "path": "/active", "value": True}]),
    Row("DELETE", NAMED, f"{R4}/Patient/gone", CHANGED),
    Row("DELETE", NAMED, f"{R4}/AccessPolicy/gone", ADMINISTRATOR),
    Row("GET", f"{NAMED}/_history", f"{R4}/Patient/other/_history", OTHERS),
    Row("GET", f"{NAMED}/_history", f"{R4}/User/{{user}}/_history", ADMINISTRATOR),
    Row("GET", f"{NAMED}/_history/{{version}}", f"{R4}/Patient/other/_history/{{version}}", OTHERS),
    # Whatever else
    *(Row(method, f"/{root}{{rest:tail}}", f"/{root}/a/b/c/d/e/f", everybody(404))
      for root in ("fhir", "admin", "auth", "oauth2", "email", "fhircast", "keyvalue", "storage")
      for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")),
]  # fmt: skip


class Trial:
    """A record with one member for each actor, on which each row may be tried by each of them."""

    def __init__(self, folder: Path) -> None:
        self.system = System(Settings(data_dir=folder, demo=False, embedding_threads=1))  # pyright: ignore[reportCallIssue]
        accounts, record = self.system.accounts, self.system.repository
        self.people: dict[str, Principal] = {
            role: accounts.add_user(f"{role}@clinic.test", "a long password", role) for role in ROLES
        }
        restricted = accounts.add_user("restricted@clinic.test", "a long password", "clinician")
        self.people["restricted"] = restricted
        admin = self.people["administrator"]
        policy = {"resourceType": "AccessPolicy", "id": "own", "resource": [
            {"resourceType": "Patient", "criteria": "Patient?_id=own", "readonly": True}]}  # fmt: skip
        file = {
            "resourceType": "Binary",
            "contentType": "text/plain",
            "data": base64.b64encode(b"x").decode(),
        }
        record.write_many([
            patient("own"), patient("other"), patient("gone"), condition("c1", "own", "Gout", "M10.9"),
            condition("gone", "own", "Gout", "M10.9"), policy, {"resourceType": "AccessPolicy", "id": "gone"},
            {**file, "id": "file"}, {**file, "id": "policy", "securityContext": {"reference": "AccessPolicy/own"}},
        ])  # fmt: skip
        membership = self.system.directory.membership(restricted.reference)
        assert membership is not None
        record.update({**membership.resource, "accessPolicy": {"reference": "AccessPolicy/own"}})
        job = record.create({"resourceType": "AsyncJob", "status": "accepted"}, author=admin.reference)
        self.names = {
            "project": self.system.directory.project().id, "bot": self._bot("table"), "own": self._bot("own", runAsUser=True),
            "job": job.id, "user": admin.id, "version": record.read("Patient", "other").version,
        }  # fmt: skip
        app = Starlette(routes=ROUTES)
        app.state.fabric = self.system
        self.client = TestClient(app, base_url="http://localhost:8103", raise_server_exceptions=False)

    def _bot(self, name: str, **more: Any) -> str:
        admin = self.people["administrator"]
        bot = create_bot(self.system, admin, name)
        deploy(self.system, admin, bot.id, "def handler(medplum, event):\n    return {}", "x.py")
        resource = self.system.repository.read("Bot", bot.id).resource
        self.system.repository.update(
            {**resource, **more, "identifier": [{"system": "urn:bot", "value": name}]}
        )
        return bot.id

    def ask(self, row: Row, actor: str) -> Any:
        """The answer. Each request has a token of its own, for some of them end it."""
        names = {**self.names, "actor": actor}
        headers = {}
        if actor != "nobody":
            token = self.system.accounts.access_token(Login(self.people[actor]))
            headers["Authorization"] = f"Bearer {token}"
        body = row.body
        if isinstance(body, dict) and "{actor}" in str(body.get("id")):
            body = {**body, "id": body["id"].format(**names)}
        return self.client.request(
            row.method, row.address.format(**names), json=body, data=row.form, headers=headers
        )
