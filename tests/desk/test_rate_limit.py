"""Rate limits: a burst, then so many a second, for each key alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk import rate_limit
from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from tests.desk.desks import Clock


def count(limit: RateLimit, key: str, tries: int) -> int:
    """Return how many of the tries are allowed."""
    return sum(limit.take(key) for _ in range(tries))


def test_a_burst_passes_and_then_so_many_a_second_for_each_key_alone() -> None:
    clock = Clock()
    limit = RateLimit(2, 10, clock)
    assert count(limit, "ann", 100) == 10
    assert count(limit, "bob", 100) == 10
    clock.now += 3
    assert count(limit, "ann", 100) == 6
    clock.now += 1000
    assert count(limit, "ann", 100) == 10


def test_what_is_refused_costs_nothing() -> None:
    clock = Clock()
    limit = RateLimit(1, 1, clock)
    assert count(limit, "ann", 1000) == 1
    clock.now += 1
    assert count(limit, "ann", 1000) == 1


def test_a_refusal_says_so_and_the_wait_says_how_long() -> None:
    clock = Clock()
    limit = RateLimit(0.5, 2, clock)
    limit.check()
    limit.check()
    with pytest.raises(Refusal) as refused:
        limit.check()
    assert refused.value.code is Code.TOO_OFTEN
    assert limit.wait() == pytest.approx(2)
    clock.now += 2
    assert limit.wait() == 0
    limit.check()


def test_what_was_counted_against_the_limit_has_to_be_waited_for() -> None:
    limit = RateLimit(0.1, 30, Clock())
    for _ in range(32):
        limit.count()
    assert limit.wait() == pytest.approx(30)


@given(st.integers(0, 20))
def test_the_spare_ones_are_those_that_pass_at_once(taken: int) -> None:
    limit = RateLimit(3, 20, Clock())
    assert count(limit, "", taken) == taken
    assert round(limit.spare(), 6) == 20 - taken
    assert count(limit, "", 100) == 20 - taken


def test_a_key_whose_use_still_counts_outlives_those_that_are_whole_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limit, "MOST_KEYS", 3)
    clock = Clock()
    limit = RateLimit(1, 2, clock)
    count(limit, "long ago", 1)
    clock.now += 0.5
    assert count(limit, "ann", 2) == 2
    clock.now += 0.6
    for key in ("bob", "cleo"):
        count(limit, key, 1)
    assert count(limit, "ann", 2) == 0, "1.4 s are left of her two"


def test_of_more_keys_than_are_kept_the_least_recently_used_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_KEYS", 2)
    limit = RateLimit(1, 1, Clock())
    for key in ("ann", "bob", "cleo"):
        count(limit, key, 1)
    assert (count(limit, "bob", 1), count(limit, "cleo", 1)) == (0, 0)
    assert count(limit, "ann", 1) == 1


def test_a_hundred_thousand_keys_are_not_remembered_and_the_ones_too_fast_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_KEYS", 50)
    limit = RateLimit(1, 3, Clock())
    for number in range(1000):
        count(limit, str(number), 1)
        assert count(limit, "ann", 5) == (3 if number == 0 else 0)
    assert len(limit) <= rate_limit.MOST_KEYS
