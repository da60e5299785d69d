"""The audit trail as its page shows it, and what pages tell it. Administrators only, but for the telling."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.accounts.roles import Principal
from services.audit.access import PAGE_VIEW, page_view
from services.audit.checkpoints import Signer
from services.audit.filtering import Wanted, kind_of, patients_named
from services.audit.verifying import verify
from services.console.dates import show_moment
from services.console.patients import display_name, find_patients
from services.console.timeline import event_json as event_json
from services.console.timeline import names
from services.fhir.repository import Repository, Resource, Stored
from services.runtime.registry import BUILT_IN
from services.runtime.system import System, system

log = logging.getLogger("fabric")
FIRST = 50
"""Events on one page of the list."""
NAMED = 3
"""Patients of one event that the list names."""
WORDS = {
    PAGE_VIEW: "Opened a page",
    "read": "Read", "vread": "Read a version", "history-instance": "Read the history", "search-type": "Searched",
    "operation": "Asked for the chart", "batch": "Sent a batch", "create": "Created", "update": "Changed",
    "patch": "Changed", "execute": "Ran a bot", "transmit": "Told another server",
    "command_received": "Command received", "command_executed": "Command carried out",
    "command_blocked": "Command blocked", "command_queued": "Command queued",
    "approval_requested": "Approval requested", "approval_granted": "Approved", "approval_denied": "Rejected",
    "approval_timeout": "Approval timed out", "safety_filter_triggered": "Safety filter triggered",
    "note_drafted": "Drafted a note", "note_edited": "Saved a draft", "note_signed": "Signed a note",
    "note_discarded": "Discarded a note", "note_exported": "Exported a note",
    "embedding_created": "Embedded", "semantic_search": "Semantic search", "rag_query": "Question answered",
    "llm_request": "Model asked", "llm_response": "Model answered", "phi_redaction": "Identifiers taken out",
    "rate_limit_exceeded": "Limit reached", "error": "Error",
}  # fmt: skip
"""What happened, by the kinds of events."""
_ENDED = {"0": "OK", "4": "Failed", "8": "Failed seriously", "12": "Failed, unavailable"}


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `patients` are (id, name) of the first ones that it is about, `more` how many others; `teller` is who
    wrote it where that was not the console."""

    id: str
    when: str
    who: str
    what: str
    about: str
    patients: list[tuple[str, str]]
    more: int
    outcome: str
    failed: bool
    teller: str = ""


@dataclass(slots=True)
class Check:
    """A verification under way or done."""

    done: int = 0
    total: int = 0
    over: bool = False
    error: str = ""
    thread: threading.Thread | None = field(default=None, repr=False)


def tell_view(principal: Principal, page: str, patients: Sequence[str], client: str | None) -> None:
    """Raises StoreUnavailable: what can't be told must not be shown."""
    system().audit.keep_view(page_view(principal, page, patients, client))


def wanted_of(
    principal: Principal,
    patient: str | None,
    patient_words: str,
    person: str | None,
    kind: str | None,
    failed: bool | None,
    since: dt.date | None,
    until: dt.date | None,
) -> Wanted:
    """The filter of the page. Patients by id, or by words as on the page Patients; days in the clinic's zone."""
    principal.require("administer")
    patients = frozenset([patient]) if patient else None
    if patient_words.strip():
        found = {line.id for line in find_patients(principal, patient_words)[0]} | {patient_words.strip()}
        patients = frozenset(found if patients is None else patients & found)
    zone = zoneinfo.ZoneInfo(system().settings.timezone)

    def start(day: dt.date | None) -> dt.datetime | None:
        return dt.datetime.combine(day, dt.time(), zone) if day else None

    before = start(until + dt.timedelta(days=1)) if until else None
    return Wanted(patients, person, frozenset([kind] if kind else []), failed, start(since), before)


def people(principal: Principal) -> dict[str, str]:
    """Who may have done something: names by reference."""
    principal.require("administer")
    return dict(
        sorted(names(system().repository_for(principal)).items(), key=lambda item: item[1].casefold())
    )


def events(principal: Principal, wanted: Wanted, offset: int = 0) -> tuple[list[Line], bool]:
    """The newest first, and whether there are more."""
    principal.require("administer")
    repository = system().repository_for(principal)
    params = [*wanted.searches(), ("_sort", "-date"), ("_count", str(FIRST)), ("_offset", str(offset))]
    page = repository.search("AuditEvent", params)
    reader = _Reader(repository, system())
    return [reader.line(stored) for stored in page.matches], page.has_next


def export(principal: Principal, wanted: Wanted) -> bytes:
    """The events as ndjson, in the order of the ledger. It is held in memory, as a browser's download is; `fabric audit
    export` streams."""
    principal.require("administer")
    return b"".join(body + b"\n" for body in wanted.of(system().ledger.events()))


# The ledger


def ledger_line(principal: Principal) -> tuple[str, bool]:
    """The state of the ledger in a sentence, and whether the last verification found something."""
    principal.require("administer")
    parts = system()
    size, told = parts.ledger.size(), parts.ledger.last_check()
    count = f"{size:,} entr{'y' if size == 1 else 'ies'} in the ledger"
    if told is None:
        return f"{count} · never verified", False
    when = show_moment(str(told.get("at")), parts.settings.timezone)
    if told.get("ok"):
        return f"{count} · verified {when}: all {told.get('size'):,} were as they were written", False
    return f"{count} · verified {when}: WRONG at {told.get('where')}. {told.get('reason')}", True


def verify_now(principal: Principal) -> Check:
    """Verify in the background; the one that is under way, where there is one."""
    principal.require("administer")
    with _lock:
        current = _running.get("check")
        if current is not None and not current.over:
            return current
        check = _running["check"] = Check()
    parts = system()

    def work() -> None:
        try:
            found = verify(parts.database, progress=lambda done, total: _progress(check, done, total))
            parts.ledger.keep_check(found.told)
        except Exception as error:
            log.error("the ledger can't be verified: %s", type(error).__name__)
            check.error = "The verification stopped: the record can't be read or written just now."
        finally:
            check.over = True

    check.thread = threading.Thread(target=work, name="fabric-audit", daemon=True)
    check.thread.start()
    return check


def checkpoint(principal: Principal) -> str:
    """A signed checkpoint of the ledger as it is now."""
    principal.require("administer")
    parts = system()
    return Signer(parts.settings.audit_key_file).sign(*parts.ledger.head())


_lock = threading.Lock()
_running: dict[str, Check] = {}


def _progress(check: Check, done: int, total: int) -> None:
    check.done, check.total = done, total


class _Reader:
    """Puts events into words; each name is looked up once."""

    def __init__(self, repository: Repository, parts: System) -> None:
        self._repository, self._parts = repository, parts
        self._members = names(repository)
        self._patients: dict[str, str] = {}

    def line(self, stored: Stored) -> Line:
        event = stored.resource
        kind, outcome, about = kind_of(event), str(event.get("outcome") or ""), patients_named(event)
        author = self._parts.repository.created_by(stored) or ""
        return Line(
            id=stored.id,
            when=show_moment(event.get("recorded"), self._parts.settings.timezone),
            who=self._who(event),
            what=WORDS.get(kind, kind),
            about=self._about(event, kind),
            patients=[(p, self._patient(p)) for p in about[:NAMED]],
            more=len(about[NAMED:]),
            outcome=_ENDED.get(outcome, "Not Known"),
            failed=outcome != "0",
            teller="" if author.startswith("System/") else self._members.get(author, author),
        )

    def _who(self, event: Resource) -> str:
        agents = [a for a in event.get("agent") or [] if isinstance(a, dict)]
        asked = next((a for a in agents if a.get("requestor")), agents[0] if agents else {})
        who = asked.get("who") or {}
        reference = str(who.get("reference") or asked.get("altId") or "")
        return str(
            asked.get("name")
            or self._members.get(reference)
            or who.get("display")
            or reference
            or "Not Known"
        )

    def _about(self, event: Resource, kind: str) -> str:
        """The page, or what was read or run; never what was typed or answered."""
        details = [d for e in event.get("entity") or [] for d in e.get("detail") or []]
        if kind == PAGE_VIEW:
            return next((str(d.get("valueString")).title() for d in details if d.get("type") == "page"), "")
        references = [str((e.get("what") or {}).get("reference") or "") for e in event.get("entity") or []]
        others = [r for r in references if r and not r.startswith("Patient/")]
        return ", ".join(self._named(r) for r in others[:3]) + (" …" if len(others) > 3 else "")

    def _named(self, reference: str) -> str:
        bot = BUILT_IN.get(reference.partition("/")[2])
        return bot.name if bot else self._members.get(reference, reference)

    def _patient(self, patient_id: str) -> str:
        if patient_id not in self._patients:
            stored = self._repository.find(f"Patient/{patient_id}")
            self._patients[patient_id] = display_name(stored.resource) if stored else f"Patient/{patient_id}"
        return self._patients[patient_id]
