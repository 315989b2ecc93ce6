"""Banks: the DAW's tracks in order, seen through a window of 8, 16, 24 or 32 strips.

A track is known by its name alone, six or seven characters that may repeat. "" is a strip without a track.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.mackie import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT

MOST_BANKS = 64
"""Most banks of one walk, for a DAW that goes from its last bank to its first."""
UNNAMED = "\0"
"""Name of a track that has none, though its strip is in use."""
UNREAD = "\1"
"""Name of a track whose name the DAW does not send, as some do not beyond ASCII: its strip keeps an older text."""
ONE_BY_ONE = {BANK_LEFT: CHANNEL_LEFT, BANK_RIGHT: CHANNEL_RIGHT}
"""Single-channel buttons, for a DAW that refuses a bank that is not full."""
MOST_PROBES = 40
"""Most presses of "channel left" that measure the shift of a last bank whose names repeat."""
Window = tuple[str, ...]


def fits(window: Window, names: Window, leftovers: Sequence[Window] = ()) -> bool:
    """Return whether a window shows these names, but for strips that the DAW has not painted.

    leftovers  windows whose texts a strip may still show; at least half of the names must be shown all the same
    """
    if window == names:
        return True
    strips = enumerate(zip(window, names, strict=True))
    # Tried at each place of a window that shows something else, so the first strip that does not fit has to end it.
    if not all(name in (text, UNREAD) or any(text == old[at] for old in leftovers) for at, (text, name) in strips):
        return False
    known = sum(name not in {"", UNREAD} for name in names)
    same = sum(text == name != "" for text, name in zip(window, names, strict=True))
    return known > 0 and same * 2 >= known


def names_at(names: Sequence[str], offset: int, width: int) -> Window:
    """Return the names that a window shows at an offset; behind the last track it has empty strips."""
    there = names[offset : offset + width]
    return (*there, *[""] * (width - len(there)))


def locate(names: Sequence[str], window: Window, near: int, leftovers: Sequence[Window] = ()) -> int | None:
    """Return the place of a window in all names, nearest to a guess; None if there is none.

    A place where all names are shown counts more than one with leftovers.
    """
    return min(places(names, window) or places(names, window, leftovers), key=lambda at: abs(at - near), default=None)


def places(names: Sequence[str], window: Window, leftovers: Sequence[Window] = ()) -> list[int]:
    """Return all places of a window in all names."""
    return [at for at in range(max(len(names), 1)) if fits(window, names_at(names, at, len(window)), leftovers)]


def presses(offset: int, width: int, track: int) -> int:
    """Return how often `toward`'s button is to be pressed."""
    return -((track - offset) // width) if track < offset else (track - offset) // width


def toward(offset: int, width: int, track: int) -> int | None:
    """Return the button that moves the window toward a track; None when the track is in it."""
    if track < offset:
        return BANK_LEFT
    return BANK_RIGHT if track >= offset + width else None


def back(offset: int, width: int, target: int) -> int | None:
    """Return the button that moves the window toward an offset; None when it is there."""
    way = target - offset
    if abs(way) >= width:
        return BANK_RIGHT if way > 0 else BANK_LEFT
    return (CHANNEL_RIGHT if way > 0 else CHANNEL_LEFT) if way else None


def unmoved(former: Sequence[str], names: Sequence[str]) -> set[int]:
    """Return the tracks, counted from 0, that stand where they stood before.

    Where the number of tracks has changed, only by a name that none of the others has or had.
    """
    alone = {name for name in names if names.count(name) == former.count(name) == 1} - {UNNAMED, UNREAD}
    pairs = enumerate(zip(former, names, strict=False))
    return {track for track, (was, now) in pairs if was == now and (len(former) == len(names) or now in alone)}


def has_grown(former: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether all former tracks are there in their order, and others of names that none of them has."""
    rest, known = iter(names), {*former, UNNAMED}
    added = sum(name not in known for name in names)
    return 0 < added == len(names) - len(former) and all(name in rest for name in former)


class Walk:
    """Walk from the first bank to the last: press `button`, pass the window to `saw`, until `button` is None.

    DAWs differ at the end. One pads the last bank with empty strips or adds an empty bank, one shifts the last bank so
    that it stays full, and one moves by whole banks only and leaves the rest to the channel buttons. A shift shows as
    tracks that were there before.
    """

    def __init__(self, window: Window) -> None:
        self._banks = [window]
        self._singles: list[Window] = []
        self._probes: list[Window] = []
        self._presses = 0
        self._seen = window
        self.button: int | None = BANK_LEFT
        """The next button to press."""
        self.names: list[str] = []
        """Names of all tracks, after the walk."""
        self.offset = 0
        """Offset of the window, after the walk."""
        self.places: dict[int, Window] = {}
        """Windows by offset, after the walk."""

    @property
    def repeats(self) -> bool:
        """Whether a button that changes nothing may be pressed again; single channels back are counted instead."""
        return self.button != CHANNEL_LEFT

    @property
    def counted(self) -> bool:
        """Whether single channels back were counted, as names repeat where two banks meet."""
        return bool(self._probes)

    def was_seen(self, window: Window) -> bool:
        """Return whether a bank was passed before: a walk to the right that comes by again is no walk to the right."""
        return self.button == BANK_RIGHT and window in self._banks[:-1]

    def saw(self, window: Window) -> None:
        """Record the window after the press, whether or not it has changed."""
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
        """Add one more track. A DAW that moves on here has not shifted its last bank."""
        one_on = moved and window[:-1] == former[1:]
        if one_on:
            self._singles.append(window)
        if one_on and window[-1]:
            return
        self._then(CHANNEL_LEFT if not self._singles and self._in_doubt() else None)

    def _in_doubt(self) -> bool:
        """Return whether repeated names leave the shift of the last bank open: equal names may be chance."""
        overlaps = self._overlaps()
        *full, last = self._banks
        chance = any(len(set(last[:count])) == 1 or last[:count] != full[-1][-count:] for count in overlaps)
        return len(overlaps) > 1 or chance

    def _probed(self, window: Window) -> None:
        """Count the single channels back to the bank before: that is the shift."""
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
        """Join all banks into one row."""
        before = [name for bank in self._banks[:-1] for name in bank]
        at = len(before) - overlap
        self._end(before[:at], at + len(self._singles))

    def _end(self, before: list[str], offset: int) -> None:
        """Set the result: tracks before the last bank, in it, and behind it by single channels."""
        *full, last = self._banks
        self.button, self.offset = None, offset
        self.names = _without_tail([*before, *last, *(window[-1] for window in self._singles)])
        self.places = {number * len(last): bank for number, bank in enumerate(full)}
        self.places |= dict(enumerate([last, *self._singles], len(before)))

    def _overlap(self) -> int:
        """Return the most likely number of tracks that the last two banks share."""
        return max(self._overlaps(), default=0)

    def _overlaps(self) -> list[int]:
        """Return the possible numbers of tracks that the last two banks share; none if the last is not full."""
        *full, last = self._banks
        counts = range(1, len(last)) if full and last[-1] else ()
        return [count for count in counts if fits(last[:count], full[-1][-count:], [full[-1][:count]])]


def _without_tail(names: list[str]) -> list[str]:
    while names and not names[-1]:
        names.pop()
    return names
