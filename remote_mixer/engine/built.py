"""Song and kernels made ahead: `python -m remote_mixer.engine.built [FOLDER]` writes what packaged programs carry.

The built-in song, see `stems`. For each row of TARGETS a shared library, which a start loads without LLVM; or, where no
linker is at hand or it is for another architecture, an object file; and the module that they are all made of, from
which LLVM alone makes the kernels of any other processor of this architecture. FOLDER is BUILT unless it is given; a
checkout has none, and its first start compiles and makes the music. What the folder has already, of the same sources,
is not made again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from remote_mixer.engine import library, processor, stems
from remote_mixer.engine.kept import forget_others, keep, place, read
from remote_mixer.engine.library import Kernels
from remote_mixer.engine.processor import Processor

BUILT = Path(__file__).parent / "built"

V3 = frozenset({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"})
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


class Target(NamedTuple):
    """Processors that one object file is for: those of an architecture that have all the features `needs`."""

    name: str
    processor: Processor
    needs: frozenset[str]

    @property
    def architecture(self) -> str:
        """First part of the triple."""
        return self.processor.triple.partition("-")[0]


X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
TARGETS = (
    Target("x86-64-v4", Processor(X86, "x86-64-v4"), V4),
    Target("x86-64-v3", Processor(X86, "x86-64-v3"), V3),
    Target("arm64", Processor(ARM, "generic"), frozenset()),
)
"""The best first. Features by LLVM's names; the levels are those of the x86-64 psABI."""


def fitting(architecture: str, features: frozenset[str]) -> Target | None:
    """Return the best target for a processor; None where it needs kernels of its own."""
    rows = (row for row in TARGETS if row.architecture == architecture and row.needs <= features)
    return next(rows, None)


def here() -> Target | None:
    """Return the target of this processor."""
    return fitting(processor.architecture(), processor.features())


def shared() -> Kernels | None:
    """Return the shared library that was built for processors like this one; None where there is none."""
    target = here()
    return library.load(_shared_file(BUILT, target)) if target else None


def kernels() -> bytes:
    """Return the object file that was built for processors like this one; empty where there is none."""
    target = here()
    return read(_object_file(BUILT, target)) if target else b""


def module(folder: Path, percent: Callable[[int], None]) -> bytes:
    """Return the module of the kernels: as it was built ahead, or kept in the folder, or else made by numba and kept.

    percent  called, while numba makes it, with how much of the kernels' whole compile is done
    """
    from remote_mixer.engine import native  # noqa: PLC0415  # few starts need LLVM

    kind = f"{processor.architecture()}.{native.version()}.module"
    kept = place(folder, kind)
    bitcode = read(place(BUILT, kind)) or read(kept)
    if not bitcode:
        from remote_mixer.engine import entry  # noqa: PLC0415  # numba takes 1.4 s to import

        bitcode = entry.module(percent)
        keep(kept, bitcode)
    return bitcode


def build(folder: Path, percent: Callable[[int], None]) -> None:
    """Write everything that is carried into the folder; `percent` as for `module`."""
    from remote_mixer.engine import native  # noqa: PLC0415  # LLVM takes 0.2 s to import

    bitcode = module(folder, percent)
    keep(place(folder, f"{processor.architecture()}.{native.version()}.module"), bitcode)
    for target in TARGETS:
        if not _is_there(folder, target):
            _emit(folder, target, bitcode)
    forget_others(folder)
    stems.carry(folder)


def _is_there(folder: Path, target: Target) -> bool:
    return _shared_file(folder, target).exists() or bool(read(_object_file(folder, target)))


def _emit(folder: Path, target: Target, bitcode: bytes) -> None:
    from remote_mixer.engine import native  # noqa: PLC0415  # LLVM takes 0.2 s to import

    ours = target.architecture == processor.architecture()
    if not (ours and library.link(native.emit(bitcode, target.processor, movable=True), _shared_file(folder, target))):
        keep(_object_file(folder, target), native.emit(bitcode, target.processor))


def _object_file(folder: Path, target: Target) -> Path:
    return place(folder, f"{target.name}.kernels")


def _shared_file(folder: Path, target: Target) -> Path:
    return place(folder, f"{target.name}.so")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if sys.argv[1:] else BUILT, lambda _: None)
