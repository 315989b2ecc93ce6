"""Presses of GO whose window lasts as long as a test wants it to: a slow machine makes no second GO out of one."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.app import App
from tests.support.waiting import PATIENCE_SECONDS, until

WINDOW_SECONDS = 2 * PATIENCE_SECONDS


class Presses:
    """Counts presses as they come in, by any road; time passes between them when a test says so."""

    def __init__(self, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
        self._recalls = app.rooms.recalls
        self._count = 0
        go = self._recalls.go

        async def counted(*given: Any) -> Any:
            self._count += 1
            return await go(*given)

        monkeypatch.setattr(self._recalls, "go", counted)
        monkeypatch.setattr("remote_mixer.hub.recalls.GO_SECONDS", WINDOW_SECONDS)
        self.window_passes()

    async def came(self, count: int) -> None:
        """Wait until so many presses have come in since the last wait."""
        await until(lambda: self._count >= count)
        assert self._count == count
        self._count = 0

    async def ended(self) -> None:
        """Wait until what the newest press has led to has ended."""
        await until(self._is_over)

    def _is_over(self) -> bool:
        _, going = self._recalls._went
        return bool(going and going.done() and self._recalls.last and self._recalls.last.is_over)

    def window_passes(self) -> None:
        """Let the window after the last press pass: the next press is another GO."""
        self._pass(WINDOW_SECONDS + 1)

    def most_of_the_window_passes(self) -> None:
        """Let so much of it pass that two such times are longer than the window, and one is not."""
        self._pass(0.6 * WINDOW_SECONDS)

    def _pass(self, seconds: float) -> None:
        at, going = self._recalls._went
        self._recalls._went = at - seconds, going
