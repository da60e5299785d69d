"""The document that a browser loads at each of the console's addresses: Streamlit's own, which is told where the server is,
with the console's style sheets, and with early requests for the parts of Streamlit's client that the page will show.

Without the first, at any address but the root, Streamlit's client looks for the server below that address, and waits a tenth
of a second before it tries the root. Without the last it asks for each part only when it comes upon it.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

_STATIC = Path(streamlit.__file__).parent / "static"
_SCRIPTS = _STATIC / "static" / "js"
_STYLES = Path(__file__).parent / "style"
_EVERYWHERE = ("BidiComponent", "Button", "Html")
_SHOWN = {
    "sign-in": ("TextInput",),
    "patients": ("TextInput",),
    "search": ("TextInput",),
    "ask": ("ChatInput",),
    "findings": ("Selectbox",),
    "approvals": ("Selectbox", "Checkbox"),
    "billing": ("TextInput",),
}
"""What a page shows at first, beside what every page does, as Streamlit's client names its parts."""
_IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


class _Page(Convertor[str]):
    """The last part of a page's address: what has a dot is a file."""

    regex = "[a-z-]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", _Page())


def document(page: str) -> str:
    """Streamlit's index.html for a page's address; addresses in it are relative to the page's, as everything in that file is."""
    whole = (_STATIC / "index.html").read_text("utf-8")
    told = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };</script>'
    names = sorted(_needed((*_EVERYWHERE, *_SHOWN.get(page, ()))))
    early = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in names if name not in whole
    )
    # After what Streamlit's client adds to the head: of two rules as exact as each other the console's counts.
    return whole.replace("</head>", f"{told}{early}</head>", 1).replace("</body>", f"<style>{styles()}</style></body>", 1)


def styles() -> str:
    """All sheets, the one of every page first."""
    sheets = sorted(_STYLES.glob("*.css"), key=lambda file: (file.stem != "base", file.stem))
    return "".join(re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL) for file in sheets)


def _needed(parts: tuple[str, ...]) -> set[str]:
    """The files of these parts of the client, with all that they import."""
    waiting = [file.name for part in parts for file in _SCRIPTS.glob(f"{part}.*.js")]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORTED.findall((_SCRIPTS / name).read_text("utf-8"))
    return found


_OTHER = document("")
_DOCUMENTS = {page: document(page) for page in _SHOWN}


async def _send(request: Request) -> HTMLResponse:
    page = _DOCUMENTS.get(request.path_params["page"], _OTHER)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


ROUTES = [Route("/{page:page}", _send)]
