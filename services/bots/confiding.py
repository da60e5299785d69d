"""One answer of a chat model, without anything that names the patient leaving the clinic."""

from __future__ import annotations

from typing import Any

from services.bots.context import Context
from services.fhir.repository import Repository
from services.index.hidden import identifying
from services.llm.client import Call
from services.llm.redaction import EXPLANATION, Redactor


def answer_of(
    context: Context, repository: Repository, messages: list[dict[str, str]], call: Call, **asked: Any
) -> tuple[str, str]:
    """(what the model says, names put back; the model). `messages` begin with the system's; `repository` is the record as it is read
    for the patient that `call` names; `asked` is the router's task, temperature and most tokens. What was hidden is told
    to the audit trail, counts alone.

    Raises LLMRouterError, Cancelled.
    """
    if context.router.inside_clinic:
        answer = context.router.chat(messages, call=call, **asked)
        return answer.text, answer.model
    redactor = Redactor.from_resources(identifying(repository, call.patient_id or ""))
    hidden = redactor.redact_messages(messages)
    hidden[0]["content"] += f" {EXPLANATION}"
    context.audit.write(
        "phi_redaction",
        patient_id=call.patient_id,
        agent=context.principal.reference,
        details=dict(redactor.counts),
    )
    answer = context.router.chat(hidden, call=call, **asked)
    return redactor.restore(answer.text), answer.model
