"""HTML of the approval queue: the list, the fields, what rules said, the evidence. Everything is escaped here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from pages._bots_parts import table
from pages._cards import link
from pages._within import here
from services.console.approvals import KINDS, STATES, Line, Listing
from services.console.reviewing import Field, Said, Shown, words_changed

_TITLES = {"pending": "Waiting", "approved": "Approved", "rejected": "Rejected", "expired": "Expired"}
_VERDICTS = {"block": "Blocked", "queue": "Needs a look", "warn": "Mind"}
_TAGS = {"same": "span", "removed": "del", "added": "ins"}
_SAID = {"removed": "removed: ", "added": "added: "}


def tabs_html(counts: Mapping[str, int], current: str, address: Mapping[str, str]) -> str:
    shown = "".join(
        here(
            f"{_TITLES[state]} {counts.get(state, 0):,}",
            "/approvals",
            state == current,
            **{**address, "state": state},
        )
        for state in STATES
    )
    return f'<nav class="fb-tabs" aria-label="State">{shown}</nav>'


def pages_html(listing: Listing, address: Mapping[str, str]) -> str:
    """The way to the rest of a long list."""
    if listing.pages == 1:
        return ""
    to = [(listing.page - 1, "Earlier ones"), (listing.page + 1, "Later ones")]
    links = (here(label, "/approvals", False, **{**address, "sheet": str(n)}) for n, label in to if 1 <= n <= listing.pages)
    where = f"Page {listing.page} of {listing.pages}"
    return f'<nav class="fb-tabs" aria-label="Pages"><span>{where}</span> {" ".join(links)}</nav>'


def risk_html(risk: str) -> str:
    return f'<span class="fb-risk-{html.escape(risk)}">{html.escape(risk.capitalize())}</span>'


def list_html(lines: Iterable[Line], state: str, address: Mapping[str, str]) -> str:
    pending = state == "pending"
    head = ("Proposal", "Patient", "Risk", "Confidence", "Proposed", "Expires in" if pending else "Decided")
    return table("Proposals", head, [_row(line, pending, address) for line in lines])


def _row(line: Line, pending: bool, address: Mapping[str, str]) -> list[str]:
    why = f'<div class="fb-meta">{html.escape(line.why)}</div>' if line.why else ""
    held = (
        f'<div class="fb-meta">Being reviewed by {"you" if line.mine else html.escape(line.holder)}</div>'
        if line.holder
        else ""
    )
    if line.sent_to:
        held = f'<div class="fb-meta">Sent to {html.escape(line.sent_to)}</div>'
    last = html.escape(line.left if pending else line.decided)
    if pending and line.urgent:
        last = f'<span class="fb-risk-high">{last}</span>'
    urgent = (
        f' <span class="fb-chip fb-chip-strong">{html.escape(line.priority.upper())}</span>'
        if line.priority != "routine"
        else ""
    )
    name = here(html.escape(line.summary), "/approvals", False, **{**address, "task": line.id})
    who = f'{html.escape(line.patient.name)}<div class="fb-meta">Born {html.escape(line.patient.born)}</div>'
    kind = html.escape(KINDS.get(line.kind, line.kind))
    return [
        f"{name}{urgent}{why}{held}",
        who,
        f'{risk_html(line.risk)}<div class="fb-meta">{kind}</div>',
        f"{line.confidence:.2f}",
        f'<span class="fb-date">{html.escape(line.proposed)}</span><div class="fb-meta">for {html.escape(line.requester)}</div>',
        last,
    ]


def fields_html(fields: Sequence[Field]) -> str:
    """Each field as it is in the record and as proposed; where both are there, with what differs."""
    rows = []
    for field in fields:
        if field.current and field.proposed:
            proposed = words_html(field.current, field.proposed)
        else:
            proposed = html.escape(field.proposed) or '<span class="fb-meta">Not given</span>'
        now = html.escape(field.current) or '<span class="fb-meta">–<span class="fb-sr">nothing</span></span>'
        rows.append(
            f'<tr><th scope="row">{html.escape(field.label)}</th><td>{now}</td><td>{proposed}</td></tr>'
        )
    held = any(f.current for f in fields)
    if not held:
        rows = [
            f'<tr><th scope="row">{html.escape(f.label)}</th><td>{html.escape(f.proposed) or "Not given"}</td></tr>'
            for f in fields
        ]
    heads = ("", "In the record now", "Proposed") if held else ("", "Proposed")
    head = "".join(f'<th scope="col">{h}</th>' if h else "<td></td>" for h in heads)
    return (
        '<table class="fb-fields"><caption class="fb-sr">What would be written</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def words_html(before: str, after: str) -> str:
    """The words with what was taken out and put in."""
    shown = []
    for kind, text in words_changed(before, after):
        said = f'<span class="fb-sr">{_SAID[kind]}</span>' if kind in _SAID else ""
        tag = _TAGS[kind]
        shown.append(f"<{tag}>{said}{html.escape(text)}</{tag}>")
    return "".join(shown)


def findings_html(findings: Iterable[Said]) -> str:
    shown = "".join(
        f"<li><b>{_VERDICTS.get(f.verdict, 'Mind')}</b> · {html.escape(f.reason)} "
        f'<span class="fb-meta">{html.escape(f.rule)}</span></li>'
        for f in findings
    )
    return f'<ul class="fb-findings" aria-label="What the safety rules say">{shown}</ul>' if shown else ""


def evidence_html(shown: Shown, patient: str) -> str:
    opened = shown.opened
    changed = ' · <b class="fb-bad">Changed since it was proposed</b>' if shown.changed else ""
    source = link("Open the source", "/search", {}, patient=patient, open=opened.reference)
    return (
        f'<section class="fb-evidence" aria-label="{html.escape(opened.title)}"><div class="fb-row">'
        f'<h3>{html.escape(opened.title)}</h3><span class="fb-date">{html.escape(opened.date)}</span></div>'
        f'<div class="fb-document" tabindex="0" role="region" aria-label="Text of {html.escape(opened.title)}">'
        f"{_marked(opened.text, shown.marks)}</div>"
        f'<div class="fb-meta">{html.escape(opened.reference)}{changed} · {source}</div></section>'
    )


def _marked(text: str, marks: Sequence[tuple[int, int]]) -> str:
    found, last = [], 0
    for start, end in marks:
        found += [html.escape(text[last:start]), f"<mark>{html.escape(text[start:end])}</mark>"]
        last = end
    return "".join((*found, html.escape(text[last:])))
