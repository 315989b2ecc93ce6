"""The driver's parts without a DAW: the fader's law, ids, lists, rounds."""

from __future__ import annotations

from math import inf, log10

import pytest

from remote_mixer.drivers.osc import Message
from remote_mixer.drivers.osc_daw.ardour import ARDOUR, FADER
from remote_mixer.drivers.osc_daw.strips import Ids
from remote_mixer.drivers.osc_daw.table import Track
from remote_mixer.drivers.osc_daw.timing import Round

MOST_DB = 20 * log10(2)


def position_of(level: float) -> float:
    """Return the fader's position for a level, by Ardour's own formula."""
    gain = 10 ** (level / 20)
    return float(((6 * log10(gain) / log10(2) + 192) / 198) ** 8)


def test_the_fader_is_right_at_its_own_points() -> None:
    assert FADER.to_unit(0) == -inf
    assert FADER.to_unit(0.78178) == pytest.approx(0, abs=0.001)
    assert FADER.to_unit(1) == pytest.approx(6.0206, abs=0.001)


@pytest.mark.parametrize("level", [MOST_DB, 3, 0.5, 0, -0.3, -5.5, -10, -20.5, -35.7, -40, -59, -75.5, -100])
def test_the_fader_follows_the_law_between_its_points(level: float) -> None:
    assert FADER.to_unit(position_of(level)) == pytest.approx(level, abs=0.01 if level >= -40 else 0.2)


def track(number: int, name: str, kind: str = "channel") -> Track:
    return Track(number, kind, name)


def test_a_track_is_known_by_its_name_and_a_renamed_one_by_its_place() -> None:
    ids = Ids()
    assert list(ids.assign([track(1, "a"), track(2, "b"), track(3, "m", "main")])) == ["ch1", "ch2", "main"]
    assert list(ids.assign([track(1, "b"), track(2, "a"), track(3, "m", "main")])) == ["ch2", "ch1", "main"]
    assert list(ids.assign([track(1, "b"), track(2, "c"), track(3, "m", "main")])) == ["ch2", "ch1", "main"]


def test_a_new_track_gets_no_id_of_one_that_has_just_gone() -> None:
    ids = Ids()
    ids.assign([track(1, "a"), track(2, "b")])
    assert list(ids.assign([track(1, "new"), track(2, "a")])) == ["ch3", "ch1"]


def test_two_tracks_of_one_name_are_two() -> None:
    assert list(Ids().assign([track(1, "a"), track(2, "a"), track(3, "a", "bus")])) == ["ch1", "ch2", "bus1"]


def test_tracks_of_one_name_keep_their_ids_however_often_the_list_is_read() -> None:
    ids, listed = Ids(), [track(1, ""), track(2, "a"), track(3, ""), track(4, "")]
    first = ids.assign(listed)
    assert ids.assign(listed) == first
    assert list(ids.assign([track(1, "new"), *(track(one.number + 1, one.name) for one in listed)])) == ["ch5", *first]


def test_a_round_asks_everything_once_a_period_and_nothing_twice_after_a_pause() -> None:
    questions: list[Message] = [(f"/{n}", ()) for n in range(10)]
    round_ = Round(questions, 1.0, now=0.0)
    asked = [question for tick in range(1, 41) for question in round_.due(tick / 40)]
    assert sorted(asked) == sorted(questions)
    assert len(round_.due(100.0)) == 10
    assert Round([], 1.0, 0.0).due(5.0) == []


def test_the_meter_of_silence_is_silence() -> None:
    assert ARDOUR.level(0.94) == pytest.approx(0)
    assert ARDOUR.level(-0.99) == -inf
