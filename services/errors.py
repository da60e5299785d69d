"""The spec's error codes as exceptions, and the record's own failures.

Each error carries a `code` (stable, for programs), an HTTP `status`, and a `message` written for the
person who has to act on it. Messages never hold patient data beyond the id that was asked for.
"""

from __future__ import annotations

from typing import Any


class FabricError(Exception):
    """Base of all expected failures."""

    code = "ERROR"
    status = 500

    def __init__(self, message: str, *, details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def response(self) -> dict[str, Any]:
        """The spec's ErrorResponse."""
        body: dict[str, Any] = {"success": False, "message": self.message, "errorCode": self.code}
        if self.details is not None:
            body["details"] = self.details
        return body


class InvalidInput(FabricError):
    code, status = "INVALID_INPUT", 400


class PatientNotFound(FabricError):
    code, status = "PATIENT_NOT_FOUND", 404


class LLMRouterError(FabricError):
    """The LLM router answered with an error; and the base of whatever else goes wrong with it."""

    code, status = "LLM_ROUTER_ERROR", 502


class LLMError(LLMRouterError):
    """The router can't be talked to: refused, reset, cut off, or an answer that can't be read."""

    code, status = "LLM_ERROR", 502


class RouterUnauthorized(LLMRouterError):
    """The router refused this installation's key. Not a matter of who is signed in, hence no 401."""

    code = "UNAUTHORIZED"


class RateLimited(LLMRouterError):
    """Too many requests or tokens. `details`: `limit` names which one, `retryAfterSeconds` when to try again."""

    status = 429


class EmbeddingError(FabricError):
    code, status = "EMBEDDING_ERROR", 503


class SafetyBlocked(FabricError):
    code, status = "SAFETY_BLOCKED", 403


class OperationTimeout(FabricError):
    code, status = "TIMEOUT", 504


class LLMTimeout(OperationTimeout, LLMRouterError):
    """The router did not answer within the time allowed."""


class Cancelled(FabricError):
    """The caller gave up waiting for a model's answer."""

    code, status = "LLM_ERROR", 499


class Unauthorized(FabricError):
    """Not signed in, or not allowed to do this."""

    code, status = "UNAUTHORIZED", 401


class Forbidden(Unauthorized):
    status = 403


class NotFound(FabricError):
    code, status = "NOT_FOUND", 404


class NotSupported(NotFound):
    """FHIR or Medplum knows it; it is not done here."""

    code = "NOT_SUPPORTED"


class MethodNotAllowed(FabricError):
    """The address is there, but does not take this method."""

    code, status = "METHOD_NOT_ALLOWED", 405


class Gone(FabricError):
    """The resource existed and was deleted."""

    code, status = "GONE", 410


class PreconditionFailed(FabricError):
    """If-Match is stale, or a conditional request matched several resources."""

    code, status = "PRECONDITION_FAILED", 412


class SignInUnavailable(FabricError):
    """Whoever would say who somebody is can't be asked."""

    code, status = "SIGN_IN_UNAVAILABLE", 503


class StoreUnavailable(FabricError):
    """The record can't be read or written just now (locked, full disk, remote down)."""

    code, status = "STORE_UNAVAILABLE", 503
