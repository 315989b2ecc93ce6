"""JACK, or PipeWire in its place: ports by name, a compiled callback, connections that are made again.

libjack is called by its own names. It frees the clients of a server that has ended when another client is made, and
closing one of them after that ends the process: such a client is left alone.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Iterator
from errno import EEXIST
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.controls import COLUMNS, DIRECTS, MIXES
from remote_mixer.engine.library import COUNT_UP, JACK_PROCESS
from remote_mixer.engine.mixer import Mixer, Table
from remote_mixer.engine.output import OtherRate, OutputError, Pulse, Unfit, check_room
from remote_mixer.engine.patch import Chosen, Pair, Patch
from remote_mixer.engine.rates import RATES, rate, said
from remote_mixer.engine.tables import BY_PORTS
from remote_mixer.engine.turn_memory import GONE, XRUNS, Device, Ports, new_device

NAMES = {"win32": ("libjack64.dll",), "darwin": ("libjack.0.dylib", "/usr/local/lib/libjack.dylib")}
NO_START_SERVER = 1
IS_INPUT, IS_OUTPUT, IS_PHYSICAL = 1, 2, 4
AUDIO = b"32 bit float mono audio"
CLIENT = "Remote Mixer"
JOIN_SECONDS = 0.25  # a program that is away for less counts as one that a person has taken apart
INPUT_PORT = "in "

HANDLE, TEXT, NUMBER = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "jack_client_open": (HANDLE, TEXT, NUMBER, HANDLE),
    "jack_client_close": (NUMBER, HANDLE),
    "jack_get_client_name": (TEXT, HANDLE),
    "jack_get_sample_rate": (ctypes.c_uint32, HANDLE),
    "jack_get_buffer_size": (ctypes.c_uint32, HANDLE),
    "jack_is_realtime": (NUMBER, HANDLE),
    "jack_port_register": (HANDLE, HANDLE, TEXT, TEXT, ctypes.c_ulong, ctypes.c_ulong),
    "jack_set_process_callback": (NUMBER, HANDLE, HANDLE, HANDLE),
    "jack_set_xrun_callback": (NUMBER, HANDLE, HANDLE, HANDLE),
    "jack_on_shutdown": (None, HANDLE, HANDLE, HANDLE),
    "jack_activate": (NUMBER, HANDLE),
    "jack_get_ports": (HANDLE, HANDLE, TEXT, TEXT, ctypes.c_ulong),
    "jack_port_get_all_connections": (HANDLE, HANDLE, HANDLE),
    "jack_connect": (NUMBER, HANDLE, TEXT, TEXT),
    "jack_disconnect": (NUMBER, HANDLE, TEXT, TEXT),
    "jack_free": (None, HANDLE),
    "jack_set_error_function": (None, HANDLE),
    "jack_set_info_function": (None, HANDLE),
    "jack_port_get_buffer": (HANDLE, HANDLE, ctypes.c_uint32),
    "jack_get_time": (ctypes.c_uint64,),
}
"""Result and arguments of each function of libjack that is called."""

_dead: list[object] = []  # clients of servers that have ended, whose memory libjack may still know


def _library() -> ctypes.CDLL:
    """Return libjack. Raises OutputError where there is none, or no room for its files."""
    check_room()
    for name in NAMES.get(sys.platform, ("libjack.so.0",)):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, (result, *arguments) in FUNCTIONS.items():
            called = getattr(library, function)
            called.restype, called.argtypes = result, arguments
        quiet = ctypes.cast(library.jack_free, HANDLE) if sys.platform == "win32" else _strlen()
        library.jack_set_error_function(quiet)
        library.jack_set_info_function(quiet)
        return library
    raise OutputError("JACK is not installed here.")


def _strlen() -> ctypes.c_void_p:
    """Return a function that takes a text and does nothing: libjack prints its errors on the terminal without one."""
    return ctypes.cast(ctypes.CDLL(None).strlen, HANDLE)


class Jack:
    """JACK as input and output: `in 1` …, `main left`, `main right`, `mix 1 left` … are ports of the client.

    graph  ours with what each is joined to, and those of other programs, as the news `ports` of `line`
    """

    def __init__(self, mixer: Mixer, inputs: int, patch: Patch) -> None:
        """Join the server that runs, with so many inputs; what its ports are to be joined to is the `patch`.

        Raises OutputError.
        """
        self._mixer, self._inputs, self._patch = mixer, inputs, patch
        self._library = _library()
        self._client = self._library.jack_client_open(CLIENT.encode(), NO_START_SERVER, None)
        if not self._client:
            raise OutputError("No JACK server runs here.")
        try:
            self._frames = self._checked()
            self._ports = self._registered(inputs)
        except (OutputError, OtherRate):
            self._library.jack_client_close(self._client)
            raise
        self._name = self._library.jack_get_client_name(self._client).decode()
        self._device = self._made()
        self._table = Table(self._device)
        self.graph: dict[str, Any] = {}
        self._pulse, self._joined_at = Pulse(self._device.counts), time.monotonic()

    outputs = 0  # who joins its ports says what they play

    @property
    def title(self) -> str:
        """Name of it, for people, with the present period: PipeWire may change that at any time."""
        return f"JACK, {self._inputs} inputs, {self._frames} frames"

    @property
    def missed_blocks(self) -> int:
        """Blocks that were late, by the server's count."""
        return self.xruns

    @property
    def block(self) -> dict[str, float]:
        """Frames of a period."""
        return {"frames": self._frames}

    @property
    def xruns(self) -> int:
        """Late periods so far, by the server's count."""
        return int(self._device.counts[XRUNS])

    @property
    def remarks(self) -> list[str]:
        """Sentences about what a person can mend."""
        if self._library.jack_is_realtime(self._client):
            return []
        return ["JACK runs without real-time priority: other work on this computer may interrupt the sound."]

    @property
    def times(self) -> NDArray[np.uint32]:
        """Numbers of calls that took so many µs, see `turn_memory.Device`."""
        return self._device.times

    def start(self) -> None:
        """Let the server call, and join the ports. Raises OutputError."""
        library, client = self._library, self._client
        counts, count_up = self._device.counts.ctypes.data, self._mixer.kernels.address_of(COUNT_UP)
        process = self._mixer.kernels.address_of(JACK_PROCESS)
        library.jack_set_process_callback(client, process, self._table.address)
        library.jack_set_xrun_callback(client, count_up, counts + 8 * XRUNS)
        library.jack_on_shutdown(client, count_up, counts + 8 * GONE)
        if library.jack_activate(client):
            self.close()
            raise OutputError("JACK does not let the mixer in.")
        self._patch.begin(self._usual())
        self._keep_joined()

    def runs(self) -> bool:
        """Whether the server is there and calls; joins what has come apart."""
        if self._device.counts[GONE] or not self._pulse.beats():
            return False
        if time.monotonic() - self._joined_at > JOIN_SECONDS:
            self._frames = int(self._library.jack_get_buffer_size(self._client))
            self._keep_joined()
        return True

    def join(self, chosen: Chosen) -> None:
        """Join ports of ours otherwise, and from now on."""
        self._patch.choose(chosen)
        for short in chosen.keys() & self._ports.keys():
            for other in self._joined_to(self._ports[short]):
                if (short, other) not in self._patch.wanted:
                    self._library.jack_disconnect(self._client, *self._way(short, other))
        self._keep_joined()

    def close(self) -> None:
        """Leave the server; one that has ended is left alone."""
        if self._device.counts[GONE]:
            _dead.append(self)
        else:
            self._library.jack_client_close(self._client)
        self._mixer.signals.inputs.fill(0)
        self._mixer.signals.tapped[BY_PORTS] = False

    def _checked(self) -> int:
        """Return the frames of a period.

        Raises OutputError where the mix cannot run at the server's rate, OtherRate where it does not.
        """
        there = int(self._library.jack_get_sample_rate(self._client))
        if there not in RATES:
            raise Unfit(f"JACK runs at {there:,} Hz, and the mixer at {said(RATES)}: start JACK with -r {RATES[1]}.")
        if there != rate():
            raise OtherRate("JACK", there)
        return int(self._library.jack_get_buffer_size(self._client))

    def _registered(self, inputs: int) -> dict[str, int]:
        """Return the handles of our ports by their short names, the inputs first. Raises OutputError."""
        outputs = (*COLUMNS, *DIRECTS[:inputs])
        ours = (f"{INPUT_PORT}{number}" for number in range(1, inputs + 1))
        names = dict.fromkeys(ours, IS_INPUT) | dict.fromkeys(outputs, IS_OUTPUT)
        register = self._library.jack_port_register
        ports = {name: register(self._client, name.encode(), AUDIO, way, 0) for name, way in names.items()}
        if not all(ports.values()):
            raise Unfit(f"JACK has no room for {len(ports)} more ports: start it with --port-max 2048.")
        return ports

    def _made(self) -> Device:
        functions = self._library.jack_port_get_buffer, self._library.jack_get_time
        handles = list(self._ports.values())
        addresses = [ctypes.cast(function, HANDLE).value or 0 for function in functions]
        outputs = len(handles) - self._inputs
        ports = Ports(handles[: self._inputs], handles[self._inputs :], range(outputs), addresses)
        return new_device(self._mixer.switch, self._mixer.signals, np.zeros(0, np.uint32), ports)

    def _usual(self) -> Iterator[Pair]:
        """Return the card's inputs joined to ours, in their order, and main to its first outputs."""
        ours = list(self._ports)
        captures, speakers = (self._there(IS_PHYSICAL | way) for way in (IS_OUTPUT, IS_INPUT))
        yield from zip(ours[: self._inputs], captures, strict=False)
        yield from zip(MIXES[:2], speakers, strict=False)

    def _keep_joined(self) -> None:
        self._joined_at = time.monotonic()
        joined = {(short, other) for short, port in self._ports.items() for other in self._joined_to(port)}
        for short, other in self._patch.to_join(joined, self._there(0)):
            if self._library.jack_connect(self._client, *self._way(short, other)) not in {0, EEXIST}:
                self._patch.refused((short, other))
        directs = [port for short, port in self._ports.items() if short in DIRECTS]
        self._mixer.signals.tapped[BY_PORTS] = any(map(self._joined_to, directs))
        joins = {short: self._patch.joins(short) for short in self._ports}
        self.graph = {
            "inputs": {short: others for short, others in joins.items() if short.startswith(INPUT_PORT)},
            "outputs": {short: others for short, others in joins.items() if not short.startswith(INPUT_PORT)},
            "sources": self._others(IS_OUTPUT),
            "goals": self._others(IS_INPUT),
        }

    def _way(self, short: str, other: str) -> tuple[bytes, bytes]:
        """Return source and goal of a connection, by their full names."""
        ours, theirs = f"{self._name}:{short}".encode(), other.encode()
        return (theirs, ours) if short.startswith(INPUT_PORT) else (ours, theirs)

    def _others(self, flag: int) -> list[str]:
        """Return the full names of other programs' ports."""
        return [name for name in self._there(flag) if not name.startswith(f"{self._name}:")]

    def _there(self, flags: int) -> list[str]:
        """Return the full names of the server's audio ports that have all these flags."""
        return self._names(self._library.jack_get_ports(self._client, None, AUDIO, flags))

    def _joined_to(self, port: int) -> list[str]:
        return self._names(self._library.jack_port_get_all_connections(self._client, port))

    def _names(self, place: int | None) -> list[str]:
        """Return the names in a list of libjack's, and free it."""
        if not place:
            return []
        names = [name.decode() for name in _until_null(ctypes.cast(place, ctypes.POINTER(TEXT)))]
        self._library.jack_free(place)
        return names


def server_rate() -> int:
    """Return the rate of the server that runs, 0 where none does. Raises OutputError where JACK is not installed."""
    library = _library()
    client = library.jack_client_open(CLIENT.encode(), NO_START_SERVER, None)
    if not client:
        return 0
    there = int(library.jack_get_sample_rate(client))
    library.jack_client_close(client)
    return there


def _until_null(texts: Any) -> Iterator[bytes]:  # noqa: ANN401  # a pointer
    index = 0
    while texts[index]:
        yield texts[index]
        index += 1
