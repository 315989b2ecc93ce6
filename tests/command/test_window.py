"""The native window, for real: on a screen of its own, closed by a hand and by signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from remote_mixer.command import window
from remote_mixer.command.server_client import ServerClient
from tests.support.complete import need
from tests.support.display import WINDOW_SECONDS, Display, display_for_tests
from tests.support.program import Program, environment, serve
from tests.support.waiting import PATIENCE_SECONDS, until

TITLE = "Remote Mixer"


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    need(find_spec("webview") and find_spec("PySide6"), "the window extra is not installed")
    with display_for_tests() as display:
        yield display


def _open(display: Display, data: Path, *options: str, port: str = "0") -> Program:
    arguments = ("--host", "127.0.0.1", "--port", port, "--data", str(data), "--console", "band=demo:", *options)
    return Program(*arguments, env=environment(**display.environment))


def _pages(url: str) -> int:
    with urllib.request.urlopen(f"{url}/api/v1/health", timeout=PATIENCE_SECONDS) as answer:
        return int(json.load(answer)["clients"])


@pytest.mark.slow
async def test_the_window_shows_the_page_and_closing_it_ends_everything(display: Display, tmp_path: Path) -> None:
    with _open(display, tmp_path) as program:
        url = program.url()
        await display.window(TITLE)
        await display.picture(tmp_path / "window.png")
        await until(lambda: _pages(url) == 1, WINDOW_SECONDS)
        display.close(TITLE)
        assert program.end() == 0
    assert "Traceback" not in program.said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_closes_the_window_and_ends_everything(
    display: Display, tmp_path: Path, number: signal.Signals
) -> None:
    with _open(display, tmp_path) as program:
        url = program.url()
        await display.window(TITLE)
        await until(lambda: _pages(url) == 1, WINDOW_SECONDS)
        code, _ = program.stop(number)
    assert code == 0


@pytest.mark.slow
@pytest.mark.parametrize("start", ["first", "second"])
async def test_on_a_computer_that_is_not_trusted_the_window_is_the_hosts_by_a_name_alone(
    display: Display, tmp_path: Path, start: str
) -> None:
    with ExitStack() as programs:
        if start == "first":
            window = programs.enter_context(_open(display, tmp_path, "--no-trust-local"))
            url = window.url()
        else:
            url = programs.enter_context(serve(tmp_path, "--no-trust-local")).url()
            window = programs.enter_context(_open(display, tmp_path, port=url.rpartition(":")[2]))
        await display.window(TITLE)
        await display.picture(tmp_path / "joining.png")  # what is typed before falls away, or keeps it from coming
        display.enter("Hugo")
        await until(lambda: _pages(url) == 1, WINDOW_SECONDS)
        people = ServerClient(url, data=tmp_path).call("GET", "/people")["people"]
        assert [person["role"] for person in people] == ["host"]
        display.close(TITLE)
        assert window.end() == 0


def test_a_thread_that_waits_for_a_closed_page_does_not_keep_the_program() -> None:
    stuck = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    end = "from remote_mixer.command import launch\nlaunch._exit_if_threads_hang(0)\n"
    code = subprocess.run([sys.executable, "-c", stuck + end], timeout=PATIENCE_SECONDS, check=False).returncode
    assert code == 0


def test_without_a_display_no_toolkit_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    need(find_spec("webview"), "the window extra is not installed")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert window.why_not() == "There is no display here for a window."
    assert not any(name.startswith(("PySide6", "gi.")) for name in sys.modules)


def test_a_display_that_does_not_answer_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    need(find_spec("webview"), "the window extra is not installed")
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setenv("WAYLAND_DISPLAY", "no-such-socket")
    assert window.why_not() == "There is no display here for a window."


def test_a_web_view_that_cannot_show_the_page_is_refused_before_it_appears() -> None:
    engines: list[str] = []
    assert not window.accept_engine("mshtml", engines)
    assert window.accept_engine("edgechromium", engines)
    assert engines == ["mshtml", "edgechromium"]
