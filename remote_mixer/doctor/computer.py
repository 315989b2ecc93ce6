"""Facts about the program and its computer, with a server or without: versions, sound, MIDI, network, data folder."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import ifaddr

from remote_mixer import PROTOCOL, __version__
from remote_mixer.doctor import programs
from remote_mixer.doctor.gather import Gatherers
from remote_mixer.doctor.report import Row

LIBRARIES = (
    "argon2-cffi", "cryptography", "hypercorn", "ifaddr", "itsdangerous", "llvmlite", "msgspec", "numba", "numpy",
    "paho-mqtt", "platformdirs", "python-osc", "python-rtmidi", "quart", "segno", "sounddevice", "soundfile", "soxr",
    "tomlkit", "websockets", "zeroconf", "pywebview",
)  # fmt: skip
MISSING = "not found"
SOUND_SERVERS = ("jackd", "jackdbus", "pipewire", "pipewire-pulse", "wireplumber", "pulseaudio")
SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
MEGABYTE, GIGABYTE, HOUR_SECONDS = 1e6, 1e9, 3600


def gatherers(data: Path) -> Gatherers:
    """Return the gatherers about this computer; `data` is the data folder. None of them changes anything."""
    return {
        "Program": _program,
        "Computer": _computer,
        "Libraries": _libraries,
        "Network": _network,
        "Firewall": programs.firewall,
        "Sound": _sound,
        "MIDI": programs.midi_ports,
        "Data folder": lambda: _data_folder(data),
        "Clock": _clock,
    }


def _program() -> Iterator[Row]:
    yield "version", f"{__version__}, protocol {PROTOCOL}"
    yield "packaged", "yes" if getattr(sys, "frozen", False) else "no"
    yield "Python", f"{platform.python_implementation()} {platform.python_version()}, {sys.executable}"
    yield "started as", " ".join(sys.argv)
    yield "as root", "yes" if getattr(os, "geteuid", lambda: 1)() == 0 else "no"


def _computer() -> Iterator[Row]:
    yield "system", platform.platform()
    yield "called", _system_name()
    yield "processor", f"{platform.machine()}, {os.cpu_count()} cores"
    if hasattr(os, "getloadavg"):
        yield "load", " ".join(f"{load:.2f}" for load in os.getloadavg())
    if hasattr(os, "sysconf"):
        yield "memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / GIGABYTE:.1f} GB"
        yield from _limits()
    marks = [name for name in ("/.dockerenv", "/run/.containerenv") if Path(name).exists()]
    yield "container", ", ".join(marks) or "no mark of one"


def _system_name() -> str:
    if sys.platform != "linux":
        return platform.version()
    return platform.freedesktop_os_release().get("PRETTY_NAME", "not named")


def _limits() -> Iterator[Row]:
    import resource  # noqa: PLC0415  # Windows has none

    kinds = {"open files": "RLIMIT_NOFILE", "real-time priority": "RLIMIT_RTPRIO", "locked memory": "RLIMIT_MEMLOCK"}
    for name, kind in kinds.items():
        if hasattr(resource, kind):
            soft, hard = resource.getrlimit(getattr(resource, kind))
            yield name, f"{soft} of {hard}" if soft >= 0 else "no limit"


def _libraries() -> Iterator[Row]:
    for name in LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, MISSING


def _network() -> Iterator[Row]:
    for adapter in ifaddr.get_adapters():
        ips = [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for ip in adapter.ips]
        yield adapter.nice_name, ", ".join(ips)


def _sound() -> Iterator[Row]:
    yield from programs.cards()
    if sys.platform == "linux":
        running = _running() & set(SOUND_SERVERS)
        yield "sound servers", ", ".join(sorted(running)) or "none runs"
        yield "JACK server", os.environ.get("JACK_DEFAULT_SERVER", "default")
        yield "/dev/snd", "there" if Path("/dev/snd").is_dir() else "missing"
        memory = Path("/dev/shm")  # noqa: S108 - where JACK has its files
        yield str(memory), f"{shutil.disk_usage(memory).free / MEGABYTE:.1f} MB free" if memory.is_dir() else "missing"


def _running() -> set[str]:
    """Return the names of the running programs, as Linux shortens them."""
    names = set()
    for file in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(file.read_text("utf-8", "replace").strip())
        except OSError:  # it has ended
            continue
    return names


def _data_folder(data: Path) -> Iterator[Row]:
    yield "folder", str(data)
    if not data.is_dir():
        yield "state", "there is none yet"
        return
    yield "writable", "yes" if os.access(data, os.W_OK) else "no"
    files = [file for file in data.rglob("*") if file.is_file()]
    yield "size", f"{sum(file.stat().st_size for file in files) / MEGABYTE:.1f} MB in {len(files)} files"
    for file in sorted(data.iterdir()):
        if file.is_file():
            yield file.name, f"{file.stat().st_size / MEGABYTE:.3f} MB"
    usage = shutil.disk_usage(data)
    yield "free", f"{usage.free / GIGABYTE:.1f} of {usage.total / GIGABYTE:.1f} GB"


def _clock() -> Iterator[Row]:
    now = datetime.now(UTC)
    yield "UTC", now.isoformat(" ", "seconds")
    yield "here", now.astimezone().isoformat(" ", "seconds")
    yield "computer up", f"{time.monotonic() / HOUR_SECONDS:.1f} h"
    if sys.platform == "linux":
        yield "set by the network", "yes" if SYNCHRONIZED.exists() else "no mark of systemd"
