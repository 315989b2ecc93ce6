"""Shortcuts through numba: what its compiler does over and over is remembered, and what nobody reads is not done.

Its answers are the same, so the code is too. These are parts of numba that are not public, and set in place of its own
only while the kernels are compiled, by `whole`, and only in the version that they were tried with.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from numba.core import event, ir, targetconfig
from numba.core.types.functions import BaseFunction

Untyped: TypeAlias = Any
"""Part of numba's compiler (kind, context, instruction): numba has no types for these."""

WITHOUT_VARIABLES = frozenset({str, int, bool, type(None), ir.Loc})


def _set_options(config: Untyped) -> Untyped:
    """Return the options of a compile that differ from their defaults.

    numba compares whole sets of options at each of ten thousand look-ups, which takes a tenth of the compile.
    """
    return config._values  # noqa: SLF001  # see the top


def _remembering(find: Callable[..., Untyped]) -> Callable[..., Untyped]:
    """Return a method that finds the signature of a function of numba's, an operator's too, once for each kinds.

    The same few are asked for ten thousand times, which takes a tenth of the compile.
    """
    known: dict[tuple[int, Untyped], tuple[Untyped, Untyped]] = {}

    def get_call_type(self: Untyped, context: Untyped, args: Untyped, kws: Untyped) -> Untyped:
        if kws:
            return find(self, context, args, kws)
        key = id(self), args
        if key not in known:
            known[key] = find(self, context, args, kws), self  # which stays, so that no other gets its id
        return known[key][0]

    return get_call_type


def _listing(find: Callable[..., list[Untyped]]) -> Callable[..., list[Untyped]]:
    """Return a method that lists the variables in a value: most values are none, and hold none."""

    def list_variables(self: Untyped, value: Untyped) -> list[Untyped]:
        kind = type(value)
        if kind is ir.Var:
            return [value]
        return [] if kind in WITHOUT_VARIABLES else find(self, value)

    return list_variables


def _unheard(*_about: object, **_more: object) -> None:
    """Do nothing with an event of the compiler, of which there are eighty thousand."""


@contextmanager
def shortened() -> Iterator[None]:
    """Let numba take the shortcuts, in this process.

    Nor is garbage looked for in all that a compile keeps, which takes a seventh of it: 150 MB more at its end.
    """
    shortcuts = (
        (targetconfig.TargetConfig, "values", _set_options),
        (BaseFunction, "get_call_type", _remembering(BaseFunction.get_call_type)),
        (ir.Inst, "_rec_list_vars", _listing(ir.Inst._rec_list_vars)),  # noqa: SLF001  # see the top
        (event, "start_event", _unheard),
        (event, "end_event", _unheard),
    )
    usual, collects = [(owner, name, getattr(owner, name)) for owner, name, _ in shortcuts], gc.isenabled()
    try:
        _set_all(shortcuts)
        gc.disable()
        yield
    finally:
        _set_all(usual)
        if collects:
            gc.enable()


def _set_all(methods: Iterable[tuple[Untyped, str, Untyped]]) -> None:
    for owner, name, method in methods:
        setattr(owner, name, method)
