"""Messages between people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One message: number, time (RFC 3339), sender and text."""

    id: int
    at: str
    client: str
    name: str
    color: str
    text: str

    @property
    def sender(self) -> dict[str, str]:
        """Client, name and colour of the sender."""
        return {"client": self.client, "name": self.name, "color": self.color}

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {"id": self.id, "at": self.at, "from": self.sender, "text": self.text}
