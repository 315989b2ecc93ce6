"""Who asks for a change."""

from __future__ import annotations

from dataclasses import dataclass

CLIENT, CONSOLE, SERVER = "client", "console", "server"


@dataclass(frozen=True, slots=True)
class Source:
    """One hand on the desk.

    kind  client (a page, the HTTP API or a shell), console, or server (the program itself)
    id    the client's id, or the console's nickname
    name  what people call it
    role  what it may do: host, engineer, musician or guest
    mix   the bus whose mix it may do that in, as `band/bus2`; "" for none
    """

    kind: str
    id: str
    name: str = ""
    role: str = "engineer"
    mix: str = ""


def console(name: str) -> Source:
    """Return the source of what a console does by itself."""
    return Source(CONSOLE, name, name)


THE_SERVER = Source(SERVER, "server", "Remote Mixer")
