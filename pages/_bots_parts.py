"""HTML that Bots and Subscriptions share: tables, timelines, code and differences. Everything is escaped here."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence

from pages._cards import link
from services.console.bot_code import Part
from services.console.timeline import Event

_MARKS = {"same": ("span", "fb-same", "  "), "removed": ("del", "", "- "), "added": ("ins", "", "+ ")}
_SAID = {"removed": "removed: ", "added": "added: "}


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], chosen: int | None = None) -> str:
    """A table of cells that are HTML already; each row's first cell holds its link. `chosen` marks a row."""
    shown = "".join(
        f"<tr{' class=fb-chosen' if number == chosen else ''}>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for number, row in enumerate(rows)
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        f'<table class="fb-people"><caption class="fb-sr">{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{shown}</tbody></table>"
    )


def ended(event: Event | None) -> str:
    """How and when the last run ended, for a table's cell."""
    if event is None:
        return "Never"
    word = '<span class="fb-bad">Failed</span>' if event.failed else '<span class="fb-good">OK</span>'
    return f'{word} <span class="fb-date">{html.escape(event.when)}</span>'


def timeline_html(
    events: list[Event], label: str, open_link: Callable[[Event], str], opened: str | None
) -> str:
    """Events as a list; `open_link` makes the link to the AuditEvent itself."""
    shown = "".join(_event(event, open_link(event), event.id == opened) for event in events)
    return f'<ol class="fb-results" aria-label="{html.escape(label)}">{shown}</ol>'


def _event(event: Event, opening: str, current: bool) -> str:
    how = '<span class="fb-bad">Failed</span>' if event.failed else '<span class="fb-good">OK</span>'
    facts = [f"asked for by {html.escape(event.requester)}"]
    if event.ran_as and event.ran_as != event.requester:
        facts.append(f"ran as {html.escape(event.ran_as)}")
    if event.subscription:
        facts.append("by a subscription")
    facts += [_about(reference) for reference in event.about]
    if event.seconds is not None:
        facts.append(f"{event.seconds:.2f} s")
    log = ""
    if event.log:
        log = f'<pre class="fb-code fb-wrap fb-log" tabindex="0" aria-label="Log">{html.escape(event.log)}</pre>'
    return (
        f'<li class="fb-card{" fb-current" if current else ""}"><div class="fb-row">'
        f'<span><span class="fb-title">{event.what} {how}</span></span><span class="fb-date">{html.escape(event.when)}</span></div>'
        f'{log}<div class="fb-row"><span class="fb-meta">{" · ".join(facts)}</span>'
        f'<span class="fb-side">{opening}</span></div></li>'
    )


def _about(reference: str) -> str:
    """A resource that was concerned; a patient leads to the record."""
    kind, _, resource_id = reference.partition("/")
    if kind == "Patient":
        return link(html.escape(reference), "/search", {}, patient=resource_id)
    return html.escape(reference)


def difference_html(lines: Iterable[tuple[Part, str]], label: str) -> str:
    shown = []
    for part, text in lines:
        if part == "gap":
            shown.append(f'<span class="fb-gap">… {html.escape(text)}</span>')
            continue
        tag, kind, mark = _MARKS[part]
        said = f'<span class="fb-sr">{_SAID[part]}</span>' if part in _SAID else ""
        shown.append(f"<{tag}{f' class={kind}' if kind else ''}>{said}{mark}{html.escape(text)}</{tag}>")
    return _block("".join(shown), label)


def code_html(text: str, label: str, wrap: bool = False) -> str:
    return _block(html.escape(text), label, " fb-wrap" if wrap else "")


def around_html(text: str, line: int, label: str, around: int = 3) -> str:
    """The lines around a wrong one, with their numbers."""
    lines = text.splitlines() or [""]
    shown = []
    for number in range(max(1, line - around), min(len(lines), line + around) + 1):
        kind = "fb-wrong" if number == line else "fb-same"
        said = '<span class="fb-sr">wrong line: </span>' if number == line else ""
        mark = "▸" if number == line else " "
        shown.append(f'<span class="{kind}">{said}{mark}{number:>4}  {html.escape(lines[number - 1])}</span>')
    return _block("".join(shown), label)


def _block(inner: str, label: str, kind: str = "") -> str:
    return f'<div class="fb-code{kind}" role="region" tabindex="0" aria-label="{html.escape(label)}">{inner}</div>'


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """Name and value pairs; values are HTML already."""
    return f'<dl class="fb-facts">{"".join(f"<dt>{html.escape(n)}</dt><dd>{v}</dd>" for n, v in facts)}</dl>'
