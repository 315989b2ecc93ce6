"""Moments are thinned with age."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from remote_mixer.desk.moments import MOST_MOMENTS, thinned
from remote_mixer.desk.scenes import MOMENT, Head

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
