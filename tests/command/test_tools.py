"""The commands that need no server: what the computer's MIDI has, and whether a map of controls is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from remote_mixer.command import tools
from remote_mixer.drivers import registry
from remote_mixer.drivers.behringer import find
from remote_mixer.drivers.behringer.driver import X32, XAir
from remote_mixer.drivers.midi_ports import open_link
from remote_mixer.simulator.simulator import Simulator
from tests.support.jack import Jack, jack_server
from tests.support.program import run

NOWHERE = {"JACK_DEFAULT_SERVER": "remote-mixer-no-such-server"}
MAP = '[[layers]]\nname = "Band"\n\n  [[layers.channels]]\n  id = 1\n  name = "Kick"\n  fader = {cc}\n'
FORMER = {
    "midi_interface_out": "IAC",
    "midi_interface_in": "IAC",
    "channel_groups": [{"title": "Vocals", "channels": [{"title": "Wireless", "volume_cc": 20, "colour": "red"}]}],
}


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server() as server:
        yield server


async def test_midi_ports_lists_system_direction_and_name(jack: Jack) -> None:
    daw = open_link("", lambda message: None, "DAW")
    ended = run("midi", "ports")
    daw.close()
    assert ended.stderr == ""
    assert [line.split(maxsplit=2) for line in ended.stdout.splitlines()] == [
        ["SYSTEM", "DIRECTION", "NAME"],
        ["Jack", "input", "DAW out:midi"],
        ["Jack", "output", "DAW in:midi"],
    ]
    assert ended.returncode == 0


def test_midi_ports_says_plainly_that_there_is_none(jack: Jack) -> None:
    for port in ("DAW out:midi", "DAW in:midi"):  # of the test before: ports are closed beside the loop
        jack.wait_for(port, there=False)
    ended = run("midi", "ports")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "There are no MIDI ports here yet" in ended.stdout


def test_midi_ports_says_in_one_line_that_no_midi_system_answers() -> None:
    if Path("/dev/snd/seq").exists():
        pytest.skip("this computer has a MIDI system of its own (/dev/snd/seq)")
    ended = run("midi", "ports", **NOWHERE)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("No MIDI system answers here: ALSA (")
    assert ended.stderr.count("\n") == 1


def test_a_map_without_faults_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / "live.toml"
    file.write_text(MAP.format(cc=20))
    ended = run("map", "check", str(file))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{file} has no faults.\n", "")


def test_a_maps_fault_is_said_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "live.toml"
    file.write_text(MAP.format(cc=128))
    ended = run("map", "check", str(file))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"{file}, line 7: " in ended.stderr
    assert "0 to 127, not 128" in ended.stderr


def test_a_surfaces_map_is_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "nano.toml"
    file.write_text("[[controls]]\ncc = 0\nstrip = 1\n")
    assert run("map", "check", str(file)).stdout == f"{file} has no faults.\n"
    file.write_text("[[controls]]\ncc = 200\nstrip = 1\n")
    ended = run("map", "check", str(file))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"{file}: control 1: cc is a whole number from 0 to 127" in ended.stderr


def test_what_a_map_says_in_vain_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "live.toml"
    file.write_text("volume = 3\n" + MAP.format(cc=20))
    ended = run("map", "check", str(file))
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, f"{file} has no faults.")
    assert ended.stdout.startswith(f"Warning: {file}")
    assert "volume" in ended.stdout


def test_a_former_map_is_converted_and_what_it_loses_is_named(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.toml"
    old.write_text(json.dumps(FORMER))
    ended = run("map", "convert", str(old), str(new))
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, f"Written: {new}")
    assert "colour" in ended.stdout
    assert run("map", "check", str(new)).stdout == f"{new} has no faults.\n"
    assert json.loads(old.read_text()) == FORMER


def test_converting_never_writes_over_a_file(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.toml"
    old.write_text(json.dumps(FORMER))
    new.write_text("mine")
    ended = run("map", "convert", str(old), str(new))
    assert (ended.returncode, new.read_text()) == (1, "mine")
    assert "choose another name" in ended.stderr


@pytest.mark.parametrize("arguments", [["check"], ["convert", "old.json"], [], ["draw"]])
def test_a_map_command_asked_for_wrongly_is_said_with_exit_code_2(arguments: list[str]) -> None:
    ended = run("map", *arguments)
    assert ended.returncode == 2
    assert "usage: remote-mixer map" in ended.stderr


@pytest.mark.parametrize("name", ["no-such.toml", "."])
def test_a_map_that_cannot_be_read_is_said_with_its_name(tmp_path: Path, name: str) -> None:
    ended = run("map", "check", str(tmp_path / name))
    assert ended.returncode == 1
    assert str(tmp_path) in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_find_lists_the_consoles_that_answer_as_the_command_to_mix_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(find, "BROADCAST", "127.0.0.1")
    async with Simulator("xr12") as simulator:
        for driver in (X32, XAir):
            monkeypatch.setattr(driver, "family", replace(driver.family, port=simulator.address[1]))
        assert tools._answers(await registry.find()) == [
            "Consoles found. To mix one of them:",
            "",
            "  remote-mixer --console foh=xair://127.0.0.1",
        ]
    assert "No console answers" in tools._answers(await registry.find())[0]
