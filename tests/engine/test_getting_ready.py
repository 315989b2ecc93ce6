"""An engine that gets ready slowly is waited for while it works, and ended when it does not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from remote_mixer.engine import link
from remote_mixer.engine.link import EngineGone, EngineLink, Job
from remote_mixer.engine.shared import SharedBlock
from tests.support.warm import warm

COMPILING = "It compiles."
LIMIT_SECONDS = 4.0  # of silence; a beat comes each second
SLOW_SECONDS = 6.0
PROCESS = """
import sys, time
from remote_mixer.engine import engine, process

load = engine.load

def works_a_little(folder, progress):
    progress("It compiles.")
    end = time.monotonic() + {seconds}
    while time.monotonic() < end:
        sum(range(100_000))
        time.sleep(0.1)
    return load(folder, progress)

def hangs(folder, progress):
    progress("It compiles.")
    while True:
        time.sleep(60)

engine.load = {compile}
sys.exit(process.main(sys.argv[1:]))
"""


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], EngineLink]:
    """Start a real engine, of which only the compile is another."""
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "clock")
    block = tmp_path / "block"
    SharedBlock.create(block).close()
    options = link.command(Job(warm(tmp_path)))[3:]

    def begun(compile_: str) -> EngineLink:
        program = PROCESS.format(seconds=SLOW_SECONDS, compile=compile_)
        monkeypatch.setattr(link, "command", lambda _: [sys.executable, "-c", program, *options])
        return EngineLink.start(Job(tmp_path), block)

    return begun


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Shorten the silence that ends an engine, once its compile has begun."""

    def progress(text: str) -> None:
        if text == COMPILING:
            monkeypatch.setattr(link, "SILENT_START_SECONDS", LIMIT_SECONDS)

    return progress


async def test_an_engine_that_compiles_for_longer_than_the_limit_is_waited_for(
    begin: Callable[[str], EngineLink], limited: Callable[[str], None]
) -> None:
    assert SLOW_SECONDS > LIMIT_SECONDS
    engine = begin("works_a_little")
    assert (await engine.ready(limited))["channels"]
    await engine.close()


async def test_an_engine_that_does_nothing_any_more_is_ended(
    begin: Callable[[str], EngineLink], limited: Callable[[str], None]
) -> None:
    engine = begin("hangs")
    with pytest.raises(EngineGone, match="done nothing"):
        await engine.ready(limited)
    await engine.close()
