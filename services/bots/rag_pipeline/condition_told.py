"""How problems are told, and which of them hold."""

from __future__ import annotations

from services.bots.rag_pipeline.answer import (
    Source,
    shown,
)
from services.chart.chart import Chart
from services.chart.entry import Entry, days

ACTIVE = ("active", "recurrence", "relapse", "")
UNSURE = ("unconfirmed", "provisional", "differential")


def is_active(entry: Entry, chart: Chart) -> bool:
    end = days(entry.end)
    return entry.status in ACTIVE and not (end and end[1] < chart.as_of)


def said(entry: Entry) -> str:
    """ "Asthma (active, since 12-Mar-2025)"."""
    parts = [entry.status or "status not recorded"]
    if entry.extra.get("severity"):
        parts.append(entry.extra["severity"].lower())
    if entry.extra.get("onset_text"):
        parts.append(f"onset {entry.extra['onset_text']}")
    elif entry.date:
        parts.append(f"recorded {shown(entry.date)}")
    if entry.end:
        parts.append(f"ended {shown(entry.end)}")
    return f"{entry.name} ({', '.join(parts)})"


def source(entry: Entry) -> Source:
    return Source(entry, said(entry), "code")
