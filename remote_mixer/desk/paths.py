"""Paths, the names of params: `console/strip/param`, made and parsed here alone.

A console's own params have no strip: `band/status`. A param may have segments of its own: `band/ch3/send/bus2/level`.
"""

from __future__ import annotations

from typing import NamedTuple

STATUS, NOTICE = "status", "notice"
"""The two params that every console has."""
TALK = "talk"
"""Stands in place of a strip for a console's talkbacks: `foh/talk/a`."""
MOST_LENGTH = 200
"""Most characters of a path."""
_SEND = "send"


class Path(NamedTuple):
    """The parts of a path: `band/ch3/send/bus2/level` is ("band", "ch3", "send/bus2/level")."""

    console: str
    strip: str
    param: str

    @property
    def send(self) -> tuple[str, str] | None:
        """The bus of a send and the send's param, as ("bus2", "level"); None for any other param."""
        kind, bus, what = _segments(self.param, 3)
        return (bus, what) if kind == _SEND and what and "/" not in what else None


def join(*segments: str) -> str:
    """Return the path of these segments, the console's nickname first."""
    return "/".join(segments)


def parse(path: str) -> Path:
    """Return the parts of a path; missing ones are empty."""
    return Path(*_segments(path, 3))


def segments(path: str) -> list[str]:
    """Return all segments of a path, with or without its console."""
    return path.split("/")


def console_of(path: str) -> str:
    """Return the nickname of the console that a path belongs to."""
    return path.partition("/")[0]


def strip_of(path: str) -> str:
    """Return the strip that a param belongs to, as `band/ch3`; of a console's own param the path up to it."""
    end = path.find("/", path.find("/") + 1)
    return path if end < 0 else path[:end]


def local_of(path: str) -> str:
    """Return a path without its console: `ch3/fader`."""
    return path.partition("/")[2]


def param_of(path: str) -> str:
    """Return the last segment of a path, the param's own name, as `mute` or `level`."""
    return path.rpartition("/")[2]


def beside(path: str, param: str) -> str:
    """Return the path of another param beside one: the mute of a send beside its level."""
    return f"{path.rpartition('/')[0]}/{param}"


def strip_and_param(local: str) -> tuple[str, str]:
    """Return the strip and the param of a path without its console: `ch3/fader` is ("ch3", "fader")."""
    strip, _, param = local.partition("/")
    return strip, param


def status(console: str) -> str:
    """Return the path of a console's status."""
    return join(console, STATUS)


def notice(console: str) -> str:
    """Return the path of a console's notice."""
    return join(console, NOTICE)


def is_talk(path: str) -> bool:
    """Whether a path is a talkback, which only a hand may switch on."""
    return strip_and_param(local_of(path))[0] == TALK


def is_status(path: str) -> bool:
    """Whether a path is a console's status."""
    return local_of(path) == STATUS


def _segments(text: str, count: int) -> list[str]:
    """Return `count` segments, the last with all that follows; missing ones are empty."""
    found = text.split("/", count - 1)
    return found + [""] * (count - len(found))
