"""A damaged database never keeps the program from starting: what is bad is set aside and named, all else is used."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import random
import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.desk.history import MOST_MOVES, MOST_VALUES
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.scenes import Scene
from remote_mixer.people.admission import Admission
from remote_mixer.people.requests import Requests
from remote_mixer.storage import files, repair, rows, schema, snapshots
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.moves import MoveTable
from remote_mixer.storage.persistence import open_people
from remote_mixer.storage.scenes import SceneTable
from remote_mixer.storage.schema import MIGRATIONS
from tests.storage.test_files import found
from tests.storage.test_moves import move
from tests.storage.test_scenes import HEAD
from tests.storage.test_scenes import VALUES as SCENE_VALUES
from tests.support.budget import examples
from tests.support.waiting import until

FLIPS = 100
VALUES: dict[str, Value] = {f"band/ch{n}/fader": n / 64 for n in range(64)} | {"band/ch1/name": "Gitarre 🎸"}


async def filled(folder: Path) -> bytes:
    """Fill a data folder as an evening does, and return the bytes of its database."""
    database = Database.open(folder)
    admission, _, _ = open_people(folder, database)
    await admission.tidy()
    for name in ("Anna", "Ben", "Çağla"):
        await admission.enter_by_pin(name, str(admission.pin), "192.168.1.20")
    await admission.invite("guest", "", "day", by="Anna")
    await admission.make_token("lights", "host")
    for number in range(20):
        await database.say("2026-01-01T20:15:00Z", "c1", "Anna", "red", f"line {number}")
    database.keep(VALUES)
    await MoveTable(database).append([move(number) for number in range(1, 40)])
    scenes = SceneTable(database)
    for number in range(1, 6):
        await scenes.keep(Scene(replace(HEAD, id=number, number=number), SCENE_VALUES))
    await scenes.keep_safe("band/ch1", frozenset({"levels"}))
    await scenes.keep_place(3)
    await database.close()
    return (folder / FILE_NAME).read_bytes()


def flipped(whole: bytes, bit: int) -> bytes:
    """Return these bytes with one bit turned."""
    data = bytearray(whole)
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


async def started(folder: Path) -> tuple[Admission, Requests, dict[str, Value], list[str]]:
    """Start as the program does, write, and return what was found with the notices."""
    database = Database.open(folder)
    try:
        admission, requests, _ = open_people(folder, database)
        kept = database.kept("band/")
        await admission.tidy()
        await requests.tidy()
        await database.messages(None, 50)
        await database.say("2026-01-01T20:15:00Z", "c1", "Anna", "red", "after the fault")
        await read_and_go_on(MoveTable(database), SceneTable(database))
        database.keep({"band/ch1/mute": True})
        [person.as_json() for person in admission.people()], [one.as_json() for one in admission.invitations()]
        return admission, requests, kept, database.notices
    finally:
        await database.close()


async def read_and_go_on(moves: MoveTable, scenes: SceneTable) -> None:
    """Read moves and scenes as a start does, and keep one more of each."""
    found, last = moves.newest(MOST_MOVES, MOST_VALUES)
    assert await moves.append([move(max([last, *(one.id for one in found)]) + 1)])
    heads, last = scenes.heads()
    assert scenes.safes().keys() <= {"band/ch1"}
    assert isinstance(scenes.place(), int)
    for head in heads:
        with suppress(Refusal):
            await scenes.content(head.id)
    await scenes.keep(Scene(replace(HEAD, id=max([last, *(head.id for head in heads)]) + 1), SCENE_VALUES))


def order(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


@pytest.mark.parametrize("seed", range(4))
async def test_every_flipped_bit_lets_it_start_with_nearly_everything(tmp_path: Path, seed: int) -> None:
    whole = await filled(tmp_path / "whole")
    secrets = (tmp_path / "whole" / "secrets.json").read_bytes()
    draw = random.Random(seed)
    for number in range(examples(FLIPS) // 4):
        bit, has_snapshot = draw.randrange(8 * len(whole)), draw.random() < 0.5
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(flipped(whole, bit))
        (folder / "secrets.json").write_bytes(secrets)
        if has_snapshot:
            (folder / snapshots.NEWEST).write_bytes(whole)
        admission, _, kept, notices = await started(folder)
        names = [person.name for person in admission.people()]
        is_nearly_whole = len(names) >= 2 and len(kept) >= len(VALUES) - 1
        assert is_nearly_whole or (notices and not has_snapshot), f"bit {bit}: {names}, {len(kept)} values, {notices}"


ROW_FAULTS: dict[str, tuple[str, str]] = {
    "a value that is no JSON": ("UPDATE kept_values SET value = '{' WHERE path = 'band/ch3/fader'", "kept_values"),
    "a value that is no value": ("UPDATE kept_values SET value = '[]' WHERE path = 'band/ch3/fader'", "kept_values"),
    "a number without end": ("UPDATE kept_values SET value = '1e999' WHERE path = 'band/ch3/fader'", "kept_values"),
    "a path that is no UTF-8": (
        "UPDATE kept_values SET path = CAST(x'62616e642fff' AS TEXT) WHERE path = 'band/ch3/fader'",
        "kept_values",
    ),
    "a name that is no UTF-8": ("UPDATE people SET name = CAST(x'416eff' AS TEXT) WHERE name = 'Ben'", "people"),
    "a name that is no text": ("UPDATE people SET name = x'00' WHERE name = 'Ben'", "people"),
    "a time that is no number": ("UPDATE people SET at = 'soon' WHERE name = 'Ben'", "people"),
    "a time that no calendar has": ("UPDATE people SET at = 1e300 WHERE name = 'Ben'", "people"),
    "a role that nobody has": ("UPDATE people SET role = 'enginfer' WHERE name = 'Ben'", "people"),
    "an invitation of no kind": ("UPDATE invitations SET kind = 'dax'", "invitations"),
    "a token's key that is no UTF-8": ("UPDATE tokens SET id = CAST(x'ff' AS TEXT)", "tokens"),
    "a session of nobody knows when": ("UPDATE sessions SET at = x'00' WHERE rowid = 2", "sessions"),
}


@pytest.mark.parametrize("fault", ROW_FAULTS)
async def test_a_damaged_row_is_set_aside_and_named_once_and_all_others_are_used(tmp_path: Path, fault: str) -> None:
    await filled(tmp_path)
    statement, table = ROW_FAULTS[fault]
    order(tmp_path, statement)
    admission, _, kept, notices = await started(tmp_path)
    assert [notice for notice in notices if f"“{table}”" in notice and rows.FILE_NAME in notice] == notices != []
    assert len(admission.people()) == 3 - (table in ("people", "sessions"))
    assert len(kept) == len(VALUES) - (table == "kept_values")
    (line,) = (tmp_path / rows.FILE_NAME).read_text().splitlines()
    assert json.loads(line)["table"] == table
    assert (await started(tmp_path))[-1] == []


async def test_a_message_that_is_no_utf_8_is_shown_with_a_sign_in_its_place(tmp_path: Path) -> None:
    await filled(tmp_path)
    order(tmp_path, "UPDATE messages SET text = CAST(x'6869ff' AS TEXT) WHERE text = 'line 3'")
    database = Database.open(tmp_path)
    texts = [message.text for message in await database.messages(None, 50)]
    await database.close()
    assert "hi\ufffd" in texts
    assert len(texts) == 20


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def without_header(whole: bytes) -> bytes:
    return bytes(100) + whole[100:]


def with_noise(whole: bytes) -> bytes:
    return whole[:4096] + random.Random(1).randbytes(4096) + whole[8192:]


@pytest.mark.parametrize("damage", [cut, without_header, with_noise])
async def test_in_place_of_an_unreadable_file_the_newest_snapshot_that_is_whole_is_used(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = await filled(tmp_path)
    (tmp_path / snapshots.NEWEST).write_bytes(damage(whole))
    (tmp_path / snapshots.OLDER).write_bytes(whole)
    (tmp_path / FILE_NAME).write_bytes(damage(whole))
    admission, _, kept, (notice,) = await started(tmp_path)
    assert "the snapshot of 20" in notice
    assert ([person.name for person in admission.people()], kept) == (["Anna", "Ben", "Çağla"], VALUES)
    assert found(tmp_path, "remote-mixer-2*.db").read_bytes() == damage(whole)


async def test_a_program_that_is_killed_while_it_repairs_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await filled(tmp_path)
    (tmp_path / snapshots.NEWEST).write_bytes(whole)
    (tmp_path / FILE_NAME).write_bytes(cut(whole))
    monkeypatch.setattr(files, "_set_aside", lambda _: fail())
    with pytest.raises(StorageError):
        Database.open(tmp_path)
    monkeypatch.undo()
    _, _, kept, (notice,) = await started(tmp_path)
    assert "the snapshot of 20" in notice
    assert kept == VALUES


def fail() -> None:
    raise OSError(errno.EIO, "killed here")


async def test_without_a_snapshot_what_can_be_read_of_a_damaged_file_is_used(tmp_path: Path) -> None:
    whole = await filled(tmp_path)
    damaged = bytearray(whole)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()
    damaged[(page - 1) * 4096 : page * 4096] = bytes(4096)
    (tmp_path / FILE_NAME).write_bytes(damaged)
    admission, _, kept, (notice,) = await started(tmp_path)
    assert "readable rows" in notice
    assert (len(admission.people()), kept) == (3, VALUES)


async def test_rows_without_their_index_are_all_used(tmp_path: Path) -> None:
    whole = await filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_people_1'").fetchone()
    within_an_id = re.compile(rb"[0-9]").search(whole, page * 4096 - 40, page * 4096)
    assert within_an_id
    digit = within_an_id.start()
    (tmp_path / FILE_NAME).write_bytes(flipped(whole, 8 * digit))
    admission, _, kept, (notice,) = await started(tmp_path)
    assert "readable rows" in notice
    assert (len(admission.people()), kept) == (3, VALUES)


async def test_a_migration_is_preceded_by_a_snapshot(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        schema.migrate(db, 1)
        db.execute("INSERT INTO messages (at, client, name, color, text) VALUES ('', 'c1', 'Anna', 'red', 'hello')")
    await Database.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / snapshots.NEWEST)) as db:
        assert (schema.version_of(db), db.execute("SELECT text FROM messages").fetchall()) == (1, [("hello",)])
    (tmp_path / FILE_NAME).write_bytes(b"noise" * 1000)
    database = Database.open(tmp_path)
    assert [message.text for message in await database.messages(None, 9)] == ["hello"]
    await database.close()


async def test_a_snapshot_is_taken_while_something_changes_and_the_one_before_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_SECONDS", 0.01)
    taken: list[Any] = []
    monkeypatch.setattr(snapshots, "take", lambda *at, take=snapshots.take: taken.append(take(*at)))
    database = Database.open(tmp_path)
    tending = asyncio.create_task(database.tend())
    await until(lambda: len(taken) == 1)
    for number in range(2, 5):
        await database.say("2026-01-01T20:15:00Z", "c1", "Anna", "red", f"line {number}")
        await until(lambda number=number: len(taken) == number)  # type: ignore[misc]
    await asyncio.sleep(0.1)  # ten times as long: an idle database is not copied again
    assert len(taken) == 4
    tending.cancel()
    await asyncio.wait({tending})
    await database.close()
    assert [lines(tmp_path / name) for name in (snapshots.NEWEST, snapshots.OLDER)] == [3, 2]
    assert snapshots.found(tmp_path) == [tmp_path / snapshots.NEWEST, tmp_path / snapshots.OLDER]


def lines(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute("SELECT count(*) FROM messages").fetchone()[0])


async def test_a_snapshot_that_is_not_whole_replaces_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(tmp_path)
    database = Database.open(tmp_path)
    await database._run(database._take_snapshot)
    before = (tmp_path / snapshots.NEWEST).read_bytes()
    monkeypatch.setattr(snapshots, "faults_of", lambda _: ["Tree 3 page 3 cell 1: out of order"])
    with pytest.raises(sqlite3.DatabaseError):
        await asyncio.get_running_loop().run_in_executor(database._thread, snapshots.take, database._db, tmp_path)
    await database.close()
    assert (tmp_path / snapshots.NEWEST).read_bytes() == before
    assert not (tmp_path / snapshots.OLDER).exists()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
async def test_a_wrong_number_of_the_schema_is_damage_and_no_row_is_lost(tmp_path: Path, version: int) -> None:
    await filled(tmp_path)
    order(tmp_path, f"PRAGMA user_version = {version ^ 4 if version == len(MIGRATIONS) else version ^ 64}")
    admission, _, kept, (notice,) = await started(tmp_path)
    assert "is damaged" in notice
    assert (len(admission.people()), kept) == (3, VALUES)


def test_lines_after_which_rows_can_be_read_are_told_from_others() -> None:
    assert repair.ROW_FAULT.match("row 3 missing from index sqlite_autoindex_people_1")
    assert not repair.ROW_FAULT.match("Tree 4 page 4 cell 0: Rowid 3 out of order")


@pytest.mark.parametrize("left", ["empty", "missing"])
async def test_an_empty_or_missing_file_beside_a_snapshot_is_what_a_power_cut_left(tmp_path: Path, left: str) -> None:
    whole = await filled(tmp_path)
    (tmp_path / snapshots.NEWEST).write_bytes(whole)
    (tmp_path / FILE_NAME).write_bytes(b"")
    if left == "missing":
        (tmp_path / FILE_NAME).unlink()
    admission, _, kept, (notice,) = await started(tmp_path)
    assert "snapshot" in notice
    assert (len(admission.people()), kept["band/ch1/name"]) == (3, "Gitarre 🎸")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the name of a folder is always Unicode")
async def test_a_snapshot_is_taken_in_a_folder_whose_name_is_no_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"B\xfchne")
    await filled(folder)
    database = Database.open(folder)
    await database._run(database._take_snapshot)
    await database.close()
    assert snapshots.found(folder) == [folder / snapshots.NEWEST]


async def test_a_snapshot_that_its_folder_refuses_is_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database.open(tmp_path)
    (tmp_path / snapshots.UNFINISHED).mkdir()
    with pytest.raises(StorageError, match="data folder cannot be used"):
        await database._run(database._take_snapshot)
    await database.close()
    assert not caplog.records
