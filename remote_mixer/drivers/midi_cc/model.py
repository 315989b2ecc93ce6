"""Model of a map: the control of each param of each strip, and conflicts between controls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remote_mixer.desk import paths
from remote_mixer.drivers.midi_cc.control import CC, NRPN, NRPN_CARRIERS, Control, Entry
from remote_mixer.drivers.midi_cc.tables import Diagnostics, quote
from remote_mixer.drivers.midi_ports import BOTH
from remote_mixer.maps.files import Keys


@dataclass(frozen=True, slots=True)
class MapStrip:
    """One strip: id (as `ch3`), name, and controls by local path (as `fader` or `send/bus1/level`)."""

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
    """A named row of channels."""

    name: str
    channels: tuple[MapStrip, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The whole content of a map file.

    port      as `midi_ports.open_link` takes it
    warnings  unknown keys and the like; ignored when two maps are compared
    """

    port: str = ""
    layers: tuple[MapLayer, ...] = ()
    buses: tuple[MapStrip, ...] = ()
    main: MapStrip = field(default_factory=lambda: MapStrip("main", "", "grey", False, {}))
    last_id: int = 0
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_input_only(self) -> bool:
        """Whether the map names an input port and no output port, so that nothing can be sent."""
        return self.port.endswith(BOTH)

    @property
    def channels(self) -> Iterator[MapStrip]:
        """Channels in order, hidden ones included."""
        for layer in self.layers:
            yield from layer.channels

    @property
    def strips(self) -> Iterator[MapStrip]:
        """Strips of all kinds: channels, buses, main."""
        yield from (*self.channels, *self.buses, self.main)

    @property
    def entries(self) -> dict[str, Entry]:
        """Controls of all visible strips, by local path as `ch3/fader`."""
        return {
            f"{strip.id}/{local}": entry
            for strip in self.strips
            if not strip.hidden
            for local, entry in strip.entries.items()
        }

    def learnable(self) -> Iterator[str]:
        """Yield the local path of each param that can have a control, bound or not."""
        sends = [f"send/{bus.id}/level" for bus in self.buses]
        for strip in self.strips:
            if not strip.hidden:
                usual = ("fader", "mute", "pan", *sends) if strip.id.startswith("ch") else ("fader", "mute")
                yield from (f"{strip.id}/{local}" for local in dict.fromkeys((*usual, *strip.entries)))


# Bank select, the CCs that carry NRPNs, and channel mode messages have other meanings for most gear.
UNUSABLE = frozenset({0, 32, *NRPN_CARRIERS, *range(120, 128)})
CHANNELS = range(1, 17)


def check_shared(at: Diagnostics, midi_map: Map, keys: Mapping[str, Keys]) -> None:
    """Raise MapFault where two visible params share a control.

    keys  the keys of each strip, by its id
    """
    owners: dict[tuple[str, int, int], str] = {}
    for path, entry in midi_map.entries.items():
        for place in entry.control.places:
            if place in owners:
                other = at.place(_keys(keys, owners[place]))
                first = _label(midi_map, owners[place]) + (f" ({other})" if other else "")
                used = f"{_place_text(place)} is already used by the {first}"
                text = f"{_label(midi_map, path)}: {used}: give one of them another control"
                raise at.fault(_keys(keys, path), text)
            owners[place] = path
    _check_carriers(at, midi_map, keys, owners)


def _check_carriers(
    at: Diagnostics, midi_map: Map, keys: Mapping[str, Keys], owners: Mapping[tuple[str, int, int], str]
) -> None:
    with_nrpn = {channel for kind, channel, _ in owners if kind == NRPN}
    for (kind, channel, number), path in owners.items():
        if kind == CC and channel in with_nrpn and number in NRPN_CARRIERS:
            text = f"{_label(midi_map, path)}: CC {number} carries the NRPNs of MIDI channel {channel}"
            raise at.fault(_keys(keys, path), f"{text}: use another CC or another MIDI channel")


def owner(midi_map: Map, control: Control, but: str) -> str | None:
    """Return the name of the param that uses part of this control, other than the one at path `but`; None for none."""
    for path, entry in midi_map.entries.items():
        if path != but and entry.control.places & control.places:
            return _label(midi_map, path)
    return None


def free_control(midi_map: Map) -> Control | None:
    """Return the lowest CC that no strip uses, hidden ones included; None where all are in use."""
    checked = {place for strip in midi_map.strips for entry in strip.entries.values() for place in entry.control.places}
    places = ((channel, number) for channel in CHANNELS for number in range(1, 120) if number not in UNUSABLE)
    free = (Control(CC, channel, number) for channel, number in places if (CC, channel, number) not in checked)
    return next(free, None)


def _label(midi_map: Map, path: str) -> str:
    strip_id, local = paths.strip_and_param(path)
    strip = next(strip for strip in midi_map.strips if strip.id == strip_id)
    parts = paths.segments(local)
    what = parts[0] if len(parts) == 1 else f"send {parts[1].removeprefix('bus')}"
    what = f"mute of {what}" if parts[2:] == ["mute"] else what
    return f"{what} of {quote(strip.name or strip.id)}"


def _keys(keys: Mapping[str, Keys], path: str) -> Keys:
    strip_id, local = paths.strip_and_param(path)
    parts = paths.segments(local)
    inner = parts if len(parts) == 1 else ["sends", parts[1].removeprefix("bus"), parts[2]]
    return (*keys.get(strip_id, (strip_id,)), *inner)


def _place_text(place: tuple[str, int, int]) -> str:
    kind, channel, number = place
    return f"{'NRPN' if kind == NRPN else 'CC'} {number} on MIDI channel {channel}"
