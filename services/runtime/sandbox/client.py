"""The `medplum` of both languages: each method turned into requests to the FHIR API.

It runs on the host's side, so whatever comes in is a bot's word and is checked; what a request may do is decided
by the Caller, under the bot's access policy.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import orjson

from services.runtime.sandbox.addresses import (
    asked,
    at,
    following,
    kind,
    listed,
    payload,
    refused,
    resources,
    segment,
    target,
    typed,
)
from services.runtime.sandbox.model import Caller, Limits, Place, Request, Stopped, too_large

FHIR = "fhir/R4/"
JSON_PATCH = "application/json-patch+json"
FHIR_JSON = "application/fhir+json"


class Client:
    """One run's medplum. `call(method, arguments)` takes a method by its camelCase name; arguments and answers are
    JSON values, and bytes inside them are `{"base64": …}`. Raises OutcomeError, or Stopped past a limit."""

    def __init__(self, caller: Caller, place: Place, limits: Limits) -> None:
        self._caller = caller
        self._place = place
        self._limits = limits
        self._calls = 0

    def call(self, method: str, arguments: list[Any], named: dict[str, Any] | None = None) -> Any:
        implementation = METHODS.get(method)
        if implementation is None:
            raise refused(f"medplum.{method} is not available here", "not-supported")
        self._spend()
        try:
            answer = implementation(self, *arguments, **(named or {}))
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            raise refused(f"medplum.{method} does not take these arguments") from None
        return self._fits(answer)

    def seen(self) -> dict[str, Any]:
        """What the bot's side needs to know of the place."""
        return {"base": self._place.base_url, "profile": self._place.profile, "project": self._place.project}

    def _spend(self) -> None:
        self._calls += 1
        if self._calls > self._limits.calls:
            raise Stopped(f"The bot made more than {self._limits.calls} requests")

    def _fits(self, answer: Any) -> Any:
        if isinstance(answer, bytes):
            answer = {"base64": base64.b64encode(answer).decode()}
        if len(orjson.dumps(answer)) > self._limits.message_bytes:
            raise refused(too_large("The answer", self._limits) + ": ask for less with _count", "too-costly")
        return answer

    def _send(
        self, method: str, path: str, body: Any = None, content_type: str | None = None, **headers: str
    ) -> Any:
        if body is not None and content_type is None:
            content_type = FHIR_JSON
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._caller(Request(method, path, body, content_type, named))

    # Reading

    def read_resource(self, resource_type: Any, id: Any, *_: Any) -> Any:
        return self._send("GET", at(resource_type, id))

    def read_reference(self, reference: Any, *_: Any) -> Any:
        return self._send("GET", target(reference))

    def read_history(self, resource_type: Any, id: Any, options: Any = None, *_: Any) -> Any:
        return self._send("GET", f"{at(resource_type, id)}/_history" + asked(options, "?"))

    def read_version(self, resource_type: Any, id: Any, version: Any, *_: Any) -> Any:
        return self._send("GET", f"{at(resource_type, id)}/_history/{segment(version, 'version id')}")

    def read_patient_everything(self, id: Any, *_: Any) -> Any:
        return self._send("GET", f"{at('Patient', id)}/$everything")

    # Searching

    def search(self, resource_type: Any, query: Any = None, *_: Any) -> Any:
        return self._send("GET", typed(resource_type) + asked(query, "?"))

    def search_one(self, resource_type: Any, query: Any = None, *_: Any) -> Any:
        pairs = [pair for pair in listed(query) if pair[0] != "_count"]
        found = resources(self.search(resource_type, [*pairs, ["_count", "1"]]))
        return found[0] if found else None

    def search_resources(self, resource_type: Any, query: Any = None, *_: Any) -> Any:
        return resources(self.search(resource_type, query))

    def search_resource_pages(self, resource_type: Any, query: Any = None, *_: Any) -> Any:
        """Every page, each a list of resources."""
        bundle = self.search(resource_type, query)
        pages = [resources(bundle)]
        while onward := following(bundle):
            self._spend()
            bundle = self.get(onward)
            pages.append(resources(bundle))
        return [page for page in pages if page]

    def value_set_expand(self, params: Any, *_: Any) -> Any:
        return self._send("GET", "ValueSet/$expand" + asked(params, "?"))

    # Writing

    def create_resource(self, resource: Any, *_: Any) -> Any:
        return self._send("POST", typed(kind(resource)), resource)

    def create_resource_if_none_exist(self, resource: Any, query: Any, *_: Any) -> Any:
        return self._send("POST", typed(kind(resource)), resource, If_None_Exist=asked(query))

    def upsert_resource(self, resource: Any, query: Any, *_: Any) -> Any:
        return self._send("PUT", typed(kind(resource)) + asked(query, "?"), resource)

    def update_resource(self, resource: Any, *_: Any) -> Any:
        return self._send("PUT", at(kind(resource), resource.get("id")), resource)

    def patch_resource(self, resource_type: Any, id: Any, operations: Any, *_: Any) -> Any:
        return self._send("PATCH", at(resource_type, id), operations, JSON_PATCH)

    def delete_resource(self, resource_type: Any, id: Any, *_: Any) -> Any:
        return self._send("DELETE", at(resource_type, id))

    def validate_resource(self, resource: Any, *_: Any) -> Any:
        return self._send("POST", f"{typed(kind(resource))}/$validate", resource)

    def execute_batch(self, bundle: Any, *_: Any) -> Any:
        return self._send("POST", "", bundle)

    def create_comment(self, resource: Any, text: Any, *_: Any) -> Any:
        """A Communication about the resource; a Patient or an Encounter's patient becomes its subject."""
        about = {"reference": at(kind(resource), resource.get("id"))}
        comment = {
            "resourceType": "Communication",
            "status": "completed",
            "basedOn": [about],
            "sent": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "payload": [{"contentString": str(text)}],
        }
        if kind(resource) == "Patient":
            comment["subject"] = about
        elif kind(resource) == "Encounter":
            comment["encounter"] = about
            comment["subject"] = resource.get("subject")
        if self._place.profile:
            comment["sender"] = {"reference": at(kind(self._place.profile), self._place.profile.get("id"))}
        return self._send("POST", "Communication", {key: value for key, value in comment.items() if value})

    def create_binary(self, data: Any, filename: Any = None, content_type: Any = None, *_: Any) -> Any:
        """Takes `{data, filename, contentType, securityContext}` or the first three in their order."""
        options = data if isinstance(data, dict) and "data" in data else None
        if options is not None:
            data, filename, content_type = (options.get(name) for name in ("data", "filename", "contentType"))
        headers = {}
        if options is not None and isinstance(context := options.get("securityContext"), dict):
            headers["X_Security_Context"] = str(context.get("reference"))
        path = "Binary" + (asked({"_filename": filename}, "?") if filename else "")
        return self._send(
            "POST", path, payload(data), str(content_type or "application/octet-stream"), **headers
        )

    def create_attachment(self, data: Any, filename: Any = None, content_type: Any = None, *_: Any) -> Any:
        binary = self.create_binary(data, filename, content_type)
        if isinstance(data, dict) and "data" in data:
            filename, content_type = data.get("filename"), data.get("contentType")
        address = binary.get("url") or f"Binary/{binary.get('id')}"
        attachment = {"contentType": content_type, "url": address, "title": filename}
        return {key: value for key, value in attachment.items() if value}

    def send_email(self, *_: Any) -> Any:
        raise refused("Bots can't send email here", "not-supported")

    # Other bots, and addresses given whole

    def execute_bot(self, id: Any, body: Any = None, content_type: Any = None, *_: Any) -> Any:
        if isinstance(id, dict):
            which = asked({"identifier": f"{id.get('system') or ''}|{id.get('value') or ''}"}, "?")
            path = "Bot/$execute" + which
        else:
            path = f"{at('Bot', id)}/$execute"
        return self._send("POST", path, body, str(content_type or "application/json"))

    def get(self, url: Any, *_: Any) -> Any:
        return self._send("GET", self._inside(url))

    def post(self, url: Any, body: Any = None, content_type: Any = None, *_: Any) -> Any:
        return self._send("POST", self._inside(url), payload(body), content_type)

    def put(self, url: Any, body: Any = None, content_type: Any = None, *_: Any) -> Any:
        return self._send("PUT", self._inside(url), payload(body), content_type)

    def patch(self, url: Any, operations: Any, *_: Any) -> Any:
        return self._send("PATCH", self._inside(url), operations, JSON_PATCH)

    def delete(self, url: Any, *_: Any) -> Any:
        return self._send("DELETE", self._inside(url))

    def download(self, url: Any, *_: Any) -> Any:
        """The content as bytes, or text."""
        answer = self._send("GET", self._inside(url), Accept="*/*")
        return answer if isinstance(answer, bytes | str) else orjson.dumps(answer)

    # What needs no request

    def fhir_url(self, *path: Any) -> str:
        return urljoin(self._place.base_url, FHIR) + "/".join(str(part) for part in path)

    def fhir_search_url(self, resource_type: Any, query: Any = None) -> str:
        return self.fhir_url(typed(resource_type)) + asked(query, "?")

    def get_base_url(self) -> str:
        return self._place.base_url

    def get_profile(self) -> Any:
        return self._place.profile

    def get_project(self) -> Any:
        return self._place.project

    def invalidate(self, *_: Any) -> None:
        """Nothing is cached, so there is nothing to forget."""

    def _inside(self, url: Any) -> str:
        """An address of this server's FHIR API as a path relative to it."""
        if not isinstance(url, str):
            raise refused("An address must be a string or a URL")
        base = urljoin(self._place.base_url, FHIR)
        # A relative address counts from the FHIR base where it starts with a resource type, else from the server.
        whole = urljoin(base if re.match(r"[A-Z]", url) else self._place.base_url, url)
        if not whole.startswith(base):
            raise refused(f"Bots reach only this server's FHIR API, below {base}", "forbidden")
        path = whole[len(base) :].split("#")[0]
        if ".." in unquote(urlsplit(path).path).split("/"):
            raise refused("An address can't climb with ..", "forbidden")
        return path


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


# Every public method by the name that JavaScript calls it by.
METHODS: dict[str, Callable[..., Any]] = {
    camel(name): function
    for name, function in vars(Client).items()
    if callable(function) and not name.startswith("_") and name not in ("call", "invalidate", "seen")
} | dict.fromkeys(("invalidateAll", "invalidateSearches", "invalidateUrl"), Client.invalidate)
