"""The package's files, their rooms and what each imports."""

from __future__ import annotations

import ast
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "remote_mixer"
FILES = sorted(HOUSE.rglob("*.py"))
CONSTANTS = {"__version__", "PROTOCOL"}
"""Names of the package itself, for every room."""


def room_of(file: Path) -> str:
    """Return the room of a file: a folder of the package, or a module that stands alone."""
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def place_of(file: Path) -> str:
    """Return a file's path within the package."""
    return file.relative_to(HOUSE).as_posix()


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
    """Return the rooms that a file imports from."""
    names = [name.split(".") for name in imports(file)]
    return {parts[1] for parts in names if parts[0] == "remote_mixer" and len(parts) > 1} - CONSTANTS
