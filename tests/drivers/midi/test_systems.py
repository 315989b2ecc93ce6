"""Other computers' MIDI systems, played by an rtmidi of our own: this machine has neither Windows nor macOS."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_ports import list_ports, open_link
from remote_mixer.drivers.midi_rtmidi import release_idle
from tests.support.waiting import until

CORE, WINDOWS, DUMMY = 1, 4, 5
WARNING, DRIVER_ERROR = 0, 8


class RtMidiError(Exception):
    """As rtmidi's own: the mother of all its errors."""


class UnsupportedOperationError(RtMidiError):
    """Raised for ports of our own on Windows."""


class System:
    """State of the computer: port names by API, and errors by operation."""

    def __init__(self) -> None:
        self.ports = {CORE: ["IAC Bus 1"], WINDOWS: ["loopMIDI 0"]}
        self.faults: dict[str, Exception] = {}
        self.made: list[End] = []
        self.noise = b""

    def end(self, direction: str, api: int, name: str, room: int = 0) -> End:
        self.do(f"{direction} on {api}")
        self.made.append(End(self, api))
        return self.made[-1]

    def assert_all_are_deleted(self) -> None:
        release_idle()
        assert all(end.deleted for end in self.made)

    def do(self, what: str) -> None:
        if what != "list":
            os.write(2, self.noise)
        if what in self.faults:
            raise self.faults[what]


class End:
    """One direction of a MIDI system."""

    def __init__(self, system: System, api: int) -> None:
        self.system, self.api, self.deleted = system, api, False
        self.arrived: list[list[int]] = []
        self.complain: Callable[[int, str, object], None] = lambda kind, text, data: None

    def get_ports(self) -> list[str]:
        self.system.do("list")
        return self.system.ports[self.api]

    def open_port(self, number: int, name: str) -> None:
        self.system.do("open")

    def open_virtual_port(self, name: str) -> None:
        self.system.do("virtual")

    def ignore_types(self, **types: bool) -> None:
        assert not types["sysex"]

    def set_error_callback(self, complain: Callable[[int, str, object], None]) -> None:
        self.complain = complain

    def get_message(self) -> tuple[list[int], float] | None:
        return (self.arrived.pop(0), 0.0) if self.arrived else None

    def send_message(self, message: bytes) -> None:
        self.complain(message[0], "error sending MIDI message", None)

    def close_port(self) -> None:
        assert not self.deleted

    def delete(self) -> None:
        self.deleted = True


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """Install an rtmidi with a Mac's and a Windows system, with one port in both directions."""
    system = System()
    rtmidi: Any = SimpleNamespace(
        API_UNIX_JACK=3, API_RTMIDI_DUMMY=DUMMY, ERRORTYPE_WARNING=WARNING, ERRORTYPE_DEBUG_WARNING=1,
        RtMidiError=RtMidiError, UnsupportedOperationError=UnsupportedOperationError,
        MidiIn=partial(system.end, "input"), MidiOut=partial(system.end, "output"),
        get_compiled_api=lambda: [CORE, WINDOWS, DUMMY], get_api_display_name={CORE: "Core", WINDOWS: "Windows"}.get,
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "rtmidi", rtmidi)
    release_idle()  # of the test before
    yield system
    release_idle()


def refused(port: str = "loop") -> str:
    with pytest.raises(DriverError) as refusal:
        open_link(port, lambda message: None)
    return str(refusal.value)


async def test_a_system_that_is_missing_is_passed_over(system: System) -> None:
    system.faults["input on 1"] = RtMidiError("no Core here")
    assert {port.name for port in list_ports()} == {"loopMIDI 0"}
    open_link("loop", lambda message: None).close()
    system.assert_all_are_deleted()


async def test_a_system_that_has_only_inputs_is_passed_over_and_let_go(system: System) -> None:
    system.faults["output on 1"] = RtMidiError("no more clients")
    assert {port.name for port in list_ports()} == {"loopMIDI 0"}
    assert [end.deleted for end in system.made] == [True, False, False]
    system.assert_all_are_deleted()


async def test_without_any_system_each_ones_reason_is_reported(system: System) -> None:
    system.faults |= {f"input on {api}": RtMidiError(f"no {api}") for api in (CORE, WINDOWS)}
    assert "No MIDI system answers here: Core (no 1), Windows (no 4)." in refused()


async def test_where_the_library_does_not_load_that_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    assert "No MIDI system answers here" in refused()


async def test_a_port_is_looked_for_in_one_system_after_the_other(system: System) -> None:
    assert refused("Logic") == (
        "No MIDI input here is called “Logic”, only: “IAC Bus 1” (Core). No MIDI input here is called “Logic”, "
        "only: “loopMIDI 0” (Windows). Start the program that has it, or plug it in."
    )
    system.assert_all_are_deleted()


async def test_a_port_that_is_missing_is_looked_for_again_without_another_client(system: System) -> None:
    refused("Logic")
    clients = len(system.made)
    assert [refused("Logic"), len(system.made)] == [refused("Logic"), clients]
    system.ports[CORE] = ["Logic"]
    open_link("Logic", lambda message: None).close()
    assert len(system.made) == clients, "and the same one opens it"
    system.assert_all_are_deleted()


async def test_a_port_that_another_program_has_is_said_to_be_so(system: System) -> None:
    system.faults["open"] = RtMidiError("error creating Windows MM MIDI input port")
    assert "“loopMIDI 0” cannot be opened; close the other program that has it" in refused()
    system.assert_all_are_deleted()


@pytest.mark.parametrize("kind", [UnsupportedOperationError, NotImplementedError])
async def test_windows_has_no_ports_of_our_own_and_loopmidi_is_named(system: System, kind: type[Exception]) -> None:
    system.faults["virtual"] = kind("not supported")
    assert "loopMIDI" in refused("")


async def test_a_port_that_goes_while_it_is_opened_is_a_clear_error(system: System) -> None:
    system.faults["open"] = ValueError("no such port")
    assert "“loopMIDI 0” cannot be opened" in refused()


async def test_ports_that_cannot_be_listed_are_said_to_be_so(system: System) -> None:
    system.faults["list"] = RtMidiError("the system hangs")
    assert "cannot be listed (the system hangs)" in refused()


async def test_a_send_that_fails_ends_the_link_by_name_and_a_mere_warning_does_not(system: System) -> None:
    link = open_link("loop", lambda message: None)
    await asyncio.sleep(0)
    link.send(bytes([WARNING]))
    gone = asyncio.ensure_future(link.gone())
    await asyncio.sleep(0)
    assert not gone.done()
    link.send(bytes([DRIVER_ERROR]))
    with pytest.raises(DriverError, match="“loopMIDI 0” has failed"):
        await gone
    link.close()


async def test_a_system_that_fails_while_ports_are_looked_for_ends_the_link(system: System) -> None:
    link = open_link("loop", lambda message: None)
    system.faults["list"] = RtMidiError("the system hangs")
    with pytest.raises(DriverError, match="cannot be listed"):
        await link.gone()
    link.close()


async def test_bytes_of_any_kind_at_the_input_are_received_or_ignored(system: System) -> None:
    received: list[bytes] = []
    link = open_link("loop", received.append)
    system.made[-2].arrived += [[0xB0, 7], [64, 0xF8], [], [0xF0, 1], [0x90, 60, 0], [0xF4], [1, 2, 3]]
    await until(lambda: len(received) == 2)
    link.close()
    assert (received, link.dropped) == ([b"\xb0\x07\x40", b"\x90\x3c\x00"], 1)


async def test_the_terminal_stays_clean_while_ports_are_opened(
    system: System, capfd: pytest.CaptureFixture[str]
) -> None:
    system.noise = b"ALSA lib seq_hw.c: no such file"
    list_ports()
    open_link("loop", lambda message: None).close()
    system.faults["virtual"] = RtMidiError("no")
    refused("")
    os.write(2, b"ours")
    assert capfd.readouterr().err == "ours"
