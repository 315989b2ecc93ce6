"""The database file: opened exclusively, migrated, and set aside when it is damaged or too new."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from remote_mixer.private import keep_private
from remote_mixer.storage import repair, rows, schema, snapshots
from remote_mixer.storage.schema import MIGRATIONS

FILE_NAME = "remote-mixer.db"
RESTORED_NAME = "remote-mixer.restored.db"  # until it is whole
PARTS = ("", "-wal", "-shm")  # SQLite's own suffixes
LOCK_SECONDS = 2.0  # for a former server to close the file
JOURNAL_BYTES = 4 * 1024 * 1024  # maximum length of the write-ahead log after a checkpoint
NOT_OF_THE_FILE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}
"""Error codes that say nothing about the content of the file."""
NO_ROOM_TO_LOOK = {
    *(sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
}
"""Errors by which a full disk refuses the file that readers share."""
KNOWN_FORMATS = {1, 2}
"""Format versions of a database file: rollback journal and write-ahead log (SQLite's file format, section 1.3.3)."""

_ADVICE = {
    sqlite3.SQLITE_FULL: "The disk is full: make room on it.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: its disk or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened: check that its folder is there and can be written.",
    sqlite3.SQLITE_BUSY: "Another Remote Mixer uses this database: stop that one first.",
    sqlite3.SQLITE_LOCKED: "Another Remote Mixer uses this database: stop that one first.",
    sqlite3.SQLITE_IOERR: "The disk reports an error: check it.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged: restart Remote Mixer: it creates a new one and keeps the old.",
    sqlite3.SQLITE_NOTADB: "The database is damaged: restart Remote Mixer: it creates a new one and keeps the old.",
}

log = logging.getLogger(__name__)


class StorageError(Exception):
    """Data could not be read or written; the text says what to do."""


class Closing(StorageError):
    """Data was not written because the program stops."""


def advice(error: sqlite3.Error) -> str:
    """Return one or two sentences on what to do about an error."""
    return _ADVICE.get(_code(error), f"The database says: {error}.")


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's code, 0 for an error of Python's; the low byte is the code, the rest details it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def as_storage_error() -> Iterator[None]:
    """Raise StorageError for any fault of a job, so that whoever waits for the disk gets an answer."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(advice(error)) from error
    except asyncio.CancelledError as stray:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise
        raise StorageError("The write was interrupted: try again.") from stray
    except OSError as error:
        raise StorageError(f"A file of the data folder cannot be used ({error.strerror or error}).") from error
    except Exception as fault:  # the guard of the disk's tasks
        log.exception("the storage failed")
        raise StorageError(f"The storage failed ({type(fault).__name__}: {fault}).") from fault


def open_file(folder: Path) -> tuple[sqlite3.Connection, list[str]]:
    """Return the connection to the database in a folder, and sentences for a person about the state of the file.

    Until it is closed no other process can open the file. A file that is damaged or of a newer version is renamed with
    a date, byte for byte; what takes its place is in `repair`.

    Raises:
        StorageError: the folder cannot be written, or another server uses it.
    """
    path = folder / FILE_NAME
    notices: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if unfit := _unfit(path):
            replacement = repair.restore(path, folder / RESTORED_NAME, rows_only=unfit.rows_only)
            kept = _set_aside(path)  # not before: a program that is killed meanwhile begins again
            (folder / RESTORED_NAME).replace(path)
            where = f". It was set aside as {kept.name} in {folder}" if kept.exists() else ""
            notices.append(f"The database {unfit.reason}{where}, and {replacement}.")
            log.warning(notices[-1])
        return _open(path), notices
    except OSError as error:
        name = Path(error.filename or folder).name
        raise StorageError(
            f"The data folder {folder} cannot be used: {error.strerror or error} ({name}). Check that it is yours and "
            "can be written, or choose another one with --data."
        ) from error
    except sqlite3.Error as error:
        raise StorageError(f"{advice(error)} The data folder is {folder}; --data chooses another one.") from error


@dataclass(frozen=True, slots=True)
class Unfit:
    """Reason for which a file cannot be used; `rows_only`: its pages are whole, and rows or indexes are not."""

    reason: str
    rows_only: bool = False


DAMAGED = Unfit("is damaged")
MISSING = Unfit("is missing")
NO_FILE = Unfit("is no file")  # but a folder or a pipe: the latter would be waited for


def _unfit(path: Path) -> Unfit | None:
    """Return why the file cannot be used, None where it can; it is not changed. OSError where it may not be written."""
    if not path.exists():
        return MISSING if snapshots.found(path.parent) else None
    if not path.is_file():
        return NO_FILE
    with path.open("r+b"):
        pass
    if not path.stat().st_size:  # a new one, or what a power cut left of one that had been copied
        return DAMAGED if snapshots.found(path.parent) else None
    if _is_readable(path) and not set(_header(path)) <= KNOWN_FORMATS:
        return DAMAGED
    try:
        return _looked_at(path)
    except sqlite3.Error as error:
        if _code(error) in NOT_OF_THE_FILE or not _is_readable(path):
            raise
        return DAMAGED


def _looked_at(path: Path) -> Unfit | None:
    """Return why the content cannot be used; sqlite3.Error where it cannot be read."""
    try:
        with rows.read_only(path, LOCK_SECONDS) as db:
            return _unfit_content(db)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) not in NO_ROOM_TO_LOOK or not _is_readable(path):
            raise
    with closing(sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)) as db:
        db.text_factory = rows.text
        db.execute("PRAGMA locking_mode=EXCLUSIVE")  # the only reader shares nothing
        return _unfit_content(db)


def _unfit_content(db: sqlite3.Connection) -> Unfit | None:
    version, newest = schema.version_of(db), len(MIGRATIONS)
    is_newer = version > newest and not schema.has_tables_of(db, newest)
    if is_newer:
        return Unfit(f"comes from a newer Remote Mixer (schema {version}; this program knows {newest})")
    faults = [str(line) for (line,) in db.execute("PRAGMA integrity_check")]
    rows_only = all(map(repair.ROW_FAULT.match, faults))
    if version > newest or version < 1 or not schema.has_tables_of(db, version):
        return Unfit(DAMAGED.reason, rows_only=rows_only and schema.has_tables_of(db, newest))
    return None if faults == ["ok"] else Unfit(DAMAGED.reason, rows_only)


def _is_readable(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


def _header(path: Path) -> bytes:
    """Return the two format versions in the file's header, for writing and for reading."""
    with path.open("rb") as file:
        return file.read(20)[18:]


def _set_aside(path: Path) -> Path:
    """Rename the file and its parts with the date, and return its new path."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    kept = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    while kept.exists():
        kept = kept.with_name(f"{kept.stem}+{kept.suffix}")
    for part in PARTS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + part).rename(kept.with_name(kept.name + part))
    return kept


def _open(path: Path) -> sqlite3.Connection:
    _make_private(path)
    db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, path.parent)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _make_private(path: Path) -> None:
    """Make the file 0600 from the start; SQLite gives its other parts the permissions of the file."""
    if not path.exists():
        path.touch(0o600)
    for part in PARTS:
        keep_private(path.with_name(path.name + part))


def _prepare(db: sqlite3.Connection, folder: Path) -> None:
    db.execute("PRAGMA locking_mode=EXCLUSIVE")  # before the first access, so that two servers cannot share the file
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA journal_size_limit={JOURNAL_BYTES}")
    if 0 < schema.version_of(db) < len(MIGRATIONS):
        snapshots.take(db, folder)
    schema.migrate(db)
    db.execute("BEGIN IMMEDIATE")  # fails now if the file cannot be written
    db.execute("COMMIT")
