"""One open page or shell: who is at it, and what waits to leave for it.

A client that does not keep up costs one entry per path, never a growing queue of old values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import USUAL_GRANTS, Policy
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.web import wire
from remote_mixer.web.authenticate import Caller

MOST_WAITING_BYTES = 2 * 1024 * 1024
"""Of frames that must not be lost; a welcome of 64 strips takes a tenth of it."""


class Pipe(Protocol):
    """The way out to one client."""

    @property
    def waiting(self) -> int:
        """Bytes that the system has not taken yet."""

    @property
    def heard(self) -> float:
        """Loop time at which the last byte came in."""

    def write(self, frame: bytes) -> None:
        """Send whole frames; never waits."""

    def close(self, code: int, reason: str = "") -> None:
        """Send the close frame, after which the connection ends."""

    def abort(self) -> None:
        """Cut the connection."""


@dataclass(slots=True)
class Here:
    """How a page does, by its own word but for `touched`.

    device    what it runs on, as `iPhone`; "" where it has not said
    rtt       its last round trip in milliseconds, None where it has not said
    dropouts  how often it lost its link
    awake     whether somebody looks at it
    touched   when a control was last moved or held on it, in seconds since 1970; None for never
    """

    device: str = ""
    rtt: float | None = None
    dropouts: int = 0
    awake: bool = True
    touched: float | None = None

    def touch(self) -> None:
        """Note that a hand is on it."""
        self.touched = time.time()


@dataclass(eq=False, slots=True)
class Client:
    """One open link and what waits for it.

    who        who opened it, as the gate has it now
    name       what its page is called; for somebody with a name of their own, that
    here       how it does, by its own word
    on_behind  is told when something has to wait
    """

    pipe: Pipe
    who: Caller = field(default_factory=Caller)
    id: str = ""
    name: str = ""
    color: str = ""
    here: Here = field(default_factory=Here)
    on_behind: Callable[[Client], None] = lambda client: None
    stuck_since: float | None = None
    seen_waiting: int = 0
    _frames: bytearray = field(default_factory=bytearray)
    _paths: dict[str, None] = field(default_factory=dict)
    _meters: bytes = b""

    @property
    def source(self) -> Source:
        """This client as the desk knows it."""
        return Source(CLIENT, self.id, self.name, self.who.role, self.who.mix)

    @property
    def card(self) -> dict[str, Any]:
        """This client as others see it."""
        initials = "".join(word[0] for word in self.name.split()[:2]).upper()
        who = {"role": self.who.role, "mix": self.who.mix, "person": self.who.person}
        return {"client": self.id, "name": self.name, **who, "color": self.color, "initials": initials}

    def you(self, policy: Policy) -> dict[str, Any]:
        """This client as it is told of itself: with what it may do in its mix, where it has one."""
        return self.card | {"rights": rights_of(self.who, policy)}

    @property
    def behind(self) -> bool:
        """Whether something still waits, so that what is new has to wait too."""
        return bool(self.pipe.waiting or self._frames or self._paths)

    def tell(self, frame: bytes) -> None:
        """Send a frame that must not be lost, in its turn; who lets too much of that wait is cut off."""
        if not self.behind:
            self.pipe.write(frame)
        elif len(self._frames) < MOST_WAITING_BYTES:
            self._frames += frame
            self.on_behind(self)
        else:
            self._frames.clear()
            self.pipe.abort()

    def share(self, paths: Iterable[str], frame: bytes) -> None:
        """Send changes, framed for all; of what has to wait only the path is kept, its value is read in its turn."""
        if self.behind:
            self._paths |= dict.fromkeys(paths)
            self.on_behind(self)
        else:
            self.pipe.write(frame)

    def meter(self, frame: bytes) -> None:
        """Send readings; of what has to wait, only the newest frame does."""
        if self.behind:
            self._meters = frame
            self.on_behind(self)
        else:
            self.pipe.write(frame)

    def drain(self, rev: int, values: Mapping[str, Value]) -> None:
        """Send what waited, when the system takes data again."""
        if self.pipe.waiting:
            return
        waited = bytes(self._frames)
        if self._paths:
            waited += wire.changes(rev, self._paths, values)
        self.pipe.write(waited + self._meters)
        self._frames.clear()
        self._paths.clear()
        self._meters = b""

    def bye(self, text: str, code: int) -> None:
        """Say why the server closes this link, and close it."""
        self.pipe.write(wire.write({"type": "bye", "text": text}))
        self.pipe.close(code)

    def forget_meters(self) -> None:
        """Drop readings in an order of taps that is no more."""
        self._meters = b""


def rights_of(who: Caller, policy: Policy) -> dict[str, Any] | None:
    """Return what somebody may do in their mix, for their page; None for who has none, or no need of it."""
    if who.role not in USUAL_GRANTS or not who.mix:
        return None
    return asdict(policy.grant(who.mix, who.role)) | {"ceiling": asdict(policy.ceiling(who.mix))}
