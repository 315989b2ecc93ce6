"""Keeps the server announced at the addresses that it has, in the background, whatever becomes of the network.

Knows nothing of zeroconf itself, which takes a tenth of a second or more to import: that happens in a thread, once
there is something to announce.
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

Work = Coroutine[Any, Any, None]


class Announcer:
    """Tells the network who we are. What goes wrong is logged once and felt by nobody: the digits always work."""

    def __init__(self, spawn: Callable[[Work], asyncio.Task[None]], told: Callable[[], None] = lambda: None) -> None:
        """`spawn` runs what lives in the background; `told` is called whenever `name` has changed."""
        self._spawn, self._told = spawn, told
        self._name: str | None = None
        self._life: asyncio.Task[None] | None = None
        self._where: tuple[frozenset[str], int] | None = None
        self._complained = False

    @property
    def name(self) -> str | None:
        """What phones find us by, as `remote-mixer.local` or `remote-mixer-2.local`; None while there is no name."""
        return self._name

    async def announce(self, addresses: Sequence[str], port: int) -> None:
        """Be found at these IPv4 addresses from now on, and at no others; at none of them when there are none.

        Returns within 0.3 s, once the former addresses are withdrawn. `name` is there about 1.3 s later.
        """
        where = (frozenset(addresses), port)
        if where == self._where:
            return
        await self.withdraw()
        if addresses:
            self._where = where
            self._life = self._spawn(self._live(tuple(addresses), port))

    async def withdraw(self) -> None:
        """Say goodbye and close the sockets, within 0.3 s."""
        life, self._life, self._where = self._life, None, None
        if life is not None:
            life.cancel()
            await asyncio.wait({life})
        self._become(None)

    async def _live(self, addresses: tuple[str, ...], port: int) -> None:
        """Go by a name until cancelled; try again later where that cannot be."""
        go_by_a_name = await asyncio.to_thread(_load)
        while True:
            try:
                await go_by_a_name(addresses, port, partial(self._become, port=port))
            except OSError as fault:
                self._become(None)
                self._complain(fault)
            await asyncio.sleep(RETRY_SECONDS)

    def _become(self, name: str | None, *, port: int = 0) -> None:
        if name == self._name:
            return
        self._name = name
        if name:
            self._complained = False
            log.info("this mixer is also found at http://%s:%d/", name, port)
        self._told()

    def _complain(self, fault: OSError) -> None:
        """Say once what is amiss; the next attempts, every RETRY_SECONDS, are silent."""
        if not self._complained:
            reason = REASONS.get(fault.errno or 0, fault.strerror or str(fault))
            log.warning("no name on the network: %s. Phones open the mixer by its digits, or by its code.", reason)
        self._complained = True


def _load() -> Callable[[Sequence[str], int, Callable[[str | None], None]], Coroutine[Any, Any, None]]:
    from remote_mixer.mdns.claim import go_by_a_name  # noqa: PLC0415 - slow to import: in a thread, after the start

    return go_by_a_name
