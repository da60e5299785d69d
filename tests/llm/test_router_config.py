"""The router's configuration: what a short one means, and that a mistake is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import InvalidInput
from services.llm.config import EMBEDDED, load, parse

WARD = '[upstreams.ward]\nurl = "http://127.0.0.1:8000"\nmodel = "m"\n'


def test_without_a_file_there_is_the_embedded_model() -> None:
    assert load(None).table() == {"embedding-model": [EMBEDDED], "nomic-embed-text": [EMBEDDED]}


def test_one_upstream_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "llm.toml"
    path.write_text(WARD)
    config = load(path)
    assert config.upstreams["ward"].url == "http://127.0.0.1:8000/v1"
    assert not config.upstreams["ward"].inside_clinic, "nothing is inside the clinic unless it says so"
    assert config.table() == {
        "clinical-model": ["ward"],
        "fast-model": ["ward"],
        "embedding-model": [EMBEDDED],
        "nomic-embed-text": [EMBEDDED],
    }


def test_aliases_stand_in_for_their_sisters() -> None:
    upstream = {"url": "http://127.0.0.1:8000/openai/", "model": "m"}
    config = parse(
        {
            "upstreams": {"a": upstream, "b": upstream, "e": {**upstream, "kind": "embedding"}},
            "aliases": {"fast-model": ["b", "a"], "summaries": ["a"]},
        },
        "here",
    )
    assert config.upstreams["a"].url == "http://127.0.0.1:8000/openai"
    assert config.table() == {
        "fast-model": ["b", "a"],
        "summaries": ["a"],
        "clinical-model": ["b", "a"],
        "embedding-model": ["e"],
        "nomic-embed-text": ["e"],
    }


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("upstreams = = 3", "llm.toml", "is not TOML.*line 1"),
        ("[upstreams.ward]\nmodel = 'm'\n", "upstreams.ward.url", "Field required"),
        (WARD.replace("http:", "ftp:"), "upstreams.ward.url", "must be an address such as"),
        (WARD.replace("http://", "http://u:p@"), "upstreams.ward.url", "must not hold a password"),
        (WARD.replace(":8000", ":99999"), "upstreams.ward.url", "[Pp]ort"),
        (WARD.replace("127.0.0.1", "models.example"), "upstreams.ward", "must be https outside of the clinic"),
        (WARD + "wieght = 2\n", "upstreams.ward.wieght", "no such setting"),
        (WARD + "weight = -1\n", "upstreams.ward.weight", "greater than or equal to 0"),
        (WARD + "kind = 'speech'\n", "upstreams.ward.kind", "'chat' or 'embedding'"),
        (WARD + "key_env = 'ABSENT_KEY'\n", "upstreams.ward.key_env", "ABSENT_KEY holds no key"),
        (WARD + "key_env = 'sk-secret'\n", "upstreams.ward.key_env", "pattern"),
        (WARD.replace('"m"', '"m\\n"'), "upstreams.ward.model", "printable"),
        (WARD.replace("ward", "embedded"), "upstreams.embedded", "belongs to the embedded model"),
        (WARD + "[aliases]\nfast-model = ['wrad']\n", "aliases.fast-model", "no upstream 'wrad'"),
        (WARD + "[aliases]\nfast-model = []\n", "aliases.fast-model", "at least 1"),
        (WARD + "[aliases]\nembedding-model = ['ward']\n", "aliases.embedding-model", "name for embedding models"),
        (WARD + "[aliases]\nx = ['ward', 'embedded']\n", "aliases.x", "can't stand in for each other"),
        (WARD + "[tasks.billing]\nfast-model = ['ward']\n", "tasks.billing", "no such task"),
        (WARD + "[tasks.embedding]\nx = ['ward']\n", "tasks.embedding.x", "served by /v1/embeddings"),
        (WARD + "[clients]\nward = 'ABSENT_KEY'\n", "clients.ward", "ABSENT_KEY holds no key"),
        (WARD + "kind='embedding'\n[aliases]\nembedding-model=['ward', 'embedded']\n", "aliases.embedding-model",
         "must not be mixed"),
        (WARD + "kind='embedding'\n" + WARD.replace("ward", "b").replace('"m"', '"n"') + "kind='embedding'\n",
         "aliases.embedding-model", "say which one"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text: str, place: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "llm.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=says) as caught:
        load(path)
    assert place in caught.value.message
    assert str(path) in caught.value.message


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"upstreams\.a\.url.*upstreams\.b\.model"):
        parse({"upstreams": {"a": {"model": "m"}, "b": {"url": "http://127.0.0.1"}}}, "here")


@pytest.mark.parametrize(("content", "says"), [(None, "can't be read"), (b"\xff", "not UTF-8")])
def test_a_file_that_cannot_be_read(content: bytes | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "llm.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=says):
        load(path)
