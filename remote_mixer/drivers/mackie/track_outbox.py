"""Outbox of tracks: values and fingers of clients on tracks in the window or outside of it."""

from __future__ import annotations

from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.texts import Texts
from remote_mixer.drivers.mackie.tracks import Tracks


class TrackOutbox:
    """Newest value by track and local path, sent once the track is in the window; a held fader keeps it there."""

    def __init__(self, controls: Controls, tracks: Tracks, texts: Texts) -> None:
        self._controls, self._tracks, self._texts = controls, tracks, texts
        self._wanted: dict[tuple[int, str], Value] = {}
        self._fingers: dict[int, None] = {}  # tracks, in the order that fingers landed
        self.dropped = False
        """Whether values were dropped because their tracks have changed, and none was set since then."""

    @property
    def resting(self) -> bool:
        """Whether no finger is on any fader."""
        return not self._fingers

    def want(self, track: int, local: str, value: Value) -> None:
        """Add a value; an older one of the same param is replaced."""
        self._wanted[track, local] = value
        self.dropped = False

    def values(self) -> dict[str, Value]:
        """Return the waiting values, by full path."""
        return {self._tracks.path(*key): value for key, value in self._wanted.items()}

    def hold(self, track: int, *, down: bool, here: bool) -> None:
        """Note that a finger is on a track's fader, or has left it; touch the fader if the window is `here` to stay."""
        if down:
            self._fingers[track] = None
        else:
            self._fingers.pop(track, None)
        strip = self._tracks.strip(track)
        if here and strip is not None:
            self._controls.finger(strip, down=down)

    def land(self) -> None:
        """Touch the faders that show held tracks now."""
        for track in self._fingers:
            strip = self._tracks.strip(track)
            if strip is not None:
                self._controls.finger(strip, down=True)

    def target(self) -> int | None:
        """Return the next track to bring into the window: a held one, or while none is held one with a value."""
        for track in self._fingers:
            return track if self._tracks.strip(track) is None else None
        away = (track for track, _ in self._wanted if self._tracks.strip(track) is None)
        return next(away, None)

    def send_ready(self, *, sure: bool) -> None:
        """Send waiting values of tracks in the window; if the place is not sure, only under a finger."""
        for track, local in list(self._wanted):
            strip = self._tracks.strip(track)
            if strip is not None and (sure or self._controls.holds(strip)):
                self._send(strip, track, local, self._wanted.pop((track, local)))

    def _send(self, strip: int, track: int, local: str, value: Value) -> None:
        self._tracks.values[self._tracks.path(track, local)] = value
        if local == "fader":
            self._controls.fader(strip, number(value))
            self._texts.moved(strip, local)
        elif local == "pan":
            self._controls.pan(strip, number(value))
        else:
            self._controls.set_button(strip, local, on=bool(value))

    def give_up(self, track: int) -> dict[str, Value]:
        """Drop values and finger of a track that cannot be found; return the paths with None (unknown)."""
        self._fingers.pop(track, None)
        paths = [(key, self._tracks.path(*key)) for key in self._wanted if key[0] == track]
        for key, _ in paths:
            del self._wanted[key]
        gone: dict[str, Value] = {path: None for _, path in paths}
        self._tracks.values |= gone
        return gone

    def keep(self, former: list[str]) -> None:
        """Keep, after learning, values and fingers of unchanged tracks; if the count changed, none is sure."""
        names = self._tracks.names
        same = {track for track, name in enumerate(names) if len(former) == len(names) and name == former[track]}
        wanted = {key: value for key, value in self._wanted.items() if key[0] in same}
        self.dropped |= len(wanted) < len(self._wanted)
        self._wanted = wanted
        self._fingers = {track: None for track in self._fingers if track in same}


def number(value: Value) -> float:
    """Return a position as a number; only a console sends unknown values, clients never do."""
    return value if isinstance(value, float | int) else 0.0
