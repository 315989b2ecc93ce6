"""Goals of the effects: their controls as the params that they glide to, in the units that they compute with."""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine.controls import BUSES, EFFECT_CONTROLS, REVERB_TYPES, TABLE
from remote_mixer.engine.inner import inner
from remote_mixer.engine.rates import rate
from remote_mixer.engine.tables import EFFECTS_START, Controls, Effects
from remote_mixer.engine.tables import SOLO as SOLO_BUS

AT = {path: TABLE.places[path].word - EFFECTS_START for row in EFFECT_CONTROLS for path in row.paths()}
SEND_LEVEL, SEND_MUTE = AT["ch1/send/fx1/level"], AT["ch1/send/fx1/mute"]
NEXT_SEND = AT["ch1/send/fx2/level"] - SEND_LEVEL
FADER, MUTE, SOLO, PAN = AT["fx1/fader"], AT["fx1/mute"], AT["fx1/solo"], AT["fx1/pan"]
RETURN_LEVEL, RETURN_MUTE = AT["fx1/send/bus1/level"], AT["fx1/send/bus1/mute"]
NEXT_BUS = AT["fx1/send/bus2/level"] - RETURN_LEVEL
TYPE, TIME, PREDELAY = AT["fx1/reverb/type"], AT["fx1/reverb/time"], AT["fx1/reverb/predelay"]
DAMPING, REVERB_CUT = AT["fx1/reverb/damping"], AT["fx1/reverb/lowcut"]
ECHO_TIME, FEEDBACK, PINGPONG = AT["fx2/echo/time"], AT["fx2/echo/feedback"], AT["fx2/echo/pingpong"]
ECHO_CUT, ECHO_TREBLE = AT["fx2/echo/lowcut"], AT["fx2/echo/highcut"]
QUARTER_TURN = math.pi / 4
TYPES = len(REVERB_TYPES)
LEAST_SECONDS, LEAST_HZ, PERCENT = np.float32(0.3), np.float32(20), np.float32(0.01)
PREDELAY_GOAL = rows.FADES + rows.FADE * rows.REVERB + rows.FADE_GOAL
ECHO_GOAL = rows.FADES + rows.FADE * rows.DELAY + rows.FADE_GOAL


@inner
def _octaves(value: np.float32, least: np.float32) -> float:
    return math.log2(max(least, value))


@inner
def _frames(milliseconds: np.float32) -> int:
    return math.floor(milliseconds * (rate() / 1000) + 0.5)


@inner
def send_of(controls: Controls, channel: int, effect: int) -> tuple[np.float32, bool]:
    """Return the amplitude of a channel's send into an effect, and whether it is open."""
    place = channel + effect * NEXT_SEND
    return controls.effects[0, SEND_LEVEL + place], controls.effects_words[0, SEND_MUTE + place] == 0


@inner
def follow_return(effects: Effects, controls: Controls, effect: int, grouped: np.float32, after: bool) -> None:
    """Set the goals of a return, after fader and mute: its ways into main and, by its sends, into the mixes.

    All are balanced by its pan. Where it is soloed, it has a way into the solo bus, `after` all these or before them.

    grouped  what its DCAs multiply its fader by, 0 where its groups mute it
    """
    goals, numbers, words = effects.memory, controls.effects[0], controls.effects_words[0]
    amplitude = grouped * numbers[FADER + effect] if words[MUTE + effect] == 0 else np.float32(0)
    angle, first = (numbers[PAN + effect] + 1) * QUARTER_TURN, rows.RETURN + effect * rows.WAYS
    left = math.sqrt(2.0) * math.cos(angle)
    right = math.sqrt(max(0.0, 2 - left * left))
    goals[first], goals[first + rows.LANES] = amplitude * left, amplitude * right
    soloed, solo = np.float32(words[SOLO + effect] != 0), first + SOLO_BUS
    goals[solo] = soloed * (amplitude * left if after else 1.0)
    goals[solo + rows.LANES] = soloed * (amplitude * right if after else 1.0)
    for bus in range(BUSES):
        place, way = bus * NEXT_BUS + effect, first + 1 + bus
        level = amplitude * numbers[RETURN_LEVEL + place] if words[RETURN_MUTE + place] == 0 else np.float32(0)
        goals[way], goals[way + rows.LANES] = level * left, level * right


@inner
def follow_effects(effects: Effects, controls: Controls) -> None:
    """Set the goals of the effects by their controls."""
    goals, counts = effects.memory, effects.counts
    numbers, words = controls.effects[0], controls.effects_words[0]
    goals[rows.FEEDBACK] = numbers[FEEDBACK] * PERCENT
    goals[rows.PINGPONG] = words[PINGPONG] != 0
    goals[rows.DECAY] = _octaves(numbers[TIME], LEAST_SECONDS)
    goals[rows.DAMPING] = _octaves(numbers[DAMPING], LEAST_HZ)
    goals[rows.CUTS + rows.REVERB_LOW] = _octaves(numbers[REVERB_CUT], LEAST_HZ)
    goals[rows.CUTS + rows.ECHO_LOW] = _octaves(numbers[ECHO_CUT], LEAST_HZ)
    goals[rows.CUTS + rows.HIGH] = _octaves(numbers[ECHO_TREBLE], LEAST_HZ)
    counts[rows.TYPE_WANTED] = words[TYPE] % TYPES
    counts[PREDELAY_GOAL] = _frames(numbers[PREDELAY])
    counts[ECHO_GOAL] = _frames(numbers[ECHO_TIME])
    counts[rows.MOVES] = 1
