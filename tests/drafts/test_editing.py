"""Text back into sentences, and two people's texts into one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bots.documentation_assistant.body import Body, of_json, to_json
from services.bots.documentation_assistant.model import Line, Section
from services.drafts.editing import edited
from services.drafts.merging import merge, together
from services.drafts.note import words

SOURCE = (("Observation/k1", "1"),)


def body(**sections: list[Line]) -> Body:
    return Body(
        "Note", True, (), tuple(Section(k, k.title(), "plan", lines) for k, lines in sections.items())
    )


def lines(found: Body, key: str) -> list[Line]:
    section = found.section(key)
    assert section is not None
    return section.lines


def test_what_stands_as_it_stood_keeps_its_sources() -> None:
    before = body(plan=[Line("Potassium 6 mmol/L.", SOURCE), Line("Sodium 131 mmol/L.", SOURCE)], exam=[])
    after = edited(
        before, {"plan": "Potassium 6 mmol/L.\nSodium 132 mmol/L.", "exam": "Sodium 131 mmol/L."}, (), "me"
    )
    assert lines(after, "plan") == [
        Line("Potassium 6 mmol/L.", SOURCE),
        Line("Sodium 132 mmol/L.", own=True, by="me"),
    ]
    assert lines(after, "exam") == [Line("Sodium 131 mmol/L.", SOURCE)]  # moved, and still the record's
    undone = edited(after, {"plan": words(before.section("plan"))}, (before,), "me")
    assert lines(undone, "plan") == lines(before, "plan")


def test_nothing_recorded_is_said_while_nothing_is_written() -> None:
    nothing = Line("No plan is recorded for this visit.", absent=True)
    before = body(plan=[nothing])
    assert words(before.section("plan")) == ""
    after = edited(before, {"plan": "Rest."}, (), "me")
    assert [x.text for x in lines(after, "plan")] == ["Rest."]
    assert lines(edited(after, {"plan": "  "}, (before,), "me"), "plan") == [nothing]


TEXTS = st.lists(st.text("abcd é1.", min_size=1, max_size=6).map(str.strip).filter(bool), max_size=4)
BODIES = st.fixed_dictionaries({"reason": TEXTS, "exam": TEXTS, "plan": TEXTS}).map(
    lambda held: body(**{k: [Line(x) for x in texts] for k, texts in held.items()})
)


@given(BODIES, BODIES, BODIES)
def test_merging_loses_nothing(base: Body, mine: Body, theirs: Body) -> None:
    merged = merge(base, mine, theirs)
    conflicts = {c.key: c for c in merged.conflicts}
    for key in ("reason", "exam", "plan"):
        was, now = words(base.section(key)), words(merged.body.section(key))
        for name, changed in (("mine", words(mine.section(key))), ("theirs", words(theirs.section(key)))):
            if changed == was:
                continue
            shown = getattr(conflicts[key], name) if key in conflicts else now
            assert shown == changed
        if key not in conflicts and words(mine.section(key)) == was == words(theirs.section(key)):
            assert now == was


@given(BODIES, BODIES)
def test_merging_is_the_same_from_either_side(base: Body, other: Body) -> None:
    for merged in (merge(base, base, other), merge(base, other, base)):
        assert not merged.conflicts
        assert {s.key: words(s) for s in merged.body.sections} == {s.key: words(s) for s in other.sections}


@given(BODIES)
def test_a_body_is_read_as_it_was_written(found: Body) -> None:
    assert of_json(to_json(found)) == found


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("A2.\nB.\nC.", "A.\nB.\nC2.", "A2.\nB.\nC2."),
        ("A.\nB.\nC.\nMine.", "A.\nB.\nC.\nTheirs.", "A.\nB.\nC.\nMine.\nTheirs."),
        ("A.\nB.\nC.\nSame.", "A.\nB.\nC.\nSame.\nTheirs.", "A.\nB.\nC.\nSame.\nTheirs."),
        ("B.\nC.", "A.\nB.\nC.\nTheirs.", "B.\nC.\nTheirs."),
        ("A.\nB2.\nC.", "A.\nB2.\nC.", "A.\nB2.\nC."),
        ("A.\nMine.\nC.", "A.\nTheirs.\nC.", None),
        ("A.\nC.", "A.\nB, on.\nC.", None),
        ("Mine.", "A.\nTheirs.\nB.\nC.", None),
    ],
)
def test_changes_of_different_sentences_go_together(mine: str, theirs: str, both: str | None) -> None:
    assert together("A.\nB.\nC.", mine, theirs) == both


@given(TEXTS, TEXTS, TEXTS)
def test_together_keeps_what_either_put_in(base: list[str], mine: list[str], theirs: list[str]) -> None:
    was, one, other = ("\n".join(x) for x in (base, mine, theirs))
    both = together(was, one, other)
    assert together(was, was, other) == other and together(was, one, was) == one
    if both is not None:
        assert {*mine, *theirs} - set(base) <= set(both.splitlines())
