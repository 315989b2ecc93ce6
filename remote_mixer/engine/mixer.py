"""The mixer: stems and the shared block on one side, blocks of sound on the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.compiled import Enter, Kernels
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.session import Session
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.sources import lay_out, wrap_frames
from remote_mixer.engine.tables import new_mix, view_controls

METER_INTERVAL_FRAMES = 1024  # 47 meter frames a second
PLAY = TABLE.places["transport/play"].word


class Mixer:
    """Mixes blocks as the shared block's controls say, and writes position, clip and meters back.

    Called from one thread at a time. It begins silent and fades in to where the controls stand.
    """

    def __init__(self, session: Session, block: SharedBlock, enter: Enter) -> None:
        self._mix = new_mix(lay_out(session), wrap_frames(session))
        self._words, self._doubles = block.words, block.doubles
        memory = np.frombuffer(block.bytes_, np.uint8)
        self._kernels = Kernels(enter, self._mix, view_controls(memory))
        halves = memory[shared.METER_BYTE :].reshape(2, shared.METER_HALF_BYTES)
        self._halves: list[NDArray[np.uint8]] = [halves[0], halves[1]]
        self._generation = -1
        self._seeks = self._words[shared.SEEKS]
        self._clip_clears = self._words[shared.CLIP_CLEARS]
        self._mix.position[0] = self._frames(self._doubles[shared.POSITION_SECONDS])
        self._unmetered_frames = 0
        self._words[shared.CLIP] = 0

    def mix(self, out: NDArray[np.float32]) -> None:
        """Mix the next frames.

        out  (blocks · BLOCK_FRAMES, tables.OUTPUTS) float32, C order: main left and right, buses 1–8; overwritten
        """
        self._read_controls()
        self._read_transport()
        self._kernels.run(out)
        self._report(len(out))

    def _read_controls(self) -> None:
        generation = self._words[shared.GENERATION]
        if self._words[shared.CLIP_CLEARS] != self._clip_clears:
            self._clip_clears = self._words[shared.CLIP_CLEARS]
            self._mix.clip[0] = False
            self._words[shared.CLIP] = 0  # before `applied`, so that who waits for that never sees the old latch
        if generation != self._generation:
            self._kernels.follow()
            self._generation = generation
            self._words[shared.APPLIED] = generation

    def _read_transport(self) -> None:
        """Play, halt, or, for a seek: fade out, jump, fade in."""
        seeking = self._words[shared.SEEKS] != self._seeks
        transport = self._mix.transport
        if seeking and transport.target[0, 0] == 0 and transport.left[0, 0] == 0:
            self._seeks = self._words[shared.SEEKS]
            self._mix.position[0] = self._frames(self._doubles[shared.SEEK_SECONDS])
            seeking = False
        self._kernels.fade(plays=bool(self._words[PLAY]) and not seeking)

    def _frames(self, seconds: float) -> int:
        return round(seconds * RATE) % int(self._mix.wrap[0])

    def _report(self, frames: int) -> None:
        self._doubles[shared.POSITION_SECONDS] = int(self._mix.position[0]) / RATE
        self._words[shared.CLIP] = int(self._mix.clip[0])
        self._words[shared.BLOCKS] = (self._words[shared.BLOCKS] + frames // BLOCK_FRAMES) & 0xFFFFFFFF
        self._unmetered_frames += frames
        if self._unmetered_frames >= METER_INTERVAL_FRAMES:
            self._unmetered_frames = 0
            self._publish_meters()

    def _publish_meters(self) -> None:
        number = (self._words[shared.METER_FRAMES] + 1) & 0xFFFFFFFF
        self._kernels.encode(self._halves[number & 1])
        self._words[shared.METER_FRAMES] = number
