"""What a clinic lets the AI do: a validated TOML file, named by its version and its hash wherever it was applied."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import tomllib
import zoneinfo
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from services.commands.schemas import TYPES
from services.errors import InvalidInput

DEFAULT = Path(__file__).with_name("policy.toml")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEVER_ALONE = frozenset(["SuggestMedicationChange"])

Type = Annotated[str, Field(pattern=f"^({'|'.join(TYPES)})$")]
Share = Annotated[float, Field(ge=0, le=1)]
Hours = Annotated[float, Field(gt=0, le=24 * 366)]


class Window(BaseModel):
    """A time of the day, on days of the week. Where `to` is not after `from` it ends on the next day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    begin: dt.time = Field(alias="from")
    end: dt.time = Field(alias="to")
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        default=list(DAYS), min_length=1
    )

    @field_validator("begin", "end")
    @classmethod
    def _of_the_clinic(cls, value: dt.time) -> dt.time:
        if value.tzinfo is not None:
            raise ValueError("is in the clinic's time zone, without an offset")
        return value

    def holds(self, local: dt.datetime) -> bool:
        """Whether a local time is within: by the clock on the wall, so that a day of 23 or 25 hours is no exception."""
        clock, today = local.time(), DAYS[local.weekday()]
        if self.begin < self.end:
            return today in self.days and self.begin <= clock < self.end
        yesterday = DAYS[(local.weekday() - 1) % 7]
        return (today in self.days and clock >= self.begin) or (yesterday in self.days and clock < self.end)


class Policy(BaseModel):
    """See policy.toml for the meaning of each key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, Field(min_length=1, max_length=100)]
    execute_alone: list[Type]
    blocked_types: list[Type]
    least_confidence: Share
    alone_confidence: Share
    allowed_hours: list[Window]
    expires_after_hours: Hours
    expires_after_hours_by_type: dict[Type, Hours] = {}
    lease_minutes: Annotated[float, Field(gt=0, le=24 * 60)]
    two_person_types: list[Type]

    @model_validator(mode="after")
    def _never_alone(self) -> Policy:
        for name in NEVER_ALONE & set(self.execute_alone):
            raise ValueError(f"execute_alone: a {name} always waits for a person")
        if self.least_confidence < 0.5:
            raise ValueError("least_confidence: 0.5 is the least that can be allowed")
        if self.alone_confidence < self.least_confidence:
            raise ValueError("alone_confidence: must not be below least_confidence")
        return self

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    @property
    def name(self) -> str:
        """How audit and provenance name it: its version, and the start of its hash."""
        return f"{self.version} {self.digest[:12]}"

    def expires_after(self, kind: str) -> dt.timedelta:
        return dt.timedelta(hours=self.expires_after_hours_by_type.get(kind, self.expires_after_hours))

    def open_at(self, moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
        """Whether commands are taken at a moment (aware)."""
        local = moment.astimezone(zone)
        return not self.allowed_hours or any(window.holds(local) for window in self.allowed_hours)


@functools.cache
def _defaults() -> dict[str, object]:
    return tomllib.loads(DEFAULT.read_text("utf-8"))


def load_policy(path: Path | None) -> Policy:
    """The policy of a file over the default one. Raises InvalidInput that names each mistake and its place."""
    if path is None:
        return Policy.model_validate(_defaults())
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidInput(f"The command policy {path} can't be read ({error.strerror}).") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"The command policy {path} is not TOML: {error}.") from error
    try:
        return Policy.model_validate({**_defaults(), **data})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, p['loc'])) + ': ' if p['loc'] else ''}{p['msg'].removeprefix('Value error, ')}"
            for p in error.errors()
        )
        raise InvalidInput(f"The command policy {path} can't be used: {problems}.") from error
