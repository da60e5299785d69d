"""What Python bots get by `from medplum import …`: small functions over FHIR's datatypes.

They run on the host's side over JSON values; whatever the value's shape, the worst is a Python error in the bot.
"""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime
from typing import Any

from services.runtime.sandbox import hl7v2


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def get_reference_string(value: dict[str, Any]) -> str:
    """ "Patient/123" of a resource or a reference."""
    return value["reference"] if "reference" in value else f"{value['resourceType']}/{value['id']}"


def create_reference(resource: dict[str, Any]) -> dict[str, Any]:
    """A Reference to the resource, with its display."""
    reference = {"reference": get_reference_string(resource)}
    if display := get_display_string(resource):
        reference["display"] = display
    return reference


def get_display_string(resource: dict[str, Any]) -> str:
    """A person's or a thing's name, a concept's text; the reference where there is none."""
    name = resource.get("name")
    if isinstance(name, list) and name and isinstance(name[0], dict):
        return format_human_name(name[0])
    if isinstance(name, str):
        return name
    return format_codeable_concept(resource.get("code")) or get_reference_string(resource)


def format_human_name(name: dict[str, Any]) -> str:
    """Given names, then the family name; `text` where there is neither."""
    parts = [*name.get("given", []), name.get("family")]
    return " ".join(part for part in parts if part) or name.get("text", "")


def format_codeable_concept(concept: Any) -> str:
    if not isinstance(concept, dict):
        return ""
    codings = concept.get("coding") or [{}]
    return concept.get("text") or codings[0].get("display") or codings[0].get("code") or ""


def get_identifier(resource: dict[str, Any], system: str) -> str | None:
    identifiers = resource.get("identifier") or []
    return next((one.get("value") for one in identifiers if one.get("system") == system), None)


def get_code_by_system(concept: dict[str, Any], system: str) -> str | None:
    return next((one.get("code") for one in concept.get("coding") or [] if one.get("system") == system), None)


def get_extension_value(resource: dict[str, Any], *urls: str) -> Any:
    """The value of the extension at the end of a path of urls."""
    found: Any = resource
    for url in urls:
        found = next((one for one in found.get("extension") or [] if one.get("url") == url), None)
        if found is None:
            return None
    return next((value for key, value in found.items() if key.startswith("value")), None)


def get_questionnaire_answers(response: dict[str, Any]) -> dict[str, Any]:
    """Each item's first answer by linkId, nested items included."""
    answers: dict[str, Any] = {}
    waiting = list(response.get("item") or [])
    while waiting:
        item = waiting.pop(0)
        given = item.get("answer") or []
        if given and item.get("linkId"):
            answers.setdefault(item["linkId"], given[0])
        waiting += item.get("item") or []
        for answer in given:
            waiting += answer.get("item") or []
    return answers


def calculate_age(birth_date: str, end_date: str | None = None) -> int:
    """Completed years from a full date to another, by default today's (UTC)."""
    born = date.fromisoformat(birth_date[:10])
    end = date.fromisoformat(end_date[:10]) if end_date else datetime.now(UTC).date()
    return end.year - born.year - ((end.month, end.day) < (born.month, born.day))


def create_uuid() -> str:
    return str(uuid.uuid4())


def parse_hl7(text: str) -> Any:
    return hl7v2.wrap(hl7v2.parse(text))


EXPORTS = {
    function.__name__: function
    for function in (
        calculate_age,
        create_reference,
        create_uuid,
        format_codeable_concept,
        format_human_name,
        get_code_by_system,
        get_display_string,
        get_extension_value,
        get_identifier,
        get_questionnaire_answers,
        get_reference_string,
        parse_hl7,
    )
}
