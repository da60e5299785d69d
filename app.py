"""Composition root: the console's navigation, and the server that carries the console and the API together.

Streamlit runs this file twice over: once to find `app` when the server starts, and as the script of each page
view, where a script context exists.
"""

import contextlib
import logging
import sys
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

sys.path.insert(0, str(Path(__file__).parent))

# Pages are what the navigation says: without this, the first visitor's deep link would run a page's file by itself.
PagesManager.uses_pages_directory = False

if get_script_run_ctx(suppress_warning=True) is not None:
    from pages._shell import run

    run()
else:
    from pages import _document
    from pages._guard import failed
    from services.api.routes import ROUTES
    from services.console import server

    # `failed` logs a fault by its place; Streamlit's own line holds the exception's words, which may be the record's.
    logging.getLogger("streamlit.error_util").addFilter(lambda _: False)

    @contextlib.asynccontextmanager
    async def lifespan(_app):
        await server.begin(st.get_option("server.address"))
        try:
            yield
        finally:
            await server.end()

    app = st.App(str(Path(__file__).resolve()), routes=[*ROUTES, *_document.ROUTES], lifespan=lifespan, on_script_error=failed)
