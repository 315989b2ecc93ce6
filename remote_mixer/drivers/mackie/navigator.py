"""Navigation of the DAW's banks: press a button, wait until the surface is repainted, compare the names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from remote_mixer.drivers.mackie.banks import (
    MOST_BANKS,
    MOST_PROBES,
    ONE_BY_ONE,
    UNNAMED,
    UNREAD,
    Walk,
    Window,
    back,
    has_grown,
    locate,
    places,
    presses,
    toward,
)
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.tracks import Match, Snapshot, Tracks
from remote_mixer.drivers.mackie.units import Units
from remote_mixer.midi.mackie import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT

FIRST_SECONDS = 1.5
"""Time in which a running DAW paints after the surface is announced."""
PATIENCE_SECONDS = 0.6
"""Time without any change after a bank button, pressed three times, that means: no more banks there."""
PRESSES = (0.25, 0.25, 0.5)
"""Part of that time after each press: a press may be lost, and a busy DAW may answer late."""
ANSWERS, QUICK = 8, 0.4
"""Of a DAW that is known to answer quickly: times its slowest answer, and least part of the patience."""
MOST_PATIENCE_SECONDS = 2.4
MOST_FETCHES = 3
"""Times that lost names are fetched after one press."""
MOST_WALKS = 3
"""Walks until one proves its end, each with twice the patience of the one before.

Another number of tracks than before is proved by a second walk, unless all former ones are there in their order and the
others have names of their own: a loss leaves tracks out, or has one twice. Any walk is by one with the same names.
"""
QUIET_SECONDS = 0.1
"""The surface is painted when nothing has changed for this long …"""
LEAP_QUIET_SECONDS = 0.05
"""… or for this long where the wanted track is shown …"""
MOST_SECONDS = 0.6
"""… or after this long in any case: automation may never rest."""


class Navigator:
    """Moves the surface's window. Call `on_paint` whenever the surface may have been painted.

    clock  seconds that stand still while this program gets no time: what the DAW paints meanwhile is read after it
    """

    def __init__(self, surface: Surface, tracks: Tracks, units: Units, clock: Callable[[], float]) -> None:
        self._surface, self._tracks, self._units, self._time = surface, tracks, units, clock
        self._painted = asyncio.Event()
        self._changes = 0
        self._patience = PATIENCE_SECONDS
        self._read: dict[Window, set[int]] = {}  # strips whose names were painted, by window of the last walk
        self._slowest: float | None = None  # longest time in which the DAW has answered a press

    def on_paint(self) -> None:
        """Wake the waiting call if the surface has changed."""
        if self._surface.changes != self._changes:
            self._changes = self._surface.changes
            self._painted.set()

    async def painted(self) -> bool:
        """Wait until the surface is painted for the first time; return whether it shows any track."""
        end = self._time() + FIRST_SECONDS
        while not self._surface.painted() and self._time() < end:
            await self._settle(QUIET_SECONDS)
        return self._surface.painted()

    async def walk(self) -> bool:
        """Learn all tracks from the first bank to the last, then restore the window; return whether that is proved.

        Where no walk proves its end, the tracks that were known before stay.
        """
        await self._settle(QUIET_SECONDS)
        if not any(self._surface.names):  # a DAW may paint faders long before names
            await self._renamed(self._surface.window(), FIRST_SECONDS)
            await self._settle(QUIET_SECONDS)
        begun = self._surface.window()
        counts, seen = {len(self._tracks.names)}, list[list[str]]()
        for _ in range(MOST_WALKS):
            walk, snapshots, ended = await self._walk()
            grown = counts == {0} or len(walk.names) in counts or has_grown(self._tracks.names, walk.names)
            proved = (ended and grown) or walk.names in seen
            if proved:
                break
            seen.append(walk.names)
            if ended:
                counts.add(len(walk.names))
            else:
                self.be_patient()
        if not proved and self._tracks.names:
            self._tracks.place(None)
            return False
        self._learn(walk, snapshots)
        if self._tracks.alike:
            await self._to_the_left()
            return proved
        home = locate(walk.names, begun, walk.offset, list(snapshots))
        if home is not None:
            await self.home(home)
        return proved

    async def home(self, offset: int) -> bool:
        """Move the window until it begins at a track; return whether it does."""
        await self._go(lambda at: back(at, self._surface.width, offset))
        return self._tracks.offset == offset

    async def nudge(self) -> bool:
        """Move the window by one track and back, so that the DAW paints all of it; return whether it did."""
        home = self._tracks.offset or 0
        right = home + self._surface.width < len(self._tracks.names)
        moved = await self._step(CHANNEL_RIGHT if right else CHANNEL_LEFT, (1.0,))
        return await self.home(home) and moved

    def be_patient(self, *, more: bool = True) -> None:
        """Wait twice as long for the DAW's answers from now on, or as long as at first."""
        self._patience = min(2 * self._patience, MOST_PATIENCE_SECONDS) if more else PATIENCE_SECONDS

    def _wait(self) -> float:
        """Return the time without a change that means: no more banks there. A DAW that answers quickly needs less."""
        if self._slowest is None:
            return self._patience
        return min(self._patience, max(ANSWERS * self._slowest, self._patience * QUICK))

    async def _walk(self) -> tuple[Walk, dict[Window, Snapshot], bool]:
        """Walk once; return also whether the walk proves its end.

        It does not where a button was answered at its second press or later (the first may have been lost, or be
        answered still, so that a bank was passed over), where a bank came by again, or where the way on and back to
        lost names did not end where it began.
        """
        proved = True
        walk = Walk(self._surface.window())
        snapshots = {self._surface.window(): self._tracks.snapshot()}
        self._read = {self._surface.window(): set(self._surface.painted_names)}
        while walk.button is not None:
            proved &= await self._press(walk.button, PRESSES if walk.repeats else (1.0,))
            proved &= await self._read_whole(walk.button)
            window = self._surface.window()
            proved &= not walk.was_seen(window)
            snapshots[window] = self._tracks.snapshot()
            self._read[window] = self._read.get(window, set()) | self._surface.painted_names
            walk.saw(window)
        return walk, snapshots, proved

    def _learn(self, walk: Walk, snapshots: dict[Window, Snapshot]) -> None:
        read = {at + strip for at, window in walk.places.items() for strip in self._read[window]}
        texts_count = walk.counted  # names that repeat are painted once
        self._tracks.learn(
            name if texts_count or track in read or name == UNNAMED else UNREAD for track, name in enumerate(walk.names)
        )
        for offset, window in walk.places.items():
            if len(places(walk.names, window)) == 1:
                self._tracks.take(offset, snapshots[window])
        self._tracks.place(walk.offset)

    async def _to_the_left(self) -> None:
        """Go to the first tracks: equal names do not show the place of the window."""
        for _ in range(MOST_PROBES):
            self._units.tap(BANK_LEFT)
        await self._settle(self._patience)
        self._tracks.place(0)

    async def bring(self, track: int) -> bool:
        """Move the window until it shows a track; return whether it does."""
        at, window = self._tracks.offset, self._surface.window()
        if at is not None:
            await self._leap(at, track)
        if self._tracks.offset != at or self._surface.window() == window:
            await self._go(lambda offset: toward(offset, self._surface.width, track))
        return self._tracks.strip(track) is not None

    async def _leap(self, offset: int, track: int) -> None:
        """Press the button for all banks on the way at once, and wait until the track is shown."""
        width = self._surface.width
        button = toward(offset, width, track)
        if button is None:
            return
        way = [offset + count * _WAYS[button](width) for count in range(presses(offset, width, track) + 1)]
        passed = [self._surface.window(), *(self._tracks.window(max(at, 0)) for at in way[:-1])]
        self._surface.forget_painted()
        for _ in way[1:]:
            self._units.tap(button)
        end = self._time() + self._wait()
        while self._tracks.strip(track) is None and self._time() < end:
            if not await self._paints(LEAP_QUIET_SECONDS):
                self._tracks.look(max(way[-1], 0))
        if self._tracks.strip(track) is None:
            await self._fetch_names(button, passed[0])
            self._tracks.look(max(way[-1], 0), passed)
        if self._tracks.strip(track) is not None:
            self._surface.drop_unpainted()

    async def step(self, button: int) -> bool:
        """Press a button that moves the window, once; return whether the window is at a known place."""
        await self._step(button, (1.0,))
        return self._tracks.look() in {Match.SURE, Match.BLANK}

    async def _go(self, way: Callable[[int], int | None]) -> None:
        """Press the button for each offset, until there is none or the window does not follow."""
        for _ in range(MOST_BANKS):
            button = None if self._tracks.offset is None else way(self._tracks.offset)
            if button is None or not (await self._step(button) or await self._step(ONE_BY_ONE.get(button, button))):
                return

    async def _step(self, button: int, parts: Sequence[float] = PRESSES) -> bool:
        """Press a button that moves the window; return whether it moved to a known place."""
        offset, before, changes = self._tracks.offset, self._surface.window(), self._surface.changes
        await self._press(button, parts)
        aim = self._aim(offset, button) if self._surface.changes != changes else None
        self._tracks.look(aim)
        if self._tracks.offset == offset and self._surface.window() != before:
            await self._settle(self._patience)
            self._tracks.look(aim, [before])
        if self._tracks.offset != offset:
            self._tracks.infer(offset, self._surface.painted_names)
        return self._tracks.offset != offset

    def _aim(self, offset: int | None, button: int) -> int:
        """Return the offset that a button leads to, if there are enough tracks."""
        return max((offset or 0) + _WAYS[button](self._surface.width), 0)

    async def _press(self, button: int, parts: Sequence[float]) -> bool:
        """Press a button, again while nothing changes; return whether the names changed at once or not at all.

        parts  part of the patience after each press
        """
        before = self._surface.window()
        painted = self._surface.painted_names
        self._surface.forget_painted()
        for number, part in enumerate(parts):
            self._units.tap(button)
            pressed_at = self._time()
            if await self._renamed(before, self._wait() * part):
                self._slowest = max(self._slowest or 0.0, self._time() - pressed_at)
                await self._settle(QUIET_SECONDS)
                self._surface.drop_unpainted()
                return number == 0
            if await self._fetch_names(button, before):
                self._surface.drop_unpainted()
                return number == 0
        self._surface.painted_names |= painted
        return True

    async def _fetch_names(self, button: int, before: Window) -> bool:
        """Move on and back where the window was painted without names: a DAW sends each text once, and they were lost.

        Returns whether the names are others than before. Else the window would be taken for the one that it was.
        """
        for _ in range(MOST_FETCHES):
            if len(self._surface.unread) < self._surface.width:
                break
            await self._on_and_back(button)
        return self._surface.window() != before

    async def _read_whole(self, button: int) -> bool:
        """Move on and back while that brings names that were not painted before: each may be lost, or not be sent.

        Returns whether the window is where it was, as far as the names painted before tell.
        """
        first, window, unread = self._surface.painted_names, self._surface.window(), self._surface.unread
        read, fetches = set(first), 0
        while unread and fetches < MOST_FETCHES:
            await self._on_and_back(button)
            new, fetches = unread & self._surface.painted_names, fetches + 1
            read |= self._surface.painted_names
            unread = unread - new if new else set()
        self._surface.painted_names = read
        return all(self._surface.window()[strip] == window[strip] for strip in first)

    async def _on_and_back(self, button: int) -> None:
        """Have the DAW paint the window that a button led to once more."""
        for key in (_OPPOSITE[button], button):
            self._surface.forget_painted()
            self._units.tap(key)
            await self._settle(self._wait())

    async def _renamed(self, before: Window, seconds: float) -> bool:
        """Wait until the names are others than before; return whether they are, within some seconds."""
        end = self._time() + seconds
        while self._surface.window() == before and (rest := end - self._time()) > 0:
            await self._paints(rest)
        return self._surface.window() != before

    async def _settle(self, patience: float) -> None:
        """Wait `patience` seconds for a change, then until the changes stop."""
        end = self._time() + patience + MOST_SECONDS
        wait = patience
        while self._time() < end and await self._paints(wait):
            wait = QUIET_SECONDS

    async def _paints(self, seconds: float) -> bool:
        self._painted.clear()
        end = self._time() + seconds
        while not self._painted.is_set() and (rest := end - self._time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._painted.wait()
        return self._painted.is_set()


_OPPOSITE = {
    BANK_LEFT: BANK_RIGHT,
    BANK_RIGHT: BANK_LEFT,
    CHANNEL_LEFT: CHANNEL_RIGHT,
    CHANNEL_RIGHT: CHANNEL_LEFT,
}
_WAYS: dict[int, Callable[[int], int]] = {
    BANK_LEFT: lambda width: -width,
    BANK_RIGHT: lambda width: width,
    CHANNEL_LEFT: lambda width: -1,
    CHANNEL_RIGHT: lambda width: 1,
}
"""Tracks by which each button moves a window of a width."""
