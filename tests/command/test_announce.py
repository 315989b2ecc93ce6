"""The command `announce`: entities of home automation listed, added and removed from a shell."""

from __future__ import annotations

from pathlib import Path

from tests.command.test_scenes import shell
from tests.support.program import serve


def test_strips_mixes_and_scenes_are_announced_and_withdrawn_from_a_shell(tmp_path: Path) -> None:
    with serve(tmp_path) as program:
        url = program.url()
        assert shell(url, "announce") == ""
        assert shell(url, "announce", "add", "strip", "band/ch1", "band/ch2") == "strip band/ch1\nstrip band/ch2\n"
        shell(url, "announce", "add", "scene", "3")
        assert shell(url, "announce", "remove", "strip", "band/ch1") == "strip band/ch2\nscene 3\n"
        assert shell(url, "announce") == "strip band/ch2\nscene 3\n"
        for words in (["band/ch1"], ["scene", "Verse"], ["strip"]):
            assert "Write: announce add" in shell(url, "announce", "add", *words, code=1)
