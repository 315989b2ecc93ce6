"""Home: keeps the entities of Home Assistant on the broker as what is ticked, its names and the scenes change."""

from __future__ import annotations

import asyncio
import json

from remote_mixer.bridges.mqtt.discovery import BIRTH, Config, Discovery
from remote_mixer.bridges.show import Show
from remote_mixer.desk import paths
from remote_mixer.hub.messages import LayoutChanged, Message, Scenes, values_in
from remote_mixer.mqtt.link import AT_LEAST_ONCE, Came, Link
from remote_mixer.mqtt.topics import ONLINE
from remote_mixer.people.admission import Admission
from remote_mixer.people.layers import Layers

REST_SECONDS = 0.3
"""Time in which changes are gathered: a console that is read names all its strips at once."""


class Home:
    """Entities of one mixer on its broker."""

    def __init__(self, discovery: Discovery, admission: Admission, layers: Layers, show: Show) -> None:
        self._discovery, self.admission, self._layers, self._show = discovery, admission, layers, show
        self._link: Link | None = None
        self._kept: dict[str, Config | None] = {}  # topic → its configuration, None for one of an earlier run
        self._timer: asyncio.TimerHandle | None = None
        admission.announced_changed.append(self.refresh_soon)
        layers.changed.append(lambda owners: self.refresh_soon())

    def begin(self, link: Link) -> None:
        """Announce all by a new connection; what an earlier run left there comes to `take`."""
        self._link, self._kept = link, {}
        link.subscribe([BIRTH, self._discovery.filter])
        self._refresh()

    def end(self) -> None:
        """End: the broker is lost."""
        self._link = None
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def note(self, message: Message) -> None:
        """Follow what the hub shares: scenes, strips and names."""
        names = (path for path in values_in(message) if paths.param_of(path) == "name")
        if isinstance(message, LayoutChanged | Scenes) or any(names):
            self.refresh_soon()

    def take(self, came: Came) -> bool:
        """Take a message of Home Assistant, or of an earlier run; return whether it was one."""
        is_birth = came.topic == BIRTH
        if is_birth and came.payload.decode(errors="replace") == ONLINE:
            self._kept = dict.fromkeys(self._kept)
            self._refresh()
        elif came.topic.endswith("/config") and came.is_kept:
            self._kept.setdefault(came.topic, None)
            self.refresh_soon()
        return is_birth or came.topic.endswith("/config")

    def refresh_soon(self) -> None:
        """Announce what has changed, soon."""
        if self._link and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REST_SECONDS, self._refresh)

    def _refresh(self) -> None:
        """Announce what is new or has changed, and withdraw what has gone."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._link is None:
            return
        heads, layers = self._show.scenes.scenes.set_list(), self._layers.shared()
        entities = self._discovery.entities(self.admission.announced, heads, layers)
        if self._discovery.is_whole:  # who withdraws an entity takes a person's changes to it away
            for topic in self._kept.keys() - entities.keys():
                self._link.publish(topic, "", keep=True, qos=AT_LEAST_ONCE)
                del self._kept[topic]
        for topic, config in entities.items():
            if self._kept.get(topic) != config:
                self._link.publish(topic, json.dumps(config), keep=True, qos=AT_LEAST_ONCE)
        self._kept |= entities
