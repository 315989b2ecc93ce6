"""Callbacks of sound devices, compiled: their inputs, a turn of the mix, their outputs.

What is no number at an input, infinite, or next to nothing, is silence, see `vectors.sound`. Each output of a card
plays what `output/*` says: usually main on 1 and 2, each mix on the two after those before it where there are so many,
and main folded to mono where there is a single one. What begins, as after a card that was gone, or plays something
else, fades. C reaches these through `callbacks`.
"""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.controls import FIRST_FEED, USUAL
from remote_mixer.engine.inner import inner
from remote_mixer.engine.ramps import SWITCHED_FRAMES, ramp_frames, soft
from remote_mixer.engine.resampler import now, read
from remote_mixer.engine.tables import DIRECT_LATE, MOST_FRAMES, Floats
from remote_mixer.engine.turn import take_turn
from remote_mixer.engine.turn_memory import CALLS, FOLDED, TIMES, XRUNS, Device
from remote_mixer.engine.vectors import sound_scalar
from remote_mixer.engine.views import call_at, line_at

GET_BUFFER, GET_TIME = 0, 1
MISSED = np.uint64(2 | 4)  # PortAudio's paInputOverflow and paOutputUnderflow
NONE = np.uint64(0)


@inner
def _take(device: Device, column: int, buffer: Floats, stride: int, frames: int) -> None:
    """Read one input from a buffer, of which every frame is `stride` samples after the last."""
    for frame in range(frames):
        device.input_sound[frame, column] = sound_scalar(buffer[frame * stride])


@inner
def _sample(device: Device, feed: int, sound: Floats, frame: int) -> np.float32:
    """Return what a feed plays in a frame."""
    if feed == FOLDED:
        return np.float32(0.5) * np.float32(sound[frame, 0] + sound[frame, 1])
    if feed < 0:
        return np.float32(0)
    if feed < sound.shape[1]:
        return np.float32(sound[frame, feed])
    return np.float32(device.directs[DIRECT_LATE + frame, feed - sound.shape[1]])


@inner
def _fill(device: Device, output: int, buffer: Floats, stride: int, sound: Floats) -> None:
    """Write one output into a buffer, of which every frame is `stride` samples after the last.

    It fades in at the start; what plays another feed than the wanted one fades out first.
    """
    chosen = device.words[output] if output < device.words.shape[0] else np.uint32(USUAL)
    wanted = device.usual[output] if chosen == USUAL else np.int64(chosen) - FIRST_FEED
    feed, share, step = device.feeds[output], device.shares[output], 1 / ramp_frames(SWITCHED_FRAMES)
    for frame in range(sound.shape[0]):
        if share <= 0:
            feed = wanted
        share = min(max(share + (step if feed == wanted else -step), np.float32(0)), np.float32(1))
        buffer[frame * stride] = soft(np.float32(share)) * _sample(device, feed, sound, frame)
    device.feeds[output], device.shares[output] = feed, share


@inner
def _mixable(device: Device, frames: int) -> int:
    """Count a call; return the number of its frames, 0 where so many cannot be mixed."""
    device.counts[CALLS] += 1
    if frames <= MOST_FRAMES:
        return frames
    device.counts[XRUNS] += 1
    return 0


@inner
def jack(device: Device, frames: int) -> None:
    """Mix from JACK's ports to JACK's ports."""
    get_buffer, get_time = device.functions[GET_BUFFER], device.functions[GET_TIME]
    began: np.uint64 = call_at(get_time, NONE, NONE)
    sound = device.sound[: _mixable(device, frames)]
    for column in range(device.inputs.shape[0]):
        address = call_at(get_buffer, device.inputs[column], np.uint64(frames))
        _take(device, column, line_at(address, np.uint64(frames)), 1, sound.shape[0])
    take_turn(device.switch, sound)
    for output in range(device.outputs.shape[0]):
        buffer = line_at(call_at(get_buffer, device.outputs[output], np.uint64(frames)), np.uint64(frames))
        buffer[:] = 0
        _fill(device, output, buffer, 1, sound)
    took = call_at(get_time, NONE, NONE) - began
    device.times[min(took, np.uint64(TIMES - 1))] += np.uint32(1)


@inner
def card(device: Device, call: np.ndarray, frames: int) -> None:
    """Mix from PortAudio's buffer to PortAudio's buffer.

    call  (4,) uint64: addresses of the inputs' frames, or 0, and of the outputs'; the flags; address of the times
    """
    if np.uint64(call[2]) & MISSED:
        device.counts[XRUNS] += 1
    inputs, outputs = device.inputs.shape[0], device.outputs.shape[0]
    sound = device.sound[: _mixable(device, frames)]
    if device.ring.sound.shape[0] != 0:
        read(device.ring, device.input_sound, now(call), sound.shape[0])
    elif call[0] != 0:
        buffer = line_at(call[0], np.uint64(frames * inputs))
        for column in range(inputs):
            _take(device, column, buffer[column:], inputs, sound.shape[0])
    take_turn(device.switch, sound)
    speakers = line_at(call[1], np.uint64(frames * outputs))
    speakers[:] = 0
    for output in range(outputs):
        _fill(device, output, speakers[output:], outputs, sound)
