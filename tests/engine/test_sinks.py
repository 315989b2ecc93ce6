"""Sinks beside the output: a broken one ends alone, and none is finished while it is being fed."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from remote_mixer.engine import sinks
from remote_mixer.engine.line import Command, Refused
from remote_mixer.engine.sinks import Sinks

PATIENCE_SECONDS = 10.0
BLOCK = np.zeros((128, 10), np.float32)


class Spy:
    """A sink that notes its calls, and can be held in `feed` or refuse to `drain`."""

    path = Path("spy.wav")

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.entered, self.may_go = threading.Event(), threading.Event()
        self.may_go.set()
        self.is_full = False

    def feed(self, out: NDArray[np.float32]) -> None:
        self.entered.set()
        assert self.may_go.wait(PATIENCE_SECONDS)
        self.calls.append("feed")

    def drain(self) -> None:
        self.calls.append("drain")
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")

    def stop(self) -> None:
        self.calls.append("stop")


def join(joined: Sinks, name: str, spy: Spy, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_command: Command) -> Spy:
        return spy

    monkeypatch.setitem(sinks.SINKS, "spy", start)
    joined.join({"do": "join-sink", "name": name, "sink": "spy"})


def test_a_sink_that_cannot_go_on_is_finished_and_the_other_is_fed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    problems: list[str] = []
    joined, full, good = Sinks(problems.append), Spy(), Spy()
    join(joined, "full", full, monkeypatch)
    join(joined, "good", good, monkeypatch)
    full.is_full = True
    joined.drain()
    joined.feed(BLOCK)
    assert problems == ["The recording spy.wav has ended: No space left on device."]
    assert full.calls == ["drain", "stop"]
    assert good.calls == ["drain", "feed"]


def test_a_sink_that_leaves_is_drained_and_finished_once_the_mixing_thread_is_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    joined, spy = Sinks(lambda text: None), Spy()
    join(joined, "spy", spy, monkeypatch)
    spy.may_go.clear()
    mixing = threading.Thread(target=joined.feed, args=(BLOCK,))
    leaving = threading.Thread(target=joined.leave, args=({"name": "spy"},))
    mixing.start()
    assert spy.entered.wait(PATIENCE_SECONDS)
    leaving.start()
    leaving.join(0.05)
    assert spy.calls == []
    spy.may_go.set()
    mixing.join(PATIENCE_SECONDS)
    leaving.join(PATIENCE_SECONDS)
    assert spy.calls == ["feed", "drain", "stop"]
    joined.feed(BLOCK)
    assert spy.calls == ["feed", "drain", "stop"]


def test_a_name_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = Sinks(lambda text: None)
    join(joined, "spy", Spy(), monkeypatch)
    with pytest.raises(Refused, match="already"):
        join(joined, "spy", Spy(), monkeypatch)
