"""Imports inside the engine go one way."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import remote_mixer.engine

ROOM = Path(remote_mixer.engine.__file__).parent
PACKAGE = "remote_mixer.engine"


def imported(file: Path) -> set[str]:
    """Return the modules of the room that a file imports, wherever in it, also for types only."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.removeprefix(f"{PACKAGE}.")} if node.module.startswith(f"{PACKAGE}.") else set()
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    order = list(TopologicalSorter({file.stem: imported(file) for file in ROOM.glob("*.py")}).static_order())
    assert order.index("controls") < order.index("shared") < order.index("engine") < order.index("process")
