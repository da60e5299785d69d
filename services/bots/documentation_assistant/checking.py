"""What somebody should look at before a note is signed: told as warnings, nothing is changed."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from services.bots.clinical_decision_support.critical.evaluate import critical_flags
from services.bots.clinical_decision_support.model import Finding
from services.bots.clinical_decision_support.person import person_of
from services.bots.documentation_assistant import followed, measured
from services.bots.documentation_assistant.kinds import KINDS, left_out
from services.bots.documentation_assistant.model import Notice, Section
from services.bots.documentation_assistant.quoting import earlier_notes, quoted
from services.bots.documentation_assistant.sections import MAKERS, Material
from services.bots.rag_pipeline.quotes import text_of
from services.chart import holding
from services.chart.entry import Entry
from services.commands.rules.instructions import hidden_instruction
from services.index.features import stems
from services.index.text.context import Context
from services.index.text.medications import medication
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.ordering import ordered_in
from services.knowledge.sentences import sentences

_DIGIT = re.compile(r"\d")
_LEAST_COPIED = 40
"""Characters of a passage that is called copied: shorter ones are usual phrases ("No known drug allergies.")."""
_OVER = re.compile(r"(?:personal |past )?history of\b|h/o\b|status post\b|s/p\b", re.IGNORECASE)
_SETTLED = frozenset(["resolved", "inactive", "remission", "refuted"])
_NOT_HAPPENED = {"planned": "planned", "cancelled": "cancelled", "entered-in-error": "entered in error"}


def warnings(material: Material, note: Sequence[Section]) -> list[Notice]:
    found = [
        *_visit(material),
        *_missing(material, note),
        *_allergies(material),
        *_unaddressed(material),
        *_unplanned(material),
        *_copied(material, note),
        *_unsupported(note),
        *instructions(note),
    ]
    if material.heard.unknown:
        found.append(
            Notice("transcript", f"{material.heard.unknown} turns of the transcript were not used: it does not tell whether patient or clinician speaks.")
        )
    return found


def _visit(m: Material) -> Iterator[Notice]:
    if m.visit.entry.status in _NOT_HAPPENED:
        yield Notice("visit", f"The encounter is {_NOT_HAPPENED[m.visit.entry.status]}.")
    if m.asked.documentation_type == "discharge" and not m.visit.entry.end:
        yield Notice("visit", "The encounter has no end: the patient is not recorded as discharged.")


def required(m: Material) -> frozenset[str]:
    return KINDS[m.asked.documentation_type].required - left_out(m.asked)


def _missing(m: Material, note: Sequence[Section]) -> Iterator[Notice]:
    filled = {s.key for s in note if s.filled}
    for key in KINDS[m.asked.documentation_type].sections:
        if key in required(m) and key not in filled:
            yield Notice("missing", f"Missing: {MAKERS[key][0]}.")


def _allergies(m: Material) -> Iterator[Notice]:
    """Medicines that are taken, ordered in the visit, or ordered in the clinician's plan, against the allergies."""
    allergies = [([*a.codings], a.text) for a in holding.allergies(m.visit.chart)]
    if not allergies:
        return
    drugs = []
    for entry in m.medicines.entries:
        name, codes, _ = medication(entry.resource, Context(entry.resource, m.visit.chart.resolve))
        drugs.append(
            (f"{entry.name} (recorded)", identify([{"system": s, "code": c} for s, c in codes], name))
        )
    for field in ("assessment", "plan"):
        text = getattr(m.asked.clinician_input, field) or ""
        drugs += [
            (f"{spoken.surface} (in the clinician's {field})", identify([], spoken.drug))
            for spoken in ordered_in(text)
            if spoken.intent in ("ordered", "continued") or (field == "plan" and spoken.intent != "stopped")
        ]
    told: dict[str, None] = {}
    for name, drug in drugs:
        for conflict in allergy_conflicts(drug, allergies):
            told[f"Allergy: {name} despite an allergy to {conflict.allergen}. {conflict.note}"] = None
    yield from (Notice("allergy", text) for text in told)


def _spoken(m: Material) -> str:
    """What is said in assessment and plan: by the clinician, by the notes of the visit, by orders."""
    given = m.asked.clinician_input
    lines = [line for key in ("assessment", "course", "follow-up") for line in quoted(m.visit, key)]
    lines += [*m.heard.instructions, *followed.order_lines(m.visit)]
    lines += followed.appointment_lines(m.visit)
    return "\n".join([given.assessment or "", given.plan or "", *(line.text for line in lines)])


def _unaddressed(m: Material) -> Iterator[Notice]:
    """Abnormal results of the visit that nothing in the assessment or the plan speaks of."""
    abnormal = [r for r in m.results if r.abnormal] if m.asked.include_lab_results else []
    pressure = measured.high_pressure(m.visit) if m.asked.include_vitals else None
    grave = list(_critical(m, abnormal)) if m.asked.include_lab_results else []
    if not abnormal and not pressure and not grave:
        return
    text = _spoken(m)
    about = _concepts(text)
    words = set(stems(text))
    open_ = [r for r in abnormal if not _mentioned(r.last, about, words)]
    if open_:
        shown = "; ".join(
            f"{r.name} {measured.shown_value(r.last)} ({measured.state(r.last)})" for r in open_
        )
        yield Notice("abnormal", f"Abnormal, and not spoken of in the assessment or plan: {shown}.")
    for finding, entry in grave:
        if not _mentioned(entry, about, words):
            yield Notice("abnormal", f"Not spoken of in the assessment or plan: {finding.title}. {finding.reason}")
    if pressure and not _mentioned(pressure.last, about, words) and "problem:hypertension" not in about:
        value = measured.shown_value(pressure.last)
        yield Notice(
            "abnormal",
            f"Blood pressure at or above 140/90 mmHg, and not spoken of in the assessment or plan: {value}.",
        )


def _critical(m: Material, abnormal: Sequence[measured.Result]) -> Iterator[tuple[Finding, Entry]]:
    """Results of the visit that are critical, have changed fast or can't be judged, though the record marks none of it."""
    marked = {e.reference for r in abnormal for e in r.entries}
    ours = {e.reference: e for r in m.results for e in r.entries}
    chart = m.visit.chart
    for finding in critical_flags(chart, person_of(chart.patient.resource, chart.as_of)):
        about = finding.evidence[0].reference
        if about in ours and about not in marked:
            yield finding, ours[about]


def _unplanned(m: Material) -> Iterator[Notice]:
    """Diagnoses of the visit, or active problems where it names none, that no plan, order or medicine is for."""
    text = _spoken(m)
    treating = {e.reference: e for e in (*m.medicines.entries, *m.visit.of("medication"))}
    served = "\n".join(str(e.extra.get("reason") or "") for e in treating.values())
    text = f"{text}\n{served}"
    about, words = _concepts(text), set(stems(text))
    wanted = [e for e in m.diagnoses or m.problems if e.status not in _SETTLED and not _OVER.match(e.name)]
    open_ = [e.name for e in wanted if not _mentioned(e, about, words)]
    if open_:
        yield Notice("unplanned", f"No plan is recorded for: {'; '.join(dict.fromkeys(open_))}.")


def _concepts(text: str) -> frozenset[str]:
    return frozenset(m.concept for m in lexicon().find(text, query=False))


def _mentioned(entry: Entry, about: frozenset[str], words: set[str]) -> bool:
    """Whether a text speaks of a result or problem: by itself, by what is narrower, by the next broader thing, by what
    a problem is measured or treated with, or by its name word for word."""
    known = lexicon()
    for concept in (c for c in entry.own or entry.named if c in known):
        near = {concept, *known.get(concept).broader, *known.narrower(concept)}
        if entry.kind == "condition":
            near |= set(known.related(concept))
        else:
            near |= {c for c in known.related(concept) if not c.startswith("drug")}
        if near & about:
            return True
    name = set(stems(entry.name))
    return bool(name) and name <= words


def _copied(m: Material, note: Sequence[Section]) -> Iterator[Notice]:
    """Passages of the clinician's words, or of this visit's notes, that stand in an earlier note word for word."""
    passages = [(s.title, p) for s in note for line in s.lines if line.own for p in _passages(line.text)]
    earlier = earlier_notes(m.visit.chart, m.visit)
    own_notes = [e for e in m.visit.of("document") if e not in earlier]
    passages += [
        (f"{e.name} of this visit", p) for e in own_notes for p in _passages(text_of(m.visit.chart, e))
    ]
    if not passages:
        return
    texts = [(e, _flat(text_of(m.visit.chart, e))) for e in earlier]
    told: dict[str, None] = {}
    for title, passage in passages:
        for entry, text in texts:
            if _flat(passage) in text:
                told[
                    f"Copied forward: “{passage[:80]}{'…' if len(passage) > 80 else ''}” in {title} stands word for word in {entry.name}, {measured.day(entry.date)}."
                ] = None
                break
    yield from (Notice("copied", text) for text in told)


def _passages(text: str) -> list[str]:
    """Paragraphs; and sentences where a paragraph holds several."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text):
        found += [part[a:b] for a, b in sentences(part)]
    flat = [" ".join(p.split()) for p in found]
    return [p for p in dict.fromkeys(flat) if len(p) >= _LEAST_COPIED]


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _unsupported(note: Sequence[Section]) -> Iterator[Notice]:
    for section in note:
        doubts = [d for line in section.lines for d in line.unsupported]
        if doubts:
            said = " ".join(dict.fromkeys(doubts))
            yield Notice("unsupported", f"Not in the record, or not so ({section.title}, the clinician's words): {said}")


def instructions(note: Iterable[Section]) -> Iterator[Notice]:
    for section in note:
        for line in section.lines:
            if held := _hidden(_DIGIT.sub("0", line.text)):
                yield Notice("instruction", f"{section.title} holds {held}.")
                break


@functools.lru_cache(maxsize=20_000)
def _hidden(shape: str) -> str | None:
    """Of a line whatever its digits are: the same results come again and again with other values."""
    return hidden_instruction(shape)


__all__ = ["instructions", "required", "warnings"]
