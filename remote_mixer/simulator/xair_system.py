"""Values of an X Air outside its strips: solo bus, automix, effects, and the routing of its outputs.

Order and words are those of its scene files. The parameters of effects are plain positions: their laws depend on the
effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from remote_mixer.simulator.kinds import Choice, linear
from remote_mixer.simulator.strips import SEND
from remote_mixer.simulator.table import ON_OFF, Leaf
from remote_mixer.simulator.tapers import plain
from remote_mixer.simulator.x32_system import PLACE, SENT

PARAMETERS = 64

_PAIRS = tuple(f"U{n:02}{n + 1:02}" for n in range(1, 19, 2))
_BUSES = tuple(f"Bus{n}" for n in range(1, 7))
_SOLO_SOURCE = Choice(("OFF", "LR", "LRPFL", "LRAFL", "AUX", "U1718", *_BUSES, "Bus12", "Bus34", "Bus56"))
_LISTEN = Choice(("AFL", "PFL"))
_TRIM = linear(-18, 18, 0.5, plain(1))
_DIM = linear(-40, 0, 1, plain(0))
_STRIPS = (
    *(f"Ch{n:02}" for n in range(1, 17)),
    *("AuxL", "AuxR"),
    *(f"Fx{n}{side}" for n in range(1, 5) for side in "LR"),
    *_BUSES,
    *(f"Send{n}" for n in range(1, 5)),
    *("L", "R"),
)
_USB_OUTPUT = Choice(_STRIPS)
_OUTPUT = Choice((*_STRIPS, *(f"U{n:02}" for n in range(1, 19))))
_MAIN_OUTPUT = Choice(("LR", "MON", *_PAIRS))
_TAP = Choice(("AIN", "AIN+M", "IN", "IN+M", "PREEQ", "PREEQ+M", "POSTEQ", "POSTEQ+M", "PRE", "PRE+M", "POST"))
_POST = 10
_FIRST_EFFECTS = ("HALL", "PLAT", "DLY", "CRS")


def system_leaves() -> Iterator[Leaf]:
    """Yield the leaves, in the order of scene files within each node."""
    yield from _solo()
    for node in ("amixenable", "amixlock"):
        yield from (Leaf(f"/config/{node}/{group}", ON_OFF, 0) for group in "XY")
    for number, name in enumerate(_FIRST_EFFECTS, 1):
        yield Leaf(f"/fx/{number}/type", SENT, SENT.names.index(name))
        yield Leaf(f"/fx/{number}/insert", ON_OFF, 0)
        yield from (Leaf(f"/fx/{number}/par/{n:02}", PLACE, 0.5) for n in range(1, PARAMETERS + 1))
    yield from (Leaf(f"/routing/main/{n:02}/src", _MAIN_OUTPUT, 0) for n in (1, 2))
    for output, count, source, first in (
        ("aux", 6, _OUTPUT, _STRIPS.index("Bus1")),
        ("p16", 16, _OUTPUT, 0),
        ("usb", 18, _USB_OUTPUT, 0),
    ):
        for number, place in enumerate(islice(range(first, len(_STRIPS)), count), 1):
            yield Leaf(f"/routing/{output}/{number:02}/src", source, place)
            yield Leaf(f"/routing/{output}/{number:02}/pos", _TAP, _POST)


def _solo() -> Iterator[Leaf]:
    here = "/config/solo"
    yield Leaf(f"{here}/level", SEND, SEND.at(-20))
    yield Leaf(f"{here}/source", _SOLO_SOURCE, 3)
    yield Leaf(f"{here}/sourcetrim", _TRIM, _TRIM.at(0))
    yield Leaf(f"{here}/chmode", _LISTEN, 1)
    yield Leaf(f"{here}/busmode", _LISTEN, 1)
    yield Leaf(f"{here}/dimatt", _DIM, _DIM.at(-20))
    yield from (Leaf(f"{here}/{switch}", ON_OFF, 0) for switch in ("dim", "mono", "mute", "dimplf"))
