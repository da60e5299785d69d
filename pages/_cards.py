"""HTML of lists: results, patients, a record's newest entries. Everything from the record is escaped here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from services.console.patients import PatientLine
from services.console.search import Card
from services.console.snippets import Part

_ABNORMAL = re.compile(r"\((?:critically )?(?:high|low|abnormal|positive|detected|reactive)[^()]*\)")


def parts_html(parts: Iterable[Part], stress: bool = False) -> str:
    """Marked text. What is said to be absent is told apart by a line under it, and in words for screen readers."""
    shown = []
    for text, kind in parts:
        words = html.escape(text)
        if kind == "match":
            words = f"<mark>{words}</mark>"
        elif kind == "absent":
            words = f'<span class="fb-absent">{words}<span class="fb-sr"> (said to be absent)</span></span>'
        elif stress:
            words = _ABNORMAL.sub(r'<span class="fb-alert">\g<0></span>', words)
        shown.append(words)
    return "".join(shown)


def folded_html(title: str, body: str) -> str:
    """What opens where its title is clicked: the browser's own, which costs a page nothing."""
    return f'<details class="fb-folded"><summary>{title}</summary>{body}</details>'


def plain(text: str) -> str:
    """Text for a message that reads Markdown, which would make links and more of it."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~$:-])", r"\\\1", text)


def link(label: str, path: str, query: Mapping[str, str | Sequence[str]], **change: str | None) -> str:
    """A link that changes parts of the address: a real one, so that it can be opened in a new tab, which the page
    follows without loading again."""
    address = {k: v for k, v in {**query, **change}.items() if v is not None}
    action = html.escape(json.dumps(change))
    reference = change.get("open")
    source = f' data-source="{html.escape(reference)}"' if reference else ""
    return f'<a href="{path}?{html.escape(urlencode(address, doseq=True))}" data-fabric="{action}"{source}>{label}</a>'


def marked(link: str) -> str:
    """A link to a source as that of the one that is opened. The browser moves the mark without a run of the page."""
    return link.replace("<a ", '<a aria-current="true" ', 1)


def cards_html(
    cards: list[Card], query: Mapping[str, str | Sequence[str]], opened: str | None, label: str
) -> str:
    shown = "".join(_card(card, query, card.hit.reference == opened) for card in cards)
    return f'<ol class="fb-results" aria-label="{html.escape(label)}">{shown}</ol>'


def _card(card: Card, query: Mapping[str, str | Sequence[str]], current: bool) -> str:
    hit = card.hit
    who, to_patient = "", ""
    if card.patient:
        name = html.escape(card.patient.name)
        who = f"<b>{name}</b> · Born {html.escape(card.patient.born)} · "
        label = f'Go to patient<span class="fb-sr"> {name}</span>'
        to_patient = link(label, "/search", query, patient=card.patient.id, open=None)
    others = f"{hit.others} more passage{'s' if hit.others != 1 else ''}" if hit.others else ""
    status = "" if hit.status in ("final", "current", "completed", "finished") else hit.status
    about = " · ".join(html.escape(a) for a in (card.kind, status, hit.section, others) if a)
    stale = " · <b>changed since it was indexed</b>" if hit.stale else ""
    range_ = f'<span class="fb-range">Range {html.escape(card.range)}</span>' if card.range else ""
    snippet = f'<div class="fb-snippet">{parts_html(card.snippet)}</div>' if card.snippet else ""
    opening = link(f'Open source<span class="fb-sr"> {html.escape(hit.title)}</span>', "/search", query, open=hit.reference)
    if current:
        opening = marked(opening)
    strong = " fb-chip-strong" if hit.similarity >= 0.6 else ""
    return (
        '<li class="fb-card">'
        f'<div class="fb-row"><span><span class="fb-title">{parts_html(card.title, stress=True)}</span>{range_}</span>'
        f'<span class="fb-date">{html.escape(card.date)}</span></div>'
        f"{snippet}"
        f'<div class="fb-row"><span class="fb-meta">{who}{about}{stale}</span>'
        f'<span class="fb-side"><span class="fb-chip{strong}">{card.band} {hit.similarity:.2f}</span>'
        f"{opening}{to_patient}</span></div></li>"
    )


def people_html(lines: list[PatientLine]) -> str:
    """The table of patients; the whole row opens the patient."""
    died = any(p.deceased for p in lines)
    head = "".join(
        f'<th scope="col">{h}</th>' for h in ("Name", "Born", "Gender", "MRN", *(("Died",) if died else ()))
    )
    rows = []
    for p in lines:
        born = f"{p.born} ({p.age})" if p.age and not p.deceased else p.born
        cells = [born, p.gender, p.identifier]
        if died:
            cells.append("" if not p.deceased else "Died" if p.deceased == "Yes" else f"Died {p.deceased}")
        name = link(html.escape(p.name), "/patient", {}, patient=p.id)
        rest = "".join(f"<td>{html.escape(c)}</td>" for c in cells)
        rows.append(f"<tr><td>{name}</td>{rest}</tr>")
    return (
        f'<table class="fb-people"><caption class="fb-sr">Patients</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def recent_html(entries: list[tuple[str, str, str, str]], query: Mapping[str, str | Sequence[str]]) -> str:
    """The newest entries of a record."""
    rows = "".join(
        f'<tr><td class="fb-date">{html.escape(date)}</td><td class="fb-meta">{html.escape(kind)}</td>'
        f"<td>{link(html.escape(title), '/search', query, open=reference)}</td></tr>"
        for date, kind, title, reference in entries
    )
    return f'<table class="fb-recent"><caption class="fb-sr">Newest in the record</caption><tbody>{rows}</tbody></table>'
