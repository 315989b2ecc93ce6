"""Sections of facts, each gathered on its own: one that fails or hangs says so, and all others stand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from threading import Thread

from remote_mixer.doctor.report import Row, Section

GATHER_SECONDS = 15.0
"""Longest time for all gatherers: programs that they start have less each."""

Gatherer = Callable[[], Iterable[Row]]
Gatherers = Mapping[str, Gatherer]
"""Title of a section → function that returns its rows, and may raise anything."""


def gather(gatherers: Gatherers) -> list[Section]:
    """Return the sections, gathered one after another in this thread."""
    return [Section(title, _rows(gatherer)) for title, gatherer in gatherers.items()]


def gather_beside(gatherers: Gatherers, seconds: float = GATHER_SECONDS) -> list[Section]:
    """Return the sections, each gathered in a thread of its own; what takes longer is named and left behind."""
    found: dict[str, list[Row]] = {}

    def run(title: str, gatherer: Gatherer) -> None:
        found[title] = _rows(gatherer)

    threads = [Thread(target=run, args=each, name=each[0], daemon=True) for each in gatherers.items()]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    silent = [("", f"no answer within {seconds:.0f} s")]
    return [Section(title, found.get(title, silent)) for title in gatherers]


def _rows(gatherer: Gatherer) -> list[Row]:
    try:
        return list(gatherer())
    except Exception as fault:  # noqa: BLE001 - the guard of a gatherer: the report is for when things are broken
        return [("", f"cannot be told ({type(fault).__name__}: {fault})")]
