"""Sights of clients: pictures of strips, as spectra and loudness, which no desk knows, and whole strips."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from remote_mixer.desk import paths
from remote_mixer.hub.client import Client
from remote_mixer.hub.messages import Picture
from remote_mixer.people.caller import CREW

Look = Callable[[str, Sequence[str]], None]
"""Called with a console, and all its strips and pictures that are looked at, by full path, the sound crew's first."""


class PictureFeed:
    """Clients and what they look at: a console draws only that."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._looks: dict[Client, frozenset[str]] = {}
        self._asked: dict[str, list[str]] = {}
        self._sent: dict[str, bytes] = {}

    def look(self, client: Client, wanted: Collection[str]) -> None:
        """Send a client these pictures from now on, by full path, and no others; of a strip nothing more is sent."""
        before = self._looks.pop(client, frozenset())
        if wanted:
            self._looks[client] = frozenset(wanted)
        for path in wanted:
            self._sent.pop(path, None)
        if before != frozenset(wanted):
            self._ask()

    def report(self, path: str, body: bytes) -> None:
        """Send a picture to whoever looks at it; one that stays as it is, as that of a silence, wakes no page."""
        if self._sent.get(path) == body:
            return
        self._sent[path] = body
        picture = Picture(path, body)
        for client, wanted in self._looks.items():
            if path in wanted:
                client.picture(picture)

    def _ask(self) -> None:
        """Pass changed sights on to their consoles."""
        crew_first = sorted(self._looks, key=lambda client: client.caller.role not in CREW)
        wanted: dict[str, list[str]] = {console: [] for console in self._asked}
        for path in dict.fromkeys(path for client in crew_first for path in sorted(self._looks[client])):
            wanted.setdefault(paths.console_of(path), []).append(path)
        for console, its in wanted.items():
            if its != self._asked.get(console, []):
                self._look(console, its)
        self._asked = wanted
