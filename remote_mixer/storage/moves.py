"""Table of moves: one row for each, appended before it is told, and kept for thirty days."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from remote_mixer.desk.change import Cause
from remote_mixer.desk.moves import ALL_MOVES, Author, Choice, Move, Span
from remote_mixer.desk.sources import CLIENT, CONSOLE, SERVER
from remote_mixer.desk.times import LATEST
from remote_mixer.storage import rows
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.rows import Row, Table

MOVES_KEPT, KEPT_SECONDS = 200_000, 30 * 24 * 3600.0
MOST_BYTES = 48_000_000
"""Most bytes of the moves' values: recalls of whole consoles take thousands of times a fader's."""
TIDY_SECONDS = 3600.0
MOST_WAITING = 5_000
"""Moves that wait while the disk refuses; older ones are then kept in memory only."""
READ_AT_ONCE = 50

MOVES = Table("moves", ("id", "at", "kind", "person", "name", "cause", "spans", "of"))
KINDS = {CLIENT, CONSOLE, SERVER}

log = logging.getLogger(__name__)


class MoveTable:
    """Moves on the disk, for the history. One task of its own appends at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._refused: list[Move] = []

    def newest(self, most_moves: int, most_values: int) -> tuple[list[Move], int]:
        """Return the newest moves, the oldest first, and the highest number ever given. Blocks: for the start.

        Damaged rows are set aside. Raises StorageError.
        """
        tail = f"ORDER BY id DESC LIMIT {int(most_moves)}"
        found = self._database.query(
            lambda db, folder: _sorted_out(db, folder, rows.select(db, MOVES, tail).fetchall())
        )
        last = self._database.query(lambda db, _: (db.execute(LAST_ID).fetchall(), ""))
        return _within(found, most_values)[::-1], last[0][0] if last else 0

    async def append(self, moves: Sequence[Move]) -> bool:
        """Append moves; whether they are on the disk. What a disk refuses goes with the next ones."""
        waiting = [*self._refused, *moves]
        try:
            await self._database.commit(partial(_insert, [_row(move) for move in waiting]))
        except StorageError as fault:
            self._refused = waiting[-MOST_WAITING:]
            log.warning("moves are not kept: %s", fault)
            return False
        self._refused = []
        return True

    async def read(
        self,
        before: int,
        limit: int,
        fragments: Sequence[str] = (),
        wanted: Callable[[Move], bool] = lambda _: True,
        choice: Choice = ALL_MOVES,
    ) -> list[Move]:
        """Return up to `limit` moves with smaller numbers than `before`, the newest first; none where the disk refuses.

        fragments  texts of which a wanted move's values hold at least one: they make the search quick
        wanted     whether a move is wanted
        choice     name and time that every wanted move has: they make it quicker still
        """
        some = " OR ".join("INSTR(spans, ?)" for _ in fragments) or "TRUE"
        tail = f"WHERE id < ? AND at >= ? AND ? IN ('', name) AND ({some}) ORDER BY id DESC"
        bounds = before, choice.since, choice.by, *fragments

        def search(db: sqlite3.Connection, folder: Path) -> tuple[list[Move], str]:
            cursor = rows.select(db, MOVES, tail, bounds)
            found: list[Move] = []
            notices: list[str] = []
            while len(found) < limit and (some_rows := cursor.fetchmany(READ_AT_ONCE)):
                good, notice = _sorted_out(db, folder, some_rows)
                found += filter(wanted, good)
                notices += [notice] if notice else []
            return found[:limit], " ".join(notices)

        try:
            return await self._database.look_up(search)
        except StorageError:
            log.exception("the moves cannot be read")
            return []

    async def tend(self, lived: Callable[[], float]) -> None:
        """Delete old moves, now and once an hour, until cancelled.

        Moves are dated by the computer's clock. Where that is behind the clock of lifetimes, as after it ran ahead and
        was put right, it says what is old; where it is ahead it may have leapt, and the other one says it.

        lived  seconds since 1970 that no leap of the computer's clock moves on
        """
        while True:
            try:
                await self._database.commit(partial(_tidy, min(lived(), time.time())))
            except StorageError as fault:
                log.warning("old moves are not deleted: %s", fault)
            await asyncio.sleep(TIDY_SECONDS)


def parse(row: Row) -> Move:
    """Return the move in a row; ValueError where it is damaged."""
    id_, at, kind, person, name, cause, spans, of = row
    texts = (kind, person, name, cause, spans, of)
    if not isinstance(id_, int) or not isinstance(at, float) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a field is damaged")
    if kind not in KINDS or not 0 <= at <= LATEST:
        raise ValueError("the author or time is damaged")
    return Move(id_, at, Author(kind, person, name), Cause(cause), _spans(json.loads(spans)), _numbers(json.loads(of)))


def _spans(written: object) -> Mapping[str, Span]:
    if not isinstance(written, dict) or not written:
        raise ValueError("the values are damaged")
    return {path: _span(span) for path, span in written.items()}


def _span(span: object) -> Span:
    if not isinstance(span, list) or len(span) != 2:
        raise ValueError("a value is damaged")
    return rows.checked_value(span[0]), rows.checked_value(span[1])


def _numbers(written: object) -> tuple[int, ...]:
    if not isinstance(written, list) or not all(isinstance(number, int) for number in written):
        raise ValueError("the numbers of moves are damaged")
    return tuple(written)


def _row(move: Move) -> Row:
    """Return the row of a move; a lone surrogate, which UTF-8 cannot encode, becomes a question mark."""
    name = move.by.name.encode("utf-8", "replace").decode()
    spans = json.dumps(move.values, ensure_ascii=False, separators=(",", ":"))
    return move.id, move.at, move.by.kind, move.by.id, name, move.cause.value, spans, json.dumps(move.of)


# In the database's thread

LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'moves'"
TOO_OLD = "DELETE FROM moves WHERE id < (SELECT IFNULL(MIN(id), 1 << 62) FROM moves WHERE at >= ?)"
TOO_MANY_BYTES = """
    SELECT id FROM (SELECT id, SUM(LENGTH(spans)) OVER (ORDER BY id DESC) AS total FROM moves) WHERE total > ? LIMIT 1
"""


def _insert(written: Sequence[Row], db: sqlite3.Connection) -> None:
    db.executemany("REPLACE INTO moves VALUES (?, ?, ?, ?, ?, ?, ?, ?)", written)


def _tidy(now: float, db: sqlite3.Connection) -> None:
    # The first that is young enough protects all after it: a clock that leapt back has dated some of them too early.
    db.execute(TOO_OLD, (now - KEPT_SECONDS,))
    db.execute("DELETE FROM moves WHERE id <= (SELECT MAX(id) FROM moves) - ?", (MOVES_KEPT,))
    for (number,) in db.execute(TOO_MANY_BYTES, (MOST_BYTES,)).fetchall():
        db.execute("DELETE FROM moves WHERE id <= ?", (number,))


def _sorted_out(db: sqlite3.Connection, folder: Path, found: Sequence[Row]) -> tuple[list[Move], str]:
    return rows.sort_out(db, folder, MOVES, found, parse)


def _within(moves: Sequence[Move], most_values: int) -> list[Move]:
    """Return the first of these moves, up to so many values in all; always one."""
    count, kept = 0, list[Move]()
    for move in moves:
        count += len(move.values)
        if kept and count > most_values:
            break
        kept.append(move)
    return kept
