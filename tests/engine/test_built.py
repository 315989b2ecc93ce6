"""Kernels built ahead: chosen by what the processor can do, and of the present sources or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from remote_mixer.engine import built, native
from remote_mixer.engine.built import TARGETS, V3, V4, build, fitting
from remote_mixer.engine.compiled import load
from remote_mixer.engine.kept import keep, place, read
from remote_mixer.engine.native import Processor
from tests.engine.test_compiled import mixed
from tests.support.warm import warm, warm_kernels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere numba's own cache is used")

ELF_MACHINES = {"x86_64": 62, "aarch64": 183}


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program a folder of kernels built ahead; they are made of the module of all tests."""
    folder = warm_kernels(tmp_path / "carried")
    monkeypatch.setattr(built, "BUILT", folder)
    return folder


def never(percent: int) -> None:
    pytest.fail("A module of these sources is not made again.")


@pytest.mark.parametrize(
    ("architecture", "features", "name"),
    [
        ("x86_64", V4 | {"avx512bf16"}, "x86-64-v4"),
        ("x86_64", V4 - {"avx512vl"}, "x86-64-v3"),
        ("x86_64", V3, "x86-64-v3"),
        ("x86_64", V3 - {"fma"}, None),
        ("x86_64", frozenset(), None),
        ("aarch64", frozenset({"neon"}), "arm64"),
        ("riscv64", V4, None),
    ],
)
def test_a_processor_gets_the_best_kernels_that_it_can_run(
    architecture: str, features: frozenset[str], name: str | None
) -> None:
    target = fitting(architecture, features)
    assert (target.name if target else None) == name


def test_a_start_with_kernels_built_ahead_compiles_and_keeps_nothing(carried: Path, tmp_path: Path) -> None:
    build(carried, never)
    assert {file.name for file in carried.glob("*.kernels")} == {
        place(carried, f"{target.name}.kernels").name for target in TARGETS
    }
    for target in TARGETS:
        head = read(place(carried, f"{target.name}.kernels"))[:20]
        assert int.from_bytes(head[18:20], "little") == ELF_MACHINES[target.architecture]
    if not built.here():
        pytest.skip("This processor is older than those that kernels are built for.")
    progress: list[str] = []
    by_carried = mixed(load(tmp_path / "empty", progress.append), tmp_path)
    assert progress == []
    assert not (tmp_path / "empty").exists()
    by_kept = mixed(native.link(read(next((warm(tmp_path / "data") / "compiled").glob("*.kernels")))), tmp_path)
    assert np.allclose(by_carried, by_kept, atol=1e-6)


def test_an_older_processor_compiles_once_and_by_llvm_alone(
    carried: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "TARGETS", ())
    progress: list[str] = []
    for _ in range(2):
        assert mixed(load(tmp_path / "own", progress.append), tmp_path).any()
    assert len(progress) == 1, "numba would say how far it is, and the second start finds what the first has kept"
    assert [file.suffix for file in (tmp_path / "own").iterdir()] == [".kernels"]


def test_kernels_for_a_processor_without_vectors_of_eight_sound_the_same(carried: Path, tmp_path: Path) -> None:
    bitcode = built.module(carried, never)
    plain = mixed(native.link(native.emit(bitcode, Processor(built.X86, "x86-64"))), tmp_path)
    assert np.allclose(plain, mixed(load(tmp_path / "own", lambda text: None), tmp_path), atol=1e-6)


def test_kernels_of_other_sources_are_not_used(carried: Path) -> None:
    for target in TARGETS:
        keep(carried / f"{'0' * 24}.{target.name}.kernels", b"of another version")
    assert built.kernels() == b""
