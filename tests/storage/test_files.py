"""A database that is not for us is set aside whole, and a folder that cannot be used is named."""

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from remote_mixer.storage import snapshots
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.schema import MIGRATIONS
from tests.support.rights import BOUND_BY_RIGHTS, as_root
from tests.support.waiting import until

DATED = "remote-mixer-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]"


def found(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def all_set_aside(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.glob("remote-mixer-*.db")}


def all_rights(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def mount(*options: str | Path) -> int:
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode


async def begin(folder: Path) -> list[str]:
    """Open a database there and write to it; what it said."""
    database = Database.open(folder)
    await database.say("2026-01-01T00:00:00Z", "c1", "Anna", "red", "first")
    await database.close()
    return database.notices


async def test_a_new_folder_is_made_and_nothing_is_said(tmp_path: Path) -> None:
    assert await begin(tmp_path / "a" / "b") == []
    assert await begin(tmp_path / "a" / "b") == []


async def test_a_file_of_noise_is_set_aside_and_said(tmp_path: Path) -> None:
    noise = os.urandom(100_000)
    (tmp_path / FILE_NAME).write_bytes(noise)
    (notice,) = await begin(tmp_path)
    kept = found(tmp_path, f"{DATED}.db")
    assert kept.read_bytes() == noise
    assert "damaged" in notice
    assert kept.name in notice
    assert await begin(tmp_path) == []


@pytest.mark.parametrize("bytes_left", [50, 4096, 9000])
async def test_a_file_cut_short_is_set_aside(tmp_path: Path, bytes_left: int) -> None:
    await begin(tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    assert len(whole) > 9000
    (tmp_path / FILE_NAME).write_bytes(whole[:bytes_left])
    assert len(await begin(tmp_path)) == 1
    kept = found(tmp_path, f"{DATED}.db")
    assert kept.read_bytes() == whole[:bytes_left]


async def test_a_file_damaged_in_the_middle_is_set_aside(tmp_path: Path) -> None:
    await begin(tmp_path)
    whole = bytearray((tmp_path / FILE_NAME).read_bytes())
    whole[4096:8192] = os.urandom(4096)
    (tmp_path / FILE_NAME).write_bytes(whole)
    assert len(await begin(tmp_path)) == 1


async def test_a_damaged_file_with_the_log_of_a_killed_server_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"noise" * 1000)
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"log")
    assert len(await begin(tmp_path)) == 1
    kept = found(tmp_path, f"{DATED}.db-wal")
    assert kept.read_bytes() == b"log"


def a_link_to_a_folder(path: Path) -> None:
    path.symlink_to(path.parent)


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "holiday.txt").touch()


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a folder": a_folder,
    **(
        {"a pipe": os.mkfifo, "a device": lambda path: path.symlink_to("/dev/zero"), "a link": a_link_to_a_folder}
        if sys.platform == "linux"
        else {}
    ),
}


@pytest.mark.parametrize("snapshot", [False, True])
@pytest.mark.parametrize("kind", NO_FILES)
async def test_what_is_no_file_where_the_database_should_be_is_set_aside(
    tmp_path: Path, kind: str, snapshot: bool
) -> None:
    if snapshot:
        NO_FILES[kind](tmp_path / snapshots.NEWEST)
    NO_FILES[kind](tmp_path / FILE_NAME)
    (notice,) = await begin(tmp_path)
    assert "is no file. It was set aside as" in notice
    assert found(tmp_path, f"{DATED}.db").exists()
    assert await begin(tmp_path) == []


async def test_two_set_aside_in_one_second_are_both_kept(tmp_path: Path) -> None:
    for noise in (b"one" * 1000, b"two" * 1000):
        (tmp_path / FILE_NAME).write_bytes(noise)
        await begin(tmp_path)
    assert all_set_aside(tmp_path) == {b"one" * 1000, b"two" * 1000}


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[dict[str, bytes]]:
    """The files of a newer version's database, as a killed server leaves them: part of it in the log."""
    there = tmp_path / "there"
    there.mkdir()
    db = sqlite3.connect(there / FILE_NAME, isolation_level=None)
    db.executescript(f"PRAGMA journal_mode=WAL; CREATE TABLE songs (x); PRAGMA user_version={len(MIGRATIONS) + 1}")
    left = {suffix: (there / f"{FILE_NAME}{suffix}").read_bytes() for suffix in ("", "-wal")}
    for suffix, data in left.items():
        (tmp_path / f"{FILE_NAME}{suffix}").write_bytes(data)
    yield left
    db.close()


async def test_a_newer_database_is_set_aside_byte_for_byte(tmp_path: Path, newer: dict[str, bytes]) -> None:
    (notice,) = await begin(tmp_path)
    assert "newer" in notice
    for suffix, data in newer.items():
        kept = found(tmp_path, f"{DATED}.db{suffix}")
        assert kept.read_bytes() == data


async def test_a_folder_that_is_a_file_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StorageError, match=r"data.*--data"):
        Database.open(tmp_path / "data")


async def fill(database: Database) -> None:
    for _ in range(1000):
        await database.say("2026-01-01T00:00:00Z", "c1", "Anna", "red", "x" * 4000)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB of its own, where we may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", disk):
        pytest.skip("only root may mount a disk for this test")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)  # lazily: a failed test may still hold files


@as_root
@pytest.mark.parametrize(("owner", "rights"), [(12345, 0o600), (12345, 0o644), (0, 0o444)])
def test_a_database_that_is_somebody_elses_is_named_with_the_way_out(tmp_path: Path, owner: int, rights: int) -> None:
    """As after one start by `sudo`."""
    asyncio.run(begin(tmp_path))
    (tmp_path / FILE_NAME).chmod(rights)
    os.chown(tmp_path / FILE_NAME, owner, owner)
    script = (
        "import sys, pathlib; from remote_mixer.storage.files import open_file; open_file(pathlib.Path(sys.argv[1]))"
    )
    command = [*BOUND_BY_RIGHTS, sys.executable, "-c", script, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"Permission denied ({FILE_NAME}). Check that it is yours" in ended.stderr


async def test_a_read_only_disk_is_named_with_the_way_out(small_disk: Path) -> None:
    await begin(small_disk)
    assert mount("-o", "remount,ro", small_disk) == 0
    with pytest.raises(StorageError, match=r"can be written.*--data"):
        Database.open(small_disk)
    with pytest.raises(StorageError, match=r"--data"):
        Database.open(small_disk / "new")


async def test_a_disk_that_fills_up_is_said_and_forgotten_when_there_is_room(small_disk: Path) -> None:
    database = Database.open(small_disk)
    told: list[str | None] = []
    database.trouble_listeners.append(told.append)
    (small_disk / "ballast").write_bytes(bytes(100_000))
    with pytest.raises(StorageError, match="disk is full"):
        await fill(database)
    database.keep({"band/ch1/fader": 0.75})
    (small_disk / "ballast").unlink()
    await until(lambda: told[-1:] == [None])
    assert "mixing goes on" in str(told[0])
    assert database.kept("band/") == {"band/ch1/fader": 0.75}
    await database.close()


@pytest.mark.parametrize("end", ["stopped", "killed"])
async def test_what_was_kept_is_there_after_a_start_on_a_disk_that_is_full_however_the_last_one_ended(
    small_disk: Path, tmp_path: Path, end: str
) -> None:
    database = Database.open(tmp_path / "before")
    for number in range(5):
        await database.say("2026-01-01T00:00:00Z", "c1", "Anna", "red", f"line {number}")
    if end == "stopped":
        await database.close()
    shutil.copytree(tmp_path / "before", small_disk, dirs_exist_ok=True)
    if end == "killed":
        await database.close()
    with suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4096))
    database = Database.open(small_disk)
    assert [message.text for message in await database.messages(None, 9)] == [f"line {number}" for number in range(5)]
    assert database.notices == []
    with pytest.raises(StorageError, match="disk is full"):
        await fill(database)
    await database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
@pytest.mark.parametrize("stood", [False, True])
async def test_who_came_in_and_what_they_said_is_for_the_owners_eyes_alone(tmp_path: Path, stood: bool) -> None:
    """A PIN has six digits: who can read its hash knows it by the evening."""
    if stood:
        await Database.open(tmp_path).close()
        (tmp_path / FILE_NAME).chmod(0o644)
    database = Database.open(tmp_path)
    await database.say("2026-07-29T18:00:00.000Z", "ann", "Ann", "cyan", "hello")
    rights = all_rights(tmp_path)
    await database.close()
    assert set(rights.values()) == {0o600}, rights
