"""The JACK server behind MIDI ports, watched by a client of our own, because rtmidi tells nothing of its end.

What rtmidi does then (1.5.8 with jackd2 1.9.21, tried): its lists of ports stay as they were, its output takes messages
until 16 KiB wait and then waits for ever, and letting go of an output takes a second with the interpreter's lock held.
libjack frees the clients of a dead server by itself as soon as another client is made; letting go of one of them after
that ends the whole process. So clients of a dead server are never touched again.
"""

from __future__ import annotations

import ctypes
import logging
from contextlib import suppress
from pathlib import Path

NO_START_SERVER = 1
WATCHER = b"Remote Mixer watch"

log = logging.getLogger(__name__)

_Shutdown = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class ServerWatch:
    """The running server as its clients see it: `lost` for good once it has ended."""

    current: ServerWatch | None = None

    def __init__(self) -> None:
        self.lost = False
        self.links = 0
        self._on_shutdown = _Shutdown(self._ended)
        keep_forever(self._on_shutdown)  # libjack may call it as long as the program lives
        self._library = _library()
        self._client = _watch(self._library, self._on_shutdown) if self._library else None

    @classmethod
    def join(cls) -> ServerWatch:
        """Return the running server for one more link, watched by one client however many links there are."""
        if cls.current is None or cls.current.lost:
            cls.current = cls()
        cls.current.links += 1
        return cls.current

    def leave(self) -> None:
        """Let one link go, and the watcher after the last."""
        self.links -= 1
        if self.links == 0 and ServerWatch.current is self:
            ServerWatch.current = None
            if self._library and self._client and not self.lost:
                self._library.jack_client_close(ctypes.c_void_p(self._client))

    def _ended(self, _: object) -> None:
        """Take note, on a thread of libjack's."""
        self.lost = True


def keep_forever(*clients: object) -> None:
    """Keep these objects from ever being freed, at the program's end too."""
    for client in clients:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(client))


def _library() -> ctypes.CDLL | None:
    """Return the libjack that is loaded already: rtmidi's wheel brings one of its own."""
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            _, slash, path = line.partition("/")
            if Path(path).name.startswith("libjack"):
                return ctypes.CDLL(slash + path)
    log.debug("no libjack is loaded, so nothing tells when a JACK server ends")
    return None


def _watch(library: ctypes.CDLL, on_shutdown: ctypes._CFunctionType) -> int | None:
    """Become a client without ports; return libjack's handle of it, or None where it will not have us."""
    library.jack_client_open.restype = ctypes.c_void_p
    # libjack writes its errors to the terminal; any harmless C function that takes a text keeps it quiet.
    library.jack_set_error_function(ctypes.CDLL(None).strlen)
    client: int | None = library.jack_client_open(WATCHER, NO_START_SERVER, None)
    if client:
        library.jack_on_shutdown(ctypes.c_void_p(client), on_shutdown, None)
    return client
