"""HTML of drafts: the list, sentences with their sources, warnings, comparisons. Everything is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from pages import _within
from pages._approvals_parts import words_html
from pages._bots_parts import table
from pages._cards import link, marked
from services.console import drafts_sources
from services.console.drafts import STATES, Line
from services.console.drafts_editing import SEVERE, Draft, section_words
from services.console.drafts_versions import Version

_QUOTED = re.compile(r"“([^”]+)”: ")


def here(label: str, current: bool = False, /, **query: str) -> str:
    """A link within Drafts; `label` is HTML."""
    return _within.here(label, "/drafts", current, **{k: v for k, v in query.items() if v})


def list_html(lines: Iterable[Line], address: Mapping[str, str]) -> str:
    rows = []
    for line in lines:
        unsaved = ' <span class="fb-chip fb-chip-strong">Unsaved text of yours</span>' if line.unsaved else ""
        encounter = f'<div class="fb-meta">{html.escape(line.encounter)}</div>' if line.encounter else ""
        rows.append([
            f"{here(html.escape(line.title), draft=line.id, **address)}{unsaved}{encounter}",
            f'{html.escape(line.patient.name)}<div class="fb-meta">Born {html.escape(line.patient.born)}</div>',
            f'<span class="fd-state">{STATES[line.state]}</span>',
            f'<span class="fb-date">{html.escape(line.age)}</span><div class="fb-meta">{html.escape(line.when)}</div>',
            html.escape(line.author),
        ])  # fmt: skip
    return f'<div class="fd-table">{table("Drafts and notes", ("Note", "Patient", "State", "Changed", "Begun by"), rows)}</div>'


def sections_of(draft: Draft, me: str, query: Mapping[str, str]) -> list[dict[str, object]]:
    """The sections as the editor takes them. `query` is the address, for links to sources."""
    numbers = drafts_sources.numbered(draft.body)
    earlier = {a.section for a in draft.asides}
    found = []
    for section in draft.body.sections:
        lines = [_line(draft, section.key, n, numbers, me, query) for n in range(len(section.lines))]
        doubts = [
            f'<li class="fd-doubt">{_said(x.text, x.unsupported)}{_why(x.unsupported)}</li>' for x in section.lines if x.unsupported
        ]
        found.append({
            "key": section.key, "title": section.title, "part": section.part if draft.body.soap else "",
            "text": section_words(section), "earlier": section.key in earlier,
            "hint": " ".join(x.text for x in section.lines if x.absent), "html": _listed(lines or ['<li class="fd-absent">Nothing is written here.</li>']),
            "doubts": _listed(doubts) if doubts else "",
        })  # fmt: skip
    return found


def _listed(items: list[str]) -> str:
    return f'<ul class="fd-lines">{"".join(items)}</ul>'


def _line(draft: Draft, key: str, number: int, numbers: Mapping, me: str, query: Mapping[str, str]) -> str:
    section = draft.body.section(key)
    line = section.lines[number] if section else draft.body.header[number]
    at = f"{key}.{number}"
    cites = "".join(
        _cite(numbers[ref], ref, at, query) for ref in line.sources
    )
    whose = ""
    if line.own:
        whose = f'<span class="fd-whose">{"Your words" if line.by in ("", me) else "A colleague’s words"}</span>'
    elif not line.sources and not line.absent:
        whose = '<span class="fd-whose">No source is named</span>'
    kind = "fd-doubt" if line.unsupported else "fd-own" if line.own else "fd-absent" if line.absent else ""
    return f'<li class="{kind}">{_said(line.text, line.unsupported)}{cites}{whose}{_why(line.unsupported)}</li>'


def _cite(number: int, ref: tuple[str, str], at: str, query: Mapping[str, str]) -> str:
    where = drafts_sources.address(ref)
    current = query.get("open") == where and query.get("at") == at
    label = f'<span class="fb-sr">Source </span>[{number}]<span class="fb-sr"> {html.escape(drafts_sources.kind(ref))}</span>'
    cite = link(label, "/drafts", query, open=where, at=at).replace("<a ", '<a class="fd-cite" ', 1)
    return f" {marked(cite) if current else cite}"


def _said(text: str, doubts: Iterable[str]) -> str:
    """The sentence with the parts underlined that nothing bears out; what is said of them begins with their words."""
    parts = sorted({m[1] for d in doubts if (m := _QUOTED.match(d))}, key=len, reverse=True)
    if not parts:
        return html.escape(text)
    found = re.split(f"({'|'.join(map(re.escape, parts))})", text)
    return "".join(f'<u class="fd-said">{html.escape(x)}</u>' if n % 2 else html.escape(x) for n, x in enumerate(found))


def _why(doubts: Iterable[str]) -> str:
    return "".join(f'<span class="fd-why">{html.escape(d)}</span>' for d in doubts)


def warning_html(kind: str, text: str) -> str:
    mark, said = ("fd-severe", "Before signing") if kind in SEVERE else ("fd-mild", "Mind")
    return f'<div class="fd-warning"><span class="{mark}">{said}</span> {html.escape(text)}</div>'


def compare_html(one: Version, other: Version) -> str:
    """What differs between two versions, section by section; sections that are the same are named."""
    shown, same = [], []
    titles = {s.key: s.title or "Text" for s in (*one.body.sections, *other.body.sections)}
    for key, title in titles.items():
        before, after = (section_words(v.body.section(key)) for v in (one, other))
        if before == after:
            same.append(title)
        else:
            shown.append(f'<h2>{html.escape(title)}</h2><div class="fd-note fd-compare">{words_html(before, after)}</div>')
    rest = f'<p class="fb-status">The same in both: {html.escape(", ".join(same))}.</p>' if same else ""
    return f"{''.join(shown) or '<p>The two are the same.</p>'}{rest}"


def note_html(text: str) -> str:
    return f'<div class="fd-note">{html.escape(text)}</div>'


def diff_html(before: str, after: str) -> str:
    return f'<div class="fd-note fd-compare">{words_html(before, after)}</div>'
