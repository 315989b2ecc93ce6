"""Names, times and secret words: how they are made, cleaned and told."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

from remote_mixer.desk.policy import GUEST, MUSICIAN, ROLES
from remote_mixer.desk.refusal import Code, Refusal

SECRET_BYTES = 16
SECRET_CHARACTERS = 22
"""Of base64url: 128 bits."""
PIN_DIGITS = 6
MOST_NAME = 40
MOST_MIX = 100


def new_secret() -> str:
    """Return 128 random bits as 22 characters of base64url."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_id() -> str:
    """Return a public name for a record: 16 hexadecimal digits, never given twice."""
    return secrets.token_hex(8)


def digest(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256. Of 128 random bits that is enough; looking it up leaks nothing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def clean_name(name: object) -> str:
    """Return a person's name in one line, without what a screen cannot show; Refusal `bad-value` if none is left."""
    if not isinstance(name, str):
        raise Refusal(Code.BAD_VALUE, "Say who you are: a name of up to 40 characters.")
    spaced = " ".join(name.encode("utf-8", "ignore").decode().split())
    shown = "".join(one for one in spaced if one.isprintable()).strip()
    if not 0 < len(shown) <= MOST_NAME:
        raise Refusal(Code.BAD_VALUE, f"A name has 1 to {MOST_NAME} characters.")
    return shown


def is_pin(text: object) -> bool:
    """Tell whether this could be a PIN at all."""
    return isinstance(text, str) and len(text) == PIN_DIGITS and text.isascii() and text.isdigit()


def checked_role(role: object) -> str:
    """Return a role; Refusal `bad-value` for what is none."""
    if role not in ROLES:
        raise Refusal(Code.BAD_VALUE, f"A role is one of {', '.join(ROLES)}.")
    return str(role)


def checked_mix(role: str, mix: object) -> str:
    """Return the mix that a role has, `band/bus2` or ""; Refusal `bad-value` for what names none."""
    if role not in (MUSICIAN, GUEST) or mix in ("", None):
        return ""
    if not isinstance(mix, str) or len(mix) > MOST_MIX or not mix.isprintable() or len(mix.split("/")) != 2:
        raise Refusal(Code.BAD_VALUE, "A mix is named by its bus, as band/bus2.")
    return mix


def rfc3339(seconds: float) -> str:
    """Return a moment (seconds since 1970) as it travels."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
