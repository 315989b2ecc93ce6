"""Outputs of the mix: the default sound card, or, where there is none, a clock at the same pace."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.library import CARD_PROCESS
from remote_mixer.engine.mixer import Mixer, Table
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from remote_mixer.engine.tables import OUTPUTS
from remote_mixer.engine.turn_memory import CALLS, XRUNS, new_device

MAIN_OUTPUTS = 2
TURN_BLOCKS = 4
TURN_FRAMES = TURN_BLOCKS * BLOCK_FRAMES
TURN_SECONDS = TURN_FRAMES / RATE
LATENCY_SECONDS = 0.04
STALLED_SECONDS = 3.0
LATE_SECONDS = 0.1  # a clock later than this skips the missed blocks instead of catching up


class OutputError(Exception):
    """No card can be played on; the text says why."""


class Output(Protocol):
    """Calls the mix at the pace of real time, from `start` until `close`."""

    title: str

    @property
    def missed_blocks(self) -> int:
        """Blocks that had to be skipped."""

    def start(self) -> None:
        """Begin to call the mix. Raises OutputError."""

    def runs(self) -> bool:
        """Whether the mix is still called."""

    def close(self) -> None:
        """Stop calling; wait for the last call to end."""


class Pulse:
    """Watch on the count of a device's calls."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        self._counts, self._seen, self._time = counts, -1, 0.0

    def beats(self) -> bool:
        """Whether the device has called within STALLED_SECONDS."""
        calls, now = int(self._counts[CALLS]), time.monotonic()
        if calls != self._seen:
            self._seen, self._time = calls, now
        return now - self._time <= STALLED_SECONDS


class Clock:
    """Output to nowhere at real-time pace, from a thread of its own: meters and recordings go on."""

    title = "no sound card: a clock keeps time"

    def __init__(self, mixer: Mixer) -> None:
        self.missed_blocks = 0
        self._mixer = mixer
        self._out = np.zeros((TURN_FRAMES, OUTPUTS), np.float32)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def runs(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        start, turns = time.monotonic(), 0
        while not self._stop.is_set():
            self._mixer.mix(self._out)
            turns += 1
            late = time.monotonic() - start - turns * TURN_SECONDS
            if late > LATE_SECONDS:
                skipped = int(late / TURN_SECONDS)
                self.missed_blocks += skipped * TURN_BLOCKS
                turns += skipped
            elif late < 0:
                self._stop.wait(-late)


class Card:
    """The default sound card. Main goes to outputs 1 and 2, bus n to output 2 + n where the card has so many."""

    def __init__(self, mixer: Mixer) -> None:
        """Open the card, which may take seconds. Raises OutputError."""
        self._callback = mixer.kernels.address_of(CARD_PROCESS)
        self._finished = threading.Event()
        self._library = _sounddevice()
        with _quiet():
            name, outputs = self._find()
            self._device = new_device(mixer.switch, [], [0] * outputs)
            self._table = Table(self._device)
            self._pulse = Pulse(self._device.counts)
            self._stream = self._open(outputs)
        self.title = f"{name}, {outputs} outputs"

    @property
    def missed_blocks(self) -> int:
        """Blocks that the card had to do without."""
        return TURN_BLOCKS * int(self._device.counts[XRUNS])

    def _find(self) -> tuple[str, int]:
        """Return the name of the default card and the number of its outputs. Raises OutputError."""
        try:
            device = self._library.query_devices(kind="output")
            return device["name"], _true_outputs(self._library, device)
        except (self._library.PortAudioError, ValueError) as error:
            raise OutputError(f"{error}") from error

    def _open(self, outputs: int) -> Any:  # noqa: ANN401  # sounddevice has no types
        library = self._library
        try:
            return library._StreamBase(  # noqa: SLF001  # the one that takes C's address, made for libraries like this
                "output",
                samplerate=RATE,
                blocksize=TURN_FRAMES,
                latency=LATENCY_SECONDS,
                channels=outputs,
                dtype="float32",
                callback=library._ffi.cast("PaStreamCallback*", self._callback),  # noqa: SLF001  # as above
                userdata=library._ffi.cast("void*", self._table.address),  # noqa: SLF001
                finished_callback=self._finished.set,
                extra_settings=_shared_mode(library),
            )
        except (library.PortAudioError, ValueError) as error:
            raise OutputError(f"{error}") from error

    def start(self) -> None:
        """Start the card's callback. Raises OutputError."""
        try:
            self._stream.start()
        except self._library.PortAudioError as error:
            self.close()
            raise OutputError(f"{error}") from error

    def runs(self) -> bool:
        """Whether the card has called back within STALLED_SECONDS."""
        return self._pulse.beats() and not self._finished.is_set() and bool(self._stream.active)

    def close(self) -> None:
        """Close the card."""
        with _quiet():
            self._stream.close(ignore_errors=True)


def _sounddevice() -> ModuleType:
    """Return the library, without its import starting a JACK server. Raises OutputError."""
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    try:
        with _quiet():
            import sounddevice  # noqa: PLC0415  # fails where PortAudio is missing
    except (ImportError, OSError) as error:
        raise OutputError(f"{error}") from error
    module: ModuleType = sounddevice
    return module


def sound_cards() -> list[str]:
    """Return a line for each card or sound server here, the default output marked by *. Raises OutputError."""
    library = _sounddevice()
    devices, default = library.query_devices(), library.default.device[1]
    return [_card_line(library, device, is_default=number == default) for number, device in enumerate(devices)]


def _card_line(library: ModuleType, device: dict[str, Any], *, is_default: bool) -> str:
    ways = f"{device['max_input_channels']} in, {device['max_output_channels']} out"
    rate = f"{device['default_samplerate']:.0f} Hz"
    return f"{'*' if is_default else ' '} {device['name']} ({_api_name(library, device)}): {ways}, {rate}"


def reset_cards() -> None:
    """Restart the library: it looks for cards only when it starts."""
    library = _sounddevice()
    with _quiet():
        library._terminate()  # noqa: SLF001  # the documented way to look for cards again
        library._initialize()  # noqa: SLF001


def _shared_mode(library: ModuleType) -> object:
    """Return the setting with which Windows converts to the rate of the card."""
    return library.WasapiSettings(auto_convert=True) if os.name == "nt" and _is_wasapi(library) else None


def _is_wasapi(library: ModuleType) -> bool:
    return _api_name(library, library.query_devices(kind="output")) == "Windows WASAPI"


def _api_name(library: ModuleType, device: dict[str, Any]) -> str:
    return str(library.query_hostapis(device["hostapi"])["name"])


def _true_outputs(library: ModuleType, device: dict[str, Any]) -> int:
    """Return the number of outputs to use: Linux's sound servers offer 32 and fold the buses into two loudspeakers."""
    served = _api_name(library, device) in {"ALSA", "PulseAudio"} and "(hw:" not in device["name"]
    return min(int(device["max_output_channels"]), MAIN_OUTPUTS if served else OUTPUTS)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence ALSA and JACK, which write to stderr past Python."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
