"""Beats of an engine that gets ready: lines that show that it works, however long that takes on a busy computer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from remote_mixer.engine.line import say

BEAT_SECONDS = 1.0
LEAST_WORK_SECONDS = 0.001


@contextmanager
def beating() -> Iterator[None]:
    """Say `busy` every second in which the process has used the processor; one that is stuck stays silent."""
    end = threading.Event()
    thread = threading.Thread(target=_beat, args=(end,), name="beats", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def _beat(end: threading.Event) -> None:
    seen = _work()
    while not end.wait(BEAT_SECONDS):
        work = _work()
        if work - seen >= LEAST_WORK_SECONDS:
            say(busy=round(work, 3))
            seen = work


def _work() -> float:
    """Return the seconds of processor time that all other threads of the process have used."""
    return time.process_time() - time.thread_time()
