"""A JACK client that is late reads a sender's buffer while the sender writes it again: the program must live on.

A busy computer makes a client late now and then. Here the sender writes its buffer all the time, so that every read is
a late one; the reader is a process of its own, whose end by a signal the test sees.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jack as jack_client

from remote_mixer.midi.messages import control_change, sysex
from tests.support.jack import jack_server
from tests.support.waiting import PATIENCE_SECONDS

NAME = "sender"
SECONDS = 3
MESSAGES = [control_change(1, 7, 100), sysex(*range(60))]
WRITES = 500


@contextmanager
def always_writing() -> Iterator[Callable[[], None]]:
    """Yield a function that clears and fills the buffer of a port some hundred times, outside JACK's own cycle."""
    client = jack_client.Client(NAME, no_start_server=True)
    port = client.midi_outports.register("midi")
    libjack, buffers = jack_client._lib, list[object]()

    def process(frames: int) -> None:
        buffers[:] = buffers or [libjack.jack_port_get_buffer(port._ptr, frames)]

    def write() -> None:
        if not buffers:
            return
        buffer = buffers[0]
        for count in range(WRITES):
            libjack.jack_midi_clear_buffer(buffer)
            for event in range(count % 12):
                message = MESSAGES[event % 2]
                libjack.jack_midi_event_write(buffer, event, message, len(message))

    client.set_process_callback(process)
    with client:
        yield write


def test_a_program_that_is_late_lives_on() -> None:
    with jack_server() as jack, always_writing() as write:
        jack.wait_for(f"{NAME}:midi")
        command = (sys.executable, "-m", "tests.drivers.midi.late_reader", f"{NAME}::", str(SECONDS))
        reader = subprocess.Popen(command, env=jack.environment, stdout=subprocess.PIPE, text=True)
        while reader.poll() is None:
            write()
        received, _ = reader.communicate(timeout=PATIENCE_SECONDS)
        assert reader.returncode == 0, "negative: the number of the signal that ended it"
        assert int(received) > 0
