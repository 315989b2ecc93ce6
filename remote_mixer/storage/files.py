"""The database file: opened exclusively, migrated, and set aside when it is damaged or too new."""

import logging
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from remote_mixer.private import keep_private

FILE_NAME = "remote-mixer.db"
PARTS = ("", "-wal", "-shm")  # SQLite's own suffixes
LOCK_SECONDS = 2.0  # for a former server to close the file
JOURNAL_BYTES = 4 * 1024 * 1024  # maximum length of the write-ahead log after a checkpoint
MIGRATIONS = (
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL, client TEXT NOT NULL, name TEXT NOT NULL, color TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE TABLE kept_values (path TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE people (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, mix TEXT NOT NULL, at REAL NOT NULL,
        seen REAL NOT NULL
    );
    CREATE TABLE sessions (digest TEXT PRIMARY KEY, person TEXT NOT NULL, at REAL NOT NULL);
    CREATE TABLE invitations (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL, role TEXT NOT NULL, mix TEXT NOT NULL, kind TEXT NOT NULL,
        made_by TEXT NOT NULL, at REAL NOT NULL, ends REAL NOT NULL, used INTEGER NOT NULL, revoked INTEGER NOT NULL
    );
    CREATE TABLE tokens (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, mix TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE requests (
        id TEXT PRIMARY KEY, at REAL NOT NULL, person TEXT NOT NULL, client TEXT NOT NULL, name TEXT NOT NULL,
        mix TEXT NOT NULL, path TEXT NOT NULL, want TEXT NOT NULL, count INTEGER NOT NULL, state TEXT NOT NULL,
        db REAL, text TEXT NOT NULL, by TEXT NOT NULL, closed REAL
    );
    """,
)
"""One script for each version of the schema, never changed once released; `PRAGMA user_version` counts them."""

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


def advice(error: sqlite3.Error) -> str:
    """Return one or two sentences on what to do about an error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the code, the rest details it
    return _ADVICE.get(code, f"The database says: {error}.")


def open_file(folder: Path) -> tuple[sqlite3.Connection, list[str]]:
    """Return the connection to the database in a folder, and sentences for a person about the state of the file.

    Until it is closed no other process can open the file. A file that is damaged or of a newer version is renamed with
    a date, byte for byte, and a new one created.

    Raises:
        StorageError: the folder cannot be written, or another server uses it.
    """
    path = folder / FILE_NAME
    notices: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = _unfit(path)
        if reason:
            notices.append(_set_aside(path, reason))
            log.warning(notices[-1])
        return _open(path), notices
    except OSError as error:
        raise StorageError(
            f"The data folder {folder} cannot be used: {error.strerror or error}. Choose another one with --data."
        ) from error
    except sqlite3.Error as error:
        raise StorageError(f"{advice(error)} The data folder is {folder}; --data chooses another one.") from error


def _unfit(path: Path) -> str:
    """Return why the file cannot be used, "" where it can; opens it read-only, so it is not changed."""
    if not path.exists() or not path.stat().st_size:
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=LOCK_SECONDS)) as db:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                return f"comes from a newer Remote Mixer (schema {version}; this program knows {len(MIGRATIONS)})"
            return "" if db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok" else "is damaged"
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return "is damaged"


def _set_aside(path: Path, reason: str) -> str:
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    kept = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    while kept.exists():
        kept = kept.with_name(f"{kept.stem}+{kept.suffix}")
    for part in PARTS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + part).rename(kept.with_name(kept.name + part))
    return f"The database {reason}. It was set aside as {kept.name} in {path.parent}, and a new one was created."


def _open(path: Path) -> sqlite3.Connection:
    _make_private(path)
    db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db)
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


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA locking_mode=EXCLUSIVE")  # before the first access, so that two servers cannot share the file
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA journal_size_limit={JOURNAL_BYTES}")
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
    db.execute("BEGIN IMMEDIATE")  # fails now if the file cannot be written
    db.execute("COMMIT")
