"""The driver's side of the memory shared with the engine."""

import asyncio
from pathlib import Path

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.builtin.layout import first_values, make_layout
from remote_mixer.drivers.builtin.memory import Memory
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import SharedBlock


@pytest.fixture
def values() -> dict[str, Value]:
    return first_values(make_layout("band", 64), {})


def delay(block: SharedBlock, channel: int) -> float:
    return block.floats[TABLE.places[f"ch{channel}/delay/time"].word]


async def test_a_value_that_is_set_while_a_new_block_is_written_stands_in_it(
    tmp_path: Path, values: dict[str, Value]
) -> None:
    memory = Memory(Setup("band", "", tmp_path))
    opening = asyncio.ensure_future(memory.open(values))
    await asyncio.sleep(0)  # the block is made, and its first values are written
    changed: dict[str, Value] = {f"band/ch{channel}/delay/time": 1.0 for channel in (1, 64)}
    values |= changed
    assert memory.write(changed) is not None
    block = await opening
    assert delay(block, 1) == delay(block, 64) > delay(block, 2)
    assert memory.whole()


async def test_a_block_that_was_overwritten_stays_so_until_it_is_opened_again(
    tmp_path: Path, values: dict[str, Value]
) -> None:
    memory = Memory(Setup("band", "", tmp_path))
    assert memory.write({"band/ch1/mute": True}) is None, "there is no block yet"
    block = await memory.open(values)
    block.floats[TABLE.places["ch1/fader"].word] = 9.0
    assert memory.whole() is None
    assert memory.write({"band/ch1/fader": 0.5}) is None, "a later write of ours does not mend it"
    again = await memory.open(values)
    assert memory.whole() is again
    assert again.floats[TABLE.places["ch1/fader"].word] != 9.0
