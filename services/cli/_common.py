"""What the commands share: where they print, how they fail, the system that they work on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

if TYPE_CHECKING:
    from services.runtime.system import System

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 200)  # a pipe has no width
err = Console(soft_wrap=True, stderr=True)


def fail(message: str, status: int = 1) -> NoReturn:
    err.print(" ".join(message.split()), style="red", markup=False, highlight=False, soft_wrap=True)
    raise SystemExit(status)


def open_system() -> System:
    from services.runtime.system import System
    from services.settings import settings

    return System(settings())
