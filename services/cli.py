"""The `fabric` command. Each command works beside a running server."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.errors import FabricError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="The Fabric clinician console: server, import and administration.")  # fmt: skip
user_app = typer.Typer(no_args_is_help=True, help="People who may sign in.")
client_app = typer.Typer(no_args_is_help=True, help="Programs that may call the API.")
app.add_typer(user_app, name="user")
app.add_typer(client_app, name="client")
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 200)  # a pipe has no width
err = Console(soft_wrap=True, stderr=True)


def main() -> None:
    """Entry point: expected failures are one line on standard error and exit status 1."""
    try:
        status = app(standalone_mode=False)
        if isinstance(status, int) and status:  # typer.Exit arrives as a value
            raise SystemExit(status)
    except FabricError as error:
        _fail(error.message)
    except BrokenPipeError:  # the reader of an export has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except ValidationError as error:
        problems = (f"FABRIC_{'.'.join(map(str, p['loc'])).upper()}: {p['msg']}" for p in error.errors())
        _fail(f"The settings can't be used: {'; '.join(problems)}")
    except typer.Exit as done:
        raise SystemExit(done.exit_code) from None
    except typer.Abort:
        _fail("Stopped.")
    except KeyboardInterrupt:
        _fail("Stopped. What was reported as stored is stored; run it again to go on.")
    except Exception as error:
        if type(error).__module__.startswith(("click", "typer")):  # a usage error
            show = getattr(error, "format_message", None)
            _fail(show() if show else str(error), status=2)
        raise


def _fail(message: str, status: int = 1) -> NoReturn:
    err.print(" ".join(message.split()), style="red", markup=False, highlight=False, soft_wrap=True)
    raise SystemExit(status)


def _system():
    from services.runtime.system import System
    from services.settings import settings

    return System(settings())


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8103,
    address: Annotated[
        str, typer.Option(help="Address to listen on; loopback unless behind a proxy.")
    ] = "127.0.0.1",
) -> None:
    """Serve the console and its API."""
    from services.settings import settings

    script = Path(__file__).resolve().parent.parent / "app.py"
    if not script.exists():
        _fail("app.py is not beside the package: install the project in place (pip install -e .).")
    # A relative data folder stays where it was meant, though Streamlit starts beside .streamlit/config.toml.
    os.environ["FABRIC_DATA_DIR"] = str(settings().data_dir.resolve())
    os.chdir(script.parent)
    arguments = [
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.address",
        address,
    ]
    os.execv(sys.executable, [sys.executable, *arguments])


@app.command()
def router(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    config: Annotated[
        Path | None, typer.Option(help="TOML file of the models behind it; else FABRIC_LLM_CONFIG.")
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines in, by plain HTTP.")
    ] = False,
) -> None:
    """Serve the LLM router: chat and embeddings by the OpenAI API."""
    from services.llm.core import build_router
    from services.llm.serve import RouterServer, bound
    from services.settings import Settings, settings

    known = settings().llm_api_key == Settings.model_fields["llm_api_key"].default
    if allow_remote and known:
        _fail("Set FABRIC_LLM_API_KEY to a key of your own first: the default one is known to everybody.")
    made = build_router(settings(), config)
    listening = bound(host, port, allow_remote=allow_remote)
    err.print(f"LLM router on http://{host}:{listening.getsockname()[1]}/v1 with {', '.join(made.aliases)}",
              markup=False, highlight=False)  # fmt: skip
    RouterServer(made, listening).run()


@app.command("import")
def import_(paths: Annotated[list[Path], typer.Argument(help="Files or folders of FHIR R4 JSON or ndjson, also gzipped.")],
            json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False) -> None:  # fmt: skip
    """Load FHIR R4 files, keeping their ids, and embed them unless a running server does."""
    from services.fhir.importing.importer import Importer, Report

    system = _system()
    try:
        with _bar("importing") as progress:
            task = progress.add_task("reading", total=None)

            def show(report: Report, path: Path) -> None:
                progress.update(task, total=max(report.bytes_total, 1) // 1024 + 1,
                                completed=report.bytes_done // 1024 + 1,
                                description=f"{report.stored} stored, {report.refused} refused: {path.name[:40]}")  # fmt: skip

            report = Importer(system.repository, system.database).run(paths, show)
        _print_report(report, as_json=json)
        if report.stored:
            _embed(system, err if json else out)
    finally:
        system.stop()
    if report.refused and not report.read - report.refused:
        raise typer.Exit(1)


def _bar(_label: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def _print_report(report, *, as_json: bool) -> None:
    if as_json:
        body = {
            "files": report.files,
            "created": dict(report.created),
            "updated": dict(report.updated),
            "unchanged": dict(report.unchanged),
            "refused": report.refused,
            "resumedBehind": report.resumed,
            "problems": [{"where": p.where, "what": p.what, "reason": p.reason} for p in report.problems],
            "seconds": round(report.seconds, 2),
        }
        print(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("Type", "Created", "Updated", "Unchanged")
    for name in sorted({*report.created, *report.updated, *report.unchanged}):
        table.add_row(name, str(report.created[name]), str(report.updated[name]), str(report.unchanged[name]))
    out.print(table)
    for problem in report.problems[:50]:
        err.print(f"refused: {problem.where}: {problem.what}: {problem.reason}", style="yellow", markup=False,
                  highlight=False, soft_wrap=True)  # fmt: skip
    if len(report.problems) > 50:
        err.print(f"… and {report.refused - 50} more (--json lists up to 1,000)", style="yellow")
    if report.resumed:
        out.print(f"Went on behind {report.resumed} entries of an earlier, interrupted import.")
    rate = report.read / report.seconds if report.seconds else 0
    out.print(
        f"{report.stored} stored, {report.unchanged.total()} unchanged, {report.refused} refused, "
        f"from {report.files} files in {report.seconds:.1f} s ({rate:.0f} resources/s)."
    )


def _embed(system, said: Console = out) -> None:
    """Work off what waits, here, or leave it to the process that owns the index."""
    if not system.owner.acquire():
        said.print("A running console owns the index and embeds what is new in the background.")
        return
    embedded = 0
    with _bar("embedding") as progress:
        task = progress.add_task("embedding", total=system.pipeline.backlog())
        while (step := system.pipeline.step()) is not None:
            embedded += step.embedded
            progress.update(task, advance=step.changes, description=f"embedding: {embedded} passages")
    said.print(f"{embedded} passages embedded; {system.store.counts()['chunks']} in the index.")


@app.command()
def export(path: Annotated[Path, typer.Argument(help="File to write (.ndjson), or - for standard output.")],
           types: Annotated[list[str] | None, typer.Option("--type", help="Only these resource types.")] = None) -> None:  # fmt: skip
    """Write the current version of every resource as ndjson (Bulk Data). Members, policies and bots belong to this
    installation: they are written only where --type names them."""
    from services.accounts.policy import ADMINISTRATIVE
    from services.fhir.definitions import resource_types

    for name in types or ():
        if name not in resource_types():
            _fail(f"'{name}' is not a FHIR R4 resource type.")
    system = _system()
    count = 0
    # Patients' data: readable by its owner alone.
    target = sys.stdout.buffer if str(path) == "-" else os.fdopen(
        os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb"
    )  # fmt: skip
    try:
        for stored in system.repository.everything(types or resource_types() - ADMINISTRATIVE):
            target.write((stored.body or b"") + b"\n")
            count += 1
        target.flush()
    finally:
        if target is not sys.stdout.buffer:
            target.close()
        system.stop()
    err.print(f"{count} resources written.")


@app.command()
def reindex(
    everything: Annotated[bool, typer.Option("--all", help="Read the whole record again.")] = False,
) -> None:
    """Bring the index up to the record; vectors of unchanged text are kept."""
    system = _system()
    try:
        if everything:
            system.store.set_state("cursor", "0")
        _embed(system)
    finally:
        system.stop()


@app.command()
def doctor() -> None:
    """Check each part and say what is wrong."""
    from services.runtime.doctor import checks

    wrong = 0
    for name, state, good in checks():
        out.print(
            f"{'ok   ' if good else 'WRONG'} {name}: {state}", style=None if good else "red", markup=False
        )
        wrong += not good
    if wrong:
        raise typer.Exit(1)


PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
RoleOption = Annotated[str, typer.Option("--role", help="administrator, clinician, approver or read-only.")]


@user_app.command("add")
def user_add(email: str, role: RoleOption, name: Annotated[str, typer.Option(help="Name to show.")] = "",
             password_stdin: PasswordStdin = False) -> None:  # fmt: skip
    """Add a person; asks for the password."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            _fail("The two passwords differ. Nothing was added.")
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


def _with_accounts(work: Callable):
    system = _system()
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
