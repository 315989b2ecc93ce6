"""Shortcuts through numba: what its compiler does over and over is remembered, and what nobody reads is not done.

Its answers are the same, so the code is too. These are parts of numba that are not public, and set in place of its own
only while the kernels are compiled, by `whole`, and only in the version that they were tried with.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, TypeAlias

from numba.core import base, cgutils, errors, event, ir, itanium_mangler, lowering, targetconfig, typeinfer
from numba.core.cpu import CPUContext
from numba.core.postproc import PostProcessor, VariableLifetime
from numba.core.transforms import canonicalize_cfg
from numba.core.types import Array
from numba.core.types.functions import BaseFunction
from numba.np import arrayobj

Untyped: TypeAlias = Any
"""Part of numba's compiler (kind, context, instruction): numba has no types for these."""

compiler_errors: Any = errors  # its type hints are incomplete
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


def _without_lifetimes(run: Callable[..., None]) -> Callable[..., None]:
    """Return a method that puts the blocks of a function in order, and finds where variables end only if that is used.

    numba finds it after each of four passes, which takes a twentieth of the compile.
    """

    def sort_blocks(self: Untyped, emit_dels: bool = False, extend_lifetimes: bool = False) -> None:
        function = self.func_ir
        if emit_dels or function.is_generator:
            run(self, emit_dels, extend_lifetimes)
        else:
            function.blocks = canonicalize_cfg(function.blocks)  # type: ignore[no-untyped-call]  # numba has no hints
            function.variable_lifetime = VariableLifetime(function.blocks)  # type: ignore[no-untyped-call]  # as above

    return sort_blocks


def _naming(mangle: Callable[..., str]) -> Callable[..., str]:
    """Return a function that names compiled functions by their numbers, where they have one.

    numba's names tell the kinds of all arguments, which are four thousand letters for a table of arrays: half of a
    module, which is written, read and copied again and again.
    """

    def name(says: str, kinds: Untyped, *, abi_tags: Untyped = (), uid: int | None = None) -> str:
        return mangle(says, kinds if uid is None else (), abi_tags=abi_tags, uid=uid)

    return name


def _take_new(context: Untyped) -> None:
    """Let a compile know what is registered since it began, which numba does after importing all its parts again."""
    for part in (context, context.typing_context):
        for registry in tuple(part._registries):  # noqa: SLF001  # see the top
            part.install_registry(registry)


class _Fields:
    """Fields of an array whose value is there: taken out of the value, where numba writes it to memory and reads it."""

    def __init__(self, context: Untyped, kind: Untyped, builder: Untyped, value: Untyped) -> None:
        self._model, self._builder, self._value = context.data_model_manager[kind], builder, value

    def __getattr__(self, name: str) -> Untyped:
        return self._builder.extract_value(self._value, self._model.get_field_position(name))

    def _getvalue(self) -> Untyped:
        return self._value


def _unwritten(make: Callable[[Untyped], Untyped]) -> Callable[[Untyped], Untyped]:
    """Return a function that makes numba's view of an array, which reads it from its value where that is there.

    Half of all that a kernel was made into before it was optimised was the writing and reading of arrays' addresses.
    """

    def make_array(kind: Untyped) -> Untyped:
        def fields(context: Untyped, builder: Untyped, value: Untyped = None, ref: Untyped = None) -> Untyped:
            if value is not None and type(kind) is Array:
                return _Fields(context, kind, builder, value)
            return make(kind)(context, builder, value, ref)

        return fields

    return make_array


def _alloca_once(builder: Untyped, kind: Untyped, size: Untyped = None, name: str = "", zfill: bool = False) -> Untyped:
    """Return room on the stack; numba also fills it with zeros where a function begins, which nothing here reads."""
    with builder.goto_entry_block():
        place = builder.alloca(kind, size=size, name=name)
    if zfill:
        builder.store(kind(None), place)
    return place


NOTHING = nullcontext()


def _in_no_context(*_about: object, **_more: object) -> nullcontext[None]:
    """Return a context that adds nothing to an error in it: it is entered for each of a hundred thousand steps."""
    return NOTHING


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
        (PostProcessor, "run", _without_lifetimes(PostProcessor.run)),
        (itanium_mangler, "mangle", _naming(itanium_mangler.mangle)),
        (base, "_has_loc", cache(base._has_loc)),  # noqa: SLF001  # as above
        (CPUContext, "refresh", _take_new),
        (arrayobj, "make_array", _unwritten(arrayobj.make_array)),
        (cgutils, "alloca_once", _alloca_once),
        (lowering, "new_error_context", _in_no_context),
        (typeinfer, "new_error_context", _in_no_context),
        (compiler_errors.WarningsFixer, "catch_warnings", _in_no_context),
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
