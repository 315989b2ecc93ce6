"""Facts that other programs know: sound cards and MIDI ports, by our own in a process apart, and the firewall.

To look for cards or ports may stop a program for a while, or end it; a server that mixes does not do it itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from remote_mixer.doctor.report import Row

PROGRAM_SECONDS = 12.0
FIREWALLS = {
    "darwin": ("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate"),
    "win32": ("netsh", "advfirewall", "show", "currentprofile", "state"),
}
"""System → its command that says whether the firewall is on; written from manuals."""
UFW, FIREWALLD = Path("/etc/ufw/ufw.conf"), Path("/run/firewalld")
HINT = "lets in TCP of the listening port (5001, and 5443 with --tls), and UDP 5353 for the name on the network?"


def cards() -> Iterator[Row]:
    """Return the sound cards, as the engine sees them."""
    yield "cards", _said(_ourselves("engine-process", "cards"))


def midi_ports() -> Iterator[Row]:
    """Return the MIDI ports."""
    yield "", _said(_ourselves("midi", "ports"))


def firewall() -> Iterator[Row]:
    """Return what can be seen of a firewall without any right."""
    command = FIREWALLS.get(sys.platform)
    yield "state", _said(command) if command else ", ".join(_firewalls_of_linux()) or "none is seen"
    yield "to check", HINT


def _firewalls_of_linux() -> Iterator[str]:
    if UFW.is_file():
        yield "ufw is on" if "ENABLED=yes" in UFW.read_text("utf-8", "replace") else "ufw is off"
    if FIREWALLD.exists():
        yield "firewalld runs"


def _ourselves(*arguments: str) -> list[str]:
    """Return a command line of this program."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "remote_mixer"]
    return [*start, *arguments]


def _said(command: Sequence[str]) -> str:
    """Return all that a program says, with its exit code where it fails. OSError, TimeoutExpired where it cannot."""
    ended = subprocess.run(  # noqa: S603 - our own program, or one of FIREWALLS
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PROGRAM_SECONDS,
        check=False,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "JACK_NO_START_SERVER": "1"},
    )
    said = ended.stdout.strip() or "nothing"
    return said if ended.returncode == 0 else f"{said}\n(exit code {ended.returncode})"
