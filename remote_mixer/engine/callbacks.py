"""Functions with the signatures that sound libraries call, as LLVM's own text: each passes its numbers on to `entry`.

They are in the same module as the kernels, so that a library gets the address of compiled code: nothing of the
interpreter is entered on its thread, and a packaged program brings them along. The argument of each that is ours is the
address of a table or of a count.
"""

from __future__ import annotations

import llvmlite.binding as llvm

from remote_mixer.engine.library import (
    CARD,
    CARD_PROCESS,
    COUNT_UP,
    INPUT,
    INPUT_PROCESS,
    JACK,
    JACK_PROCESS,
    NAME,
)


def _stream(name: str, what: int) -> str:
    """Return the text of a callback of PortAudio's.

    Any `long` of C is 64 bits here; on Windows its upper half means nothing, so it is cut off.
    """
    return f"""
define i32 @{name}(ptr %inputs, ptr %outputs, i64 %frames, ptr %time, i64 %flags, ptr %device) {{
  %call = alloca [4 x i64], align 8
  %second = getelementptr i64, ptr %call, i64 1
  %third = getelementptr i64, ptr %call, i64 2
  %fourth = getelementptr i64, ptr %call, i64 3
  %flag = and i64 %flags, 4294967295
  %count = and i64 %frames, 4294967295
  store ptr %inputs, ptr %call
  store ptr %outputs, ptr %second
  store i64 %flag, ptr %third
  store ptr %time, ptr %fourth
  %where = ptrtoint ptr %call to i64
  call void @pass_on(i64 {what}, ptr %device, i64 %where, i64 %count)
  ret i32 0
}}
"""


TEXT = f"""
declare i32 @{NAME}(ptr, ptr, i64, i64, i64, i64)

define internal void @pass_on(i64 %what, ptr %table, i64 %where, i64 %count) noinline {{
  %result = alloca [64 x i8], align 16
  %exception = getelementptr i8, ptr %result, i64 32
  %address = ptrtoint ptr %table to i64
  %status = call i32 @{NAME}(ptr %result, ptr %exception, i64 %what, i64 %address, i64 %where, i64 %count) noinline
  ret void
}}

define i32 @{JACK_PROCESS}(i32 %frames, ptr %device) {{
  %count = zext i32 %frames to i64
  call void @pass_on(i64 {JACK}, ptr %device, i64 0, i64 %count)
  ret i32 0
}}

{_stream(CARD_PROCESS, CARD)}
{_stream(INPUT_PROCESS, INPUT)}
define i32 @{COUNT_UP}(ptr %count) {{
  %before = atomicrmw add ptr %count, i64 1 monotonic
  ret i32 0
}}
"""


def join(bitcode: bytes) -> bytes:
    """Return the module of the kernels with the callbacks in it."""
    kernels, ours = llvm.parse_bitcode(bitcode), llvm.parse_assembly(TEXT)
    ours.triple, ours.data_layout = kernels.triple, kernels.data_layout
    kernels.link_in(ours)
    return bytes(kernels.as_bitcode())
