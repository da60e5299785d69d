"""Billing behind its page: the list, a person's own set, what is refused, sending, the claim, exports."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.commands.approvals import Decision, decide
from services.console import approvals, billing, billing_codes, billing_export, reviewing
from services.console.billing import Filters
from services.console.billing_codes import Line
from services.console.billing_documents import documents, evidence, marks, spans
from services.errors import FabricError, Forbidden, InvalidInput, PatientNotFound, PreconditionFailed
from services.knowledge.installed import root
from services.runtime.system import System
from tests.console.world import open_system, put

CODER = Principal("coder", "user", "Cora Coder", "clinician", "cora@example.com")
OTHER = Principal("other", "user", "Otto Other", "clinician", "otto@example.com")
READER = Principal("reader", "user", "Rita Reader", "read-only", "rita@example.com")
APPROVER = Principal("approver", "user", "Ann Approver", "approver", "ann@example.com")
ALL = Filters(since="2026-01-01")
NOTE = "ASSESSMENT AND PLAN:\n1. Hypertension: not at goal,\n   increase lisinopril to 40 mg.\n2. Low back pain: exercises.\n"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def visit(name: str, patient: str, day: str, **more: object) -> dict:
    return {
        "resourceType": "Encounter", "id": name, "status": "finished", "class": {"code": "AMB"}, "type": [{"text": "Office visit"}],
        "subject": {"reference": f"Patient/{patient}"}, "period": {"start": f"{day}T09:00:00Z", "end": f"{day}T09:30:00Z"},
        "participant": [{"individual": {"reference": "Practitioner/d1", "display": "Dora Doe, MD"}}], **more,
    }  # fmt: skip


RECORD: list[dict] = [
    {"resourceType": "Practitioner", "id": "d1"},
    {"resourceType": "Patient", "id": "p1", "name": [{"family": "=Lind", "given": ["Eva"]}], "gender": "female", "birthDate": "1960-02-03"},
    {"resourceType": "Patient", "id": "p2", "name": [{"family": "Holm"}], "gender": "male", "birthDate": "1970-01-01"},
    visit("e1", "p1", "2026-05-12"), visit("e2", "p2", "2026-05-11", **{"class": {"code": "VR"}}), visit("e3", "p1", "2026-03-01"),
    visit("planned", "p1", "2026-05-13", status="planned"),
    {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}, "encounter": {"reference": "Encounter/e1"},
     "code": {"text": "Essential hypertension", "coding": [{"system": ICD, "code": "I10"}]}, "clinicalStatus": {"coding": [{"code": "active"}]}},
    {"resourceType": "DocumentReference", "id": "n1", "status": "current", "subject": {"reference": "Patient/p1"}, "date": "2026-05-12T10:00:00Z",
     "type": {"text": "Progress note"}, "context": {"encounter": [{"reference": "Encounter/e1"}]},
     "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}}]},
    {"resourceType": "Claim", "id": "k3", "status": "active", "use": "claim", "patient": {"reference": "Patient/p1"}, "created": "2026-03-02",
     "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": ICD, "code": "E11.9"}]}}],
     "item": [{"sequence": 1, "encounter": [{"reference": "Encounter/e3"}], "diagnosisSequence": [1],
               "productOrService": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99214"}]}}]},
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    for held in open_system(tmp_path, monkeypatch):
        put(held, *RECORD)
        yield held


def opened(who: Principal = CODER, patient: str = "p1", encounter: str = "e1") -> billing_codes.Codes:
    return billing_codes.opened(who, patient, encounter)


def test_the_list_and_its_filters(world: System) -> None:
    listing = billing.listed(CODER, ALL)
    assert listing.counts == {"open": 2, "waiting": 0, "coded": 1} and listing.clinicians == {"Practitioner/d1": "Dora Doe, MD"}
    assert [(r.encounter, r.primary, r.level) for r in listing.rows] == [("e1", "I10", "99214"), ("e2", "", "")]
    coded = billing.listed(CODER, Filters("coded", since="2026-01-01")).rows
    assert [(r.encounter, r.held, r.primary, r.level, r.codes) for r in coded] == [("e3", "Claim/k3", "E11.9", "99214", 2)]
    for filters, wanted in (
        (Filters(patient="p2"), ["e2"]), (Filters(since="2026-05-12"), ["e1"]), (Filters(since="2026-01-01", until="2026-05-11"), ["e2"]),
        (Filters(since="2026-01-01", kind="VR"), ["e2"]), (Filters(since="2026-01-01", clinician="Practitioner/x"), []),
        (Filters(patient="nobody"), []), (Filters("open", since="2026-01-01", page=9), ["e1", "e2"]),
    ):  # fmt: skip
        assert [r.encounter for r in billing.listed(CODER, filters).rows] == wanted, filters
    assert billing.next_open(CODER, "e1") in (("p2", "e2"), None)


@pytest.mark.parametrize(("patient", "encounter", "error"), [
    ("p1", "nothing", InvalidInput), ("p2", "e1", InvalidInput), ("nobody", "e1", PatientNotFound), ("p1", "", InvalidInput), ("", "e1", InvalidInput),
    ("p1", "a b/c", InvalidInput),
])  # fmt: skip
def test_wrong_addresses_are_refused(world: System, patient: str, encounter: str, error: type[FabricError]) -> None:
    with pytest.raises(error):
        billing_codes.opened(CODER, patient, encounter)
    with pytest.raises(error):
        billing_codes.change(CODER, patient, encounter, lambda chosen: chosen)


def test_what_a_code_rests_on_is_marked(world: System) -> None:
    shown = documents(opened())
    note = shown.notes[0]
    words = [note.text[a:b] for a, b, codes in note.marks if "I10" in codes]
    assert words and all("ypertension" in each for each in words)
    assert any("I10" in p.marks[0][2] for name, pieces in shown.groups if name == "Problems recorded" for p in pieces if p.marks)
    assert any("risk" in codes for *_, codes in note.marks)
    assert spans("a  b\nc a b", ["a b", "b c", "", "zz"]) == ((0, 4), (7, 10))


def test_codes_that_rest_on_the_same_words_share_their_marks() -> None:
    text = "Hypertension, stable on lisinopril."
    found = marks(text, {"I10": ["Hypertension"], "risk": ["Hypertension, stable", "lisinopril"], "data": ["not there"]})
    assert [(text[a:b], sorted(codes)) for a, b, codes in found] == [
        ("Hypertension", ["I10", "risk"]), (", stable", ["risk"]), ("lisinopril", ["risk"]),
    ]  # fmt: skip


def test_a_code_added_by_hand_shows_what_speaks_for_it(world: System) -> None:
    """By the note's words, by a problem of the same category; else it is said that nothing does."""
    for code in ("M54.59", "I11.9", "E66.9"):
        billing_codes.add_diagnosis(CODER, opened(), code)
    codes = opened()
    note = documents(codes).notes[0]
    assert any("back pain" in note.text[a:b] for a, b, codes in note.marks if "M54.59" in codes)
    assert evidence(codes, "I11.9") and evidence(codes, "E66.9") == []
    assert [r.codes for r in codes.remarks if "speaks for it" in r.message] == [("E66.9",)]
    denied = {**RECORD[8], "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(b"No obesity. Denies back pain.").decode()}}]}
    put(world, denied)
    codes = opened()
    assert evidence(codes, "M54.59") == evidence(codes, "E66.9") == []


def test_a_set_is_kept_for_each_person(world: System) -> None:
    billing_codes.add_diagnosis(CODER, opened(), "E66.9")
    mine = opened()
    assert mine.edited and mine.chosen.diagnoses[-1] == "E66.9" and not opened(OTHER).edited
    assert opened(OTHER).others == ("Cora Coder",)
    for wrong in ("E66", "Z99999", ""):
        with pytest.raises(InvalidInput):
            billing_codes.add_diagnosis(CODER, mine, wrong)
    billing_codes.replace_diagnosis(CODER, mine, "E66.9", "E66.3")
    assert "E66.3" in opened().chosen.diagnoses
    billing_codes.change(CODER, "p1", "e1", lambda c: c.without_diagnosis("I10"))
    assert opened().left_out == ("I10",)
    billing_codes.put_back(CODER, opened(), "I10")
    assert opened().left_out == ()
    held = world.repository.read("Condition", "c1").resource
    put(world, {**held, "code": {"text": "Gout", "coding": [{"system": ICD, "code": "M10.9"}]}})
    assert opened().stale
    billing_codes.start_again(CODER, "e1")
    assert not opened().edited and not opened().stale
    for act in (lambda: billing_codes.change(READER, "p1", "e1", lambda c: c), lambda: billing_codes.start_again(READER, "e1")):
        with pytest.raises(Forbidden):
            act()


def test_services_by_hand(world: System) -> None:
    assert billing_codes.add_service(CODER, opened(), " g0439 ") == "G0439"
    for wrong in ("99", "ABCDE", "G0439", ""):
        with pytest.raises(InvalidInput):
            billing_codes.add_service(CODER, opened(), wrong)
    billing_codes.change_service(CODER, opened(), Line("G0439", 2, ("33",), ("I10", "R99")))
    assert opened().chosen.services[-1] == Line("G0439", 2, ("33",), ("I10",))
    for line in (Line("G0439", 0), Line("G0439", 1, ("x",)), Line("G0439", 1, ("25",) * 5), Line("G0439", 1000)):
        with pytest.raises(InvalidInput):
            billing_codes.change_service(CODER, opened(), line)


def test_from_the_set_to_the_claim(world: System) -> None:
    """Modifiers, units, pointers and HCPCS reach the Claim; the bot's own set stands beside; nothing is sent twice."""
    billing_codes.change(CODER, "p1", "e1", lambda c: c.without_diagnosis("M54.50").with_diagnosis("E66.9"))
    billing_codes.add_service(CODER, opened(), "G0447")
    billing_codes.change_service(CODER, opened(), Line("G0447", 2, ("59",), ("E66.9",)))
    digest = opened().chosen.digest()
    billing_codes.change(CODER, "p1", "e1", lambda c: c.moved("E66.9", -1))
    with pytest.raises(PreconditionFailed, match="changed"):
        billing_codes.send(CODER, "p1", "e1", digest)
    billing_codes.change(CODER, "p1", "e1", lambda c: c.moved("E66.9", 1))
    task = billing_codes.send(CODER, "p1", "e1", opened().chosen.digest())
    assert (opened().state, opened().held, opened(OTHER).chosen.services[-1].modifiers) == ("waiting", task, ("59",))
    assert billing_codes.send(CODER, "p1", "e1", opened().chosen.digest()) == task  # a double click
    with pytest.raises(PreconditionFailed, match="wait"):
        billing_codes.send(OTHER, "p1", "e1", digest + "another set")
    assert len(world.repository.search("Task", [("patient", "Patient/p1")]).matches) == 1
    decide(world.desk, world.repository.read("Task", task.removeprefix("Task/")), Decision("approve"), APPROVER, world.repository_for(APPROVER))
    claims = world.repository.search("Claim", [("encounter", "Encounter/e1")]).matches
    claim = claims[0].resource
    assert len(claims) == 1 and claim["status"] == "draft"
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in claim["diagnosis"]] == ["I10", "E66.9"]
    last = claim["item"][-1]
    assert last["productOrService"]["coding"][0]["code"] == "G0447" and last["quantity"] == {"value": 2}
    assert last["modifier"][0]["coding"][0]["code"] == "59" and last["diagnosisSequence"] == [2]
    assert opened().state == "coded" and opened().chosen.services[-1] == Line("G0447", 2, ("59",), ("E66.9",))
    with pytest.raises(PreconditionFailed, match="are in Claim/"):
        billing_codes.send(CODER, "p1", "e1", opened().chosen.digest())
    sent = json.loads(next(i["valueString"] for i in world.repository.read("Task", task[5:]).resource["input"] if i["type"]["text"] == "command"))
    assert {"M54.50", "I10"} <= {c["code"] for c in sent["botSuggested"]}
    assert world.repository.search("Provenance", [("target", claims[0].reference)]).matches


def test_an_approver_may_leave_out_any_code(world: System) -> None:
    billing_codes.add_service(CODER, opened(), "G0447")
    task = billing_codes.send(CODER, "p1", "e1", opened().chosen.digest())
    review = reviewing.opened(APPROVER, task.removeprefix("Task/"))
    shown = next(f for f in review.fields if f.widget == "codes").proposed
    assert "HCPCS G0447" in shown and "ICD-10-CM M54.50" in shown
    changed = reviewing.edits(review.line, review.fields, {}, frozenset(["G0447", "M54.50"]))
    approvals.approve(APPROVER, review.line, changed)
    claim = world.repository.search("Claim", [("encounter", "Encounter/e1")]).matches[0].resource
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in claim["diagnosis"]] == ["I10"]
    assert "G0447" not in json.dumps(claim) and claim["item"]


def test_what_cannot_be_sent(world: System) -> None:
    billing_codes.change(CODER, "p1", "e1", lambda c: c.without_diagnosis("I10").without_diagnosis("M54.50"))
    with pytest.raises(InvalidInput, match="needs a diagnosis"):
        billing_codes.send(CODER, "p1", "e1", opened().chosen.digest())
    with pytest.raises(InvalidInput, match="isn't finished"):
        billing_codes.add_diagnosis(CODER, opened(encounter="planned"), "I10")
        billing_codes.send(CODER, "p1", "planned", opened(encounter="planned").chosen.digest())
    with pytest.raises(Forbidden):
        billing_codes.send(READER, "p1", "e1", opened(READER).chosen.digest())


def test_exports(world: System) -> None:
    rows = list(csv.reader(io.StringIO(billing_export.table(CODER, ALL).decode("utf-8-sig"))))
    assert rows[0] == list(billing_export.COLUMNS) and [r[0] for r in rows[1:]] == ["e1", "e2"]
    assert rows[1][5].startswith("'=LIND") and "I10" in rows[1][11] and "99214" in rows[1][12]
    drafts = [json.loads(line) for line in billing_export.claims(CODER, ALL).splitlines()]
    assert [d["status"] for d in drafts] == ["draft"] and billing_export.UNAPPROVED in drafts[0]["meta"]["tag"]
    held = [json.loads(line) for line in billing_export.claims(CODER, Filters("coded", since="2026-01-01")).splitlines()]
    assert [c["id"] for c in held] == ["k3"]
    told = world.repository.search("AuditEvent", [("patient", "Patient/p1"), ("_count", "50")]).matches
    assert any("billing-export" in json.dumps(e.resource) for e in told)


def test_the_clinics_own_tables_count(world: System) -> None:
    for kind, text in (("cpt", "99214,Office visit by the licensed words\n"), ("fees", "99214,150,USD,3.5\n")):
        folder = root(kind) / "one"
        folder.mkdir(parents=True)
        (folder / f"{kind}.csv").write_text(text)
        (root(kind) / "current").write_text("one")
    codes = opened()
    assert billing_codes.display("99214") == "Office visit by the licensed words"
    assert codes.total and (str(codes.total.amount), codes.total.currency, str(codes.total.rvu), codes.total.missing) == ("150", "USD", "3.5", ())
    with pytest.raises(InvalidInput, match="CPT table"):
        billing_codes.add_service(CODER, codes, "93000")
