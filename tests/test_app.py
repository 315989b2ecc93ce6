"""The rooms joined: what a restart finds, and what is checked before anything starts."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from remote_mixer.app import App, Options
from remote_mixer.sockets import PortInUse
from remote_mixer.storage.database import StorageError
from tests.support.program import Program, run
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until
from tests.support.warm import warm

BAND = ("band", "builtin:")


def stems(folder: Path, *names: str) -> Path:
    """Write a folder of short stems."""
    folder.mkdir()
    for name in names:
        soundfile.write(folder / f"{name}.wav", np.zeros(4800, np.float32), 48_000)
    return folder


async def move(app: App, values: dict[str, Any]) -> None:
    async with joined(app, "anne") as anne:
        await anne.send(type="set", id=1, values=values)
        await anne.until("ok")


async def test_a_restart_finds_the_built_in_engines_mix_as_it_stood(tmp_path: Path) -> None:
    mix = {FADER: 0.3, "band/ch2/mute": True, "band/ch3/name": "High hat", "band/ch4/send/bus2/level": 0.5}
    with running(warm(tmp_path), BAND) as app:
        await online(app)
        await move(app, mix)
    with running(tmp_path, BAND) as app:
        await online(app)
        assert app.desk.values.items() >= mix.items()
        assert app.desk.values["band/ch1/name"] == "Kick"


async def test_moves_and_scenes_of_a_host_alone_outlive_a_leap_of_the_clock(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        await online(app)
        watch = app.admission.clock_watch
        assert not watch.keeps_more()
        await move(app, {FADER: 0.3})
        await until(watch.keeps_more)


async def test_kill_minus_nine_loses_at_most_the_last_second(tmp_path: Path) -> None:
    started = ("--serve", "--host=127.0.0.1", "--port=0", f"--data={warm(tmp_path)}")
    with Program(*started) as program:
        program.wait_for("“band” is online")
        assert run("set", FADER, "0.123", f"--url={program.url()}").returncode == 0
        await until(lambda: b"builtin:|" + FADER.encode() + b"0.123" in on_disk(tmp_path), 1.0)
        os.kill(program.id, signal.SIGKILL)
    with running(tmp_path, BAND) as app:
        await online(app)
        assert app.desk.values[FADER] == 0.123


async def test_another_folder_under_the_same_nickname_is_another_mix(tmp_path: Path) -> None:
    one, two = stems(tmp_path / "one", "Violin"), stems(tmp_path / "two", "Tuba")
    data = warm(tmp_path / "data")
    with running(data, ("band", f"builtin:{one}")) as app:
        await online(app)
        await move(app, {"band/ch1/name": "First violin", FADER: 0.2})
    with running(data, ("band", f"builtin:{two}")) as app:
        await online(app)
        assert (app.desk.values["band/ch1/name"], app.desk.values[FADER]) == ("Tuba", 0.75)
    with running(data, ("band", f"builtin:{one}")) as app:
        await online(app)
        assert (app.desk.values["band/ch1/name"], app.desk.values[FADER]) == ("First violin", 0.2)


@pytest.mark.parametrize(
    ("consoles", "words"),
    [
        ([("band", "nothing:")], "names no console"),
        ([("band", "builtin")], "names no console"),
        ([("Band!", "demo:")], "nickname"),
        ([("band", "demo:"), ("band", "builtin:")], "two consoles"),
        ([("band", "demo:many")], "number of channels"),
    ],
)
def test_a_console_that_makes_no_sense_is_refused_before_anything_starts(
    tmp_path: Path, consoles: list[tuple[str, str]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        App(Options("127.0.0.1", 0, tmp_path, tuple(consoles)))


def test_a_port_in_use_is_known_at_once_and_named(tmp_path: Path) -> None:
    with running(tmp_path / "one") as app:
        second = App(Options("127.0.0.1", app.port, tmp_path / "two", (("band", "demo:"),)))
        with pytest.raises(PortInUse) as refused:
            second.start()
        assert refused.value.port == app.port


def test_two_servers_do_not_share_a_data_folder(tmp_path: Path) -> None:
    with running(tmp_path):
        second = App(Options("127.0.0.1", 0, tmp_path, (("band", "demo:"),)))
        with pytest.raises(StorageError, match="Another Remote Mixer"):
            second.start()


def on_disk(data: Path) -> bytes:
    """Return what another process finds in the database's log at this moment."""
    log = data / "remote-mixer.db-wal"
    return log.read_bytes() if log.exists() else b""
