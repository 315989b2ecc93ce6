"""A real mixer moved by control changes alone (jack_mix_box), between a tone and a level meter."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from random import Random

from tests.drivers.midi_cc.console import Console
from tests.support.jack import Jack
from tests.support.level_meter import LevelMeter
from tests.support.waiting import PATIENCE_SECONDS, until

MAP = """
[ports]
input = "box:midi out"
output = "box:midi in"
[[layers]]
[[layers.channels]]
name = "Tone"
fader = { cc = 7, law = { linear = [-70, 0] } }
"""
"""A map whose fader is the box's first channel, in the box's own decibels."""
NEAR_DB = 0.2
"""Less than half a step of the box's 128."""

NAME = "box"
MIDI_IN, MIDI_OUT = f"{NAME}:midi in", f"{NAME}:midi out"
TONE_IN, TONE_OUT = f"{NAME}:Channel 1 L", f"{NAME}:MAIN L"


class MixBox:
    """The program, which can be stopped and started again: two channels on CC 7 and CC 8."""

    def __init__(self, jack: Jack) -> None:
        self._jack = jack
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for its ports; if it hangs (a busy machine), start it again."""
        try:
            self._try()
        except AssertionError:
            self.stop()
            self._try()

    def _try(self) -> None:
        quiet = subprocess.DEVNULL
        command = ("jack_mix_box", "-n", NAME, "-s", "7", "8")
        self._process = subprocess.Popen(command, env=self._jack.environment, stdout=quiet, stderr=quiet)
        for port in (MIDI_IN, MIDI_OUT, TONE_IN, TONE_OUT):
            self._jack.wait_for(port)

    def stop(self) -> None:
        """Stop it as a person does; no effect when it is not running."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None


@contextmanager
def mix_box(jack: Jack) -> Iterator[tuple[MixBox, LevelMeter]]:
    """Yield the running box with a level meter."""
    box = MixBox(jack)
    try:
        box.start()
        with closing(LevelMeter()) as ear:
            ear.join(jack, TONE_IN, TONE_OUT)
            yield box, ear
    finally:
        box.stop()


def sounds_as_shown(daw: Console, ear: LevelMeter) -> bool:
    """Whether the level that comes out of the box is the one that the page shows."""
    position = daw.value("ch1/fader")
    assert isinstance(position, float)
    return abs(ear.level() - daw.desk.layouts["daw"].tapers["linear -70 0"].to_unit(position)) <= NEAR_DB


async def moved_and_right(daw: Console, ear: LevelMeter, moves: int, seed: int = 20261126) -> list[float]:
    """Move the fader to one place after the other; return the seconds until box and page both had it, for each."""
    places, seconds, raw = Random(seed), list[float](), 0
    for _ in range(moves):
        raw = (raw + places.randint(20, 100)) % 107 + 20  # far from the last one, and not too quiet to measure
        position = round(raw / 127, 5)
        begun = time.monotonic()
        daw.set("ch1/fader", position)
        await until(lambda: sounds_as_shown(daw, ear))
        assert daw.value("ch1/fader") == position, "the page shows what the hand did, not what the box had before"
        seconds.append(time.monotonic() - begun)
    return seconds
