"""HTML of findings: cards, sparklines, the work list, preventive rules. Everything is escaped here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from pages._bots_parts import table
from pages._cards import link
from pages._within import here
from services.console.dates import show_date
from services.console.findings import TITLES, Evaluated, Line, Said, Told, evidence_line

_LONG = 60  # characters of a piece of evidence that name it
_STATUS = {"satisfied": "Done", "excluded": "Excluded", "not-eligible": "Not for this patient", "cannot-judge": "Cannot judge",
           "due": "Due", "overdue": "Overdue"}  # fmt: skip


def severity_html(severity: str) -> str:
    return f'<span class="fb-sev fb-sev-{html.escape(severity)}">{html.escape(severity.capitalize())}</span>'


def finding_html(line: Line, patient: str, said: Sequence[Said] = ()) -> str:
    """`said`: what a model says of it, each sentence borne out by the record."""
    f = line.finding
    evidence = "".join(
        f"<li>{html.escape(evidence_line(e))} {link('Open', '/search', {}, patient=patient, open=e.reference)}</li>"
        for e in f.evidence
    )
    against = "".join(f"<li>{html.escape(evidence_line(e))}</li>" for e in f.against)
    facts = [html.escape(t) for t in (f.source, f.table, f"since {line.since}", f.rule) if t]
    if line.overridden:
        facts.append(f"<b>{html.escape(line.overridden)}</b>")
    due = (
        f"<div>Due {html.escape(show_date(f.due))}{f'; last done {html.escape(show_date(f.last))}' if f.last else ''}</div>"
        if f.due
        else ""
    )
    return (
        f'<div class="fb-finding"><div class="fb-row"><h3>{html.escape(f.title)}</h3><span>{spark_html(line)} {severity_html(f.severity)}</span></div>'
        f"<div>{html.escape(f.reason)}</div>{due}<div><b>{html.escape(f.recommendation)}</b></div>"
        f"{f'<ul>{evidence}</ul>' if evidence else ''}{f'<div>Against it:</div><ul>{against}</ul>' if against else ''}"
        f'{model_html("The model’s comment", said, patient)}<div class="fb-meta">{" · ".join(facts)}</div></div>'
    )


def model_html(title: str, said: Sequence[Said], patient: str) -> str:
    """A model's sentences, marked as such, each with what it rests on."""
    lines = "".join(
        f"<li>{html.escape(s.text)} "
        + " ".join(link(_short(e.text), "/search", {}, patient=patient, open=e.reference) for e in s.evidence)
        + "</li>"
        for s in said
    )
    return f'<div class="fb-model"><b>{html.escape(title)}</b> <span class="fb-meta">AI-generated, checked against the record</span><ul>{lines}</ul></div>' if lines else ""  # fmt: skip


def _short(text: str) -> str:
    return html.escape(text if len(text) <= _LONG else f"{text[: _LONG - 1]}…")


def differential_html(told: Told, patient: str) -> str:
    """Diagnoses that a model thinks of."""
    return "".join(
        f'<div class="fb-finding">{model_html(f"{p.display} ({p.code})", [p.said], patient)}</div>'
        for p in told.differential
    )


def spark_html(line: Line) -> str:
    """Earlier values as a small picture, with the reference range behind; the words tell the same."""
    points = line.trend
    if len(points) < 2:
        return ""
    low, high = line.band
    bounds = [*points, *(b for b in (low, high) if b is not None)]
    least, most = min(bounds), max(bounds)
    span = (most - least) or 1.0

    def y(value: float) -> float:
        return round(20 - 18 * (value - least) / span, 1)

    top, bottom = y(high if high is not None else most), y(low if low is not None else least)
    path = " ".join(f"{round(2 + 76 * n / (len(points) - 1), 1)},{y(p)}" for n, p in enumerate(points))
    told = f"Values, oldest first: {', '.join(f'{p:g}' for p in points)}"
    band = (
        f'<rect x="0" y="{top}" width="80" height="{max(0.0, bottom - top):.1f}" fill="currentColor" opacity=".14"/>'
        if low is not None or high is not None
        else ""
    )
    return (
        f'<svg class="fb-spark" width="80" height="22" role="img" aria-label="{html.escape(told)}">{band}'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )


def worklist_html(lines: Iterable[Line]) -> str:
    rows = []
    for line in lines:
        f, person = line.finding, line.patient
        if person is None:
            continue
        name = here(html.escape(f.title), "/findings", False, patient=person.id)
        rows.append([
            severity_html(f.severity),
            f'{name}<div class="fb-meta">{html.escape(f.reason)}</div>',
            f'{html.escape(person.name)}<div class="fb-meta">Born {html.escape(person.born)}</div>',
            TITLES[f.kind], f'<span class="fb-date">{html.escape(line.since)}</span>',
        ])  # fmt: skip
    return table("Findings", ("Severity", "Finding", "Patient", "Kind", "Since"), rows)


def rules_html(rules: Sequence[Evaluated]) -> str:
    """Every preventive rule with its status, so that it is seen why something is not asked for."""
    rows = [
        [html.escape(r.title), _STATUS.get(r.status, html.escape(r.status)), html.escape(r.reason),
         html.escape(show_date(r.due_date.isoformat())) if r.due_date else ""]
        for r in rules
    ]  # fmt: skip
    return table("Preventive rules", ("Rule", "Status", "Why", "Due"), rows)
