"""Which control was moved, and of which kind it is, by what it sends."""

from __future__ import annotations

from itertools import chain

import pytest

from remote_mixer.surfaces.midi.learner import LONGEST_SECONDS, REST_SECONDS, Learned, Learner
from tests.desk.desks import Clock

Message = tuple[tuple[str, int, int], int]


def cc(number: int, *values: int) -> list[Message]:
    return [(("cc", 1, number), value) for value in values]


@pytest.mark.parametrize(
    ("messages", "learned"),
    [
        (cc(7, 60, 61, 63, 66), Learned(("cc", 1, 7), "pick-up")),
        (cc(7, 0, 1, 2, 3), Learned(("cc", 1, 7), "pick-up")),
        (cc(7, 64), Learned(("cc", 1, 7), "pick-up")),
        (cc(7, 1, 1, 2, 1, 127), Learned(("cc", 1, 7), "signed")),
        (cc(7, 127, 127, 126), Learned(("cc", 1, 7), "signed")),
        (cc(7, 65, 65, 67, 65), Learned(("cc", 1, 7), "offset")),
        (cc(7, 63, 63, 62), Learned(("cc", 1, 7), "offset")),
        (cc(7, 1, 1, 65, 66), Learned(("cc", 1, 7), "magnitude")),
        (cc(7, 127, 0), Learned(("cc", 1, 7), "toggle")),
        (cc(7, 100, 100, 90), Learned(("cc", 1, 7), "pick-up")),
        ([(("note", 1, 36), 127), (("note", 1, 36), 0)], Learned(("note", 1, 36), "toggle")),
        ([(("program", 3, 5), 127)], Learned(("program", 3, 5), "toggle")),
        ([(("bend", 2, 0), value) for value in (8000, 8100, 8300)], Learned(("bend", 2, 0), "pick-up")),
        (list(chain(*zip(cc(3, 10, 11), cc(35, 90, 4), strict=True))), Learned(("cc", 1, 3), "pick-up", 35)),
        ([(("note", 1, 104), 127), *cc(7, 60, 61, 62), (("note", 1, 104), 0)], Learned(("cc", 1, 7), "pick-up")),
    ],
)
def test_a_control_is_known_by_what_it_sends(messages: list[Message], learned: Learned) -> None:
    learner = Learner(clock := Clock())
    for message in messages:
        learner.take(*message)
        clock.now += 0.02
    assert learner.result() is None
    clock.now += REST_SECONDS
    assert learner.result() == learned


def test_who_goes_on_moving_a_control_does_not_wait_for_ever() -> None:
    learner = Learner(clock := Clock())
    for turn in range(round(LONGEST_SECONDS / 0.1)):
        assert learner.result() is None
        learner.take(("cc", 1, 7), turn)
        clock.now += 0.1
    clock.now += 0.1
    assert learner.result() == Learned(("cc", 1, 7), "pick-up")
