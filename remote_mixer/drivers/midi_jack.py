"""Watch over the JACK server behind MIDI ports by a client of our own, because rtmidi does not report its end.

Behaviour of rtmidi 1.5.8 with jackd2 1.9.21 after the server's end, as measured: its port lists stay as they were, its
output accepts messages until 16 KiB wait and then blocks forever, and deleting an output takes a second with the
interpreter's lock held. libjack frees the clients of a dead server when another client is made; deleting one of them
after that ends the whole process. So clients of a dead server are never deleted.
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
    """Watch on the running server; `lost` stays true once it has ended."""

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
        """Return the watch on the running server, one for all links, and count one more link."""
        if cls.current is None or cls.current.lost:
            cls.current = cls()
        cls.current.links += 1
        return cls.current

    def leave(self) -> None:
        """Count one link less; after the last one, close the watching client."""
        self.links -= 1
        if self.links == 0 and ServerWatch.current is self:
            ServerWatch.current = None
            if self._library and self._client and not self.lost:
                self._library.jack_client_close(ctypes.c_void_p(self._client))

    def _ended(self, _: object) -> None:
        """Record the server's end, on a thread of libjack's."""
        self.lost = True


def keep_forever(*clients: object) -> None:
    """Keep these objects from ever being freed, even at exit."""
    for client in clients:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(client))


def _library() -> ctypes.CDLL | None:
    """Return the libjack that rtmidi's wheel has loaded."""
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            _, slash, path = line.partition("/")
            if Path(path).name.startswith("libjack"):
                return ctypes.CDLL(slash + path)
    log.debug("no libjack is loaded, so the end of a JACK server goes unnoticed")
    return None


def _watch(library: ctypes.CDLL, on_shutdown: ctypes._CFunctionType) -> int | None:
    """Open a client without ports; return libjack's handle of it, or None if refused."""
    library.jack_client_open.restype = ctypes.c_void_p
    # libjack prints its errors on the terminal unless an error function is set; strlen takes a text and does nothing.
    library.jack_set_error_function(ctypes.CDLL(None).strlen)
    client: int | None = library.jack_client_open(WATCHER, NO_START_SERVER, None)
    if client:
        library.jack_on_shutdown(ctypes.c_void_p(client), on_shutdown, None)
    return client
