"""The engine's process: its arguments, and its exit code. The commands that it takes are in `line`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from remote_mixer.engine.line import Line, say
from remote_mixer.engine.link import LATENCY
from remote_mixer.engine.rates import RATES
from remote_mixer.engine.session import EngineError

EXIT_CANNOT_START = 2
CARDS, CARD_NAMES = "cards", "card-names"
NO_CARDS = "No sound card."
NO_MEMORY = "There is not enough memory for the engine: close other programs. It starts again by itself."
THREADS_OF_BLAS = "OPENBLAS_NUM_THREADS"  # more of them wait in a loop, which costs the first song a third more
OUTPUT_VARIABLE = "REMOTE_MIXER_OUTPUT"  # `clock` plays no sound, for tests


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine", description="Mixes stems; a part of Remote Mixer, which starts it.")
    parser.add_argument("--data", type=Path, required=True, help="folder for the built-in song and compiled kernels")
    parser.add_argument("--stems", type=Path, help="folder of sound files; without it, the built-in song")
    parser.add_argument("--inputs", type=int, default=0, metavar="N", help="channels for N inputs, in place of stems")
    parser.add_argument("--card", default="", metavar="NAME", help="part of a sound card's name, or jack")
    parser.add_argument("--input-card", default="", metavar="NAME", help="part of another's name, for the inputs")
    parser.add_argument("--frames", type=int, default=512, help="of a block of a sound card's")
    parser.add_argument("--rate", type=int, default=0, choices=(0, *RATES), help="of a sound card; 0: the usual one")
    parser.add_argument("--record", type=Path, metavar="FILE.wav", help="write main to disk")
    parser.add_argument("--output", choices=("card", "clock"), default=os.environ.get(OUTPUT_VARIABLE, "card"))
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Run the engine, or print the sound cards (CARDS, CARD_NAMES) or a round trip (LATENCY); return the exit code."""
    if argv in ([CARDS], [CARD_NAMES]):
        return _print_cards(*argv)
    if argv[:1] == [LATENCY]:
        return _measure(argv[1:])
    arguments = _arguments(argv)
    line = Line()
    os.environ.setdefault(THREADS_OF_BLAS, "1")
    from remote_mixer.engine.engine import run  # noqa: PLC0415  # brings numpy, after the handlers are in place

    try:
        run(arguments, line)
    except EngineError as error:
        say(error=str(error))
        return EXIT_CANNOT_START
    except MemoryError:
        say(error=NO_MEMORY)
        return EXIT_CANNOT_START
    return 0


def _measure(argv: list[str]) -> int:
    """Print the round trip of a device."""
    arguments = _arguments(argv)
    from remote_mixer.engine.latency import measure  # noqa: PLC0415  # brings numpy

    try:
        print(measure(arguments))  # noqa: T201  # what it is for
    except EngineError as error:
        print(f"The latency cannot be measured: {error}")  # noqa: T201
        return EXIT_CANNOT_START
    return 0


def _print_cards(what: str) -> int:
    """Print a line for each sound card, for a report, or the news of their bare names, for a choice."""
    from remote_mixer.engine.output import OutputError  # noqa: PLC0415  # brings numpy
    from remote_mixer.engine.portaudio import INPUT, OUTPUT, card_names, sound_cards  # noqa: PLC0415  # as above

    try:
        if what == CARDS:
            print("\n".join(sound_cards() or [NO_CARDS]))  # noqa: T201  # what it is for
        else:
            say(cards=card_names(OUTPUT), input_cards=card_names(INPUT))
    except OutputError as error:
        print(f"The sound cards cannot be listed: {error}")  # noqa: T201
        return EXIT_CANNOT_START
    return 0
