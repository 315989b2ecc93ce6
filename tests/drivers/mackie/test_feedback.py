"""V-pots and buttons that the DAW answers by rings and LEDs."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.feedback import ANSWER_SECONDS, Buttons, Move, Pan, VPots
from tests.drivers.mackie.manual_time import ManualTime

# V-pots


def turned(moves: dict[int, Move]) -> int:
    return moves[0].ticks if 0 in moves else 0


@pytest.mark.parametrize("ticks", [5, 10, 30, 64, 300])
@pytest.mark.parametrize(("start", "wanted"), [(0.5, 0.0), (0.0, 1.0), (1.0, 0.9), (0.3, 0.3), (0.5, 0.62)])
@pytest.mark.parametrize("fine", [True, False])
def test_a_pan_gets_where_it_should_whatever_a_tick_is_worth(
    ticks: int, start: float, wanted: float, fine: bool
) -> None:
    """With `ticks` for the whole way, by a text of a hundred steps, or by 11 lights alone."""
    time, place, sent = ManualTime(), round(start * ticks), 0
    pots = VPots(time)
    pots.want(0, wanted)
    while pots.turning(0):
        time.now += ANSWER_SECONDS
        at = place / ticks
        pan = Pan(round(at, 2), fine=True) if fine else Pan(round(at * 10) / 10, fine=False)
        moves, _ = pots.tend({0: pan}.__getitem__)
        place = min(max(place + turned(moves), 0), ticks)
        sent += 1
    assert abs(place / ticks - wanted) <= (0.005 if fine else 0.1) + 1 / ticks
    assert wanted not in {0.0, 1.0} or ticks > 100 or place / ticks == wanted, "an end is the end"
    assert sent <= 45


def test_a_pot_waits_for_the_answer_before_it_turns_on() -> None:
    time = ManualTime()
    pots = VPots(time)
    pots.want(0, 0.8)
    assert turned(pots.tend(lambda pot: Pan(0.5, fine=False))[0]) == 3
    assert turned(pots.tend(lambda pot: Pan(0.5, fine=False))[0]) == 0
    time.now += ANSWER_SECONDS
    assert turned(pots.tend(lambda pot: Pan(0.5, fine=False))[0]) == 6
    assert pots.tend(lambda pot: Pan(0.8, fine=False)) == ({}, [0])


def test_the_centre_is_reached_by_a_push_and_by_turning_where_a_push_does_not_centre() -> None:
    time = ManualTime()
    pots = VPots(time)
    pots.want(0, 0.5)
    for shift in (True, True, False):
        assert pots.tend(lambda pot: Pan(0.3, fine=False))[0] == {0: Move(push=True, shift=shift)}
        time.now += ANSWER_SECONDS
    assert turned(pots.tend(lambda pot: Pan(0.3, fine=False))[0]) > 0
    assert pots.tend(lambda pot: Pan(0.5, fine=True)) == ({}, [0])


def test_a_pot_whose_ring_is_dark_or_never_moves_is_given_up() -> None:
    time = ManualTime()
    pots = VPots(time)
    pots.want(0, 0.8)
    assert pots.tend(lambda pot: None) == ({}, [0])
    pots.want(0, 0.8)
    for _ in range(60):
        time.now += ANSWER_SECONDS
        pots.tend(lambda pot: Pan(0.5, fine=False))
    assert not pots.turning(0)


# Buttons


def test_a_button_is_pressed_where_its_light_is_not_as_wanted_or_not_known() -> None:
    buttons = Buttons(ManualTime())
    pressed = [buttons.needs_press((n, "mute"), lit, True) for n, lit in enumerate((None, False, True))]
    assert pressed == [True, True, False]


def test_a_press_that_is_on_its_way_counts_as_done() -> None:
    buttons = Buttons(ManualTime())
    wanted = [True, False, False, True]
    assert [buttons.needs_press((0, "mute"), False, on) for on in wanted] == [True, True, False, True]


def test_a_light_that_never_comes_is_reported_of_once() -> None:
    time = ManualTime()
    buttons = Buttons(time)
    buttons.needs_press((0, "mute"), lit=False, wanted=True)
    buttons.needs_press((1, "mute"), lit=False, wanted=True)
    buttons.on_led((1, "mute"), lit=True)
    assert (buttons.waits((0, "mute")), buttons.waits((1, "mute"))) == (True, False)
    time.now += 1
    assert buttons.overdue(sure=True) == {(0, "mute"): True}
    assert buttons.overdue(sure=True) == {}


def test_a_light_of_a_daw_that_has_never_answered_is_not_believed_and_its_button_not_pressed_again() -> None:
    time = ManualTime()
    buttons = Buttons(time)
    buttons.needs_press((0, "mute"), lit=False, wanted=True)
    time.now += 1
    assert buttons.repeat() == []
    assert buttons.overdue(sure=True) == {(0, "mute"): False}
