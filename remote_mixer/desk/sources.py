"""Sources of changes: clients, consoles, and the program itself."""

from __future__ import annotations

from dataclasses import dataclass

CLIENT, CONSOLE, SERVER = "client", "console", "server"


@dataclass(frozen=True, slots=True)
class Source:
    """Client, console or program that sets params.

    kind    client (a page, the HTTP API or a shell), console, or server (the program itself)
    id      the client's id, or the console's nickname
    name    name shown to people
    role    host, engineer, musician or guest
    mix     path of the bus that is a musician's or guest's mix, as `band/bus2`; "" for none
    person  id of the person or token; "" for a client who has not joined
    """

    kind: str
    id: str
    name: str = ""
    role: str = "engineer"
    mix: str = ""
    person: str = ""

    @property
    def identity(self) -> str:
        """Identity beyond one link: the person or token, else the client's own id, which a reload keeps."""
        return self.person or self.id


def console(name: str) -> Source:
    """Return the source of a console's own changes."""
    return Source(CONSOLE, name, name)


THE_SERVER = Source(SERVER, "server", "Remote Mixer")
