"""HTML of the home page: cards of a few lines, each a way to the page where the work is done."""

from __future__ import annotations

from pages._cards import link
from pages._shell import safe
from services.console.patients import PatientLine
from services.console.today import Card, Row, Today


def day_html(day: Today) -> str:
    return f'<div class="fb-day">{"".join(map(_card, day.cards))}{_recent(day.recent)}</div>'


def _card(card: Card) -> str:
    counts = "".join(
        f"<span>{link(f'<b>{count}</b> {safe(words)}', f'/{card.path}', query)}</span>"
        for words, count, query in card.counts
        if count
    )
    told = f'<div class="fb-counts">{counts}</div>' if counts else ""
    if card.rows:
        body = f"<ul>{''.join(map(_row, card.rows))}</ul>"
    else:
        body = f'<div class="fb-status">{safe(card.problem or card.nothing)}</div>'
    return f"<section><h2>{safe(card.title)}</h2>{told}{body}</section>"


def _row(row: Row) -> str:
    grave = " fb-alert" if row.grave else ""
    mark = f'<span class="fb-mark{grave}">{safe(row.mark)}</span>' if row.mark else ""
    born = f'<span class="fb-meta">Born {safe(row.patient.born)}</span>'
    return (
        f'<li><span class="fb-line-of"><span>{link(safe(row.patient.name), f"/{row.path}", row.query)} {born}{mark}</span>'
        f'<span class="fb-date">{safe(row.when)}</span></span><span class="fb-what">{safe(row.what)}</span></li>'
    )


def _recent(lines: tuple[PatientLine, ...]) -> str:
    if not lines:
        return ""
    rows = "".join(
        f'<li><span class="fb-line-of"><span>{link(safe(line.name), "/patient", {}, patient=line.id)}</span>'
        f'<span class="fb-meta">Born {safe(line.born)} · {safe(line.identifier)}</span></span></li>'
        for line in lines
    )
    return f"<section><h2>Opened last</h2><ul>{rows}</ul></section>"
