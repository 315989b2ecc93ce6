"""Choice of the built-in engine's sound device: params of the console's own, and the job that they mean.

What the spec says is what they begin with; what a person chooses on the page stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from remote_mixer.desk.params import Choice, Param, Text, Value
from remote_mixer.drivers.builtin.latency import MEASURED
from remote_mixer.drivers.builtin.spec import FRAMES
from remote_mixer.engine.controls import COLUMNS, DIRECTS, FEEDS, FIRST_FEED, USUAL
from remote_mixer.engine.link import Job
from remote_mixer.engine.rates import RATES

CARD, INPUTS, BLOCK, RATE, INPUT_CARD, NOW = (
    f"sound/{local}" for local in ("card", "inputs", "block", "rate", "input_card", "now")
)
CHOICE = (CARD, INPUTS, BLOCK, RATE, INPUT_CARD)
AUTOMATIC, JACK, SAME = "automatic", "jack", "the same card"
NO_INPUTS = "none: sound files"
INPUT_COUNTS = (1, 2, 4, 6, 8, 10, 12, 16, 18, 20, 24, 32, 48, 64)
USUAL_FRAMES = 512  # where nothing is live
TEXT = Text(300, read_only=True)


def sound_params(job: Job, cards: Sequence[str], input_cards: Sequence[str]) -> dict[str, Param]:
    """Return the params by their local paths.

    job    as the spec says it
    cards  names of the cards that there are, and of one that was chosen; with inputs, likewise
    """
    source, card, inputs = job.input_card or SAME, job.card or AUTOMATIC, str(job.inputs) if job.inputs else NO_INPUTS
    counts = [str(count) for count in sorted({*INPUT_COUNTS, *([job.inputs] if job.inputs else [])})]
    return {
        CARD: Choice(tuple(dict.fromkeys((AUTOMATIC, JACK, card, *cards))), card),
        INPUTS: Choice((NO_INPUTS, *counts), inputs),
        BLOCK: Choice(tuple(map(str, FRAMES)), str(job.frames or USUAL_FRAMES)),
        RATE: Choice((AUTOMATIC, *map(str, RATES)), str(job.rate or AUTOMATIC)),
        INPUT_CARD: Choice(tuple(dict.fromkeys((SAME, source, *input_cards))), source),
        NOW: TEXT,
        MEASURED: TEXT,
    }


def output_params(outputs: int, channels: int) -> dict[str, Param]:
    """Return the choice of what each of a card's outputs plays, on a console with so many channels."""
    feed = Choice((*FEEDS[: FIRST_FEED + len(COLUMNS)], *DIRECTS[:channels]), FEEDS[USUAL])
    return {f"output/{number}": feed for number in range(1, outputs + 1)}


def chosen(job: Job, values: Mapping[str, Value]) -> Job:
    """Return the job that the values (by local path) of these params mean; `job` is the spec's."""
    card, inputs, block, rate, source = (str(values[local]) for local in CHOICE)
    return replace(
        job,
        card="" if card == AUTOMATIC else card,
        inputs=0 if inputs == NO_INPUTS else int(inputs),
        frames=int(block),
        rate=0 if rate == AUTOMATIC else int(rate),
        input_card="" if source == SAME else source,
    )


def now(line: Mapping[str, Any], missed: int) -> str:
    """Return what plays, in a sentence for people: the device, its block, what that means, and what came too late."""
    frames, rate = int(line.get("frames", 0)), int(line.get("rate", 0))
    parts = [f"{line.get('output', '')}."]
    if frames and rate:
        ms = 1000 * frames / rate
        parts.append(f"{frames} frames at {rate:,} Hz: {ms:.1f} ms a block, {2 * ms:.1f} ms from input to output.")
    if measured := line.get("latency"):
        parts.append(f"The card says {1000 * float(measured):.1f} ms.")
    if line.get("audible"):
        parts.append(f"{missed:,} blocks came too late since the start.")
    if microphones := line.get("microphones"):
        parts.append(str(microphones))
    return TEXT.fit(" ".join(parts))
