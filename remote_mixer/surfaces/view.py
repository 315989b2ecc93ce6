"""View of a surface: which strips its faders have, which mix, and what its knobs turn. Surfaces may share one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.vocabulary import KINDS

ALL = "All"
PAN, GAIN, SENDS, EQ, DYNAMICS = "pan", "gain", "sends", "eq", "dynamics"
OF_STRIPS = {PAN: ("pan",), GAIN: ("gain", "trim")}
"""Page of the knobs, one knob a strip → params that it turns; a strip has the first of these that it knows."""
OF_SELECTED = {EQ: ("lowcut", "eq"), DYNAMICS: ("gate", "dyn", "limiter")}
"""Page of the knobs, all for the selected strip → first segments of the params that they turn, in pages."""
NEVER_RESET = frozenset({GAIN, SENDS})
"""Knobs that no push sets back: a preamp or a send that leaps is heard."""


class Layer(NamedTuple):
    """Row of strips: name, and their paths as `band/ch3`."""

    name: str
    strips: tuple[str, ...]


class View:
    """Choice of strips, mix and knobs that a surface shows.

    mix       bus whose sends the faders have while `flip` is on, as `band/bus2`; "" for none
    selected  strip that EQ and dynamics are of; "" for none
    knobs     what the knobs turn
    own       returns the layers that people have made
    """

    def __init__(self, desk: Desk, mix: str = "", own: Callable[[], Iterable[Layer]] = tuple) -> None:
        self._desk, self._own = desk, own
        self.layer, self.start, self.page = 0, 0, 0
        self.mix, self.flip = mix, bool(mix)
        self.selected, self.knobs = "", PAN
        self._layers: list[Layer] | None = None
        self._rows: dict[tuple[int, str, bool], tuple[str, ...]] = {}
        desk.layout_listeners.append(lambda _: self.forget_layers())

    def forget_layers(self) -> None:
        """Find the layers anew: consoles or layers of people have changed."""
        self._layers = None
        self._rows.clear()

    @property
    def state(self) -> tuple[object, ...]:
        """Choices so far, to be compared: another surface may make them."""
        return self.layer, self.start, self.page, self.mix, self.flip, self.selected, self.knobs

    # Strips

    @property
    def layers(self) -> list[Layer]:
        """All layers: all strips, what people have made, strips of each kind, of each console, consoles' own rows."""
        if self._layers is None:
            every, *others = _layers(self._desk.shown)
            own = (Layer(name, tuple(filter(self._has_fader, strips))) for name, strips in self._own())
            self._layers = [every, *(layer for layer in own if layer.strips), *others]
        return self._layers

    @property
    def row(self) -> tuple[str, ...]:
        """Paths of the chosen layer's strips; while the faders have sends, those of strips that have one."""
        chosen = self.layer, self.mix, self.flip
        if chosen not in self._rows:  # asked for at each tick
            self._rows[chosen] = self._row()
        return self._rows[chosen]

    def _row(self) -> tuple[str, ...]:
        if self.flip:
            return tuple(strip for strip in self.layers[0].strips if self._has(self._send(strip)))
        return self.layers[min(self.layer, len(self.layers) - 1)].strips

    def window(self, width: int) -> list[str]:
        """Return the strip of each of a surface's places, "" for none."""
        row = self.row
        start = max(0, min(self.start, len(row) - width))
        shown = list(row[start : start + width])
        return shown + [""] * (width - len(shown))

    @property
    def buses(self) -> list[str]:
        """Paths of all mixes."""
        return [f"{one.name}/{strip.id}" for one in self._desk.shown for strip in one.strips if strip.kind == "bus"]

    # Choices

    def scroll(self, strips: int, width: int) -> None:
        """Show strips further right, or left; never beyond the ends."""
        last = max(0, len(self.row) - width)
        self.start = max(0, min(min(self.start, last) + strips, last))

    def choose_layer(self, number: int) -> None:
        """Show a layer, from 0 on, from its first strip on; a number without one changes nothing."""
        if number < len(self.layers):
            self.layer, self.start, self.flip = number, 0, False

    def choose_mix(self, number: int) -> None:
        """Choose a mix, from 0 on; a number without one changes nothing."""
        if number < len(self.buses):
            self.mix, self.start = self.buses[number], 0

    def next_mix(self, step: int = 1) -> None:
        """Choose the mix after this one, around the end."""
        if buses := self.buses:
            place = buses.index(self.mix) + step if self.mix in buses else 0
            self.choose_mix(place % len(buses))

    def flip_over(self) -> None:
        """Let the faders have the mix's sends, or the strips' own faders again."""
        if not self.mix:
            self.next_mix()
        self.flip, self.start = bool(self.mix) and not self.flip, 0

    def choose_knobs(self, knobs: str) -> None:
        """Choose what the knobs turn; the same again turns a page."""
        self.page = self.page + 1 if knobs == self.knobs else 0
        self.knobs = knobs

    def label(self, strip: str) -> str:
        """Return a strip's name, or what its console calls it."""
        console, id_, _ = paths.parse(strip)
        name = self._desk.values.get(f"{strip}/name")
        layout = self._desk.layouts.get(console)
        labels = (one.label for one in layout.strips if one.id == id_) if layout else iter(())
        return str(name or next(labels, ""))

    # Params

    def fader(self, strip: str) -> str:
        """Return the path that a place's fader moves; "" for none."""
        return self._there(self._send(strip) if self.flip else f"{strip}/fader")

    def mute(self, strip: str) -> str:
        """Return the path of a place's mute: in a mix the send's, never the strip's own in the house."""
        return self._there(paths.beside(self._send(strip), "mute") if self.flip else f"{strip}/mute")

    def toggle(self, strip: str, local: str) -> str:
        """Return the path of a strip's toggle; "" where it has none."""
        return self._there(f"{strip}/{local}")

    def main(self, width: int) -> str:
        """Return the path of the main fader: of the first strip's console, and in a mix the bus's."""
        if self.flip:
            return self._there(f"{self.mix}/fader")
        console = paths.console_of(next(filter(None, self.window(width)), ""))
        layout = self._desk.layouts.get(console)
        mains = [strip.id for strip in layout.strips if strip.kind == "main"] if layout else []
        return self._there(f"{console}/{mains[0]}/fader") if mains else ""

    def knob(self, place: int, width: int) -> str:
        """Return the path that a place's knob turns; "" for none."""
        if self.knobs in OF_SELECTED:
            page = self._page(width)
            return page[place] if place < len(page) else ""
        strip = self.window(width)[place]
        if self.knobs == SENDS:
            return self._there(f"{strip}/fader" if self.flip else self._send(strip))
        return next((path for local in OF_STRIPS[self.knobs] if (path := self._there(f"{strip}/{local}"))), "")

    def _page(self, width: int) -> list[str]:
        """Return the params of the page that is turned up; after the last one comes the first."""
        found = list(self._of_selected(OF_SELECTED[self.knobs]))
        pages = max(1, -(-len(found) // width))
        start = self.page % pages * width
        return found[start : start + width]

    def _of_selected(self, firsts: tuple[str, ...]) -> Iterator[str]:
        console, strip, _ = paths.parse(self.selected)
        layout = self._desk.layouts.get(console)
        here = next((one for one in layout.strips if one.id == strip), None) if layout else None
        for first in firsts:
            for local, param in here.params.items() if here else ():
                if paths.segments(local)[0] == first and not param.read_only and param.kind != "text":
                    yield f"{self.selected}/{local}"

    def _send(self, strip: str) -> str:
        """Return the path of a strip's level into the mix; "" where the mix is another console's."""
        console, bus, _ = paths.parse(self.mix)
        return f"{strip}/send/{bus}/level" if bus and paths.console_of(strip) == console else ""

    def _has_fader(self, strip: str) -> bool:
        return self._has(f"{strip}/fader")

    def _has(self, path: str) -> bool:
        return path in self._desk.values

    def _there(self, path: str) -> str:
        return path if self._has(path) else ""


def _layers(consoles: Iterable[Layout]) -> Iterator[Layer]:
    """Yield the layers in the order in which pages have them."""
    there = [(f"{one.name}/{strip.id}", one.name, strip) for one in consoles for strip in _drawn(one)]
    yield Layer(ALL, tuple(path for path, _, _ in there))
    kinds = [kind for kind in KINDS if any(strip.kind == kind for _, _, strip in there)]
    for kind in kinds if len(kinds) > 1 else ():
        yield Layer(KINDS[kind]["plural"], tuple(path for path, _, strip in there if strip.kind == kind))
    names = list(dict.fromkeys(name for _, name, _ in there))
    for name in names if len(names) > 1 else ():
        yield Layer(name, tuple(path for path, console, _ in there if console == name))
    for one in consoles:
        yield from (Layer(row.name, tuple(f"{one.name}/{strip}" for strip in row.strips)) for row in one.layers)


def _drawn(layout: Layout) -> list[Strip]:
    """Return the strips with faders; the first main stands apart."""
    with_faders = [strip for strip in layout.strips if "fader" in strip.params]
    main = next((strip for strip in with_faders if strip.kind == "main"), None)
    return [strip for strip in with_faders if strip is not main]
