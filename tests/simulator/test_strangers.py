"""Clients that we did not write find a console in the simulator: behringer-mixer and xair-api, as published."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Any

import pytest
import xair_api
from behringer_mixer import mixer_api

from remote_mixer.simulator.simulator import Simulator
from tests.support.waiting import PATIENCE_SECONDS, until

BUFFER_BYTES = 4 * 1024 * 1024
ANSWER_SECONDS = 0.03  # xair-api sleeps so long, then takes whatever came last


@asynccontextmanager
async def behringer_mixer(word: str, console: Simulator) -> AsyncIterator[Any]:
    host, port = console.address
    given = {"ip": host, "port": port, "logger": logging.getLogger("stranger")}
    mixer = mixer_api.create(word.upper(), include=["channels", "mains", "show", "dcas", "mutegroups"], **given)
    assert await mixer.start()
    # The library leaves its buffer as small as the system does: a recall on a busy machine would overflow it.
    mixer.server.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    try:
        yield mixer
    finally:
        await mixer.stop()


@contextmanager
def xair(word: str, console: Simulator) -> Iterator[Any]:
    host, port = console.address
    mixer = xair_api.connect(word.upper(), ip=host, port=port, delay=ANSWER_SECONDS)
    try:
        with mixer:
            yield mixer
    finally:
        mixer.worker.join()
        mixer.server.server_close()  # the library leaves its socket to chance


def shows(read: Callable[[], object], wanted: object) -> None:
    """Ask until the answer is that: the library may hand out the answer before."""
    end, seen = monotonic() + PATIENCE_SECONDS, None
    while seen != wanted:
        assert monotonic() < end, f"{seen!r} is not {wanted!r}"
        try:
            seen = read()
        except TypeError:  # the answer before was of another kind, or there was none yet
            seen = None


@pytest.mark.parametrize("word", ["x32", "xr18", "xr16", "xr12"])
async def test_behringer_mixer_reads_the_whole_console(word: str) -> None:
    async with Simulator(word) as console, behringer_mixer(word, console) as mixer:
        await mixer.reload()
        await until(lambda: mixer.state("/ch/12/config_name") == "Lead vocal")
        await until(lambda: mixer.state("/main/st/mix_fader_db") == pytest.approx(0, abs=0.05))
        await until(lambda: mixer.state("/mutegroups/4/on") is False)
        assert (mixer.name(), mixer.state("/ch/1/mix_on")) == (console.console.name, True)
        assert mixer.state("/ch/1/config_color_name") == "RD"


@pytest.mark.parametrize("word", ["x32", "xr18"])
async def test_behringer_mixer_moves_faders_mutes_and_names(word: str) -> None:
    async with Simulator(word) as console, behringer_mixer(word, console) as mixer:
        await mixer.set_value("/ch/1/mix_fader_db", -10)
        await mixer.set_value("/ch/2/mix_on", False)
        await mixer.set_value("/ch/3/config_name", "Cowbell")
        await mixer.set_value("/dca/1/mix_fader_db", 10)
        await until(lambda: console.values["/dca/1/fader"] == 1.0)
        assert console.values["/ch/01/mix/fader"] == 512 / 1023
        assert (console.values["/ch/02/mix/on"], console.values["/ch/03/config/name"]) == (0, "Cowbell")


@pytest.mark.parametrize("word", ["x32", "xr18"])
async def test_behringer_mixer_hears_of_moves_and_recalls_at_the_console(word: str) -> None:
    async with Simulator(word) as console, behringer_mixer(word, console) as mixer:
        received: list[dict[str, Any]] = []
        listening = asyncio.create_task(mixer.subscribe(received.append))
        await until(lambda: console.clients)
        console.move("/ch/04/mix/on", 0)
        await until(lambda: {"property": "/ch/4/mix_on", "value": False} in received)
        console.recall(5)
        there = [pytest.approx(console.values[f"/ch/{channel:02}/mix/fader"]) for channel in range(1, 17)]
        await until(lambda: [mixer.state(f"/ch/{channel}/mix_fader") for channel in range(1, 17)] == there)
        await until(lambda: word == "x32" or mixer.state("/scene/current") == 5)
        listening.cancel()
        await asyncio.wait([listening])


@pytest.mark.parametrize(("word", "number"), [("x32", 4), ("xr18", 4)])
async def test_behringer_mixer_recalls_a_scene(word: str, number: int) -> None:
    async with Simulator(word) as console, behringer_mixer(word, console) as mixer:
        await mixer.load_scene(number)
        await until(lambda: console.console.recalled == number)
        faders = [pytest.approx(console.values[f"/ch/{channel:02}/mix/fader"]) for channel in range(1, 13)]
        await until(lambda: [mixer.state(f"/ch/{channel}/mix_fader") for channel in range(1, 13)] == faders)


def _xair_moves(mixer: Any) -> None:
    strip = mixer.strip[0]
    shows(lambda: strip.config.name, "Kick")
    strip.mix.fader = -10
    strip.mute = True
    strip.config.name = "Cowbell"
    strip.send[1].level = -20
    strip.eq.low.gain = 3.5
    strip.gate.mode = "duck"
    mixer.config.mute_group[0].on = True
    mixer.dca[0].mute = True
    shows(lambda: strip.mix.fader, -10.0)
    shows(lambda: strip.mute, True)
    shows(lambda: strip.send[1].level, -20.0)
    shows(lambda: strip.eq.low.gain, 3.5)
    shows(lambda: strip.gate.mode, "duck")
    shows(lambda: mixer.dca[0].mute, True)
    shows(lambda: strip.config.name, "Cowbell")


@pytest.mark.parametrize("word", ["x32", "xr18", "xr16", "xr12"])
async def test_xair_api_reads_back_what_it_moves(word: str) -> None:
    async with Simulator(word) as console:

        def play() -> None:
            with xair(word, console) as mixer:
                _xair_moves(mixer)

        await asyncio.to_thread(play)
        assert (console.values["/ch/01/mix/on"], console.values["/config/mute/1"]) == (0, 1)
        assert console.values["/ch/01/config/name"] == "Cowbell"


async def test_xair_api_sees_what_a_hand_at_the_console_moves() -> None:
    async with Simulator("xr18") as console:

        def play() -> None:
            with xair("xr18", console) as mixer:
                shows(lambda: mixer.lr.mix.fader, 0.0)
                loop.call_soon_threadsafe(console.move, "/lr/mix/fader", 1.0)
                shows(lambda: mixer.lr.mix.fader, 10)
                shows(lambda: mixer.fxreturn[3].mix.on, True)
                shows(lambda: mixer.bus[5].eq.mode, "peq")
                shows(lambda: mixer.headamp[15].gain, 30.0)

        loop = asyncio.get_running_loop()
        await asyncio.to_thread(play)
