"""Recalls and undos on their way: the safe order, the console's pace, fades, hands, and consoles that go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import GONE_TEXT as MISSING_TEXT
from remote_mixer.desk.layout import OFFLINE, ONLINE
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import Policy, Rail
from remote_mixer.desk.sources import Source
from remote_mixer.desk.stages import Stage, at_once, faded, is_level, rises, rising_gently, silences
from remote_mixer.desk.tapers import FADER as LAW
from remote_mixer.hub.arrivals import (
    CONFIRM_SECONDS,
    GONE_TEXT,
    KNOWN_SECONDS,
    LEAVE_SECONDS,
    OTHER_TEXT,
    PATIENCE_SECONDS,
    UNCONFIRMED_TEXT,
)
from remote_mixer.hub.glides import FADE_STEP_SECONDS, GLIDE_SECONDS
from remote_mixer.hub.mover import LIMIT_TEXT, ROOM, STUCK_SECONDS
from tests.desk.desks import ANNE, BOB, CONSOLE, FADER_1, LAYOUT, MUTE_1, NAME_1, STRIPS
from tests.desk.test_stages import x32_desk
from tests.hub.movers import Moving

MAIN, MAIN_MUTE = "band/main/fader", "band/main/mute"


def many(moving: Moving, count: int) -> dict[str, Span]:
    """Return changes of an X32: by turns mutes that go on and off, and levels that rise and fall."""
    desk = moving.desk
    paths = [path for path, param in desk.layouts["band"].paths() if param.kind in ("position", "toggle")]
    loud = [path for path in paths if is_level(path, desk) or silences(path, True) is not None][:count]
    for place, path in enumerate(loud):
        desk.values[path] = place % 2 == 0 if desk.param(path).kind == "toggle" else (0.25, 0.75)[place % 2]
    return {path: (before, desk.param(path).check(opposite(before))) for path in loud for before in [desk.values[path]]}


def opposite(value: Value) -> Value:
    return not value if isinstance(value, bool) else 1 - float(value or 0)


def is_louder(path: str, span: Span, desk: Desk) -> bool:
    return silences(path, span[1]) is False or rises(path, *span, desk)


@pytest.mark.parametrize("stages", [at_once, rising_gently])
def test_four_hundred_changes_arrive_in_the_safe_order_at_the_consoles_pace(
    stages: Callable[[dict[str, Span], Desk], list[Stage]],
) -> None:
    """Order of a recall, and of an undo of one, in one table."""
    moving = Moving(x32_desk(), rate=200)
    spans = many(moving, 400)
    work = moving.start(stages(spans, moving.desk))
    seconds = moving.until(lambda: work.over)
    assert {path: moving.desk.values[path] for path in spans} == {path: after for path, (_, after) in spans.items()}
    quieter = {path for path, span in spans.items() if not is_louder(path, span, moving.desk)}
    order = [path for _, path, _ in moving.arrived]
    first_louder = next(place for place, path in enumerate(order) if path not in quieter)
    assert set(order[:first_louder]) == quieter, "all that falls or mutes is there before anything rises"
    assert 0 < len(quieter) < len(spans) == 400
    assert moving.most_waiting <= ROOM, "a hand waits behind a few values, not behind the recall"
    assert seconds < 2.5


def test_a_stage_waits_for_its_confirmation_but_not_for_ever() -> None:
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    work = moving.start([Stage({FADER_1: 0.5}), Stage({MUTE_1: True})])
    assert moving.desk.values[FADER_1] == 0.5
    assert moving.desk.values[MUTE_1] is False
    assert moving.until(lambda: moving.desk.values[MUTE_1]) == pytest.approx(CONFIRM_SECONDS, abs=0.03)
    moving.unconfirmed = set()
    moving.until(lambda: work.over)


def test_what_it_moved_is_known_from_where_to_where() -> None:
    moving = Moving()
    work = moving.start([Stage({FADER_1: 0.5, NAME_1: "Kick", MAIN: 0.75})])
    assert work.over
    assert work.values == {FADER_1: (0.75, 0.5), NAME_1: ("", "Kick")}, "the main stood there already"


# Fades


def test_a_fade_goes_evenly_along_the_travel_in_steps() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=10.0)
    began = moving.clock.now
    moving.until(lambda: work.over)
    assert moving.clock.now - began == pytest.approx(10, abs=0.1)
    for at, _, value in moving.arrived:
        assert value == pytest.approx(max(0.75 - 0.05 * (at - began), 0.25), abs=0.001)
    assert len(moving.arrived) == pytest.approx(10 / FADE_STEP_SECONDS, rel=0.05)
    assert moving.desk.values[FADER_1] == 0.25


def test_only_the_end_of_a_fade_is_awaited_at_the_console() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25, MAIN: 0.5})], seconds=2.0)
    moving.until(lambda: work.over)
    assert moving.awaited == [(FADER_1, 0.25), (MAIN, 0.5)]


def test_a_fade_sends_no_more_than_the_consoles_own_steps() -> None:
    moving = Moving(x32_desk())
    send = "band/ch1/send/bus1/level"
    moving.desk.values[send] = 0.5
    work = moving.start([Stage({}, {send: moving.desk.param(send).check(0.55)})], seconds=20.0)  # type: ignore[dict-item] # a position
    moving.until(lambda: work.over)
    assert len(moving.arrived) == 8, "a send has 161 steps"


def test_sixty_four_faders_fade_beside_each_other_within_a_step_of_the_console_and_none_is_left_behind() -> None:
    moving = Moving(x32_desk(), rate=500)
    faders = [
        f"band/{kind}{n}/fader"
        for kind, most in (("ch", 32), ("bus", 16), ("aux", 8), ("dca", 8))
        for n in range(1, most + 1)
    ]
    for path in faders:
        moving.desk.values[path] = 0.0
    end = moving.desk.param(faders[0]).check(0.75)
    work = moving.start([Stage({}, dict.fromkeys(faders, end))], seconds=10.0)  # type: ignore[arg-type] # a position
    began = moving.clock.now
    moving.until(lambda: work.over)
    interval = len(faders) / 500
    assert moving.clock.now - began < 10 + interval + 0.05
    assert all(moving.desk.values[path] == end for path in faders)
    steps = [sum(one == path for _, one, _ in moving.arrived) for path in faders]
    assert min(steps) >= max(steps) - 2
    assert max(steps) > 70, "the whole pace is used"
    assert moving.most_waiting == 0, "a step that waits has a position of the past when it leaves"
    for at, _, value in moving.arrived:
        straight = min(0.075 * (at - began), 0.75)
        assert value == pytest.approx(straight, abs=1 / 1023), "within one of its steps, to the last"


def test_a_strip_that_goes_out_falls_then_mutes_then_stands_where_the_scene_wants_it() -> None:
    moving = Moving()
    values: dict[str, Span] = {FADER_1: (0.75, 0.6), MUTE_1: (False, True)}
    work = moving.start(faded(values, moving.desk, lambda _: True), seconds=2.0)
    moving.until(lambda: moving.desk.values[MUTE_1])
    assert [value for _, path, value in moving.arrived if path == FADER_1][-2:] == [0.0, 0.6]
    assert [path for _, path, _ in moving.arrived][-2:] == [MUTE_1, FADER_1]
    assert work.over
    assert work.values == {FADER_1: (0.75, 0.6), MUTE_1: (False, True)}


def test_a_hand_on_a_fading_fader_stops_its_fade_for_good_and_no_other() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25, MAIN: 0.25})], seconds=4.0)
    moving.until(lambda: moving.clock.now > 101)
    moving.desk.hold(FADER_1, BOB)
    stood = moving.desk.values[FADER_1]
    moving.desk.release(FADER_1, BOB)
    moving.until(lambda: work.over)
    assert moving.desk.values[FADER_1] == stood
    assert moving.desk.values[MAIN] == 0.25
    assert list(work.lost) == [FADER_1]


@pytest.mark.parametrize("source", [ANNE, BOB], ids=["its own author's", "another's"])
@pytest.mark.parametrize("seconds", [4.0, 0.0], ids=["fade", "jump"])
def test_a_finger_that_rests_already_where_an_order_begins_keeps_its_fader_for_good(
    source: Source, seconds: float
) -> None:
    moving = Moving()
    moving.desk.hold(FADER_1, source)
    order = [Stage({}, {FADER_1: 0.25, MAIN: 0.25})] if seconds else [Stage({FADER_1: 0.25, MAIN: 0.25})]
    work = moving.start(order, ANNE, seconds=seconds)
    moving.desk.release(FADER_1, source)
    moving.until(lambda: work.over)
    assert (moving.desk.values[FADER_1], moving.desk.values[MAIN]) == (0.75, 0.25)
    assert list(work.lost) == [FADER_1]


def test_a_finger_on_a_fader_whose_turn_has_not_come_keeps_it_too() -> None:
    moving = Moving(rate=50)
    work = moving.start([Stage({NAME_1: "Kick"}), Stage({}, {FADER_1: 0.25, MAIN: 0.25})], seconds=1.0)
    moving.desk.hold(FADER_1, ANNE)
    moving.until(lambda: work.over)
    assert (moving.desk.values[FADER_1], moving.desk.values[MAIN]) == (0.75, 0.25)


def test_a_fader_that_is_moved_without_a_finger_is_its_movers_too() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=4.0)
    moving.desk.set({FADER_1: 0.9}, ANNE)
    moving.until(lambda: work.over)
    assert moving.desk.values[FADER_1] == 0.9
    assert work.lost == {FADER_1: "Anne moved it meanwhile."}


def test_a_hand_on_a_strip_that_goes_out_keeps_it_from_being_muted() -> None:
    moving = Moving()
    values: dict[str, Span] = {MUTE_1: (False, True)}
    work = moving.start(faded(values, moving.desk, lambda _: True), seconds=2.0)
    moving.tick()
    moving.desk.set({FADER_1: 0.7}, BOB)
    moving.until(lambda: work.over)
    assert moving.desk.values[MUTE_1] is False


def test_a_hand_at_the_console_stops_the_fade_and_its_late_echo_does_not() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25, MAIN: 0.25})], seconds=4.0)
    moving.until(lambda: moving.clock.now > 102)
    echo = moving.arrived[-10][2]
    moving.desk.set({MAIN: echo}, CONSOLE)
    assert not work.lost
    moving.desk.set({FADER_1: 0.8}, CONSOLE)
    assert list(work.lost) == [FADER_1]
    moving.until(lambda: work.over)
    assert moving.desk.values[FADER_1] == 0.8
    assert moving.desk.values[MAIN] == 0.25


def test_of_two_fades_on_one_param_the_later_wins() -> None:
    moving = Moving()
    first = moving.start([Stage({}, {FADER_1: 0.25, MAIN: 0.25})], seconds=4.0)
    moving.until(lambda: moving.clock.now > 101)
    second = moving.start([Stage({}, {FADER_1: 0.9})], BOB, seconds=1.0)
    assert list(first.lost) == [FADER_1]
    moving.until(lambda: first.over and second.over)
    assert (moving.desk.values[FADER_1], moving.desk.values[MAIN]) == (0.9, 0.25)


def test_a_fade_pauses_goes_on_and_is_finished() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=10.0)
    moving.until(lambda: moving.clock.now > 102)
    moving.mover.pause(work)
    stood = moving.desk.values[FADER_1]
    moving.until(lambda: moving.clock.now > 130)
    assert moving.desk.values[FADER_1] == stood
    moving.desk.set({FADER_1: moving.arrived[-3][2]}, CONSOLE)
    assert not work.lost, "the last step was lost on its way to the console, which is no hand there"
    assert work.left(moving.clock.now) == pytest.approx(8, abs=0.1)
    moving.mover.go_on(work)
    moving.until(lambda: moving.clock.now > 131)
    assert moving.desk.values[FADER_1] == pytest.approx(0.6, abs=0.01)
    moving.mover.finish(work)
    assert moving.until(lambda: work.over) < GLIDE_SECONDS + 0.1
    assert moving.desk.values[FADER_1] == 0.25


def test_a_fade_that_rests_is_finished_from_where_it_stands() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=10.0)
    moving.until(lambda: moving.clock.now > 102)
    moving.mover.pause(work)
    moving.mover.finish(work)
    assert moving.until(lambda: work.over, 1.0) < GLIDE_SECONDS + 0.1
    assert moving.desk.values[FADER_1] == 0.25


def test_a_fade_that_a_new_limit_keeps_from_its_end_ends_there_and_says_so() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.9, MAIN: 0.25})], seconds=10.0)
    moving.until(lambda: moving.clock.now > 102)
    highest = LAW.to_position(2)
    moving.desk.rights.policy = Policy(rails=(Rail(FADER_1, ("engineer",), most_db=2),))
    moving.until(lambda: work.over)
    assert moving.clock.now < 100 + 10 + STUCK_SECONDS
    assert moving.desk.values[FADER_1] == pytest.approx(highest, abs=0.001)
    assert moving.desk.values[MAIN] == 0.25
    assert work.lost == {FADER_1: LIMIT_TEXT}


def test_a_fade_of_a_control_that_its_console_has_no_more_ends_and_the_others_go_on() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25, MAIN: 0.25})], seconds=4.0)
    moving.until(lambda: moving.clock.now > 102)
    moving.desk.add(replace(LAYOUT, strips=STRIPS[1:]), {})
    moving.desk.set({"band/status": ONLINE}, CONSOLE)
    moving.until(lambda: work.over)
    assert work.lost == {FADER_1: MISSING_TEXT}
    assert moving.desk.values[MAIN] == 0.25


# Consoles that go


def test_a_fade_goes_on_from_the_truth_when_its_console_returns() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=10.0)
    moving.until(lambda: moving.clock.now > 102)
    moving.desk.set({"band/status": OFFLINE}, CONSOLE)
    moving.until(lambda: moving.clock.now > 105)
    moving.desk.set({"band/status": ONLINE, FADER_1: 0.9}, CONSOLE)
    moving.tick()
    moving.tick()
    assert moving.desk.values[FADER_1] == pytest.approx(0.9, abs=0.01), "not where the fade would be by now, at 0.5"
    assert moving.until(lambda: work.over) == pytest.approx(5, abs=0.1)
    assert moving.desk.values[FADER_1] == 0.25
    assert not work.lost


def test_a_fade_that_rests_goes_on_from_the_truth_too_and_its_console_may_be_away_for_longer() -> None:
    moving = Moving()
    work = moving.start([Stage({}, {FADER_1: 0.25})], seconds=10.0)
    moving.until(lambda: moving.clock.now > 102)
    moving.mover.pause(work)
    moving.desk.set({"band/status": OFFLINE}, CONSOLE)
    moving.until(lambda: moving.clock.now > 102 + 2 * PATIENCE_SECONDS)
    moving.desk.set({"band/status": ONLINE, FADER_1: 0.1}, CONSOLE)
    moving.tick()
    moving.mover.go_on(work)
    moving.until(lambda: moving.desk.values[FADER_1] != 0.1)
    assert moving.desk.values[FADER_1] == pytest.approx(0.1, abs=0.01), "not at 0.65, where it rested"
    assert moving.until(lambda: work.over) == pytest.approx(8, abs=0.2)
    assert (moving.desk.values[FADER_1], work.lost) == (0.25, {})


def test_a_recall_whose_console_stays_away_ends_and_says_how_far_it_came() -> None:
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    work = moving.start([Stage({FADER_1: 0.5}), Stage({MAIN: 0.5, NAME_1: "Kick"}), Stage({MUTE_1: True})])
    moving.desk.set({"band/status": OFFLINE}, CONSOLE)
    assert moving.until(lambda: work.over) == pytest.approx(CONFIRM_SECONDS + PATIENCE_SECONDS, abs=0.2)
    assert work.values == {FADER_1: (0.75, 0.5)}
    assert work.lost == dict.fromkeys((FADER_1, MAIN, NAME_1, MUTE_1), GONE_TEXT.format("band")), "nor is what was sent"


def test_a_recall_waits_no_less_for_its_console_where_the_program_itself_gets_no_time() -> None:
    """Other programs keep the core for longer than it would wait: what the console said has not been read yet."""
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    work = moving.start([Stage({FADER_1: 0.5})])
    moving.tick()
    for _ in range(3):
        moving.clock.now += KNOWN_SECONDS
        moving.tick()
    assert not work.over
    moving.unconfirmed = set()
    moving.until(lambda: work.over)
    assert work.lost == {}


@pytest.mark.parametrize(("stands", "why"), [(None, UNCONFIRMED_TEXT), (0.75, OTHER_TEXT)], ids=["silent", "refuses"])
def test_a_recall_names_what_its_console_never_took(stands: Value, why: str) -> None:
    """A console that says nothing of one value, and one that goes on with its own when the driver gives it up."""
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    work = moving.start([Stage({FADER_1: 0.5, MAIN: 0.5}), Stage({MUTE_1: True})])
    moving.until(lambda: moving.desk.values[MUTE_1])
    assert not work.over, "it is not known yet"
    if stands is not None:
        moving.desk.set({FADER_1: stands}, CONSOLE)
        moving.unconfirmed = set()
    assert moving.until(lambda: work.over) == pytest.approx(KNOWN_SECONDS if stands is None else 0, abs=0.05)
    assert work.lost == {FADER_1: why}
    assert work.values.keys() == {FADER_1, MAIN, MUTE_1}, "back leads all of it back"


def test_what_came_late_or_was_moved_after_it_had_come_is_not_named() -> None:
    moving = Moving()
    moving.unconfirmed = {FADER_1, MAIN}
    work = moving.start([Stage({FADER_1: 0.5, MAIN: 0.5, NAME_1: "Kick"}), Stage({MUTE_1: True})])
    moving.tick()
    moving.desk.set({NAME_1: "Snare"}, CONSOLE)  # it had come, and somebody there renames it
    moving.until(lambda: moving.desk.values[MUTE_1])
    moving.desk.set({MAIN: 0.6}, BOB)  # a hand's value is on its way now
    moving.unconfirmed = {MAIN}
    moving.until(lambda: work.over)
    assert work.lost == {}


def test_what_its_console_takes_in_a_later_stage_is_not_named() -> None:
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    work = moving.start([Stage({FADER_1: 0.0}), Stage({MUTE_1: True}), Stage({NAME_1: "Kick"}), Stage({FADER_1: 0.6})])
    moving.desk.set({FADER_1: 0.75}, CONSOLE)
    moving.unconfirmed = {MUTE_1}
    moving.tick()
    assert work.lost == {FADER_1: OTHER_TEXT}
    moving.unconfirmed = set()
    moving.until(lambda: work.over)
    assert (work.lost, moving.desk.values[FADER_1]) == ({}, 0.6)


def test_a_later_recall_has_what_an_earlier_one_waits_for() -> None:
    moving = Moving()
    moving.unconfirmed = {FADER_1}
    first = moving.start([Stage({FADER_1: 0.5})])
    moving.until(lambda: moving.clock.now > 101)
    second = moving.start([Stage({FADER_1: 0.9})], BOB)
    moving.unconfirmed = set()
    moving.until(lambda: first.over and second.over)
    assert (first.lost, second.lost, moving.desk.values[FADER_1]) == ({}, {}, 0.9)


def test_a_hand_that_keeps_its_console_busy_holds_no_stage_up() -> None:
    """Its values wait at each look; those of the stage before have left, and are confirmed."""
    moving = Moving()
    moving.waiting = [{MAIN: 0.3}]
    moving._leave = lambda: None  # type: ignore[method-assign] # the hand's next value waits
    moving.mover._under_way = lambda _: (1, {MAIN}, 9)
    moving.mover._arrivals._under_way = moving.mover._under_way
    work = moving.start([Stage({FADER_1: 0.5}), Stage({MUTE_1: True})])
    assert work.over
    assert moving.desk.values[MUTE_1] is True


def test_what_waits_behind_a_hand_is_awaited_longer() -> None:
    moving = Moving()
    moving.mover._arrivals._under_way = lambda _: (2, {FADER_1, MAIN}, 9)
    moving.start([Stage({FADER_1: 0.5}), Stage({MUTE_1: True})])
    assert moving.until(lambda: moving.desk.values[MUTE_1]) == pytest.approx(LEAVE_SECONDS, abs=0.05)


def test_what_somebody_holds_is_left_and_said() -> None:
    moving = Moving()
    moving.desk.hold(FADER_1, BOB)
    work = moving.start([Stage({FADER_1: 0.5, MAIN: 0.5})])
    assert work.over
    assert list(work.lost) == [FADER_1]
    assert moving.desk.values[MAIN] == 0.5


def test_a_rise_that_is_limited_goes_as_slowly_as_it_must() -> None:
    moving = Moving()
    moving.desk.rights.policy = Policy(rails=(Rail(FADER_1, ("engineer",), rise_db=20),))
    moving.desk.set({FADER_1: LAW.to_position(-40)}, CONSOLE)
    work = moving.start([Stage({FADER_1: LAW.to_position(0)})])
    assert moving.until(lambda: work.over) == pytest.approx(1.0, abs=0.3)
    assert moving.desk.values[FADER_1] == LAW.to_position(0)
