"""Compiled kernels on disk, and both ways of loading them."""

from __future__ import annotations

from pathlib import Path

import numba
import numpy as np
import pytest

from remote_mixer.engine import native
from remote_mixer.engine.compiled import COMPILING, load, load_by_numba
from remote_mixer.engine.kept import read
from tests.engine.bare_mixer import mixed
from tests.support.warm import warm


def test_kernels_that_were_kept_are_not_compiled_again(tmp_path: Path) -> None:
    progress: list[str] = []
    load(warm(tmp_path) / "compiled", progress.append)
    assert progress == []


def test_a_kernel_file_that_is_damaged_is_made_again_from_the_module_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = warm(tmp_path) / "compiled"
    module, file = read(next(kept.glob("*.module"))), next(kept.glob("*.kernels"))
    code, content = read(file), file.read_bytes()
    file.unlink()  # it is a link to the file of all tests
    file.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    emitted: list[object] = []

    def emit(*asked: object) -> bytes:
        emitted.append(asked)
        return code

    monkeypatch.setattr(native, "emit", emit)  # 7 s; tests/engine/test_built.py has the real one
    progress: list[str] = []
    load(kept, progress.append)
    assert emitted == [(module, native.this_processor())]
    assert progress == [f"{COMPILING}."], "numba says how far it is, LLVM is there at once"
    assert file.read_bytes() == content


def test_kernels_from_numbas_own_cache_sound_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = warm(tmp_path) / "compiled"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    # Read when numba was imported: without it the cache lies beside the sources, and may be of older ones.
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "numba"))
    by_numba = load_by_numba(kept, lambda text: None)
    assert np.allclose(mixed(by_numba, tmp_path), mixed(load(kept, lambda text: None), tmp_path), atol=1e-6)
