"""Report of a running server: what it alone knows, and what is known of its computer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from remote_mixer.desk import paths
from remote_mixer.desk.times import rfc3339
from remote_mixer.doctor import computer
from remote_mixer.doctor.faults import LastFaults
from remote_mixer.doctor.gather import gather, gather_beside
from remote_mixer.doctor.known import known_here
from remote_mixer.doctor.report import Row, Section, text
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import STRANGER


@dataclass(frozen=True)
class Doctor:
    """Report on a server.

    listening  returns name and address of each listening socket
    consoles   nickname → spec, as the options have them
    surfaces   returns name and state of each control surface
    faults     what was logged
    """

    hub: Hub
    admission: Admission
    data: Path
    listening: Callable[[], Sequence[Row]]
    consoles: Mapping[str, str]
    surfaces: Callable[[], Sequence[Row]] = tuple
    faults: LastFaults = field(default_factory=LastFaults)
    started: float = field(default_factory=time.monotonic)

    async def report(self) -> str:
        """Return the report; in the server's loop. What takes long is gathered beside it."""
        ours = gather(
            {
                "Server": self._server,
                "Consoles": self._consoles,
                "Surfaces": self.surfaces,
                "Pages and people": self._people,
                "Notices": self._notices,
                "Clock of the server": self._clock,
                "Last faults": self.faults.rows,
            }
        )
        secret = [self.admission.pin or ""], self._names()
        return await asyncio.to_thread(_written, ours, self.data, *secret)

    def _server(self) -> Iterator[Row]:
        yield from self.listening()
        yield "epoch", self.hub.desk.epoch
        yield "page", self.hub.identity.page
        yield "runs for", f"{(time.monotonic() - self.started) / computer.HOUR_SECONDS:.2f} h"
        for address in self.hub.around.addresses():
            yield "phones find it at", f"{address['url']} {address['secure_url']} {address['interface']}"
        yield "name", self.hub.local_name or "none is announced"

    def _consoles(self) -> Iterator[Row]:
        desk = self.hub.desk
        for layout in desk.shown:
            status = desk.values.get(paths.status(layout.name))
            said = (desk.values.get(paths.join(layout.name, local)) for local in ("notice", "sound/now"))
            spec = self.consoles.get(layout.name, "")
            about = f"{spec}, {layout.title}, {len(layout.strips)} strips, {status}"
            yield layout.name, "\n".join([about, *(str(text) for text in said if text)])

    def _people(self) -> Iterator[Row]:
        clients = list(self.hub.clients)
        roles = Counter(client.caller.role for client in clients)
        yield "pages open", ", ".join(f"{number} {role}" for role, number in sorted(roles.items())) or "none"
        known = Counter(person.role for person in self.admission.people())
        yield "people known", ", ".join(f"{number} {role}" for role, number in sorted(known.items())) or "none"
        for client in clients:
            here = client.presence
            if client.caller.role != STRANGER:
                trip = "not known" if here.rtt is None else f"{here.rtt:.0f} ms"
                yield "a page", f"{client.caller.role}, {here.device}, round trip {trip}, {here.dropouts} dropouts"

    def _notices(self) -> Iterator[Row]:
        return (("", notice) for notice in self.hub.notices)

    def _clock(self) -> Iterator[Row]:
        lived = self.admission.now
        yield "counted on", rfc3339(lived())
        yield "computer ahead", f"{lived.offset:.1f} s"

    def _names(self) -> list[str]:
        people = [person.name for person in self.admission.people()]
        tokens = [token.name for token in self.admission.tokens()]
        return [*people, *tokens, *(client.name for client in self.hub.clients)]


def _written(ours: Sequence[Section], data: Path, secrets: Sequence[str], names: Sequence[str]) -> str:
    """Return the report of our sections and the computer's; takes seconds, so in a thread of its own."""
    return text([*ours, *gather_beside(computer.gatherers(data))], known_here(data, names, secrets))
