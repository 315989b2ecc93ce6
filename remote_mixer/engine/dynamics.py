"""Gate and compressor of the strips, a group of strips in each vector; levels and gains are log2 of amplitudes.

Both are feed-forward; the two sides of a strip are reduced alike, by the louder one, and so are linked channels. The
compressor is that of Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design" (JAES 60, 2012): the
reduction that the curve with its quadratic knee asks for is held and released, then smoothed by the attack. An attack
or a release is the time in which 63 % of the way in decibels is done.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import (
    COEFS,
    DYN,
    DYN_ATTACK,
    DYN_HISTORY,
    DYN_HOLD,
    DYN_LEAST,
    DYN_RELEASE,
    GATE,
    GATE_ATTACK,
    GATE_HISTORY,
    GATE_HOLD,
    GATE_LEAST,
    GATE_RELEASE,
    LINKED,
    SLOPES,
)
from remote_mixer.engine.tables import Floats
from remote_mixer.engine.vectors import (
    Vector,
    absolute,
    exponent,
    highest,
    load,
    lowest,
    mantissa,
    nearest,
    neighbours,
    power_of_two,
    sound,
    splat,
    store,
    where_greater,
)

ZERO, ONE = np.float32(0), np.float32(1)
SILENT = np.float32(1e-7)  # −140 dB: no level is lower
FALL_SECONDS = 0.01  # of a gate's level after a peak: to 1/e

# Least squares of log2(1 + t) / t for −⅓ ≤ t ≤ ⅓, and of (2^t − 1) / t for |t| ≤ ½: 3·10⁻⁵ and 2·10⁻⁶ dB.
LOG_0, LOG_1, LOG_2 = np.float32(1.44270539), np.float32(-0.721379876), np.float32(0.479251176)
LOG_3, LOG_4, LOG_5 = np.float32(-0.35838902), np.float32(0.326725721), np.float32(-0.279996186)
EXP_0, EXP_1, EXP_2 = np.float32(0.693147182), np.float32(0.240223482), np.float32(0.0555035695)
EXP_3, EXP_4 = np.float32(0.00966637395), np.float32(0.00133908668)
MOST = np.float32(126)


@inner
def log2(value: Vector) -> Vector:
    """Return the logarithm to base 2 of positive numbers, exactly 0 at 1."""
    t = mantissa(value) - ONE
    return exponent(value) + t * (LOG_0 + t * (LOG_1 + t * (LOG_2 + t * (LOG_3 + t * (LOG_4 + t * LOG_5)))))


@inner
def exp2(value: Vector) -> Vector:
    """Return 2 to the power of numbers between −126 and 126, exactly 1 at 0."""
    value = lowest(highest(value, splat(-MOST)), splat(MOST))
    whole = nearest(value)
    t = value - whole
    return (ONE + t * (EXP_0 + t * (EXP_1 + t * (EXP_2 + t * (EXP_3 + t * EXP_4))))) * power_of_two(whole)


@inner
def gate(memory: Floats, left: Floats, right: Floats, lane: int) -> None:
    """Lower what is below the threshold, by the slope and at most by the range; opens by attack, closes by release.

    left, right  (frames, strips), in place; the same array where the group's strips have one side
    lane         number of the group's first strip
    """
    strips = left.shape[1]
    row, at = (COEFS + GATE) * strips + lane, GATE_HISTORY * strips + lane
    threshold, depth, slope = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    by = row + (SLOPES - COEFS) * strips
    threshold_by, depth_by, slope_by = load(memory, by), load(memory, by + strips), load(memory, by + 2 * strips)
    attack, release = load(memory, GATE_ATTACK * strips + lane), load(memory, GATE_RELEASE * strips + lane)
    hold = load(memory, GATE_HOLD * strips + lane)
    peak, gain, held = load(memory, at), load(memory, at + strips), load(memory, at + 2 * strips)
    linked = load(memory, LINKED * strips + lane)
    zero, lowest_gain = splat(ZERO), load(memory, GATE_LEAST * strips + lane)
    fall = np.float32(1 - 1 / (FALL_SECONDS * rate()))
    for frame in range(left.shape[0]):
        threshold, depth, slope = threshold + threshold_by, depth + depth_by, slope + slope_by
        place = frame * strips + lane
        one, other = load(left, place), load(right, place)
        now = highest(absolute(one), absolute(other))
        peak = highest(highest(now, neighbours(now) * linked), peak * fall)
        above = log2(highest(peak, splat(SILENT))) - threshold
        wanted = lowest(highest(above * slope, zero - depth), zero)
        rises = where_greater(wanted, gain, gain + attack * (wanted - gain), gain)
        falls = where_greater(held, zero, gain, gain + release * (wanted - gain))
        held = where_greater(gain, wanted, highest(held - ONE, zero), hold)
        gain = where_greater(gain, wanted, falls, rises)
        amplitude = exp2(highest(gain, zero - depth))
        lowest_gain = lowest(amplitude, lowest_gain)
        store(left, place, one * amplitude)
        store(right, place, other * amplitude)
    store(memory, at, sound(peak))
    store(memory, at + strips, sound(gain))
    store(memory, at + 2 * strips, held)
    store(memory, GATE_LEAST * strips + lane, lowest_gain)


@inner
def compress(memory: Floats, left: Floats, right: Floats, lane: int) -> None:
    """Lower what is above the threshold; arguments as for `gate`."""
    strips = left.shape[1]
    row, at = (COEFS + DYN) * strips + lane, DYN_HISTORY * strips + lane
    threshold, slope, knee = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    bend, makeup, mix = load(memory, row + 3 * strips), load(memory, row + 4 * strips), load(memory, row + 5 * strips)
    by = row + (SLOPES - COEFS) * strips
    threshold_by, slope_by, knee_by = load(memory, by), load(memory, by + strips), load(memory, by + 2 * strips)
    bend_by, makeup_by = load(memory, by + 3 * strips), load(memory, by + 4 * strips)
    mix_by = load(memory, by + 5 * strips)
    attack, release = load(memory, DYN_ATTACK * strips + lane), load(memory, DYN_RELEASE * strips + lane)
    hold = load(memory, DYN_HOLD * strips + lane)
    kept, reduction, held = load(memory, at), load(memory, at + strips), load(memory, at + 2 * strips)
    zero, most, linked = splat(ZERO), splat(ZERO), load(memory, LINKED * strips + lane)
    for frame in range(left.shape[0]):
        threshold, slope, knee = threshold + threshold_by, slope + slope_by, knee + knee_by
        bend, makeup, mix = bend + bend_by, makeup + makeup_by, mix + mix_by
        place = frame * strips + lane
        one, other = load(left, place), load(right, place)
        now = highest(absolute(one), absolute(other))
        level = log2(highest(highest(now, neighbours(now) * linked), splat(SILENT))) - threshold
        bent = lowest(highest(level + knee, zero), knee + knee)
        wanted = slope * (bent * bent * bend + highest(level - knee, zero))
        falls = where_greater(held, zero, kept, kept + release * (wanted - kept))
        held = where_greater(kept, wanted, highest(held - ONE, zero), hold)
        kept = where_greater(kept, wanted, falls, wanted)
        reduction = reduction + attack * (kept - reduction)
        most = highest(reduction, most)
        amplitude = ONE + mix * (exp2(makeup - reduction) - ONE)
        store(left, place, one * amplitude)
        store(right, place, other * amplitude)
    store(memory, at, sound(kept))
    store(memory, at + strips, sound(reduction))
    store(memory, at + 2 * strips, held)
    store(
        memory,
        DYN_LEAST * strips + lane,
        lowest(ONE + mix * (exp2(zero - most) - ONE), load(memory, DYN_LEAST * strips + lane)),
    )
