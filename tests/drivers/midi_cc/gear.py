"""MIDI gear of our own at the far side of a link: keeps what it receives, and answers where the test says so."""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.drivers.midi_ports import OpenLink
from tests.support.midi import FarSide, pair

Answer = Callable[[int, int], int | None]
"""Takes (CC, value); returns the gear's answer on the same CC, None for none."""


def control_change(number: int, value: int, channel: int = 1) -> bytes:
    return bytes((0xB0 | channel - 1, number, value))


def nrpn(number: int, value: int, channel: int = 1) -> list[bytes]:
    halves = ((99, number >> 7), (98, number & 127), (6, value >> 7), (38, value & 127))
    return [control_change(cc, half, channel) for cc, half in halves]


class Gear:
    """Numbers by control: `cc` by (MIDI channel, CC), `nrpn` by (MIDI channel, NRPN).

    loses  tells of each message, in or out, whether it is lost
    """

    def __init__(self, answer: Answer = lambda number, value: None) -> None:
        self.open_link: OpenLink
        self.far: FarSide
        self.open_link, self.far = pair()
        self.far.listeners.append(self._receive)
        self.cc: dict[tuple[int, int], int] = {}
        self.nrpn: dict[tuple[int, int], int] = {}
        self.answer = answer
        self.loses: Callable[[], bool] = lambda: False

    def move(self, number: int, value: int, channel: int = 1) -> None:
        """Move a control at the gear."""
        self.cc[channel, number] = value
        self.far.say(control_change(number, value, channel))

    def _receive(self, message: bytes) -> None:
        status, number, value = message
        assert status & 0xF0 == 0xB0, "nothing but control changes is ever sent"
        if self.loses():
            return
        channel = (status & 15) + 1
        self.cc[channel, number] = value
        chosen = self.cc.get((channel, 99), 127) * 128 + self.cc.get((channel, 98), 127)
        if number == 38 and chosen != 16383:
            self.nrpn[channel, chosen] = self.cc[channel, 6] * 128 + value
        answer = self.answer(number, value)
        if answer is not None and not self.loses():
            self.far.say(control_change(number, answer, channel))
