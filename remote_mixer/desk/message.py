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

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        sender = {"client": self.client, "name": self.name, "color": self.color}
        return {"id": self.id, "at": self.at, "from": sender, "text": self.text}
