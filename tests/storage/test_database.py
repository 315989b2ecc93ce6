"""Messages and values come back after a restart."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.storage import database as module
from remote_mixer.storage.database import Database, StorageError
from tests.support.waiting import until

AT = "2026-01-01T20:15:00Z"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    database = Database.open(folder)
    try:
        yield database
    finally:
        await database.close()


async def test_a_message_is_there_after_a_restart_with_who_and_when(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        number = await database.say(AT, "c1", "Anna", "red", "more <b>vocals</b> in 3 ’\0")
    async with opened(tmp_path) as database:
        (message,) = await database.messages(None, 50)
    assert message == Message(number, AT, "c1", "Anna", "red", "more <b>vocals</b> in 3 ’\0")


async def test_messages_are_paged_backwards_and_the_newest_stands_last(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        numbers = [await database.say(AT, "c1", "Anna", "red", f"line {n}") for n in range(5)]
        newest = await database.messages(None, 2)
        older = await database.messages(newest[0].id, 2)
        nothing = await database.messages(numbers[0], 10**30)
    assert [message.text for message in older + newest] == ["line 1", "line 2", "line 3", "line 4"]
    assert nothing == []


async def test_a_number_is_never_given_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MESSAGES_KEPT", 0)
    async with opened(tmp_path) as database:
        first = await database.say(AT, "c1", "Anna", "red", "soon forgotten")
        assert await database.messages(None, 9) == []
        assert await database.say(AT, "c1", "Anna", "red", "next") == first + 1


async def test_of_very_many_messages_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MESSAGES_KEPT", 3)
    async with opened(tmp_path) as database:
        for number in range(10):
            await database.say(AT, "c1", "Anna", "red", str(number))
        assert [message.text for message in await database.messages(None, 99)] == ["7", "8", "9"]


async def test_messages_of_many_at_once_share_a_write_and_keep_their_order(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        numbers = await asyncio.gather(*(database.say(AT, "c1", "Anna", "red", str(n)) for n in range(500)))
        texts = [message.text for message in await database.messages(None, 500)]
    assert numbers == list(range(numbers[0], numbers[0] + 500))
    assert texts == [str(n) for n in range(500)]


async def test_more_messages_than_the_disk_can_take_are_refused_not_piled_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        saying = [database.say(AT, "c1", "Anna", "red", "!") for _ in range(module.MESSAGES_WAITING + 10)]
        results = await asyncio.gather(*saying, return_exceptions=True)
    assert sum(isinstance(result, StorageError) for result in results) == 10


async def test_a_sayer_who_leaves_does_not_keep_the_others_from_an_answer(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        leaving = asyncio.create_task(database.say(AT, "c1", "Anna", "red", "bye"))
        staying = asyncio.create_task(database.say(AT, "c2", "Ben", "blue", "hello"))
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying == 2


async def test_half_a_character_from_a_stranger_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        await database.say(AT, "c1", "An\ud800na", "red", "\udfff")
        (message,) = await database.messages(None, 1)
    assert (message.name, message.text) == ("An?na", "?")


async def test_values_come_back_as_they_last_stood_under_their_console(tmp_path: Path) -> None:
    values: dict[str, Value] = {
        "band/ch1/fader": 0.75,
        "band/ch1/mute": True,
        "band/ch1/name": "Gitarre 🎸",
        "band/x": None,
    }
    async with opened(tmp_path) as database:
        database.keep({"band/ch1/fader": 0.1, "bandit/ch1/fader": 1})
        database.keep(values)
    async with opened(tmp_path) as database:
        kept = database.kept("band/")
    assert kept == values
    assert type(kept["band/ch1/mute"]) is bool


async def test_a_value_is_on_the_disk_within_a_second_though_others_follow(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        database.keep({"band/ch1/fader": 0.5})
        start = time.monotonic()

        def written() -> bool:
            database.keep({"band/ch2/fader": time.monotonic()})
            return "band/ch1/fader" in database.kept("band/ch1")

        await until(written)
        assert time.monotonic() - start < 1


async def test_a_fader_moved_without_pause_costs_two_writes_a_second(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        end = time.monotonic() + 1.2
        while time.monotonic() < end:
            database.keep({"band/ch1/fader": time.monotonic()})
            await asyncio.sleep(0.005)
        changes = await database._run(lambda: database._db.total_changes)
    assert changes == 2


async def test_after_the_close_a_message_is_refused_and_a_value_ignored(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        pass
    database.keep({"band/ch1/fader": 0.5})
    with pytest.raises(StorageError, match="not kept"):
        await database.say(AT, "c1", "Anna", "red", "too late")
