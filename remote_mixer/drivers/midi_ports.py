"""MIDI ports by name: listed, opened as a link of both directions, and missed when they go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Literal, Protocol

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_bytes import Parser
from remote_mixer.drivers.midi_rtmidi import MOST_WAITING, PortPair, port_pairs

CLIENT = "Remote Mixer"
"""What other programs see us as, and what virtual ports are called."""
BOTH = "::"
MOST_NAMED = 8
POLL_SECONDS = 0.25
"""How often a link looks whether its ports are there: sooner than any program restarts, and 0.1 ms of work."""
RECEIVE_SECONDS = 0.008
"""How often a link looks what has arrived: twice in a frame of the page, and 1.5 % of a core however many links."""

Receive = Callable[[bytes], None]
"""Called on the loop with one whole message; must not raise."""


class Link(Protocol):
    """Both directions of one MIDI connection."""

    @property
    def dropped(self) -> int:
        """Return how many incoming messages were lost: too many waiting, cut short or too long."""

    @property
    def notice(self) -> str:
        """Return a word on how the port was chosen, where several could be meant, else an empty text."""

    def send(self, message: bytes) -> None:
        """Send one whole message. Never waits and never raises; where the port has gone, `gone` says so."""

    async def gone(self) -> None:
        """Wait until the port has vanished, then raise DriverError that names it; never returns."""

    def close(self) -> None:
        """Let go of the ports; may be called twice."""


OpenLink = Callable[[str, Receive, str], Link]
"""Takes the port, who hears, and the client's name, as `open_link` does."""


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A port of another program or of a socket: an input is what we can receive, an output what we can send to."""

    system: str
    direction: Literal["input", "output"]
    name: str


def list_ports() -> list[PortInfo]:
    """Return all ports of all MIDI systems here; DriverError where no MIDI system answers."""
    found: list[PortInfo] = []
    for system, ends in port_pairs(CLIENT):
        with closing(ends):
            found += [PortInfo(system, "input", name) for name in ends.inputs()]
            found += [PortInfo(system, "output", name) for name in ends.outputs()]
    return found


def open_link(port: str, receive: Receive, client: str = CLIENT) -> Link:
    """Open ports by name; on the loop only. DriverError with a sentence where that fails.

    port    "" for ports of our own, called as the client; a name or a part of one, for the input and the output that
            have it; INPUT::OUTPUT where the two differ
    client  what other programs see
    """
    missing: list[str] = []
    for system, ends in port_pairs(client):
        try:
            return PortLink(ends, _open(ends, port), receive)
        except _NoSuchPort as error:
            ends.close()
            missing.append(f"{error} ({system})")
        except DriverError:
            ends.close()
            raise
    raise DriverError(f"{'. '.join(missing)}. Start the program that has it, or plug it in.")


class _NoSuchPort(DriverError):
    """This system has no such port; another may."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """Which ports were opened, by their full names; both empty for ports of our own."""

    source: str = ""
    target: str = ""
    notice: str = ""


def _open(ends: PortPair, port: str) -> _Opened:
    if not port:
        ends.open_virtual()
        return _Opened()
    source, both, target = port.partition(BOTH)
    inputs = _matches(source, ends.inputs(), "input")
    outputs = _matches(target if both else source, ends.outputs(), "output")
    ends.open(inputs[0], outputs[0])
    notices = [_choice(direction, names) for direction, names in (("input", inputs), ("output", outputs)) if names[1:]]
    return _Opened(inputs[0], outputs[0], " ".join(notices))


def _matches(wanted: str, names: Sequence[str], direction: str) -> list[str]:
    """Return the names that a text may mean, likeliest first: that very name alone, else the shortest that has it.

    Our own ports, which another console may have opened, are meant only by a text that begins as they do.
    """
    part = wanted.strip().casefold()
    if not part.startswith(CLIENT.casefold()):
        names = [name for name in names if not name.startswith(CLIENT)]
    exact = [name for name in names if name.casefold() == part]
    found = exact[:1] or sorted((name for name in names if part and part in name.casefold()), key=len)
    if not found:
        there = ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) or "nothing"
        raise _NoSuchPort(f"No MIDI {direction} here is called “{wanted}”, only: {there}")
    return found


def _choice(direction: str, names: Sequence[str]) -> str:
    others = ", ".join(f"“{name}”" for name in names[1 : 1 + MOST_NAMED])
    return f"Of several MIDI {direction}s with that name “{names[0]}” was taken, not {others}."


class PortLink:
    """A link over ports of this computer."""

    def __init__(self, ends: PortPair, opened: _Opened, receive: Receive) -> None:
        self.notice = opened.notice
        self._ends: PortPair | None = ends
        self._opened = opened
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._parser = Parser()
        self._overrun = 0
        self._unsent: list[bytes] | None = []
        self._loop.call_later(ends.settle_seconds, self._settled)
        self._listen()

    @property
    def dropped(self) -> int:
        """Return how many incoming messages were lost, at the least."""
        return self._overrun + self._parser.dropped

    def send(self, message: bytes) -> None:
        """Send one whole message, in the first moment a little later."""
        if self._unsent is not None:
            self._unsent.append(message)
        elif self._ends:
            self._ends.send(message)

    async def gone(self) -> None:
        """Look for the ports until one is missing, then say which."""
        while not (missing := self._missing()):  # noqa: ASYNC110 - rtmidi has no event for it
            await asyncio.sleep(POLL_SECONDS)
        raise DriverError(missing)

    def close(self) -> None:
        """Let go of the ports; nothing is heard after that."""
        if self._ends:
            ends, self._ends = self._ends, None
            self._timer.cancel()
            ends.close()

    def _settled(self) -> None:
        early, self._unsent = self._unsent or [], None
        for message in early:
            self.send(message)

    def _missing(self) -> str:
        if self._ends is None:
            return ""
        if self._ends.lost:
            return "The JACK server has ended, and its MIDI ports with it. Start it again."
        if self._ends.fault:
            return f"The MIDI port “{self._opened.target}” has failed ({self._ends.fault})."
        for wanted, there in ((self._opened.source, self._ends.inputs), (self._opened.target, self._ends.outputs)):
            if wanted and wanted not in there():
                return f"The MIDI port “{wanted}” has gone. It is opened again by itself when it is back."
        return ""

    def _listen(self) -> None:
        """Hand on what has arrived, and look again soon."""
        self._timer = self._loop.call_later(RECEIVE_SECONDS, self._listen)
        for _ in range(MOST_WAITING):
            if not self._ends or (arrived := self._ends.next()) is None:
                return
            for message in self._parser.feed(arrived):
                self._receive(message)
        self._overrun += 1  # all the room was taken, so more came than there was room for
