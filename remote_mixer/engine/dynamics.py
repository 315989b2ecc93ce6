"""Gate and compressor of the strips, a group of strips in each vector; levels and gains are log2 of amplitudes.

Both are feed-forward; the two sides of a strip are reduced alike, by the louder one, and so are linked channels. The
compressor is that of Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design" (JAES 60, 2012): the
reduction that the curve with its quadratic knee asks for is held and released, then smoothed by the attack. An attack
or a release is the time in which 63 % of the way in decibels is done.

A gate that began to move with a corner would click. So its gain is smoothed three times: on its way up by three equal
lowpasses, on its way down by that of the release and two short ones, and together they take the time that is set.
An attack takes at least as long as one without a click does, which `goals` knows.

The key, which is what they hear, is the sound itself, or, where it is on, that through a filter.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.filters import filter_gliding
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import (
    COEFS,
    DYN,
    DYN_ATTACK,
    DYN_HISTORY,
    DYN_HOLD,
    DYN_KEY,
    DYN_LEAST,
    DYN_RELEASE,
    GATE,
    GATE_ATTACK,
    GATE_HISTORY,
    GATE_HOLD,
    GATE_KEY,
    GATE_LEAST,
    GATE_RELEASE,
    KEY,
    KEY_ACTS,
    LANES,
    LINKED,
    SLOPES,
    STEREO,
)
from remote_mixer.engine.tables import Chain, Floats
from remote_mixer.engine.vectors import (
    WHOLE,
    Vector,
    absolute,
    exponent,
    highest,
    load,
    lowest,
    mantissa,
    neighbours,
    sound,
    splat,
    store,
    times_power,
    where_greater,
)

ZERO, ONE = np.float32(0), np.float32(1)
FALL_SECONDS = 0.01  # of a gate's level after a peak: to 1/e
EASE_SECONDS = 0.0005  # of each of the lowpasses that ease the beginning of a release: to 1/e; they are part of it
SAME = np.float32(-1e-4)  # log2, 0.0006 dB: who is lower by no more is as high, but for a filter's rounding; held anew

# Least squares of log2(1 + t) / t for −⅓ ≤ t ≤ ⅓, and of (2^t − 1) / t for |t| ≤ ½: 3·10⁻⁵ and 2·10⁻⁶ dB.
LOG_0, LOG_1, LOG_2 = np.float32(1.44270539), np.float32(-0.721379876), np.float32(0.479251176)
LOG_3, LOG_4, LOG_5 = np.float32(-0.35838902), np.float32(0.326725721), np.float32(-0.279996186)
EXP_0, EXP_1, EXP_2 = np.float32(0.693147182), np.float32(0.240223482), np.float32(0.0555035695)
EXP_3, EXP_4 = np.float32(0.00966637395), np.float32(0.00133908668)
LOWEST, TO_WHOLE = np.float32(-126), np.float32(WHOLE)


@inner
def log2(value: Vector) -> Vector:
    """Return the logarithm to base 2 of positive numbers, exactly 0 at 1; of 0 a large negative number."""
    t = mantissa(value) - ONE
    return exponent(value) + t * (LOG_0 + t * (LOG_1 + t * (LOG_2 + t * (LOG_3 + t * (LOG_4 + t * LOG_5)))))


@inner
def exp2(value: Vector) -> Vector:
    """Return 2 to the power of numbers up to 126, exactly 1 at 0; of what is below −126, as there."""
    return _power(highest(value, splat(LOWEST)))


@inner
def _power(value: Vector) -> Vector:
    """Return 2 to the power of numbers from −126 to 126."""
    marked = value + TO_WHOLE
    t = value - (marked - TO_WHOLE)
    return times_power(ONE + t * (EXP_0 + t * (EXP_1 + t * (EXP_2 + t * (EXP_3 + t * EXP_4)))), marked)


@inner
def _find_levels(chain: Chain, left: Floats, right: Floats, lane: int, key: int) -> None:
    """Find the amplitudes by which a group's strips are reduced: of the louder side, and of the louder linked channel.

    left, right  (frames, strips); the same array where the group's strips have one side
    lane         number of the group's first strip
    key          number of the filter through which they are heard, where it acts
    """
    memory, levels, strips, frames = chain.memory, chain.levels, left.shape[1], left.shape[0]
    linked, is_linked = load(memory, LINKED * strips + lane), False
    for strip in range(lane, lane + LANES):
        is_linked |= memory[LINKED, strip] != 0
    is_filtered = chain.state[KEY_ACTS + key, lane // LANES] != 0
    for side in range(1 + chain.state[STEREO, lane // LANES]):
        source, first = right if side else left, lane
        if is_filtered:
            filter_gliding(memory, source, chain.key, side, KEY + key, lane)
            source, first = chain.key, 0
        width = source.shape[1]
        if side:
            for frame in range(frames):
                level = absolute(load(source, frame * width + first))
                store(levels, frame * LANES, highest(level, load(levels, frame * LANES)))
        else:
            for frame in range(frames):
                store(levels, frame * LANES, absolute(load(source, frame * width + first)))
    if is_linked:
        for frame in range(frames):
            level = load(levels, frame * LANES)
            store(levels, frame * LANES, highest(level, neighbours(level) * linked))


@inner
def _amplify(chain: Chain, left: Floats, right: Floats, lane: int) -> None:
    """Multiply a group's strips by the amplitudes that took the place of the levels."""
    strips = left.shape[1]
    for side in range(1 + chain.state[STEREO, lane // LANES]):
        block = right if side else left
        for frame in range(left.shape[0]):
            place = frame * strips + lane
            store(block, place, load(block, place) * load(chain.levels, frame * LANES))


@inner
def gate(chain: Chain, left: Floats, right: Floats, lane: int) -> None:
    """Lower what is below the threshold, by the slope and at most by the range; opens by attack, closes by release.

    Arguments as for `_find_levels`; in place.
    """
    _find_levels(chain, left, right, lane, GATE_KEY)
    memory, levels, strips = chain.memory, chain.levels, left.shape[1]
    row, at = (COEFS + GATE) * strips + lane, GATE_HISTORY * strips + lane
    threshold, floor, slope = load(memory, row), load(memory, row + strips), load(memory, row + 2 * strips)
    by = row + (SLOPES - COEFS) * strips
    threshold_by, floor_by, slope_by = load(memory, by), load(memory, by + strips), load(memory, by + 2 * strips)
    attack, release = load(memory, GATE_ATTACK * strips + lane), load(memory, GATE_RELEASE * strips + lane)
    hold = load(memory, GATE_HOLD * strips + lane)
    peak, gain, held = load(memory, at), load(memory, at + strips), load(memory, at + 2 * strips)
    eased, now = load(memory, at + 3 * strips), load(memory, at + 4 * strips)
    ease = splat(np.float32(1 / (1 + EASE_SECONDS * rate())))
    zero, same, lowest_gain = splat(ZERO), splat(SAME), load(memory, GATE_LEAST * strips + lane)
    fall = np.float32(1 - 1 / (FALL_SECONDS * rate()))
    for frame in range(left.shape[0]):
        threshold, floor, slope = threshold + threshold_by, floor + floor_by, slope + slope_by
        peak = highest(load(levels, frame * LANES), peak * fall)
        above = log2(peak) - threshold
        way = lowest(highest(above * slope, floor), zero) - gain
        share = where_greater(same, way, where_greater(held, zero, zero, release), attack)
        held = where_greater(same, way, held - ONE, hold)
        gain = gain + share * way
        way = gain - eased
        eased = eased + where_greater(zero, way, ease, attack) * way
        way = eased - now
        now = now + where_greater(zero, way, ease, attack) * way
        amplitude = _power(highest(now, floor))
        lowest_gain = lowest(amplitude, lowest_gain)
        store(levels, frame * LANES, amplitude)
    store(memory, at, sound(peak))
    store(memory, at + strips, sound(gain))
    store(memory, at + 2 * strips, held)
    store(memory, at + 3 * strips, sound(eased))
    store(memory, at + 4 * strips, sound(now))
    store(memory, GATE_LEAST * strips + lane, lowest_gain)
    _amplify(chain, left, right, lane)


@inner
def compress(chain: Chain, left: Floats, right: Floats, lane: int) -> None:
    """Lower what is above the threshold; arguments as for `gate`."""
    _find_levels(chain, left, right, lane, DYN_KEY)
    memory, levels, strips = chain.memory, chain.levels, left.shape[1]
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
    zero, one, same, most = splat(ZERO), splat(ONE), splat(SAME), splat(ZERO)
    for frame in range(left.shape[0]):
        threshold, slope, knee = threshold + threshold_by, slope + slope_by, knee + knee_by
        bend, makeup, mix = bend + bend_by, makeup + makeup_by, mix + mix_by
        level = log2(load(levels, frame * LANES)) - threshold
        bent = lowest(highest(level + knee, zero), knee + knee)
        way = slope * (bent * bent * bend + highest(level - knee, zero)) - kept
        share = where_greater(same, way, where_greater(held, zero, zero, release), one)
        held = where_greater(same, way, held - ONE, hold)
        kept = kept + share * way
        reduction = reduction + attack * (kept - reduction)
        most = highest(reduction, most)
        store(levels, frame * LANES, ONE + mix * (exp2(makeup - reduction) - ONE))
    store(memory, at, sound(kept))
    store(memory, at + strips, sound(reduction))
    store(memory, at + 2 * strips, held)
    store(
        memory,
        DYN_LEAST * strips + lane,
        lowest(ONE + mix * (exp2(zero - most) - ONE), load(memory, DYN_LEAST * strips + lane)),
    )
    _amplify(chain, left, right, lane)
