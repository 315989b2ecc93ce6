"""Rate of the mix in compiled code: a word of the module's own, so that the same kernels run at every rate.

To import this is enough: a call of `rates.rate` in compiled code then reads the word, as float64.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba import extending

from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import RATE
from remote_mixer.engine.whole import Untyped

nb: Any = numba  # its type hints are incomplete
extend: Any = extending
NAME = "remote_mixer_rate"
DOUBLE = ir.DoubleType()


def _word(builder: Untyped) -> Untyped:
    """Return the module's word; modules that are linked share one."""
    module = builder.module
    if NAME in module.globals:
        return module.globals[NAME]
    word = ir.GlobalVariable(module, DOUBLE, NAME)
    word.linkage, word.initializer = "linkonce_odr", ir.Constant(DOUBLE, float(RATE))
    return word


def _type_rate(_context: Untyped) -> Untyped:
    return lambda: nb.float64


def _read(_context: Untyped, builder: Untyped, _signature: Untyped, _values: Untyped) -> Untyped:
    return builder.load(_word(builder))


extend.type_callable(rate)(_type_rate)
extend.lower_builtin(rate)(_read)


def _type_write(_context: Untyped, _frames: Untyped) -> Untyped:
    def generate(context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        builder.store(builder.uitofp(values[0], DOUBLE), _word(builder))
        return context.get_dummy_value()

    return nb.types.void(nb.types.uint64), generate


write_rate: Any = extend.intrinsic(_type_write)
"""Function of compiled code: set the rate, as uint64."""
