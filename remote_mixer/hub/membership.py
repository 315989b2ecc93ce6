"""What is decided about people while their pages are open: it is true on them at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remote_mixer.desk.policy import Policy
from remote_mixer.hub.client import Client, rights_of
from remote_mixer.hub.clients import JOIN_FIRST
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Door
from remote_mixer.people.person import Person
from remote_mixer.web import wire
from remote_mixer.web.authenticate import Caller

OUT_TEXT = "You are signed out of this mixer. To come back, join with the PIN or a new invitation."


@dataclass
class Insiders:
    """Joins the people's room to the open pages."""

    hub: Hub
    door: Door

    def __post_init__(self) -> None:
        """Take the policy that stands, and listen."""
        self.hub.desk.rights.policy = self.door.policy
        self.door.policy_changed.append(self.decide)
        self.door.changed.append(self.change)

    def decide(self, policy: Policy) -> None:
        """Let another policy hold, and tell those whom it binds; where it gives them other rights, their hands lift."""
        former = self.hub.desk.rights.policy
        self.hub.desk.rights.policy = policy
        for client in self.hub.clients:
            rights = rights_of(client.who, policy)
            if rights != rights_of(client.who, former):
                self.hub.desk.leave(client.id)
            if rights:
                self._tell(client)

    def change(self, id_: str) -> None:
        """Let a person have another role, mix or name, or person or token be gone, on all links of theirs."""
        person = self.door.person(id_)
        for client in self._links_of(id_):
            self._become(client, person) if person else self.put_out(client)

    async def rename(self, person: str, name: str) -> None:
        """Let a person be called something else, on all links of theirs; Refusal where that cannot be."""
        await self.door.change(person, name=name)

    def put_out(self, client: Client) -> None:
        """Close a link whose holder is no longer one of us; what it still says is a stranger's."""
        self.hub.part(client)
        client.who = Caller(address=client.who.address)
        client.bye(OUT_TEXT, JOIN_FIRST)

    def _links_of(self, id_: str) -> list[Client]:
        return [client for client in self.hub.clients.all_open if id_ in (client.who.person, client.who.token)]

    def _become(self, client: Client, person: Person) -> None:
        former = client.who
        client.who = replace(former, role=person.role, mix=person.mix, name=person.name)
        client.name = person.name
        if not self.hub.clients.has(client):
            return
        if (former.role, former.mix) != (person.role, person.mix):
            self.hub.desk.leave(client.id)
        self._tell(client)
        self.hub.clients.tell_people()

    def _tell(self, client: Client) -> None:
        client.tell(wire.write({"type": "you", "you": client.you(self.hub.desk.rights.policy)}))
