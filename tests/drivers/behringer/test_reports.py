"""Reports to the desk: rows of values are one, and a path is confirmed behind its value. On a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer.reports import MOST_SECONDS, MOST_VALUES, QUIET_SECONDS, Listener, Reports
from tests.support.virtual import play


class Page:
    """Notes what is reported, in its order."""

    def __init__(self) -> None:
        self.reports: list[Mapping[str, Value] | str] = []

    def changed(self, values: Mapping[str, Value]) -> None:
        self.reports.append(values)

    def confirmed(self, path: str) -> None:
        self.reports.append(path)


def test_a_row_of_values_is_one_report() -> None:
    """Each report costs a frame to every page: the first of a row of 32 faders must not make the others wait."""

    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        for channel in range(1, 33):
            reports.add({f"ch{channel}/fader": 0.5})
            await asyncio.sleep(QUIET_SECONDS / 10)
        await asyncio.sleep(2 * QUIET_SECONDS)
        assert [len(report) for report in page.reports] == [32]

    play(story)


def test_a_single_value_is_reported_after_a_short_pause_and_an_endless_row_in_parts() -> None:
    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        reports.add({"ch1/fader": 0.5})
        await asyncio.sleep(1.1 * QUIET_SECONDS)
        assert page.reports == [{"ch1/fader": 0.5}]
        for step in range(100):
            reports.add({f"ch{step % 32}/pan": step / 100})
            await asyncio.sleep(MOST_SECONDS / 10)
        assert 7 <= len(page.reports) <= 12

    play(story)


def test_thousands_of_values_are_reported_in_steps_and_confirmed_behind_the_last() -> None:
    """The desk and all pages take one report in one step, which holds everything else."""

    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        reports.confirm("ch1/mute")
        reports.add({f"ch{channel}/fader": 0.5 for channel in range(1, 2 * MOST_VALUES + 2)})
        await asyncio.sleep(2 * MOST_SECONDS)
        assert [len(report) for report in page.reports[:-1]] == [MOST_VALUES, MOST_VALUES, 1]
        assert page.reports[-1] == "ch1/mute"

    play(story)


def test_a_path_is_confirmed_after_its_value_is_reported_unless_a_newer_write_has_left() -> None:
    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        for path in ("ch1/mute", "ch2/mute"):
            reports.confirm(path)
            reports.add({path: False})
        reports.drop("ch2/mute")
        await asyncio.sleep(2 * QUIET_SECONDS)
        assert page.reports == [{"ch1/mute": False}, "ch1/mute"]

    play(story)
