"""Real-time priority for the threads on which a sound card calls back, where the system grants it.

On Linux they have to ask for it; other systems' libraries do so themselves, and a JACK server gives it to its clients.
A thread that never waits would take a processor for itself: it loses the priority.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

PRIORITY = 60  # of 99; above all that is no sound, below the system's own threads
LONGEST_MICROSECONDS = 200_000  # without a wait; many blocks of any size
TASKS = Path("/proc/self/task")
_asked: set[int] = set()  # threads, those of every card


def threads() -> set[int]:
    """Return the ids of this process's threads; empty where the system does not say."""
    with suppress(OSError):
        return {int(task.name) for task in TASKS.iterdir()}
    return set()


def prioritise(some: Collection[int]) -> bool:
    """Ask for real-time priority for threads; return whether it is granted. For the main thread."""
    if sys.platform != "linux":
        return True
    import resource  # noqa: PLC0415  # not on every system

    def give_back(*_: object) -> None:
        for thread in _asked & threads():
            with suppress(OSError):
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))

    _asked.update(some)
    try:
        signal.signal(signal.SIGXCPU, give_back)
        resource.setrlimit(
            resource.RLIMIT_RTTIME, (LONGEST_MICROSECONDS, resource.getrlimit(resource.RLIMIT_RTTIME)[1])
        )
        for thread in some:
            os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except (OSError, ValueError):
        return False
    return True
