"""What a bot is given to work with, and how its input is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from services.accounts.roles import Principal
from services.audit.events import AuditLog
from services.chart.chart import Charts
from services.commands.processor import Desk
from services.errors import InvalidInput
from services.fhir.indexing import date_range
from services.fhir.repository import Repository
from services.index.pipeline import Pipeline
from services.index.search import Retriever
from services.index.store import IndexStore
from services.llm.client import RouterClient


@dataclass(frozen=True, slots=True)
class Context:
    """The record as the caller may see it, the index, who asks, and the desk that takes commands."""

    repository: Repository
    store: IndexStore
    pipeline: Pipeline
    retriever: Retriever
    principal: Principal
    charts: Charts
    router: RouterClient
    audit: AuditLog
    desk: Desk


class Message(BaseModel):
    """Base of inputs and outputs: the contract's camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    def wire(self) -> dict:
        """As JSON for the contract: camelCase, absent fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _is_moment(value: str) -> str:
    if date_range(value) is None:
        raise ValueError("must be an ISO date such as 2024-03-05")
    return value


PatientId = Annotated[str, AfterValidator(lambda value: value.removeprefix("Patient/"))]
"""A patient's id, also as a reference."""
Moment = Annotated[str, AfterValidator(_is_moment)]
"""An ISO date or dateTime."""

Input = TypeVar("Input", bound=Message)


def read_input(model: type[Input], value: object) -> Input:
    """Raises InvalidInput that names the first wrong field."""
    if not isinstance(value, dict):
        raise InvalidInput("The input must be a JSON object.")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        first = problems[0]
        field = ".".join(str(p) for p in first["loc"]) or "input"
        details = [{"field": ".".join(str(x) for x in p["loc"]), "problem": p["msg"]} for p in problems]
        raise InvalidInput(f"{field}: {first['msg']}", details=details) from error
