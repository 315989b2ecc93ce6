"""Sinks beside the output: a broken one ends alone, and one that leaves has everything up to then."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from remote_mixer.engine import sinks
from remote_mixer.engine.line import Command, Refused
from remote_mixer.engine.sinks import Sinks
from remote_mixer.engine.tape import Tape


class Spy:
    """A sink that notes its calls, and can refuse to write."""

    path = Path("spy.wav")

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.is_full = False

    def write(self, out: NDArray[np.float32]) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.calls.append(f"write {len(out)}")

    def stop(self) -> None:
        self.calls.append("stop")


class Mixed:
    """Sinks, and a mix that goes on."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.count = np.zeros(1, np.int64)
        self.sinks = Sinks(Tape(np.zeros((100_000, 10), np.float32), self.count), self.problems.append)

    def mix(self, frames: int = 128) -> None:
        self.count[0] += frames

    def join(self, name: str, spy: Spy, monkeypatch: pytest.MonkeyPatch) -> None:
        def start(_command: Command) -> Spy:
            return spy

        monkeypatch.setitem(sinks.SINKS, "spy", start)
        self.sinks.join({"do": "join-sink", "name": name, "sink": "spy"})


def test_a_sink_that_cannot_go_on_is_finished_and_the_other_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, full, good = Mixed(), Spy(), Spy()
    mixed.join("full", full, monkeypatch)
    mixed.join("good", good, monkeypatch)
    full.is_full = True
    for _ in range(2):
        mixed.mix()
        mixed.sinks.drain()
    assert mixed.problems == ["The recording spy.wav has ended: No space left on device."]
    assert full.calls == ["stop"]
    assert good.calls == ["write 128", "write 128"]


def test_a_sink_that_leaves_has_everything_from_where_it_joined_to_then(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, spy = Mixed(), Spy()
    mixed.mix()
    mixed.join("spy", spy, monkeypatch)
    mixed.mix(500)
    mixed.sinks.leave({"name": "spy"})
    mixed.mix()
    mixed.sinks.drain()
    assert spy.calls == ["write 500", "stop"]


def test_a_name_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = Mixed()
    mixed.join("spy", Spy(), monkeypatch)
    with pytest.raises(Refused, match="already"):
        mixed.join("spy", Spy(), monkeypatch)
