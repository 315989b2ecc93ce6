"""Kernels built ahead: chosen by what the processor can do, and of the present sources or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from remote_mixer.engine import built, library, native, processor
from remote_mixer.engine.built import TARGETS, V3, V4, build, fitting
from remote_mixer.engine.compiled import load
from remote_mixer.engine.kept import keep, place, read
from remote_mixer.engine.processor import Processor
from tests.engine.bare_mixer import mixed
from tests.support.warm import built_ahead, warm, warm_ahead

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere numba's own cache is used")

OLDEST = {"x86_64": "x86-64"}.get(processor.architecture(), "generic")  # without vectors of eight
ELF_MACHINES = {"x86_64": 62, "aarch64": 183}


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program a folder of kernels built ahead; they are made of the module of all tests."""
    folder = warm_ahead(tmp_path / "carried")
    monkeypatch.setattr(built, "BUILT", folder)
    return folder


def never(percent: int) -> None:
    pytest.fail("A module of these sources is not made again.")


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_ahead(tmp_path_factory.mktemp("built") / "ahead")


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


def test_a_start_with_kernels_built_ahead_compiles_and_keeps_nothing(
    ahead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "BUILT", ahead)
    for target in TARGETS:
        ours = target.architecture == processor.architecture() and shutil.which(library.LINKER)
        linked, plain = (place(ahead, f"{target.name}.{kind}") for kind in ("so", "kernels"))
        head = linked.read_bytes() if ours else read(plain)
        assert int.from_bytes(head[18:20], "little") == ELF_MACHINES[target.architecture]
        assert plain.exists() is not bool(ours)
    if not built.here():
        pytest.skip("This processor is older than those that kernels are built for.")
    progress: list[str] = []
    by_carried = mixed(load(tmp_path / "empty", progress.append), tmp_path)
    assert progress == []
    assert not (tmp_path / "empty").exists()
    by_kept = mixed(native.link(read(next((warm(tmp_path / "data") / "compiled").glob("*.kernels")))), tmp_path)
    assert np.allclose(by_carried, by_kept, atol=1e-6)


def test_a_build_makes_only_what_is_missing_in_its_folder(
    ahead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ahead, tmp_path / "half")
    lost = next(file for file in (tmp_path / "half").iterdir() if ".arm64." in file.name)
    lost.unlink()
    made: list[str] = []

    def emit(bitcode: bytes, processor: Processor) -> bytes:
        made.append(processor.triple)
        return b"code"

    monkeypatch.setattr(native, "emit", emit)
    for _ in range(2):
        build(tmp_path / "half", never)
    assert (made, read(lost)) == ([built.ARM], b"code")


def test_a_start_with_a_shared_library_needs_neither_numba_nor_llvm(ahead: Path, tmp_path: Path) -> None:
    if not built.here() or not shutil.which(library.LINKER):
        pytest.skip("This processor is older than those that kernels are built for, or there is no linker.")
    code = (
        "import sys; sys.modules['llvmlite'] = sys.modules['numba'] = None; from pathlib import Path;"
        "from remote_mixer.engine import built, compiled, engine, library, mixer; built.BUILT = Path(sys.argv[1]);"
        "from tests.engine.bare_mixer import mixed; folder = Path(sys.argv[2]);"
        "kernels = compiled.load(folder / 'empty', sys.exit);"
        "assert all(map(kernels.address_of, (library.JACK_PROCESS, library.CARD_PROCESS, library.COUNT_UP)));"
        "print(abs(mixed(kernels, folder)).sum())"
    )
    command = [sys.executable, "-c", code, str(ahead), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert float(ended.stdout) > 0
    no_library = [*command[:3], str(tmp_path), str(tmp_path)]
    ended = subprocess.run(no_library, capture_output=True, text=True, timeout=120, check=False)
    assert "EngineError: The built-in engine is not made for this processor" in ended.stderr


def test_a_shared_library_that_cannot_be_loaded_is_none(tmp_path: Path) -> None:
    (tmp_path / "damaged.so").write_bytes(b"\x7fELF damaged")
    assert library.load(tmp_path / "damaged.so") is None
    assert library.load(tmp_path / "missing.so") is None


def test_linux_tells_the_features_of_this_processor_by_the_names_of_llvm() -> None:
    known = {name for name, there in llvm.get_host_cpu_features().items() if there}
    assert {feature for feature in V4 if feature in processor.features()} == known & V4
    assert llvm.get_process_triple().startswith(processor.architecture())


def test_an_older_processor_compiles_once_and_by_llvm_alone_and_sounds_the_same(
    carried: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = mixed(load(warm(tmp_path / "data") / "compiled", pytest.fail), tmp_path)
    monkeypatch.setattr(built, "TARGETS", ())
    monkeypatch.setattr(native, "this_processor", lambda: Processor(llvm.get_process_triple(), OLDEST))
    progress: list[str] = []
    for _ in range(2):
        assert np.allclose(mixed(load(tmp_path / "own", progress.append), tmp_path), usual, atol=1e-6)
    assert len(progress) == 1, "numba would say how far it is, and the second start finds what the first has kept"
    assert [file.suffix for file in (tmp_path / "own").iterdir()] == [".kernels"]


def test_kernels_of_other_sources_are_not_used(carried: Path) -> None:
    for target in TARGETS:
        keep(carried / f"{'0' * 24}.{target.name}.kernels", b"of another version")
    assert built.kernels() == b""
