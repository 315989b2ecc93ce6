"""The start of the program: what holds for the whole process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from remote_mixer.app import App, Options
from remote_mixer.command import launch


class _StartedError(Exception):
    """Stands for all that comes after the start."""


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_no_collection_goes_through_what_the_program_was_started_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A full one would hold the loop for 40 ms, on a busy machine for 190: faders were late now and then."""

    def started(_: App) -> None:
        raise _StartedError

    monkeypatch.setattr(App, "start", lambda _: None)
    monkeypatch.setattr(launch, "_stop_by_signals", started)
    with pytest.raises(_StartedError):
        launch.run(Options("127.0.0.1", 0, tmp_path, (("band", "demo:"),)), headless=True)
    assert gc.get_freeze_count() > 0.9 * len(gc.get_objects())
