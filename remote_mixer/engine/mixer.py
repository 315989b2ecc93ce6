"""The mixer: makes blocks of sound from the stems, as the shared block's controls say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.compiled import Kernels
from remote_mixer.engine.controls import TABLE, Smoothing
from remote_mixer.engine.library import Enter
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.sources import Channels, Held, Supply, fits
from remote_mixer.engine.streams import Streams
from remote_mixer.engine.tables import Mix, Ramps, new_mix, view_controls

METER_INTERVAL_FRAMES = 1024  # 47 meter frames a second
PATIENCE_FRAMES = RATE  # at the start and after a jump, until stems whose disk is slow are left behind
PLAY = TABLE.places["transport/play"].word


class Change(NamedTuple):
    """Change to other channels, prepared so that the mixing thread only swaps.

    kept     (strips, 2) int64: strips that play on, their number in the old mix and in the new one
    leaving  (strips,) int64: strips of the old mix that have to fade out first
    """

    channels: Channels
    supply: Supply
    mix: Mix
    kernels: Kernels
    kept: NDArray[np.int64]
    leaving: NDArray[np.int64]


class Mixer:
    """Mixes blocks as the shared block's controls say, and writes position, clip and meters back.

    `mix` is called from one thread at a time. The mix begins silent and fades in to the controls' values.
    """

    def __init__(self, channels: Channels, block: SharedBlock, enter: Enter) -> None:
        memory = np.frombuffer(block.bytes_, np.uint8)
        self._enter, self._controls = enter, view_controls(memory)
        self._words, self._doubles = block.words, block.doubles
        self._channels = channels
        self._supply, self._mix = _supplied(channels)
        self._kernels = Kernels(enter, self._mix, self._controls)
        self._change: Change | None = None
        self._changes = False  # whether the new mix's sound is there, and the leaving strips fade
        halves = memory[shared.METER_BYTE :].reshape(2, shared.METER_HALF_BYTES)
        self._halves: list[NDArray[np.uint8]] = [halves[0], halves[1]]
        self._generation = -1
        self._seeks = self._words[shared.SEEKS]
        self._clip_clears = self._words[shared.CLIP_CLEARS]
        self._mix.position[0] = self._frames(self._doubles[shared.POSITION_SECONDS])
        self._supply.start(self._mix.position)
        self._unmetered_frames = self._waited_frames = 0
        self._words[shared.CLIP] = 0

    @property
    def is_changing(self) -> bool:
        """Whether a change of channels waits for the leaving ones to fade out."""
        return self._change is not None

    def change(self, channels: Channels) -> None:
        """Mix other channels from the next blocks on; not while `is_changing`. Any one thread may call it.

        A channel whose stem is the same object plays on; what leaves fades out and what joins fades in.
        """
        supply, mix = _supplied(channels)
        old, strips = self._mix.sources.channels, {int(channel): n for n, channel in enumerate(mix.sources.channels)}
        stays = [self._channels[int(channel)] is channels.get(int(channel)) for channel in old]
        kept = [(strip, strips[int(old[strip])]) for strip in range(len(old)) if stays[strip]]
        leaving = [strip for strip in range(len(old)) if not stays[strip]]
        kernels = Kernels(self._enter, mix, self._controls)
        pairs = np.array(kept, np.int64).reshape(-1, 2)
        mix.position[0] = self._place() % supply.frames
        supply.start(mix.position)
        self._change = Change(channels, supply, mix, kernels, pairs, np.array(leaving, np.int64))

    def faults(self) -> list[str]:
        """Return a sentence about each strip whose sound did not come in time. Any thread may call it."""
        return self._supply.faults()

    def mix(self, out: NDArray[np.float32]) -> None:
        """Mix the next frames.

        out  (blocks · BLOCK_FRAMES, tables.OUTPUTS) float32, C order: main left and right, buses 1–8; overwritten
        """
        self._read_controls()
        self._read_transport(len(out))
        if self._change:
            self._change_over(self._change, len(out))
        if not self._is_halted():
            self._supply.before(len(out))
        self._kernels.run(out)
        self._report(len(out))

    def _read_controls(self) -> None:
        generation = self._words[shared.GENERATION]
        if self._words[shared.CLIP_CLEARS] != self._clip_clears:
            self._clip_clears = self._words[shared.CLIP_CLEARS]
            self._mix.clip[0] = False
            self._words[shared.CLIP] = 0  # before `applied`: a reader that waits for that never sees the old latch
        if generation != self._generation:
            self._kernels.follow()
            self._generation = generation
            self._words[shared.APPLIED] = generation

    def _is_halted(self) -> bool:
        transport = self._mix.transport
        return bool(transport.target[0, 0] == 0 and transport.left[0, 0] == 0)

    def _read_transport(self, frames: int) -> None:
        """Play, halt, or, for a seek: fade out, jump, fade in; fade in when there is sound."""
        seeking = self._words[shared.SEEKS] != self._seeks
        if seeking and self._is_halted():
            self._seeks = self._words[shared.SEEKS]
            self._mix.position[0] = self._frames(self._doubles[shared.SEEK_SECONDS])
            seeking = False
        plays = bool(self._words[PLAY]) and not seeking
        self._kernels.fade(plays=plays and (not self._is_halted() or self._is_supplied(self._supply, frames)))

    def _is_supplied(self, supply: Supply, frames: int) -> bool:
        """Whether all strips have sound, or have been waited for long enough."""
        self._waited_frames += frames
        if not supply.is_ready() and self._waited_frames < PATIENCE_FRAMES:
            return False
        self._waited_frames = 0
        return True

    def _change_over(self, change: Change, frames: int) -> None:
        """Wait for the new mix's sound, fade out the strips that leave, and once they are silent, go on with it."""
        change.mix.position[0] = self._place() % change.supply.frames
        if not self._changes and not self._is_supplied(change.supply, frames):
            return
        self._changes = True
        strips = self._mix.strips
        if strips.target[:, change.leaving].any() or strips.left[:, change.leaving].any():
            _fade_out(strips, change.leaving)
            return
        _carry_over(self._mix, change)
        self._supply.stop()
        self._channels, self._supply, self._mix, self._kernels = (
            change.channels,
            change.supply,
            change.mix,
            change.kernels,
        )
        self._kernels.follow()
        self._change, self._changes = None, False

    def _frames(self, seconds: float) -> int:
        return round(seconds * RATE) % self._supply.frames

    def _place(self) -> int:
        """Return the place in the timeline, in frames."""
        return int(self._mix.position[0]) % self._supply.frames

    def _report(self, frames: int) -> None:
        self._doubles[shared.POSITION_SECONDS] = self._place() / RATE
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


def _supplied(channels: Channels) -> tuple[Supply, Mix]:
    """Return the sound of the channels and a silent mix of it, at position 0."""
    supply: Supply = Held(channels) if fits(channels) else Streams(channels)
    return supply, new_mix(supply.sources, supply.wrap)


def _fade_out(ramps: Ramps, strips: NDArray[np.int64]) -> None:
    """Aim these strips at silence in every row; those that are on their way there go on."""
    rows, columns = np.nonzero(ramps.target[:, strips])
    places = rows, strips[columns]
    now = ramps.target[places] - ramps.slope[places] * ramps.left[places]
    ramps.slope[places] = -now / np.float32(Smoothing.SWITCHED)
    ramps.left[places] = Smoothing.SWITCHED
    ramps.target[places] = 0


def _carry_over(old: Mix, change: Change) -> None:
    """Copy into the new mix the state of the strips that play on, of the buses and of main."""
    new, (was, now) = change.mix, change.kept.T
    for ours, theirs in zip((*new.strips, new.open_strips, new.strip_peaks),
                            (*old.strips, old.open_strips, old.strip_peaks), strict=True):  # fmt: skip
        ours[:, now] = theirs[:, was]
    for ours, theirs in zip(_outputs(new), _outputs(old), strict=True):
        ours[:] = theirs


def _outputs(mix: Mix) -> tuple[NDArray[np.generic], ...]:
    return (*mix.masters, *mix.transport, *mix.limiters, mix.open_masters, mix.output_peaks, mix.clip)
