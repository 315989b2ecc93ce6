"""The mixer as a service: what each system's manager is given, and what the manager is notified of."""

from __future__ import annotations

import asyncio
import contextlib
import os
import plistlib
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from remote_mixer.command import sd_notify
from remote_mixer.command import service as service_module
from remote_mixer.command.arguments import parse
from remote_mixer.command.service_managers import TASKS, manager_of
from tests.support.complete import need
from tests.support.program import PATIENCE_SECONDS, Program, environment, run

PROGRAM = ["/usr/bin/env", "-S", "remote-mixer", "--data", 'a b%c$HOME\\"d', "--console", "foh=x32://10.0.0.5"]
BEAT_SECONDS = 0.02


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def service(home: Path, *arguments: str, path: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    """Run `remote-mixer service` for a person with this home folder, with the programs of `path` alone."""
    return run("service", *arguments, HOME=str(home), XDG_CONFIG_HOME="", PATH=path)


def unit(home: Path) -> Path:
    return home / ".config/systemd/user/remote-mixer.service"


@pytest.fixture
def calls(home: Path) -> Path:
    """Programs `systemctl` and `loginctl` that write down how they are called; their folder is `home/bin`."""
    (home / "bin").mkdir()
    for name in ("systemctl", "loginctl"):
        program = home / "bin" / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >>{home}/calls\n')
        program.chmod(0o755)
    return home / "calls"


def test_a_service_is_installed_reported_and_removed(home: Path, calls: Path) -> None:
    path = str(home / "bin")
    assert service(home, "install", "--", "--port", "8080", path=path).returncode == 0
    assert '"--serve" "--port" "8080"' in unit(home).read_text()
    assert calls.read_text().splitlines() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable remote-mixer.service",
        "systemctl --user restart remote-mixer.service",
        "loginctl enable-linger",
    ]
    calls.unlink()
    assert service(home, "status", path=path).returncode == 0
    assert service(home, "remove", path=path).returncode == 0
    assert not unit(home).exists()
    assert calls.read_text().splitlines() == [
        "systemctl --user --no-pager status remote-mixer.service",
        "systemctl --user disable --now remote-mixer.service",
        "systemctl --user daemon-reload",
    ]


def test_a_second_installation_runs_with_its_own_options(home: Path, calls: Path) -> None:
    for port in ("8080", "8081"):
        ended = service(home, "install", "--", "--port", port, path=str(home / "bin"))
        assert (ended.returncode, "in place of the one before" in ended.stdout) == (0, port == "8081")
    assert '"--port" "8081"' in unit(home).read_text()
    assert calls.read_text().splitlines()[-2] == "systemctl --user restart remote-mixer.service"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_launchd_and_windows_end_a_former_service_before_another_is_installed(
    home: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(Path, "home", lambda: home)
    manager, done = replace(manager_of(platform, for_system=False), file=home / "service"), list[Sequence[str]]()

    def answers(command: Sequence[str]) -> bool:
        done.append(command)
        return True

    monkeypatch.setattr(service_module, "manager_of", lambda *_, **__: manager)
    monkeypatch.setattr(service_module, "_answers", answers)
    for _ in range(2):
        service_module.service(parse(["service", "install"]))
    assert done == [*manager.install, *manager.replace, *manager.install]


def test_without_a_service_status_and_remove_say_so(home: Path) -> None:
    assert "No service is installed" in service(home, "status").stdout
    ended = service(home, "remove")
    assert (ended.returncode, "No service is installed" in ended.stderr) == (1, True)


def test_where_systemd_does_not_answer_the_commands_still_to_be_run_are_said(home: Path) -> None:
    ended = service(home, "install")
    assert ended.returncode == 1
    assert "  systemctl --user restart remote-mixer.service\n" in ended.stderr
    assert unit(home).exists()
    assert service(home, "remove").returncode == 0, "and it can be removed all the same"
    assert not unit(home).exists()


@pytest.mark.parametrize("options", [["--port", "http"], ["--nonsense"], ["find"]])
def test_options_that_the_server_would_refuse_are_refused_before_anything_is_written(
    home: Path, options: list[str]
) -> None:
    assert service(home, "install", "--", *options).returncode == 2
    assert not unit(home).exists()


@pytest.mark.parametrize("for_system", [True, False])
def test_systemd_itself_finds_no_fault_in_the_unit(tmp_path: Path, for_system: bool) -> None:
    need(shutil.which("systemd-analyze"), "systemd is not installed")
    file = tmp_path / "remote-mixer.service"
    file.write_bytes(manager_of("linux", for_system=for_system).text(PROGRAM))
    ended = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_systemd_gets_each_word_as_it_was_given() -> None:
    text = manager_of("linux", for_system=False).text(PROGRAM).decode()
    assert r'''"--data" "a b%%c$$HOME\\\"d" "--console"''' in text


def test_launchd_and_windows_get_the_same_program() -> None:
    job = plistlib.loads(manager_of("darwin", for_system=False).text(PROGRAM))
    assert (job["ProgramArguments"], job["KeepAlive"]) == (PROGRAM, {"SuccessfulExit": False})
    run_by_windows = Xml.fromstring(manager_of("win32", for_system=False).text(PROGRAM)).find(f".//{{{TASKS}}}Exec")
    assert run_by_windows is not None
    assert run_by_windows.findtext(f"{{{TASKS}}}Command") == PROGRAM[0]
    assert run_by_windows.findtext(f"{{{TASKS}}}Arguments") == subprocess.list2cmdline(PROGRAM[1:])


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket of a service manager that watches us closely."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(PATIENCE_SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", str(int(sd_notify.BEATS * BEAT_SECONDS * 1e6)))
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        yield line


def test_the_manager_is_notified_that_the_program_is_ready_alive_and_stopping(
    tmp_path: Path, manager: socket.socket
) -> None:
    with Program("--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path), "--console", "a=demo:",
                 env=environment()) as program:  # fmt: skip
        assert manager.recv(100) == b"READY=1"
        assert [manager.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        os.kill(program.id, signal.SIGTERM)
        states = [manager.recv(100)]  # read as they come: a full queue takes no more
        while states[-1] != b"STOPPING=1":
            states.append(manager.recv(100))
        assert set(states[:-1]) <= {b"WATCHDOG=1"}
        assert program.end() == 0


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that turns in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(asyncio.sleep(0))  # for what was cancelled last
    loop.close()


def wait_in(loop: asyncio.AbstractEventLoop, end: threading.Event) -> None:
    """Return once the loop hangs, until `end`."""
    hangs = threading.Event()

    def hang() -> None:
        hangs.set()
        end.wait()

    loop.call_soon_threadsafe(hang)
    hangs.wait()


def drain(manager: socket.socket) -> None:
    """Read what was sent so far."""
    manager.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while manager.recv(100):
            pass


def test_a_loop_that_hangs_sends_no_sign_of_life(manager: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
    going_on = threading.Event()
    with sd_notify.notified(loop):
        assert [manager.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
        wait_in(loop, going_on)
        drain(manager)
        manager.settimeout(10 * BEAT_SECONDS)
        with pytest.raises(TimeoutError):
            manager.recv(100)
        going_on.set()
        manager.settimeout(PATIENCE_SECONDS)
        assert manager.recv(100) == b"WATCHDOG=1"


def test_a_watchdog_of_another_process_gets_no_beats(
    manager: socket.socket, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", "1")
    with sd_notify.notified(loop):
        assert manager.recv(100) == b"READY=1"
    assert manager.recv(100) == b"STOPPING=1"
