"""Members: the people and programs that may sign in, their roles and what bounds them."""

from __future__ import annotations

import streamlit as st

from pages._bots_parts import table
from pages._bots_tabs import flash, show_flash
from pages._cards import plain
from pages._shell import friendly, guard, safe
from services.console import members
from services.console.members import ROLES, MemberLine
from services.errors import FabricError

NONE = ""
HEAD = {
    "user": ("Name", "E-mail", "Role", "Access policy", "State"),
    "client": ("Name", "Id", "Role", "Access policy", "State"),
}


def show(kind: str, title: str) -> None:
    st.header(title, anchor=False)
    lines = members.members(principal, kind)
    if not lines:
        st.markdown("None yet.")
        return
    rows = [
        [safe(line.name), safe(line.login if kind == "user" else line.id), safe(line.role), safe(line.policy_name), safe(line.state)]
        for line in lines
    ]  # fmt: skip
    st.html(table(title, HEAD[kind], rows))
    chosen = st.selectbox(
        "Change", lines, index=None, key=f"chosen-{kind}", placeholder="Choose whom", width=640,
        format_func=lambda line: f"{line.name} ({line.login if kind == 'user' else line.id[:8]})",
    )  # fmt: skip
    if chosen is not None:
        show_changes(next((line for line in lines if line.id == chosen.id), chosen))


def show_changes(line: MemberLine) -> None:
    with st.container(border=True, width=640, key=f"member-{line.kind}"):
        names = {NONE: "None: all that the role gives", **members.policies(principal)}
        held = line.policy if line.policy in names else NONE
        policy = st.selectbox(
            "Access policy", list(names), format_func=names.__getitem__, index=list(names).index(held),
            key=f"policy-{line.id}",
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button("Set the policy", key=f"set-{line.id}", disabled=policy == held, on_click=act,
                      args=(f"{line.name} is bounded by: {names[policy or NONE]}.", members.set_policy, line, policy or NONE))  # fmt: skip
            if line.state == "Disabled":
                st.button("Enable", key=f"enable-{line.id}", on_click=act,
                          args=(f"{line.name} may sign in again.", members.turn, line, True))  # fmt: skip
            else:
                with st.popover("Disable"):
                    st.markdown("End this account's access at once?")
                    st.button("Disable it", key=f"disable-{line.id}", type="primary", on_click=act,
                              args=(f"{line.name} is disabled.", members.turn, line, False))  # fmt: skip
        if line.kind == "user":
            with st.form(f"password-{line.id}", clear_on_submit=True, border=False):
                password = st.text_input("New password", type="password", autocomplete="new-password")
                if st.form_submit_button("Set the password"):
                    act(f"{line.name} has a new password.", members.set_password, line, password)
                    st.rerun()


def act(done: str, work, *arguments: object) -> None:
    try:
        work(principal, *arguments)
        flash("success", done)
    except FabricError as error:
        flash("error", error.message)


def show_new_person() -> None:
    opened = st.expander("Add a person", icon=":material/person_add:", width=640)
    with opened, st.form("person", clear_on_submit=False, border=False):
        email = st.text_input("E-mail", max_chars=254)
        name = st.text_input("Name to show", max_chars=100, placeholder="Dr Ada Example")
        role = st.selectbox("Role", ROLES, index=1, key="person-role")
        password = st.text_input(
            "Password", type="password", autocomplete="new-password", help="At least ten characters."
        )
        if st.form_submit_button("Add", type="primary"):
            with friendly():
                members.add_person(principal, email, password, role, name)
                flash("success", f"{email.strip().lower()} may sign in as {role}.")
                st.rerun()


def show_new_program() -> None:
    made: tuple[str, str, str] | None = st.session_state.get("made-program")
    if made:
        with st.container(border=True, width=640, key="made"):
            st.markdown(
                f"**{plain(made[0])}** can call the API with these. The secret is not shown again: copy it now."
            )
            st.code(f'{{"id": "{made[1]}", "secret": "{made[2]}"}}', language="json", wrap_lines=True)
            st.button("I have copied it", on_click=lambda: st.session_state.pop("made-program", None))
    opened = st.expander("Add a program", icon=":material/add:", width=640)
    with opened, st.form("program", clear_on_submit=True, border=False):
        name = st.text_input("Name", max_chars=100, placeholder="Laboratory interface", key="program-name")
        role = st.selectbox("Role", ROLES, index=1, key="program-role")
        if st.form_submit_button("Add", type="primary"):
            with friendly():
                st.session_state["made-program"] = (name, *members.add_program(principal, name, role))
                st.rerun()


principal = guard("Members", "administer")
st.title("Members", anchor=False)
show_flash()
with friendly():
    with st.container(gap="medium"):
        show("user", "People")
        show_new_person()
    with st.container(gap="medium"):
        show("client", "Programs")
        show_new_program()
