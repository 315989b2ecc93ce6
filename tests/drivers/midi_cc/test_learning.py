"""Recognition of the moved control from incoming control changes."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.midi_cc.control import CC, NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.learning import Learner

PAIR_20 = Control(PAIR, 1, 20, 52)


def learned(*changes: tuple[int, int], channel: int = 1) -> tuple[Control | None, int]:
    """Return what was learned and after how many control changes."""
    learner = Learner()
    for count, (number, value) in enumerate(changes, 1):
        control = learner.take(channel, number, value)
        if control:
            return control, count
    return None, len(changes)


def test_a_cc_is_learned_when_it_was_received_twice_and_moved() -> None:
    assert learned((20, 64)) == (None, 1)
    assert learned((20, 64), (20, 64)) == (None, 2)
    assert learned((20, 64), (20, 65), channel=7) == (Control(CC, 7, 20), 2)


def test_a_button_is_learned_from_a_press_and_its_release() -> None:
    assert learned((90, 127), (90, 0)) == (Control(CC, 1, 90), 2)


def test_other_controls_that_stand_still_are_not_meant() -> None:
    assert learned((7, 100), (20, 1), (7, 100), (8, 3), (20, 2)) == (Control(CC, 1, 20), 5)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ([(20, 64), (52, 3), (20, 64), (52, 9)], 4),
        ([(20, 64), (52, 3), (52, 9)], 3),
        ([(20, 64), (52, 127), (20, 65), (52, 0)], 4),
        ([(52, 3), (20, 64), (52, 9), (20, 64), (52, 12)], 5),
    ],
)
def test_a_pair_is_learned_as_one_when_the_fine_half_follows(changes: list[tuple[int, int]], count: int) -> None:
    assert learned(*changes) == (PAIR_20, count)


def test_the_first_value_of_a_pair_alone_is_no_move() -> None:
    assert learned((20, 64), (52, 3), (20, 64), (52, 3)) == (None, 4)


@pytest.mark.parametrize(
    "changes",
    [
        [(99, 8), (98, 0), (6, 64), (38, 1), (99, 127), (98, 127), (99, 8), (98, 0), (6, 64), (38, 2)],
        [(98, 0), (99, 8), (6, 64), (38, 1), (38, 2)],
        [(99, 8), (98, 0), (6, 64), (6, 65), (6, 66)],
    ],
)
def test_an_nrpn_is_learned_from_two_values(changes: list[tuple[int, int]]) -> None:
    assert learned(*changes, channel=3)[0] == Control(NRPN, 3, 1024)


def test_data_entry_without_a_choice_is_a_cc_like_any_other() -> None:
    assert learned((6, 1), (6, 2)) == (Control(CC, 1, 6), 2)
