"""PDFs and texts as documents of a patient, and what any file is."""

import base64
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from services.errors import InvalidInput
from services.fhir.importing import papers
from services.fhir.importing.importer import Importer, Report
from services.fhir.importing.kinds import kind_of
from services.fhir.importing.preparing import Choice
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import patient
from tests.fhir.documents import samples

MARSH = Choice(patient="p1", kind="18842-5", day="2024-02-29")


def pdf(*pages: str, password: str = "") -> bytes:
    made = FPDF()
    if password:
        made.set_encryption(owner_password=f"{password}-owner", user_password=password)
    for text in pages:
        made.add_page()
        made.set_font("helvetica", size=11)
        if text:
            made.multi_cell(0, 8, text)
    return bytes(made.output())


LETTER = pdf("Admitted with pneumonia.\nTreated with ceftriaxone.", "", "Follow-up in six weeks.")


@pytest.fixture
def take(repository: SQLiteRepository, tmp_path: Path) -> Callable[..., Report]:
    repository.update(patient("p1"), create_missing=True)

    def run(name: str, source: bytes, choice: Choice | None = None) -> Report:
        (tmp_path / name).write_bytes(source)
        return Importer(repository, repository.database).run([tmp_path / name], choice=choice)

    return run


def test_a_pdf_becomes_a_document_with_the_file_and_its_text(repository: SQLiteRepository, take: Callable[..., Report]) -> None:
    report = take("letter.pdf", LETTER, MARSH)
    assert (report.created["DocumentReference"], report.created["Binary"], report.refused) == (1, 1, 0)
    assert "1 of 3 pages have no text" in report.notes[0].reason
    made = next(s.resource for s in repository.everything(["DocumentReference"]))
    assert (made["status"], made["docStatus"], made["subject"]) == ("current", "final", {"reference": "Patient/p1"})
    assert made["type"]["coding"][0]["code"] == "18842-5"
    original, text = (c["attachment"] for c in made["content"])
    assert base64.b64decode(repository.read(*original["url"].split("/")).resource["data"]) == LETTER
    pages = base64.b64decode(text["data"]).decode().split(papers.PAGE_BREAK)
    assert len(pages) == 3 and "ceftriaxone" in pages[0] and "six weeks" in pages[2]
    assert original["creation"] == "2024-02-29"
    assert take("again.pdf", LETTER, Choice("p1", "18842-5", "2024-02-29")).updated.total() == 1  # its name, nothing else
    assert take("again.pdf", LETTER, MARSH).unchanged.total() == 2


def test_the_index_reads_the_text_once(repository: SQLiteRepository, take: Callable[..., Report]) -> None:
    from services.index.text.rendering import document_text

    take("letter.pdf", LETTER, MARSH)
    made = next(s.resource for s in repository.everything(["DocumentReference"]))
    text = document_text(made, lambda r: found.resource if (found := repository.find(r)) else None)
    assert text.count("ceftriaxone") == 1 and "\f" in text


def test_the_index_reads_a_clinical_document(repository: SQLiteRepository, take: Callable[..., Report]) -> None:
    from services.index.text.rendering import document_text

    take("summary.xml", samples.document())
    made = next(s.resource for s in repository.everything(["DocumentReference"]))
    text = document_text(made, lambda r: found.resource if (found := repository.find(r)) else None)
    assert "tingling in both feet" in text and "SGLT2" in text


def test_a_file_within_a_clinical_document_is_kept_by_itself(repository: SQLiteRepository, take: Callable[..., Report]) -> None:
    wrapped = samples.document("").decode().partition("<component>")[0] + (
        f'<component><nonXMLBody><text mediaType="application/pdf" representation="B64">{base64.b64encode(LETTER).decode()}'
        "</text></nonXMLBody></component></ClinicalDocument>"
    )
    report = take("wrapped.xml", wrapped.encode())
    assert (report.refused, report.created["Binary"]) == (0, 2)
    made = next(s.resource for s in repository.everything(["DocumentReference"]))
    inner = repository.read(*made["content"][0]["attachment"]["url"].split("/")).resource
    assert inner["contentType"] == "application/pdf" and base64.b64decode(inner["data"]) == LETTER


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (pdf("secret", password="x"), "protected by a password"),
        (pdf("", ""), "run text recognition"),
        (LETTER[:300], "broken"),
        (b"%PDF-1.7\n%%EOF", "broken"),
    ],
)
def test_pdfs_that_can_not_be_read(take: Callable[..., Report], source: bytes, said: str) -> None:
    report = take("x.pdf", source, MARSH)
    assert (report.stored, report.refused) == (0, 1) and said in report.problems[0].reason


def test_pdfs_that_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="cancelled"):
        papers.read_pdf(LETTER, lambda: True)
    monkeypatch.setattr(papers, "MOST_CHARS", 10)
    with pytest.raises(InvalidInput, match="more than 10 characters"):
        papers.read_pdf(LETTER)
    monkeypatch.setattr(papers, "MOST_PAGES", 2)
    with pytest.raises(InvalidInput, match="3 pages; at most 2"):
        papers.read_pdf(LETTER)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts(repository: SQLiteRepository, take: Callable[..., Report], charset: str) -> None:
    report = take("note.txt", "Telephone call.\r\nTemp 39 °C.".encode(charset), MARSH)
    assert report.refused == 0
    made = next(s.resource for s in repository.everything(["DocumentReference"]))
    assert base64.b64decode(made["content"][1]["attachment"]["data"]).decode() == "Telephone call.\nTemp 39 °C."


def test_without_a_patient_a_paper_is_refused(take: Callable[..., Report]) -> None:
    assert "choose the patient" in take("note.txt", b"Telephone call.").problems[0].reason
    assert "no patient with the id" in take("note.txt", b"Telephone call.", Choice("nobody")).problems[0].reason


@pytest.mark.parametrize(("kind", "day"), [("1234-5", ""), ("34133-9", "yesterday"), ("34133-9", "2999-01-01"), ("34133-9", "20240301")])
def test_choices_that_there_are_not(kind: str, day: str) -> None:
    with pytest.raises(InvalidInput):
        Choice("p1", kind, day)


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("a.json", b' {"resourceType": "Patient"}', "fhir", ""),
        ("a.json.gz", gzip.compress(b"{}", mtime=0), "fhir", ""),
        ("a.gz", gzip.compress(b"words", mtime=0), None, "Only FHIR files may be packed"),
        ("a.dat", samples.document(), "cda", ""),
        ("a.xml", samples.document().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "cda", ""),
        ("a.json", LETTER, "pdf", ""),
        ("a.txt", b"Telephone call.", "text", ""),
        ("a.json", b"id,name", None, "not JSON"),
        ("a.csv", b"id,name", None, "a table"),
        ("a.html", b"<!DOCTYPE html><html>", None, "web page"),
        ("a.xml", b'<Patient xmlns="http://hl7.org/fhir"/>', None, "FHIR in XML"),
        ("a.xml", b"<note/>", None, "no C-CDA document"),
        ("a.docx", b"PK\x03\x04word/", None, "office document"),
        ("a.zip", b"PK\x03\x04....", None, "zip archive"),
        ("a.jpg", b"\xff\xd8\xff\xe0....", None, "picture"),
        ("a.rtf", b"{\\rtf1 x}", None, "RTF"),
        ("a.bin", bytes(range(32)) * 8, None, "can't be told"),
        ("a.txt", b"", None, "empty"),
    ],
)  # fmt: skip
def test_what_a_file_is(tmp_path: Path, name: str, content: bytes, kind: str | None, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    found, reason = kind_of(tmp_path / name)
    assert found == kind and said in reason


def test_a_folder_gives_its_documents_and_says_what_it_leaves_out(repository: SQLiteRepository, take: Callable[..., Report], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "summary.xml").write_bytes(samples.document())
    (folder / "letter.pdf").write_bytes(LETTER)
    repository.update(patient("p1"), create_missing=True)
    importer = Importer(repository, repository.database)
    report = importer.run([folder])
    assert report.files == 1 and "1 PDF or text files" in report.notes[0].what
    assert importer.run([folder], choice=Choice("p1")).files == 2


def test_cancelled_between_documents(repository: SQLiteRepository, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.xml").write_bytes(samples.document(own=f"D{number}"))
    done: list[Path] = []
    report = Importer(repository, repository.database).run(
        sorted(tmp_path.glob("*.xml")), progress=lambda _, path: done.append(path), stop=lambda: len(done) == 1
    )
    assert report.cancelled and report.files == 1 and report.created["DocumentReference"] == 1
