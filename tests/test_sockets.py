"""The sockets the program listens on, the certificate that follows the addresses, and the options that ask for them."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
import socket
import sys
from pathlib import Path

import pytest

from remote_mixer import lan
from remote_mixer.app import Options
from remote_mixer.command import launch
from remote_mixer.command.arguments import parse
from remote_mixer.command.terminal import CommandError
from remote_mixer.sockets import HttpsOptions, PortInUse, Sockets
from remote_mixer.tls.authority import authority, authority_file
from remote_mixer.tls.errors import TlsError
from remote_mixer.web.server import listen
from tests.support.program import run, serve
from tests.support.running import joined, running
from tests.support.waiting import until


async def test_a_new_address_gets_its_certificate_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remote_mixer.sockets.RENEW_SECONDS", 0.01)
    sockets = Sockets("127.0.0.1", 0, HttpsOptions(0))
    trust = sockets.open_https(tmp_path)
    tending = asyncio.create_task(sockets.tend())
    try:
        assert trust
        assert trust.host_for("10.9.8.7") == ""
        monkeypatch.setattr(sockets, "_ips", lambda: ["10.9.8.7"])
        await until(lambda: trust.host_for("10.9.8.7"))
    finally:
        tending.cancel()
        sockets.close()


async def test_a_certificate_that_cannot_be_renewed_is_said_once_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []

    def renew(_addresses: list[str]) -> bool:
        looks.append(1)
        raise TlsError("the disk is full")

    monkeypatch.setattr("remote_mixer.sockets.RENEW_SECONDS", 0.01)
    sockets = Sockets("127.0.0.1", 0, HttpsOptions(0))
    sockets.open_https(tmp_path)
    monkeypatch.setattr(sockets._https, "renew", renew)
    tending = asyncio.create_task(sockets.tend())
    await until(lambda: len(looks) > 3)
    tending.cancel()
    sockets.close()
    assert caplog.text.count("the disk is full") == 1


def test_where_phones_find_us_is_asked_of_the_system_by_a_look_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = Sockets("127.0.0.1", 0, None)
    known = sockets.addresses()
    wifi = [lan.Address("wlan0", "10.9.8.7", f"http://10.9.8.7:{sockets.port}/")]
    monkeypatch.setattr(lan, "addresses", lambda _host, _port: wifi)
    assert sockets.addresses() == known != wifi
    assert sockets.look() == sockets.addresses() == wifi
    sockets.close()


def test_an_https_port_in_use_is_named_with_its_own_option_and_http_is_let_go() -> None:
    with listen("127.0.0.1", 0) as other:
        taken = other.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            Sockets("127.0.0.1", 0, HttpsOptions(taken))
    assert (caught.value.port, caught.value.option) == (taken, "--tls-port")


@pytest.mark.parametrize("damage", ["a byte", "no folder"])
async def test_an_authority_that_cannot_be_used_leaves_http_alone_and_a_notice(tmp_path: Path, damage: str) -> None:
    authority(tmp_path)
    key = tmp_path / "tls" / "ca-key.pem"
    if damage == "a byte":
        key.write_bytes(b"_" + key.read_bytes()[1:])
    else:
        shutil.rmtree(key.parent)
        key.parent.write_text("in the way")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(tmp_path, https=HttpsOptions(port)) as app:
        async with joined(app, "anne"):
            assert [address.secure_url for address in app.addresses()] == [""]
            assert any("there is http alone" in notice for notice in app.hub.notices)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


# The command


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--host", "192.0.2.77"],
            "on 192.0.2.77, port 0 (Cannot assign requested address). Choose another address: --h",
        ),
        (["--host", "224.0.0.1"], "port 0 (it is the address of many, at which nobody can connect). Choose another a"),
        (["--host", "ff02::1"], "port 0 (it is the address of many, at which nobody can connect). Choose another add"),
        (["--host", "255.255.255.255"], "port 0 (it is the address of many, at which nobody can connect). Choose"),
        (
            ["--osc", "192.0.2.77:9"],
            "on 192.0.2.77, port 9 (Cannot assign requested address). Choose another address for",
        ),
        (
            ["--osc", "no.invalid:9"],
            "on no.invalid, port 9 (Name or service not known). Choose another address for OSC: ",
        ),
        (["--tls", "--tls-port", "443"], "port 443 (Permission denied). Choose another port for https: --tls-port"),
        (["--port", "80"], "port 80 (Permission denied). Choose another address: --host 0.0.0.0 --port"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the words are those of Linux")
def test_where_it_cannot_listen_the_option_to_change_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    bind = socket.socket.bind

    def as_anybody(sock: socket.socket, address: tuple[str, int]) -> None:
        if 9 < address[1] < 1024:
            raise PermissionError(errno.EACCES, "Permission denied")
        bind(sock, address)

    monkeypatch.setattr(socket.socket, "bind", as_anybody)
    parsed = parse(["--serve", "--host", "127.0.0.1", "--port", "0", *arguments])
    https = HttpsOptions(parsed.tls_port) if parsed.tls else None
    options = Options(parsed.host, parsed.port, tmp_path, (("band", "demo:"),), https=https, osc=parsed.osc)
    with pytest.raises(CommandError, match=re.escape(words)):
        launch.run(options, headless=True)


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--certfile", "a.pem"], 2, "--keyfile"),
        (["--keyfile", "a.pem"], 2, "--certfile"),
        (["--tls-port", "70000"], 2, "0 to 65535"),
        (["--certfile", "no/such.pem", "--keyfile", "no/such.key"], 1, "--certfile no/such.pem cannot be read"),
        (["--certfile", os.devnull, "--keyfile", os.devnull], 1, "is no file, but a pipe or a device: save it as one"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(tmp_path: Path, arguments: list[str], code: int, word: str) -> None:
    where = ("--host", "127.0.0.1", "--port", "0", "--tls-port", "0", "--data", str(tmp_path))
    ended = run("--serve", *where, "--console", "band=demo:", *arguments)
    assert (ended.returncode, word in ended.stderr, "Traceback" in ended.stderr) == (code, True, False), ended.stderr


def test_the_terminal_shows_https_and_a_shell_by_https_believes_this_computers_own_authority(tmp_path: Path) -> None:
    with serve(tmp_path, "--tls", "--tls-port", "0") as program:
        program.url()
        address = next(word for word in program.said.split() if word.startswith("https://127"))
        assert "/tls shows how" in program.said
        believed = run("check", address, REMOTE_MIXER_CA=str(authority_file(tmp_path)))
        doubted = run("check", address, XDG_DATA_HOME=str(tmp_path / "elsewhere"), HOME=str(tmp_path / "elsewhere"))
        got = run("get", "band/ch1/fader", "--url", address, REMOTE_MIXER_CA=str(authority_file(tmp_path)))
    assert (believed.returncode, got.returncode) == (0, 0), believed.stderr + got.stderr
    assert doubted.returncode == 1
    assert "does not trust" in doubted.stderr
    assert "REMOTE_MIXER_CA" in doubted.stderr


def test_a_port_for_osc_that_is_taken_is_named_with_its_option() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        with pytest.raises(PortInUse) as raised:
            Sockets("127.0.0.1", 0, None, ("127.0.0.1", other.getsockname()[1]))
    assert raised.value.option == "--osc"
