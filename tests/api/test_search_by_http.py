"""Search by HTTP: bundles, links, and the parts of resources that were asked for."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from services.runtime.system import System
from tests.conftest import observation, patient

BASE = "/fhir/R4"
Headers = dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def series(system: System) -> None:
    system.repository.write_many([patient("series")] + [
        observation(f"series-{n}", "series", note=[{"text": f"note {n}"}], effectiveDateTime=f"2024-01-{n + 1:02}",
                    meta={"tag": [{"code": "kept"}]}, text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'})
        for n in range(25)
    ])  # fmt: skip


def test_links_lead_through_all_pages_on_the_callers_own_origin(api: TestClient, admin: Headers) -> None:
    for origin in ("http://localhost:8103", "http://127.0.0.1:8103"):
        url, seen = f"{origin}{BASE}/Observation?patient=series&_sort=-date&_count=7", []
        while url:
            bundle = api.get(url, headers=admin).json()
            seen += [e["resource"]["id"] for e in bundle["entry"]]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            assert all(link.startswith(f"{origin}{BASE}/Observation?") for link in links.values())
            assert "total" not in bundle
            url = links.get("next")
        assert seen == [f"series-{n}" for n in reversed(range(25))]


def test_the_default_page_has_twenty_and_totals_only_where_asked(api: TestClient, admin: Headers) -> None:
    bundle = api.get(f"{BASE}/Observation?patient=series", headers=admin).json()
    assert (bundle["type"], len(bundle["entry"])) == ("searchset", 20)
    assert bundle["entry"][0]["search"] == {"mode": "match"}
    assert bundle["entry"][0]["fullUrl"] == f"http://localhost:8103{BASE}/Observation/series-0"
    counted = api.get(f"{BASE}/Observation?patient=series&_summary=count", headers=admin).json()
    assert (counted["total"], counted["entry"]) == (25, [])
    assert api.get(f"{BASE}/Observation?patient=series&_total=accurate", headers=admin).json()["total"] == 25


def test_search_by_post_is_the_same_search(api: TestClient, admin: Headers) -> None:
    posted = api.post(
        f"{BASE}/Observation/_search?_count=3", data={"patient": "series", "_sort": "-date"}, headers=admin
    )
    assert [e["resource"]["id"] for e in posted.json()["entry"]] == ["series-24", "series-23", "series-22"]
    refused = api.post(f"{BASE}/Observation/_search", data={"nonsense": "1"}, headers=admin)
    assert refused.status_code == 400


def test_included_resources_are_marked(api: TestClient, admin: Headers) -> None:
    bundle = api.get(
        f"{BASE}/Observation?patient=series&_count=2&_include=Observation:patient", headers=admin
    ).json()
    assert [e["search"]["mode"] for e in bundle["entry"]] == ["match", "match", "include"]


@pytest.mark.parametrize(
    "query",
    ["nonsense=1", "date=soon", "_sort=nonsense", "_summary=much", "_format=xml", "_count=x", "_total=x"],
)
def test_what_is_not_understood_is_refused_by_name(api: TestClient, admin: Headers, query: str) -> None:
    refused = api.get(f"{BASE}/Observation?{query}", headers=admin)
    assert refused.status_code == 400
    issue = refused.json()["issue"][0]
    assert query.partition("=")[0] in str(issue)


@pytest.mark.parametrize("name", ["_elements", "_fields"])
def test_elements_limit_what_is_sent_and_say_so(api: TestClient, admin: Headers, name: str) -> None:
    found = api.get(
        f"{BASE}/Observation?_id=series-1&{name}=subject,Observation.effectiveDateTime", headers=admin
    )
    resource = found.json()["entry"][0]["resource"]
    assert set(resource) == {"resourceType", "id", "meta", "status", "code", "subject", "effectiveDateTime"}
    assert [tag["code"] for tag in resource["meta"]["tag"]] == ["kept", "SUBSETTED"]
    single = api.get(f"{BASE}/Observation/series-1?{name}=subject", headers=admin).json()
    assert set(single) == {"resourceType", "id", "meta", "status", "code", "subject"}


def test_summaries_leave_out_what_fhir_leaves_out(api: TestClient, admin: Headers) -> None:
    def read(summary: str) -> set[str]:
        return set(api.get(f"{BASE}/Observation/series-1?_summary={summary}", headers=admin).json())

    whole = read("false")
    assert {"note", "text", "subject"} <= whole
    assert read("true") == whole - {"note", "text"}
    assert read("text") == {"resourceType", "id", "meta", "text", "status", "code"}
    assert read("data") == whole - {"text"}
    assert api.get(f"{BASE}/Observation/series-1?_format=json", headers=admin).status_code == 200
    assert api.get(f"{BASE}/Observation/series-1?_format=xml", headers=admin).status_code == 400
