"""Ids of the DAW's strips: a track keeps its id while it is moved or renamed, and while the DAW is away."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

from remote_mixer.drivers.osc_daw.table import Track

PREFIXES = {"channel": "ch", "bus": "bus", "dca": "dca", "main": "main"}


class Ids:
    """Ids by track, over all lists that the DAW has sent."""

    def __init__(self) -> None:
        self._former: dict[str, Track] = {}

    def assign(self, tracks: Sequence[Track]) -> dict[str, Track]:
        """Return the tracks by id, in the DAW's order.

        A track is known by its kind and name; one with a new name where a known name has gone was renamed.
        """
        ids = self._named(tracks)
        ids |= self._renamed(tracks, ids)
        for track in tracks:
            if track.number not in ids:
                ids[track.number] = self._new_id(track, ids)
        self._former = {ids[track.number]: track for track in tracks}
        return dict(self._former)

    def _named(self, tracks: Sequence[Track]) -> dict[int, str]:
        """Return the ids of the tracks with a known name, by number; those of one name keep their order."""
        known = defaultdict[tuple[str, str], deque[str]](deque)
        for id_, track in self._former.items():
            known[track.kind, track.name].append(id_)
        named = ((track.number, known[track.kind, track.name]) for track in tracks)
        return {number: ids.popleft() for number, ids in named if ids}

    def _renamed(self, tracks: Sequence[Track], ids: dict[int, str]) -> dict[int, str]:
        """Return the ids of the tracks where one of the same kind has lost its name, by number."""
        taken = set(ids.values())
        gone = {(track.kind, track.number): id_ for id_, track in self._former.items() if id_ not in taken}
        places = ((track.kind, track.number) for track in tracks if track.number not in ids)
        return {place[1]: gone[place] for place in places if place in gone}

    def _new_id(self, track: Track, ids: dict[int, str]) -> str:
        """Return the id after the highest one of a kind that is in use, or was in the former list."""
        prefix = PREFIXES[track.kind]
        if track.kind == "main":
            return prefix
        used = {*self._former, *ids.values()}
        numbers = [int(id_.removeprefix(prefix)) for id_ in used if id_.startswith(prefix)]
        return f"{prefix}{max(numbers, default=0) + 1}"


def number_of(id_: str) -> int | None:
    """Return the number in a strip's id; None for main."""
    digits = id_.lstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits) if digits else None
