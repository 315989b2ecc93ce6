"""Meter frames of both families: levels, their order and their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from struct import pack

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.signals import Gains, Signals, Wiring, amplitude
from remote_mixer.simulator.xair import SIZES, Size

FLOOR_AMPLITUDE = 4e-7  # lowest amplitude: a silent X32 sends this, never 0
MINUS_INFINITY = -0x8000

Layout = Callable[[Signals, tuple[int, ...]], bytes | None]


class Meters:
    """All meter frames of one console; the levels of one moment are computed once for all clients."""

    def __init__(self, console: Console) -> None:
        """Compute levels from the controls of this console."""
        x32 = console.model.family.key == "x32"
        self._console = console
        self._wiring = x32_wiring() if x32 else xair_wiring(console)
        self._layouts = X32_LAYOUTS if x32 else XAIR_LAYOUTS
        self._gains, self._changes = Gains(console, self._wiring), console.changes
        self._signals = Signals(console, self._wiring, self._gains, 0.0)
        self._moment = 0.0

    def knows(self, number: int) -> bool:
        """Whether there is a meter frame of that number."""
        return number in self._layouts

    def frame(self, number: int, arguments: tuple[int, ...], moment: float) -> bytes | None:
        """Return the blob of a frame; `arguments` choose a strip or a layer. None for one that does not exist."""
        if self._changes != self._console.changes:
            self._gains, self._changes = Gains(self._console, self._wiring), self._console.changes
        if moment != self._moment:
            self._signals, self._moment = Signals(self._console, self._wiring, self._gains, moment), moment
        return self._layouts[number](self._signals, arguments)


# X32: linear floats.

_CH = tuple(f"/ch/{n:02}" for n in range(1, 33))
_AUX = tuple(f"/auxin/{n:02}" for n in range(1, 9))
_FX = tuple(f"/fxrtn/{n:02}" for n in range(1, 9))
_BUS = tuple(f"/bus/{n:02}" for n in range(1, 17))
_MTX = tuple(f"/mtx/{n:02}" for n in range(1, 7))
_ST, _MONO = "/main/st", "/main/m"
_LAYERS = (_CH[:16], _CH[16:], _AUX + _FX, _BUS)
_GROUPS = ((), _BUS[:8], _BUS[8:], _MTX)


def x32_wiring() -> Wiring:
    """Return the signal flow of an X32."""
    return Wiring(
        inputs=_CH + _AUX + _FX,
        sources={root: f"/-ha/{place:02}/index" for place, root in enumerate(_CH + _AUX)},
        head_amp=lambda number: f"/headamp/{number:03}/gain" if number >= 0 else None,
        buses=tuple((root, number) for number, root in enumerate(_BUS, 1)),
        matrices=tuple((root, number) for number, root in enumerate(_MTX, 1)),
        main=_ST,
        assign="st",
        tap="type",
    )


def _floats(levels: Iterable[float]) -> bytes:
    words = [max(FLOOR_AMPLITUDE, amplitude(level)) for level in levels]
    return pack(f"<i{len(words)}f", len(words), *words)


def _x32_all(signals: Signals, _: tuple[int, ...]) -> bytes:
    before, after = signals.before, signals.after
    return _floats([*(before[root] for root in _CH + _AUX + _FX), *(after[root] for root in _BUS + _MTX)])


def _x32_channels(signals: Signals, _: tuple[int, ...]) -> bytes:
    levels = [signals.before[root] for root in _CH]
    return _floats([*levels, *map(signals.gate, _CH), *map(signals.dynamics, _CH)])


def _x32_sums(signals: Signals, _: tuple[int, ...]) -> bytes:
    levels = [signals.after[root] for root in _BUS + _MTX]
    mains = (*signals.left_and_right, signals.mono(_MONO))
    reductions = [signals.dynamics(root) for root in (*_BUS, *_MTX, _ST, _MONO)]
    return _floats([*levels, *mains, *reductions])


def _x32_surface(signals: Signals, arguments: tuple[int, ...]) -> bytes | None:
    layer, group = (*arguments, 0, 0)[:2]
    if layer not in range(4) or group not in range(4):
        return None
    faders = [signals.after[root] for root in _LAYERS[layer]]
    groups = ([signals.after[root] for root in _GROUPS[group]] + [-200.0] * 8)[:8]
    return _floats([*faders, *groups, *signals.left_and_right, signals.mono(_MONO)])


def _x32_strip(signals: Signals, arguments: tuple[int, ...]) -> bytes | None:
    strips = (*_CH, *_AUX, *_FX, *_BUS, *_MTX, _ST, _MONO)
    if not arguments or arguments[0] not in range(len(strips)):
        return None
    root = strips[arguments[0]]
    if root == _MONO:
        level = signals.mono(_MONO)
        return _floats((level, 0.0, 0.0, level))
    gate = signals.gate(root) if root in _CH else 0.0
    return _floats((signals.before[root], gate, signals.dynamics(root), signals.after[root]))


def _x32_inputs(signals: Signals, _: tuple[int, ...]) -> bytes:
    return _floats(signals.preamps[root] for root in _CH + _AUX + _FX)


def _x32_reductions(signals: Signals, _: tuple[int, ...]) -> bytes:
    gains = [*map(signals.gate, _CH), *map(signals.dynamics, (*_CH, *_BUS, *_MTX, _ST, _MONO))]
    shorts = [round(32767 * amplitude(gain)) for gain in gains] + [0] * 8
    return pack(f"<i{len(shorts)}h", len(shorts) // 2, *shorts)


X32_LAYOUTS: dict[int, Layout] = {
    0: _x32_all,
    1: _x32_channels,
    2: _x32_sums,
    5: _x32_surface,
    6: _x32_strip,
    13: _x32_inputs,
    16: _x32_reductions,
}


# X Air: integers, 256 per decibel. Strips that a small model lacks stay silent.

_XCH = _CH[:16]
_XAUX = "/rtn/aux"
_XFX = tuple(f"/rtn/{n}" for n in range(1, 5))
_XBUS = tuple(f"/bus/{n}" for n in range(1, 7))
_XSEND = tuple(f"/fxsend/{n}" for n in range(1, 5))
_LR = "/lr"


def xair_wiring(console: Console) -> Wiring:
    """Return the signal flow of an X Air of this size."""
    present = console.model.nodes
    channels = tuple(root for root in _XCH if f"{root}/mix" in present)
    buses = tuple((root, n) for n, root in enumerate(_XBUS, 1) if f"{root}/mix" in present)
    return Wiring(
        inputs=(*channels, _XAUX, *_XFX),
        sources={root: f"{root}/config/insrc" for root in channels},
        head_amp=lambda number: _xair_head_amp(SIZES[console.model.key], number),
        buses=(*buses, *((root, n) for n, root in enumerate(_XSEND, 7))),
        matrices=(),
        main=_LR,
        assign="lr",
        tap="tap",
    )


def _xair_head_amp(size: Size, source: int) -> str | None:
    number = size.preamp(source + 1)
    return f"/headamp/{number:02}/gain" if number else None


def _shorts(levels: Iterable[float]) -> bytes:
    words = [max(MINUS_INFINITY, min(0, round(level * 256))) if isfinite(level) else MINUS_INFINITY for level in levels]
    return pack(f"<i{len(words)}h", len(words), *words)


def _levels(levels: dict[str, float], roots: Iterable[str]) -> list[float]:
    return [levels.get(root, -200.0) for root in roots]


def _twice(levels: Iterable[float]) -> list[float]:
    return [level for level in levels for _ in range(2)]


def _xair_strip(signals: Signals, arguments: tuple[int, ...]) -> bytes | None:
    strips = (*_XCH, _XAUX, *_XFX, *_XBUS, *_XSEND, _LR)
    root = strips[arguments[0]] if arguments and arguments[0] in range(len(strips)) else None
    if root not in signals.before:
        return None
    before, after = signals.before[root], signals.after[root]
    gate = signals.gate(root) if root in _XCH else 0.0
    return _shorts((before, before, gate, signals.dynamics(root), after, after, before, before))


def _xair_all(signals: Signals, _: tuple[int, ...]) -> bytes:
    before = signals.before
    pairs = _twice(_levels(before, (_XAUX, *_XFX)))
    sums = _levels(before, _XBUS + _XSEND)
    return _shorts([*_levels(before, _XCH), *pairs, *sums, *signals.left_and_right, *signals.left_and_right])


def _xair_preamps(signals: Signals, _: tuple[int, ...]) -> bytes:
    channels = _levels(signals.preamps, _XCH)
    aux = _twice([signals.preamps[_XAUX]])
    return _shorts([*channels, *aux, *[-200.0] * 18])


def _xair_outputs(signals: Signals, _: tuple[int, ...]) -> bytes:
    return _shorts([*_levels(signals.after, _XBUS), *signals.left_and_right])


def _xair_reductions(signals: Signals, _: tuple[int, ...]) -> bytes:
    present = signals.before
    gates = [signals.gate(root) if root in present else 0.0 for root in _XCH]
    comps = [signals.dynamics(root) if root in present else 0.0 for root in (*_XCH, *_XBUS, _LR)]
    return _shorts([*gates, *comps])


XAIR_LAYOUTS: dict[int, Layout] = {
    0: _xair_strip,
    1: _xair_all,
    2: _xair_preamps,
    5: _xair_outputs,
    6: _xair_reductions,
}
