"""The DAW's tracks in order, seen through a window of 8, 16, 24 or 32 strips: learned by walking, found again by name.

Of a track nothing is known but its name, six or seven characters that may repeat. "" is a strip with no track.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from remote_mixer.drivers.mackie import protocol
from remote_mixer.drivers.mackie.protocol import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT

MOST_BANKS = 64
"""A walk ends here, whatever comes: a DAW that goes round in circles must not be followed for ever."""
UNNAMED = "\0"
"""A track whose name is blank but whose strip is alive."""
ONE_BY_ONE = {BANK_LEFT: CHANNEL_LEFT, BANK_RIGHT: CHANNEL_RIGHT}
"""What still moves the window where a host has no whole bank to go to."""
MOST_PROBES = 40
"""Single channels to the left that may tell by how much a last bank was shifted whose names repeat."""
Window = tuple[str, ...]


def locate(names: Sequence[str], window: Window, near: int) -> int | None:
    """Return where in all names a window stands, nearest to a guess; None where it stands nowhere."""
    return min(places(names, window), key=lambda at: abs(at - near), default=None)


def places(names: Sequence[str], window: Window) -> list[int]:
    """Return all places where a window may stand in all names; behind the last track it has empty strips."""
    padded = [*names, *[""] * (len(window) - 1)]
    return [at for at in range(max(len(names), 1)) if tuple(padded[at : at + len(window)]) == window]


def toward(offset: int, width: int, track: int) -> int | None:
    """Return the button that brings a track nearer; None when it is in the window."""
    if track < offset:
        return BANK_LEFT
    return BANK_RIGHT if track >= offset + width else None


def back(offset: int, width: int, target: int) -> int | None:
    """Return the button that brings the window nearer to an offset; None when it is there."""
    way = target - offset
    if abs(way) >= width:
        return BANK_RIGHT if way > 0 else BANK_LEFT
    return (CHANNEL_RIGHT if way > 0 else CHANNEL_LEFT) if way else None


class Walk:
    """From the first bank to the last, once: ask `button`, press it, tell `saw`, until `button` is None.

    Hosts differ at the end. One pads the last bank with empty strips or goes on to a bank of nothing else, one shifts
    it by less than a bank so that it stays full, and one goes by whole banks only and leaves the rest to the channel
    buttons. A shift shows as tracks that were there already.
    """

    def __init__(self, window: Window) -> None:
        self._banks = [window]
        self._singles: list[Window] = []
        self._probes: list[Window] = []
        self._presses = 0
        self._seen = window
        self.button: int | None = BANK_LEFT
        """What to press next."""
        self.names: list[str] = []
        """All tracks, when the walk has ended."""
        self.offset = 0
        """Where the window stands, when the walk has ended."""
        self.places: dict[int, Window] = {}
        """What the window showed, by offset, when the walk has ended."""

    def saw(self, window: Window) -> None:
        """Take what the window shows after the press, whether or not that is anything new."""
        self._presses += 1
        moved = window != self._seen and self._presses < MOST_BANKS
        former, self._seen = self._seen, window
        match self.button:
            case protocol.BANK_LEFT:
                self._leftward(window, moved=moved)
            case protocol.BANK_RIGHT:
                self._rightward(window, moved=moved)
            case protocol.CHANNEL_RIGHT:
                self._single(former, window, moved=moved)
            case _:
                self._probed(window)

    def _leftward(self, window: Window, *, moved: bool) -> None:
        self._banks = [window]
        if not moved:
            self._then(BANK_RIGHT if window[-1] else None)

    def _rightward(self, window: Window, *, moved: bool) -> None:
        if moved:
            self._banks.append(window)
        if not moved or not window[-1]:
            self._then(CHANNEL_RIGHT if window[-1] else None)

    def _single(self, former: Window, window: Window, *, moved: bool) -> None:
        """Take one more track in. A host that goes on here has not shifted its last bank."""
        one_on = moved and window[:-1] == former[1:]
        if one_on:
            self._singles.append(window)
        if one_on and window[-1]:
            return
        self._then(CHANNEL_LEFT if not self._singles and self._in_doubt() else None)

    def _in_doubt(self) -> bool:
        """Tell whether names that repeat leave open how far the last bank was shifted: equal names may be chance."""
        overlaps = self._overlaps()
        return len(overlaps) > 1 or any(len(set(self._banks[-1][:count])) == 1 for count in overlaps)

    def _probed(self, window: Window) -> None:
        """Count the single channels back to the bank before: that is how far it was."""
        self._probes.append(window)
        *full, last = self._banks
        if window == full[-1]:
            before = [name for bank in full[:-1] for name in bank]
            between = [probe[0] for probe in reversed(self._probes)]
            self._end(before + between, len(before))
        elif len(self._probes) == MOST_PROBES or window[1:] != [last, *self._probes][-2][:-1]:
            self._join(self._overlap())
            self.offset -= sum(was != now for was, now in pairwise([last, *self._probes]))

    def _then(self, button: int | None) -> None:
        self.button, self._presses = button, 0
        if button is None:
            self._join(0 if self._singles else self._overlap())

    def _join(self, overlap: int) -> None:
        """Put all that was seen in a row."""
        before = [name for bank in self._banks[:-1] for name in bank]
        at = len(before) - overlap
        self._end(before[:at], at + len(self._singles))

    def _end(self, before: list[str], offset: int) -> None:
        """Know all names: those before the last bank, its own, and what single channels showed behind it."""
        *full, last = self._banks
        self.button, self.offset = None, offset
        self.names = _without_tail([*before, *last, *(window[-1] for window in self._singles)])
        self.places = {number * len(last): bank for number, bank in enumerate(full)}
        self.places |= dict(enumerate([last, *self._singles], len(before)))

    def _overlap(self) -> int:
        """Return how many tracks of the last bank but one the last one most likely shows again."""
        return max(self._overlaps(), default=0)

    def _overlaps(self) -> list[int]:
        """Return how many tracks of the last bank but one the last one may show again; none where it is not full."""
        *full, last = self._banks
        counts = range(1, len(last)) if full and last[-1] else ()
        return [count for count in counts if full[-1][-count:] == last[:count]]


def _without_tail(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names
