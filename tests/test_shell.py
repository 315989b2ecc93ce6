"""A person's shell as a hand on a running server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from remote_mixer.desk.tapers import FADER, PAN
from remote_mixer.readings import Control
from tests.support.program import Program, environment, run, serve


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("data")) as program:
        yield program.url()


def test_check_reports_echo_round_trip_and_versions(url: str) -> None:
    ended = run("check", url)
    assert ended.returncode == 0, ended.stderr
    words = {line.split()[0]: line for line in ended.stdout.splitlines()}
    assert "right" in words["echo"]
    assert "ms, the median of 10" in words["round"]
    assert "protocol    1" in words["protocol"]
    assert "online" in words["console"]


@pytest.mark.parametrize(
    "command", [["check"], ["get"], ["watch"], ["say", "hello"], ["act", "band", "x"], ["set", "band/ch1/mute", "on"]]
)
def test_a_server_that_is_not_there_is_said_with_exit_code_1(command: list[str]) -> None:
    ended = run(*command, REMOTE_MIXER_URL="http://127.0.0.1:9")
    assert ended.returncode == 1
    assert "No Remote Mixer answers at http://127.0.0.1:9" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("wrong", ["ftp://x", "http://", "http://host:port", "http://host:99999"])
def test_an_address_that_is_none_is_said(wrong: str) -> None:
    ended = run("check", wrong)
    assert ended.returncode == 1
    assert "A server's address is like" in ended.stderr


@pytest.mark.parametrize(
    ("path", "typed", "reading"),
    [
        ("band/ch1/fader", "-10dB", "−10.0 dB  (0.5)"),
        ("band/ch1/fader", "0.75", "+0.0 dB  (0.75)"),
        ("band/ch1/fader", "-inf", "−∞ dB  (0)"),
        ("band/ch2/mute", "on", "on"),
        ("band/ch2/pan", "-100%", "−100 %  (0)"),
        ("band/ch3/name", "Snare Mike", "Snare Mike"),
    ],
)
def test_set_moves_a_control_and_get_finds_it_there(url: str, path: str, typed: str, reading: str) -> None:
    assert run("set", path, typed, "--url", url).stdout == f"{path}  {reading}\n"
    assert run("get", path, "--url", url).stdout == f"{path}  {reading}\n"


@pytest.mark.parametrize(
    ("path", "typed", "word"),
    [
        ("band/ch1/fadr", "0", "Perhaps band/ch1/fader"),
        ("band/ch1/fader", "+30dB", "from -90 to 10 dB"),
        ("band/ch1/fader", "2", "0 to 1"),
        ("band/ch1/fader", "loud", "a number"),
        ("band/ch1/mute", "perhaps", "on or off"),
        ("band/status", "online", "band/status"),
    ],
)
def test_what_cannot_be_set_is_said_with_exit_code_1(url: str, path: str, typed: str, word: str) -> None:
    ended = run("set", path, typed, "--url", url)
    assert (ended.returncode, word in ended.stderr) == (1, True), ended.stderr


def test_get_tells_a_whole_strip(url: str) -> None:
    lines = run("get", "band/ch1", "--url", url).stdout.splitlines()
    assert len(lines) > 3
    assert all(line.startswith("band/ch1/") for line in lines)


def test_a_reader_that_has_enough_is_no_error(url: str) -> None:
    piped = f'"{sys.executable}" -P -m remote_mixer get --url {url} | head -n 1'
    ended = subprocess.run(["sh", "-c", piped], env=environment(), capture_output=True, text=True, check=True)
    assert (len(ended.stdout.splitlines()), ended.stderr) == (1, "")


def test_watch_tells_what_other_hands_do(url: str) -> None:
    env = environment(REMOTE_MIXER_URL=url)
    with Program("watch", env=env) as watch:
        watch.wait_for("Watching Remote Mixer")
        run("set", "band/ch4/fader", "-20dB", "--url", url)
        watch.wait_for("band/ch4/fader  −20.0 dB")
        run("say", "more", "vocals in 3", "--url", url)
        watch.wait_for("more vocals in 3")
        assert watch.stop()[0] == 0
    assert "Traceback" not in watch.said


def test_watch_says_that_the_link_is_lost(tmp_path: Path) -> None:
    with serve(tmp_path) as program, Program("watch", env=environment(REMOTE_MIXER_URL=program.url())) as watch:
        watch.wait_for("Watching")
        program.stop()
        assert watch.end() == 1
    assert "Traceback" not in watch.said


@pytest.mark.parametrize(
    ("control", "typed", "value"),
    [
        (Control({"kind": "position"}, FADER), "-10 dB", 0.5),
        (Control({"kind": "position"}, FADER), "−10db", 0.5),
        (Control({"kind": "position"}, FADER), "-∞", 0.0),
        (Control({"kind": "position"}, PAN), "50%", 0.75),
        (Control({"kind": "position"}), "0.25", 0.25),
        (Control({"kind": "toggle"}), "False", False),
        (Control({"kind": "number", "unit": "s"}), "12.5s", 12.5),
        (Control({"kind": "text"}), " Vox ", "Vox"),
    ],
)
def test_what_a_person_types_is_understood(control: Control, typed: str, value: object) -> None:
    assert control.value_of(typed) == value


def test_a_value_that_is_not_known_is_read_as_that() -> None:
    assert Control({"kind": "position"}, FADER).reading(None) == "not known"


def test_no_proxy_of_the_environment_stands_between(url: str) -> None:
    proxies = dict.fromkeys(["http_proxy", "HTTP_PROXY", "ws_proxy", "ALL_PROXY"], "http://127.0.0.1:9")
    assert run("check", url, **{name: value for name, value in proxies.items() if os.name != "nt"}).returncode == 0


def test_an_action_that_a_console_cannot_do_is_said(url: str) -> None:
    ended = run("act", "band", "recall", "scene=3", "--url", url)
    assert ended.returncode == 1
    assert "The console “band” cannot do “recall”." in ended.stderr
    assert "KEY=VALUE" in run("act", "band", "recall", "three", "--url", url).stderr
