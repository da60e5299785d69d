"""How visits, procedures and documents are told."""

from __future__ import annotations

from services.bots.rag_pipeline.answer import (
    Source,
    on,
    shown,
)
from services.bots.rag_pipeline.windows import entry_end
from services.chart.entry import Entry

NAMES = {"encounter": "visit", "procedure": "procedure", "immunization": "vaccination", "report": "report", "document": "document",
          "order": "order", "appointment": "appointment", "plan": "care plan", "goal": "goal", "result": "result"}  # fmt: skip
_CLASSES = {
    "AMB": "outpatient",
    "EMER": "emergency",
    "IMP": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "VR": "telephone or video",
}


def source(entry: Entry) -> Source:
    return Source(entry, said(entry))


def said(entry: Entry) -> str:
    """ "Colonoscopy on 12-Mar-2025", with what makes it understood."""
    parts = [f"{entry.name}"]
    if entry.kind == "encounter":
        kind = _CLASSES.get(entry.extra.get("class") or "", "")
        parts[0] = f"{entry.name}{f' ({kind})' if kind and kind not in entry.name.lower() else ''}"
        end = entry_end(entry)
        when = on(entry)
        if end and entry.first and end > entry.first:
            when = f"from {shown(entry.date)} to {shown(entry.end)}"
        reason = entry.extra.get("reason")
        return f"{parts[0]} {when}{f', for {reason}' if reason else ''}{_status(entry)}"
    if entry.kind == "plan":
        return f"{entry.name}, {on(entry).replace('on ', 'since ', 1)}{f' to {shown(entry.end)}' if entry.end else ''} ({entry.status or 'status not recorded'})"
    if entry.kind in ("order", "goal"):
        due = entry.extra.get("due")
        return f"{entry.name}, {on(entry)}{f', due {shown(due)}' if due else ''}{_status(entry)}"
    return f"{parts[0]} {on(entry)}{_status(entry)}"


def _status(entry: Entry) -> str:
    usual = ("completed", "finished", "final", "current", "", "amended", "corrected")
    if entry.status in usual:
        return ""
    why = entry.extra.get("why_status")
    return f" ({entry.status}{f': {why}' if why else ''})"
