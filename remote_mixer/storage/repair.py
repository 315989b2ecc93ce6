"""Replacement of a damaged database: by its own readable rows, by a snapshot, or by a new one."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from remote_mixer.storage import rows, schema, snapshots

ROW_FAULT = re.compile(
    r"ok$|(NULL|TEXT|NUMERIC|BLOB|INT|REAL) value in |row \d+ missing from index|wrong # of entries in index|"
    r"non-unique entry in index|Page \d+ is never used|rowid not at end-of-record"
)
"""Lines of `PRAGMA integrity_check` after which every row can still be read: the b-trees of the tables are whole."""


def restore(damaged: Path, path: Path, *, rows_only: bool) -> str:
    """Put a usable database at `path` in place of the damaged one, and return the end of a sentence about it.

    rows_only  the damaged file's tables can be read in full, so it is newer than any snapshot
    """
    if rows_only:
        with suppress(sqlite3.Error):
            return f"a new one holds {_salvage(damaged, path)}"
    for snapshot in snapshots.found(path.parent):
        if _use_snapshot(snapshot, path):
            return f"the snapshot of {snapshots.taken_at(snapshot)} is used: what was written since is missing"
    return f"a new one was created with {_salvage(damaged, path, skip_unreadable=True)}"


def _use_snapshot(snapshot: Path, path: Path) -> bool:
    if snapshots.faults_of(snapshot):
        return False
    with rows.read_only(snapshot) as db:
        version = schema.version_of(db)
        if not 0 < version <= len(schema.MIGRATIONS) or not schema.has_tables_of(db, version):
            return False
    path.touch(0o600)
    shutil.copyfile(snapshot, path)
    return True


def _salvage(damaged: Path, path: Path, *, skip_unreadable: bool = False) -> str:
    """Copy the rows of a damaged database into a new one; return how many, in words.

    Rows that break a rule of the tables are set aside.

    Raises:
        sqlite3.Error: a table cannot be read in full, unless `skip_unreadable`; nothing is at `path` then.
    """
    path.unlink(missing_ok=True)
    path.touch(0o600)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            schema.migrate(db)
            counts = [_copy(damaged, db, table, skip_unreadable=skip_unreadable) for table in _tables(db)]
    except sqlite3.Error:
        path.unlink()
        raise
    good, bad = (sum(column) for column in zip(*counts, strict=True))
    return f"its {good} readable rows{f' ({bad} damaged ones are in {rows.FILE_NAME})' if bad else ''}"


def _tables(db: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in db.execute(query)]


def _copy(damaged: Path, db: sqlite3.Connection, table: str, *, skip_unreadable: bool) -> tuple[int, int]:
    """Copy the rows of one table; return the number of rows that were copied, and of those set aside."""
    count, bad = 0, list[rows.Row]()
    db.execute("BEGIN")
    try:
        for row in _rows(damaged, db, table):
            places = ", ".join("CAST(? AS TEXT)" if isinstance(field, bytes) else "?" for field in row)
            try:
                db.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608 our own names
                count += 1
            except sqlite3.IntegrityError:
                bad.append(row)
    except sqlite3.Error:
        if not skip_unreadable:
            raise
    db.execute("COMMIT")
    if bad:
        rows.set_aside(damaged.parent, table, bad)
    return count, len(bad)


def _rows(damaged: Path, db: sqlite3.Connection, table: str) -> Iterator[rows.Row]:
    """Give the rows of a table by the columns that it has in the new database."""
    columns = ", ".join(f'"{column[1]}"' for column in db.execute(f"PRAGMA table_info({table})"))
    with rows.read_only(damaged) as source:
        yield from source.execute(f"SELECT {columns} FROM {table} NOT INDEXED")  # noqa: S608 our own names
