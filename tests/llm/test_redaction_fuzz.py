"""No identifier of any record leaves, whatever its shape; and what left comes back, letter by letter."""

from __future__ import annotations

import functools
import json
import re
import socketserver
import threading
import unicodedata
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import carebundle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.demo import cohort, generate, patients
from services.demo.staff import shared_resources
from services.index.text.rendering import render
from services.llm.client import Call, RouterClient
from services.llm.redaction import Redactor, Restorer
from services.llm.redaction_words import ORDINARY
from tests.llm.faults import chat

Json = dict[str, Any]
PERSON: Json = {
    "resourceType": "Patient",
    "id": "pt-4471-x",
    "name": [{"family": "Lindqvist-Moreau", "given": ["Åsta", "Zoë"]}],
    "birthDate": "1971-11-05",
    "identifier": [{"value": "HX-440-9921"}],
    "telecom": [{"system": "phone", "value": "+46 8 555 123 99"}, {"system": "email", "value": "asta@mail.example"}],
    "address": [{"line": ["7 Birch Lane"], "city": "Norrtälje", "postalCode": "76130"}],
}  # fmt: skip
FRAGMENTS = st.sampled_from(
    [
        "Åsta", "Lindqvist", "asta zoe lindqvist", "Moreau, Å.", "1971-11-05", "5 Nov 1971", "2024-02-03", "03/25/2023",
        "25/03/2023", "May 2024", "4 May", "HX4409921", "08-555 123 99", "[PATIENT]", "[", "]", "[ID_1/2]", "[DATE_", "/2]",
        "Dr. ", "her son ", "Tom", "Smith", "MRN: ", "99812", "7 birch lane", "\n", "  ", "\u200b", "\u0301", "ß", "İ", "ﬁ",
        "10.0.0.1", "x@y.example", "https://a.example/b", "pain", "5.9 mmol/L", ", ", ". ", "-", "12", "/", "2023",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=6)), max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from([0, -400, 17, 366]), st.integers(1, 9))
def test_what_was_taken_out_comes_back(text: str, shift: int, size: int) -> None:
    redactor = Redactor.from_resources([PERSON], shift_days=shift)
    sent = redactor.redact(text)
    assert redactor.redact(text) == sent
    assert redactor.restore(sent) == text
    restorer = Restorer(redactor)
    pieces = [restorer.feed(sent[at : at + size]) for at in range(0, len(sent), size)]
    assert "".join(pieces) + restorer.flush() == text


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["Åsta", "ASTA", "asta", "A\u030asta", "Zoë", "Z.", "Å"]), max_size=3),
    st.sampled_from(["Lindqvist", "LINDQVIST", "Lind\u200bqvist", "Ｌｉｎｄｑｖｉｓｔ", "lindqvist‑moreau", "Lindqvist Moreau"]),
    st.sampled_from([" ", "  ", "\n", ", ", "\t", "\u00a0", " \u200d"]),
    st.sampled_from(["", "'s", "’s", ".", ":", "?"]),
    st.sampled_from(["Seen with ", "(", "\"", "re:", "pt_", ""]),
)  # fmt: skip
def test_a_name_does_not_leave_in_any_dress(
    given_names: list[str], family: str, blank: str, after: str, before: str
) -> None:
    sent = Redactor.from_resources([PERSON]).redact(
        f"{before}{blank.join([*given_names, family])}{after} K 4.1"
    )
    assert "lindqvist" not in plain(sent)
    assert "moreau" not in plain(sent)
    assert not re.search(r"\b(asta|zoe)\b", plain(sent))
    assert sent.endswith(" K 4.1")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["46855512399", "0046855512399", "0855512399", "855512399"]),
    st.lists(st.sampled_from(["", " ", "-", ".", "/", ") ", " (", "\u2011"]), min_size=13, max_size=13),
    st.sampled_from(["", "+", "tel ", "("]),
)
def test_a_telephone_number_does_not_leave_in_any_grouping(
    digits: str, marks: list[str], before: str
) -> None:
    written = "".join(digit + mark for digit, mark in zip(digits, marks, strict=False)).strip()
    sent = Redactor.from_resources([PERSON]).redact(f"reach her: {before}{written}; K 4.1")
    assert "[PHONE_1" in sent
    assert "4.1" in sent
    assert "55512399" not in re.sub(r"\D", "", sent)


class Recorder(socketserver.ThreadingTCPServer):
    """Keeps every byte that arrives and answers a chat."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Talk)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Talk(socketserver.StreamRequestHandler):
    server: Recorder

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = self.rfile.read(int(size[1])) if size else b""
        self.server.arrived.append(head + body)
        answer = json.dumps(chat("[PATIENT] is well.")).encode()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n" % len(answer) + answer
        )


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.shutdown()
    server.server_close()


def subject(resource: Json) -> str:
    found = re.search(r'"Patient/([^"]+)"', json.dumps(resource))
    return resource["id"] if resource["resourceType"] == "Patient" else found[1] if found else ""


def records() -> Iterator[list[Json]]:
    """The demo patients, made-up ones and foreign ones, each with what its record refers to."""
    made_up = [resource for resources in generate(12, seed=5) for resource in resources]
    for resources in (cohort(), [*shared_resources(), *made_up]):
        by_patient = {key: list(group) for key, group in groupby(sorted(resources, key=subject), key=subject)}
        shared = by_patient.pop("", [])
        yield from ([*shared, *own] for own in by_patient.values())
    for number, profile in enumerate(carebundle.PROFILES):
        bundle = json.loads(carebundle.to_json(carebundle.generate_bundle(profile=profile, seed=number)))
        yield [entry["resource"] for entry in bundle["entry"]]


def text_of(resources: list[Json]) -> str:
    """Everything that the record says, as it is indexed, and its people and numbers as JSON."""
    rendered = [found for resource in resources if (found := render(resource))]
    raw = [
        r
        for r in resources
        if r["resourceType"] in ("Patient", "Coverage", "Practitioner", "Encounter", "Claim")
    ]
    return "\n\n".join((*(chunk.text for one in rendered for chunk in one.chunks), json.dumps(raw[:40], ensure_ascii=False)))  # fmt: skip


def strings(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from strings(value, f"{key}.{name}")
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, key)
    elif isinstance(node, str):
        yield key, node


INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")


@functools.lru_cache(10_000)
def plain(text: str) -> str:
    """Another folding than the one under test."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKD", text).lower())


def leaks(resources: list[Json], sent: str) -> list[str]:
    """The record's identifiers that can be read in what was sent."""
    low = plain(sent)
    words, digits = set(re.findall(r"[^\W\d_]+", low)), set(re.findall(r"\d+", re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", low)))  # fmt: skip
    found = []
    for resource in resources:
        person = resource["resourceType"] in ("Patient", "Practitioner", "RelatedPerson")
        for key, value in strings(resource):
            if person and key in (".name.family", ".name.given"):
                parts = [part for part in re.findall(r"[^\W\d_]{3,}", plain(value)) if part not in ORDINARY]
                found += [part for part in parts if part in words]
            elif (key.endswith("identifier.value") and len(value) > 4) or key == ".id":
                found += [value] if plain(value) in low else []
            elif key.endswith("telecom.value"):
                bare = re.sub(r"\D", "", value)
                found += [value] if plain(value) in low or ("@" not in value and bare in digits) else []
            elif key == ".birthDate" and person:
                year, month, day = value.split("-")
                forms = (value, f"{day}/{month}/{year}", f"{month}/{day}/{year}", f"{day}.{month}.{year}", year + month + day)  # fmt: skip
                found += [form for form in forms if form in low]
            elif person and key in (".address.line", ".address.city"):
                found += [value] if plain(value) in low else []
    return found


def test_no_identifier_of_any_record_reaches_a_router_outside(
    recorder: Recorder, client_of: Callable[..., RouterClient]
) -> None:
    client = client_of(recorder.url, llm_user_requests_per_minute=0, llm_timeout_seconds=60)
    seen = 0
    for resources in records():
        redactor = Redactor.from_resources(resources)
        text = text_of(resources)
        messages = redactor.redact_messages([{"role": "user", "content": text}])
        patient = next(r for r in resources if r["resourceType"] == "Patient")
        answer = client.chat(messages, task="documentation", call=Call(patient_id=patient.get("id", "none")))
        assert leaks(resources, recorder.arrived[-1].decode()) == []
        assert redactor.restore(messages[0]["content"]) == text
        name = next((" ".join((*n["given"], n["family"])) for n in patient.get("name", ())), "[PATIENT]")
        assert redactor.restore(answer.text) == f"{name} is well."
        seen += bool(leaks(resources, text))
    assert len(recorder.arrived) == len(patients()) + 12 + len(carebundle.PROFILES)
    assert seen >= len(patients()) + 12  # the check itself finds what was there before


def test_results_dates_and_drugs_of_a_record_go_through() -> None:
    resources = next(records())
    text = text_of(resources)
    sent = Redactor.from_resources(resources).redact(text)
    born = next(r["birthDate"] for r in resources if r["resourceType"] == "Patient")
    for pattern in (
        r"\d+(?:\.\d+)? ?(?:mg|mmol|mL|kg|%|mmHg)\b",
        r"\b20\d\d-\d\d-\d\d\b",
        r"\bE\d\d\.\d+",
        r"\b\d{4,5}-\d\b",
    ):
        wanted = [found for found in re.findall(pattern, text) if found != born]
        assert re.findall(pattern, sent) == wanted
