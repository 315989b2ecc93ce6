"""Sound cards, by PortAudio: outputs, and inputs where they are wanted, on a compiled callback."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from remote_mixer.engine.controls import MOST_INPUTS, MOST_OUTPUTS
from remote_mixer.engine.library import CARD_PROCESS
from remote_mixer.engine.mixer import Mixer, Table
from remote_mixer.engine.output import OtherRate, OutputError, Pulse, Unfit, Wanted
from remote_mixer.engine.rates import RATES, rate, said
from remote_mixer.engine.realtime import prioritise, threads
from remote_mixer.engine.turn_memory import XRUNS, Ports, new_device, usual_feeds

MAIN_OUTPUTS = 2
LATENCY_SECONDS = 0.04  # where nothing is live
INPUT, OUTPUT = "input", "output"
REASONS = {
    -9997: "does not run at {rates}: set it to one of these in its own program, or choose another card.",
    -9985: "is held by another program: end that one, and the mixer takes the card by itself.",
}
"""PortAudio's errors that a person can mend: paInvalidSampleRate, paDeviceUnavailable."""

NOT_THERE = (
    "There is no sound card {card} that is free: connect it, end the program that holds it, or choose another card."
)
"""Sentence for both, as ALSA leaves out a card that another program holds."""

NOT_REALTIME = (
    "The card runs without real-time priority: other work on this computer may interrupt the sound. "
    "`remote-mixer service install` allows it, and so does the system's group for audio."
)

Info = dict[str, Any]
"""Properties of a device by their names in sounddevice."""


class Card:
    """A sound card. What each of its outputs plays is a control, see `device`."""

    def __init__(self, mixer: Mixer, wanted: Wanted) -> None:
        """Open the card, which may take seconds. Raises OutputError."""
        self._mixer, self._wanted = mixer, wanted
        self._finished = threading.Event()
        self._library = _sounddevice()
        self.remarks: list[str] = []
        with _quiet():
            card = _find(self._library, wanted, OUTPUT)
            outputs = _true_outputs(self._library, card)
            source, inputs = self._find_inputs(card)
            self._device = new_device(
                mixer.switch,
                mixer.signals,
                mixer.output_words,
                Ports([0] * inputs, [0] * outputs, usual_feeds(outputs)),
            )
            self._table = Table(self._device)
            self._pulse = Pulse(self._device.counts)
            self._stream = self._open(source, card)
        ways = (_counted(inputs, INPUT),) * bool(wanted.inputs) + (_counted(outputs, OUTPUT),)
        if wanted.rate not in {0, rate()}:
            self.remarks.append(f"{card['name']} does not run at {wanted.rate:,} Hz: it runs at {rate():,} Hz.")
        self.title = ", ".join((str(card["name"]), *ways))

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return len(self._device.outputs)

    @property
    def missed_blocks(self) -> int:
        """Blocks that the card had to do without."""
        return int(self._device.counts[XRUNS])

    @property
    def block(self) -> dict[str, float]:
        """Frames of a block, and the seconds that the card says it takes from input to output."""
        latency = self._stream.latency
        return {"frames": self._wanted.frames, "latency": sum(latency) if isinstance(latency, tuple) else latency}

    def _find_inputs(self, card: Info) -> tuple[Info, int]:
        """Return the card with the inputs, and the number of them that is used."""
        if not self._wanted.inputs:
            return card, 0
        try:
            source = card if card["max_input_channels"] else _find(self._library, self._wanted, INPUT)
        except OutputError:
            source = card
        there = int(source["max_input_channels"])
        self.remarks += _about_inputs(source["name"], there, self._wanted.inputs)
        return source, min(there, self._wanted.inputs)

    def _open(self, source: Info, card: Info) -> Any:  # noqa: ANN401  # sounddevice has no types
        library, inputs, outputs = self._library, len(self._device.inputs), len(self._device.outputs)
        callback = library._ffi.cast("PaStreamCallback*", self._mixer.kernels.address_of(CARD_PROCESS))  # noqa: SLF001  # see below
        both = {"device": (source["index"], card["index"]), "channels": (inputs, outputs)}
        try:
            return library._StreamBase(  # noqa: SLF001  # the one that takes C's address, made for libraries like this
                "duplex" if inputs else OUTPUT,
                **(both if inputs else {what: pair[1] for what, pair in both.items()}),
                samplerate=rate(),
                blocksize=self._wanted.frames,
                latency="low" if self._wanted.inputs else LATENCY_SECONDS,
                dtype="float32",
                callback=callback,
                userdata=library._ffi.cast("void*", self._table.address),  # noqa: SLF001  # as above
                finished_callback=self._finished.set,
                extra_settings=_shared_mode(library),
            )
        except library.PortAudioError as error:
            there = _rate_of(library, self._wanted, card)
            if there not in {0, rate()}:
                raise OtherRate(card["name"], there) from error
            raise _reason(error, card["name"]) from error
        except ValueError as error:
            raise OutputError(f"{error}") from error

    def start(self) -> None:
        """Start the card's callback, with real-time priority where that is granted. Raises OutputError."""
        before = threads()
        try:
            self._stream.start()
        except self._library.PortAudioError as error:
            self.close()
            raise OutputError(f"{error}") from error
        if not prioritise(threads() - before):
            self.remarks.append(NOT_REALTIME)

    def runs(self) -> bool:
        """Whether the card has called back within STALLED_SECONDS."""
        return self._pulse.beats() and not self._finished.is_set() and bool(self._stream.active)

    def close(self) -> None:
        """Close the card."""
        with _quiet():
            self._stream.close(ignore_errors=True)
        self._mixer.signals.inputs.fill(0)


def _find(library: ModuleType, wanted: Wanted, way: str) -> Info:
    """Return the wanted card, or the default one. Raises OutputError."""
    try:
        if not wanted.card:
            return dict(library.query_devices(kind=way))
        cards = [dict(card) for card in library.query_devices() if card[f"max_{way}_channels"]]
    except (library.PortAudioError, ValueError) as error:
        raise OutputError(f"{error}") from error
    fitting = (card for card in cards if wanted.card.lower() in _full_name(library, card).lower())
    if card := next(fitting, None):
        return card
    raise Unfit(NOT_THERE.format(card=wanted.card))


def card_rate(wanted: Wanted) -> int:
    """Return the rate at which the wanted card would run, 0 where it cannot be used now. Raises OutputError."""
    library = _sounddevice()
    with _quiet():
        return _rate_of(library, wanted, _find(library, wanted, OUTPUT))


def _rate_of(library: ModuleType, wanted: Wanted, card: Info) -> int:
    """Return the wanted rate, or else the usual one, or else any of ours that the card has; 0 for none."""
    for frames in (wanted.rate or RATES[1], RATES[1], round(card["default_samplerate"]), *RATES):
        if frames in RATES and _takes(library, card, frames):
            return frames
    return 0


def _takes(library: ModuleType, card: Info, frames: int) -> bool:
    try:
        library.check_output_settings(device=card["index"], dtype="float32", samplerate=frames)
    except (library.PortAudioError, ValueError):
        return False
    return True


def _counted(count: int, way: str) -> str:
    return f"{count} {way}" if count == 1 else f"{count} {way}s"


def _about_inputs(name: str, there: int, wanted: int) -> list[str]:
    """Return a sentence where a card has fewer inputs than are wanted, or more than the mixer has."""
    if there < wanted:
        have = f"has {there} of {_counted(wanted, INPUT)}" if there else "has no inputs"
        return [f"{name} {have}: channels on the others are silent."]
    return [f"{name} has {there} inputs: the mixer takes the first {wanted}."] if there > wanted == MOST_INPUTS else []


def _reason(error: Exception, name: str) -> OutputError:
    """Return the error as a sentence about the card, where a person can mend it."""
    code = error.args[1] if len(error.args) > 1 else 0
    return Unfit(f"{name} {REASONS[code].format(rates=said(RATES))}") if code in REASONS else OutputError(f"{error}")


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


def card_names() -> list[str]:
    """Return the name of each card with outputs, and of its driver model (ALSA, ASIO …). Raises OutputError."""
    library = _sounddevice()
    return [_full_name(library, card) for card in library.query_devices() if card["max_output_channels"]]


def _full_name(library: ModuleType, card: Info) -> str:
    return f"{card['name']}, {_api_name(library, card)}"


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
    return min(int(device["max_output_channels"]), MAIN_OUTPUTS if served else MOST_OUTPUTS)


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
