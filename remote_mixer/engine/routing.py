"""Routing: the controls as the amplitude of every strip into every row.

Mute silences all ways out of a strip, its pre fader sends too. Solo is in place and on main alone: while any channel is
soloed the others are silent there, and no musician's mix changes. Ramps last as the rows of `controls.TABLE` say.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine.goals import follow_strips
from remote_mixer.engine.inner import inner
from remote_mixer.engine.limiter import set_ceilings
from remote_mixer.engine.ramps import RAMPED_FRAMES, SWITCHED_FRAMES, aim
from remote_mixer.engine.tables import BUS_ROW, METER_ROW, Controls, Mix

QUARTER_TURN = math.pi / 4


@inner
def _aim_gate(mix: Mix, row: int, strip: int, is_open: bool, target: np.float32) -> None:
    """Aim a strip's amplitude into a row: faster where a mute or a solo opens or closes the way."""
    frames = RAMPED_FRAMES if mix.open_strips[row, strip] == is_open else SWITCHED_FRAMES
    mix.open_strips[row, strip] = is_open
    aim(mix.strips, row, strip, target if is_open else np.float32(0), frames)


@inner
def _pan(mix: Mix, controls: Controls, strip: int, side: int) -> np.float32:
    """Return one side's amplitude by the equal-power law: −3 dB at the centre; for stereo scaled to 0 dB there."""
    angle = (controls.ch_pan[mix.sources.channels[strip]] + 1) * QUARTER_TURN
    scale = math.sqrt(2.0) if mix.sources.stereo[strip] else 1.0
    return np.float32(scale * (math.cos(angle) if side == 0 else math.sin(angle)))


@inner
def _aim_row(mix: Mix, controls: Controls, strip: int, row: int, soloed: bool) -> None:
    """Aim a strip's amplitude into one row by all controls that act on it."""
    channel = mix.sources.channels[strip]
    amplitude = controls.ch_fader[channel]
    is_open = controls.ch_mute[channel] == 0
    if row < BUS_ROW:
        amplitude *= _pan(mix, controls, strip, row)
        is_open = is_open and (not soloed or controls.ch_solo[channel] != 0)
    elif row < METER_ROW:
        bus = row - BUS_ROW
        level = controls.ch_send_bus_level[bus, channel]
        amplitude = level * amplitude if controls.ch_send_bus_tap[bus, channel] else level
        is_open = is_open and controls.ch_send_bus_mute[bus, channel] == 0
    _aim_gate(mix, row, strip, is_open, amplitude)


@inner
def _aim_master(mix: Mix, master: int, is_open: bool, fader: np.float32) -> None:
    """Aim the amplitude of main (0) or of a bus (1–8)."""
    frames = RAMPED_FRAMES if mix.open_masters[master] == is_open else SWITCHED_FRAMES
    mix.open_masters[master] = is_open
    aim(mix.masters, 0, master, fader if is_open else np.float32(0), frames)


@inner
def _aim_masters(mix: Mix, controls: Controls) -> None:
    _aim_master(mix, 0, controls.main_mute[0] == 0, controls.main_fader[0])
    for bus in range(controls.bus_fader.shape[0]):
        _aim_master(mix, 1 + bus, controls.bus_mute[bus] == 0, controls.bus_fader[bus])


@inner
def _anyone_soloed(mix: Mix, controls: Controls) -> bool:
    soloed = False
    for channel in mix.sources.channels:
        soloed |= controls.ch_solo[channel] != 0
    return soloed


@inner
def follow(mix: Mix, controls: Controls) -> None:
    """Aim every amplitude at the present controls."""
    soloed = _anyone_soloed(mix, controls)
    for strip in range(mix.sources.channels.shape[0]):
        for row in range(mix.strips.target.shape[0]):
            _aim_row(mix, controls, strip, row, soloed)
    _aim_masters(mix, controls)
    set_ceilings(mix, controls)
    follow_strips(mix, controls)


@inner
def fade(mix: Mix, target: np.float32) -> None:
    """Fade the transport to 1 (plays) or 0 (halted)."""
    aim(mix.transport, 0, 0, target, SWITCHED_FRAMES)
