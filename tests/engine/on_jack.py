"""The engine on a JACK server of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from remote_mixer.engine.controls import SOURCES
from remote_mixer.engine.shared import SharedBlock
from tests.engine.running import Running, engine
from tests.support.warm import warm

OURS = "Remote Mixer"
"""Our name as a client of JACK's."""


@contextmanager
def live(data: Path, inputs: int = 2, *options: str) -> Iterator[Running]:
    """Run the engine on JACK, each channel with its own input."""
    data.mkdir(exist_ok=True)
    with SharedBlock.create(data / "block") as block:
        for channel in range(1, inputs + 1):
            block.write(f"ch{channel}/source", SOURCES.index(f"input {channel}"))
    with engine(warm(data), "--output=card", "--card=jack", f"--inputs={inputs}", *options) as running:
        yield running
        assert running.process.stdin
        running.process.stdin.close()
        assert running.process.wait(20) == 0


def news(running: Running, **wanted: Any) -> dict[str, Any]:
    """Return the next line of the engine that says this."""
    while line := running.line():
        if wanted.items() <= line.items():
            return line
    raise AssertionError("the engine has ended")
