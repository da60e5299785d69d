"""Questions about relatives."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    joined,
    listing,
    number,
    truth,
    words,
)
from services.bots.rag_pipeline.plan import Plan
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import closeness, concepts_of
from services.index.text import values as fhir


def _death(pool: list[Entry], text: str) -> Answer | None:
    for entry in pool:
        kind, value = fhir.choice(entry.resource, "deceased")
        age = fhir.amount(fhir.obj(value).get("value")) if kind in ("Age", "Range") else None
        line = f"{entry.name}: died{f' at {age:g} years' if age is not None else ''}"
        if age is not None:
            return Answer([Statement(f"{line}.", (Source(entry, line, "deceasedAge"),))], number(age, "a"))
        if kind == "Boolean" and value is True:
            return Answer([Statement(f"{line}.", (Source(entry, line, "deceasedBoolean"),))], truth(True))
    return None


_RELATIVES = (
    "mother",
    "father",
    "sister",
    "brother",
    "son",
    "daughter",
    "grandmother",
    "grandfather",
    "aunt",
    "uncle",
    "cousin",
    "sibling",
    "parent",
)


# First-degree relatives are parents, full siblings and children (NCI Dictionary of Cancer Terms, "first-degree relative").
_DEGREE = cues.re.compile(r"\b(?:first|1st|second|2nd)[- ]degree\b", cues.re.IGNORECASE)
_NEAR = cues.re.compile(r"\b(?:mother|father|parent|sister|brother|sibling|son|daughter|child)\b", cues.re.IGNORECASE)
_FAR = cues.re.compile(r"\bgrand|\bhalf|\bstep|\bin-law|\bgreat", cues.re.IGNORECASE)
_SPOKEN = {
    "mum": "mother",
    "mom": "mother",
    "dad": "father",
    "grandma": "grandmother",
    "grandpa": "grandfather",
}
_WIDER = {
    "sibling": ("sister", "brother"), "parent": ("mother", "father"), "child": ("son", "daughter"),
    "grandparent": ("grandmother", "grandfather"),
}  # fmt: skip


def relatives_in(text: str) -> set[str]:
    """The relatives that a text names, by their plain names; a wider word stands for each that it covers."""
    names = "|".join((*_RELATIVES, *_SPOKEN, *_WIDER))
    found = {
        _SPOKEN.get(m[1].lower(), m[1].lower())
        for m in cues.re.finditer(rf"(?<![\w-])({names})s?(?:'s)?(?![\w-])", text, cues.re.IGNORECASE)
    }
    return {n for f in found for n in (*_WIDER.get(f, ()), f)}


def unrelated(text: str) -> str:
    """The text with its relatives made no one's, in the same length: what it says then is of nobody else."""
    names = "|".join((*_RELATIVES, *_SPOKEN, *_WIDER))
    return cues.re.sub(rf"(?<![\w-])(?:{names})s?(?:'s)?(?![\w-])", lambda m: "x" * len(m[0]), text, flags=cues.re.IGNORECASE)


def family(chart: Chart, plan: Plan) -> Answer | None:
    every = chart.entries("family")
    steps = [f"{len(every)} family history entries looked through"]
    if not every:
        return None
    text = plan.question.text.lower()
    names = relatives = relatives_in(text)
    pool = every
    if names:
        pool = [
            e
            for e in every
            if any(n in e.name.lower() for n in names)
            and not ("grand" in e.name.lower() and not any("grand" in n for n in names))
        ]
    degree = _DEGREE.search(text)
    if degree:
        near = degree[0].startswith(("first", "1st"))
        pool = [e for e in pool if (not _FAR.search(e.name) and bool(_NEAR.search(e.name))) == near]
    concepts = list(plan.target.concepts)
    died = (
        _death(pool, text)
        if cues.re.search(r"\b(?:died?|dead|death|passed away|deceased)\b", text) and relatives
        else None
    )
    if died is not None:
        return died
    matched: list[tuple[Entry, str, str]] = []
    for entry in pool:
        for name, onset in entry.extra["found"]:
            own, named = concepts_of("condition", (), name)
            if (not concepts and not plan.target.words) or any(closeness(own, named, c) for c in concepts):
                matched.append((entry, name, onset))
    if degree and not matched and plan.yes_no and concepts and (others := [e for e in every if any(closeness(*concepts_of("condition", (), n), c) for n, _ in e.extra["found"] for c in concepts)]):
        told = f"No {degree[0]} relative with it is recorded; recorded is it of {joined([e.name for e in others])}."
        return Answer([Statement(told, tuple(Source(e, e.name, "condition") for e in others))], truth(False), steps=steps, certainty=0.85)
    if not matched or any(c.startswith("lab:") for c in concepts):  # of a test the family history tells nothing
        return None

    def text_of(entry: Entry, name: str, onset: str) -> str:
        return f"{entry.name}: {name}{f' ({onset})' if onset else ''}"

    lines = [text_of(*m) for m in matched]
    sources = tuple(Source(e, text_of(e, n, o), "condition") for e, n, o in matched)
    if cues.re.search(r"\b(?:age|old)\b", text) and matched[0][2]:
        entry, name, onset = matched[0]
        figure = next((float(w) for w in onset.split() if w.replace(".", "").isdigit()), None)
        if figure is not None:
            return Answer(
                [Statement(f"{text_of(entry, name, onset)}.", sources[:1])], number(figure, "a"), steps=steps
            )
    if plan.ask == "age_at":
        return absent(f"The record does not say at what age: {joined(lines)}.", steps, sources)
    if plan.yes_no or (concepts and plan.ask == "exists"):
        return Answer([Statement(f"Yes: {joined(lines)}.", sources)], truth(True), steps=steps)
    entries = list({m[0].reference: m[0] for m in matched}.values())
    result = listing(entries, lambda e: "; ".join(text_of(*m) for m in matched if m[0] is e))
    if plan.ask == "who":
        result = words(joined([m[0].name for m in matched]))
    return Answer(
        [Statement(f"{line}.", (s,)) for line, s in zip(lines, sources, strict=True)], result, steps=steps
    )
