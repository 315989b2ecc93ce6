"""The mixer: stems and the shared block on one side, blocks of sound on the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared, tables
from remote_mixer.engine.compiled import Enter, Kernels
from remote_mixer.engine.session import Session
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock

STRIPS_PADDED_TO = 32
METER_INTERVAL_FRAMES = 1024  # 47 meter frames a second
DAY_FRAMES = 86_400 * RATE


def _ramps(rows: int, strips: int) -> tables.Ramps:
    return tables.Ramps(*(np.zeros((rows, strips), np.float32) for _ in range(3)))


def _groups(session: Session) -> list[list[int]]:
    """Channel numbers, 0-based, of the stems that share length and sides."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for number, stem in enumerate(session.stems):
        groups.setdefault(stem.audio.shape, []).append(number)
    return list(groups.values())


def _sources(session: Session) -> tables.Sources:
    """Lay out the stems as the kernel reads them."""
    grouped = _groups(session)
    pool = np.empty(sum(stem.audio.size for stem in session.stems), np.float32)
    table, start, first = [], 0, 0
    for numbers in grouped:
        frames, sides = session.stems[numbers[0]].audio.shape
        laid = pool[start : start + frames * sides * len(numbers)].reshape(frames, sides, len(numbers))
        for column, number in enumerate(numbers):
            laid[:, :, column] = session.stems[number].audio
        table.append((start, frames, first, len(numbers), sides))
        start, first = start + laid.size, first + len(numbers)
    channels = np.array([number for numbers in grouped for number in numbers], np.int64)
    stereo = np.array([session.stems[number].stereo for number in channels], np.bool_)
    return tables.Sources(pool, np.array(table, np.uint64).reshape(-1, 5), channels, stereo)


def _wrap_frames(session: Session) -> int:
    """One loop if all stems agree on its length, so that the position means a place in the song; else a day."""
    lengths = {len(stem.audio) for stem in session.stems}
    return lengths.pop() if len(lengths) == 1 else DAY_FRAMES


def _new_limiters() -> tables.Limiters:
    line = np.zeros(tables.LINE_FRAMES * tables.BUSES, np.float32)
    ceilings = np.full(tables.BUSES, np.inf, np.float32)
    return tables.Limiters(ceilings, line, np.ones_like(line), np.ones_like(line), np.ones_like(line))


def _new_mix(session: Session) -> tables.Mix:
    strips = -(-max(len(session.stems), 1) // STRIPS_PADDED_TO) * STRIPS_PADDED_TO
    return tables.Mix(
        sources=_sources(session),
        strips=_ramps(tables.ROWS, strips),
        masters=_ramps(1, tables.MASTERS),
        transport=_ramps(1, 1),
        open_strips=np.ones((tables.ROWS, strips), np.bool_),
        open_masters=np.ones(tables.MASTERS, np.bool_),
        left=np.zeros((BLOCK_FRAMES, strips), np.float32),
        right=np.zeros((BLOCK_FRAMES, strips), np.float32),
        mid=np.zeros((BLOCK_FRAMES, strips), np.float32),
        block_peaks=np.zeros(strips, np.float32),
        strip_peaks=np.zeros((2, strips), np.float32),
        output_peaks=np.zeros(tables.OUTPUTS, np.float32),
        position=np.zeros(1, np.uint64),
        wrap=np.array([_wrap_frames(session)], np.uint64),
        clip=np.zeros(1, np.bool_),
        limiters=_new_limiters(),
    )


class Mixer:
    """Mixes blocks as the shared block's controls say, and writes position, clip and meters back.

    Called from one thread at a time. It begins silent and fades in to where the controls stand.
    """

    def __init__(self, session: Session, block: SharedBlock, enter: Enter) -> None:
        self._mix = _new_mix(session)
        self._words, self._doubles = block.words, block.doubles
        memory = np.frombuffer(block.bytes_, np.uint8)
        controls = tables.Controls(memory.view(np.float32), memory.view(np.uint32))
        self._kernels = Kernels(enter, self._mix, controls)
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
        self._kernels.fade(plays=bool(self._words[shared.PLAY]) and not seeking)

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
