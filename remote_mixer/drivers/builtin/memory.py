"""The block of memory shared with the engine, as the driver writes it: values by path, and requests."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Setup
from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine import shared
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import SharedBlock

WRITTEN_AT_ONCE = 200
"""Values of a new block that are written in one step of the loop; all 1,500 at once take 20 ms."""
POSITION = "transport/position"
CLIP = "clip"


class Memory:
    """The block: created at the first opening, and anew after something wrote over it; it stays between engines."""

    def __init__(self, setup: Setup) -> None:
        """Take the folder and the console's name."""
        self._setup = setup
        self._block: SharedBlock | None = None
        self._overwritten = False
        self.path = Path()

    async def open(self, values: Mapping[str, Value]) -> SharedBlock:
        """Return the block, a new one with all values in it. Raises DriverError where no file can be made."""
        if self._block and not self.whole():
            self._block.close()
            self._block, self._overwritten = None, False
        if not self._block:
            self._block, self.path = _create_block(self._setup)
            for number, path in enumerate(tuple(values)):
                if number % WRITTEN_AT_ONCE == 0:
                    self._block.remember()
                    await asyncio.sleep(0)  # hands on other consoles get their turn
                _write(self._block, path, values[path])
            position = values[paths.join(self._setup.name, POSITION)]
            self._block.doubles[shared.POSITION_SECONDS] = float(position or 0)
            self._block.remember()
        return self._block

    def whole(self) -> SharedBlock | None:
        """Return the block, unless there is none or somebody ever wrote over it: a later write does not mend it."""
        if self._block and not self._overwritten:
            self._overwritten = not self._block.is_intact()
        return None if self._overwritten else self._block

    def write(self, changed: Mapping[str, Value]) -> int | None:
        """Write values; return the generation of controls with which the mix follows, None where there is no block."""
        if not (block := self.whole()):
            return None
        if sum(_write(block, *change) for change in changed.items()):  # each is written
            block.commit()
        block.remember()
        return block.words[shared.GENERATION]

    def request(self, request: Callable[[SharedBlock], None]) -> None:
        """Write a request into the block, if there is one."""
        if block := self.whole():
            request(block)
            block.remember()


def _write(block: SharedBlock, path: str, value: Value) -> bool:
    """Write a value into the block; return whether the engine takes it."""
    local = paths.local_of(path)
    if local in TABLE.places:
        block.write(local, number_of(TABLE.places[local].control, value))
    elif local in REQUESTS:
        REQUESTS[local](block, value)
    return local in TABLE.places or local in REQUESTS


def _create_block(setup: Setup) -> tuple[SharedBlock, Path]:
    """Create the block in the data folder, or, where that cannot be written, among the temporary files."""
    path = setup.data / f"engine-{setup.name}.shared"
    try:
        return SharedBlock.create(path), path
    except OSError:
        path = Path(tempfile.gettempdir()) / f"remote-mixer-{os.getpid()}-{setup.name}.shared"
    try:
        return SharedBlock.create(path), path
    except OSError as error:
        raise DriverError(f"The engine's memory cannot be made ({error}): free some space on the disk.") from error


def _seek(block: SharedBlock, value: Value) -> None:
    block.seek(float(value or 0))


def _clear_clip(block: SharedBlock, value: Value) -> None:
    if not value:
        block.clear_clip()


REQUESTS: dict[str, Callable[[SharedBlock, Value], None]] = {POSITION: _seek, CLIP: _clear_clip}
"""Params of which a set is a request to the engine; the engine reports their values."""
