"""Takes as the console has them: recorded, listed, renamed, deleted, and played in place of the inputs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import soundfile

from remote_mixer.drivers.base import DriverError
from tests.drivers.builtin.test_driver import Console, console, silent
from tests.engine.bare_mixer import noise
from tests.support.waiting import until
from tests.support.warm import warm

__all__ = ["silent"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return warm(tmp_path)


async def record(band: Console, name: str = "") -> str:
    """Record a short take; return the name of its file."""
    await band.guard.act("record", {"name": name})
    await until(lambda: bool(band.value("recorder/file")))
    file = str(band.value("recorder/file"))
    await band.guard.act("mark", {"name": "Chorus"})
    await until(lambda: band.value("recorder/marks") == 1)
    await band.guard.act("stop_recording", {})
    await until(lambda: band.value("recorder/file") == "")
    return file


async def test_a_take_is_recorded_listed_renamed_and_deleted(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        lists = band.value("recorder/list")
        file = await record(band, "Ballad")
        assert file == "Ballad.wav"
        assert band.value("recorder/list") != lists
        (row,) = await band.driver.shelf.takes()
        assert (row["file"], row["tracks"][0], row["marks"][0]["name"]) == ("Ballad.wav", "Kick", "Chorus")
        await band.guard.act("rename_take", {"take": "Ballad.wav", "name": "Ballad: slow"})
        assert [row["file"] for row in await band.driver.shelf.takes()] == ["Ballad slow.wav"]
        await band.guard.act("delete_take", {"take": "Ballad slow.wav"})
        assert await band.driver.shelf.takes() == []


async def test_a_take_without_a_name_has_that_of_its_time(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        assert (await record(band)).startswith("20")


async def test_a_take_plays_in_place_of_the_inputs_until_a_person_wants_them_live(data: Path) -> None:
    (data / "takes" / "band").mkdir(parents=True)
    soundfile.write(data / "takes" / "band" / "theirs.wav", noise(1, 480_000, 4), 48_000)
    async with console(data, "live:inputs=4") as band:
        await band.status("online")
        await band.guard.act("play_take", {"take": "theirs.wav", "at": 2.0})
        await until(lambda: band.value("soundcheck/file") == "theirs.wav" and band.value("soundcheck/runs") is True)
        assert "another program" in str(band.value("soundcheck/note"))
        assert float(band.value("soundcheck/position") or 0) >= 2
        await band.reads("ch1/input", -20)
        for act in ("delete_take", "rename_take"):
            with pytest.raises(DriverError, match="end that first"):
                await band.guard.act(act, {"take": "theirs.wav"} | ({"name": "x"} if act == "rename_take" else {}))
        assert (band.value("soundcheck/from"), band.value("soundcheck/to")) == (0, 10)
        await band.guard.act("play_take", {"take": "theirs.wav", "at": 4.0, "from": 4.0, "to": 5.0})
        await until(lambda: (band.value("soundcheck/from"), band.value("soundcheck/to")) == (4, 5))
        await band.guard.act("halt_take", {})
        await until(lambda: band.value("soundcheck/runs") is False)
        await band.guard.act("run_take", {})
        await band.guard.act("live", {})
        await until(lambda: band.value("soundcheck/file") == "")


async def test_after_an_engine_that_was_killed_a_person_reads_what_became_of_take_and_soundcheck(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        file = await record(band, "Gig")
        await band.guard.act("play_take", {"take": file})
        await until(lambda: band.value("soundcheck/file") == file)
        await band.guard.act("record", {"name": "Second"})
        await until(lambda: band.value("recorder/file") == "Second.wav")
        assert band.driver.pid
        os.kill(band.driver.pid, signal.SIGKILL)
        await band.status("offline")
        await band.status("online")
        await until(lambda: "Second.wav is there" in str(band.value("recorder/note")))
        assert "the inputs are live" in str(band.value("soundcheck/note"))
        assert (band.value("soundcheck/file"), band.value("recorder/file")) == ("", "")


@pytest.mark.parametrize("take", ["", "none.wav", "../mixer.db", "/etc/hosts", ".hidden.wav", "a\0b"])
async def test_no_name_leads_out_of_the_folder_of_takes(data: Path, take: str) -> None:
    (data / "takes" / "band").mkdir(parents=True)
    (data / "takes" / "band" / ".hidden.wav").write_text("x")
    async with console(data) as band:
        with pytest.raises((DriverError, ValueError)):
            band.driver.shelf.file(take)


async def test_what_is_not_there_or_does_not_go_is_refused_with_a_sentence(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        for action, arguments, words in (
            ("stop_recording", {}, "Nothing is being recorded"),
            ("mark", {}, "Nothing is being recorded"),
            ("run_take", {}, "inputs are live"),
            ("play_take", {"take": "none.wav"}, "There is no take"),
        ):
            with pytest.raises(DriverError, match=words):
                await band.guard.act(action, arguments)
