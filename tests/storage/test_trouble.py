"""A disk that refuses is said, mixing goes on, and nothing that can still be kept is lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.storage.database import Database, StorageError
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


async def test_a_disk_that_refuses_at_the_close_does_not_hold_it_up(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    await order(database, REFUSE["read-only"])
    database.keep({"band/ch1/fader": 0.5})
    await database.close()
    assert database.trouble
