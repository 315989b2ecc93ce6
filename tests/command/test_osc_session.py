"""A session of Open Stage Control, as a program reads it: every widget's message moves its control, and is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.bridges.osc.addresses import Addresses, Pattern
from remote_mixer.command.osc_session import session
from remote_mixer.drivers.demo import _layout
from tests.bridges.test_osc import program
from tests.command.test_scenes import shell
from tests.support.program import serve
from tests.support.running import online, running
from tests.support.waiting import until


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:4"), osc=("127.0.0.1", 0)) as one:
        yield one


def widgets(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [widget for tab in made["content"]["tabs"] for widget in tab["widgets"]]


async def test_every_widget_moves_its_control_and_what_it_follows_comes(app: App) -> None:
    await online(app)
    layout = app.desk.layouts["band"]
    made = session(layout, "127.0.0.1:9000")
    movers = [widget for widget in widgets(made) if widget["type"] in ("fader", "button")]
    patterns = re.findall(r"'/subscribe', '([^']+)'", made["content"]["onCreate"])
    async with program(app) as stage:
        for pattern in patterns:
            stage.send("/subscribe", pattern, 60)
        for widget in movers:
            path, value = widget["address"][1:], 0.31 if widget["type"] == "fader" else widget["on"]
            stage.send(widget["address"], value)
            await until(lambda path=path, value=value: app.desk.values[path] == pytest.approx(value, abs=1e-4))  # type: ignore[misc] # bound at once
    assert {widget["address"] for widget in movers} >= {
        "/band/ch1/fader",
        "/band/main/mute",
        "/band/ch1/send/bus2/level",
    }
    addresses = Addresses(app.desk.layouts, app.desk.values)
    followed = {
        f"/{target.path}{'/text' if target.is_text else ''}"
        for pattern in patterns
        for target in addresses.find(Pattern(pattern))
    }
    assert {widget["address"] for widget in widgets(made)} <= followed


def test_widgets_have_places_of_their_own_and_names_that_no_other_has() -> None:
    made = session(_layout("band", 8), "127.0.0.1:9000", "rm_secret")
    assert made["type"] == "session"
    for tab in made["content"]["tabs"]:
        frames = [(one["left"], one["top"]) for one in tab["widgets"]]
        assert len(set(frames)) == len(frames) > 0
    ids = [one["id"] for one in widgets(made)]
    assert len(set(ids)) == len(ids)
    assert "'/token', \"rm_secret\"" in made["content"]["onCreate"]


def test_it_is_written_from_a_shell(tmp_path: Path) -> None:
    with serve(tmp_path) as one:
        file = tmp_path / "stage.json"
        assert "127.0.0.1:9001" in shell(one.url(), "osc-session", "band", str(file), "--port", "9001")
        assert "There is no console" in shell(one.url(), "osc-session", "far", str(file), code=1)
    assert json.loads(file.read_text("utf-8"))["createdWith"] == "Open Stage Control"
