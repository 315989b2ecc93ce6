"""Layers to the pages: each page gets those that it may see, when it joins and whenever one of them changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.policy import MUSICIAN
from remote_mixer.hub import messages
from remote_mixer.hub.client import Client
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import Caller
from remote_mixer.people.layer import Layer
from remote_mixer.people.layers import SHARED, Layers, owner_of


@dataclass(frozen=True)
class LayerDesk:
    """Brings layers to the clients of a hub. Make it after `Membership`, which gives clients their present roles."""

    hub: Hub
    layers: Layers
    admission: Admission

    def __post_init__(self) -> None:
        """Follow changes of layers, of people, and of the strips that consoles have."""
        self.layers.changed.append(self._changed)
        self.admission.changed.append(self._person_changed)
        self.hub.desk.layout_listeners.append(self._layout_changed)

    def list_for(self, caller: Caller) -> list[dict[str, Any]]:
        """Return the layers that a caller may see, each with the strips that it may see."""
        return [self.as_json(layer, caller) for layer in self.layers.of(caller)]

    def as_json(self, layer: Layer, caller: Caller) -> dict[str, Any]:
        """Return a layer's JSON object without the strips that a caller may not see."""
        form = layer.as_json()
        if caller.role != MUSICIAN:
            return form
        return form | {"items": [item for item in form["items"] if isinstance(item, dict) or self._sees(caller, item)]}

    def send(self, client: Client) -> None:
        """Send a client its layers."""
        client.send(messages.Layers(self.list_for(client.caller)))

    def _sees(self, caller: Caller, strip: str) -> bool:
        """Whether a musician may see a strip: one that sends into their mix, or the mix itself."""
        send = paths.join(strip, "send", paths.local_of(caller.mix), "level")
        is_beside = paths.console_of(strip) == paths.console_of(caller.mix)
        return bool(caller.mix) and is_beside and (strip == caller.mix or send in self.hub.desk.values)

    def _changed(self, owners: Collection[str]) -> None:
        self._send_where(lambda client: SHARED in owners or owner_of(client.caller) in owners)

    def _person_changed(self, id_: str) -> None:
        self._send_where(lambda client: id_ in (client.caller.person, client.caller.token))

    def _layout_changed(self, _: Layout) -> None:
        """Send musicians their layers anew: strips that come and go decide on what they see."""
        self._send_where(lambda client: client.caller.role == MUSICIAN and bool(self.layers.of(client.caller)))

    def _send_where(self, concerned: Callable[[Client], bool]) -> None:
        for client in self.hub.clients:
            if concerned(client):
                self.send(client)
