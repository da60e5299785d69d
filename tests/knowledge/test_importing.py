"""A clinic's own tables: checked whole, put in place at one stroke, used with the next question, and gone again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.knowledge import importing
from services.knowledge.catalogue import TABLES, table
from services.knowledge.diagnosis import titles
from services.knowledge.entries import manifest, named, shipped_entries
from services.knowledge.error_prone import error_prone, written_out
from services.knowledge.importing import changes, put, removable, remove, staged
from services.knowledge.installed import installed
from services.knowledge.limits import limits, plausible
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.conditions import Facts, condition_conflicts
from services.knowledge.medicines.doses import usual_dose
from services.knowledge.medicines.interactions import interactions
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.pregnancy import pregnancy_risk
from services.knowledge.preventive.value_sets import licensed_folder, value_sets

HEAD = "# Source: P&T committee\n# Version: 2026-05\n"
SAID = "P&T committee 2026-05-04"
HOUSE = f"house:warfarin-metformin\tdrug:warfarin\tdrug:metformin\tmajor\tHouse rule.\tAvoid.\t\t{SAID}\n"


def kept(folder: Path, kind: str, text: str, mode: str | None = None, name: str = "own.tsv", head: str = HEAD) -> None:
    path = folder / name
    path.write_text(head + text, encoding="utf-8")
    with staged(table(kind), [path], mode) as ready:  # pyright: ignore[reportArgumentType]
        put(ready)


def pairs() -> list[str]:
    return [i.rule for i in interactions([identify([], "warfarin"), identify([], "metformin")])]


def test_an_import_counts_with_the_next_question_and_goes_again(clinic: Path) -> None:
    assert pairs() == []
    kept(clinic, "interactions", HOUSE)
    [told] = interactions([identify([], "warfarin"), identify([], "metformin")])
    assert told.rule == "house:warfarin-metformin" and told.source == SAID
    assert "2026-05" in told.table and "P&T committee" in told.table
    shipped = interactions([identify([], "warfarin"), identify([], "ibuprofen")])
    assert shipped and "2026-05" not in shipped[0].table and shipped[0].table.endswith("version 2026-11")
    assert "2026-05" in named("interactions") and named("limits").endswith("version 2026-11")
    assert removable(table("interactions")).dropped == ("house:warfarin-metformin",)
    remove(table("interactions"))
    assert pairs() == [] and installed("interactions") is None
    with pytest.raises(InvalidInput, match="nothing to remove"):
        removable(table("interactions"))


def test_added_ones_stand_over_the_shipped_and_replaced_ones_in_their_place(clinic: Path) -> None:
    text = f"lab:potassium\t18\t\t\t3.0\t5.9\tmmol/L\tcritical\t{SAID}\n"
    kept(clinic, "limits", text)
    assert [(x.low, x.high) for x in limits()["lab:potassium"]] == [(3.0, 5.9)] and "lab:sodium" in limits()
    kept(clinic, "limits", text, "replace")
    assert list(limits()) == ["lab:potassium"]


def test_a_grave_limit_that_is_added_comes_before_a_lighter_one(clinic: Path) -> None:
    kept(clinic, "limits", f"vital:heart-rate\t16\t\t\t30\t\t/min\tcritical\t{SAID}\n")
    assert [x.severity for x in limits()["vital:heart-rate"]] == ["critical", "high"]


def test_every_kind_that_may_be_imported_reaches_its_questions(clinic: Path) -> None:
    kept(clinic, "interaction-groups", f"house\tdrug:metformin\t{SAID}\n")
    kept(clinic, "interactions", HOUSE.replace("drug:metformin", "group:house"))
    assert pairs() == ["house:warfarin-metformin"]
    drug, facts = identify([], "metformin"), Facts(egfr=59, pregnant=True)
    kept(clinic, "conditions", f"house:metformin\tdrug:metformin\tegfr<60\tmajor\tHouse.\tAsk.\t{SAID}\n")
    kept(clinic, "pregnancy", f"drug:metformin\tcaution\tall\tHouse.\t{SAID}\n")
    assert {c.rule for c in condition_conflicts(drug, [], facts)} == {"house:metformin", "pregnancy"}
    assert pregnancy_risk(drug)[0].note == "House."
    kept(clinic, "allergy-groups", f"gliflozins-house\thouse gliflozins\tyes\tflozins\tdrug:metformin\tHouse.\t{SAID}\n")
    assert allergy_conflicts(drug, [((), "flozins")])[0].source == SAID
    kept(clinic, "allergies", f"food:kiwi\tkiwi\tdrug:metformin\tHouse.\t{SAID}\n")
    assert allergy_conflicts(drug, [((), "kiwi")])[0].table.startswith("What an allergy")
    kept(clinic, "doses", f"metformin\toral\t123\t456\tmg\t\t{SAID}\n")
    dose = usual_dose("metformin", "oral")
    assert dose and (dose.single, dose.daily) == (123, 456)
    kept(clinic, "plausible", "lab:potassium\t1\t9\tmmol/L\n")
    assert plausible()["lab:potassium"].most == 9
    kept(clinic, "diagnosis-codes", f"I10\tHypertension as we call it\t{SAID}\n")
    assert titles()["I10"] == "Hypertension as we call it"
    assert written_out("take 5 blips") == "take 5 blips"
    kept(clinic, "ismp", "blips\tblips\t\ttablets\ttablets\tnobody knows what it is\n")
    assert written_out("take 5 blips") == "take 5 tablets" and error_prone("5 blips")[0].rule == "blips"
    kept(clinic, "preventive-codes", "cdt\tD0000\n", name="visit-dental.tsv", head="")
    assert value_sets(licensed_folder()).of_code("http://www.ada.org/cdt", "D0000")[0] == {"visit-dental"}
    covered = {"cpt", "ncci", "fees", "ndc"} | {t.kind for t in TABLES if installed(t.kind)}
    assert covered >= {t.kind for t in TABLES if t.modes} - {"limits"}


@pytest.mark.parametrize(("kind", "name", "text"), [
    ("cpt", "cpt.tsv", "99999\tA visit as we call it\n"), ("fees", "fees.csv", "code,amount,currency\n99999,120.00,USD\n"),
    ("ndc", "product.txt", "PRODUCTID\tPRODUCTNDC\tNONPROPRIETARYNAME\tROUTENAME\tSUBSTANCENAME\n0_a\t0001-0002\tWarfarin\tORAL\tWARFARIN SODIUM\n"),
    ("ncci", "ptp.csv", "99998,99999,,20240101,*,0,Mutually exclusive\n"),
])  # fmt: skip
def test_files_of_publishers_are_taken_as_they_are(clinic: Path, kind: str, name: str, text: str) -> None:
    kept(clinic, kind, text, name=name, head="")
    own = installed(kind)
    assert own and (own / name).read_text() == text and manifest(own).told
    (clinic / name).write_text("what is this\n")
    with pytest.raises(InvalidInput), staged(table(kind), [clinic / name]):
        pass
    assert installed(kind) == own


WRONG = [
    ("interactions", "x:y\tdrug:warfarn\tdrug:metformin\tmajor\tM.\tR.\t\tLong source\n", "line 3, column 2 .first.*did you mean drug:warfarin"),
    ("interactions", HOUSE.replace("major", "bad"), "line 3, column 4 .severity.*none of minor, moderate"),
    ("interactions", HOUSE.replace("drug:metformin", "group:nobody"), "group:nobody.*Import its group first"),
    ("interactions", HOUSE.replace("house:", "house"), "column 1 .rule.*topic:name"),
    ("interactions", HOUSE.replace(SAID, ""), "column 8 .source"),
    ("interactions", HOUSE + "\n# more\n" + HOUSE, "line 6: is of house:warfarin-metformin, as own.tsv, line 3 is"),
    ("interactions", HOUSE.replace("\t", ","), "line 3: has 1 column; write 9 with tabs"),
    ("interactions", HOUSE.rstrip("\n") + "\tnasal\tmore\n", "has 10 columns"),
    ("interactions", "", "holds no entry"),
    ("limits", f"lab:potassium\t18\t\t\t6.2\t2.8\tmmol/L\tcritical\t{SAID}\n", "column 6 .high.*not above low"),
    ("limits", f"lab:potassium\t18\t\t\t\t\tmmol/L\tcritical\t{SAID}\n", "column 5 .low.*needs low, high or both"),
    ("limits", f"lab:potassium\t18\t\t\t2,8\t\tmmol/L\tcritical\t{SAID}\n", "column 5 .low.*no number"),
    ("limits", f"lab:potassium\t18\t\t\t2.8\t\tfurlong\tcritical\t{SAID}\n", "column 7 .unit.*UCUM"),
    ("limits", f"lab:potassium\t18\t2\t\t2.8\t\tmmol/L\tcritical\t{SAID}\n", "column 3 .age to"),
    ("plausible", "lab:potassium\t9\t1\tmmol/L\n", "column 3 .most"),
    ("conditions", f"a:b\tdrug:metformin\tegfr=30\tmajor\tN.\tR.\t{SAID}\n", "column 3 .when.*egfr<30"),
    ("conditions", f"a:b\tdrug:metformin\tproblem:nothing\tmajor\tN.\tR.\t{SAID}\n", "column 3 .when.*not known"),
    ("doses", f"nothingamine\toral\t1\t1\tmg\t\t{SAID}\n", "column 1 .ingredient"),
    ("doses", f"metformin\toral\t1\t1\ttablets\t\t{SAID}\n", "column 5 .unit"),
    ("ismp", "x\t(\t\ty\t\twhy\n", "column 2 .regular expression"),
    ("diagnosis-codes", f"E11\tDiabetes\t{SAID}\n", "column 1 .code.*subdivisions"),
    ("diagnosis-codes", f"E11.999\tDiabetes\t{SAID}\n", "column 1 .code.*no code"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "told"), WRONG)
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_kept(clinic: Path, kind: str, text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        kept(clinic, kind, text)
    assert installed(kind) is None
    assert [p.name for p in importing.root(kind).iterdir()] == ["lock"]


def test_every_mistake_is_told_at_once(clinic: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        kept(clinic, "interactions", HOUSE.replace("major", "bad").replace("drug:warfarin", "drug:x") + "one\n")
    assert len(caught.value.details) == 3


def test_a_table_needs_a_source_and_a_version(clinic: Path) -> None:
    with pytest.raises(InvalidInput, match=r"# Source: ….*# Version: …"):
        kept(clinic, "interactions", HOUSE, head="")
    (clinic / "own.tsv").write_text(HOUSE)
    with staged(table("interactions"), [clinic / "own.tsv"], None, "Us", "7") as ready:
        assert (ready.manifest.source, ready.manifest.version) == ("Us", "7")


def test_what_does_not_fit_any_more_can_not_be_taken_away(clinic: Path) -> None:
    kept(clinic, "interaction-groups", f"house\tdrug:metformin\t{SAID}\n")
    kept(clinic, "interactions", HOUSE.replace("drug:metformin", "group:house"))
    with pytest.raises(InvalidInput, match="group:house"):
        removable(table("interaction-groups"))
    with pytest.raises(InvalidInput, match="group:"):
        kept(clinic, "interaction-groups", f"other\tdrug:metformin\t{SAID}\n", "replace")


@pytest.mark.parametrize(("text", "told"), [
    (b"\xff\xfea\t", "line 1: is not text in UTF-8"), (b"# a\nx\0y\tz\n", "line 2: holds a NUL"),
])  # fmt: skip
def test_no_text_is_no_table(clinic: Path, text: bytes, told: str) -> None:
    (clinic / "own.tsv").write_bytes(text)
    with pytest.raises(InvalidInput, match=told), staged(table("limits"), [clinic / "own.tsv"]):
        pass


def test_line_ends_and_marks_of_other_systems_do_not_matter(clinic: Path) -> None:
    text = (HEAD + HOUSE).replace("\n", "\r\n")
    (clinic / "own.tsv").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"   \r\n")
    with staged(table("interactions"), [clinic / "own.tsv"]) as ready:
        put(ready)
    assert pairs() == ["house:warfarin-metformin"]


def test_what_is_shipped_with_the_console_only_stays_so(clinic: Path) -> None:
    for kind in ("controlled", "preventive", "words-drugs"):
        with pytest.raises(InvalidInput, match="can't be changed"):
            kept(clinic, kind, "a\tb\n")
    with pytest.raises(InvalidInput, match="--add"):
        kept(clinic, "diagnosis-codes", "I10\tx\ty\n", "replace")


def test_a_folder_and_several_files_are_one_table(clinic: Path) -> None:
    folder = clinic / "tables"
    folder.mkdir()
    with pytest.raises(InvalidInput, match="holds no"), staged(table("interactions"), [folder]):
        pass
    (folder / "a.tsv").write_text(HEAD + HOUSE)
    (folder / "b.tsv").write_text(HOUSE.replace("house:", "home:"))
    with staged(table("interactions"), [folder]) as ready:
        assert ready.changes.added == ("house:warfarin-metformin", "home:warfarin-metformin")
    with pytest.raises(InvalidInput, match="Two files"), staged(table("interactions"), [folder, folder / "a.tsv"]):
        pass


def test_an_import_that_was_damaged_says_what_to_do(clinic: Path) -> None:
    kept(clinic, "interactions", HOUSE)
    own = installed("interactions")
    assert own
    for path in own.iterdir():
        path.unlink()
    with pytest.raises(InvalidInput, match="fabric knowledge remove interactions"):
        manifest(own)
    removable(table("interactions"))
    remove(table("interactions"))
    assert pairs() == []


def killed_at(moment: int, work: Callable[[], None]) -> int:
    """A child process ends without a word at the first, second, … time that it reaches for the disk; its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(60)  # of a fork among threads nobody can be sure
    count = iter(range(1, 1000))

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        return lambda *given: os._exit(9) if next(count) == moment else real(*given)

    os.fsync, Path.replace, Path.rename = dying(os.fsync), dying(Path.replace), dying(Path.rename)  # type: ignore[method-assign]
    work()
    os._exit(0)


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(clinic: Path) -> None:
    kept(clinic, "interactions", HOUSE)
    outcomes, done, moment = [], 9, 0
    while done:
        moment += 1
        done = killed_at(moment, lambda: kept(clinic, "interactions", HOUSE.replace("house:", "home:")))
        outcomes.append(pairs())
        if done:
            kept(clinic, "interactions", HOUSE)
            assert pairs() == ["house:warfarin-metformin"]
            assert not list(importing.root("interactions").glob(".new-*"))
    assert outcomes[-1] == ["home:warfarin-metformin"] and len(outcomes) > 6
    assert all(o in (["house:warfarin-metformin"], ["home:warfarin-metformin"]) for o in outcomes)


def test_the_import_before_stays_readable_and_older_ones_go(clinic: Path) -> None:
    for name in ("one", "two", "three"):
        kept(clinic, "interactions", HOUSE.replace("house:", f"{name}:"))
    folders = [p for p in importing.root("interactions").iterdir() if p.is_dir()]
    assert len(folders) == 2 and installed("interactions") in folders


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=11), max_size=6))
def test_whatever_is_written_is_told_or_taken(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """No content makes anything but InvalidInput."""
    made = table("limits")
    text = "\n".join("\t".join(cells) for cells in rows)
    try:
        problems = list(importing._problems(made, "x", text, {}))
    except InvalidInput:
        return
    assert all(p.startswith("x, line ") for p in problems)


def test_what_changes_is_counted(clinic: Path) -> None:
    made = table("limits")
    assert changes(made, None, None).total == len(list(shipped_entries(made)))
    kept(clinic, "limits", f"lab:potassium\t18\t\t\t3.0\t5.9\tmmol/L\tcritical\t{SAID}\n", "replace")
    told = changes(made, None, installed("limits"))
    assert (told.added, told.changed, told.total) == ((), ("lab:potassium 18 critical",), 1)
    assert len(told.dropped) == len(list(shipped_entries(made))) - 1
