"""Port pairs of a MIDI system through rtmidi, whose errors become DriverError."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_jack import WATCHER, ServerWatch, keep_forever

if TYPE_CHECKING:
    from types import ModuleType

WIRE = "midi"
"""Name of our own ports on JACK, after the client's name."""

MOST_WAITING = 4096
"""Most incoming messages that may wait; further ones are lost."""

NOT_BUILT_FOR = (3, 13)
"""First Python for which pyproject.toml leaves rtmidi out."""

JACK_SETTLE_SECONDS = 0.05
"""Time that JACK may take to announce a new port or connection to all its clients.

A message sent meanwhile is lost, and a port removed meanwhile may end our whole process: libjack walks through a
client's ports on one thread while another removes one (1.9.21, measured: one time in forty).
"""

log = logging.getLogger(__name__)

_closer = ThreadPoolExecutor(1, "midi-close")
_closing: list[Future[None]] = []
_idle: dict[tuple[int, str], PortPair] = {}
"""Pairs without ports, by API and client name.

rtmidi keeps the interpreter's lock while JACK makes or ends a client (40 ms each, measured: 0.27 s for a pair beside
other work), and no thread helps against that. A look at the ports takes 0.3 ms, so a port that is missing is looked for
with the same pair again and again.
"""


class PortPair:
    """An input and an output of one MIDI system, not connected yet; DriverError if the system is missing.

    Incoming messages are polled. rtmidi's callbacks run on a thread of its own or of JACK's, which then waits for the
    interpreter. Measured under load: JACK skipped us, five of six messages were lost, other programs' sound had gaps,
    and closing a port while messages arrived never ended.

    fault  rtmidi's last error text, empty while all is well
    """

    def __init__(self, api: int, client: str) -> None:
        rtmidi = library()
        self.fault = ""
        self._api = api
        self._jack = api == rtmidi.API_UNIX_JACK
        self._has_ports = False
        self._sends = True
        self._client = client
        names = (f"{client} in", f"{client} out") if self._jack else (client, client)
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        while self._jack and _closing:
            _closing.pop().result()
        with _silent_terminal(), _faults():
            self.input = rtmidi.MidiIn(api, names[0], MOST_WAITING + 1)  # one slot of a ring buffer stays free
            self._server = ServerWatch.join() if self._jack else None
            try:
                self.output = rtmidi.MidiOut(api, names[1])
            except rtmidi.RtMidiError:
                self._release(self.input)
                raise
        self.input.ignore_types(sysex=False, timing=True, active_sense=True)

    def inputs(self) -> list[str]:
        """Return the ports that we can receive from."""
        return [name for name in _names(self.input) if not name.startswith(WATCHER)]

    def outputs(self) -> list[str]:
        """Return the ports that we can send to."""
        return _names(self.output)

    def open(self, source: str, target: str) -> None:
        """Connect to existing ports, "" for none; DriverError where another program has one of them."""
        name = WIRE if self._jack else self._client
        self._has_ports, self._sends = True, bool(target)
        for port, open_port in ((source, self._open_input), (target, self._open_output)):
            if not port:
                continue
            with (
                _silent_terminal(),
                _faults(f"The MIDI port “{port}” cannot be opened; close the other program that has it"),
            ):
                open_port(port, name)
        self._watch_errors()

    def _open_output(self, port: str, name: str) -> None:
        self.output.open_port(self.outputs().index(port), name)

    def _open_input(self, port: str, name: str) -> None:
        """Connect the input to a port; on JACK only once it is protected."""
        if self._server is None or not self._server.joins:
            self.input.open_port(self.inputs().index(port), name)
        elif not self._server.connect(port, ours := self._make_input(name)):
            raise ValueError(f"JACK does not join “{port}” to “{ours}”")

    def _make_input(self, name: str) -> str:
        """Make a virtual port for the input, protected on JACK; return its full name there."""
        before = self.outputs() if self._server else []
        self.input.open_virtual_port(name)
        if not self._server:
            return name
        ours = next((port for port in self.outputs() if port not in before), "")
        self._server.connect(self._server.silent_port, ours)
        return ours

    def open_virtual(self) -> None:
        """Create a virtual port for each direction; DriverError on a system without virtual ports."""
        name = WIRE if self._jack else self._client
        self._has_ports = True
        with _silent_terminal(), _faults("No MIDI port of our own can be made"):
            try:
                self._make_input(name)
                self.output.open_virtual_port(name)
            except (library().UnsupportedOperationError, NotImplementedError) as error:
                raise DriverError("Windows makes no MIDI ports for us: make one with loopMIDI and name it.") from error
        self._watch_errors()

    def next(self) -> bytes | None:
        """Return the first waiting message, or None."""
        arrived = self.input.get_message()
        return bytes(arrived[0]) if arrived else None

    def send(self, message: bytes) -> None:
        """Send one whole message, unless the server has ended or there is no output: it would pile up in JACK."""
        if self._sends and not self.lost:
            self.output.send_message(message)

    @property
    def lost(self) -> bool:
        """Whether the MIDI system itself has ended."""
        return self._server is not None and self._server.lost

    @property
    def settle_seconds(self) -> float:
        """Time after opening in which a message may still be lost."""
        return JACK_SETTLE_SECONDS if self._jack else 0.0

    def close(self) -> None:
        """Close both directions, once. JACK ports are closed in the background, one by one, before any are opened.

        A pair without ports is kept for the next one that looks for a port.
        """
        if not self._has_ports and not self.lost and (self._api, self._client) not in _idle:
            _idle[self._api, self._client] = self
        elif self._jack and self._has_ports:
            _closing.append(_closer.submit(self._release, self.input, self.output, settle_seconds=JACK_SETTLE_SECONDS))
        else:
            self.release()

    def release(self) -> None:
        """Delete both directions, whose ports were never opened or are on no JACK server."""
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
        """Record rtmidi's errors in `fault` from now on, in place of raising them."""
        for end in (self.input, self.output):
            end.set_error_callback(self._on_error)

    def _on_error(self, kind: int, text: str, _: object) -> None:
        rtmidi = library()
        log.debug("rtmidi: %s", text)
        if kind not in (rtmidi.ERRORTYPE_WARNING, rtmidi.ERRORTYPE_DEBUG_WARNING):
            self.fault = text


@atexit.register
def release_idle() -> None:
    """Release the pairs that are kept for the next look at the ports."""
    while _idle:
        _, pair = _idle.popitem()
        pair.release()


def library() -> ModuleType:
    """Return rtmidi, imported only for a MIDI console; DriverError if it cannot be imported."""
    try:
        import rtmidi  # noqa: PLC0415 - imported only when needed
    except ImportError as error:
        raise DriverError(_why_no_midi(error)) from error
    module: ModuleType = rtmidi
    return module


def _why_no_midi(error: ImportError) -> str:
    if error.name != "rtmidi" or sys.version_info < NOT_BUILT_FOR:
        return f"No MIDI system answers here: {error}."
    here = ".".join(map(str, sys.version_info[:2]))
    return f"This mixer runs without MIDI: rtmidi is not built for Python {here}. Start it with Python 3.11 or 3.12."


def port_pairs(client: str) -> Iterator[tuple[str, PortPair]]:
    """Open a port pair on one MIDI system after another, or take an idle one; the caller closes them.

    Yields the system's display name and the pair; DriverError if there is no system at all.
    """
    rtmidi = library()
    silent: list[str] = []
    apis = [api for api in rtmidi.get_compiled_api() if api != rtmidi.API_RTMIDI_DUMMY]
    for api in apis:
        name = rtmidi.get_api_display_name(api)
        try:
            pair = _idle_pair(api, client) or PortPair(api, client)
        except DriverError as error:
            silent.append(f"{name} ({error})")
        else:
            yield name, pair
    if len(silent) == len(apis):
        hint = " Load ALSA's sequencer (modprobe snd-seq) or start JACK." if sys.platform == "linux" else ""
        raise DriverError(f"No MIDI system answers here: {', '.join(silent) or 'rtmidi knows none'}.{hint}")


def _idle_pair(api: int, client: str) -> PortPair | None:
    pair = _idle.pop((api, client), None)
    if pair and pair.lost:
        pair.release()
        return None
    return pair


def _names(end: Any) -> list[str]:  # noqa: ANN401 - rtmidi has no types
    with _faults("The MIDI ports cannot be listed"):
        return list(end.get_ports())


@contextmanager
def _faults(what: str = "") -> Iterator[None]:
    """Turn an error of rtmidi's into a DriverError that begins with this text."""
    rtmidi = library()
    try:
        yield
    except (rtmidi.RtMidiError, ValueError) as error:  # ValueError: the port vanished before it was opened
        raise DriverError(f"{what} ({error})." if what else str(error)) from error


@contextmanager
def _silent_terminal() -> Iterator[None]:
    """Keep ALSA and JACK, which bypass Python, from writing to the terminal."""
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
