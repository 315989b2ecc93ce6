"""Options of the compiler numba; imported by `entry` and the kernels that it calls, and by no other module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager

from remote_mixer.engine.whole import is_tried

Function = TypeVar("Function", bound=Callable[..., object])

# Sums may be reordered, so that loops vectorise; infinities and NaN keep their meaning.
FAST = {"reassoc", "contract", "nsz", "arcp"}
nb: Any = numba  # its type hints are incomplete
UNUSED_PASSES = {
    "WithLifting",
    "InlineClosureLikes",
    "RewriteSemanticConstants",
    "RewriteDynamicRaises",
    "MakeFunctionToJitFunction",
    "InlineInlinables",
    "FindLiterallyCalls",
    "LiteralUnroll",
    "LiteralPropagationSubPipelinePass",
    "InlineOverloads",
    "NopythonRewrites",
    "DumpParforDiagnostics",
    "IRLegalization",
}
"""Passes of numba for what no kernel has, which take a tenth of the compile: closures, exceptions, whole arrays, …"""


class _KernelCompiler(CompilerBase):
    """Compiler of numba's with the passes that change anything in a kernel; all of them in a version not tried."""

    def define_pipelines(self) -> list[Any]:
        usual: Any = DefaultPassBuilder.define_nopython_pipeline(self.state)  # type: ignore[no-untyped-call]  # numba has no hints
        if not is_tried():
            return [usual]
        passes: Any = PassManager("kernel")  # type: ignore[no-untyped-call]  # as above
        for kind, says in usual.passes:
            if kind.__name__ not in UNUSED_PASSES:
                passes.add_pass(kind, says)
        passes.finalize()
        return [passes]


OPTIONS: dict[str, Any] = {"fastmath": FAST, "error_model": "numpy", "pipeline_class": _KernelCompiler, "_nrt": False}
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
    compiled = nb.njit(**OPTIONS, **UNWRAPPED)(function)
    find = compiled.get_call_template
    compiled.get_call_template = lambda kinds, named: find(tuple(map(nb.types.unliteral, kinds)), named)
    return cast("Function", compiled)
