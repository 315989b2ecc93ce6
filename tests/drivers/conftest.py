"""The watchdog of all driver tests: no driver stops the loop, whatever its console does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.watchdog import is_crowded, slowness, watched

MOST_SECONDS = 0.02
LARGE_CONSOLES = {"every_cc": 0.15}
"""Part of the names of tests whose console has thousands of values in one step: the longest stop that they allow."""
REPEATED = 3
"""Tests with a stop in the same place from which on it is the program's."""
_stops = Counter[str]()


@pytest.fixture
def longest_stop_seconds(request: pytest.FixtureRequest) -> float:
    """Return the longest stop of the loop that a test allows on the processor of the limits."""
    large = (most for part, most in LARGE_CONSOLES.items() if part in request.node.nodeid)
    return next(large, MOST_SECONDS)


@pytest.fixture(autouse=True)
def watchdog(
    monkeypatch: pytest.MonkeyPatch, longest_stop_seconds: float, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail a test in which a callback or task step of the program stops the loop for too long, as it did in others.

    A single stop may be the machine's doing; what the program does itself, it does in many tests. Beside JACK only the
    time at work counts: rtmidi keeps the interpreter's lock while JACK makes a client and joins ports (`test_stops`).
    """
    only_work = "jack" in request.fixturenames
    with watched(monkeypatch, is_crowded=lambda: only_work or is_crowded()) as dog:
        yield
    # How slow the machine is takes 7 ms to measure: only a stop that would be too long on any machine is worth them.
    if dog.longest.seconds > longest_stop_seconds and dog.longest.seconds > longest_stop_seconds * slowness():
        _stops[dog.longest.place] += 1
        if _stops[dog.longest.place] >= REPEATED:
            pytest.fail(f"The loop stood still for {dog.longest}.")
