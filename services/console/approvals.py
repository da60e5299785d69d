"""The approval queue as its page shows it: the list, one proposal for review, and deciding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.accounts.roles import Principal
from services.commands.approvals import Decision, decide
from services.commands.claiming import claim, renew, send
from services.commands.processor import Desk
from services.commands.standing import holder
from services.commands.tasks import REJECTIONS, SYSTEM, code_of, command_of, findings_of, input_of
from services.console.dates import show_moment
from services.console.patients import PatientLine, patient_line
from services.errors import FabricError, NotFound, PreconditionFailed
from services.fhir.repository import Repository, Stored
from services.index.text import values
from services.runtime.system import System, system

STATES = {"pending": "requested", "approved": "completed", "rejected": "rejected", "expired": "failed"}
KINDS = {
    "FlagAbnormalResult": "Flag",
    "CreateEncounterNoteDraft": "Note",
    "ProposeProblemListUpdate": "Problem list",
    "SuggestBillingCodes": "Billing",
    "QueueReferralLetter": "Referral",
    "SuggestMedicationChange": "Medication",
    "SummarizePatientHistory": "Summary",
}
RISKS = ("high", "medium", "low")
REASONS = REJECTIONS
MOST_WAITING, MOST_DECIDED, SIZE = 5_000, 500, 100
"""How many proposals are looked through, and how many of them a page of the list shows."""
_AT_ONCE = 500
_PRIORITIES = ("stat", "asap", "urgent", "routine")
_BANDS = ((0.5, 0.7, "Low"), (0.7, 0.85, "Medium"), (0.85, 1.01, "High"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. "" is any."""

    state: str = "pending"
    kind: str = ""
    risk: str = ""
    patient: str = ""
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal in the list. `version` and `hash` name exactly what is shown."""

    id: str
    version: str
    hash: str
    state: str
    kind: str
    summary: str
    patient: PatientLine
    risk: str
    why: str
    confidence: float
    model: str
    requester: str
    proposed: str
    expires: str
    left: str
    urgent: bool
    priority: str
    holder: str
    mine: bool
    sent_to: str
    decided: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`lines` are all that were found, `counts` per state under the other filters; `page` counts from 1; `cut`: there are
    more than could be looked through."""

    lines: tuple[Line, ...]
    counts: dict[str, int]
    page: int = 1
    cut: bool = False

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[(self.page - 1) * SIZE : self.page * SIZE]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.lines) // SIZE))


def listed(principal: Principal, filters: Filters) -> Listing:
    """The proposals that this person may see: the most urgent, then the riskiest and those that expire first on top; decided ones newest
    first."""
    parts = system()
    repository = parts.repository_for(principal)
    lines: dict[str, list[Line]] = {}
    cut = False
    for state, status in STATES.items():
        if state == filters.state or status == "requested":
            lines[state], more = _lines(parts, repository, principal, status, filters)
            cut = cut or (more and state == filters.state)
    counts = {s: len(lines[s]) if s in lines else _count(repository, f, filters) for s, f in STATES.items()}
    found = lines[filters.state]
    if filters.state == "pending":
        found.sort(key=lambda line: (_PRIORITIES.index(line.priority), RISKS.index(line.risk), line.expires))
    listing = Listing(tuple(found), counts, cut=cut)
    return replace(listing, page=min(max(1, filters.page), listing.pages))


def _search(status: str, filters: Filters) -> list[tuple[str, str]]:
    params = [("code", f"{SYSTEM}|{filters.kind}"), ("status", status), ("_sort", "-_lastUpdated")]
    if filters.patient:
        params.append(("patient", f"Patient/{filters.patient}"))
    return params


def _count(repository: Repository, status: str, filters: Filters) -> int:
    return repository.search("Task", [*_search(status, filters), ("_summary", "count")]).total or 0


def _lines(
    parts: System, repository: Repository, principal: Principal, status: str, filters: Filters
) -> tuple[list[Line], bool]:
    """What was found, and whether there is more that wasn't looked at."""
    people: dict[str, PatientLine | None] = {}
    tasks, more = _tasks(repository, status, filters)
    found = []
    for task in tasks:
        line = _line(parts, repository, principal, task, people)
        if (
            line
            and (not filters.risk or line.risk == filters.risk)
            and (line.mine or line.sent_to == principal.name or not filters.mine)
        ):
            found.append(line)
    return found, more


def _tasks(repository: Repository, status: str, filters: Filters) -> tuple[list[Stored], bool]:
    """All that wait, since the most urgent may have come first; of the decided the newest."""
    most = MOST_WAITING if status == "requested" else MOST_DECIDED
    tasks: dict[str, Stored] = {}  # by id: what comes meanwhile moves the others on
    for offset in range(0, most, _AT_ONCE):
        asked = [*_search(status, filters), ("_count", str(_AT_ONCE)), ("_offset", str(offset))]
        page = repository.search("Task", asked)
        tasks |= {task.id: task for task in page.matches}
        if not page.has_next:
            return list(tasks.values()), False
    return list(tasks.values()), True


def _line(
    parts: System,
    repository: Repository,
    principal: Principal,
    task: Stored,
    people: dict[str, PatientLine | None],
) -> Line | None:
    """None where the patient isn't theirs to see, or it is no proposal of ours."""
    resource, zone = task.resource, parts.settings.timezone
    patient_id = values.string(values.obj(resource.get("for")).get("reference")).partition("/")[2]
    if patient_id not in people:
        stored = repository.find(f"Patient/{patient_id}")
        people[patient_id] = patient_line(stored.resource) if stored else None
    person = people[patient_id]
    row = parts.desk.journal.of_task(task.id)
    if person is None or row is None:
        return None
    try:
        command = command_of(resource)
    except FabricError:
        return None
    findings = [f for f in findings_of(resource) if f.rule != "person-decides"]
    owner, _ = holder(parts.desk, resource)
    named = values.obj(resource.get("owner"))
    held = values.string(values.obj(resource.get("owner")).get("display")) if owner else ""
    left = (row.expires or 0) - parts.desk.clock().timestamp()
    state = next(s for s, status in STATES.items() if status == resource.get("status"))
    if state == "pending" and left <= 0:
        state = "expired"
    decider = values.string(values.obj(resource.get("owner")).get("display"))
    return Line(
        id=task.id, version=task.version, hash=row.hash, state=state, kind=code_of(resource),
        summary=values.string(resource.get("description")), patient=person,
        risk=str(input_of(resource, "risk") or "high"), why=findings[0].reason if findings else "",
        confidence=command.confidence, model=command.ai_model,
        requester=values.string(values.obj(resource.get("requester")).get("display")),
        proposed=show_moment(values.string(resource.get("authoredOn")), zone),
        expires=values.string(values.obj(values.obj(resource.get("restriction")).get("period")).get("end")),
        left=time_left(left), urgent=left < 4 * 3600, priority=str(resource.get("priority") or "routine"), holder=held, mine=owner == principal.reference,
        sent_to="" if owner or state != "pending" else values.string(named.get("display")),
        decided=f"{show_moment(values.string(resource.get('lastModified')), zone)}{f' by {decider}' if decider else ''}"
        if state != "pending" else "",
    )  # fmt: skip


def time_left(seconds: float) -> str:
    """How long until it expires, as read at a glance."""
    if seconds <= 0:
        return "Expired"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{max(1, minutes)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def find_line(principal: Principal, task_id: str) -> Line:
    """Raises NotFound where there is no such proposal, or not for this person."""
    parts = system()
    repository = parts.repository_for(principal)
    stored = repository.find(f"Task/{task_id}")
    line = _line(parts, repository, principal, stored, {}) if stored and code_of(stored.resource) else None
    if line is None:
        raise NotFound("There is no such proposal, or you may not see it.")
    return line


def confidence_told(kind: str, confidence: float) -> str:
    """The confidence as a band, with what became of earlier proposals of its kind and band."""
    low, high, name = next((b for b in _BANDS if b[0] <= confidence < b[1]), (0.0, 0.5, "Very low"))
    approved, count = system().desk.journal.decided(kind, low, high)
    past = (
        f"{approved} of {count} such were approved"
        if count >= 5
        else "too few decided to say how often right"
    )
    return f"{name} ({confidence:.2f}; {past})"


# Deciding


def approve(principal: Principal, line: Line, edits: Mapping[str, Any] | None, note: str = "") -> str:
    """The reference of what was written. Raises what `decide` raises; nothing is changed then."""
    decision = Decision("approve", edits or None, reason=note, content_hash=line.hash)
    stored = _decide(principal, line, decision)
    row = system().desk.journal.of_task(stored.id)
    return str(row.result.get("executedResource")) if row else ""


def reject(principal: Principal, line: Line, code: str, reason: str) -> None:
    _decide(principal, line, Decision("reject", code=code, reason=reason, content_hash=line.hash))


def _decide(principal: Principal, line: Line, decision: Decision) -> Stored:
    parts = system()
    repository = parts.repository_for(principal)
    with parts.database.write():
        task = repository.read("Task", line.id)
        if task.version != line.version:
            raise PreconditionFailed("The proposal was changed meanwhile. Look at it again.")
        return decide(parts.desk, task, decision, principal, repository)


def take(principal: Principal, task_id: str) -> None:
    """Have it to oneself for a while. Raises Forbidden where somebody else has it."""
    _with(principal, lambda desk, repository: claim(desk, task_id, principal, repository))


def give_back(principal: Principal, task_id: str) -> None:
    _with(principal, lambda desk, repository: claim(desk, task_id, principal, repository, release=True))


def colleagues(principal: Principal) -> dict[str, str]:
    """Who else may decide: reference → name."""
    members = system().accounts.members()
    return {
        m.reference: m.name for m in members if m.kind == "user" and m.may("decide") and m.id != principal.id
    }


def send_to(principal: Principal, task_id: str, to: str) -> None:
    """Ask a colleague to decide. Raises what `send` raises."""
    name = colleagues(principal).get(to, "")
    _with(principal, lambda desk, repository: send(desk, task_id, to, name, principal, repository))


def look_again(principal: Principal, task_id: str) -> None:
    """Judge it by the chart as it is now. Raises SafetyBlocked where a rule refuses it by now."""
    _with(principal, lambda desk, repository: renew(desk, task_id, principal, repository))


def _with(principal: Principal, act: Callable[[Desk, Repository], object]) -> None:
    parts = system()
    act(parts.desk, parts.repository_for(principal))


def bulk(principal: Principal, lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """Approve low-risk proposals of one kind exactly as they were shown; (line, "" or why not) for each."""
    kinds = {line.kind for line in lines}
    if len(kinds) > 1 or any(line.risk != "low" for line in lines):
        raise PreconditionFailed("Only low-risk proposals of one kind can be approved together.")
    results = []
    for line in lines:
        try:
            approve(principal, line, None)
            results.append((line, ""))
        except FabricError as error:
            results.append((line, error.message))
    return results
