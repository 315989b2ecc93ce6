"""A JACK client of our own beside rtmidi's: it notices the server's end, and keeps rtmidi's inputs from a crash.

Behaviour of rtmidi 1.5.8 with jackd2 1.9.21 after the server's end, as measured: its port lists stay as they were, its
output accepts messages until 16 KiB wait and then blocks forever, and deleting an output takes a second with the
interpreter's lock held. libjack frees the clients of a dead server when another client is made; deleting one of them
after that ends the whole process. So clients of a dead server are never deleted.

An input with one connection reads the sender's own buffer in shared memory (JackGraphManager::GetBuffer). A client that
is late reads it while the sender clears and fills it again; rtmidi counts the events first and ignores that
jack_midi_event_get then fails, so it copies from an address that was never set: the whole process ends, within a second
beside a sender that always writes. With a second connection libjack copies all events into the input's own buffer, and
looks at the count for each. So every input of ours is joined to a silent output first, and to a sender only then.
"""

from __future__ import annotations

import ctypes
import logging
from contextlib import suppress
from errno import EEXIST
from pathlib import Path

NO_START_SERVER = 1
IS_OUTPUT = 2
MIDI = b"8 bit raw midi"
WATCHER, SILENCE = "Remote Mixer watch", "silence"
"""Names of the watching client, to which JACK appends a number where it has one already, and of its silent output."""

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
        # Asked once: the name is in the server's memory, and libjack looks for it there after the server's end as well.
        self._silent_port = f"{_name(self._library, self._client)}:{SILENCE}" if self._library and self._client else ""

    @classmethod
    def join(cls) -> ServerWatch:
        """Return the watch on the running server, one for all links, and count one more link."""
        if cls.current is None or cls.current.lost:
            cls.current = cls()
        cls.current.links += 1
        return cls.current

    @property
    def silent_port(self) -> str:
        """Full name of this watch's output that never sends; "" without a watching client or a server.

        That of another mixer on the same server would do until that mixer ends.
        """
        return "" if self.lost else self._silent_port

    @property
    def joins(self) -> bool:
        """Whether `connect` can join ports: a libjack was found, and the server is there."""
        return self._client is not None and not self.lost

    def connect(self, source: str, target: str) -> bool:
        """Join an output to an input, by full names; return whether they are joined now."""
        if self._library is None or not self.joins:
            return False
        fault: int = self._library.jack_connect(ctypes.c_void_p(self._client), source.encode(), target.encode())
        return fault in {0, EEXIST}

    def leave(self) -> None:
        """Count one link less; after the last one, close the watching client."""
        self.links -= 1
        if self.links:
            return
        if ServerWatch.current is self:
            ServerWatch.current = None
        if self._library and self._client and not self.lost:
            self._library.jack_client_close(ctypes.c_void_p(self._client))

    def _ended(self, _: object) -> None:
        """Record the server's end, on a thread of libjack's."""
        self.lost = True


def _name(library: ctypes.CDLL, client: int) -> str:
    """Return the name that JACK gave to a client."""
    library.jack_get_client_name.restype = ctypes.c_char_p
    name: bytes = library.jack_get_client_name(ctypes.c_void_p(client))
    return name.decode()


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
    """Open a client with the silent output; return libjack's handle of it, or None if refused."""
    library.jack_client_open.restype = ctypes.c_void_p
    # libjack prints its errors on the terminal unless an error function is set; strlen takes a text and does nothing.
    own = ctypes.CDLL(None)
    library.jack_set_error_function(own.strlen)
    client: int | None = library.jack_client_open(WATCHER.encode(), NO_START_SERVER, None)
    if client:
        handle = ctypes.c_void_p(client)
        library.jack_on_shutdown(handle, on_shutdown, None)
        # Clients behind one without a process callback never run. sched_yield returns 0, as a callback has to.
        library.jack_set_process_callback(handle, own.sched_yield, None)
        library.jack_port_register(handle, SILENCE.encode(), MIDI, ctypes.c_ulong(IS_OUTPUT), ctypes.c_ulong(0))
        library.jack_activate(handle)
    return client
