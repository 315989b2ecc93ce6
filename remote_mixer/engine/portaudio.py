"""PortAudio: the library, its cards by name, its streams on compiled callbacks, and its errors as sentences."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from remote_mixer.engine.output import OutputError, Unfit, check_room
from remote_mixer.engine.rates import RATES, rate, said

INPUT, OUTPUT, DUPLEX = "input", "output", "duplex"
INVALID_RATE, UNAVAILABLE = -9997, -9985
ASIO = "SD_ENABLE_ASIO"  # with it in the environment sounddevice loads its build with ASIO, on Windows alone
REASONS = {
    INVALID_RATE: "does not run at {rates}: set it to one of these in its own program, or choose another card.",
    UNAVAILABLE: "is held by another program: end that one, and the mixer takes the card by itself.",
}
"""PortAudio's errors that a person can mend: paInvalidSampleRate, paDeviceUnavailable."""

NOT_THERE = (
    "There is no sound card {card} that is free: connect it, end the program that holds it, or choose another card."
)
"""Sentence for both, as ALSA leaves out a card that another program holds."""

CREDIBLE_SECONDS = 10.0

Info = dict[str, Any]
"""Properties of a device by their names in sounddevice."""
Stream = Any
"""Stream of sounddevice, which has no types."""


def load_library() -> ModuleType:
    """Return the library, without its import starting a JACK server. Raises OutputError."""
    check_room()
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    os.environ.setdefault(ASIO, "1")
    try:
        with quiet():
            try:
                return _imported()
            except OSError:  # there is no build with ASIO for this processor
                os.environ.pop(ASIO)
                return _imported()
    except (ImportError, OSError) as error:
        raise OutputError(f"{error}") from error


def _imported() -> ModuleType:
    import sounddevice  # noqa: PLC0415  # fails where PortAudio is missing

    module: ModuleType = sounddevice
    return module


def find(library: ModuleType, name: str, way: str) -> Info:
    """Return the first card with such a part in its name, or the default one for "". Raises OutputError."""
    try:
        if not name:
            return dict(library.query_devices(kind=way))
        cards = [dict(card) for card in library.query_devices() if card[f"max_{way}_channels"]]
    except (library.PortAudioError, ValueError) as error:
        raise OutputError(f"{error}") from error
    fitting = (card for card in cards if name.lower() in full_name(library, card).lower())
    if card := next(fitting, None):
        return card
    raise Unfit(NOT_THERE.format(card=name))


def reason(error: Exception, name: str) -> OutputError:
    """Return the error as a sentence about the card, where a person can mend it."""
    code = error.args[1] if len(error.args) > 1 else 0
    return Unfit(f"{name} {REASONS[code].format(rates=said(RATES))}") if code in REASONS else OutputError(f"{error}")


def open_stream(
    way: str, card: Info, process: int, table: int, finished: Callable[[], None], **options: object
) -> Stream:
    """Return a stream of float32 frames, which calls compiled code once it is started. Raises PortAudioError.

    way       INPUT, OUTPUT or DUPLEX
    card      the one whose driver model it is for
    process   address of the callback, see `callbacks`
    table     address that it is called with
    finished  called when the stream has ended
    options   device, channels, blocksize and latency, as sounddevice has them; device is the card without it
    """
    library = load_library()
    return library._StreamBase(  # noqa: SLF001  # the one that takes C's address, made for libraries like this
        way,
        samplerate=rate(),
        dtype="float32",
        callback=library._ffi.cast("PaStreamCallback*", process),  # noqa: SLF001  # as above
        userdata=library._ffi.cast("void*", table),  # noqa: SLF001  # as above
        finished_callback=finished,
        extra_settings=_shared_mode(library, card),
        **{"device": card["index"]} | options,
    )


def latency_of(stream: Stream) -> float:
    """Return the seconds that a stream says it takes, both ways; 0 for a way of which it says nothing credible.

    JACK's streams say more than a day.
    """
    said = stream.latency if isinstance(stream.latency, tuple) else (stream.latency,)
    return float(sum(seconds for seconds in said if seconds < CREDIBLE_SECONDS))


def sound_cards() -> list[str]:
    """Return a line for each card or sound server here, the default output marked by *. Raises OutputError."""
    library = load_library()
    devices, default = library.query_devices(), library.default.device[1]
    return [_card_line(library, device, is_default=number == default) for number, device in enumerate(devices)]


def card_names(way: str) -> list[str]:
    """Return the name of each card with inputs or outputs, and of its driver model (ALSA, ASIO …). Raises OutputError.

    way  INPUT or OUTPUT
    """
    library = load_library()
    return [full_name(library, card) for card in library.query_devices() if card[f"max_{way}_channels"]]


def full_name(library: ModuleType, card: Info) -> str:
    """Return the name of a card and of its driver model."""
    return f"{card['name']}, {api_name(library, card)}"


def _card_line(library: ModuleType, device: Info, *, is_default: bool) -> str:
    ways = f"{device['max_input_channels']} in, {device['max_output_channels']} out"
    rate = f"{device['default_samplerate']:.0f} Hz"
    return f"{'*' if is_default else ' '} {device['name']} ({api_name(library, device)}): {ways}, {rate}"


def reset_cards() -> None:
    """Restart the library: it looks for cards only when it starts."""
    library = load_library()
    with quiet():
        library._terminate()  # noqa: SLF001  # the documented way to look for cards again
        library._initialize()  # noqa: SLF001


def _shared_mode(library: ModuleType, card: Info) -> object:
    """Return the setting with which Windows converts to the rate of the card."""
    return library.WasapiSettings(auto_convert=True) if api_name(library, card) == "Windows WASAPI" else None


def api_name(library: ModuleType, device: Info) -> str:
    """Return the name of a card's driver model."""
    return str(library.query_hostapis(device["hostapi"])["name"])


@contextmanager
def quiet() -> Iterator[None]:
    """Silence ALSA and JACK, which write to stderr past Python."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
