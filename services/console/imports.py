"""Loading files from the import page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from services.accounts.roles import Principal
from services.fhir.importing.importer import Importer, Report
from services.runtime.system import system


def import_files(
    principal: Principal, files: Iterable[tuple[str, BinaryIO]], progress: Callable[[Report, Path], None]
) -> Report:
    """Import uploaded files (name, stream). Raises InvalidInput where there is nothing to import, Forbidden for
    a role that may not. What was stored is embedded in the background."""
    principal.require("import")
    parts = system()
    with tempfile.TemporaryDirectory(dir=parts.settings.data_dir, prefix="upload-") as folder:
        paths = []
        for number, (name, stream) in enumerate(files):
            # Only the ending of the name that a browser sends is used for the path.
            path = Path(folder) / f"{number}" / Path(name).name[-100:]
            path.parent.mkdir()
            with path.open("wb") as target:
                while block := stream.read(1 << 20):
                    target.write(block)
            paths.append(path)
        importer = Importer(parts.repository, parts.database, author=principal.reference)
        report = importer.run(paths, progress)
    parts.worker.wake()
    return report
