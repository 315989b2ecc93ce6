"""Commands that need no server: `find`, `simulate`, `record`, `midi` ports, `map`, `console`, `service`, `doctor`.

Each takes the parsed arguments and returns the exit code; CommandError where it fails.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from remote_mixer.command.arguments import RECORDABLE, is_recordable
from remote_mixer.command.doctor import doctor
from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.service import service
from remote_mixer.command.terminal import DONE, FAILED, MARGIN, CommandError, say
from remote_mixer.resources import default_data_folder
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.recording import read
from remote_mixer.simulator.simulator import Simulator

if TYPE_CHECKING:
    from remote_mixer.drivers.behringer.family import Family
    from remote_mixer.drivers.midi_ports import PortInfo

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where the arguments name it


def simulate(arguments: argparse.Namespace) -> int:
    """Simulate a console until Ctrl-C; CommandError when the address cannot be used."""
    try:
        asyncio.run(_simulate(arguments))
    except OSError as error:
        raise CommandError(_cannot_listen(arguments.host, error)) from error
    except ValueError as fault:
        raise CommandError(str(fault)) from fault
    return DONE


def record(arguments: argparse.Namespace) -> int:
    """Write all values and texts of a console to a file, without names; CommandError where none answers."""
    from remote_mixer.drivers.base import DriverError
    from remote_mixer.drivers.behringer import record, x32, xair

    console = arguments.console if ":" in arguments.console else _spec_of(arguments)
    try:
        document = asyncio.run(record.record(console, (x32.FAMILY, xair.FAMILY)))
        arguments.file.write_text(json.dumps(document, indent=1, sort_keys=True), "utf-8")
    except (DriverError, ValueError) as fault:
        raise CommandError(str(fault)) from fault
    except OSError as error:
        raise CommandError(
            f"Cannot write {arguments.file} ({error.strerror or error}). Choose another file."
        ) from error
    count, lines = len(document["values"]), len(document["texts"])
    say(
        f"Written: {arguments.file}, {count} values and {lines} lines of a {document['model']}. All names are replaced."
    )
    say("Nothing was changed on the console. Send us the file, please: it shows where our tables differ from it.")
    return DONE


def _spec_of(arguments: argparse.Namespace) -> str:
    """Return the spec of the running server's console of that nickname; CommandError where it cannot be recorded."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    specs = server.call("GET", "/consoles")["consoles"]
    if arguments.console not in specs:
        there = ", ".join(f"“{name}”" for name in specs)
        raise CommandError(f"The server at {server.url} has no console “{arguments.console}”, only: {there}.")
    spec = str(specs[arguments.console])
    if not is_recordable(spec):
        raise CommandError(f"“{arguments.console}” is {spec} there: {RECORDABLE}.")
    return spec


async def _simulate(arguments: argparse.Namespace) -> None:
    wifi = Wifi(arguments.loss, arguments.delay / 1000)
    console = await _simulator(arguments.model, wifi).start(arguments.host, arguments.port)
    say("\n".join(_greeting(console)))
    try:
        await asyncio.Event().wait()
    finally:
        await console.stop()


def _simulator(model: str | Path, wifi: Wifi) -> Simulator:
    """Return a simulated console of a model, or one that plays a recording."""
    return Simulator(model if isinstance(model, str) else read(model), wifi=wifi)


def _greeting(console: Simulator) -> Iterator[str]:
    model, (host, port) = console.model, console.address
    near = "127.0.0.1" if host == EVERYWHERE else host
    target = near if port == model.family.port else f"{near}:{port}"
    yield f"A simulated {model.title} (firmware {model.firmware}), called {console.console.name}. It makes no sound."
    yield f"It listens on {'all addresses' if host == EVERYWHERE else host}, UDP port {port}."
    yield "To mix it, start in another terminal:"
    yield ""
    yield f"{MARGIN}remote-mixer --console foh={model.family.key}://{target}"
    yield ""
    yield "Press Ctrl-C to switch the simulator off."


def _cannot_listen(host: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Another program listens there, perhaps another simulator. Choose another port: --port 10123"
    reason = error.strerror or error
    return f"Cannot listen on {host} ({reason}). Choose an address of this computer: --host 127.0.0.1"


def find(_: argparse.Namespace) -> int:
    """List the consoles that answer on the network."""
    from remote_mixer.drivers import registry

    say("\n".join(_answers(asyncio.run(registry.find()))))
    return DONE


def _answers(found: list[str]) -> list[str]:
    if found:
        commands = (f"{MARGIN}remote-mixer --console foh={one}" for one in found)
        return ["Consoles found. To mix one of them:", "", *commands]
    return ["No console answers. Check that it is on and in the same network as this computer."]


def list_midi_ports(_: argparse.Namespace) -> int:
    """List the MIDI ports of this computer; CommandError when no MIDI system answers."""
    from remote_mixer.drivers.base import DriverError
    from remote_mixer.drivers.midi_ports import list_ports

    try:
        say("\n".join(_ports(list_ports())))
    except DriverError as error:
        raise CommandError(str(error)) from error
    return DONE


def check_or_convert_map(arguments: argparse.Namespace) -> int:
    """Check a map of MIDI controls, or convert one of a former program; CommandError when the map has a fault."""
    from remote_mixer.drivers.midi_cc.map_file import convert

    try:
        warnings = convert(arguments.old, arguments.new) if arguments.about == "convert" else _check_map(arguments.file)
    except ValueError as fault:
        raise CommandError(str(fault)) from fault
    for warning in warnings:
        say(f"Warning: {warning}")
    say(f"Written: {arguments.new}" if arguments.about == "convert" else f"{arguments.file} has no faults.")
    return DONE


def _check_map(file: Path) -> Sequence[str]:
    """Return the warnings of a console's or a surface's map; ValueError at its first fault."""
    from remote_mixer.drivers.midi_cc.map_file import check
    from remote_mixer.surfaces.midi import map_file

    if map_file.is_surface_map(file):
        map_file.read(file)
        return ()
    return check(file)


def print_rows(arguments: argparse.Namespace) -> int:
    """Print the rows of a console's table, and who proves each."""
    from remote_mixer.drivers.behringer import x32, xair

    families = {family.word: family for family in (x32.FAMILY, xair.FAMILY)}
    say("\n".join(_rows(families[arguments.family])))
    return DONE


def _rows(family: Family) -> Iterator[str]:
    from remote_mixer.drivers.behringer.table import Proof

    rows = list(family.rows())
    widths = max(len(row.local) for row in rows), max(len(row.address) for row in rows)
    proofs = [proof.name or "" for proof in Proof]
    yield f"{'PARAM':<{widths[0]}}  {'ADDRESS':<{widths[1]}}  {'  '.join(proofs)}"
    for row in rows:
        marks = (f"{'yes' if Proof[name] in row.proofs else '-':<{len(name)}}" for name in proofs)
        yield f"{row.local:<{widths[0]}}  {row.address:<{widths[1]}}  {'  '.join(marks)}".rstrip()
    yield ""
    yield f"{len(rows)} rows for {family.title}. DOCUMENT: a published description. EMULATOR, CLIENT: programs of"
    yield "other people, who may have read the same description. DESK: a real console printed or took it."


def _ports(ports: list[PortInfo]) -> Iterator[str]:
    if not ports:
        yield "There are no MIDI ports here yet. Start the DAW or plug the gear in, or let this program make its own:"
        yield ""
        yield f"{MARGIN}remote-mixer --console daw=mackie:"
        return
    rows = [("SYSTEM", "DIRECTION", "NAME"), *((port.system, port.direction, port.name) for port in ports)]
    width = max(len(system) for system, _, _ in rows)
    yield from (f"{system:<{width}}  {direction:<9}  {name}" for system, direction, name in rows)


def latency(arguments: argparse.Namespace) -> int:
    """Measure the round trip of a sound device, through a cable or JACK."""
    from remote_mixer.engine import link, process

    data = arguments.data or default_data_folder()
    options = [f"--card={arguments.card}", f"--frames={arguments.frames}", f"--rate={arguments.rate}"]
    return DONE if process.main([link.LATENCY, f"--data={data}", *options]) == 0 else FAILED


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "find": find,
    "simulate": simulate,
    "midi": list_midi_ports,
    "map": check_or_convert_map,
    "console": print_rows,
    "record": record,
    "service": service,
    "doctor": doctor,
    "latency": latency,
}
