"""Every kind of console as a member of a DCA over consoles: its own far end follows, by its own law, and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from remote_mixer.desk.groups import Law
from remote_mixer.desk.params import Position, Value
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.house import House
from tests.drivers.far_ends import FAR_ENDS
from tests.drivers.test_every_driver import ANNE, Joined, living
from tests.drivers.test_house import DCA, joined_house
from tests.support.waiting import until

MEMBER = "band/ch1"
WITHOUT_DB = {"mackie"}
"""Consoles that give no dB, as a DAW before its law is learned: a usual fader's stands for it."""


@pytest.mark.parametrize("word", sorted(FAR_ENDS))
async def test_a_member_follows_at_its_own_console_and_keeps_its_ratio_through_the_lower_end(
    word: str, tmp_path: Path
) -> None:
    async with living(word, tmp_path, calm=True) as joined:
        await joined.come_to_rest()
        await stand(joined, MEMBER, 0.6)
        kept: dict[str, Value] = {"house/groups": "dca1", f"{DCA}/members": MEMBER}
        house = await joined_house(joined.desk, House(Setup("house", "", tmp_path / "house", kept)))
        law = law_of(joined)
        own = law.level(joined.value())
        for db in (-6.0, 2.0):
            joined.desk.set({f"{DCA}/fader": dca_at(joined, db)}, ANNE)
            await arrived(joined, law.position(own + db))
        joined.desk.set({f"{DCA}/fader": 0.0}, ANNE)
        await arrived(joined, 0.0)
        joined.desk.set({f"{DCA}/fader": dca_at(joined, -3.0)}, ANNE)
        await arrived(joined, law.position(own - 3.0))
        assert joined.desk.values[f"{DCA}/by_position"] == (MEMBER if word in WITHOUT_DB else "")
        house.cancel()


def law_of(joined: Joined) -> Law:
    param = joined.desk.param(joined.far_end.fader)
    assert isinstance(param, Position)
    return Law.of(param, joined.desk.layouts["band"].tapers[param.taper])


def dca_at(joined: Joined, db: float) -> float:
    return joined.desk.layouts["house"].tapers["fader"].to_position(db)


async def stand(joined: Joined, strip: str, position: float) -> None:
    joined.desk.set({f"{strip}/fader": position}, ANNE)
    await arrived(joined, position)


async def arrived(joined: Joined, position: float) -> None:
    """Wait until the desk has the position, in the console's own steps, and the console itself stands there."""
    param = joined.desk.param(joined.far_end.fader)
    assert isinstance(param, Position)
    await until(lambda: param.same(joined.value(), param.check(position)))
    await until(lambda: joined.far_end.stands(joined.far_end.fader, joined.value()))
