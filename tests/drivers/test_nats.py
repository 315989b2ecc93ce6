"""NATS in the place of mosquitto: two whole programs and a stranger at a broker of another make."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.broker import nats
from tests.support.running import FADER, demo_console, joined, online, running
from tests.support.waiting import until

HERE = "hall/ch1/fader"


async def test_a_console_goes_both_ways_by_nats_a_stranger_sets_it_and_all_is_there_after_a_restart(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / name for name in ("broker", "other", "here")]
    for folder in folders:
        folder.mkdir()
    with (
        nats(folders[0]) as broker,
        running(folders[1], ("band", "demo:"), mqtt=broker.bridge("church/foh")) as other,
        running(folders[2], ("hall", broker.url_of("church/foh/band"))) as here,
    ):
        await online(other)
        await online(here, "hall")
        async with joined(here, "anne") as anne, joined(other, "bob") as bob:
            await bob.send(type="set", values={FADER: 0.5})
            await until(lambda: here.desk.values[HERE] == 0.5)
            await anne.send(type="set", values={HERE: 0.625})
            await until(lambda: demo_console(other).values[FADER] == 0.625 and not here.hub.pending())
            async with broker.listener("church/foh/#") as stranger:
                await stranger.until(f"church/foh/{FADER}", "-5.0 dB")
                await stranger.until("church/foh/status", "online")
                await broker.publish(f"church/foh/{FADER}/set", "-10 dB")
                await stranger.until(f"church/foh/{FADER}/value", json.dumps(0.5))
            await until(lambda: here.desk.values[HERE] == 0.5)
            broker.stop()
            await until(lambda: here.desk.values["hall/status"] == "offline")
            await bob.send(type="set", values={FADER: 0.25})
            broker.start()
            await online(here, "hall")
            await until(lambda: here.desk.values[HERE] == 0.25)
