"""Membership: role, name and policy changes take effect on open pages at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remote_mixer.desk.policy import HOST, Policy
from remote_mixer.hub.client import Client, Ending, rights_of
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Waiting, You
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import Caller
from remote_mixer.people.person import Person
from remote_mixer.people.waiting_room import Waiting as WaitingDevice

OUT_TEXT = "You are signed out of this mixer. To come back, join with the PIN or a new invitation."


@dataclass(frozen=True)
class Membership:
    """Applies changes of people and policy to the clients of a hub."""

    hub: Hub
    admission: Admission

    def __post_init__(self) -> None:
        """Apply the present policy, and follow its changes."""
        self.hub.desk.rights.policy = self.admission.policy
        self.admission.policy_changed.append(self.apply_policy)
        self.admission.changed.append(self.apply_person)
        self.admission.waiting_room.entered.append(self._tell_hosts)

    def _tell_hosts(self, waiting: WaitingDevice) -> None:
        for client in self.hub.clients:
            if client.caller.role == HOST:
                client.send(Waiting(waiting.name, waiting.number))

    def apply_policy(self, policy: Policy) -> None:
        """Replace the policy; clients whose rights change lose their holds, and are sent their new rights."""
        former = self.hub.desk.rights.policy
        self.hub.desk.rights.policy = policy
        for client in self.hub.clients:
            rights = rights_of(client.caller, policy)
            if rights != rights_of(client.caller, former):
                self.hub.desk.leave(client.id)
            if rights:
                self._send_card(client)

    def apply_person(self, id_: str) -> None:
        """Give all links of a person or token the role, mix and name that it has now, or close them if it is gone."""
        person = self.admission.person(id_)
        for client in self._links_of(id_):
            self._become(client, person) if person else self.remove(client)

    async def rename(self, person: str, name: str) -> None:
        """Rename a person, on all links of theirs; Refusal where that cannot be."""
        await self.admission.change(person, name=name)

    def remove(self, client: Client) -> None:
        """Close a link whose caller is no longer a member; until it is closed, its frames are a stranger's."""
        self.hub.part(client)
        client.caller = Caller(address=client.caller.address)
        client.bye(OUT_TEXT, Ending.NOT_JOINED)

    def _links_of(self, id_: str) -> list[Client]:
        return [client for client in self.hub.clients.all_open if id_ in (client.caller.person, client.caller.token)]

    def _become(self, client: Client, person: Person) -> None:
        former = client.caller
        client.caller = replace(former, role=person.role, mix=person.mix, name=person.name)
        client.name = person.name
        if not self.hub.clients.has(client):
            return
        if (former.role, former.mix) != (person.role, person.mix):
            self.hub.desk.leave(client.id)
        self._send_card(client)
        self.hub.clients.send_people()

    def _send_card(self, client: Client) -> None:
        client.send(You(client.own_card(self.hub.desk.rights.policy)))
