"""Solos and talkbacks left on: each goes off by itself after the client that switched it on has gone."""

from __future__ import annotations

from collections.abc import Callable, Container

from remote_mixer.desk import paths, sources
from remote_mixer.desk.change import Change
from remote_mixer.desk.layout import ONLINE

LEFT_ON_SECONDS = 10.0
"""Time that a solo stays on without its owner. A talkback has none: nobody hears that its microphone is open."""


class LeftOn:
    """Owners of the solos and talkbacks that are on, and which of these clients have gone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._owners: dict[str, str] = {}
        self._gone: dict[str, float] = {}
        self._let_go: set[str] = set()

    def note(self, change: Change) -> None:
        """Record who switched a solo or talkback on; a change listener of the desk.

        A finger that lifts while its console is away cannot say so: the console's talkbacks end when it is back.
        """
        for path, value in change.after.items():
            if paths.is_status(path) and value != ONLINE:
                self._end_talk(console=paths.console_of(path))
            if paths.param_of(path) == "solo" or paths.is_talk(path):
                self._owners.pop(path, None)
                self._let_go.discard(path)
                if value and change.source.kind == sources.CLIENT:
                    self._owners[path] = change.source.id

    def left(self, client: str) -> None:
        """Record that a client has gone: no finger of it is on a talkback."""
        self._end_talk(client=client)
        if client in self._owners.values():
            self._gone[client] = self._clock()

    def back(self, client: str) -> None:
        """Record that a client has joined, or joined again: its former link's talkbacks have ended all the same."""
        self._end_talk(client=client)
        self._gone.pop(client, None)

    def _end_talk(self, *, client: str = "", console: str = "") -> None:
        talks = {path: owner for path, owner in self._owners.items() if paths.is_talk(path)}
        self._let_go |= {path for path, owner in talks.items() if owner == client or paths.console_of(path) == console}

    def keep_only(self, paths: Container[str]) -> None:
        """Forget the params of consoles and strips that no longer exist."""
        self._owners = {path: owner for path, owner in self._owners.items() if path in paths}
        self._let_go = {path for path in self._let_go if path in paths}

    def due(self) -> list[str]:
        """Return what is to go off: talkbacks at once, solos whose owner has been gone for LEFT_ON_SECONDS."""
        now, owners = self._clock(), set(self._owners.values())
        self._gone = {client: at for client, at in self._gone.items() if client in owners}
        away = {client for client, at in self._gone.items() if now - at >= LEFT_ON_SECONDS}
        return [path for path, owner in self._owners.items() if owner in away or path in self._let_go]
