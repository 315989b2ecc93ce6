"""A disk that refuses is said, mixing goes on, and nothing that can still be kept is lost."""

import asyncio
import shutil
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.storage import database as module
from remote_mixer.storage.database import Database, StorageError
from tests.support.throwing import ThrownIn, can_fail, throw
from tests.support.waiting import until

REFUSE = {"full": "PRAGMA max_page_count=1", "read-only": "PRAGMA query_only=ON"}
TAKE = {"full": "PRAGMA max_page_count=1000000", "read-only": "PRAGMA query_only=OFF"}


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.open(tmp_path)
    yield database
    await database.close()


async def order(database: Database, pragma: str) -> None:
    await database._run(database._db.execute, pragma)


async def say(database: Database, text: str) -> int:
    return await database.say("2026-01-01T00:00:00Z", "c1", "Anna", "red", text)


async def fill(database: Database) -> None:
    for _ in range(100):  # until the pages at hand are used up
        await say(database, "x" * 1000)


@pytest.mark.parametrize("why", REFUSE)
async def test_a_message_that_cannot_be_kept_is_refused_with_the_reason(database: Database, why: str) -> None:
    await order(database, REFUSE[why])
    with pytest.raises(StorageError, match=why):
        await fill(database)
    assert why in str(database.trouble)
    await order(database, TAKE[why])
    await until(lambda: database.trouble is None)
    assert await say(database, "again") > 0


@pytest.mark.parametrize("why", REFUSE)
async def test_values_that_cannot_be_written_wait_for_the_disk(database: Database, why: str) -> None:
    told: list[str | None] = []
    database.trouble_listeners.append(told.append)
    await order(database, REFUSE[why])
    database.keep({f"band/ch{n}/name": "x" * 500 for n in range(64)})
    await until(lambda: told)
    database.keep({"band/ch1/name": "newer"})
    await order(database, TAKE[why])
    await until(lambda: told[-1] is None)
    assert len(told) == 2
    kept = database.kept("band/")
    assert len(kept) == 64
    assert kept["band/ch1/name"] == "newer"


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file cannot be deleted")
@pytest.mark.parametrize("fate", ["deleted", "replaced", "folder deleted"])
async def test_a_database_that_somebody_takes_away_is_said_and_nothing_more_is_acknowledged(
    tmp_path: Path, fate: str
) -> None:
    database = Database.open(tmp_path / "data")
    assert await say(database, "before") == 1
    aside = tmp_path / "aside"
    (tmp_path / "data").rename(aside)
    if fate != "folder deleted":
        shutil.copytree(aside, tmp_path / "data", ignore=shutil.ignore_patterns("*.db*" if fate == "deleted" else ""))
    with pytest.raises(StorageError, match="deleted or replaced"):
        await say(database, "nowhere")
    assert "deleted or replaced" in str(database.trouble)
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    aside.rename(tmp_path / "data")
    await until(lambda: database.trouble is None)
    assert [message.text for message in await database.messages(None, 9)] == ["before"]
    await database.close()


async def test_a_disk_that_refuses_at_the_close_does_not_hold_it_up(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    await order(database, REFUSE["read-only"])
    database.keep({"band/ch1/fader": 0.5})
    await database.close()
    assert database.trouble


@pytest.mark.parametrize("fault", [ThrownIn, asyncio.CancelledError])
async def test_a_fault_in_the_writer_of_values_loses_none_of_them(
    database: Database, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    for number in range(3):
        database.keep({f"band/ch{number}/fader": 0.5})
        writer = database._value_writer
        assert writer
        await until(lambda writer=writer: can_fail(writer))  # type: ignore[misc]
        throw(writer, fault())
        await until(lambda number=number: f"band/ch{number}/fader" in database.kept("band/"))  # type: ignore[misc]
    await until(lambda: database.trouble is None)


@pytest.mark.parametrize("fault", [ThrownIn, asyncio.CancelledError])
async def test_a_fault_while_a_message_is_written_is_an_answer_and_the_next_one_is_kept(
    database: Database, fault: type[BaseException]
) -> None:
    disk_is_free = threading.Event()
    database._thread.submit(disk_is_free.wait)
    saying = asyncio.create_task(say(database, "hello"))
    await until(lambda: database._message_writer and can_fail(database._message_writer))
    assert database._message_writer
    throw(database._message_writer, fault())
    disk_is_free.set()
    with pytest.raises(StorageError):
        await saying
    assert await say(database, "again") > 0


async def test_a_fault_of_a_job_is_an_answer_too(database: Database) -> None:
    with pytest.raises(StorageError, match="ZeroDivisionError"):
        await database.commit(lambda _: 1 / 0)  # type: ignore[arg-type] # no job of ours


async def test_a_disk_that_does_not_answer_is_said_until_it_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HUNG_SECONDS", 0.01)
    disk_is_free = threading.Event()
    database._thread.submit(disk_is_free.wait)
    saying = asyncio.create_task(say(database, "hello"))
    await until(lambda: database.trouble)
    assert "does not answer" in str(database.trouble)
    disk_is_free.set()
    assert await saying > 0
    assert database.trouble is None
