"""The engine as a client of a real JACK server: its ports and its latency."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.engine import jack as jack_client
from remote_mixer.engine import shared
from remote_mixer.engine.controls import COLUMNS, SOURCES
from remote_mixer.engine.player import ONE_CLOCK
from remote_mixer.engine.shared import SharedBlock
from tests.drivers.builtin.test_driver import Console, console
from tests.engine.on_jack import OURS, live
from tests.engine.running import PATIENCE_SECONDS, engine, until
from tests.support import waiting
from tests.support.complete import need
from tests.support.jack import Jack, jack_server
from tests.support.warm import warm

LIMITER_FRAMES = 63
LATER, BY_PORTAUDIO = re.compile(r"([\d.]+) ms more"), re.compile(r"PortAudio.*:out_0")
MEASURED = re.compile(r"([\d.]+) frames .* total roundtrip")


@contextmanager
def late_port() -> Iterator[Callable[[], object]]:
    """Make the port `late:out` of a client that does not run yet, which JACK joins to nothing; yield its start."""
    library, turn = jack_client._library(), ctypes.cast(ctypes.CDLL(None).sched_yield, jack_client.HANDLE)
    client = library.jack_client_open(b"late", jack_client.NO_START_SERVER, None)
    library.jack_port_register(client, b"out", jack_client.AUDIO, jack_client.IS_OUTPUT, 0)
    library.jack_set_process_callback(client, turn, None)
    yield lambda: library.jack_activate(client)
    library.jack_client_close(client)


@contextmanager
def witness(jack: Jack) -> Iterator[subprocess.Popen[str]]:
    """Run jack_iodelay, which measures the way from its output to its input to a fraction of a frame."""
    need(shutil.which("jack_iodelay"), "jack_iodelay is not installed (apt-get install jackd2)")
    command = ("stdbuf", "-oL", "jack_iodelay")
    with subprocess.Popen(command, env=jack.environment, stdout=subprocess.PIPE, text=True) as process:
        end = threading.Timer(PATIENCE_SECONDS, process.terminate)
        end.start()
        try:
            yield process
        finally:
            end.cancel()
            process.terminate()


def measured(process: subprocess.Popen[str]) -> float:
    """Return what three readings in a row agree on, in frames."""
    assert process.stdout
    seen: list[float] = []
    for line in process.stdout:
        if found := MEASURED.search(line):
            seen.append(float(found[1]))
        if len(seen) >= 3 and max(seen[-3:]) - min(seen[-3:]) < 0.01:
            return seen[-1]
    raise AssertionError("jack_iodelay has ended")


def test_ports_have_names_and_are_joined_to_the_card_in_their_order(jack: Jack, tmp_path: Path) -> None:
    with live(tmp_path / "data") as running:
        assert (running.ready["output"], running.ready["audible"]) == ("JACK, 2 inputs, 256 frames", True)
        assert "without real-time priority" in running.ready["remarks"][0]
        ours = {port.removeprefix(f"{OURS}:") for port in jack.ports() if port.startswith(OURS)}
        assert ours == {"in 1", "in 2", *COLUMNS, "direct 1", "direct 2"}
        assert jack.joined("system:capture_2") == [f"{OURS}:in 2"]
        assert jack.joined("system:playback_1") == [f"{OURS}:main left"]
        running.plays(0.2)


@pytest.mark.parametrize(("port", "added"), [("main left", 0), ("direct 1", 0), ("mix 1 right", LIMITER_FRAMES)])
@pytest.mark.parametrize("frames", [64, 256])
def test_from_an_input_to_main_and_a_direct_out_the_mixer_adds_no_frame_and_to_a_mix_its_limiters_look_ahead(
    tmp_path: Path, frames: int, port: str, added: int
) -> None:
    """A loop of two programs is a period long in JACK; each direction of a card adds its own."""
    with jack_server(frames) as jack, live(tmp_path / "data", 1) as running, witness(jack) as process:
        running.block.write("ch1/send/bus1/level", 1)
        running.block.commit()
        jack.join("jack_delay:out", f"{OURS}:in 1")
        jack.join(f"{OURS}:{port}", "jack_delay:in")
        assert measured(process) == pytest.approx(jack.frames + added, abs=0.1)


async def test_a_port_is_joined_by_name_on_the_console_and_again_when_the_other_program_is_back(
    jack: Jack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    theirs, ours = "jack_delay:out", f"{OURS}:in 1"
    async with console(warm(tmp_path), "live:inputs=2,card=jack", {"band/port/main_left": "nothing"}) as band:
        await band.status("online")
        await waiting.until(lambda: "band/port/in_1" in band.desk.values)
        assert (band.value("port/in_1"), band.value("port/main_left")) == ("usual", "nothing")
        assert (jack.joined(ours), jack.joined(f"{OURS}:main left")) == (["system:capture_1"], [])
        with witness(jack):
            await waiting.until(lambda: theirs in choices(band, "port/in_1"))
            band.set("port/in_1", theirs)
            await waiting.until(lambda: jack.joined(ours) == [theirs])
        await waiting.until(lambda: "jack_delay:in" not in choices(band, "port/main_left"))
        assert jack.joined(ours) == []
        assert band.value("port/in_1") == theirs, "it is waited for"
        with witness(jack):
            await waiting.until(lambda: jack.joined(ours) == [theirs])
            jack.part(theirs, ours)
            await waiting.until(lambda: band.value("port/in_1") == "nothing")
            band.set("port/in_1", "usual")
            await waiting.until(lambda: jack.joined(ours) == ["system:capture_1"])
        with late_port() as start:
            await waiting.until(lambda: "late:out" in choices(band, "port/in_1"))
            band.set("port/in_1", "late:out")
            await waiting.until(lambda: jack.joined(ours) == [])
            start()
            await waiting.until(lambda: jack.joined(ours) == ["late:out"])


async def test_the_round_trip_is_measured_from_the_console_and_the_mix_is_back(
    jack: Jack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    async with console(warm(tmp_path), "live:inputs=2,card=jack") as band:
        await band.status("online")
        await band.guard.act("measure_latency", {})
        await waiting.until(lambda: band.driver.pid is None)
        await waiting.until(lambda: f"{OURS}:in 1" in jack.ports())
        jack.join(f"{OURS}:main left", f"{OURS}:in 1")
        await waiting.until(lambda: band.value("sound/measured") != "")
        assert str(band.value("sound/measured")).startswith(
            f"{jack.frames} frames, 5.33 ms, from output to input: JACK"
        )
        await band.status("online")
        assert f"{OURS}:in 2" in jack.ports()


def choices(band: Console, local: str) -> tuple[str, ...]:
    param: Any = band.desk.layouts["band"].params[local]
    return tuple(param.choices)


def test_inputs_of_another_card_by_portaudio_come_as_much_later_as_is_said(jack: Jack, tmp_path: Path) -> None:
    """Two streams of PortAudio's, each with a callback of its own; the two cards are JACK and jack_iodelay."""
    with SharedBlock.create(tmp_path / "block") as block:
        block.write("ch1/source", SOURCES.index("input 1"))
    cards = ("--card=system, JACK", "--input-card=jack_delay, JACK", "--inputs=1", "--frames=256")
    with witness(jack) as process:
        jack.wait_for("jack_delay:out")
        with engine(warm(tmp_path), "--output=card", *cards) as running:
            line = running.ready
            while not (later := LATER.search(line.get("microphones", ""))):
                line = running.line()
                assert line, "the engine has ended"
            until(lambda: any(map(BY_PORTAUDIO.match, jack.ports())))
            jack.join(next(filter(BY_PORTAUDIO.match, jack.ports())), "jack_delay:in")
            assert process.stdout
            period_and_more = 256 + float(later[1]) * shared.RATE / 1000
            readings = (float(found[1]) for line in process.stdout if (found := MEASURED.search(line)))
            assert any(abs(frames - period_and_more) < 24 for frames in islice(readings, 20))
            assert running.process.stdin
            running.process.stdin.close()
            assert running.process.wait(20) == 0


def test_jack_has_one_clock_and_says_that_another_card_is_not_used(jack: Jack, tmp_path: Path) -> None:
    with live(tmp_path / "data", 1, "--input-card=C920") as running:
        assert running.ready["remarks"][-1] == ONE_CLOCK.format("C920")
        assert running.ready["microphones"] == ""
