"""Tracks of the DAW: their known values, and which of them the strips show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from enum import Enum, auto
from math import inf

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.banks import UNNAMED, UNREAD, Window, locate, names_at
from remote_mixer.drivers.mackie.layout import CHANNEL
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.texts import Texts, is_value
from remote_mixer.midi.mackie import STRIP_LEDS

STABLE_SECONDS = 2.5
"""Time after which a text in the upper row is a name; a DAW shows a value there for one or two seconds."""

CONTROLS = ("fader", "pan", "color", *STRIP_LEDS)
"""Controls of each strip, besides texts."""
Snapshot = list[dict[str, Value]]
"""Values by local path, for each strip."""


class Match(Enum):
    """Result of comparing the names on the surface with the expected ones."""

    SURE = auto()
    DOUBT = auto()
    MOVED = auto()
    RENAMED = auto()
    UNKNOWN = auto()
    BLANK = auto()


class Tracks:
    """Tracks counted from 0, and the window onto them.

    clock  seconds
    """

    def __init__(self, console: str, surface: Surface, texts: Texts, clock: Callable[[], float]) -> None:
        self._console, self._surface, self._texts, self._clock = console, surface, texts, clock
        self.names: list[str] = []
        self.offset: int | None = None
        """The track in the first strip; None while the surface shows no track."""
        self.values: dict[str, Value] = {}
        """Values that the desk has, by full path; None is unknown."""
        self.remembered_paths: frozenset[str] = frozenset()
        """Paths with remembered values: params of tracks outside the window, except names."""
        self.moving = True
        """Whether the window is moving, so that no strip has a track."""
        self.match = Match.DOUBT
        """Result of the last comparison of names."""
        self._name_news: dict[str, Value] = {}
        self._expected: Window = ()
        self._painted: Window = ()  # the window as it was painted when it was placed
        self._odd: tuple[Window, float] = ((), inf)
        self._awaited: dict[int, str] = {}  # names, by track, that were not painted in time

    def learn(self, names: Iterable[str]) -> None:
        """Replace the tracks; values of other tracks become unknown."""
        names = list(names)
        self._awaited.clear()
        if names != self.names:
            self.names = names
            channels = paths.join(self._console, "ch")
            own = {path: value for path, value in self.values.items() if not path.startswith(channels)}
            self.values = own | {self.path(track, local): None for track in range(len(names)) for local in CHANNEL}
        for track, name in enumerate(names):
            self._name_track(track, name)
        self._name_news.clear()  # as the whole console is reported after this
        self.place(self.offset)

    def name_news(self) -> dict[str, Value]:
        """Return the names that were learned since the last call, by full path."""
        news, self._name_news = self._name_news, {}
        return news

    def place(self, offset: int | None) -> None:
        """Set the place of the window."""
        self.offset, self._odd = offset, ((), inf)
        self._expected = self.window(offset or 0)
        self._painted = self._surface.window()
        self.remembered_paths = self._remembered()

    @property
    def sure(self) -> bool:
        """Whether each strip shows the track that it is expected to."""
        return not self.moving and self.match is Match.SURE

    @property
    def as_expected(self) -> bool:
        """Whether the window shows its tracks' names and nothing else."""
        return self._is_expected(self._surface.window())

    @property
    def alike(self) -> bool:
        """Whether all visible tracks have one name, so that more with that name may exist."""
        return len(self.names) == self._surface.width and len(set(self.names)) == 1

    def snapshot(self) -> Snapshot:
        """Return all values that the strips show now."""
        return [self._of_strip(strip) for strip in range(self._surface.width)]

    def _of_strip(self, strip: int) -> dict[str, Value]:
        text = self._surface.texts[strip]
        control = self._texts.owner(strip, text)
        shown = {what: self._surface.value(strip, what) for what in CONTROLS}
        return shown | ({f"{control}/text": text} if control else {})

    def take(self, offset: int, snapshot: Snapshot) -> None:
        """Store the values of a snapshot for the tracks from an offset on."""
        for track, shown in enumerate(snapshot[: len(self.names) - offset], offset):
            if self.values[self.path(track, "fader")] != shown["fader"]:
                self.values[self.path(track, "fader/text")] = None
            self.values |= {self.path(track, local): value for local, value in shown.items()}

    def own(self, *locals_: str) -> str:
        """Return the full path of a param of the console itself or of its main strip."""
        return paths.join(self._console, *locals_)

    def path(self, track: int, local: str) -> str:
        """Return the full path of a track's param."""
        return f"{self._console}/ch{track + 1}/{local}"

    def strip(self, track: int) -> int | None:
        """Return the strip that shows a track; None if it is outside the window."""
        strip = -1 if self.offset is None else track - self.offset
        return strip if 0 <= strip < self._surface.width and track < len(self.names) else None

    def track(self, strip: int, offset: int | None = None) -> int | None:
        """Return the track that a strip shows, or showed when the window was at another offset; None for none."""
        begin = self.offset if offset is None else offset
        track = -1 if begin is None else begin + strip
        return track if 0 <= track < len(self.names) else None

    def shows(self, strip: int) -> bool:
        """Return whether a strip's upper text is its track's name and not a value."""
        return self._is_shown(strip, self._surface.window()[strip])

    def look(self, near: int | None = None, leftovers: Sequence[Window] = ()) -> Match:
        """Compare the names on the surface with the expected ones, and follow a moved window.

        Where names repeat, the window is taken to be nearest to `near`, or to its former place. Strips that still show
        a text of `leftovers`, though the window has moved and was painted, have tracks whose names the DAW does not
        send.
        """
        window = self._surface.window()
        self._take_late_names(window)
        if near is None and self.offset is not None and self._is_expected(window):
            self._odd = ((), inf)
            return Match.SURE
        if not any(window):
            self.place(None)
            return Match.BLANK
        at = locate(self.names, window, (self.offset or 0) if near is None else near, leftovers)
        if at is None and not self._covered(window, self.offset):
            at = self._under_values(window)
        if at is not None and (at != self.offset or near is not None):
            self._leave_unread(at, window)
            self.place(at)
            return Match.MOVED
        return Match.UNKNOWN if self.offset is None else self._judge(window)

    def _is_expected(self, window: Window) -> bool:
        """Return whether a window shows its names; one that was not sent may be painted later, and is news then."""
        return all(self._is_shown(strip, text) for strip, text in enumerate(window))

    def _is_shown(self, strip: int, text: str) -> bool:
        name = self._expected[strip]
        return text == name or (name == UNREAD and text == self._painted[strip])

    def _leave_unread(self, offset: int, window: Window) -> None:
        """Record the tracks at an offset whose strips show another text: the DAW does not send their names, or late."""
        for strip, (text, name) in enumerate(zip(window, self.window(offset), strict=True)):
            if name not in {text, UNREAD} and not is_value(text) and offset + strip < len(self.names):
                self._awaited[offset + strip] = name
                self._name_track(offset + strip, UNREAD)

    def _take_late_names(self, window: Window) -> None:
        """Take back the names that the window shows now, though they were not painted in time as it came."""
        late = {} if self.offset is None else dict(enumerate(window, self.offset)).items() & self._awaited.items()
        for track, name in late:
            del self._awaited[track]
            self._name_track(track, name)
        if late:
            self._expected = self.window(self.offset or 0)

    def infer(self, former: int | None, painted: Set[int]) -> None:
        """Learn names from what was painted as the window came here from another place, and what was not.

        A DAW paints what it sends and has changed. So a text that was painted is a name; and where nothing was
        painted, the track that stood there before has the same name, or one of the two names is not sent. Two that are
        not sent, on one strip of two banks, look like equal ones until the window comes from another side.
        """
        for strip in range(self._surface.width):
            here, before = self.track(strip), None if former is None else former + strip
            if here is None:
                continue
            text = self._surface.window()[strip]
            if strip in painted and self.names[here] == UNREAD and not is_value(text):
                self._name_track(here, text)
            elif (
                strip not in painted and before is not None and before < len(self.names) and self.names[here] != UNREAD
            ):
                self._compare(before, here)
        self.place(self.offset)

    def _compare(self, before: int, here: int) -> None:
        """Learn from a strip that was not painted when the track `here` came in the place of another one."""
        if self.names[before] == UNREAD:
            self._name_track(before, self.names[here])
        elif self.names[before] != self.names[here]:
            self._name_track(here, UNREAD)

    def _name_track(self, track: int, name: str) -> None:
        self.names[track] = name
        self._name_news[self.path(track, "name")] = self._name(track)
        self.values |= self._name_news

    def _under_values(self, window: Window) -> int | None:
        """Return the place of a window some of whose names are hidden by values; None if not sure."""
        places = [at for at in range(len(self.names)) if self._covered(window, at)]
        return places[0] if len(places) == 1 else None

    def _covered(self, window: Window, offset: int | None) -> bool:
        """Return whether a window at an offset shows only its names, some hidden by values."""
        if offset is None:
            return False
        there = self.window(offset)
        same = [text for text, name in zip(window, there, strict=True) if text and text == name]
        covered = (is_value(text) for text, name in zip(window, there, strict=True) if text != name)
        return bool(same) and all(covered)

    def window(self, offset: int) -> Window:
        """Return the names that the window shows at an offset."""
        return names_at(self.names, offset, self._surface.width)

    def _judge(self, window: Window) -> Match:
        odd = [strip for strip, text in enumerate(window) if not self._is_shown(strip, text)]
        if all(self._is_passing(strip, window[strip]) for strip in odd):
            return Match.SURE
        if window != self._odd[0]:
            self._odd = (window, self._clock())
        if self._clock() - self._odd[1] < STABLE_SECONDS:
            return Match.DOUBT
        return self._renamed(odd[0], window[odd[0]]) if len(odd) == 1 else Match.UNKNOWN

    def _is_passing(self, strip: int, text: str) -> bool:
        return is_value(text) and self._texts.moved_lately(strip, STABLE_SECONDS)

    def _renamed(self, strip: int, name: str) -> Match:
        track = self.track(strip)
        if track is None or not name:
            return Match.UNKNOWN
        self._name_track(track, name)
        self.place(self.offset)
        return Match.RENAMED

    def _name(self, track: int) -> str | None:
        """Return a track's name for people; None where the DAW does not send it."""
        name = self.names[track]
        return None if name == UNREAD else name.removeprefix(UNNAMED)

    def readings(self, *, still: bool) -> bytes:
        """Return a meter code for each track; 0 outside the window, or while it is moving."""
        tracks = len(self.names) or self._surface.width
        if self.offset is None or not still:
            return bytes(tracks)
        shown = self._surface.meters.readings(range(min(self._surface.width, max(tracks - self.offset, 0))))
        return (bytes(self.offset) + shown).ljust(tracks, b"\0")[:tracks]

    def forget(self, *locals_: str) -> dict[str, Value]:
        """Make these params of all tracks unknown; return their paths with None."""
        gone: dict[str, Value] = {self.path(track, name): None for track in range(len(self.names)) for name in locals_}
        self.values |= gone
        self.remembered_paths = self._remembered()
        return gone

    def _remembered(self) -> frozenset[str]:
        away = [track for track in range(len(self.names)) if self.strip(track) is None]
        paths = (self.path(track, local) for track in away for local in CHANNEL if local != "name")
        return frozenset(path for path in paths if self.values[path] is not None)
