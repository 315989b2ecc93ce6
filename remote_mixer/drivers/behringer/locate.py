"""Locating a console: by the address of its spec, or by its name where its address has changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.behringer import find
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.find import Found
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_line import Line, soon
from remote_mixer.drivers.place import Place

ASK_SECONDS, TRIES = 0.25, 4
"""Time between two queries, any of which may be lost, and their number; a poor network answers after some of them."""


@dataclass(frozen=True, slots=True)
class Located:
    """The console that answered, its port, and a notice where another console was there before."""

    found: Found
    port: int
    notice: str = ""


class Locator:
    """Locates one console at each opening: at the given address, or by its name once that is known.

    The console of the last opening that succeeded is the known one. Where another one answers, each opening says so
    until one succeeds.
    """

    def __init__(self, place: Place, family: Family) -> None:
        self._place = place
        self._family = family
        self._name = ""

    async def locate(self, patience_seconds: float) -> Located:
        """Return the console that answers; DriverError where none does within the time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience_seconds
        while True:
            found = await self._ask()
            if found:
                return self._checked(found)
            if loop.time() >= end:
                raise DriverError(self._nobody())

    async def _ask(self) -> Found | None:
        """Query the given address; search for the former console where another one or none answers there."""
        if not self._place.host:
            return await self._search()
        there = await self._ask_there()
        if not self._name or (there and there.name == self._name):
            return there
        return await self._search() or there

    async def _ask_there(self) -> Found | None:
        """Query the given address; for a console that was known before, an unreachable address counts as no answer."""
        try:
            return await ask(self._place.host, self._place.port)
        except DriverError:
            if not self._name:
                raise
            await asyncio.sleep(ASK_SECONDS)
            return None

    async def _search(self) -> Found | None:
        """Search for the console by its name, or for the only one there is."""
        there = await find.find(self._place.port, find.broadcast_for(self._place.host))
        if self._name:
            there = [found for found in there if found.name == self._name]
        if len(there) > 1:
            names = ", ".join(f"{found.name} at {found.host}" for found in there)
            raise DriverError(f"Several consoles answer ({names}): write the address of one of them.")
        return there[0] if there else None

    def _checked(self, found: Found) -> Located:
        if not found.model.startswith(self._family.models):
            raise DriverError(
                f"At {found.host} answers a {found.model[:40]}, which is none of the {self._family.title} family: give"
                " it its own driver."
            )
        is_another = self._name not in {"", found.name}
        return Located(found, self._place.port, _another(found, self._name) if is_another else "")

    def opened(self, located: Located) -> None:
        """Record that a console was opened: it is the known one from now on."""
        self._name = located.found.name

    def _nobody(self) -> str:
        where = f"at {self._place.host}:{self._place.port}" if self._place.host else f"on port {self._place.port}"
        return (
            f"No {self._family.title} answers {where}. Check that it is switched on, and that its network address is"
            " the one you wrote and in the same network as this computer."
        )


def _another(found: Found, former: str) -> str:
    """Return the notice for a console that answers where another one was."""
    return (
        f"At {found.host} now answers “{found.name}”, and “{former}” is nowhere on the network: if this is not the"
        " console you mean, write the address of the other one."
    )


async def ask(host: str, port: int) -> Found | None:
    """Return the console at an address; None without an answer in a second. DriverError where it is unreachable."""
    answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()

    def receive(address: str, arguments: tuple[Argument, ...]) -> None:
        found = find.answer(address, arguments, host)
        if found and not answer.done():
            answer.set_result(found)

    line = await Line(receive).connect(host, port)
    try:
        for _ in range(TRIES):
            line.send("/xinfo")
            if await soon(answer.done, ASK_SECONDS):
                return answer.result()
        return None
    finally:
        await line.close()
