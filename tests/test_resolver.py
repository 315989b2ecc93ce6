"""A resolver that never answers, as where the network has no name server: all that needs no name goes on."""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

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
osc_line.NAME_SECONDS = 0.5
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
    words = ("--serve", "--host=127.0.0.1", "--port=0", f"--data={tmp_path}", "--mqtt=mqtt://broker.lan/mixer")
    named = [f"--console={console}" for console in consoles]
    with Program(*words, *named, command=(sys.executable, "-c", NEVER_ANSWERS)) as program:
        url = program.url()
        program.wait_for("There is no way to desk.lan: no name server answers.")
        assert json.loads(read(f"{url}/api/v1/health"))["consoles"]["band"] == "online"
        assert b"<svg" in read(f"{url}/api/v1/join.svg?url={quote(f'{url}/')}"), "drawn in a thread beside the loop"
        code, seconds = program.stop()
    assert (code, seconds < STOP_SECONDS) == (0, True)
    assert "Traceback" not in program.said
