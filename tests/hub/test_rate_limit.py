"""How often somebody may do what costs everybody."""

import pytest

from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub import rate_limit
from remote_mixer.hub.rate_limit import Pace


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def count(pace: Pace, who: str, tries: int) -> int:
    """How many of the tries are let through."""
    done = 0
    for _ in range(tries):
        try:
            pace.check(who)
        except Refusal:
            continue
        done += 1
    return done


def test_a_burst_passes_and_then_so_many_a_second_for_each_alone() -> None:
    clock = Clock()
    pace = Pace(2, 10, clock)
    assert count(pace, "ann", 100) == 10
    assert count(pace, "bob", 100) == 10
    clock.now += 3
    assert count(pace, "ann", 100) == 6
    clock.now += 1000
    assert count(pace, "ann", 100) == 10


def test_a_hundred_thousand_names_are_not_remembered_and_who_is_too_fast_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remote_mixer.hub.rate_limit.MOST_KNOWN", 50)
    paced = Pace(1, 3, Clock())
    for number in range(1000):
        count(paced, str(number), 1)
        assert count(paced, "ann", 5) == (3 if number == 0 else 0)
    assert len(paced) <= rate_limit.MOST_KNOWN
