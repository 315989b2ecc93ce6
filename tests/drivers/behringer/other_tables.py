"""Facts of consoles in the tables of programs of others, in our words, for those programs do not run in our tests.

x32scene 0.10 (written in a newer Python) names the values of each line that an X32 prints, in order. The X32 and X Air
modules of Bitfocus Companion have addresses, by kind of strip and number, and that of X Air positions by level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DYN = "on mode det env thr ratio knee mgain attack hold release pos"
_LINES = (
    (r"/(ch|auxin)/\d\d/config", "name icon color source"),
    (r"/((fxrtn|bus|mtx)/\d\d|dca/\d|main/(st|m))/config", "name icon color"),
    (r"/dca/\d", "on fader"),
    (r"/ch/\d\d/delay", "on time"),
    (r"/ch/\d\d/preamp", "trim invert hpon hpslope hpf"),
    (r"/auxin/\d\d/preamp", "trim invert"),
    (r"/ch/\d\d/gate", "on mode thr range attack hold release keysrc"),
    (r"/ch/\d\d/gate/filter", "on type f"),
    (r"/((ch|bus|mtx)/\d\d|main/(st|m))/dyn/filter", "on type f"),
    (r"/(ch|bus)/\d\d/dyn", f"{_DYN} keysrc mix auto"),
    (r"/(mtx/\d\d|main/(st|m))/dyn", f"{_DYN} mix auto"),
    (r"/((ch|bus|mtx)/\d\d|main/(st|m))/insert", "on pos sel"),
    (r"/((ch|auxin|fxrtn|bus|mtx)/\d\d|main/(st|m))/eq", "on"),
    (r"/((ch|auxin|fxrtn|bus|mtx)/\d\d|main/(st|m))/eq/\d", "type f g q"),
    (r"/((ch|auxin|fxrtn|bus|mtx)/\d\d|main/(st|m))/grp", "dca mute"),
    (r"/(ch|auxin|fxrtn|bus)/\d\d/mix", "on fader st pan mono mlevel"),
    (r"/main/st/mix", "on fader pan"),
    (r"/(mtx/\d\d|main/m)/mix", "on fader"),
    (r"/((ch|auxin|fxrtn|bus)/\d\d|main/(st|m))/mix/\d[13579]", "on level pan type panFollow"),
    (r"/((ch|auxin|fxrtn|bus)/\d\d|main/(st|m))/mix/\d[02468]", "on level"),
    (r"/headamp/\d{3}", "gain phantom"),
    (r"/config/mute", "1 2 3 4 5 6"),
    *(
        (f"/config/{kind}link", " ".join(f"{n}-{n + 1}" for n in range(1, last, 2)))
        for kind, last in (("ch", 32), ("aux", 8), ("fx", 8), ("bus", 16), ("mtx", 6))
    ),
)
FADERS = {
    -30: 0.251,
    -20: 0.375,
    -18: 0.4,
    -15: 0.437,
    -12: 0.475,
    -9: 0.525,
    -6: 0.6,
    -3: 0.675,
    0: 0.75,
    3: 0.825,
    6: 0.9,
    9: 0.975,
    10: 1.0,
}
"""Level in dB → position that Companion's X Air module sends for it, to three digits."""
KEYS = (
    *(("X32", number, key) for number, key in ((0, "self"), (29, "ch29"), (59, "bus11"))),
    *(("XR18", number, key) for number, key in ((0, "self"), (16, "ch16"), (17, "bus1"), (22, "bus6"))),
)
"""Number of a gate's key source → its source: by a program that switches an X32's, and by the list for X Air's."""
_XAIR_STRIPS = {
    "/ch/{:02}": (16, 1, "mix/lr eq/on gate/on dyn/on insert/on"),
    "/rtn/aux": (1, 17, "eq/on"),
    "/rtn/{}": (4, 18, "mix/lr eq/on"),
    "/bus/{}": (6, 40, "mix/lr eq/on dyn/on insert/on"),
    "/fxsend/{}": (4, 46, ""),
    "/lr": (1, 50, "eq/on dyn/on insert/on"),
    "/dca/{}": (4, 51, ""),
}
"""Number of strips, the solo switch of the first one, and other switches."""
_STRIPS = {"ch": (32, 1), "auxin": (8, 33), "fxrtn": (8, 41), "bus": (16, 49), "mtx": (6, 65)}
"""Number of strips, and the solo switch of the first one."""


def line(node: str) -> tuple[str, ...]:
    """Return the names of a line's values in order, as x32scene has them; empty where it has none."""
    found = (names for pattern, names in _LINES if re.fullmatch(pattern, node))
    return tuple(next(found, "").split())


def companion() -> Iterator[str]:
    """Yield the addresses of strips that Companion's module has."""
    for kind, (count, solo) in _STRIPS.items():
        for n in range(count):
            yield from _of_strip(f"/{kind}/{n + 1:02}", kind)
            yield f"/-stat/solosw/{solo + n:02}"
    for n in range(8):
        yield from (f"/dca/{n + 1}/{leaf}" for leaf in ("config/name", "config/color", "on", "fader"))
        yield f"/-stat/solosw/{73 + n}"
    for main, solo in (("/main/st", 71), ("/main/m", 72)):
        yield from _of_strip(main, "main")
        yield f"/-stat/solosw/{solo}"
    yield "/main/st/mix/pan"
    yield from (f"/config/mute/{n}" for n in range(1, 7))
    yield from (f"/headamp/{n:03}/gain" for n in range(96))
    yield "/-show/prepos/current"


def _of_strip(strip: str, kind: str) -> Iterator[str]:
    yield from (f"{strip}/{leaf}" for leaf in ("config/name", "config/color", "mix/on", "mix/fader"))
    if kind in {"ch", "bus", "mtx", "main"}:
        yield f"{strip}/insert/on"
    if kind in {"ch", "auxin", "fxrtn"}:
        yield from (f"{strip}/mix/{leaf}" for leaf in ("st", "mono", "mlevel"))
    if kind in {"ch", "auxin", "fxrtn", "bus"}:
        yield f"{strip}/mix/pan"
    for send in range(1, {"bus": 6, "main": 6, "mtx": 0}.get(kind, 16) + 1):
        yield from (f"{strip}/mix/{send:02}/{leaf}" for leaf in ("on", "level", "pan")[: 2 + send % 2])


def companion_xair() -> Iterator[str]:
    """Yield the addresses that Companion's X Air module has."""
    for root, (count, solo, switches) in _XAIR_STRIPS.items():
        mix = "" if "dca" in root else "mix/"
        sends = range(1, 11) if "ch" in root or "rtn" in root else ()
        leaves = ("config/name", "config/color", f"{mix}on", f"{mix}fader", *switches.split())
        for n in range(count):
            strip = root.format(n + 1)
            yield from (f"{strip}/{leaf}" for leaf in leaves)
            yield from (f"{strip}/mix/{send:02}/level" for send in sends)
            yield f"/-stat/solosw/{solo + n:02}"
    yield from (f"/config/mute/{n}" for n in range(1, 5))
    yield from (f"/headamp/{n:02}/gain" for n in range(1, 25))
