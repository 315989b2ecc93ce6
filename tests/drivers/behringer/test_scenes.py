"""Signs of a recall: an X Air tells its snapshot's number; an X32 tells nothing, and its highlight is no sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer import scenes
from remote_mixer.drivers.behringer.scenes import FEW, PAUSE_SECONDS, Own, Storm
from tests.drivers.behringer.joined import Joined, joined
from tests.support.waiting import until

HIGHLIGHT, SHOWN = "/-show/prepos/current", "/-prefs/show_control"


def deaf(there: Joined, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the console ignore recalls; return the numbers of those that reach it."""
    came: list[int] = []

    def ignore(_: object, given: tuple[int, ...]) -> None:
        came.append(given[0])

    monkeypatch.setitem(there.simulator._commands, there.simulator.model.family.recall, ignore)
    return came


async def test_a_highlighted_line_is_a_param_of_its_own_and_no_recall(tmp_path: Path) -> None:
    async with joined(tmp_path, "x32") as there:
        assert (there.value("scene/highlighted"), there.value("scene/list")) == (-1, "scenes")
        there.simulator.move(HIGHLIGHT, 7)
        there.simulator.move(SHOWN, "SNIPPETS")
        await until(lambda: (there.value("scene/highlighted"), there.value("scene/list")) == (7, "snippets"))
        assert there.value("scene/current") is None
        assert not [notice for notice in there.notices if "recalled" in notice]


@pytest.mark.parametrize("highlight", [None, 4])
async def test_a_recall_goes_to_an_x32_once_whatever_is_highlighted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, highlight: int | None
) -> None:
    monkeypatch.setattr(scenes, "STORM_SECONDS", 0.3)
    async with joined(tmp_path, "x32") as there:
        came = deaf(there, monkeypatch)
        if highlight is not None:
            there.simulator.move(HIGHLIGHT, highlight)
        await there.guard.act("recall", {"scene": 4})
        await until(lambda: "has shown no change" in str(there.value("notice")))
        assert came == [4]
        assert there.value("scene/current") is None, "nothing shows that it was recalled"


async def test_a_recall_on_an_x32_counts_by_what_changes(tmp_path: Path) -> None:
    async with joined(tmp_path, "x32") as there:
        there.simulator.move(HIGHLIGHT, 9)
        await there.guard.act("recall", {"scene": 4})
        assert there.value("scene/current") == 4
        assert there.simulator.console.recalled == 4
        await until(lambda: there.value("scene/highlighted") == 9)


async def test_the_scene_that_was_recalled_before_is_put_back_on_an_x32_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(tmp_path, "x32") as there:
        await there.guard.act("recall", {"scene": 4})
        assert there.value("scene/current") == 4
        monkeypatch.setattr(scenes, "STORM_SECONDS", 0.3)
        stored = there.simulator.values["/ch/01/mix/fader"]
        there.simulator.move("/ch/01/mix/fader", 0.1)
        await there.guard.act("recall", {"scene": 4})
        await until(lambda: there.simulator.values["/ch/01/mix/fader"] == stored)
        assert there.value("scene/current") == 4
        assert not [notice for notice in there.notices if "no change" in notice]


async def test_somebody_elses_recall_on_an_x32_right_after_ours_makes_the_current_scene_unknown(tmp_path: Path) -> None:
    async with joined(tmp_path, "x32") as there:
        await there.guard.act("recall", {"scene": 4})
        assert there.value("scene/current") == 4
        there.simulator.recall(6)
        await until(lambda: there.value("scene/current") is None)
        await until(lambda: "Many values changed at the console" in str(there.value("notice")))


async def test_a_recall_that_another_one_overtook_is_not_repeated_on_an_x_air(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(tmp_path, "xr12") as there:
        came = deaf(there, monkeypatch)
        send = there.lifecycle.conversation.line.send

        def overtaken(address: str, *arguments: int | float | str | bytes) -> None:
            send(address, *arguments)
            if address == "/-snap/load":
                there.simulator.recall(5)

        monkeypatch.setattr(there.lifecycle.conversation.line, "send", overtaken)
        with pytest.raises(DriverError, match="did not recall scene 4"):
            await there.guard.act("recall", {"scene": 4})
        assert came == [4]


async def test_a_snapshot_that_is_saved_at_an_x_air_is_not_called_a_recall(tmp_path: Path) -> None:
    async with joined(tmp_path, "xr12") as there:
        there.simulator.move("/-snap/index", 3)  # as a save does
        await until(lambda: "recalled or saved scene 3 “Song 1”" in str(there.value("notice")))
        assert there.value("scene/current") == 3


def test_a_storm_counts_each_address_once_and_forgets_it_after_a_second() -> None:
    storm = Storm()
    for place in range(100):
        storm.push("/a", place / 1000)
        storm.push(f"/{place % 10}", place / 1000)
    assert storm.push("/a", 0.1) == 11
    assert storm.push("/b", 2.0) == 1


def test_our_recall_pushes_each_value_once_and_ends_with_a_pause() -> None:
    own = Own(until=2.0)
    assert own.take("/late", 0.9), "a console may take its time to begin"
    assert all(own.take(f"/{place}", 0.9) for place in range(FEW))
    assert not own.take("/late", 0.91)
    assert own.take("/more", 0.9 + PAUSE_SECONDS)
    assert not own.take("/another", 0.91 + 2 * PAUSE_SECONDS)
    assert not own.take("/again", 1.0 + 2 * PAUSE_SECONDS)
