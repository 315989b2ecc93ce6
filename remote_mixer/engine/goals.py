"""Goals: the controls of a strip as the params that its processing glides to, in the units that it computes with."""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.controls import RATIOS as RATIO_NAMES
from remote_mixer.engine.controls import ROW_OF, SLOPES
from remote_mixer.engine.glides import arrive
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import BANDS, LANES
from remote_mixer.engine.tables import Chain, Controls, Floats, Mix, Words

DB = math.log2(10) / 20  # in log2 of amplitude
KNEE_DB = 4  # width of one step of the knee, as the page draws it
GATE_SLOPES = np.array([1, 2, 3, 1000])  # of a gate's modes, dB out for dB in below the threshold, less 1
CUT_SLOPES = len(SLOPES)
RATIOS = np.array([float(ratio) for ratio in RATIO_NAMES])

POLARITY, GAIN = ROW_OF["polarity"], ROW_OF["gain"]
CUT_ON, CUT_FREQ, CUT_SLOPE = ROW_OF["lowcut/on"], ROW_OF["lowcut/freq"], ROW_OF["lowcut/slope"]
GATE_ON, GATE_MODE, GATE_THRESHOLD = ROW_OF["gate/on"], ROW_OF["gate/mode"], ROW_OF["gate/threshold"]
GATE_RANGE, GATE_ATTACK = ROW_OF["gate/range"], ROW_OF["gate/attack"]
GATE_HOLD, GATE_RELEASE = ROW_OF["gate/hold"], ROW_OF["gate/release"]
EQ_ON, EQ_FIRST = ROW_OF["eq/on"], ROW_OF["eq/1/type"]
EQ_FREQ, EQ_GAIN, EQ_Q, EQ_ROWS = 1, 2, 3, 4  # after the type, band by band
DYN_ON, DYN_THRESHOLD, DYN_RATIO = ROW_OF["dyn/on"], ROW_OF["dyn/threshold"], ROW_OF["dyn/ratio"]
DYN_KNEE, DYN_MAKEUP, DYN_MIX = ROW_OF["dyn/knee"], ROW_OF["dyn/makeup"], ROW_OF["dyn/mix"]
DYN_ATTACK, DYN_HOLD, DYN_RELEASE = ROW_OF["dyn/attack"], ROW_OF["dyn/hold"], ROW_OF["dyn/release"]
DELAY_ON, DELAY_TIME = ROW_OF["delay/on"], ROW_OF["delay/time"]
MOST_MS = 500


@inner
def _share(milliseconds: float) -> float:
    """Return the share of the way that is done in a frame, where 63 % are done in a time."""
    frames = milliseconds * (rate() / 1000)
    return 1 - math.exp(-1 / frames) if frames > 0 else 1.0


@inner
def _octaves(value: float, least: float) -> float:
    return math.log2(max(least, value))


@inner
def _set_filters(memory: Floats, numbers: Floats, words: Words, strip: int, channel: int) -> None:
    """Set the goals of low cut and equaliser."""
    memory[rows.WANTED, strip] = words[CUT_SLOPE, channel] % CUT_SLOPES
    memory[rows.WANTED_WET, strip] = words[CUT_ON, channel] != 0
    memory[rows.GOAL + rows.CUT_FREQ, strip] = _octaves(numbers[CUT_FREQ, channel], 20)
    for band in range(BANDS):
        row = EQ_FIRST + EQ_ROWS * band
        memory[rows.WANTED + 1 + band, strip] = words[row, channel]
        memory[rows.WANTED_WET + 1 + band, strip] = words[EQ_ON, channel] != 0
        memory[rows.GOAL + rows.BAND_FREQ + band, strip] = _octaves(numbers[row + EQ_FREQ, channel], 20)
        memory[rows.GOAL + rows.BAND_GAIN + band, strip] = numbers[row + EQ_GAIN, channel]
        memory[rows.GOAL + rows.BAND_Q + band, strip] = _octaves(numbers[row + EQ_Q, channel], 0.1)


@inner
def _set_gate(memory: Floats, numbers: Floats, words: Words, strip: int, channel: int) -> None:
    """Set the goals of the gate, and its times, which need no glide."""
    on, mode = words[GATE_ON, channel] != 0, words[GATE_MODE, channel] % GATE_SLOPES.shape[0]
    memory[rows.GOAL + rows.GATE_THRESHOLD, strip] = numbers[GATE_THRESHOLD, channel] * DB
    memory[rows.GOAL + rows.GATE_RANGE, strip] = numbers[GATE_RANGE, channel] * DB if on else 0.0
    memory[rows.GOAL + rows.GATE_SLOPE, strip] = GATE_SLOPES[mode]
    memory[rows.GATE_ATTACK, strip] = _share(numbers[GATE_ATTACK, channel])
    memory[rows.GATE_RELEASE, strip] = _share(numbers[GATE_RELEASE, channel])
    memory[rows.GATE_HOLD, strip] = numbers[GATE_HOLD, channel] * (rate() / 1000)


@inner
def _set_compressor(memory: Floats, numbers: Floats, words: Words, strip: int, channel: int) -> None:
    """Set the goals of the compressor, and its times."""
    on, ratio = words[DYN_ON, channel] != 0, RATIOS[words[DYN_RATIO, channel] % RATIOS.shape[0]]
    memory[rows.GOAL + rows.DYN_THRESHOLD, strip] = numbers[DYN_THRESHOLD, channel] * DB
    memory[rows.GOAL + rows.DYN_SLOPE, strip] = 1 - 1 / ratio
    memory[rows.GOAL + rows.DYN_KNEE, strip] = numbers[DYN_KNEE, channel] * (KNEE_DB / 2 * DB)
    memory[rows.GOAL + rows.DYN_MAKEUP, strip] = numbers[DYN_MAKEUP, channel] * DB
    memory[rows.GOAL + rows.DYN_MIX, strip] = numbers[DYN_MIX, channel] / 100 if on else 0.0
    memory[rows.DYN_ATTACK, strip] = _share(numbers[DYN_ATTACK, channel])
    memory[rows.DYN_RELEASE, strip] = _share(numbers[DYN_RELEASE, channel])
    memory[rows.DYN_HOLD, strip] = numbers[DYN_HOLD, channel] * (rate() / 1000)


@inner
def _set_delay(memory: Floats, numbers: Floats, words: Words, strip: int, channel: int) -> None:
    """Set the goal of the delay, in whole frames."""
    milliseconds = min(MOST_MS, numbers[DELAY_TIME, channel])
    frames = math.floor(milliseconds * (rate() / 1000) + 0.5)
    memory[rows.DELAY_GOAL, strip] = frames if words[DELAY_ON, channel] else 0


@inner
def _has_changed(chain: Chain, words: Words, strip: int, channel: int) -> bool:
    """Whether any control of a strip is another than the one that is followed; it is then."""
    changed = False
    for row in range(words.shape[0]):
        changed |= chain.words[row, strip] != words[row, channel]
        chain.words[row, strip] = words[row, channel]
    return changed


@inner
def follow_strips(mix: Mix, controls: Controls) -> None:
    """Set the goals of the strips whose controls have changed."""
    chain, numbers, words = mix.chain, controls.processing, controls.processing_words
    memory = chain.memory
    for strip, channel in enumerate(mix.sources.channels):
        if _has_changed(chain, words, strip, channel) or chain.fresh[0, strip]:
            sign = -1.0 if words[POLARITY, channel] else 1.0
            memory[rows.GOAL + rows.GAIN, strip] = sign * math.exp(numbers[GAIN, channel] * (math.log(10) / 20))
            _set_filters(memory, numbers, words, strip, channel)
            _set_gate(memory, numbers, words, strip, channel)
            _set_compressor(memory, numbers, words, strip, channel)
            _set_delay(memory, numbers, words, strip, channel)
            if chain.fresh[0, strip]:
                arrive(memory, strip)
                chain.fresh[0, strip] = False
            chain.state[rows.GLIDES, strip // LANES] = 1
            chain.state[rows.DELAYS, strip // LANES] = 1
