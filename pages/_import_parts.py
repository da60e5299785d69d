"""The import page's parts: what files hold, whose they are, what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from pages._cards import people_html, plain
from pages._shell import safe, tell_seen
from services.console.imports import TYPES, Choice, Report, Seen, as_table, report_name
from services.console.patients import PatientLine, find_patients, line_of
from services.console.session import Principal

SHOWN = 100
_CANDIDATES = 8


def preview_html(seen: list[Seen]) -> str:
    """A row for each file: what it is, whom it is about, what it would do, what is wrong with it."""
    heads = "".join(
        f'<th scope="col"{" class=fi-num" if number else ""}>{name}</th>'
        for name, number in (("File", 0), ("Kind", 0), ("Patient", 0), ("New", 1), ("Changed", 1), ("There already", 1), ("Remarks", 0))
    )  # fmt: skip
    return (
        f'<table class="fb-people fi-files"><caption class="fb-sr">Files to import</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(map(_row, seen))}</tbody></table>"
    )


def _row(seen: Seen) -> str:
    told = seen.told
    more = "+" if told.cut else ""
    numbers = "".join(
        f'<td class="fi-num">{counts.total():,}{more}</td>' if told.total else '<td class="fi-num">–</td>'
        for counts in (told.created, told.updated, told.unchanged)
    )
    return (
        f'<tr><td class="fi-name">{safe(told.name)}</td><td class="fi-kind">{told.label}</td><td>{_whose(seen)}</td>{numbers}'
        f"<td>{_remarks(seen)}</td></tr>"
    )


def _whose(seen: Seen) -> str:
    if seen.hidden:
        return "A patient of the record whom you may not see"
    if seen.patient is None:
        return '<span class="fi-warn">To be chosen below</span>' if seen.told.needs_patient else ""
    line = seen.patient
    said = f"<b>{safe(line.name)}</b><br>Born {safe(line.born)}"
    if seen.more:
        return f"{said}<br>and {seen.more:,} more"
    if seen.kind == "fhir":
        return said
    return f"{said}<br>{'In the record' if seen.told.known else 'New patient'}"


def _remarks(seen: Seen) -> str:
    told, parts = seen.told, []
    if told.cut:
        parts.append("Only its first part was looked at.")
    if seen.alike:
        names = "; ".join(f"{line.name}, MRN {line.identifier}" for line in seen.alike)
        parts.append(f'<span class="fi-warn">⚠ The same name and birth date: {safe(names)}.</span>')
    if told.removed:
        parts.append(f"Takes an earlier version's place; {told.removed.total()} of its entries go.")
    if told.problems:
        refused = told.problems
        if told.total == 0 and len(refused) == 1:
            parts.append(f'<span class="fi-warn">⚠ {safe(refused[0].reason)}</span>')
        else:
            parts.append(_folded(f"⚠ {len(refused):,} would be refused", (f"{p.where}: {p.what}: {p.reason}" for p in refused[:SHOWN])))
    if told.notes:
        parts.append(_folded(f"{len(told.notes)} kept as text only", (f"{p.where}: {p.what}: {p.reason}" for p in told.notes[:SHOWN])))
    kinds = told.created + told.updated + told.unchanged
    if kinds:
        parts.append(_folded(_few(kinds), (f"{name}: {count:,}" for name, count in sorted(kinds.items()))))
    return "".join(p if p.startswith("<details") else f"<div>{p}</div>" for p in parts)


def _few(kinds: Counter[str]) -> str:
    return f"{kinds.total():,} resources of {len(kinds)} type{'s' if len(kinds) != 1 else ''}"


def _folded(title: str, lines: Iterable[str]) -> str:
    return f"<details><summary>{safe(title)}</summary><ul>{''.join(f'<li>{safe(line)}</li>' for line in lines)}</ul></details>"


def ask_whose(principal: Principal, seen: list[Seen], choices: list[Choice]) -> dict[int, Choice]:
    """Whom files are about that don't say it, and what PDFs and texts are. The choices by the number of the file."""
    alike: dict[int, dict[str, str]] = st.session_state.setdefault("import-alike", {})
    for number, file in enumerate(seen):
        if file.alike:
            alike[number] = {line.id: f"{line.name}, born {line.born}, MRN {line.identifier}" for line in file.alike}
    needing = [n for n, file in enumerate(seen) if n not in alike and (file.told.needs_patient or choices[n].patient)]
    if not needing and not alike:
        return {}
    with st.container(border=True, key="import-whose"):
        wanted = {n: _same(n, seen[n].told.name, names, choices[n]) for n, names in alike.items()}
        if needing:
            patient = _patient(principal, [seen[n].told.name for n in needing], choices[needing[0]].patient)
            wanted |= {n: _paper(n, seen[n], patient) if seen[n].is_paper else Choice(patient) for n in needing}
    return wanted


def _same(number: int, name: str, names: dict[str, str], old: Choice) -> Choice:
    """Whether the patient of a document is one of the record with the same name and birth date."""
    options = ["", *names]
    chosen = st.selectbox(
        f"{plain(name)}: is it about", options, options.index(old.patient) if old.patient in options else 0,
        lambda i: names.get(i, "a new patient"), key=f"same-{number}-{name}",
    )  # fmt: skip
    return Choice(chosen or None)


def _patient(principal: Principal, names: list[str], chosen: str | None) -> str | None:
    st.html(f"<b>Whom {'is' if len(names) == 1 else 'are'} {safe(_listed(names))} about?</b>")
    if chosen and (line := line_of(principal, chosen)):
        tell_seen(principal, "import", [line.id])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f"<div><b>{safe(line.name)}</b>, born {safe(line.born)}, MRN {safe(line.identifier)}</div>")
            if not st.button("Another patient", type="tertiary", key="other-patient"):
                return chosen
        return None
    words = st.text_input("Patient", key="import-patient", max_chars=100, autocomplete="off", live=True,
                          placeholder="Name, birth date (14-Jul-1945) or record number").strip()  # fmt: skip
    if not words:
        return None
    lines, _ = find_patients(principal, words, _CANDIDATES)
    tell_seen(principal, "import", [line.id for line in lines])
    if not lines:
        st.info("No patient matches. Only a C-CDA or FHIR file can bring a new patient.")
        return None
    picked = None
    for line in lines:
        if st.button(_told(line), key=f"pick-{line.id}", icon=":material/person:", type="tertiary"):
            picked = line.id
    return picked


def _told(line: PatientLine) -> str:
    return plain(f"{line.name} · born {line.born} · {line.gender} · MRN {line.identifier}")


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _paper(number: int, file: Seen, patient: str | None) -> Choice:
    name = file.told.name
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    left.html(f'<div class="fi-name">{safe(name)}</div>')
    kind = middle.selectbox(f"What “{plain(name)}” is", list(TYPES), format_func=TYPES.__getitem__, key=f"kind-{number}-{name}")
    day = right.date_input(f"Date of “{plain(name)}”", None, format="YYYY-MM-DD", key=f"day-{number}-{name}",
                           help="Left empty, a PDF's own date is taken", max_value="today")  # fmt: skip
    return Choice(patient, kind, day.isoformat() if day else "")


def show_report(principal: Principal, report: Report) -> None:
    message = (
        f"{report.stored:,} stored, {report.unchanged.total():,} unchanged, {report.refused:,} refused, "
        f"from {report.files} file{'s' if report.files != 1 else ''} in {report.seconds:.1f} s."
    )
    if report.removed:
        message += f" {report.removed.total():,} entries of replaced documents were removed."
    if report.cancelled:
        st.warning(f"Cancelled. {message} Import the rest again: what is stored is not stored twice.")
    elif report.refused:
        (st.warning if report.stored + report.unchanged.total() else st.error)(message)
    elif report.read:
        st.success(message)
    else:
        st.warning("There are no resources in these files; nothing was stored.")
    for title, problems, count in (("Refused", report.problems, report.refused), ("Kept as text only", report.notes, len(report.notes))):
        if problems:
            st.header(title, anchor=False)
            rows = "".join(
                f"<tr><td>{safe(p.where)}</td><td>{safe(p.what)}</td><td>{safe(p.reason)}</td></tr>" for p in problems[:SHOWN]
            )
            more = count - min(SHOWN, len(problems))
            st.html(
                f'<table class="fb-people"><caption class="fb-sr">{title}</caption><thead><tr><th scope="col">Where</th>'
                f'<th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>{rows}</tbody></table>'
                + (f'<div class="fb-status">and {more:,} more</div>' if more > 0 else "")
            )
    if report.problems or report.notes:
        st.download_button("Download as CSV", as_table(report), report_name(), "text/csv", icon=":material/download:",
                           on_click="ignore")  # fmt: skip
    kinds = sorted({*report.created, *report.updated, *report.unchanged})
    if kinds:
        rows = "".join(
            f'<tr><td>{safe(k)}</td><td class="fi-num">{report.created[k]:,}</td><td class="fi-num">{report.updated[k]:,}</td>'
            f'<td class="fi-num">{report.unchanged[k]:,}</td></tr>'
            for k in kinds
        )
        st.header("What was read", anchor=False)
        heads = "".join(f'<th scope="col" class="fi-num">{h}</th>' for h in ("Created", "Updated", "Unchanged"))
        st.html(
            '<table class="fb-people fb-narrow"><caption class="fb-sr">What was read</caption><thead><tr>'
            f'<th scope="col">Type</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
    lines = [line for i in report.patients[:_CANDIDATES] if (line := line_of(principal, i))]
    if lines:
        tell_seen(principal, "import", [line.id for line in lines])
        st.header("Whose they are", anchor=False)
        st.html(people_html(lines))
    patients = report.created["Patient"] + report.updated["Patient"]
    st.page_link(
        str(Path(__file__).parent / "patients.py"),
        label=f"Go to the patients ({patients:,} imported)" if patients else "Go to the patients",
        icon=":material/groups:",
    )
