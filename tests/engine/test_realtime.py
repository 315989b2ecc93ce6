"""Real-time priority: asked for, said where it is not granted, and lost by a thread that never waits."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from remote_mixer.engine import realtime
from remote_mixer.engine.card import NOT_REALTIME
from tests.engine.running import engine, until
from tests.engine.test_card import null_cards
from tests.support.warm import warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems give it by themselves")


def policies(process: int) -> set[int]:
    found = set()
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(ProcessLookupError):
            found.add(os.sched_getscheduler(int(task.name)))
    return found


def test_a_card_that_never_waits_does_not_keep_a_processor_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA's null device is such a card: it is always ready for the next block."""
    null_cards(tmp_path, monkeypatch)
    with engine(warm(tmp_path), "--output=card", "--card=school", "--inputs=2") as running:
        assert running.ready["audible"]
        until(lambda: policies(running.process.pid) == {os.SCHED_OTHER})
        running.plays(1)
        assert running.process.poll() is None


def test_what_is_not_granted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    assert not realtime.prioritise(realtime.threads())
    assert "real-time priority" in NOT_REALTIME


def test_the_threads_of_this_process_are_known() -> None:
    assert os.getpid() in realtime.threads()
