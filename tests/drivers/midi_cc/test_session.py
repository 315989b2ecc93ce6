"""The session over a port: no echo moves a fader, the pace is kept, and the last value always arrives."""

from __future__ import annotations

import asyncio
from pathlib import Path

from remote_mixer.drivers.midi_cc.control import CC, Control, Knob
from remote_mixer.drivers.midi_cc.echo import Echo
from tests.drivers.midi_cc.console import ANNE, Console, console
from tests.drivers.midi_cc.gear import Gear, control_change
from tests.support.waiting import PATIENCE_SECONDS, until

MANY = "[[layers]]\n" + "".join(f"[[layers.channels]]\nfader = {{ cc = [{n}, {n + 32}] }}\n" for n in range(7, 27))
MOST_A_SECOND = 600


# Echoes


async def test_gear_that_answers_one_lower_never_makes_a_fader_creep(tmp_path: Path) -> None:
    gear = Gear(lambda number, value: max(0, value - 1))
    async with console(tmp_path, gear=gear) as daw:
        for move in range(1, 1001):
            raw = move * 37 % 128
            daw.set("ch1/fader", raw / 127)
            await sent(gear, 20, raw)
            assert daw.value("ch1/fader") == round(raw / 127, 5)
        await daw_has_received(daw)
        assert [move for move in daw.moves if move[0] == "ch1/fader"] == []
        assert len(gear.far.sent) == 1000


async def sent(gear: Gear, number: int, raw: int) -> None:
    """Wait until a number has arrived at the gear and its answer at the desk."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while gear.cc.get((1, number)) != raw:  # noqa: ASYNC110 - the turns of the loop are what is tried here
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def daw_has_received(daw: Console) -> None:
    """Wait until everything the gear sent is at the desk, and no half value is waiting."""
    daw.gear.move(30, 127)
    await daw.stands("ch1/mute", True)
    session = daw.driver._session
    assert session
    await until(lambda: not session._decoder._waiting)


async def test_a_pair_that_is_answered_half_by_half_stands_still(tmp_path: Path) -> None:
    gear = Gear(lambda number, value: value if number in {21, 53} else None)
    async with console(tmp_path, gear=gear) as daw:
        for move in range(1, 200):
            daw.set("ch2/fader", move / 200)
            await asyncio.sleep(0)
        await until(lambda: gear.cc.get((1, 21), 0) * 128 + gear.cc.get((1, 53), 0) == round(199 / 200 * 16383))
        assert [path for path, _ in daw.moves if path == "ch2/fader"] == []


async def test_a_pair_whose_fine_half_is_never_answered_stands_still(tmp_path: Path) -> None:
    gear = Gear(lambda number, value: value if number == 21 else None)
    async with console(tmp_path, gear=gear) as daw:
        daw.set("ch2/fader", 0.33333)
        await until(lambda: gear.cc.get((1, 53)))
        await daw_has_received(daw)
        assert [move for move in daw.moves if move[0] == "ch2/fader"] == []


async def test_gear_that_stops_short_of_what_it_was_sent_is_believed(tmp_path: Path) -> None:
    gear = Gear(lambda number, value: min(value, 100) if number == 20 else None)
    async with console(tmp_path, gear=gear) as daw:
        for raw in range(90, 128):
            daw.set("ch1/fader", raw / 127)
            await sent(gear, 20, raw)
        await daw.stands("ch1/fader", round(100 / 127, 5))


async def test_a_move_of_the_console_wins_over_nobodys_finger(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.desk.hold("daw/ch1/fader", ANNE)
        daw.set("ch1/fader", 0.0)
        await until(lambda: (1, 20) in daw.gear.cc)
        daw.gear.move(20, 90)
        await daw.stands("ch1/fader", round(90 / 127, 5))
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.gear.cc[1, 20] == 127)
        assert daw.value("ch1/fader") == 1.0


async def test_answers_stay_echoes_while_the_map_is_changed(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.set("ch1/fader", 70 / 127)
        await until(lambda: daw.gear.cc.get((1, 20)) == 70)
        session, entries = daw.driver._session, daw.driver._live_map.map.entries
        assert session
        daw.gear.far.say(control_change(21, 64))
        await asyncio.sleep(0)
        session.set_entries({**entries, "ch1/pan": Knob(Control(CC, 1, 90), 0, 127)})
        daw.gear.far.say(control_change(53, 1))
        daw.gear.move(20, 69)
        await daw_has_received(daw)
        assert [move for move in daw.moves if move[0] == "ch1/fader"] == []
        assert daw.value("ch2/fader") == round((64 * 128 + 1) / 16383, 5)


# The pace


async def test_no_second_holds_more_than_600_messages_and_the_last_values_arrive(tmp_path: Path) -> None:
    async with console(tmp_path, MANY) as daw:
        clock = asyncio.get_running_loop().time
        times: list[float] = []

        def note(message: bytes) -> None:
            times.append(clock())

        daw.gear.far.listeners.append(note)
        faders = [f"ch{n}/fader" for n in range(1, 21)]
        last = clock() + 1.5
        while clock() < last:
            for fader in faders:
                daw.set(fader, clock() % 1)
            await asyncio.sleep(0.002)
        for fader in faders:
            daw.set(fader, 0.75)
        await until(
            lambda: all(
                daw.gear.cc.get((1, n)) == 12287 >> 7 and daw.gear.cc[1, n + 32] == 12287 & 127 for n in range(7, 27)
            )
        )
        assert max(sum(1 for other in times if at <= other < at + 1) for at in times) <= MOST_A_SECOND


async def test_a_burst_of_a_thousand_changes_ends_at_the_last_one(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        for move in range(1000):
            daw.set("ch1/fader", move % 128 / 127)
            daw.set("main/fader", move / 1000)
        await until(lambda: daw.gear.nrpn.get((3, 1024)) == 15984 and daw.gear.cc[1, 20] == 999 % 128)
        assert len(daw.gear.far.sent) < 100, "newest value per control"


async def test_a_fader_that_moves_while_the_map_is_changed_loses_no_move(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        change = asyncio.create_task(daw.act("add_layer", name="Drums"))
        position = 0
        while not change.done() or position < 100:
            position += 1
            daw.set("main/fader", position % 16000 / 16000)
            await asyncio.sleep(0)
            assert daw.value("main/fader") == round(position % 16000 / 16000, 5)
        assert list(daw.rows()) == ["Vocals", "Drums"]
        await until(lambda: daw.gear.nrpn.get((3, 1024)) == position % 16000)


# Echo recognition alone, on a clock of the test's own


def echo_after(*moves: tuple[float, int]) -> Echo:
    echo = Echo()
    for now, raw in moves:
        echo.sent(raw, now)
    return echo


def test_what_was_sent_and_its_neighbours_are_echoes_at_once_and_for_a_moment() -> None:
    for answer in (63, 64, 65):
        assert echo_after((10.0, 64)).is_echo(answer, 1, 10.0)
        assert echo_after((10.0, 64)).is_echo(answer, 1, 10.149)


def test_anything_else_is_a_move_of_the_console() -> None:
    assert not echo_after((10.0, 64)).is_echo(62, 1, 10.01)
    assert not Echo().is_echo(0, 1, 10.0)


def test_answers_to_all_of_a_gesture_are_echoes_while_it_goes_on() -> None:
    echo = echo_after((10.0, 10), (10.1, 20), (10.2, 30), (10.3, 40))
    assert [echo.is_echo(raw - 1, 1, 10.31) for raw in (10, 20, 30, 40)] == [True] * 4


def test_an_answer_is_not_taken_for_one_to_what_came_before_the_one_last_answered() -> None:
    echo = echo_after((10.0, 10), (10.02, 20), (10.04, 30))
    assert echo.is_echo(20, 1, 10.05)
    assert not echo.is_echo(10, 1, 10.06), "the console went back by itself"


def test_after_a_move_of_its_own_all_that_the_console_says_counts() -> None:
    echo = echo_after((10.0, 10), (10.02, 20))
    assert not echo.is_echo(90, 1, 10.03)
    assert not echo.is_echo(20, 1, 10.04), "it stands at 20 again: the page must receive that"
    echo.sent(30, 10.05)
    assert echo.is_echo(30, 1, 10.06)


def test_a_late_neighbour_of_what_was_sent_last_is_the_consoles_rounding_for_a_second() -> None:
    assert echo_after((10.0, 64)).is_echo(63, 1, 10.9)
    assert not echo_after((10.0, 64)).is_echo(63, 1, 11.1), "later it is a step of its own"


def test_a_late_answer_to_an_earlier_value_is_a_move() -> None:
    assert not echo_after((10.0, 10), (10.02, 20)).is_echo(10, 1, 10.2)


def test_a_console_that_stops_short_of_what_it_was_sent_is_found_out() -> None:
    echo = echo_after((10.0, 90), (10.02, 100), (10.04, 110))
    assert echo.is_echo(100, 1, 10.06)
    assert echo.stands_at == 100
    assert not echo.is_confirmed


def test_a_console_that_stands_where_it_was_sent_is_not_asked_twice() -> None:
    echo = echo_after((10.0, 90), (10.02, 100))
    assert echo.is_echo(90, 1, 10.03)
    assert echo.is_echo(99, 1, 10.04)
    assert echo.stands_at is None
    assert echo.is_confirmed


def test_a_console_that_says_nothing_stands_where_it_was_sent() -> None:
    echo = echo_after((10.0, 90))
    assert (echo.stands_at, echo.is_confirmed, echo.has_answered) == (None, False, False)


def test_memory_of_a_long_gesture_is_bounded() -> None:
    echo = echo_after(*((10 + n / 1000, n % 16384) for n in range(100_000)))
    assert len(echo._sent) <= 256
