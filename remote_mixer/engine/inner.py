"""Options of the compiler numba; imported by `entry` and the kernels that it calls, and by no other module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

# Sums may be reordered, so that loops vectorise; infinities and NaN keep their meaning.
FAST = {"reassoc", "contract", "nsz", "arcp"}
nb: Any = numba  # its type hints are incomplete
OPTIONS: dict[str, Any] = {"fastmath": FAST, "error_model": "numpy"}
INNER: set[str] = set()
"""Names of all inner functions, so that a compile can say how far it is."""
UNWRAPPED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def inner(function: Function) -> Function:
    """Compile a function for other compiled ones to call; the code is inlined there.

    Without numba's counted memory (`_nrt`): a kernel that would allocate does not compile, and the arrays that a
    call passes are not counted up and down, which made following the controls fourteen times as slow. Without the
    wrappers that Python would call, which take a quarter of the compile. A constant counts as any number of its type:
    numba would compile the function again for each constant with which it is called.
    """
    INNER.add(function.__qualname__)
    compiled = nb.njit(**OPTIONS, **UNWRAPPED, _nrt=False)(function)
    find = compiled.get_call_template
    compiled.get_call_template = lambda kinds, named: find(tuple(map(nb.types.unliteral, kinds)), named)
    return cast("Function", compiled)
