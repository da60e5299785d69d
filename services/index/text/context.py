"""The resource being rendered and what it refers to: references, people, modifiers, the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from services.index.text import values
from services.index.text.model import Resolve

_PATIENT = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?")
_URN = re.compile(r"urn:(?:uuid|oid):(\S+)")
_WITHDRAWN = "entered-in-error"
_NAMED_BY_CODE = ("Condition", "Medication", "Substance", "Procedure", "Observation", "AllergyIntolerance")


class Context:
    """One resource with its contained ones, and the way to others.

    A referenced resource of another patient is never returned: it is treated as not found.
    """

    def __init__(self, resource: dict[str, Any], resolve: Resolve) -> None:
        self.resource = resource
        self._resolve = resolve
        self.patient_id = patient_id(resource)
        self._contained = {
            item["id"].strip("# "): item
            for item in values.objs(resource.get("contained"))
            if isinstance(item.get("id"), str)
        }

    def get(self, reference: Any) -> dict[str, Any] | None:
        """The resource of a Reference (or of its string). None where it isn't to be had, or isn't this patient's."""
        text = reference.get("reference") if isinstance(reference, dict) else reference
        if not isinstance(text, str) or not text.strip():
            return None
        text = text.strip()
        found: Any = self._contained.get(text[1:]) if text.startswith("#") else None
        if found is None:
            found = self._resolve(text)
        if not isinstance(found, dict):
            return None
        theirs = patient_id(found)
        if theirs is not None and self.patient_id is not None and theirs != self.patient_id:
            return None
        return found

    def name(self, reference: Any) -> str:
        """What a reference is called: its display, else the name of the resource. Never a bare id."""
        if isinstance(reference, list):
            return ", ".join(dict.fromkeys(filter(None, map(self.name, reference))))
        if not isinstance(reference, dict):
            return ""
        if "reference" in reference and isinstance(reference["reference"], dict):  # R5's CodeableReference
            return self.name(reference["reference"])
        return values.string(reference.get("display")) or resource_name(self.get(reference))

    def names(self, references: Any) -> str:
        """Several references, each once, joined by commas."""
        return ", ".join(dict.fromkeys(filter(None, map(self.name, values.many(references)))))

    def people(self, participants: Any, *keys: str) -> str:
        """Names of performer- or participant-like elements, with their role: "Dr Ada Lane (attender)"."""
        found: dict[str, None] = {}
        for item in values.objs(participants):
            person = next(filter(None, (self.name(item.get(key)) for key in keys)), "") or self.name(item)
            role = values.concepts(item.get("function") or item.get("role") or item.get("type"))
            if person:
                found[f"{person} ({role})" if role and "actor" in keys else person] = None
        return ", ".join(found)


def resource_name(resource: dict[str, Any] | None) -> str:
    """A resource's own name: a person's, an organisation's, a code's. "" where it has none."""
    if resource is None:
        return ""
    kind = resource.get("resourceType")
    if kind in ("Practitioner", "Patient", "RelatedPerson", "Person"):
        return person_name(resource.get("name"))
    if kind in _NAMED_BY_CODE:
        name = values.concept(resource.get("code"))
        return f"{name} (entered in error)" if name and withdrawn(resource) else name
    if kind == "Goal":
        return values.concept(resource.get("description"))
    if kind == "PractitionerRole":
        return values.string(values.obj(resource.get("practitioner")).get("display"))
    if kind == "Device":
        names = values.objs(resource.get("deviceName"))
        return values.string(names[0].get("name")) if names else values.concept(resource.get("type"))
    name = resource.get("name") if isinstance(resource.get("name"), str) else resource.get("title")
    return values.string(name)


def person_name(names: Any) -> str:
    """A HumanName as written: its text, else prefix, given and family names."""
    for name in values.objs(names):
        if text := values.string(name.get("text")):
            return text
        parts = [*values.many(name.get("prefix")), *values.many(name.get("given")), name.get("family")]
        if joined := " ".join(filter(None, map(values.string, parts))):
            return joined
    return ""


def patient_id(resource: dict[str, Any]) -> str | None:
    """The patient's id, from a relative, absolute or urn reference in subject, patient or beneficiary."""
    for key in ("subject", "patient", "beneficiary"):
        reference = values.obj(resource.get(key))
        text = reference.get("reference")
        if not isinstance(text, str):
            continue
        text = text.strip()
        if found := _PATIENT.fullmatch(text):
            return found[1]
        urn = _URN.fullmatch(text)
        if urn and reference.get("type") in (None, "Patient"):
            return urn[1]
    return None


def withdrawn(resource: dict[str, Any]) -> bool:
    """Whether the resource says that it was entered in error."""
    for key in ("status", "verificationStatus", "docStatus", "clinicalStatus"):
        value = resource.get(key)
        if values.code(value).lower() == _WITHDRAWN:
            return True
        if any(symbol.lower() == _WITHDRAWN for _, symbol in values.codings(value)):
            return True
    return False


def never_withdrawn(body: bytes | None) -> bool:
    """Whether a resource's JSON can't say that it was entered in error, without a look at what it says."""
    return body is None or not (b"rror" in body or b"RROR" in body)


def modifiers(resource: dict[str, Any]) -> list[str]:
    """Names of modifier extensions anywhere in the resource (not in contained ones), and implicit rules.

    They can change the meaning of what they sit on, up to its opposite; none is known to the console.
    """
    found: dict[str, None] = {}
    own = {key: value for key, value in resource.items() if key != "contained"}
    for item in _walk(own):
        for extension in values.objs(item.get("modifierExtension")):
            url = values.string(extension.get("url"))
            found[url.rstrip("/").rpartition("/")[2] or "unnamed"] = None
    if values.string(resource.get("implicitRules")):
        found["implicit rules"] = None
    return list(found)


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within, itself first, without recursion (input may be nested without end)."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def notes(resource: dict[str, Any]) -> list[str]:
    """Every note[].text with who wrote it and when."""
    lines = []
    for note in values.many(resource.get("note")):
        text = values.prose(note if isinstance(note, str) else values.obj(note).get("text"))
        if not text:
            continue
        author = values.string(values.obj(note).get("authorString")) or values.string(
            values.obj(values.obj(note).get("authorReference")).get("display")
        )
        about = ", ".join(filter(None, (author, values.date(values.obj(note).get("time")))))
        lines.append(f"Note ({about}): {text}" if about else f"Note: {text}")
    return lines


def labelled(label: str, text: str) -> list[str]:
    """["Label: text"], or nothing where there is no text."""
    return [f"{label}: {text}"] if text else []
