"""V-pots and buttons that the DAW answers by rings and LEDs."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.feedback import ANSWER_SECONDS, Buttons, VPots
from tests.drivers.mackie.manual_time import ManualTime

# V-pots


@pytest.mark.parametrize("ticks_a_step", [0.5, 1, 3, 10, 64])
@pytest.mark.parametrize(("start", "wanted"), [(5, 0), (0, 10), (10, 9), (3, 3), (5, 6)])
def test_a_pot_gets_where_it_should_whatever_a_tick_is_worth(ticks_a_step: float, start: int, wanted: int) -> None:
    time, place, sent = ManualTime(), start * ticks_a_step, 0
    pots = VPots(time)
    pots.want(0, wanted)
    while pots.turning(0):
        time.now += ANSWER_SECONDS
        ticks, _ = pots.tend([min(max(round(place / ticks_a_step), 0), 10)])
        place = min(max(place + ticks.get(0, 0), 0), 10 * ticks_a_step)
        sent += 1
    assert abs(place / ticks_a_step - wanted) <= 1.5
    assert sent <= 45


def test_a_pot_waits_for_the_ring_before_it_turns_on() -> None:
    time = ManualTime()
    pots = VPots(time)
    pots.want(0, 8)
    assert pots.tend([5]) == ({0: 3}, [])
    assert pots.tend([5]) == ({}, [])
    time.now += ANSWER_SECONDS
    assert pots.tend([5]) == ({0: 6}, [])
    assert pots.tend([8]) == ({}, [0])


def test_a_pot_whose_ring_is_dark_or_never_moves_is_given_up() -> None:
    time = ManualTime()
    pots = VPots(time)
    pots.want(0, 8)
    assert pots.tend([None]) == ({}, [0])
    pots.want(0, 8)
    for _ in range(60):
        time.now += ANSWER_SECONDS
        pots.tend([5])
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
    assert buttons.overdue() == {(0, "mute")}
    assert buttons.overdue() == set()
