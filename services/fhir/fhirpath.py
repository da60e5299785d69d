"""FHIRPath conditions (hl7.org/fhirpath), as access policies and subscriptions use them."""

from __future__ import annotations

import functools
from typing import Any

from services.errors import InvalidInput

MOST_CHARS = 2_000


def holds(expression: str, resource: dict[str, Any], variables: dict[str, Any]) -> bool:
    """Whether the expression is true of the resource: an empty result or false is not.

    `variables` are named without the '%'. Raises InvalidInput for what can't be read or evaluated.
    """
    from fhirpathpy import evaluate  # a quarter of a second to load, and most installations never ask

    if not well_formed(expression):
        raise InvalidInput("The FHIRPath expression can't be read.")
    try:
        found = evaluate(resource, expression, dict(variables))
    except Exception as error:  # the functions raise whatever an odd expression leads to
        raise InvalidInput(f"The FHIRPath expression can't be evaluated ({type(error).__name__}).") from error
    return bool(found) and found != [False] and found is not False


@functools.lru_cache(maxsize=256)
def well_formed(expression: str) -> bool:
    """Whether all of the text is one expression. The library itself passes over what it can't read."""
    from antlr4 import CommonTokenStream, InputStream, Token
    from antlr4.error.ErrorListener import ErrorListener
    from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
    from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

    class Strict(ErrorListener):
        def syntaxError(self, *_: Any) -> None:
            raise ValueError

    if len(expression) > MOST_CHARS:
        return False
    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(Strict())
    try:
        parser.expression()
    except (ValueError, RecursionError):
        return False
    following = parser.getCurrentToken()
    return following is not None and following.type == Token.EOF
