"""FHIRPath conditions (hl7.org/fhirpath), as access policies and subscriptions use them."""

from __future__ import annotations

from typing import Any

from services.errors import InvalidInput

MOST_CHARS = 2_000


def holds(expression: str, resource: dict[str, Any], variables: dict[str, Any]) -> bool:
    """Whether the expression is true of the resource: an empty result or false is not.

    `variables` are named without the '%'. Raises InvalidInput for what can't be read or evaluated.
    """
    from fhirpathpy import evaluate  # a quarter of a second to load, and most installations never ask

    if len(expression) > MOST_CHARS:
        raise InvalidInput(f"A FHIRPath expression has up to {MOST_CHARS} characters.")
    try:
        found = evaluate(resource, expression, dict(variables))
    except Exception as error:  # the parser and the functions raise whatever an odd expression leads to
        raise InvalidInput(f"The FHIRPath expression can't be evaluated ({type(error).__name__}).") from error
    return bool(found) and found != [False] and found is not False
