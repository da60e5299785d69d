"""`fabric bot …`: what an administrator of this machine does with bots."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
import typer
from rich.table import Table

from services.cli._common import fail, open_system, out

if TYPE_CHECKING:
    from services.runtime.system import System

app = typer.Typer(no_args_is_help=True, help="Bots: make, save, deploy, run.")
T = TypeVar("T")


def _with(work: Callable[[System, Any], T]) -> T:
    """`work` with the system, and with this machine's administrator as whoever acts."""
    from services.accounts.roles import Principal

    system = open_system()
    try:
        return work(system, Principal("cli", "machine", "fabric command", "administrator"))
    finally:
        system.stop()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        fail(f"{path} is not text in UTF-8.")


@app.command("create")
def create(
    name: str,
    file: Annotated[Path | None, typer.Option(help="Its first code; else a template in JavaScript.")] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    policy: Annotated[str | None, typer.Option(help="AccessPolicy/<id> that bounds it.")] = None,
) -> None:
    """Make a bot; prints its id. `deploy` makes it run."""
    from services.runtime.bots import TEMPLATE, create_bot

    code = _text(file) if file else TEMPLATE
    bot = _with(
        lambda system, who: create_bot(
            system, who, name, description, policy, filename=file.name if file else "index.ts", code=code
        )
    )
    print(bot.id)


@app.command("save")
def save(bot: str, file: Path) -> None:
    """Keep code without running it."""
    from services.runtime.bots import save_code

    code = _text(file)
    _with(lambda system, who: save_code(system, who, bot, code, file.name))
    out.print(f"{file.name} is saved. It runs once it is deployed: fabric bot deploy {bot}", markup=False)


@app.command("deploy")
def deploy(
    bot: str, file: Annotated[Path | None, typer.Argument(help="Code; else what was saved last.")] = None
) -> None:
    """Make code what runs from now on."""
    from services.runtime import bots

    code = _text(file) if file else None
    made = _with(lambda system, who: bots.deploy(system, who, bot, code, file.name if file else None))
    out.print(f"Deployed as version {made.version}.", markup=False)


@app.command("execute")
def execute(
    bot: str,
    input: Annotated[
        str | None, typer.Option("--input", help="File with the input, or - for standard input.")
    ] = None,
    content_type: Annotated[
        str, typer.Option(help="application/fhir+json, text/plain, x-application/hl7-v2+er7.")
    ] = "application/fhir+json",
    user: Annotated[str | None, typer.Option("--as", help="E-mail of the account that calls it.")] = None,
) -> None:
    """Run a bot once; prints what it returns, and its log on standard error."""
    from services.runtime import execution

    data = b"" if input is None else sys.stdin.buffer.read() if input == "-" else Path(input).read_bytes()
    value: Any = data.decode("utf-8", "replace")
    if "json" in content_type:
        try:
            value = orjson.loads(data) if data.strip() else {}
        except orjson.JSONDecodeError:
            fail("The input is not JSON. Say --content-type text/plain for text.")

    def work(system: System, who: Any) -> execution.Ended:
        caller = who
        if user is not None:
            found = [m for m in system.accounts.members() if m.email == user.strip().lower()]
            caller = system.accounts.member(found[0].reference) if found else None
            if caller is None:
                fail(f"Nobody may sign in as {user}.")
        found_bot = execution.find_bot(system.repository_for(caller), bot, None)
        return execution.execute(
            system, found_bot, execution.Call(value, content_type), caller, caller.reference
        )

    ended = _with(work)
    if ended.log:
        sys.stderr.write(ended.log.rstrip("\n") + "\n")
    if ended.outcome is not None:  # its log ends with what went wrong
        raise typer.Exit(1)
    if ended.returned and ended.value is not None:
        sys.stdout.write(ended.value if isinstance(ended.value, str) else orjson.dumps(ended.value).decode())
        sys.stdout.write("\n")


@app.command("list")
def list_() -> None:
    """All bots, and what of them runs."""
    from services.runtime.registry import BUILT_IN

    table = Table("Id", "Name", "Runs")
    for column in table.columns:
        column.overflow = "fold"
    for bot in _with(
        lambda system, _: system.repository.search("Bot", [("_count", "1000"), ("_sort", "name")]).matches
    ):
        code = bot.resource.get("executableCode")
        runs = (
            "built in"
            if bot.id in BUILT_IN
            else str(code.get("title"))
            if isinstance(code, dict)
            else "not deployed"
        )
        table.add_row(bot.id, str(bot.resource.get("name") or ""), runs)
    out.print(table)


@app.command("log")
def log(bot: str, count: Annotated[int, typer.Option(help="How many runs, the latest first.")] = 20) -> None:
    """What a bot's latest runs printed and how they ended."""
    params = [("entity", f"Bot/{bot}"), ("_sort", "-date"), ("_count", str(max(1, min(count, 1000))))]
    for event in _with(lambda system, who: system.repository_for(who).search("AuditEvent", params).matches):
        told = event.resource
        state = "ok" if told.get("outcome") == "0" else "FAILED"
        out.print(f"{told.get('recorded')}  {state}", markup=False, highlight=False)
        if told.get("outcomeDesc"):
            out.print(str(told["outcomeDesc"]), markup=False, highlight=False)
