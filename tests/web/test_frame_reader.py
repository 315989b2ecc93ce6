"""Rate limit for the frames of one client, and the end of a flood."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub.client import Ending
from remote_mixer.web.socket import STRANGERS_PACE, USUAL_PACE, FrameReader, Pace
from tests.desk.desks import Clock

FRAME_RATE, FRAME_BURST, FLOOD = USUAL_PACE


class Conversation:
    """Conversation that only counts frames and refusals."""

    def __init__(self) -> None:
        self.client = self
        self.name = "Anne"
        self.received = 0
        self.refusals: list[str] = []
        self.endings: list[Ending] = []

    async def receive(self, frame: dict[str, Any]) -> None:
        self.received += 1

    def refuse(self, refusal: Refusal) -> None:
        self.refusals.append(refusal.text)

    def bye(self, text: str, ending: Ending) -> None:
        self.endings.append(ending)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def reader_of(conversation: Conversation, clock: Clock, pace: Pace = USUAL_PACE) -> FrameReader:
    return FrameReader(conversation, pace, clock)  # type: ignore[arg-type] # it has what a reader uses


async def read(reader: FrameReader, frames: int) -> None:
    for _ in range(frames):
        await reader.read('{"type":"ping"}')


async def test_a_burst_is_read_and_then_so_many_a_second(clock: Clock) -> None:
    anne = Conversation()
    reader = reader_of(anne, clock)
    await read(reader, 600)
    assert anne.received == FRAME_BURST
    clock.now += 1
    await read(reader, 300)
    assert anne.received == FRAME_BURST + FRAME_RATE


async def test_a_hand_that_moves_four_faders_as_fast_as_a_screen_is_never_refused(clock: Clock) -> None:
    anne = Conversation()
    reader = reader_of(anne, clock)
    for _ in range(24_000):
        clock.now += 1 / 240
        await read(reader, 1)
    assert (anne.received, anne.refusals) == (24_000, [])


async def test_the_first_refusal_is_said_once_and_a_flood_is_closed_once_and_for_good(clock: Clock) -> None:
    anne = Conversation()
    reader = reader_of(anne, clock)
    await read(reader, FRAME_BURST + FLOOD + 10)
    assert (len(anne.refusals), anne.endings) == (1, [Ending.FLOOD])
    clock.now += 1000
    await read(reader, 10)
    assert anne.received == FRAME_BURST


async def test_who_calms_down_is_forgiven(clock: Clock) -> None:
    anne = Conversation()
    reader = reader_of(anne, clock)
    for _ in range(5):
        clock.now += 10
        await read(reader, FRAME_BURST + 300)
    assert anne.received == 5 * FRAME_BURST
    assert (len(anne.refusals), anne.endings) == (5, [])


async def test_a_stranger_who_floods_is_read_for_a_moment_alone(clock: Clock) -> None:
    mallory = Conversation()
    reader = reader_of(mallory, clock, STRANGERS_PACE)
    await read(reader, 100)
    assert (mallory.received, len(mallory.refusals), mallory.endings) == (20, 1, [Ending.FLOOD])
