"""Moves, presses and answers on the wire between the surface and the test DAW, as tests look at them."""

from __future__ import annotations

from tests.drivers.mackie.joined import Joined
from tests.support.waiting import until

STEP = 1 / 1023
SLOW_MACHINE = 10
"""Times for a quiet machine are held to ten times as much here: a test ends what hangs, not what is slow."""


def place(far: Joined, track: int) -> float:
    return (far.daw.tracks[track - 1].fader >> 4) * STEP


def is_move(message: bytes) -> bool:
    return message[0] & 0xF0 == 0xE0


def is_mute(message: bytes) -> bool:
    return message[0] == 0x90 and 0x10 <= message[1] < 0x18 and message[2] == 0x7F


async def hear_echo(far: Joined) -> None:
    """Move a fader until the driver knows that the DAW echoes a touched one."""
    far.hold("ch1/fader")
    far.set("ch1/fader", 0.7)
    await until(lambda: far.driver.confirms("daw/ch1/fader"))
    far.release("ch1/fader")
    await until(lambda: not far.daw.touched)


async def see_light(far: Joined) -> None:
    """Mute a track, so that the driver knows that the DAW's LEDs answer."""
    far.set("ch1/mute", True)
    await until(lambda: far.daw.tracks[0].mute)
    await until(lambda: not far.pending)
