"""Condition, AllergyIntolerance and Procedure, with their negations said first."""

from __future__ import annotations

import re
from typing import Any

from services.index.text import values
from services.index.text.context import Context, labelled, notes
from services.index.text.model import Draft

_UNSURE = {
    "unconfirmed": "Unconfirmed: ",
    "provisional": "Provisional diagnosis: ",
    "differential": "Differential diagnosis: ",
    "presumed": "Presumed: ",
}
_PAST = {"inactive": "inactive", "resolved": "resolved", "remission": "in remission"}
# SNOMED CT's and IPS's codes for "none known", and for "nobody asked", which is not the same.
_NONE_KNOWN = {
    "716186003": "No known allergy",
    "160244002": "No known allergies",
    "409137002": "No known drug allergy",
    "429625007": "No known food allergy",
    "428607008": "No known environmental allergy",
    "428197003": "No known insect allergy",
    "716184000": "No known latex allergy",
    "716220001": "No known animal allergy",
    "1003774007": "No known Hymenoptera venom allergy",
    "no-known-allergies": "No known allergies",
    "no-known-medication-allergies": "No known medication allergies",
    "no-known-environmental-allergies": "No known environmental allergies",
    "no-known-food-allergies": "No known food allergies",
    "no-known-problems": "No known problems",
    "no-known-procedures": "No known procedures",
}
_NO_INFORMATION = {
    "no-allergy-info": "No information about allergies",
    "no-problem-info": "No information about problems",
    "no-procedure-info": "No information about procedures",
    "1631000175102": "Patient not asked about allergies",
}
_NONE_TEXT = re.compile(
    r"(?i)(?:no|denies|nil)\s+(?:known\s+)?(?:\w+\s+){0,3}(?:allerg\w*|problems?)\b.*|n\.?k\.?d?\.?a\.?"
)


def absence(concept: Any) -> str:
    """How a concept that says "none known" or "not asked" reads; "" for any other."""
    symbols = [symbol for _, symbol in values.codings(concept)]
    for table in (_NONE_KNOWN, _NO_INFORMATION):
        if found := next((table[symbol] for symbol in symbols if symbol in table), ""):
            return values.concept(concept) if " " in values.concept(concept) else found
    name = values.concept(concept)
    return name if _NONE_TEXT.fullmatch(name) else ""


def condition(resource: dict[str, Any], context: Context) -> Draft:
    """A Condition: what, whether it is so, whether it still is, how bad, since when."""
    name = values.concept(resource.get("code")) or "Condition without a name"
    clinical, verified = (
        values.code(resource.get("clinicalStatus")),
        values.code(resource.get("verificationStatus")),
    )
    title = f"{_UNSURE.get(verified, '')}{name}"
    if verified == "refuted":
        title = f"Ruled out: {name}"
    elif clinical in _PAST:
        title += f" ({_PAST[clinical]})"
    lines = [f"{title}."]
    status = ", ".join(filter(None, (clinical, verified)))
    lines += labelled("Status", status)
    lines += labelled("Severity", values.concept(resource.get("severity")))
    for stage in values.objs(resource.get("stage")):
        parts = (values.concept(stage.get("summary")), context.names(stage.get("assessment")))
        lines += labelled(values.concept(stage.get("type")) or "Stage", ", ".join(filter(None, parts)))
    lines += labelled("Onset", values.when(resource, "onset"))
    kind, value = values.choice(resource, "abatement")
    if kind == "Boolean":
        lines += ["Abated."] if value is True else []
    else:
        lines += labelled("Abated", values.when(resource, "abatement"))
    lines += labelled("Body site", values.concepts(resource.get("bodySite")))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("code"))))
    lines += labelled("Category", values.concepts(resource.get("category")))
    for evidence in values.objs(resource.get("evidence")):
        parts = (values.concepts(evidence.get("code")), context.names(evidence.get("detail")))
        lines += labelled("Evidence", ", ".join(filter(None, parts)))
    lines += labelled("Recorded", values.date(resource.get("recordedDate") or resource.get("assertedDate")))
    lines += labelled("Recorder", context.name(resource.get("recorder")))
    lines += labelled("Asserted by", context.name(resource.get("asserter")))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="condition",
        label="Condition",
        date=values.when_iso(resource, "onset") or _recorded(resource),
        status=status or None,
        codings=values.codings(resource.get("code")),
        says_something=bool(values.concept(resource.get("code")) or notes(resource)),
    )


def _recorded(resource: dict[str, Any]) -> str | None:
    return values.iso(resource.get("recordedDate")) or values.iso(resource.get("assertedDate"))


def allergy(resource: dict[str, Any], context: Context) -> Draft:
    """An AllergyIntolerance: to what, of which kind, how dangerous, what happened; or that none is known."""
    concept = resource.get("code")
    reactions = values.objs(resource.get("reaction"))
    name = values.concept(concept) or ", ".join(
        dict.fromkeys(filter(None, (values.concept(item.get("substance")) for item in reactions)))
    )
    clinical, verified = (
        values.code(resource.get("clinicalStatus")),
        values.code(resource.get("verificationStatus")),
    )
    status = ", ".join(filter(None, (clinical, verified)))
    lines = [f"{_allergy_title(resource, name, clinical, verified)}."]
    title = lines[0].rstrip(".")
    lines += labelled("Status", status)
    kinds = [
        item if isinstance(item, str) else values.concept(item)
        for item in values.many(resource.get("category"))
    ]
    lines += labelled("Category", ", ".join(filter(None, kinds)))
    criticality = values.code(resource.get("criticality"))
    lines += labelled("Criticality", "unable to assess" if criticality == "unable-to-assess" else criticality)
    lines += [text for item in reactions for text in labelled("Reaction", _reaction(item))]
    lines += labelled("Also coded as", "; ".join(values.displays(concept)))
    lines += labelled("Onset", values.when(resource, "onset"))
    lines += labelled("Last occurrence", values.date(resource.get("lastOccurrence")))
    lines += labelled("Recorded", values.date(resource.get("recordedDate")))
    lines += labelled("Recorder", context.name(resource.get("recorder")))
    lines += labelled("Asserted by", context.name(resource.get("asserter")))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="allergy",
        label="Allergy",
        date=values.when_iso(resource, "onset")
        or _recorded(resource)
        or values.iso(resource.get("lastOccurrence")),
        status=status or None,
        codings=values.codings(concept),
        says_something=bool(name or reactions or notes(resource)),
    )


def _allergy_title(resource: dict[str, Any], name: str, clinical: str, verified: str) -> str:
    past = f" ({_PAST[clinical]})" if clinical in _PAST else ""
    if said := absence(resource.get("code")):
        if verified == "refuted":
            return f"Refuted: the statement '{said}'"
        return f"{_UNSURE.get(verified, '')}{said}{' (no longer holds)' if past else ''}"
    kind = values.code(resource.get("type"))
    word = {"allergy": "Allergy", "intolerance": "Intolerance"}.get(kind, "Allergy or intolerance")
    name = name or "substance not named"
    if verified == "refuted":
        return f"Ruled out: {word.lower()} to {name}"
    return f"{_UNSURE.get(verified, '')}{word}: {name}{past}"


def _reaction(reaction: dict[str, Any]) -> str:
    shown = values.concepts(reaction.get("manifestation")) or "manifestation not given"
    parts = [f"{shown} ({severity})" if (severity := values.code(reaction.get("severity"))) else shown]
    if substance := values.concept(reaction.get("substance")):
        parts.append(f"to {substance}")
    if route := values.concept(reaction.get("exposureRoute")):
        parts.append(f"exposure {route}")
    if onset := values.date(reaction.get("onset")):
        parts.append(onset)
    if description := values.prose(reaction.get("description")):
        parts.append(description)
    return ", ".join([*parts, *notes(reaction)])


_PROCEDURE_TITLES = {
    "not-done": "Not done: ",
    "preparation": "In preparation, not done yet: ",
    "in-progress": "In progress: ",
    "on-hold": "On hold: ",
    "stopped": "Stopped before completion: ",
    "suspended": "Suspended: ",
    "aborted": "Aborted: ",
}


def procedure(resource: dict[str, Any], context: Context) -> Draft:
    """A Procedure: done, or not done and why; where, by whom, with what result."""
    name = values.concept(resource.get("code")) or "Procedure without a name"
    status = values.code(resource.get("status"))
    if values.true(resource.get("notDone")):  # STU3
        status = "not-done"
    prefix = "" if absence(resource.get("code")) else _PROCEDURE_TITLES.get(status, "")
    title = f"{prefix}{name}"
    lines = [f"{title}."]
    reason = "Reason not done" if status == "not-done" else "Status reason"
    lines += labelled(reason, values.concept(resource.get("statusReason") or resource.get("notDoneReason")))
    lines += labelled("Performed", values.when(resource, "performed") or values.when(resource, "occurrence"))
    lines += labelled("Body site", values.concepts(resource.get("bodySite")))
    reasons = (values.concepts(resource.get("reasonCode")), context.names(resource.get("reasonReference")))
    lines += labelled("Reason", ", ".join(dict.fromkeys(filter(None, reasons))))
    lines += labelled("Outcome", values.concept(resource.get("outcome")))
    problems = (
        values.concepts(resource.get("complication")),
        context.names(resource.get("complicationDetail")),
    )
    lines += labelled("Complication", ", ".join(dict.fromkeys(filter(None, problems))))
    lines += labelled("Follow-up", values.concepts(resource.get("followUp")))
    for device in values.objs(resource.get("focalDevice")):
        parts = (values.concept(device.get("action")), context.name(device.get("manipulated")))
        lines += labelled("Device", " ".join(filter(None, parts)))
    used = (context.names(resource.get("usedReference")), values.concepts(resource.get("usedCode")))
    lines += labelled("Used", ", ".join(filter(None, used)))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("code"))))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Performer", context.people(resource.get("performer"), "actor"))
    lines += labelled("Location", context.name(resource.get("location")))
    lines += labelled("Status", "" if status == "not-done" else status)
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="procedure",
        label="Procedure",
        date=values.when_iso(resource, "performed") or values.when_iso(resource, "occurrence"),
        status=status or None,
        codings=values.codings(resource.get("code")),
        says_something=bool(values.concept(resource.get("code")) or notes(resource)),
    )
