"""What waits for a console: the newest of each path, at the console's pace."""

from collections.abc import Callable

from remote_mixer.desk.params import Value
from remote_mixer.drivers.outbox import Outbox


class Pace:
    """A loop's call_later whose time comes when told."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def later(self, _: float, call: Callable[[], None]) -> None:
        self.due.append(call)

    def next(self) -> None:
        self.due.pop(0)()


def outbox(pace_seconds: float) -> tuple[Outbox, list[tuple[str, Value]], Pace]:
    sent: list[tuple[str, Value]] = []
    pace = Pace()
    return Outbox(lambda path, value: sent.append((path, value)), lambda _: pace_seconds, pace.later), sent, pace


def test_a_console_without_a_pace_gets_everything_at_once() -> None:
    box, sent, _ = outbox(0)
    box.put({"a": 1.0, "b": 2.0})
    assert sent == [("a", 1.0), ("b", 2.0)]


def test_the_first_leaves_at_once_and_the_rest_at_the_pace_newest_only() -> None:
    box, sent, pace = outbox(0.005)
    for step in range(100):
        box.put({"a": float(step), "b": float(-step)})
    assert sent == [("a", 0.0)]
    pace.next()
    pace.next()
    assert sent == [("a", 0.0), ("b", -99.0), ("a", 99.0)]


def test_when_all_has_left_the_next_leaves_at_once_again() -> None:
    box, sent, pace = outbox(0.005)
    box.put({"a": 1.0})
    pace.next()
    box.put({"a": 2.0})
    assert sent == [("a", 1.0), ("a", 2.0)]


def test_what_is_cleared_never_leaves() -> None:
    box, sent, pace = outbox(0.005)
    box.put({"a": 1.0, "b": 1.0})
    box.clear()
    pace.next()
    assert sent == [("a", 1.0)]
