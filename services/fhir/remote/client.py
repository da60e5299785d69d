"""FHIR R4 REST to one server, as the record needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from services.errors import FabricError, Gone, InvalidInput, NotFound
from services.fhir.conditional import version_of
from services.fhir.remote.exchange import Exchange, Response
from services.fhir.remote.failures import Unclear, Unreached, refusal
from services.fhir.repository import Resource


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as the server has it."""

    version: str
    updated: str
    resource: Resource

    @classmethod
    def of(cls, resource: Resource) -> Found:
        meta = resource.get("meta") if isinstance(resource.get("meta"), dict) else {}
        return cls(str(meta.get("versionId") or ""), str(meta.get("lastUpdated") or ""), resource)  # pyright: ignore[reportOptionalMemberAccess]


class FhirClient(Exchange):
    """Safe to share between threads. What raises, raises StoreUnavailable, or what the server refuses by."""

    # What is asked

    def read(self, resource_type: str, resource_id: str) -> Found | None:
        """The current version; None where it isn't there."""
        try:
            return Found.of(self._json("GET", f"{resource_type}/{quote(resource_id, safe='')}"))
        except (NotFound, Gone):
            return None

    def reads(self, references: list[str]) -> list[Found | None]:
        """As `read`, of several in one exchange."""
        found: list[Found | None] = []
        for answer in self.searches(references):
            if not isinstance(answer, FabricError):
                found.append(Found.of(answer))
            elif isinstance(
                answer, NotFound | Gone | InvalidInput
            ):  # some call an id that can't be theirs invalid
                found.append(None)
            else:
                raise answer
        return found

    def versions(self, resource_type: str, resource_id: str) -> list[Found]:
        """The newest versions; empty where the server keeps none."""
        try:
            bundle = self._json("GET", f"{resource_type}/{quote(resource_id, safe='')}/_history")
        except (NotFound, Gone):
            return []
        return [Found.of(r) for r in resources_of(bundle)]

    def search(self, resource_type: str, params: list[tuple[str, str]]) -> Resource:
        """One page, as the server's Bundle."""
        return self._json("GET", f"{resource_type}?{urlencode(params)}")

    def pages(self, bundle: Resource) -> Iterator[Resource]:
        """The page, and those that follow it by its `next` links."""
        while True:
            yield bundle
            link = next((x for x in bundle.get("link") or () if x.get("relation") == "next"), None)
            address = urljoin(f"{self.base}/", str(link["url"])) if link else ""
            if not address or urlsplit(address).netloc != self.host:
                return  # a token goes to the server that was named and to no other
            bundle = self._json("GET", address)

    def searches(self, queries: list[str]) -> list[Resource | FabricError]:
        """Several GETs (`Type?…`, `Type/id`) in one exchange; of each what it found, or what was wrong with it."""
        batch = {"resourceType": "Bundle", "type": "batch",
                 "entry": [{"request": {"method": "GET", "url": query}} for query in queries]}  # fmt: skip
        answered = self._json("POST", "", batch, again=True).get("entry") or []
        if len(answered) != len(queries):
            raise Unclear(f"The FHIR server {self.host} left searches of a batch unanswered.")
        found: list[Resource | FabricError] = []
        for entry, query in zip(answered, queries, strict=True):
            status = status_of(entry)
            resource = entry.get("resource")
            if status == 429 or status >= 500 or (status < 400 and not isinstance(resource, dict)):
                raise Unreached(f"The FHIR server {self.host} has no time just now ({status}).")
            if status >= 400:
                told = entry["response"].get("outcome") or resource
                found.append(refusal(status, told, f"GET {query.partition('?')[0]}"))
            else:
                found.append(resource)
        return found

    def metadata(self) -> Resource:
        return self._json("GET", "metadata")

    # What is written

    def put(self, resource: Resource, if_match: str | None = None) -> Found:
        """Raises PreconditionFailed where the server has another version, Unclear where nobody knows."""
        path = f"{resource['resourceType']}/{quote(resource['id'], safe='')}"
        headers = {"If-Match": f'W/"{if_match}"'} if if_match else {}
        response = self.request("PUT", path, resource, headers)
        return self._written(response, resource)

    def create(self, resource: Resource, unless: str) -> Found:
        """By POST, unless a resource fits the search `unless`; that one is given back then."""
        response = self.request("POST", resource["resourceType"], resource, {"If-None-Exist": unless})
        return self._written(response, resource)

    def delete(self, resource_type: str, resource_id: str) -> None:
        try:
            self.request("DELETE", f"{resource_type}/{quote(resource_id, safe='')}")
        except (NotFound, Gone):
            return

    def bundle(self, kind: str, entries: list[Resource]) -> Resource:
        """Send a transaction, or a batch of what may be sent twice (PUT with ids); its answer."""
        content = {"resourceType": "Bundle", "type": kind, "entry": entries}
        return self._json("POST", "", content, again=kind == "batch")

    # Details

    def _written(self, response: Response, sent: Resource) -> Found:
        told = self.parsed(response)
        if isinstance(told, dict) and told.get("resourceType") == sent["resourceType"]:
            return Found.of(told)
        version = version_of(response.headers.get("etag"))  # `Prefer: return=minimal` of some servers
        if version is None:
            raise Unclear(f"The FHIR server {self.host} did not say which version it stored.")
        return Found(version, "", sent)

    def _json(self, method: str, path: str, content: Any = None, *, again: bool = False) -> Resource:
        told = self.parsed(self.request(method, path, content, again=again))
        if not isinstance(told, dict):
            raise Unclear(f"The FHIR server {self.host} sent something else than FHIR.")
        return told


def resources_of(bundle: Resource) -> list[Resource]:
    """The resources that a search or history found; not what it includes or remarks."""
    return [
        entry["resource"]
        for entry in bundle.get("entry") or ()
        if isinstance(entry.get("resource"), dict)
        and (entry.get("search") or {}).get("mode", "match") == "match"
    ]


def status_of(entry: Any) -> int:
    """The status of an entry in the answer to a bundle; 500 where it has none."""
    told = str(((entry or {}).get("response") or {}).get("status") or "")[:3]
    return int(told) if told.isdigit() else 500
