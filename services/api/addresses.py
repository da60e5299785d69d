"""Where the API and its resources lie, as the client called it, and the parts of addresses that routes take."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request

BASE = "/fhir/R4"


def base_url(request: Request) -> str:
    """The FHIR API's address, as the client called it."""
    return f"{origin(request)}{BASE}"


def origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


class _Name(Convertor[str]):
    """Of a type or a resource, never of an operation."""

    regex = r"[^/$][^/]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Tail(_Name):
    """Nothing, or whatever follows a slash; Starlette's own `path` stops at a line break."""

    regex = r"(?:/[\s\S]*)?"


register_url_convertor("name", _Name())
register_url_convertor("tail", _Tail())
