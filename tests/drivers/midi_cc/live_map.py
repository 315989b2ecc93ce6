"""A map as a person wrote it, for tests that change it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_file import MapFile

SMALL = """\
[[buses]]
id = 1
name = "Reverb"
[[layers]]
name = "Drums"
[[layers.channels]]
name = "Kick"
"""

LIVE = """\
# Tuesday's band

[[buses]]
id = 1
name = "Reverb"

# ---- the singers ----
[[layers]]
name = "Vocals"  # four of them

  # Anne sings
  [[layers.channels]]
  id = 1
  name = "Anne"   # wireless
  fader = { cc = 20, law = "fader" }   # the big one
  sends = { 1 = 40 }   # not too much

  # a note that stands alone

  # Bob too
  [[layers.channels]]
  id = 2
  name = "Bob"
  sends.1 = 41  # dotted
  [layers.channels.mute]  # a table of its own
  cc = 31  # the red key
  on = 100

# ---- drums ----
[[layers]]
name = "Drums"
"""


def edit(path: Path, *changes: Callable[[Draft], None]) -> str:
    for change in changes:
        MapFile(path).edit(change)
    return path.read_text()
