"""FHIR R4 REST to one server, as the record needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from services.errors import FabricError, Gone, InvalidInput, NotFound
from services.fhir.conditional import version_of
from services.fhir.remote.exchange import Exchange, Response, is_resource
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
            path = f"{resource_type}/{quote(resource_id, safe='')}"
            return Found.of(self._json("GET", path, resource_type=resource_type, resource_id=resource_id))
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
            bundle = self._bundle("GET", f"{resource_type}/{quote(resource_id, safe='')}/_history")
        except (NotFound, Gone):
            return []
        return [Found.of(r) for r in resources_of(bundle)]

    def search(self, resource_type: str, params: list[tuple[str, str]]) -> Resource:
        """One page, as the server's Bundle."""
        return self._bundle("GET", f"{resource_type}?{urlencode(params)}")

    def pages(self, bundle: Resource) -> Iterator[Resource]:
        """The page, and those that follow it by its `next` links."""
        while True:
            yield bundle
            link = next_of(bundle)
            address = urljoin(f"{self.base}/", link) if link else ""
            if not address or urlsplit(address).netloc != self.host:
                return  # a token goes to the server that was named and to no other
            bundle = self._bundle("GET", address)

    def searches(self, queries: list[str]) -> list[Resource | FabricError]:
        """Several GETs (`Type?…`, `Type/id`) in one exchange; of each what it found, or what was wrong with it."""
        batch = {"resourceType": "Bundle", "type": "batch",
                 "entry": [{"request": {"method": "GET", "url": query}} for query in queries]}  # fmt: skip
        answered = entries_of(self._bundle("POST", "", batch, again=True))
        if len(answered) != len(queries):
            raise Unclear(f"The FHIR server {self.host} left searches of a batch unanswered.")
        found: list[Resource | FabricError] = []
        for entry, query in zip(answered, queries, strict=True):
            status = status_of(entry)
            resource = entry.get("resource")
            if status == 429 or status >= 500:
                raise Unreached(f"The FHIR server {self.host} has no time just now ({status}).")
            kind, _, wanted = query.partition("?")[0].partition("/")
            if status >= 400:
                told = entry["response"].get("outcome") or resource
                found.append(refusal(status, told, f"GET {query.partition('?')[0]}"))
            elif is_resource(resource, kind if wanted else "Bundle", wanted or None):
                found.append(resource)
            else:
                raise Unclear(f"The FHIR server {self.host} sent something else than what was asked for.")
        return found

    def metadata(self) -> Resource:
        return self._json("GET", "metadata", resource_type="CapabilityStatement")

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
        return self._bundle("POST", "", content, again=kind == "batch")

    # Details

    def _written(self, response: Response, sent: Resource) -> Found:
        told = self.parsed(response)
        if is_resource(told, sent["resourceType"], sent.get("id")):
            return Found.of(told)
        # Some servers send back nothing, or an OperationOutcome (`Prefer`, hl7.org/fhir/R4/http.html#ops).
        spare = not response.content or is_resource(told, "OperationOutcome")
        version = version_of(response.headers.get("etag")) if spare and "id" in sent else None
        if version is None:
            raise Unclear(f"The FHIR server {self.host} did not say which version it stored.")
        return Found(version, "", sent)

    def _bundle(self, method: str, path: str, content: Any = None, *, again: bool = False) -> Resource:
        return self._json(method, path, content, again=again, resource_type="Bundle")

    def _json(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        again: bool = False,
        resource_type: str | None = None,
        resource_id: str | None = None,
    ) -> Resource:
        told = self.parsed(self.request(method, path, content, again=again))
        if not is_resource(told, resource_type, resource_id):
            raise Unclear(f"The FHIR server {self.host} sent something else than what was asked for.")
        return told


def entries_of(bundle: Resource) -> list[Resource]:
    """Its entries; one that is none has nothing in it, so that their number stays."""
    entries = bundle.get("entry")
    return [e if isinstance(e, dict) else {} for e in entries] if isinstance(entries, list) else []


def next_of(bundle: Resource) -> str | None:
    """The address of the page behind this one."""
    links = bundle.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return link["url"]
    return None


def resources_of(bundle: Resource) -> list[Resource]:
    """The resources that a search or history found; not what it includes or remarks."""
    found = []
    for entry in entries_of(bundle):
        search = entry.get("search")
        mode = search.get("mode", "match") if isinstance(search, dict) else "match"
        if is_resource(entry.get("resource")) and mode == "match":
            found.append(entry["resource"])
    return found


def status_of(entry: Any) -> int:
    """The status of an entry in the answer to a bundle; 500 where it has none."""
    response = entry.get("response") if isinstance(entry, dict) else None
    told = str(response.get("status") if isinstance(response, dict) else "")[:3]
    return int(told) if told.isascii() and told.isdigit() else 500
