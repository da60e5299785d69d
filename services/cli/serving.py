"""`fabric serve`, `fabric router`, `fabric doctor`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli._common import err, fail, out

app = typer.Typer()


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8103,
    address: Annotated[
        str, typer.Option(help="Address to listen on; loopback unless behind a proxy.")
    ] = "127.0.0.1",
) -> None:
    """Serve the console and its API."""
    from services.settings import settings

    script = Path(__file__).resolve().parents[2] / "app.py"
    if not script.exists():
        fail("app.py is not beside the package: install the project in place (pip install -e .).")
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
        fail("Set FABRIC_LLM_API_KEY to a key of your own first: the default one is known to everybody.")
    made = build_router(settings(), config)
    listening = bound(host, port, allow_remote=allow_remote)
    err.print(f"LLM router on http://{host}:{listening.getsockname()[1]}/v1 with {', '.join(made.aliases)}",
              markup=False, highlight=False)  # fmt: skip
    RouterServer(made, listening).run()


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
