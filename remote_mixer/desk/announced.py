"""Announced: strips, layers, mixes and scenes that home automation is to find, as a person has ticked them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout, Strip

MOST = 500
"""Most entries of one list."""
LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Announced:
    """Ticks of a person. An entry of what is not there now stays, and is found again when it is back.

    strips  paths of strips, each with its fader and mute: `band/ch1`
    layers  layers, each with its strips: of a console, as `band/Drums`, or shared by the crew, as `Sunday`
    mixes   paths of buses, each with its fader, its mute and the sends into it: `band/bus2`
    scenes  ids of scenes
    """

    strips: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    mixes: tuple[str, ...] = ()
    scenes: tuple[int, ...] = ()

    @classmethod
    def of_json(cls, form: object) -> Announced:
        """Return the ticks of a JSON object, absent lists empty; ValueError with a sentence where it is none."""
        if not isinstance(form, dict) or form.keys() - cls.__dataclass_fields__.keys():
            raise ValueError("this is an object with strips, layers, mixes and scenes")
        texts = {key: _entries(form, key, str) for key in ("strips", "layers", "mixes")}
        return cls(**texts, scenes=_entries(form, "scenes", int))

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {key: list(entries) for key, entries in asdict(self).items()}

    def paths(self, layouts: Mapping[str, Layout], shared: Mapping[str, Iterable[str]]) -> list[str]:
        """Return the paths of the faders, mutes and sends that are meant, each once, as far as they are there.

        shared  name of each layer that the crew shares → paths of its strips
        """
        return list(dict.fromkeys(self._paths(layouts, shared)))

    def _paths(self, layouts: Mapping[str, Layout], shared: Mapping[str, Iterable[str]]) -> Iterator[str]:
        wanted = {*self.strips, *self.mixes, *(strip for name in self.layers for strip in shared.get(name, ()))}
        for layout in layouts.values():
            own = (layer for layer in layout.layers if paths.join(layout.name, layer.name) in self.layers)
            in_layers = {strip for layer in own for strip in layer.strips}
            for strip in layout.strips:
                path = paths.join(layout.name, strip.id)
                if path in wanted or strip.id in in_layers:
                    yield from (paths.join(path, local) for local in ("fader", "mute") if local in strip.params)
            for mix in self.mixes:
                if paths.console_of(mix) == layout.name:
                    yield from _sends(layout, paths.parse(mix).strip)


def _sends(layout: Layout, bus: str) -> Iterator[str]:
    """Yield the paths of the levels of all sends into a bus."""
    for strip in layout.strips:
        yield from (paths.join(layout.name, strip.id, local) for local in strip.params if _is_level(strip, local, bus))


def _is_level(strip: Strip, local: str, bus: str) -> bool:
    return paths.parse(paths.join("", strip.id, local)).send == (bus, LEVEL)


def _entries(form: Mapping[str, Any], key: str, kind: type) -> tuple[Any, ...]:
    entries = form.get(key, [])
    if not isinstance(entries, list) or len(entries) > MOST or not all(type(one) is kind for one in entries):
        raise ValueError(f"“{key}” is a list of at most {MOST} {'numbers' if kind is int else 'texts'}")
    return tuple(dict.fromkeys(entries))
