"""What a musician asks the sound crew for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from remote_mixer.people.identifiers import rfc3339

MORE, LESS = "more", "less"
WANTS = (MORE, LESS)
SENT, SEEN, GRANTED, DECLINED, ANSWERED = "sent", "seen", "granted", "declined", "answered"
OPEN_STATES = (SENT, SEEN)


@dataclass(frozen=True, slots=True)
class Request:
    """More or less of one control. `count` pushes of the same kind so far; `closed` is the time of the answer."""

    id: str
    at: float
    person: str
    client: str
    name: str
    mix: str
    path: str
    want: str
    count: int = 1
    state: str = SENT
    db: float | None = None
    text: str = ""
    by: str = ""
    closed: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in OPEN_STATES

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        return {
            "id": self.id,
            "at": rfc3339(self.at),
            "from": {"person": self.person, "client": self.client, "name": self.name},
            "mix": self.mix,
            "path": self.path,
            "want": self.want,
            "count": self.count,
            "state": self.state,
            "db": self.db,
            "text": self.text,
            "by": self.by,
        }
