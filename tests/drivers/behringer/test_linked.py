"""A stereo link: what one side is set to stands on both, at the console and on the desk, with a hold or without one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import MUSICIAN
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.behringer.reread import Reread
from remote_mixer.drivers.osc import Argument
from tests.drivers.behringer.joined import Joined, joined
from tests.support.waiting import until

ANN = Source(CLIENT, "ann", "Ann", MUSICIAN, "band/bus1")
SEND = {side: (f"ch{side}/send/bus1/level", f"/ch/{side:02}/mix/01/level") for side in (1, 2)}
SEND_STEP = 1 / 160


@asynccontextmanager
async def linked(data: Path, word: str) -> AsyncIterator[Joined]:
    """Join a console whose first two channels are linked."""
    async with joined(data, word) as there:
        there.set("ch1/link", value=True)
        await until(lambda: there.value("ch2/link") is True and there.simulator.values["/config/chlink/1-2"] == 1)
        await until(lambda: not there.pending and not there.lifecycle.conversation.queries.open)
        yield there


def both_stand(there: Joined, position: float) -> bool:
    """Return whether the sends of both sides stand at a position, at the console and on the desk."""
    at_console = (there.simulator.values[address] for _, address in SEND.values())
    stands = chain(at_console, (there.value(path) for path, _ in SEND.values()))
    return all(isinstance(one, float) and abs(one - position) <= SEND_STEP / 2 for one in stands)


@pytest.mark.parametrize("word", ["x32", "xr12"])
async def test_linked_strips_move_together_once(tmp_path: Path, word: str) -> None:
    async with linked(tmp_path, word) as there:
        sent: list[str] = []
        send = there.driver.send

        def note(path: str, value: Value, recalled: bool) -> None:
            sent.append(path)
            send(path, value)

        there.guard._outbox._send = note
        there.set("ch1/fader", 0.3)
        await until(lambda: there.value("ch2/fader") == pytest.approx(0.3, abs=0.001))
        assert there.stands("/ch/02/mix/fader", 0.3)
        assert sent == ["band/ch1/fader"], "the partner's move is the console's own"


@pytest.mark.parametrize("word", ["x32", "xr12"])
async def test_a_musician_who_types_or_steps_one_side_of_a_send_moves_both_without_a_hold(
    tmp_path: Path, word: str
) -> None:
    async with linked(tmp_path, word) as there:
        for side, typed in ((1, 0.75), (2, 0.5)):
            there.desk.set({f"band/{SEND[side][0]}": typed}, ANN)
            await until(lambda at=typed: both_stand(there, at))  # type: ignore[misc]
        assert there.desk.held() == {}
        for step in range(1, 21):
            there.desk.set({f"band/{SEND[1 + step % 2][0]}": 0.5 + step * SEND_STEP}, ANN)
        await until(lambda: both_stand(there, 0.5 + 20 * SEND_STEP) or both_stand(there, 0.5 + 19 * SEND_STEP))
        await until(lambda: not there.pending and not there.lifecycle.conversation.queries.open)
        stands = there.simulator.values[SEND[1][1]]
        assert isinstance(stands, float)
        assert both_stand(there, stands), "no answer of before stands for the other side"


async def test_the_other_side_is_asked_for_at_once_and_again_where_the_answer_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with linked(tmp_path, "xr12") as there:
        lost: list[str] = []
        receive = there.lifecycle.conversation.receive

        def losing(address: str, arguments: tuple[Argument, ...]) -> None:
            if address == SEND[2][1] and len(lost) < 2:
                lost.append(address)
            else:
                receive(address, arguments)

        monkeypatch.setattr(there.lifecycle.conversation.line, "_on_message", losing)
        monkeypatch.setattr(Reread, "tick", lambda *_, **__: None)  # no look finds it
        there.desk.set({f"band/{SEND[1][0]}": 0.75}, ANN)
        await until(lambda: both_stand(there, 0.75))
        assert lost
