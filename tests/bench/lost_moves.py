"""Moves of one fader at a real mixer over JACK, beside busy cores that make JACK skip late clients.

    python -m tests.bench.lost_moves
    python -m tests.bench.lost_moves --moves 1000 --loops 4

Each move is a single set on the desk. It is right when jack_mix_box sounds as the page shows, and the page shows what
was set. The report has the seconds until then, and the count of messages: more than one a move were sent again.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import quantiles

from remote_mixer.drivers.midi_link import open_link
from remote_mixer.drivers.midi_ports import Link, Receive
from tests.bench.machine import describe
from tests.drivers.midi_cc.console import console
from tests.drivers.midi_cc.mix_box import MAP, mix_box, moved_and_right
from tests.support.busy import busy_loops
from tests.support.jack import jack_server
from tests.support.level_meter import LevelMeter

LIMIT_SECONDS = 2.0
MOST_SECONDS = 900.0


class CountingLink:
    """A real link that counts what is sent."""

    def __init__(self) -> None:
        self.sent = 0

    async def open_link(self, port: str, receive: Receive, client: str) -> Link:
        """Open the link and count its messages."""
        link = await open_link(port, receive, client)
        send = link.send

        def count(message: bytes) -> None:
            self.sent += 1
            send(message)

        link.send = count  # type: ignore[method-assign]  # counts beside the driver's own link
        return link


async def measure(ear: LevelMeter, options: argparse.Namespace) -> tuple[list[float], int]:
    """Move the fader; return the seconds of each move, and the count of messages sent."""
    wire = CountingLink()
    with tempfile.TemporaryDirectory() as folder:
        async with console(Path(folder), MAP, open_link=wire.open_link) as daw:
            with busy_loops(options.loops, MOST_SECONDS):
                return await moved_and_right(daw, ear, options.moves), wire.sent


def main() -> None:
    """Start JACK and the box; move the fader, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--loops", type=int, default=4)
    options = parser.parse_args()
    print(describe())
    with jack_server() as jack, mix_box(jack) as (_, ear):
        seconds, sent = asyncio.run(measure(ear, options))
    within = sum(one <= LIMIT_SECONDS for one in seconds)
    percent = quantiles(seconds, n=100)
    print(f"{options.loops} busy loops, {options.moves} moves, {sent} messages")
    print(f"  right within {LIMIT_SECONDS:g} s   {within} of {options.moves}")
    print(f"  until right        p50 {percent[49]:.2f} s, p99 {percent[98]:.2f} s, longest {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
