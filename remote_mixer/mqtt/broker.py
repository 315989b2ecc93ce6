"""Broker: address, log-in and topic of `mqtt://USER:PASSWORD@HOST:PORT/TOPIC` and `mqtts://…`. No I/O."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}
PASSWORD_VARIABLE = "REMOTE_MIXER_MQTT_PASSWORD"  # noqa: S105 - the name of a variable
FORM = "write mqtt://HOST or mqtts://HOST, with USER:PASSWORD@ before it, :PORT and /TOPIC behind it, where needed"

_LEVEL = re.compile(r"[^+#$/\x00-\x1f]{1,64}")


@dataclass(frozen=True)
class Broker:
    """One broker.

    tls       whether the connection is encrypted, and the broker's certificate checked
    user      "" for a broker without log-in
    password  as the address has it, else of the environment
    ca        file with the authority of the broker's certificate, None for those that this computer trusts
    levels    levels of the topic behind the address
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    levels: tuple[str, ...] = ()

    @classmethod
    def parse(cls, url: str) -> Broker:
        """Return the broker of a URL; ValueError, without what may be a password, where it has another form."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
            levels = tuple(unquote(level) for level in parts.path.split("/") if level)
            ca = _only_ca(parts)
            (parts.hostname or "").encode("idna")  # UnicodeError, a ValueError, for an empty part or one of 64 letters
        except ValueError:
            parts, port, levels, ca = SplitResult("", "", "", "", ""), 0, (), None
        if parts.scheme not in PORTS or not parts.hostname or not all(map(_LEVEL.fullmatch, levels)):
            raise ValueError(FORM)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user and not password:
            password = os.environ.get(PASSWORD_VARIABLE, "")
        return cls(parts.hostname, port, parts.scheme == "mqtts", user, password, ca, levels)

    def __str__(self) -> str:
        """Return the address for people, without the log-in."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"mqtt{'s' if self.tls else ''}://{host}:{self.port}"


def _only_ca(parts: SplitResult) -> Path | None:
    """Return the file of `?ca=FILE`; ValueError for any other query, or a fragment."""
    query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    if parts.fragment or query.keys() - {"ca"}:
        raise ValueError(FORM)
    return Path(query["ca"][0]) if query else None
