"""Last faults: handler of a log that keeps the newest warnings and errors in memory, one of each cause."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from remote_mixer.doctor.report import Row

MOST_CAUSES = 20
LINES_OF_TRACE = 8
"""Last lines of a traceback that are kept: the place and the error."""
_FORMAT = logging.Formatter("%(message)s")
_TIME = logging.Formatter("%(asctime)s", "%Y-%m-%d %H:%M:%S")


class LastFaults(logging.Handler):
    """Handler for the root logger. A cause is a place in the code with a kind of error, as often as it comes."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._causes: OrderedDict[tuple[str, int, str], tuple[int, Row]] = OrderedDict()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record in place of the last one of its cause; the oldest cause makes room."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        cause = (record.pathname, record.lineno, kind)
        times = self._causes.pop(cause, (0, ("", "")))[0] + 1
        lines = _FORMAT.format(record).splitlines()
        shown = lines if len(lines) <= LINES_OF_TRACE else [lines[0], "…", *lines[1 - LINES_OF_TRACE :]]
        self._causes[cause] = times, (_TIME.format(record), "\n".join(shown))
        if len(self._causes) > MOST_CAUSES:
            self._causes.popitem(last=False)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Keep what any part of the program logs meanwhile."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def rows(self) -> list[Row]:
        """Return time and text of each cause's last record, the newest last; any thread may call it."""
        self.acquire()
        try:
            kept = list(self._causes.values())
        finally:
            self.release()
        return [(at, f"{text} ({times} times)" if times > 1 else text) for times, (at, text) in kept]
