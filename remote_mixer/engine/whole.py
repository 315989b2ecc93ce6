"""Whole modules: a numba function and all that it calls as one LLVM module, to be optimised and emitted once.

numba optimises and emits every function by itself, and again inside each of its callers: for our fifty functions that
is more than half of the compile. Here every function is only linked into its callers. This needs methods of numba's
code library that are not public, so it is done with the one version that it was tried with, which `pyproject.toml`
asks for; with any other version numba compiles as it always does, slower, to the same sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import numba
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

TRIED_NUMBA = "0.68.1"
NOT_EMITTED = 0  # numba's own word for a function without an address

nb: Any = numba  # its type hints are incomplete


class _LinkedOnly(JITCodeLibrary):
    """Code of one function that its callers copy; it is neither optimised nor emitted."""

    def _optimize_final_module(self) -> None:
        """Do nothing: the outermost module is optimised, with this code inside it."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return NOT_EMITTED


class _Codegen(JITCPUCodegen):
    _library_class = _LinkedOnly

    def set_env(self, _name: str, _environment: object) -> None:
        """Do nothing: only code that is called from Python has an environment."""


@contextmanager
def _linking_only() -> Iterator[None]:
    """Let numba compile by `_Codegen`, in this process, until the end of the context."""
    context = cpu_target.target_context
    context.refresh()  # compiles numba's own parts, which are called and have to be emitted
    usual = context.codegen()
    context._internal_codegen = _Codegen("remote_mixer")  # type: ignore[no-untyped-call]  # noqa: SLF001  # see the top
    try:
        yield
    finally:
        context._internal_codegen = usual  # noqa: SLF001


def is_tried() -> bool:
    """Return whether this is the version of numba whose code library is known here."""
    return bool(nb.__version__ == TRIED_NUMBA)


def compile_whole(function: Callable[..., object], signature: Any, options: Mapping[str, Any]) -> tuple[str, bytes]:  # noqa: ANN401
    """Return the name of the compiled function, and the module that holds it and its callees, as LLVM bitcode."""
    with _linking_only() if is_tried() else nullcontext():
        compiled = nb.njit([signature], **options)(function).overloads[signature.args]
        with global_compiler_lock:
            _, _, bitcode = compiled.library.serialize_using_bitcode()
    return compiled.fndesc.llvm_func_name, bitcode
