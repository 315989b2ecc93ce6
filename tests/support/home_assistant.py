"""Home Assistant itself, its core and MQTT alone: run by a Python that has it, states out and services in, by lines.

Run as a program: PYTHON home_assistant.py FOLDER PORT. Each line in is JSON as ["number", "set_value", {…}], each line
out is JSON as ["number.stage_band_ch1_fader", "-10.0", {attributes}].
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

PLATFORMS = ("number", "switch", "scene", "sensor")


async def main(folder: str, port: int) -> None:
    """Run until the input ends."""
    ha = _parts()
    hass = ha["core"].HomeAssistant(folder)
    ha["loader"].async_setup(hass)
    hass.config_entries = ha["config_entries"].ConfigEntries(hass, {})
    await ha["bootstrap"].async_load_base_functionality(hass)
    hass.config.components |= {"http", "file_upload"}  # for its own page, which nobody opens here
    hass.http = MagicMock()
    hass.bus.async_listen("state_changed", lambda event: _say(**event.data))
    for platform in PLATFORMS:
        await ha["setup"].async_setup_component(hass, platform, {})
    entry = {
        "version": 1,
        "domain": "mqtt",
        "title": "",
        "source": "user",
        "data": {"broker": "127.0.0.1", "port": port},
    }
    await hass.config_entries.async_add(ha["config_entries"].ConfigEntry(minor_version=1, **entry))
    await hass.async_start()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        domain, service, data = json.loads(line)
        await hass.services.async_call(domain, service, data, blocking=True)
    await hass.async_stop()


def _parts() -> dict[str, Any]:
    names = ("core", "loader", "config_entries", "bootstrap", "setup")
    return {name: importlib.import_module(f"homeassistant.{name}") for name in names}


def _say(entity_id: str, new_state: Any, **_: object) -> None:
    said = [new_state.state, dict(new_state.attributes)] if new_state else ["removed", {}]
    sys.stdout.write(json.dumps([entity_id, *said], default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Path(sys.argv[1], "configuration.yaml").touch()
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
