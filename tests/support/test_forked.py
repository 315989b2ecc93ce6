"""A forked program is what a shell would start: its words, exit codes, streams, environment and end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import COMMAND, environment, run, serve

if sys.platform != "linux":
    pytest.skip("programs are not forked here", allow_module_level=True)


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("--help",), ("--nonsense",), ("map", "check", "no-such-map.toml"), ("get", "--url", "http://[")],
)
def test_a_forked_program_says_and_returns_what_a_started_one_does(arguments: tuple[str, ...]) -> None:
    started = subprocess.run(
        [*COMMAND, *arguments], env=environment(), capture_output=True, text=True, encoding="utf-8", check=False
    )
    forked = run(*arguments)
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_each_forked_program_has_an_environment_and_a_process_of_its_own(tmp_path: Path) -> None:
    assert "http://127.0.0.1:9" in run("get", REMOTE_MIXER_URL="http://127.0.0.1:9").stderr
    assert "http://127.0.0.1:10" in run("get", REMOTE_MIXER_URL="http://127.0.0.1:10").stderr
    with serve(tmp_path / "one") as one, serve(tmp_path / "two") as two:
        assert one.url() != two.url()
        assert one.stop(signal.SIGKILL)[0] == -signal.SIGKILL
        assert run("check", two.url()).returncode == 0
        assert two.stop()[0] == 0


def test_leaving_the_with_kills_a_forked_program(tmp_path: Path) -> None:
    with serve(tmp_path) as program:
        url = program.url()
    assert "No Remote Mixer answers" in run("check", url).stderr
