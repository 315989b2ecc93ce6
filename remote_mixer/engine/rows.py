"""Numbers of the rows in `tables.Chain`'s memory, which has a column for each strip. Standard library only."""

from __future__ import annotations

LANES = 16  # strips in a vector, which are a group
CUTS, BANDS = 2, 4
FILTERS = CUTS + BANDS  # of second order in each strip: two for the low cut, one for each band

# Params, as they glide.
GAIN = 0  # amplitude, negative where the polarity is reversed
CUT_FREQ, CUT_WET = 1, 2  # log2 Hz; 0 … 1
BAND_FREQ, BAND_GAIN, BAND_Q, BAND_WET = (3 + BANDS * n for n in range(4))  # log2 Hz, dB, log2, 0 … 1
GATE_THRESHOLD, GATE_RANGE, GATE_SLOPE = range(19, 22)  # log2 amplitude twice; out for in below the threshold, less 1
DYN_THRESHOLD, DYN_SLOPE, DYN_KNEE, DYN_MAKEUP, DYN_MIX = range(22, 27)  # log2 but for slope and mix
PARAMS = 27
GOAL, LAG, NOW = 0, PARAMS, 2 * PARAMS  # where they go, half-way smoothed, and at the last point of the grid

# Kinds of filters, the low cut's slope and then the bands' types: wanted, in use; whether each is wanted at all.
KINDS = 1 + BANDS
WANTED = 3 * PARAMS
IN_USE, WANTED_WET = WANTED + KINDS, WANTED + 2 * KINDS

# Times of gate and compressor: share of the way that is done in a frame, frames of the hold.
GATE_ATTACK, GATE_RELEASE, GATE_HOLD, DYN_ATTACK, DYN_RELEASE, DYN_HOLD = range(
    WANTED + 3 * KINDS, WANTED + 3 * KINDS + 6
)

# Coefficients: of the present frame, at the next point of the grid, by how much they change a frame.
AMPLITUDE = 0
FILTER, FILTER_ROWS = 1, 6
MIX = 3  # in a filter's rows: shares of its input, band and low part in its output
GATE = FILTER + FILTERS * FILTER_ROWS  # threshold, range, slope
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
GATE_HISTORY = HISTORY + 2 * SIDE_HISTORY  # level, gain, hold
DYN_HISTORY = GATE_HISTORY + 3  # held reduction, reduction, hold

# Readings: peak of the present block after gain; lowest amplitudes since the last meter frame.
PEAK, GATE_LEAST, DYN_LEAST = range(DYN_HISTORY + 3, DYN_HISTORY + 6)

# Delays, in frames: wanted, faded from and to, frames of the fade, age of the line.
DELAY_GOAL, DELAY_FROM, DELAY_TO, DELAY_DONE, DELAY_AGE = range(DYN_LEAST + 1, DYN_LEAST + 6)
SIDES = DELAY_AGE + 1  # of the strip, 1 or 2
TAKE_PEAK = SIDES + 1  # of a take that the strip plays, in the present block
ROWS = TAKE_PEAK + 1

# States of a group.
STEREO, GLIDES, GAIN_ACTS, PAIR_ACTS = range(4)  # PAIR_ACTS: three pairs of filters
GATE_ACTS = PAIR_ACTS + FILTERS // 2
DYN_ACTS = GATE_ACTS + 1
ACTS = DYN_ACTS + 1  # anything at all
DELAYS = ACTS + 1  # a delay is on, or fades out
STATES = DELAYS + 1
