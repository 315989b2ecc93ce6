"""Commands that need no server of ours: a console to rehearse with."""

from __future__ import annotations

import argparse
import asyncio
import errno
from collections.abc import Iterator

from remote_mixer.simulator.road import Wifi
from remote_mixer.simulator.simulator import Simulator
from remote_mixer.terminal import DONE, MARGIN, CommandError, say

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when a person asks for it


def run_simulate(told: argparse.Namespace) -> int:
    """Be a console until Ctrl-C; CommandError when nothing can listen there."""
    try:
        asyncio.run(_simulate(told))
    except OSError as error:
        raise CommandError(_why_not(told.host, error)) from error
    return DONE


async def _simulate(told: argparse.Namespace) -> None:
    wifi = Wifi(told.loss, told.delay / 1000)
    console = await Simulator(told.model, wifi=wifi).start(told.host, told.port)
    say("\n".join(_greeting(console)))
    try:
        await asyncio.Event().wait()
    finally:
        await console.stop()


def _greeting(console: Simulator) -> Iterator[str]:
    model, (host, port) = console.model, console.address
    near = "127.0.0.1" if host == EVERYWHERE else host
    target = near if port == model.family.port else f"{near}:{port}"
    yield f"A simulated {model.title} (firmware {model.firmware}), called {console.console.name}. It makes no sound."
    yield f"It listens on {'all addresses' if host == EVERYWHERE else host}, UDP port {port}."
    yield ""
    yield f"{MARGIN}remote-mixer --console foh={model.family.word}://{target}"
    yield ""
    yield "mixes it. Press Ctrl-C to switch it off."


def _why_not(host: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Another program listens there, perhaps another simulator. Choose another port: --port 10123"
    reason = error.strerror or error
    return f"Nothing can listen on {host} ({reason}). Choose an address of this computer, as --host 127.0.0.1"
