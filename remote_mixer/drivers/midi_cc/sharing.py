"""Two params on one control would move each other: who has what, and where that collides."""

from __future__ import annotations

from collections.abc import Mapping

from remote_mixer.drivers.midi_cc.control import CC, NRPN, NRPN_CARRIERS, Control
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.drivers.midi_cc.places import Keys, Reading, quote

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
