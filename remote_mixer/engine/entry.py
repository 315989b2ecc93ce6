"""The one function of the compiled kernels that is called from outside: numbers as arguments, no result.

A sound library calls it through one of the `callbacks`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from remote_mixer.engine import callbacks
from remote_mixer.engine.device import card, jack
from remote_mixer.engine.inner import INNER, OPTIONS, UNWRAPPED
from remote_mixer.engine.library import CARD, INPUT, JACK, NAME, RATE
from remote_mixer.engine.rate_word import write_rate
from remote_mixer.engine.resampler import write
from remote_mixer.engine.turn import take_turn
from remote_mixer.engine.views import device_at, numbers_at, sound_at
from remote_mixer.engine.whole import Job, Untyped, compile_here, compile_whole

nb: Any = numba  # its type hints are incomplete


def enter(what: int, address: int, where: int, count: int) -> None:
    """Mix the next `count` frames.

    what     RATE: `address` is the rate of the mix from now on
             TURN: `address` is that of the switch (see `turn_memory`), `where` that of the frames
             JACK, CARD: `address` is that of the device's table (see `views`), `where` that of the call's numbers
             INPUT: likewise; nothing is mixed, but the frames of the inputs' card are kept in the device's ring
    """
    if what == RATE:
        write_rate(address)
    elif what == JACK:
        jack(device_at(address), count)
    elif what == CARD:
        card(device_at(address), numbers_at(where, 4), count)
    elif what == INPUT:
        write(device_at(address).ring, numbers_at(where, 4), count)
    else:
        take_turn(numbers_at(address, 2), sound_at(where, count))


MODULE_PERCENT = 85  # of the compile's time; LLVM has the rest
KEPT: list[object] = []
SIGNATURE = nb.void(*[nb.uint64] * 4)


class _Share:
    """Share of the kernels that is compiled."""

    def __init__(self, percent: Callable[[int], None]) -> None:
        self._left, self._percent = set(INNER), percent

    def finished(self, name: str) -> None:
        """Count a function; one that is compiled for several kinds of arguments counts once."""
        if name in self._left:
            self._left.remove(name)
            self._percent(MODULE_PERCENT - MODULE_PERCENT * len(self._left) // len(INNER))


def module(percent: Callable[[int], None]) -> bytes:
    """Return the LLVM module that holds the function, as bitcode, not yet optimised.

    percent  called with how much of the kernels' whole compile is done, 0–MODULE_PERCENT
    """
    return callbacks.join(compile_whole(Job(NAME, enter, SIGNATURE, OPTIONS | UNWRAPPED), _Share(percent).finished))


def kept_by_numba() -> int:
    """Return the address of the same function from numba's own cache, where we do not link it ourselves."""
    compiled: Untyped = compile_here(Job(NAME, enter, SIGNATURE, {**OPTIONS, "nogil": True}))
    (only,) = compiled.overloads.values()
    KEPT.append(compiled)
    return int(only.library.get_pointer_to_function(only.fndesc.llvm_func_name))
