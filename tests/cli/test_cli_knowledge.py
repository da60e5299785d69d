"""`fabric knowledge …` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

HEAD = "# Source: P&T committee\n# Version: 2026-05\n"
ROW = "house:warfarin-metformin\tdrug:warfarin\tdrug:metformin\tmajor\tHouse rule.\tAvoid.\t\tP&T committee 2026-05-04\n"


def test_a_table_is_listed_imported_shown_and_removed(fabric: Callable, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(HEAD + ROW, encoding="utf-8")
    taken = fabric("knowledge", "import", "interactions", own)
    assert taken.returncode == 0 and "1 added: house:warfarin-metformin" in taken.stdout
    [told] = [t for t in json.loads(fabric("knowledge", "list", "--json").stdout) if t["kind"] == "interactions"]
    assert told["version"] == "2026-05 over 2026-11" and told["imported"]["by"] and told["imported"]["at"]
    assert told["entries"] > 1 and told["source"] == "P&T committee"
    shown = fabric("knowledge", "show", "interactions", "house:warfarin-metformin").stdout
    assert "source: P&T committee 2026-05-04" in shown and "version 2026-05" in shown
    events = [json.loads(line) for line in fabric("audit", "export", "--type", "command_executed").stdout.splitlines()]
    details = {d["type"]: d["valueString"] for d in events[-1]["entity"][0]["detail"]}
    assert details["table"] == "interactions" and details["added"] == "1" and details["operator"]
    assert events[-1]["action"] == "C"
    removed = fabric("knowledge", "remove", "interactions")
    assert removed.returncode == 0 and "1 dropped: house:warfarin-metformin" in removed.stdout
    checked = fabric("knowledge", "import", "interactions", own, "--check")
    assert "1 added: house:warfarin-metformin" in checked.stdout and "nothing was imported" in checked.stdout


def test_mistakes_are_told_line_by_line(fabric: Callable, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(HEAD + ROW.replace("major", "grave").replace("drug:metformin", "drug:metformine"), encoding="utf-8")
    refused = fabric("knowledge", "import", "interactions", own)
    assert refused.returncode == 1 and "Nothing was imported." in refused.stderr and "Traceback" not in refused.stderr
    assert "own.tsv, line 3, column 4 (severity)" in refused.stderr and "did you mean drug:metformin?" in refused.stderr
    for arguments, told in (
        (("import", "nothing", own), "There is no table 'nothing'"),
        (("import", "limits", tmp_path / "gone.tsv"), "There is no file"),
        (("import", "interactions", own, "--add", "--replace"), "not both"),
        (("remove", "limits"), "nothing to remove"),
    ):
        refused = fabric("knowledge", *arguments)
        assert refused.returncode == 1 and told in refused.stderr
