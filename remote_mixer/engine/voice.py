"""How the engine's process speaks: one JSON object a line on stdout; `process` lists them."""

from __future__ import annotations

import json


def say(**line: object) -> None:
    """Write one JSON line; a reader that has gone is noticed at stdin."""
    try:
        print(json.dumps(line), flush=True)  # noqa: T201  # this is the process's voice
    except (BrokenPipeError, ValueError):
        return
