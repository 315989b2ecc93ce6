"""Event loop of the server: names of other computers are looked up beside all other work.

The system's resolver blocks a thread, for half a minute where no name server answers, and cannot be interrupted.
asyncio calls it in the few threads that all blocking work of a loop shares, and waits for them when the loop ends.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias

if sys.platform == "win32":
    from asyncio import ProactorEventLoop as SystemLoop
else:
    from asyncio import SelectorEventLoop as SystemLoop

Host: TypeAlias = bytes | str | None
Port: TypeAlias = bytes | str | int | None
Name: TypeAlias = tuple[Host, Port, int, int, int, int]
"""Arguments of a lookup."""
Addresses: TypeAlias = list[tuple[Any, Any, int, str, Any]]
"""Result of a lookup, as `socket.getaddrinfo` returns it."""


class ServerLoop(SystemLoop):
    """Loop in which each lookup has a thread of its own, and neither loop nor process waits for its end."""

    def __init__(self) -> None:
        super().__init__()
        self._lookups: dict[Name, asyncio.Future[Addresses]] = {}

    async def getaddrinfo(  # noqa: PLR0913 - asyncio's own arguments
        self,
        host: Host,
        port: Port,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - as above
        proto: int = 0,
        flags: int = 0,
    ) -> Addresses:
        """Return the addresses of a name; OSError where it has none. Lookups of one name at one time are one lookup."""
        name = host, port, family, type, proto, flags
        if name not in self._lookups:
            self._begin(name)
        return await asyncio.shield(self._lookups[name])

    def _begin(self, name: Name) -> None:
        self._lookups[name] = lookup = self.create_future()
        lookup.add_done_callback(partial(self._end, name))
        threading.Thread(target=self._look_up, args=(name, lookup), name="name lookup", daemon=True).start()

    def _end(self, name: Name, lookup: asyncio.Future[Addresses]) -> None:
        del self._lookups[name]
        lookup.exception()  # else one that nobody awaits any more would be logged

    # In the lookup's thread

    def _look_up(self, name: Name, lookup: asyncio.Future[Addresses]) -> None:
        outcome = addresses_of(name)
        with suppress(RuntimeError):  # the loop has ended
            self.call_soon_threadsafe(_settle, lookup, outcome)


def addresses_of(name: Name) -> Addresses | OSError:
    """Return the addresses of a name, or the fault where it has none; the thread waits for as long as the system."""
    try:
        return socket.getaddrinfo(*name)
    except OSError as fault:
        return fault
    except UnicodeError:  # an empty part, or one of more than 63 letters
        return socket.gaierror(socket.EAI_NONAME, "it is no name of a computer")


def _settle(lookup: asyncio.Future[Addresses], outcome: Addresses | OSError) -> None:
    if isinstance(outcome, OSError):
        lookup.set_exception(outcome)
    else:
        lookup.set_result(outcome)
