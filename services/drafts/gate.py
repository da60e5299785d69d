"""What stands before notes: a signed one stays as it is, by whichever way a change comes, and nobody signs by a PUT."""

from __future__ import annotations

import datetime as dt

from services.accounts.roles import Principal
from services.audit.events import AuditLog
from services.commands.tasks import EXTENSION, instant, versioned
from services.drafts.note import CLOSED, is_ours, state_of
from services.drafts.signing import is_signature, signatures
from services.errors import Forbidden, InvalidInput, PreconditionFailed
from services.fhir.repository import Outcome, Repository, Resource, Stored
from services.index.text import values

REASON = f"{EXTENSION}status-reason"
"""The extension that says why a signed note is marked as entered in error."""
_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_FIXED = "A signed note is not changed any more: write an addendum, or mark it as entered in error with a reason."
_BY_HAND = "A draft becomes final by being signed on the page Drafts."
_SIGNATURES = "Signatures are made by signing a draft on the page Drafts, and are never changed."


class NoteGate:
    """Implements `Gate` of the guarded record. `record` is all of it, whatever the one who writes may see."""

    types = frozenset({"DocumentReference", "Provenance"})

    def __init__(self, record: Repository, audit: AuditLog) -> None:
        self._record, self._audit = record, audit

    def concerns(self, before: Resource | None, after: Resource | None) -> bool:
        held = before or after or {}
        if held.get("resourceType") == "Provenance":
            return (is_signature(before) or is_signature(after)) and _content(before) != _content(after)
        if held.get("resourceType") != "DocumentReference" or before is None or _content(before) == _content(after):
            return False
        return self.signed(before) or (
            is_ours(before) and state_of(before) == "draft" and after is not None and after.get("docStatus") in CLOSED
        )

    def signed(self, document: Resource) -> bool:
        """Whether it is final and an author's signature of this server is kept for it."""
        return document.get("docStatus") in CLOSED and bool(signatures(self._record, str(document.get("id"))))

    def create(self, repository: Repository, who: Principal, resource: Resource) -> Stored:
        raise Forbidden(self.refusal(None, resource))

    def write(
        self, repository: Repository, who: Principal, before: Stored, after: Resource, if_match: str | None
    ) -> tuple[Stored, Outcome]:
        """Marks a signed note as entered in error, with a Provenance that says who did and why.

        Raises Forbidden for every other change, InvalidInput without a reason.
        """
        held = before.resource
        if before.type != "DocumentReference" or not self.signed(held):
            raise Forbidden(self.refusal(held, after))
        if if_match not in (None, "*", before.version):
            raise PreconditionFailed(f"{before.reference} was changed by someone else in the meantime; read it again.")
        touched = {k for k in held.keys() | after.keys() if k not in ("meta", "text") and held.get(k) != after.get(k)}
        others = [[e for e in values.objs(r.get("extension")) if e.get("url") != REASON] for r in (held, after)]
        if touched - {"status", "extension"} or others[0] != others[1] or after.get("status") != "entered-in-error":
            raise Forbidden(_FIXED)
        reason = reason_of(after)
        if not reason:
            raise InvalidInput(
                f"Say why it is entered in error: the extension {REASON} with a valueString.",
                details={"element": "extension"},
            )
        with self._record.transaction():
            stored, outcome = self._record.update(
                {**held, "status": "entered-in-error", "extension": after["extension"]}, author=who.reference
            )
            self._record.create(_withdrawn(stored, reason, who), author=who.reference)
            patient = str(values.obj(held.get("subject")).get("reference") or "").rpartition("/")[2]
            self._audit.write(
                "note_discarded", action="U", patient_id=patient, agent=who, details={"note": before.id, "signed": True}
            )
        return stored, outcome

    def refusal(self, before: Resource | None, after: Resource | None) -> str:
        held = before or after or {}
        if held.get("resourceType") == "Provenance":
            return _SIGNATURES
        return _BY_HAND if state_of(held) == "draft" else _FIXED


def reason_of(document: Resource) -> str:
    """Why it was marked as entered in error, or ""."""
    found = (e.get("valueString") for e in values.objs(document.get("extension")) if e.get("url") == REASON)
    return next((v.strip() for v in found if isinstance(v, str) and v.strip()), "")


def with_reason(document: Resource, reason: str) -> Resource:
    """Marked as entered in error."""
    others = [e for e in values.objs(document.get("extension")) if e.get("url") != REASON]
    return {**document, "status": "entered-in-error", "extension": [*others, {"url": REASON, "valueString": reason}]}


def _withdrawn(stored: Stored, reason: str, who: Principal) -> Resource:
    return {
        "resourceType": "Provenance",
        "target": [{"reference": versioned(stored)}],
        "recorded": instant(dt.datetime.now(dt.UTC)),
        "activity": {"coding": [{"system": _OPERATION, "code": "NULLIFY"}], "text": "Marked as entered in error"},
        "reason": [{"text": reason}],
        "agent": [{"who": {"reference": who.reference, "display": who.name}}],
    }


def _content(resource: Resource | None) -> Resource | None:
    return {k: v for k, v in resource.items() if k != "meta"} if resource is not None else None
