"""Whole modules: only the outermost function is optimised and emitted, and another version of numba does as well."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from numba.core import cgutils, event, targetconfig
from numba.core.cpu import CPUContext
from numba.core.postproc import PostProcessor
from numba.core.types.functions import BaseFunction
from numba.np import arrayobj

from remote_mixer.engine import entry, library, native, whole
from remote_mixer.engine.entry import SIGNATURE
from remote_mixer.engine.inner import INNER, OPTIONS, UNWRAPPED, inner
from remote_mixer.engine.views import bytes_at

ROOT = Path(__file__).parents[2]


def caller_and_callee() -> tuple[Any, Any]:
    """Return two functions that have never been compiled; the first writes what + address + 1 to the first code."""

    @inner
    def plus_one(number: int) -> int:
        return number + 1

    def write(what: int, address: int, where: int, count: int) -> None:
        bytes_at(where, count)[0] = plus_one(what + address)

    return write, plus_one


def compiled(function: Any, finished: Callable[[str], None] = lambda _: None) -> bytes:
    return whole.compile_whole(whole.Job(library.NAME, function, SIGNATURE, OPTIONS | UNWRAPPED), finished)


def functions(bitcode: bytes) -> list[str]:
    """Return the functions that a module holds the code of."""
    return [function.name for function in llvm.parse_bitcode(bitcode).functions if not function.is_declaration]


def written(bitcode: bytes) -> int:
    """Run the compiled function on 3 and 4; return the first code."""
    codes = np.zeros(2, np.uint8)
    native.link(native.emit(bitcode, native.this_processor()))(3, 4, codes.ctypes.data, len(codes))
    assert codes[1] == 0
    return int(codes[0])


def test_the_numba_that_we_ask_for_is_the_one_that_whole_modules_were_tried_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"numba=={whole.TRIED_NUMBA}" in project["dependencies"]
    assert whole.is_tried()


def test_a_function_is_emitted_with_what_it_calls_and_not_before() -> None:
    write, plus_one = caller_and_callee()
    bitcode = compiled(write)
    assert "plus_one" in " ".join(functions(bitcode))
    (callee,) = plus_one.overloads.values()
    assert not callee.library.get_pointer_to_function(callee.fndesc.llvm_func_name)
    assert written(bitcode) == 3 + 4 + 1


def test_another_version_of_numba_compiles_as_it_always_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "TRIED_NUMBA", "0.1")
    monkeypatch.setattr("remote_mixer.engine.inner.UNUSED_PASSES", None)  # so that none may be left out
    bitcode = compiled(caller_and_callee()[0])
    assert len(functions(bitcode)) == 1, "numba has inlined the callee"
    assert written(bitcode) == 3 + 4 + 1


def test_a_compile_says_how_far_it_is_until_the_rest_is_llvms() -> None:
    percents: list[int] = []
    share = entry._Share(percents.append)
    for name in (*sorted(INNER), "not ours", *INNER):
        share.finished(name)
    assert len(percents) == len(INNER)
    assert percents == sorted(percents)
    assert percents[-1] == entry.MODULE_PERCENT


def test_each_function_is_reported_once_its_code_is_there() -> None:
    finished: list[str] = []
    write, plus_one = caller_and_callee()
    compiled(write, finished.append)
    assert finished.index(plus_one.py_func.__qualname__) < finished.index(write.__qualname__)


def test_the_shortcuts_through_numba_make_the_same_code_and_are_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def own() -> list[object]:
        own = [targetconfig.TargetConfig.values, BaseFunction.get_call_type, event.start_event, event.end_event]
        return [*own, PostProcessor.run, CPUContext.refresh, arrayobj.make_array, cgutils.alloca_once]

    before, collects = own(), list[bool]()
    short = compiled(caller_and_callee()[0], lambda _: collects.append(gc.isenabled()))
    assert own() == before
    assert gc.isenabled()
    assert not any(collects)
    monkeypatch.setattr(whole, "shortened", nullcontext)
    usual = compiled(caller_and_callee()[0])
    processor = native.this_processor()
    assert native.emit(short, processor) == native.emit(usual, processor)
