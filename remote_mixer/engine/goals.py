"""Goals: the controls of a strip as the params that its processing glides to, in the units that it computes with."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.controls import MASTER_ROW_OF, ROW_OF, SLOPES
from remote_mixer.engine.controls import RATIOS as RATIO_NAMES
from remote_mixer.engine.dynamics import EASE_SECONDS
from remote_mixer.engine.filters import BAND, FIRST_HIGHCUT, FIRST_LOWCUT, HIGHCUT, LOWCUT
from remote_mixer.engine.glides import arrive
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import BANDS, CUTS, LANES, MASTER_BANDS
from remote_mixer.engine.tables import MASTERS, Chain, Controls, Floats, Mix, Words

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
GATE_FILTER = ROW_OF["gate/filter/on"]
EQ, DYN, DELAY = ROW_OF["eq/on"], ROW_OF["dyn/on"], ROW_OF["delay/on"]
MASTER_EQ, MASTER_DYN = MASTER_ROW_OF["eq/on"], MASTER_ROW_OF["dyn/on"]
MASTER_DELAY = MASTER_ROW_OF["delay/on"]
TYPE, FREQ, LIFT, Q, BAND_ROWS = range(5)  # of a band, the first after the switch of the equaliser
ON, THRESHOLD, RATIO, KNEE, MAKEUP, ATTACK, HOLD, RELEASE, MIX, KEY = range(10)  # of a compressor
TIME = 1  # of a delay, after its switch
KEY_TYPE, KEY_FREQ = 1, 2  # of the filter of a key, after its switch
KEY_KINDS = np.array([FIRST_LOWCUT, LOWCUT, FIRST_HIGHCUT, HIGHCUT, *[BAND] * 5])
KEY_QS = np.array([1, math.sqrt(0.5), 1, math.sqrt(0.5), 1, 2, 3, 5, 10])
"""Of a key's filter, by its type."""
Q_OF_CUT = np.array([[1, math.sqrt(0.5)], [1, 1], [0.5 / math.cos(math.pi / 8), 0.5 / math.cos(3 * math.pi / 8)]])
"""Of each of its two filters, by the slope: Butterworth's."""
TWELVE, EIGHTEEN = 0, 1
MOST_MS = 500
EASE_MS = 2000 * EASE_SECONDS  # of both of its lowpasses
RISE = 3.2581  # constants of time in which three equal lowpasses do 63 % of a way
QUICKEST_MS = 0.6  # in which a gate opens whose attack is shorter, or 0: no click is above −80 dBFS


class Settings(NamedTuple):
    """Controls of a strip.

    numbers, words  (controls, strips), the same memory as float32 and as uint32
    column          of the strip
    """

    numbers: Floats
    words: Words
    column: int | np.int64


@inner
def _share(milliseconds: float) -> float:
    """Return the share of the way that is done in a frame, where 63 % are done in a time."""
    frames = milliseconds * (rate() / 1000)
    return 1 - math.exp(-1 / frames) if frames > 0 else 1.0


@inner
def _uneased(milliseconds: float) -> float:
    """Return the release of a gate whose gain is eased, so that both together do 63 % of the way in a time."""
    rest = milliseconds - EASE_MS
    return rest - EASE_MS * EASE_MS / (4 * rest) if rest > EASE_MS else milliseconds


@inner
def _third(milliseconds: float) -> float:
    """Return the share of the way that each of three lowpasses does in a frame, where all do 63 % of it in a time."""
    return _share((max(QUICKEST_MS, milliseconds) + 1000 / rate()) / RISE)


@inner
def _octaves(value: float, least: float) -> float:
    return math.log2(max(least, value))


@inner
def _set_filter(memory: Floats, strip: int, number: int, kind: int | np.int64, on: bool) -> None:
    memory[rows.WANTED + number, strip] = kind
    memory[rows.WANTED_WET + number, strip] = on


@inner
def _set_low_cut(memory: Floats, strip: int, settings: Settings) -> None:
    """Set the goals of the two filters of the low cut; with 12 dB the second acts alone, and so beside the bands."""
    numbers, words, channel = settings
    slope, on = words[CUT_SLOPE, channel] % CUT_SLOPES, words[CUT_ON, channel] != 0
    _set_filter(memory, strip, 0, FIRST_LOWCUT if slope == EIGHTEEN else LOWCUT, on and slope != TWELVE)
    _set_filter(memory, strip, 1, LOWCUT, on)
    for number in range(CUTS):
        memory[rows.GOAL + rows.FREQ + number, strip] = _octaves(numbers[CUT_FREQ, channel], 20.0)
        memory[rows.GOAL + rows.Q + number, strip] = math.log2(Q_OF_CUT[slope, number])


@inner
def _set_bands(memory: Floats, strip: int, settings: Settings, first: int) -> None:
    """Set the goals of an equaliser; `first` is the row of its switch, and the others follow."""
    numbers, words, column = settings
    count, on = (BANDS if first == EQ else MASTER_BANDS), words[first, column] != 0
    for band in range(count):
        number, row = rows.IN_PATH - count + band, first + 1 + BAND_ROWS * band
        _set_filter(memory, strip, number, np.int64(words[row + TYPE, column]), on)
        memory[rows.GOAL + rows.FREQ + number, strip] = _octaves(numbers[row + FREQ, column], 20.0)
        memory[rows.GOAL + rows.LIFT + number, strip] = numbers[row + LIFT, column]
        memory[rows.GOAL + rows.Q + number, strip] = _octaves(numbers[row + Q, column], 0.1)


@inner
def _set_key(memory: Floats, strip: int, settings: Settings, key: int, first: int) -> None:
    """Set the goals of the filter of a key, 0 the gate's and 1 the compressor's; `first` is the row of its switch."""
    numbers, words, column = settings
    number, kind = rows.KEY + key, words[first + KEY_TYPE, column] % KEY_KINDS.shape[0]
    _set_filter(memory, strip, number, KEY_KINDS[kind], words[first, column] != 0)
    memory[rows.GOAL + rows.FREQ + number, strip] = _octaves(numbers[first + KEY_FREQ, column], 20.0)
    memory[rows.GOAL + rows.Q + number, strip] = math.log2(KEY_QS[kind])


@inner
def _set_gate(memory: Floats, strip: int, settings: Settings) -> None:
    """Set the goals of the gate, and the times that need no glide."""
    numbers, words, channel = settings
    on, mode = words[GATE_ON, channel] != 0, words[GATE_MODE, channel] % GATE_SLOPES.shape[0]
    memory[rows.GOAL + rows.GATE_THRESHOLD, strip] = numbers[GATE_THRESHOLD, channel] * DB
    memory[rows.GOAL + rows.GATE_RANGE, strip] = numbers[GATE_RANGE, channel] * DB if on else 0.0
    memory[rows.GOAL + rows.GATE_SLOPE, strip] = GATE_SLOPES[mode]
    memory[rows.GOAL + rows.GATE_PACE, strip] = math.log2(_third(numbers[GATE_ATTACK, channel]))
    memory[rows.GATE_RELEASE, strip] = _share(_uneased(numbers[GATE_RELEASE, channel]))
    memory[rows.GATE_HOLD, strip] = numbers[GATE_HOLD, channel] * (rate() / 1000)
    _set_key(memory, strip, settings, rows.GATE_KEY, GATE_FILTER)


@inner
def _set_compressor(memory: Floats, strip: int, settings: Settings, first: int) -> None:
    """Set the goals of the compressor, and the times that need no glide; `first` is the row of its switch."""
    numbers, words, column = settings
    on, ratio = words[first + ON, column] != 0, RATIOS[words[first + RATIO, column] % RATIOS.shape[0]]
    memory[rows.GOAL + rows.DYN_THRESHOLD, strip] = numbers[first + THRESHOLD, column] * DB
    memory[rows.GOAL + rows.DYN_SLOPE, strip] = 1 - 1 / ratio
    memory[rows.GOAL + rows.DYN_KNEE, strip] = numbers[first + KNEE, column] * (KNEE_DB / 2 * DB)
    memory[rows.GOAL + rows.DYN_MAKEUP, strip] = numbers[first + MAKEUP, column] * DB
    memory[rows.GOAL + rows.DYN_MIX, strip] = numbers[first + MIX, column] / 100 if on else 0.0
    memory[rows.GOAL + rows.DYN_PACE, strip] = math.log2(_share(numbers[first + ATTACK, column]))
    memory[rows.DYN_RELEASE, strip] = _share(numbers[first + RELEASE, column])
    memory[rows.DYN_HOLD, strip] = numbers[first + HOLD, column] * (rate() / 1000)
    _set_key(memory, strip, settings, rows.DYN_KEY, first + KEY)


@inner
def _set_delay(memory: Floats, strip: int, settings: Settings, first: int) -> None:
    """Set the goal of the delay, in whole frames; `first` is the row of its switch."""
    numbers, words, column = settings
    milliseconds = min(MOST_MS, numbers[first + TIME, column])
    frames = math.floor(milliseconds * (rate() / 1000) + 0.5)
    memory[rows.DELAY_GOAL, strip] = frames if words[first, column] else 0


@inner
def _has_changed(chain: Chain, words: Words, strip: int, column: int) -> bool:
    """Whether any control of a strip is another than the one that is followed, or none is yet; it is then."""
    changed = chain.fresh[0, strip]
    for row in range(words.shape[0]):
        changed |= chain.words[row, strip] != words[row, column]
        chain.words[row, strip] = words[row, column]
    return bool(changed)


@inner
def _set_off(chain: Chain, strip: int) -> None:
    """Let a strip go to its goals: at once where it was not heard yet."""
    if chain.fresh[0, strip]:
        arrive(chain.memory, strip)
        chain.fresh[0, strip] = False
    chain.state[rows.GLIDES, strip // LANES] = 1
    chain.state[rows.DELAYS, strip // LANES] = 1


@inner
def _is_linked(mix: Mix, controls: Controls, strip: int) -> bool:
    """Whether a strip's neighbour is the other channel of a stereo link."""
    channels, other = mix.sources.channels, strip ^ 1
    if other >= channels.shape[0] or channels[other] != channels[strip] ^ 1:
        return False
    return bool(controls.ch_link[channels[strip]] != 0)


@inner
def follow_strips(mix: Mix, controls: Controls) -> None:
    """Set the goals of the strips whose controls have changed."""
    chain, numbers, words = mix.chain, controls.processing, controls.processing_words
    memory = chain.memory
    for strip, channel in enumerate(mix.sources.channels):
        memory[rows.LINKED, strip] = _is_linked(mix, controls, strip)
        if _has_changed(chain, words, strip, channel):
            settings = Settings(numbers, words, channel)
            memory[rows.GOAL + rows.GAIN, strip] = numbers[GAIN, channel] * DB
            memory[rows.GOAL + rows.SIGN, strip] = -1 if words[POLARITY, channel] else 1
            _set_low_cut(memory, strip, settings)
            _set_gate(memory, strip, settings)
            _set_bands(memory, strip, settings, EQ)
            _set_compressor(memory, strip, settings, DYN)
            _set_delay(memory, strip, settings, DELAY)
            _set_off(chain, strip)


@inner
def follow_masters(mix: Mix, controls: Controls) -> None:
    """Set the goals of main and of the mixes whose controls have changed."""
    chain, numbers, words = mix.chain, controls.master_processing, controls.master_processing_words
    memory, first = chain.memory, mix.left.shape[1] - LANES
    for master in range(MASTERS):
        strip = first + master
        if _has_changed(chain, words, strip, master):
            settings = Settings(numbers, words, master)
            memory[rows.GOAL + rows.SIGN, strip] = 1
            _set_bands(memory, strip, settings, MASTER_EQ)
            _set_compressor(memory, strip, settings, MASTER_DYN)
            _set_delay(memory, strip, settings, MASTER_DELAY)
            _set_off(chain, strip)
