"""What a process that is killed leaves behind."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from remote_mixer.storage.database import Database, StorageError
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")


@asynccontextmanager
async def writer(folder: Path, what: str) -> AsyncIterator[asyncio.subprocess.Process]:
    program = (sys.executable, "-m", "tests.storage.writer", str(folder), what)
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def number(process: asyncio.subprocess.Process) -> int:
    assert process.stdout
    async with asyncio.timeout(PATIENCE_SECONDS):
        return int(await process.stdout.readline())


async def killed(process: asyncio.subprocess.Process) -> list[int]:
    """Kill -9, and what it had still printed."""
    assert process.stdout
    process.kill()
    lines = (await process.stdout.read()).split(b"\n")
    return [int(line) for line in lines[:-1]]


async def test_every_acknowledged_message_outlives_kill_9(tmp_path: Path) -> None:
    async with writer(tmp_path, "say") as process:
        numbers = [await number(process) for _ in range(100)]
        numbers += await killed(process)
    database = Database.open(tmp_path)
    kept = {message.id for message in await database.messages(None, 10**6)}
    await database.close()
    assert set(numbers) <= kept
    assert not database.notices


async def test_values_after_kill_9_are_at_most_a_second_old(tmp_path: Path) -> None:
    came: dict[int, float] = {}
    async with writer(tmp_path, "keep") as process:
        while not came or time.monotonic() - min(came.values()) < 3:
            came[await number(process)] = time.monotonic()
        end = time.monotonic()
        longest = max(later - earlier for earlier, later in pairwise(came.values()))  # while others had the processor
        await killed(process)
    database = Database.open(tmp_path)
    kept = database.kept("band/ch1/fader")["band/ch1/fader"]
    await database.close()
    assert isinstance(kept, int)
    assert came.get(kept, end) > end - 1 - 2 * longest


async def test_a_second_server_on_the_same_folder_is_told_to_wait_its_turn(tmp_path: Path) -> None:
    async with writer(tmp_path, "keep") as process:
        await number(process)
        with pytest.raises(StorageError, match=r"Another Remote Mixer uses this database.*--data"):
            Database.open(tmp_path)
        assert await number(process)
        await killed(process)
    database = Database.open(tmp_path)
    await database.close()
    assert not database.notices
