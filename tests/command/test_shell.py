"""A person's shell as a hand on a running server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.desk.readings import Control
from remote_mixer.desk.tapers import FADER, PAN
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


@pytest.mark.parametrize("wrong", ["ftp://x", "http://", "http://host:port", "http://host:99999", "http://["])
def test_an_address_that_is_none_is_said(wrong: str) -> None:
    ended = run("check", wrong)
    assert ended.returncode == 1
    assert "A server's address is like" in ended.stderr


@pytest.mark.parametrize(
    ("path", "typed", "reading"),
    [
        ("band/ch1/fader", "-10dB", "−10.0 dB  (0.5)"),
        ("band/ch1/fader", "0.75", "0.0 dB  (0.75)"),
        ("band/ch1/fader", "-inf", "−∞ dB  (0)"),
        ("band/ch2/mute", "on", "on"),
        ("band/ch2/pan", "-100%", "L100  (0)"),
        ("band/ch2/pan", "L54", "L54  (0.23)"),
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
    assert "The console “band” cannot do “recall”. It has no actions." in ended.stderr
    assert run("act", "band", "--url", url).stdout == "The console “band” has no actions.\n"
    assert "Consoles here: band." in run("act", "bnad", "--url", url).stderr
    assert "KEY=VALUE" in run("act", "band", "recall", "three", "--url", url).stderr


# From elsewhere, which --no-trust-local makes of this computer too


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a mixer that trusts nobody unseen, and an invitation for its host."""
    with serve(tmp_path_factory.mktemp("data"), "--no-trust-local") as program:
        url = program.url()
        found = re.search(r"#join=([\w-]{22})", program.said)
        assert found
        yield url, found[1]


@pytest.fixture(scope="module")
def hosts(strict: tuple[str, str]) -> dict[str, str]:
    """What a shell needs to be the host's, made by the host's own page."""
    url, invitation = strict
    _, joined = posted(f"{url}/api/v1/join", {"name": "Hugo", "invitation": invitation})
    made, _ = posted(f"{url}/api/v1/tokens", {"name": "Laptop", "role": "host"}, joined)
    return {"REMOTE_MIXER_URL": url, "REMOTE_MIXER_TOKEN": made["token"]}


def posted(url: str, body: object, cookie: str = "") -> tuple[Any, str]:
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer), (answer.headers["Set-Cookie"] or "").partition(";")[0]


@pytest.mark.parametrize(
    "command", [["check"], ["get"], ["watch"], ["say", "x"], ["set", "band/ch1/mute", "on"], ["token"]]
)
def test_a_shell_without_a_token_is_told_how_to_have_one(strict: tuple[str, str], command: list[str]) -> None:
    ended = run(*command, REMOTE_MIXER_URL=strict[0])
    assert (ended.returncode, ended.stdout.count("\n") <= 1) == (1, True)
    assert "Join first" in ended.stderr
    assert "`remote-mixer token`" in ended.stderr


@pytest.mark.parametrize("command", [["check"], ["get"], ["token", "list"]])
def test_a_token_that_opens_nothing_is_said(strict: tuple[str, str], command: list[str]) -> None:
    ended = run(*command, "--token", "rm_" + "A" * 22, REMOTE_MIXER_URL=strict[0])
    assert ended.returncode == 1
    assert "not known here, or has been revoked" in ended.stderr


def test_a_token_opens_the_mixer_until_it_is_revoked(hosts: dict[str, str]) -> None:
    told = run("token", "--role", "musician", "--mix", "band/bus2", "--name", "Mia", **hosts).stdout
    secret, id_ = told.splitlines()[0], re.findall(r"revoke (\w+)", told)[0]
    mine = hosts | {"REMOTE_MIXER_TOKEN": secret}
    assert run("set", "band/ch1/send/bus2/level", "-10dB", **mine).returncode == 0
    refused = run("set", "band/main/fader", "-10dB", **mine)
    assert (refused.returncode, "not part of your mix" in refused.stderr) == (1, True)
    assert "right" in run("check", **mine).stdout
    listed = run("token", "list", **hosts).stdout
    assert f"{id_}  musician  band/bus2  Mia" in listed
    assert secret not in listed
    assert run("token", "revoke", id_, **hosts).returncode == 0
    assert "revoked" in run("get", **mine).stderr
    assert run("token", "revoke", **hosts).returncode == 2


def test_an_invitation_is_told_as_an_address(hosts: dict[str, str]) -> None:
    told = run("invite", "musician", "band/bus2", **hosts).stdout
    token = re.findall(r"/#join=([\w-]{22})  ", told)[0]
    assert "For the first who opens it, as musician of band/bus2, until " in told
    assert (
        posted(f"{hosts['REMOTE_MIXER_URL']}/api/v1/join", {"name": "Mia", "invitation": token})[0]["role"]
        == "musician"
    )
    assert "For all who open it, as guest" in run("invite", "guest", "--day", **hosts).stdout


def test_what_a_shell_may_not_is_said(hosts: dict[str, str]) -> None:
    secret = run("token", "--role", "guest", **hosts).stdout.splitlines()[0]
    ended = run("token", "list", **hosts | {"REMOTE_MIXER_TOKEN": secret})
    assert (ended.returncode, "only the host" in ended.stderr) == (1, True)


def test_a_shell_takes_its_own_moves_back_and_lists_everybodys(url: str) -> None:
    env = {"REMOTE_MIXER_URL": url}
    run("set", "band/ch2/fader", "0dB", **env)
    run("set", "band/ch2/fader", "-10dB", **env)
    assert "band/ch2/fader  −10.0 dB → 0.0 dB" in run("undo", "--preview", **env).stdout
    assert run("undo", **env).stdout == "band/ch2/fader  −10.0 dB → 0.0 dB\n"
    listed = run("history", "--limit", "2", **env).stdout.splitlines()
    assert re.fullmatch(r" *\d+  .* API  band/ch2/fader  0\.0 dB → −10\.0 dB  taken back", listed[0])
    assert re.fullmatch(r" *\d+  .* API \(undo\)  band/ch2/fader  −10\.0 dB → 0\.0 dB", listed[1])
    for chosen in (
        ("band/ch2",),
        ("--by", "API"),
        ("--last", "1h"),
        ("band/ch2/fader", "--by", "API", "--last", "90s"),
    ):
        assert len(run("history", *chosen, "--limit", "2", **env).stdout.splitlines()) == 2, chosen
    for empty in (("band/ch6/mute",), ("--by", "Nobody"), ("--last", "0s")):
        assert run("history", *empty, **env).stdout == "No such move is known.\n", empty
    assert "as 10m" in run("history", "--last", "soon", **env).stderr
    number = listed[0].split()[0]
    assert run("redo", **env).stdout == "band/ch2/fader  0.0 dB → −10.0 dB\n"
    assert run("undo", number, **env).stdout == "band/ch2/fader  −10.0 dB → 0.0 dB\n"
    again = run("undo", number, **env)
    assert (again.returncode, "moved" in again.stderr or "already" in again.stderr) == (1, True)


def test_check_says_how_surfaces_and_the_broker_are(tmp_path: Path) -> None:
    with serve(tmp_path, "--surface", "FOH=mackie:Nowhere", "--mqtt", "mqtt://127.0.0.1:9/stage") as program:
        ended = run("check", program.url())
    words = {line.split()[0]: line for line in ended.stdout.splitlines()}
    assert words["surface"].startswith("surface     FOH: mackie:Nowhere, ")
    assert words["broker"].startswith("broker      mqtt://127.0.0.1:9: ")
    assert "cannot be connected" in words["broker"]
