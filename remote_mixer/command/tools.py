"""Commands that need no server of ours: consoles to find or to rehearse with, MIDI ports, maps of MIDI controls."""

from __future__ import annotations

import argparse
import asyncio
import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING

from remote_mixer.command.terminal import DONE, MARGIN, CommandError, say
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator

if TYPE_CHECKING:
    from remote_mixer.drivers.midi_ports import PortInfo

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
    yield f"{MARGIN}remote-mixer --console foh={model.family.key}://{target}"
    yield ""
    yield "mixes it. Press Ctrl-C to switch it off."


def _why_not(host: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Another program listens there, perhaps another simulator. Choose another port: --port 10123"
    reason = error.strerror or error
    return f"Nothing can listen on {host} ({reason}). Choose an address of this computer, as --host 127.0.0.1"


def run_find(_: argparse.Namespace) -> int:
    """List the consoles that answer on the network."""
    from remote_mixer.drivers import registry

    say("\n".join(_answers(asyncio.run(registry.find()))))
    return DONE


def _answers(found: list[str]) -> list[str]:
    if found:
        ways = (f"{MARGIN}remote-mixer --console foh={one}" for one in found)
        return ["These answer; mix one of them with", "", *ways]
    return ["No console answers. Switch it on, and bring it and this computer into the same network."]


def run_midi(_: argparse.Namespace) -> int:
    """List the MIDI ports of this computer; CommandError when no MIDI system answers."""
    from remote_mixer.drivers.base import DriverError
    from remote_mixer.drivers.midi_ports import list_ports

    try:
        say("\n".join(_ports(list_ports())))
    except DriverError as error:
        raise CommandError(str(error)) from error
    return DONE


def run_map(told: argparse.Namespace) -> int:
    """Check a map of MIDI controls, or convert a former one; CommandError when it has a fault."""
    from remote_mixer.drivers.midi_cc.map_file import check, convert

    try:
        warnings = convert(told.old, told.new) if told.about == "convert" else check(told.file)
    except ValueError as fault:
        raise CommandError(str(fault)) from fault
    for warning in warnings:
        say(f"Warning: {warning}")
    say(f"Written: {told.new}" if told.about == "convert" else f"{told.file} has no faults.")
    return DONE


def _ports(ports: list[PortInfo]) -> Iterator[str]:
    if not ports:
        yield "There are no MIDI ports here yet. Start the DAW or plug the gear in, or let this program make its own:"
        yield ""
        yield f"{MARGIN}remote-mixer --console daw=mackie:"
        return
    rows = [("SYSTEM", "DIRECTION", "NAME"), *((port.system, port.direction, port.name) for port in ports)]
    width = max(len(system) for system, _, _ in rows)
    yield from (f"{system:<{width}}  {direction:<9}  {name}" for system, direction, name in rows)
