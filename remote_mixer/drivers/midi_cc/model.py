"""A map as the driver uses it: which control moves which param of which strip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remote_mixer.desk.params import Text
from remote_mixer.drivers.midi_cc.control import Entry

NAME = Text(32)
COLORS = ("grey", "red", "orange", "yellow", "green", "cyan", "blue", "violet", "pink")


class MapFault(ValueError):
    """A map cannot be used or changed; the text names file and line or key, and says what to write instead."""


@dataclass(frozen=True, slots=True)
class MapStrip:
    """One strip: its id as `ch3`, what it is called, and its controls by local path as `fader` or `send/bus1/level`."""

    id: str
    name: str
    color: str
    hidden: bool
    entries: Mapping[str, Entry]

    @property
    def number(self) -> int | None:
        """The number in its id; None for main."""
        digits = self.id.lstrip("abcdefghijklmnopqrstuvwxyz")
        return int(digits) if digits else None


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A row of channels under a name of its own."""

    name: str
    channels: tuple[MapStrip, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that a map file says.

    port      as `midi_ports.open_link` takes it
    warnings  what the file says that nobody here understands; not part of what makes two maps equal
    """

    port: str = ""
    layers: tuple[MapLayer, ...] = ()
    buses: tuple[MapStrip, ...] = ()
    main: MapStrip = field(default_factory=lambda: MapStrip("main", "", "grey", False, {}))
    last_id: int = 0
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def channels(self) -> Iterator[MapStrip]:
        """All channels, hidden ones too, in order."""
        for layer in self.layers:
            yield from layer.channels

    @property
    def strips(self) -> Iterator[MapStrip]:
        """All strips: channels, buses, main."""
        yield from (*self.channels, *self.buses, self.main)

    @property
    def entries(self) -> dict[str, Entry]:
        """The controls of all strips that are not hidden, by local path as `ch3/fader`."""
        return {
            f"{strip.id}/{local}": entry
            for strip in self.strips
            if not strip.hidden
            for local, entry in strip.entries.items()
        }

    def learnable(self) -> Iterator[str]:
        """Give the local path of each control that can be bound, whether it is or not."""
        sends = [f"send/{bus.id}/level" for bus in self.buses]
        for strip in self.strips:
            if not strip.hidden:
                usual = ("fader", "mute", "pan", *sends) if strip.id.startswith("ch") else ("fader", "mute")
                yield from (f"{strip.id}/{local}" for local in dict.fromkeys((*usual, *strip.entries)))
