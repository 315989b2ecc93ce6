"""How numba compiles our functions; nothing but `entry` and what it calls may import this."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

# Sums may be reordered so that they vectorise; infinities and NaN keep their meaning.
FAST = {"reassoc", "contract", "nsz", "arcp"}


def inner(function: Function) -> Function:
    """Compile a function for other compiled ones to call; it becomes part of them."""
    return cast("Function", numba.njit(fastmath=FAST, error_model="numpy")(function))


def pasted(function: Function) -> Function:
    """The same, pasted into its callers before types are known: for small ones called a thousand times in a row.

    A call hands over 26 arrays, each counted up and down by numba, which costs more than such a function does.
    """
    return cast("Function", numba.njit(fastmath=FAST, error_model="numpy", inline="always")(function))
