"""The host's page on a computer that is not trusted: the first start, a second one, and what other programs can see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.command import host_page
from remote_mixer.people.invitations import MOST_INVITATIONS
from tests.support.people import Device
from tests.support.program import Program, environment, run, serve
from tests.support.running import running

DEMO = ("--console", "band=demo:")
BROWSER = """#!/bin/sh
echo "$@" >>"{seen}"
"""
INVITATION = re.compile(r"#join=([\w-]{22})")


def role_by(app: App, address: str) -> str:
    """Return the role of a page that opens an address and joins by what stands in it, if anything."""
    invited = INVITATION.search(address)
    device = Device(app, {})
    return str((device.join(name="Ann", invitation=invited[1]) if invited else device.call("GET", "/me")).json["role"])


@pytest.fixture
def browser(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """The surroundings of a program whose browser only notes its command line, and the file where it does."""
    seen, script = tmp_path / "seen", tmp_path / "browser"
    script.write_text(BROWSER.format(seen=seen))
    script.chmod(0o700)
    return environment(DISPLAY=":4711", BROWSER=str(script)), seen


def test_a_second_start_is_the_hosts_by_the_data_folder(tmp_path: Path) -> None:
    with running(tmp_path, trust_local=False) as app:
        url = f"http://127.0.0.1:{app.port}/"
        address = host_page.of_running_server(url, tmp_path)
        assert role_by(app, address) == "host"
        assert Device(app, {}).join(name="Bob", invitation=INVITATION.findall(address)[0]).status == 410


def test_a_second_start_with_another_data_folder_has_to_join_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path / "first", trust_local=False) as app:
        url = f"http://127.0.0.1:{app.port}/"
        assert host_page.of_running_server(url, tmp_path) == url
        assert role_by(app, url) == "stranger"
    assert "another data folder (see --data)" in capsys.readouterr().out


def test_a_trusted_computer_needs_no_invitation(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        url = f"http://127.0.0.1:{app.port}/"
        assert host_page.of_running_server(url, tmp_path) == url
        assert role_by(app, url) == "host"
        assert app.admission.invitations() == []


def test_where_no_invitation_can_be_made_the_page_opens_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path, trust_local=False) as app:
        url = f"http://127.0.0.1:{app.port}/"
        for _ in range(MOST_INVITATIONS):
            app.invite_host()
        assert host_page.of_new_server(app, url) == url
        assert host_page.of_running_server(url, tmp_path) == url
    assert capsys.readouterr().out.count("withdraw some first") == 2


@pytest.mark.parametrize("start", ["first", "second"])
def test_the_browser_gets_the_invitation_by_a_private_file_and_never_in_its_command_line(
    start: str, tmp_path: Path, browser: tuple[dict[str, str], Path]
) -> None:
    env, seen = browser
    data = tmp_path / "data"
    window = ("--host", "127.0.0.1", "--port", "0", "--data", str(data), "--no-trust-local", *DEMO)
    with Program(*window, env=env) if start == "first" else serve(data, "--no-trust-local") as program:
        url = program.url()
        if start == "second":
            port = url.rpartition(":")[2]
            again = run("--host", "127.0.0.1", "--port", port, "--data", str(data), *DEMO, **env)
            assert (again.returncode, f"running already, at {url}" in again.stdout) == (0, True)
        else:
            program.wait_for("The page opens in the browser")
    file = data / host_page.LINK_FILE
    assert seen.read_text() == f"{file.as_uri()}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert f'url={url}/#join={INVITATION.findall(file.read_text())[0]}"' in file.read_text()
