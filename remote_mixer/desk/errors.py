"""What the desk answers when it will not do a thing."""

from __future__ import annotations


class DeskError(Exception):
    """A refusal: a code of the wire, the path it is about, and what to do about it in plain words."""

    def __init__(self, code: str, path: str | None, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.path = path
        self.text = text


class HeldError(DeskError):
    """Somebody else's finger is on the control."""

    def __init__(self, path: str, by: str) -> None:
        super().__init__("held", path, "Somebody else holds this control: wait until they let go, or take it over.")
        self.by = by
