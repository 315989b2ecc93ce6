"""Verified copies of the database: the newest and the one before, taken while the program runs and before a migration.

A copy is read back whole before it replaces an older one, so at least one good copy stands at any moment.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from remote_mixer.storage import rows

NEWEST, OLDER, UNFINISHED = (f"remote-mixer.snapshot{word}.db" for word in ("", "-older", "-unfinished"))
SNAPSHOT_SECONDS = 180.0
"""Time between snapshots while something changes."""


def take(db: sqlite3.Connection, folder: Path) -> None:
    """Copy the database into a new snapshot. Raises OSError, or sqlite3.Error where the copy is not whole."""
    unfinished = folder / UNFINISHED
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600)
    db.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(unfinished),))  # a folder's name need not be UTF-8
    if faults := faults_of(unfinished):
        raise sqlite3.DatabaseError(f"the snapshot is damaged: {faults[0]}")
    if (folder / NEWEST).exists():
        (folder / NEWEST).replace(folder / OLDER)
    unfinished.replace(folder / NEWEST)


def found(folder: Path) -> list[Path]:
    """Return the snapshots in a folder, the newest first."""
    return [file for file in (folder / NEWEST, folder / OLDER) if file.exists()]


def taken_at(snapshot: Path) -> str:
    """Return the local time at which a snapshot was taken, for a person."""
    return datetime.fromtimestamp(snapshot.stat().st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")


def faults_of(file: Path) -> list[str]:
    """Return what SQLite finds wrong in a closed database, without changing it; an empty list for a whole one."""
    try:
        with rows.read_only(file) as db:
            found = [str(line) for (line,) in db.execute("PRAGMA integrity_check")]
    except sqlite3.Error as fault:
        return [str(fault)]
    return [] if found == ["ok"] else found
