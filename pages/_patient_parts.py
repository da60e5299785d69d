"""HTML of the patient page: short lists, visits, a small picture of each thing that is measured."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from pages._cards import link
from pages._shell import safe
from services.console.measured import Line, Measured
from services.console.memo import Memo
from services.console.overview import Item, Overview, Visit
from services.console.series import Point, Series

_REFERENCE = re.compile(r"[A-Za-z]+/[A-Za-z0-9.\-]{1,64}")
_SHORT, _VISITS, _DOCUMENTS, _SMALLS = 6, 8, 8, 24
_WIDTH, _HEIGHT, _EDGE = 200.0, 40.0, 5.0
_COLOURS = (
    "<style>.fb-line{fill:none;stroke:#2f74c0;stroke-width:1.6;vector-effect:non-scaling-stroke}.fb-band{fill:#3c8d40;"
    "opacity:.22}.fb-point{fill:#2f74c0}.fb-point-out{fill:#d0402b}</style>"
)
"""Of the pictures; seen on light and on dark."""


class Parts:
    """The parts of one patient's page. They are the same whatever is opened beside, so that the browser draws them once;
    `mark` tells which it is."""

    def __init__(self, patient_id: str, series: str | None) -> None:
        self._patient, self._series = patient_id, series

    @staticmethod
    def mark(opened: str | None) -> str:
        """The style that marks the links to what is opened. Not alone: Streamlit puts what is nothing but style where all
        styles of the page are, and a part's there takes the place of the page's."""
        if not opened or not _REFERENCE.fullmatch(opened):
            return ""
        return f'<span hidden></span><style>.fb-whole a[data-source="{opened}"]::after {{ content: " (opened)"; }}</style>'

    def whole(self, seen: Overview) -> str:
        """Everything: what holds now on the left, what was measured and what happened on the right."""
        right = self._measured(seen.measured) + self._visits(seen.visits) + self._documents(seen.documents)
        return (
            f'<h1 class="fb-sr">Overview</h1><div class="fb-whole"><div class="fb-beside">{self._glance(seen)}'
            f'<div class="fb-results-part">{right}</div></div></div>'
        )

    def _glance(self, seen: Overview) -> str:
        """What holds now."""
        lists = (
            ("Problems", seen.problems, seen.past_problems, "past", "No active problem is recorded.", len(seen.problems)),
            ("Medicines", seen.medicines, seen.past_medicines, "stopped or completed", "No current medicine is recorded.",
             len(seen.medicines)),
            ("Allergies", seen.allergies, (), "", "See the line above: none is recorded here.", len(seen.allergies)),
            ("Ahead", seen.ahead, (), "", "No order, appointment or plan is open.", _SHORT),
            ("Immunisations", seen.immunizations, (), "", "None is recorded.", 4),
            ("Procedures", seen.procedures, (), "", "None is recorded.", 4),
            ("Family history", seen.family, (), "", "None is recorded.", 4),
        )  # fmt: skip
        return f'<div class="fb-glance">{"".join(self._list(*parts) for parts in lists)}</div>'

    def _list(
        self, title: str, held: Sequence[Item], past: Sequence[Item], past_name: str, none: str, first: int
    ) -> str:
        body = (
            f"<ul>{''.join(map(self._item, held[:first]))}</ul>"
            if held
            else f'<div class="fb-status">{none}</div>'
        )
        rest = _folded(f"{len(held) - first} more", held[first:], self._item) if len(held) > first else ""
        before = _folded(f"{len(past)} {past_name}", past, self._item) if past else ""
        return f'<section><h2>{title} <span class="fb-count">{len(held) or ""}</span></h2>{body}{rest}{before}</section>'

    def _item(self, item: Item) -> str:
        return f"<li>{self._told(item)}</li>"

    def _told(self, item: Item) -> str:
        more = f'<span class="fb-more-of">{safe(item.detail)}</span>' if item.detail else ""
        return (
            f'<div class="fb-item"><span>{self._open(item.name, item.reference)}{_mark(item.mark)}{more}</span>'
            f'<span class="fb-date">{safe(item.date)}</span></div>'
        )

    def _open(self, label: str, reference: str) -> str:
        return link(safe(label), "/patient", self._query(), open=reference)

    def _query(self) -> dict[str, str]:
        held = {"patient": self._patient, "series": self._series}
        return {key: value for key, value in held.items() if value}

    def _measured(self, seen: Measured) -> str:
        """Small multiples, by group."""
        return "".join(self._group(name, lines) for name, lines in seen.groups)

    def _group(self, name: str, lines: Sequence[Line]) -> str:
        shown = "".join(map(self._small, lines[:_SMALLS]))
        rest = lines[_SMALLS:]
        more = f'<details><summary>{len(rest)} more</summary><div class="fb-smalls">{"".join(map(self._small, rest))}</div></details>'
        return (
            f'<section class="fb-part"><h2>{name} <span class="fb-count">{len(lines)}</span></h2>'
            f'<div class="fb-smalls">{shown}</div>{more if rest else ""}</section>'
        )

    def _small(self, line: Line) -> str:
        arrow = "▲" if line.flag.endswith("high") else "▼" if line.flag.endswith("low") else "●"
        flag = f' <span class="fb-alert fb-nowrap">{arrow} {safe(line.flag)}</span>' if line.flag else ""
        about = [line.date]
        if line.range:
            about.append(f"range {line.range}")
        if not line.series and line.before:
            about.append(f"before: {line.before}")
        name = (
            link(safe(line.name), "/patient", self._query(), series=line.key, open=None) if line.count > 1
            else self._open(line.name, line.reference)
        )  # fmt: skip
        picture = pictured(line.series) if line.series else ""
        current = " fb-current" if line.key == self._series else ""
        return (
            f'<div class="fb-small{" fb-out" if line.flag else ""}{current}">{name}'
            f"<div><b>{safe(line.latest[:60])}</b>{flag}</div>{picture}"
            f'<span class="fb-meta">{safe(" · ".join(about))}</span></div>'
        )

    def values(self, line: Line) -> str:
        """Every value of a series with its source."""
        rows = "".join(self._row(point) for point in reversed(line.points))
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("Date", "Value", "Reference range", "Compared", "Source")
        )
        return (
            f'<table class="fb-people"><caption class="fb-sr">{safe(line.name)}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _row(self, point: Point) -> str:
        side = f"{'▲' if point.side == 'above' else '▼'} {point.side} the range" if point.side else ""
        source = self._open("Open", point.reference)
        return (
            f"<tr><td>{safe(point.date)}</td><td>{safe(point.text)}</td><td>{safe(point.range)}</td>"
            f"<td>{side}</td><td>{source}</td></tr>"
        )

    def _visits(self, visits: Sequence[Visit]) -> str:
        return self._part("Visits", visits, self._visit, _VISITS, "No visit is recorded.")

    def _visit(self, visit: Visit) -> str:
        item = visit.item
        notes = " · ".join(f"{self._open(d.name, d.reference)}{_mark(d.mark)}" for d in visit.documents)
        detail = f'<span class="fb-more-of">{safe(item.detail)}</span>' if item.detail else ""
        written = f'<span class="fb-more-of">{notes}</span>' if notes else ""
        return (
            f'<li class="fb-visit"><span class="fb-date">{safe(item.date)}</span><span class="fb-meta">{safe(visit.kind)}</span>'
            f"<span>{self._open(item.name, item.reference)}{_mark(item.mark)}{detail}{written}</span></li>"
        )

    def _documents(self, documents: Sequence[Item]) -> str:
        return self._part(
            "Documents and reports", documents, self._item, _DOCUMENTS, "No document is recorded."
        )

    def _part(self, title: str, items: Sequence, shown: Callable, first: int, none: str) -> str:
        body = (
            f"<ul>{''.join(map(shown, items[:first]))}</ul>"
            if items
            else f'<div class="fb-status">{none}</div>'
        )
        rest = _folded(f"{len(items) - first} more", items[first:], shown) if len(items) > first else ""
        count = f'<span class="fb-count">{len(items) or ""}</span>'
        return f'<section class="fb-part"><h2>{title} {count}</h2>{body}{rest}</section>'


def _folded(label: str, items: Sequence, shown: Callable) -> str:
    return f"<details><summary>{label}</summary><ul>{''.join(map(shown, items))}</ul></details>"


def _mark(mark: str) -> str:
    return f'<span class="fb-mark">{safe(mark)}</span>' if mark else ""


_PICTURES: Memo[str] = Memo(4_000)


def pictured(series: Series) -> str:
    """The same picture for as long as the series is the same object."""
    return _PICTURES.of([series], None, lambda: sparkline(series))


def sparkline(series: Series) -> str:
    """The course as a picture the width of a line, the reference range of the latest value behind it."""
    points = series.points
    band = points[-1]
    numbers = [v for p in points for v in (p.value, p.second) if v is not None]
    numbers += [v for v in (band.low, band.high) if v is not None]
    least, most = min(numbers), max(numbers)
    room = (most - least) * 0.08 or abs(most) * 0.1 or 1.0
    least, most = least - room, most + room
    times = [_time(p.moment) for p in points]
    first, span = times[0], (times[-1] - times[0]) or 1.0

    def x(at: float) -> float:
        return _EDGE + (at - first) / span * (_WIDTH - 2 * _EDGE)

    def y(value: float) -> float:
        return _HEIGHT - (value - least) / (most - least) * _HEIGHT

    drawn = []
    if band.low is not None or band.high is not None:
        top = y(band.high) if band.high is not None else 0.0
        bottom = y(band.low) if band.low is not None else _HEIGHT
        drawn.append(
            f'<rect class="fb-band" x="0" y="{top:.1f}" width="{_WIDTH:g}" height="{max(bottom - top, 0):.1f}"/>'
        )
    for values in ([p.value for p in points], [p.second for p in points]):
        places = [(x(t), y(v)) for t, v in zip(times, values, strict=True) if v is not None]
        if places:
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
            drawn.append(f'<polyline class="fb-line" points="{path}"/>')
    drawn += [
        _point(x(t), y(p.value), p) for t, p in zip(times, points, strict=True) if p.side or p is points[-1]
    ]
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" preserveAspectRatio="none">'
        f"{_COLOURS}{''.join(drawn)}</svg>"
    )
    # As an image: Streamlit takes SVG elements out of a page's HTML.
    return f'<img src="data:image/svg+xml,{quote(picture)}" alt="{safe(series.told)}">'


def _point(x: float, y: float, point: Point) -> str:
    """Out of range is told by shape too."""
    if point.side == "above":
        return f'<path class="fb-point-out" d="M{x - 3:.1f} {y + 3:.1f} L{x + 3:.1f} {y + 3:.1f} L{x:.1f} {y - 3:.1f} Z"/>'
    if point.side == "below":
        return f'<path class="fb-point-out" d="M{x - 3:.1f} {y - 3:.1f} L{x + 3:.1f} {y - 3:.1f} L{x:.1f} {y + 3:.1f} Z"/>'
    return f'<circle class="fb-point" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>'


def _time(moment: str) -> float:
    """Seconds, of a FHIR date of any precision."""
    padded = moment if len(moment) >= 10 else f"{moment}-01-01"[:10]
    try:
        found = dt.datetime.fromisoformat(padded)
    except ValueError:
        found = dt.datetime.fromisoformat(padded[:10])
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()
