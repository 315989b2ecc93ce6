"""The engine's process: gets ready, is told which block to mix, and mixes until it is told to stop.

One line on stdin: the path of the shared block that the server has made. Until then nothing is opened or heard.

Lines on stdout, one JSON object each:
  {"progress": "…"}    what takes a moment, before it is ready
  {"ready": true, "channels": [{"name", "stereo", "seconds"}], "problems": ["…"], "output": "…", "heard": true,
   "recording": "…"|null}
  {"output": "…", "heard": true}   the card came back, or went
  {"problem": "…"}     something is amiss from now on
  {"error": "…"}       it cannot start; exit code 2 follows

It ends, with the recording finished, on SIGTERM and when its stdin closes, which is how the death of the server looks.
Ctrl-C in a terminal reaches the whole group; the server decides what it means, so the engine leaves it alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from remote_mixer.engine.session import EngineError
from remote_mixer.engine.voice import say

EXIT_CANNOT_START = 2
OUTPUT_VARIABLE = "REMOTE_MIXER_OUTPUT"  # `clock` plays to nobody, for tests


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine", description="Mixes stems; a part of Remote Mixer, which starts it.")
    parser.add_argument("--data", type=Path, required=True, help="folder for the built-in song and compiled kernels")
    parser.add_argument("--stems", type=Path, help="folder of WAV, FLAC or OGG files; without it, the built-in song")
    parser.add_argument("--record", type=Path, metavar="FILE.wav", help="write main to disk")
    parser.add_argument("--output", choices=("card", "clock"), default=os.environ.get(OUTPUT_VARIABLE, "card"))
    return parser.parse_args(argv)


class Wish:
    """What the server wants: which block is mixed, told once, and the end."""

    def __init__(self) -> None:
        """Listen to stdin and to SIGTERM."""
        self.stop = threading.Event()
        self._told = threading.Event()
        self._block = b""
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=self._watch, name="stdin", daemon=True).start()

    def block(self) -> Path | None:
        """Wait for the shared block; None when the end comes first."""
        self._told.wait()
        return None if self.stop.is_set() else Path(os.fsdecode(self._block))

    def _watch(self) -> None:
        while piece := os.read(0, 4096):  # past Python's own buffer, whose lock would be missed at the end
            line, end, _ = (self._block + piece).partition(b"\n")
            self._block = line
            if end:
                self._told.set()
        self._end()

    def _end(self) -> None:
        self.stop.set()
        self._told.set()


def main(argv: list[str]) -> int:
    """Run the engine; returns the exit code."""
    arguments = _arguments(argv)
    wish = Wish()
    from remote_mixer.engine.engine import run  # noqa: PLC0415  # brings numpy, after the handlers are in place

    try:
        run(arguments, wish)
    except EngineError as error:
        say(error=str(error))
        return EXIT_CANNOT_START
    return 0
