"""Puts the written stories together: who they are, and everything their charts hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.demo import staff
from services.demo.chart import DEFAULT_AS_OF
from services.demo.concepts import Resource
from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories import STORIES


@dataclass(frozen=True)
class DemoPatient:
    """A written patient, for the documentation and the sign-in page."""

    slug: str
    id: str
    name: str
    story: str


def display_name(person: Person) -> str:
    return f"{person.given} {person.family}"


def patients(as_of: dt.date = DEFAULT_AS_OF) -> list[DemoPatient]:
    """The written patients, in the order of the cohort. Ids don't depend on the date."""
    return [
        DemoPatient(person.slug, staff.ident(person.slug), display_name(person), person.story)
        for person, _tell in STORIES
    ]


def cohort(as_of: dt.date = DEFAULT_AS_OF) -> list[Resource]:
    """All resources of the demo cohort in dependency order: what is shared, then patient by patient."""
    resources = staff.shared_resources()
    for person, tell in STORIES:
        chart = Chart(person, as_of)
        tell(chart)
        resources.extend(chart.finished())
    return resources
