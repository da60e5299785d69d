"""The audit trail's table. Everything is escaped here."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from pages._bots_parts import table
from pages._cards import link
from services.console.audit import Line


def events_html(lines: Sequence[Line], query: Mapping[str, str | Sequence[str]], opened: str | None) -> str:
    rows = [_row(line, query, line.id == opened) for line in lines]
    chosen = next((n for n, line in enumerate(lines) if line.id == opened), None)
    head = ("When", "Who", "What", "Patients", "Outcome", "Event")
    return f'<div class="fb-audit">{table("Events", head, rows, chosen)}</div>'


def _row(line: Line, query: Mapping[str, str | Sequence[str]], current: bool) -> list[str]:
    about = f'<div class="fb-meta">{html.escape(line.about)}</div>' if line.about else ""
    told = f'<div class="fb-meta">told by {html.escape(line.teller)}</div>' if line.teller else ""
    names = [link(html.escape(name), "/search", {}, patient=patient) for patient, name in line.patients]
    if line.more:
        names.append(f"and {line.more} more")
    mark = "fb-bad" if line.failed else "fb-good"
    label = (
        f'{"Opened" if current else "Open"}<span class="fb-sr"> the event of {html.escape(line.when)}</span>'
    )
    return [
        f'<span class="fb-date">{html.escape(line.when)}</span>',
        html.escape(line.who) + told,
        html.escape(line.what) + about,
        "<br>".join(names) or "–",
        f'<span class="{mark}">{html.escape(line.outcome)}</span>',
        link(label, "/audit", query, open=f"AuditEvent/{line.id}"),
    ]
