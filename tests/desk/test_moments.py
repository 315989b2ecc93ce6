"""Moments are thinned with age; the bin has bounds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from remote_mixer.desk.moments import BIN_SECONDS, MOST_IN_BIN, MOST_MOMENTS, beyond_the_bin, thinned
from remote_mixer.desk.scenes import MOMENT, SCENE, Head

MOMENT_HEAD = Head(1, MOMENT, 0, "", "grey", "", "Remote Mixer", 0.0)


def test_a_show_of_many_hours_keeps_its_newest_minutes_its_beginning_and_ever_wider_gaps() -> None:
    kept: list[Head] = []
    for number in range(600):
        now = number * 300.0
        kept.append(replace(MOMENT_HEAD, id=number, at=now))
        gone = thinned(kept, now)
        kept = [moment for moment in kept if moment not in gone]
    assert len(kept) == MOST_MOMENTS == 48
    assert kept[0].id == 0
    assert [moment.id for moment in kept][-4:] == [596, 597, 598, 599]
    gaps = [b.at - a.at for a, b in pairwise(kept)]
    assert max(gaps[-10:]) < max(gaps[:10])


def test_a_bin_keeps_what_is_younger_than_thirty_days_and_of_too_many_the_youngest() -> None:
    now = 10 * BIN_SECONDS
    assert BIN_SECONDS == 30 * 24 * 3600
    young = [replace(MOMENT_HEAD, id=n, kind=SCENE, deleted=now - BIN_SECONDS + n) for n in range(MOST_IN_BIN)]
    assert beyond_the_bin(young, now) == []
    assert beyond_the_bin(young[::-1], now + 2.5) == young[:3]
    one_more = replace(young[0], id=9999, deleted=now)
    assert beyond_the_bin([*young, one_more], now) == [young[0]]


def kept_after(moments: int, leap: float = 0.0) -> list[int]:
    """Keep a moment every five minutes, the clock leaping in the middle; return those that are left."""
    kept: list[Head] = []
    for number in range(moments):
        now = 1.8e9 + number * 300.0 + (leap if number >= moments // 2 else 0.0)
        kept.append(replace(MOMENT_HEAD, id=number, at=now))
        gone = thinned(kept, now)
        kept = [moment for moment in kept if moment not in gone]
    return [moment.id for moment in kept]


@pytest.mark.parametrize("days", [-20_000, -365, -1, 365, 20_000])
def test_a_leap_of_the_clock_thins_neither_what_was_kept_before_nor_what_is_kept_after_it(days: int) -> None:
    usual, leapt = set(kept_after(200)), set(kept_after(200, days * 86_400.0))
    assert len(leapt) == MOST_MOMENTS
    assert {0, 196, 197, 198, 199} <= leapt
    before = range(100)
    assert abs(len(leapt & {*before}) - len(usual & {*before})) <= 2
