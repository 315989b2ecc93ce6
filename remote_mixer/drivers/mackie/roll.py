"""The DAW's tracks in order, seen through a window of 8, 16, 24 or 32 strips: learned by walking, found again by name.

Of a track nothing is known but its name, six or seven characters that may repeat. "" is a strip with no track.
"""

from __future__ import annotations

from collections.abc import Sequence

from remote_mixer.drivers.mackie import protocol
from remote_mixer.drivers.mackie.protocol import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT

MOST_BANKS = 64
"""A walk ends here, whatever comes: a DAW that goes round in circles must not be followed for ever."""
UNNAMED = "\0"
"""A track whose name is blank but whose strip is alive."""
ONE_BY_ONE = {BANK_LEFT: CHANNEL_LEFT, BANK_RIGHT: CHANNEL_RIGHT}
"""What still moves the window where a host has no whole bank to go to."""
Window = tuple[str, ...]


def locate(names: Sequence[str], window: Window, near: int) -> int | None:
    """Return where in all names a window stands, nearest to a guess; None where it stands nowhere.

    Behind the last track a window has empty strips.
    """
    padded = [*names, *[""] * (len(window) - 1)]
    places = [at for at in range(max(len(names), 1)) if tuple(padded[at : at + len(window)]) == window]
    return min(places, key=lambda at: abs(at - near), default=None)


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
        # One equal name may be chance, and a track would be lost: one channel to the left shows which it was.
        self._then(CHANNEL_LEFT if not self._singles and self._overlap() == 1 else None)

    def _probed(self, window: Window) -> None:
        *full, last = self._banks
        moved = window[1:] == last[:-1]
        shifted = not moved or window[0] != full[-1][-1] or window[0] == full[-1][-2]
        self._join(1 if shifted else 0)
        self.offset -= moved
        self.button = None

    def _then(self, button: int | None) -> None:
        self.button, self._presses = button, 0
        if button is None:
            self._join(0 if self._singles else self._overlap())

    def _join(self, overlap: int) -> None:
        """Put all that was seen in a row."""
        *full, last = self._banks
        before = [name for bank in full for name in bank]
        at = len(before) - overlap
        self.offset = at + len(self._singles)
        self.names = _without_tail([*before[:at], *last, *(window[-1] for window in self._singles)])
        self.places = {number * len(last): bank for number, bank in enumerate(full)}
        self.places |= dict(enumerate([last, *self._singles], at))

    def _overlap(self) -> int:
        """Return how many tracks of the last bank but one the last one shows again; none where it is not full."""
        *full, last = self._banks
        counts = range(len(last) - 1, 0, -1) if full and last[-1] else ()
        return next((count for count in counts if full[-1][-count:] == last[:count]), 0)


def _without_tail(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names
