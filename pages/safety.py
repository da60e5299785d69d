"""The rules that every command of the AI is judged by, and the clinic's policy."""

from __future__ import annotations

import streamlit as st

from pages._bots_parts import facts_html, table
from pages._shell import friendly, guard, safe
from services.console import safety

_VERDICTS = {"block": "Refuses", "queue": "Sends to a person", "warn": "Tells"}

principal = guard("Safety rules", "administer")
st.title("Safety rules", anchor=False)
with friendly():
    st.html(
        '<div class="fb-status">Every command is judged by all of them when it comes, and again when somebody approves it. '
        "Blocked beats queued beats executed.</div>"
    )
    rows = [
        [
            f"<b>{safe(line.rule.title)}</b><div class='fb-meta'>{safe(line.rule.id)}</div>",
            safe(line.rule.about)
            + (f" <span class='fb-meta'>{safe(line.rule.source)}</span>" if line.rule.source else ""),
            _VERDICTS[line.rule.verdict],
            f"{line.blocks:,}",
        ]
        for line in safety.rules(principal)
    ]
    st.html(table("Safety rules", ("Rule", "What it looks for", "At most", "Recent blocks"), rows))
    st.header("Policy", anchor=False)
    st.html(facts_html((name, safe(value)) for name, value in safety.policy_facts(principal)))
    st.html(
        '<div class="fb-status">The policy is a file: FABRIC_COMMAND_POLICY names it; what it leaves out is as shipped.</div>'
    )
