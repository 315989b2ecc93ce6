"""Places in the memory of the effects, `tables.Effects`. Standard library only."""

from __future__ import annotations

from remote_mixer.engine.controls import EFFECTS

REVERB, DELAY = range(EFFECTS)
CHUNK = 32  # frames that are computed together, on a grid of the clock
LANES = 16  # lines of the reverb, and masters in a vector

# Params, as they glide; the first ones are values as they are.
WAYS = 2 * LANES  # of a return: into the left of each master, then into the right
RETURN = 0
FEEDBACK, PINGPONG = EFFECTS * WAYS, EFFECTS * WAYS + 1  # 0 … 1
PLAIN = PINGPONG + 1
DECAY, DAMPING, CUTS = range(PLAIN, PLAIN + 3)  # log2 s; log2 Hz
REVERB_LOW, ECHO_LOW, HIGH = range(3)  # cuts: HIGH is the delay's
PARAMS = CUTS + HIGH + 1
GOAL, LAG, NOW = 0, PARAMS, 2 * PARAMS  # where they go, half-way smoothed, and at the next point of the grid

# Values that are computed with: at the last point of the grid, at the next one, and the change a frame.
WET, TURNS = PLAIN, PLAIN + 1  # of each cut both coefficients
DIRECT = TURNS + 2 * (HIGH + 1)  # of the lowpasses in the reverb's lines: shares of the present frame, the last one,
LAST, BACK, BACK_TWO = (DIRECT + LANES * n for n in range(1, 4))  # what came out of it, and what came before that
VALUES = BACK_TWO + LANES
BASE, AIM, STEP = (3 * PARAMS + VALUES * n for n in range(3))

# Histories of the filters, and of the reverb's lines.
HISTORIES = STEP + VALUES  # of the reverb's cut, then of both cuts of both sides of the delay, two each
OPEN = HISTORIES + 10  # amplitude of the reverb, less than 1 while its type changes
LINE_STATE = OPEN + 1
TURN, TURN_STEP = LINE_STATE + 2 * LANES, LINE_STATE + 4 * LANES  # cosine and sine by line, and their change a frame
PEAKS = LINE_STATE + 6 * LANES  # by master, of both sides of both returns, since the last meter frame

# The present chunk.
INPUTS = PEAKS + 2 * EFFECTS * LANES  # (EFFECTS, CHUNK)
SOUND = INPUTS + EFFECTS * CHUNK  # (EFFECTS, 2, CHUNK)
LINES = SOUND + 2 * EFFECTS * CHUNK  # (CHUNK, LANES), of the reverb's lines; what enters a side of the delay

# Rings, each of a power of two.
RING = 1 << 14  # frames of each of the reverb's lines, at any rate
DIFFUSER, DIFFUSERS = 1 << 10, 4
DELAY_RING = 1 << 18
DELAY_MASK = DELAY_RING - 1
APART = LANES  # frames behind a ring, which begin it again: a vector is read across its end
RINGS = LINES + CHUNK * LANES
DIFFUSER_RINGS = RINGS + LANES * (RING + APART)
DELAY_RINGS = DIFFUSER_RINGS + DIFFUSERS * (DIFFUSER + APART)  # of the pre-delay, and of both sides of the delay
SIZE = DELAY_RINGS + 3 * (DELAY_RING + APART)

# Counts: frames since the start; whether a param glides, and whether all are new; type of the reverb that is wanted and
# in use, frames for which its lines were emptied; of each of two delays the frames wanted, faded from and to, and of
# the fade; for how long each effect is silent, up to the present chunk; the chunk for which the reverb's lines were
# turned; of each of them how late it is, and a place in memory.
CLOCK, MOVES, FRESH, TYPE_WANTED, TYPE, EMPTIED = range(6)
FADES = 6
FADE_GOAL, FADE_FROM, FADE_TO, FADE_DONE = range(4)
FADE = 4
QUIET = FADES + EFFECTS * FADE
TURNED = QUIET + EFFECTS
LATE = TURNED + 1
PLACES = LATE + LANES
COUNTS = PLACES + LANES
