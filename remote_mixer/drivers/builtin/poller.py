"""Readings of a running engine, taken from the shared block fifty times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Report
from remote_mixer.drivers.builtin.memory import CLIP, POSITION, Memory
from remote_mixer.drivers.builtin.pictures import STRIPS, Wanted, howl, near
from remote_mixer.engine import shared
from remote_mixer.engine.link import EngineGone
from remote_mixer.engine.pictures import Howl
from remote_mixer.engine.shared import SharedBlock

POLL_SECONDS = 0.02
DEAD_AFTER_POLLS = 50  # counted, not timed: a computer that slept has missed no poll
POSITION_POLLS = 50
OVERWRITTEN = "Something wrote over the engine's memory: the engine starts again with the values as they stood."
HUNG = "The engine hung and was ended. It starts again by itself."
HOWLING, HOWL_HZ = "feedback/strip", "feedback/freq"


class Poller:
    """Reports meters, pictures, confirmations and what else the engine tells by its memory."""

    def __init__(self, console: str, values: dict[str, Value], pictures: Wanted) -> None:
        """Keep the console's values by path: those that the engine tells are changed here."""
        self._console, self._values, self._pictures = console, values, pictures
        self._values |= {self._own(HOWLING): "", self._own(HOWL_HZ): 0}
        self._to_confirm: dict[str, int] = {}
        self._followed: dict[str, Value] = {}
        self.taps: Sequence[int] = ()
        """Places of the layout's meters in a meter frame."""
        self.missed = 0
        """Blocks that came too late since the engine's start."""

    def expect(self, path: str, generation: int) -> None:
        """Confirm this path once the mix follows this generation of controls."""
        self._to_confirm[path] = generation

    def follow(self, followed: Mapping[str, Value]) -> None:
        """Report with the next poll what linked channels followed."""
        self._followed |= followed

    def forget(self) -> None:
        """Drop what waits to be confirmed: its engine has ended."""
        self._to_confirm.clear()

    async def run(self, memory: Memory, report: Report, interrupted: Callable[[], None]) -> None:
        """Poll until the engine stands still or its memory is overwritten (EngineGone).

        interrupted  called when `missed` has changed
        """
        pulse, silent, frame, polls = (0, 0), 0, 0, 0
        while silent < DEAD_AFTER_POLLS:
            await asyncio.sleep(POLL_SECONDS)
            if not (block := memory.whole()):
                raise EngineGone(OVERWRITTEN)
            before, pulse = pulse, block.pulse()
            silent, polls = 0 if pulse != before else silent + 1, polls + 1
            frame = self._report_meters(report, block, frame)
            self._report_pictures(report, block)
            self._report_arrivals(report, block)
            self._report_followed(report)
            if polls % POSITION_POLLS == 0:
                self._report_moved(report, POSITION, round(block.doubles[shared.POSITION_SECONDS], 2))
                self._report_howl(report, howl(block))
                if block.words[shared.MISSED] != self.missed:
                    self.missed = block.words[shared.MISSED]
                    interrupted()
        raise EngineGone(HUNG)

    def _own(self, local: str) -> str:
        return paths.join(self._console, local)

    def _report_meters(self, report: Report, block: SharedBlock, seen: int) -> int:
        frame, codes = block.meters()
        if frame != seen:
            report.meters(bytes(codes[place] for place in self.taps))
        return frame

    def _report_pictures(self, report: Report, block: SharedBlock) -> None:
        for path, body in self._pictures.fresh(block):
            report.picture(path, body)

    def _report_arrivals(self, report: Report, block: SharedBlock) -> None:
        for path in [path for path, generation in self._to_confirm.items() if block.follows(generation)]:
            del self._to_confirm[path]
            report.confirm(path)
        self._report_moved(report, CLIP, bool(block.words[shared.CLIP]))

    def _report_followed(self, report: Report) -> None:
        followed, self._followed = self._followed, {}
        if followed:
            report.values(followed)

    def _report_howl(self, report: Report, present: Howl) -> None:
        """Report feedback; a howl that stays is one, though it is measured again and again."""
        strip, hz = self._own(HOWLING), self._own(HOWL_HZ)
        values: dict[str, Value] = {strip: STRIPS.get(present.strip, ""), hz: round(present.hz)}
        if values[strip] != self._values[strip] or not near(present.hz, self._values[hz]):
            self._values |= values
            report.values(values)

    def _report_moved(self, report: Report, local: str, value: Value) -> None:
        path = self._own(local)
        if self._values[path] != value:
            self._values[path] = value
            report.values({path: value})
