"""What a person is told is amiss with a surface."""

from __future__ import annotations

from remote_mixer.drivers.mackie.rack import Rack
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.view import View

NOTHING_PAINTED = (
    "The DAW has painted no tracks yet. Choose the ports called “Remote Mixer” (or those you named) as a Mackie "
    "Control surface in its settings; nothing needs to be started again."
)
ALIKE = (
    "The DAW's first tracks all have the same name, so that those behind them cannot be told apart and are left out: "
    "give the tracks names in the DAW."
)


def amiss(surface: Surface, rack: Rack, view: View) -> str:
    """Return it in plain words, or an empty text when nothing is."""
    if not surface.painted():
        return NOTHING_PAINTED
    if rack.dropped:
        return f"{rack.dropped} messages from the DAW were lost: some controls may stand elsewhere than shown."
    return ALIKE if view.alike else rack.notice
