"""A clinic's own tables: read, checked whole before anything is kept, put in place at one stroke, and taken out again."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import getpass
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.errors import FabricError, InvalidInput
from services.knowledge import heads
from services.knowledge.catalogue import Mode, Table
from services.knowledge.entries import MANIFEST, Manifest, entries, key, manifest, own_cells
from services.knowledge.installed import CURRENT, installed, root

MOST_PROBLEMS = 50
MOST_BYTES = 400_000_000
_SUFFIXES = (".tsv", ".csv", ".txt")
_STAGED = ".new-"


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change does to the entries that count: the keys of those that are added, changed and dropped."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A checked import that doesn't count yet."""

    table: Table
    folder: Path
    manifest: Manifest
    changes: Changes


@contextlib.contextmanager
def staged(
    made: Table, paths: Sequence[Path], mode: Mode | None = None, source: str = "", version: str = ""
) -> Iterator[Staged]:
    """The files as an import that `put` makes count; nothing is left of it where it isn't put. `source` and `version` stand
    in for what the files don't say. Raises InvalidInput, whose `details` list every mistake as file, line, column, what
    is wrong and what to do."""
    mode = _mode(made, mode)
    files = _files(paths)
    root(made.kind).mkdir(parents=True, exist_ok=True)
    with _lock(made):
        for left in root(made.kind).glob(f"{_STAGED}*"):  # of an import that was killed
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_STAGED, dir=root(made.kind)))
        try:
            place = folder / made.place
            place.mkdir(exist_ok=True)
            texts = {path.name: _text(path) for path in files}
            for name, text in texts.items():
                _write(place / name, text.encode())
            told = _checked(made, folder, texts)
            head = heads.parse(line for text in texts.values() for line in text.splitlines()[: heads.MOST_LINES])
            known = Manifest(
                made.kind, mode, source or head.source, version or head.version, head.licence,
                dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), account(), told, tuple(texts),
            )  # fmt: skip
            known = _named(made, known, files)
            _write(folder / MANIFEST, known.body())
            _together(made, folder)
            yield Staged(made, folder, known, changes(made, installed(made.kind), folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def put(import_: Staged) -> Path:
    """Makes it what counts, for the next question of a running server too. A kill at any moment leaves what counted before
    or this. The import before is kept beside it, for whoever reads it just now."""
    base = root(import_.table.kind)
    before = installed(import_.table.kind)
    digest = hashlib.sha256()
    for path in sorted(p for p in import_.folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(import_.folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    final = base / digest.hexdigest()
    import_.folder.chmod(0o755)
    if not final.exists():
        _sync(import_.folder)
        import_.folder.rename(final)
        _sync(base)
    _point(base, final.name)
    for old in base.iterdir():
        if old.is_dir() and old not in (final, before):
            shutil.rmtree(old, ignore_errors=True)
    return final


def removable(made: Table) -> Changes:
    """What going back to the shipped table does. Raises InvalidInput where there is nothing to remove, or another import
    rests on it."""
    own = installed(made.kind)
    if own is None:
        raise InvalidInput(f"Nothing of {made.kind} was imported, so there is nothing to remove.")
    _together(made, None)
    try:
        return changes(made, own, None)
    except InvalidInput:  # what was imported can't be read any more: a reason to remove it
        return Changes((), (), (), 0)


def remove(made: Table) -> None:
    """Goes back to the shipped table."""
    with _lock(made):
        (root(made.kind) / CURRENT).unlink(missing_ok=True)
        _sync(root(made.kind))


def changes(made: Table, before: Path | None, after: Path | None) -> Changes:
    """Between two folders of a table's imports; None is the shipped table alone."""
    # By hashes, since a publisher's file may have millions of lines.
    was = {hash(k): hash(cells) for k, cells in _keyed(made, before)}
    added, changed, seen = [], [], set()
    for identity, cells in _keyed(made, after):
        number = hash(identity)
        seen.add(number)
        if number not in was:
            added.append(shown(identity))
        elif was[number] != hash(cells):
            changed.append(shown(identity))
    dropped = [shown(k) for k, _ in _keyed(made, before) if hash(k) not in seen]
    return Changes(tuple(added), tuple(changed), tuple(dropped), len(seen))


def shown(identity: tuple[str, ...]) -> str:
    """What tells an entry from the others, in a few words."""
    return " ".join(filter(None, identity[:5]))


def _keyed(made: Table, own: Path | None) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if made.files:
        rows = (e.cells for e in entries(made.kind, own))
    else:
        rows = own_cells(made, own, manifest(own)) if own else iter(())
    return ((key(made, cells), cells) for cells in rows)


# What is read


def _mode(made: Table, mode: Mode | None) -> Mode:
    if not made.modes:
        raise InvalidInput(f"'{made.kind}' can't be changed by an import: {made.title.lower()} come with the console.")
    if mode and mode not in made.modes:
        raise InvalidInput(f"'{made.kind}' can only be imported by --{made.modes[0]}.")
    return mode or made.modes[0]


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
            if not inside:
                raise InvalidInput(f"{path} holds no {', '.join(_SUFFIXES)} file.")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise InvalidInput(f"There is no file {path}.")
    names = [p.name for p in found]
    if doubled := next((n for n in names if names.count(n) > 1), None):
        raise InvalidInput(f"Two files are named {doubled}; rename one of them.")
    if MANIFEST in names:
        raise InvalidInput(f"No file may be named {MANIFEST}; rename it.")
    return found


def _text(path: Path) -> str:
    """As text with plain line ends. Raises InvalidInput for what is no text in UTF-8, or far too long."""
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB; no table is.")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidInput(f"{path.name}, line {line}: is not text in UTF-8; save the file as UTF-8.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InvalidInput(f"{path.name}, line {line}: holds a NUL character; save the file as plain text in UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _named(made: Table, known: Manifest, files: Sequence[Path]) -> Manifest:
    """With a source and a version, without which nobody could tell what a finding rests on."""
    missing = [n for n, v in (("Source", known.source), ("Version", known.version)) if not v]
    if not missing:
        return known
    if made.files:
        heads_ = " and ".join(f"“# {n}: …”" for n in missing)
        raise InvalidInput(
            f"{files[0].name}, line 1: the file doesn't say where it is from. Begin it with {heads_}, or say "
            f"{' and '.join(f'--{n.lower()}' for n in missing)}."
        )
    names = ", ".join(p.name for p in files)
    return Manifest(
        known.kind, known.mode, known.source or names, known.version or f"imported {known.at[:10]}", known.licence,
        known.at, known.by, known.told, known.files,
    )  # fmt: skip


# What is checked


def _checked(made: Table, folder: Path, texts: dict[str, str]) -> str:
    """What the files hold, in a line."""
    if made.summary:
        try:
            return made.summary(folder)
        except InvalidInput as error:
            place = f"{folder / made.place}{os.sep}"
            raise InvalidInput(error.message.replace(place, "").replace(f"{folder.name}: ", "")) from error
    problems: list[str] = []
    seen: dict[tuple[str, ...], str] = {}
    for name, text in texts.items():
        problems += _problems(made, name, text, seen)
    if problems:
        more = len(problems) - MOST_PROBLEMS
        shown = problems[:MOST_PROBLEMS] + ([f"… and {more} more"] if more > 0 else [])
        raise InvalidInput(
            f"{len(problems)} mistake{'s' if len(problems) != 1 else ''}; the first: {problems[0]}", details=shown
        )
    if not seen:
        raise InvalidInput(f"{', '.join(texts)}: holds no entry.")
    return f"{len(seen):,} entr{'y' if len(seen) == 1 else 'ies'}"


def _problems(made: Table, name: str, text: str, seen: dict[tuple[str, ...], str]) -> Iterator[str]:
    columns = made.columns
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{name}, line {number}"
        cells = tuple(line.split("\t"))
        if len(cells) > len(columns) or len(cells) < 2:
            yield (f"{where}: has {len(cells)} column{'s' if len(cells) != 1 else ''}; write {len(columns)} with tabs "
                   f"between: {', '.join(columns)}.")  # fmt: skip
            continue
        cells = (*cells, *([""] * (len(columns) - len(cells))))
        wrong = [(n, said) for n, check in enumerate(made.checks) if (said := check(cells[n]))]
        if not wrong and made.row and (said := made.row(cells)):
            wrong = [said]
        for column, said in wrong:
            quoted = f"“{cells[column][:60]}” " if cells[column] else ""
            yield f"{where}, column {column + 1} ({columns[column]}): {quoted}{said}{'' if said.endswith('?') else '.'}"
        identity = key(made, cells)
        if identity in seen:
            yield f"{where}: is of {shown(identity)}, as {seen[identity]} is; keep one of them."
        seen.setdefault(identity, where)


def _together(made: Table, folder: Path | None) -> None:
    """Whether everything that rests on the table can be put together with this in its place."""
    if made.load is None:
        return
    try:
        made.load(lambda kind: folder if kind == made.kind else installed(kind))
    except FabricError:
        raise
    except (ValueError, KeyError) as error:  # checked before, so this is about what stands beside it
        raise InvalidInput(f"It doesn't fit the other tables: {error}") from error


# How it is kept


@contextlib.contextmanager
def _lock(made: Table) -> Iterator[None]:
    """One import or removal of a kind at a time; others wait."""
    with (root(made.kind) / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _point(base: Path, name: str) -> None:
    new = base / f"{CURRENT}.new"
    _write(new, name.encode())
    new.replace(base / CURRENT)
    _sync(base)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def account() -> str:
    """The account of the operating system that runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return f"uid {os.getuid()}"
