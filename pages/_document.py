"""The document that a browser loads at each of the console's addresses: Streamlit's own, which is told where the server is.

Without it Streamlit's client, at any address but the root, first looks for the server below that address, and waits a tenth
of a second before it tries the root.
"""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

_STATIC = Path(streamlit.__file__).parent / "static"
_SOON = ("BidiComponent.", "Button.", "Html.", "purify.es.")
"""What every page of the console shows, and Streamlit's client asks for only when it comes upon it."""


class _Page(Convertor[str]):
    """The last part of a page's address: what has a dot is a file."""

    regex = "[a-z-]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", _Page())


def document() -> str:
    """Streamlit's index.html; addresses in it are relative to the page's, as everything in that file is."""
    told = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };</script>'
    names = sorted(file.name for file in (_STATIC / "static" / "js").glob("*.js") if file.name.startswith(_SOON))
    early = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names)
    return (_STATIC / "index.html").read_text("utf-8").replace("</head>", f"{told}{early}</head>", 1)


_DOCUMENT = document()


async def _send(_: Request) -> HTMLResponse:
    return HTMLResponse(_DOCUMENT, headers={"Cache-Control": "no-cache"})


ROUTES = [Route("/{page:page}", _send)]
