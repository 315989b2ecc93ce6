"""`remote-mixer doctor`: a report with a server or without."""

from __future__ import annotations

from pathlib import Path

from tests.support.program import run, serve

TOKEN = "rm_AbCdEfGh1jKlMnOpQrStUv"


def test_without_a_server_it_reports_this_computer_and_says_so(tmp_path: Path) -> None:
    ended = run("--data", str(tmp_path), "doctor", "--url", "http://127.0.0.1:9", "--token", TOKEN)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "No Remote Mixer answers at http://127.0.0.1:9" in ended.stdout
    for title in ("Program", "Computer", "Libraries", "Network", "Firewall", "Sound", "MIDI", "Data folder", "Clock"):
        assert f"\n\n{title}\n" in ended.stdout
    assert TOKEN not in ended.stdout
    assert "cannot be told" not in ended.stdout


def test_a_server_reports_itself(tmp_path: Path) -> None:
    with serve(tmp_path, "--no-trust-local") as program:
        ended = run("--data", str(tmp_path), "doctor", "--url", program.url())
        said = program.said
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\n\nConsoles\n  band  demo:, " in ended.stdout
    assert "this computer is trusted  False" in ended.stdout
    pin = said.partition("with the PIN ")[2][:6]
    assert pin.isdecimal()
    assert pin not in ended.stdout


def test_a_server_that_says_nothing_to_this_caller_is_named(tmp_path: Path) -> None:
    with serve(tmp_path / "server", "--no-trust-local") as program:
        ended = run("--data", str(tmp_path / "mine"), "doctor", "--url", program.url())
    assert ended.returncode == 0
    assert "A shell needs a token" in ended.stdout
    assert "\n\nLibraries\n" in ended.stdout
