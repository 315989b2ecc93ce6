"""A resolver that never answers, as where the network has no name server: all that needs no name goes on."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from remote_mixer.mqtt import link
from remote_mixer.mqtt.broker import Broker
from remote_mixer.mqtt.link import Link, LinkError
from remote_mixer.web import server
from remote_mixer.web.server import listen
from remote_mixer.web.server_loop import ServerLoop
from tests.support.program import STOP_SECONDS, Program
from tests.support.waiting import PATIENCE_SECONDS

NEVER_ANSWERS = """
import socket, sys, threading
found = socket.getaddrinfo
def look_up(host, *more, **named):
    if str(host).endswith(".lan"):
        threading.Event().wait()
    return found(host, *more, **named)
socket.getaddrinfo = look_up
from remote_mixer.drivers import osc_line
from remote_mixer.web import server
osc_line.NAME_SECONDS = 0.5
server.NAME_SECONDS = 2.0
from remote_mixer.command.main import main
sys.exit(main(sys.argv[1:]))
"""
SHARED_THREADS = 32
"""Most threads that asyncio has for all blocking work of a loop."""
OTHERS = ("hall=remote-mixer://other.lan/band", "desk=x32://desk.lan", "out=mqtt://broker.lan/mixer/band")


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        return bytes(answer.read())


def test_consoles_whose_names_nobody_looks_up_hold_neither_start_nor_other_work_nor_stop(tmp_path: Path) -> None:
    consoles = ["band=demo:", *OTHERS, *(f"daw{number}=ardour://daw{number}.lan" for number in range(SHARED_THREADS))]
    words = ("--serve", "--host=mixer.lan", "--port=0", f"--data={tmp_path}", "--mqtt=mqtt://broker.lan/mixer")
    named = [f"--console={console}" for console in consoles]
    with Program(*words, *named, command=(sys.executable, "-c", NEVER_ANSWERS)) as program:
        program.wait_for("waiting for a name server to say where mixer.lan is, for 2 s at most")
        url = program.url()
        program.wait_for("There is no way to desk.lan: no name server answers.")
        assert json.loads(read(f"{url}/api/v1/health"))["consoles"]["band"] == "online"
        assert b"<svg" in read(f"{url}/api/v1/join.svg?url={quote(f'{url}/')}"), "drawn in a thread beside the loop"
        code, seconds = program.stop()
    assert (code, seconds < STOP_SECONDS) == (0, True)
    assert "Traceback" not in program.said
    assert "No name server says where “mixer.lan” is (--host): until the next start" in program.said


def test_a_name_server_that_comes_late_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [socket.gaierror(socket.EAI_AGAIN, "not yet"), socket.getaddrinfo("127.0.0.1", 0)]
    monkeypatch.setattr(server, "addresses_of", lambda _name: outcomes.pop(0))
    with listen("mixer.lan", 0) as sock:
        assert sock.getsockname()[0] == "127.0.0.1"


def test_a_broker_whose_name_nobody_looks_up_costs_one_thread_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, before = threading.Event(), threading.active_count()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait())
    monkeypatch.setattr(link, "NAME_SECONDS", 0.05)

    async def tries() -> None:
        for _ in range(5):
            with pytest.raises(LinkError, match="no name server answers"):
                await Link(Broker("broker.lan", 1883, tls=False), lambda _came: None).open()

    with asyncio.Runner(loop_factory=ServerLoop) as runner:
        runner.run(tries())
    assert threading.active_count() - before <= 1
    answers.set()
