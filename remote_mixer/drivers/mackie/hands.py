"""Hands of clients on the surface: what they set, hold and query, of tracks in the window or outside of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from math import inf

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Report
from remote_mixer.drivers.mackie.controls import Controls
from remote_mixer.drivers.mackie.reports import Reports
from remote_mixer.drivers.mackie.tracks import Match, Tracks
from remote_mixer.drivers.mackie.turns import QUERY_SECONDS, Turns

POSITIONS = frozenset({"fader", "pan"})
VALUE_SECONDS = 1 / 300
"""Least time between two values: each is up to two messages, and a DIN cable carries about 600 a second."""
PRESS_SECONDS = 0.03
"""Least time between two presses: a DAW takes two buttons pressed together as a range."""
MOST_TRIES = 3
"""Times that a value is sent again whose track left the window before the DAW answered; then it is not known."""
CALL_SECONDS = 0.02
"""Time after which a value that waits for its track calls again."""


class Hands:
    """Actions of clients. A value waits in the guard's outbox, and calls for its track, until the window shows it."""

    def __init__(self, controls: Controls, tracks: Tracks, turns: Turns, reports: Reports, report: Report) -> None:
        self._controls, self._tracks, self._turns = controls, tracks, turns
        self._reports, self._report = reports, report
        self._free_at = self._press_at = turns.now()
        self._lost: set[int] = set()
        self._sought_again: set[int] = set()
        self.missed: set[int] = set()
        """Tracks that the window was moved for in vain; they are sought again once the tracks are learned again."""
        self._tries: Counter[str] = Counter()
        self._outdated: set[str] = set()  # paths whose waiting value was meant for another track
        self.dropped = False
        """Whether values were dropped because their tracks have changed, and none was set since then."""

    def set(self, strip: str, local: str, value: Value) -> None:
        """Set a param of a channel (`ch3`), of `main`, or of the surface itself (strip "")."""
        if strip == "main":
            self._tracks.values[self._tracks.own("main", local)] = value
            self._controls.fader(self._controls.surface.width, _number(value))
        elif not strip:
            self._tracks.values[self._tracks.own(local)] = value
            self._controls.key(local, on=bool(value))
        else:
            self._set_track(_track(strip), local, value)
        self._free_at = self._turns.now() + VALUE_SECONDS  # from when it has left: a busy machine may have been slow
        if local not in POSITIONS:
            self._press_at = self._turns.now() + PRESS_SECONDS

    def _set_track(self, track: int, local: str, value: Value) -> None:
        path, strip = self._tracks.path(track, local), self._tracks.strip(track)
        if self._is_void(track, local):
            self._drop(track, path)
        elif strip is None or not self._is_ready(strip, local):
            self._report.resend({path: value})
        else:
            self.dropped = False
            self._tracks.values[path] = value
            self._send(strip, local, value, self._turns.served(track, local))

    def _send(self, strip: int, local: str, value: Value, waited: float) -> None:
        if local == "fader":
            self._controls.fader(strip, _number(value), waited)
            self._reports.moved(strip, local)
        elif local == "pan":
            self._controls.pan(strip, _number(value))
        else:
            self._controls.set_button(strip, local, on=bool(value))

    def wait(self, strip: str, local: str) -> float:
        """Return the seconds until a value may leave; one of a track outside the window calls for its track."""
        pace = max(self._free_at, -inf if local in POSITIONS else self._press_at) - self._turns.now()
        if not strip.startswith("ch") or self._may_leave(_track(strip), local):
            return pace
        self._turns.call(_track(strip), local)
        return max(pace, CALL_SECONDS)

    def _may_leave(self, track: int, local: str) -> bool:
        strip = self._tracks.strip(track)
        return self._is_void(track, local) or (strip is not None and self._is_ready(strip, local))

    def _is_ready(self, strip: int, local: str) -> bool:
        """Return whether a strip's track is sure, or its fader touched by the same hand."""
        return self._tracks.sure or (not self._tracks.moving and local == "fader" and self._controls.holds(strip))

    def _is_void(self, track: int, local: str) -> bool:
        """Return whether a waiting value can no longer be meant for its track."""
        lost = track in self._lost and self._tracks.strip(track) is None
        return lost or self._tracks.path(track, local) in self._outdated

    def _drop(self, track: int, path: str) -> None:
        """Drop a value: its track is another one now, or is not found, so that its own value is not known."""
        self.dropped |= path in self._outdated
        self._outdated.discard(path)
        if path not in self._tracks.values:
            return
        if track in self._lost:
            self._tracks.values[path] = None
        self._report.values({path: self._tracks.values[path]})
        self._report.confirm(path)

    def confirms(self, strip: str, local: str) -> bool:
        """Return whether the DAW shows that a value of this param has arrived."""
        return bool(strip) and (local != "fader" or self._controls.echoes)

    def query(self, strip: str, local: str) -> bool:
        """Call for a track outside the window, as its value is to be heard; return whether it can be."""
        track = _track(strip) if strip.startswith("ch") else len(self._tracks.names)
        can_come = track < len(self._tracks.names) and track not in self._lost
        if can_come and (self._tracks.moving or self._tracks.strip(track) is None):
            self._turns.call(track, local, QUERY_SECONDS)
            return True
        return can_come and (self._reports.owed or self._tracks.values[self._tracks.path(track, local)] is not None)

    def hold(self, strip: str, local: str, *, down: bool) -> None:
        """Record that a finger is on a param, or has left it; it touches a fader, and calls for its track."""
        if strip == "main" and local == "fader":
            self._controls.finger(self._controls.surface.width, down=down)
        elif strip.startswith("ch"):
            self._turns.hold(_track(strip), local, down=down)
            self._touch(_track(strip), local, down=down)

    def _touch(self, track: int, local: str, *, down: bool) -> None:
        strip = self._tracks.strip(track)
        # On a strip whose track is in doubt a finger would move the wrong track; `land` touches it later.
        here = not self._tracks.moving and (self._tracks.match is Match.SURE or not down)
        if local == "fader" and strip is not None and here:
            self._controls.finger(strip, down=down)
        elif down:
            self.query(f"ch{track + 1}", local)

    @property
    def down(self) -> bool:
        """Whether a finger is on any track that can be shown: the window must not move away to learn others."""
        return self._turns.touched(self._lost | self.missed)

    def land(self) -> None:
        """Touch the faders that show held tracks now."""
        for track in self._turns.held("fader"):
            strip = self._tracks.strip(track)
            if strip is not None:
                self._controls.finger(strip, down=True)

    def call_back(self) -> None:
        """Call for the held tracks, after the window was moved by another hand than ours, or tracks were learned."""
        for track in self._turns.held("fader"):
            if self._tracks.strip(track) is None:
                self._turns.call(track, "fader", QUERY_SECONDS)

    def miss(self, track: int) -> None:
        """Record that the window was moved for a track in vain: what the DAW painted may have been lost.

        Its values wait until the tracks are learned again. Where it is missed then too, it cannot be found: its values
        are not known, and dropped until tracks are learned once more.
        """
        if track not in self._sought_again:
            self.missed.add(track)
            return
        self._lost.add(track)
        self.give_up([self._tracks.path(*key) for key in self._turns.forget(track)])

    def keep(self, tracks: Set[int]) -> None:
        """Keep what is meant for these tracks, which are the same after learning; drop what waits for others."""
        self._lost.clear()
        self._sought_again, self.missed = self.missed, set()
        self._outdated |= {self._tracks.path(*key) for key in self._turns.keep(tracks)}
        self.call_back()

    def send_again(self, unanswered: Iterable[str]) -> None:
        """Send again what the DAW has not answered until its strip left the window; this calls for its track."""
        paths = list(unanswered)
        self._tries.update(paths)
        again = [path for path in paths if self._tries[path] <= MOST_TRIES]
        self._report.resend({path: self._tracks.values[path] for path in again})
        self.give_up(set(paths) - set(again))

    def confirm(self, path: str) -> None:
        """Report that the DAW has a value."""
        del self._tries[path]
        self._report.confirm(path)

    def give_up(self, unanswered: Iterable[str]) -> None:
        """Make unknown what the DAW has not answered until its strip leaves the window, or cannot answer."""
        values: dict[str, Value] = dict.fromkeys(unanswered)
        self._tracks.values |= values
        if values:
            self._report.values(values)
        for path in values:
            self.confirm(path)


def _track(strip: str) -> int:
    """Return the track (from 0) of a channel's id, as `ch3`."""
    return int(strip.removeprefix("ch")) - 1


def _number(value: Value) -> float:
    """Return a position as a number; only a console sends unknown values, clients never do."""
    return value if isinstance(value, float | int) else 0.0
