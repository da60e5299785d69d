"""Signing: the note becomes final and a Provenance holds the signature of what was signed, in one transaction.

The signature is this server's (the key of the audit ledger) over the document as canonical JSON; who signed is whom
the server had signed in. It proves that the text stands as it was when this server took the signature, and not that a
person holds a key of their own.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt import PyJWTError
from jwt import api_jws as jws

from services.accounts.roles import Principal
from services.audit.checkpoints import Signer, VerifierKey
from services.audit.events import AuditLog
from services.bots.documentation_assistant.body import Body
from services.bots.documentation_assistant.handler import sources_of
from services.bots.documentation_assistant.model import Notice, Section
from services.commands.tasks import instant, versioned
from services.drafts.note import Note, title_of, written
from services.errors import Forbidden, PreconditionFailed
from services.fhir.repository import Repository, Resource, Stored
from services.index.text import values

AUTHORS_SIGNATURE = {
    "system": "urn:iso-astm:E1762-95:2013",
    "code": "1.2.840.10065.1.12.1.1",
    "display": "Author's Signature",
}
KEYS = "fabric.example/audit/"
_CANONICAL = "application/fhir+json;canonicalization=http://hl7.org/fhir/canonicalization/json#static"
_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"


def may_sign(principal: Principal) -> bool:
    """People alone sign, never a bot or a client application."""
    return principal.kind == "user" and principal.may("sign") and principal.may("write")


def sign(
    record: Repository, repository: Repository, signer: Signer, audit: AuditLog, principal: Principal,
    note: Note, body: Body, open_warnings: Sequence[Notice],
) -> Stored:  # fmt: skip
    """`repository` is the record as the person may use it, `record` all of it. `open_warnings` are those that the
    signer saw and that don't hinder.

    Raises Forbidden for whom may not sign, and PreconditionFailed where the note was changed or signed meanwhile.
    """
    if not may_sign(principal):
        principal.require("sign")
        raise Forbidden("Only a person who is signed in can sign a note.")
    if note.state != "draft":
        raise PreconditionFailed(f"The note is {note.state} already.")
    at = instant(dt.datetime.now(dt.UTC))
    with repository.transaction():
        saved = written(note.resource, body, body.text(), at)  # as a draft first: the access policy is asked here
        held, _ = repository.update(saved, if_match=note.version, author=principal.reference)
        final, _ = record.update(_final(held.resource, body, principal, at), if_match=held.version, author=principal.reference)
        record.create(
            _provenance(final, body, signer, principal, open_warnings, at), author=principal.reference
        )
        audit.write(
            "note_signed", action="U", patient_id=note.patient, agent=principal,
            details={"note": note.id, "version": final.version, "overridden": len(body.settled), "open": len(open_warnings)},
        )  # fmt: skip
    return final


def _final(draft: Resource, body: Body, principal: Principal, at: str) -> Resource:
    person = {"reference": principal.reference, "display": principal.name}
    authors = [a for a in values.objs(draft.get("author")) if a.get("reference") != principal.reference]
    mine = [person] if principal.reference.startswith("Practitioner/") else []
    return {
        **written(draft, body, body.text(""), at),
        "status": "current",
        "docStatus": "final",
        "author": [*mine, *authors],
        **({"authenticator": mine[0]} if mine else {}),
        "description": title_of(draft),
    }


def _provenance(
    final: Stored, body: Body, signer: Signer, principal: Principal, open_warnings: Sequence[Notice], at: str
) -> Resource:
    person = {"reference": principal.reference, "display": principal.name}
    warnings = [f"Overridden: {s.text} Reason: {s.reason} ({s.name}, {s.at})" for s in body.settled]
    warnings += [f"Left open: {n.text}" for n in open_warnings]
    sources = [(r, v) for r, v in sources_of(body.header, body.sections) if v]
    return {
        "resourceType": "Provenance",
        "target": [{"reference": versioned(final)}],
        "recorded": at,
        "activity": {"coding": [{"system": _OPERATION, "code": "UPDATE"}], "text": "Signed by its author"},
        **({"reason": [{"text": w} for w in warnings]} if warnings else {}),
        "agent": [{"type": {"coding": [{"system": _TYPES, "code": "author"}]}, "who": person}],
        **({"entity": [{"role": "source", "what": {"reference": f"{r}/_history/{v}"}} for r, v in sources]} if sources else {}),
        "signature": [{
            "type": [AUTHORS_SIGNATURE],
            "when": at,
            "who": person,
            "targetFormat": _CANONICAL,
            "sigFormat": "application/jose",
            "data": base64.b64encode(signer.detached(canonical(final.resource)).encode()).decode(),
        }],
    }  # fmt: skip


def canonical(resource: Resource) -> bytes:
    """FHIR's canonical JSON without meta and narrative (hl7.org/fhir/R4/json.html#canonical, #static)."""
    kept = {k: v for k, v in resource.items() if k not in ("meta", "text")}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


def is_signature(provenance: Resource | None) -> bool:
    """Whether it holds (or poses as) an author's signature by a key of this kind of server."""
    return any(_kid(s).startswith(KEYS) for s in _signatures(provenance or {}))


def signatures(record: Repository, note_id: str) -> list[Stored]:
    """The Provenances with an author's signature of the note, the newest first."""
    page = record.search("Provenance", [("target", f"DocumentReference/{note_id}"), ("_sort", "-recorded"), ("_count", "50")])
    return [p for p in page.matches if is_signature(p.resource)]


def verified(record: Repository, signed: Stored, key: VerifierKey) -> bool:
    """Whether the signature is this key's, and of the version that the Provenance names."""
    target = next((str(t.get("reference")) for t in values.objs(signed.resource.get("target"))), "")
    reference, _, version = target.partition("/_history/")
    try:
        held = record.vread(*reference.split("/", 1), version)  # pyright: ignore[reportArgumentType, reportCallIssue]
        for signature in _signatures(signed.resource):
            jws.decode(
                base64.b64decode(str(signature.get("data"))), Ed25519PublicKey.from_public_bytes(key.public),
                ["EdDSA"], detached_payload=canonical(held.resource),
            )  # fmt: skip
            return True
    except (PyJWTError, ValueError, LookupError, TypeError):
        pass
    return False


def addendum(note: Note, principal: Principal, at: str) -> Resource:
    """A new draft that appends to a signed note. Raises PreconditionFailed where that isn't signed."""
    if note.state != "signed":
        raise PreconditionFailed("Only a signed note takes an addendum: edit the draft itself.")
    title = f"Addendum to {title_of(note.resource).lower()}"
    body = Body(title, False, note.body.header, (Section("addendum", "Addendum", "assessment"),))
    kept = {k: note.resource[k] for k in ("type", "category", "subject", "context") if k in note.resource}
    draft: dict[str, Any] = {
        "resourceType": "DocumentReference",
        **kept,
        "status": "current",
        "docStatus": "preliminary",
        "date": at,
        "author": [{"reference": principal.reference, "display": principal.name}],
        "description": title,
        "relatesTo": [{"code": "appends", "target": {"reference": note.stored.reference}}],
    }
    return written(draft, body, body.text(), at)


def _signatures(provenance: Resource) -> list[Resource]:
    return [
        s for s in values.objs(provenance.get("signature"))
        if (AUTHORS_SIGNATURE["system"], AUTHORS_SIGNATURE["code"]) in values.codings({"coding": s.get("type")})
    ]  # fmt: skip


def _kid(signature: Resource) -> str:
    try:
        return str(jws.get_unverified_header(base64.b64decode(str(signature.get("data")))).get("kid") or "")
    except (PyJWTError, ValueError):
        return ""
