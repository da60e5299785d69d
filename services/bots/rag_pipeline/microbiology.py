"""Questions about cultures: what was sent, what grew in it, and what that was sensitive to."""

from __future__ import annotations

import re

from services.bots.rag_pipeline import series
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    on,
    truth,
    words,
)
from services.bots.rag_pipeline.cultures import Test, grew, tests, value
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import concepts_of, family
from services.index.features import stems
from services.knowledge.lexicon import lexicon

ASKED = re.compile(
    r"\bcultures?\b|\borganisms?\b|\bisolates?d?\b|\bgrew\b|\bgrow(?:th|ing|n)?\b|\bmicrobiolog\w*|\bsuscept\w*|\bantibiogram|\bsensitivit(?:y|ies)\b"
    r"|\bsensitive to\b|\bresistan(?:t|ce)\b|\bspecimens?\b|\bbacteri\w*|\bpathogens?\b|\bmrsa\b",
    re.IGNORECASE,
)
_CULTURED = re.compile(r"\bcultur|\borganism|\bisolate|\bgr[eo]w|\bsuscept|\bsensitiv|\bresist|\bantibiogram|\bspecimen|\bmrsa\b|\bpathogen", re.IGNORECASE)
_STATES = {"S": "sensitive", "I": "intermediate", "R": "resistant"}
_FILLER = frozenset(
    stems("culture cultures test tests specimen specimens sample samples screen fluid swab organism isolate")
)
def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the record holds no culture, or the question is of something else."""
    text = plan.question.text
    if not ASKED.search(text) or (plan.target.kinds[:1] == ("medication",) and not re.search(r"sensitiv|suscept|resist", text, re.IGNORECASE)):
        return None  # "prescribed after pneumonia, organism unspecified" asks of drugs
    if plan.target.kinds == ("condition",) and not _CULTURED.search(text):
        return None  # "bacterial peritonitis" is a diagnosis
    every = tests(chart)
    if not every:
        return None
    (since, until), notes, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {notes[-1]}", notes)
    inside = [t for t in every if t.entry.within(since, until)]
    chosen = _about(inside, plan)
    steps = [f"{len(every)} cultures in the record, {len(chosen)} of them asked about", *notes]
    if plan.pick == "latest" and chosen and not re.search(r"\bsince\b", text):
        chosen = chosen[-1:]
    elif plan.nth > 0:
        chosen = chosen[plan.nth - 1 : plan.nth]
    elif plan.pick == "earliest":
        chosen = chosen[:1]
    if _SPECIMEN_OF.search(text) and (grown := [t for t in chosen if grew(t)]):
        return _from(grown, steps)
    if re.search(r"\b(?:which|what|list) (?:specimens?|samples?)\b", text, re.IGNORECASE):
        return _specimens(chart, since, until, steps)
    if re.search(r"\bsensitiv|\bsuscept|\bresist|\bantibiogram|\bcovered\b", text, re.IGNORECASE):
        return _susceptible(plan, chosen, steps)
    if not chosen:
        return _none(plan, inside, steps)
    if plan.ask == "count":
        sources = tuple(_source(t.entry) for t in chosen)
        return Answer(
            [Statement(f"{len(chosen)}: {joined([_said(t) for t in chosen])}.", sources)],
            number(len(chosen)),
            steps=steps,
        )
    if plan.ask == "when":
        entry = (chosen[0] if plan.pick == "earliest" else chosen[-1]).entry
        return Answer(
            [Statement(f"{entry.name} {on(entry)}.", (_source(entry),))],
            date(entry.date, plan.timed),
            steps=steps,
        )
    grown = [t for t in chosen if grew(t)]
    asks_growth = re.search(
        r"\bgr[eo]w|\borganism|\bpositive|\bisolate|\bbacteri|\bpathogen", text, re.IGNORECASE
    )
    if plan.ask == "exists":
        asked = grown if asks_growth else chosen
        lines = joined([_said(t) for t in (asked or chosen)[-4:]])
        sources = tuple(_source(t.entry) for t in (asked or chosen)[-4:])
        return Answer(
            [Statement(f"{'Yes' if asked else 'No'}: {lines}.", sources)], truth(bool(asked)), steps=steps
        )
    if asks_growth or re.search(r"\bresults?\b|\bshow|\bwhat\b", text, re.IGNORECASE):
        names = list(
            dict.fromkeys(
                n for t in (grown or chosen) for n in grew(t) or [value(t.entry) or "no result yet"]
            )
        )
        statements = [
            Statement(f"{_said(t)}.", (_source(t.entry), *map(_source, t.organisms))) for t in grown or chosen
        ]
        return Answer(statements, words("; ".join(names)), steps=steps)
    entries = [t.entry for t in chosen]
    return Answer(
        [Statement(f"{_said(t)}.", (_source(t.entry),)) for t in chosen], listing(entries), steps=steps
    )


_SPECIMEN_OF = re.compile(
    r"\b(?:what|which) (?:kind|type|sort)s? of (?:specimen|sample|fluid|culture)s?\b|\b(?:from|in) (?:what|which) (?:specimen|sample|site|source|fluid)\b|\b(?:what|which) (?:specimen|sample)s? (?:grew|yielded)\b",
    re.IGNORECASE,
)


def _from(grown: list[Test], steps: list[str]) -> Answer:
    """The specimens in which it grew."""
    told = list(dict.fromkeys(t.specimen or t.entry.name for t in grown))
    statements = [Statement(f"Specimen {t.specimen or t.entry.name}: {_said(t)}.", (_source(t.entry), *map(_source, t.organisms))) for t in grown]
    return Answer(statements, words("; ".join(told)), steps=steps)


def _about(inside: list[Test], plan: Plan) -> list[Test]:
    """Those of the specimen and organism that the question names."""
    text = plan.question.text
    asked = set(stems(text))
    named = {s for t in inside for s in t.stems} - _FILLER
    wanted = asked & named
    if _MRSA.search(text) and not re.search(r"\bscreen", text, re.IGNORECASE):
        return [t for t in inside if _resistant_staph(t)]
    if wanted:
        inside = [t for t in inside if wanted & t.stems]
    organisms = [m.concept for m in lexicon().find(text, query=True) if m.concept.startswith("organism:")]
    if organisms:
        inside = [
            t
            for t in inside
            if any(
                set(concepts_of("any", (), n)[0]) & {x for o in organisms for x in family(o)}
                for n in grew(t)
            )
        ]  # one that grew nowhere is in none of them
    elif (named := _GROWN.search(text)) and (words_of := set(stems(named["x"])) - _FILLER - set(stems("anything something any bacteria organism germ bug pathogen"))):
        inside = [t for t in inside if any(words_of <= set(stems(n)) for n in grew(t))]
    return inside


_GROWN = re.compile(r"^\W*did (?:the |her |his |any )*(?P<x>[a-z][\w .-]{2,40}?) grow\b", re.IGNORECASE)
_MRSA = re.compile(r"\bmrsa\b|\bmethicillin[- ]resistant\b", re.IGNORECASE)


def _resistant_staph(test: Test) -> bool:
    """By its name, or by resistance to what stands for methicillin (oxacillin, cefoxitin)."""
    grown = grew(test)
    if grown and any(_MRSA.search(n) for n in (*grown, test.entry.name)):
        return True
    return any(_state(d) == "R" and re.search(r"oxacillin|methicillin|cefoxitin", d.name, re.IGNORECASE) and re.search(r"aureus", value(o) or o.name, re.IGNORECASE)
               for o, d in test.drugs)  # fmt: skip


def _none(plan: Plan, inside: list[Test], steps: list[str]) -> Answer:
    text = "No such culture is recorded in what was asked about."
    sources = tuple(_source(t.entry) for t in inside[-2:])
    if plan.ask == "exists":
        return Answer([Statement(text, sources)], truth(False), steps=steps, certainty=0.9)
    if plan.ask == "count":
        return Answer([Statement(text, sources)], number(0), steps=steps, certainty=0.9)
    return absent(text, steps, sources)


def _said(test: Test) -> str:
    grown = grew(test)
    told = (
        f"grew {joined(grown)}" if grown else value(test.entry).rstrip(".").lower() or "no result recorded"
    )
    return f"{test.entry.name} {on(test.entry)}: {told}"


def _source(entry: Entry) -> Source:
    return Source(entry, series.said(entry) if entry.measure else f"{entry.name} {on(entry)}")


def _susceptible(plan: Plan, chosen: list[Test], steps: list[str]) -> Answer:
    """One drug asked of: yes or no. None asked of: the drugs that the question's word is true of."""
    text = plan.question.text
    pairs = [p for t in chosen for p in t.drugs]
    if not pairs:
        return absent(
            "Not found in the record: no susceptibility for what was asked about.",
            steps,
            [_source(t.entry) for t in chosen[-3:]],
        )
    resistant = bool(re.search(r"\bresist", text, re.IGNORECASE))
    wanted = [
        m.concept for m in lexicon().find(text, query=True)
        if m.concept.startswith(("drug:", "drugclass:")) and m.concept != "drugclass:antibiotic"
    ]  # fmt: skip
    if wanted:
        tested = [(o, d) for o, d in pairs if any({*d.own, *d.named} & family(c) for c in wanted)]
        if not tested:
            return absent(
                "Not found in the record: it was not tested against that drug.",
                steps,
                [_source(pairs[-1][1])],
            )
        organism, result = tested[-1]
        state = _state(result)
        yes = state == ("R" if resistant else "S")
        lead = f"{'Yes' if yes else 'No'}: " if plan.yes_no else ""
        line = f"{lead}{value(organism) or organism.name} is {_STATES.get(state, state)} to {result.name} ({on(result)})."
        return Answer(
            [Statement(line, (_source(result), _source(organism)))],
            truth(yes) if plan.yes_no else words(_STATES.get(state, state)),
            steps=steps,
        )
    asked = "R" if resistant else "S"
    matched: dict[str, Entry] = {}
    for _, drug in pairs:
        if _state(drug) == asked or not re.search(r"\bresist|\bsensitive|\bsusceptible", text, re.IGNORECASE):
            matched[drug.name.casefold()] = drug
    entries = list(matched.values())
    if plan.ask == "count":
        told = f"{len(entries)} of {len({d.name.casefold() for _, d in pairs})} drugs tested{': ' + joined([d.name for d in entries]) if entries else ''}."
        return Answer([Statement(told, tuple(map(_source, entries or [pairs[0][1]])))], number(len(entries)), steps=steps)
    statements = [
        Statement(f"{d.name}: {_STATES.get(_state(d), _state(d))}.", (_source(d),)) for d in entries
    ]
    return Answer(
        statements or [Statement(f"None of the {len(pairs)} drugs tested.", (_source(pairs[0][1]),))],
        listing(entries),
        steps=steps,
    )


def _state(entry: Entry) -> str:
    marks = [m for m in (entry.measure.marks if entry.measure else ()) if m in _STATES]
    text = value(entry).strip().upper()
    return (
        marks[0]
        if marks
        else text[:1]
        if text[:1] in _STATES and (len(text) == 1 or text[1:2].isalpha())
        else text
    )


def _specimens(chart: Chart, since, until, steps: list[str]) -> Answer:
    found = [e for e in chart.entries("specimen") if e.within(since, until)]
    if not found:
        return absent("Not found in the record: no specimen in what was asked about.", steps)
    return Answer(
        [Statement(f"{e.name} {on(e)}.", (Source(e, f"{e.name} {on(e)}"),)) for e in found],
        listing(found),
        steps=steps,
    )
