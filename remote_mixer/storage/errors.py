"""What storage says when it cannot keep something, in words for the person who can mend it."""

import sqlite3

_ADVICE = {
    sqlite3.SQLITE_FULL: "The disk is full: make room on it.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: its disk or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened: check that its folder is there and can be written.",
    sqlite3.SQLITE_BUSY: "Another Remote Mixer uses this database: stop that one first.",
    sqlite3.SQLITE_LOCKED: "Another Remote Mixer uses this database: stop that one first.",
    sqlite3.SQLITE_IOERR: "The disk does not answer as it should: check it.",
    sqlite3.SQLITE_CORRUPT: "The database is damaged: restart Remote Mixer, and it begins a new one and keeps the old.",
    sqlite3.SQLITE_NOTADB: "The database is damaged: restart Remote Mixer, and it begins a new one and keeps the old.",
}


class StorageError(Exception):
    """Something could not be kept or read; the text says what to do about it."""


def advice(error: sqlite3.Error) -> str:
    """One or two sentences on what to do about this error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte; the rest says which kind of it
    return _ADVICE.get(code, f"The database says: {error}.")
