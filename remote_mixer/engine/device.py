"""Callbacks of sound devices, compiled: their buffers, a turn of the mix between.

Main goes to outputs 1 and 2, bus n to output 2 + n where the device has so many; one with a single output gets main
folded to mono. C reaches these through `callbacks`.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.inner import inner
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import Floats
from remote_mixer.engine.turn import take_turn
from remote_mixer.engine.turn_memory import CALLS, MOST_FRAMES, TIMES, XRUNS, Device
from remote_mixer.engine.views import call_at, line_at

GET_BUFFER, GET_TIME = 0, 1
UNDERFLOWN = np.uint64(4)  # PortAudio's paOutputUnderflow


@inner
def _fill(device: Device, output: int, buffer: Floats, stride: int, sound: Floats) -> None:
    """Write one output into a buffer, of which every frame is `stride` samples after the last."""
    for frame in range(sound.shape[0]):
        if device.outputs.shape[0] == 1:
            buffer[frame * stride] = np.float32(0.5) * (sound[frame, 0] + sound[frame, 1])
        else:
            buffer[frame * stride] = sound[frame, output] if output < sound.shape[1] else np.float32(0)


@inner
def _mix(device: Device, frames: int) -> int:
    """Mix the next frames; return their number, 0 where the device asks for a number that cannot be mixed."""
    device.counts[CALLS] += 1
    if frames > MOST_FRAMES or frames % BLOCK_FRAMES != 0:
        device.counts[XRUNS] += 1
        return 0
    take_turn(device.switch, device.sound[:frames])
    return frames


@inner
def jack(device: Device, frames: int) -> None:
    """Fill JACK's ports."""
    began: np.uint64 = call_at(device.functions[GET_TIME], np.uint64(0), np.uint64(0))
    sound = device.sound[: _mix(device, frames)]
    for output in range(device.outputs.shape[0]):
        address = call_at(device.functions[GET_BUFFER], device.outputs[output], np.uint64(frames))
        buffer = line_at(address, np.uint64(frames))
        buffer[:] = 0
        _fill(device, output, buffer, 1, sound)
    took = call_at(device.functions[GET_TIME], np.uint64(0), np.uint64(0)) - began
    device.times[min(took, np.uint64(TIMES - 1))] += np.uint32(1)


@inner
def card(device: Device, call: np.ndarray, frames: int) -> None:
    """Fill PortAudio's buffer.

    call  (3,) uint64: addresses of the inputs' and outputs' frames, and the flags
    """
    if np.uint64(call[2]) & UNDERFLOWN:
        device.counts[XRUNS] += 1
    outputs = device.outputs.shape[0]
    buffer = line_at(call[1], np.uint64(frames * outputs))
    buffer[:] = 0
    sound = device.sound[: _mix(device, frames)]
    for output in range(outputs):
        _fill(device, output, buffer[output:], outputs, sound)
