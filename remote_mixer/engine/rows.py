"""Numbers of the rows in `tables.Chain`'s memory, which has a column for each strip. Standard library only."""

from __future__ import annotations

LANES = 16  # strips in a vector, which are a group
CUTS, BANDS, MASTER_BANDS = 2, 4, 6
IN_PATH = CUTS + BANDS  # filters of the sound: two of a strip's low cut, one of each band; all are a master's bands
KEY = IN_PATH  # then those of the keys, of what gate and compressor hear
GATE_KEY, DYN_KEY, KEYS = range(3)
FILTERS = IN_PATH + KEYS  # of second order

# Params, as they glide.
GAIN = 0  # log2 amplitude
FREQ, LIFT, Q, WET = (1 + FILTERS * n for n in range(4))  # of each filter: log2 Hz, dB, log2, 0 … 1
GATE_THRESHOLD = WET + FILTERS  # log2 amplitude, as the range
GATE_RANGE, GATE_SLOPE = GATE_THRESHOLD + 1, GATE_THRESHOLD + 2  # slope: out for in below the threshold, less 1
DYN_THRESHOLD, DYN_SLOPE, DYN_KNEE, DYN_MAKEUP, DYN_MIX = range(GATE_SLOPE + 1, GATE_SLOPE + 6)  # log2 but slope, mix
SIGN = DYN_MIX + 1  # −1 where the polarity is reversed, else 1
GATE_PACE, DYN_PACE = SIGN + 1, SIGN + 2  # of an attack: log2 of the share of the way that is done in a frame
PARAMS = DYN_PACE + 1
GOAL, LAG, LATE, NOW = (PARAMS * n for n in range(4))  # where they go, smoothed once and twice, where they are

# Types of the filters: wanted, in use; whether each filter is wanted at all.
WANTED = NOW + PARAMS
IN_USE, WANTED_WET = WANTED + FILTERS, WANTED + 2 * FILTERS

# How far anything of a filter, and anything else, was from its goal before the last step.
MOVED, MOVED_ELSE = WANTED_WET + FILTERS, WANTED_WET + 2 * FILTERS

# Times of gate and compressor: share of the way that is done in a frame, frames of the hold.
GATE_ATTACK, GATE_RELEASE, GATE_HOLD, DYN_ATTACK, DYN_RELEASE, DYN_HOLD = range(MOVED_ELSE + 1, MOVED_ELSE + 7)

# Coefficients: of the present frame, at the next point of the grid, by how much they change a frame.
AMPLITUDE = 0
FILTER, FILTER_ROWS = 1, 6
MIX = 3  # in a filter's rows: shares of its input and of its histories in its output
GATE = FILTER + FILTERS * FILTER_ROWS  # threshold, lowest gain, slope
DYN = GATE + 3  # threshold, slope, half the knee, a share of it, make-up, mix
COEFS_COUNT = DYN + 6
COEFS = DYN_HOLD + 1
AIMS, SLOPES = COEFS + COEFS_COUNT, COEFS + 2 * COEFS_COUNT
AT_REST = [AMPLITUDE, *(FILTER + FILTER_ROWS * n + MIX for n in range(FILTERS))]
"""Coefficients that are 1 where a strip changes nothing; the others may be 0."""

# Histories: of the filters of both sides, then of gate and compressor.
HISTORY = SLOPES + COEFS_COUNT
FILTER_HISTORY = 2
SIDE_HISTORY = FILTERS * FILTER_HISTORY
GATE_HISTORY, GATE_HISTORIES = HISTORY + 2 * SIDE_HISTORY, 5  # level, gain, hold, gain eased once and twice
DYN_HISTORY, DYN_HISTORIES = GATE_HISTORY + GATE_HISTORIES, 3  # held reduction, reduction, hold

# Readings: peak of the present block after gain; lowest amplitudes since the last meter frame.
PEAK, GATE_LEAST, DYN_LEAST = range(DYN_HISTORY + DYN_HISTORIES, DYN_HISTORY + DYN_HISTORIES + 3)

# Delays, in frames: wanted, faded from and to, frames of the fade, age of the line.
DELAY_GOAL, DELAY_FROM, DELAY_TO, DELAY_DONE, DELAY_AGE = range(DYN_LEAST + 1, DYN_LEAST + 6)
SIDES = DELAY_AGE + 1  # of the strip, 1 or 2
LINKED = SIDES + 1  # 1 where the neighbour in the vector is the other channel of a stereo link, else 0
DELAY_STEADY = LINKED + 1  # 1 while nothing of a delay that is on fades
TAKE_PEAK = DELAY_STEADY + 1  # of a take that the strip plays, in the present block

# Automatic mixing: group, weight, level and how it is held; wanted gain, that at both ends of the grid, its change.
AUTOMIX_GROUP, AUTOMIX_WEIGHT, AUTOMIX_MEAN, AUTOMIX_HELD = range(TAKE_PEAK + 1, TAKE_PEAK + 5)
AUTOMIX_GOAL, AUTOMIX_LAG, AUTOMIX_BASE, AUTOMIX_AIM, AUTOMIX_STEP = range(AUTOMIX_HELD + 1, AUTOMIX_HELD + 6)
ROWS = AUTOMIX_STEP + 1

# States of a group.
STEREO, GLIDES, GAIN_ACTS, FILTER_ACTS = range(4)  # FILTER_ACTS: each filter of the sound
GATE_ACTS = FILTER_ACTS + IN_PATH
DYN_ACTS = GATE_ACTS + 1
ACTS = DYN_ACTS + 1  # anything at all
DELAYS = ACTS + 1  # a delay is on, or fades out; `delays.SETTLED` where nothing of them changes
INPUT_TAPPED, PRE_EQ_TAPPED = DELAYS + 1, DELAYS + 2  # sends are taken there: the sound is kept
AUTOMIX = PRE_EQ_TAPPED + 1  # a strip is in a group of automatic mixing, or was
KEY_ACTS = AUTOMIX + 1  # of gate and compressor: their key is filtered, or glides there
STATES = KEY_ACTS + KEYS
