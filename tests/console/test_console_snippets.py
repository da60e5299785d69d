"""What a result shows of its passage."""

from services.console.snippets import Part, marked, of_document, of_entry, reference_range

OBSERVATION = """Potassium 6.7 mmol/L (critically high).
Reference range 3.5–5.1 mmol/L.
Date: 21-Nov-2026 15:30 UTC
Category: Laboratory
Performer: Bayline Clinical Laboratory
Status: final
Comment: not hemolysed"""
NOTE = """SUBJECTIVE:
Feels well. Denies chest pain. Walks daily.

PLAN:
1. Recheck in a week.
2. Warfarin 5 mg."""


def text(parts: list[Part]) -> str:
    return "".join(t for t, _ in parts)


def spans(body: str, *words: str) -> list[tuple[int, int, str]]:
    return [(body.index(w), body.index(w) + len(w), "match") for w in words]


def test_marks_keep_the_text_whole() -> None:
    parts = marked("no chest pain", [(3, 13, "absent"), (5, 8, "match")])
    assert parts == [("no ", ""), ("chest pain", "absent")]


def test_an_observation_shows_no_paperwork() -> None:
    shown = text(of_entry(OBSERVATION, [], "Potassium 6.7 mmol/L (critically high)"))
    assert shown == "Comment: not hemolysed"
    assert reference_range(OBSERVATION) == "3.5–5.1 mmol/L"
    assert reference_range("HbA1c 8.2 %.\nStatus: final") == ""


def test_paperwork_stays_where_it_was_asked_for() -> None:
    parts = of_entry(OBSERVATION, spans(OBSERVATION, "Bayline"), "Potassium 6.7 mmol/L (critically high)")
    assert ("Bayline", "match") in parts
    assert "Category" not in text(parts)


def test_a_note_shows_the_sentences_around_its_marks() -> None:
    parts = of_document(NOTE, spans(NOTE, "chest pain"))
    assert ("chest pain", "match") in parts
    assert "SUBJECTIVE" not in text(parts)
    assert "1. Recheck in a week." in text(parts)


def test_a_long_note_is_cut_around_its_marks() -> None:
    body = "Nothing to report. " * 200 + "Warfarin was stopped. " + "Nothing to report. " * 200
    parts = of_document(body, spans(body, "Warfarin"))
    assert ("Warfarin", "match") in parts
    assert len(text(parts)) < 500
    endless = "word " * 2000 + "Warfarin" + " word" * 2000
    assert len(text(of_document(endless, spans(endless, "Warfarin")))) < 500


def test_nothing_in_is_nothing_out() -> None:
    assert of_document("", []) == [] and of_entry("", [], "") == [] and marked("", []) == []
