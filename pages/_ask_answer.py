"""One question with its answer: sentences, sources, values over time, how it was come by."""

from __future__ import annotations

import html
from collections.abc import Iterable

from pages._cards import folded_html, link, marked
from pages._shell import safe
from services.console.asking import Asking
from services.console.replies import Cited, Reply
from services.console.series import Series

CHIPS = 3
"""How many sources stand behind a sentence before the rest is folded away."""
_MARKS = {"computed": "∑", "quoted": "“”", "summary": "≡", "generated": "✎", "absent": "∅"}


def turn_html(turn: Asking, patient_id: str, opened: str | None) -> str:
    """The question and what there is of its answer."""
    head = f'<h2 class="fb-question">{safe(turn.question)}</h2>'
    if turn.reply:
        head += _earlier(turn)
        return f'<section class="fb-turn">{head}{reply_html(turn.reply, patient_id, opened)}</section>'
    if turn.over:
        return f'<section class="fb-turn">{head}<p class="fb-alert" role="alert">⚠ {safe(turn.problem)}</p></section>'
    return f'<section class="fb-turn">{head}{_waiting(turn)}</section>'


def _earlier(turn: Asking) -> str:
    """An answer of earlier says so: it is of the record as it was then."""
    if not turn.when:
        return ""
    changed = "; <b>the record has changed since</b>" if turn.changed else ""
    return f'<div class="fb-status">Answered {safe(turn.when)}{changed}</div>'


def hidden_words(count: int) -> str:
    what = "1 earlier answer is" if count == 1 else f"{count} earlier answers are"
    return f"{what} not shown: a source is not in the record any more, or not yours to see."


def _waiting(turn: Asking) -> str:
    status = "Stopping." if turn.stopped.is_set() else turn.status or "Reading the record."
    said = "".join(f"<p>{safe(s)}</p>" for s in list(turn.sentences))
    return f'<div class="fb-status" role="status">{safe(status)}</div><div class="fb-said">{said}</div>'


def reply_html(reply: Reply, patient_id: str, opened: str | None) -> str:
    mark = f'<span aria-hidden="true">{_MARKS.get(reply.kind, "")}</span> '
    about = (
        f'<div class="fb-about"><span class="fb-kind fb-kind-{safe(reply.kind)}">{mark}{safe(reply.label)}</span> '
        f'<span class="fb-status">{safe(reply.confidence)} · {reply.seconds * 1000:.0f} ms</span></div>'
    )
    notice = f'<div class="fb-notice" role="status">{safe(reply.notice)}</div>' if reply.notice else ""
    cited = {c.number: c for c in reply.citations}
    lines = [
        f"{safe(text)} {_chips([cited[n] for n in numbers if n in cited], patient_id, opened)}"
        for text, numbers in reply.sentences
    ]
    if len(lines) > 2:  # a list is read faster than a paragraph
        said = f'<ul class="fb-said">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'
    else:
        said = f'<div class="fb-said">{"".join(f"<p>{line}</p>" for line in lines)}</div>'
    return about + notice + said


def _chips(cited: list[Cited], patient_id: str, opened: str | None) -> str:
    shown = [_chip(c, patient_id, opened) for c in cited]
    if len(shown) <= CHIPS:
        return "".join(shown)
    rest = len(shown) - CHIPS + 1
    unfold = any(c.address == opened for c in cited[CHIPS - 1 :])
    return (
        f'{"".join(shown[: CHIPS - 1])}<details class="fb-more"{" open" if unfold else ""}>'
        f"<summary>{rest} more sources</summary>{''.join(shown[CHIPS - 1 :])}</details>"
    )


def _chip(cited: Cited, patient_id: str, opened: str | None) -> str:
    label = f'<span class="fb-sr">Source </span><b>{cited.number}</b> {safe(cited.kind)} · {safe(cited.date)}'
    anchor = link(label, "/ask", {"patient": patient_id}, open=cited.address)
    anchor = marked(anchor) if cited.address == opened else anchor
    return f'<span class="fb-source" title="{safe(cited.text[:300])}">{anchor}</span>'


def background_html(reply: Reply, patient_id: str) -> str:
    """How it was come by, what was refused, and its text to copy; folded. Opening the text copies it, where the browser lets it
    (`_ask_browser.js`)."""
    parts: list[str] = []
    if reply.series:
        parts.append(folded_html(f"Values as a table ({len(reply.series.points)})", _table(reply, patient_id)))
    if reply.steps:
        parts.append(folded_html("How this was computed", _list(map(safe, reply.steps))))
    if reply.dropped:
        refused = (
            f"{safe(text)}{''.join(f'<br><span class=fb-status>Refused: {safe(p)}</span>' for p in problems)}"
            for text, problems in reply.dropped
        )
        parts.append(folded_html(f"Sentences of the model that the check refused ({len(reply.dropped)})", _list(refused)))
    parts.append(f'<details class="fb-folded fb-copy"><summary>Copy with citations</summary><pre tabindex="0">{safe(reply.plain())}</pre></details>')
    return f'<div class="fb-background">{"".join(parts)}</div>'


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{i}</li>' for i in items)}</ul>"


def _table(reply: Reply, patient_id: str) -> str:
    assert reply.series
    sources = {c.reference: c for c in reply.citations}
    ranged = any(p.range for p in reply.series.points)
    rows: list[str] = []
    for point in reversed(reply.series.points):
        where = sources.get(point.reference)
        side = f"{'▲' if point.side == 'above' else '▼'} {point.side} the range" if point.side else ""
        compared = f"<td>{safe(point.range)}</td><td>{side}</td>" if ranged else ""
        source = link(f"Source {where.number}", "/ask", {"patient": patient_id}, open=where.address) if where else ""
        rows.append(f"<tr><td>{point.date}</td><td>{safe(point.text)}</td>{compared}<td>{source}</td></tr>")
    names = ["Date", reply.series.name, *(["Reference range", "Compared"] if ranged else []), "Source"]
    head = "".join(f'<th scope="col">{safe(n)}</th>' for n in names)
    return f'<table class="fb-values"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def chart(series: Series) -> dict:
    """A Vega-Lite spec: values as lines, the reference range as a band; out of range told by shape, not only colour."""
    numbers = [v for p in series.points for v in (p.value, p.second, p.low, p.high) if v is not None]
    room = (max(numbers) - min(numbers)) * 0.08 or abs(max(numbers)) * 0.1 or 1
    least, most = min(numbers) - room, max(numbers) + room
    if min(numbers) >= 0:
        least = max(least, 0)
    pairs = any(p.second is not None for p in series.points)
    rows = [
        {"at": p.moment, "date": p.date, "said": p.text, "value": value, "part": part, "side": p.side or "in range"}
        for p in series.points
        for part, value in (("Systolic" if pairs else series.name, p.value), ("Diastolic", p.second))
        if value is not None
    ]
    band = [
        {"at": p.moment, "low": least if p.low is None else p.low, "high": most if p.high is None else p.high}
        for p in series.points
        if p.low is not None or p.high is not None
    ]
    x = {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": {"labelOverlap": True}}
    y = {"field": "value", "type": "quantitative", "title": series.unit or series.name, "scale": {"domain": [least, most], "zero": False}}
    tip = [{"field": "date", "title": "Date"}, {"field": "said", "title": series.name}]
    shapes = {"domain": ["in range", "above", "below"], "range": ["circle", "triangle-up", "triangle-down"]}
    colours = {"domain": ["in range", "above", "below"], "range": ["#2f74c0", "#d0402b", "#d0402b"]}
    dash = {"strokeDash": {"field": "part", "type": "nominal", "legend": {"title": None, "orient": "top"}, "sort": None}}
    line = {"mark": {"type": "line", "color": "#2f74c0"}, "encoding": {"x": x, "y": y, **(dash if pairs else {})}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "encoding": {
            "x": x, "y": y, "tooltip": tip,
            "shape": {"field": "side", "type": "nominal", "scale": shapes, "legend": None},
            "color": {"field": "side", "type": "nominal", "scale": colours, "legend": None},
        },
    }  # fmt: skip
    ranged = {
        "data": {"values": band},
        "mark": {"type": "area", "color": "#3c8d40", "opacity": 0.18},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
    }
    return {"data": {"values": rows}, "height": 190, "layer": [*([ranged] if len(band) > 1 else []), line, points]}


def caption(series: Series) -> str:
    """The chart in a line of words: what it holds and what its marks mean."""
    ranges = list(dict.fromkeys(p.range for p in series.points if p.range))
    told = [html.escape(series.told)]
    if ranges:
        told.append(f"Shaded: reference range {html.escape(' or '.join(ranges[-2:]))} {html.escape(series.unit)}; ▲ above it, ▼ below it.")
    if series.left_out:
        told.append(f"{series.left_out} without a number in this unit, or without a date, not drawn.")
    return f'<div class="fb-status">{" ".join(told)}</div>'
