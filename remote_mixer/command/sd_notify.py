"""Notifications for the service manager that started the program, as systemd does: ready, alive, stopping.

The protocol is sd_notify(3): datagrams of text to the Unix socket in $NOTIFY_SOCKET; without it nothing is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator

BEATS = 3
"""Beats within the time after which the manager takes the program for dead."""
READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


@contextlib.contextmanager
def notified(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Notify the manager that the program is ready, and alive as long as `loop` turns; at the end that it stops.

    loop  runs in another thread
    """
    _notify(READY)
    seconds = _watchdog_seconds()
    beats = asyncio.run_coroutine_threadsafe(_beat(seconds / BEATS), loop) if seconds else None
    try:
        yield
    finally:
        if beats:
            beats.cancel()
        _notify(STOPPING)


async def _beat(seconds: float) -> None:
    while True:
        _notify(ALIVE)
        await asyncio.sleep(seconds)


def _watchdog_seconds() -> float:
    """Return the time after which the manager takes a silent program for dead; 0 where it does not watch this one."""
    ours = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1e6 if ours and microseconds.isdecimal() else 0.0


def _notify(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)  # a manager that does not read must not hold the loop
        line.sendto(state.encode(), "\0" + address[1:] if address[0] == "@" else address)
