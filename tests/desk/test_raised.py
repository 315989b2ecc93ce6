"""A granted fader moves by the decibels that were granted."""

from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.desk.tapers import FADER


@settings(deadline=None)
@given(st.floats(-59, 6), st.sampled_from([-3, -2, -1, 1, 2, 3]))
def test_a_fader_is_raised_by_what_was_granted(level: float, db: float) -> None:
    reached = FADER.to_unit(FADER.raised(FADER.to_position(level), db))
    assert isclose(reached, level + db, abs_tol=1e-6)


@pytest.mark.parametrize("position", [0.0, 0.05])
def test_more_of_what_is_silent_begins_at_minus_20_decibels(position: float) -> None:
    assert isclose(FADER.to_unit(FADER.raised(position, 2)), -18)


def test_less_of_what_is_silent_changes_nothing() -> None:
    assert FADER.raised(0.0, -3) == 0
    assert FADER.to_unit(FADER.raised(0.0, -3)) == -inf


def test_a_fader_goes_no_further_than_its_end() -> None:
    assert FADER.raised(0.99, 3) == 1


def test_a_ceiling_stops_the_rise_and_never_pulls_down() -> None:
    assert isclose(FADER.to_unit(FADER.raised(0.75, 3, most_db=1.0)), 1)
    assert isclose(FADER.raised(0.75, 3, most_db=-6.0), 0.75)
    assert isclose(FADER.to_unit(FADER.raised(0.75, -3, most_db=-6.0)), -3)
    assert isclose(FADER.to_unit(FADER.raised(0.0, 3, most_db=-30.0)), -30)
