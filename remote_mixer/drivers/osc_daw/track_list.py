"""The DAW's list of strips, as its answers come in: whole once no number is missing. No I/O."""

from __future__ import annotations

from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_daw.table import Arguments, Table, Track

BELIEVED = 2
"""Number of equal lists after which one without a main is believed: its last datagram may have been lost."""


class TrackList:
    """One reading of the list, repeated until it is whole."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._tracks: dict[int, Track] = {}
        self._without_main: list[dict[int, Track]] = []
        self.ended = self.whole = False

    def begin(self) -> None:
        """Begin a reading."""
        self._tracks = {}
        self.ended = self.whole = False

    def take(self, address: str, arguments: Arguments) -> bool:
        """Take a message; return whether it belongs to the list."""
        if track := self._table.track(address, arguments):
            self._tracks[track.number] = track
            return True
        if self._table.list_end(address, arguments):
            if not self.ended:
                self.ended, self.whole = True, self._is_whole()
            return True
        return False

    def _is_whole(self) -> bool:
        if not self._tracks or set(self._tracks) != set(range(1, len(self._tracks) + 1)):
            return False
        if any(track.kind == "main" for track in self._tracks.values()):
            return True
        self._without_main = [tracks for tracks in self._without_main if tracks == self._tracks] + [self._tracks]
        return len(self._without_main) >= BELIEVED

    def names_other(self, number: int, name: Argument) -> bool:
        """Whether the list has another name for a strip."""
        track = self._tracks.get(number)
        return track is not None and track.name != name

    @property
    def tracks(self) -> list[Track]:
        """The strips in the DAW's order, without those that we do not show."""
        return [self._tracks[number] for number in sorted(self._tracks) if self._tracks[number].kind]
