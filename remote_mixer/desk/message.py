"""What people say to each other beside the faders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said: its number, when (RFC 3339), who and what."""

    id: int
    at: str
    client: str
    name: str
    color: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        sender = {"client": self.client, "name": self.name, "color": self.color}
        return {"id": self.id, "at": self.at, "from": sender, "text": self.text}
