"""HTML of the page Billing: the work list, codes, remarks, the grid of a visit's level, documents. Everything is escaped
here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from pages import _marks
from pages._bots_parts import table
from pages._cards import link
from pages._within import here
from services.console.billing import CLASSES, STATES, Row
from services.console.billing_codes import Codes, Line, Remark, display, suggested_modifiers
from services.console.billing_documents import ELEMENTS, Documents, Piece, evidence

PATH = "/billing"
TITLES = {"open": "To code", "waiting": "Waiting for approval", "coded": "With a claim"}
_WEIGHTS = {"stop": "Can't be sent", "wrong": "Against a rule", "mind": "Mind"}
safe = html.escape


def tabs_html(counts: Mapping[str, int], state: str, address: Mapping[str, str]) -> str:
    shown = "".join(
        here(f"{TITLES[s]} {counts[s]:,}", PATH, s == state, **address, **({"state": s} if s != "open" else {}))
        for s in STATES
    )
    return f'<nav class="fb-tabs" aria-label="State">{shown}</nav>'


def list_html(rows: Iterable[Row], patient: bool) -> str:
    """`patient`: the list is of one alone, whom the banner names."""
    head = ["Encounter", *([] if patient else ["Patient"]), "Clinician", "First diagnosis", "Visit", "Codes", "Questions"]
    return table("Encounters", head, [_row(row, patient) for row in rows])


def _row(row: Row, patient: bool) -> list[str]:
    name = here(f"{safe(row.date)} {safe(row.what)}", PATH, patient=row.patient.id, encounter=row.encounter)
    kind = f'<div class="fb-meta">{safe(CLASSES.get(row.kind, row.kind))}</div>'
    who = f'{safe(row.patient.name)}<div class="fb-meta">Born {safe(row.patient.born)}</div>'
    cells = [f"{name}{kind}", *([] if patient else [who]), safe(row.clinician)]
    if row.problem:
        return [*cells, f'<span class="fb-meta">{safe(row.problem)}</span>', "", "", ""]
    return [
        *cells, f'<b>{safe(row.primary) or "None"}</b><div class="fb-meta">{safe(row.primary_title)}</div>',
        f'<b>{safe(row.level) or "None"}</b><div class="fb-meta">{safe(row.level_title)}</div>', str(row.codes), str(row.gaps),
    ]  # fmt: skip


def remarks_html(remarks: Sequence[Remark]) -> str:
    shown = "".join(
        f'<li class="fb-{r.weight}"><b>{_WEIGHTS[r.weight]}</b> · {safe(r.message)}'
        f'{f" <span class=fb-meta>{safe(r.source)}</span>" if r.source else ""}</li>'
        for r in remarks
    )
    return f'<ul class="fb-remarks" aria-label="What the checks say">{shown}</ul>' if shown else ""


def diagnosis_html(codes: Codes, code: str, selected: str, address: Mapping[str, str]) -> str:
    offered = next((d for d in codes.output.icd10_codes if d.code == code), None)
    first = code == codes.chosen.diagnoses[0]
    facts = []
    if offered is None:
        facts.append("Added by hand")
    else:
        facts.append(f"Suggested, {offered.confidence:.2f}")
        facts += [safe(offered.supporting_documentation[:160])] if offered.supporting_documentation else []
    category = next((c for c in codes.categories if c.code == code), None)
    if category:
        told = "claimed earlier this year" if category.earlier else "not yet on a claim of this year"
        facts.append(f"HCC {safe(category.number)}, {told}")
    return _code_html(codes, code, f"{' <span class=fb-chip>First listed</span>' if first else ''}", facts, selected, address)


def service_html(codes: Codes, line: Line, selected: str, address: Mapping[str, str]) -> str:
    offered = next((c for c in codes.output.cpt_codes if c.code == line.code), None)
    says = [f"{line.units} unit{'s' if line.units != 1 else ''}"]
    says.append(f"modifier {', '.join(line.modifiers)}" if line.modifiers else "no modifier")
    says.append(f"for {', '.join(line.diagnoses)}" if line.diagnoses else "for no diagnosis")
    facts = [f"<b>{safe(' · '.join(says))}</b>"]
    facts += [f"Suggested, {offered.confidence:.2f}: {safe(offered.rationale)}"] if offered else ["Added by hand"]
    facts += [
        f"{safe(m.modifier)}: {safe(m.reason)} ({safe(m.rule)})"
        for m in suggested_modifiers(codes, line.code) if m.modifier in line.modifiers
    ]  # fmt: skip
    return _code_html(codes, line.code, "", facts, selected, address)


def _code_html(codes: Codes, code: str, chip: str, facts: Sequence[str], selected: str, address: Mapping[str, str]) -> str:
    told = {r.weight for r in codes.remarks if code in r.codes}
    mark = ' <span class="fb-chip fb-chip-strong">Against a rule</span>' if told & {"stop", "wrong"} else ""
    shows = bool(evidence(codes, code))
    name = _marks.choose(safe(code), PATH, code, selected, **address) if shows else f"<b>{safe(code)}</b>"
    return (
        f'<div class="fb-bill fb-code-row">{name} {safe(display(code))}{chip}{mark}'
        f'<div class="fb-meta">{" · ".join(facts)}</div></div>'
    )


def grid_html(codes: Codes, selected: str, address: Mapping[str, str]) -> str:
    """The three elements with their level and what they rest on; which two of them decide, and time."""
    level = codes.output.visit_level
    if level is None:
        return ""
    elements = {name: getattr(level, name) for name in ELEMENTS}
    rows = []
    for name, title in ELEMENTS.items():
        element = elements[name]
        label = _marks.choose(title, PATH, name, selected, **address) if element.evidence else title
        reasons = "".join(f"<li>{safe(r)}</li>" for r in element.reasons) or "<li>Nothing documented</li>"
        rows.append(f'<tr><th scope="row">{label}</th><td>{safe(element.level.capitalize())}</td><td><ul>{reasons}</ul></td></tr>')
    by_time = level.by_time is not None and level.level == level.by_time and level.by_time != level.by_decision_making
    rows.append(_deciding("Decision making", level.by_decision_making, "two of the three reach it", not by_time))
    time = f"{level.minutes} minutes documented" if level.minutes else "no total time documented"
    rows.append(_deciding("Time", level.by_time or "none", time, by_time))
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Element", "Level", "Because"))
    return (
        f'<div class="fb-bill"><table class="fb-grid"><caption class="fb-sr">How the level of {safe(level.code)} came about</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _deciding(name: str, level: str, why: str, decides: bool) -> str:
    said = f"{why}; <b>it decides</b>" if decides else why
    kind = ' class="fb-counts"' if decides else ""
    return f'<tr{kind}><th scope="row">{name}</th><td>{safe(level.capitalize())}</td><td>{said}</td></tr>'


def gaps_html(codes: Codes) -> str:
    gaps = codes.output.documentation_gaps or ()
    shown = "".join(
        f'<li><b>{safe(g.suggestion)}</b> <span class="fb-meta">{safe(g.issue)} (for {safe(g.required_for)})</span></li>' for g in gaps
    )
    return f'<ul class="fb-remarks" aria-label="Questions about the documentation">{shown}</ul>' if shown else ""


# The documents


def documents_html(documents: Documents, selected: str, patient: str) -> str:
    """With the marks of all that can be selected; `selected` is what they are shown for."""
    shown = ['<h2 class="fb-sr">Documentation</h2>']
    if documents.elsewhere:
        resting = frozenset().union(*(on for p in documents.elsewhere for *_, on in p.marks))
        lines = "".join(_entry(p, selected, alone=True) for p in documents.elsewhere)
        shown.append(f"<section{_marks.alone(resting, selected)}><h3>Elsewhere in the record</h3><ul class=fb-entries>{lines}</ul></section>")
    shown += [_note(note, selected, patient) for note in documents.notes]
    for name, pieces in documents.groups:
        lines = "".join(_entry(p, selected) for p in pieces)
        cut = documents.cut.get(name, 0)
        more = f'<div class="fb-status">{cut} more are in the record.</div>' if cut else ""
        shown.append(f'<section aria-label="{safe(name)}"><h3>{safe(name)}</h3><ul class="fb-entries">{lines}</ul>{more}</section>')
    return "".join(shown)


def _entry(piece: Piece, selected: str, alone: bool = False) -> str:
    only = _marks.alone(frozenset().union(*(on for *_, on in piece.marks)), selected) if alone else ""
    return f'<li{only}><span>{marked(piece, selected)}</span><span class="fb-date">{safe(piece.date)}</span></li>'


def _note(note: Piece, selected: str, patient: str) -> str:
    return (
        f'<section aria-label="{safe(note.title)}"><div class="fb-row"><h3>{safe(note.title)}</h3>'
        f'<span class="fb-side"><span class="fb-date">{safe(note.date)}</span> {_source(note, patient)}</span></div>'
        f'<div class="fb-document">{marked(note, selected)}</div></section>'
    )


def _source(piece: Piece, patient: str) -> str:
    label = f'Open<span class="fb-sr"> {safe(piece.title)}</span>'
    return f'<span class="fb-bill">{link(label, "/search", {}, patient=patient, open=piece.reference)}</span>'


def marked(piece: Piece, selected: str) -> str:
    """The text with what codes rest on."""
    found, last = [], 0
    for start, end, resting in piece.marks:
        found += [safe(piece.text[last:start]), _marks.mark(safe(piece.text[start:end]), resting, selected)]
        last = end
    return "".join((*found, safe(piece.text[last:])))
