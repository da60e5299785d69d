"""Broken, hostile and odd XML: refused with a sentence, never half read, never an error of ours."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.fhir.importing.cda import tree
from services.fhir.importing.cda.converting import Converted, convert
from services.fhir.importing.cda.header import open_document
from services.fhir.validation import validate
from tests.fhir.documents import samples as s

WHOLE = s.document()


def read(source: bytes) -> Converted:
    return convert(open_document(source), source, "p1")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument xmlns="urn:hl7-org:v3">&b;</ClinicalDocument>', "DOCTYPE"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><ClinicalDocument xmlns="urn:hl7-org:v3"/>', "DOCTYPE"),
        (b"<a>" * 200 + b"</a>" * 200, "nested more deeply"),
        (WHOLE[:5000], "broken in line"),
        (WHOLE.replace(b"UTF-8", b"no-such-charset"), "characters that can't be read|broken in line"),
        (b"<ClinicalDocument xmlns='http://other'/>", "no C-CDA document"),
        (b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>", "has no id"),
        (WHOLE.replace(s.PATIENT.encode(), b""), "names no patient"),
        (WHOLE.replace(s.PATIENT.encode(), (s.PATIENT * 2).encode()), "several patients"),
        (WHOLE.replace(b'birthTime value="19580317"', b'birthTime value="19581317"'), "Who the patient is can't be read"),
    ],
)  # fmt: skip
def test_refused_with_a_sentence(source: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read(source)
    assert re.search(said, error.value.message)


def test_too_large_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_BYTES", 1 << 20)
    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        read(b" " * ((1 << 20) + 1))


def test_other_encodings_are_read() -> None:
    patient = s.PATIENT.replace("Odalys", "Åsa")
    for charset in ("utf-8", "iso-8859-1", "utf-16"):
        source = s.document(patient=patient).decode().replace("UTF-8", charset).encode(charset)
        assert open_document(source).patient["name"][0]["given"] == ["Åsa"]


TAGS = sorted(set(re.findall(rb"<([A-Za-z]+)", WHOLE)))
VALUES = sorted(set(re.findall(rb'="([^"]*)"', WHOLE)))
ODD = [b"", b"0", b"-1", b"1e400", b"NaN", b"20240230", b"9" * 40, b"nul\xef\xbf\xbdl", b"active", b"EVN", b"PQ", b"ED", b"IVL_PQ", b"XX", b"true"]


@settings(max_examples=80)
@given(st.data())
def test_whatever_is_changed_in_a_document_the_rest_is_valid_or_it_is_refused(data: st.DataObject) -> None:
    source = WHOLE
    for _ in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(["value", "drop", "null", "tag", "cut"]))
        found = list(re.finditer(rb'="[^"]*"', source)) if kind == "value" else list(re.finditer(rb'<[a-zA-Z]+ [^<>]*/>|<(\w+)>[^<]*</\1>', source))
        if not found:
            continue
        place = data.draw(st.sampled_from(found))
        before, after = source[: place.start()], source[place.end() :]
        if kind == "value":
            source = before + b'="' + data.draw(st.sampled_from(ODD + VALUES)) + b'"' + after
        elif kind == "drop":
            source = before + after
        elif kind == "null":
            source = before + re.sub(rb"^<(\w+).*", rb'<\1 nullFlavor="UNK"/>', place[0], flags=re.DOTALL) + after
        elif kind == "tag":
            source = before + re.sub(rb"^<\w+", b"<" + data.draw(st.sampled_from(TAGS)), place[0]) + after
        else:
            source = source[: place.start()]
    try:
        made = read(source)
    except InvalidInput as error:
        assert error.message.endswith((".", "?"))
        return
    for resource in made.resources:
        validate(resource)
    assert len({(r["resourceType"], r["id"]) for r in made.resources}) == len(made.resources)


@settings(max_examples=150)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: b"<ClinicalDocument>" + t.encode("utf-8", "replace") + b"</ClinicalDocument>"))
def test_any_bytes_are_refused_and_nothing_breaks(source: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(source)
