"""The packaged program: built here as for a release, then served, moved, heard and looked at."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
from websockets.sync.client import ClientConnection, connect

from remote_mixer import __version__
from remote_mixer.engine.built import here
from tests.support.complete import need
from tests.support.display import Display, display_for_tests
from tests.support.jack import jack_server
from tests.support.once import once
from tests.support.program import STOP_SECONDS, Program, environment
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.support.warm import built_ahead

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SERVE = ("--serve", "--host", "127.0.0.1", "--port", "0")
MAIN_METER = "band/main/left"
METER_RATE = 25
BUILD_SECONDS = 1800  # a minute and a half on free cores
ONLINE_SECONDS = 400  # ends what hangs


@pytest.fixture(scope="session")
def built() -> Path:
    """Build the two programs, once in a run; return their folder, half a gigabyte, which the run's end removes."""
    need(find_spec("PyInstaller"), "PyInstaller is not installed")
    need(sys.platform == "linux", "the build's test speaks X11")
    return once("build", _build) / "dist" / "remote-mixer"


def _build(out: Path) -> None:
    built_ahead(out / "work" / "build" / "ahead")  # "build" is the spec's name
    folders = ("--distpath", str(out / "dist"), "--workpath", str(out / "work"))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *folders, "build.spec"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    assert done.returncode == 0, done.stderr


class _Page:
    """A page on the packaged server, in so far as the test needs one."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._send(type="hello", protocol=1, client="5f0c2f9e-0000-4000-8000-000000000001", name="Packaging")
        self.main = self._next("welcome")["meters"].index(MAIN_METER)
        self._send(type="meters", on=True, rate=METER_RATE)

    def set(self, **values: object) -> None:
        """Set params of the console, and wait for the desk's word."""
        self._send(type="set", id=1, values={f"band/{path.replace('_', '/')}": value for path, value in values.items()})
        assert self._next("ok")["id"] == 1

    def main_reads(self, wanted: bool, frames: int) -> None:
        """Wait until main's meter has shown sound (or none) for that many frames on end."""
        row, deadline = 0, time.monotonic() + PATIENCE_SECONDS
        while row < frames:
            assert time.monotonic() < deadline, "the engine's main did not change"
            frame = self._socket.recv(timeout=PATIENCE_SECONDS)
            if isinstance(frame, bytes):
                row = row + 1 if (frame[5 + self.main] > 0) is wanted else 0

    def _send(self, **message: object) -> None:
        self._socket.send(json.dumps(message))

    def _next(self, kind: str) -> Any:
        while True:
            frame = self._socket.recv(timeout=PATIENCE_SECONDS)
            if isinstance(frame, str) and (message := json.loads(frame))["type"] == kind:
                return message


def _status(url: str) -> str:
    with urllib.request.urlopen(f"{url}/api/v1/health", timeout=PATIENCE_SECONDS) as answer:
        return str(json.load(answer)["consoles"].get("band"))


def test_the_packaged_command_prints_its_version_and_brings_its_license(built: Path) -> None:
    ended = subprocess.run([built / "remote-mixer-cli", "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == f"Remote Mixer {__version__}\n"
    assert (built / "_internal" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_packaged_program_has_every_module_that_a_compile_of_the_engine_loads(built: Path) -> None:
    """Where no kernels are built ahead numba makes them; build.spec leaves out much of it."""
    from PyInstaller.archive.readers import CArchiveReader  # `built` has skipped where it is not installed

    code = "import sys, remote_mixer.engine.entry; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    packed = set(CArchiveReader(str(built / "remote-mixer-cli")).open_embedded_archive("PYZ.pyz").toc)
    folder = built / "_internal"
    packed |= {".".join(file.relative_to(folder).parts).partition(".cpython")[0] for file in folder.rglob("*.so")}
    assert {name for name in loaded if name.startswith(("numba", "numpy", "llvmlite"))} <= packed


def test_the_packaged_command_reaches_the_computers_midi(built: Path) -> None:
    command = (str(built / "remote-mixer-cli"), "midi", "ports")
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    told = ended.stdout + ended.stderr
    assert any(word in told for word in ("SYSTEM", "There are no MIDI ports here yet", "ALSA (MidiInAlsa")), told


async def test_the_packaged_server_opens_midi_ports_in_a_process_of_its_own_and_ends_it(
    built: Path, tmp_path: Path
) -> None:
    arguments = (*SERVE, "--console", "band=mackie:", "--data", str(tmp_path))
    with jack_server() as jack, Program(*arguments, command=(str(built / "remote-mixer-cli"),)) as program:
        program.url()
        jack.wait_for("Remote Mixer in:midi")
        (process,) = psutil.Process(program.id).children()
        assert process.cmdline()[1:] == ["midi-process"]
        assert program.stop()[0] == 0
        jack.wait_for("Remote Mixer in:midi", there=False)
        assert not process.is_running()


async def test_the_packaged_server_mixes_and_a_hand_on_it_is_heard(built: Path, tmp_path: Path) -> None:
    main = tmp_path / "main.wav"
    arguments = (*SERVE, "--console", "band=builtin:", "--data", str(tmp_path / "data"), "--record", str(main))
    with Program(*arguments, command=(str(built / "remote-mixer-cli"),)) as program:
        url = program.url()
        await until(lambda: _status(url) == "online", ONLINE_SECONDS)
        with connect(url.replace("http", "ws") + "/ws", proxy=None) as socket:
            page = _Page(socket)
            page.set(transport_play=True, main_fader=0.75)
            page.main_reads(wanted=True, frames=METER_RATE)
            page.set(main_fader=0)
            page.main_reads(wanted=False, frames=METER_RATE)
        code, seconds = program.stop()
    assert (code, seconds < STOP_SECONDS) == (0, True), program.said
    sound, rate = soundfile.read(main)
    assert np.abs(sound).max() > 0.01
    assert np.abs(sound[-rate // 4 :]).max() < 1e-4
    if here():
        assert not (tmp_path / "data" / "compiled").exists(), "it compiled, though it brings kernels for this processor"
    assert not (tmp_path / "data" / "stems").exists(), "it made the music, though it brings it"


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    need(find_spec("webview") and find_spec("PySide6"), "the window extra is not installed")
    with display_for_tests() as display:
        yield display


async def test_the_packaged_window_shows_the_page(built: Path, display: Display, tmp_path: Path) -> None:
    env = environment(**display.environment)
    arguments = (*SERVE[1:], "--console", "band=demo:", "--data", str(tmp_path))
    with Program(*arguments, command=(str(built / "remote-mixer"),), env=env) as program:
        program.url()
        await display.window("Remote Mixer")
        await display.picture(tmp_path / "window.png")
        display.close("Remote Mixer")
        assert program.end() == 0
    assert "Traceback" not in program.said
