"""Bridges and control surfaces: builds what joins the hub beside pages, as far as it is asked for."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remote_mixer.bridges.osc.addresses import Addresses
from remote_mixer.bridges.osc.bridge import OscBridge
from remote_mixer.bridges.osc.commands import Commands as OscCommands
from remote_mixer.bridges.show import Show
from remote_mixer.drivers.base import DriverError
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Admission
from remote_mixer.people.layers import Layers

if TYPE_CHECKING:
    from remote_mixer.bridges.mqtt.bridge import MqttBridge, MqttOptions
    from remote_mixer.surfaces.learning import Learning
    from remote_mixer.surfaces.spec import Spec
    from remote_mixer.surfaces.station import Station


@dataclass(frozen=True, slots=True)
class Bridging:
    """Parts of the program that bridges and surfaces work with; each method makes one kind of them.

    The libraries of MQTT and of MIDI take longer to load than the rest of a start, and few servers need them: they are
    imported where they are asked for.
    """

    hub: Hub
    show: Show
    admission: Admission
    layers: Layers
    spawn: Spawn

    def osc(self, sock: socket.socket | None, *, trust_local: bool) -> OscBridge | None:
        """Return the OSC bridge on a bound socket; None without one."""
        if sock is None:
            return None
        addresses = Addresses(self.hub.desk.layouts, self.hub.desk.values)
        commands = OscCommands(self.hub, self.show, addresses, self.spawn)
        return OscBridge(commands, self.admission, sock, trust_local=trust_local)

    def mqtt(self, options: MqttOptions | None) -> MqttBridge | None:
        """Return the bridge to a broker; None where none is named."""
        if options is None:
            return None
        from remote_mixer.bridges.mqtt.bridge import MqttBridge  # noqa: PLC0415 - see the class
        from remote_mixer.bridges.mqtt.commands import Commands  # noqa: PLC0415 - see the class
        from remote_mixer.bridges.mqtt.discovery import Discovery  # noqa: PLC0415 - see the class
        from remote_mixer.bridges.mqtt.home import Home  # noqa: PLC0415 - see the class

        commands = Commands(self.hub.desk, self.show)
        home = Home(Discovery(self.hub.desk, options.topics), self.admission, self.layers, commands.show)
        return MqttBridge(options, self.hub, commands, home, self.spawn)

    def surfaces(self, texts: Sequence[tuple[str, str]], data: Path) -> list[Station]:
        """Return the control surfaces, by name and KIND:…; ValueError as of `surface_specs`."""
        if not texts:
            return []
        from remote_mixer.drivers import midi_link  # noqa: PLC0415 - only where a surface is wanted
        from remote_mixer.surfaces.ports import Ports  # noqa: PLC0415 - see the class
        from remote_mixer.surfaces.station import Access, stations  # noqa: PLC0415 - see the class

        ports = Ports(midi_link.open_link, DriverError)
        return stations(surface_specs(texts, data), Access(self.hub, self.show, self.layers, self.spawn, ports))

    def learning(self, stations: Sequence[Station]) -> Learning | None:
        """Return the list of surfaces for pages, and what changes their maps; None where there are none."""
        if not stations:
            return None
        from remote_mixer.surfaces.learning import Learning  # noqa: PLC0415 - see the class

        return Learning(self.hub.desk, stations)


def surface_specs(texts: Sequence[tuple[str, str]], data: Path) -> list[Spec]:
    """Return the specs of surfaces, by name and KIND:…; ValueError with a sentence where one is wrong.

    data  folder for maps of our own
    """
    if not texts:
        return []
    from remote_mixer.surfaces.spec import parse_all  # noqa: PLC0415 - see Bridging

    return parse_all(texts, data)
