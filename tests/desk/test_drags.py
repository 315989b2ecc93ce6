"""A hand on a value that is remembered or unknown: its drag waits for the console and begins from what is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Held
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, MUTE_1, Clock, online_desk

BAND = "band"


class Scene:
    """A desk whose fader is only remembered, and what its clients are told."""

    def __init__(self, stands: Value = 0.5) -> None:
        self.clock = Clock()
        self.desk: Desk = online_desk(self.clock, {FADER_1: stands, MUTE_1: True})
        self.desk.remember(BAND, frozenset({FADER_1, MUTE_1}))
        self.changes: list[Change] = []
        self.rebases: list[tuple[str, str, Value]] = []
        self.desk.change_listeners.append(self.changes.append)
        self.desk.rebase_listeners.append(lambda *rebase: self.rebases.append(rebase))

    def land(self) -> None:
        """Put Anne's finger down, on a console that answers later."""
        self.desk.hold(FADER_1, ANNE)
        self.desk.await_value(FADER_1, lambda path: True)

    def move(self, position: float) -> None:
        self.desk.set({FADER_1: position}, ANNE)

    def answer(self, position: float) -> None:
        """Let the console give its value."""
        self.desk.set({FADER_1: position}, CONSOLE)
        self.desk.remember(BAND, frozenset({MUTE_1}))

    @property
    def stands(self) -> Value:
        return self.desk.values[FADER_1]


def test_nothing_moves_before_the_console_has_given_its_value() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    assert (scene.stands, scene.changes) == (0.5, [])


def test_the_drag_begins_where_the_console_stands_and_its_page_is_notified() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.answer(0.2)
    assert scene.stands == 0.2
    assert scene.rebases == [(FADER_1, "anne", 0.2)]


def test_a_page_that_goes_on_from_the_old_value_moves_by_what_its_finger_moved() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.answer(0.2)
    scene.move(0.6)
    assert scene.stands == pytest.approx(0.25)
    scene.desk.hold(FADER_1, ANNE)  # it repeats its hold
    scene.move(0.65)
    assert scene.stands == pytest.approx(0.3)


def test_a_page_that_counts_from_the_new_value_is_taken_at_its_word() -> None:
    scene = Scene()
    scene.land()
    scene.answer(0.2)
    scene.desk.rebased(FADER_1, ANNE)
    scene.move(0.23)
    assert scene.stands == 0.23


def test_a_finger_on_a_value_that_turns_out_to_be_right_loses_nothing_of_its_way() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.53)
    scene.answer(0.5)
    assert (scene.stands, scene.rebases) == (0.53, [])
    scene.move(0.54)
    assert scene.stands == 0.54


def test_a_flick_that_ended_before_the_answer_moves_by_its_own_way() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.desk.release(FADER_1, ANNE)
    scene.answer(0.2)
    assert scene.stands == pytest.approx(0.25)
    assert scene.changes[-1].source == ANNE


def test_a_flick_is_not_made_up_for_seconds_later() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.desk.release(FADER_1, ANNE)
    scene.clock.now += 2.1
    scene.answer(0.2)
    assert scene.stands == 0.2


def test_a_touch_without_a_move_moves_nothing() -> None:
    scene = Scene()
    scene.land()
    scene.desk.release(FADER_1, ANNE)
    scene.answer(0.2)
    assert scene.stands == 0.2


def test_an_unknown_fader_is_dragged_from_where_it_turns_out_to_stand() -> None:
    scene = Scene(None)
    scene.land()
    scene.move(0.02)
    scene.answer(0.7)
    scene.move(0.04)
    assert scene.stands == pytest.approx(0.72)


def test_a_drag_waits_for_nobody_where_the_console_cannot_be_asked() -> None:
    scene = Scene()
    scene.desk.hold(FADER_1, ANNE)
    scene.desk.await_value(FADER_1, lambda path: False)
    scene.move(0.55)
    assert scene.stands == 0.55


def test_a_console_that_answers_while_it_is_asked_is_as_good_as_one_that_answers_later() -> None:
    scene = Scene()
    scene.desk.hold(FADER_1, ANNE)

    def answer(path: str) -> bool:
        scene.answer(0.2)
        return True

    scene.desk.await_value(FADER_1, answer)
    scene.move(0.55)
    assert scene.stands == pytest.approx(0.25)


def test_who_takes_a_drag_over_does_not_inherit_its_shift() -> None:
    scene = Scene()
    scene.land()
    scene.answer(0.2)
    scene.desk.hold(FADER_1, BOB, take=True)
    scene.desk.set({FADER_1: 0.6}, BOB)
    assert scene.stands == 0.6


def test_who_takes_over_a_drag_that_waits_ends_it() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.desk.hold(FADER_1, BOB, take=True)
    scene.answer(0.2)
    assert (scene.stands, scene.rebases) == (0.2, [])


def test_another_hand_is_refused_while_a_drag_waits() -> None:
    scene = Scene()
    scene.land()
    with pytest.raises(Held):
        scene.desk.set({FADER_1: 0.9}, BOB)
    scene.answer(0.5)
    assert scene.stands == 0.5


def test_what_was_dragged_when_the_console_went_is_gone() -> None:
    scene = Scene()
    scene.land()
    scene.move(0.55)
    scene.desk.release(FADER_1, ANNE)
    scene.desk.set({"band/status": "offline"}, CONSOLE)
    scene.desk.set({"band/status": "online"}, CONSOLE)
    scene.answer(0.2)
    assert scene.stands == 0.2


def test_a_shift_never_leads_past_an_end() -> None:
    scene = Scene()
    scene.land()
    scene.answer(0.9)
    scene.move(0.8)
    assert scene.stands == 1.0


def test_a_set_equal_to_a_remembered_value_is_a_change_and_one_equal_to_a_known_value_is_none() -> None:
    scene = Scene()
    scene.desk.set({MUTE_1: True}, ANNE)
    assert [change.after for change in scene.changes] == [{MUTE_1: True}]
    scene.desk.remember(BAND, frozenset())
    scene.desk.set({MUTE_1: True}, ANNE)
    assert len(scene.changes) == 1


@given(
    seen=st.floats(0.1, 0.9), stood=st.floats(0.1, 0.9), way=st.lists(st.floats(-0.02, 0.02), min_size=1, max_size=20)
)
def test_no_step_of_a_drag_is_greater_than_the_finger_made_it(seen: float, stood: float, way: list[float]) -> None:
    scene = Scene(round(seen, 5))
    scene.land()
    position = round(seen, 5)
    for number, step in enumerate(way):
        if number == len(way) // 2:
            scene.answer(round(stood, 5))
        before, position = scene.stands, min(1.0, max(0.0, position + step))
        scene.move(position)
        assert isinstance(before, float)
        assert isinstance(scene.stands, float)
        assert abs(scene.stands - before) <= abs(step) + 2e-5 or (number == len(way) // 2 and scene.rebases == [])
