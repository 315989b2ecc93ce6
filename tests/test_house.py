"""The arrows between the rooms: they point inward, and rooms side by side do not know each other."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "remote_mixer"
FACE = {"command", "__main__"}
MAY_KNOW: dict[str, set[str]] = {
    "desk": set(),
    "engine": set(),
    "people": {"desk", "private"},
    "storage": {"desk", "people", "private"},
    "hub": {"desk", "people"},
    "web": {"desk", "people", "hub", "lan"},
    "drivers": {"desk"},
    "simulator": set(),
    "lan": set(),
    "mdns": set(),
    "tls": {"private"},
    "private": set(),
    "resources": set(),
    "sockets": {"lan", "tls", "web"},
    "app": {"desk", "sockets", "drivers", "people", "storage", "hub", "web", "lan", "mdns", "resources", "persistence"},
    "persistence": {"desk", "people", "storage", "web"},
}
# Outside the standard library each room knows these alone; `window` alone knows the web view.
LIBRARIES: dict[str, set[str]] = {
    "desk": set(),
    "people": {"argon2", "itsdangerous"},
    "storage": set(),
    "drivers": {"rtmidi", "tomlkit"},
    "engine": {"numpy", "numba", "llvmlite", "sounddevice", "soundfile", "soxr"},
    "simulator": {"pythonosc"},
    "hub": {"msgspec"},
    "web": {"quart", "hypercorn", "wsproto", "h11", "werkzeug", "msgspec"},
    "app": set(),
    "lan": {"ifaddr", "segno"},
    "resources": {"platformdirs"},
    "mdns": {"zeroconf"},
    "tls": {"cryptography"},
    "command": {"webview", "websockets"},
}
FILES = sorted(HOUSE.rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """Return the full names of all modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_known(file: Path) -> set[str]:
    names = [name.split(".") for name in imports(file)]
    return {parts[1] for parts in names if parts[0] == "remote_mixer" and len(parts) > 1} - {"__version__", "PROTOCOL"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_room_knows_only_rooms_further_in(file: Path) -> None:
    room = room_of(file)
    known = rooms_known(file) - {room}
    if room in FACE:
        return
    if file.name.startswith("builtin") and room == "drivers":
        known -= {"engine"}
    assert known <= MAY_KNOW.get(room, set())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_room_uses_only_the_libraries_it_is_for(file: Path) -> None:
    first_parts = {name.split(".")[0] for name in imports(file)} - {"remote_mixer", "__future__"}
    assert first_parts - sys.stdlib_module_names <= LIBRARIES.get(room_of(file), set())


def test_no_room_but_the_face_knows_the_app() -> None:
    knowing = {room_of(file) for file in FILES if "app" in rooms_known(file)}
    assert knowing <= FACE


def test_the_servers_process_stays_small_because_the_engines_libraries_stay_out_of_it() -> None:
    """Only the engine's own process may load numpy and its kin; the driver reaches it by `shared` and `link`."""
    for file in (HOUSE / "engine" / name for name in ("controls.py", "shared.py", "link.py")):
        assert {name.split(".")[0] for name in imports(file)} <= sys.stdlib_module_names | {"remote_mixer"}


def test_a_package_names_itself_and_holds_no_logic() -> None:
    for file in HOUSE.rglob("__init__.py"):
        body = ast.parse(file.read_text()).body
        assert all(isinstance(node, (ast.Expr, ast.Assign, ast.ImportFrom)) for node in body), file
