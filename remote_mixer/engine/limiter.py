"""Limiter of every bus: its output never exceeds the ceiling.

Each sample needs some amplitude (≤ 1) to stay below the ceiling. The lowest of these over LOOK_FRAMES is taken, rises
again no faster than the release, and is averaged over LOOK_FRAMES. Sound is delayed by LATENCY_FRAMES, one less, so
every amplitude in a sample's average was chosen with that sample in the window: none is above what the sample needs,
and neither is their average. Nothing overshoots, whatever the sound, and the amplitude never steps: it takes 1.3 ms
down to the ceiling. When a ceiling changes, a sample whose window spans
two blocks is limited to the ceiling of either.

All buses are always late by these 63 frames (at 48 kHz 1.31 ms, half a metre of air), limiter on or off: a delay that
came and went would need a fade between two moments of the same sound, a comb filter. A toggle is therefore only another
ceiling, and clicks as little as the limiter itself. Off is an infinite ceiling: every amplitude is exactly 1. Main has
neither limiter nor delay. A bus is mono, so there are no sides to link.

Arrays hold frames after each other, the eight buses of a frame side by side in one vector register.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine.controls import BUSES
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import at
from remote_mixer.engine.rates import rate
from remote_mixer.engine.tables import (
    BUS_ROW,
    LATENCY_FRAMES,
    LOOK_FRAMES,
    Controls,
    Floats,
    Limiters,
    Mix,
)

NEW = LATENCY_FRAMES * BUSES  # where this block begins in `line` and `eased`
ROW = BUSES

RELEASE_SECONDS = 0.1  # the reduction falls to 1/e in this time
RELEASE_END = 1e-6  # per frame, so that the reduction ends, at exactly 1
ONE = np.float32(1)
SHARE = np.float32(1 / LOOK_FRAMES)


@inner
def set_ceilings(mix: Mix, controls: Controls) -> None:
    """Read the ceilings (amplitudes) from the controls; infinite where a limiter is off."""
    for bus in range(BUSES):
        is_on = controls.bus_limiter[bus] != 0
        mix.limiters.ceilings[bus] = controls.bus_ceiling[bus] if is_on else np.float32(np.inf)


@inner
def _append(mix: Mix, out: Floats) -> None:
    """Append this block to the line, each bus after its fader, behind the frames that have not left yet."""
    new = mix.limiters.line[NEW:]
    for frame in range(out.shape[0]):
        for bus in range(BUSES):
            new[frame * ROW + bus] = out[frame, BUS_ROW + bus] * at(mix.masters, 0, 1 + bus, frame)


@inner
def _need(line: Floats, ceilings: Floats, low: Floats) -> bool:
    """Find the amplitude that each sample in the line needs; returns whether any needs less than 1."""
    lowest = ONE
    for frame in range(line.shape[0] // ROW):
        for bus in range(BUSES):
            size = abs(line[frame * ROW + bus])
            low[frame * ROW + bus] = ceilings[bus] / size if size > ceilings[bus] else ONE
            lowest = min(lowest, low[frame * ROW + bus])
    return bool(lowest < ONE)


@inner
def _is_idle(eased: Floats) -> bool:
    """Whether no reduction is left from the blocks before."""
    lowest = ONE
    for place in range(NEW):
        lowest = min(lowest, eased[place])
    return bool(lowest == ONE)


@inner
def _look_ahead(low: Floats, spare: Floats) -> None:
    """Make each row the lowest of itself and the LOOK_FRAMES − 1 after it, where there are as many.

    Twice as far with every pass; their number is even, so it ends in `low`.
    """
    span = 1
    while span < LOOK_FRAMES:
        ahead = low[span * ROW :]
        for place in range(ahead.shape[0]):
            spare[place] = min(low[place], ahead[place])
        low, spare = spare, low
        span *= 2


@inner
def _release(low: Floats, eased: Floats) -> None:
    """Follow `low` down at once and up no faster than the release."""
    release = 1 - math.exp(-1 / (RELEASE_SECONDS * rate()))
    now, before = eased[NEW:], eased[NEW - ROW :]
    for place in range(now.shape[0]):
        old = float(before[place])  # in float64: reordered sums of steps this small would be 1 % off in float32
        now[place] = min(low[place], np.float32(old + (release * (1 - old) + RELEASE_END)))


@inner
def _average(eased: Floats, total: Floats, spare: Floats) -> None:
    """Sum each row of `eased` and the LOOK_FRAMES − 1 after it into `total`, exactly LOOK_FRAMES where all are 1."""
    for place in range(eased.shape[0]):
        total[place] = eased[place]
    span = 1
    while span < LOOK_FRAMES:
        ahead = total[span * ROW :]
        for place in range(ahead.shape[0]):
            spare[place] = total[place] + ahead[place]
        total, spare = spare, total
        span *= 2


@inner
def _write_out(mix: Mix, total: Floats, out: Floats) -> None:
    """Write the frames that leave the line, and update the peaks."""
    line, peaks = mix.limiters.line, mix.output_peaks[BUS_ROW:]
    for frame in range(out.shape[0]):
        for bus in range(BUSES):
            sample = line[frame * ROW + bus] * (total[frame * ROW + bus] * SHARE)
            out[frame, BUS_ROW + bus] = sample
            peaks[bus] = max(peaks[bus], abs(sample))


@inner
def _shift(row: Floats, frames: int) -> None:
    """Move the frames that the next block needs to the front."""
    old = row[frames * ROW :]
    for place in range(NEW):
        row[place] = old[place]


@inner
def _find_amplitudes(limiters: Limiters, frames: int) -> None:
    """Write to `low` the amplitude of each frame that leaves the line, times LOOK_FRAMES."""
    end = NEW + frames * ROW
    low, spare, eased = limiters.low[:end], limiters.spare[:end], limiters.eased[:end]
    if _need(limiters.line[:end], limiters.ceilings, low) or not _is_idle(eased):
        _look_ahead(low, spare)
        _release(low, eased)
        _average(eased, low, spare)
    else:
        eased[:] = 1
        low[:] = LOOK_FRAMES


@inner
def limit(mix: Mix, out: Floats) -> None:
    """Apply faders and limiters of the buses to a block, (≤ BLOCK_FRAMES, OUTPUTS), and meter them."""
    _append(mix, out)
    _find_amplitudes(mix.limiters, out.shape[0])
    _write_out(mix, mix.limiters.low, out)
    _shift(mix.limiters.line, out.shape[0])
    _shift(mix.limiters.eased, out.shape[0])
