"""Announce the server by multicast DNS in the background, at its current addresses.

zeroconf takes 0.1 s or more to import, so `claim` is imported in a thread once there is something to announce.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

RETRY_SECONDS = 30.0

REASONS = {
    errno.EADDRINUSE: "another program keeps port 5353 to itself",
    errno.EACCES: "this computer does not allow it",
    errno.EPERM: "this computer does not allow it",
    errno.ENODEV: "the network takes no multicast",
    errno.ENETUNREACH: "the network takes no multicast",
}

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]


class Announcer:
    """Announces the name. Failures are logged once and stop nothing: the address in digits always works."""

    def __init__(self, spawn: Callable[[Work], asyncio.Task[None]], on_rename: Callable[[], None]) -> None:
        """`spawn` runs work in the background; `on_rename` is called whenever `name` has changed."""
        self._spawn, self._on_rename = spawn, on_rename
        self._name: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._announced: tuple[frozenset[str], int] | None = None
        self._has_warned = False

    @property
    def name(self) -> str | None:
        """The announced host name, as `remote-mixer.local` or `remote-mixer-2.local`; None while there is none."""
        return self._name

    async def announce(self, addresses: Sequence[str], port: int) -> None:
        """Announce these IPv4 addresses and no others; an empty list withdraws the name.

        Returns within 0.3 s, once the former addresses are withdrawn; `name` follows about 1.3 s later.
        """
        wanted = (frozenset(addresses), port)
        if wanted == self._announced:
            return
        await self.withdraw()
        if addresses:
            self._announced = wanted
            self._task = self._spawn(partial(self._keep_name, tuple(addresses), port))

    async def withdraw(self) -> None:
        """Withdraw the name and close the sockets, within 0.3 s."""
        task, self._task, self._announced = self._task, None, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        self._set_name(None)

    async def _keep_name(self, addresses: tuple[str, ...], port: int) -> None:
        """Hold a name until cancelled; retry after RETRY_SECONDS where that fails."""
        hold_name = await asyncio.to_thread(_load)
        while True:
            try:
                await hold_name(addresses, port, partial(self._set_name, port=port))
            except OSError as fault:
                self._set_name(None)
                self._warn_once(fault)
            await asyncio.sleep(RETRY_SECONDS)

    def _set_name(self, name: str | None, *, port: int = 0) -> None:
        if name == self._name:
            return
        self._name = name
        if name:
            self._has_warned = False
            log.info("this mixer is also found at http://%s:%d/", name, port)
        self._on_rename()

    def _warn_once(self, fault: OSError) -> None:
        """Log the first failure; later attempts are silent until one succeeds."""
        if not self._has_warned:
            reason = REASONS.get(fault.errno or 0, fault.strerror or str(fault))
            log.warning("no name on the network: %s. Phones open its address in digits or scan its code.", reason)
        self._has_warned = True


def _load() -> Callable[[Sequence[str], int, Callable[[str | None], None]], Coroutine[Any, Any, None]]:
    from remote_mixer.mdns.claim import hold_name  # noqa: PLC0415 - slow to import: in a thread, after the start

    return hold_name
