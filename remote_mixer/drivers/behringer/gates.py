"""Order in which an X Air numbers its gate modes: the sources disagree, so the console is queried for both forms.

`/node ,s ch/01/gate` is answered by a line of the scene file's text, `/ch/01/gate OFF GATE -80.0 …`, where the mode has
its name; the address of that answer has no slash.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.line import Line
from remote_mixer.drivers.behringer.osc import Argument
from remote_mixer.drivers.behringer.table import GATE_MODE, Group, selection

OTHER_ORDER = selection("gate", "exp2", "exp3", "exp4", "duck")
CHANNELS = range(1, 5)
TRIES = 3
ANSWER_SECONDS = 0.15
LOCAL = "gate/mode"


class Gates:
    """Gate modes of a few channels, by number and by name."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.names: dict[int, str] = {}

    def take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Note a mode's number, or its name in a line of text."""
        match arguments:
            case (int(number),):
                self.numbers[_channel(address)] = number
            case (str(line),) if len(words := line.split()) > 2:
                self.names[_channel(words[0])] = words[2].lower()

    def fits(self, order: tuple[str, ...]) -> bool:
        """Whether numbers and names agree in an order."""
        both = self.numbers.keys() & self.names.keys()
        return all(order[self.numbers[n] : self.numbers[n] + 1] == (self.names[n],) for n in both)

    @property
    def done(self) -> bool:
        """Whether number and name of all channels are known."""
        return self.numbers.keys() == self.names.keys() == set(CHANNELS)


def _channel(address: str) -> int:
    _, _, rest = address.partition("/ch/")
    number = rest[:2]
    return int(number) if number.isascii() and number.isdecimal() else 0


async def with_gate_order(family: Family, host: str, port: int) -> Family:
    """Return the family with the gate modes in this console's order; unchanged where the console does not answer."""
    gates = Gates()
    line = await Line(gates.take).connect(host, port)
    try:
        for _ in range(TRIES):
            for channel in CHANNELS:
                line.send(f"/ch/{channel:02}/{LOCAL}")
                line.send("/node", f"ch/{channel:02}/gate")
            await asyncio.sleep(ANSWER_SECONDS)
            if gates.done:
                break
    finally:
        await line.close()
    return in_order(family, gates)


def in_order(family: Family, gates: Gates) -> Family:
    """Return the family with the other order where only that one fits the answers."""
    if gates.fits(GATE_MODE.param.choices) or not gates.fits(OTHER_ORDER.param.choices):
        return family
    return replace(family, groups=tuple(_other(group) for group in family.groups))


def _other(group: Group) -> Group:
    rows = (replace(row, wire=OTHER_ORDER) if row.local == LOCAL else row for row in group.rows)
    return replace(group, rows=tuple(rows))
