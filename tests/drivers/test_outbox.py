"""Outbox: the newest value of each path waits until the driver says that it may leave."""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.desk.params import Value
from remote_mixer.drivers.outbox import Outbox


class Console:
    """A console whose lanes (the paths' first segments) rest after each value, on a clock that the test moves.

    Hands and recalls have a lane each.
    """

    def __init__(self, rest_seconds: float, lane_rest_seconds: float = 0.0) -> None:
        self.now = 0.0
        self.sent: list[tuple[str, Value]] = []
        self._rests = rest_seconds, lane_rest_seconds
        self._free_at = 0.0
        self._lanes_free_at: dict[tuple[str, bool], float] = {}
        self._calls: list[Call] = []
        self.outbox = Outbox(self._send, self._lane, self._wait, lambda: self)

    def _lane(self, path: str) -> str:
        return path.partition("/")[0]

    def _send(self, path: str, value: Value, recalled: bool) -> None:
        self.sent.append((path, value))
        self._free_at = self.now + self._rests[0]
        self._lanes_free_at[self._lane(path), recalled] = self.now + self._rests[1]

    def _wait(self, lane: str, recalled: bool) -> float:
        return max(self._free_at, self._lanes_free_at.get((lane, recalled), 0.0)) - self.now

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], None]) -> Call:
        self._calls.append(Call(when, callback))
        return self._calls[-1]

    def pass_time(self, seconds: float) -> None:
        """Let time pass from call to call."""
        end = self.now + seconds
        while due := [call for call in self._calls if call.when() <= end and not call.off]:
            call = min(due, key=Call.when)
            self._calls.remove(call)
            self.now = call.when()
            call.run()
        self.now = end


class Call:
    """A timer of the test's clock."""

    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self._at = when
        self.run = callback
        self.off = False

    def when(self) -> float:
        return self._at

    def cancel(self) -> None:
        self.off = True


def test_a_console_that_takes_everything_gets_everything_at_once() -> None:
    console = Console(0)
    console.outbox.put({"a": 1.0, "b": 2.0})
    assert console.sent == [("a", 1.0), ("b", 2.0)]


def test_the_first_leaves_at_once_and_then_the_newest_of_each_path_in_its_turn() -> None:
    console = Console(0.005)
    for step in range(100):
        console.outbox.put({"a": float(step), "b": float(-step)})
    assert console.sent == [("a", 0.0)]
    console.pass_time(0.1)
    assert console.sent == [("a", 0.0), ("b", -99.0), ("a", 99.0)]


def test_when_all_has_left_the_next_leaves_at_once_again() -> None:
    console = Console(0.005)
    console.outbox.put({"a": 1.0})
    console.pass_time(0.005)
    console.outbox.put({"a": 2.0})
    assert console.sent == [("a", 1.0), ("a", 2.0)]


def test_lanes_take_turns_and_a_lane_that_rests_holds_up_no_other() -> None:
    console = Console(0.005, 0.033)
    console.outbox.put({f"ch{n}/{local}": float(n) for n in range(1, 4) for local in "abc"})
    console.pass_time(0.02)
    assert [path for path, _ in console.sent] == ["ch1/a", "ch2/a", "ch3/a"]
    console.outbox.put({"ch4/a": 4.0})
    console.pass_time(0.001)
    assert console.sent[3:] == [("ch4/a", 4.0)]
    console.pass_time(1)
    assert [path for path, _ in console.sent[4:]] == [f"ch{n}/{local}" for local in "bc" for n in range(1, 4)]


def test_a_strip_that_never_rests_has_no_more_turns_than_the_others() -> None:
    console = Console(0.005)
    console.outbox.put({f"ch{n}/fader": 0.0 for n in range(1, 11)})
    for step in range(200):
        console.outbox.put({"ch1/fader": float(step), "ch1/pan": float(step)})
        console.pass_time(0.001)
    assert {path for path, _ in console.sent[:10]} == {f"ch{n}/fader" for n in range(1, 11)}


def test_a_hand_goes_before_a_recall_that_waits_and_takes_no_value_from_it() -> None:
    console = Console(0.005)
    console.outbox.put({f"ch{n}/{local}": 1.0 for n in range(1, 5) for local in ("fader", "pan")}, recalled=True)
    console.outbox.put({"ch9/fader": 2.0, "ch4/mute": True})
    assert len(console.outbox) == 9
    console.pass_time(0.01)
    assert [path for path, _ in console.sent] == ["ch1/fader", "ch9/fader", "ch4/mute"]
    console.outbox.put({"ch2/pan": 3.0})
    console.outbox.put({"ch2/pan": 0.5, "ch3/pan": 0.5}, recalled=True)
    console.pass_time(1)
    assert ("ch2/pan", 0.5) in console.sent[3:5], "the newest value in the hand's turn"
    wanted = {f"ch{n}/{local}" for n in range(1, 5) for local in ("fader", "pan")}
    assert {path for path, _ in console.sent} == {*wanted, "ch9/fader", "ch4/mute"}
    assert len(console.sent) == 10


def test_hand_and_recall_in_one_lane_wait_for_no_pace_of_the_other() -> None:
    console = Console(0.001, 0.033)
    console.outbox.put({"ch1/eq": 1.0, "ch1/pan": 1.0, "ch1/fader": 1.0}, recalled=True)
    console.pass_time(0.005)
    console.outbox.put({"ch1/fader": 0.5, "ch1/mute": True})
    assert console.sent == [("ch1/eq", 1.0), ("ch1/fader", 0.5)], "as if no recall were under way"
    console.pass_time(0.03)
    assert console.sent[2:] == [("ch1/pan", 1.0)], "33 ms after the recall's own last value"
    console.pass_time(1)
    assert console.sent[3:] == [("ch1/mute", True)], "and the fader's value is the hand's"


def test_what_waits_is_newer_than_what_the_console_says() -> None:
    console = Console(0.005)
    console.outbox.put({"a": 1.0, "b": 2.0})
    assert console.outbox.waits("b")
    assert not console.outbox.waits("a")
    assert console.outbox.newest({"a": 0.0, "b": 0.0, "c": 0.0}) == {"a": 0.0, "b": 2.0, "c": 0.0}


def test_what_is_cleared_never_leaves() -> None:
    console = Console(0.005)
    console.outbox.put({"a": 1.0, "b": 1.0})
    console.outbox.clear()
    console.pass_time(1)
    assert console.sent == [("a", 1.0)]
