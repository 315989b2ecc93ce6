"""Proof of a shell that it can read the data folder, for a server that does not trust its own computer.

A signature of the time and the server's address and port, by a key that is made from the folder's: the key is never
sent, and what another program might collect at another address or port opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re

PURPOSE = b"remote-mixer.local.1"
VALID_SECONDS = 60.0
"""Longest difference between the clocks of both ends, which are one computer's."""
_FORM = re.compile(r"(\d{1,15})\.([0-9a-f]{64})", re.ASCII)


def prove(key: bytes, now: float, place: str) -> str:
    """Return a proof for a server's place (`lan.place_here`); `now` is in seconds since 1970."""
    return f"{int(now)}.{_signature(key, int(now), place)}"


def is_proof(text: str, key: bytes, now: float, place: str) -> bool:
    """Whether a text is a proof for this place, made within VALID_SECONDS."""
    found = _FORM.fullmatch(text)
    if not found or abs(int(found[1]) - now) > VALID_SECONDS:
        return False
    return hmac.compare_digest(found[2], _signature(key, int(found[1]), place))


def _signature(key: bytes, at: int, place: str) -> str:
    ours = hmac.digest(key, PURPOSE, "sha256")
    return hmac.new(ours, f"{at} {place}".encode(), hashlib.sha256).hexdigest()
