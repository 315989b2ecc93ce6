"""Measurement of a device's round trip from the page: a program of the engine's, which has the device meanwhile."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE
from contextlib import suppress

from remote_mixer.desk.actions import Action
from remote_mixer.engine.link import LATENCY, Job, ourselves

MEASURED = "sound/measured"
MEASURE_LATENCY = Action("measure_latency", "Measure the latency", setup=True)
MEASURES = "The latency is measured: the mix is silent, and noise plays on output 1."
PATIENCE_SECONDS = 60.0
UNFINISHED = "The latency cannot be measured: the sound device did not answer within a minute."


async def measure(job: Job) -> str:
    """Return what was measured, or why nothing was, as a sentence; the job's engine must have ended."""
    card = (f"--card={job.card}", f"--input-card={job.input_card}")
    options = (f"--data={job.data.absolute()}", *card, f"--frames={job.frames}", f"--rate={job.rate}")
    process = await asyncio.create_subprocess_exec(*ourselves(LATENCY, *options), stdout=PIPE)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        return UNFINISHED
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return said.decode("utf-8", "replace").strip() or UNFINISHED
