"""The server's end of the line: answers come to the task that asked, and every task learns of the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.engine.link import EngineGone, EngineLink, EngineRefused, Job
from remote_mixer.engine.shared import SharedBlock
from tests.engine.running import recorded, unity
from tests.support.waiting import until
from tests.support.warm import warm


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "clock")


async def read(link: EngineLink) -> None:
    """Take the engine's lines until it is gone."""
    while True:
        await link.line()


async def test_commands_are_answered_or_refused_and_fail_when_the_engine_has_gone(tmp_path: Path) -> None:
    block = SharedBlock.create(warm(tmp_path) / "block")
    unity(block)
    link = EngineLink.start(Job(tmp_path), tmp_path / "block")
    await link.ready(lambda text: None)
    reading = asyncio.create_task(read(link))
    take = str(tmp_path / "take.wav")
    joined = await link.request("join-sink", name="take", sink="recorder", file=take)
    assert joined["file"] == take
    mixed, _ = block.pulse()
    await until(lambda: block.pulse()[0] > mixed + 2)
    with pytest.raises(EngineRefused, match="no command 'dance'"):
        await link.request("dance")
    await link.request("leave-sink", name="take")
    assert recorded(Path(take)).any()
    link.kill()
    with pytest.raises(EngineGone):
        await link.request("leave-sink", name="take")
    with pytest.raises(EngineGone):
        await reading
    await link.close()
