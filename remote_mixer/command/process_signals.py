"""The signals by which a person ends the program: Ctrl-C, SIGTERM, and a terminal that is closed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last two not on every system


def on_stop(handler: Handler | signal.Handlers) -> None:
    """Call the handler for each of them, in the main thread; one that is ignored (nohup) stays so."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)
