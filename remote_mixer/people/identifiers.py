"""Ids, secrets, names, roles, mixes and times: created, checked and formatted."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

from remote_mixer.desk import paths
from remote_mixer.desk.policy import GUEST, HOST, MUSICIAN, ROLES
from remote_mixer.desk.refusal import Code, Refusal

SECRET_BYTES = 16
SECRET_CHARACTERS = 22
"""Length of a secret in base64url."""
PIN_DIGITS = 6
MOST_NAME, MOST_MIX = 40, 100
"""Longest name of a person or token, and longest name of a mix, in characters."""


_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef]")
"""Printable characters that show nothing: fillers, blank Braille, variation selectors but that of emoji."""
_LOOKALIKES = str.maketrans("нһηοоѕтτ0", "hhhoostto")
"""Small letters of Greek and Cyrillic, and a digit, that read as those of “host”."""


def new_secret() -> str:
    """Return a secret: 128 random bits as 22 characters of base64url."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_id() -> str:
    """Return a random id for a record: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal, for the records.

    A fast hash is enough for 128 random bits, and the timing of a lookup by it reveals nothing about the secret.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def visible(text: str) -> str:
    """Return a text as one line without characters that show nothing, or that turn the direction of what follows."""
    whole = text.encode("utf-8", "ignore").decode()
    shown = (one for one in whole if one.isspace() or (one.isprintable() and not _BLANK.match(one)))
    return " ".join("".join(shown).split())


def is_hosts_name(name: str) -> bool:
    """Whether a name reads as “Host”, by which the page and the log mean the host alone."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(_LOOKALIKES)
    return "".join(one for one in plain if one.isalnum()) == HOST


def clean_name(name: object) -> str:
    """Return a name as one line of 1 to 40 visible characters. Raises Refusal: bad-value."""
    if not isinstance(name, str):
        raise Refusal(Code.BAD_VALUE, "Say who you are: a name of up to 40 characters.")
    shown = visible(name)
    if not 0 < len(shown) <= MOST_NAME:
        raise Refusal(Code.BAD_VALUE, f"A name has 1 to {MOST_NAME} characters.")
    if is_hosts_name(shown):
        raise Refusal(Code.BAD_VALUE, "“Host” is the host's: give a name of your own.")
    return shown


def typed_digits(text: object) -> str:
    """Return what a person typed as a PIN in ASCII digits, of any script and spacing; "" for what is no text."""
    if not isinstance(text, str):
        return ""
    return "".join(str(unicodedata.decimal(one, one)) for one in visible(text) if not one.isspace())


def is_pin(text: object) -> bool:
    """Whether this is text of six digits."""
    return isinstance(text, str) and len(text) == PIN_DIGITS and text.isascii() and text.isdigit()


def checked_role(role: object) -> str:
    """Return the role if it is one of ROLES. Raises Refusal: bad-value."""
    if role not in ROLES:
        raise Refusal(Code.BAD_VALUE, f"A role is one of {', '.join(ROLES)}.")
    return str(role)


def checked_mix(role: str, mix: object) -> str:
    """Return the mix of a person with this role: a bus as `band/bus2`, or "" for none; the crew has none.

    Raises:
        Refusal: bad-value, not the path of a bus.
    """
    if role not in (MUSICIAN, GUEST) or mix in ("", None):
        return ""
    if not isinstance(mix, str) or len(mix) > MOST_MIX or not mix.isprintable() or len(paths.segments(mix)) != 2:
        raise Refusal(Code.BAD_VALUE, "A mix is named by its bus, as band/bus2.")
    return mix
