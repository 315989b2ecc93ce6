"""The command: what it understands, what it says when it cannot, and how it ends."""

from __future__ import annotations

import asyncio
import errno
import importlib
import io
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from websockets.sync.client import connect

from remote_mixer import __version__
from remote_mixer.command import arguments as cli
from remote_mixer.command import main as main_module
from remote_mixer.command import shell, terminal, tools
from remote_mixer.command.main import TOOLS
from remote_mixer.engine import link
from remote_mixer.engine.link import Job
from remote_mixer.lan import Address
from remote_mixer.resources import default_data_folder
from tests.support.program import COMMAND, STOP_SECONDS, Program, environment, run, serve
from tests.support.rights import BOUND_BY_RIGHTS, as_root

ROOT = Path(__file__).parents[2]
DEMO = ("--console", "band=demo:")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_version_is_printed_at_once_without_loading_the_server() -> None:
    assert run("--version").stdout == f"Remote Mixer {__version__}\n"
    loaded = "sorted({'quart', 'numpy', 'webview', 'segno'} & set(sys.modules))"
    heavy = f"import sys, remote_mixer.command.main; print({loaded})"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--port", "70000"], "0 to 65535"),
        (["--port", "http"], "0 to 65535"),
        (["--port", "-1"], "0 to 65535, not '-1'"),
        (["--console", "builtin:"], "NAME=SPEC"),
        (["--console", "=demo:"], "NAME=SPEC"),
        (["--data", ""], "--data: it needs the name of a folder"),
        (["--record", "mix.mp3"], ".wav"),
        (["--record", "/no/such/folder/mix.wav"], "folder that exists"),
        (["--nonsense"], "--nonsense"),
        (["play"], "play"),
        (["set", "band/ch1/fader"], "VALUE"),
        (["--mqtt", "mqtt://me:key@"], "write mqtt://HOST"),
        (["--mqtt", "mqtt://broker..lan"], "write mqtt://HOST"),
        (["--mqtt-as", "captain"], "guest, engineer, or a token"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_with_exit_code_2(arguments: list[str], word: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, word in ended.stderr) == (2, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_command_that_is_parsed_has_its_function() -> None:
    commands = next(action for action in cli._parser()._actions if action.dest == "command").choices
    assert set(commands or ()) == tools.COMMANDS.keys() | shell.COMMANDS.keys()
    assert set(TOOLS) == tools.COMMANDS.keys()


@pytest.mark.parametrize(
    "consoles", [["band=mqtt://a..b/x/y"], ["band=nonsense:"], ["band=demo:", "band=demo:"], ["Big Band=demo:"]]
)
def test_a_console_that_cannot_be_is_said_with_exit_code_2(tmp_path: Path, consoles: list[str]) -> None:
    named = [word for console in consoles for word in ("--console", console)]
    ended = run("--serve", "--data", str(tmp_path), "--port", "0", *named)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1, ended.stderr


def test_a_data_folder_that_cannot_be_written_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("--serve", "--data", str(tmp_path / "file" / "data"))
    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr
    assert "--data" in ended.stderr


def test_the_data_folder_is_made_where_the_system_keeps_such_things(tmp_path: Path) -> None:
    command = (*COMMAND, "--serve", "--host", "127.0.0.1", "--port", "0", *DEMO)
    with Program(command=command, env=environment(XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path))) as program:
        program.url()
        assert any(tmp_path.rglob("*.db*")) or any(tmp_path.rglob("*.sqlite*"))


@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v is Linux's")
@pytest.mark.parametrize("kilobytes", [40_000, 50_000, 60_000, 70_000])
def test_with_too_little_memory_to_start_it_says_so(tmp_path: Path, kilobytes: int) -> None:
    """Too little for the program's own modules, for the server's libraries, for threads, and for the PIN."""
    starved = ("sh", "-c", f'ulimit -v {kilobytes}; exec "$@"', "sh", *COMMAND, "--serve", "--host", "127.0.0.1")
    with Program("--port", "0", "--data", str(tmp_path), *DEMO, command=starved) as program:
        assert program.end() == 1
    assert program.said.endswith("(ulimit -v).\n")
    assert "Traceback" not in program.said


def starving(fault: Exception) -> int:
    """Return the exit code of a command that fails by this."""

    def command(_: object, __: object) -> int:
        try:
            raise fault
        except type(fault) as cause:
            raise RuntimeError("the server failed") from cause

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_module, "_dispatch", command)
        return main_module.main(["midi", "ports"])


@pytest.mark.parametrize(
    "fault",
    [
        MemoryError(),
        ImportError("/lib/_decimal.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    ],
)
def test_however_python_says_that_memory_is_short_a_person_reads_it(
    fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert starving(fault) == 1
    assert capsys.readouterr().err == f"{main_module.NO_MEMORY_TEXT}\n"


@pytest.mark.parametrize("fault", [ImportError("no module named x"), RuntimeError("no"), OSError(errno.EIO, "I/O")])
def test_any_other_fault_is_not_taken_for_that(fault: Exception) -> None:
    with pytest.raises(RuntimeError, match="the server failed"):
        starving(fault)


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path, taken_port: int) -> None:
    ended = run("--serve", "--host", "127.0.0.1", "--port", str(taken_port), "--data", str(tmp_path), *DEMO)
    assert ended.returncode == 1
    assert f"Port {taken_port} is in use by another program" in ended.stderr
    assert f"--port {taken_port + 1}" in ended.stderr


def test_a_host_that_is_not_ours_is_said(tmp_path: Path) -> None:
    ended = run("--serve", "--host", "203.0.113.9", "--data", str(tmp_path), *DEMO)
    assert ended.returncode == 1
    assert "203.0.113.9" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_host_that_is_no_name_is_said(tmp_path: Path) -> None:
    ended = run("--serve", "--host", "mixer..lan", "--data", str(tmp_path), *DEMO)
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
    assert "mixer..lan, port 5001 (it is no name of a computer)" in ended.stderr


def test_our_own_server_on_the_port_is_known_and_the_window_goes_there(tmp_path: Path) -> None:
    with serve(tmp_path / "first") as first:
        url = first.url()
        again = ("--host", "127.0.0.1", "--port", url.rpartition(":")[2], "--data", str(tmp_path / "second"), *DEMO)
        headless, window = run("--serve", *again), run(*again)
    assert headless.returncode == 1
    assert f"Remote Mixer, running already at {url}" in headless.stderr
    assert window.returncode == 0
    assert f"running already, at {url}" in window.stdout


def test_without_a_display_the_addresses_are_what_is_left(tmp_path: Path) -> None:
    with Program("--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path), *DEMO) as program:
        url = program.url()
        program.wait_for(f"Open {url}/ in a browser.")
        code, seconds = program.stop()
    assert code == 0
    assert seconds < STOP_SECONDS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_comes_between_two_steps_of_a_command_and_ends_it(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a signal raised within a step could be lost with it, and the command would go on."""
    whole_steps = []

    async def command() -> None:
        signal.raise_signal(number)
        whole_steps.append(number)
        await asyncio.Event().wait()

    monkeypatch.setattr(main_module, "_carry_out", lambda *_: asyncio.run(command()))
    assert main_module.main(["find"]) == terminal.DONE
    assert whole_steps == [number]


def test_sigterm_ends_a_command_for_which_ctrl_c_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a background job of a shell."""

    def command(*_: object) -> int:
        signal.raise_signal(signal.SIGTERM)
        return terminal.FAILED

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    monkeypatch.setattr(main_module, "_carry_out", command)
    assert main_module.main(["find"]) == terminal.DONE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_by_hand_is_clean_and_quick_with_a_page_open(tmp_path: Path, number: signal.Signals) -> None:
    with serve(tmp_path) as program, connect(program.url().replace("http", "ws") + "/ws", proxy=None) as page:
        page.send("hello there")
        page.recv(timeout=5)
        code, seconds = program.stop(number)
    assert code == 0
    assert seconds < STOP_SECONDS
    assert "Traceback" not in program.said


def test_dev_starts_again_when_a_file_changes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "remote_mixer", tmp_path / "remote_mixer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "ui", tmp_path / "ui")
    command = (*COMMAND, "--dev", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path / "data"))
    env = environment(PYTHONPATH=str(tmp_path))
    with Program(*DEMO, command=command, env=env) as program:
        program.url()
        (tmp_path / "ui" / "new.js").write_text("export const one = 1;\n")
        program.wait_for("Changed: new.js")
        program.wait_for("Ctrl-C", times=2)
        assert program.stop()[0] == 0


def test_a_program_without_a_terminal_keeps_a_log_file(tmp_path: Path) -> None:
    mute = ("sh", "-c", 'exec "$@" 2>&-', "sh", *COMMAND, "--serve", "--host", "127.0.0.1", "--port", "0")
    with Program("--data", str(tmp_path), *DEMO, "-v", command=mute) as program:
        program.url()
        assert program.stop()[0] == 0
    assert "band" in (tmp_path / "remote-mixer.log").read_text()


def test_a_log_that_cannot_be_opened_does_not_keep_it_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "remote-mixer.log").mkdir()
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    main_module._set_up_log(tmp_path, verbose=False)


@as_root
def test_whatever_the_umask_it_can_use_its_own_files(tmp_path: Path) -> None:
    """A start, a snapshot and a second start."""
    command = (*BOUND_BY_RIGHTS, "sh", "-c", 'umask 0777; exec "$@"', "sh", *COMMAND)
    words = ("--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path / "data"), *DEMO)
    for _ in range(2):
        with Program(*words, command=command) as program:
            program.url()
            assert program.stop()[0] == 0
            assert "cannot" not in program.said


def test_whatever_the_umask_strangers_write_nothing_of_ours(tmp_path: Path) -> None:
    command = ("sh", "-c", 'umask 0; exec "$@"', "sh", *COMMAND)
    words = ("--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path / "data"), *DEMO)
    with Program(*words, command=command) as program:
        program.url()
        assert program.stop()[0] == 0
    ours = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert len(ours) > 1
    assert not [file for file in ours if file.stat().st_mode & 0o002]


@as_root
def test_a_home_of_somebody_else_does_not_keep_it_from_answering(tmp_path: Path) -> None:
    """As after `sudo -u`."""
    tmp_path.chmod(0)
    command = [*BOUND_BY_RIGHTS, *COMMAND, "--help"]
    assert subprocess.run(command, env={"HOME": str(tmp_path)}, stdout=subprocess.DEVNULL, check=False).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="asks for the home as POSIX does")
def test_a_user_without_a_home_has_a_folder_where_the_program_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user of a container who has no name."""
    pwd = importlib.import_module("pwd")
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert default_data_folder() == Path("remote-mixer")


def test_a_stop_in_the_middle_of_a_start_is_a_stop_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end of Python by itself: it remembers a KeyboardInterrupt that came while a library executed a text."""
    monkeypatch.setattr(main_module, "_make_writable", lambda _: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(SystemExit) as end:
        main_module.main(["--serve", "--data", str(tmp_path)])
    assert end.value.code == 0


def test_a_start_that_comes_to_nothing_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Job] = []

    def command(job: Job) -> list[str]:
        begun.append(job)
        return [sys.executable, "-c", "input()"]

    monkeypatch.setattr(link, "command", command)
    monkeypatch.setattr(main_module, "_set_up_log", lambda *_, **__: None)
    before = {child.pid for child in psutil.Process().children()}
    (tmp_path / "remote-mixer.db").touch()
    (tmp_path / "remote-mixer.db-journal").mkdir()
    assert main_module.main(["--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path)]) == 1
    assert begun
    assert {child.pid for child in psutil.Process().children()} <= before


def test_the_pin_is_shown_and_stays_the_same(tmp_path: Path) -> None:
    pins = []
    for _ in range(2):
        with serve(tmp_path) as program:
            program.url()
            pins.append(re.findall(r"with the PIN (\d{6})\.", program.said))
            program.stop()
    assert len(pins[0]) == 1
    assert pins[0] == pins[1]


def test_an_open_mixer_says_plainly_what_that_means(tmp_path: Path) -> None:
    with serve(tmp_path, "--open") as program:
        program.url()
        assert "everybody on this network can move everything, without a PIN" in program.said
        assert "with the PIN" not in program.said


def test_where_this_computer_is_not_trusted_the_host_comes_by_an_invitation(tmp_path: Path) -> None:
    with Program("--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path), "--no-trust-local", *DEMO) as program:
        url = program.url()
        program.wait_for(f"Open {url}/#join=")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("columns", "fits"), [("100", True), ("30", False)])
def test_a_code_is_drawn_where_the_terminal_has_room(monkeypatch: pytest.MonkeyPatch, columns: str, fits: bool) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", "50")
    monkeypatch.setattr(sys, "stdout", screen := _Terminal())
    local = "http://127.0.0.1:5001/"
    terminal.welcome([Address("wlan0", "192.168.1.20", "http://192.168.1.20:5001/")], local, "Ctrl-C stops.")
    lines = screen.getvalue().splitlines()
    assert [line.split() for line in lines[2:4]] == [
        ["http://192.168.1.20:5001/", "wlan0"],
        [local, "this", "computer"],
    ]
    assert ("▀" in screen.getvalue()) is fits


def unwritable(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    """Let stdout be a full disk, or a pipe whose reader has ended, as of `remote-mixer --serve | head -1`."""
    ours, theirs = os.pipe()
    os.close(ours)
    if why == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), theirs)
    monkeypatch.setattr(sys, "stdout", open(theirs, "w", encoding="utf-8"))  # noqa: SIM115 - ends with the test


@pytest.mark.parametrize("why", ["full", "gone"])
def test_what_a_server_cannot_print_does_not_end_it(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    unwritable(monkeypatch, why)
    terminal.welcome([Address("en0", "10.0.0.5", "http://10.0.0.5:5001/")], "http://127.0.0.1:5001/", "Press Ctrl-C.")
    terminal.tell("The page opens in the browser.")
    sys.stdout.close()  # nothing is left that Python could not write at its end


def test_what_a_command_cannot_print_is_its_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    unwritable(monkeypatch, "full")
    with pytest.raises(terminal.CommandError, match="cannot be written: No space left"):
        terminal.say("band/ch1/fader -10.0 dB")
    sys.stdout.close()
