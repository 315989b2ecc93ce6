"""The mixing itself, compiled by numba: blocks of 128 frames, 32-bit float, no allocation, no lock.

Arrays hold frames outside and strips inside, `(frames, strips)`, so the inner loops run over strips side by side in
vector registers; the number of strips is padded to a multiple of 32 with strips that play silence.

The order inside a block: `_gather` the sources (and the transport's fade) → **the place for per-strip filters: in
`buffers.left` and `buffers.right`, in place, after `_gather` and before `_listen`** → `_listen` (input meters, the
mono fold of stereo strips) → `_sum` of every row into the outputs → `_master` faders → meters.

A *row* is one output as the strips see it: 0 and 1 main left and right, 2–9 buses 1–8, 10 the post fader meter. The
whole way of a strip into a row (fader × mute × pan × send …) is one amplitude, and each such amplitude has a ramp of
its own: `target − slope · max(left − n, 0)` at the n-th coming frame, so it arrives exactly and no error piles up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared

BLOCK_FRAMES = shared.BLOCK_FRAMES
BUSES = shared.BUSES
MAX_CHANNELS = shared.MAX_CHANNELS
ROWS = 2 + BUSES + 1
BUS_ROW = 2
METER_ROW = ROWS - 1
OUTPUTS = 2 + BUSES
MASTERS = 1 + BUSES
TAPS = 2 * MAX_CHANNELS + BUSES + 2

GAIN_FRAMES = np.float32(480)  # 10 ms
MUTE_FRAMES = np.float32(240)  # 5 ms
FULL_SCALE = np.float32(1)
ZERO, ONE = np.uint64(0), np.uint64(1)
QUARTER_TURN = math.pi / 4

Floats = NDArray[np.float32]
Function = TypeVar("Function", bound=Callable[..., object])

# Sums may be reordered so that they vectorise; infinities and NaN keep their meaning.
_FAST = {"reassoc", "contract", "nsz", "arcp"}


class Sources(NamedTuple):
    """What the strips play.

    Stems of one length are kept together in a group, frame after frame, so that a block of them all is one
    straight read of memory: 128 streams far apart cost five times the rest of the mix. The strips inside the kernel
    stand in the order of the groups, therefore; `channels` tells whose they are.

    pool      (samples,) float32, group after group; in a group (frames, sides, strips)
    groups    (groups, 5) uint64: start in the pool, frames of the loop (≥ 1), first strip, strips, sides (1 or 2)
    channels  (strips in use,) int64, the channel that each strip is, 0-based
    stereo    (strips in use,) bool
    """

    pool: Floats
    groups: NDArray[np.uint64]
    channels: NDArray[np.int64]
    stereo: NDArray[np.bool_]


class Ramps(NamedTuple):
    """Amplitudes on their way, all (rows, strips) float32; `left` counts the frames still to go."""

    target: Floats
    slope: Floats
    left: Floats


class Controls(NamedTuple):
    """The shared block, seen as `floats` (words,) float32 and `words` (words,) uint32 over the same memory."""

    floats: Floats
    words: NDArray[np.uint32]


class Mix(NamedTuple):
    """All that the kernel keeps from block to block.

    sources       the stems
    strips        Ramps (ROWS, strips)
    masters       Ramps (1, MASTERS): main, then the buses
    transport     Ramps (1, 1): 1 plays, 0 is halted
    open_strips   (ROWS, strips) bool, False where a mute or somebody's solo closes the way
    open_masters  (MASTERS,) bool
    left, right, mid   (BLOCK_FRAMES, strips) float32, the present block
    block_peaks   (strips,) float32, highest of the present block
    strip_peaks   (2, strips) float32, input and post fader, highest since the last meter frame
    output_peaks  (OUTPUTS,) float32, likewise
    position      (1,) uint64, frames; wraps at `wrap` (1,)
    clip          (1,) bool, latched when main goes over full scale
    """

    sources: Sources
    strips: Ramps
    masters: Ramps
    transport: Ramps
    open_strips: NDArray[np.bool_]
    open_masters: NDArray[np.bool_]
    left: Floats
    right: Floats
    mid: Floats
    block_peaks: Floats
    strip_peaks: Floats
    output_peaks: Floats
    position: NDArray[np.uint64]
    wrap: NDArray[np.uint64]
    clip: NDArray[np.bool_]


def _inner(function: Function) -> Function:
    """Compile a function that only kernels call; it becomes part of them."""
    compiled: Function = numba.njit(fastmath=_FAST, error_model="numpy")(function)
    return compiled


def _kernel(function: Function) -> Function:
    """Compile a function that Python calls: kept on disk, and other threads run meanwhile."""
    compiled: Function = numba.njit(cache=True, nogil=True, fastmath=_FAST, error_model="numpy")(function)
    return compiled


@_inner
def _aim(ramps: Ramps, row: int, column: int, target: np.float32, frames: np.float32) -> None:
    """Send one amplitude to `target` within `frames`, from where it stands now."""
    if target == ramps.target[row, column]:
        return
    now = ramps.target[row, column] - ramps.slope[row, column] * ramps.left[row, column]
    ramps.slope[row, column] = (target - now) / frames
    ramps.left[row, column] = frames
    ramps.target[row, column] = target


@_inner
def _aim_gate(mix: Mix, row: int, strip: int, is_open: bool, target: np.float32) -> None:
    """Aim a strip's way into a row: faster where a mute or a solo opens or closes it."""
    frames = GAIN_FRAMES if mix.open_strips[row, strip] == is_open else MUTE_FRAMES
    mix.open_strips[row, strip] = is_open
    _aim(mix.strips, row, strip, target if is_open else np.float32(0), frames)


@_inner
def _aim_main(mix: Mix, strip: int, pan: np.float32, is_open: bool, fader: np.float32) -> None:
    """Equal power: −3 dB a side at the centre for mono; for stereo the same law, scaled to 0 dB at the centre."""
    angle = (pan + 1) * QUARTER_TURN
    scale = math.sqrt(2.0) if mix.sources.stereo[strip] else 1.0
    _aim_gate(mix, 0, strip, is_open, np.float32(fader * scale * math.cos(angle)))
    _aim_gate(mix, 1, strip, is_open, np.float32(fader * scale * math.sin(angle)))


@_inner
def _aim_sends(mix: Mix, controls: Controls, strip: int, is_open: bool, fader: np.float32) -> None:
    for bus in range(BUSES):
        send = bus * MAX_CHANNELS + mix.sources.channels[strip]
        amplitude = controls.floats[shared.SEND_LEVEL + send]
        if controls.words[shared.SEND_POST + send]:
            amplitude *= fader
        send_open = is_open and not controls.words[shared.SEND_MUTE + send]
        _aim_gate(mix, BUS_ROW + bus, strip, send_open, amplitude)


@_inner
def _aim_masters(mix: Mix, controls: Controls) -> None:
    for master in range(MASTERS):
        is_open = not controls.words[shared.MASTER_MUTE + master]
        frames = GAIN_FRAMES if mix.open_masters[master] == is_open else MUTE_FRAMES
        mix.open_masters[master] = is_open
        fader = controls.floats[shared.MASTER_FADER + master]
        _aim(mix.masters, 0, master, fader if is_open else np.float32(0), frames)


@_inner
def _anyone_soloed(mix: Mix, controls: Controls) -> bool:
    soloed = False
    for channel in mix.sources.channels:
        soloed |= controls.words[shared.CHANNEL_SOLO + channel] != 0
    return soloed


def _follow(mix: Mix, controls: Controls) -> None:
    """Aim every amplitude at what the controls now say."""
    soloed = _anyone_soloed(mix, controls)
    for strip, channel in enumerate(mix.sources.channels):
        fader = controls.floats[shared.CHANNEL_FADER + channel]
        pan = controls.floats[shared.CHANNEL_PAN + channel]
        is_open = controls.words[shared.CHANNEL_MUTE + channel] == 0
        heard = is_open and (not soloed or controls.words[shared.CHANNEL_SOLO + channel] != 0)
        _aim_main(mix, strip, pan, heard, fader)
        _aim_sends(mix, controls, strip, is_open, fader)
        _aim_gate(mix, METER_ROW, strip, is_open, fader)
    _aim_masters(mix, controls)


def _fade(mix: Mix, target: np.float32) -> None:
    """Fade the transport to 1 (plays) or 0 (halted)."""
    _aim(mix.transport, 0, 0, target, MUTE_FRAMES)


@_inner
def _moving(ramps: Ramps, row: int) -> bool:
    most = np.float32(0)
    for column in range(ramps.left.shape[1]):
        most = max(most, ramps.left[row, column])
    return most > 0


@_inner
def _step(ramps: Ramps) -> None:
    """Let one block's time pass."""
    for row in range(ramps.left.shape[0]):
        for column in range(ramps.left.shape[1]):
            ramps.left[row, column] = max(ramps.left[row, column] - np.float32(BLOCK_FRAMES), np.float32(0))


@_inner
def _at(ramps: Ramps, row: int, column: int, frame: int) -> np.float32:
    """The amplitude at a frame of this block."""
    to_go = max(ramps.left[row, column] - np.float32(frame + 1), np.float32(0))
    return ramps.target[row, column] - ramps.slope[row, column] * to_go


@_inner
def _gather_group(mix: Mix, group: int) -> None:
    """Fill the group's strips of left and right, going around the loop's end, however short the loop is.

    Places are unsigned: numba lets a signed one count from the end, and the test for that stops the vectors.
    """
    pool, groups = mix.sources.pool, mix.sources.groups
    start, length, first, count, sides = groups[group]
    at = mix.position[0] % length
    for frame in range(BLOCK_FRAMES):
        row = start + at * count * sides
        other = row + (sides - ONE) * count
        for strip in range(count):
            mix.left[frame, first + strip] = pool[row + strip]
            mix.right[frame, first + strip] = pool[other + strip]
        at = at + ONE if at + ONE < length else ZERO


@_inner
def _gather(mix: Mix) -> None:
    """Fill left and right with the stems at the present position, and let the position pass."""
    for group in range(mix.sources.groups.shape[0]):
        _gather_group(mix, group)
    mix.position[0] = (mix.position[0] + np.uint64(BLOCK_FRAMES)) % mix.wrap[0]


@_inner
def _fade_in_place(mix: Mix) -> None:
    """The transport's own fade."""
    for frame in range(BLOCK_FRAMES):
        amplitude = _at(mix.transport, 0, 0, frame)
        for strip in range(mix.left.shape[1]):
            mix.left[frame, strip] *= amplitude
            mix.right[frame, strip] *= amplitude


@_inner
def _listen(mix: Mix) -> None:
    """Fold stereo into mid for the buses, and note this block's peak of each strip."""
    mix.block_peaks[:] = 0
    for frame in range(BLOCK_FRAMES):
        for strip in range(mix.left.shape[1]):
            left, right = mix.left[frame, strip], mix.right[frame, strip]
            mix.mid[frame, strip] = np.float32(0.5) * (left + right)
            mix.block_peaks[strip] = max(mix.block_peaks[strip], max(abs(left), abs(right)))


@_inner
def _sum_steady(block: Floats, amplitudes: Floats, out: Floats, column: int) -> None:
    for frame in range(BLOCK_FRAMES):
        total = np.float32(0)
        for strip in range(block.shape[1]):
            total += block[frame, strip] * amplitudes[strip]
        out[frame, column] = total


@_inner
def _sum_moving(block: Floats, ramps: Ramps, row: int, out: Floats) -> None:
    for frame in range(BLOCK_FRAMES):
        total = np.float32(0)
        for strip in range(block.shape[1]):
            total += block[frame, strip] * _at(ramps, row, strip, frame)
        out[frame, row] = total


@_inner
def _sum(mix: Mix, block: Floats, row: int, out: Floats) -> None:
    """Sum one row of a block (BLOCK_FRAMES, strips) into its column of the outputs."""
    if _moving(mix.strips, row):
        _sum_moving(block, mix.strips, row, out)
    else:
        _sum_steady(block, mix.strips.target[row], out, row)


@_inner
def _meter_strips(mix: Mix) -> None:
    """Note the highest of each input, and of each strip after fader and mute."""
    inputs, post = mix.strip_peaks[0], mix.strip_peaks[1]
    for strip in range(inputs.shape[0]):
        inputs[strip] = max(inputs[strip], mix.block_peaks[strip])
    if not _moving(mix.strips, METER_ROW):
        for strip in range(post.shape[0]):
            post[strip] = max(post[strip], mix.block_peaks[strip] * mix.strips.target[METER_ROW, strip])
        return
    for frame in range(BLOCK_FRAMES):
        for strip in range(post.shape[0]):
            loudest = max(abs(mix.left[frame, strip]), abs(mix.right[frame, strip]))
            mix.mid[frame, strip] = loudest * _at(mix.strips, METER_ROW, strip, frame)
        for strip in range(post.shape[0]):
            post[strip] = max(post[strip], mix.mid[frame, strip])


@_inner
def _master(mix: Mix, master: int, column: int, out: Floats) -> None:
    """Apply a master's fader to its output, and note the highest."""
    peak = np.float32(0)
    for frame in range(BLOCK_FRAMES):
        out[frame, column] *= _at(mix.masters, 0, master, frame)
        peak = max(peak, abs(out[frame, column]))
    mix.output_peaks[column] = max(mix.output_peaks[column], peak)


@_inner
def _mix_block(mix: Mix, out: Floats) -> None:
    _gather(mix)
    if _moving(mix.transport, 0):
        _fade_in_place(mix)
    _listen(mix)
    _sum(mix, mix.left, 0, out)
    _sum(mix, mix.right, 1, out)
    for bus in range(BUSES):
        _sum(mix, mix.mid, BUS_ROW + bus, out)
        _master(mix, bus + 1, BUS_ROW + bus, out)
    _master(mix, 0, 0, out)
    _master(mix, 0, 1, out)
    _meter_strips(mix)
    mix.clip[0] |= max(mix.output_peaks[0], mix.output_peaks[1]) > FULL_SCALE


def _run(mix: Mix, out: Floats) -> None:
    """Mix whole blocks.

    out  (blocks · BLOCK_FRAMES, OUTPUTS) float32: main left, main right, buses 1–8; overwritten, full scale ±1.0, and
         not limited
    """
    for start in range(0, out.shape[0], BLOCK_FRAMES):
        block = out[start : start + BLOCK_FRAMES]
        if mix.transport.target[0, 0] == 0 and mix.transport.left[0, 0] == 0:
            block[:] = 0
        else:
            _mix_block(mix, block)
        _step(mix.strips)
        _step(mix.masters)
        _step(mix.transport)


@_inner
def _code(peak: np.float32) -> int:
    if peak <= np.float32(4e-6):  # the lowest code is −107.5 dB
        return 0
    return min(max(int(round(40 * math.log10(peak) + 216)), 1), 255)


def _encode(mix: Mix, codes: NDArray[np.uint8]) -> None:
    """Write the peaks since the last call as meter codes (TAPS,) uint8, and begin anew."""
    for strip, channel in enumerate(mix.sources.channels):
        codes[channel] = _code(mix.strip_peaks[0, strip])
        codes[MAX_CHANNELS + channel] = _code(mix.strip_peaks[1, strip])
    for bus in range(BUSES):
        codes[2 * MAX_CHANNELS + bus] = _code(mix.output_peaks[BUS_ROW + bus])
    for side in range(2):
        codes[2 * MAX_CHANNELS + BUSES + side] = _code(mix.output_peaks[side])
    mix.strip_peaks[:] = 0
    mix.output_peaks[:] = 0


follow = _kernel(_follow)
fade = _kernel(_fade)
run = _kernel(_run)
encode = _kernel(_encode)
