"""What the door answers when it will not do a thing."""

from __future__ import annotations


class DoorError(Exception):
    """A refusal: a code, what to do about it in plain words, and where it helps the seconds to wait.

    code  wrong-pin, tries (too many of them), gone (an invitation that is used, ended, withdrawn or never was),
          unknown (no such person, invitation, token or request), bad-value, forbidden, limit (too many of something),
          closed (a request that was answered already), not-kept (the disk refuses)
    """

    def __init__(self, code: str, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.retry_after = retry_after
