"""Navigation of the DAW's banks: press a button, wait until the surface is repainted, compare the names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.mackie.banks import MOST_BANKS, MOST_PROBES, ONE_BY_ONE, Walk, back, locate, places, toward
from remote_mixer.drivers.mackie.protocol import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.tracks import Tracks
from remote_mixer.drivers.mackie.units import Units

FIRST_SECONDS = 1.5
"""Time in which a running DAW paints after the surface is announced."""
PATIENCE_SECONDS = 0.6
"""Time without any change after a bank button that means: no more banks there."""
QUIET_SECONDS = 0.1
"""The surface is painted when nothing has changed for this long …"""
MOST_SECONDS = 0.6
"""… or after this long in any case: automation may never rest."""


class Navigator:
    """Moves the surface's window. Call `on_paint` whenever the surface may have been painted."""

    def __init__(self, surface: Surface, tracks: Tracks, units: Units) -> None:
        self._surface, self._tracks, self._units = surface, tracks, units
        self._painted = asyncio.Event()
        self._changes = 0

    def on_paint(self) -> None:
        """Wake the waiting call if the surface has changed."""
        if self._surface.changes != self._changes:
            self._changes = self._surface.changes
            self._painted.set()

    async def painted(self) -> bool:
        """Wait until the surface is painted for the first time; return whether it shows any track."""
        end = asyncio.get_running_loop().time() + FIRST_SECONDS
        while not self._surface.painted() and asyncio.get_running_loop().time() < end:
            await self._settle(QUIET_SECONDS)
        return self._surface.painted()

    async def walk(self) -> None:
        """Learn all tracks from the first bank to the last, then restore the window."""
        await self._settle(QUIET_SECONDS)
        begun = self._surface.window()
        walk, snapshots = Walk(begun), {begun: self._tracks.snapshot()}
        while walk.button is not None:
            await self._press(walk.button)
            snapshots[self._surface.window()] = self._tracks.snapshot()
            walk.saw(self._surface.window())
        self._tracks.learn(walk.names)
        for offset, window in walk.places.items():
            if len(places(walk.names, window)) == 1:
                self._tracks.take(offset, snapshots[window])
        self._tracks.place(walk.offset)
        if self._tracks.alike:
            await self._to_the_left()
            return
        home = locate(walk.names, begun, walk.offset)
        if home is not None:
            await self._go(lambda offset: back(offset, self._surface.width, home))

    async def _to_the_left(self) -> None:
        """Go to the first tracks: equal names do not show the place of the window."""
        for _ in range(MOST_PROBES):
            self._units.tap(BANK_LEFT)
        await self._settle(PATIENCE_SECONDS)
        self._tracks.place(0)

    async def bring(self, track: int) -> bool:
        """Move the window until it shows a track; return whether it does."""
        await self._go(lambda offset: toward(offset, self._surface.width, track))
        return self._tracks.strip(track) is not None

    async def _go(self, way: Callable[[int], int | None]) -> None:
        """Press the button for each offset, until there is none or the window does not follow."""
        for _ in range(MOST_BANKS):
            button = None if self._tracks.offset is None else way(self._tracks.offset)
            if button is None or not (await self._step(button) or await self._step(ONE_BY_ONE.get(button, button))):
                return

    async def _step(self, button: int) -> bool:
        """Press a button that moves the window; return whether it moved to a known place."""
        before, changes = self._tracks.offset, self._surface.changes
        await self._press(button)
        self._tracks.look(self._aim(before, button) if self._surface.changes != changes else None)
        return self._tracks.offset != before

    def _aim(self, offset: int | None, button: int) -> int:
        """Return the offset that a button leads to, if there are enough tracks."""
        width = self._surface.width
        ways = {BANK_LEFT: -width, BANK_RIGHT: width, CHANNEL_LEFT: -1, CHANNEL_RIGHT: 1}
        return (offset or 0) + ways[button]

    async def _press(self, button: int) -> None:
        self._units.tap(button)
        await self._settle(PATIENCE_SECONDS)

    async def _settle(self, patience: float) -> None:
        """Wait `patience` seconds for a change, then until the changes stop."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience + MOST_SECONDS
        wait = patience
        while loop.time() < end and await self._paints(wait):
            wait = QUIET_SECONDS

    async def _paints(self, seconds: float) -> bool:
        self._painted.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._painted.wait()
        except TimeoutError:
            return False
        return True
