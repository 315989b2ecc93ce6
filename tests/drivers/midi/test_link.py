"""Links whose ports are in a process of their own, on a JACK server of our own: the loop goes on, whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest

from remote_mixer.drivers import midi_link, midi_ports
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_link import end_idle, open_link
from remote_mixer.drivers.midi_ports import Link
from remote_mixer.midi.messages import control_change, sysex
from tests.support.jack import Jack, jack_server
from tests.support.waiting import until, until_answered
from tests.support.watchdog import watched

TOUCH = control_change(1, 7, 100)


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server(synchronous=True) as server:
        yield server


@pytest.fixture
def received() -> list[bytes]:
    """Messages that the other program has received."""
    return []


@pytest.fixture
async def daw(jack: Jack, received: list[bytes]) -> AsyncIterator[Link]:
    """Another program's ports."""
    link = midi_ports.open_link("", received.append, "DAW")
    yield link
    link.close()
    end_idle()


def processes() -> set[int]:
    """Return the ids of the processes that this one has for links."""
    found = set()
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            with suppress(FileNotFoundError):
                if b"midi_process" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.add(int(child))
    return found


async def reason(link: Link) -> str:
    """Return why a link has gone."""
    with pytest.raises(DriverError) as gone:
        async with asyncio.timeout(20):
            await link.gone()
    return str(gone.value)


async def arrives(sender: Link, message: bytes, received: list[bytes]) -> None:
    """Send a message until it arrives: JACK loses what is sent before all its clients know of a new port."""

    def sent() -> bool:
        sender.send(message)
        return message in received

    await until(sent)


async def test_messages_go_both_ways_whole_and_in_order(daw: Link, received: list[bytes]) -> None:
    arrived: list[bytes] = []
    ours = await open_link("DAW", arrived.append)
    burst = [control_change(1 + n // 128, n // 8 % 128, n % 128) for n in range(1000)]
    await arrives(daw, sysex(*range(110)), arrived)
    for message in burst:
        ours.send(message)
    await until(lambda: len(received) >= len(burst))
    assert (received, set(arrived)) == (burst, {sysex(*range(110))})
    assert (ours.dropped, ours.notice) == (0, "")
    ours.close()
    daw.send(TOUCH)
    again = await open_link("DAW", arrived.append)
    assert TOUCH not in arrived, "a closed link receives nothing"
    again.close()


async def test_opening_and_closing_ports_does_not_stop_the_loop(daw: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_and_close() -> None:
        for _ in range(3):
            (await open_link("DAW", lambda message: None)).close()

    with watched(monkeypatch, lambda file: file == __file__, is_crowded=lambda: False) as watchdog:
        await asyncio.create_task(open_and_close())
    assert watchdog.longest.seconds < 0.02, watchdog.longest


async def test_a_missing_port_is_refused_in_words_and_looked_for_again_by_the_same_process(daw: Link) -> None:
    for _ in range(3):
        with pytest.raises(DriverError, match="No MIDI input here is called “Logic”, only: “DAW out:midi”"):
            await open_link("Logic", lambda message: None)
    assert len(processes()) == 1
    end_idle()
    assert not processes()


class Recorded(midi_link.Process):
    """A process whose end is recorded, step by step."""

    steps: ClassVar[list[str]] = []

    def hang_up(self) -> None:
        self.steps.append("hang up")
        super().hang_up()

    def wait(self, seconds: float) -> None:
        self.steps.append("wait")
        super().wait(seconds)


async def test_all_processes_without_a_link_are_told_to_end_before_any_is_waited_for() -> None:
    midi_link._idle["Another"] = [Recorded(), Recorded()]
    midi_link._idle["Third"] = [Recorded()]
    end_idle()
    assert Recorded.steps == ["hang up"] * 3 + ["wait"] * 3
    await until(lambda: not processes())  # those that had hardly begun take longer than they are waited for


async def test_a_port_that_vanishes_ends_the_link_by_name(daw: Link) -> None:
    ours = await open_link("DAW", lambda message: None)
    daw.close()
    assert "“DAW out:midi” has gone" in await reason(ours)
    ours.close()


ANSWERS = """
import socket, sys, time
server = socket.socket(fileno=0)
server.recv(1000)
if sys.argv[1] != "silent":
    server.sendall(b'["opened", ""]\\n')
time.sleep(0.0 if sys.argv[1] == "short" else 60)
"""
"""A process that opens nothing: killing one that does might end the JACK server."""


def acts(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(midi_link, "_command", lambda: [sys.executable, "-c", ANSWERS, how, "midi_process"])


async def test_a_process_that_ends_by_itself_ends_its_link_and_the_next_one_has_a_new_process(
    daw: Link, received: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as one:
        acts(one, "short")
        ours = await open_link("DAW", lambda message: None)
        assert await reason(ours) == midi_link.ENDED
        ours.send(TOUCH)
        ours.close()
    ours = await open_link("DAW", lambda message: None)
    await arrives(ours, TOUCH, received)
    ours.close()


async def test_a_process_that_takes_nothing_ends_its_link_before_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    acts(monkeypatch, "deaf")
    ours = await open_link("DAW", lambda message: None)
    (process,) = processes()
    for _ in range(100_000):
        ours.send(TOUCH)
    assert await reason(ours) == midi_link.STUCK
    ours.close()
    os.kill(process, signal.SIGKILL)


async def test_a_process_that_is_behind_when_its_link_is_closed_has_no_other_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acts(monkeypatch, "deaf")
    ours = await open_link("DAW", lambda message: None)
    for _ in range(5000):
        ours.send(TOUCH)
    ours.close()
    (behind,) = processes()
    again = await open_link("DAW", lambda message: None)
    assert len(processes()) == 2
    again.close()
    for process in processes():
        os.kill(process, signal.SIGKILL)
    await until(lambda: behind not in processes())


SPINS = """
from remote_mixer.drivers import midi_process

class Spinning:
    notice = ""
    def send(self, message):
        while True:
            pass
    async def gone(self):
        pass

midi_process.STANDSTILL_SECONDS = 1
midi_process.open_link = lambda port, receive, client: Spinning()
midi_process.main()
"""
"""A process whose port does what rtmidi's does while its JACK server stands still."""


async def test_a_process_that_stands_still_for_ever_ends_and_its_link_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_link, "_command", lambda: [sys.executable, "-c", SPINS, "midi_process"])
    ours = await open_link("DAW", lambda message: None)
    ours.send(TOUCH)
    assert await reason(ours) == midi_link.ENDED
    ours.close()
    await until(lambda: not processes())


async def test_an_opening_that_takes_too_long_is_a_clear_error_and_its_process_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acts(monkeypatch, "silent")
    monkeypatch.setattr(midi_link, "OPEN_SECONDS", 0.1)
    monkeypatch.setattr(midi_link, "MOST_LEFT", 2)
    for most in (1, 2, 2, 2):  # what hangs is not joined by more and more
        with pytest.raises(DriverError, match=midi_link.STUCK):
            await open_link("DAW", lambda message: None)
        await until(lambda most=most: len(processes()) == most)  # type: ignore[misc]  # a default is no argument
    for process in processes():
        os.kill(process, signal.SIGKILL)
    await until(lambda: not processes())

    async def another() -> set[int]:
        with pytest.raises(DriverError, match=midi_link.STUCK):
            await open_link("DAW", lambda message: None)
        return processes()

    await until_answered(another)  # the thread that waits for a process sees its end a moment later
    for process in processes():
        os.kill(process, signal.SIGKILL)


async def test_an_opening_that_is_given_up_leaves_no_process(daw: Link) -> None:
    opening = asyncio.create_task(open_link("DAW", lambda message: None))
    await until(processes)
    opening.cancel()
    await asyncio.wait({opening})
    await until(lambda: not processes())


async def test_elsewhere_ports_are_opened_here(daw: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_link, "APART", False)
    ours = await open_link("DAW", lambda message: None)
    assert isinstance(ours, midi_ports.PortLink)
    assert not processes()
    ours.close()


@pytest.mark.parametrize(
    "command", [["-m", "remote_mixer.drivers.midi_process"], ["-m", "remote_mixer", "midi-process"]]
)
def test_the_process_answers_by_either_command_and_ends_with_the_server_alone(jack: Jack, command: list[str]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, subprocess.Popen([sys.executable, *command], stdin=theirs.fileno()) as process:
        theirs.close()
        ours.sendall(b'["open", ["Logic", "Remote Mixer"]]\n')
        assert b"refused" in ours.recv(1000)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a whole group is stopped
            process.send_signal(number)
        ours.sendall(b'["open", ["Logic", "Remote Mixer"]]\n')
        assert b"refused" in ours.recv(1000)
        ours.close()
        assert process.wait(20) == 0
