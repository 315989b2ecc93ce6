"""The mixer as a service of the system's own manager: it runs from each start of the computer on."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from remote_mixer.command.arguments import parse
from remote_mixer.command.service_managers import Command, Manager, manager_of
from remote_mixer.command.terminal import DONE, FAILED, MARGIN, MISUSED, CommandError, say
from remote_mixer.resources import default_data_folder


def service(arguments: argparse.Namespace) -> int:
    """Install, report or remove the service; CommandError where that fails."""
    manager = manager_of(sys.platform, for_system=arguments.system)
    return _ABOUT[arguments.about](manager, arguments)


def _install(manager: Manager, arguments: argparse.Namespace) -> int:
    options = [word for word in arguments.options if word != "--"]
    if parse(options).command:
        raise CommandError("A service serves: give it options of the server only, as --port 80.", MISUSED)
    replaces = manager.file.is_file()
    try:
        manager.file.parent.mkdir(parents=True, exist_ok=True)
        manager.file.write_bytes(manager.text([*_program(), "--serve", *options]))
    except OSError as error:
        hint = "Start it with sudo." if arguments.system else "Check the rights of that folder."
        raise CommandError(f"Cannot write {manager.file} ({error.strerror or error}). {hint}") from error
    say(f"Written: {manager.file}{', in place of the one before' if replaces else ''}")
    for command in manager.replace if replaces else ():  # one that does not run cannot be ended
        _answers(command)
    _run(manager.install)
    say("The mixer runs now, and from each start of this computer on. What it does: remote-mixer service status")
    return DONE


def _status(manager: Manager, _: argparse.Namespace) -> int:
    if not manager.file.is_file():
        say("No service is installed. To install one: remote-mixer service install")
        return FAILED
    say(f"Installed: {manager.file}")
    return DONE if _answers(manager.status) else FAILED


def _remove(manager: Manager, arguments: argparse.Namespace) -> int:
    if not manager.file.is_file():
        raise CommandError(f"No service is installed: there is no {manager.file}.")
    for command in manager.remove:  # one that never ran cannot be stopped, and is removed all the same
        _answers(command)
    try:
        manager.file.unlink()
    except OSError as error:
        hint = "Start it with sudo." if arguments.system else "Delete it by hand."
        raise CommandError(f"Cannot delete {manager.file} ({error.strerror or error}). {hint}") from error
    for command in manager.forget:
        _answers(command)
    say(f"Removed. Mixes, people and messages are kept in {default_data_folder()}.")
    return DONE


_ABOUT: Mapping[str, Callable[[Manager, argparse.Namespace], int]] = {
    "install": _install,
    "status": _status,
    "remove": _remove,
}


def _run(commands: Sequence[Command]) -> None:
    """Run commands of the manager; CommandError with those still to be run where one fails."""
    for number, command in enumerate(commands):
        if not _answers(command):
            rest = "\n".join(MARGIN + " ".join(one) for one in commands[number:])
            raise CommandError(f"“{command[0]}” did not do it. Once it works here, run:\n{rest}")


def _answers(command: Command) -> bool:
    """Run a command, its output in this terminal; return whether it is there and ended well."""
    try:
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - from service_managers alone
    except OSError as error:
        say(f"{command[0]}: {error.strerror or error}")
        return False


def _program() -> list[str]:
    """Return the command that starts this program again."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "remote_mixer"]
