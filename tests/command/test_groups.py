"""Groups over consoles from a shell: listed, made with members, deleted."""

from __future__ import annotations

from pathlib import Path

from tests.command.test_scenes import shell
from tests.support.program import serve


def test_groups_are_made_listed_and_deleted_from_a_shell(tmp_path: Path) -> None:
    with serve(tmp_path) as program:
        url = program.url()
        assert "no groups yet" in shell(url, "groups")
        made = shell(url, "groups", "add", "dca", "Drums", "band/ch1", "gone/ch2")
        assert "house/dca1  Drums  band/ch1 gone/ch2" in made
        assert "missing: gone/ch2" in shell(url, "groups")
        assert shell(url, "groups", "catch-up", "house/dca1") == ""
        assert "-10.0 dB" in shell(url, "set", "house/dca1/fader", "-10dB").replace("−", "-")
        assert "-10.0 dB" in shell(url, "get", "band/ch1/fader").replace("−", "-")
        assert shell(url, "groups", "delete", "house/dca1") == ""
        assert "house/dca1  Drums  band/ch1 gone/ch2" in shell(url, "groups", "restore", "house/dca1")
        assert shell(url, "groups", "delete", "house/dca1") == ""
        assert "no group “house/dca1”" in shell(url, "groups", "delete", "house/dca1", code=1)
        assert "Write: groups add" in shell(url, "groups", "add", "Drums", code=1)
