"""Lookups of names by the server's loop: one that hangs takes nothing from others, however often it is tried."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from remote_mixer.web.server_loop import ServerLoop
from tests.support.waiting import PATIENCE_SECONDS

FOUND = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("192.0.2.7", 10023))]


def run(work: Coroutine[Any, Any, object]) -> object:
    with asyncio.Runner(loop_factory=ServerLoop) as runner:
        return runner.run(work)


async def found(name: str) -> object:
    return await asyncio.get_running_loop().getaddrinfo(name, 10023)


def test_a_name_that_is_tried_again_while_its_lookup_hangs_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = threading.Event(), list[object]()

    def look_up(*name: object) -> object:
        asked.append(name[0])
        answers.wait(PATIENCE_SECONDS)
        return FOUND

    async def tries() -> object:
        for _ in range(5):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await found("desk.lan")
        answers.set()
        first = await found("desk.lan")
        assert await found("desk.lan") == first
        return first

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert run(tries()) == FOUND
    assert asked == ["desk.lan"] * 2, "the second time anew: what was found may have changed"


def test_a_name_that_nobody_knows_is_looked_up_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def look_up(*name: object) -> object:
        asked.append(name[0])
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def tries() -> None:
        for _ in range(2):
            with pytest.raises(OSError, match="not known"):
                await found("desk.lan")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    run(tries())
    assert asked == ["desk.lan"] * 2


@pytest.mark.parametrize("name", ["desk..lan", "..", f"{'x' * 64}.lan"])
def test_what_is_no_name_is_a_fault_of_the_system_as_any_other(name: str) -> None:
    with pytest.raises(OSError, match="no name of a computer"):
        run(found(name))


def test_an_address_is_found_as_always() -> None:
    ((family, *_, place),) = [one for one in run(found("127.0.0.1")) if one[1] == socket.SOCK_DGRAM]  # type: ignore[attr-defined]
    assert (family, place) == (socket.AF_INET, ("127.0.0.1", 10023))
