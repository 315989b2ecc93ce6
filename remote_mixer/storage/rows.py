"""Rows of the database, read one by one: damaged ones are set aside in a file, all others are used."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from remote_mixer.desk.params import Value
from remote_mixer.private import append_private

FILE_NAME = "remote-mixer-damaged-rows.jsonl"

Row = tuple[Any, ...]
R = TypeVar("R")


def text(data: bytes) -> str | bytes:
    """Return a text of the database; where it is no UTF-8, its bytes, which no reader takes for a text."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


@contextmanager
def read_only(file: Path, timeout: float = 0.0) -> Iterator[sqlite3.Connection]:
    """Open a database without changing it; sqlite3.Error, in the body too, where it cannot be read."""
    if file.exists() and not file.is_file():
        raise sqlite3.DatabaseError(f"{file.name} is no file")
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout)) as db:
        db.text_factory = text
        try:
            yield db
        except UnicodeDecodeError as fault:  # in an error message, which names something damaged
            raise sqlite3.DatabaseError("SQLite's message is no UTF-8") from fault


def shown_text(data: str | bytes) -> str:
    """Return a text that is shown and no more, with a sign in place of what is damaged."""
    return data if isinstance(data, str) else data.decode(errors="replace")


def sorted_out(rows: Iterable[Row], parse: Callable[[Row], R]) -> tuple[list[R], list[Row]]:
    """Return what `parse` makes of the rows, and those that it cannot take."""
    good, bad = list[R](), list[Row]()
    for row in rows:
        try:
            good.append(parse(row))
        except (ValueError, OverflowError, RecursionError):
            bad.append(row)
    return good, bad


def value_of(row: Row) -> tuple[str, Value]:
    """Return the path and value of a row (path, JSON); ValueError where it is damaged."""
    path, written = row
    if not isinstance(path, str) or not isinstance(written, str):
        raise ValueError("not a text")
    return path, checked_value(json.loads(written))


def checked_value(value: object) -> Value:
    """Return what JSON gave if it is a value of a param; ValueError where it is none."""
    if value is None or isinstance(value, str | bool) or (isinstance(value, int | float) and math.isfinite(value)):
        return value
    raise ValueError("not a value")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name and columns, the key first."""

    name: str
    columns: Sequence[str]


def read(db: sqlite3.Connection, folder: Path, table: Table, parse: Callable[[Row], R]) -> tuple[list[R], str]:
    """Return what `parse` makes of each row, the oldest first, and a notice about those set aside ("" for none).

    Raises:
        sqlite3.Error, OSError: the table cannot be read, or a row not be set aside.
    """
    return sort_out(db, folder, table, select(db, table).fetchall(), parse)


def select(db: sqlite3.Connection, table: Table, tail: str = "", bounds: Sequence[object] = ()) -> sqlite3.Cursor:
    """Return a query's rows, read from the table itself; `tail` is its end in SQL, with places for the bounds."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    return db.execute(f"SELECT {names} FROM {table.name} NOT INDEXED {tail}", bounds)  # noqa: S608 our own words alone


def sort_out(
    db: sqlite3.Connection, folder: Path, table: Table, found: Iterable[Row], parse: Callable[[Row], R]
) -> tuple[list[R], str]:
    """Return what `parse` makes of these rows of a table, and a notice about those set aside and deleted.

    Raises:
        sqlite3.Error, OSError: a row cannot be set aside.
    """
    good, bad = sorted_out(found, parse)
    if not bad:
        return good, ""
    notice = set_aside(folder, table.name, bad)
    for row in bad:
        _delete(db, table, row[0])
    return good, notice


def _delete(db: sqlite3.Connection, table: Table, key: object) -> None:
    """Delete the rows with a key, which may be damaged itself: compared byte by byte."""
    column = table.columns[0]
    db.execute(f'DELETE FROM {table.name} WHERE CAST("{column}" AS BLOB) IS CAST(? AS BLOB)', (key,))  # noqa: S608 as above


def set_aside(folder: Path, table: str, rows: Sequence[Row]) -> str:
    """Append rows to the file in a folder and return a notice for a person. Raises OSError."""
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    lines = [json.dumps({"at": at, "table": table, "row": [_plain(field) for field in row]}) for row in rows]
    append_private(folder / FILE_NAME, "".join(f"{line}\n" for line in lines).encode())
    what = f"{len(rows)} damaged rows" if len(rows) > 1 else "A damaged row"
    verb = "were" if len(rows) > 1 else "was"
    return f"{what} of “{table}” in the database {verb} set aside in {FILE_NAME} in {folder}. All others are used."


def _plain(field: object) -> object:
    return {"bytes": field.hex()} if isinstance(field, bytes) else field
