"""Sound of the strips, compiled: what each plays, from the stems, the device's inputs, a tone or noise.

A strip whose source is changed fades out, changes, and fades in. The transport is that of the stems alone: inputs sound
on when it is halted.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine.controls import FIRST_DIRECT, FIRST_FEED, FIRST_INPUT, OFF, PINK, SOURCES, STEM, TONE
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import SWITCHED_FRAMES, at, ramp_frames, soft
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES, STEREO
from remote_mixer.engine.tables import (
    BEFORE,
    BY_CONTROLS,
    BY_PORTS,
    DIRECT_LATE,
    OUTPUTS,
    Controls,
    Mix,
    Signals,
)
from remote_mixer.engine.vectors import fetch, sound_scalar

ZERO, ONE, WIDE = np.uint64(0), np.uint64(1), np.uint64(LANES)
KINDS = len(SOURCES)
LOUDEST_DIRECT = np.float32(8)  # what goes round in a circle of channels ends here
LEVEL = 0.1  # −20 dBFS, root of the mean square
TONE_AMPLITUDE = LEVEL * math.sqrt(2)
TURN = 2 * math.pi
TONE_HZ = 1000
PINK_AMPLITUDE = LEVEL / 1.76238
"""Factor that makes the noise's root of the mean square LEVEL: computed from the filter's response."""
PINK_POLES = np.array([0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616])
PINK_SHARES = np.array([0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980])
LAST = len(PINK_POLES)
PINK_NOW, PINK_BEFORE = 0.5362, 0.115926
"""Filter that falls by 3 dB an octave, within 0.05 dB above 9 Hz: Paul Kellet's "refined method"."""


@inner
def choose(mix: Mix, controls: Controls) -> None:
    """Read from the controls what each strip is to play."""
    mix.signals.in_use[0], tapped = False, False
    for strip, channel in enumerate(mix.sources.channels):
        source = controls.ch_source[channel]
        mix.wanted[strip] = source if source < KINDS else OFF
        mix.signals.in_use[0] |= mix.wanted[strip] != STEM or mix.source[strip] != STEM
        tapped |= mix.wanted[strip] >= FIRST_DIRECT or mix.source[strip] >= FIRST_DIRECT
    for output in range(controls.output.shape[0]):
        tapped |= controls.output[output] >= FIRST_FEED + OUTPUTS
    mix.signals.tapped[BY_CONTROLS] = tapped


@inner
def is_halted(mix: Mix) -> bool:
    """Whether the transport stands still and has faded out."""
    return bool(mix.transport.target[0, 0] == 0 and mix.transport.left[0, 0] == 0)


@inner
def is_tapped(signals: Signals) -> bool:
    """Whether anybody takes a direct out."""
    return bool(signals.tapped[BY_CONTROLS] or signals.tapped[BY_PORTS])


@inner
def is_idle(mix: Mix) -> bool:
    """Whether no strip can sound."""
    return is_halted(mix) and not mix.signals.in_use[0] and not is_tapped(mix.signals)


@inner
def _gather_group(mix: Mix, group: int, frames: int) -> None:
    """Fill the group's strips of left and right, going around the loop's end, however short the loop is.

    Indices are unsigned: for a signed one numba tests whether it counts from the end, and that prevents vectorising.
    """
    pool, groups = mix.sources.pool, mix.sources.groups
    start, length, first, count, sides = groups[group]
    place, alone, ahead = mix.position[0] % length, np.uint64(0), np.uint64(frames) * count * sides
    while sides == ONE and alone < count and mix.chain.state[STEREO, (first + alone) // WIDE] == 0:
        alone += WIDE  # where no strip of a vector has another side, nobody reads that
    for frame in range(frames):
        row = start + place * count * sides
        other = row + (sides - ONE) * count
        for strip in range(np.uint64(0), count * sides, WIDE):
            fetch(pool, np.int64(row + ahead + strip))
        for strip in range(count):
            mix.left[frame, first + strip] = sound_scalar(pool[row + strip])
        for strip in range(alone, count):
            mix.right[frame, first + strip] = sound_scalar(pool[other + strip])
        place = place + ONE if place + ONE < length else ZERO


@inner
def _gather_stems(mix: Mix, frames: int) -> None:
    """Fill left and right with the stems at the present position, and advance the position by a block."""
    for group in range(mix.sources.groups.shape[0]):
        _gather_group(mix, group, frames)
    mix.position[0] = (mix.position[0] + np.uint64(frames)) % mix.wrap[0]


@inner
def _fade_in_place(mix: Mix, frames: int) -> None:
    """Apply the transport's fade to left and right."""
    for frame in range(frames):
        amplitude = at(mix.transport, 0, 0, frame)
        for strip in range(mix.left.shape[1]):
            mix.left[frame, strip] *= amplitude
            mix.right[frame, strip] *= amplitude


@inner
def _make_tone(signals: Signals, frames: int) -> None:
    turn = TURN * TONE_HZ / rate()
    for frame in range(frames):
        signals.tone[frame] = TONE_AMPLITUDE * math.sin(signals.phase[0])
        signals.phase[0] += turn if signals.phase[0] < TURN - turn else turn - TURN


@inner
def _make_noise(signals: Signals, frames: int) -> None:
    """Fill the noise: white by Marsaglia's xorshift64, made pink."""
    for frame in range(frames):
        seed = signals.seed[0]
        seed ^= seed << np.uint64(13)
        seed ^= seed >> np.uint64(7)
        seed ^= seed << np.uint64(17)
        signals.seed[0] = seed
        white = np.float64(seed >> np.uint64(11)) * 2.0**-52 - 1
        total = PINK_NOW * white + PINK_BEFORE * signals.poles[LAST]
        for pole in range(LAST):
            signals.poles[pole] = PINK_POLES[pole] * signals.poles[pole] + PINK_SHARES[pole] * white
            total += signals.poles[pole]
        signals.poles[LAST] = white
        signals.noise[frame] = PINK_AMPLITUDE * total


@inner
def _share(mix: Mix, strip: int) -> np.float32:
    """Advance a strip's change of source by one frame; return the amplitude of what it plays now."""
    if mix.share[strip] <= 0 and mix.source[strip] != mix.wanted[strip]:
        mix.source[strip] = mix.wanted[strip]
    least = 1 / ramp_frames(SWITCHED_FRAMES)
    step = least if mix.source[strip] == mix.wanted[strip] else -least
    mix.share[strip] = min(max(mix.share[strip] + step, np.float32(0)), np.float32(1))
    return soft(mix.share[strip])


@inner
def _sample(mix: Mix, source: int, frame: int) -> np.float32:
    """Return what a source other than a stem plays."""
    if source == TONE:
        return np.float32(mix.signals.tone[frame])
    if source == PINK:
        return np.float32(mix.signals.noise[frame])
    if source >= FIRST_DIRECT:
        return np.float32(mix.signals.directs[mix.signals.begin[0] + frame, source - FIRST_DIRECT])
    if source >= FIRST_INPUT:
        return np.float32(mix.signals.inputs[mix.signals.begin[0] + frame, source - FIRST_INPUT])
    return np.float32(0)


@inner
def _take_source(mix: Mix, strip: int, frames: int) -> None:
    for frame in range(frames):
        share = _share(mix, strip)
        if mix.source[strip] == STEM:
            mix.left[frame, strip] *= share
            mix.right[frame, strip] *= share
        else:
            sample = share * _sample(mix, mix.source[strip], frame)
            mix.left[frame, strip] = sample
            mix.right[frame, strip] = sample


@inner
def _take_sources(mix: Mix, frames: int) -> None:
    """Replace the stems of the strips that play something else."""
    _make_tone(mix.signals, frames)
    _make_noise(mix.signals, frames)
    for strip in range(mix.sources.channels.shape[0]):
        if mix.wanted[strip] != STEM or mix.source[strip] != STEM or mix.share[strip] < 1:
            _take_source(mix, strip, frames)


@inner
def tap(mix: Mix, frames: int) -> None:
    """Keep the present block of every channel, both sides as one, as its direct out, of +18 dBFS at most."""
    if is_tapped(mix.signals):
        begin = DIRECT_LATE + mix.signals.begin[0]
        for frame in range(frames):
            for strip, channel in enumerate(mix.sources.channels):
                other = mix.right if mix.chain.state[STEREO, strip // LANES] else mix.left
                middle = np.float32(0.5) * (mix.left[frame, strip] + other[frame, strip])
                sample = min(middle, LOUDEST_DIRECT)
                mix.signals.directs[begin + frame, channel] = max(sample, -LOUDEST_DIRECT)


@inner
def begin_turn(signals: Signals, frames: int) -> None:
    """Begin a turn after one of so many frames, whose last direct outs are kept."""
    if is_tapped(signals):
        stays = np.float32(signals.tapped[BEFORE])
        for frame in range(DIRECT_LATE):
            for channel in range(signals.directs.shape[1]):
                signals.directs[frame, channel] = stays * signals.directs[frames + frame, channel]
    signals.tapped[BEFORE] = is_tapped(signals)
    signals.begin[0] = 0


@inner
def gather(mix: Mix, frames: int) -> None:
    """Fill left and right with what each strip plays in the next frames."""
    if is_halted(mix):
        mix.left[:] = 0
        mix.right[:] = 0
    else:
        _gather_stems(mix, frames)
        if mix.transport.busy[0, 0] > 0:
            _fade_in_place(mix, frames)
    if mix.signals.in_use[0]:
        _take_sources(mix, frames)
