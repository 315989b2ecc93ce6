"""Record type of a request: a musician asks the sound crew for more or less of a control, or says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from remote_mixer.desk.times import rfc3339

MORE, LESS, TOO_LOUD, NO_SOUND, LESS_OF_ALL = "more", "less", "too loud", "hear nothing", "less of all"
WANTS = (MORE, LESS, TOO_LOUD, NO_SOUND, LESS_OF_ALL)
LOWERING = (LESS, TOO_LOUD, LESS_OF_ALL)
"""Wants that a grant answers by moving the control down; all others move it up."""
SENT, SEEN, GRANTED, DECLINED, ANSWERED = "sent", "seen", "granted", "declined", "answered"
OPEN_STATES = (SENT, SEEN)
STATES = (*OPEN_STATES, GRANTED, DECLINED, ANSWERED)


@dataclass(frozen=True, slots=True)
class Request:
    """Request for more or less of the control at `path`. Times (`at`, `closed`) are of the clock of lifetimes.

    person  id of the person or token who asked; client, name and mix are theirs at that time
    want    one of WANTS: more and less are of the control, the others of the whole mix, by its fader
    count   number of times this was asked, with the same `want`
    state   sent, seen, granted, declined or answered
    db      dB by which a grant moved the control
    text    answer in words
    by      name of the crew member who answered, or saw it
    closed  time of the answer, None while open
    """

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
    def direction(self) -> int:
        """1 where a grant moves the control up, −1 where it moves it down."""
        return -1 if self.want in LOWERING else 1

    @property
    def is_open(self) -> bool:
        """Whether the request has no answer yet."""
        return self.state in OPEN_STATES

    def as_json(self, ahead: float = 0.0) -> dict[str, Any]:
        """Return the JSON object for the API and the wire; `ahead` as in `LivedClock`."""
        return {
            "id": self.id,
            "at": rfc3339(self.at + ahead),
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
