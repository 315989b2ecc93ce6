"""Whole modules: a numba function and all that it calls as one LLVM module, to be optimised and emitted once.

numba optimises and emits every function by itself, and again inside each of its callers: for our fifty functions that
is more than half of the compile. Here every function is only linked into its callers. This needs methods of numba's
code library that are not public, so it is done with the one version that it was tried with, which `pyproject.toml`
asks for; with any other version numba compiles as it always does, slower, to the same sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple, TypeAlias

import llvmlite.binding as llvm
import numba
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from remote_mixer.engine.shortcuts import shortened

TRIED_NUMBA = "0.68.1"
VECTOR_BYTES = 64
NOT_EMITTED = 0  # numba's own word for a function without an address

nb: Any = numba  # its type hints are incomplete
Untyped: TypeAlias = Any
"""Part of numba's compiler (context, builder, kind, library, dispatcher): numba has no types for these."""


class Job(NamedTuple):
    """A function to compile, with a signature and options of numba's, and its name in the module."""

    name: str
    function: Callable[..., object]
    signature: Any
    options: Mapping[str, Any]


class _LinkedOnly(JITCodeLibrary):
    """Code of one function that the outermost one copies; it is neither linked, optimised nor emitted by itself."""

    _finalized: bool  # of the library

    def add_ir_module(self, module: Untyped) -> None:
        """Take a function's code, which keeps on its stack what its registers do not hold: whole vectors, in line.

        LLVM does not align them by itself, and what lies across two lines of the cache takes twice as long to read.
        """
        for function in module.functions:
            if not function.is_declaration:
                function.attributes.alignstack = VECTOR_BYTES
                function.attributes.add("nounwind")  # llvmlite writes none where all it has is an alignment
        super().add_ir_module(module)  # type: ignore[no-untyped-call]  # numba has no hints

    def _optimize_functions(self, module: Untyped) -> None:
        """Leave a function as it is made: all of them are optimised together, once."""
        module.data_layout = self.codegen._data_layout  # noqa: SLF001  # see the top

    def finalize(self) -> None:
        self._finalized = True
        self.codegen.finished(self.name)

    def _get_module_for_linking(self) -> Untyped:
        """Return a module with this function and all that it calls."""
        self._ensure_finalized()  # type: ignore[no-untyped-call]
        module = self._final_module
        for library in _called_by(self, {self}):
            own = library._final_module if isinstance(library, _LinkedOnly) else library._get_module_for_linking()  # noqa: SLF001  # see the top
            module.link_in(_shared(own), preserve=True)
        return _shared(module)

    def get_pointer_to_function(self, _name: str) -> int:
        return NOT_EMITTED


def _called_by(library: Untyped, known: set[Untyped]) -> Iterator[Untyped]:
    """Yield the libraries that a library calls, each once, and those that they call."""
    for called in library._linking_libraries:  # noqa: SLF001  # see the top
        if called not in known:
            known.add(called)
            yield called
            yield from _called_by(called, known)


def _shared(module: Untyped) -> Untyped:
    """Return the module whose functions may come from several others too."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == llvm.Linkage.external:
            function.linkage = "linkonce_odr"
    return module


class _Codegen(JITCPUCodegen):
    _library_class = _LinkedOnly

    def __init__(self, usual: Untyped, outermost: str | None, finished: Callable[[str], None]) -> None:
        super().__init__("remote_mixer")  # type: ignore[no-untyped-call]
        self._usual, self._outermost, self.finished = usual, outermost, finished

    def create_library(self, name: str, **options: Untyped) -> Untyped:
        """Return the library of a function's code, numba's own for the outermost one."""
        if name == self._outermost:
            return self._usual.create_library(name, **options)
        return super().create_library(name, **options)  # type: ignore[no-untyped-call]

    def unserialize_library(self, kept: Untyped) -> Untyped:
        """Return a library from numba's cache, where only outermost functions are."""
        return self._usual.unserialize_library(kept)

    def set_env(self, _name: str, _environment: object) -> None:
        """Do nothing: only code that is called from Python has an environment."""


@contextmanager
def _linking_only(outermost: str | None, finished: Callable[[str], None]) -> Iterator[None]:
    """Let numba compile by `_Codegen`, in this process, all but the outermost function."""
    context = cpu_target.target_context
    context.refresh()  # compiles numba's own parts, which are called and have to be emitted
    usual = context.codegen()
    context._internal_codegen = _Codegen(usual, outermost, finished)  # noqa: SLF001  # see the top
    try:
        with shortened():
            yield
    finally:
        context._internal_codegen = usual  # noqa: SLF001  # as above


def is_tried() -> bool:
    """Return whether this is the version of numba whose code library is known here."""
    return bool(nb.__version__ == TRIED_NUMBA)


def compile_whole(job: Job, finished: Callable[[str], None]) -> bytes:
    """Return the module that holds the function, by the job's name, and all that it calls, as LLVM bitcode.

    finished  called with the name of each function whose code is there
    """
    with _linking_only(None, finished) if is_tried() else nullcontext():
        compiled = nb.njit([job.signature], **job.options)(job.function).overloads[job.signature.args]
        with global_compiler_lock:
            bitcode = compiled.library._get_module_for_linking().as_bitcode()  # noqa: SLF001  # see the top
    return _closed(bitcode, compiled.fndesc.llvm_func_name, job.name)


def compile_here(job: Job) -> Untyped:
    """Return the function compiled for this process, and kept in numba's own cache."""
    with _linking_only(job.function.__qualname__, lambda _: None) if is_tried() else nullcontext():
        return nb.njit([job.signature], **job.options, cache=True)(job.function)


def _closed(bitcode: bytes, outermost: str, name: str) -> bytes:
    """Make everything in a module its own affair but one function, so that what is inlined everywhere goes."""
    module = llvm.parse_bitcode(bitcode)
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name != outermost:
            value.linkage = "internal"
    function = module.get_function(outermost)
    function.linkage, function.name = "external", name
    return bytes(module.as_bitcode())
