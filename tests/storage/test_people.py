"""People, their ways in and their requests are on the disk when they are acknowledged; their secrets never are."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from remote_mixer.desk.policy import Ceiling, Policy
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.people.admission import Admission
from remote_mixer.people.person import Person
from remote_mixer.people.records import KEY_OF, Batch
from remote_mixer.people.request import Request
from remote_mixer.people.requests import Requests
from remote_mixer.storage.database import Database
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.people import TABLES, PeopleTables
from remote_mixer.storage.schema import MIGRATIONS
from tests.storage.test_kill import killed, number, writer

HERE = "192.168.1.20"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Admission, PeopleTables, Database]]:
    database = Database.open(folder)
    try:
        tables = PeopleTables(database)
        door = Admission.open(folder, tables)
        await door.tidy()
        yield door, tables, database
    finally:
        await database.close()


def all_bytes(folder: Path) -> bytes:
    """Return what the database has written, its log included."""
    return b"".join(file.read_bytes() for file in folder.glob(f"{FILE_NAME}*"))


def shown_pin(door: Admission) -> str:
    assert door.pin
    return door.pin


async def test_everything_comes_back_after_a_restart(tmp_path: Path) -> None:
    policy = Policy(ceilings={"band/bus2": Ceiling(-3.0, None)})
    async with opened(tmp_path) as (door, tables, _):
        person, cookie = await door.enter_by_pin("Ann’a 🎸", shown_pin(door), HERE)
        invitation, _ = await door.invite("guest", "", "day", by="Anna")
        token, bearer = await door.make_token("lights", "host")
        await door.set_policy(policy)
        hand = Source(CLIENT, "page1", "Anna")
        request = await Requests.open(tables, door).ask(hand, person.id, "band/ch1/fader", "more")
    async with opened(tmp_path) as (door, tables, _):
        assert door.people() == [person]
        assert door.of_cookie(cookie)
        assert (door.invitations(), door.of_token(bearer), door.policy) == ([invitation], token, policy)
        assert Requests.open(tables, door).open_ones() == [request]
        assert not door.notices


async def test_answers_stay_on_the_disk_until_they_are_old(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, tables, __):
        old, new = (
            Request(name, at, "ann", "page1", "Ann", "band/bus2", "p", "more") for name, at in (("a", 1), ("b", 2))
        )
        await tables.write(Batch(upserts=(old, new)))
        await tables.write(Batch(delete_requests_before=2))
        assert tables.read(Request) == [new]


async def test_what_was_withdrawn_or_removed_does_not_come_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as (door, _, _):
        person, cookie = await door.enter_by_pin("Anna", shown_pin(door), HERE)
        invitation, secret = await door.invite("guest", "", "day", by="Anna")
        token, bearer = await door.make_token("lights", "host")
        await door.remove(person.id)
        await door.revoke(invitation.id)
        await door.remove_token(token.id)
    async with opened(tmp_path) as (door, _, _):
        assert (door.of_cookie(cookie), door.of_token(bearer), door.people()) == (None, None, [])
        with pytest.raises(Refusal, match="withdrawn"):
            await door.enter_by_invitation("Eve", secret, HERE)


async def test_no_secret_is_in_any_file_but_the_one_for_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as (door, _, _):
        pin = await door.new_pin()
        _, cookie = await door.enter_by_pin("Anna", pin, HERE)
        _, invited = await door.invite("guest", "", "once", by="Anna")
        _, came = await door.enter_by_invitation("Ben", invited, HERE)
        _, bearer = await door.make_token("lights", "host")
        disk = all_bytes(tmp_path)
    secrets = [cookie.split(".")[0], came.split(".")[0], invited, bearer, bearer[3:], pin]
    assert b"argon2id" in disk
    assert b"lights" in disk
    assert not [secret for secret in secrets if secret.encode() in disk]


async def test_a_database_of_the_first_version_keeps_its_messages_and_gets_people(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.executescript(f"{MIGRATIONS[0]} PRAGMA user_version=1;")
        db.execute("INSERT INTO messages (at, client, name, color, text) VALUES ('', 'c1', 'Anna', 'red', 'hello')")
    async with opened(tmp_path) as (door, _, database):
        assert [message.text for message in await database.messages(None, 9)] == ["hello"]
        await door.enter_by_pin("Anna", shown_pin(door), HERE)
        assert not database.notices


async def test_every_kind_of_record_has_a_table(tmp_path: Path) -> None:
    assert TABLES.keys() == KEY_OF.keys()
    async with opened(tmp_path) as (_, tables, _):
        assert (tables.read(Person), tables.read(Request)) == ([], [])


async def test_a_hundred_who_come_at_one_moment_share_their_writes(tmp_path: Path) -> None:
    async with opened(tmp_path) as (door, _, database):
        _, token = await door.invite("guest", "", "day", by="Anna")
        commits: list[object] = []
        commit = database.commit
        database.commit = lambda job: commits.append(job) or commit(job)  # type: ignore[method-assign, func-returns-value] # counted on the way
        await asyncio.gather(*(door.enter_by_invitation(f"n{n}", token, HERE) for n in range(100)))
    assert len(commits) <= 3
    async with opened(tmp_path) as (door, _, _):
        assert len(door.people()) == 100
        assert [one.used for one in door.invitations()] == [100]


async def test_a_change_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, tables, database):
        good = Person("1", "Anna", "guest", "", 1.0, 1.0)
        bad = Person("2", None, "guest", "", 1.0, 1.0)  # type: ignore[arg-type] # what the table refuses
        with pytest.raises(Refusal, match="NOT NULL"):
            await tables.write(Batch(upserts=(good, bad)))
        assert tables.read(Person) == []
        await tables.write(Batch(upserts=(good,)))
        assert tables.read(Person) == [good]
        assert database.trouble is None


async def test_half_a_character_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, tables, _):
        await tables.write(Batch(upserts=(Person("1", "An\ud800na", "guest", "", 1.0, 1.0),)))
        assert [person.name for person in tables.read(Person)] == ["An?na"]


async def test_after_the_close_nothing_is_acknowledged(tmp_path: Path) -> None:
    async with opened(tmp_path) as (door, _, _):
        pin = shown_pin(door)
    with pytest.raises(Refusal, match="not kept"):
        await door.enter_by_pin("Anna", pin, HERE)
    assert door.people() == []


async def test_everybody_who_was_let_in_outlives_kill_9(tmp_path: Path) -> None:
    async with writer(tmp_path, "enter") as process:
        for _ in range(30):
            await number(process)
        numbers = await killed(process)
    async with opened(tmp_path) as (door, _, database):
        names = {person.name for person in door.people()}
        assert not database.notices
    assert {f"n{n}" for n in range(1, max([30, *numbers]) + 1)} <= names
