"""Pace of the log: at most one line a second for one cause, so that no attack or fault fills the disk with them."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable

from remote_mixer.desk.rate_limit import RateLimit

LINES_A_SECOND = 1.0
OF_ANYBODY = ("asyncio", "remote_mixer.web", "remote_mixer.people")
"""Loggers whose lines anybody on the network can provoke: a cause is a place in the code, whatever the text names."""


class LogPace(logging.Filter):
    """Filter for a handler: drops warnings and errors of a cause that had its line within the last second.

    The next line of the cause says how many were dropped. `clock` gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._pace = RateLimit(LINES_A_SECOND, 1, clock)
        self._dropped: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is written."""
        if record.levelno < logging.WARNING:
            return True
        cause = _cause(record)
        if not self._pace.take(cause):
            self._dropped[cause] += 1
            return False
        if dropped := self._dropped.pop(cause, 0):
            record.msg, record.args = f"{record.getMessage()} (and {dropped} more like this)", ()
        return True


def _cause(record: logging.LogRecord) -> str:
    fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    text = "" if record.name.startswith(OF_ANYBODY) else record.getMessage()
    return f"{record.pathname}:{record.lineno} {fault} {text}"
