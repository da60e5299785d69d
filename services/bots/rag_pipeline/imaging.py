"""What a report or a note says of one finding: "any abscess on the CT?" is answered by its words, not by its being there."""

from __future__ import annotations

import re

from services.bots.rag_pipeline.answer import Answer, Statement, absent, on, truth, words
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.quotes import Quote, quoted, text_of
from services.bots.rag_pipeline.selecting import documents, of_kind
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import family
from services.index.features import stems
from services.knowledge.assertion import assess
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.sentences import sentences

_STUDY = re.compile(
    r"\b(?:cts?|ct scans?|mri?s?|x-?rays?|cxr|films?|radiographs?|echo(?:cardiogra(?:m|phy))?|ultrasounds?|us|scans?|imaging|mammogra(?:m|phy)|tte|tee|ctpa|cta|angiogra(?:ms?|phy)|cath(?:eteri[sz]ation)?|colonoscopy|gastroscopy|endoscopy|bronchoscopy|e[ck]g|electrocardiogram|eeg|(?<=the )reports?)\b",
    re.IGNORECASE,
)
_FINDINGS = ("problem:", "symptom:", "finding:", "device:")
_NEGATED = re.compile(
    r"\b(?:no|without|negative for|absent|not seen|free of|neither|nor|not)\b", re.IGNORECASE
)


_SHOWS = re.compile(
    r"\b(?:did|does|do|has|have)\b.{3,80}?\b(?:find|found|show|shown|reveal(?:ed)?|demonstrate|detect(?:ed)?|identif(?:y|ied)|confirm(?:ed)?|describe|report)\s+"
    r"(?:(?:any|an?|the|some|evidence of|signs? of) )*(?P<what>[a-z][\w' -]{2,60}?)(?=\W*$|,| (?:in|on|at|of|during) )",
    re.IGNORECASE,
)
_IN_A_NOTE = re.compile(r"(?:^|[,:]) ?(?:does|did|is|was|do|has|had|are|were|any)\b", re.IGNORECASE)
_OF_NOBODY = ("family", "hypothetical")  # another's, or nobody's yet
_DENIED = re.compile(r"\b(?:den(?:y|ied|ies)|absent|ruled out|excluded|negative for)\b", re.IGNORECASE)
_MENTIONS = re.compile(r"\b(?:mention|speak|discuss|refer|address)", re.IGNORECASE)


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question is not of a finding on a study or in a note, or the record has none such."""
    text = plan.question.text
    noted = [c for c in plan.target.concepts if c.startswith("document:")]
    asks = _IN_A_NOTE.search(text) and not _MENTIONS.search(text) if noted else plan.yes_no
    shows = _SHOWS.search(text)
    if plan.ask not in ("exists", "flag", "list") or not asks or not (noted or shows or _STUDY.search(text)):
        return None
    mentions = lexicon().find(text, query=True)
    studies = [m for m in mentions if m.concept.startswith("procedure:") and (shows or _STUDY.search(m.surface))]
    findings = [(m.concept, m.surface) for m in mentions if m.concept.startswith(_FINDINGS)]
    if shows and studies and not findings:
        findings = [("", shows["what"])]
    if not findings or not (noted or studies or _STUDY.search(text)) or re.match(
        r"\W*(?:has|have|had|did)\b.*\b(?:an?|any) (?:\w+ )?(?:ct|mri|x-?ray|scan|echo|ultrasound)\b.* for\b",
        text,
        re.IGNORECASE,
    ):
        return None
    (since, until), steps, found = window(chart, plan)
    every = (documents(chart, noted) if noted else _reports(chart, studies, text)) if found else []
    reports = [r for r in every if r.within(since, until) and text_of(chart, r)]
    if not reports:
        return None
    if plan.pick == "earliest" or (noted and plan.pick == "latest"):
        reports = reports[:1] if plan.pick == "earliest" else reports[-1:]
    for report in reversed(reports):
        for concept, surface in findings:
            quote = _of(chart, report, concept, surface)
            if quote is not None:
                return _told(quote, steps, bool(_DENIED.search(text)))
    last = reports[-1]
    shown = Quote(last, text_of(chart, last)[:300], (0, min(300, len(text_of(chart, last)))))
    label = findings[0][1]
    return absent(
        f"The {'note' if noted else 'report'} does not speak of {label}: {quoted(shown)}",
        [*steps, f"no sentence speaks of {label}"],
        [shown.source()],
    )


def _reports(chart: Chart, studies: list[Mention], text: str) -> list[Entry]:
    every = chart.entries("report")
    if studies:
        concepts = tuple(m.concept for m in studies)
        found = of_kind(chart, Target(concepts, ("report",), label=studies[0].surface), "report")
        if found:
            return found
    wanted = set(stems(" ".join(m.group() for m in _STUDY.finditer(text))))
    named = [e for e in every if wanted & set(stems(e.name))]
    return named or ([] if studies else [e for e in every if e.extra.get("conclusion")])


def _of(chart: Chart, report: Entry, concept: str, surface: str) -> Quote | None:
    """The sentence that speaks of the finding, by concept or else by its words."""
    text = text_of(chart, report)
    mentions = lexicon().find(text, query=False)
    wanted = family(concept) if concept else frozenset()
    asked = set(stems(surface))
    named = [
        (m.start, a.polarity)
        for m, a in zip(mentions, assess(text, mentions), strict=True)
        if m.concept in wanted and a.polarity not in _OF_NOBODY
    ]
    for start, end in sentences(text):
        state = next((polarity for at, polarity in named if start <= at < end), None)
        sentence = text[start:end]
        if state is None and asked and asked <= set(stems(sentence)):
            state = "absent" if _NEGATED.search(sentence) else "present"
        if state is not None:
            return Quote(report, sentence.strip(), (start, end), state)
    return None


def _told(quote: Quote, steps: list[str], denied: bool) -> Answer:
    """`denied`: it was asked whether it is said not to be there."""
    if quote.polarity == "possible":
        return Answer(
            [Statement(f"Not settled: {quoted(quote)}", (quote.source(),))],
            words("possible"),
            steps=steps,
            kind="quoted",
            certainty=0.7,
        )
    yes = (quote.polarity == "absent") == denied
    statement = Statement(f"{'Yes' if yes else 'No'}, {on(quote.entry)}: {quoted(quote)}", (quote.source(),))
    return Answer([statement], truth(yes), steps=steps, kind="quoted", certainty=0.85)
