"""Tables of the database, version by version."""

from __future__ import annotations

import sqlite3
from contextlib import closing

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
    """
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, person TEXT NOT NULL,
        name TEXT NOT NULL, cause TEXT NOT NULL, spans TEXT NOT NULL, of TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE scenes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
        color TEXT NOT NULL, note TEXT NOT NULL, by TEXT NOT NULL, at REAL NOT NULL, scope TEXT NOT NULL,
        fade REAL NOT NULL, count INTEGER NOT NULL, deleted REAL, packed TEXT NOT NULL
    );
    CREATE TABLE safes (strip TEXT PRIMARY KEY, sections TEXT NOT NULL);
    """,
    """
    ALTER TABLE scenes ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE scenes ADD COLUMN owner TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE layers (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, lines TEXT NOT NULL, roles TEXT NOT NULL,
        rev INTEGER NOT NULL, at REAL NOT NULL
    );
    """,
)
"""One script for each version of the schema, never changed once released; `PRAGMA user_version` counts them."""


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the schema that a database says it has."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, target: int = len(MIGRATIONS)) -> None:
    """Bring a database to a version, each step whole or not at all."""
    version = version_of(db)
    for number, script in enumerate(MIGRATIONS[version:target], start=version + 1):
        db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")


def has_tables_of(db: sqlite3.Connection, version: int) -> bool:
    """Whether a database has the tables of a version, and no others."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as pattern:
        migrate(pattern, version)
        return _tables(db) == _tables(pattern)


def _tables(db: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Return tables and indexes, SQLite's own among them: it needs its table of numbers for new messages."""
    return set(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
