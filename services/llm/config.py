"""The router's configuration: which models are behind it, and which of them answers what.

A TOML file. Without one the router embeds with the embedded model and has no chat model.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from services.errors import InvalidInput
from services.llm.wire import ALIASES, ENDPOINTS, TASKS, Kind, header_value

EMBEDDED = "embedded"  # the name of the embedding model that needs no server

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
Route = Annotated[list[Name], Field(min_length=1)]


class UpstreamConfig(BaseModel):
    """One OpenAI-compatible server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    model: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind = "chat"
    key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    inside_clinic: bool = False
    timeout_seconds: Annotated[float, Field(gt=0, le=3600)] = 120
    silence_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    connect_seconds: Annotated[float, Field(gt=0, le=60)] = 5
    dimensions: Annotated[int, Field(ge=1, le=65536)] = 768
    batch: Annotated[int, Field(ge=1, le=4096)] = 64

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("must be an address such as http://127.0.0.1:8000/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("must not hold a password or a query; name the key's variable in key_env")
        path = parts.path.rstrip("/")
        return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"

    @field_validator("model")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be printable")
        return value

    @model_validator(mode="after")
    def _sealed(self) -> UpstreamConfig:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.inside_clinic and not is_loopback(parts.hostname or ""):
            raise ValueError(
                "url must be https outside of the clinic (or set inside_clinic = true where it is inside)"
            )
        return self

    def key(self) -> str | None:
        """The server's key, from the environment."""
        return os.environ.get(self.key_env) if self.key_env else None


class RouterConfig(BaseModel):
    """Upstreams by name; aliases and tasks as lists of upstreams; callers as client id → variable of their key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    upstreams: dict[Name, UpstreamConfig] = {}
    aliases: dict[Name, Route] = {}
    tasks: dict[str, dict[Name, Route]] = {}
    clients: dict[Name, Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]] = {}
    health_seconds: Annotated[float, Field(ge=1, le=3600)] = 15

    @model_validator(mode="after")
    def _consistent(self) -> RouterConfig:
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        if EMBEDDED in self.upstreams:
            yield f"upstreams.{EMBEDDED}: the name belongs to the embedded model"
        for name, upstream in self.upstreams.items():
            if upstream.key_env and not header_value(upstream.key() or ""):
                yield f"upstreams.{name}.key_env: the environment variable {upstream.key_env} holds no key"
        for client, variable in self.clients.items():
            if not header_value(os.environ.get(variable, "")):
                yield f"clients.{client}: the environment variable {variable} holds no key"
        for place, alias, route in self._routes():
            unknown = [name for name in route if name != EMBEDDED and name not in self.upstreams]
            if unknown:
                yield f"{place}: there is no upstream '{unknown[0]}'"
                continue
            kinds = {self.kind(name) for name in route}
            if len(kinds) > 1:
                yield f"{place}: chat and embedding models can't stand in for each other"
            elif ALIASES.get(alias, *kinds) not in kinds:
                yield f"{place}: '{alias}' is a name for {ALIASES[alias]} models"
            elif "embedding" in kinds and len({self._vectors(name) for name in route}) > 1:
                yield f"{place}: vectors of different models must not be mixed; name upstreams of one model"
        makers = {self._vectors(name) for name in self.upstreams if self.kind(name) == "embedding"}
        named = any(ALIASES[alias] == "embedding" for alias in self.aliases if alias in ALIASES)
        if len(makers) > 1 and not named:
            yield "aliases.embedding-model: there are several embedding models; say which one it is"
        for task, routes in self.tasks.items():
            if task not in TASKS or TASKS[task] not in ENDPOINTS.values():
                yield f"tasks.{task}: there is no such task ({', '.join(t for t in TASKS if t != 'health_check')})"
                continue
            for alias, route in routes.items():
                if all(name == EMBEDDED or name in self.upstreams for name in route) and any(
                    ENDPOINTS[self.kind(name)] != TASKS[task] for name in route
                ):
                    yield f"tasks.{task}.{alias}: the task is served by {TASKS[task]}"

    def _routes(self) -> Iterator[tuple[str, str, list[str]]]:
        for alias, route in self.aliases.items():
            yield f"aliases.{alias}", alias, route
        for task, routes in self.tasks.items():
            for alias, route in routes.items():
                yield f"tasks.{task}.{alias}", alias, route

    def kind(self, upstream: str) -> Kind:
        return "embedding" if upstream == EMBEDDED else self.upstreams[upstream].kind

    def _vectors(self, name: str) -> tuple[str, int]:
        if name == EMBEDDED:
            return EMBEDDED, 768
        return self.upstreams[name].model, self.upstreams[name].dimensions

    def table(self) -> dict[str, list[str]]:
        """Which upstreams answer each alias. The contract's aliases are always there where a model is: an alias
        that is not named goes where its sister goes, or to all upstreams of its kind."""
        found = dict(self.aliases)
        for alias, kind in ALIASES.items():
            sisters = [
                self.aliases[name]
                for name, other in ALIASES.items()
                if other == kind and name in self.aliases
            ]
            every = [name for name, upstream in self.upstreams.items() if upstream.kind == kind]
            route = found.get(alias) or (sisters[0] if sisters else every)
            if not route and kind == "embedding":
                route = [EMBEDDED]
            if route:
                found[alias] = route
        return found


def load(path: Path | None) -> RouterConfig:
    """The configuration in a file, or the one without a file. Raises InvalidInput that names the place of a mistake."""
    if path is None:
        return RouterConfig()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidInput(f"The router's configuration {path} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"The router's configuration {path} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"The router's configuration {path} is not TOML: {error}.") from error
    return parse(data, str(path))


def parse(data: Mapping[str, object], source: str) -> RouterConfig:
    """The configuration in a table. Raises InvalidInput, with each mistake and where it is."""
    try:
        return RouterConfig.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(_said(list(map(str, one["loc"])), one["msg"]) for one in error.errors())
        raise InvalidInput(f"The router's configuration {source} can't be used: {problems}.") from error


def _said(place: list[str], message: str) -> str:
    message = message.removeprefix("Value error, ").replace(
        "Extra inputs are not permitted", "there is no such setting"
    )
    return f"{'.'.join(place)}: {message}" if place else message


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
