"""What is known of a console that cannot be asked: what was heard, what was set, and what is from earlier only."""

from __future__ import annotations

from collections.abc import Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import Entry


class Known:
    """Values by local path; one that is not here is not known.

    remembered  the paths whose values are from earlier: the console may stand elsewhere by now
    """

    def __init__(self, kept: Mapping[str, Value]) -> None:
        self.values: dict[str, Value] = {path: value for path, value in kept.items() if value is not None}
        self.remembered = frozenset(self.values)

    def note(self, path: str, value: Value) -> None:
        """Take a value that was heard from the console, or set there, just now."""
        self.values[path] = value
        self.remembered -= {path}

    def remember_all(self) -> None:
        """The console was away: all that is known is from earlier."""
        self.remembered = frozenset(self.values)

    def fit(self, entries: Mapping[str, Entry]) -> None:
        """Forget what has no control any more, and what its control cannot take."""
        self.values = {
            path: value for path, value in self.values.items() if path in entries and _fits(entries[path], value)
        }
        self.remembered &= self.values.keys()


def _fits(entry: Entry, value: Value) -> bool:
    try:
        entry.param.check(value)
    except ValueError:
        return False
    return True
