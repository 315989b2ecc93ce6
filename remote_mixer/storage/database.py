"""What outlives a restart: messages, and where the params of our own engine stand.

One thread writes and reads the file; the loop only ever awaits it. A message is acknowledged when it is on the disk
itself, so that it outlives even a power cut; values are written twice a second without waiting for the disk, which
outlives the death of the process and spares memory cards.
"""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.storage.files import MIGRATIONS, StorageError, advice, open_file

__all__ = ["Database", "StorageError"]

KEEP_SECONDS = 0.5  # from the first unwritten value to the write of all of them
RETRY_SECONDS = 1.0  # between attempts while the disk refuses
MESSAGES_WAITING = 1000  # for the disk; more are refused
MESSAGES_KEPT = 100_000  # the newest

NO_NUMBER = 2**63 - 1  # above every message

Row = tuple[str, ...]
A = TypeVar("A")
R = TypeVar("R")

log = logging.getLogger(__name__)


class Database:
    """One open database. All but `open` and `kept` belong to one loop."""

    def __init__(self, db: sqlite3.Connection, notices: Sequence[str]) -> None:
        self._db = db
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._unwritten: dict[str, Value] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._unsaid: list[tuple[Row, asyncio.Future[int]]] = []
        self._sayer: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.notices = list(notices)
        """What a person should know about how the database was found."""
        self.trouble: str | None = None
        """Why nothing is kept at this moment; None when all is well."""
        self.trouble_listeners: list[Callable[[str | None], None]] = []
        """Called in the loop with each new `trouble`."""

    @classmethod
    def open(cls, folder: Path) -> "Database":
        """Open or begin the database in this folder.

        Raises:
            StorageError: the folder cannot be written, or another server uses it.
        """
        return cls(*open_file(folder))

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        """Keep a message and return its number, once it is safe on the disk. Those that wait share one write.

        Raises:
            StorageError: it was not kept.
        """
        if self._closing.is_set() or len(self._unsaid) >= MESSAGES_WAITING:
            raise StorageError("The message was not kept: too many are waiting for the disk. Say it again.")
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._unsaid.append((tuple(map(_storable, (at, client, name, color, text))), future))
        if self._sayer is None or self._sayer.done():
            self._sayer = asyncio.create_task(self._say_all())
        return await future

    async def messages(self, before: int | None, limit: int) -> list[Message]:
        """Up to `limit` of the messages older than number `before`, of all when it is None; the newest last.

        Raises:
            StorageError: the database cannot be read.
        """
        return await self._run(self._read_messages, before, limit)

    def keep(self, values: Mapping[str, Value]) -> None:
        """Keep the newest value of each path; they are on the way to the disk within a second, and kept trying."""
        self._unwritten.update(values)
        self._wake_keeper()

    def kept(self, prefix: str) -> dict[str, Value]:
        """What was kept under paths that begin so. Waits for the disk: for the start.

        Raises:
            StorageError: the database cannot be read.
        """
        query = "SELECT path, value FROM kept_values WHERE substr(path, 1, length(:prefix)) = :prefix"
        rows = self.look(lambda db: db.execute(query, {"prefix": prefix}).fetchall())
        return {path: json.loads(value) for path, value in rows}

    def look(self, job: Callable[[sqlite3.Connection], R]) -> R:
        """Return what a job reads. Waits for the disk: for the start.

        Raises:
            StorageError: the database cannot be read.
        """
        with _translated():
            return self._thread.submit(job, self._db).result()

    async def commit(self, job: Callable[[sqlite3.Connection], None]) -> None:
        """Do what a job writes, whole or not at all, and return when it is safe on the disk.

        Raises:
            StorageError: it was not kept.
        """
        if self._closing.is_set():
            raise StorageError("It was not kept: the server stops.")
        await self._write(self._commit, job)

    async def close(self) -> None:
        """Write what waits and close the file. What the disk refuses now is lost, and logged."""
        self._closing.set()
        if self._sayer is not None:
            await self._sayer
        if self._keeper is not None:
            await self._keeper
        await self._run(self._db.close)
        self._thread.shutdown()

    async def _say_all(self) -> None:
        while self._unsaid:
            waiting, self._unsaid = self._unsaid, []
            rows, futures = zip(*waiting, strict=True)
            try:
                _answer(futures, await self._write(self._insert, rows))
            except StorageError as error:
                _disappoint(futures, error)

    async def _keep_all(self) -> None:
        """Write what waits, again and again, until nothing does and the disk takes it."""
        while self._unwritten or self.trouble:
            await self._pause(RETRY_SECONDS if self.trouble else KEEP_SECONDS)
            values, self._unwritten = self._unwritten, {}
            try:
                await self._write(self._replace, values)
            except StorageError as error:
                self._unwritten = {**values, **self._unwritten}
                if self._closing.is_set():
                    log.error("%d values were not kept. %s", len(self._unwritten), error)  # noqa: TRY400 - the text says it all
                    return

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def _wake_keeper(self) -> None:
        if (self._keeper is None or self._keeper.done()) and not self._closing.is_set():
            self._keeper = asyncio.create_task(self._keep_all())

    async def _write(self, job: Callable[[A], R], data: A) -> R:
        try:
            result = await self._run(job, data)
        except StorageError as error:
            self._tell(f"Messages and mixes are not being kept; mixing goes on. {error}")
            raise
        self._tell(None)
        return result

    def _tell(self, trouble: str | None) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        log.warning(trouble or "Messages and mixes are kept again.")
        for listener in self.trouble_listeners:
            listener(trouble)
        if trouble:
            self._wake_keeper()  # it tries until the disk takes a write, also when no value waits

    async def _run(self, job: Callable[..., R], *data: object) -> R:
        with _translated():
            return await asyncio.get_running_loop().run_in_executor(self._thread, job, *data)

    # In the thread

    @contextmanager
    def _transaction(self, synchronous: str) -> Iterator[None]:
        self._db.execute(f"PRAGMA synchronous={synchronous}")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

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

    def _read_messages(self, before: int | None, limit: int) -> list[Message]:
        query = "SELECT id, at, client, name, color, text FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?"
        bounds = (NO_NUMBER if before is None else min(before, NO_NUMBER), min(max(0, limit), MESSAGES_KEPT))
        return [Message(*row) for row in self._db.execute(query, bounds)][::-1]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(advice(error)) from error


def _answer(futures: Sequence[asyncio.Future[int]], numbers: Sequence[int]) -> None:
    for future, number in zip(futures, numbers, strict=True):
        if not future.done():  # its sayer may have gone
            future.set_result(number)


def _disappoint(futures: Sequence[asyncio.Future[int]], error: StorageError) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(StorageError(str(error)))


def _storable(text: str) -> str:
    """The text without half characters, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode()
