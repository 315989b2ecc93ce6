"""Lost messages: what was sent last is sent again until the far end's echo says that it stands."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import CC, Button, Control, Entry, Knob
from remote_mixer.drivers.midi_cc.session import (
    ANSWERING_PAUSES_SECONDS,
    SILENT_PAUSES_SECONDS,
    PacedLink,
    Session,
)
from tests.drivers.midi_cc.console import console
from tests.drivers.midi_cc.gear import Gear
from tests.support.midi import FarSide, MemoryLink
from tests.support.waiting import until

FADER, MUTE, PRESS = "ch1/fader", "ch1/mute", "ch2/mute"
ENTRIES: dict[str, Entry] = {
    FADER: Knob(Control(CC, 1, 20), 0, 127),
    MUTE: Button(Control(CC, 1, 30), 127, 0),
    PRESS: Button(Control(CC, 1, 31), 127, 0, momentary=True),
}
LONG_SECONDS = 60.0


class Timer:
    """A call that is due later on a `Bench`."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] = call

    def cancel(self) -> None:
        self.call = lambda: None


class Bench:
    """A session on a clock of the test's own, and what it sends and reports.

    busy  values to be sent again wait, as in the outbox of a busy cable
    """

    def __init__(self) -> None:
        self.now, self.busy = 100.0, False
        self.sent: list[tuple[float, int]] = []
        self.reports: list[tuple[str, str, Value]] = []
        self.waiting: dict[str, Value] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = count()
        far = FarSide()
        far.link = MemoryLink("", lambda message: None, far)
        far.listeners.append(lambda message: self.sent.append((round(self.now - 100.0, 3), message[2])))
        line = PacedLink(far.link, self._clock)
        self.session = Session(line, {}, self, self._call_later, self._clock)
        self.session.set_entries(ENTRIES)

    def _clock(self) -> float:
        return self.now

    def _call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._timers, (self.now + seconds, next(self._numbers), timer))
        return timer

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self._timers and self._timers[0][0] <= end:
            self.now, _, timer = heapq.heappop(self._timers)
            timer.call()
        self.now = end

    def set(self, path: str, raw: int) -> None:
        self.session.send(path, ENTRIES[path].value(raw))

    def answer(self, raw: int, number: int = 20) -> None:
        self.session.receive(1, number, raw)

    def learn(self) -> None:
        """Let the far end echo the fader once, and forget what was sent for that."""
        self.set(FADER, 1)
        self.answer(1)
        self.advance(LONG_SECONDS)
        self.sent.clear()
        self.reports.clear()

    def release(self) -> None:
        """Let what waits leave."""
        self.busy = False
        while self.waiting:
            self.session.send(*self.waiting.popitem())

    def numbers(self) -> list[int]:
        return [raw for _, raw in self.sent]

    # The session's listener

    def moved(self, path: str, value: Value) -> None:
        self.reports.append(("moved", path, value))

    def confirmed(self, path: str) -> None:
        self.reports.append(("confirmed", path, None))

    def unconfirmed(self, path: str) -> None:
        self.reports.append(("unconfirmed", path, None))

    def repeat(self, path: str, value: Value) -> None:
        self.waiting[path] = value
        if not self.busy:
            self.release()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_gear_that_never_echoes_gets_the_last_value_again_after_a_tenth_and_after_a_second(bench: Bench) -> None:
    for raw in (10, 20, 30):
        bench.set(FADER, raw)
        bench.advance(0.02)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [10, 20, 30, 30, 30]
    assert [round(at - 0.04, 3) for at, _ in bench.sent[2:]] == [0, 0.1, 1.0]
    assert set(bench.reports) == {("unconfirmed", FADER, None)}


def test_a_switch_is_sent_again_and_a_momentary_button_never(bench: Bench) -> None:
    bench.set(MUTE, 127)
    bench.set(PRESS, 127)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [127, 127, 0, 127, 127]


def test_an_echoed_value_is_not_sent_again(bench: Bench) -> None:
    bench.set(FADER, 64)
    bench.advance(0.01)
    bench.answer(63)
    bench.advance(LONG_SECONDS)
    assert (bench.numbers(), bench.reports) == ([64], [("confirmed", FADER, None)])
    assert bench.session.answers(FADER)
    assert not bench.session.answers(MUTE), "each control is known by its own echo"


def test_where_the_far_end_echoes_a_value_is_sent_until_it_does(bench: Bench) -> None:
    bench.learn()
    bench.set(FADER, 64)
    bench.advance(0.95)
    assert len(bench.sent) >= 5, "within a second"
    bench.answer(64)
    tries = len(bench.sent)
    bench.advance(LONG_SECONDS)
    assert (len(bench.sent), bench.reports) == (tries, [("confirmed", FADER, None)])


def test_an_echo_that_stays_out_is_awaited_for_ten_seconds_and_then_the_value_is_not_confirmed(bench: Bench) -> None:
    bench.learn()
    bench.set(FADER, 64)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [64] * (1 + len(ANSWERING_PAUSES_SECONDS))
    assert bench.sent[-1][0] - bench.sent[0][0] == pytest.approx(10.0)
    assert bench.reports == [("unconfirmed", FADER, None)]


def test_a_control_that_is_not_echoed_where_others_are_gets_that_long_once(bench: Bench) -> None:
    bench.learn()
    for muted, pauses in ((127, ANSWERING_PAUSES_SECONDS), (0, SILENT_PAUSES_SECONDS)):
        bench.sent.clear()
        bench.set(MUTE, muted)
        bench.advance(LONG_SECONDS)
        assert len(bench.sent) == 1 + len(pauses)
    assert not bench.session.answers(MUTE)


def test_a_newer_value_takes_the_place_of_one_that_is_sent_again(bench: Bench) -> None:
    bench.set(FADER, 64)
    bench.advance(0.15)
    bench.set(FADER, 32)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [64, 64, 32, 32, 32]


def test_nothing_is_sent_against_a_value_that_came_in_since(bench: Bench) -> None:
    bench.set(FADER, 64)
    bench.advance(0.15)
    bench.answer(90)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [64, 64]
    assert bench.reports[-1] == ("moved", FADER, ENTRIES[FADER].value(90))


def test_what_waits_to_be_sent_again_gives_way_to_a_value_that_came_in_since(bench: Bench) -> None:
    bench.busy = True
    bench.set(FADER, 64)
    bench.advance(0.15)
    bench.answer(90)
    bench.reports.clear()
    bench.release()
    assert bench.numbers() == [64]
    assert bench.reports == [("moved", FADER, ENTRIES[FADER].value(90))], "once more: the outbox took ours for newer"
    bench.set(FADER, 64)
    assert bench.numbers() == [64, 64], "a hand's own value is sent"


def test_what_waits_on_a_busy_cable_waits_there_once(bench: Bench) -> None:
    bench.busy = True
    bench.learn()
    bench.set(FADER, 64)
    bench.advance(5.0)
    assert bench.numbers() == [64]
    bench.release()
    bench.answer(64)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [64, 64]


def test_where_the_end_of_a_gesture_was_lost_the_gesture_wins(bench: Bench) -> None:
    for raw in (120, 100):
        bench.set(FADER, raw)
    bench.advance(0.01)
    bench.answer(119)
    bench.advance(0.1)
    assert bench.numbers() == [120, 100, 100]
    bench.answer(99)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [120, 100, 100]
    assert "moved" not in {report[0] for report in bench.reports}


def test_an_early_echo_of_a_value_that_came_twice_confirms_nothing_for_good(bench: Bench) -> None:
    for raw in (50, 80, 50):
        bench.set(FADER, raw)
    for raw in (50, 80):
        bench.answer(raw)
    bench.advance(0.12)
    assert bench.numbers() == [50, 80, 50, 50], "the last one was lost"


def test_a_console_that_stops_short_of_what_it_was_sent_twice_is_believed(bench: Bench) -> None:
    for raw in (100, 110):
        bench.set(FADER, raw)
    bench.answer(100)
    bench.advance(0.1)
    bench.answer(100)
    bench.advance(LONG_SECONDS)
    assert bench.numbers() == [100, 110, 110]
    assert bench.reports[-1] == ("moved", FADER, ENTRIES[FADER].value(100))


# On a desk


def stands(gear: Gear, wanted: dict[tuple[int, int], int]) -> bool:
    return wanted.items() <= gear.cc.items()


async def test_at_one_message_in_five_lost_both_ways_every_fader_ends_where_it_was_put(tmp_path: Path) -> None:
    chance = Random(20261126)
    gear = Gear(lambda number, value: max(0, value - 1))
    text = "[[layers]]\n" + "".join(f"[[layers.channels]]\nfader = {n}\n" for n in range(40, 80))
    async with console(tmp_path, text, gear=gear) as daw:
        gear.loses = lambda: chance.random() < 0.2
        for step in (30, 90):
            wanted = {(1, 39 + n): step + n % 30 for n in range(1, 41)}
            for (_, number), raw in wanted.items():
                daw.set(f"ch{number - 39}/fader", raw / 127)
            await until(partial(stands, gear, wanted))
            await until(lambda: not daw.remembered | daw.pending)
        assert [move for move in daw.moves if move[0].endswith("fader")] == [], "and no page was moved"


async def test_what_no_echo_confirms_is_marked_and_the_mark_goes_with_the_first_echo(tmp_path: Path) -> None:
    gear = Gear()
    async with console(tmp_path, gear=gear) as daw:
        daw.set("ch1/fader", 0.5)
        await until(lambda: daw.remembered == {"ch1/fader"})
        assert not daw.driver.confirms("daw/ch1/fader")
        gear.answer = lambda number, value: value
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.remembered == set())
        assert daw.driver.confirms("daw/ch1/fader")


async def test_where_the_far_end_echoes_a_lost_move_is_pending_until_it_stands(tmp_path: Path) -> None:
    gear = Gear(lambda number, value: value)
    async with console(tmp_path, gear=gear) as daw:
        daw.set("ch1/fader", 0.5)
        await until(lambda: daw.driver.confirms("daw/ch1/fader"))
        gear.loses = lambda: True
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.pending == {"ch1/fader"})
        gear.loses = lambda: False
        await until(lambda: gear.cc[1, 20] == 127 and not daw.pending)
        assert (daw.value("ch1/fader"), daw.remembered) == (1.0, set())


async def test_gear_that_never_echoes_gets_a_value_three_times_at_the_cables_pace(tmp_path: Path) -> None:
    async with console(tmp_path) as daw:
        daw.set("ch1/fader", 1.0)
        daw.set("main/fader", 0.25)
        await until(lambda: len(daw.gear.far.sent) == 3 * (1 + 6))
        assert daw.gear.far.sent.count(daw.gear.far.sent[0]) == 3


async def test_a_value_that_is_not_confirmed_cannot_be_asked_for_and_is_sent_when_it_is_set_again(
    tmp_path: Path,
) -> None:
    async with console(tmp_path, kept={"ch1/fader": 1.0}) as daw:
        assert not daw.driver.query("daw/ch1/fader")
        daw.set("ch1/fader", 1.0)
        await until(lambda: daw.gear.cc.get((1, 20)) == 127)
