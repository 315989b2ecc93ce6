"""Known values of a console that cannot be queried: received, set, or remembered from before a break."""

from __future__ import annotations

from collections.abc import Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import Entry


class KnownValues:
    """Values by local path; a missing path is unknown.

    remembered  paths whose value the console has not confirmed: it is from before a break, or no echo has come
    outside     paths of which the console has told last what is outside the control's range, and so not understood
    """

    def __init__(self, kept: Mapping[str, Value]) -> None:
        self.values: dict[str, Value] = {path: value for path, value in kept.items() if value is not None}
        self.remembered = frozenset(self.values)
        self.outside: frozenset[str] = frozenset()

    def set(self, path: str, value: Value) -> None:
        """Record a value that came, None for one not understood; or that was sent: it is confirmed later, or never."""
        if value is None:
            self.values.pop(path, None)
            self.outside |= {path}
        else:
            self.values[path] = value
            self.outside -= {path}

    def confirm(self, path: str) -> None:
        """Record that the console has the value."""
        self.remembered -= {path}

    def doubt(self, path: str) -> None:
        """Record that nothing confirms the value."""
        self.remembered |= {path} & self.values.keys()

    def remember_all(self) -> None:
        """Mark all values as remembered: the console was away."""
        self.remembered = frozenset(self.values)

    def fit(self, entries: Mapping[str, Entry]) -> None:
        """Remove values without a control, and values that their control cannot take."""
        self.values = {
            path: value for path, value in self.values.items() if path in entries and _fits(entries[path], value)
        }
        self.remembered = self.remembered.intersection(self.values)
        self.outside = self.outside.intersection(entries)


def _fits(entry: Entry, value: Value) -> bool:
    try:
        entry.param.check(value)
    except ValueError:
        return False
    return True
