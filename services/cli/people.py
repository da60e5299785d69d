"""`fabric user …` and `fabric client …`."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import Annotated

import orjson
import typer
from rich.table import Table

from services.cli._common import fail, open_system, out

user_app = typer.Typer(no_args_is_help=True, help="People who may sign in.")
client_app = typer.Typer(no_args_is_help=True, help="Programs that may call the API.")
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
RoleOption = Annotated[str, typer.Option("--role", help="administrator, clinician, approver or read-only.")]


@user_app.command("add")
def user_add(email: str, role: RoleOption, name: Annotated[str, typer.Option(help="Name to show.")] = "",
             password_stdin: PasswordStdin = False) -> None:  # fmt: skip
    """Add a person; asks for the password."""
    password = _asked(password_stdin)
    _with_accounts(lambda accounts: accounts.add_user(email, password, role, name))
    out.print(f"{email.lower()} may sign in as {role}.", markup=False)


@user_app.command("list")
def user_list() -> None:
    """Who may sign in."""
    _accounts_table("user")


@user_app.command("disable")
def user_disable(email: str) -> None:
    """End a person's access at once."""
    _with_accounts(lambda accounts: accounts.disable(email))
    out.print(f"{email} is disabled.", markup=False)


@user_app.command("enable")
def user_enable(email: str) -> None:
    """Let a person sign in again."""
    _with_accounts(lambda accounts: accounts.enable(email))
    out.print(f"{email} may sign in again.", markup=False)


@user_app.command("password")
def user_password(email: str, password_stdin: PasswordStdin = False) -> None:
    """Give a person a new password; whoever is signed in with the old one is signed out."""
    password = _asked(password_stdin)
    _with_accounts(lambda accounts: accounts.set_password(email, password))
    out.print(f"{email} has a new password.", markup=False)


@client_app.command("add")
def client_add(name: str, role: RoleOption) -> None:
    """Add a program; prints its id and its secret, which is never shown again."""
    principal, secret = _with_accounts(lambda accounts: accounts.add_client(name, role))
    print(orjson.dumps({"id": principal.id, "secret": secret}).decode())


@client_app.command("list")
def client_list() -> None:
    """Which programs may call."""
    _accounts_table("client")


@client_app.command("disable")
def client_disable(client_id: str) -> None:
    """End a program's access at once."""
    _with_accounts(lambda accounts: accounts.disable(client_id))
    out.print(f"{client_id} is disabled.", markup=False)


def _asked(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        fail("The two passwords differ. Nothing was changed.")
    return password


def _with_accounts(work: Callable):
    system = open_system()
    try:
        return work(system.accounts)
    finally:
        system.stop()


def _accounts_table(kind: str) -> None:
    table = Table("Id", "E-mail" if kind == "user" else "Login", "Name", "Role", "State")
    for column in table.columns:
        column.overflow = "fold"  # an id or address that is cut can't be used
    for item in _with_accounts(lambda accounts: accounts.list(kind)):
        state = "disabled" if item["disabled"] else "demo" if item["demo"] else "active"
        table.add_row(item["id"], item["login"], item["name"], item["role"], state)
    out.print(table)
