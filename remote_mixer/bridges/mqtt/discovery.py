"""Discovery of Home Assistant: the entities that it makes of what a person has ticked. No I/O.

Forms: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery, with the pages of number, switch, scene and
sensor. `object_id` names an entity for versions before 2026.4, `default_entity_id` for those since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from remote_mixer import __version__
from remote_mixer.bridges.mqtt.commands import RECALL
from remote_mixer.bridges.mqtt.values import plain
from remote_mixer.desk import paths
from remote_mixer.desk.announced import Announced
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.params import Position, Toggle
from remote_mixer.desk.readings import OFF, UNKNOWN
from remote_mixer.desk.scenes import Head
from remote_mixer.desk.tapers import Taper
from remote_mixer.mqtt.topics import SET, Topics
from remote_mixer.people.layer import Layer

HOME = "homeassistant"
BIRTH = f"{HOME}/status"
"""Topic on which Home Assistant says that it has started: all is announced again."""
MAKER = "Remote Mixer"
STEP_DB = 0.1

Config = dict[str, Any]


@dataclass(frozen=True)
class Discovery:
    """Entities of one mixer."""

    desk: Desk
    topics: Topics

    @property
    def node(self) -> str:
        """Name of the mixer in topics and ids."""
        return _slug(self.topics.prefix)

    @property
    def filter(self) -> str:
        """Filter for the topics of all entities of this mixer."""
        return f"{HOME}/+/{self.node}/+/config"

    @property
    def is_whole(self) -> bool:
        """Whether every console has been read since the start: only then is it known what has gone.

        Our own console of groups needs no reading, and may have no strips.
        """
        return all(layout.strips or layout.hidden_while_empty for layout in self.desk.shown)

    def entities(self, announced: Announced, heads: Iterable[Head], layers: Iterable[Layer]) -> dict[str, Config]:
        """Return topic → configuration of each entity; empty where nothing is ticked.

        heads   the scenes of the set list
        layers  those that the crew shares
        """
        found: dict[str, Config] = {}
        shared = {layer.name: [item for item in layer.items if isinstance(item, str)] for layer in layers}
        wanted = announced.paths({layout.name: layout for layout in self.desk.shown}, shared)
        for path in wanted:
            found |= self._control(path)
        for head in heads:
            if head.id in announced.scenes:
                found |= self._scene(head)
        for console in dict.fromkeys(map(paths.console_of, wanted)):
            found |= self._status(console)
        return found

    # Each kind

    def _control(self, path: str) -> dict[str, Config]:
        param, layout = self.desk.param(path), self.desk.layouts[paths.console_of(path)]
        common = {"state_topic": self.topics.of(path), "command_topic": self.topics.of(path) + SET}
        match param:
            case Toggle():
                keys = {"payload_on": "on", "payload_off": "off", "icon": "mdi:volume-off"}
                return self._entity("switch", path, layout, common | keys)
            case Position() if (taper := layout.tapers[param.taper]).unit == "dB":
                return self._entity("number", path, layout, common | _level(taper))
            case Position():
                return self._entity("number", path, layout, self._percent(path))
        return {}

    def _percent(self, path: str) -> Config:
        """Return the part of a number for a fader whose law is not known: its travel."""
        topic = self.topics.value(path)
        return {
            "state_topic": topic,
            "command_topic": topic + SET,
            "value_template": "{{ 'None' if value_json is none else (value_json * 100) | round(1) }}",
            "command_template": "{{ value / 100 }}",
            "min": 0,
            "max": 100,
            "step": 0.1,
            "unit_of_measurement": "%",
            "mode": "slider",
        }

    def _status(self, console: str) -> dict[str, Config]:
        path, layout = paths.status(console), self.desk.layouts[console]
        given = {"state_topic": self.topics.of(path), "icon": "mdi:tune-vertical", "entity_category": "diagnostic"}
        (made,) = self._entity("sensor", path, layout, given).items()
        topic, config = made
        return {topic: config | {"availability": self._here()}}

    def _scene(self, head: Head) -> dict[str, Config]:
        given = {"command_topic": self.topics.of(RECALL), "payload_on": f"id={head.id}", "name": head.name}
        return self._named("scene", f"scene_{head.id}", given | {"availability": self._here()})

    # What all have

    def _entity(self, component: str, path: str, layout: Layout, given: Config) -> dict[str, Config]:
        its = {"topic": self.topics.of(paths.status(layout.name)), "value_template": _ONLINE_TEMPLATE}
        more = {
            "name": self._name(path, layout),
            "availability": [*self._here(), its],
            "availability_mode": "all",
            "device": {
                "identifiers": [f"{self.node}_{layout.name}"],
                "name": f"{layout.title} ({layout.name})",
                "manufacturer": MAKER,
                "sw_version": __version__,
            },
        }
        return self._named(component, _slug(path), given | more)

    def _named(self, component: str, name: str, given: Config) -> dict[str, Config]:
        id_ = f"{self.node}_{name}"
        ids = {"unique_id": id_, "object_id": id_, "default_entity_id": f"{component}.{id_.lower().replace('-', '_')}"}
        origin = {"name": MAKER, "sw_version": __version__}
        return {f"{HOME}/{component}/{self.node}/{name}/config": {**ids, "origin": origin, **given}}

    def _here(self) -> list[Config]:
        return [{"topic": self.topics.status}]

    def _name(self, path: str, layout: Layout) -> str:
        """Return a control's name for people: `Kick fader`, `Kick in Monitor 1`, `Status`."""
        where = paths.parse(path)
        if not where.param:
            return where.strip.capitalize()
        strip = self._strip_name(layout, where.strip)
        return f"{strip} in {self._strip_name(layout, where.send[0])}" if where.send else f"{strip} {where.param}"

    def _strip_name(self, layout: Layout, id_: str) -> str:
        label = next((strip.label for strip in layout.strips if strip.id == id_), id_)
        return str(self.desk.values.get(paths.join(layout.name, id_, "name")) or label or id_)


def _level(taper: Taper) -> Config:
    """Return the part of a number in dB: its floor stands for silence, both ways."""
    floor, top = taper.points[0][1], taper.points[-1][1]
    silent = f"{plain(OFF)} dB"
    return {
        "min": floor,
        "max": top,
        "step": STEP_DB,
        "unit_of_measurement": "dB",
        "mode": "slider",
        "value_template": f"{{{{ 'None' if value == '{UNKNOWN}' else {floor} if value == '{silent}'"
        f" else [value.split(' ')[0] | float, {floor}] | max }}}}",
        "command_template": f"{{{{ '{silent}' if value <= {floor} else value ~ ' dB' }}}}",
    }


_ONLINE_TEMPLATE = f"{{{{ 'online' if value == '{ONLINE}' else 'offline' }}}}"


def _slug(text: str) -> str:
    """Return a text as a part of a topic or id of Home Assistant."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", text)
