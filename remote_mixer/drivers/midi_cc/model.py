"""A map as the driver uses it: which control moves which param of which strip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remote_mixer.drivers.midi_cc.control import CC, NRPN, NRPN_CARRIERS, Control, Entry
from remote_mixer.drivers.midi_cc.tables import Keys, Reading, quote

COLORS = ("grey", "red", "orange", "yellow", "green", "cyan", "blue", "violet", "pink")


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


# Bank select, what NRPNs travel on, and channel mode messages mean something else to most gear.
UNUSABLE = frozenset({0, 32, *NRPN_CARRIERS, *range(120, 128)})
CHANNELS = range(1, 17)


def check_shared(at: Reading, told: Map, keys: Mapping[str, Keys]) -> None:
    """Raise MapFault where two params that are on the page have one control.

    keys  where each strip stands, by its id
    """
    owners: dict[tuple[str, int, int], str] = {}
    for path, entry in told.entries.items():
        for place in entry.control.places:
            if place in owners:
                other = at.place(_keys(keys, owners[place]))
                former = _called(told, owners[place]) + (f" ({other})" if other else "")
                text = f"{_called(told, path)}: {_shown(place)} is the {former} already: give one of them another"
                raise at.fault(_keys(keys, path), text)
            owners[place] = path
    _check_carriers(at, told, keys, owners)


def _check_carriers(
    at: Reading, told: Map, keys: Mapping[str, Keys], owners: Mapping[tuple[str, int, int], str]
) -> None:
    with_nrpn = {channel for kind, channel, _ in owners if kind == NRPN}
    for (kind, channel, number), path in owners.items():
        if kind == CC and channel in with_nrpn and number in NRPN_CARRIERS:
            text = f"{_called(told, path)}: CC {number} carries the NRPNs of MIDI channel {channel}"
            raise at.fault(_keys(keys, path), f"{text}: take another CC or another MIDI channel")


def owner(told: Map, control: Control, but: str) -> str | None:
    """Return what people call the param that has a part of this control, other than the one at path `but`."""
    for path, entry in told.entries.items():
        if path != but and entry.control.places & control.places:
            return _called(told, path)
    return None


def free_control(told: Map) -> Control | None:
    """Return the lowest CC that nothing in the map has, hidden strips neither; None where all are taken."""
    taken = {place for strip in told.strips for entry in strip.entries.values() for place in entry.control.places}
    places = ((channel, number) for channel in CHANNELS for number in range(1, 120) if number not in UNUSABLE)
    free = (Control(CC, channel, number) for channel, number in places if (CC, channel, number) not in taken)
    return next(free, None)


def _called(told: Map, path: str) -> str:
    strip_id, _, local = path.partition("/")
    strip = next(strip for strip in told.strips if strip.id == strip_id)
    parts = local.split("/")
    what = parts[0] if len(parts) == 1 else f"send {parts[1].removeprefix('bus')}"
    what = f"mute of {what}" if parts[2:] == ["mute"] else what
    return f"{what} of {quote(strip.name or strip.id)}"


def _keys(keys: Mapping[str, Keys], path: str) -> Keys:
    strip_id, _, local = path.partition("/")
    parts = local.split("/")
    inner = parts if len(parts) == 1 else ["sends", parts[1].removeprefix("bus"), parts[2]]
    return (*keys.get(strip_id, (strip_id,)), *inner)


def _shown(place: tuple[str, int, int]) -> str:
    kind, channel, number = place
    return f"{'NRPN' if kind == NRPN else 'CC'} {number} on MIDI channel {channel}"
