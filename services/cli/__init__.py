"""The `fabric` command. Each command works beside a running server."""

from __future__ import annotations

import os
import sys

import typer
from pydantic import ValidationError

from services.cli import audit, backups, bots, knowledge, medplum, migrate, people, records, serving
from services.cli._common import fail
from services.errors import FabricError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="The Fabric clinician console: server, import and administration.")  # fmt: skip
app.add_typer(serving.app)
app.add_typer(records.app)
app.add_typer(backups.app)
app.add_typer(migrate.app)
app.add_typer(medplum.app, name="medplum")
app.add_typer(people.user_app, name="user")
app.add_typer(people.client_app, name="client")
app.add_typer(bots.app, name="bot")
app.add_typer(audit.app, name="audit")
app.add_typer(knowledge.app, name="knowledge")


def main() -> None:
    """Entry point: expected failures are one line on standard error and exit status 1."""
    try:
        status = app(standalone_mode=False)
        if isinstance(status, int) and status:  # typer.Exit arrives as a value
            raise SystemExit(status)
    except FabricError as error:
        fail(error.message)
    except BrokenPipeError:  # the reader of an export has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        fail(f"{error.filename or 'input or output'}: {error.strerror or error}")
    except ValidationError as error:
        problems = (f"FABRIC_{'.'.join(map(str, p['loc'])).upper()}: {p['msg']}" for p in error.errors())
        fail(f"The settings can't be used: {'; '.join(problems)}")
    except typer.Exit as done:
        raise SystemExit(done.exit_code) from None
    except typer.Abort:
        fail("Stopped.")
    except KeyboardInterrupt:
        fail("Stopped. What was reported as stored is stored; run it again to go on.")
    except Exception as error:
        if type(error).__module__.startswith(("click", "typer")):  # a usage error
            show = getattr(error, "format_message", None)
            fail(show() if show else str(error), status=2)
        raise
