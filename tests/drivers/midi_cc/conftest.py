"""A map file to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers.midi_cc.live_map import LIVE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "live.toml"
    path.write_text(LIVE)
    return path
