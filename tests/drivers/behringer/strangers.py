"""Consoles by another hand: the simulated one with one habit changed, as other people's emulators differ from ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from remote_mixer.simulator.network import Endpoint
from remote_mixer.simulator.osc import Message, decode, encode
from remote_mixer.simulator.simulator import Simulator
from tests.support.virtual import loop

LATE_SECONDS = 0.01
"""Time by which every other answer is late, so that the next one overtakes it."""


class Stranger(Simulator):
    """A console with one habit of `HABITS`; each function of one takes what ours sends or keeps, and returns its own.

    lacks    commands and beginnings of addresses that it does not know
    message  message on its way out → messages sent
    late     whether a datagram, by its number, is late
    text     line of a node → line sent
    """

    def __init__(self, word: str, **habit: Any) -> None:
        super().__init__(word, clock=loop().time)
        self._lacks: tuple[str, ...] = habit.get("lacks", ())
        self._message: Callable[[Message], list[Message]] = habit.get("message", lambda message: [message])
        self._late: Callable[[int], bool] = habit.get("late", lambda number: False)
        self._text: Callable[[str], str] = habit.get("text", lambda line: line)
        self._number = 0
        for command in self._lacks:
            self._commands.pop(command, None)

    async def start(self, host: str = "127.0.0.1", port: int | None = 0) -> Self:
        await super().start(host, port)
        send = self._port.send

        def differently(data: bytes, client: Endpoint) -> None:
            address, arguments = decode(data)
            for message in self._message(Message(address, arguments)):
                self._number += 1
                delay = LATE_SECONDS if self._late(self._number) else 0.0
                loop().call_later(delay, send, encode(message), client)

        self._port.send = differently  # type: ignore[method-assign] # the stranger stands before our simulator
        return self

    def _receive(self, data: bytes, client: Endpoint) -> None:
        address, arguments = decode(data)
        about = str(arguments[0]) if address in {"/node", "/"} and arguments else address
        if not f"/{about.lstrip('/')}".startswith(self._lacks or ("none",)):
            super()._receive(data, client)

    def _answer(self, client: Endpoint, address: str, *arguments: Any) -> None:
        super()._answer(client, address, *(self._text(str(one)) if address == "node" else one for one in arguments))


def _padded(message: Message) -> list[Message]:
    """Fill names with blanks, as from a field of a fixed length."""
    texts = (one.ljust(12) if isinstance(one, str) and len(one) < 12 else one for one in message.arguments)
    return [Message(message.address, tuple(texts)) if message.address.endswith("/name") else message]


def _whole_floats(message: Message) -> list[Message]:
    """Send switches and choices as floats."""
    floats = (float(one) if isinstance(one, int) else one for one in message.arguments)
    return [Message(message.address, tuple(floats)) if message.address.startswith("/ch/") else message]


HABITS: Mapping[str, Mapping[str, Any]] = {
    "answers overtake one another": {"late": lambda number: number % 2 == 0},
    "each datagram comes twice": {"message": lambda message: [message, message]},
    "no snapshots": {"lacks": ("/formatsubscribe",)},
    "no nodes": {"lacks": ("/node",)},
    "no snapshots and no nodes": {"lacks": ("/formatsubscribe", "/node")},
    "no meters and no status": {"lacks": ("/meters", "/status", "/batchsubscribe", "/subscribe")},
    "no preferences, states and scenes": {"lacks": ("/-prefs", "/-stat", "/-show", "/-snap", "/-ha")},
    "no DCAs of its own": {"lacks": ("/dca",)},
    "node lines in small letters": {"text": str.lower},
    "node lines without their end": {"text": str.rstrip},
    "node lines with wide blanks": {"text": lambda line: line.replace(" ", "  ")},
    "node lines that are cut off": {"text": lambda line: line[:24]},
    "names filled with blanks": {"message": _padded},
    "switches as floats": {"message": _whole_floats},
}
