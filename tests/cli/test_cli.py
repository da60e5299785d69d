"""The `fabric` command as a person uses it: what it prints, its exit status, and errors in one line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from services.accounts.service import Accounts
from services.cli import main
from services.errors import Unauthorized
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.settings import settings
from tests.conftest import PASSWORD, observation, patient, small_chart
from tests.fhir.documents import samples

Fabric = Callable[..., CompletedProcess[str]]


def failed(done: CompletedProcess[str], status: int = 1) -> str:
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.fixture
def data(tmp_path: Path) -> Callable[[], Database]:
    return lambda: Database(tmp_path / "data" / "record.sqlite")


@pytest.fixture
def within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fabric:
    """As `fabric`, but without a process of its own, for the many small failures."""

    def run(*arguments: object, stdin: str = "", env: dict[str, str] | None = None) -> CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in {
                "FABRIC_DATA_DIR": str(tmp_path / "data"),
                "FABRIC_DEMO": "0",
                **(env or {}),
            }.items():
                patched.setenv(name, value)
            patched.setattr("sys.argv", ["fabric", *map(str, arguments)])
            patched.setattr("sys.stdin", io.StringIO(stdin))
            settings.cache_clear()
            capsys.readouterr()
            status = 0
            try:
                main()
            except SystemExit as stop:
                status = int(stop.code or 0)
            finally:
                settings.cache_clear()
        return CompletedProcess([], status, *capsys.readouterr())

    return run


def test_import_reports_embeds_and_a_second_time_finds_nothing_new(fabric: Fabric, tmp_path: Path) -> None:
    (tmp_path / "chart.ndjson").write_text("".join(json.dumps(r) + "\n" for r in small_chart()))
    done = fabric("import", tmp_path / "chart.ndjson")
    assert done.returncode == 0, done.stderr
    assert "5 stored, 0 unchanged, 0 refused, from 1 files" in done.stdout
    assert "passages embedded" in done.stdout
    again = fabric("import", tmp_path / "chart.ndjson", "--json")
    report = json.loads(again.stdout)
    assert (again.returncode, report["created"], report["refused"]) == (0, {}, 0)
    assert report["unchanged"] == {"Patient": 2, "Condition": 2, "Observation": 1}


def test_import_names_what_it_refuses_and_fails_where_nothing_was_good(
    fabric: Fabric, tmp_path: Path
) -> None:
    bad = {"resourceType": "Patient", "id": "bad", "birthDate": "never"}
    (tmp_path / "mixed.json").write_text(json.dumps([patient("good"), bad]))
    mixed = fabric("import", tmp_path / "mixed.json", "--json")
    assert mixed.returncode == 0
    problem = json.loads(mixed.stdout)["problems"][0]
    assert (problem["where"], problem["what"]) == ("mixed.json, entry 2", "Patient/bad")
    assert "Patient.birthDate" in problem["reason"]
    (tmp_path / "bad.json").write_text(json.dumps([bad]))
    done = fabric("import", tmp_path / "bad.json")
    assert done.returncode == 1
    assert "refused: bad.json, entry 1: Patient/bad: Patient.birthDate" in done.stderr
    assert "Traceback" not in done.stderr


def test_documents_are_looked_at_then_imported(fabric: Fabric, tmp_path: Path) -> None:
    (tmp_path / "summary.xml").write_bytes(samples.document())
    (tmp_path / "call.txt").write_text("Telephone call. Reports palpitations.")
    looked = json.loads(fabric("import", tmp_path / "summary.xml", "--preview", "--json").stdout)
    assert (looked[0]["kind"], looked[0]["patient"]) == ("cda", "Odalys Brenninkmeyer, born 1958-03-17")
    done = fabric("import", tmp_path / "summary.xml", tmp_path / "call.txt", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["created"]["Patient"], report["refused"]) == (0, 1, 1)
    assert "choose the patient" in report["problems"][0]["reason"] and report["keptAsText"]
    patient_id = "a91734e5-f58d-5fc3-9b55-20a5de92b7f6"
    assert "2 stored" in fabric("import", tmp_path / "call.txt", "--patient", patient_id, "--type", "11506-3").stdout
    wrong = fabric("import", tmp_path / "call.txt", "--patient", patient_id, "--type", "1-1")
    assert wrong.returncode == 1 and "must be one of" in wrong.stderr and "Traceback" not in wrong.stderr


def test_export_then_import_gives_the_same_record(fabric: Fabric, tmp_path: Path) -> None:
    with_marks = observation("o2", note=[{"text": "Ünïcode – × µ"}], valueQuantity={"value": 1e-7})
    (tmp_path / "in.json").write_text(json.dumps([*small_chart(), with_marks]))
    assert fabric("import", tmp_path / "in.json").returncode == 0
    out = tmp_path / "out.ndjson"
    done = fabric("export", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert "6 resources written." in done.stderr
    assert out.stat().st_mode & 0o077 == 0
    other = {"FABRIC_DATA_DIR": str(tmp_path / "other")}
    assert fabric("import", out, env=other).returncode == 0

    def content(folder: str) -> dict[str, Any]:
        repository = SQLiteRepository(Database(tmp_path / folder / "record.sqlite"))
        return {
            s.reference: {k: v for k, v in s.resource.items() if k != "meta"} for s in repository.everything()
        }

    assert content("data") == content("other")
    clinical = {k for k in content("data") if not k.startswith(("Bot/", "Project"))}
    assert len(clinical) == 6
    only = fabric("export", "-", "--type", "Observation")
    assert [json.loads(line)["id"] for line in only.stdout.splitlines()] == ["o1", "o2"]


def test_people_are_added_listed_and_disabled(
    fabric: Fabric, within: Fabric, data: Callable[[], Database]
) -> None:
    done = fabric(
        "user",
        "add",
        "Ann@Clinic.test",
        "--role",
        "clinician",
        "--name",
        "Ann",
        "--password-stdin",
        stdin=PASSWORD + "\n",
    )
    assert (done.returncode, done.stdout.strip()) == (0, "ann@clinic.test may sign in as clinician.")
    assert Accounts(data()).check_password("ann@clinic.test", PASSWORD).name == "Ann"
    listed = within("user", "list").stdout
    assert "ann@clinic.test" in listed
    assert "active" in listed
    assert PASSWORD not in listed
    assert within("user", "disable", "ann@clinic.test").returncode == 0
    assert "disabled" in within("user", "list").stdout
    with pytest.raises(Unauthorized):
        Accounts(data()).check_password("ann@clinic.test", PASSWORD)


def test_a_client_is_printed_once_as_json_and_works(
    fabric: Fabric, within: Fabric, data: Callable[[], Database]
) -> None:
    done = fabric("client", "add", "Lab feed", "--role", "read-only")
    made = json.loads(done.stdout)
    assert set(made) == {"id", "secret"}
    assert Accounts(data()).check_client(made["id"], made["secret"]).role == "read-only"
    listed = within("client", "list").stdout
    assert made["id"] in listed
    assert made["secret"] not in listed
    assert within("client", "disable", made["id"]).returncode == 0
    with pytest.raises(Unauthorized):
        Accounts(data()).check_client(made["id"], made["secret"])


def test_errors_are_one_line_and_no_traceback(within: Fabric, tmp_path: Path) -> None:
    add = ("user", "add", "ann@clinic.test", "--password-stdin", "--role")
    assert "no-such-file" in failed(within("import", tmp_path / "no-such-file"))
    (tmp_path / "empty").mkdir()
    failed(within("import", tmp_path / "empty"))
    assert "roles are" in failed(within(*add, "emperor", stdin=PASSWORD))
    assert "10 characters" in failed(within(*add, "clinician", stdin="short"))
    assert within(*add, "clinician", stdin=PASSWORD).returncode == 0
    assert "already" in failed(within(*add, "clinician", stdin=PASSWORD))
    assert "nobody" in failed(within("user", "disable", "nobody@clinic.test"))
    assert "Nonsense" in failed(within("export", tmp_path / "x", "--type", "Nonsense"))
    failed(within("export", tmp_path))
    failed(within("export", tmp_path / "no" / "folder" / "x"))
    assert "FABRIC_TIMEZONE" in failed(within("user", "list", env={"FABRIC_TIMEZONE": "Mars/Olympus"}))
    (tmp_path / "file").write_text("")
    assert "FABRIC_DATA_DIR" in failed(
        within("user", "list", env={"FABRIC_DATA_DIR": str(tmp_path / "file" / "x")})
    )


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("import",), ("user", "add", "a@b"), ("--nonsense",), ("import", "--nonsense")],
)
def test_wrong_usage_is_status_two(within: Fabric, arguments: tuple[str, ...]) -> None:
    done = within(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_help_is_no_error(fabric: Fabric) -> None:
    done = fabric("--help")
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("serve", "import", "export", "user", "client", "doctor"))


def test_an_expected_failure_of_the_process_is_one_line_and_status_one(
    fabric: Fabric, tmp_path: Path
) -> None:
    assert "no-such-file" in failed(fabric("import", tmp_path / "no-such-file"))


def test_doctor_says_what_is_wrong_and_fails(fabric: Fabric, within: Fabric, tmp_path: Path) -> None:
    done = fabric("doctor")
    assert done.returncode == 1
    assert "fabric user add" in done.stdout
    assert (
        within(
            "user", "add", "a@clinic.test", "--role", "administrator", "--password-stdin", stdin=PASSWORD
        ).returncode
        == 0
    )
    healthy = fabric("doctor")
    assert healthy.returncode == 0, healthy.stdout
    assert "WRONG" not in healthy.stdout
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "record.sqlite").write_bytes(b"no database" * 1000)
    (tmp_path / "file").write_text("")
    for changed in ({"FABRIC_DATA_DIR": str(tmp_path / "broken")}, {"FABRIC_DATA_DIR": str(tmp_path / "file/x")},
                    {"FABRIC_TIMEZONE": "Mars"}):  # fmt: skip
        wrong = within("doctor", env=changed)
        assert wrong.returncode == 1
        assert "WRONG" in wrong.stdout
        assert "Traceback" not in wrong.stderr
