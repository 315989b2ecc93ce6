"""Moves on the disk: one row each, back after a restart, damaged ones set aside, old ones deleted."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from remote_mixer.desk.change import Cause
from remote_mixer.desk.moves import Author, Move
from remote_mixer.storage import moves as module
from remote_mixer.storage.database import Database
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.moves import MoveTable
from remote_mixer.storage.rows import FILE_NAME as DAMAGED_ROWS
from remote_mixer.storage.schema import MIGRATIONS
from tests.storage.test_kill import killed, number, writer

ANNE = Author("client", "p1", "Anne 🎸")
FADER = "band/ch1/fader"


def move(number: int, at: float = 1e9, **more: object) -> Move:
    return Move(number, at, ANNE, Cause.HAND, {FADER: (0.1, number / 1000)} | more)  # type: ignore[arg-type] # values


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[MoveTable]:
    database = Database.open(folder)
    try:
        yield MoveTable(database)
    finally:
        await database.close()


async def test_moves_come_back_as_they_were(tmp_path: Path) -> None:
    undo = Move(2, 1.5e9, Author("console", "band", "band"), Cause.UNDO, {"a/b": ("½", None), "a/c": (True, 1)}, (1, 7))
    async with opened(tmp_path) as table:
        assert table.newest(9, 9) == ([], 0)
        assert await table.append([move(1), undo])
    async with opened(tmp_path) as table:
        assert table.newest(9, 9) == ([move(1), undo], 2)
        assert await table.read(2, 9) == [move(1)]


async def test_only_the_newest_come_into_memory_and_older_ones_by_the_page(tmp_path: Path) -> None:
    async with opened(tmp_path) as table:
        await table.append([move(n) for n in range(1, 21)])
        assert [one.id for one in table.newest(5, 99)[0]] == [16, 17, 18, 19, 20]
        assert [one.id for one in table.newest(99, 3)[0]] == [18, 19, 20]
        assert [one.id for one in await table.read(16, 3)] == [15, 14, 13]
        assert [one.id for one in await table.read(16, 3, [FADER], lambda one: one.id % 2 == 0)] == [14, 12, 10]
        assert await table.read(16, 3, ["band/ch2"]) == []


async def test_a_number_is_not_given_again_when_all_moves_were_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path) as table:
        await table.append([move(41)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("DELETE FROM moves")
    async with opened(tmp_path) as table:
        assert table.newest(9, 9) == ([], 41)


async def tidied(table: MoveTable, lived: float | None = None) -> list[int]:
    """Let it tidy once, at a time of the clock of lifetimes, and return the numbers that are left."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await table.tend(lambda: lived or time.time())
    return [one.id for one in reversed(await table.read(10**9, 10**6))]


async def test_what_is_older_than_thirty_days_goes(tmp_path: Path) -> None:
    now = time.time()
    assert (module.MOVES_KEPT, module.MOST_BYTES) == (200_000, 48_000_000)
    async with opened(tmp_path) as table:
        await table.append([move(1, now - 31 * 86_400), move(2, now - 29 * 86_400)])
        assert await tidied(table) == [2]


@pytest.mark.parametrize("years", [-56, -10, -1, 1, 20])
async def test_moves_of_a_clock_that_has_leapt_are_kept_with_those_before(tmp_path: Path, years: int) -> None:
    now = time.time()
    async with opened(tmp_path) as table:
        leapt = now + years * 365 * 86_400
        await table.append([move(1, now - 31 * 86_400), move(2, now - 86_400), move(3, leapt), move(4, leapt + 60)])
        assert await tidied(table, lived=now) == [2, 3, 4]


@pytest.mark.parametrize("days", [31, 365, 20_000])
async def test_moves_of_a_clock_that_was_put_right_are_kept_for_thirty_days_of_the_right_time(
    tmp_path: Path, days: int
) -> None:
    """A clock that ran ahead when people came, and leapt back: the clock of lifetimes stays ahead for good."""
    now = time.time()
    async with opened(tmp_path) as table:
        await table.append([move(1, now - 31 * 86_400), move(2, now - 29 * 86_400), move(3, now - 60)])
        assert await tidied(table, lived=now + days * 86_400) == [2, 3]


@pytest.mark.parametrize(("bound", "most", "left"), [("MOVES_KEPT", 3, [8, 9, 10]), ("MOST_BYTES", 70, [9, 10])])
async def test_what_is_more_than_a_bound_goes_the_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, left: list[int]
) -> None:
    monkeypatch.setattr(module, bound, most)
    async with opened(tmp_path) as table:
        await table.append([move(n, time.time()) for n in range(1, 11)])
        assert await tidied(table) == left


@pytest.mark.parametrize(
    "harm",
    [
        "spans = '{'",
        "spans = '{}'",
        "spans = '{\"a\": [1]}'",
        "spans = '{\"a\": [1, [2]]}'",
        "cause = 'whim'",
        "kind = 'ghost'",
        "of = '{}'",
        "name = x'ff'",
        "at = 'now'",
    ],
)
async def test_a_damaged_row_is_set_aside_and_all_others_are_used(tmp_path: Path, harm: str) -> None:
    async with opened(tmp_path) as table:
        await table.append([move(1), move(2), move(3)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute(f"UPDATE moves SET {harm} WHERE id = 2")  # noqa: S608 - the table above
    async with opened(tmp_path) as table:
        assert [one.id for one in table.newest(9, 9)[0]] == [1, 3]
        assert "damaged row of “moves”" in table._database.notices[0]
    (line,) = (tmp_path / DAMAGED_ROWS).read_text().splitlines()
    assert (json.loads(line)["table"], json.loads(line)["row"][0]) == ("moves", 2)


async def test_a_database_of_the_second_version_keeps_what_it_has_and_gets_moves(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.executescript(f"{MIGRATIONS[0]} {MIGRATIONS[1]} PRAGMA user_version=2;")
        db.execute("INSERT INTO kept_values VALUES ('x', '1')")
    async with opened(tmp_path) as table:
        assert await table.append([move(1)])
        assert table._database.kept("x") == {"x": 1}
        assert not table._database.notices


async def test_what_a_disk_refuses_goes_with_the_next_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(tmp_path) as table:
        with monkeypatch.context() as patch:
            patch.setattr(module, "_insert", lambda _rows, db: db.execute("INSERT INTO nowhere VALUES (1)"))
            assert not await table.append([move(1)])
        assert await table.append([move(2)])
        assert await table.read(9, 9) == [move(2), move(1)]


@pytest.mark.skipif("sys.platform == 'win32'", reason="this system cannot kill -9")
async def test_every_kept_move_outlives_kill_9(tmp_path: Path) -> None:
    async with writer(tmp_path, "move") as process:
        numbers = [await number(process) for _ in range(50)]
        numbers += await killed(process)
    async with opened(tmp_path) as table:
        kept, _ = table.newest(10**6, 10**6)
        assert set(numbers) <= {one.id for one in kept}
        assert not table._database.notices
