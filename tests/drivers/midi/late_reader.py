"""A program that receives from the MIDI port of a name for a while, then prints how many messages came.

python -m tests.drivers.midi.late_reader sender 3
"""

from __future__ import annotations

import asyncio
import sys

from remote_mixer.drivers.midi_ports import open_link


async def main(port: str, seconds: float) -> None:
    """Receive, then report."""
    received: list[bytes] = []
    link = open_link(port, received.append)
    await asyncio.sleep(seconds)
    print(len(received), flush=True)
    link.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
