"""Layers from a shell: listed, shown, saved in a file, loaded again, deleted."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command.test_scenes import shell
from tests.support.program import serve

FRONT = {"name": "Front", "items": ["band/ch2", {"separator": "Far"}, "gone/ch7", "band/ch1"]}
STAGE = {"name": "Stage", "shared": True, "roles": ["musician"], "items": ["band/ch1"]}


def test_layers_go_into_a_file_and_come_back_from_it_in_their_order(tmp_path: Path) -> None:
    file, copy = tmp_path / "layers.json", tmp_path / "copy.json"
    file.write_text(json.dumps({"layers": [FRONT, STAGE]}))
    with serve(tmp_path / "data") as program:
        url = program.url()
        assert "no layers yet" in shell(url, "layers")
        assert "2 layers came from" in shell(url, "layers", "load", str(file))
        listed = shell(url, "layers").splitlines()
        assert [line.split("  (")[0] for line in listed] == ["Front  3 strips", "Stage  1 strips, shared, musician"]
        shown = shell(url, "layers", "show", "Front").splitlines()[1:]
        assert shown == ["  band/ch2", "  — Far", "  gone/ch7  (not here)", "  band/ch1"]
        assert "2 layers are in" in shell(url, "layers", "save", str(copy))
        saved = json.loads(copy.read_text())["layers"]
        assert saved == [{"shared": False, "roles": []} | FRONT, STAGE]
        shell(url, "layers", "load", str(copy))  # the same names: nothing twice
        assert len(shell(url, "layers").splitlines()) == 2
        assert shell(url, "layers", "delete", "Stage") == ""
        assert "no layer “Stage”" in shell(url, "layers", "show", "Stage", code=1)
        file.write_text(json.dumps({"layers": [{"name": "Bad", "items": ["band"]}]}))
        assert "“Bad”: Each item is a strip" in shell(url, "layers", "load", str(file), code=1)
        file.write_text("[]")
        assert "holds no layers" in shell(url, "layers", "load", str(file), code=1)
        assert "Write: layers show" in shell(url, "layers", "show", code=1)
