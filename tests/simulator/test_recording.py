"""A console that is recorded, and played: `remote-mixer record` and `remote-mixer simulate FILE`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.drivers.behringer import x32, xair
from remote_mixer.drivers.behringer.record import record
from remote_mixer.simulator.recording import read
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import joined
from tests.support.program import Program, run, serve
from tests.support.virtual import loop, play

FAMILIES = (x32.FAMILY, xair.FAMILY)
FADER, NODE = "/ch/01/mix/fader", "/ch/01/mix"


def recorded(word: str, loss: float = 0.0) -> tuple[dict[str, Any], Simulator]:
    """Return a recording of a simulated console, and that console."""

    async def story() -> tuple[dict[str, Any], Simulator]:
        async with Simulator(word, clock=loop().time) as console:
            console.move("/ch/01/config/name", "Prince")
            console.move("/ch/02/config/name", "Prince")
            before = dict(console.values)
            loop().loses = lambda _: len(loop().sent) * loss % 1 > 1 - loss
            host, port = console.address
            document = await record(f"{'x32' if '32' in word else 'xair'}://{host}:{port}", FAMILIES)
            assert dict(console.values) == before
            ours = [one for one in loop().sent if one.source != console.address]
            assert {one.address for one in ours if b",s" in one.data} == {"/node"}
            assert not any(b",i" in one.data or b",f" in one.data for one in ours)
            assert not {one.address for one in ours} & {"/xremote", "/xremotenfb", "/meters"}
            return document, console

    return play(story)


@pytest.mark.parametrize("word", ["x32", "xr16"])
def test_a_recording_only_asks_takes_no_slot_and_has_every_value_though_datagrams_are_lost(word: str) -> None:
    document, console = recorded(word, loss=0.05)
    family = x32.FAMILY if word == "x32" else xair.FAMILY.of_model("XR16")
    wanted = {leaf.address for leaf in family.leaves()}
    assert wanted <= document["values"].keys()
    numbers = {address: one for address, one in document["values"].items() if not isinstance(one, str)}
    assert numbers == pytest.approx({address: console.values[address] for address in numbers}, abs=1e-6)
    assert document["texts"]["/ch/01/gate"] == console.console.text("ch/01/gate")


def test_a_recording_holds_no_name_and_equal_names_stay_equal() -> None:
    document, console = recorded("xr12")
    text = json.dumps(document)
    names = {value for value in console.values.values() if isinstance(value, str) and len(value) > 2}
    assert names
    assert not [name for name in names if name in text]
    values = document["values"]
    assert values["/ch/01/config/name"] == values["/ch/02/config/name"] != values["/ch/03/config/name"]
    assert f'"{values["/ch/01/config/name"]}"' in document["texts"]["/ch/01/config"]


def kept(data: Path, document: dict[str, Any]) -> Path:
    file = data / "console.json"
    file.write_text(json.dumps(document))
    return file


def test_a_recording_plays_as_the_console_stood_until_it_is_moved(tmp_path: Path) -> None:
    document, _ = recorded("xr12")
    document["values"] |= {FADER: 0.1234, "/strange/1": 5}
    document["texts"][NODE] = "/ch/01/mix as the desk prints it\n"

    async def story() -> None:
        console = Simulator(read(kept(tmp_path, document)), clock=loop().time)
        assert console.console.text(NODE) == "/ch/01/mix as the desk prints it\n"
        strange = console.console.get("/strange/1")
        assert strange
        assert strange.arguments == (5,)
        async with joined(tmp_path, "xr12", simulator=console) as there:
            assert there.value("ch1/fader") == pytest.approx(0.1234, abs=0.001)
            assert there.value("ch1/name") == document["values"]["/ch/01/config/name"]
            console.move(FADER, 0.5)
            assert str(console.console.text(NODE)).startswith("/ch/01/mix ON ")
            await asyncio.sleep(1)
            assert not there.wrong()

    play(story)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "else"}', '{"format": "remote-mixer recording 1", "model": "X32"}', "\xff"]
)
def test_a_file_that_is_no_recording_is_said_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "console.json"
    file.write_text(text, "latin-1")
    with pytest.raises(ValueError, match=r"console\.json (is no recording|was written)"):
        read(file)


def test_both_commands_work_from_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    with Program("simulate", "xr12", "--port", "0") as program:
        program.wait_for("Ctrl-C")
        spec = program.said.partition("--console ")[2].split()[0]
        ended = run("record", spec, str(file))
        assert ended.returncode == 0, ended.stderr
        assert "All names are replaced" in ended.stdout
    with Program("simulate", str(file), "--port", "0") as program:
        program.wait_for("Ctrl-C")
        assert "XR12" in program.said


def test_a_console_of_the_running_server_is_recorded_by_its_nickname(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    with Program("simulate", "xr12", "--port", "0") as simulated:
        simulated.wait_for("Ctrl-C")
        spec = simulated.said.partition("--console ")[2].split()[0].partition("=")[2]
        with serve(tmp_path / "data", consoles=(f"foh={spec}", "demo=demo:")) as server:
            data = ("--data", str(tmp_path / "data"))
            ended = run(*data, "record", "foh", str(file), "--url", server.url())
            assert ended.returncode == 0, ended.stderr
            assert "lines of a XR12" in ended.stdout
            for nickname, reason in (("fog", "only: “foh”, “demo”"), ("demo", "x32://ADDRESS or xair://ADDRESS")):
                ended = run(*data, "record", nickname, str(file), "--url", server.url())
                assert (ended.returncode, reason in ended.stderr) == (1, True), ended.stderr


def test_a_nickname_without_a_server_is_said(tmp_path: Path) -> None:
    ended = run("record", "foh", str(tmp_path / "console.json"), "--url", "http://127.0.0.1:9")
    assert (ended.returncode, "No Remote Mixer answers" in ended.stderr) == (1, True), ended.stderr


@pytest.mark.parametrize("console", ["foh=daw:", "x33://127.0.0.1"])
def test_what_cannot_be_recorded_is_said_with_exit_code_2(console: str, tmp_path: Path) -> None:
    ended = run("record", console, str(tmp_path / "console.json"))
    assert (ended.returncode, "x32://ADDRESS" in ended.stderr) == (2, True), ended.stderr
