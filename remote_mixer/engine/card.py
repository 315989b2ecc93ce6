"""Sound card, by PortAudio: outputs, and inputs where they are wanted, on a compiled callback."""

from __future__ import annotations

import threading
from types import ModuleType

from remote_mixer.engine.controls import MOST_INPUTS, MOST_OUTPUTS
from remote_mixer.engine.library import CARD_PROCESS, INPUT_PROCESS
from remote_mixer.engine.mixer import Mixer, Table
from remote_mixer.engine.output import OtherRate, OutputError, Pulse, Wanted
from remote_mixer.engine.portaudio import (
    DUPLEX,
    INPUT,
    OUTPUT,
    Info,
    Stream,
    api_name,
    find,
    latency_of,
    load_library,
    open_stream,
    quiet,
    reason,
)
from remote_mixer.engine.rates import RATES, rate
from remote_mixer.engine.realtime import prioritise, threads
from remote_mixer.engine.ring import new_ring
from remote_mixer.engine.second_card import SecondCard
from remote_mixer.engine.turn_memory import XRUNS, Ports, new_device, usual_feeds

MAIN_OUTPUTS = 2
LATENCY_SECONDS = 0.04  # where nothing is live
NOT_REALTIME = (
    "The card runs without real-time priority: other work on this computer may interrupt the sound. "
    "`remote-mixer service install` allows it, and so does the system's group for audio."
)


class Card:
    """A sound card. What each of its outputs plays is a control, see `device`.

    Its clock is the mix's: inputs of another card, where these are wanted, are resampled (see `second_card`).
    """

    def __init__(self, mixer: Mixer, wanted: Wanted) -> None:
        """Open the card, which may take seconds. Raises OutputError."""
        self._mixer, self._wanted = mixer, wanted
        self._finished = threading.Event()
        self._library = load_library()
        self._remarks: list[str] = []
        with quiet():
            card = find(self._library, wanted.card, OUTPUT)
            outputs = _true_outputs(self._library, card)
            source, inputs = self._find_inputs(card)
            apart = bool(wanted.input_card and inputs and source["index"] != card["index"])
            ring = new_ring(inputs, wanted.frames) if apart else new_ring()
            self._device = new_device(
                mixer.switch,
                mixer.signals,
                mixer.output_words,
                Ports([0] * inputs, [0] * outputs, usual_feeds(outputs), ring=ring),
            )
            self._table = Table(self._device)
            self._pulse = Pulse(self._device.counts)
            self._stream = self._open(source, card, 0 if apart else inputs)
        process = mixer.kernels.address_of(INPUT_PROCESS)
        self._second = SecondCard(source, ring, process, self._table.address, wanted.frames) if apart else None
        ways = (_counted(inputs, INPUT),) * bool(wanted.inputs) + (_counted(outputs, OUTPUT),)
        if wanted.rate not in {0, rate()}:
            self._remarks.append(f"{card['name']} does not run at {wanted.rate:,} Hz: it runs at {rate():,} Hz.")
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
        seconds = latency_of(self._stream) + (self._second.latency if self._second else 0)
        return {"frames": self._wanted.frames, "latency": seconds}

    @property
    def remarks(self) -> list[str]:
        """Sentences about what a person can mend."""
        return [*self._remarks, *(self._second.remarks if self._second else [])]

    @property
    def microphones(self) -> str:
        """Sentence about the card of the inputs, where that is another one."""
        return self._second.said if self._second else ""

    def _find_inputs(self, card: Info) -> tuple[Info, int]:
        """Return the card with the inputs, and the number of them that is used."""
        if not self._wanted.inputs:
            return card, 0
        name = self._wanted.input_card
        try:
            own = card["max_input_channels"] and not name
            source = card if own else find(self._library, name or self._wanted.card, INPUT)
        except OutputError as error:
            if name:  # never those of a card that nobody chose
                self._remarks.append(f"{error}")
                return card, 0
            source = card
        there = int(source["max_input_channels"])
        self._remarks += _about_inputs(source["name"], there, self._wanted.inputs)
        return source, min(there, self._wanted.inputs)

    def _open(self, source: Info, card: Info, inputs: int) -> Stream:
        library, outputs = self._library, len(self._device.outputs)
        both = {"device": (source["index"], card["index"]), "channels": (inputs, outputs)}
        try:
            return open_stream(
                DUPLEX if inputs else OUTPUT,
                card,
                self._mixer.kernels.address_of(CARD_PROCESS),
                self._table.address,
                self._finished.set,
                **(both if inputs else {"channels": outputs}),
                blocksize=self._wanted.frames,
                latency="low" if self._wanted.inputs else LATENCY_SECONDS,
            )
        except library.PortAudioError as error:
            there = _rate_of(library, self._wanted, card)
            if there not in {0, rate()}:
                raise OtherRate(card["name"], there) from error
            raise reason(error, card["name"]) from error
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
            self._remarks.append(NOT_REALTIME)
        if self._second:
            self._second.watch(self._stream)

    def runs(self) -> bool:
        """Whether the card has called back within STALLED_SECONDS; takes care of the card of the inputs."""
        if self._second:
            self._second.watch(self._stream)
        return self._pulse.beats() and not self._finished.is_set() and bool(self._stream.active)

    def close(self) -> None:
        """Close the card, and that of the inputs."""
        if self._second:
            self._second.close()
        with quiet():
            self._stream.close(ignore_errors=True)
        self._mixer.signals.inputs.fill(0)


def card_rate(wanted: Wanted) -> int:
    """Return the rate at which the wanted card would run, 0 where it cannot be used now. Raises OutputError."""
    library = load_library()
    with quiet():
        return _rate_of(library, wanted, find(library, wanted.card, OUTPUT))


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


def _true_outputs(library: ModuleType, device: Info) -> int:
    """Return the number of outputs to use: Linux's sound servers offer 32 and fold the buses into two loudspeakers."""
    served = api_name(library, device) in {"ALSA", "PulseAudio"} and "(hw:" not in device["name"]
    return min(int(device["max_output_channels"]), MAIN_OUTPUTS if served else MOST_OUTPUTS)
