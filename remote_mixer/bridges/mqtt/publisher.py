"""Publisher: values of the desk as topics that the broker keeps, as the hub's link to one of its clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from math import inf

import msgspec

from remote_mixer.bridges.mqtt.values import reading_of
from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout
from remote_mixer.hub.client import ListeningLink
from remote_mixer.hub.messages import Message, Remembered, values_in
from remote_mixer.mqtt.link import Link
from remote_mixer.mqtt.topics import Topics

REST_SECONDS = 0.1
"""Least time between two messages about one value."""
TURN_SECONDS, PAUSE_SECONDS = 0.003, 0.01
"""Longest time of work at a stretch, and the pause after it: a hand goes first."""


class Publisher(ListeningLink):
    """Topics of one mixer. Of each value the newest is published, at most each REST_SECONDS, and the last one always.

    on_whole    called when all values have been published after a beginning
    on_message  called with each message of the hub
    """

    def __init__(
        self, desk: Desk, topics: Topics, on_whole: Callable[[], None], on_message: Callable[[Message], None]
    ) -> None:
        self._desk, self._topics, self._on_whole, self._on_message = desk, topics, on_whole, on_message
        self._link: Link | None = None
        self._waiting: dict[str, None] = {}  # paths, and nicknames for layouts
        self._left_at: dict[str, float] = {}
        self._kept: dict[str, frozenset[str]] = {}  # nickname → paths with topics
        self._remembered = frozenset[str]()
        self._is_whole = False
        self._timer: asyncio.Handle | None = None

    # The hub's side

    def send(self, *messages: Message) -> None:
        """Publish the values that messages bring."""
        for message in messages:
            self.publish(values_in(message))
            if isinstance(message, Remembered):
                self._publish_remembered()
            self._on_message(message)

    def abort(self) -> None:
        """End: the broker is lost, or the server stops."""
        self._link = None
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    # The bridge's side

    def begin(self, link: Link) -> None:
        """Publish everything by a new connection: what the broker has kept may be old."""
        self._link, self._is_whole = link, False
        self._left_at.clear()
        self._remembered = frozenset(self._desk.remembered())
        for layout in self._desk.shown:
            self.publish([layout.name, *(path for path, _ in layout.paths())])

    def publish_layout(self, layout: Layout) -> None:
        """Publish a console's new layout, and clear the topics of params that have gone."""
        self.publish([layout.name])

    def publish(self, some: Iterable[str]) -> None:
        """Publish the present values of paths, and the layouts of nicknames, also where they have not changed."""
        if self._link:
            self._waiting |= dict.fromkeys(some)
            if self._waiting and self._timer is None:
                self._timer = asyncio.get_running_loop().call_soon(self._drain)

    def _publish_remembered(self) -> None:
        """Publish values that have become known, or are only remembered now."""
        before, self._remembered = self._remembered, frozenset(self._desk.remembered())
        self.publish(before ^ self._remembered)

    def keep_only(self, console: str, kept: Iterable[str]) -> None:
        """Clear the topics of paths that the broker kept, from whenever, and that the console does not have now."""
        layout = self._desk.layouts.get(console)
        present = self._paths(layout) if layout and layout.is_shown else frozenset[str]()
        for path in frozenset(kept) - present:
            self._clear(self._topics.of(path), self._topics.value(path))
        if not present:
            self._clear(self._topics.layout(console))

    def _clear(self, *topics: str) -> None:
        for topic in topics:
            if self._link:
                self._link.publish(topic, "", keep=True)

    def _paths(self, layout: Layout) -> frozenset[str]:
        return frozenset(path for path, _ in layout.paths())

    def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer, now = None, loop.time()
        for path in list(self._waiting):
            if self._link is None or not self._link.has_room or loop.time() - now > TURN_SECONDS:
                break
            if now - self._left_at.get(path, -inf) >= REST_SECONDS:
                del self._waiting[path]
                self._left_at[path] = now
                self._publish_now(self._link, path)
        if self._waiting:
            self._timer = loop.call_later(PAUSE_SECONDS, self._drain)
        elif not self._is_whole:
            self._is_whole = True
            self._on_whole()

    def _publish_now(self, link: Link, path: str) -> None:
        console = paths.console_of(path)
        layout = self._desk.layouts.get(console)
        if path == console:
            self.keep_only(console, self._kept.pop(console, ()))
        if layout is None or not layout.is_shown:
            return
        if path == console:
            self._kept[console] = self._paths(layout)
            link.publish(self._topics.layout(console), msgspec.json.encode(layout.as_json()), keep=True)
        elif path in self._desk.values:
            value = self._desk.values[path] if self._desk.is_known(path) else None
            reading = reading_of(self._desk.param(path), layout, value)
            link.publish(self._topics.of(path), reading, keep=True)
            link.publish(self._topics.value(path), json.dumps(value), keep=True)
