"""Random moves: twenty seconds in which any control takes any value, and the mix is whole in them and after them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.controls import TABLE, Control, Kind
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import playing, sine
from tests.engine.effecting import play, set_all
from tests.engine.test_clicks import AMPLITUDE, ELSEWHERE, HERTZ, SIZES, STANDS, levels

MOVES, MOVE_FRAMES, SEED = 800, RATE // 40, 17
REST_SECONDS = 2
DRY = STANDS | {"fx1/fader": 0, "fx2/fader": 0}
"""Where all controls stand before and after: a reverb moves, so its sound is never twice the same."""


def any_value(row: Control, chance: random.Random) -> float:
    """Return any value of a control, in the unit of its kind."""
    if row.kind is Kind.CHOICE:
        return chance.randrange(len(row.choices))
    return number_of(row, chance.random() < 0.5 if row.kind is Kind.SWITCH else chance.random())


def test_a_mix_whose_controls_all_move_at_random_stays_finite_and_comes_back() -> None:
    chance, rows = random.Random(SEED), [row for row in TABLE.rows if row.path not in ELSEWHERE]
    with playing(sine(HERTZ, AMPLITUDE), sine(HERTZ, AMPLITUDE / 4)) as mixer:
        set_all(mixer, DRY)
        play(mixer, REST_SECONDS * RATE)
        sounded, loudest = levels(mixer), 0.0
        for _ in range(MOVES):
            row = chance.choice(rows)
            mixer.block.write(next(row.paths()), any_value(row, chance))
            moved = play(mixer, MOVE_FRAMES, chance.choice(SIZES))
            assert np.isfinite(moved).all()
            loudest = max(loudest, float(np.abs(moved).max()))
        set_all(mixer, DRY)
        play(mixer, REST_SECONDS * RATE)
        assert loudest > sounded.max()  # it was not silent
        assert levels(mixer) == pytest.approx(sounded, rel=1e-3)
