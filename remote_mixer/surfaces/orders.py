"""Orders: what keys do, in words that Mackie keys and maps of MIDI controllers have in common, as `layer 2` or `go`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from remote_mixer.desk import paths
from remote_mixer.desk.refusal import Refusal
from remote_mixer.surfaces import view as views
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.view import View

TRANSPORT = "transport"
HELD = ("rewind", "forward")
"""Keys of the transport that act as long as they are held."""


class Order(NamedTuple):
    """One order: its word, and its number or name, "" for none."""

    word: str
    about: str = ""


def parse(text: str) -> Order:
    """Return the order of a text; ValueError with a sentence where there is none."""
    word, _, about = text.strip().partition(" ")
    about = about.strip()
    if word not in ORDERS:
        raise ValueError(f"an order is one of {', '.join(ORDERS)}, not “{text[:40]}”")
    takes = ORDERS[word].takes
    if not (about in takes if takes else _is_number(about)):
        raise ValueError(f"“{word}” is written as “{ORDERS[word].example}”, not “{text[:40]}”")
    return Order(word, about)


def _is_number(text: str) -> bool:
    return text.lstrip("+-").isdecimal() and len(text) <= 4


@dataclass(frozen=True)
class Orders:
    """Orders of one surface.

    width    strips that it shows at once
    cue      carries out what may wait for the disk: undo, redo, and the steps of the set list
    refused  called with each refusal
    """

    hand: Hand
    view: View
    width: int
    cue: Callable[[str, str], None]
    refused: Callable[[Refusal], None]

    def run(self, order: Order, *, pressed: bool = True) -> None:
        """Carry out an order as its key goes down, and what is held also as it comes up."""
        if pressed or order.about in HELD:
            ORDERS[order.word].run(self, order, pressed=pressed)

    # One method for each kind of order

    def ask(self, order: Order, *, pressed: bool) -> None:
        """Carry out what may wait."""
        self.cue(order.word, order.about)

    def scroll(self, order: Order, *, pressed: bool) -> None:
        """Show other strips of the row."""
        self.view.scroll(int(order.about) * (self.width if order.word == "bank" else 1), self.width)

    def choose_layer(self, order: Order, *, pressed: bool) -> None:
        """Show a layer."""
        self.view.choose_layer(int(order.about) - 1)

    def choose_mix(self, order: Order, *, pressed: bool) -> None:
        """Choose a mix by its number."""
        self.view.choose_mix(int(order.about) - 1)

    def next_mix(self, order: Order, *, pressed: bool) -> None:
        """Choose the next mix, and let the knobs have its sends; −1 for the one before."""
        if self.view.knobs == views.SENDS or self.view.flip:
            self.view.next_mix(int(order.about))
        elif not self.view.mix:
            self.view.next_mix()
        self.view.knobs = views.SENDS

    def flip(self, order: Order, *, pressed: bool) -> None:
        """Let the faders have the mix's sends, or the strips' faders."""
        self.view.flip_over()

    def knobs(self, order: Order, *, pressed: bool) -> None:
        """Choose what the knobs turn."""
        self.view.choose_knobs(order.about)

    def transport(self, order: Order, *, pressed: bool) -> None:
        """Press a key of the transport, of the console whose strips are shown, or of the first that has one."""
        path, value = self.transport_path(order.about), order.about not in HELD or pressed
        if order.about in ("cycle", "beats"):
            value = self.hand.value(path) is not True
        if order.about == "stop" and not path:
            path, value = self.transport_path("play"), False
        if path and (refusal := self.hand.set(path, value)):
            self.refused(refusal)

    def transport_path(self, local: str) -> str:
        """Return the path of a transport's param; "" where no console has it."""
        shown = paths.console_of(next(filter(None, self.view.window(self.width)), ""))
        consoles = dict.fromkeys((shown, *self.hand.desk.layouts))
        candidates = (paths.join(console, TRANSPORT, local) for console in consoles)
        return next((path for path in candidates if path in self.hand.desk.values), "")


class _Kind(NamedTuple):
    """Method of an order, the names that it takes, and an example of it."""

    run: Callable[..., None]
    takes: tuple[str, ...]
    example: str


_NOTHING, _NUMBER = ("",), ()
_CUES = ("go", "back", "pause", "on", "finish", "undo", "redo")
_KEYS = ("play", "stop", "record", "rewind", "forward", "cycle", "beats")
_KNOBS = (views.PAN, views.GAIN, views.SENDS, views.EQ, views.DYNAMICS)

ORDERS: dict[str, _Kind] = {
    **{word: _Kind(Orders.ask, _NOTHING, word) for word in _CUES},
    "scene": _Kind(Orders.ask, _NUMBER, "scene 3"),
    "bank": _Kind(Orders.scroll, _NUMBER, "bank +1"),
    "channel": _Kind(Orders.scroll, _NUMBER, "channel -1"),
    "layer": _Kind(Orders.choose_layer, _NUMBER, "layer 2"),
    "mix": _Kind(Orders.choose_mix, _NUMBER, "mix 2"),
    "next_mix": _Kind(Orders.next_mix, _NUMBER, "next_mix +1"),
    "flip": _Kind(Orders.flip, _NOTHING, "flip"),
    "knobs": _Kind(Orders.knobs, _KNOBS, "knobs eq"),
    TRANSPORT: _Kind(Orders.transport, _KEYS, "transport play"),
}
