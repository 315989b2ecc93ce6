"""The database: messages, the values of consoles without a memory, the records of people, and moves.

One thread reads and writes the file; the loop awaits it. A message is acknowledged once it is synced to the disk, so it
survives a power cut. Values are written twice a second without a sync: they survive the end of the process, and memory
cards last longer.
"""

import asyncio
import errno
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.storage import rows, snapshots
from remote_mixer.storage.files import FILE_NAME, Closing, StorageError, as_storage_error, open_file
from remote_mixer.storage.rows import Row, Table
from remote_mixer.storage.schema import MIGRATIONS

__all__ = ["Database", "StorageError"]

KEEP_SECONDS = 0.5  # from the first unwritten value to the write of all of them
RETRY_SECONDS = 1.0  # between attempts while writes fail
MESSAGES_WAITING = 1000  # to be written; more are refused
MESSAGES_KEPT = 100_000  # the newest ones

NOT_KEPT = (
    "Messages and mixes are not being kept, and people who join now have to join again after a restart; mixing goes on."
)
HUNG_SECONDS = 2.0
HUNG = "The disk does not answer: check it."
GONE = "the database was deleted or replaced while this program runs: restart it"

KEPT_VALUES = Table("kept_values", ("path", "value"))
MAX_NUMBER = 2**63 - 1  # above every message's

A = TypeVar("A")
R = TypeVar("R")

log = logging.getLogger(__name__)


class Database:
    """One open database. All methods but `open`, `kept` and `read` belong to one loop."""

    def __init__(self, folder: Path, db: sqlite3.Connection, notices: Sequence[str]) -> None:
        self._folder, self._db = folder, db
        self._opened = (folder / FILE_NAME).stat()
        self._db.text_factory = rows.text
        self._changes_in_snapshot = -1
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._unwritten_values: dict[str, Value] = {}
        self._value_writer: asyncio.Task[None] | None = None
        self._unwritten_messages: list[tuple[Row, asyncio.Future[int]]] = []
        self._message_writer: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.notices = list(notices)
        """Sentences for a person about the state in which the file was found."""
        self.trouble: str | None = None
        """Reason for which writes fail at present, as a sentence; None while they succeed."""
        self.trouble_listeners: list[Callable[[str | None], None]] = []
        """Called in the loop with each new `trouble`."""

    @classmethod
    def open(cls, folder: Path) -> "Database":
        """Open the database in this folder, or create it.

        Raises:
            StorageError: the folder cannot be written, or another server uses it.
        """
        opened = cls(folder, *open_file(folder))
        opened._thread.submit(int).result()  # starts it now: a computer without room for it says so at the start
        return opened

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        """Keep a message and return its number once it is on the disk. Waiting messages share one write.

        Raises:
            StorageError: it was not kept.
        """
        if self._closing.is_set() or len(self._unwritten_messages) >= MESSAGES_WAITING:
            raise StorageError("The message was not kept: too many are waiting for the disk. Say it again.")
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._unwritten_messages.append((tuple(map(_storable, (at, client, name, color, text))), future))
        if self._message_writer is None or self._message_writer.done():
            self._message_writer = asyncio.create_task(self._write_messages())
        return await future

    async def messages(self, before: int | None, limit: int) -> list[Message]:
        """Return up to `limit` messages older than number `before` (None: the newest), the newest last.

        Raises:
            StorageError: the database cannot be read.
        """
        return await self._run(self._read_messages, before, limit)

    def keep(self, values: Mapping[str, Value]) -> None:
        """Keep the newest value of each path: written within a second, and again until a write succeeds."""
        self._unwritten_values.update(values)
        self._start_writing_values()

    def kept(self, prefix: str) -> dict[str, Value]:
        """Return the values kept under paths with this prefix. Blocks on the disk: for the start.

        Raises:
            StorageError: the database cannot be read.
        """
        kept = self.read(KEPT_VALUES, rows.value_of)
        return {path: value for path, value in kept if path.startswith(prefix)}

    def read(self, table: Table, parse: Callable[[Row], R]) -> list[R]:
        """Return what `parse` makes of each row of a table, the oldest first. Blocks on the disk: for the start.

        A row for which `parse` raises ValueError is set aside in a file, and a notice names it.

        Raises:
            StorageError: the database cannot be read.
        """
        return self.query(partial(rows.read, table=table, parse=parse))

    def query(self, job: Callable[[sqlite3.Connection, Path], tuple[list[R], str]]) -> list[R]:
        """Return the rows of a job, which gets the database and its folder and gives a notice too. Blocks: see `read`.

        Raises:
            StorageError: the database cannot be read.
        """
        with as_storage_error():
            good, notice = self._thread.submit(job, self._db, self._folder).result()
        self.notices += [notice] if notice else []
        return good

    async def look_up(self, job: Callable[[sqlite3.Connection, Path], tuple[list[R], str]]) -> list[R]:
        """Return the rows of a job as `query` does, without blocking. Raises StorageError."""
        good, notice = await self._run(job, self._db, self._folder)
        if notice:
            log.warning(notice)
        return good

    async def tend(self) -> None:
        """Take a snapshot now, and every three minutes while something changes, until cancelled.

        Raises:
            StorageError: it cannot be taken.
        """
        while True:
            await self._run(self._take_snapshot)
            await asyncio.sleep(snapshots.SNAPSHOT_SECONDS)

    async def commit(self, job: Callable[[sqlite3.Connection], None]) -> None:
        """Run a job in one transaction and return once it is on the disk.

        Raises:
            StorageError: it was not kept.
        """
        if self._closing.is_set():
            raise Closing("It was not kept: the server is stopping.")
        await self._write(self._commit, job)

    async def close(self) -> None:
        """Write the waiting messages and values and close the file; log it where they cannot be written."""
        self._closing.set()
        if self._message_writer is not None:
            await self._message_writer
        if self._value_writer is not None:
            await asyncio.wait({self._value_writer})
        await self._write_values()  # what a writer that failed has left
        await self._run(self._db.close)
        self._thread.shutdown()

    async def _write_messages(self) -> None:
        while self._unwritten_messages:
            waiting, self._unwritten_messages = self._unwritten_messages, []
            rows, futures = zip(*waiting, strict=True)
            try:
                _acknowledge(futures, await self._write(self._insert, rows))
            except StorageError as error:
                _fail(futures, error)

    async def _write_values(self) -> None:
        """Write waiting values, with retries, until none is left and writes succeed."""
        while self._unwritten_values or (self.trouble and not self._closing.is_set()):
            await self._pause(RETRY_SECONDS if self.trouble else KEEP_SECONDS)
            values, self._unwritten_values = self._unwritten_values, {}
            try:
                await self._write(self._replace, values)
            except StorageError as error:
                self._unwritten_values = {**values, **self._unwritten_values}
                if self._closing.is_set():
                    log.error("%d values were not kept. %s", len(self._unwritten_values), error)  # noqa: TRY400 - the text is enough
                    return

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def _start_writing_values(self) -> None:
        if (self._value_writer is None or self._value_writer.done()) and not self._closing.is_set():
            self._value_writer = asyncio.create_task(self._write_values())
            self._value_writer.add_done_callback(self._restart_writing_values)

    def _restart_writing_values(self, ended: asyncio.Task[None]) -> None:
        """Go on after a fault of the writer; its values are still unwritten."""
        if ended.cancelled() or ended.exception():
            log.error("the writer of values failed and starts again: %s", ended)
            asyncio.get_running_loop().call_later(RETRY_SECONDS, self._start_writing_values)

    async def _write(self, job: Callable[[A], R], data: A) -> R:
        hung = asyncio.get_running_loop().call_later(HUNG_SECONDS, self._set_trouble, f"{NOT_KEPT} {HUNG}")
        try:
            result = await self._run(job, data)
        except StorageError as error:
            self._set_trouble(f"{NOT_KEPT} {error}")
            raise
        finally:
            hung.cancel()
        self._set_trouble(None)
        return result

    def _set_trouble(self, trouble: str | None) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        log.warning(trouble or "Everything is kept again.")
        for listener in self.trouble_listeners:
            listener(trouble)
        if trouble:
            self._start_writing_values()  # retries until a write succeeds, also when no value is waiting

    async def _run(self, job: Callable[..., R], *data: object) -> R:
        with as_storage_error():
            return await asyncio.get_running_loop().run_in_executor(self._thread, job, *data)

    # In the thread

    @contextmanager
    def _transaction(self, synchronous: str) -> Iterator[None]:
        self._look_for_the_file()
        self._db.execute(f"PRAGMA synchronous={synchronous}")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _look_for_the_file(self) -> None:
        """OSError where the open file is the folder's no more: what is written to it ends with this program."""
        with suppress(FileNotFoundError):
            if os.path.samestat(self._opened, (self._folder / FILE_NAME).stat()):
                return
        raise OSError(errno.ESTALE, GONE)

    def _commit(self, job: Callable[[sqlite3.Connection], None]) -> None:
        with self._transaction("FULL"):
            job(self._db)

    def _insert(self, rows: Sequence[Row]) -> list[int]:
        query = "INSERT INTO messages (at, client, name, color, text) VALUES (?, ?, ?, ?, ?) RETURNING id"
        with self._transaction("FULL"):
            numbers = [int(self._db.execute(query, row).fetchone()[0]) for row in rows]
            self._db.execute("DELETE FROM messages WHERE id <= ?", (numbers[-1] - MESSAGES_KEPT,))
        return numbers

    def _replace(self, values: Mapping[str, Value]) -> None:
        with self._transaction("NORMAL"):
            rows = [(path, json.dumps(value)) for path, value in values.items()]
            self._db.executemany("REPLACE INTO kept_values VALUES (?, ?)", rows)
            if not rows:  # an attempt after a fault: write something
                self._db.execute(f"PRAGMA user_version={len(MIGRATIONS)}")

    def _take_snapshot(self) -> None:
        if self._db.total_changes != self._changes_in_snapshot:
            snapshots.take(self._db, self._folder)
            self._changes_in_snapshot = self._db.total_changes

    def _read_messages(self, before: int | None, limit: int) -> list[Message]:
        query = "SELECT id, at, client, name, color, text FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?"
        bounds = (MAX_NUMBER if before is None else min(before, MAX_NUMBER), min(max(0, limit), MESSAGES_KEPT))
        found = self._db.execute(query, bounds).fetchall()
        return [Message(number, *map(rows.shown_text, texts)) for number, *texts in found][::-1]


def _acknowledge(futures: Sequence[asyncio.Future[int]], numbers: Sequence[int]) -> None:
    for future, number in zip(futures, numbers, strict=True):
        if not future.done():  # cancelled by a client that has left
            future.set_result(number)


def _fail(futures: Sequence[asyncio.Future[int]], error: StorageError) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(StorageError(str(error)))


def _storable(text: str) -> str:
    """Return the text with a ? for each lone surrogate, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode()
