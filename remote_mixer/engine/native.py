"""Native code by LLVM alone: an object file made of a module, and functions linked from an object file."""

from __future__ import annotations

from typing import Any, TypeAlias

import llvmlite.binding as llvm

from remote_mixer.engine.library import Kernels
from remote_mixer.engine.processor import Processor

Llvm: TypeAlias = Any
"""Object of llvmlite (machine, module, passes), which has no types."""

FULL_SPEED = 3  # LLVM's level of optimisation


def version() -> str:
    """Return the version of LLVM, of which a module is; as `llvm20`."""
    return f"llvm{llvm.llvm_version_info[0]}"


def this_processor() -> Processor:
    """Return the processor that this runs on."""
    return Processor(llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())


def emit(bitcode: bytes, processor: Processor, *, movable: bool = False) -> bytes:
    """Optimise a module, in the steps that numba itself takes, and return the object file.

    `movable` code can be linked into a shared library; other code is for `link`. The module may have been made on
    another architecture: it holds nothing of one but what is replaced here.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = _machine(processor, movable=movable)
    module = llvm.parse_bitcode(bitcode)
    module.triple, module.data_layout = processor.triple, str(machine.target_data)
    _loops_ready(module, machine)
    passes = _passes(machine, FULL_SPEED)
    passes.getModulePassManager().run(module, passes)
    return bytes(machine.emit_object(module))


def link(code: bytes) -> Kernels:
    """Return the functions of an object file that was made for this processor."""
    engine = _engine("")
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Kernels(engine.get_function_address, engine)


def around(address: int, name: str, text: str) -> Kernels:
    """Return the functions of a module in LLVM's own text around the one function `name` that is at an address."""
    engine = _engine(text)
    llvm.add_symbol(name, address)
    engine.finalize_object()
    return Kernels(lambda wanted: address if wanted == name else engine.get_function_address(wanted), engine)


def _engine(text: str) -> Llvm:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(text), _machine(this_processor()))


def _machine(processor: Processor, *, movable: bool = False) -> Llvm:
    target = llvm.Target.from_triple(processor.triple)
    kind = {"cpu": processor.name, "features": processor.features, "opt": FULL_SPEED}
    if movable:
        return target.create_target_machine(**kind, reloc="pic", codemodel="small")
    return target.create_target_machine(**kind, reloc="static", codemodel="jitdefault", jit=True)


def _passes(machine: Llvm, level: int) -> Llvm:
    options = llvm.create_pipeline_tuning_options(level)
    options.loop_vectorization, options.slp_vectorization = level == FULL_SPEED, False
    return llvm.create_pass_builder(machine, options)


def _loops_ready(module: Llvm, machine: Llvm) -> None:
    """Bring loops into the form that vectorises; before the other passes, as numba does it."""
    passes = _passes(machine, level=0)
    manager = passes.getModulePassManager()
    manager.add_loop_rotate_pass()
    manager.add_instruction_combine_pass()
    manager.add_jump_threading_pass()
    manager.run(module, passes)
