"""`remote-mixer simulate`: what it says, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator

import psutil
import pytest
from pythonosc.osc_message import OscMessage

from tests.support.program import Program, run

PATIENCE_SECONDS = 10.0


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]


@pytest.mark.parametrize(("model", "word"), [("m32", "x32"), ("xr12", "xair")])
def test_a_simulated_console_says_how_to_mix_it_and_answers_there(model: str, word: str) -> None:
    with Program("simulate", model, "--port", "0") as program:
        program.wait_for("Ctrl-C")
        found = re.search(rf"--console foh={word}://127\.0\.0\.1:(\d+)", program.said)
        assert found, program.said
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(PATIENCE_SECONDS)
            client.sendto(b"/xinfo\0\0", ("127.0.0.1", int(found[1])))
            assert OscMessage(client.recv(1024)).params[2] == model.upper()


def test_it_answers_5000_questions_a_second_on_one_core() -> None:
    with (
        Program("simulate", "x32", "--port", "0") as program,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        program.wait_for("Ctrl-C")
        client.connect(("127.0.0.1", int(program.said.partition("UDP port ")[2].partition(".")[0])))
        client.settimeout(PATIENCE_SECONDS)
        # A busy machine makes the same work cost more at times: the best of some rounds counts.
        assert any(_seconds_for_1000_questions(program, client) < 1000 / 5000 for _ in range(20))


def _seconds_for_1000_questions(program: Program, client: socket.socket) -> float:
    before = _processor_seconds(program)
    for _ in range(1000):
        client.send(b"/ch/01/mix/fader\0\0\0\0")
        client.recv(1024)
    return _processor_seconds(program) - before


def _processor_seconds(program: Program) -> float:
    times = psutil.Process(program.id).cpu_times()
    return float(times.user + times.system)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_switch_it_off(number: signal.Signals) -> None:
    with Program("simulate", "xr16", "--port", "0") as program:
        program.wait_for("Ctrl-C")
        assert program.stop(number)[0] == 0


def test_a_port_in_use_is_said_in_plain_words(taken_port: int) -> None:
    ended = run("simulate", "x32", "--port", str(taken_port))
    assert (ended.returncode, "Another program listens there" in ended.stderr) == (1, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_that_is_not_this_computers_is_said_in_plain_words() -> None:
    ended = run("simulate", "x32", "--host", "192.0.2.1")
    assert (ended.returncode, "Choose an address of this computer" in ended.stderr) == (1, True), ended.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["x64"], "xr18"),
        ([], "MODEL"),
        (["x32", "--loss", "2"], "0 to 1"),
        (["x32", "--loss", "nan"], "0 to 1"),
        (["x32", "--delay", "-3"], "milliseconds"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_with_exit_code_2(arguments: list[str], word: str) -> None:
    ended = run("simulate", *arguments)
    assert (ended.returncode, word in ended.stderr) == (2, True), ended.stderr
