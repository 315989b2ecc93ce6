"""Tables for the records of people: one row per record; a change is acknowledged once it is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, fields
from functools import partial
from typing import Any

from remote_mixer.desk.policy import ROLES
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.times import LATEST
from remote_mixer.people.layer import Layer
from remote_mixer.people.person import PLACES, Invitation, Person, Session, Setting, Token
from remote_mixer.people.records import KEY_OF, Batch, R, Record
from remote_mixer.people.request import STATES, WANTS, Request
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.files import Closing
from remote_mixer.storage.rows import Row, Table

TABLES: dict[type[Any], str] = {
    Person: "people",
    Session: "sessions",
    Invitation: "invitations",
    Token: "tokens",
    Setting: "settings",
    Request: "requests",
    Layer: "layers",
}

CHOICES: dict[tuple[type[Any], str], Collection[str]] = {
    (Person, "role"): ROLES,
    (Invitation, "role"): ROLES,
    (Invitation, "kind"): PLACES,
    (Token, "role"): ROLES,
    (Request, "want"): WANTS,
    (Request, "state"): STATES,
}
"""Fields that hold one of a few words."""
TYPES: dict[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "float": lambda value: isinstance(value, float) and 0 <= value <= LATEST,
    "float | None": lambda value: value is None or (isinstance(value, float) and abs(value) <= LATEST),
    "int": lambda value: isinstance(value, int) and value >= 0,
    "bool": lambda value: value in (0, 1),
}
"""Check of a value for each type of field."""


class PeopleTables:
    """RecordStore of the people's room, in SQLite. Waiting batches share a write: many people join at one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Batch, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def read(self, kind: type[R]) -> list[R]:
        """Return all records of a kind, the oldest first. Blocks on the disk: for the start. Refusal `not-kept`."""
        try:
            return self._database.read(Table(TABLES[kind], [one.name for one in fields(kind)]), partial(parse, kind))
        except StorageError as fault:
            raise Refusal(Code.NOT_KEPT, str(fault)) from fault

    async def write(self, batch: Batch) -> None:
        """Write a batch in one transaction and return once it is on the disk; Refusal `not-kept`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await future

    async def _write_all(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            batches = [batch for batch, _ in waiting]
            fault: StorageError | None = None
            try:
                await self._database.commit(partial(_apply, batches))
            except StorageError as error:
                fault = error
            for _, future in waiting:
                _acknowledge(future, fault)


def parse(kind: type[R], row: Row) -> R:
    """Return the record in a row; ValueError where a field cannot be of such a record."""
    for one, value in zip(fields(kind), row, strict=True):
        if not TYPES[str(one.type)](value) or value not in CHOICES.get((kind, one.name), (value,)):
            raise ValueError(f"{one.name} is damaged")
    return kind(*row)


def _acknowledge(future: asyncio.Future[None], fault: StorageError | None) -> None:
    if future.done():  # cancelled by a client that has left
        return
    if fault is None:
        future.set_result(None)
    else:
        code = Code.OFFLINE if isinstance(fault, Closing) else Code.NOT_KEPT
        future.set_exception(Refusal(code, str(fault)))


def _apply(batches: Sequence[Batch], db: sqlite3.Connection) -> None:
    for batch in batches:
        for record in batch.upserts:
            _upsert(db, record)
        for record in batch.deletes:
            kind = type(record)
            key = KEY_OF[kind]
            db.execute(f'DELETE FROM {TABLES[kind]} WHERE "{key}" = ?', (getattr(record, key),))  # noqa: S608 our own names
        if batch.delete_requests_before:
            db.execute("DELETE FROM requests WHERE at < ?", (batch.delete_requests_before,))


def _upsert(db: sqlite3.Connection, record: Record) -> None:
    """Insert or update one record; a lone surrogate, which UTF-8 cannot encode, becomes a question mark."""
    kind, key = type(record), KEY_OF[type(record)]
    names = [one.name for one in fields(kind)]
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in names)
    db.execute(
        f'INSERT INTO {TABLES[kind]} ({columns}) VALUES ({values}) ON CONFLICT ("{key}") DO UPDATE SET {updates}',  # noqa: S608 our own names
        [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in astuple(record)],
    )
