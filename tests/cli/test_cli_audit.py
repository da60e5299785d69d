"""`fabric audit …` as it is typed: a trail proved, held elsewhere, tampered with, and exported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.audit.checkpoints import Signer, VerifierKey
from services.errors import InvalidInput
from services.runtime.system import System
from services.settings import Settings

Fabric = Callable[..., Any]


@pytest.fixture
def events(tmp_path: Path) -> list[str]:
    """The ids of events of a data folder that no process has open."""
    system = System(Settings(data_dir=tmp_path / "data", demo=False, embedding_threads=1))  # pyright: ignore[reportCallIssue]
    ids = [
        system.audit.write("rag_query" if n % 2 else "error", patient_id=f"p{n % 3}", agent="Practitioner/a")
        for n in range(9)
    ]
    system.stop()
    return ids


def test_a_trail_is_signed_proved_and_found_wrong(fabric: Fabric, tmp_path: Path, events: list[str]) -> None:
    held, hashes = tmp_path / "held.checkpoint", tmp_path / "held.hashes"
    done = fabric("audit", "checkpoint", "--out", held, "--hashes", hashes)
    assert done.returncode == 0, done.stderr
    assert held.read_text().split("\n")[1] == "9" and hashes.stat().st_size == 9 * 32
    assert (tmp_path / "data" / "audit.key").stat().st_mode & 0o777 == 0o600
    key = fabric("audit", "checkpoint", "--key").stdout.strip()
    good = fabric("audit", "verify", "--checkpoint", held, "--hashes", hashes, "--key", key)
    assert (good.returncode, good.stdout.strip()) == (
        0, "All 9 entries are as they were written, and hold what 1 checkpoint signed.")  # fmt: skip
    connection = sqlite3.connect(tmp_path / "data" / "record.sqlite", isolation_level=None)
    connection.execute(
        "UPDATE resource SET body=replace(body, 'Practitioner/a', 'Practitioner/b') WHERE id=?", (events[4],)
    )
    connection.close()
    wrong = fabric("audit", "verify")
    assert wrong.returncode == 1 and f"entry 4 (AuditEvent/{events[4]})" in wrong.stderr
    told = fabric("audit", "verify", "--json")
    assert told.returncode == 1 and json.loads(told.stdout)["ok"] is False


def test_a_roll_back_is_found_by_what_was_held(fabric: Fabric, tmp_path: Path, events: list[str]) -> None:
    held = tmp_path / "held.checkpoint"
    record = tmp_path / "data" / "record.sqlite"
    with sqlite3.connect(record) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    old = record.read_bytes()
    system = System(Settings(data_dir=tmp_path / "data", demo=False, embedding_threads=1))  # pyright: ignore[reportCallIssue]
    system.audit.write("error")
    held.write_text(Signer(system.settings.audit_key_file).sign(*system.ledger.head()))
    system.stop()
    for file in record.parent.glob("record.sqlite*"):
        file.unlink()
    record.write_bytes(old)
    assert fabric("audit", "verify").returncode == 0
    found = fabric("audit", "verify", "--checkpoint", held)
    assert found.returncode == 1 and "entry 9" in found.stderr and "10 entries" in found.stderr


def test_export(fabric: Fabric, events: list[str]) -> None:
    def exported(*arguments: str) -> list[str]:
        done = fabric("audit", "export", *arguments)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["id"] for line in done.stdout.splitlines()]

    assert exported() == events
    assert exported("--type", "error", "--patient", "p0") == [events[0], events[6]]
    assert exported("--since", "2199-01-01") == []
    assert exported("--person", "Practitioner/b") == []
    assert exported("--before", "2199-01-01T08:00Z", "--person", "Practitioner/a") == events


def test_wrong_things_are_one_sentence(fabric: Fabric, tmp_path: Path, events: list[str]) -> None:
    note = tmp_path / "x.checkpoint"
    note.write_text("not a checkpoint")
    strange = tmp_path / "strange.checkpoint"
    strange.write_text(Signer(tmp_path / "other.key").sign(3, bytes(32)))
    for arguments in (
        ("verify", "--checkpoint", note), ("verify", "--checkpoint", strange), ("verify", "--checkpoint", tmp_path / "no"),
        ("verify", "--key", "nonsense+1+2"), ("verify", "--hashes", tmp_path / "no"), ("export", "--type", "nothing"),
        ("export", "--since", "yesterday"),
    ):  # fmt: skip
        done = fabric("audit", *arguments)
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr, (
            arguments, done.stderr)  # fmt: skip


def test_a_checkpoint_is_a_signed_note(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "audit.key")
    note, key = signer.sign(7, b"r" * 32), signer.key()
    assert VerifierKey.parse(str(key)) == key
    opened = key.open(note)
    assert (opened.origin, opened.size, opened.root) == (key.name, 7, b"r" * 32)
    cosigned = note + "— witness.example/x AAAAAAAA\n"
    assert key.open(cosigned) == opened
    for wrong in (
        note.replace("\n7\n", "\n8\n"),
        note.replace("\n7\n", "\n07\n"),
        note.replace("— ", "- "),
        note[:-8],
        "",
        "\n\n",
    ):
        with pytest.raises(InvalidInput):
            key.open(wrong)
    for wrong in ("", "a+b", f"x{key}", str(key)[:-4], str(key).replace(key.id.hex(), "00000000")):
        with pytest.raises(InvalidInput):
            VerifierKey.parse(wrong)


def test_known_signed_note() -> None:
    """The example in the documentation of Go's sumdb/note, whose form c2sp.org/signed-note describes."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert key._signed(text, line)
    assert not key._signed(text + b"\n", line)
