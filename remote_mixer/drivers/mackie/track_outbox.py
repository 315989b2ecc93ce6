"""What hands want of the DAW's tracks, in the window or not yet, and where their fingers are."""

from __future__ import annotations

from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.texts import Texts
from remote_mixer.drivers.mackie.tracks import Tracks


class TrackOutbox:
    """Newest value by track and local path, played once the track is in the window; a held fader keeps it there."""

    def __init__(self, hands: Controls, tracks: Tracks, texts: Texts) -> None:
        self._controls, self._tracks, self._texts = hands, tracks, texts
        self._wanted: dict[tuple[int, str], Value] = {}
        self._fingers: dict[int, None] = {}  # tracks, in the order that fingers landed
        self.dropped = False
        """Whether anything was forgotten, and nothing wanted since then, because its track is another one now."""

    @property
    def resting(self) -> bool:
        """Whether no finger is on any track's fader."""
        return not self._fingers

    def want(self, track: int, local: str, value: Value) -> None:
        """Take a value in; an older one of the same param is forgotten."""
        self._wanted[track, local] = value
        self.dropped = False

    def values(self) -> dict[str, Value]:
        """Return what is still wanted, by full path."""
        return {self._tracks.path(*key): value for key, value in self._wanted.items()}

    def hold(self, track: int, *, down: bool, here: bool) -> None:
        """Note that a finger landed on a track's fader or left it; touch it where the window is `here` to stay."""
        if down:
            self._fingers[track] = None
        else:
            self._fingers.pop(track, None)
        strip = self._tracks.strip(track)
        if here and strip is not None:
            self._controls.finger(strip, down=down)

    def land(self) -> None:
        """Put the fingers onto the strips that show their tracks now; those that are there stay."""
        for track in self._fingers:
            strip = self._tracks.strip(track)
            if strip is not None:
                self._controls.finger(strip, down=True)

    def target(self) -> int | None:
        """Return the track to bring into the window next: one under a finger, else, while no finger rests, a wanted."""
        for track in self._fingers:
            return track if self._tracks.strip(track) is None else None
        away = (track for track, _ in self._wanted if self._tracks.strip(track) is None)
        return next(away, None)

    def play(self, *, sure: bool) -> None:
        """Play what is wanted of the tracks in the window; where that is in doubt, only under a finger."""
        for track, local in list(self._wanted):
            strip = self._tracks.strip(track)
            if strip is not None and (sure or self._controls.holds(strip)):
                self._play(strip, track, local, self._wanted.pop((track, local)))

    def _play(self, strip: int, track: int, local: str, value: Value) -> None:
        self._tracks.values[self._tracks.path(track, local)] = value
        if local == "fader":
            self._controls.fader(strip, number(value))
            self._texts.moved(strip, local)
        elif local == "pan":
            self._controls.pan(strip, number(value))
        else:
            self._controls.led(strip, local, on=bool(value))

    def give_up(self, track: int) -> dict[str, Value]:
        """Forget hands on a track that cannot be reached; return what they wanted by path as what it is: not known."""
        self._fingers.pop(track, None)
        paths = [(key, self._tracks.path(*key)) for key in self._wanted if key[0] == track]
        for key, _ in paths:
            del self._wanted[key]
        gone: dict[str, Value] = {path: None for _, path in paths}
        self._tracks.values |= gone
        return gone

    def keep(self, former: list[str]) -> None:
        """Keep, after tracks were learned, hands on those that are where they were; with more or fewer none is sure."""
        names = self._tracks.names
        same = {track for track, name in enumerate(names) if len(former) == len(names) and name == former[track]}
        wanted = {key: value for key, value in self._wanted.items() if key[0] in same}
        self.dropped |= len(wanted) < len(self._wanted)
        self._wanted = wanted
        self._fingers = {track: None for track in self._fingers if track in same}


def number(value: Value) -> float:
    """Return a position as a number; a console alone may say that it is not known, and no hand does."""
    return value if isinstance(value, float | int) else 0.0
