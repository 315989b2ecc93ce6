"""MIDI ports: listed, opened by name as a link of both directions, and watched for their end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Literal, Protocol

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_rtmidi import MOST_WAITING, PortPair, port_pairs
from remote_mixer.midi.messages import Parser

CLIENT = "Remote Mixer"
"""Our client name for other programs, and the name of virtual ports."""
BOTH = "::"
MOST_NAMED = 8
POLL_SECONDS = 0.25
"""Interval at which a link checks that its ports exist: sooner than any program restarts, and 0.1 ms of work."""
RECEIVE_SECONDS = 0.008
"""Interval at which a link reads its input: twice per frame of the page, 1.5 % of a core for all links of a process."""

Receive = Callable[[bytes], None]
"""Called on the loop with one whole message; must not raise."""


class Link(Protocol):
    """Both directions of one MIDI connection."""

    @property
    def dropped(self) -> int:
        """Count of lost incoming messages: too many waiting, cut short or too long."""

    @property
    def notice(self) -> str:
        """Note on the choice of the port where several match, else an empty text."""

    def send(self, message: bytes) -> None:
        """Send one whole message. Never waits and never raises; `gone` reports a missing port."""

    async def gone(self) -> None:
        """Wait until the port has vanished, then raise DriverError with its name; never returns."""

    def close(self) -> None:
        """Close the ports; may be called twice."""


OpenLink = Callable[[str, Receive, str], Awaitable[Link]]
"""Function with the arguments and result of `midi_link.open_link`: port, receiver and client's name."""


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A port of another program or device: an input is one that we receive from, an output one that we send to."""

    system: str
    direction: Literal["input", "output"]
    name: str


def list_ports() -> list[PortInfo]:
    """Return all ports of all MIDI systems here; DriverError if there is no MIDI system."""
    found: list[PortInfo] = []
    for system, pair in port_pairs(CLIENT):
        with closing(pair):
            found += [PortInfo(system, "input", name) for name in pair.inputs()]
            found += [PortInfo(system, "output", name) for name in pair.outputs()]
    return found


def open_link(port: str, receive: Receive, client: str = CLIENT) -> Link:
    """Open ports by name; on the loop only. DriverError with a sentence where that fails.

    port    "" for virtual ports of our own, named after the client; a name or a part of one, for the input and the
            output that match; INPUT::OUTPUT where the two differ; INPUT:: or ::OUTPUT for one direction alone
    client  our name for other programs
    """
    missing: list[str] = []
    for system, pair in port_pairs(client):
        try:
            return PortLink(pair, _open(pair, port), receive)
        except _NoSuchPort as error:
            pair.close()
            missing.append(f"{error} ({system})")
        except DriverError:
            pair.close()
            raise
    raise DriverError(f"{'. '.join(missing)}. Start the program that has it, or plug it in.")


class _NoSuchPort(DriverError):
    """A port is missing on one MIDI system; another system may have it."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """Full names of the opened ports; empty for a direction without one, and for virtual ports of our own."""

    source: str = ""
    target: str = ""
    notice: str = ""


def _open(pair: PortPair, port: str) -> _Opened:
    if not port:
        pair.open_virtual()
        return _Opened()
    source, both, target = port.partition(BOTH)
    target = target if both else source
    inputs = _matches(source, pair.inputs(), "input") if source or not target else [""]
    outputs = _matches(target, pair.outputs(), "output") if target else [""]
    pair.open(inputs[0], outputs[0])
    notices = [_choice(direction, names) for direction, names in (("input", inputs), ("output", outputs)) if names[1:]]
    return _Opened(inputs[0], outputs[0], " ".join(notices))


def _matches(wanted: str, names: Sequence[str], direction: str) -> list[str]:
    """Return the names that match a text, best first: an equal name alone, else all that contain it, shortest first.

    Ports of our own, which another console may have opened, match only a text that begins with our name.
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

    def __init__(self, pair: PortPair, opened: _Opened, receive: Receive) -> None:
        self.notice = opened.notice
        self._pair: PortPair | None = pair
        self._opened = opened
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._parser = Parser()
        self._overrun = 0
        self._unsent: list[bytes] | None = []
        self._loop.call_later(pair.settle_seconds, self._settled)
        self._timer = self._loop.call_later(RECEIVE_SECONDS, self._listen)
        self._read()

    @property
    def dropped(self) -> int:
        """Count of lost incoming messages, at least."""
        return self._overrun + self._parser.dropped

    def send(self, message: bytes) -> None:
        """Send one whole message; just after opening, a little later."""
        if self._unsent is not None:
            self._unsent.append(message)
        elif self._pair:
            self._pair.send(message)

    async def gone(self) -> None:
        """Poll for the ports until one is missing, then raise DriverError with its name."""
        while not (missing := self._missing()):  # noqa: ASYNC110 - rtmidi has no event for it
            await asyncio.sleep(POLL_SECONDS)
        raise DriverError(missing)

    def close(self) -> None:
        """Close the ports; nothing is received after that."""
        if self._pair:
            pair, self._pair = self._pair, None
            self._timer.cancel()
            pair.close()

    def _settled(self) -> None:
        early, self._unsent = self._unsent or [], None
        for message in early:
            self.send(message)

    def _missing(self) -> str:
        if self._pair is None:
            return ""
        if self._pair.lost:
            return "The JACK server has ended, and its MIDI ports with it. Start it again."
        if self._pair.fault:
            return f"The MIDI port “{self._opened.target}” has failed ({self._pair.fault})."
        for wanted, there in ((self._opened.source, self._pair.inputs), (self._opened.target, self._pair.outputs)):
            if wanted and wanted not in there():
                return f"The MIDI port “{wanted}” has gone. It is opened again by itself when it is back."
        return ""

    def _listen(self) -> None:
        """Schedule the next read, and pass on what has arrived."""
        self._timer = self._loop.call_later(RECEIVE_SECONDS, self._listen)
        self._read()

    def _read(self) -> None:
        for _ in range(MOST_WAITING):
            if not self._pair or (arrived := self._pair.next()) is None:
                return
            for message in self._parser.feed(arrived):
                self._receive(message)
        self._overrun += 1  # the whole buffer was full, so messages were lost
