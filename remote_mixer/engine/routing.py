"""Routing: the controls as the amplitude of every way of a strip, and of every master.

Mute silences all ways out of a strip, its pre fader sends too; a DCA's mute and a mute group that is on silence their
members alike, and a DCA's fader adds its decibels to theirs. A solo brings a strip to the solo bus and changes nothing
else, neither main nor a musician's mix. Ramps last as the rows of `controls.TABLE` say.
"""

from __future__ import annotations

import math

import numpy as np

from remote_mixer.engine import rows
from remote_mixer.engine.automix import follow_automix
from remote_mixer.engine.controls import AFL, BUSES, EFFECTS, INPUT, POST_FADER, PRE_EQ, ROW_OF
from remote_mixer.engine.effect_goals import follow_effects, follow_return, send_of
from remote_mixer.engine.goals import follow_masters, follow_strips
from remote_mixer.engine.inner import inner
from remote_mixer.engine.limiter import set_ceilings
from remote_mixer.engine.ramps import RAMPED_FRAMES, SWITCHED_FRAMES, aim
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.tables import (
    FADER_ROW,
    METER_LANE,
    MONO_ROW,
    PLACES,
    SEND_LANE,
    SIDE_LANES,
    SOLO,
    WAYS_INPUT,
    WAYS_PRE_EQ,
    WAYS_PROCESSED,
    Chain,
    Controls,
    Mix,
    Words,
)

QUARTER_TURN = math.pi / 4
NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
CLOSED = -1
DIMMED = np.float32(0.1)  # −20 dB
AUTOMIX_GROUP, AUTOMIX_WEIGHT = ROW_OF["automix/group"], ROW_OF["automix/weight"]


@inner
def _grouped(controls: Controls, dcas: Words, mute_groups: Words, strip: int) -> tuple[np.float32, bool]:
    """Return what a strip's DCAs multiply its fader by, and whether its groups let it sound.

    dcas, mute_groups  (numbers, strips), the strips' memberships
    """
    amplitude, is_open = ONE, True
    for number in range(dcas.shape[0]):
        if dcas[number, strip] != 0:
            amplitude *= controls.dca_fader[number]
            is_open = is_open and controls.dca_mute[number] == 0
    for number in range(mute_groups.shape[0]):
        is_open = is_open and (mute_groups[number, strip] == 0 or controls.mutegroup[number] == 0)
    return amplitude, is_open


@inner
def _aim_way(mix: Mix, strip: int, lane: int, place: int, both: tuple[np.float32, np.float32]) -> None:
    """Aim a strip's amplitudes into a master: faster where a mute or a solo opens or closes the way.

    place  where the way begins; CLOSED where the strip does not sound there
    both   amplitudes of left and right
    """
    strips, is_open = mix.left.shape[1], place != CLOSED
    frames = RAMPED_FRAMES if mix.open_ways[strip, lane] == is_open else SWITCHED_FRAMES
    mix.open_ways[strip, lane] = is_open
    for other in range(PLACES):
        aim(mix.ways, other * strips + strip, lane, both[0] if other == place else NONE, frames)
        aim(mix.ways, other * strips + strip, SIDE_LANES + lane, both[1] if other == place else NONE, frames)


@inner
def _panned(pan: float, amplitude: np.float32) -> tuple[np.float32, np.float32]:
    """Return the amplitudes of left and right by the equal-power law: −3 dB at the centre."""
    if amplitude == 0:
        return NONE, NONE
    left = math.cos((pan + 1) * QUARTER_TURN)
    return np.float32(amplitude * left), np.float32(amplitude * math.sqrt(max(0.0, 1 - left * left)))


@inner
def _aim_sends(mix: Mix, controls: Controls, strip: int, fader: np.float32, sounds: bool) -> None:
    """Aim a strip's sends; at the centre each side of a mix has the whole level, so that a mono mix has it too.

    Those into the effects are after its fader, and of both sides half of each.
    """
    channel = mix.sources.channels[strip]
    for bus in range(BUSES):
        tap, level = controls.ch_send_bus_tap[bus, channel], controls.ch_send_bus_level[bus, channel]
        place = WAYS_INPUT if tap == INPUT else WAYS_PRE_EQ if tap == PRE_EQ else WAYS_PROCESSED
        amplitude = np.float32(math.sqrt(2.0) * (level * fader if tap == POST_FADER else level))
        place = place if sounds and controls.ch_send_bus_mute[bus, channel] == 0 else CLOSED
        _aim_way(mix, strip, 1 + bus, place, _panned(controls.ch_send_bus_pan[bus, channel], amplitude))
    for effect in range(EFFECTS):
        level, is_open = send_of(controls, channel, effect)
        half = np.float32(HALF * level * fader)
        _aim_way(mix, strip, SEND_LANE + effect, WAYS_PROCESSED if sounds and is_open else CLOSED, (half, half))


@inner
def _follow_part(chain: Chain, controls: Controls, strip: int, amplitude: np.float32) -> None:
    """Follow a strip's part in the automatic mixing: none where it is not heard.

    amplitude  of its fader, after all that mutes it
    """
    channel = chain.channels[strip]
    weight = controls.processing[AUTOMIX_WEIGHT, channel] if amplitude > 0 else -math.inf
    follow_automix(chain, strip, controls.processing_words[AUTOMIX_GROUP, channel], weight)


@inner
def _aim_solo(
    mix: Mix,
    controls: Controls,
    strip: int,
    after: tuple[np.float32, np.float32],
    before: tuple[np.float32, np.float32],
) -> None:
    """Aim a strip's amplitudes into the solo bus: those after fader, mute and pan (AFL), or those before (PFL)."""
    is_soloed = controls.ch_solo[mix.sources.channels[strip]] != 0
    both = after if controls.solo_mode[0] == AFL else before
    _aim_way(mix, strip, SOLO, WAYS_PROCESSED if is_soloed else CLOSED, both)


@inner
def _aim_strip(mix: Mix, controls: Controls, strip: int) -> None:
    """Aim all ways of a strip by all controls that act on them."""
    channel = mix.sources.channels[strip]
    grouped, sounds = _grouped(controls, controls.ch_dca, controls.ch_mutegroup, channel)
    fader, sounds = controls.ch_fader[channel] * grouped, sounds and controls.ch_mute[channel] == 0
    whole = np.float32(math.sqrt(2.0) if mix.sources.stereo[strip] else 1.0)
    into_main = _panned(controls.ch_pan[channel], fader * whole)
    _aim_way(mix, strip, 0, WAYS_PROCESSED if sounds else CLOSED, into_main)
    _aim_solo(mix, controls, strip, into_main if sounds else (NONE, NONE), _panned(0.0, whole))
    _aim_way(mix, strip, METER_LANE, WAYS_PROCESSED if sounds else CLOSED, (fader, NONE))
    _aim_sends(mix, controls, strip, fader, sounds)
    _follow_part(mix.chain, controls, strip, fader if sounds else NONE)


@inner
def _find_tapped(mix: Mix) -> None:
    """Find out in which groups sound is taken before the end of the processing."""
    strips, state = mix.left.shape[1], mix.chain.state
    for place in range(1, PLACES):
        for group in range(state.shape[1]):
            state[rows.INPUT_TAPPED + place - 1, group] = 0
        for strip in range(mix.sources.channels.shape[0]):
            row = place * strips + strip
            most = mix.ways.busy[row, 0]
            for lane in range(2 * SIDE_LANES):
                most = max(most, mix.ways.target[row, lane])
            if most > 0:
                state[rows.INPUT_TAPPED + place - 1, strip // LANES] = 1


@inner
def _aim_master(mix: Mix, master: int, is_open: bool, fader: np.float32, is_mono: bool) -> None:
    """Aim the amplitude of a master, and whether it is mono."""
    frames = RAMPED_FRAMES if mix.open_masters[master] == is_open else SWITCHED_FRAMES
    mix.open_masters[master] = is_open
    aim(mix.masters, FADER_ROW, master, fader if is_open else NONE, frames)
    aim(mix.masters, MONO_ROW, master, ONE if is_mono else NONE, RAMPED_FRAMES)


@inner
def _aim_masters(mix: Mix, controls: Controls) -> None:
    grouped, sounds = _grouped(controls, controls.main_dca, controls.main_mutegroup, 0)
    fader, sounds = controls.main_fader[0] * grouped, sounds and controls.main_mute[0] == 0
    _aim_master(mix, 0, sounds, fader, controls.main_mono[0] != 0)
    for bus in range(BUSES):
        grouped, sounds = _grouped(controls, controls.bus_dca, controls.bus_mutegroup, bus)
        fader, sounds = controls.bus_fader[bus] * grouped, sounds and controls.bus_mute[bus] == 0
        _aim_master(mix, 1 + bus, sounds, fader, controls.bus_mono[bus] != 0)
    fader = controls.solo_fader[0] * (DIMMED if controls.solo_dim[0] else ONE)
    _aim_master(mix, SOLO, controls.solo_mute[0] == 0, fader, controls.solo_mono[0] != 0)


@inner
def follow(mix: Mix, controls: Controls) -> None:
    """Aim every amplitude at the present controls."""
    for strip in range(mix.sources.channels.shape[0]):
        _aim_strip(mix, controls, strip)
    _find_tapped(mix)
    _aim_masters(mix, controls)
    set_ceilings(mix, controls)
    follow_strips(mix, controls)
    follow_masters(mix, controls)
    for effect in range(EFFECTS):
        grouped, sounds = _grouped(controls, controls.fx_dca, controls.fx_mutegroup, effect)
        follow_return(mix.effects, controls, effect, grouped if sounds else NONE, controls.solo_mode[0] == AFL)
    follow_effects(mix.effects, controls)


@inner
def fade(mix: Mix, target: np.float32) -> None:
    """Fade the transport to 1 (plays) or 0 (halted)."""
    aim(mix.transport, 0, 0, target, SWITCHED_FRAMES)
