"""Recording of one console: all addresses, values and lines of text, without names. Nothing but queries is sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.locate import Located, Locator
from remote_mixer.drivers.behringer.queries import Queries
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.osc import Argument, node_of
from remote_mixer.drivers.osc_line import Line
from remote_mixer.drivers.place import place_of

FORMAT = "remote-mixer recording 1"
PACE = Timing(window=16, ask_rate=800.0)
"""Slower than a driver reads: a recording may take its time, and a show may be running."""
PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.005
NODE = "node "
"""Beginning of the name of a query for a line of text."""
ELSEWHERE = (
    "/config/linkcfg", "/config/mono", "/config/solo", "/config/talk", "/config/osc", "/config/amixenable",
    "/config/routing", "/config/routing/IN", "/config/routing/OUT",
    *(f"/fx/{n}" for n in range(1, 9)), *(f"/fx/{n}/par" for n in range(1, 9)),
    *(f"/outputs/main/{n:02}" for n in range(1, 17)), "/-prefs", "/-stat",
)  # fmt: skip
"""Nodes of what the tables do not have."""
_QUOTED = re.compile(r'"([^"]*)"')


class Recorder:
    """Reads one console."""

    def __init__(self, family: Family) -> None:
        self.values: dict[str, Argument] = {}
        self.texts: dict[str, str] = {}
        self._queries = Queries(PACE)
        self._queries.ask(_addresses(family))

    async def record(self, host: str, port: int) -> None:
        """Query everything."""
        line = await Line(self._take).connect(host, port)
        try:
            while self._queries.open:
                for name in self._queries.due(_now()):
                    line.send("/node", name.removeprefix(NODE)[1:]) if name.startswith(NODE) else line.send(name)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await line.close()

    def _take(self, address: str, arguments: tuple[Argument, ...]) -> None:
        match arguments:
            case (str(text),) if address == "node":
                root = text.partition(" ")[0]
                self.texts[root] = text
                self._queries.answered(NODE + root, _now())
            case (int() | float() | str() as argument,):
                self.values[address] = argument
                self._queries.answered(address, _now())


def _now() -> float:
    return asyncio.get_running_loop().time()


def _addresses(family: Family) -> list[str]:
    """Return the names of all queries: each address, then each node."""
    amps = [leaf.address for amp in family.head_amps.amps.values() for leaf in amp.leaves("")]
    addresses = [*AddressBook(family).all(), *amps]
    nodes = dict.fromkeys(map(node_of, addresses))
    return [*addresses, *(NODE + node for node in (*nodes, *ELSEWHERE))]


def anonymous(values: Mapping[str, Argument], texts: Mapping[str, str]) -> tuple[dict[str, Argument], dict[str, str]]:
    """Return values and texts with another name in place of each name; equal names stay equal."""
    names: dict[str, str] = {"": ""}

    def rename(name: str) -> str:
        return names.setdefault(name, f"Name {len(names)}")

    renamed = {address: rename(one) if isinstance(one, str) else one for address, one in values.items()}
    lines = {root: _QUOTED.sub(lambda quoted: f'"{rename(quoted[1])}"', text) for root, text in texts.items()}
    return renamed, lines


async def record(spec: str, families: Iterable[Family]) -> dict[str, Any]:
    """Return the recording of a console `x32://ADDRESS`; ValueError for another spec, DriverError without an answer."""
    word, _, place = spec.partition(":")
    family = next((one for one in families if one.word == word), None)
    if family is None:
        raise ValueError(f"A console to record is x32://ADDRESS or xair://ADDRESS, not {spec}")
    located = await Locator(place_of(place, family.word, family.port), family).locate(PATIENCE_SECONDS)
    recorder = Recorder(family.of_model(located.found.model))
    await recorder.record(located.found.host, located.port)
    return _document(located, *anonymous(recorder.values, recorder.texts))


def _document(located: Located, values: Mapping[str, Argument], texts: Mapping[str, str]) -> dict[str, Any]:
    model, firmware = located.found.model, located.found.firmware
    return {"format": FORMAT, "model": model, "firmware": firmware, "values": values, "texts": texts}
