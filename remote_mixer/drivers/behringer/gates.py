"""Order in which a console numbers its gate modes: the sources disagree, so the console is queried for both forms.

`/node ,s ch/01/gate` is answered by a line of the scene file's text, `/ch/01/gate OFF GATE -80.0 …`, where the mode has
its name; the address of that answer has no slash. Until a console has told it, its gate modes are unknown.
"""

from __future__ import annotations

from dataclasses import replace

from remote_mixer.drivers.behringer.encodings import Selection
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.table import GATE_MODES, Group
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_line import Line, soon

CHANNELS = range(1, 13)
"""Channels to ask: all models have these. One gate tells, unless its mode has the same number in both orders."""
ANSWER_SECONDS, TRIES = 0.15, 7
"""Time between two queries, and their number: an answer may take a second."""
LOCAL = "gate/mode"


class Gates:
    """Gate modes of a few channels, by number and by name."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.names: dict[int, str] = {}

    def take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        """Record a mode's number, or its name in a line of text."""
        match arguments:
            case (int(number),):
                self.numbers[_channel(address)] = number
            case (str(line),) if len(words := line.split()) > 2:
                self.names[_channel(words[0])] = words[2].lower()

    @property
    def order(self) -> Selection | None:
        """The only order in which numbers and names agree; None where both do, or none."""
        fitting = [order for order in GATE_MODES if self._fits(order.param.choices)]
        return fitting[0] if len(fitting) == 1 else None

    def _fits(self, order: tuple[str, ...]) -> bool:
        both = self.numbers.keys() & self.names.keys()
        return all(order[self.numbers[n] : self.numbers[n] + 1] == (self.names[n],) for n in both)


def _channel(address: str) -> int:
    _, _, rest = address.partition("/ch/")
    number = rest[:2]
    return int(number) if number.isascii() and number.isdecimal() else 0


async def with_gate_order(family: Family, host: str, port: int) -> Family:
    """Return the family with the gate modes in this console's order; unchanged where the console does not tell it."""
    gates = Gates()
    line = await Line(gates.take).connect(host, port)
    try:
        for _ in range(TRIES):
            for channel in CHANNELS:
                line.send(f"/ch/{channel:02}/{LOCAL}")
                line.send("/node", f"ch/{channel:02}/gate")
            if await soon(lambda: gates.order is not None, ANSWER_SECONDS):
                break
    finally:
        await line.close()
    return in_order(family, gates.order)


def in_order(family: Family, order: Selection | None) -> Family:
    """Return the family with its gate modes in an order."""
    return replace(family, groups=tuple(_ordered(group, order) for group in family.groups)) if order else family


def _ordered(group: Group, order: Selection) -> Group:
    rows = (replace(row, encoding=order) if row.local == LOCAL else row for row in group.rows)
    return replace(group, rows=tuple(rows))
