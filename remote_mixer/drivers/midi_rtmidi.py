"""One client of a MIDI system for each direction: all that we ask of rtmidi, and its faults as DriverError."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_jack import ServerWatch, keep_forever

if TYPE_CHECKING:
    from types import ModuleType

WIRE = "midi"
"""What our own ports are called on JACK, behind the client's name."""

MOST_WAITING = 4096
"""Most incoming messages that may wait for us; what comes beyond is lost."""

JACK_SETTLE_SECONDS = 0.05
"""How long JACK takes, and some, to tell all its clients of a new port or joint.

A message that is sent meanwhile is lost, and a port that is taken away meanwhile may end our whole process: libjack
walks through a client's ports on one thread while another takes one out (1.9.21, tried: once in forty times).
"""

log = logging.getLogger(__name__)

_closer = ThreadPoolExecutor(1, "midi-ends")
_closing: list[Future[None]] = []


class PortPair:
    """An input and an output of one MIDI system, not joined to any port yet; DriverError where the system is not there.

    What arrives is asked for; rtmidi could call us instead, on a thread of its own or of JACK's, but that thread waits
    for the interpreter then. Tried under load: JACK skipped us, five messages of six were lost, other programs' sound
    had gaps, and letting go of a port while messages arrived never ended.

    fault  what rtmidi last complained of in so many words, empty while all is well
    """

    def __init__(self, api: int, client: str) -> None:
        rtmidi = library()
        self.fault = ""
        self._jack = api == rtmidi.API_UNIX_JACK
        self._has_ports = False
        self._client = client
        names = (f"{client} in", f"{client} out") if self._jack else (client, client)
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        while self._jack and _closing:
            _closing.pop().result()
        with _silent_terminal(), _faults():
            self.input = rtmidi.MidiIn(api, names[0], MOST_WAITING + 1)  # a ring buffer leaves one place free
            self._server = ServerWatch.join() if self._jack else None
            try:
                self.output = rtmidi.MidiOut(api, names[1])
            except rtmidi.RtMidiError:
                self._release(self.input)
                raise
        self.input.ignore_types(sysex=False, timing=True, active_sense=True)

    def inputs(self) -> list[str]:
        """Return the ports that we can receive."""
        return _names(self.input)

    def outputs(self) -> list[str]:
        """Return the ports that we can send to."""
        return _names(self.output)

    def open(self, source: str, target: str) -> None:
        """Join both ends to ports that are there; DriverError where another program has one of them."""
        name = WIRE if self._jack else self._client
        self._has_ports = True
        for end, port, names in ((self.input, source, self.inputs()), (self.output, target, self.outputs())):
            with (
                _silent_terminal(),
                _faults(f"The MIDI port “{port}” cannot be opened; close the other program that has it"),
            ):
                end.open_port(names.index(port), name)
        self._watch_errors()

    def open_virtual(self) -> None:
        """Make a port of our own at each end; DriverError on a system that knows no such ports."""
        name = WIRE if self._jack else self._client
        self._has_ports = True
        with _silent_terminal(), _faults("No MIDI port of our own can be made"):
            try:
                self.input.open_virtual_port(name)
                self.output.open_virtual_port(name)
            except (library().UnsupportedOperationError, NotImplementedError) as error:
                raise DriverError("Windows makes no MIDI ports for us: make one with loopMIDI and name it.") from error
        self._watch_errors()

    def next(self) -> bytes | None:
        """Return the bytes that arrived first, or None when nothing waits."""
        arrived = self.input.get_message()
        return bytes(arrived[0]) if arrived else None

    def send(self, message: bytes) -> None:
        """Send one whole message, unless the server that would take it is no more."""
        if not self.lost:
            self.output.send_message(message)

    @property
    def lost(self) -> bool:
        """Return whether the MIDI system itself has gone."""
        return self._server is not None and self._server.lost

    @property
    def settle_seconds(self) -> float:
        """Return how long after opening a message may still be lost."""
        return JACK_SETTLE_SECONDS if self._jack else 0.0

    def close(self) -> None:
        """Let go of both ends, once; ports on JACK in a moment, one after the other, and before any others are made."""
        if self._jack and self._has_ports:
            _closing.append(_closer.submit(self._release, self.input, self.output, settle_seconds=JACK_SETTLE_SECONDS))
        else:
            self._release(self.input, self.output)

    def _release(self, *ends: Any, settle_seconds: float = 0.0) -> None:  # noqa: ANN401 - rtmidi has no types
        for end in ends:
            time.sleep(settle_seconds)
            if self.lost:
                keep_forever(end)
            else:
                end.close_port()
                end.delete()
        if self._server:
            self._server.leave()

    def _watch_errors(self) -> None:
        """From now on nothing is raised."""
        for end in (self.input, self.output):
            end.set_error_callback(self._on_error)

    def _on_error(self, kind: int, text: str, _: object) -> None:
        rtmidi = library()
        log.debug("rtmidi: %s", text)
        if kind not in (rtmidi.ERRORTYPE_WARNING, rtmidi.ERRORTYPE_DEBUG_WARNING):
            self.fault = text


def library() -> ModuleType:
    """Return rtmidi, loaded only where a MIDI console is wanted; DriverError where it does not load here."""
    try:
        import rtmidi  # noqa: PLC0415 - as the docstring says
    except ImportError as error:
        raise DriverError(f"No MIDI system answers here: {error}.") from error
    module: ModuleType = rtmidi
    return module


def port_pairs(client: str) -> Iterator[tuple[str, PortPair]]:
    """Open both ends on one MIDI system after another; whoever asks closes them.

    Yields what people call the system, and the ends; DriverError when no system at all answered.
    """
    rtmidi = library()
    silent: list[str] = []
    apis = [api for api in rtmidi.get_compiled_api() if api != rtmidi.API_RTMIDI_DUMMY]
    for api in apis:
        name = rtmidi.get_api_display_name(api)
        try:
            ends = PortPair(api, client)
        except DriverError as error:
            silent.append(f"{name} ({error})")
        else:
            yield name, ends
    if len(silent) == len(apis):
        hint = " Load ALSA's sequencer (modprobe snd-seq) or start JACK." if sys.platform == "linux" else ""
        raise DriverError(f"No MIDI system answers here: {', '.join(silent) or 'rtmidi knows none'}.{hint}")


def _names(end: Any) -> list[str]:  # noqa: ANN401 - rtmidi has no types
    with _faults("The MIDI ports cannot be listed"):
        return list(end.get_ports())


@contextmanager
def _faults(what: str = "") -> Iterator[None]:
    """Turn a fault of rtmidi's into a DriverError that begins with what could not be done."""
    rtmidi = library()
    try:
        yield
    except (rtmidi.RtMidiError, ValueError) as error:  # ValueError: the port went between looking and opening
        raise DriverError(f"{what} ({error})." if what else str(error)) from error


@contextmanager
def _silent_terminal() -> Iterator[None]:
    """Keep ALSA and JACK from writing to the terminal meanwhile; they do so past Python."""
    if sys.stderr is None:
        yield
        return
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        for descriptor in (kept, nowhere):
            with suppress(OSError):
                os.close(descriptor)
