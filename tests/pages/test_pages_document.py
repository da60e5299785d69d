"""The document that the browser loads first."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages._document import _STATIC, ROUTES

CLIENT = TestClient(Starlette(routes=ROUTES))


@pytest.mark.parametrize("address", ["/", "/ask", "/sign-in", "/import-data?x=1"])
def test_every_page_says_where_the_server_is_before_anything_runs(address: str) -> None:
    answer = CLIENT.get(address)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-cache"
    head, _, rest = answer.text.partition("</head>")
    assert "BACKEND_BASE_URL" in head and 'id="root"' in rest


def test_what_is_loaded_early_is_there() -> None:
    names = re.findall(r'rel="modulepreload" crossorigin href="\./(static/js/[^"]+)"', CLIENT.get("/").text)
    assert {name.split("/")[-1].split(".")[0] for name in names} >= {"Html", "Button", "BidiComponent"}
    assert all((_STATIC / name).is_file() for name in names)


@pytest.mark.parametrize("address", ["/favicon.png", "/static/js/x.js", "/ask/_stcore/health", "/fhir/R4/Patient", "/ask/"])
def test_what_is_no_page_is_left_to_others(address: str) -> None:
    assert CLIENT.get(address, follow_redirects=False).status_code != 200
