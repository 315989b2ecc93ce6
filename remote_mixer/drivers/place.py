"""Place of a console on the network, as a spec names it."""

from __future__ import annotations

from dataclasses import dataclass

THIS_MACHINE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Host and port; an empty host means the only console that answers."""

    host: str
    port: int


def place_of(spec: str, word: str, port: int) -> Place:
    """Return the place in a spec `//HOST[:PORT]` of the driver `word`; ValueError with a sentence for a person."""
    host, colon, own_port = spec.removeprefix("//").rstrip("/").partition(":")
    fits = not colon or (own_port.isdecimal() and 0 < int(own_port) < 65536)
    if not fits or " " in host or "/" in host or (colon and not host):
        raise ValueError(
            f"write {word}://ADDRESS, as {word}://192.168.1.32, or {word}: alone for the one that answers here; not"
            f" “{word}:{spec}”"
        )
    return Place(host, int(own_port) if colon else port)
