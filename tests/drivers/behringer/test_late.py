"""Answers that come twice or between two steps: old words are neither news nor the last word, and none is missed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers import unconfirmed
from remote_mixer.drivers.behringer.lifecycle import Lifecycle
from remote_mixer.drivers.behringer.reread import Reread
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import Joined, joined
from tests.support.waiting import PATIENCE_SECONDS, until

FADER = "/ch/01/mix/fader"


@contextmanager
def nothing_arrives(there: Joined, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lose all that leaves for the console meanwhile."""
    with monkeypatch.context() as lost:
        lost.setattr(there.lifecycle.conversation.line, "send", lambda *_: None)
        yield


def asked_twice(there: Joined) -> None:
    """Have a question asked again before its first answer came; that answer comes, and one is still on its way."""
    there.lifecycle.conversation.ask_first(FADER)
    there.lifecycle.conversation.ask_first(FADER)
    there.lifecycle.conversation.receive(FADER, (there.lifecycle.conversation.addresses.arguments[FADER],))


async def test_an_answer_that_comes_twice_does_not_count_as_being_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(tmp_path) as there:
        pushed: list[str] = []
        monkeypatch.setattr(there.lifecycle, "pushed", pushed.append)
        stood = there.value("ch1/fader")
        with nothing_arrives(there, monkeypatch):
            asked_twice(there)
            there.lifecycle.conversation.receive(FADER, (0.123,))
        assert FADER not in pushed
        await until(lambda: FADER not in there.lifecycle.conversation.queries._flying and there.right())
        assert there.value("ch1/fader") == stood


async def test_a_hands_question_takes_no_answer_that_left_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(tmp_path) as there:
        conversation = there.lifecycle.conversation
        with nothing_arrives(there, monkeypatch):
            conversation.ask_first(FADER)
            assert conversation.query("ch1/fader")
            conversation.receive(FADER, (0.123,))
        assert conversation.addresses.arguments[FADER] != 0.123


async def test_what_is_told_late_and_is_news_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(tmp_path) as there:
        with nothing_arrives(there, monkeypatch):
            asked_twice(there)
        there.simulator.move(FADER, 0.9)
        await until(lambda: there.value("ch1/fader") == pytest.approx(0.9, abs=0.001))


async def test_an_answer_that_comes_twice_does_not_stop_a_lost_write_from_being_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unconfirmed, "STALE_SECONDS", PATIENCE_SECONDS)  # busy cores may take longer than two seconds
    async with joined(tmp_path) as there:
        stood = there.lifecycle.conversation.addresses.arguments[FADER]
        with nothing_arrives(there, monkeypatch):
            asked_twice(there)
            there.set("ch1/fader", 0.5)
            there.lifecycle.conversation.receive(FADER, (stood,))
        await until(lambda: there.stands(FADER, 0.5))
        assert there.value("ch1/fader") == pytest.approx(0.5, abs=0.001)


async def test_what_is_told_while_the_desk_takes_an_opened_console_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, read = Simulator("xr12"), Lifecycle._read

    def read_then_told(lifecycle: Lifecycle, layout: Layout) -> Iterator[tuple[str, Value]]:
        yield from read(lifecycle, layout)
        console.console.move("/bus/2/mix/on", 0)
        lifecycle.changed(lifecycle.conversation.addresses.take("/bus/2/mix/on", 0))

    monkeypatch.setattr(Lifecycle, "_read", read_then_told)
    monkeypatch.setattr(Reread, "tick", lambda *_, **__: None)  # no look finds it
    async with joined(tmp_path, simulator=console) as there:
        await until(lambda: there.value("bus2/mute") is True)
