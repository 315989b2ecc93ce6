"""Cookies of sessions and of devices: a random secret, the time of signing, and a signature."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from itsdangerous import BadSignature, TimestampSigner

from remote_mixer.people.identifiers import SECRET_CHARACTERS

COOKIE_SECONDS = 30 * 24 * 3600
"""Validity of a cookie and its session."""
DEVICE_SECONDS = 365 * 24 * 3600
"""Validity of a cookie that a device of the sound crew keeps after its session."""
VERSION, DEVICE_VERSION = "remote-mixer.session.1", "remote-mixer.device.1"
"""Parts of the signing key, so that cookies of another version or kind are invalid."""
# SHA-384 is 64 characters of base64 without a spare bit, so a signature has exactly one valid spelling.
_FORM = re.compile(rf"[A-Za-z0-9_-]{{{SECRET_CHARACTERS}}}\.[A-Za-z0-9_-]{{1,11}}\.[A-Za-z0-9_-]{{64}}", re.ASCII)


class Cookies:
    """Signing and reading of cookie values of one version. `clock` gives seconds since 1970."""

    def __init__(
        self, key: bytes, clock: Callable[[], float], version: str = VERSION, seconds: float = COOKIE_SECONDS
    ) -> None:
        self._clock, self._seconds = clock, seconds
        self._signer = _Signer(key, clock, version)

    def sign(self, secret: str) -> str:
        """Return the cookie value for a session's secret."""
        return self._signer.sign(secret).decode()

    def read(self, value: object) -> str | None:
        """Return the secret in a cookie value; None if it is malformed, wrongly signed or too old."""
        if not isinstance(value, str) or not _FORM.fullmatch(value):
            return None
        try:
            secret, at = self._signer.unsign(value, return_timestamp=True)
        except BadSignature:
            return None
        # A computer without a battery clock may start with a time in the past, so cookies from the future are valid.
        return secret.decode() if self._clock() - at.timestamp() <= self._seconds else None


class _Signer(TimestampSigner):
    def __init__(self, key: bytes, clock: Callable[[], float], version: str) -> None:
        super().__init__(key, salt=version, key_derivation="hmac", digest_method=hashlib.sha384)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())
