"""Import on the page: what is chosen on the way to the button is looked at before anything is written."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from services.runtime.system import System
from tests.pages.conftest import OPEN, said

TEXT = b"Seen in the outpatient clinic. The knee is better.\n"


def until(test: AppTest, words: str) -> AppTest:
    """The page looks at files, and imports them, in the background."""
    for _ in range(100):
        if words in said(test.run()):
            return test
        time.sleep(0.05)
    raise AssertionError(f"{words} did not come: {said(test)[-800:]}")


def press(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label.startswith(label)).click().run()


@pytest.mark.parametrize("at_once", [True, False])
def test_what_was_chosen_last_is_looked_at_first(open_page: OPEN, world: System, at_once: bool) -> None:
    def letters() -> list[str]:
        found = world.repository.search("DocumentReference", [("patient", "Patient/okonkwo"), ("_count", "50")]).matches
        return [d.resource["type"]["text"] for d in found if d.resource.get("description") == name]

    name = f"letter-{at_once}.txt"
    test = open_page("import_data")
    test.file_uploader[0].upload(name, TEXT + name.encode(), "text/plain").run()
    until(test, "To be chosen below")
    next(t for t in test.text_input if t.label == "Patient").set_value("okonkwo").run()
    press(test, "OKONKWO")
    until(test, "OKONKWO, Samuel")
    kind = next(s for s in test.selectbox if s.label.startswith("What"))
    kind.set_value("18842-5")
    if not at_once:
        test.run()
        until(test, "OKONKWO, Samuel")
    press(test, "Import")
    if at_once:
        assert "Nothing was imported" in said(test) and letters() == []
        press(test, "Import")
    until(test, "stored")
    assert letters() == ["Discharge summary"]
