"""A day's appointments for the demo cohort, so that a demonstration has a morning."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterator
from typing import Any

from services.demo.roster import patients
from services.demo.staff import NAMESPACE

_DAY = (
    ("eleanor-marsh", "08:20", 20, "INR recheck", "fulfilled"),
    ("samuel-okonkwo", "08:40", 20, "Potassium result, blood pressure", "arrived"),
    ("james-whitfield", "09:10", 20, "Heart failure review", "arrived"),
    ("dorothy-freeman", "09:40", 20, "Kidney disease follow-up", "booked"),
    ("maria-alvarez", "10:10", 20, "Diabetes review", "booked"),
    ("chloe-lefevre", "10:40", 20, "Antenatal visit", "booked"),
    ("ruth-goldberg", "11:10", 20, "Oncology follow-up", "booked"),
    ("mateo-garcia", "11:40", 20, "Asthma review", "booked"),
)
"""Whose, when, minutes, why, status."""


def appointments(day: dt.date, zone: zoneinfo.ZoneInfo) -> Iterator[dict[str, Any]]:
    """Of the written patients, by the clinic's clock. The same day gives the same ones."""
    ids = {person.slug: person.id for person in patients()}
    for slug, clock, minutes, reason, status in _DAY:
        start = dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)
        yield {
            "resourceType": "Appointment",
            "id": str(uuid.uuid5(NAMESPACE, f"appointment/{day}/{slug}")),
            "status": status,
            "start": start.isoformat(),
            "end": (start + dt.timedelta(minutes=minutes)).isoformat(),
            "reasonCode": [{"text": reason}],
            "participant": [{"actor": {"reference": f"Patient/{ids[slug]}"}, "status": "accepted"}],
        }
