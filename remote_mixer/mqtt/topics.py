"""Topics of a mixer under a prefix. No I/O.

`PREFIX/band/ch1/fader` is the text of a value, `…/fader/value` the value itself in JSON, `…/fader/set` and
`…/fader/value/set` take them. `PREFIX/band/layout` is the console's Layout in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

USUAL_PREFIX = "remote-mixer"
ONLINE, OFFLINE = "online", "offline"
SET, VALUE = "/set", "/value"
LEAST_LEVELS, MOST_LEVELS = 2, 8
"""Least and most levels of a path, as `band/status` and `band/ch3/send/bus2/level`."""


@dataclass(frozen=True)
class Topics:
    """Topics under one prefix.

    prefix  of one level or more, as `remote-mixer` or `church/foh`
    """

    prefix: str

    @property
    def status(self) -> str:
        """Topic that is `online` while the mixer keeps its topics up to date, else `offline`."""
        return self.of("status")

    @property
    def error(self) -> str:
        """Topic of what could not be done."""
        return self.of("error")

    def of(self, name: str) -> str:
        """Return the topic of a name under the prefix: the text of a path's value, or a command."""
        return f"{self.prefix}/{name}"

    def value(self, path: str) -> str:
        """Return the topic of a path's value in JSON."""
        return f"{self.prefix}/{path}{VALUE}"

    def layout(self, console: str) -> str:
        """Return the topic of a console's Layout; `+` for those of all consoles."""
        return f"{self.prefix}/{console}/layout"

    def sets(self) -> Iterator[str]:
        """Yield filters for all sets, and for nothing that the mixer publishes itself."""
        for levels in range(LEAST_LEVELS, MOST_LEVELS + 2):
            yield f"{self.prefix}{'/+' * levels}{SET}"

    def values(self, console: str) -> Iterator[str]:
        """Yield filters for the values of a console's params."""
        for levels in range(LEAST_LEVELS - 1, MOST_LEVELS):
            yield f"{self.prefix}/{console}{'/+' * levels}{VALUE}"

    def name_of(self, topic: str) -> str:
        """Return a topic without the prefix; "" for one that is not under it."""
        return topic.removeprefix(f"{self.prefix}/") if topic.startswith(f"{self.prefix}/") else ""
