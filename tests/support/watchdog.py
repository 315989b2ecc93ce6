"""Watchdog: the longest time for which one callback or task step of the program has stopped the event loop.

What counts is the loop's thread at work or blocked. Time in which other programs had the core does not, nor does the
wait for a new thread to begin, nor the collection of the tests' garbage, nor a page of memory that was read back. Where
more programs want to run than there are cores, only the time at work counts: a block may then be the wait for a thread
of our own that holds the interpreter's lock and has no core.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from types import CodeType
from typing import Any, ParamSpec

import pytest

import remote_mixer
from remote_mixer import simulator

Message = ParamSpec("Message")
PROGRAM, FAR_ENDS = (str(Path(package.__file__ or "").parent) for package in (remote_mixer, simulator))
NOTICED_SECONDS = 0.002
"""Stops that are shorter are not looked into."""
COUNT_SECONDS = 0.002
"""Time at work in which the processor of the limits (AMD EPYC) counts to 100,000."""
CROWDED_SHARE = 0.5
"""Share of the time at work that counts on a crowded machine, where others use the caches and pipes of our core too."""


def is_of_the_program(file: str) -> bool:
    """Whether a file is the program's own, and not of the consoles that it simulates."""
    return file.startswith(PROGRAM) and not file.startswith(FAR_ENDS)


def is_crowded() -> bool:
    """Whether more programs want to run than there are cores."""
    with suppress(OSError):  # only Linux tells
        return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0]) > (os.cpu_count() or 1)
    return False


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """One stop: its length, and the place that stopped the loop."""

    seconds: float
    place: str = ""

    def __str__(self) -> str:
        """Return milliseconds and place."""
        return f"{1000 * self.seconds:.1f} ms in {self.place}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Use of a thread so far: seconds that passed, ready without a core, and at work; blocks and page reads."""

    passed: float
    ready: float
    at_work: float
    blocks: int
    page_reads: int

    def stop_since(self, before: Usage) -> float:
        """Return the seconds for which the thread was at work, or blocked by something of our own."""
        if self.blocks == before.blocks or self.page_reads > before.page_reads:
            return self.at_work - before.at_work
        return self.passed - before.passed - (self.ready - before.ready)


def slowness() -> float:
    """Return how much slower than the processor of the limits this one is; at least 1."""
    best = min(_count_seconds() for _ in range(5))
    return max(1.0, best / COUNT_SECONDS)


def _count_seconds() -> float:
    begin = time.thread_time()
    for _ in range(100_000):
        pass
    return time.thread_time() - begin


class Watchdog:
    """Measures the program's callbacks and task steps on the thread that made it.

    counts      tells of a file whether its code is measured
    is_crowded  tells whether more programs want to run than there are cores
    """

    def __init__(self, counts: Callable[[str], bool], is_crowded: Callable[[], bool]) -> None:
        self.longest = Stop(0.0)
        self._counts = counts
        self._is_crowded = is_crowded
        self._collecting = Usage(0, 0, 0, 0, 0)
        self._excused = 0.0
        self._thread = threading.get_ident()
        self._ready_times = -1
        with suppress(OSError):  # only Linux has them; elsewhere a busy machine's own waits count as ours
            self._ready_times = os.open("/proc/thread-self/schedstat", os.O_RDONLY)

    def run(self, run: Callable[[asyncio.Handle], None], handle: asyncio.Handle) -> None:
        """Run one callback as the loop would, and measure it where it is the program's."""
        code = _code_of(handle) if threading.get_ident() == self._thread else None  # not a whole server's beside it
        if code is None or not self._counts(code.co_filename):
            run(handle)
            return
        before, excused = self._usage(), self._excused
        run(handle)
        if time.perf_counter() - before.passed > NOTICED_SECONDS:
            now = self._usage()
            at_work = CROWDED_SHARE * (now.at_work - before.at_work)
            stop = at_work if self._is_crowded() else now.stop_since(before)
            seconds = stop - (self._excused - excused)
            place = f"{code.co_qualname} ({code.co_filename}, line {code.co_firstlineno})"
            self.longest = max(self.longest, Stop(seconds, place))

    def collect(self, phase: str, _: dict[str, int]) -> None:
        """Note the beginning or the end of a garbage collection, and excuse the time."""
        if threading.get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting = self._usage()
        else:
            self._excused += self._usage().stop_since(self._collecting)

    def start(self, start: Callable[[threading.Thread], None], thread: threading.Thread) -> None:
        """Start a thread, whose beginning is waited for, and excuse the time."""
        before = self._usage()
        start(thread)
        if threading.get_ident() == self._thread:
            self._excused += self._usage().stop_since(before)

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Excuse what is done meanwhile."""
        before = self._usage()
        yield
        self._excused += self._usage().stop_since(before)

    def close(self) -> None:
        """Close the file."""
        if self._ready_times >= 0:
            os.close(self._ready_times)
            self._ready_times = -1  # a step that closes its own watchdog is measured to its end

    def _usage(self) -> Usage:
        ready = int(os.pread(self._ready_times, 64, 0).split()[1]) / 1e9 if self._ready_times >= 0 else 0.0
        usage = resource.getrusage(resource.RUSAGE_THREAD)
        return Usage(time.perf_counter(), ready, time.thread_time(), usage.ru_nvcsw, usage.ru_majflt)


_watching: list[Watchdog] = []


def far_end(deliver: Callable[Message, None]) -> Callable[Message, None]:
    """Excuse the work of a far end that the program calls with no network between."""

    @wraps(deliver)
    def excused(*message: Message.args, **named: Message.kwargs) -> None:
        with _watching[-1].excused() if _watching else nullcontext():
            deliver(*message, **named)

    return excused


@contextmanager
def watched(
    monkeypatch: pytest.MonkeyPatch,
    counts: Callable[[str], bool] = is_of_the_program,
    is_crowded: Callable[[], bool] = is_crowded,
) -> Iterator[Watchdog]:
    """Measure the loops of this thread meanwhile."""
    watchdog = Watchdog(counts, is_crowded)
    run = asyncio.Handle._run
    start = threading.Thread.start
    gc.callbacks.append(watchdog.collect)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(asyncio.Handle, "_run", lambda handle: watchdog.run(run, handle))
            patch.setattr(threading.Thread, "start", lambda thread: watchdog.start(start, thread))
            _watching.append(watchdog)
            yield watchdog
    finally:
        _watching.remove(watchdog)
        gc.callbacks.remove(watchdog.collect)
        watchdog.close()


def _code_of(handle: asyncio.Handle) -> CodeType | None:
    """Return the code of a callback, of a task's coroutine, or of the protocol behind a transport."""
    callback: Any = handle._callback  # type: ignore[attr-defined]
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        return getattr(owner.get_coro(), "cr_code", None)
    protocol = getattr(owner, "_protocol", None)
    received = getattr(protocol, "datagram_received", None) or getattr(protocol, "data_received", None)
    return getattr(received or callback, "__code__", None)
